"""Pages of a site saved in a folder -> posts: by a browser, or as a mirror of the whole.

A page is a release where it has a headline, a text and a date; what it says of itself in its
head is believed before what stands on it. Other pages, lists say, are left out by name.
"""

import hashlib
import re
from collections.abc import Iterator
from datetime import UTC, datetime, time, tzinfo
from html.parser import HTMLParser
from pathlib import Path

from django.utils.translation import gettext as _

from releases.hosts import NOWHERE, site_at

from . import layout
from .composing import Found, compose
from .files import MAX_BYTES, UnreadableFile, text_of
from .framed import take_frame
from .layout import fold
from .markup import Node, parse, write
from .moments import in_utc
from .posts import IncomingPost, LeftOut, RefusedPost
from .wordpress.addresses import path_of

ENDINGS = {".html", ".htm", ".xhtml"}
_SAVED_FROM = re.compile(r"<!--\s*saved from url=\(\d+\)(\S+)\s*-->")
_NUMBER = re.compile(r"[?&](?:p|page_id)=(\d{1,18})\b")
# The element that holds the text, by what it is or is called; the first that is there.
_CONTENT = ("entry-content", "post-content", "article-content", "article-body", "post-body",
            "entry", "content", "view-content", "board-content", "contents")  # fmt: skip
# What stands round a text and is none of it.
_AROUND_TAGS = {"nav", "form", "header", "footer", "aside"}
_AROUND = {
    "sharedaddy", "jp-relatedposts", "navigation", "nav-links", "comments", "comment-respond",
    "entry-meta", "post-meta", "entry-header", "entry-footer", "sidebar", "breadcrumb", "share",
}  # fmt: skip


def is_folder_of_pages(path: Path) -> bool:
    """Whether there are pages in the folder at `path`."""
    return path.is_dir() and any(_pages(path))


def read_pages(path: Path, zone: tzinfo) -> Iterator[IncomingPost | RefusedPost | LeftOut]:
    """Each page below the folder at `path`, by name; times without a zone are those of `zone`.

    The number of a page is its place, or the one that the old site gave it. Raises
    UnreadableFile, before the first is read, where there is no page.
    """
    files = sorted(_pages(path))
    if not files:
        raise UnreadableFile(path, 1, _("there is no HTML page in this folder."))
    return _read_all(path, files, zone)


def _read_all(
    folder: Path, files: list[Path], zone: tzinfo
) -> Iterator[IncomingPost | RefusedPost | LeftOut]:
    names: dict[str, str] = {}  # of the file in which each release stands
    for number, file in enumerate(files, 1):
        page, name = _read(folder, file, number, zone), str(file.relative_to(folder))
        key = page.source_key if isinstance(page, IncomingPost) else ""
        # Of two copies the second would change the first at each import.
        if key and (before := names.setdefault(key, name)) != name:
            told = _("it is the same page as %(before)s.") % {"before": before}
            page = RefusedPost(number, name, 1, told)
        yield page


def _pages(path: Path) -> Iterator[Path]:
    # A link out of the folder would have other files of the machine read.
    root = path.resolve()
    for file in path.rglob("*"):
        if (
            file.suffix.lower() in ENDINGS
            and file.is_file()
            and file.resolve().is_relative_to(root)
        ):
            yield file


def _read(
    folder: Path, file: Path, number: int, zone: tzinfo
) -> IncomingPost | RefusedPost | LeftOut:
    name = str(file.relative_to(folder))
    if file.stat().st_size > MAX_BYTES:
        told = _("it has more than %(most)d MB.") % {"most": MAX_BYTES // 2**20}
        return RefusedPost(number, name, 1, told)
    try:
        html, _encoding = text_of(name, _in_utf8(file.read_bytes()))
    except UnreadableFile as error:
        return RefusedPost(number, name, error.line, error.reason)
    head = _Head(html)
    root = parse(html)
    title = _title(root, head)
    content, is_marked = _content(root)
    if not title or not content.text:
        return LeftOut(number, "page", name, 1, _("there is no headline and text in it."))
    posted = _posted(head, title, content, zone)
    if posted is None:
        # A page whose text is marked as one was meant to be read as a release.
        if is_marked and root.find("article"):
            return RefusedPost(number, name, 1, _("it has no date that can be read."))
        return LeftOut(number, "page", name, 1, _("there is no date on it."))
    address = head.address or _address_of(name)
    old = _NUMBER.search(head.short) or _NUMBER.search(address)
    return compose(
        Found(
            # Two sites have pages at the same path.
            source_key=f"page:{_digest(site_at(address) + (path_of(address) or name))}",
            number=int(old[1]) if old else number,
            line=1,
            title=title,
            html=write(content),
            posted=posted,
            zone=zone,
            base=address,
            author=head.meta.get("author", ""),
            terms=tuple(dict.fromkeys(head.terms)),
            addresses=tuple(dict.fromkeys(filter(None, map(path_of, [address, head.short])))),
            messages=[_("read from the page %(name)s.") % {"name": name}],
        )
    )


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:40]


