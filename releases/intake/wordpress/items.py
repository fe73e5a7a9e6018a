"""The items of an export as plain values, whatever its version and whatever was amiss in them."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path
from xml.etree.ElementTree import Element, ParseError  # nosec B405 # parsed by defusedxml

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring
from django.utils.translation import gettext as _

from ..files import UnreadableFile
from .mending import UnknownEncoding, decoded, mended
from .stream import RawItem, raw_items, read_head

# Every version of the format gives these prefixes other addresses, and the same meaning.
_PREFIXES = ("wp", "content", "excerpt", "dc", "wfw")
MOST_DIGITS = 18
_PREFIX = re.compile(r"</?([A-Za-z_][\w.-]*):")
_ENCODING = re.compile(rb"""<\?xml[^>]*encoding=["']([A-Za-z0-9._-]+)["']""")
_KOREAN_ENCODINGS = {"euc-kr", "euckr", "cp949", "ks_c_5601-1987", "uhc", "windows-949"}
# Of two repetitions of white space side by side each would be tried with each.
_NUMBER = re.compile(r"<wp:post_id>\s*(?:<!\[CDATA\[\s*)?(\d{1,18})")
_MOST_OF_A_TITLE = 300  # characters; of one that is longer the end is not where it seems
# The ends of a file, read from behind: from before, each white space might begin them.
_TAIL = re.compile(r"(?:\s|>\s*lennahc/<|>\s*ssr/<)*")


@dataclass
class Item:
    """One item: what WordPress calls a post, be it a picture, a page or a menu."""

    line: int
    element: Element
    notes: list[str] = field(default_factory=list)  # what was mended

    def text(self, name: str) -> str:
        """The text of a child, "" where there is none: "title", "wp:post_id"."""
        return (self.element.findtext(_tag(name)) or "").strip()

    def raw(self, name: str) -> str:
        """The same with the white space around it; long texts stand in it as written."""
        return self.element.findtext(_tag(name)) or ""

    @property
    def number(self) -> int:
        return whole(self.text("wp:post_id"))

    @property
    def kind(self) -> str:
        return self.text("wp:post_type") or "post"

    @property
    def status(self) -> str:
        """Never that of a public post where the export does not say so."""
        return self.text("wp:status") or "?"

    @property
    def may_have_password(self) -> bool:
        """Whether it has one, or has lost the place where every version of the format says so."""
        return self.element.find(_tag("wp:post_password")) is None or bool(
            self.text("wp:post_password")
        )

    @property
    def parent(self) -> int:
        return whole(self.text("wp:post_parent"))

    @property
    def meta(self) -> dict[str, list[str]]:
        """The values of each meta key, in their order."""
        found: dict[str, list[str]] = {}
        for meta in self.element.iterfind(_tag("wp:postmeta")):
            key = (meta.findtext(_tag("wp:meta_key")) or "").strip()
            found.setdefault(key, []).append(meta.findtext(_tag("wp:meta_value")) or "")
        return found

    @property
    def terms(self) -> list[tuple[str, str, str]]:
        """Domain, slug and name of each category and tag, in their order, once each."""
        found = [
            (element.get("domain") or "category", element.get("nicename") or "", name)
            for element in self.element.iterfind("category")
            if (name := " ".join(unescape(element.text or "").split()))
        ]
        # The oldest exports name each twice, the second time without its slug.
        slugged = {(domain, name) for domain, slug, name in found if slug}
        return list(
            dict.fromkeys(term for term in found if term[1] or (term[0], term[2]) not in slugged)
        )

    @property
    def comments(self) -> int:
        return sum(1 for _comment in self.element.iterfind(_tag("wp:comment")))


def whole(text: str) -> int:
    """The number that `text` is; 0 for anything else, and for what no database counts to."""
    return int(text) if text.isdecimal() and len(text) <= MOST_DIGITS else 0


@dataclass(frozen=True)
class BrokenItem:
    """An item that no mending made readable."""

    line: int
    number: int
    title: str
    reason: str


def encoding_of(head: bytes) -> str:
    """The encoding that an export's first line names, as Python calls it."""
    match = _ENCODING.search(head[:200])
    named = match[1].decode("ascii").lower() if match else "utf-8"
    return "cp949" if named in _KOREAN_ENCODINGS else "utf-8"


def read_channel(path: Path) -> tuple[Element, str]:
    """The head of an export, as the element `channel`, and the encoding that it names.

    Raises UnreadableFile where it is no XML, or would have entities declared.
    """
    head = read_head(path)
    encoding = encoding_of(head)
    try:
        text, _notes = decoded(head, encoding)
        start = text.index("<channel>") if "<channel>" in text else 0
        if "<!DOCTYPE" in text[:start] or "<!ENTITY" in text:
            raise UnreadableFile(
                path, 1, _("the file declares a document type or entities; it is not read.")
            )
        end = len(text) - _TAIL.match(text[::-1]).end()
        return _parsed(text[start:end] + "</channel>"), encoding
    except UnknownEncoding as error:
        raise UnreadableFile(path, error.line + 1, _("its encoding cannot be told.")) from error
    except (ParseError, DefusedXmlException, ValueError) as error:
        raise UnreadableFile(path, 1, _("this is no WordPress export.")) from error


def read_items(path: Path, encoding: str) -> Iterator[Item | BrokenItem]:
    """Each item of the export in order. Raises UnreadableFile where the file cannot be opened."""
    for raw in raw_items(path):
        yield _read(raw, encoding)


def _read(raw: RawItem, encoding: str) -> Item | BrokenItem:
    if raw.fault:
        return _broken(raw, raw.fault)
    try:
        text, notes = decoded(raw.data, encoding)
    except UnknownEncoding as error:
        reason = _("the encoding of line %(line)d cannot be told.")
        return _broken(raw, reason % {"line": raw.line + error.line})
    try:
        return Item(raw.line, _parsed(text), notes)
    except ParseError:
        pass  # what is wrong may be mended, and if not it is told below
    except DefusedXmlException:
        return _broken(raw, _("it declares entities; it is not read."), text)
    try:
        text = mended(text)
        element = _parsed(text, undeclared=_PREFIX.findall(text))
    except (ParseError, DefusedXmlException) as error:
        line, _column = getattr(error, "position", (1, 0))
        reason = _("line %(line)d is no well-formed XML.")
        return _broken(raw, reason % {"line": raw.line + line - 1}, text)
    return Item(raw.line, element, [*notes, _("its XML was not well formed and was mended.")])


def _parsed(text: str, undeclared: Iterable[str] = ()) -> Element:
    """The element that `text` is. Raises ParseError, DefusedXmlException."""
    prefixes = dict.fromkeys([*_PREFIXES, *undeclared])
    declared = " ".join(
        f'xmlns:{prefix}="{prefix}"' for prefix in prefixes if prefix not in {"xml", "xmlns"}
    )
    return fromstring(f"<rss {declared}>{text}</rss>", forbid_dtd=True)[0]


def _broken(raw: RawItem, reason: str, text: str = "") -> BrokenItem:
    text = text or raw.data.decode("utf-8", errors="replace")
    number = _NUMBER.search(text)
    return BrokenItem(raw.line, int(number[1]) if number else 0, _title(text), reason)


def _title(text: str) -> str:
    """What an item that is no XML is called; "" where that cannot be told."""
    title, closed, _rest = text.partition("<title>")[2].partition("</title>")
    title = " ".join(title.split()).removeprefix("<![CDATA[").removesuffix("]]>").strip()
    return title if closed and len(title) <= _MOST_OF_A_TITLE else ""


def _tag(name: str) -> str:
    prefix, _colon, local = name.rpartition(":")
    return f"{{{prefix}}}{local}" if prefix else local
