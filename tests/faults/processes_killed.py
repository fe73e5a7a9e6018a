"""A process that serves is killed a hundred times under load: who is cut off, and is anything lost?

    .venv/bin/python -m tests.faults.processes_killed                               SQLite
    DURABLE=on tests/with_postgresql .venv/bin/python -m tests.faults.processes_killed  PostgreSQL

Half of the readers ask gunicorn itself, half through deploy/nginx.conf, which asks another process
where one is cut off. What must hold: the newsroom answers all the while; what a killed process
had in hand is cut off and nothing else is; no reading that was acknowledged is lost and none
counted twice. Ends with 1 where that is not so.
"""

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path

from tests.proxies import nginx
from tests.serving import serving

from .crowd import CUT, SERVED, Crowd, Verdict, ask, of_one_release, prepare, told

PROCESSES, THREADS, EACH = 2, 4, 4


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--times", type=int, default=100)
    chosen = arguments.parse_args()
    verdict = Verdict()
    with tempfile.TemporaryDirectory(prefix="newsroom-faults-") as folder:
        os.chmod(folder, 0o755)  # nginx gives up its rights
        database = os.environ.get("DATABASE_URL") or f"sqlite:///{folder}/db.sqlite3"
        prepare(database, folder)
        from django.db import connection
        from django.db.models import Sum

        from releases.models import DailyViews, ViewCounter

        pk, asked = of_one_release()
        killed, begun = 0, time.monotonic()
        with serving(database, PROCESSES, WEB_THREADS=str(THREADS), **SERVED) as newsroom:
            ask(newsroom.port, asked["page"]())
            # As long as another takes to be in place of the one before: on a busy machine longer,
            # and at times longer than this one took.
            pause = max(0.6, 2 * (time.monotonic() - begun))
            with (
                nginx(newsroom.port, Path(folder), crowd=True) as front,
                Crowd(newsroom.port, asked, EACH, ("reading",)) as direct,
                Crowd(front, asked, EACH, ("reading",)) as behind,
            ):
                while killed < chosen.times:
                    time.sleep(pause)
                    killed += newsroom.kill_a_worker() is not None
                time.sleep(2)

        print(f"{connection.vendor}: {killed} processes killed, one each {pause:.1f} s")
        for name, crowd in (("gunicorn", direct), ("nginx", behind)):
            for kind in asked:
                print(f"{kind} of {name}: {told(crowd.of(kind))}", flush=True)
        answers = direct.answers + behind.answers
        counted = len([a for a in answers if a.kind == "reading" and a.status == 200])
        total = ViewCounter.objects.get(release=pk).total
        days = DailyViews.objects.filter(release=pk).aggregate(sum=Sum("count"))["sum"]
        verdict(f"{counted} readings acknowledged, {total} counted", counted == total == days)
        cut = [answer for answer in direct.answers if answer.status == CUT]
        verdict(
            f"{len(cut)} cut off, {len(cut) / killed:.2f} for each", len(cut) <= killed * EACH * 2
        )
        seen = [a for a in behind.answers if a.kind == "page" and a.status != 200]
        verdict(f"behind nginx {len(seen)} pages failed", not seen)
        statuses = {answer.status for answer in answers}
        verdict(f"nothing but {sorted(statuses)} was answered", statuses <= {CUT, 200, 502, 503})
        longest = max(answer.seconds for answer in answers)
        verdict(f"nobody waited longer than {longest:.1f} s", longest < 15)
    return not verdict.right


if __name__ == "__main__":
    sys.exit(main())
