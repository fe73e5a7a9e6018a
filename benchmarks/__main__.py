"""`python -m benchmarks [--quick]`: measure, print, and write docs/performance.md and .svg.

Needs wrk and nginx (Debian's), and DATABASE_URL for the part on PostgreSQL; `make bench` sees to
both. All that is compared is measured in turns in one run: only ratios are to be trusted.
"""

import argparse
import os
import statistics
import subprocess
import tempfile
import urllib.request
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from .newsrooms import ROOT, Newsroom, newsroom
from .picture import draw
from .serving import Contest, Server, Slice, gunicorn, load, nginx

PAGES = ("release", "listing", "deep page", "mission filter")
SEARCHES = ("selective search", "search, 1 in 50", "search, 1 in 10")
MEMORY_PAGES = 10_000
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
    target: float
    unit: str = ""
    at_most: bool = False
    more: str = ""

    @property
    def holds(self) -> bool:
        return self.value <= self.target if self.at_most else self.value >= self.target

    def cells(self) -> list[str]:
        sign = "≤" if self.at_most else "≥"
        return [
            self.what,
            self.where,
            f"{self.value:.2f}{self.unit}",
            f"{sign} {self.target:g}{self.unit}",
            "yes" if self.holds else "**no**",
            self.more,
        ]


def ratio(ours: list[Slice], theirs: list[Slice]) -> float:
    """How many times theirs ours is: the median of what the rounds say."""
    return statistics.median(a.rate / b.rate for a, b in zip(ours, theirs, strict=True))


def median(slices: list[Slice], name: str) -> float:
    return statistics.median(getattr(one, name) for one in slices)


def told(slices: list[Slice]) -> str:
    return (
        f"{median(slices, 'rate'):.0f}/s, p50 {median(slices, 'p50'):.1f} ms, "
        f"p99 {median(slices, 'p99'):.1f} ms, even {min(s.evenness for s in slices):.2f}, "
        f"{median(slices, 'cost'):.2f} ms of processor"
    )


