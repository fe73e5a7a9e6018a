"""Dates: of the headline and the posting, and those that stand in the text."""

import re
from collections.abc import Iterator
from datetime import date, timedelta

from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from releases.models import State

from .findings import Finding, Level, around, at_paragraph, label
from .sheet import Paragraph, Passage, Sheet

FAR = timedelta(days=365)

# fmt: off
MONTHS = {
    "jan": 1, "january": 1, "feb": 2, "february": 2, "mar": 3, "march": 3, "apr": 4, "april": 4,
    "may": 5, "jun": 6, "june": 6, "jul": 7, "july": 7, "aug": 8, "august": 8,
    "sep": 9, "sept": 9, "september": 9, "oct": 10, "october": 10, "nov": 11, "november": 11,
    "dec": 12, "december": 12,
}
# fmt: on
_WEEKDAY_STEMS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
# With a capital: "some 30 may risk it" is no day in May.
_NAMES = "|".join(name.capitalize() for name in sorted(MONTHS, key=len, reverse=True))
MONTH = rf"(?P<month>{_NAMES})\b\.?"
_FIGURE = re.compile(r"\d")
_WEEKDAY = (
    r"(?=[MTWFS])(?P<weekday>(?:Mon|Tues?|Wed(?:nes)?|Thu(?:rs?)?|Fri|Sat(?:ur)?|Sun)(?:day)?)\b\.?"
)
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_KOREAN_WEEKDAY = (
    r"(?:\s?[(（](?P<weekday>[월화수목금토일])(?:요일)?[)）]|\s(?P<spoken>[월화수목금토일])요일)"
)
DATES = [
    # Tuesday, 9 September 2014; Tuesday 9 September
    re.compile(
        rf"\b{_WEEKDAY}[,\s]+(?:the\s+)?{_DAY}\s+(?:of\s+)?{MONTH}(?:[,\s]+(?P<year>\d{{4}})\b)?"
    ),
    # Tuesday, September 9, 2014; Tue, Sep-09-2014
    re.compile(rf"\b{_WEEKDAY}[,\s]+{MONTH}[-\s]+{_DAY}\b(?!\s?%)(?:[-,\s]+(?P<year>\d{{4}})\b)?"),
    # 2014년 9월 9일(화), 9월 9일 화요일
    re.compile(
        r"(?:(?P<year>\d{4})년\s?)?(?P<month>\d{1,2})월\s?(?P<day>\d{1,2})일" + _KOREAN_WEEKDAY
    ),
    # 2014. 9. 9.(화), 2014/9/9 (화)
    re.compile(
        r"(?P<year>\d{4})\s?[./-]\s?(?P<month>\d{1,2})\s?[./-]\s?(?P<day>\d{1,2})\.?"
        + _KOREAN_WEEKDAY
    ),
]
# A date without a weekday, which may still be one that no calendar has.
_BARE_DATES = [
    re.compile(rf"\b{_DAY}\s+(?:of\s+)?{MONTH}(?:[,\s]+(?P<year>\d{{4}})\b)?"),
    # With its year: "in March 40 people" names no day.
    re.compile(rf"\b(?=[JFMASOND]){MONTH}\s+{_DAY},?\s+(?P<year>\d{{4}})\b"),
    re.compile(r"(?:(?P<year>\d{4})년\s?)?(?P<month>\d{1,2})월\s?(?P<day>\d{1,2})일"),
]
# Four or two digits of a year behind two numbers that may each be the month.
_DAY_OR_MONTH = re.compile(
    r"(?<![\d/.-])(?P<one>\d{1,2})(?P<sign>[/.-])(?P<other>\d{1,2})(?P=sign)(?:19|20)?\d{2}(?![\d/.-]*\d)"
)
# Amid English text "(7/9)" or "on 7/9"; "9/11" is an event, "1/3" without such a sign a share.
_SHORT = re.compile(
    r"(?:[(（]|\b(?:on|by|until|since|from)\s)(?P<one>\d{1,2})/(?P<other>\d{1,2})(?![\d/])(?!\s+of\b)"
)
# Said by a person, a day counts from when they spoke: what is quoted is left alone.
_QUOTED = re.compile(
    r"“[^”]{0,900}”|\"[^\"]{0,900}\"|「[^」]{0,900}」|‘[^’]{0,900}’|'[^']{0,900}'(?![A-Za-z])"
)
_TOMORROW = re.compile(
    r"(?<!for )(?<!of )(?<!better )(?<!from )\b(?:tomorrow|yesterday)\b(?!['’])"
    r"|(?<![가-힣])(?:내일|어제|모레|그저께|그제)(?=\s?[(（,]|\s|부터|까지|은\s|에는|$)",
    re.IGNORECASE,
)
_NEXT_WEEKDAY = re.compile(
    r"\bnext\s+(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b"
    r"|(?<![가-힣])(?:다음\s?주?|오는|이번\s?주?)\s[월화수목금토일]요일",
    re.IGNORECASE,
)
_LAST_WEEKDAY = re.compile(
    r"\b(?:last|(?:this\s+)?past)\s+(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b"
    r"|(?<![가-힣])지난\s?주?\s?[월화수목금토일]요일",
    re.IGNORECASE,
)
# "next Friday (12 September)", "지난 금요일(5일)": the date stands beside it.
_DATED = re.compile(r"\s*[,(（]?\s*(?:the\s+)?(?:\d{1,2}|(?:" + "|".join(MONTHS) + r")\b)", re.I)
_DATED_BEFORE = re.compile(r"\d{1,2}(?:일|\s+(?:" + "|".join(MONTHS) + r")\b)?\s*[,(（]?\s*$", re.I)


