"""From text to the tokens that an index keeps: pure, and the same for every database.

A token is a field's letter and what stands there, so that a set of tokens answers all that a
search asks, without positions:

    anepal      a Latin word or a number                             in the headline
    a난민들에   four syllables from each one on, fewer at the end    (a난민들에, a민들에게 …)
    e난민심이   the same, where it more likely straddles two words   (가난민심이)
    a^물        a word of one syllable, whatever follows it     (물, 물이, 물에서)
    a|난민|인권  what ends one word and begins the next
    a=2014-09   a date

Hangul is cut as Lucene's CJKAnalyzer does it, into overlapping grams, of four syllables instead
of two: a pair is then the beginning of a gram, a longer word is one or two, and no database has
to look at a text again to see whether pairs follow one another.
"""

import re
import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

HEADLINE, SUMMARY, BODY, REST = FIELDS = "abcd"
# The letter of grams that more likely straddle two words.
DOUBTFUL = dict(zip(FIELDS, "efgh", strict=True))

GRAM = 4  # syllables
LONGEST = 40  # characters of a Latin word
MOST_TOKENS = 30_000  # of one release; its words beyond are not found

# What nobody types: see contacts.text. Joiners tie letters of one word.
_UNSEEN = re.compile("[\xad\u200b-\u200f\u2060\ufe0e\ufe0f\ufeff]")
_ALIKE = str.maketrans(
    {
        **dict.fromkeys("“”„‟«»＂「」『』《》〈〉″", '"'),
        **dict.fromkeys("‘’‚‛′`´ʼʹ＇", "'"),
        **dict.fromkeys("‐‑‒–—―−﹣－", "-"),
        **{"ø": "o", "Ø": "o", "đ": "d", "Đ": "d", "ł": "l", "Ł": "l", "ı": "i", "æ": "ae"},
        **{"Æ": "ae", "œ": "oe", "Œ": "oe"},
    }
)
_ACCENTS = re.compile("([a-z])[\u0300-\u036f]+")
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")

HANGUL = "\u1100-\u11ff\ua960-\ua97c\uac00-\ud7a3\ud7b0-\ud7fb"
IDEOGRAPHS = (
    "\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
)
RUN = re.compile(
    f"(?P<hangul>[{HANGUL}]+)"
    f"|(?P<ideographs>[{IDEOGRAPHS}]+)"
    f"|(?P<latin>[^\\W_{HANGUL}{IDEOGRAPHS}]+)"
    "|(?P<sign>[\u2600-\u27bf\U0001f000-\U0001faff])"
)
DATE = re.compile(
    r"(?<![\w/.-])(?P<year>(?:19|20)\d\d)"
    r"(?:(?P<sign>[-/.]) ?(?P<month>\d{1,2})(?!\d)(?:(?P=sign) ?(?P<day>\d{1,2})(?!\d))?"
    r"|년 ?(?P<korean_month>\d{1,2})월(?: ?(?P<korean_day>\d{1,2})일)?)"
    f"(?![^\\W{HANGUL}{IDEOGRAPHS}])"
)

# What follows a noun in Korean; a word that ends so may have ended before it.
PARTICLES = frozenset("은는이가을를의에도로와과만")
ENDINGS = PARTICLES | {
    *("에서", "에게", "으로", "부터", "까지", "처럼", "보다", "라고", "이라고", "이다"),
    *("들", "들이", "들은", "들을", "들의", "들에게", "인", "께", "께서"),
}
# Syllables that stand before whole words: 전세계, 재정착.
BEFORE_WORDS = frozenset("전총신재각타반친비탈초현")

# Words that hold another one which they do not speak of: 결혼이주민 are no 주민.
LONGER = frozenset(["이주민"])


class Run(NamedTuple):
    """Letters that belong together: a Korean word, or a Latin one, or a number."""

    kind: str  # "hangul", "ideographs", "latin" or "sign"
    text: str
    start: int
    end: int

    @property
    def head(self) -> str:
        """What a word is known by to the one before it."""
        return self.text if self.kind in ("latin", "sign") else self.text[:2]

    @property
    def tail(self) -> str:
        """What a word is known by to the one after it."""
        return self.text if self.kind in ("latin", "sign") else self.text[-2:]


