"""A post of another system as it was read: plain values that know nothing of the database."""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from .incoming import IncomingContact, Remark


class Standing(StrEnum):
    """Where a post stood on the old site; what comes of it is never more public than that."""

    PUBLIC = "public"
    SCHEDULED = "scheduled"
    IN_REVIEW = "in_review"
    DRAFT = "draft"  # also what was private, or had a password
    WITHDRAWN = "withdrawn"  # in the bin, and public before
    BINNED = "binned"  # in the bin, and never public


@dataclass(frozen=True)
class IncomingFile:
    """A picture or a file of a post: where the old site had it, and what it said of it."""

    address: str  # absolute, of the largest that the old site names
    is_picture: bool
    is_lead: bool = False  # the post's own picture, which stands first
    title: str = ""
    alt: str = ""
    caption: str = ""
    credit: str = ""
    others: tuple[str, ...] = ()  # further addresses of it, best first, where that one fails


@dataclass(frozen=True)
class Words:
    """How many words a post had, and where each of them went.

    `source` = `page` + all of `set_aside` + `len(lost)`. `set_aside`: what the page says by
    itself or in another place, as ("contacts", 12), ("posted", 4). `lost` must be empty.
    """

    source: int
    page: int
    set_aside: tuple[tuple[str, int], ...] = ()
    lost: tuple[str, ...] = ()


@dataclass(frozen=True)
class IncomingPost:
    """One post or page as read, cleaned; `remarks` are what a person should know of it."""

    source_key: str  # of WordPress: see `key_of_post`
    number: int  # as the old site counted it
    kind: str  # "post" or "page"
    line: int  # of the file, from 1, where it begins
    title: str
    body: str  # clean HTML, without dateline, contact block and frame
    release_date: date  # of the headline, else the day of posting in the old site's time
    standing: Standing = Standing.PUBLIC
    publish_at: datetime | None = None  # aware
    edited_at: datetime | None = None  # aware
    summary: str = ""  # clean HTML
    slug: str = ""  # decoded: 이라크-소식
    place: str = ""  # of the dateline
    dash: str = field(default=" - ", compare=False)  # as printed between place and text
    author: str = ""  # their name as the old site shows it
    terms: tuple[str, ...] = ()  # names of its categories and tags
    contact_heading: str = ""
    contacts: tuple[IncomingContact, ...] = ()
    views: int | None = None
    files: tuple[IncomingFile, ...] = ()
    lacks: bool = False  # its source names pictures or blocks of it that the source does not hold
    site: str = ""  # the old one: its host and the path at which it stood
    is_of_feed: bool = False  # which may tell less of it than its export, or what was true once
    addresses: tuple[str, ...] = ()  # path and query on the old site, decoded, of all that led here
    remarks: tuple[Remark, ...] = ()
    words: Words = field(default=Words(0, 0), compare=False)


@dataclass(frozen=True)
class RefusedPost:
    """An item that could not be read: what it is called, where it stands and why not."""

    number: int
    title: str
    line: int
    reason: str


@dataclass(frozen=True)
class LeftOut:
    """An item that is no release by design (a menu, a revision): the report names it too."""

    number: int
    kind: str
    title: str
    line: int
    reason: str


@dataclass(frozen=True, slots=True)
class OldPage:
    """An old address that is no post's own: of a category, a tag, a picture's page, a feed.

    It leads to the release of `post`, or to the mission that `term` stands for, or to where
    else the new site says the same (`path`); to none of them where it ends.
    """

    address: str
    post: int | None = None
    term: str = ""
    path: str = ""
    site: str = ""  # the old one, as a post has it

    @property
    def source_key(self) -> str:
        """That of `post`; "" where it is none's."""
        return "" if self.post is None else key_of_post(self.site, self.post)


def key_of_post(site: str, number: int) -> str:
    """The source key of a post of WordPress, by whichever way it came."""
    return f"wordpress:{site}:{number}"


def keys_of_same(source_key: str) -> tuple[str, ...]:
    """All under which what has `source_key` may be here, its own first.

    An export calls its site with "www." or without, as its settings said on that day.
    """
    kind, _colon, rest = source_key.partition(":")
    if kind != "wordpress":
        return (source_key,)
    other = rest.removeprefix("www.") if rest.startswith("www.") else f"www.{rest}"
    return source_key, f"{kind}:{other}"
