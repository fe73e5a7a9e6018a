"""Reading from a replica of the database, wherever that shows the same.

The primary is read, unless a page is made for an edition (`releases.edition`) of which the replica
holds every edit. An edit and its mark are replayed in one commit, so a replica with the marks of an
edition has its content, or newer, as the primary has. It may lag as it likes: what it lacks is read
from the primary, at once by whoever edited and within a second by all other processes. What is due
is due by the clock and waits for nobody.

What no edit marks, the views on cards, may be `LAG` seconds older than at the primary.
"""

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from threading import Lock

from django.conf import settings
from django.db import Error, connections

logger = logging.getLogger(__name__)

PRIMARY, REPLICA = "default", "replica"
LAG = 10  # seconds
PAUSE = 10  # seconds in which a replica that failed is not asked again

_source: ContextVar[str] = ContextVar("source", default=PRIMARY)


def source() -> str:
    """The database that is read at present, by its name in DATABASES."""
    return _source.get()


def is_read() -> bool:
    """Whether the replica is."""
    return source() == REPLICA


@contextmanager
def reading(is_wanted: bool) -> Iterator[None]:
    """Read from the replica inside, or from the primary, as `is_wanted` says."""
    token = _source.set(REPLICA if is_wanted else PRIMARY)
    try:
        yield
    finally:
        _source.reset(token)


class Router:
    """Where Django asks, for DATABASE_ROUTERS."""

    def db_for_read(self, model, **hints) -> str:
        return source()

    def db_for_write(self, model, **hints) -> str:
        return PRIMARY

    def allow_relation(self, one, other, **hints) -> bool:
        return True  # they are the same rows

    def allow_migrate(self, db: str, app_label: str, **hints) -> bool | None:
        return False if db == REPLICA else None


class Replica:
    """What one process knows of the replica. `clock` gives seconds."""

    def __init__(self, clock: Callable[[], float] = time.monotonic):
        self._clock = clock
        self._rests_until = float("-inf")
        self._has_failed = False
        self._goal: tuple[int, float] | None = None  # a position, and when the primary was there
        self._keeps_up = False
        self._noting = Lock()

    def holds(self, every_edit: Callable[[], bool]) -> bool:
        """Whether to read from it: `every_edit`, asked there, says so, and it keeps up in time."""
        if REPLICA not in settings.DATABASES or self._clock() < self._rests_until:
            return False
        try:
            with reading(True):
                is_good = self._is_in_time(*positions()) and every_edit()
        except Error as error:
            self.failed(error)
            return False
        if self._has_failed:
            logger.warning("The replica answers again.")
            self._has_failed = False
        return is_good

    def failed(self, error: Exception) -> None:
        """Do without it for a while; the first failure of several is logged."""
        self._rests_until = self._clock() + PAUSE
        if not self._has_failed:
            logger.warning("The replica fails, the primary is read instead: %s", error)
        self._has_failed = True

    def _is_in_time(self, written: int, replayed: int) -> bool:
        """Whether it lags less than LAG, by positions in the log of the primary and its own.

        The last goal was reached, and the next is, in half that time each.
        """
        now = self._clock()
        with self._noting:
            goal, since = self._goal or (written, now)
            in_time = now - since < LAG / 2
            if replayed >= goal:
                self._goal, self._keeps_up = (written, now), in_time
            else:
                self._goal, self._keeps_up = (goal, since), self._keeps_up and in_time
            return self._keeps_up


def positions() -> tuple[int, int]:
    """How far the primary has written its log, and the replica has replayed it, in bytes."""
    with connections[PRIMARY].cursor() as cursor:
        cursor.execute("SELECT pg_current_wal_lsn() - '0/0'::pg_lsn")
        written = cursor.fetchone()[0]
    with connections[REPLICA].cursor() as cursor:
        # NULL where it is none: that is no replica, and nothing is read from it.
        cursor.execute("SELECT coalesce(pg_last_wal_replay_lsn() - '0/0'::pg_lsn, -1)")
        return int(written), int(cursor.fetchone()[0])


replica = Replica()  # as this process knows it


class FallBackMiddleware:
    """Make a page again from the primary where the replica fails in the middle of it.

    It may be gone, or have cancelled what was asked to go on replaying (PostgreSQL, 27.4.2).
    The last middleware: it calls the view, which has nothing but read.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        if not is_read():
            return None
        try:
            return view(request, *args, **kwargs)
        except Error as error:
            replica.failed(error)
        _source.set(PRIMARY)  # until the page is made: whoever set it sets it back
        return None
