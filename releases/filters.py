"""Which public releases a visitor wants to see: the query string of the listing."""

import django_filters
from django import forms
from django.utils.translation import gettext_lazy as _

from .missions import missions_with_public_releases
from .models import Release


class ReleaseFilter(django_filters.FilterSet):
    """`q`, `mission` (a slug), `year` and `month` of the release date; they combine."""

    q = django_filters.CharFilter(
        method="search",
        label=_("Search"),
        max_length=200,
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    mission = django_filters.ModelChoiceFilter(
        label=_("Mission"),
        queryset=lambda request: missions_with_public_releases(),
        to_field_name="slug",
        empty_label=_("All missions"),
    )
    year = django_filters.NumberFilter(
        "release_date__year", label=_("Year"), min_value=1900, max_value=9999
    )
    month = django_filters.NumberFilter(
        "release_date__month", label=_("Month"), min_value=1, max_value=12
    )

    class Meta:
        model = Release
        fields: list[str] = []

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        years = self.queryset.order_by().values_list("release_date__year", flat=True).distinct()
        self.form.fields["year"].widget = forms.Select(
            choices=[("", _("All years")), *((y, y) for y in sorted(years, reverse=True))]
        )
        self.form.fields["month"].widget = forms.Select(
            choices=[("", _("All months")), *((m, m) for m in range(1, 13))]
        )

    def search(self, queryset, name, value):
        return queryset.search(value)
