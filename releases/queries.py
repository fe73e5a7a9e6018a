"""Releases with all that a page shows of them, in a fixed small number of queries."""

import json
from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import NamedTuple

from django.db.models import (
    BigIntegerField,
    DateField,
    DateTimeField,
    Exists,
    Model,
    OuterRef,
    Prefetch,
    QuerySet,
    Subquery,
    TextField,
)
from django.db.models.functions import Coalesce
from django.utils import timezone

from contacts.models import PressContact

from . import replica
from .kept import OnceAnEdition
from .missions import missions
from .models import Attachment, Picture, Release, ReleaseContact
from .models.release import EXCERPTS, TEXTS
from .prepared import Asked, Prepared, made

PAGE_SIZE = 20  # releases
OTHERS = 4  # releases of the same mission below one
LINKED = ("title_ko", "title_en", "slug", "release_date", "publish_at")  # what a link shows
ON_CARDS = (*LINKED, *EXCERPTS, "mission_id", "corrected_at")

NOBODY = 0  # a key that no release has

# Whole releases: a queryset, or what gives those of some keys, by key.
Rows = QuerySet[Release] | Callable[[list[int]], dict[int, Release]]


class Place(NamedTuple):
    """Where a release stands in `newest_first`: the greater, the earlier."""

    publish_at: datetime
    release_date: date
    pk: int


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
    """A public release with all that its page shows; a query, and one each for pictures and files.

    Missions and the directory are at hand, and most releases have neither pictures nor files.
    """
    if pk > BigIntegerField.MAX_BIGINT:
        return None
    release = next(iter(_PUBLIC_RELEASE(now=timezone.now(), pk=pk)), None)
    if release:
        _knowing_missions([release])
        _have(release, "contacts", _from_json(ReleaseContact, _CONTACT, release.contact_rows))
        for name, parts in _PARTS.items():
            _have(release, name, parts(pk=pk) if getattr(release, f"has_{name}") else [])
        _know_entries(release.contacts.all())
    return release


def rows_of(keys: list[int], rows: Rows) -> dict[int, Release]:
    """Those of `keys` that are among `rows`, by key."""
    return rows(keys) if callable(rows) else rows.order_by().in_bulk(keys)


def public_releases_on_cards(keys: list[int]) -> dict[int, Release]:
    """Public releases of at most PAGE_SIZE `keys`, by key, with what a card shows; one query."""
    return _on_cards(_ON_CARDS, keys)


def public_releases_found(keys: list[int]) -> dict[int, Release]:
    """The same with their texts, for the words of a search to be marked in them; one query."""
    return _on_cards(_FOUND, keys)


def public_releases_from(place: Place | None, mission: int | None) -> list[Release]:
    """The PAGE_SIZE public ones that follow `place`, newest first, with what a card shows.

    From the newest where `place` is None; those of the mission with the key `mission`, if it is
    given. One query.
    """
    now = timezone.now()
    place = place or Place(now, date.max, BigIntegerField.MAX_BIGINT)
    # Of two upper bounds SQLite takes the first into the index and passes over all between them.
    asked = place._asdict() | {"now": now, "until": min(now, place.publish_at)}
    if mission is None:
        found = _FOLLOWING(**asked)
    else:
        found = _FOLLOWING_OF_MISSION(**asked, mission=mission)
    return _knowing_missions(found)


def _on_cards(releases: Prepared, keys: list[int]) -> dict[int, Release]:
    asked = dict.fromkeys(_CARD_KEYS, NOBODY) | dict(zip(_CARD_KEYS, keys, strict=False))
    found = _knowing_missions(releases(now=timezone.now(), **asked))
    return {release.pk: release for release in found}


def neighbours(release: Release) -> tuple[Release | None, Release | None]:
    """The public ones right before and right after `release`, newest first.

    One query, and none where `release` is of `public_release_in_full`.
    """
    knows = release
    if not hasattr(release, "newer_rows"):
        # A preview stands where it will, which its row does not say yet.
        knows = next(iter(_BESIDE(now=timezone.now(), **place_of(release)._asdict())), None)
    if knows is None:  # deleted meanwhile
        return None, None
    newer = _from_json(Release, _ON_LINKS, knows.newer_rows)
    older = _from_json(Release, _ON_LINKS, knows.older_rows)
    return next(iter(newer), None), next(iter(older), None)


def others_of_mission(release: Release) -> list[Release]:
    """The newest OTHERS public ones of its mission but for itself; no query most often."""
    if release.mission_id is None:
        return []
    newest = _newest_of_mission(release.mission_id)
    return [other for other in newest if other.pk != release.pk][:OTHERS]


def _from_json(model: type[Model], names: list[str], rows: str | None) -> list[Model]:
    """The rows that `_Rows` gave of `names`; whatever else of them is asked for takes a query."""
    return [made(model, replica.source(), names, row) for row in json.loads(rows or "[]")]


def _have(release: Release, name: str, parts: list) -> None:
    """Let `release` know its `parts`, as `prefetch_related(name)` does."""
    for part in parts:
        type(part).release.field.set_cached_value(part, release)
    known = QuerySet(getattr(Release, name).rel.related_model)
    known._result_cache, known._prefetch_done = parts, True
    release.__dict__.setdefault("_prefetched_objects_cache", {})[name] = known


