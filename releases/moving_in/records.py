"""What became of each item of a move, one JSON object a line, in the order of the export.

A line is written when its item is saved, so whoever is killed loses one at most; whoever goes on
finds saved items unchanged, and leaves what is written of them.
"""

import json
import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, Self

from releases.intake.incoming import Remark
from releases.intake.moving import Moved
from releases.intake.posts import Words
from releases.intake.report import as_json
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
        flags = os.O_CREAT | os.O_WRONLY | (os.O_APPEND if go_on else os.O_TRUNC)
        self._file = os.fdopen(os.open(path, flags, 0o600), "w", encoding="utf-8")

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
