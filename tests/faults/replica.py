"""Does anybody read something old while the replica lags, and is anybody turned away when it dies?

    tests/with_postgresql .venv/bin/python -m tests.faults.replica            lags 30 seconds
    tests/with_postgresql .venv/bin/python -m tests.faults.replica --lag 5

Two processes serve a primary and its streaming replica. All the while somebody edits, schedules and
withdraws, and readers ask for pages, many of which were never made before. An answer is old where
it lacks what was committed `GRACE` before it was asked for. Ends with 1 where one was, where a
request failed, or where the replica was not read while it followed.
"""

import argparse
import http.client
import os
import re
import sys
import threading
import time
from collections import Counter
from contextlib import contextmanager
from datetime import timedelta
from urllib.parse import quote

from tests.faults.standby import following
from tests.serving import HOST, serving

GRACE = 1.5  # seconds: the second in which a process may believe what it knew, and a busy machine
READERS = 6
PAGES = 150


class Desk:
    """Whoever edits the release `pk`, and what of it is committed since when."""

    def __init__(self, pk: int):
        self.pk = pk
        self.committed: list[tuple[float, int]] = [(time.monotonic(), 0)]

    def edit(self) -> None:
        from releases.models import Release

        number = self.committed[-1][1] + 1
        release = Release.objects.get(pk=self.pk)
        release.title_en = f"Story {number} of the day"
        release.save()
        self.committed.append((time.monotonic(), number))

    def least(self, at: float) -> int:
        """The number that whoever asks at `at` must see, or a later one."""
        return max(
            number for moment, number in self.committed if moment <= at - GRACE or not number
        )


class Reader(threading.Thread):
    """Asks for pages that show the release of `desk`, and weighs what it is answered."""

    def __init__(self, port: int, desk: Desk, over: threading.Event, name: str):
        super().__init__(name=name)
        self.port, self.desk, self.over = port, desk, over
        self.asked = 0
        self.longest = 0.0
        self.faults: Counter[str] = Counter()

    def run(self) -> None:
        while not self.over.is_set():
            self.asked += 1
            # Few pages are kept already: most are made, of lists, feeds and the release itself.
            page = [
                "/api/releases/?limit=" + str(3 + self.asked % 50),
                f"/api/releases/{self.desk.pk}/",
                "/en/",
                "/en/feed/json/",
            ][self.asked % 4]
            begun = time.monotonic()
            least = self.desk.least(begun)
            try:
                status, body = ask(self.port, page)
            except Exception as error:
                self.faults[repr(error)[:200]] += 1
                continue
            self.longest = max(self.longest, time.monotonic() - begun)
            seen = re.search("Story ([0-9]+) of the day", re.sub("<[^>]*>", "", body))
            if status != 200:
                self.faults[f"{status} at {page.partition('?')[0]}"] += 1
            elif not seen:
                self.faults[f"it is not at {page.partition('?')[0]}"] += 1
            elif int(seen[1]) < least:
                self.faults[f"old at {page.partition('?')[0]}"] += 1


