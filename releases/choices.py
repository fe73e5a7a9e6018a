"""What the listing offers to choose from, each with how many public releases there are of it.

It is the same for every reader of an edition and a language, and in a newsroom of some years it
is more than all else on the page: so it is made once for all of them (see `Census.shown`).
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms.utils import flatatt
from django.template.loader import render_to_string
from django.utils.dates import MONTHS
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from .census import census
from .missions import missions_with_public_releases


@dataclass(frozen=True)
class Month:
    """A month of the archive that has releases; `name` in the reader's language."""

    month: int
    name: str
    releases: int


@dataclass(frozen=True)
class Year:
    """A year of the archive and its months that have releases, latest first."""

    year: int
    months: list[Month]

    @property
    def releases(self) -> int:
        return sum(month.releases for month in self.months)


def archive() -> SafeString:
    """The years and months that have releases, latest first, as links; empty without any."""
    return census().shown("archive", _archive)


def _archive() -> SafeString:
    years: dict[int, Year] = {}
    for (year, month), releases in sorted(census().by_month.items(), reverse=True):
        entry = Month(month, str(MONTHS[month]), releases)
        years.setdefault(year, Year(year, [])).months.append(entry)
    # Jinja2, whose templates escape what they are given, returns a plain string.
    return mark_safe(render_to_string("releases/_archive.html", {"archive": years.values()}))  # nosec B308 # escaped by its template


class CountedSelect(forms.Select):
    """A list to choose from; subclasses say what it offers."""

    def offered(self, asked: Any) -> Iterable[tuple[Any, str]]:
        """Values and what they are called, in order; `asked` though no release fits it."""
        raise NotImplementedError

    def render(self, name, value, attrs=None, renderer=None) -> SafeString:
        options = census().shown(name, self._options)
        chosen = format_html('value="{}"', "" if value is None else value)
        if chosen not in options:
            options = self._options(value)
        # Both are escaped: no label has a quotation mark.
        options = mark_safe(options.replace(chosen, f"{chosen} selected", 1))  # nosec B308 # escaped above
        return format_html("<select{}>{}</select>", flatatt({"name": name, **attrs}), options)

    def _options(self, asked: Any = None) -> SafeString:
        return format_html_join("\n", '<option value="{}">{}</option>', self.offered(asked))


class MissionSelect(CountedSelect):
    def offered(self, asked):
        yield "", _("All missions")
        for mission in missions_with_public_releases():
            yield mission.slug, f"{mission.name} ({census().by_mission[mission.pk]})"


class YearSelect(CountedSelect):
    def offered(self, asked):
        yield "", _("All years")
        counts = Counter()
        for (year, _month), releases in census().by_month.items():
            counts[year] += releases
        for year in sorted({*counts, *filter(None, [asked])}, reverse=True):
            yield year, f"{year} ({counts[year]})"


class MonthSelect(CountedSelect):
    def offered(self, asked):
        yield "", _("All months")
        counts = Counter()
        for (_year, month), releases in census().by_month.items():
            counts[month] += releases
        for month in sorted({*counts, *filter(None, [asked])}):
            yield month, f"{MONTHS[month]} ({counts[month]})"
