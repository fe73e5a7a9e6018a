"""How dates are written on a page, in a feed and in plain text."""

from datetime import datetime

from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from contacts.bilingual import reader_language


def posted_date(moment: datetime) -> str:
    """The day of `moment` in Seoul as the old site wrote it: "Tue, Sep-09-2014"."""
    with translation.override("en"):
        return date_format(timezone.localtime(moment), "D, M-d-Y")


def korean_date(moment: datetime) -> str:
    """The day of `moment` in Seoul as Koreans write it: "2014년 9월 9일(화)"."""
    day = timezone.localtime(moment)
    return f"{day.year}년 {day.month}월 {day.day}일({'월화수목금토일'[day.weekday()]})"


def day_and_time(moment: datetime, language: str) -> str:
    """Day and hour of `moment`, in its zone: "2014년 9월 9일 09:00", "9 September 2014, 09:00"."""
    if language == "ko":
        return f"{moment.year}년 {moment.month}월 {moment.day}일 {moment:%H:%M}"
    with translation.override("en"):
        return f"{moment.day} {date_format(moment, 'F')} {moment.year}, {moment:%H:%M}"


def moment_in_words(moment: datetime) -> str:
    """Day and minute of `moment` in Seoul, in the reader's language, saying that it is Seoul's."""
    time = timezone.localtime(moment)
    day = korean_date(moment) if reader_language() == "ko" else date_format(time, "j F Y")
    return _("%(day)s, %(time)s Korean time") % {"day": day, "time": f"{time:%H:%M}"}
