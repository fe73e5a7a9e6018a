"""What the whole of an export says: its site, its people and categories, and where pictures are.

One quick pass over the file gathers it, since a picture may stand behind the post that shows it.
"""

import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from html import unescape
from pathlib import Path
from urllib.parse import unquote, urlsplit
from xml.etree.ElementTree import Element  # nosec B405 # parsed by defusedxml

from django.utils.translation import gettext as _

from releases.hosts import host_of

from ..embedded import FILM_ENDINGS, PICTURE_ENDINGS, SOUND_ENDINGS, ending_of
from ..files import UnreadableFile
from ..moments import FIRST_YEAR, LAST_YEAR
from .items import BrokenItem, Item, read_channel, read_items, whole

LOOKED_AT = 64 * 1024  # bytes, to know an export by
NO_CATEGORY = "uncategorized"  # the slug of what WordPress puts a post in that is in none
_NO_TERMS = {"post_format", "language", "post_translations", "term_translations", "nav_menu"}
_NUMBER = re.compile(r"[?&;](?:p|page_id)=([0-9]+)\Z")  # at the end of a post's guid
ZONE = timezone(timedelta(hours=9))  # of a site none of whose posts tells both times


@dataclass(frozen=True, slots=True)  # there may be a hundred thousand
class Attachment:
    """A picture or file in the old site's library."""

    number: int
    line: int
    address: str
    parent: int
    title: str
    alt: str
    caption: str
    place: int  # among the pictures of its parent

    @property
    def ending(self) -> str:
        """Of its file's name, in small letters: "jpg"."""
        return ending_of(self.address)

    @property
    def is_picture(self) -> bool:
        return self.ending in PICTURE_ENDINGS

    @property
    def is_sound(self) -> bool:
        return self.ending in SOUND_ENDINGS

    @property
    def is_film(self) -> bool:
        return self.ending in FILM_ENDINGS


@dataclass(frozen=True)
class Term:
    """A category or a tag: "category" or "post_tag", its slug, its number there and its parent."""

    domain: str
    slug: str
    name: str
    number: int = 0
    parent: str = ""


@dataclass
class Site:
    """What is to be known of the old site before its first post is read."""

    address: str = ""
    title: str = ""
    encoding: str = "utf-8"
    authors: dict[str, str] = field(default_factory=dict)  # login -> name as shown
    author_numbers: dict[str, int] = field(default_factory=dict)
    terms: dict[tuple[str, str], Term] = field(default_factory=dict)  # by domain and slug
    attachments: dict[int, Attachment] = field(default_factory=dict)
    reused: dict[int, str] = field(default_factory=dict)  # blocks that several posts share
    hosts: set[str] = field(default_factory=set)  # at which it has its pictures and files
    zone: timezone = ZONE

    @property
    def root(self) -> str:
        """The path at which the site stood: "" or "/blog"."""
        return unquote(urlsplit(self.address).path).rstrip("/")

    @property
    def key(self) -> str:
        """The site's name in a source key: the same whether it is asked by http or https."""
        return self.address.partition("://")[2].rstrip("/") or self.address

    def pictures_of(self, parent: int) -> list[Attachment]:
        """All that was uploaded to one post, in its order there."""
        found = [file for file in self.attachments.values() if file.parent == parent]
        return sorted(found, key=lambda file: (file.place, file.number))


@dataclass(frozen=True)
class Outline:
    """What an export holds, before anything is done with it."""

    address: str
    title: str
    items: int
    broken: int
    kinds: dict[tuple[str, str], int]  # (type, status) -> how many items
    terms: dict[str, int]  # name of a category or tag -> how many posts have it


def outline(path: Path) -> Outline:
    """What the export at `path` holds. Raises UnreadableFile."""
    channel, encoding = _channel(path)
    site = _site(channel, encoding)
    kinds: Counter[tuple[str, str]] = Counter()
    terms: Counter[str] = Counter(
        {term.name: 0 for term in site.terms.values() if term.slug != NO_CATEGORY}
    )
    items = broken = 0
    for item in read_items(path, encoding):
        items += 1
        if isinstance(item, BrokenItem):
            broken += 1
            continue
        kinds[item.kind, item.status] += 1
        if item.kind in {"post", "page"}:
            terms.update(set(names_of_terms(item)))
    return Outline(site.address, site.title, items, broken, dict(kinds), dict(terms))


