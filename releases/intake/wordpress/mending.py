"""The bytes of an item -> XML text to parse, with a word on each thing that was mended."""

import html
import re
from bisect import bisect_left
from collections.abc import Callable

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

# What XML 1.0 forbids, as characters and as references to them.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# Of these the tab and the page break part words: they become spaces.
_BREAKS = {0x0B: " ", 0x0C: " "}
_REFERENCE = re.compile(r"&#(?:x(?P<hex>[0-9A-Fa-f]{1,8})|(?P<number>\d{1,9}));")

_HIGH_RUN = re.compile(rb"[\x80-\xff]+(?:[A-Za-z]?[\x80-\xff]+)*")
_PROPER_SPLIT = "]]]]><![CDATA[>"  # how a "]]>" is written in character data
_SECTION, _SECTION_ENDS = "<![CDATA[", "]]>"
_NAME = r"(?P<tag>[a-z]+:[a-z_]+|title)"
_OPENED = re.compile(rf"<{_NAME}>\s*<!\[CDATA\[")  # an element that begins with character data
_CLOSED = re.compile(rf"</{_NAME}>")
_STRAY_AMPERSAND = re.compile(r"&(?!(?:amp|lt|gt|quot|apos|#\d+|#x[0-9A-Fa-f]+);)")
_NAMED = re.compile(r"&(?!(?:amp|lt|gt|quot|apos);)[A-Za-z][A-Za-z0-9]*;")
_STRAY_BRACKET = re.compile(r"<(?![/!?A-Za-z])")


class UnknownEncoding(ValueError):
    """Bytes in no encoding that can be told for certain; `line` counts from the item's first."""

    def __init__(self, line: int):
        self.line = line
        super().__init__(line)


def decoded(data: bytes, encoding: str = "utf-8") -> tuple[str, list[str]]:
    """The text of `data`, and what had to be mended in it. Raises UnknownEncoding.

    `encoding` is what the export says of itself; each line that is not in it is taken for
    CP949 where it reads as Korean, or for Windows' Latin letters.
    """
    notes = []
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        lines = data.split(b"\n")
        text = "\n".join(_decoded_line(number, line) for number, line in enumerate(lines))
        notes.append(_("text in another encoding was read as CP949 (EUC-KR) or Windows-1252."))
    kept = _FORBIDDEN.sub("", text.translate(_BREAKS))
    without = _REFERENCE.sub(_allowed_reference, kept)
    if without != text:
        count = (
            len(_FORBIDDEN.findall(text))
            + len(_REFERENCE.findall(kept))
            - len(_REFERENCE.findall(without))
        )
        note = ngettext(
            "%(count)d character that XML forbids was dropped.",
            "%(count)d characters that XML forbids were dropped.",
            count,
        )
        notes.append(note % {"count": count})
    return without, notes


def _decoded_line(number: int, line: bytes) -> str:
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError:
        runs = _HIGH_RUN.findall(line)
    if all(len(run) == 1 for run in runs):
        return _strictly(number, line, "cp1252")
    if not any(map(_is_surely_utf8, runs)):
        try:
            return line.decode("cp949")
        except UnicodeDecodeError:
            pass  # the line holds several encodings
    text = _HIGH_RUN.sub(lambda run: _decoded_run(number, run[0]).encode(), line)
    return text.decode("utf-8")


def _is_surely_utf8(run: bytes) -> bool:
    """Whether a run of letters is UTF-8 in three bytes a letter, which Korean of old never is."""
    try:
        return any(letter >= "\u0800" for letter in run.decode("utf-8"))
    except UnicodeDecodeError:
        return False


def _decoded_run(number: int, run: bytes) -> str:
    """A run of letters, where one line holds several encodings."""
    try:
        return run.decode("utf-8")
    except UnicodeDecodeError:
        return _strictly(number, run, "cp1252" if len(run) == 1 else "cp949")


def _strictly(number: int, data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise UnknownEncoding(number) from error


def _allowed_reference(match: re.Match) -> str:
    code = int(match["hex"], 16) if match["hex"] else int(match["number"])
    if code > 0x10FFFF or _FORBIDDEN.match(chr(code)):
        return ""
    return match[0]


def mended(text: str) -> str:
    """`text`, which is no well-formed XML, with the faults that have but one reading mended.

    Each part of it is looked at a fixed number of times, however hostile it is.
    """
    return _outside_cdata(_with_whole_sections(text), _escaped)


def _with_whole_sections(text: str) -> str:
    """`text` with all of an element's character data in one section that ends with the element.

    That of an element which holds more than character data stays as it is.
    """
    ends = _places(text, _SECTION_ENDS)
    closings: dict[str, list[int]] = {}
    for closing in _CLOSED.finditer(text):
        closings.setdefault(closing["tag"], []).append(closing.start())
    is_followed: dict[int, bool] = {}  # whether more than white space stands before a closing tag
    parts, done = [], 0
    for opening in _OPENED.finditer(text):
        tag, start = opening["tag"], opening.end()
        if opening.start() < done or (closing := _next(closings.get(tag, []), start)) is None:
            continue
        last = _last_before(ends, closing)
        if last is None or last < start:
            last = closing  # its section is never closed
        else:
            if closing not in is_followed:
                rest = text[last + len(_SECTION_ENDS) : closing]
                is_followed[closing] = bool(rest.strip())
            if is_followed[closing]:
                continue
        inner = text[start:last]
        plain = inner.replace(_PROPER_SPLIT, _SECTION_ENDS)
        whole = plain.replace(_SECTION_ENDS, _PROPER_SPLIT)
        parts += [text[done : opening.start()], f"<{tag}>{_SECTION}{whole}{_SECTION_ENDS}"]
        done = closing
    return "".join([*parts, text[done:]])


def _places(text: str, words: str) -> list[int]:
    """Where `words` stand in `text`, in order."""
    return [found.start() for found in re.finditer(re.escape(words), text)]


def _next(places: list[int], at: int) -> int | None:
    """The first of `places`, which are in order, from `at` on."""
    index = bisect_left(places, at)
    return places[index] if index < len(places) else None


def _last_before(places: list[int], end: int) -> int | None:
    index = bisect_left(places, end)
    return places[index - 1] if index else None


def _escaped(text: str) -> str:
    text = _NAMED.sub(lambda name: html.unescape(name[0]).replace("&", "&amp;"), text)
    text = _STRAY_AMPERSAND.sub("&amp;", text)
    return _STRAY_BRACKET.sub("&lt;", text).replace("]]>", "]]&gt;")


def _outside_cdata(text: str, change: Callable[[str], str]) -> str:
    parts, done = [], 0
    while (start := text.find(_SECTION, done)) >= 0:
        end = text.find(_SECTION_ENDS, start)
        if end < 0:
            break
        end += len(_SECTION_ENDS)
        parts += [change(text[done:start]), text[start:end]]
        done = end
    return "".join([*parts, change(text[done:])])