def headline_and_posting_agree(sheet: Sheet) -> Iterator[Finding]:
    if sheet.release_date is None:
        return
    dates = {
        "headline": _date(sheet.release_date),
        "posted": _date(sheet.posted_on or sheet.today),
    }
    if sheet.posted_on is None:
        # Until somebody names a time, it would be posted on the day it is published.
        if sheet.release_date < sheet.today:
            yield Finding(
                Level.NOTE,
                "release_date",
                label("release_date"),
                _("The headline says %(headline)s; published today it is posted on %(posted)s.")
                % dates,
                _("Change the release date unless the older one is meant."),
            )
    elif sheet.posted_on != sheet.release_date:
        yield Finding(
            Level.WARNING,
            "release_date",
            label("release_date"),
            _("The headline says %(headline)s, but it is posted on %(posted)s.") % dates,
            _("Make both the same day, unless the difference is meant."),
        )


def posting_time_is_likely(sheet: Sheet) -> Iterator[Finding]:
    if sheet.posted_on is None:
        return
    if sheet.state in (State.DRAFT, State.IN_REVIEW) and sheet.posted_on < sheet.today:
        yield Finding(
            Level.NOTE,
            "publish_at",
            label("publish_at"),
            _("It is to be posted on %(day)s, which has passed.") % {"day": _date(sheet.posted_on)},
            _("Empty it or choose a time to come, unless it is to appear with its past date."),
        )
    elif (ahead := sheet.posted_on - sheet.today) > FAR:
        yield Finding(
            Level.WARNING,
            "publish_at",
            label("publish_at"),
            ngettext(
                "It is to be posted in %(days)d day.",
                "It is to be posted in %(days)d days.",
                ahead.days,
            )
            % {"days": ahead.days},
            _("Look whether the year is right."),
        )


def weekdays_fit_their_dates(sheet: Sheet) -> Iterator[Finding]:
    for passage in sheet.passages:
        for paragraph in passage.paragraphs:
            yield from _weekdays(sheet, passage, paragraph)


