"""What do readers and editors see while PostgreSQL is stopped under load, and is anything lost?

    DURABLE=on tests/with_postgresql .venv/bin/python -m tests.faults.database_gone

What must hold: pages of the last edition go on being shown, and say how old they are; all else
is answered 503, never 500, and at once; no reading and no release that was acknowledged is lost.
Once the database is there, all is as before. Ends with 1 where that is not so.
"""

import argparse
import itertools
import os
import shlex
import subprocess
import sys
import tempfile
import time
from threading import Lock

from tests.serving import serving

from .crowd import (
    SERVED,
    Crowd,
    Verdict,
    ask,
    editor,
    form,
    form_of_new,
    page,
    prepare,
    reading,
    told,
)

CALM = 5  # seconds before and after
MADE = 2  # seconds, from an edit until every process has looked and made its pages anew


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--seconds", type=int, default=75, help="for which it is gone")
    chosen = arguments.parse_args()
    verdict = Verdict()
    with tempfile.TemporaryDirectory(prefix="newsroom-faults-") as folder:
        prepare(os.environ["DATABASE_URL"], folder)
        from django.db import connection

        from releases.models import DailyViews, Release, ViewCounter
        from tests.factories import ReleaseFactory

        release = ReleaseFactory(title_ko="늘 읽히는 소식")
        key = editor()
        entries = form_of_new(key)
        connection.close()
        numbers = itertools.count()
        desk = Lock()

        def save() -> bytes:
            with desk:
                title = f"새 소식 {next(numbers)}"
            return form("/admin/releases/release/add/", entries | {"title_ko": title}, key)

        asked = {
            "kept page": lambda: page(release.get_absolute_url()),
            "page not kept": lambda: page(f"/en/?q=word{next(numbers)}"),
            "reading": lambda: reading(release.pk),
            "release saved": save,
        }
        with serving(os.environ["DATABASE_URL"], 2, WEB_THREADS="4", **SERVED) as newsroom:
            ask(newsroom.port, asked["kept page"]())  # until the site has started
            with Crowd(newsroom.port, asked, 4, ("reading",), ("release saved",)) as crowd:
                time.sleep(CALM)
                # A process that has just edited has no page of that edition yet, and answers 503
                # until it can make one (docs/decisions.md, "Faults"): each has made one by then.
                with desk:
                    time.sleep(MADE)
                    stop = time.monotonic()
                    _run("STOP_DATABASE")
                    gone = time.monotonic()
                time.sleep(chosen.seconds)
                start = time.monotonic()
                _run("START_DATABASE")
                back = time.monotonic() + 1.5  # until every process has looked
                time.sleep(CALM)
            log = newsroom.log.read_text()

        for kind in asked:
            for when, since, until in (
                ("before", 0, stop),
                ("gone", gone, start),
                ("back", back, float("inf")),
            ):
                print(f"{kind}, {when}: {told(crowd.of(kind, since, until))}", flush=True)
        here = crowd.of("kept page", gone, start)
        aged = [answer for answer in here if "\r\nAge: " in answer.head]
        oldest = max((int(a.head.split("\r\nAge: ")[1].split("\r\n")[0]) for a in aged), default=0)
        counted = len([told for told in crowd.of("reading") if told.status == 200])
        saved = len([told for told in crowd.of("release saved") if told.status == 302])
        verdict("kept pages are all shown", {answer.status for answer in here} == {200})
        verdict(
            f"{len(aged)} of them say how old they are, {oldest} s at most",
            bool(aged) or chosen.seconds < 70,
        )
        statuses = {answer.status for answer in crowd.answers}
        verdict(f"nothing but {sorted(statuses)} was answered", statuses <= {200, 302, 503})
        refused = [told for told in crowd.of("release saved") if told.status == 503]
        verdict(
            f"{len(refused)} editors were told that nothing was saved",
            all("저장되지 않았습니다".encode() in told.body for told in refused),
        )
        after = {told.status for told in crowd.answers if told.at >= back}
        verdict("afterwards everybody is answered", after <= {200, 302})
        total = ViewCounter.objects.get(release=release).total
        days = DailyViews.objects.get(release=release).count
        verdict(f"{counted} readings acknowledged, {total} counted", counted == total == days)
        rows = Release.objects.filter(title_ko__startswith="새 소식").count()
        # A save may be done though its answer was lost, and the editor is told to try again.
        verdict(f"{saved} releases acknowledged, {rows} there", saved <= rows <= saved + 1)
        verdict(f"{log.count('Traceback')} tracebacks logged", "Internal Server Error" not in log)
        if not verdict.right:
            fault = log.find("Traceback")
            print(log[fault - 500 : fault + 6000] if fault >= 0 else log[-6000:])
    return not verdict.right


def _run(name: str) -> None:
    subprocess.run(shlex.split(os.environ[name]), check=True, stdout=subprocess.DEVNULL)


if __name__ == "__main__":
    sys.exit(main())
