"""What is asked of the counts: the days of one release, and which releases were read most.

Days are days in Seoul. What the old site had counted belongs to no day, so it is in no period.
"""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from functools import cached_property

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

from contacts.models import Mission

from .models import DailyViews, Release
from .periods import ONE_DAY, Period

LEFT_OUT = ("repeats", "robots", "staff", "cut_off")
COUNTS = ("count", *LEFT_OUT)
TEXTS = ["summary_ko", "body_ko", "summary_en", "body_en"]
CHUNK = 1_000  # releases fetched at a time


@dataclass(frozen=True)
class Counts:
    """How many readings were counted, and how many were left out and why."""

    count: int = 0
    repeats: int = 0
    robots: int = 0
    staff: int = 0
    cut_off: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(*(getattr(self, name) + getattr(other, name) for name in COUNTS))


def counting_began() -> date | None:
    """The first day of which anything was counted here."""
    return DailyViews.objects.order_by("day").values_list("day", flat=True).first()


# One release


@dataclass(frozen=True)
class Bar:
    """The counts of a day, or of as many as stand together."""

    period: Period
    counts: Counts
    is_open: bool  # today is in it and goes on
    is_part: bool  # less than a whole week, month or year


class ReadingDays:
    """The days on which `release` could be read and was counted, in two queries.

    `first` is the day of its posting, or the one on which counting began here if that was later;
    None if it was never public. `last` is today.
    """

    def __init__(self, release: Release, today: date):
        self.today = today
        rows = DailyViews.objects.filter(release=release.pk).values_list("day", *COUNTS)
        self.counts = {day: Counts(*counts) for day, *counts in rows}
        began = counting_began() or today
        self.posted = timezone.localdate(release.publish_at) if release.approved_at else None
        # A posted time that was corrected, or a clock that was, leaves days outside of it.
        days = [*self.counts]
        if self.posted and self.posted <= today:
            days.append(max(self.posted, began))
        self.first = min(days, default=None)
        self.last = max([today, *days])

    @property
    def is_since_counting_began(self) -> bool:
        """Whether it was posted before anything was counted here."""
        return bool(self.first and self.posted and self.posted < self.first)

    @property
    def is_since_posting(self) -> bool:
        return bool(self.first and self.posted == self.first)

    def within(self, asked: Period | None = None) -> list[Bar]:
        """The days of `asked`, or all; oldest first, together where they are many."""
        if not self.first:
            return []
        asked = asked or Period(self.first, self.last)
        period = Period(max(asked.first, self.first), asked.last)
        parts = list(period.parts())
        firsts, counted = [part.first for part in parts], [Counts()] * len(parts)
        for day, counts in self.counts.items():
            if period.first <= day <= period.last:
                counted[bisect_right(firsts, day) - 1] += counts
        return [
            Bar(part, counts, part.first <= self.today <= part.last, part.is_part_of(period.grain))
            for part, counts in zip(parts, counted, strict=True)
        ]


# All releases


class Comparison(StrEnum):
    """How far a period can be compared with the one before it."""

    WHOLE = "whole"
    PARTLY = "partly"  # counting began within the one before
    NONE = "none"  # nothing was counted before, or the period is all there is


@dataclass(frozen=True)
class Reading:
    """How often something was read in a period, and in the one before."""

    views: int
    before: int

    @property
    def change(self) -> int:
        return self.views - self.before

    @property
    def percent(self) -> float | None:
        """The change in percent; None where there was nothing before."""
        # A small loss would be rounded to -0.0; that plus nothing is 0.0.
        return round(100 * self.change / self.before, 1) + 0.0 if self.before else None


@dataclass(frozen=True)
class Sums(Reading):
    """The same of all releases together, with what was left out."""

    left_out: Counts
    read: int  # releases
    unread: int  # releases


@dataclass(frozen=True)
class ReadRelease(Reading):
    release: Release


