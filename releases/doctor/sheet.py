"""What the checks look at: a release as plain values, fetched once in a few queries."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum, auto
from functools import cached_property
from html.parser import HTMLParser
from typing import Any

from django.utils import timezone

from contacts.bilingual import LANGUAGES
from contacts.models import Mission
from contacts.names import same_name
from contacts.text import clean_line
from releases.fields import clean_html
from releases.models import Release, ReleaseContact, State
from releases.prose import BLOCKS, CELLS

# What stands for the words of a link in `Paragraph.unlinked`.
LINK = "\ufffc"


@dataclass(frozen=True)
class Link:
    """A link of a text; `href` is None where it has no address at all."""

    href: str | None
    words: str


@dataclass(frozen=True)
class Paragraph:
    """A block of a text as a reader sees it; `number` counts from 1."""

    number: int
    text: str  # a line feed is a line break
    unlinked: str  # the same, each link as the one character LINK
    links: tuple[Link, ...] = ()


@dataclass(frozen=True)
class Passage:
    """The words of one field of the form, in one language."""

    field: str
    lang: str
    paragraphs: tuple[Paragraph, ...] = ()

    @cached_property
    def text(self) -> str:
        return "\n".join(paragraph.text for paragraph in self.paragraphs)


@dataclass(frozen=True)
class Contact:
    """A row of the contact block, and what has become of the person."""

    name: str
    office: str = ""
    phone: str = ""
    email: str = ""
    country_code: str = ""  # for a number without a country prefix
    has_left: bool = False
    successor: str = ""  # who answers today for somebody who has left


@dataclass(frozen=True)
class Picture:
    """What is said of a picture for those who cannot see it."""

    alt_ko: str = ""
    alt_en: str = ""
    is_decorative: bool = False


class Leads(Enum):
    """Where a link to an address of our own does not lead as it should."""

    NOWHERE = auto()
    WITHDRAWN = auto()
    UNPUBLISHED = auto()  # a release that nobody has given a time
    LATER = auto()  # a release that is public after this one
    DESK = auto()


@dataclass(frozen=True)
class Sheet:
    """A release as the checks see it. Days are days in Seoul."""

    passages: tuple[Passage, ...] = ()
    release_date: date | None = None
    posted_on: date | None = None
    today: date = field(default_factory=timezone.localdate)
    state: State = State.DRAFT
    mission_names: tuple[str, ...] = ()  # of the mission that is chosen
    datelines: Mapping[str, str] = field(default_factory=dict)  # by language, where another place
    missions: frozenset[str] = frozenset()  # the names of all, as `same_name` folds them
    contacts: tuple[Contact, ...] = ()
    pictures: tuple[Picture, ...] = ()
    astray: Mapping[str, Leads] = field(default_factory=dict)  # links to ourselves that go wrong

    def passage(self, name: str) -> Passage:
        """The words of the field `name`, without a paragraph where there are none."""
        found = (passage for passage in self.passages if passage.field == name)
        return next(found, Passage(name, name[-2:]))

    @property
    def bodies(self) -> list[Passage]:
        return [passage for passage in self.passages if passage.field.startswith("body")]

    @property
    def languages(self) -> list[str]:
        """Languages in which there is a headline or a text."""
        return [lang for lang in LANGUAGES if any(p.lang == lang for p in self.passages)]


def read_passage(name: str, words: str) -> Passage:
    """The words of the field `name`, HTML or plain, as paragraphs."""
    lang = name[-2:]
    if name.startswith("title"):
        line = clean_line(words)
        return Passage(name, lang, (Paragraph(1, line, line),) if line else ())
    reader = _Reader()
    # What is looked at is what would be stored; it is well formed, too.
    reader.feed(clean_html(words))
    reader.close()
    reader.end_paragraph()
    return Passage(name, lang, tuple(reader.paragraphs))


def sheet_of(
    release: Release,
    contacts: Iterable[ReleaseContact] | None = None,
    pictures: Iterable[Any] | None = None,
) -> Sheet:
    """`release` as it stands in memory. Rows that are not given are those that are saved."""
    from .links import astray  # it knows the addresses, which know the views

    now = timezone.now()
    names = [f"{part}_{lang}" for lang in LANGUAGES for part in ("title", "summary", "body")]
    read = [read_passage(name, getattr(release, name) or "") for name in names]
    passages = tuple(passage for passage in read if passage.paragraphs)
    missions = {mission.pk: mission for mission in Mission.objects.all()}
    mission = missions.get(release.mission_id)
    if contacts is None:
        contacts = _saved_contacts(release)
    if pictures is None:
        pictures = release.pictures.all() if release.pk and hasattr(release, "pictures") else ()
    return Sheet(
        passages=passages,
        release_date=release.release_date,
        posted_on=release.publish_at and timezone.localtime(release.publish_at).date(),
        today=timezone.localtime(now).date(),
        state=_state(release, now),
        mission_names=tuple(mission.names) if mission else (),
        datelines={
            lang: place for lang in LANGUAGES if (place := getattr(release, f"dateline_{lang}"))
        },
        missions=frozenset(same_name(name) for m in missions.values() for name in m.names),
        contacts=tuple(_contact(row, mission, timezone.localtime(now).date()) for row in contacts),
        pictures=tuple(Picture(p.alt_ko, p.alt_en, p.is_decorative) for p in pictures),
        astray=astray(passages, release, _public_from(release, now)),
    )


def _saved_contacts(release: Release) -> Iterable[ReleaseContact]:
    if not release.pk:
        return ()
    rows = ReleaseContact.objects.filter(release=release)
    return rows.select_related("contact__successor__successor")


def _contact(row: ReleaseContact, mission: Mission | None, today: date) -> Contact:
    entry = row.contact
    has_left = entry is not None and entry.has_left(today)
    after = (other for other in entry.successors() if not other.has_left(today)) if has_left else ()
    successor = next(iter(after), None)
    return Contact(
        row.name,
        row.office,
        row.phone,
        row.email,
        mission.country_code if mission else "",
        has_left,
        successor.name if successor else "",
    )


def _state(release: Release, now: datetime) -> State:
    """Where it stands; of a form that has lost the time, as if nobody had approved it."""
    if release.approved_at and not release.publish_at and not release.withdrawn_at:
        return State.DRAFT
    return release.state_at(now)


def _public_from(release: Release, now: datetime) -> datetime:
    return max(release.publish_at, now) if release.publish_at else now


class _Reader(HTMLParser):
    """Clean HTML -> paragraphs with their links."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.paragraphs: list[Paragraph] = []
        self.clear()
        self.open_link: tuple[str | None, int] | None = None

    def clear(self) -> None:
        self.text = self.unlinked = ""
        self.links: list[Link] = []

    def handle_starttag(self, tag, attrs):
        if tag in BLOCKS:
            self.end_paragraph()
        elif tag == "br":
            self.write("\n")
        elif tag in CELLS and self.text.strip():
            self.write(" | ")
        elif tag == "a":
            self.end_link()
            self.open_link = (dict(attrs).get("href"), len(self.text))

    def handle_endtag(self, tag):
        if tag in BLOCKS:
            self.end_paragraph()
        elif tag == "a":
            self.end_link()

    def handle_data(self, data):
        self.write(data.replace("\n", " "))

    def write(self, words: str) -> None:
        self.text += words
        if self.open_link is None:
            self.unlinked += words

    def end_link(self) -> None:
        if self.open_link is not None:
            href, start = self.open_link
            self.links.append(Link(href, " ".join(self.text[start:].split())))
            self.unlinked += LINK
            self.open_link = None

    def end_paragraph(self) -> None:
        self.end_link()
        text = _tidy(self.text)
        # A link without words is part of the paragraph that it stands in, or of the next.
        if text or (self.links and any(link.href is not None for link in self.links)):
            number = len(self.paragraphs) + 1
            self.paragraphs.append(Paragraph(number, text, _tidy(self.unlinked), tuple(self.links)))
            self.clear()
        else:
            self.text = self.unlinked = ""


def _tidy(text: str) -> str:
    lines = (" ".join(line.split()) for line in text.split("\n"))
    return "\n".join(filter(None, lines))
