"""Stretches of days in Seoul, and how a long one is cut into parts that a chart can show.

Days are dates, so no change of a clock makes one longer, shorter or twice there.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

ONE_DAY = timedelta(days=1)


class Grain(StrEnum):
    """What one bar of a chart stands for."""

    DAY = "day"
    WEEK = "week"  # from Monday to Sunday, as in ISO 8601 and KS X ISO 8601
    MONTH = "month"
    YEAR = "year"


# The longest stretch, in days, that is shown by each; what is longer is shown by years.
SHOWN_BY = {Grain.DAY: 92, Grain.WEEK: 2 * 366, Grain.MONTH: 20 * 366}


@dataclass(frozen=True)
class Period:
    """The days from `first` to `last`, both included."""

    first: date
    last: date

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def grain(self) -> Grain:
        return next((grain for grain, most in SHOWN_BY.items() if self.days <= most), Grain.YEAR)

    def before(self) -> "Period":
        """As many days right before it."""
        return Period(self.first - self.days * ONE_DAY, self.first - ONE_DAY)

    def parts(self) -> Iterator["Period"]:
        """It, cut where its grain begins anew: the first and the last part may be shorter."""
        grain, first = self.grain, self.first
        while first <= self.last:
            last = min(_end(first, grain), self.last)
            yield Period(first, last)
            first = last + ONE_DAY

    def is_part_of(self, grain: Grain) -> bool:
        """Whether it is less than a whole week, month or year."""
        whole = self.first == _begin(self.first, grain) and self.last == _end(self.first, grain)
        return not whole


def last_days(number: int, today: date) -> Period:
    """So many days, `today` the last of them."""
    return Period(today - (number - 1) * ONE_DAY, today)


def _begin(day: date, grain: Grain) -> date:
    """The first day of the week, month or year that `day` is in."""
    match grain:
        case Grain.DAY:
            return day
        case Grain.WEEK:
            return day - day.weekday() * ONE_DAY
        case Grain.MONTH:
            return day.replace(day=1)
        case Grain.YEAR:
            return day.replace(month=1, day=1)


def _end(day: date, grain: Grain) -> date:
    """The last day of the week, month or year that `day` is in."""
    begin = _begin(day, grain)
    match grain:
        case Grain.DAY:
            return begin
        case Grain.WEEK:
            return begin + 6 * ONE_DAY
        case Grain.MONTH:
            return (begin + 31 * ONE_DAY).replace(day=1) - ONE_DAY
        case Grain.YEAR:
            return begin.replace(month=12, day=31)
