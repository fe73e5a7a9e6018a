"""What an owner is told of one thing that was looked at."""

from enum import StrEnum
from typing import NamedTuple


class Level(StrEnum):
    FAULT = "fault"  # readers or editors miss something, or soon will
    WARNING = "warning"  # works, and is not as it should be
    WELL = "well"


class Finding(NamedTuple):
    """One thing, how it is, and what to do where it is not well; in the language of the moment."""

    level: Level
    what: str  # what was looked at
    says: str  # how it is
    advice: str = ""  # what to do

    @property
    def mark(self) -> str:
        return {Level.FAULT: "✗", Level.WARNING: "!", Level.WELL: "✓"}[self.level]


def well(what: str, says: str) -> Finding:
    return Finding(Level.WELL, what, says)


def warning(what: str, says: str, advice: str) -> Finding:
    return Finding(Level.WARNING, what, says, advice)


def fault(what: str, says: str, advice: str) -> Finding:
    return Finding(Level.FAULT, what, says, advice)
