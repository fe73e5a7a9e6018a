"""What comes in, whatever its door: plain values that know nothing of the database."""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum


class Part(StrEnum):
    """What a line, or a part of one, was read as."""

    HEADLINE = "headline"  # with the release date before it
    DATE = "date"  # the release date alone: no line is only that, a remark may be about it
    DATELINE = "dateline"
    PARAGRAPH = "paragraph"
    HEADING = "heading"  # of the contacts
    NAME = "name"
    OFFICE = "office"
    PHONE = "phone"
    EMAIL = "email"
    LABEL = "label"  # of a contact's detail, with nothing behind it
    POSTED = "posted"
    CORRECTION = "correction"  # a note below the posted line; it stays with its release
    BACK_LINK = "back_link"
    VIEWS = "views"
    LEFTOVER = "leftover"  # among the contacts, and none; kept at the end of the text
    NOT_TAKEN = "not_taken"  # above the first headline


@dataclass(frozen=True)
class Mark:
    """What a line was read as: `number` counts paragraphs and contacts from 1, else it is 0."""

    line: int
    part: Part
    number: int = 0


@dataclass(frozen=True)
class Remark:
    """Something that a person should look at: where (line of the file, from 1) and why.

    `part` is what it is about, `guessed` whether a value was taken all the same: a person
    need not mend it, only know of it.
    """

    line: int
    message: str
    part: Part | None = field(default=None, compare=False)
    guessed: bool = field(default=False, compare=False)


@dataclass(frozen=True)
class IncomingContact:
    """One person or desk of a contact block, as printed; what was not printed is empty."""

    name: str
    office: str = ""
    phone: str = ""
    email: str = ""


@dataclass(frozen=True)
class IncomingRelease:
    """One release as read. Where it stood and what is to be said of it do not count in ==."""

    title: str
    release_date: date | None  # None only in a text that is read to be mended
    place: str = ""  # as printed before the dash; the first paragraph is without it
    paragraphs: tuple[str, ...] = ()  # plain text; a line feed is a line break
    contact_heading: str = ""
    contacts: tuple[IncomingContact, ...] = ()
    posted_on: date | None = None
    views: int | None = None
    line: int = field(default=1, compare=False)
    place_line: int = field(default=1, compare=False)
    dash: str = field(default=" - ", compare=False)  # as printed between place and text
    remarks: tuple[Remark, ...] = field(default=(), compare=False)
    marks: tuple[Mark, ...] = field(default=(), compare=False)  # all of its lines, in order
    lines: range = field(default=range(0), compare=False)  # of the file, from 1


@dataclass(frozen=True)
class RefusedRelease:
    """A release that could not be read, with the line that stopped it and why."""

    title: str
    line: int
    reason: str
