"""A feed saved to a file -> posts: RSS 2.0 and 1.0, and Atom."""

import hashlib
import re
from collections.abc import Iterable, Iterator
from datetime import datetime, tzinfo
from email.utils import parsedate_to_datetime
from html import unescape
from pathlib import Path
from urllib.parse import unquote, urlsplit
from xml.etree.ElementTree import Element, ParseError  # nosec B405 # parsed by defusedxml

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring
from django.utils.html import escape
from django.utils.translation import gettext as _

from releases.hosts import host_of

from .composing import Found, compose
from .embedded import NoLibrary
from .files import UnreadableFile, bytes_of
from .moments import in_utc
from .posts import IncomingPost, RefusedPost, key_of_post
from .wordpress.addresses import path_of
from .wordpress.items import encoding_of
from .wordpress.mending import UnknownEncoding, decoded, mended

MOST_BYTES = 50 * 2**20
LOOKED_AT = 4096  # bytes, to know a feed by
_FEED = re.compile(rb"<(?:rss|feed|rdf:RDF)\b")
_OPENING = re.compile(r"<(item|entry)[\s>]")
_NUMBER = re.compile(r"[?&](?:p|page_id)=(\d{1,18})\b")


def is_feed(path: Path) -> bool:
    """Whether the file begins as a feed does; so does an export of WordPress. Raises OSError."""
    with path.open("rb") as file:
        return bool(_FEED.search(file.read(LOOKED_AT)))


def read_feed(path: Path, zone: tzinfo) -> Iterator[IncomingPost | RefusedPost]:
    """Each entry of the feed at `path`; times without a zone are those of `zone`.

    Raises UnreadableFile, before the first is read, for what is no feed that can be read.
    """
    text = _text(path)
    root = _root(path, text)
    entries = [node for node in root.iter() if _local(node) in {"item", "entry"}]
    if not entries and not _FEED.search(text[:LOOKED_AT].encode()):
        raise UnreadableFile(path, 1, _("this is no feed."))
    lines = [text.count("\n", 0, opening.start()) + 1 for opening in _OPENING.finditer(text)]
    lines += [1] * (len(entries) - len(lines))
    site = _site(root)
    return _once(
        _post(entry, site, number, line, zone)
        for number, (entry, line) in enumerate(zip(entries, lines, strict=False), 1)
    )


def _once(posts: Iterable[IncomingPost | RefusedPost]) -> Iterator[IncomingPost | RefusedPost]:
    """`posts`, each release once: of two the second would change the first at each import."""
    lines: dict[str, int] = {}
    for post in posts:
        if isinstance(post, IncomingPost):
            if line := lines.get(post.source_key):
                told = _("it is the same release as the one at line %(line)d.") % {"line": line}
                post = RefusedPost(post.number, post.title, post.line, told)
            else:
                lines[post.source_key] = post.line
        yield post


def _text(path: Path) -> str:
    told = _("the file is too large; expected a feed of %(most)d MB at most.")
    data = bytes_of(path, MOST_BYTES, told)
    try:
        return decoded(data.removeprefix(b"\xef\xbb\xbf"), encoding_of(data))[0]
    except UnknownEncoding as error:
        raise UnreadableFile(path, error.line + 1, _("its encoding cannot be told.")) from error


def _root(path: Path, text: str) -> Element:
    # The text is in Unicode by now, whatever its first line says.
    text = re.sub(r"^\s*<\?xml[^>]*\?>", "", text)
    try:
        return fromstring(text)
    except ParseError:
        pass  # what is wrong may be mended, and if not it is told below
    except DefusedXmlException as error:
        raise UnreadableFile(path, 1, _("it declares entities; it is not read.")) from error
    try:
        return fromstring(mended(text))
    except (ParseError, DefusedXmlException) as error:
        line, _column = getattr(error, "position", (1, 0))
        told = _("line %(line)d is no well-formed XML.") % {"line": line}
        raise UnreadableFile(path, line, told) from error


def _local(node: Element) -> str:
    return node.tag.rpartition("}")[2]


def _child(node: Element, *names: str) -> Element | None:
    """The first child with one of the names, in the order of the names."""
    for name in names:
        for child in node:
            if _local(child) == name and (child.text or len(child) or child.attrib):
                return child
    return None


def _words(node: Element, *names: str) -> str:
    child = _child(node, *names)
    return "" if child is None else (child.text or "").strip()


