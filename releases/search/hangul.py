"""Hangul letter by letter: for what is still being typed, was mistyped, or is named by initials."""

import re
import unicodedata

from .words import normalised

_FINALS = [
    *(
        "ᄀ",
        "ᄁ",
        "ᄀᄉ",
        "ᄂ",
        "ᄂᄌ",
        "ᄂᄒ",
        "ᄃ",
        "ᄅ",
        "ᄅᄀ",
        "ᄅᄆ",
        "ᄅᄇ",
        "ᄅᄉ",
        "ᄅᄐ",
        "ᄅᄑ",
    ),
    *("ᄅᄒ", "ᄆ", "ᄇ", "ᄇᄉ", "ᄉ", "ᄊ", "ᄋ", "ᄌ", "ᄎ", "ᄏ", "ᄐ", "ᄑ", "ᄒ"),
]
_AS_INITIALS = {0x11A8 + i: letters for i, letters in enumerate(_FINALS)}
_INITIALS = re.compile("[\u1100-\u1112 ]+")
_SYLLABLE = re.compile("[\uac00-\ud7a3]")


def letters(text: str) -> str:
    """`text` normalised, its Hangul in single letters: 멕 and ㅁㅔㄱ are the same.

    A consonant is the same wherever it stands: somebody who types 멕시코 writes 멕싴 before.
    """
    return unicodedata.normalize("NFD", normalised(text)).translate(_AS_INITIALS)


def initials(text: str) -> str:
    """The initial consonants of the syllables of `text`, without its spaces: 남수단 -> ㄴㅅㄷ."""
    return "".join(unicodedata.normalize("NFD", s)[0] for s in _SYLLABLE.findall(normalised(text)))


def asked_initials(text: str) -> str:
    """`text` as initial consonants where it is nothing else, else ""."""
    asked = letters(text)
    return asked.replace(" ", "") if _INITIALS.fullmatch(asked) else ""


def distance(one: str, other: str, most: int) -> int:
    """How many letters have to be changed, put in or left out; `most` + 1 if more than `most`."""
    if abs(len(one) - len(other)) > most:
        return most + 1
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        before, row[0] = row[0], i
        for j, b in enumerate(other, 1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (a != b))
        if min(row) > most:
            return most + 1
    return row[-1]
