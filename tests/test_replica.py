"""When a replica is read, and when the primary; with real servers: tests/faults/replica.py."""

import logging

import pytest
from django.db import OperationalError
from django.test import RequestFactory

from iomnews.doctor import Level, stores
from iomnews.pages import PageCacheMiddleware
from iomnews.stores import BoundedCache
from releases import edition, replica
from releases.kept import OnceAnEdition
from releases.replica import LAG, PAUSE, FallBackMiddleware, Replica, Router, reading


class Clock:
    at = 100.0

    def __call__(self) -> float:
        return self.at


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def followed(monkeypatch, clock):
    """What is known of a replica; `at` is how far the primary and it have come, None: it fails."""
    monkeypatch.setattr(replica, "REPLICA", "default")  # there is no other in tests
    known = Replica(clock)
    known.at = (10, 10)
    monkeypatch.setattr(replica, "positions", lambda: known.at or fails())
    return known


def yes() -> bool:
    return True


def fails() -> bool:
    raise OperationalError("the server closed the connection")


def test_without_a_replica_none_is_read(clock):
    assert not Replica(clock).holds(yes)


def test_a_replica_is_read_while_it_has_every_edit(followed):
    assert followed.holds(yes)
    assert not followed.holds(lambda: False)
    assert followed.holds(yes)


def test_a_replica_that_stands_still_is_not_read_though_nothing_was_edited(followed, clock):
    assert followed.holds(yes)
    followed.at = (20, 10)
    clock.at += 1
    assert followed.holds(yes)
    clock.at += LAG

    assert not followed.holds(yes)

    followed.at = (30, 20)  # it came there, but late
    assert not followed.holds(yes)
    followed.at = (40, 30)
    clock.at += 1
    assert followed.holds(yes)


def test_what_is_no_replica_is_not_read(followed):
    followed.at = (10, -1)

    assert not followed.holds(yes)


def test_a_replica_that_failed_is_asked_again_after_a_pause_and_told_of_once(
    followed, clock, caplog
):
    caplog.set_level(logging.WARNING, logger="releases.replica")
    followed.at = None
    assert not followed.holds(yes)
    clock.at += PAUSE
    assert not followed.holds(yes)
    followed.at = (10, 10)
    clock.at += PAUSE - 1
    assert not followed.holds(yes)
    assert len(caplog.messages) == 1
    clock.at += 1

    assert followed.holds(yes)

    assert len(caplog.messages) == 2


@pytest.mark.parametrize("is_replicated", [True, False])
def test_a_page_is_made_from_the_replica_where_that_has_its_edition(
    is_replicated, monkeypatch, settings
):
    settings.PAGE_CACHE_MB = 4
    sources = []

    def make(request):
        sources.append(replica.source())
        raise ZeroDivisionError

    class Watch:
        def edition(self):
            return edition.Edition(1, None, None, None, "one", is_replicated)

        def is_away(self):
            return False

    pages = PageCacheMiddleware(make, Watch(), BoundedCache("r", {"OPTIONS": {"max_bytes": 9}}))
    with pytest.raises(ZeroDivisionError):
        pages(RequestFactory().get("/"))

    assert sources == ["replica" if is_replicated else "default"]
    assert replica.source() == "default"


def test_what_is_kept_for_an_edition_is_made_where_that_is_held(monkeypatch):
    """A page of an earlier edition may be on its way, made from the replica."""
    held = edition.Edition(1, None, None, None, "one", True)
    newer = edition.Edition(2, None, None, None, "two", False)
    source = OnceAnEdition(replica.source)
    monkeypatch.setattr(edition.watch, "edition", lambda: held)
    with reading(True):
        assert source() == "replica"
        monkeypatch.setattr(edition.watch, "edition", lambda: newer)
        assert source() == "default"
        assert replica.is_read()


def test_what_is_asked_at_the_desk_is_asked_of_the_primary(monkeypatch):
    held = edition.Edition(1, None, None, None, "one", True)
    monkeypatch.setattr(edition.watch, "edition", lambda: held)

    assert OnceAnEdition(replica.source)() == "default"


def test_a_page_that_fails_on_the_replica_is_made_again_from_the_primary(monkeypatch, clock):
    monkeypatch.setattr(replica, "replica", Replica(clock))

    def view(request):
        raise OperationalError("canceling statement due to conflict with recovery")

    with reading(True):
        assert FallBackMiddleware(view).process_view(None, view, [], {}) is None
        assert replica.source() == "default"
    assert not replica.is_read()


def test_nothing_is_written_to_a_replica():
    with reading(True):
        assert Router().db_for_read(None) == "replica"
        assert Router().db_for_write(None) == "default"
    assert Router().allow_migrate("replica", "releases") is False


@pytest.mark.django_db
@pytest.mark.parametrize(("at", "level"), [((10, 10), Level.WELL), (None, Level.WARNING)])
def test_the_doctor_says_whether_it_is_read(at, level, followed, monkeypatch):
    monkeypatch.setattr(stores, "REPLICA", "default")
    monkeypatch.setattr(stores, "REPLAYED_WITHIN", 0)
    monkeypatch.setattr(edition, "replica", followed)
    followed.at = at

    (found,) = stores.replica(None)

    assert found.level == level


def test_the_doctor_says_nothing_of_a_replica_that_is_not_named():
    assert list(stores.replica(None)) == []
