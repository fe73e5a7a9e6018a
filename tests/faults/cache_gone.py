"""The shared cache, a Valkey or Redis, goes away under load, comes back, and hangs.

    .venv/bin/python -m tests.faults.cache_gone         half a minute, on SQLite

What must hold: no request fails, no page is a wrong one, and nobody waits for longer than the fifth
of a second that the cache is given. Ends with 1 where that is not so.
"""

import argparse
import itertools
import signal
import subprocess
import sys
import tempfile
import time

from tests.redis_server import SERVER
from tests.serving import serving

from .crowd import SERVED, Crowd, Verdict, page, prepare, reading, told

RELEASES = 40


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__)
    # After a fault the cache is left alone for five.
    arguments.add_argument("--seconds", type=int, default=6, help="that each state lasts")
    chosen = arguments.parse_args()
    verdict = Verdict()
    with tempfile.TemporaryDirectory(prefix="newsroom-faults-") as folder:
        database, door = f"sqlite:///{folder}/db.sqlite3", f"{folder}/cache.sock"
        prepare(database, folder)
        from django.db import connection

        from tests.factories import ReleaseFactory

        releases = [ReleaseFactory(title_ko=f"소식 제{number}호") for number in range(RELEASES)]
        connection.close()
        numbers = itertools.count()

        def start() -> subprocess.Popen:
            words = [SERVER, "--port", "0", "--unixsocket", door, "--save", ""]
            return subprocess.Popen(words, stdout=subprocess.DEVNULL)

        asked = {
            str(number): lambda release=release: page(release.get_absolute_url())
            for number, release in enumerate(releases[:4])
        } | {
            "any": lambda: page(releases[next(numbers) % RELEASES].get_absolute_url()),
            "question": lambda: page(f"/?q=word{next(numbers)}"),
            "reading": lambda: reading(releases[0].pk),
        }
        cache = start()
        try:
            environment = SERVED | {"CACHE_URL": f"unix://{door}"}
            with serving(database, 2, WEB_THREADS="4", **environment) as newsroom:
                with Crowd(newsroom.port, asked, 1) as crowd:
                    begun = {}
                    for when in ("there", "killed", "back", "hanging", "there again"):
                        begun[when] = time.monotonic()
                        if when == "killed":
                            cache.kill()
                            cache.wait()
                        elif when == "back":
                            cache = start()
                        elif when == "hanging":
                            cache.send_signal(signal.SIGSTOP)
                        elif when == "there again":
                            cache.send_signal(signal.SIGCONT)
                        time.sleep(chosen.seconds)
                log = newsroom.log.read_text()
        finally:
            cache.kill()
            cache.wait()
        ends = [*list(begun.values())[1:], float("inf")]
        for (when, since), until in zip(begun.items(), ends, strict=True):
            print(f"{when}: {told([a for a in crowd.answers if since <= a.at < until])}")
        faults = [answer for answer in crowd.answers if answer.status != 200]
        verdict(f"{len(crowd.answers)} requests, {len(faults)} failed", not faults)
        wrong = [
            answer
            for number in range(4)
            for answer in crowd.of(str(number))
            if f"소식 제{number}호</h1>" not in answer.body.decode()
        ]
        verdict(f"{len(wrong)} wrong pages", not wrong)
        longest = max(answer.seconds for answer in crowd.answers if answer.at > begun["killed"])
        verdict(f"nobody waited longer than {longest:.2f} s", longest < 2)
        missed = log.count("The shared cache does not answer")
        verdict(f"the cache was missed {missed} times", missed > 1)
    return not verdict.right


if __name__ == "__main__":
    sys.exit(main())
