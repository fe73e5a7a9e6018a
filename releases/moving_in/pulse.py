"""Who works on a move: one process at a time, which says every few seconds that it is there.

The lease lies in the database, so it holds for all hosts; whoever is killed or cut off from the
database loses it once nothing was heard for `SILENCE`.
"""

import logging
import secrets
import threading
from collections import Counter
from datetime import datetime
from typing import NamedTuple, Self

from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from releases.models import Move

from . import places

BEAT = 2  # seconds

logger = logging.getLogger(__name__)


def new_worker() -> str:
    return secrets.token_hex(16)


class Claimed(NamedTuple):
    """A move that a worker has taken; `is_resumed`: another had begun what is asked of it."""

    move: Move
    is_resumed: bool


def claim(worker: str, at: datetime | None = None) -> Claimed | None:
    """The next move, now `worker`'s; None where nothing is to be done here, or another is at work.

    Only what lies on this machine can be done by it.
    """
    at = at or timezone.now()
    with transaction.atomic():
        moves = list(Move.objects.unfinished().select_for_update())
        if any(move.is_heard_of(at) and move.worker not in ("", worker) for move in moves):
            return None
        move = next((move for move in moves if places.file_of(move).exists()), None)
        if move is None:
            return None
        is_resumed = move.begun_at is not None
        move.worker, move.heard_at, move.begun_at = worker, at, at
        move.done, move.counts = 0, {}
        move.save(update_fields=["worker", "heard_at", "begun_at", "done", "counts"])
        return Claimed(move, is_resumed)


def last_heard() -> datetime | None:
    """When anybody at work was heard of last; None where nobody is."""
    at_work = Move.objects.unfinished().filter(heard_at__isnull=False)
    return max((move.heard_at for move in at_work), default=None)


def is_anything_left(at: datetime | None = None) -> bool:
    """Whether there is a move on this machine while nobody at work was heard of at `at`."""
    return not _is_anybody_at_work(at or timezone.now()) and is_anything_asked()


def is_anything_asked() -> bool:
    """Whether there is a move on this machine that has not ended, be anybody at work or not."""
    return any(places.file_of(move).exists() for move in Move.objects.unfinished())


def _is_anybody_at_work(at: datetime) -> bool:
    return any(move.is_heard_of(at) for move in Move.objects.unfinished())


class Pulse:
    """Tells, from a thread of its own, that `worker` is at work on `move` and how far it is."""

    def __init__(self, move: Move, worker: str):
        self.move, self.worker = move, worker
        self.done, self.total = 0, move.total
        self.counts: Counter[str] = Counter()
        self.is_over = False  # somebody stopped it, or another has taken it over
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._beat, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *error) -> None:
        self._ended.set()
        self._thread.join()

    def _beat(self) -> None:
        try:
            while not self._ended.wait(BEAT):
                try:
                    self.tell()
                except DatabaseError:
                    # Held by others, or away: whoever takes the lease needs it as well.
                    logger.warning("nobody could be told of move %s", self.move.pk)
                    connection.close()
        finally:
            connection.close()

    def tell(self) -> None:
        """Write down how far it is, and look whether it is to go on. Raises DatabaseError."""
        mine = Move.objects.filter(pk=self.move.pk, worker=self.worker, ended_at=None)
        is_mine = mine.update(
            heard_at=timezone.now(), done=self.done, total=self.total, counts=dict(self.counts)
        )
        if not is_mine or mine.filter(stop_at__isnull=False).exists():
            self.is_over = True
