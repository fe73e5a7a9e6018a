"""Numbers that stand in one language and not in the other.

A translation may spell a number out, round it, or leave a sentence away. So this looks for
values and not for digits ("1만 2천" is 12,000), lets words and rounded numbers answer for exact
ones, and reports only what has no counterpart at all. How often a value stands does not count:
a translation repeats itself where the original says "they".
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from django.utils.translation import gettext as _

from contacts.bilingual import LANGUAGES

from .dates import MONTHS
from .findings import Finding, Level, at_field
from .sheet import LINK, Passage, Sheet

# Below this a language says it in a word ("both", "한 달", "양국"), or not at all.
SMALLEST = 3
# A headline of the other language tells less than the text, and so does a short translation:
# below this share of what a whole one would have, only its own numbers are looked for.
WHOLE = 0.55
LATIN_LETTERS_PER_SYLLABLE = 2.4
MOST_NAMED = 8  # numbers in one finding

SMALL_UNITS = {"": 1, "십": 10, "백": 100, "천": 1_000}
LARGE_UNITS = {"": 1, "만": 10**4, "억": 10**8, "조": 10**12}
ENGLISH_UNITS = {
    "hundred": 100, "thousand": 1_000, "million": 10**6, "billion": 10**9, "trillion": 10**12,
    "mn": 10**6, "bn": 10**9,
}  # fmt: skip
ENGLISH_WORDS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
    "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14,
    "fifteen": 15, "sixteen": 16, "seventeen": 17, "eighteen": 18, "nineteen": 19,
    "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70,
    "eighty": 80, "ninety": 90,
    "first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7,
    "eighth": 8, "ninth": 9, "tenth": 10, "eleventh": 11, "twelfth": 12,
    "dozen": 12, "half": 50, "quarter": 25, "twice": 2, "thrice": 3, "double": 2, "triple": 3,
    "decade": 10, "century": 100, "fortnight": 14,
}  # fmt: skip
KOREAN_WORDS = {
    "하나": 1, "한": 1, "두": 2, "둘": 2, "세": 3, "셋": 3, "석": 3, "네": 4, "넷": 4, "넉": 4,
    "다섯": 5, "여섯": 6, "일곱": 7, "여덟": 8, "아홉": 9, "열": 10, "열한": 11, "열두": 12,
    "스무": 20, "스물": 20, "서른": 30, "마흔": 40, "쉰": 50, "예순": 60, "일흔": 70, "여든": 80,
    "아흔": 90, "절반": 50, "반": 50,
    "삼": 3, "사": 4, "오": 5, "육": 6, "칠": 7, "팔": 8, "구": 9, "십": 10,
}  # fmt: skip

_DIGITS = r"(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)"
# Nothing but a unit: 백신 is a vaccine, 천막 a tent, 조항 an article.
_KOREAN = re.compile(
    rf"(?P<digits>{_DIGITS})(?P<small>천(?!막)|백(?!신)|십)?"
    r"(?P<large>만|억|조(?=\s?(?:원|달러|유로|엔|\d)))?"
)
# What the parts of one number may have between them: "1만 2천", "12만3,000".
_JOINED = re.compile(r"\s?")
_ENGLISH = re.compile(
    rf"(?P<digits>{_DIGITS})(?:[\s-](?P<unit>hundred|thousand|million|billion|trillion|mn|bn)\b)?",
    re.IGNORECASE,
)
_ENGLISH_SPELT = re.compile(
    r"(?<!\d[\s-])\b(?:(?:"
    + "|".join(sorted(ENGLISH_WORDS, key=len, reverse=True))
    + r"|hundred|thousand"
    r"|million|billion)s?(?:[\s-]+(?:and\s+|of\s+a\s+|a\s+)?(?=[a-z]))?)+",
    re.IGNORECASE,
)
_KOREAN_SPELT = re.compile(
    "(?<![가-힣])(?:제\\s?)?(?P<word>" + "|".join(sorted(KOREAN_WORDS, key=len, reverse=True)) + ")"
)
_KOREAN_UNIT_ALONE = re.compile(
    r"(?<![가-힣\d])(?:약\s?|수\s?)?(?P<small>[천백십]?)(?P<large>[만억]?)(?<=[천백만억])\s?"
    r"(?:여\s?)?(?=명|개|달러|가구|건|톤)"
)

_MONTH = "|".join(map(str.capitalize, sorted(MONTHS, key=len, reverse=True)))
# What is no quantity. Each is taken out before the rest is read; none may read a long run of
# figures or letters more than once, or a pasted table would hold up the desk.
_ADDRESS = re.compile(r"https?://\S+|www\.\S+|(?<![\w.+-])[\w.+-]{1,64}@[\w.-]+")
_PHONE = re.compile(
    r"(?:\+|\b00)\d[\d\s().-]{6,25}\d|\b0\d{1,3}[-.\s)]\s?\d{3,4}[-.\s]\d{4}"
    r"|(?:Tel|Phone|Fax|Mobile|전화|팩스)[.:\s]{1,3}[\d\s().+-]{5,30}",
    re.IGNORECASE,
)
_CODE = re.compile(
    r"(?:(?<![A-Za-z.])[A-Za-z][A-Za-z.]*[-–]?\d[\d.]*\w*)"
    r"|(?<!\d)\d+(?:(?:st|nd|rd|th)\b|[A-Za-z]{1,2}\d+)"
)
_ORDINAL = re.compile(r"(?:제\s?\d+\s?(?:차|회|조|호|항|기|대)?)|(?<!\d)\d+\s?(?:번째|차례)")
_CLOCK = re.compile(
    r"\d{1,2}:\d{2}|\d{1,2}(?:\.\d{2})?\s?[ap]\.?m\b\.?|(?:오전|오후)\s?\d{1,2}시(?:\s?\d{1,2}분)?"
    r"|\d{1,2}시\s?\d{1,2}분|\d{1,2}시(?=에|부터|까지|\s|$)",
    re.IGNORECASE,
)
_WON = re.compile(
    rf"(?<![\d,.])\d[\d,.천백십만억조 ]{{0,30}}여?\s?(?:원(?!조)|won\b)|(?:KRW|₩)\s?{_DIGITS}"
)
_SHARE = re.compile(r"(?<!\d)\d+\s?분의\s?\d+|(?<!\d)\d{1,2}/\d{1,2}(?!\d)")
_DATES = {
    "ko": re.compile(
        r"(?:(?P<year>\d{4})\s?년\s?)?(?P<month>\d{1,2})월(?:\s?(?P<day>\d{1,2})일(?!간))?(?!\d)"
        r"|(?P<year2>\d{4})\s?[./-]\s?(?P<month2>\d{1,2})\s?[./-]\s?(?P<day2>\d{1,2})"
        r"|(?P<year3>(?:19|20)\d{2})\s?년(?:도|대)?"
    ),
    "en": re.compile(
        rf"\b(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?(?P<month>{_MONTH})\b\.?"
        r"(?:,?\s+(?P<year>\d{4})\b)?"
        rf"|\b(?P<month2>{_MONTH})\b\.?(?:\s+(?P<day2>\d{{1,2}})(?:st|nd|rd|th)?\b(?!,\d))?"
        r"(?:,?\s+(?P<year2>(?:19|20)\d{2})\b)?"
        r"|(?<![\d,.$€£])(?P<year3>(?:19|20)\d{2})s?\b(?![,.]\d)(?!\s?(?:%|per\s?cent|people|migrants"
        r"|families|tons|kits|households|refugees))"
    ),
}
# A day without its month: "7일", which "10일" for ten days looks like.
_DAY_ALONE = re.compile(r"(?<![\d,.])(?P<day>\d{1,2})일(?!간|\s?동안|\s?이상)")


@dataclass
class Numbers:
    """What a text says in numbers: value -> as it is written."""

    exact: dict[Decimal, str] = field(default_factory=dict)
    spelt: set[Decimal] = field(default_factory=set)  # words, and days that may be durations
    days: dict[tuple[int, int], str] = field(default_factory=dict)  # month, day
    years: dict[int, str] = field(default_factory=dict)


def numbers_agree(sheet: Sheet) -> Iterator[Finding]:
    """Headline and text of one language against those of the other."""
    sides = {lang: _side(sheet, lang) for lang in LANGUAGES}
    read = {lang: _read_all(side, lang) for lang, side in sides.items()}
    if not all(sides.values()):
        return
    size = {lang: _size(side, lang) for lang, side in sides.items()}
    for lang, other in (("ko", "en"), ("en", "ko")):
        if size[other] < WHOLE * size[lang]:
            continue
        missing = [
            written
            for value, written in read[lang].exact.items()
            if value >= SMALLEST and not _answered(value, read[other])
        ]
        if missing:
            named = ", ".join(missing[:MOST_NAMED])
            where = sides[lang][-1].field
            yield Finding(
                Level.WARNING,
                where,
                at_field(where, named),
                _("The Korean has a number that the English has not.")
                if lang == "ko"
                else _("The English has a number that the Korean has not."),
                _("Compare both: one of them may have been mistyped or left out."),
            )
    yield from _days_agree(sides, read)


def _side(sheet: Sheet, lang: str) -> list[Passage]:
    """Headline and text in `lang`, the text last."""
    passages = [sheet.passage(f"title_{lang}"), sheet.passage(f"body_{lang}")]
    return [passage for passage in passages if passage.text]


def _size(side: list[Passage], lang: str) -> float:
    letters = sum(len(passage.text) for passage in side)
    return letters * (LATIN_LETTERS_PER_SYLLABLE if lang == "ko" else 1)


def _days_agree(sides: dict[str, list[Passage]], read: dict[str, Numbers]) -> Iterator[Finding]:
    """Days and years, which a translation may put as "last Sunday" or "this year".

    So one is only named where each language has one that the other has not.
    """
    for kind in ("days", "years"):
        korean, english = getattr(read["ko"], kind), getattr(read["en"], kind)
        only_korean = [written for value, written in korean.items() if value not in english]
        only_english = [written for value, written in english.items() if value not in korean]
        if kind == "days":
            alone = {int(value) for value in read["ko"].spelt if value == int(value)}
            only_english = [
                w for (m, d), w in english.items() if (m, d) not in korean and d not in alone
            ]
        if only_korean and only_english:
            where = sides["ko"][-1].field
            yield Finding(
                Level.WARNING,
                where,
                at_field(where, ", ".join(only_korean[:MOST_NAMED])),
                _("The English says %(english)s instead.")
                % {"english": ", ".join(only_english[:MOST_NAMED])},
                _("Compare both: one of the dates may have been mistyped."),
            )


def _answered(value: Decimal, other: Numbers) -> bool:
    """Whether `other` says `value`, spells it, or has it rounded or more exactly."""
    return (
        value in other.exact
        or value in other.spelt
        or any(_rounds(value, another) or _rounds(another, value) for another in other.exact)
        or any(value == day for _month, day in other.days)
        or int(value) in other.years
    )


def _rounds(exact: Decimal, rounded: Decimal) -> bool:
    """Whether `rounded` is `exact` with fewer figures: 862,458 as 860,000 or 862,000."""
    if not (100 <= exact < 10**18 and 100 <= rounded < 10**18):
        return False
    figures = len(str(rounded.normalize()).replace(".", "").split("E")[0])
    if figures >= len(str(exact.normalize()).replace(".", "").split("E")[0]):
        return False
    step = Decimal(10) ** (rounded.adjusted() - figures + 1)
    # 1,671 is "some 1,700" and "over 1,600": both are in use.
    return rounded in ((exact // step) * step, ((exact + step / 2) // step) * step)


def _read_all(side: list[Passage], lang: str) -> Numbers:
    numbers = Numbers()
    for passage in side:
        for paragraph in passage.paragraphs:
            read_numbers(paragraph.text.replace(LINK, " "), lang, numbers)
    return numbers


def read_numbers(text: str, lang: str, numbers: Numbers) -> None:
    """Add what `text` says in numbers to `numbers`."""
    for pattern in (_ADDRESS, _PHONE):
        text = pattern.sub(" ; ", text)
    text = _take_dates(text, lang, numbers)
    for pattern in (_CLOCK, _ORDINAL, _CODE, _SHARE, _WON):
        text = pattern.sub(" ; ", text)
    if lang == "ko":
        for match in _DAY_ALONE.finditer(text):
            numbers.spelt.add(Decimal(match["day"]))
        text = _DAY_ALONE.sub(" ; ", text)
        _read_korean(text, numbers)
    else:
        _read_english(text, numbers)


def _take_dates(text: str, lang: str, numbers: Numbers) -> str:
    def take(match: re.Match) -> str:
        groups = match.groupdict()
        month, day = groups["month"] or groups["month2"], groups["day"] or groups["day2"]
        year = groups["year"] or groups["year2"] or groups["year3"]
        written = match[0].strip()
        if month and day:
            number = int(month) if month.isdigit() else MONTHS[month.casefold()]
            numbers.days.setdefault((number, int(day)), written)
        if year:
            numbers.years.setdefault(int(year), year)
        return " ; "

    return _DATES[lang].sub(take, text)


def _read_korean(text: str, numbers: Numbers) -> None:
    """Parts that follow each other are one number while they fall: "1억 2천만", "3천2백만"."""
    total = section = Decimal(0)
    written, below, end = "", Decimal(0), -1
    for match in _KOREAN.finditer(text):
        value = _decimal(match["digits"]) * SMALL_UNITS[match["small"] or ""]
        if not (end >= 0 and value < below and _JOINED.fullmatch(text, end, match.start())):
            _add(numbers, total + section, written)
            total = section = Decimal(0)
            written, end = "", match.start()
        section += value
        below = Decimal(SMALL_UNITS[match["small"] or ""])
        if match["large"]:
            total, section = total + section * LARGE_UNITS[match["large"]], Decimal(0)
            below = Decimal(LARGE_UNITS[match["large"]])
        written += text[end : match.end()]
        end = match.end()
    _add(numbers, total + section, written)
    for match in _KOREAN_SPELT.finditer(text):
        numbers.spelt.add(Decimal(KOREAN_WORDS[match["word"]]))
    for match in _KOREAN_UNIT_ALONE.finditer(text):
        small, large = match["small"] or "", match["large"] or ""
        numbers.spelt.add(Decimal(SMALL_UNITS[small] * LARGE_UNITS[large]))


def _read_english(text: str, numbers: Numbers) -> None:
    for match in _ENGLISH.finditer(text):
        unit = ENGLISH_UNITS[match["unit"].casefold()] if match["unit"] else 1
        _add(numbers, _decimal(match["digits"]) * unit, match[0])
    for match in _ENGLISH_SPELT.finditer(text):
        words = re.findall(r"[a-z]+", match[0].casefold())
        _add_spelt(numbers, [word for word in words if word not in ("and", "of", "a")])


def _add_spelt(numbers: Numbers, words: list[str]) -> None:
    """ "twenty-five thousand" is 25,000; each of its parts may be meant as well."""
    total = current = Decimal(0)
    for word in words:
        singular = (
            word if word in ENGLISH_WORDS or word in ENGLISH_UNITS else word.removesuffix("s")
        )
        if singular in ENGLISH_UNITS:
            unit = ENGLISH_UNITS[singular]
            if words[0] == "half":
                numbers.spelt.add(Decimal(unit) / 2)
            if unit == 100:
                current = (current or 1) * unit
            else:
                total, current = total + (current or 1) * unit, Decimal(0)
        elif singular in ENGLISH_WORDS:
            numbers.spelt.add(Decimal(ENGLISH_WORDS[singular]))
            current += ENGLISH_WORDS[singular]
    numbers.spelt.add(total + current)


def _add(numbers: Numbers, value: Decimal, written: str) -> None:
    if written:
        numbers.exact.setdefault(value, written.strip())


def _decimal(digits: str) -> Decimal:
    return Decimal(digits.replace(",", ""))
