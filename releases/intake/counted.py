"""Is every word of a source on its page? Counted by other means than those that converted it."""

import re
import unicodedata
from collections import Counter
from html import unescape

from django.utils.translation import ngettext

from releases.fields import STRAY_BRACKET
from releases.prose import lines

from .markup import only_tags
from .posts import Words

MOST_TOLD = 8  # words that are named
WAYS = (True, False)  # in which `source_text` reads
_WORD = re.compile(r"\w+")
_TAG = re.compile(r"""<(/?)([A-Za-z][A-Za-z0-9:-]*)(?:[^<>"']|"[^"]*"|'[^']*')*>""")
# Elements that part no word from the next.
_INLINE = {
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "del", "dfn", "em", "font",
    "i", "ins", "kbd", "mark", "q", "s", "samp", "small", "span", "strike", "strong", "sub", "sup",
    "tt", "u", "var", "wbr", "time", "label", "nobr", "blink",
}  # fmt: skip
# What only says which detail follows, or joins one contact to the next: the page says it itself.
_LABELS = {
    "tel", "telephone", "phone", "ph", "mobile", "mob", "cell", "hp", "t", "m", "fax", "f", "email",
    "e", "mail", "name", "contact", "person", "or", "and", "at", "of", "from", "for",
    "전화", "전화번호", "휴대전화", "휴대폰", "연락처", "이메일", "메일", "전자우편", "담당",
    "담당자", "성명", "이름", "문의", "문의처", "또는", "및", "로", "으로", "에게", "에",
}  # fmt: skip


def words_of(text: str) -> Counter[str]:
    """The words of a plain text and how often each stands in it."""
    return Counter(_WORD.findall(unicodedata.normalize("NFC", text).casefold()))


def source_text(html: str, strays_part: bool = True) -> str:
    """The words of HTML as it was written; a tag that is no inline one parts them.

    `strays_part`: so does the end of an element that was never opened. What a reader saw there
    hangs on where it stood, so that both are true to the source.
    """
    text = STRAY_BRACKET.sub("&lt;", only_tags(html))
    opened: Counter[str] = Counter()

    def gap(tag: re.Match) -> str:
        name = tag[2].lower()
        if name in _INLINE or ":" in name:
            return " " if "wp-block-file__button" in tag[0] else ""
        if not tag[1]:
            opened[name] += 1
        elif opened[name]:
            opened[name] -= 1
        elif not strays_part:
            return ""
        return " "

    return unescape(_TAG.sub(gap, text))


class Compared:
    """The words of `title` and of HTML `sources` beside those of HTML `pages`, read once."""

    def __init__(self, title: str, sources: list[str], pages: list[str]):
        # In each way in which `source_text` reads.
        texts = ("\n".join([title, *(source_text(html, way) for html in sources)]) for way in WAYS)
        self._there = [words_of(text) for text in dict.fromkeys(texts)]
        self._here = words_of("\n".join(map(lines, pages)))

    def counted(self, aside: list[tuple[str, str]]) -> Words:
        """Where the words of the sources went: to the pages, or `aside`.

        What stands aside comes as (kind, words). Of "labels" only those words count that are
        labels.
        """
        found = [_counted(there, self._here, aside) for there in self._there]
        return min(found, key=lambda words: len(words.lost))

    def surplus(self, by_design: list[str]) -> list[str]:
        """The words of the pages that stand neither in the sources nor `by_design`.

        Each as often as it is one too many, in the order of the alphabet.
        """
        here = self._here - words_of("\n".join(by_design))
        found = [here - there for there in self._there]
        return sorted(min(found, key=Counter.total).elements())


def told_of_surplus(words: list[str]) -> str:
    """What a person is told of words too many."""
    message = ngettext(
        "%(count)d word stands in the text that the source has not got: %(words)s.",
        "%(count)d words stand in the text that the source has not got: %(words)s.",
        len(words),
    )
    named = ", ".join(f"“{word}”" for word in words[:MOST_TOLD])
    return message % {"count": len(words), "words": named}


def _counted(there: Counter[str], here: Counter[str], aside: list[tuple[str, str]]) -> Words:
    total, page = there.total(), there & here
    left = there - page
    set_aside: dict[str, int] = {}
    for kind, text in aside:
        words = words_of(text)
        if kind == "labels":
            words = Counter({word: n for word, n in words.items() if word in _LABELS})
        taken = left & words
        left -= taken
        if taken:
            set_aside[kind] = set_aside.get(kind, 0) + taken.total()
    return Words(total, page.total(), tuple(set_aside.items()), tuple(sorted(left.elements())))
