"""The bytes of an item -> XML text to parse, with a word on each thing that was mended."""

import html
import re
from collections.abc import Callable

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

# What XML 1.0 forbids, as characters and as references to them.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# Of these the tab and the page break part words: they become spaces.
_BREAKS = {0x0B: " ", 0x0C: " "}
_REFERENCE = re.compile(r"&#(?:x(?P<hex>[0-9A-Fa-f]{1,8})|(?P<number>\d{1,9}));")

_HIGH_RUN = re.compile(rb"[\x80-\xff]+(?:[A-Za-z]?[\x80-\xff]+)*")
_CDATA = re.compile(r"<!\[CDATA\[.*?\]\]>", re.DOTALL)
_PROPER_SPLIT = "]]]]><![CDATA[>"  # how a "]]>" is written in character data
_NESTED = re.compile(
    r"<(?P<tag>[a-z]+:[a-z_]+|title)>\s*<!\[CDATA\[(?P<text>(?:(?!</(?P=tag)>).)*)\]\]>\s*"
    r"(?=</(?P=tag)>)",
    re.DOTALL,
)
_NEVER_CLOSED = re.compile(
    r"(<(?P<tag>[a-z]+:[a-z_]+|title)>\s*<!\[CDATA\[(?:(?!\]\]>|</(?P=tag)>).)*)(?=</(?P=tag)>)",
    re.DOTALL,
)
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
    """`text`, which is no well-formed XML, with the faults that have but one reading mended."""
    text = _NEVER_CLOSED.sub(r"\1]]>", text)
    text = _NESTED.sub(_one_section, text)
    return _outside_cdata(text, _escaped)


def _one_section(match: re.Match) -> str:
    """All of an element's text as one CDATA section, whatever sections stand within it."""
    plain = match["text"].replace(_PROPER_SPLIT, "]]>")
    return f"<{match['tag']}><![CDATA[{plain.replace(']]>', _PROPER_SPLIT)}]]>"


def _escaped(text: str) -> str:
    text = _NAMED.sub(lambda name: html.unescape(name[0]).replace("&", "&amp;"), text)
    text = _STRAY_AMPERSAND.sub("&amp;", text)
    return _STRAY_BRACKET.sub("&lt;", text).replace("]]>", "]]&gt;")


def _outside_cdata(text: str, change: Callable[[str], str]) -> str:
    parts, end = [], 0
    for section in _CDATA.finditer(text):
        parts += [change(text[end : section.start()]), section[0]]
        end = section.end()
    return "".join([*parts, change(text[end:])])