class Run:
    """One run over all newsrooms; `rows` fill up as it goes."""

    def __init__(self, seconds: int, rounds: int):
        self.seconds, self.rounds = seconds, rounds
        self.rows: list[Row] = []
        self.waits: dict[tuple[str, int], dict[str, float]] = {}  # p50 of one reader, in ms
        self.thrown_away = 0

    def contest(self, entries: dict, connections: int = 8) -> dict[str, list[Slice]]:
        contest = Contest(self.seconds, self.rounds, connections)
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
            one = {"release": room.asked["release"][:1], "listing": ["/"]}
            bodies = {name: self._body(kept, one[name][0]) for name in one}
            bare = {}
            for name, body in bodies.items():
                file = folder / f"{name}.html"
                file.write_bytes(body)
                bare[name] = start(gunicorn("benchmarks.bare", **room.environment, BODY=str(file)))
            self._cached(where, empty, kept, bare, one)
            self._uncached(where, empty, made, plain, room)
            self._alone(room, made)
            if room.database == "SQLite":
                file_server, proxy = start(nginx(kept, bodies["release"]))
                self._behind_nginx(where, file_server, proxy, one["release"])

    def _body(self, server: Server, address: str) -> bytes:
        with urllib.request.urlopen(server.address + address) as answer:
            return answer.read()

    def _cached(self, where, empty, kept, bare, one) -> None:
        found = self.contest(
            {
                "empty": (empty, ["/"]),
                **{name: (kept, addresses) for name, addresses in one.items()},
                **{f"bare {name}": (bare[name], ["/"]) for name in one},
            }
        )
        print("   empty view", told(found["empty"]))
        for name in one:
            more = told(found[name])
            share = ratio(found[name], found["empty"])
            self.add(Row(f"kept {name} / empty view", where, share, 1.0, more=more))
            share = ratio(found[name], found[f"bare {name}"])
            self.add(Row(f"kept {name} / bare WSGI, same bytes", where, share, 0.5))

    def _uncached(self, where, empty, made, plain, room) -> None:
        theirs = ("release", "listing", "mission filter", "search, 1 in 50")
        found = self.contest(
            {
                "empty": (empty, ["/"]),
                **{name: (made, room.asked[name]) for name in PAGES},
            }
        )
        against = self.contest(
            {f"{who} {name}": (server, [at for at in room.asked[name] if at[:4] != "/en/"])
             for name in theirs for who, server in (("ours", made), ("plain", plain))}
        )  # fmt: skip
        for name in PAGES:
            share = ratio(found[name], found["empty"])
            target = 0.15 if name == "release" else 0.05
            self.add(Row(f"made {name} / empty view", where, share, target, more=told(found[name])))
        for name in theirs:
            share = ratio(against[f"ours {name}"], against[f"plain {name}"])
            more = f"plain: {told(against[f'plain {name}'])}"
            self.add(Row(f"made {name} / plain Django", where, share, 1.0, more=more))

    def _alone(self, room: Newsroom, made: Server) -> None:
        """How long a page takes when nobody else asks."""
        entries = {name: (made, room.asked[name]) for name in (*PAGES, *SEARCHES)}
        found = self.contest(entries, connections=1)
        self.waits[room.database, room.size] = {n: median(s, "p50") for n, s in found.items()}

    def _behind_nginx(self, where, file_server, proxy, addresses) -> None:
        found = self.contest(
            {"file": (file_server, ["/page.html"]), "cache": (proxy, addresses)}, connections=16
        )
        share = ratio(found["cache"], found["file"])
        more = told(found["cache"])
        self.add(Row("kept release behind nginx / file of nginx", where, share, 0.8, more=more))

    def growth(self, database: str, sizes: list[int]) -> None:
        small, large = (self.waits[database, size] for size in sizes)
        where = f"{database}, {sizes[0]:,} → {sizes[1]:,}"
        for name, most in GROWTH.items():
            more = f"{small[name]:.1f} → {large[name]:.1f} ms"
            grown = large[name] / small[name]
            self.add(Row(f"growth of p50: {name}", where, grown, most, " ×", True, more))
        for name, most in SLOWEST.items():
            where = f"{database}, {sizes[1]:,}"
            self.add(Row(f"p50: {name}", where, large[name], most, " ms", True))

    def memory(self, room: Newsroom, pages: int) -> None:
        """What a worker weighs after it was asked for so many different pages."""
        addresses = [f"/?q={number}" for number in range(pages)]
        with gunicorn("", **room.environment) as server:
            load(server, ["/"], 1, 8)
            before = server.memory()
            asked, step = 0, max(100, pages // 20)
            while asked < pages:
                for address in addresses[asked : asked + step]:
                    self._body(server, address)
                asked += step
            more = f"{before:.0f} MB before; pages kept in 64 MB at most"
            where = f"{room.database}, {room.size:,}"
            what = f"memory of a worker after {pages:,} pages"
            self.add(Row(what, where, server.memory(), before + 100, " MB", True, more))


def main() -> None:
    words = argparse.ArgumentParser(prog="python -m benchmarks")
    words.add_argument("--quick", action="store_true", help="short and rough, writes nothing")
    words.add_argument("--sizes", type=int, nargs=2, default=[1_000, 100_000])
    asked = words.parse_args()
    run = Run(seconds=1 if asked.quick else 4, rounds=2 if asked.quick else 7)
    databases = ["SQLite", *(["PostgreSQL"] if os.environ.get("DATABASE_URL") else [])]
    with tempfile.TemporaryDirectory() as folder:
        for database in databases:
            rooms = [newsroom(database, size) for size in asked.sizes]
            for room in rooms:
                run.measure(room, Path(folder))
            run.growth(database, asked.sizes)
        run.memory(newsroom("SQLite", asked.sizes[-1]), 500 if asked.quick else MEMORY_PAGES)
    print(f"{run.thrown_away} slices in which a worker was idle were measured anew.")
    if not asked.quick:
        write(run)


def write(run: Run) -> None:
    head = ["what", "where", "measured", "must", "holds", "beside it"]
    table = [head, ["---"] * len(head), *(row.cells() for row in run.rows)]
    machine = subprocess.run(["nproc"], capture_output=True, text=True).stdout.strip()
    text = (ROOT / "benchmarks/performance.md").read_text()
    text = text.replace("TABLE", "\n".join(f"| {' | '.join(cells)} |" for cells in table))
    text = text.replace("CORES", machine).replace("THROWN", str(run.thrown_away))
    text = text.replace("SECONDS", f"{run.seconds}").replace("ROUNDS", str(run.rounds))
    (ROOT / "docs/performance.md").write_text(text)
    shown = [row for row in run.rows if "/ empty view" in row.what]
    bars = [(f"{row.what}: {row.where}", row.value, row.target) for row in shown]
    (ROOT / "docs/performance.svg").write_text(draw("Requests a second beside an empty view", bars))


if __name__ == "__main__":
    main()