def survey(path: Path) -> Site:
    """The site of the export at `path`, with all of its pictures. Raises UnreadableFile."""
    channel, encoding = _channel(path)
    site = _site(channel, encoding)
    offsets: Counter[timedelta] = Counter()
    for item in read_items(path, encoding):
        if isinstance(item, BrokenItem):
            continue
        if offset := _offset(item):
            offsets[offset[0]] += 1
        if item.kind == "attachment":
            site.attachments[item.number] = file = _attachment(item)
            # The second is where it was put, perhaps under the name that the site had then.
            site.hosts |= {host_of(file.address), host_of(item.text("guid"))} - {""}
        elif _is_its_own(item.text("guid"), item.number):
            # Where it was written, perhaps under a name that the site had then.
            site.hosts |= {host_of(item.text("guid"))} - {""}
        if item.kind == "wp_block":
            site.reused[item.number] = item.raw("content:encoded")
    if offsets:
        site.zone = timezone(offsets.most_common(1)[0][0])
    return site


def plain_name(text: str) -> str:
    """A name as people read it: WordPress keeps "&" as a reference in it."""
    return " ".join(unescape(text).split())


def is_wordpress(path: Path) -> bool:
    """Whether the file begins as an export of WordPress does. Raises OSError."""
    with path.open("rb") as file:
        start = file.read(LOOKED_AT)
    return b"<rss" in start and (b"wordpress.org/export/" in start or b"<wp:wxr_version>" in start)


def names_of_terms(item: Item) -> tuple[str, ...]:
    """The categories and tags of a post, once each; not the one that says that it has none."""
    names = (
        name for domain, slug, name in item.terms if domain not in _NO_TERMS and slug != NO_CATEGORY
    )
    return tuple(dict.fromkeys(names))


def _channel(path: Path) -> tuple[Element, str]:
    channel, encoding = read_channel(path)
    if not is_wordpress(path):
        raise UnreadableFile(path, 1, _("this is no WordPress export."))
    address = _address(Item(1, channel))
    try:
        urlsplit(address)
    except ValueError as error:
        told = _("“%(address)s” is no address of a site.") % {"address": address[:60]}
        raise UnreadableFile(path, 1, told) from error
    return channel, encoding


def _address(head: Item) -> str:
    told = head.text("wp:base_blog_url") or head.text("link") or head.text("wp:base_site_url")
    return told.rstrip("/")


def _site(channel: Element, encoding: str) -> Site:
    head = Item(1, channel)
    site = Site(
        address=_address(head),
        title=head.text("title"),
        encoding=encoding,
    )
    for element in channel.iterfind("{wp}author"):
        author = Item(1, element)
        login = author.text("wp:author_login")
        site.authors[login] = author.text("wp:author_display_name") or login
        site.author_numbers[login] = whole(author.text("wp:author_id"))
    for name, domain, slug, label in (
        ("category", "category", "wp:category_nicename", "wp:cat_name"),
        ("tag", "post_tag", "wp:tag_slug", "wp:tag_name"),
    ):
        for element in channel.iterfind(f"{{wp}}{name}"):
            term = Item(1, element)
            site.terms[domain, term.text(slug)] = Term(
                domain,
                term.text(slug),
                plain_name(term.text(label)),
                whole(term.text("wp:term_id")),
                term.text("wp:category_parent"),
            )
    return site


def _is_its_own(guid: str, number: int) -> bool:
    """Whether the site itself gave `guid` to its post `number`; what it took over has another's."""
    found = _NUMBER.search(guid)
    return bool(found) and whole(found[1]) == number


def _attachment(item: Item) -> Attachment:
    alts = item.meta.get("_wp_attachment_image_alt", [""])
    return Attachment(
        item.number,
        item.line,
        item.text("wp:attachment_url") or item.text("guid"),
        item.parent,
        plain_name(item.text("title")),
        " ".join(alts[-1].split()),
        item.text("excerpt:encoded"),
        whole(item.text("wp:menu_order")),
    )


def _offset(item: Item) -> tuple[timedelta] | None:
    local = moment(item.text("wp:post_date"))
    universal = moment(item.text("wp:post_date_gmt"))
    if not local or not universal or abs(local - universal) > timedelta(hours=14):
        return None
    return (local - universal,)


def moment(text: str) -> datetime | None:
    """The naive time that WordPress wrote, None for "0000-00-00 00:00:00" and the like."""
    try:
        found = datetime.strptime(text.strip(), "%Y-%m-%d %H:%M:%S")
    except ValueError:
        return None
    return found if FIRST_YEAR <= found.year <= LAST_YEAR else None
