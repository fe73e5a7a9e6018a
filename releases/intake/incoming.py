"""What comes in, whatever its door: plain values that know nothing of the database."""

from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True)
class Remark:
    """Something that a person should look at: where (line of the file, from 1) and why."""

    line: int
    message: str


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
    release_date: date
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


@dataclass(frozen=True)
class RefusedRelease:
    """A release that could not be read, with the line that stopped it and why."""

    title: str
    line: int
    reason: str
