"""What became of each item of a move, one JSON object a line, in the order of the export.

A line is written when its item is saved, so whoever is killed loses one at most; whoever goes on
finds saved items unchanged, and leaves what is written of them.
"""

import json
import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Self

from releases.intake.saving import Outcome


@dataclass(frozen=True)
class Record:
    """One item: what it is, what became of it, and where its words went."""

    kind: str  # "post", "page", "attachment", …
    number: int  # as the old site counted it
    title: str
    line: int  # of the export
    outcome: str  # an Outcome, or LEFT_OUT
    release: int | None = None
    remarks: list[tuple[int, str]] = field(default_factory=list)  # (line, in words)
    words: int | None = None  # of the source; None where there is no text
    on_page: int | None = None
    set_aside: list[tuple[str, int]] = field(default_factory=list)

    @property
    def key(self) -> tuple[str, int, int]:
        return self.kind, self.number, self.line

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def of(cls, stored: dict[str, Any]) -> Self:
        stored["remarks"] = [tuple(remark) for remark in stored["remarks"]]
        stored["set_aside"] = [tuple(part) for part in stored["set_aside"]]
        return cls(**stored)


LEFT_OUT = "left_out"  # by design: it is no release


class Records:
    """Writes records to `path`; with `go_on` after those of a worker that is gone."""

    def __init__(self, path: Path, go_on: bool):
        self._known: dict[tuple, str] = {}
        if go_on:
            for record in read(path):
                self._known[record.key] = record.outcome
            _cut_off_half_a_line(path)
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        flags = os.O_CREAT | os.O_WRONLY | (os.O_APPEND if go_on else os.O_TRUNC)
        self._file = os.fdopen(os.open(path, flags, 0o600), "w", encoding="utf-8")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error) -> None:
        self._file.close()

    def add(self, record: Record) -> str:
        """Write `record`; the outcome that the item has in the end, of all that were tried."""
        before = self._known.get(record.key)
        if before and record.outcome == Outcome.UNCHANGED:
            return before  # it was saved before the other worker was gone
        self._file.write(json.dumps(record.as_json(), ensure_ascii=False) + "\n")
        self._file.flush()
        return record.outcome


def read(path: Path) -> Iterator[Record]:
    """The records at `path`, the last of each item; none where nothing is written yet."""
    found: dict[tuple, Record] = {}
    with suppress(FileNotFoundError), path.open("rb") as lines:
        for line in lines:
            if line.endswith(b"\n"):
                record = Record.of(json.loads(line))
                found[record.key] = record
    yield from found.values()


def _cut_off_half_a_line(path: Path) -> None:
    with suppress(FileNotFoundError), path.open("r+b") as file:
        content = file.read()
        file.truncate(content.rfind(b"\n") + 1)
