"""The index in step with the releases: written in the transaction that saves what it holds.

A release's entry holds its own words, the names of its contact block as printed, its dates, and
the keys of its mission and of the directory's entries. What those are called is looked up with
each search (`finding`), so a mission is renamed without touching any entry.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date
from typing import TYPE_CHECKING

from django.db import connections, router, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import QuerySet
from django.utils import timezone

from contacts.bilingual import LANGUAGES
from releases.prose import lines

from . import engine
from .words import BODY, HEADLINE, REST, SUMMARY, tokens

if TYPE_CHECKING:
    from releases.models import Release, ReleaseContact

# Columns whose change changes an entry.
INDEXED = frozenset(
    [f"{name}_{lang}" for name in ("title", "summary", "body", "dateline") for lang in LANGUAGES]
    + ["mission", "mission_id", "release_date", "publish_at"]
)
INDEXED_OF_CONTACTS = frozenset(
    ["release", "release_id", "contact", "contact_id", "name", "office"]
)
BATCH = 200  # releases read and written at once

_waiting: ContextVar[set[int] | None] = ContextVar("waiting", default=None)


@contextmanager
def once() -> Iterator[None]:
    """Write what is changed inside once, at its end, in a transaction round all of it."""
    if _waiting.get() is not None:
        yield
        return
    waiting: set[int] = set()
    token = _waiting.set(waiting)
    try:
        with transaction.atomic():
            yield
            _waiting.set(None)
            put(waiting)
    finally:
        _waiting.reset(token)


def put(pks: Iterable[int]) -> None:
    """Bring the entries of the releases `pks` in step, and drop those of releases that are gone."""
    if (waiting := _waiting.get()) is not None:
        waiting.update(pks)
        return
    pks, connection = sorted(set(pks)), _connection()
    for start in range(0, len(pks), BATCH):
        batch = pks[start : start + BATCH]
        found = entries(batch)
        engine.put(connection, found)
        if gone := set(batch).difference(pk for pk, _tokens in found):
            engine.remove(connection, gone)


def forget_contact(pk: int) -> None:
    """Let no entry name the directory's entry `pk`, which is gone."""
    engine.forget(_connection(), contact_key(pk))


def entries(pks: list[int]) -> list[tuple[int, set[str]]]:
    """What the index is to hold of those of the releases `pks` that there are; two queries."""
    from releases.models import ReleaseContact

    columns = sorted((INDEXED - {"mission"}) | {"id"})
    rows: dict[int, list[ReleaseContact]] = {}
    for row in ReleaseContact.objects.filter(release__in=pks).only(
        "release_id", "contact_id", "name", "office"
    ):
        rows.setdefault(row.release_id, []).append(row)
    releases = _releases().filter(pk__in=pks).only(*columns).order_by()
    return [(release.pk, entry(release, rows.get(release.pk, []))) for release in releases]


def entry(release: "Release", rows: "list[ReleaseContact]") -> set[str]:
    """The tokens of `release`, whose contact block is `rows`."""
    found: set[str] = set()
    for lang in LANGUAGES:
        found |= tokens(getattr(release, f"title_{lang}"), HEADLINE)
        found |= tokens(lines(getattr(release, f"summary_{lang}")), SUMMARY)
        found |= tokens(lines(getattr(release, f"body_{lang}")), BODY)
    return found | tokens("\n".join(_rest(release, rows)), REST) | set(_keys(release, rows))


def _rest(release: "Release", rows: "list[ReleaseContact]") -> Iterator[str]:
    yield release.dateline_ko
    yield release.dateline_en
    for row in rows:
        yield f"{row.name}\n{row.office}"
    yield written_out(release.release_date)
    if release.publish_at:
        yield written_out(timezone.localdate(release.publish_at))


def written_out(day: date) -> str:
    """A day as people write it, a line each."""
    return f"{day:%Y-%m-%d}\n{day.year}년 {day.month}월 {day.day}일\n{day.day} {day:%B} {day.year}"


def _keys(release: "Release", rows: "list[ReleaseContact]") -> Iterator[str]:
    if release.mission_id:
        yield mission_key(release.mission_id)
    for row in rows:
        if row.contact_id:
            yield contact_key(row.contact_id)


def mission_key(pk: int) -> str:
    """The token of each release of the mission `pk`."""
    return f"=m{pk}"


def contact_key(pk: int) -> str:
    """The token of each release that names the directory's entry `pk`."""
    return f"=p{pk}"


# All of it


def rebuild() -> Iterator[int]:
    """Bring every entry in step, a batch in each transaction; yield how many releases are done.

    Saves and searches go on meanwhile: a batch locks its releases while it is written.
    """
    done = 0
    for first, last in _batches():
        with transaction.atomic():
            done += _lock(first, last)
            held = engine.held(_connection(), first, last)
            put({*_keys_between(first, last), *(pk for pk, _tokens in held)})
        yield done


def out_of_step() -> Iterator[int]:
    """The keys of releases whose entry says something else than they do, is lacking or left."""
    for first, last in _batches():
        if _differing(first, last):
            # Something may have been saved between two looks: look again while nothing can be.
            with transaction.atomic():
                _lock(first, last)
                suspects = _differing(first, last)
            yield from suspects


def _differing(first: int, last: int) -> list[int]:
    wanted = dict(entries(_keys_between(first, last)))
    there = dict(engine.held(_connection(), first, last))
    return sorted(pk for pk in wanted.keys() | there.keys() if wanted.get(pk) != there.get(pk))


def _keys_between(first: int, last: int) -> list[int]:
    between = _releases().filter(pk__range=(first, last))
    return list(between.order_by("pk").values_list("pk", flat=True))


def _lock(first: int, last: int) -> int:
    """Let nobody save the releases with keys from `first` to `last`; return how many there are."""
    locked = _releases().filter(pk__range=(first, last)).order_by("pk").select_for_update()
    return len(locked.values_list("pk"))


def _batches() -> Iterator[tuple[int, int]]:
    """Ranges of keys, each of BATCH releases at most, that leave out no release and no entry."""
    first = 1
    while (
        pks := _releases().filter(pk__gte=first).order_by("pk").values_list("pk", flat=True)[:BATCH]
    ):
        last = list(pks)[-1]
        yield first, last
        first = last + 1
    if (end := engine.last_key(_connection())) >= first:
        yield first, end


def _releases() -> "QuerySet[Release]":
    from releases.models import Release

    return Release.objects.all()


def _connection() -> BaseDatabaseWrapper:
    return connections[router.db_for_write(_releases().model)]
