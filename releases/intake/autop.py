"""Text with blank lines between its paragraphs, as it was typed in WordPress -> HTML.

A blank line parts paragraphs, a single line end is a line break, and tags stand as they are.
"""

import re

from .markup import CONTAINERS, WORDED

_CONTAINER = "|".join(sorted((CONTAINERS - {""}) | {"hr", "iframe", "object"}, key=len)[::-1])
_WORDED = "|".join(sorted(WORDED, key=len)[::-1])
_AS_IT_IS = re.compile(
    r"<(pre|script|style|textarea)\b(?:(?!<\1\b).)*?</\1\s*>", re.DOTALL | re.IGNORECASE
)
_TAG = re.compile(r"</?[A-Za-z][^<>]*>")
_BREAK = re.compile(r"[ \t]*<br\s*/?>[ \t]*\n?", re.IGNORECASE)
_AROUND = re.compile(rf"(</?(?:{_CONTAINER})(?:\s[^<>]*)?/?>)", re.IGNORECASE)
_OPENING = re.compile(rf"(<(?:{_WORDED})(?:\s[^<>]*)?>)\s*", re.IGNORECASE)
_CLOSING = re.compile(rf"\s*(</(?:{_WORDED})\s*>)", re.IGNORECASE)
_ONLY_TAG = re.compile(rf"</?(?:{_CONTAINER})(?:\s[^<>]*)?/?>", re.IGNORECASE)
_OPENS_WORDED = re.compile(rf"<(?:{_WORDED})(?:\s[^<>]*)?>", re.IGNORECASE)
_KEPT = "\x00{}\x00"
_KEPT_PLACE = re.compile("\x00(\\d+)\x00")


def autop(text: str) -> str:
    """`text` with its paragraphs and line breaks as tags."""
    kept: list[str] = []

    def keep(match: re.Match) -> str:
        kept.append(match[0])
        return "\n\n" + _KEPT.format(len(kept) - 1) + "\n\n"

    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")
    text = _AS_IT_IS.sub(keep, text)
    text = _TAG.sub(lambda tag: tag[0].replace("\n", " "), text)
    text = _BREAK.sub("\n", text)
    text = _AROUND.sub(r"\n\n\1\n\n", text)
    text = _OPENING.sub(r"\n\n\1", text)
    text = _CLOSING.sub(r"\1\n\n", text)
    html = "\n".join(map(_paragraph, re.split(r"\n\s*\n", text)))
    return _KEPT_PLACE.sub(lambda match: kept[int(match[1])], html)


def _paragraph(text: str) -> str:
    text = text.strip()
    if not text or _ONLY_TAG.fullmatch(text) or _KEPT_PLACE.fullmatch(text):
        return text
    text = text.replace("\n", "<br>")
    return text if _OPENS_WORDED.match(text) else f"<p>{text}</p>"
