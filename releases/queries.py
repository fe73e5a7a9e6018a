"""Releases with all that a page shows of them, in a fixed small number of queries."""

from django.db.models import Prefetch, QuerySet

from .models import Release, ReleaseContact


def public_releases_with_contacts() -> QuerySet[Release]:
    """Public releases with mission and contact block, successors included: two queries."""
    return in_full(Release.objects.public())


def in_full(releases: QuerySet[Release]) -> QuerySet[Release]:
    """`releases` with mission and contact block, successors included: two queries."""
    rows = ReleaseContact.objects.select_related(
        "contact__mission", "contact__successor__mission", "contact__successor__successor__mission"
    )
    return releases.select_related("mission").prefetch_related(Prefetch("contacts", queryset=rows))


def public_releases_in_full() -> QuerySet[Release]:
    """The same with their pictures and files: four queries."""
    return public_releases_with_contacts().prefetch_related("pictures", "files")
