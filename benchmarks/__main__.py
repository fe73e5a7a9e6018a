"""`python -m benchmarks [--quick]`: measure, print, and write docs/performance.md and .svg.

Needs wrk and nginx (Debian's), and DATABASE_URL for the part on PostgreSQL; `make bench` sees to
both. With KEEP=folder the newsrooms are made there and used again the next time; without, those on
SQLite are kept below var/benchmarks. How fast readings are counted `benchmarks.counting` measures.
All that is compared is measured in turns in one run: only ratios are to be trusted.
"""

import argparse
import os
import re
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .newsrooms import MEMORY_PAGES, ROOT, SEARCHES, Newsroom, newsroom, queries, warm_up
from .picture import draw
from .serving import Contest, Server, Slice, gunicorn, load, nginx, page

PAGES = ("release", "listing", "deep page", "mission filter")
KEPT, AIM_KEPT, OF_BARE, BEHIND_NGINX = 1.0, 1.3, 0.5, 0.8
# Least that a page that is made reaches of an empty view, and what is aimed at.
MADE = {
    "release": (0.15, 0.20),
    "listing": (0.05, 0.08),
    "deep page": (0.05, 0.08),
    "mission filter": (0.05, 0.08),
}
KEPT_AS_BYTES = ("release", "listing")  # pages that a bare WSGI function answers with as well
MOST_QUERIES = 6
RELEVANCE = (0.98, 0.9)  # least recall and precision at 10
MEMORY = 100  # MB more than before, of which 64 are for pages
# Most milliseconds of a search at the larger size.
SLOWEST = {"search, 1 in 50": 60, "search, 1 in 10": 100}
# Most that the median may grow between the sizes.
GROWTH = {
    "listing": 1.3,
    "release": 1.3,
    "mission filter": 1.3,
    "deep page": 3,
    "selective search": 2,
}


@dataclass
class Row:
    """A line of the table: what was measured, and what must hold of it."""

    what: str
    where: str
    value: float
    target: float | None = None  # None: it is only told
    unit: str = ""
    at_most: bool = False
    more: str = ""
    aim: float | None = None

    @property
    def holds(self) -> bool:
        if self.target is None:
            return True
        return self.value <= self.target if self.at_most else self.value >= self.target

    def cells(self) -> list[str]:
        must, holds = "", ""
        if self.target is not None:
            must = f"{'≤' if self.at_most else '≥'} {self.target:g}{self.unit}"
            holds = "yes" if self.holds else "**no**"
        if self.aim:
            must += f", aim {self.aim:g}"
        return [
            self.what,
            self.where,
            f"{self.value:.2f}{self.unit}",
            must,
            holds,
            self.more,
        ]


def ratio(ours: list[Slice], theirs: list[Slice]) -> float:
    """How many times theirs ours is: the median of what the rounds say."""
    return statistics.median(a.rate / b.rate for a, b in zip(ours, theirs, strict=True))


def median(slices: list[Slice], name: str) -> float:
    return statistics.median(getattr(one, name) for one in slices)


def waits(slices: list[Slice]) -> str:
    return f"p50 {median(slices, 'p50'):.1f} ms, p99 {median(slices, 'p99'):.1f} ms"


def told(slices: list[Slice]) -> str:
    return (
        f"{median(slices, 'rate'):.0f}/s, {waits(slices)}, "
        f"even {min(s.evenness for s in slices):.2f}, "
        f"{median(slices, 'cost'):.2f} ms of processor"
    )