class ReadingReport:
    """How often releases were read in `period`. It shows every release, whoever asks.

    A release is in it from its posting on, also when it was withdrawn since.
    `language` ("ko", "en") is one that it exists in: of the readers' nothing is known. Of
    everything (`is_all`) there is no period before.
    """

    def __init__(
        self,
        period: Period,
        mission: Mission | None = None,
        language: str = "",
        is_all: bool = False,
    ):
        self.period, self.before = period, None if is_all else period.before()
        end = timezone.make_aware(datetime.combine(period.last + ONE_DAY, time()))
        posted = Q(publish_at__lt=end, publish_at__lte=timezone.now())
        self.releases = Release.objects.filter(posted, approved_at__isnull=False)
        if mission:
            self.releases = self.releases.filter(mission=mission)
        if language:
            self.releases = self.releases.existing_in(language)

    @cached_property
    def began(self) -> date | None:
        return counting_began()

    @property
    def comparison(self) -> Comparison:
        if not (self.before and self.began) or self.began > self.before.last:
            return Comparison.NONE
        return Comparison.PARTLY if self.began > self.before.first else Comparison.WHOLE

    @cached_property
    def sums(self) -> Sums:
        """Two queries: once through the days of both periods, once through the releases."""
        within = Q(day__gte=self.period.first)
        days = self._days(self.before.first if self.before else self.period.first)
        found = days.aggregate(
            views=Coalesce(Sum("count", filter=within), 0),
            before=Coalesce(Sum("count", filter=~within), 0),
            **{f"sum_{name}": Coalesce(Sum(name, filter=within), 0) for name in LEFT_OUT},
        )
        number = self.releases.aggregate(all=Count("pk"), read=Count("pk", filter=self._was_read()))
        return Sums(
            views=found["views"],
            before=found["before"],
            left_out=Counts(**{name: found[f"sum_{name}"] for name in LEFT_OUT}),
            read=number["read"],
            unread=number["all"] - number["read"],
        )

    def most_read(self, start: int, stop: int) -> Iterator[ReadRelease]:
        """Places `start` to `stop` among those that were read."""
        counted = self._days(self.period.first).values("release").annotate(read=Sum("count"))
        places = counted.filter(read__gt=0).order_by("-read", "-release")
        return self._told(list(places.values_list("release", "read")[start:stop]))

    def unread(self, start: int, stop: int) -> Iterator[ReadRelease]:
        """Places `start` to `stop` among those that nobody read, newest first."""
        found = self.releases.filter(~self._was_read()).newest_first()
        return self._told([(pk, 0) for pk in found.values_list("pk", flat=True)[start:stop]])

    def _days(self, first: date) -> QuerySet[DailyViews]:
        """The days from `first` on of the releases in the report."""
        # A sum is in no index, so SQLite goes through the days as they were written, one after the
        # other. Release by release it would fetch each from another place, which costs far more.
        days = DailyViews.objects.alias(one=F("release") + 0)
        return days.filter(day__range=(first, self.period.last), one__in=self.releases.values("pk"))

    def _was_read(self) -> Exists:
        return Exists(
            DailyViews.objects.filter(
                release=OuterRef("pk"),
                day__range=(self.period.first, self.period.last),
                count__gt=0,
            )
        )

    def _told(self, places: list[tuple[int, int]]) -> Iterator[ReadRelease]:
        """Each release of `places`, keys with their views; two queries for each CHUNK."""
        for start in range(0, len(places), CHUNK):
            chunk = places[start : start + CHUNK]
            pks = [pk for pk, _views in chunk]
            releases, earlier = self._headlines().in_bulk(pks), self._earlier(pks)
            for pk, views in chunk:
                yield ReadRelease(views, earlier.get(pk, 0), releases[pk])

    def _earlier(self, pks: list[int]) -> dict[int, int]:
        """How often each was read in the period before, where it was."""
        if not self.before:
            return {}
        days = DailyViews.objects.filter(
            release__in=pks, day__range=(self.before.first, self.before.last)
        )
        return dict(days.values_list("release").annotate(Sum("count")))

    def _headlines(self) -> QuerySet[Release]:
        return self.releases.select_related("mission", "counter").defer(*TEXTS)