def ask(port: int, page: str) -> tuple[int, str]:
    """Status and content of `page`, not packed."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    path = quote(page, safe="/?&=")
    connection.request("GET", path, headers={"Host": HOST, "X-Forwarded-Proto": "https"})
    answer = connection.getresponse()
    body = answer.read().decode()
    connection.close()
    return answer.status, body


@contextmanager
def readers(port: int, desk: Desk, faults: Counter, what: str):
    """Readers ask all the while; what failed is added to `faults`, and printed."""
    over = threading.Event()
    crowd = [Reader(port, desk, over, f"reader {number}") for number in range(READERS)]
    for reader in crowd:
        reader.start()
    try:
        yield
    finally:
        over.set()
        for reader in crowd:
            reader.join()
        these = sum((reader.faults for reader in crowd), Counter())
        print(
            f"{what}: {sum(reader.asked for reader in crowd)} asked, {these.total()} faults, "
            f"longest {max(reader.longest for reader in crowd):.2f} s",
            flush=True,
        )
        for fault, count in these.most_common(5):
            print(f"    {count} x {fault}")
        faults.update(these)


def environment(replica: str) -> dict[str, str]:
    return {
        "DATABASE_REPLICA_URL": replica,
        "DJANGO_SETTINGS_MODULE": "tests.settings_served",
        "WEB_THREADS": "4",
        "PAGE_CACHE_MB": "64",  # only kept pages are made from it
    }


def seen_within(seconds: float, port: int, page: str, status: int) -> bool:
    """Whether all who ask for `page` from then on are answered `status`, for three seconds."""
    time.sleep(seconds)
    until = time.monotonic() + 3
    while time.monotonic() < until:
        if ask(port, page)[0] != status:
            return False
        time.sleep(0.05)
    return True


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--lag", type=int, default=30, help="seconds")
    lag = arguments.parse_args().lag
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection
    from django.utils import timezone

    from tests.factories import MissionFactory, ReleaseFactory

    with connection._nodb_cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = 'newsroom'")
        if not cursor.fetchone():
            cursor.execute("CREATE DATABASE newsroom")
    call_command("migrate", verbosity=0)
    mission = MissionFactory()
    ReleaseFactory.create_batch(200, mission=mission)
    newest = timezone.now() - timedelta(minutes=1)
    desk = Desk(
        ReleaseFactory(title_en="Story 0 of the day", publish_at=newest, mission=mission).pk
    )
    gone = ReleaseFactory(publish_at=newest)
    faults: Counter[str] = Counter()
    primary = os.environ["DATABASE_URL"]

    with (
        following(primary) as standby,
        serving(primary, 2, **environment(standby.address)) as newsroom,
    ):
        port = newsroom.port
        first = ask(port, "/")
        if first[0] != 200:
            raise RuntimeError(f"{first}\n{newsroom.log.read_text()}")

        def many_pages() -> None:
            for number in range(PAGES):
                ask(port, f"/api/releases/?limit={1 + number % 2}&page={1 + number // 2 % 90}")

        def count(what: str) -> None:
            before = standby.questions()
            many_pages()
            asked = standby.questions() - before
            print(f"{what}: the replica answered {asked} questions for {PAGES} pages", flush=True)
            if asked < PAGES:
                faults[f"{what}: the replica was not read"] += 1

        count("it follows")

        def edit_for(seconds: float) -> None:
            until = time.monotonic() + seconds
            while time.monotonic() < until:
                desk.edit()
                time.sleep(0.4)

        with readers(port, desk, faults, "edits while it follows"):
            edit_for(5)

        standby.lag(lag)
        with readers(port, desk, faults, f"edits while it lags {lag} s"):
            edit_for(5)
            gone.refresh_from_db()
            gone.withdrawn_at = timezone.now()
            gone.save()
            page = gone.get_absolute_url()
            if not seen_within(GRACE, port, page, 410):
                faults["a withdrawn release was read"] += 1
            due = timezone.now() + timedelta(seconds=3)
            coming = ReleaseFactory(publish_at=due)
            page = f"/api/releases/{coming.pk}/"
            if ask(port, page)[0] != 404:
                faults["a scheduled release was read too early"] += 1
            time.sleep(max(0, (due - timezone.now()).total_seconds()))
            if not seen_within(0.05, port, page, 200):
                faults["a release that was due was not there"] += 1
            # Then nothing is edited until it has caught up, and somewhat longer.
            time.sleep(lag)
        count("it has caught up")
        with readers(port, desk, faults, "it is killed"):
            edit_for(2)
            standby.kill()
            edit_for(4)
        standby.start()
        time.sleep(12)
        standby.lag(0)
        with readers(port, desk, faults, "edits once it is back"):
            edit_for(6)
        count("it is back")
        said = [line for line in newsroom.log.read_text().splitlines() if "eplica" in line]
        print("the log:", *sorted(Counter(line[24:150] for line in said).items()), sep="\n    ")
    print(f"faults: {dict(faults)}" if faults else "no faults")
    return bool(faults)


if __name__ == "__main__":
    sys.exit(main())
