"""Whoever tries tokens that open nothing is stopped, before the next one is looked up.

An address that was wrong WRONG_TOKENS times within an hour is told nothing more for the rest of
it, right or wrong: an answer that differed would be what a guesser is after. Nothing is kept but
the mark of an address, as for readings (`releases.readers`). So whoever was stopped before midnight
is until half past: then the key that knows them is gone (docs/privacy.md).
"""

from datetime import datetime, timedelta

from django.db import connection
from django.utils import timezone

from .counting import one_more
from .models import RecentReader
from .readers import mark_of, ring

# So many that colleagues behind one address may try an old link and still open a new one.
WRONG_TOKENS = 50
STOPPED_FOR = timedelta(hours=1)  # no longer than marks are kept: CUT_OFF_FOR


def is_stopped(address: str, at: datetime | None = None) -> bool:
    """Whether `address` was wrong too often; nothing is written."""
    at = at or timezone.now()
    now = int(at.timestamp())
    earliest = now - int(STOPPED_FOR.total_seconds()) + 1
    marks = [_mark(key, address) for key in ring.keys(at)]
    tried = RecentReader.objects.filter(mark__in=marks, since__range=(earliest, now))
    # After midnight there is another key: what was counted with both is one address.
    return sum(known.count for known in tried) >= WRONG_TOKENS


def note(address: str, at: datetime | None = None) -> None:
    """Remember that `address` was wrong once more."""
    at = at or timezone.now()
    mark = _mark(ring.keys(at)[0], address)
    with connection.cursor() as cursor:
        one_more(cursor, mark, int(at.timestamp()), STOPPED_FOR, WRONG_TOKENS)


def _mark(key: bytes, address: str) -> bytes:
    return mark_of(key, "tokens", address)
