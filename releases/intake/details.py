"""One line of a contact block -> its words, phones and emails, in their order."""

import re
from collections.abc import Iterator
from enum import Enum
from typing import NamedTuple

MOST_OF_A_NAME = 150  # characters; the same goes for an office
MOST_OF_A_PHONE = 100
MOST_OF_AN_EMAIL = 254


class Kind(Enum):
    WORDS = "words"
    PHONE = "phone"
    EMAIL = "email"
    OTHER = "other"  # a fax, a web address, a number too long: nothing that a contact has


class Piece(NamedTuple):
    """A part of a line: what it is, and its text as printed, without the label before it."""

    kind: Kind
    text: str


# A phone as it is printed: "+ 44 (0)207 375 6030", "044)203-6267", "202/224-6167", with what
# may follow it, "043-931-0634, 0632", "730-3440~1", "401-222-2601, extension 149".
_NUMBER = (
    r"\(?\+?\s?[\d(](?:[\d\s().~∼〜‐‑–−－-]|(?<=\d)/(?=\d)){4,}\d"
    r"(?:\s*[,/·]\s*[+(]?\d[\d\s()~∼〜‐‑–−－-]+\d)*"
    r"(?:,?\s*\(?(?:ext(?:ension)?\.?|내선(?:\s?번호)?)\s*\d+\)?)?(?!\w)"
)
_TEL = (
    r"(?:(?<!\w)(?:Tel(?:ephone)?(?:\s?/\s?Fax)?|Phone|Ph|Mobile|Mob|Cell|HP|T|M)(?![^\W\d_])"
    r"|전화(?:번호)?|휴대(?:전화|폰)|연락처|[☎☏])"
)
_FAX = r"(?:(?<!\w)(?:Fax|F)(?![^\W\d_])|팩스)"
_EMAIL = r"(?:(?<!\w)(?:E-?mail|Mail|E)(?![^\W\d_])|이메일|메일|전자우편)"
_MARK = r"\s*[.:：)]*\s*"
# Hangul belongs to an address that is all Hangul; else it is a particle behind it.
_ADDRESS = (
    r"(?<![A-Za-z0-9._%+'-])(?:[A-Za-z0-9][A-Za-z0-9._%+'-]*|[가-힣][가-힣0-9._-]*)"
    r"@(?:(?:[A-Za-z0-9-]+|[가-힣]+)\.)+(?:xn--[A-Za-z0-9-]+|[A-Za-z]{2,}|[가-힣]{2,})(?!@)"
)
_DETAIL = re.compile(
    rf"(?:{_EMAIL}{_MARK})?(?P<email>{_ADDRESS})"
    rf"|(?P<fax>{_FAX}{_MARK}{_NUMBER})"
    rf"|{_TEL}{_MARK}(?P<marked>{_NUMBER})"
    # Without a label a number is a phone where it begins as one.
    rf"|(?<![\w+(.-])(?P<bare>(?=\(?\s?[+0]){_NUMBER})",
    re.IGNORECASE,
)
_ONLY_A_NUMBER = re.compile(_NUMBER)
# A single letter with a full stop is an initial: "M. Name".
_LABEL = rf"(?:{_TEL}|{_FAX}|{_EMAIL})(?:\s*[:：]|(?<=\w\w)\.|(?<=[☎☏]))"
_ONLY_A_LABEL = re.compile(rf"{_LABEL}\s*", re.IGNORECASE)
_LABELLED = re.compile(rf"{_LABEL}\s*\S.*", re.IGNORECASE)
_ODD_PHONE = re.compile(rf"{_TEL}\s*[.:：]\s*(?P<phone>[^@]+)", re.IGNORECASE)
_DIGITS_OF_A_PHONE = 6

_NO_WORDS = re.compile(r"[@＠]|https?:|\bwww\.|\bfax\b|팩스|\bskype\b|\btwitter\b", re.IGNORECASE)
_WHO = re.compile(r"^(?:담당자?|성명|이름|Name|Contact(?: person)?)\s*[:：]\s*", re.IGNORECASE)
# What joins one contact to the next; the particles stand right behind an address.
_JOINT = re.compile(
    r"^(?:or|and|또는|및|으?로|에게?)(?:\s|$)|(?:^|\s)(?:or|and|또는|및)$", re.IGNORECASE
)
_BEFORE = " \t,;:|/·.-–—)]>"
_BEHIND = " \t,;:|/·-–—([<"


def pieces(text: str) -> list[Piece]:
    """The pieces of a folded line; none for an empty line or a label without a value."""
    if _ONLY_A_LABEL.fullmatch(text):
        return []
    if _ONLY_A_NUMBER.fullmatch(text):
        return [_phone(text)]
    odd = _ODD_PHONE.fullmatch(text)
    if odd and not _DETAIL.match(text) and _digits(odd["phone"]) >= _DIGITS_OF_A_PHONE:
        return [_phone(odd["phone"])]
    if _LABELLED.fullmatch(text) and not _DETAIL.match(text):
        return [Piece(Kind.OTHER, text)]
    return list(_pieces(text))


def _digits(text: str) -> int:
    return sum(map(str.isdecimal, text))


def _pieces(text: str) -> Iterator[Piece]:
    end = 0
    for match in _DETAIL.finditer(text):
        yield from _words(text[end : match.start()])
        end = match.end()
        if email := match["email"]:
            yield Piece(Kind.EMAIL if len(email) <= MOST_OF_AN_EMAIL else Kind.OTHER, email)
        elif match["fax"]:
            yield Piece(Kind.OTHER, match["fax"])
        else:
            yield _phone(match["marked"] or match["bare"])
    yield from _words(text[end:])


def _phone(number: str) -> Piece:
    # A bracket that holds the whole number was printed round it, not in it.
    if number.startswith("(") and number.find(")") in (-1, len(number) - 1):
        number = number.strip("()")
    number = number.strip()
    return Piece(Kind.PHONE if len(number) <= MOST_OF_A_PHONE else Kind.OTHER, number)


def _words(text: str) -> Iterator[Piece]:
    words = text.lstrip(_BEFORE).rstrip(_BEHIND)
    words = _JOINT.sub("", words).lstrip(_BEFORE).rstrip(_BEHIND)
    words = _WHO.sub("", words)
    if words:
        yield Piece(Kind.OTHER if _NO_WORDS.search(words) else Kind.WORDS, words)