def _knowing_missions(releases: list[Release]) -> list[Release]:
    """`releases` with their missions; one of this very moment they ask the database for."""
    known = missions()
    for release in releases:
        if mission := known.get(release.mission_id):
            Release.mission.field.set_cached_value(release, mission)
    return releases


def _know_entries(rows: Iterable[ReleaseContact]) -> None:
    """Let `rows` of a contact block know their entries in the directory, as far as they are."""
    known = directory()
    for row in rows:
        if entry := known.get(row.contact_id):
            ReleaseContact.contact.field.set_cached_value(row, entry)


def _directory() -> dict[int, PressContact]:
    entries = PressContact.objects.order_by().in_bulk()
    for entry in entries.values():
        if mission := missions().get(entry.mission_id):
            PressContact.mission.field.set_cached_value(entry, mission)
        if successor := entries.get(entry.successor_id):
            PressContact.successor.field.set_cached_value(entry, successor)
    return entries


directory = OnceAnEdition(_directory)  # every press contact, by key


def place_of(release: Release) -> Place:
    return Place(release.publish_at, release.release_date, release.pk)


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


# What the page of a public release says nothing of, or has from its excerpts.
_UNSEEN = (
    *("summary_ko", "summary_en", "withdrawal_reason_ko", "withdrawal_reason_en"),
    *("source_key", "source_digest", "finding_count", "submitted_at", "created_at"),
)
_PART_MODELS = {"pictures": Picture, "files": Attachment}
_CONTACT = [field.attname for field in ReleaseContact._meta.concrete_fields]
_ON_LINKS = ["id", "title_ko", "title_en", "slug"]


def _parts(model: type[Model]) -> Prepared:
    return Prepared(lambda: model.objects.filter(release=_PK))


_OF_PARTS = "FROM (%(subquery)s) part"


class _Rows(Subquery):
    """The rows of a queryset as JSON, a list of lists: they need no query of their own."""

    def __init__(self, rows: QuerySet, names: list[str]):
        columns = ", ".join(f'part."{name}"' for name in names)
        super().__init__(rows.values(*names), TextField(), columns=columns)

    def as_postgresql(self, compiler, connection):
        listed = "json_agg(json_build_array(%(columns)s))::text"
        return self.as_sql(compiler, connection, f"(SELECT {listed} {_OF_PARTS})")

    def as_sqlite(self, compiler, connection):
        listed = "json_group_array(json_array(%(columns)s))"
        return self.as_sql(compiler, connection, f"(SELECT {listed} {_OF_PARTS})")


def _public_release() -> QuerySet[Release]:
    its = {"release": OuterRef("pk")}
    parts = {
        f"has_{name}": Exists(model.objects.filter(**its)) for name, model in _PART_MODELS.items()
    }
    parts["contact_rows"] = _Rows(ReleaseContact.objects.filter(**its).order_by(), _CONTACT)
    parts |= _beside(Place(*map(OuterRef, Place._fields)))
    return Release.objects.public(_NOW).filter(pk=_PK).annotate(**_READ, **parts).defer(*_UNSEEN)


_UNTIL = Asked("until", DateTimeField())
_PLACE = Place(Asked("publish_at", DateTimeField()), Asked("release_date", DateField()), _PK)
_READ = {"times_read": Coalesce("counter__total", 0)}
_OF_MISSION = {"mission": Asked("mission", BigIntegerField())}


def _older() -> QuerySet[Release]:
    return Release.objects.public(_UNTIL).newest_first().older_than(_PLACE)


def _following() -> QuerySet[Release]:
    return _older().annotate(**_READ).only(*ON_CARDS)


def _beside(place: Place) -> dict[str, _Rows]:
    """The public ones right before and right after `place`, to be annotated."""
    every = Release.objects.newest_first()
    # Of two upper bounds SQLite takes the first into the index and passes over all between them.
    newer = every.newer_than(place).public(_NOW).reverse()[:1]
    older = every.older_than(place).public(_NOW)[:1]
    return {"newer_rows": _Rows(newer, _ON_LINKS), "older_rows": _Rows(older, _ON_LINKS)}


def _newest() -> QuerySet[Release]:
    of_mission = Release.objects.public(_NOW).filter(**_OF_MISSION)
    return of_mission.only(*LINKED).newest_first()[: OTHERS + 1]


_CARD_KEYS = [f"pk{number}" for number in range(PAGE_SIZE)]


def _of_card_keys() -> QuerySet[Release]:
    keys = [Asked(name, BigIntegerField()) for name in _CARD_KEYS]
    return Release.objects.public(_NOW).filter(pk__in=keys).annotate(**_READ)


_ON_CARDS = Prepared(lambda: _of_card_keys().only(*ON_CARDS))
_FOUND = Prepared(lambda: _of_card_keys().only(*ON_CARDS, *TEXTS))
_PUBLIC_RELEASE = Prepared(_public_release)
_PARTS = {name: _parts(model) for name, model in _PART_MODELS.items()}
_BESIDE = Prepared(lambda: Release.objects.filter(pk=_PK).only("pk").annotate(**_beside(_PLACE)))
_FOLLOWING = Prepared(lambda: _following()[:PAGE_SIZE])
_FOLLOWING_OF_MISSION = Prepared(lambda: _following().filter(**_OF_MISSION)[:PAGE_SIZE])
_NEWEST = Prepared(_newest)
_newest_of_mission = OnceAnEdition(lambda mission: _NEWEST(now=timezone.now(), mission=mission))
