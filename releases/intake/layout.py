"""The lines that frame a release in the old site's plain-text layout.

    (2014/9/9) headline
    Place - first paragraph
    …
    For more information, please contact
    office / name / Tel. … / Email: …
    Posted on Tue, Sep-09-2014
    정정 2014-09-10 09:30: what was corrected
    최신보도자료 모음 돌아가기
    Views – 234

Each function looks at one line that `fold` has prepared. Reading (`pasted`) and writing
(`releases.plain_text`) both rest on them, so that what one writes the other reads.
"""

import re
from dataclasses import dataclass
from datetime import date

# Opens a line of the text that would otherwise be read as part of the frame. It is the word
# joiner, which takes no room and breaks nothing where it stands.
PLAIN = "\u2060"

BACK_LINK = "최신보도자료 모음 돌아가기"

# What stands above the contacts where a release says nothing else, by the text's language.
USUAL_HEADING = {"en": "For more information, please contact", "ko": "문의"}

FIRST_YEAR = 1900  # a year before it was mistyped

_DASH = "[-‐‑‒–—―－]"
_SEPARATOR = rf"\s*(?:[/／.．년월]|{_DASH})\s*"
_HEADLINE = re.compile(
    rf"[(（\[［]\s*(?P<year>\d{{2,4}}){_SEPARATOR}(?P<month>\d{{1,2}}){_SEPARATOR}"
    r"(?P<day>\d{1,2})\s*(?:일|[.．])?\s*[)）\]］]\s*(?P<title>.*)"
)

_MONTHS = {
    "jan": 1, "feb": 2, "mar": 3, "apr": 4, "may": 5, "jun": 6,
    "jul": 7, "aug": 8, "sep": 9, "oct": 10, "nov": 11, "dec": 12,
}  # fmt: skip
_MONTH = r"(?P<month>[A-Za-z]{3,9}|\d{1,2})\.?"
_WEEKDAYS = {
    "mon": 0, "tue": 1, "wed": 2, "thu": 3, "fri": 4, "sat": 5, "sun": 6,
    "월": 0, "화": 1, "수": 2, "목": 3, "금": 4, "토": 5, "일": 6,
}  # fmt: skip
_WEEKDAY = r"(?:(?P<weekday>[A-Za-z]{3,9}|[월화수목금토일](?:요일)?)?\s*[.,]?\s*)"
_POSTED = [
    re.compile(rf"Posted on\s*:?\s*{_WEEKDAY}{order}\s*\.?", re.IGNORECASE)
    for order in (
        rf"{_MONTH}[-\s,/]+(?P<day>\d{{1,2}})[-\s,/]+(?P<year>\d{{4}})",
        r"(?P<day>\d{1,2})[-\s,/]+(?P<month>[A-Za-z]{3,9})\.?[-\s,/]+(?P<year>\d{4})",
    )
] + [
    re.compile(
        r"(?:게시일?|등록일?)\s*:?\s*(?P<year>\d{4})\s*[년./-]\s*(?P<month>\d{1,2})\s*[월./-]\s*"
        r"(?P<day>\d{1,2})\s*[일.]?\s*(?:\(?(?P<weekday>[월화수목금토일])(?:요일)?\)?)?"
    ),
    re.compile(
        r"(?P<year>\d{4})년 (?P<month>\d{1,2})월 (?P<day>\d{1,2})일 ?\((?P<weekday>\w)\) 게시"
    ),
]

_VIEWS = re.compile(
    rf"(?:Views?|조회\s?수?)\s*(?:{_DASH}|:|：)?\s*(?P<views>\d{{1,3}}(?:,\d{{3}})+|\d+)",
    re.IGNORECASE,
)
MOST_VIEWS = 2**53 - 1  # the largest whole number that every reader of JSON understands

_BACK_LINK = re.compile(r"[←<«]?\s*최신\s?보도자료\s?모음\s?(?:으로\s?)?돌아가기\s*[→>»]?")

CORRECTED = {"en": "Corrected", "ko": "정정"}
_CORRECTION = re.compile(r"(?:Corrected|정정) \d{4}-\d\d-\d\d \d\d:\d\d: .+")