def normalised(text: str) -> str:
    """`text` as it is compared: NFKC, without case, Latin accents and unseen characters.

    Quotation marks, apostrophes and dashes are one of each; Hangul is left whole.
    """
    text = unicodedata.normalize("NFKD", _UNSEEN.sub("", text).translate(_ALIKE)).casefold()
    text = unicodedata.normalize("NFKC", _ACCENTS.sub(r"\1", text)).translate(_ALIKE)
    return _THOUSANDS.sub("", text)


def runs(text: str) -> Iterator[Run]:
    """The runs of normalised `text`, in order."""
    for match in RUN.finditer(text):
        run = match[0]
        yield Run(
            match.lastgroup, run[:LONGEST] if match.lastgroup == "latin" else run, *match.span()
        )


def dates(text: str) -> Iterator[str]:
    """The dates in normalised `text`, each as "2014-09" or "2014-09-09"."""
    for match in DATE.finditer(text):
        if date := written(match):
            yield date


def written(match: re.Match) -> str:
    """The date that DATE has found as "2014-09" or "2014-09-09", "" where there is none."""
    month = int(match["month"] or match["korean_month"])
    day = int(match["day"] or match["korean_day"] or 0)
    if not 1 <= month <= 12 or day > 31:
        return ""
    return f"{match['year']}-{month:02}" + (f"-{day:02}" if day else "")


def is_short(run: Run) -> bool:
    """Whether a Latin word says too little to stand for all that begin with it: UN, R&D, 19."""
    if run.kind not in ("latin", "sign"):
        return False
    return len(run.text) <= 2 or (run.text.isdecimal() and len(run.text) <= 3)


def singular(word: str) -> str:
    """An English word without its plural ending, "" where it has none that can be told."""
    if len(word) < 5 or not word.isascii() or not word.endswith("s"):
        return ""
    if word.endswith("ies"):
        return f"{word[:-3]}y"
    return "" if word.endswith(("ss", "us", "is")) else word[:-1]


def is_doubtful(word: str, start: int) -> bool:
    """Whether the syllables of Korean `word` from `start` on more likely straddle two words.

    A noun begins its word or comes after one of two syllables or more: 기후|난민. After a single
    syllable it is rather the end of another noun, 가난|민심; so it is where the last syllable is
    a particle after an odd number of them: 지역|사회|의 does not say 회의.
    """
    if start == 0:
        return False
    if start == 1 and word[0] not in BEFORE_WORDS:
        return True
    if word[start - 1 : start + 2] in LONGER:
        return True
    return start % 2 == 1 and len(word) - start == 2 and word[-1] in PARTICLES


def tokens(text: str, field: str) -> set[str]:
    """The tokens of `text`, whose lines stand apart, in `field`, one of FIELDS."""
    found: set[str] = set()
    for line in normalised(text).split("\n"):
        _add(line, field, found)
        if len(found) > MOST_TOKENS:
            break
    return found


def _add(line: str, field: str, found: set[str]) -> None:
    doubtful, before = DOUBTFUL[field], ""
    for kind, word, _start, _end in runs(line):
        if kind == "hangul":
            if word[1:] in ENDINGS or len(word) == 1:
                found.add(f"{field}^{word[0]}")
            found.add(field + word[:GRAM])
            for i in range(1, len(word)):
                letter = doubtful if is_doubtful(word, i) else field
                found.add(letter + word[i : i + GRAM])
            head, tail = word[:2], word[-2:]
        elif kind == "ideographs":
            found.update(field + word[i : i + GRAM] for i in range(len(word)))
            head, tail = word[:2], word[-2:]
        else:
            found.add(field + word)
            head = tail = word
        if before:
            found.add(f"{field}|{before}|{head}")
        before = tail
    for date in dates(line):
        found.add(f"{field}={date}")
        found.add(f"{field}={date[:7]}")
