"""Releases with all that a page shows of them, in a fixed small number of queries."""

from collections.abc import Callable
from typing import Any

from django.db.models import BigIntegerField, DateField, DateTimeField, Prefetch, QuerySet, Subquery
from django.utils import timezone

from .models import Attachment, Picture, Release, ReleaseContact
from .prepared import Asked, Prepared

PAGE_SIZE = 20  # releases
OTHERS = 4  # releases of the same mission below one
LINKED = ("title_ko", "title_en", "slug", "release_date", "publish_at")  # what a link shows

NOBODY = 0  # a key that no release has

# Whole releases: a queryset, or what gives those of some keys, by key.
Rows = QuerySet[Release] | Callable[[list[int]], dict[int, Release]]


def public_releases_with_contacts() -> QuerySet[Release]:
    """Public releases with mission and contact block, successors included: two queries."""
    return _with_contacts(Release.objects.public())


def public_releases_in_full() -> QuerySet[Release]:
    """The same with their pictures and files: four queries."""
    return in_full(Release.objects.public())


def in_full(releases: QuerySet[Release]) -> QuerySet[Release]:
    """`releases` with all that their page shows, public or not: four queries."""
    return _with_contacts(releases).prefetch_related("pictures", "files")


def in_their_order(releases: QuerySet[Release], rows: Rows) -> list[Release]:
    """`releases`, a slice of some, as they are in `rows`: two queries and what `rows` prefetches.

    Without this a page far back would cost as much as all before it: the database would fetch
    their texts only to pass over them.
    """
    keys = list(releases.values_list("pk", flat=True))
    found = rows_of(keys, rows)
    return [found[key] for key in keys if key in found]


def public_release_in_full(pk: int) -> Release | None:
    """One of `public_releases_in_full`, for its page; four queries that are written already."""
    if pk > BigIntegerField.MAX_BIGINT:
        return None
    release = next(iter(_PUBLIC_RELEASE(now=timezone.now(), pk=pk)), None)
    if release:
        for name, parts in _PARTS.items():
            _have(release, name, parts(pk=pk))
    return release


def rows_of(keys: list[int], rows: Rows) -> dict[int, Release]:
    """Those of `keys` that are among `rows`, by key."""
    return rows(keys) if callable(rows) else rows.order_by().in_bulk(keys)


def public_releases_on_cards(keys: list[int]) -> dict[int, Release]:
    """Public releases of at most PAGE_SIZE `keys`, by key, with what a card shows; one query."""
    asked = dict.fromkeys(_CARD_KEYS, NOBODY) | dict(zip(_CARD_KEYS, keys, strict=False))
    return {release.pk: release for release in _ON_CARDS(now=timezone.now(), **asked)}


def neighbours(release: Release) -> tuple[Release | None, Release | None]:
    """The public ones right before and right after `release`, newest first; one query."""
    now = timezone.now()
    # Of two upper bounds SQLite takes the first into the index and passes over all between them.
    until = min(now, release.publish_at or now)
    beside = _BESIDE(now=now, until=until, **_place(release))
    place = tuple(_place(release).values())
    return (
        next((other for other in beside if tuple(_place(other).values()) > place), None),
        next((other for other in beside if tuple(_place(other).values()) < place), None),
    )


def others_of_mission(release: Release) -> list[Release]:
    """The newest OTHERS public ones of its mission but for itself; one query, or none."""
    if release.mission_id is None:
        return []
    return _OF_MISSION(now=timezone.now(), pk=release.pk, mission=release.mission_id)


def _have(release: Release, name: str, parts: list) -> None:
    """Let `release` know its `parts`, as `prefetch_related(name)` does."""
    for part in parts:
        part.release = release
    known = getattr(release, name).get_queryset()
    known._result_cache, known._prefetch_done = parts, True
    release.__dict__.setdefault("_prefetched_objects_cache", {})[name] = known


def _place(release: Release) -> dict[str, Any]:
    """What tells where it stands in `newest_first`, in that order."""
    return {
        "publish_at": release.publish_at,
        "release_date": release.release_date,
        "pk": release.pk,
    }


def _with_contacts(releases: QuerySet[Release]) -> QuerySet[Release]:
    return releases.select_related("mission", "counter").prefetch_related(
        Prefetch("contacts", queryset=_contacts())
    )


def _contacts() -> QuerySet[ReleaseContact]:
    return ReleaseContact.objects.select_related(
        "contact__mission", "contact__successor__mission", "contact__successor__successor__mission"
    )


# The queries of a release's page. `now` is given: what is public changes with it.

_NOW, _PK = Asked("now", DateTimeField()), Asked("pk", BigIntegerField())


def _public_release() -> QuerySet[Release]:
    return Release.objects.public(_NOW).filter(pk=_PK).select_related("mission", "counter")


def _beside() -> QuerySet[Release]:
    others = Release.objects.public(_NOW).newest_first()
    asked = Release(
        pk=_PK,
        publish_at=Asked("publish_at", DateTimeField()),
        release_date=Asked("release_date", DateField()),
    )
    before = Release.objects.public(Asked("until", DateTimeField())).newest_first()
    newer = others.newer_than(asked).reverse().values("pk")[:1]
    older = before.older_than(asked).values("pk")[:1]
    return others.only(*LINKED).filter(pk__in=[Subquery(newer), Subquery(older)])


def _of_mission() -> QuerySet[Release]:
    others = Release.objects.public(_NOW).only(*LINKED).newest_first()
    return others.filter(mission=Asked("mission", BigIntegerField())).exclude(pk=_PK)[:OTHERS]


_CARD_KEYS = [f"pk{number}" for number in range(PAGE_SIZE)]


def _on_cards() -> QuerySet[Release]:
    keys = [Asked(name, BigIntegerField()) for name in _CARD_KEYS]
    return Release.objects.public(_NOW).filter(pk__in=keys).select_related("mission", "counter")


_ON_CARDS = Prepared(_on_cards)
_PUBLIC_RELEASE = Prepared(_public_release)
_PARTS = {
    "contacts": Prepared(lambda: _contacts().filter(release=_PK)),
    "pictures": Prepared(lambda: Picture.objects.filter(release=_PK)),
    "files": Prepared(lambda: Attachment.objects.filter(release=_PK)),
}
_BESIDE, _OF_MISSION = Prepared(_beside), Prepared(_of_mission)