_ENQUIRIES = r"(?:information|details?|enquir(?:y|ies)|inquir(?:y|ies)|questions?|interviews?)"
_HEADING = re.compile(
    r"(?P<heading>(?:[※■□▶▷▸●○◆◇•☞*-]\s*)?(?:"
    rf"For\s+(?:(?:more|further|additional|any|press|media|other|all)\s+)*{_ENQUIRIES}"
    r"(?:\s+(?:on|about|regarding)\s+[^.!?]{1,80}?)?\s*,?\s*(?:please\s+)?"
    r"(?:contact|call|write\s+to|get\s+in\s+touch\s+with)\b"
    r"|(?:Media|Press)\s+(?:contacts?|enquiries|inquiries)"
    r"|Contacts?(?=\s*[:：]|$)"
    r"|(?:(?:보도|언론|취재|미디어|기타|추가)\s*(?:관련\s*)?)?문의(?:처|\s?사항)?(?=\s*[:：]|$)"
    r"|(?:담당자?|연락처)(?=\s*[:：]|$)"
    r"|(?:더\s*)?자세한\s*(?:내용|사항|정보)[은는이을를]?[^\d@]{0,60}?(?:문의|연락)[^\d@:：]{0,20}"
    r"))\s*[:：,.]*\s*(?P<rest>.*)",
    re.IGNORECASE,
)


_INVISIBLE = "\u200b\u200c\u200d"  # zero-width: what a page leaves at the ends of a copied line


def fold(line: str) -> str:
    """`line` with every run of white space (no-break and full-width too) as one space."""
    return " ".join(line.split()).strip(_INVISIBLE + " ")


class BadDate(ValueError):
    """A line has the shape of a date line, but the calendar has no such day."""


@dataclass(frozen=True)
class Posted:
    """A posted line: its day, and whether the weekday that it names is that day's."""

    day: date
    weekday_fits: bool


def headline(line: str) -> tuple[date, str] | None:
    """Release date and headline of a line that opens a release, or None.

    Raises BadDate when the date does not exist, its year has two digits or is before 1900.
    """
    match = _HEADLINE.fullmatch(line)
    return (_date(match), match["title"]) if match else None


def headline_words(line: str) -> str:
    """The words behind a headline's date, be it in the calendar or not; "" for other lines."""
    match = _HEADLINE.fullmatch(line)
    return match["title"] if match else ""


def posted(line: str) -> Posted | None:
    """The day that a line says the release was posted on, or None. Raises BadDate."""
    for pattern in _POSTED:
        if match := pattern.fullmatch(line):
            day = _date(match)
            weekday = (match["weekday"] or "").casefold()
            named = _WEEKDAYS.get(weekday[:1], _WEEKDAYS.get(weekday[:3]))
            return Posted(day, weekday_fits=not weekday or named == day.weekday())
    return None


def views(line: str) -> int | None:
    """The number of a view counter's line, or None."""
    match = _VIEWS.fullmatch(line)
    number = int(match["views"].replace(",", "")) if match else None
    return number if number is not None and number <= MOST_VIEWS else None


def is_back_link(line: str) -> bool:
    """Whether the line is the old site's link back to its listing."""
    return bool(_BACK_LINK.fullmatch(line))


def is_correction(line: str) -> bool:
    """Whether the line is the note of a correction, as `releases.plain_text` writes it."""
    return bool(_CORRECTION.fullmatch(line))


def contact_heading(line: str) -> tuple[str, str] | None:
    """The heading of a contact block and what follows on its line, or None."""
    match = _HEADING.fullmatch(line)
    return (match["heading"].strip(), match["rest"]) if match else None


def reads_as_frame(line: str) -> bool:
    """Whether a line of running text would be taken for part of the frame."""
    line = fold(line)
    try:
        framed = headline(line) or posted(line) or contact_heading(line)
    except BadDate:
        return True
    return bool(framed or views(line) is not None or is_back_link(line) or line.startswith(PLAIN))


def _date(match: re.Match) -> date:
    month = match["month"]
    number = int(month) if month.isdigit() else _MONTHS.get(month[:3].casefold(), 0)
    try:
        if int(match["year"]) < FIRST_YEAR:
            raise ValueError("no year of a press release")
        return date(int(match["year"]), number, int(match["day"]))
    except ValueError as error:
        raise BadDate(match[0]) from error