class Run:
    """One run over all newsrooms; `rows` fill up as it goes."""

    def __init__(self, seconds: int, rounds: int):
        self.seconds, self.rounds = seconds, rounds
        self.rows: list[Row] = []
        self.thrown_away = 0
        self.failed: list[str] = []  # what could not be measured, and why

    def contest(
        self, entries: dict, connections: int = 8, times: int = 1, packed: bool = False
    ) -> dict[Any, list[Slice]]:
        """The slices of each entry, `times` as many as usual."""
        contest = Contest(self.seconds, self.rounds * times, connections, packed)
        found = contest.run(entries)
        self.thrown_away += contest.thrown_away
        return found

    def add(self, row: Row) -> None:
        self.rows.append(row)
        print("  ", " | ".join(row.cells()), flush=True)

    def measure(self, room: Newsroom, folder: Path) -> None:
        where = f"{room.database}, {room.size:,}"
        print(where, flush=True)
        with ExitStack() as running:
            start = running.enter_context
            empty = start(gunicorn("benchmarks.empty", **room.environment))
            kept = start(gunicorn("", **room.environment))
            made = start(gunicorn("", **room.environment, PAGE_CACHE_MB="0"))
            plain = start(gunicorn("benchmarks.plain", **room.environment))
            one = {name: room.asked[name][:1] for name in (*PAGES, *SEARCHES)}
            bodies = {name: page(kept, one[name][0]) for name in KEPT_AS_BYTES}
            bare = {}
            for name, body in bodies.items():
                file = folder / f"{name}.html"
                file.write_bytes(body)
                bare[name] = start(gunicorn("benchmarks.bare", **room.environment, BODY=str(file)))
            self._try(where, self._cached, empty, kept, bare, one)
            self._try(where, self._uncached, empty, made, room)
            self._try(where, self._beside_plain, made, plain, room)
            if room.database == "SQLite":
                file_server, proxy = start(nginx(kept, one["release"][0]))
                self._try(where, self._behind_nginx, file_server, proxy, one["release"])
        for name, number in queries(room, (*PAGES, *SEARCHES)).items():
            most = MOST_QUERIES if name in PAGES else None
            self.add(Row(f"queries of a made {name}", where, number, most, at_most=True))

    def _try(self, where: str, measure: Callable, *words) -> None:
        """One part that cannot be measured does not lose the others."""
        try:
            measure(where, *words)
        except RuntimeError as error:
            self.failed.append(f"{where}: {error}")
            print("   not measured:", error, flush=True)

    def _cached(self, where, empty, kept, bare, one) -> None:
        found = self.contest(
            {
                "empty": (empty, ["/"]),
                **{name: (kept, addresses) for name, addresses in one.items()},
                **{f"bare {name}": (server, ["/"]) for name, server in bare.items()},
            }
        )
        print("   empty view", told(found["empty"]))
        for name in one:
            more = told(found[name])
            share = ratio(found[name], found["empty"])
            target, aim = (KEPT, AIM_KEPT) if name in bare else (None, None)
            self.add(Row(f"kept {name} / empty view", where, share, target, more=more, aim=aim))
        for name in bare:
            share = ratio(found[name], found[f"bare {name}"])
            self.add(Row(f"kept {name} / bare WSGI, same bytes", where, share, OF_BARE))

    def _uncached(self, where, empty, made, room) -> None:
        found = self.contest(
            {
                "empty": (empty, ["/"]),
                **{name: (made, room.asked[name]) for name in (*PAGES, *SEARCHES)},
            }
        )
        for name in (*PAGES, *SEARCHES):
            share = ratio(found[name], found["empty"])
            target, aim = MADE.get(name, (None, None))
            more = told(found[name])
            self.add(Row(f"made {name} / empty view", where, share, target, more=more, aim=aim))

    def _beside_plain(self, where, made, plain, room) -> None:
        """By one reader: what plain Django is still at when a slice ends would slow the next."""
        names = (*PAGES, "search, 1 in 50")
        found = self.contest(
            {f"{who} {name}": (server, [at for at in room.asked[name] if at[:4] != "/en/"])
             for name in names for who, server in (("ours", made), ("plain", plain))},
            connections=1,
        )  # fmt: skip
        for name in names:
            share = ratio(found[f"ours {name}"], found[f"plain {name}"])
            more = f"{waits(found[f'ours {name}'])}; plain: {waits(found[f'plain {name}'])}"
            self.add(Row(f"made {name} / plain Django, one reader", where, share, more=more))

    def _behind_nginx(self, where, file_server, proxy, addresses) -> None:
        # Both take so little that whatever else the machine does moves their ratio.
        found = self.contest(
            {
                "file": (file_server, ["/page.html"]),
                "file held open": (file_server, ["/held/page.html"]),
                "cache": (proxy, addresses),
            },
            connections=16,
            times=4,
            packed=True,
        )
        for name, least in (("file", BEHIND_NGINX), ("file held open", None)):
            share = ratio(found["cache"], found[name])
            more = f"{told(found['cache'])}; {name}: {median(found[name], 'rate'):.0f}/s"
            what = f"kept release behind nginx / {name} of nginx"
            self.add(Row(what, where, share, least, more=more))

    def growth(self, small: Newsroom, large: Newsroom) -> None:
        """How long a page takes when nobody else asks, in newsrooms of two sizes in turns."""
        where = f"{small.database}, {small.size:,} → {large.size:,}"
        print(where, flush=True)
        with ExitStack() as running:
            servers = [
                (running.enter_context(gunicorn("", **room.environment, PAGE_CACHE_MB="0")), room)
                for room in (small, large)
            ]
            self._try(where, self._alone, servers)

    def _alone(self, where, servers: list[tuple[Server, Newsroom]]) -> None:
        entries = {
            (name, room.size): (server, room.asked[name])
            for name in (*PAGES, *SEARCHES)
            for server, room in servers
        }
        found = self.contest(entries, connections=1)
        small, large = (
            {name: found[name, room.size] for name in (*PAGES, *SEARCHES)} for _, room in servers
        )
        for name, most in GROWTH.items():
            more = f"{waits(small[name])} → {waits(large[name])}"
            pairs = zip(small[name], large[name], strict=True)
            grown = statistics.median(after.p50 / before.p50 for before, after in pairs)
            self.add(Row(f"growth of p50: {name}", where, grown, most, " ×", True, more))
        for name, most in SLOWEST.items():
            room = servers[-1][1]
            value = median(large[name], "p50")
            where, more = f"{room.database}, {room.size:,}", waits(large[name])
            self.add(Row(f"p50: {name}", where, value, most, " ms", True, more))

    def relevance(self, database: str) -> None:
        """How well the search finds, as the tests judge it on releases of their own."""
        environment = {**os.environ}
        if database == "SQLite":
            environment.pop("DATABASE_URL", None)
        said = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "-s", "tests/search/test_relevance.py"],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
        ).stdout
        found = re.search(
            r"(\d+ releases, \d+ questions): recall@10 ([\d.]+), precision@10 ([\d.]+)", said
        )
        if not found:
            self.failed.append(
                f"{database}: the relevance of the search; pytest said {said[-200:]!r}"
            )
            return
        for what, value, least in zip(
            ("recall", "precision"), found.groups()[1:], RELEVANCE, strict=True
        ):
            self.add(Row(f"{what}@10 of the search", database, float(value), least, more=found[1]))

    def memory(self, room: Newsroom, pages: int) -> None:
        """What a worker weighs after it was asked for so many different pages."""
        with gunicorn("", **room.environment, WEB_PROCESSES="1") as server:
            load(server, ["/"], 1, 8)
            before = server.memory()
            with ThreadPoolExecutor(4) as readers:
                for _ in readers.map(lambda at: page(server, at), room.asked["many"][:pages]):
                    pass
            after = server.memory()
        pages = len(room.asked["many"][:pages])
        more = f"{before:.0f} MB before"
        where = f"{room.database}, {room.size:,}"
        what = f"memory of a worker after {pages:,} different pages"
        self.add(Row(what, where, after, round(before) + MEMORY, " MB", True, more))