def _weekdays(sheet: Sheet, passage: Passage, paragraph: Paragraph) -> Iterator[Finding]:
    seen: list[tuple[int, int]] = []
    if not _FIGURE.search(paragraph.text):
        return
    for pattern in [*DATES, *_BARE_DATES]:
        for match in pattern.finditer(paragraph.text):
            start, end = match.span()
            if any(first < end and start < last for first, last in seen):
                continue
            seen.append((start, end))
            where = at_paragraph(passage, paragraph, around(paragraph.text, start, end))
            days = _days(match, sheet.release_date or sheet.today)
            named = _weekday(match)
            if not days:
                yield Finding(
                    Level.WARNING,
                    passage.field,
                    where,
                    _("The calendar has no such day."),
                    _("Correct the date."),
                )
            elif named is not None and named not in {day.weekday() for day in days}:
                yield Finding(
                    Level.WARNING,
                    passage.field,
                    where,
                    _("That day is a %(weekday)s.") % {"weekday": _weekday_name(days[0])},
                    _("Correct the weekday or the date."),
                )


def _days(match: re.Match, near: date) -> list[date]:
    """The day that `match` names; without a year, that of the year nearest to `near` and of
    the others beside it where they are nearly as near."""
    month = match["month"]
    number = int(month) if month.isdigit() else MONTHS[month.casefold()]
    year = match["year"]
    years = [int(year)] if year else [near.year, near.year - 1, near.year + 1]
    found = []
    for candidate in years:
        try:
            found.append(date(candidate, number, int(match["day"])))
        except ValueError:
            continue
    half_a_year = timedelta(days=190)
    return found if year else [day for day in found if abs(day - near) <= half_a_year] or found


def _weekday(match: re.Match) -> int | None:
    groups = match.groupdict()
    named = groups.get("weekday") or groups.get("spoken")
    if not named:
        return None
    if named in "월화수목금토일":
        return "월화수목금토일".index(named)
    return _WEEKDAY_STEMS.index(named[:3].casefold())


def dates_can_be_read_one_way(sheet: Sheet) -> Iterator[Finding]:
    for passage in sheet.passages:
        for paragraph in passage.paragraphs:
            text = paragraph.text
            # Koreans write the month first: "9/7" is no riddle to them.
            patterns = [_DAY_OR_MONTH] if passage.lang == "ko" else [_DAY_OR_MONTH, _SHORT]
            for match in (m for pattern in patterns for m in pattern.finditer(text)):
                one, other = int(match["one"]), int(match["other"])
                if one == other or not (1 <= one <= 12 and 1 <= other <= 12) or _is_event(match):
                    continue
                yield Finding(
                    Level.WARNING,
                    passage.field,
                    at_paragraph(passage, paragraph, around(text, *match.span())),
                    _("Some read the day first, others the month."),
                    _("Write the month as a word: 9 September 2014."),
                )
            yield from _relative(passage, paragraph)


def _is_event(match: re.Match) -> bool:
    return match.re is _SHORT and (match["one"], match["other"]) == ("9", "11")


def _relative(passage: Passage, paragraph: Paragraph) -> Iterator[Finding]:
    text = paragraph.text
    quoted = [match.span() for match in _QUOTED.finditer(text)]
    for pattern, level in (
        (_TOMORROW, Level.WARNING),
        (_NEXT_WEEKDAY, Level.WARNING),
        (_LAST_WEEKDAY, Level.NOTE),  # journalists read it as the one before the release date
    ):
        for match in pattern.finditer(text):
            start, end = match.span()
            if any(first <= start < last for first, last in quoted):
                continue
            if _DATED.match(text, end) or _DATED_BEFORE.search(text, max(0, start - 24), start):
                continue
            yield Finding(
                level,
                passage.field,
                at_paragraph(passage, paragraph, around(text, start, end)),
                _("Whoever reads this later cannot tell which day it is."),
                _("Write the date, or add it in brackets."),
            )


def _date(day: date) -> str:
    return f"{day.year}/{day.month}/{day.day}"


def _weekday_name(day: date) -> str:
    return str(WEEKDAYS[day.weekday()])
