"""The list of releases: how it is counted, narrowed, searched, and what stands in its rows."""

from collections import defaultdict
from collections.abc import Callable
from datetime import timedelta

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.core.paginator import Paginator
from django.db.models import Exists, F, OuterRef, QuerySet
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contacts.models import PressContact
from releases import sharing
from releases.models import DailyViews, Release, ReleaseContact, State

from .desk import TEXTS
from .words import number_of, state_badge, time_left

# Counting stops here; what lies beyond is reached by search or filter.
COUNTED = 10_000  # releases
SEARCH_LENGTH = 200  # characters
SPARK_DAYS = 30  # today included


class BoundedPaginator(Paginator):
    """Counts no more than COUNTED rows, so that a page costs the same however many there are."""

    @cached_property
    def count(self) -> int:
        return self.object_list.order_by().values("pk")[:COUNTED].count()


class ReleaseList(ChangeList):
    """The rows of a page without their texts, each with its views of the last days and
    whether a link to it is out."""

    def get_queryset(self, request, exclude_parameters=None):
        return super().get_queryset(request, exclude_parameters).defer(*TEXTS)

    def get_results(self, request):
        super().get_results(request)
        self.result_list = list(self.result_list)
        daily = views_by_day([release.pk for release in self.result_list])
        for release in self.result_list:
            release.daily_counts = daily.get(release.pk, [])
        scheduled = [release for release in self.result_list if release.state == State.SCHEDULED]
        shared = sharing.shared_among(scheduled)
        for release in scheduled:
            release.is_shared = release.pk in shared


def views_by_day(pks: list[int]) -> dict[int, list[int]]:
    """How often each was read on each of the last SPARK_DAYS days, oldest first; one query.

    Those that nobody read are left out.
    """
    first = timezone.localdate() - timedelta(days=SPARK_DAYS - 1)
    counted = DailyViews.objects.filter(release__in=pks, day__gte=first, count__gt=0)
    daily: dict[int, list[int]] = defaultdict(lambda: [0] * SPARK_DAYS)
    for pk, day, count in counted.values_list("release", "day", "count"):
        if (place := (day - first).days) < SPARK_DAYS:
            daily[pk][place] = count
    return daily


def spark_line(counts: list[int]) -> SafeString:
    """The views of the last days as a small line, with their sum as its name."""
    width, height = 60, 16
    highest = max(counts) or 1
    step = width / (len(counts) - 1)
    points = " ".join(
        f"{place * step:.1f},{height - 1 - count * (height - 2) / highest:.1f}"
        for place, count in enumerate(counts)
    )
    name = _("Views of the last %(days)d days: %(views)s") % {
        "days": len(counts),
        "views": number_of(sum(counts)),
    }
    return format_html(
        '<svg class="spark" role="img" viewBox="0 0 {} {}" width="{}" height="{}">'
        '<title>{}</title><polyline points="{}"/></svg>',
        *(width, height, width, height, name, points),
    )


class StateFilter(admin.SimpleListFilter):
    title = gettext_lazy("state")
    parameter_name = "state"
    questions: dict[str, Callable[[QuerySet], QuerySet]] = {
        State.DRAFT: lambda releases: releases.drafts(),
        State.IN_REVIEW: lambda releases: releases.in_review(),
        State.SCHEDULED: lambda releases: releases.scheduled(),
        State.PUBLIC: lambda releases: releases.public(),
        State.WITHDRAWN: lambda releases: releases.withdrawn(),
    }

    def lookups(self, request, model_admin):
        return State.choices

    def queryset(self, request, queryset):
        question = self.questions.get(self.value())
        return question(queryset) if question else queryset


class MineFilter(admin.SimpleListFilter):
    title = gettext_lazy("author")
    parameter_name = "mine"

    def lookups(self, request, model_admin):
        return [
            ("unpublished", gettext_lazy("What I am working on")),
            ("all", gettext_lazy("All that I began")),
        ]

    def queryset(self, request, queryset):
        mine = {
            "unpublished": {"author": request.user.pk, "approved_at": None},
            "all": {"author": request.user.pk},
        }
        return queryset.filter(**mine.get(self.value(), {}))


