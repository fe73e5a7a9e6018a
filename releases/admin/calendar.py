"""What goes out when: a month of releases, day by day in Seoul time."""

import calendar
import re
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils import timezone
from django.utils.dates import WEEKDAYS, WEEKDAYS_ABBR
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from releases.models import Release, State

from .desk import lean

A_DAY = 5  # releases shown of one day; the rest is a link
A_MONTH = 1_000  # releases read for one page
YEARS = range(1970, 2101)
SUNDAY_FIRST = calendar.Calendar(firstweekday=calendar.SUNDAY)
# What a release with a time is here: its state, or for one that nobody approved a plan.
PLANNED = gettext_lazy("Planned")


@dataclass
class Day:
    day: date
    in_month: bool
    releases: list[Release] = field(default_factory=list)

    @property
    def name(self) -> str:
        """The day as the list says it: "11/24 (화)", "11/24 (Tue)"."""
        weekday = WEEKDAYS_ABBR[self.day.weekday()]
        return f"{self.day.month}/{self.day.day} ({weekday})"

    @property
    def shown(self) -> list[Release]:
        return self.releases[:A_DAY]

    @property
    def more(self) -> int:
        return max(0, len(self.releases) - A_DAY)

    @property
    def query(self) -> str:
        """Of the list of releases: those of this day."""
        start, end = midnight(self.day), midnight(self.day + timedelta(days=1))
        return urlencode({"publish_at__gte": start.isoformat(), "publish_at__lt": end.isoformat()})


class ReleaseCalendar:
    """Part of `ReleaseAdmin`: the page of a month."""

    def get_urls(self):
        view = self.admin_site.admin_view(require_safe(self.calendar))
        return [path("calendar/", view, name="releases_release_calendar"), *super().get_urls()]

    def calendar(self, request: HttpRequest) -> HttpResponse:
        """The month that `?month=2026-11` asks for; this month for anything else."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        today = timezone.localdate()
        first = month_asked(request.GET.get("month", ""), today)
        weeks = SUNDAY_FIRST.monthdatescalendar(first.year, first.month)
        days = {day: Day(day, day.month == first.month) for week in weeks for day in week}
        releases = self._posted_within(request, weeks[0][0], weeks[-1][-1])
        for release in releases[:A_MONTH]:
            release.plan = _plan(release)
            days[timezone.localtime(release.publish_at).date()].releases.append(release)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Calendar"),
            "opts": self.opts,
            "first": first,
            "today": today,
            "month_name": date_format(first, "YEAR_MONTH_FORMAT"),
            "previous": _beside(first, -1),
            "next": _beside(first, 1),
            "weekdays": [WEEKDAYS[day] for day in SUNDAY_FIRST.iterweekdays()],
            "weeks": [[days[day] for day in week] for week in weeks],
            "listed": [d for d in days.values() if d.in_month and (d.releases or d.day == today)],
            "empty": not any(day.releases for day in days.values() if day.in_month),
            "too_many": len(releases) > A_MONTH,
        }
        return render(request, "admin/releases/release/calendar.html", context)

    def _posted_within(self, request: HttpRequest, start: date, end: date) -> list[Release]:
        """What has a time on these days and was not withdrawn; one more than is shown at most."""
        releases = lean(Release.objects.on_the_desk_of(request.user)).filter(
            publish_at__gte=midnight(start),
            publish_at__lt=midnight(end + timedelta(days=1)),
            withdrawn_at=None,
        )
        return list(releases.order_by("publish_at", "pk")[: A_MONTH + 1])


def month_asked(text: str, today: date) -> date:
    """The first day of the month that `text` names, as 2026-11; of this month otherwise."""
    if (named := re.fullmatch(r"([0-9]{4})-(0[1-9]|1[0-2])", text)) and int(named[1]) in YEARS:
        return date(int(named[1]), int(named[2]), 1)
    return today.replace(day=1)


def midnight(day: date) -> datetime:
    """When `day` begins in Seoul."""
    return timezone.make_aware(datetime.combine(day, time()))


def _beside(first: date, months: int) -> date | None:
    """The first day of the month so many months on; None where the calendar ends."""
    years, month = divmod(first.year * 12 + first.month - 1 + months, 12)
    return date(years, month + 1, 1) if years in YEARS else None


def _plan(release: Release) -> tuple[str, str]:
    """What to call `release` in the calendar, as the class of its badge and its words."""
    if (state := release.state) in (State.DRAFT, State.IN_REVIEW):
        return "planned", f"{PLANNED} ({state.label})"
    return state.value, state.label
