"""What became of each item of a move, one JSON object a line, in the order of the export.

A line is written when its item is saved, so whoever is killed loses one at most; whoever goes on
finds saved items unchanged, and leaves what is written of them.
"""

import fcntl
import hashlib
import json
import os
import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from copy import copy
from pathlib import Path
from typing import Any, BinaryIO, Self

from releases.intake.incoming import Remark
from releases.intake.moved import ADDRESS, Moved
from releases.intake.posts import Words
from releases.intake.report import Tally, as_json
from releases.intake.saving import Outcome
from releases.models import State


class Records:
    """Writes to `path` what became of items; with `go_on` behind what a worker wrote before."""

    def __init__(self, path: Path, go_on: bool):
        self._known: dict[tuple, Outcome] = {}
        if go_on:
            self._known = {key_of(moved): moved.outcome for moved in read(path)}
            _cut_off_half_a_line(path)
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle = os.open(path, os.O_CREAT | os.O_WRONLY | os.O_APPEND, 0o600)
        self._file = os.fdopen(handle, "w", encoding="utf-8")
        if not go_on:
            fcntl.flock(handle, fcntl.LOCK_EX)  # while nobody makes a list of what it held
            os.truncate(handle, 0)
            _list_of(path).unlink(missing_ok=True)
            fcntl.flock(handle, fcntl.LOCK_UN)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error) -> None:
        self._file.close()

    def add(self, moved: Moved) -> Outcome:
        """Write down `moved`; what became of its item in the end, of all that was tried."""
        before = self._known.get(key_of(moved))
        if before and moved.outcome == Outcome.UNCHANGED:
            return before  # it was saved before the other worker was gone
        self._file.write(json.dumps(as_json(moved), ensure_ascii=False) + "\n")
        self._file.flush()
        return moved.outcome


def key_of(moved: Moved) -> tuple[str, int, int, str]:
    """Which item that is, among those of one export."""
    return moved.kind, moved.number, moved.line, moved.title


def read(path: Path) -> Iterator[Moved]:
    """What is written at `path`, of each item what was written last; nothing where nothing is."""
    found: dict[tuple, Moved] = {}
    with suppress(FileNotFoundError), path.open("rb") as lines:
        for line in lines:
            if line.endswith(b"\n"):
                moved = _from_json(json.loads(line))
                found[key_of(moved)] = moved
    yield from found.values()


# What `Listed` can be narrowed to, beside outcomes.
REMARKS, ADDRESSES = "remarks", "addresses"


class Listed(Sequence[Moved]):
    """What is written at a path, each item of it read when it is asked for.

    Where each stands is kept in a file beside it, and read on from there; so a page of many
    thousands costs its own lines and a list of numbers. `tally` sums up all of it.
    """

    def __init__(self, path: Path):
        self._path = path
        self._seen = 0  # bytes of whole lines
        self._rows: list[list[Any]] = []  # offset, key, outcome, has remarks, is an address, state
        self.tally = Tally()
        with suppress(FileNotFoundError), path.open("rb") as lines:
            fcntl.flock(lines, fcntl.LOCK_SH)
            self._take_up()
            if self._read_on(lines):
                self._keep()
        self._shown = self._rows

    def narrowed(self, show: str) -> Self:
        """Those with the outcome `show`, with remarks, the addresses; "" for all but addresses."""
        narrowed = copy(self)
        narrowed._shown = [row for row in self._rows if _fits(row, show)]
        return narrowed

    def __len__(self) -> int:
        return len(self._shown)

    def __getitem__(self, place):
        if not isinstance(place, slice):
            return self[place : place + 1 or None][0]
        if not (rows := self._shown[place]):
            return []
        with self._path.open("rb") as lines:
            return [_at(lines, row[0]) for row in rows]

    @property
    def public(self) -> int:
        """How many releases are public here, or would be."""
        return sum(row[5] == State.PUBLIC.value for row in self._rows)

    def _read_on(self, lines: BinaryIO) -> bool:
        """Take in what was written since; whether that was anything."""
        before = self._seen
        places = {row[1]: place for place, row in enumerate(self._rows)}
        lines.seek(before)
        for line in lines:
            if not line.endswith(b"\n"):
                break
            moved = _from_json(json.loads(line))
            key = hashlib.sha256(repr(key_of(moved)).encode()).hexdigest()[:16]
            row = [self._seen, key, moved.outcome.value, bool(moved.remarks)]
            row += [moved.kind == ADDRESS, moved.state and moved.state.value]
            self._seen += len(line)
            if (place := places.get(key)) is None:
                places[key] = len(self._rows)
                self._rows.append(row)
            else:
                with self._path.open("rb") as again:
                    self.tally.add(_at(again, self._rows[place][0]), -1)
                self._rows[place] = row
            self.tally.add(moved)
        return self._seen > before

    def _take_up(self) -> None:
        # What another version of this has kept may be another: then all is read again.
        with suppress(FileNotFoundError, ValueError, KeyError):
            kept = json.loads(_list_of(self._path).read_text())
            counted = {
                name: Counter({Outcome(k): n for k, n in kept[name].items()}) for name in _COUNTED
            }
            summed = {name: kept[name] for name in _SUMMED}
            tally = Tally(**counted, **summed, aside=Counter(kept["aside"]))
            self._seen, self._rows, self.tally = kept["seen"], kept["rows"], tally

    def _keep(self) -> None:
        path = _list_of(self._path)
        kept = vars(self.tally) | {"seen": self._seen, "rows": self._rows}
        unfinished = path.with_suffix(f".{os.getpid()}.{threading.get_ident()}.part")
        with suppress(OSError):  # a full disk: the next one reads it all again
            handle = os.open(unfinished, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600)
            with os.fdopen(handle, "w") as file:
                json.dump(kept, file)
            unfinished.replace(path)


# What a tally holds.
_COUNTED = ("items", "addresses")  # by outcome
_SUMMED = ("source", "text", "here")


def _list_of(path: Path) -> Path:
    return path.with_suffix(".list.json")


def _fits(row: list[Any], show: str) -> bool:
    if show == ADDRESSES or row[4]:
        return show == ADDRESSES and row[4]
    if show == REMARKS:
        return row[3]
    return not show or row[2] == show


def _at(lines: BinaryIO, offset: int) -> Moved:
    lines.seek(offset)
    return _from_json(json.loads(lines.readline()))


def _from_json(stored: dict[str, Any]) -> Moved:
    """What `as_json` made this of."""
    words, here = stored.pop("words"), 0
    if words:
        here = words["here"]
        words = Words(
            words["source"], words["page"], tuple(words["aside"].items()), tuple(words["lost"])
        )
    remarks = tuple(Remark(each["line"], each["message"]) for each in stored.pop("remarks"))
    outcome, state = Outcome(stored.pop("outcome")), stored.pop("state")
    return Moved(
        outcome,
        **stored,
        remarks=remarks,
        words=words,
        here=here,
        state=State(state) if state else None,
    )


def _cut_off_half_a_line(path: Path) -> None:
    with suppress(FileNotFoundError), path.open("r+b") as file:
        content = file.read()
        file.truncate(content.rfind(b"\n") + 1)