def _in_utf8(data: bytes) -> bytes:
    """The page in UTF-8, where it says itself that it is in another encoding."""
    named = re.search(rb"""<meta[^>]+charset=["']?([\w-]+)""", data[:4096], re.IGNORECASE)
    encoding = named[1].decode("ascii").lower() if named else "utf-8"
    if encoding in {"utf-8", "utf8"}:
        return data
    try:
        encoding = "cp949" if encoding in {"euc-kr", "ks_c_5601-1987"} else encoding
        return data.decode(encoding).encode()
    except (LookupError, UnicodeDecodeError):
        return data  # it is not what it says; whoever reads it on tells what it is


class _Head(HTMLParser):
    """What a page says of itself: its address, its date, its author and its subjects."""

    def __init__(self, html: str):
        super().__init__(convert_charrefs=True)
        self.meta: dict[str, str] = {}
        self.links: dict[str, str] = {}
        self.times: list[str] = []
        self.terms: list[str] = []
        self.title = ""
        self.in_title = False
        self.saved_from = saved[1] if (saved := _SAVED_FROM.search(html[:4096])) else ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        values = {name: value or "" for name, value in attrs}
        if tag == "meta":
            name = values.get("property") or values.get("name") or ""
            if name in {"article:tag", "article:section"}:
                self.terms.append(fold(values.get("content", "")))
            self.meta.setdefault(name.lower(), values.get("content", "").strip())
        elif tag == "link":
            for relation in values.get("rel", "").lower().split():
                self.links.setdefault(relation, values.get("href", "").strip())
        elif tag == "time" and values.get("datetime"):
            self.times.append(values["datetime"])
        elif tag == "title":
            self.in_title = not self.title
        elif tag == "a" and {"category", "tag"} & set(values.get("rel", "").split()):
            self.terms.append("")

    def handle_endtag(self, tag):
        if tag == "title":
            self.in_title = False

    def handle_data(self, data):
        if self.in_title:
            self.title += data
        elif self.terms and self.terms[-1] == "":
            self.terms[-1] = fold(data)

    @property
    def address(self) -> str:
        """Where the page stood; "" where it does not say."""
        told = (self.links.get("canonical"), self.meta.get("og:url"), self.saved_from)
        return next((address for address in told if address and "://" in address), "")

    @property
    def short(self) -> str:
        """Its address by its number, as WordPress has it."""
        return self.links.get("shortlink", "")


def _address_of(name: str) -> str:
    """The address of a page in a mirror, whose folders are those of the site."""
    path = re.sub(r"(?:^|/)index\.x?html?$", "/", name.replace("\\", "/"))
    first, _slash, rest = path.partition("/")
    if re.fullmatch(r"[\w-]+(?:\.[\w-]+)+", first) and rest:
        return f"http://{first}/{rest}"
    return f"http://{NOWHERE}/{path.lstrip('/')}"


def _title(root: Node, head: _Head) -> str:
    headings = [
        node
        for node in root.find("h1", "h2")
        if {"entry-title", "post-title", "article-title"} & node.classes()
    ] or [node for article in root.find("article", "main") for node in article.find("h1")]
    headings = headings or root.find("h1")
    if headings:
        return headings[0].text
    # The title of the window mostly ends in the name of the site.
    title = fold(head.meta.get("og:title") or head.title)
    site = fold(head.meta.get("og:site_name", ""))
    return re.sub(rf"\s*[-–|»·:]\s*{re.escape(site)}$", "", title) if site else title


def _content(root: Node) -> tuple[Node, bool]:
    """The element that holds the text, without what stands round it; and whether it says so."""
    found = next(
        (node for name in _CONTENT for node in root.walk() if name in node.classes()),
        None,
    )
    named = found or next(iter(root.find("article") or root.find("main")), None)
    content = named or root
    _drop_around(content)
    for heading in content.find("h1"):
        heading.children = []
    return content, named is not None


def _drop_around(node: Node) -> None:
    node.children = [
        child
        for child in node.children
        if isinstance(child, str)
        or not (child.tag in _AROUND_TAGS or _AROUND & (child.classes() | {child.get("id")}))
    ]
    for child in node.children:
        if isinstance(child, Node):
            _drop_around(child)


def _posted(head: _Head, title: str, content: Node, zone: tzinfo) -> datetime | None:
    """When the page was posted: by its head, its text or its headline."""
    told = [
        head.meta.get(name, "")
        for name in ("article:published_time", "datepublished", "dc.date", "date", "pubdate")
    ]
    for text in [*told, *head.times]:
        try:
            return in_utc(datetime.fromisoformat(text), zone)
        except ValueError:
            continue
    try:
        dated = layout.headline(fold(title))
    except layout.BadDate:
        dated = None
    framed = take_frame(title, parse(write(content)))
    day = framed.posted_on or framed.release_date or (dated[0] if dated else None)
    return datetime.combine(day, time(), zone).astimezone(UTC) if day else None
