"""Which public releases a visitor wants to see: the query string of the listing."""

from functools import lru_cache
from typing import Self

import django_filters
from django import forms
from django.core.exceptions import BadRequest
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.functional import cached_property
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from contacts.models import Mission
from contacts.text import clean_line

from . import choices
from .census import census
from .missions import missions
from .models import Release
from .paging import PublicPages, ReleasePaginator
from .queries import PAGE_SIZE, Rows, public_releases_found, public_releases_on_cards
from .search.finding import Search
from .search.pages import FoundPaginator

MOST_TYPED = 800  # characters as they come in: decomposed, with what does not show


class Unfit(BadRequest):
    """A filter does not fit; `reason` says why, to the reader."""

    def __init__(self, reason: str):
        super().__init__(reason)
        self.reason = reason


class SearchField(forms.CharField):
    """Words as the newsroom writes them: only then are they counted."""

    def to_python(self, value: str | None) -> str:
        value = super().to_python(value)
        if len(value) > MOST_TYPED:
            raise forms.ValidationError(
                _("Write %(number)d characters at most."), params={"number": self.max_length}
            )
        # What no database takes is refused and not left out.
        return value if "\0" in value else clean_line(value)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, str]:
        # Decomposed Hangul that is pasted is longer than what it says.
        return super().widget_attrs(widget) | {"maxlength": str(MOST_TYPED)}


class SearchFilter(django_filters.CharFilter):
    field_class = SearchField


class MissionField(forms.ModelChoiceField):
    """One of the missions that strangers can read of."""

    def to_python(self, value: str | None) -> Mission | None:
        if value in self.empty_values:
            return None
        for mission in missions().values():
            if mission.slug == value and census().by_mission[mission.pk]:
                return mission
        raise forms.ValidationError(
            self.error_messages["invalid_choice"], "invalid_choice", {"value": value}
        )


class MissionFilter(django_filters.ModelChoiceFilter):
    field_class = MissionField


class WholeNumberField(forms.IntegerField):
    def bound_data(self, data: str | None, initial: int | None) -> int | str | None:
        """The number as a list to choose from writes it: 9 where "09" was asked."""
        try:
            return self.to_python(data)
        except forms.ValidationError:
            return data


class WholeNumberFilter(django_filters.NumberFilter):
    field_class = WholeNumberField


class WordFilter(django_filters.FilterSet):
    """`q`, what is searched for; it comes after all other filters, for it looks at what is left."""

    q = SearchFilter(
        label=_("Search"),
        max_length=200,
        widget=forms.TextInput(attrs={"type": "search", "enterkeyhint": "search"}),
    )

    class Meta:
        model = Release
        fields: list[str] = []

    @classmethod
    def asked(cls, request: HttpRequest, releases: QuerySet[Release]) -> Self:
        """The filter that the query string of `request` asks of `releases`.

        Raises Unfit when a value does not fit; parameters of others are passed over.
        """
        listing = cls(request.GET, queryset=releases, request=request)
        for name, errors in listing.form.errors.items():
            raise Unfit(f"{listing.form.fields[name].label}: {errors[0]}")
        return listing

    def get_form_class(self) -> type[forms.Form]:
        return _form_of(type(self))

    @cached_property
    def search(self) -> Search:
        """What `q` asks for."""
        return Search(self.form.cleaned_data["q"] or "")

    def filter_queryset(self, queryset: QuerySet[Release]) -> QuerySet[Release]:
        for name, value in self.form.cleaned_data.items():
            if name != "q":
                queryset = self.filters[name].filter(queryset, value)
        return self.search.within(queryset)

    def pages(self, size: int, rows: Rows, count: int | None = None) -> Paginator:
        """What fits, `size` of `rows` a page: best first where words are searched for.

        `count` is how many there are without words, where that is known.
        """
        if not self.search.text:
            return ReleasePaginator(self.qs, rows, size, count)
        return FoundPaginator(self.search, self.qs, rows, size)

    def pages_of_cards(self, count: int | None, mission: int | None = None) -> Paginator:
        """The same for people; where no words are searched for `count` is known.

        `mission` is the key of the only mission of which there are releases to filter.
        """
        if self.search.text:
            return self.pages(PAGE_SIZE, public_releases_found)
        return PublicPages(count, mission)


@lru_cache
def _form_of(filters: type[WordFilter]) -> type[forms.Form]:
    """What django-filter would make anew for each reader, though all get the same."""
    return django_filters.FilterSet.get_form_class(filters(queryset=Release.objects.none()))


class ReleaseFilter(WordFilter):
    """`q`, `mission` (a slug), `year` and `month` of the release date; they combine."""

    mission = MissionFilter(
        label=_("Mission"),
        queryset=Mission.objects.all(),
        to_field_name="slug",
    )
    year = WholeNumberFilter("release_date__year", label=_("Year"), min_value=1900, max_value=9999)
    month = WholeNumberFilter(method="of_month", label=_("Month"), min_value=1, max_value=12)

    @property
    def archive(self) -> SafeString:
        """The years and months that have releases, latest first, as links; empty without any."""
        return choices.archive()

    @property
    def count(self) -> int | None:
        """How many releases fit, where no words are searched for: then only the index knows."""
        asked = self.form.cleaned_data
        if self.search.text:
            return None
        mission = asked["mission"]
        return census().count(mission and mission.pk, asked["year"], asked["month"])

    def pages_of_cards(self, count: int | None, mission: int | None = None) -> Paginator:
        asked = self.form.cleaned_data
        if not self.search.text and (asked["year"] or asked["month"]):
            return self.pages(PAGE_SIZE, public_releases_on_cards, count)
        mission = asked["mission"].pk if asked["mission"] else mission
        return super().pages_of_cards(count, mission)

    def offer_choices(self) -> None:
        """Make lists to choose from; a page asks for it, machines need none.

        What was asked for is a choice though no release fits it.
        """
        fields = self.form.fields
        fields["mission"].widget = choices.MissionSelect()
        fields["year"].widget = choices.YearSelect()
        fields["month"].widget = choices.MonthSelect()

    def of_month(self, queryset, name, value):
        year = self.form.cleaned_data["year"]
        return queryset.of_month(value, [year] if year else census().years)