class LackFilter(admin.SimpleListFilter):
    title = gettext_lazy("language")
    parameter_name = "lacks"
    fields = {
        "title_ko": gettext_lazy("No Korean headline"),
        "body_ko": gettext_lazy("No Korean text"),
        "title_en": gettext_lazy("No English headline"),
        "body_en": gettext_lazy("No English text"),
    }

    def lookups(self, request, model_admin):
        return list(self.fields.items())

    def queryset(self, request, queryset):
        field = self.value()
        return queryset.filter(**{field: ""}) if field in self.fields else queryset


class FindingsFilter(admin.SimpleListFilter):
    title = gettext_lazy("findings")
    parameter_name = "findings"

    def lookups(self, request, model_admin):
        return [("yes", gettext_lazy("Something to look at")), ("no", gettext_lazy("Nothing"))]

    def queryset(self, request, queryset):
        found = {"yes": {"finding_count__gt": 0}, "no": {"finding_count": 0}}
        return queryset.filter(**found.get(self.value(), {}))


class ContactFilter(admin.SimpleListFilter):
    """Offers nothing by itself: the page of a press contact leads here."""

    title = gettext_lazy("press contact")
    parameter_name = "contact"

    def lookups(self, request, model_admin):
        asked = str(self.used_parameters.get(self.parameter_name, ""))
        if not (asked.isascii() and asked.isdecimal() and len(asked) < 19):
            return []
        return [(str(c.pk), str(c)) for c in PressContact.objects.filter(pk=asked)]

    def queryset(self, request, queryset):
        named = ReleaseContact.objects.filter(release=OuterRef("pk"), contact=self.value())
        return queryset.filter(Exists(named)) if self.value() else queryset


class Listed:
    """Part of `ReleaseAdmin`: the list."""

    list_display = ["headline", "mission_name", "state_label", "posted", "views_lately"]
    list_filter = [StateFilter, MineFilter, LackFilter, FindingsFilter, ContactFilter, "mission"]
    list_select_related = ["mission", "counter"]
    # What is searched is up to `Release.objects.search`; without a name here there is no field.
    search_fields = ["title_ko"]
    search_help_text = gettext_lazy(
        "Words of the headline or the text, a mission, a contact or a date."
    )
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER  # a COUNT for each choice of each filter
    paginator = BoundedPaginator
    list_per_page = 50
    # What has no time yet is what is being worked on: it comes first.
    ordering = [F("publish_at").desc(nulls_first=True), "-release_date", "-pk"]

    def get_changelist(self, request, **kwargs):
        return ReleaseList

    def get_search_results(self, request, queryset, search_term):
        return queryset.search(search_term[:SEARCH_LENGTH]), False

    @admin.display(description=gettext_lazy("headline"), ordering="shown_title")
    def headline(self, release: Release) -> str:
        return str(release)

    @admin.display(description=gettext_lazy("mission"), ordering="shown_mission")
    def mission_name(self, release: Release) -> str:
        return str(release.mission or "")

    @admin.display(description=gettext_lazy("state"), ordering="state_order")
    def state_label(self, release: Release) -> SafeString:
        return state_badge(release.state, getattr(release, "is_shared", False))

    @admin.display(description=gettext_lazy("posted"), ordering="publish_at")
    def posted(self, release: Release) -> str:
        if release.publish_at is None:
            return self.get_empty_value_display()
        moment = timezone.localtime(release.publish_at)
        written = f"{moment:%Y-%m-%d %H:%M}"
        time = format_html('<time datetime="{}">{}</time>', moment.isoformat(), written)
        if release.state != State.SCHEDULED:
            return time
        left = time_left(release.publish_at)
        return format_html('{}<br><span class="time-left">{}</span>', time, left)

    @admin.display(description=gettext_lazy("views"), ordering=Coalesce("counter__total", 0))
    def views_lately(self, release: Release) -> SafeString:
        address = reverse("admin:releases_release_views", args=[release.pk])
        number = format_html('<a href="{}">{}</a>', address, number_of(release.views))
        if not release.daily_counts:
            return number
        return format_html("{} {}", number, spark_line(release.daily_counts))
