"""Twenty thousand readings by sixteen processes, with and without `kill -9`: is each counted once?

    .venv/bin/python -m tests.faults.many_readers                                  SQLite
    DURABLE=on tests/with_postgresql .venv/bin/python -m tests.faults.many_readers     PostgreSQL

On PostgreSQL the server crashes and starts again on the way as well. Too long for every run;
tests/counting/test_under_load.py does the same in small. Ends with 1 where a number is wrong.
"""

import argparse
import collections
import os
import re
import shlex
import subprocess
import sys
import tempfile
import time
from ipaddress import IPv4Address
from statistics import median

PROCESSES = 16
RELEASES = 1_000


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--readings", type=int, default=20_000)
    arguments.add_argument("--at-once", type=int, default=2_000)
    chosen = arguments.parse_args()
    with tempfile.TemporaryDirectory(prefix="newsroom-faults-") as folder:
        os.environ.setdefault("DATABASE_URL", f"sqlite:///{folder}/db.sqlite3")
        os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
        import django

        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        restart = os.environ.get("RESTART_DATABASE")
        faults = ["nothing", "processes"] + (["database"] if restart else [])
        right = [
            run(name, count, fault, chosen.readings, chosen.at_once)
            for name, count in {"one release": 1, "1,000 releases": RELEASES}.items()
            for fault in faults
        ]
    return not all(right)


def run(name: str, releases: int, fault: str, readings: int, at_once: int) -> bool:
    """Let `readings` be told while `fault` is killed; prints what came of it and says if right."""
    from django.db import connection
    from django.db.models import Sum

    from releases.models import DailyViews, Release, ViewCounter
    from tests.factories import ReleaseFactory
    from tests.serving import Reading, read_by_crowd, serving

    made = Release.objects.bulk_create(ReleaseFactory.build() for _ in range(releases))
    crowd = [
        Reading(made[number % releases].pk, str(IPv4Address("10.0.0.0") + number // releases))
        for number in range(readings)
    ]
    killed = 0

    def strike(acknowledged: int) -> None:
        nonlocal killed
        if acknowledged % (readings // 20) or acknowledged == readings:
            return
        if fault == "processes":
            killed += newsroom.kill_a_worker() is not None
        elif fault == "database" and acknowledged % (readings // 4) == 0:
            subprocess.Popen(shlex.split(os.environ["RESTART_DATABASE"]), stdout=subprocess.DEVNULL)
            killed += 1

    with serving(os.environ["DATABASE_URL"], PROCESSES, WEB_THREADS="4") as newsroom:
        begun = time.monotonic()
        told = read_by_crowd(newsroom.port, crowd, at_once, acknowledged=strike)
        seconds = time.monotonic() - begun
        log = newsroom.log.read_text()
    connection.close()

    here = [release.pk for release in made]
    wanted = collections.Counter(reading.pk for reading in crowd)
    totals = dict(ViewCounter.objects.filter(pk__in=here).values_list("pk", "total"))
    days = dict(
        DailyViews.objects.filter(release__in=here)
        .values_list("release")
        .annotate(sum=Sum("count"))
    )
    right = totals == days == wanted
    again = sum(answer.tries > 1 for answer in told)
    waited = sorted(answer.seconds for answer in told)
    print(
        f"{connection.vendor}, {name}, {fault} killed ({killed} times): "
        f"{len(told)} acknowledged, {sum(totals.values())} in all, {sum(days.values())} by day, "
        f"{'right' if right else 'WRONG'}; {again} asked again; {len(told) / seconds:.0f}/s, "
        f"waited {median(waited):.1f} s, at most {waited[-1]:.1f} s",
        flush=True,
    )
    said = re.findall(
        r"^(?:[\w.]+(?:Error|Timeout)\b.*|.* ERROR .*|.* WARNING .*)", log, re.MULTILINE
    )
    told = collections.Counter(re.sub(r"\d+", "N", line)[:110] for line in said)
    for line, count in told.most_common(6):
        print(f"    {count} x {line}")
    return right


if __name__ == "__main__":
    sys.exit(main())