def _html(node: Element | None) -> str:
    """The HTML of an element: escaped in it, or as elements of XHTML, or plain words."""
    if node is None:
        return ""
    if len(node):
        return "".join(map(_as_html, node))
    text = node.text or ""
    return escape(text) if node.get("type") == "text" else text


def _as_html(node: Element) -> str:
    # Not by calling itself: a feed may have thousands of elements within one another.
    written: list[str] = []
    waiting: list[Element | str] = [node]
    while waiting:
        part = waiting.pop()
        if isinstance(part, str):
            written.append(part)
            continue
        attributes = "".join(f' {name}="{escape(value)}"' for name, value in part.attrib.items())
        written.append(f"<{_local(part)}{attributes}>{escape(part.text or '')}")
        waiting.append(f"</{_local(part)}>{escape(part.tail or '')}")
        waiting.extend(reversed(part))
    return "".join(written)


def _link(node: Element) -> str:
    links = [child for child in node if _local(child) == "link"]
    for link in links:
        if link.text and link.text.strip():
            return link.text.strip()
        if link.get("rel", "alternate") == "alternate" and link.get("href"):
            return link.get("href", "")
    return ""


def _site(root: Element) -> str:
    channel = next((node for node in root if _local(node) == "channel"), root)
    return _link(channel)


def _post(
    entry: Element, site: str, number: int, line: int, zone: tzinfo
) -> IncomingPost | RefusedPost:
    title = _html(_child(entry, "title")).strip()
    link, guid = _link(entry), _words(entry, "guid", "id")
    posted = _moment(_words(entry, "pubDate", "published", "date", "issued", "updated"), zone)
    if posted is None:
        return RefusedPost(number, title, line, _("it has no date that can be read."))
    content = _html(_child(entry, "encoded", "content"))
    described = _html(_child(entry, "description", "summary"))
    summary = described if content and not _is_teaser(described, content) else ""
    old, old_site = _number(site or link, guid, link)
    return compose(
        Found(
            # A post of WordPress goes by the key that its export would give it.
            source_key=(
                key_of_post(old_site, old) if old else f"feed:{_short(guid or link or title)}"
            ),
            site=old_site,
            is_of_feed=True,
            number=old or number,
            line=line,
            title=title,
            html=content or described,
            posted=posted,
            zone=zone,
            base=link or site,
            summary=summary,
            edited_at=_moment(_words(entry, "updated", "modified"), zone),
            slug=_slug(link),
            author=_author(entry),
            terms=_terms(entry),
            addresses=tuple(dict.fromkeys(filter(None, map(path_of, _addresses(link, guid))))),
        ),
        NoLibrary(frozenset({host_of(site)})),
    )


def _number(site: str, *addresses: str) -> tuple[int, str]:
    """The number that WordPress gave the post of `addresses`, and its site; 0 and "" without one.

    Only the feed's own `site` is asked: what another counts is no post of it.
    """
    for address in addresses:
        found = _NUMBER.search(address)
        if found and host_of(address) and host_of(address) == host_of(site):
            parts = urlsplit(address)
            return int(found[1]), f"{parts.netloc}{unquote(parts.path)}".rstrip("/")
    return 0, ""


def _is_teaser(described: str, content: str) -> bool:
    """Whether a description is only the opening of the text, cut off by a machine."""
    plain = [
        re.sub(r"<[^>]*>|&[#\w]+;|\W", "", unescape(text))[:60] for text in (described, content)
    ]
    return plain[1].startswith(plain[0])


def _addresses(link: str, guid: str) -> list[str]:
    return [link, guid] if guid.startswith(("http:", "https:")) else [link]


def _slug(link: str) -> str:
    path = path_of(link)
    return "" if "?" in path else path.strip("/").rpartition("/")[2]


def _short(text: str) -> str:
    """`text` as a key that a database can hold."""
    if len(text) <= 150:
        return text
    return hashlib.sha256(text.encode()).hexdigest()


def _author(entry: Element) -> str:
    author = _child(entry, "creator", "author")
    if author is None:
        return ""
    return _words(author, "name") if len(author) else (author.text or "").strip()


def _terms(entry: Element) -> tuple[str, ...]:
    names = (
        " ".join((child.get("label") or child.get("term") or child.text or "").split())
        for child in entry
        if _local(child) == "category"
    )
    return tuple(dict.fromkeys(filter(None, names)))


def _moment(text: str, zone: tzinfo) -> datetime | None:
    """The time that a feed gives as mail or as ISO 8601 has it, aware; None where it gives none."""
    for read in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            return in_utc(read(text), zone)
        except (ValueError, OverflowError):  # the latter of a zone that is no zone
            continue
    return None
