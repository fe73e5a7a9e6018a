"""How often releases were read: a report over all of them, and the same as a file."""

from collections.abc import Iterator
from datetime import date
from urllib.parse import urlencode

from django import forms
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views.decorators.http import require_safe

from contacts.models import Mission
from releases import spreadsheets
from releases.periods import Period, last_days
from releases.reading_report import Comparison, ReadingReport, ReadRelease, counting_began
from releases.spreadsheets import Cell, Table

from .views_page import ALL, SPANS, USUAL, Span, left_out, spans

PAGE_SIZE = 50  # releases
MOST_ROWS = 10_000  # releases of a file; more would keep a process busy for a minute
EARLIEST = date(1970, 1, 1)
SEE_EVERY = "releases.see_every_release"


class Asked(forms.Form):
    """Which report: dates if there are any, else `days`; `show` what was read, or what was not."""

    since = forms.DateField(
        label=gettext_lazy("From"),
        required=False,
        input_formats=["%Y-%m-%d"],
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    until = forms.DateField(
        label=gettext_lazy("To"),
        required=False,
        input_formats=["%Y-%m-%d"],
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    mission = forms.ModelChoiceField(
        Mission.objects.none(),
        label=gettext_lazy("Mission"),
        required=False,
        to_field_name="slug",
        empty_label=gettext_lazy("All missions"),
    )
    language = forms.ChoiceField(
        label=gettext_lazy("Language of the release"),
        required=False,
        choices=[
            ("", gettext_lazy("Any")),
            ("ko", gettext_lazy("Exists in Korean")),
            ("en", gettext_lazy("Exists in English")),
        ],
    )
    days = forms.ChoiceField(
        required=False,
        choices=[(value, value) for value in ("", *map(str, SPANS), ALL)],
        widget=forms.HiddenInput,
    )
    show = forms.ChoiceField(
        required=False, choices=[("", ""), ("unread", "unread")], widget=forms.HiddenInput
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.today = timezone.localdate()
        self.fields["mission"].queryset = Mission.objects.by_name()

    def clean(self):
        cleaned = super().clean()
        since, until = cleaned.get("since"), cleaned.get("until")
        for name, day in (("since", since), ("until", until)):
            if day and not EARLIEST <= day <= self.today:
                self.add_error(name, _("Choose a day from 1970 to today."))
        if until and not since and "since" not in self.errors:
            self.add_error("since", _("Give the first day as well."))
        if since and until and since > until:
            self.add_error("since", _("The first day comes after the last one."))
        return cleaned

    @property
    def hidden_errors(self) -> list[str]:
        return [text for field in self.hidden_fields() for text in field.errors]

    @property
    def span(self) -> str:
        """The choice of days that is in use; "" where dates are."""
        if self.cleaned_data["since"]:
            return ""
        return self.cleaned_data["days"] or USUAL

    @property
    def period(self) -> Period:
        if since := self.cleaned_data["since"]:
            return Period(since, self.cleaned_data["until"] or self.today)
        if self.span == ALL:
            return Period(min(counting_began() or self.today, self.today), self.today)
        return last_days(int(self.span), self.today)

    def query(self, **changes: str) -> str:
        """The query string of the same report but for `changes`."""
        asked = {name: value for name, value in self.data.items() if name in self.fields}
        return urlencode({name: value for name, value in (asked | changes).items() if value})


class ViewsReport:
    """Part of `ReleaseAdmin`: the report, for who may see every release.

    So everyone who reads it reads the same numbers.
    """

    def get_urls(self):
        def view(page):
            return self.admin_site.admin_view(require_safe(page))

        return [
            path("views/", view(self.views_report), name="releases_release_views_report"),
            *(
                path(
                    f"views.{kind}",
                    view(self.views_report_file),
                    {"kind": kind},
                    name=f"releases_release_views_report_{kind}",
                )
                for kind in spreadsheets.KINDS
            ),
            *super().get_urls(),
        ]

    def views_report(self, request: HttpRequest) -> HttpResponse:
        asked = self._asked(request)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Views of all releases"),
            "opts": self.opts,
            "asked": asked,
        }
        if asked.is_valid():
            shown = ShownReport(asked)
            page = Paginator(shown, PAGE_SIZE).get_page(request.GET.get("p"))
            context |= {"shown": shown, "page": page, "most_rows": MOST_ROWS}
        template = "admin/releases/release/views_report.html"
        return render(request, template, context, status=200 if asked.is_valid() else 400)

    def views_report_file(self, request: HttpRequest, kind: str) -> HttpResponse:
        """What the report shows, of all of its pages, as a table."""
        asked = self._asked(request)
        if not asked.is_valid():
            return self.views_report(request)
        shown = ShownReport(asked)
        return spreadsheets.as_file(shown.table, shown.file_stem, kind)

    def _asked(self, request: HttpRequest) -> Asked:
        if not (self.has_view_permission(request) and request.user.has_perm(SEE_EVERY)):
            raise PermissionDenied
        return Asked(request.GET.dict())


class ShownReport:
    """What the report shows of what is `asked`; its releases are counted and cut into pages."""

    def __init__(self, asked: Asked):
        self.asked, self.period = asked, asked.period
        self.is_unread = asked.cleaned_data["show"] == "unread"
        self.report = ReadingReport(
            self.period,
            asked.cleaned_data["mission"],
            asked.cleaned_data["language"],
            is_all=asked.span == ALL,
        )
        self.before, self.sums = self.report.before, self.report.sums
        self.has_before = self.report.comparison != Comparison.NONE
        self.is_compared = self.report.comparison == Comparison.WHOLE
        self.began = self.report.began
        self.left_out = left_out(self.sums.left_out)

    def count(self) -> int:
        return self.sums.unread if self.is_unread else self.sums.read

    def __getitem__(self, places: slice) -> list[ReadRelease]:
        return list(self._rows(places.start, places.stop))

    def _rows(self, start: int, stop: int) -> Iterator[ReadRelease]:
        return (self.report.unread if self.is_unread else self.report.most_read)(start, stop)

    @cached_property
    def spans(self) -> list[Span]:
        return spans(self.asked.span, lambda days: self.asked.query(days=days, since="", until=""))

    @property
    def includes_today(self) -> bool:
        return self.period.last == self.asked.today

    @property
    def queries(self) -> dict[str, str]:
        """The query strings of what is a link away."""
        return {
            "this": self.asked.query(),
            "read": self.asked.query(show=""),
            "unread": self.asked.query(show="unread"),
        }

    @property
    def header(self) -> list[str]:
        """The columns: those of a comparison only where there is one."""
        return [
            _("Headline"),
            _("Views"),
            *([_("Before")] if self.has_before else []),
            *([pgettext("of a number", "Change"), _("Change in %")] if self.is_compared else []),
            _("Views in all"),
            _("Mission"),
            _("Posted"),
        ]

    def _cells(self, row: ReadRelease) -> list[Cell]:
        release = row.release
        return [
            str(release),
            row.views,
            *([row.before] if self.has_before else []),
            *([row.change, row.percent] if self.is_compared else []),
            release.views,
            str(release.mission or ""),
            timezone.localdate(release.publish_at),
        ]

    @property
    def file_stem(self) -> str:
        mission, language, show = (
            self.asked.cleaned_data[name] for name in ("mission", "language", "show")
        )
        parts = [self.period.first, self.period.last, mission and mission.slug, language, show]
        return "-".join(["views", *(str(part) for part in parts if part)])

    @property
    def table(self) -> Table:
        mission, language = (self.asked.cleaned_data[name] for name in ("mission", "language"))
        about: list[tuple[str, Cell]] = [
            (_("From"), self.period.first),
            (_("To"), self.period.last),
            (_("Mission"), str(mission or _("All missions"))),
            (
                _("Language of the release"),
                str(dict(self.asked.fields["language"].choices)[language]),
            ),
            (_("Views in this time"), self.sums.views),
        ]
        if self.has_before:
            about += [
                (_("Before, from"), self.before.first),
                (_("Before, to"), self.before.last),
                (_("Views before"), self.sums.before),
            ]
        if self.is_compared:
            about += [
                (pgettext("of a number", "Change"), self.sums.change),
                (_("Change in %"), self.sums.percent),
            ]
        about += [
            (_("Releases that were read"), self.sums.read),
            (_("Releases that nobody read"), self.sums.unread),
            *((f"{reason.label}: {reason.why}", reason.number) for reason in self.left_out),
        ]
        return Table(
            name=_("Not read") if self.is_unread else _("Most read"),
            header=self.header,
            rows=map(self._cells, self._rows(0, MOST_ROWS)),
            first_width=60,
            about_name=_("Sums"),
            about=about,
        )
