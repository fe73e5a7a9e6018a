"""How often one release was read: its number, its days as a picture and as a table."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import reduce

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils import timezone
from django.utils.dates import WEEKDAYS_ABBR
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_safe

from releases import spreadsheets
from releases.models import Release
from releases.periods import Grain, Period, last_days
from releases.reading_report import Bar, Counts, ReadingDays
from releases.spreadsheets import Cell, Table

from .desk import TEXTS
from .views_chart import drawn
from .words import number_of

ALL = "all"
SPANS = (7, 30, 90, 365)  # days, today included
USUAL = "30"

TITLES = {
    Grain.DAY: gettext_lazy("Views by day"),
    Grain.WEEK: gettext_lazy("Views by week, from Monday to Sunday"),
    Grain.MONTH: gettext_lazy("Views by month"),
    Grain.YEAR: gettext_lazy("Views by year"),
}
COLUMNS = {
    Grain.DAY: gettext_lazy("Day"),
    Grain.WEEK: gettext_lazy("Week"),
    Grain.MONTH: gettext_lazy("Month"),
    Grain.YEAR: gettext_lazy("Year"),
}
PARTS = {
    Grain.WEEK: gettext_lazy("part of a week"),
    Grain.MONTH: gettext_lazy("part of a month"),
    Grain.YEAR: gettext_lazy("part of a year"),
}
# The counts of a day as columns, and why each was left out.
LEFT_OUT = {
    "repeats": (
        gettext_lazy("Repeats"),
        gettext_lazy(
            "Somebody opened the release again within 30 minutes. That is the same reading."
        ),
    ),
    "robots": (
        gettext_lazy("Robots"),
        gettext_lazy("Search engines, link previews and other programs that say what they are."),
    ),
    "staff": (
        gettext_lazy("Staff"),
        gettext_lazy("People who were signed in at the desk."),
    ),
    "cut_off": (
        gettext_lazy("Addresses cut off"),
        gettext_lazy(
            "A network address from which the release was opened more than %(most)s times within "
            "an hour. What else comes from it is not counted until that hour is over; each time "
            "it is cut off stands here once, however much came."
        ),
    ),
}


@dataclass(frozen=True)
class LeftOut:
    """A reason for which readings were not counted, how many they were, and the reason in full."""

    label: str
    number: int
    why: str


def left_out(counts: Counts) -> list[LeftOut]:
    most = number_of(settings.READINGS_PER_ADDRESS)
    return [
        LeftOut(label, getattr(counts, name), why % {"most": most})
        for name, (label, why) in LEFT_OUT.items()
    ]


@dataclass(frozen=True)
class Span:
    """A choice of how many days are shown, and the query string that asks for it."""

    label: str
    query: str
    is_chosen: bool


def spans(chosen: str, query: Callable[[str], str] = "days={}".format) -> list[Span]:
    labels = {str(days): ngettext("%d day", "%d days", days) % days for days in SPANS}
    labels[ALL] = _("All")
    return [Span(label, query(value), value == chosen) for value, label in labels.items()]


class ViewsPage:
    """Part of `ReleaseAdmin`: the page of a release's views, and the same as a file."""

    def get_urls(self):
        def view(page):
            return self.admin_site.admin_view(require_safe(page))

        return [
            path("<int:pk>/views/", view(self.views_page), name="releases_release_views"),
            *(
                path(
                    f"<int:pk>/views.{kind}",
                    view(self.views_file),
                    {"kind": kind},
                    name=f"releases_release_views_{kind}",
                )
                for kind in spreadsheets.KINDS
            ),
            *super().get_urls(),
        ]

    def views_page(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The days that `?days=` asks for; the usual ones, with a word about it, for another."""
        release = self._whose_views_they_see(request, pk)
        asked = request.GET.get("days") or USUAL
        is_known = asked in (ALL, *map(str, SPANS))
        shown = Shown(release, asked if is_known else USUAL)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Number of views"),
            "subtitle": str(release),
            "opts": self.opts,
            "release": release,
            "shown": shown,
            "spans": spans(shown.span),
            "is_known": is_known,
        }
        page = "admin/releases/release/views.html"
        return render(request, page, context, status=200 if is_known else 400)

    def views_file(self, request: HttpRequest, pk: int, kind: str) -> HttpResponse:
        """What the page shows, as a table."""
        release = self._whose_views_they_see(request, pk)
        asked = request.GET.get("days") or USUAL
        if asked not in (ALL, *map(str, SPANS)):
            return self.views_page(request, pk)
        shown = Shown(release, asked)
        return spreadsheets.as_file(shown.table, f"views-{pk}-{shown.today}-{asked}", kind)

    def _whose_views_they_see(self, request: HttpRequest, pk: int) -> Release:
        found = self.get_queryset(request).select_related("counter").defer(*TEXTS)
        release = found.filter(pk=pk).first()
        if release is None or not self.has_view_permission(request, release):
            raise Http404("no release that is theirs to see")
        return release


class Shown:
    """What the page of `release` shows of the days that `span` names: in words and numbers."""

    def __init__(self, release: Release, span: str):
        self.release, self.span, self.today = release, span, timezone.localdate()
        self.days = ReadingDays(release, self.today)
        self.bars = self.days.within(None if span == ALL else last_days(int(span), self.today))
        self.chart = drawn(self.bars)
        self.sum = reduce(Counts.__add__, (bar.counts for bar in self.bars), Counts())
        self.left_out = left_out(self.sum)

    @property
    def query(self) -> str:
        return f"days={self.span}"

    @property
    def period(self) -> Period | None:
        return Period(self.bars[0].period.first, self.bars[-1].period.last) if self.bars else None

    @property
    def grain(self) -> Grain:
        return self.period.grain if self.period else Grain.DAY

    @property
    def title(self) -> str:
        return str(TITLES[self.grain])

    @property
    def imported(self) -> int:
        return self.release.counter.imported if hasattr(self.release, "counter") else 0

    @property
    def counted_here(self) -> int:
        return self.release.views - self.imported

    @property
    def in_words(self) -> str:
        """The picture for who cannot see it."""
        period, most = self.period, max(self.bars, key=lambda bar: bar.counts.count)
        said = [
            ngettext(
                "From %(first)s to %(last)s: %(views)s view.",
                "From %(first)s to %(last)s: %(views)s views.",
                self.sum.count,
            )
            % {
                "first": period.first,
                "last": period.last,
                "views": number_of(self.sum.count),
            }
        ]
        if most.counts.count:
            said.append(
                _("The highest number: %(when)s, %(views)s.")
                % {"when": part_of_time(most.period), "views": number_of(most.counts.count)}
            )
        if any(bar.is_open for bar in self.bars):
            said.append(_("Today is not over."))
        return " ".join(said)

    @property
    def columns(self) -> list[str]:
        labels = [str(label) for label, _why in LEFT_OUT.values()]
        return [_("Views"), *labels, _("Remark")]

    @property
    def header(self) -> list[str]:
        return [str(COLUMNS[self.grain]), *self.columns]

    @property
    def newest_first(self) -> Iterator[tuple[Bar, str, str]]:
        """The rows of the table, each with what time it stands for and a remark on that."""
        return ((bar, part_of_time(bar.period), self._remark(bar)) for bar in reversed(self.bars))

    def _remark(self, bar: Bar) -> str:
        if bar.is_open:
            return _("not over")
        return str(PARTS[self.grain]) if bar.is_part else ""

    @property
    def table(self) -> Table:
        """The same for a spreadsheet; a week, month or year has its first and its last day."""
        dates = [_("Day")] if self.grain == Grain.DAY else [_("From"), _("To")]
        about: list[tuple[str, Cell]] = [
            (_("Release"), str(self.release)),
            (_("Views in all"), self.release.views),
            (_("of these on the old site"), self.imported),
            (_("of these counted here"), self.counted_here),
        ]
        if self.period:
            about += [
                (_("From"), self.period.first),
                (_("To"), self.period.last),
                (_("Views in this time"), self.sum.count),
                *((f"{reason.label}: {reason.why}", reason.number) for reason in self.left_out),
            ]
        return Table(
            name=_("Number of views"),
            header=[*dates, *self.columns],
            rows=(
                [
                    *(bar.period.first, bar.period.last)[: len(dates)],
                    bar.counts.count,
                    *(getattr(bar.counts, name) for name in LEFT_OUT),
                    remark,
                ]
                for bar, _when, remark in self.newest_first
            ),
            about_name=_("Sums"),
            about=about,
        )


def part_of_time(period: Period) -> str:
    """A day with its weekday, or the first and the last day: "2026-11-02 – 2026-11-08"."""
    if period.first == period.last:
        return f"{period.first} ({WEEKDAYS_ABBR[period.first.weekday()]})"
    return f"{period.first} – {period.last}"
