"""What became of an item of another system, as reports and the desk tell of it."""

from dataclasses import dataclass

from releases.models import State

from .incoming import Remark
from .posts import Words
from .saving import Outcome

ADDRESS = "address"  # the kind of an old address that is no post's own


@dataclass(frozen=True)
class Moved:
    """What became of one item, and what a person should know of it.

    `kind` is as the old site calls it, or ADDRESS. `words`: how many there were and where
    they went; `here` of them stand on the page, with those that ours adds.
    """

    outcome: Outcome
    kind: str
    number: int
    title: str
    line: int
    release: int | None = None  # its key here
    address: str = ""
    remarks: tuple[Remark, ...] = ()
    words: Words | None = None
    here: int = 0
    state: State | None = None  # in which it is here, or would be
