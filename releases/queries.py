"""Releases with all that a page shows of them, in a fixed small number of queries."""

from django.db.models import Prefetch, QuerySet

from .models import Release, ReleaseContact


def public_releases_with_contacts() -> QuerySet[Release]:
    """Public releases with mission and contact block, successors included: two queries."""
    return _with_contacts(Release.objects.public())


def public_releases_in_full() -> QuerySet[Release]:
    """The same with their pictures and files: four queries."""
    return in_full(Release.objects.public())


def in_full(releases: QuerySet[Release]) -> QuerySet[Release]:
    """`releases` with all that their page shows, public or not: four queries."""
    return _with_contacts(releases).prefetch_related("pictures", "files")


def in_their_order(releases: QuerySet[Release], rows: QuerySet[Release]) -> list[Release]:
    """`releases`, a slice of some, as they are in `rows`: two queries and what `rows` prefetches.

    Without this a page far back would cost as much as all before it: the database would fetch
    their texts only to pass over them.
    """
    keys = list(releases.values_list("pk", flat=True))
    found = rows.order_by().in_bulk(keys)
    return [found[key] for key in keys if key in found]


def _with_contacts(releases: QuerySet[Release]) -> QuerySet[Release]:
    rows = ReleaseContact.objects.select_related(
        "contact__mission", "contact__successor__mission", "contact__successor__successor__mission"
    )
    return releases.select_related("mission", "counter").prefetch_related(
        Prefetch("contacts", queryset=rows)
    )
