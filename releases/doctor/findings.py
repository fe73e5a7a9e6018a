"""What a check says: how grave it is, where, why, and how to mend it."""

from enum import StrEnum
from typing import NamedTuple

from django.utils.text import Truncator, capfirst
from django.utils.translation import gettext as _

from releases.models import Release

from .sheet import Paragraph, Passage


class Level(StrEnum):
    """How grave a finding is, gravest first."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


class Finding(NamedTuple):
    """One thing to look at: `field` is the form's name of the place, "" for the whole release."""

    level: Level
    field: str
    where: str  # the words or the place it is about, in the editor's language
    why: str
    mend: str  # how to mend it


MOST_QUOTED = 60  # characters
AROUND = 16  # characters on each side of what is quoted


def label(field: str) -> str:
    """What the form calls `field`."""
    return capfirst(str(Release._meta.get_field(field).verbose_name))


def at_field(field: str, words: str = "") -> str:
    """Where: a field, and the words in it."""
    if not words:
        return label(field)
    return _("%(field)s: “%(words)s”") % {"field": label(field), "words": _short(words)}


def at_paragraph(passage: Passage, paragraph: Paragraph, words: str) -> str:
    """Where: a paragraph of a text, and the words in it. A single paragraph needs no number."""
    if len(passage.paragraphs) == 1:
        return at_field(passage.field, words)
    return _("%(field)s, paragraph %(number)d: “%(words)s”") % {
        "field": label(passage.field),
        "number": paragraph.number,
        "words": _short(words),
    }


def around(text: str, start: int, end: int) -> str:
    """The words of `text` from `start` to `end` with a little of what stands beside them."""
    first, last = max(0, start - AROUND), min(len(text), end + AROUND)
    cut = " ".join(text[first:last].split())
    return f"{'…' if first else ''}{cut}{'…' if last < len(text) else ''}"


def _short(words: str) -> str:
    return Truncator(" ".join(words.split())).chars(MOST_QUOTED, truncate="…")