def main() -> None:
    words = argparse.ArgumentParser(prog="python -m benchmarks")
    words.add_argument("--quick", action="store_true", help="short and rough, writes nothing")
    words.add_argument("--sizes", type=int, nargs=2, default=[1_000, 100_000], help="releases")
    words.add_argument("--seconds", type=int, default=2, help="that a slice takes")
    words.add_argument("--rounds", type=int, default=3, help="slices of each thing")
    asked = words.parse_args()
    run = Run(*(1, 1) if asked.quick else (asked.seconds, asked.rounds))
    databases = ["SQLite", *(["PostgreSQL"] if os.environ.get("DATABASE_URL") else [])]
    with tempfile.TemporaryDirectory() as folder:
        for database in databases:
            rooms = [newsroom(database, size) for size in asked.sizes]
            warm_up()
            for room in rooms:
                run.measure(room, Path(folder))
            run.growth(*rooms)
            run.relevance(database)
        run.memory(newsroom("SQLite", asked.sizes[-1]), 1_000 if asked.quick else MEMORY_PAGES)
    print(f"{run.thrown_away} slices in which a worker was idle were measured anew.")
    missed = [row for row in run.rows if not row.holds]
    for row in missed:
        print("missed:", " | ".join(row.cells()))
    if not asked.quick:
        write(run)


def write(run: Run) -> None:
    head = ["what", "where", "measured", "must", "holds", "beside it"]
    table = [head, ["---"] * len(head), *(row.cells() for row in run.rows)]
    machine = subprocess.run(["nproc"], capture_output=True, text=True).stdout.strip()
    text = (ROOT / "benchmarks/performance.md").read_text()
    text = text.replace("TABLE", "\n".join(f"| {' | '.join(cells)} |" for cells in table))
    missed = [
        f"- {row.what}, {row.where}: {row.value:.2f}{row.unit}" for row in run.rows if not row.holds
    ]
    missed += [f"- not measured: {what}" for what in run.failed]
    text = text.replace("MISSED", "\n".join(missed) or "Nothing.")
    text = text.replace("CORES", machine).replace("THROWN", str(run.thrown_away))
    text = text.replace("SECONDS", f"{run.seconds}").replace("ROUNDS", str(run.rounds))
    (ROOT / "docs/performance.md").write_text(text)
    shown = [row for row in run.rows if "/ empty view" in row.what and row.target]
    bars = [(f"{row.what}: {row.where}", row.value, row.target) for row in shown]
    (ROOT / "docs/performance.svg").write_text(draw("Requests a second beside an empty view", bars))


if __name__ == "__main__":
    main()
