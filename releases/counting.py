"""A reading, from whoever read to the totals. Rows of editors are never touched.

All that one reading changes is changed in one transaction, by statements that add to what is
there: no two readings can lose each other, and a number that was answered is in the database.
Each transaction takes its rows in the same order, so none waits for another in a circle.
"""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from django.conf import settings
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from django.dispatch import Signal
from django.utils import timezone

from .models import Release, ViewCounter
from .readers import CUT_OFF_FOR, SAME_READING, Reader, mark_of, ring


class Outcome(StrEnum):
    """What became of a reading: the column of DailyViews that has it."""

    COUNTED = "count"
    REPEAT = "repeats"
    ROBOT = "robots"
    STAFF = "staff"
    CUT_OFF = "cut_off"


# Sent for each reading once it is dealt with, with its `outcome`.
recorded = Signal()


class Counted(NamedTuple):
    """The views of a release once a reading is dealt with, and what became of that."""

    views: int
    outcome: Outcome


# Who asked earlier may come to the database later, and clocks of two machines differ a little.
AHEAD = timedelta(minutes=1)

# The ORM can neither add on conflict nor return what it wrote; both databases read these alike.
# One more since `since`; from the beginning where that is too long ago, or so far ahead that a
# clock was put back. No row comes back, and none is written, once there are as many as may be:
# that is asked first, because a row that PostgreSQL locks costs as much as one that it writes.
ONE_MORE = """
INSERT INTO releases_recentreader AS known (mark, since, count)
SELECT %(mark)s, %(now)s, 1 WHERE NOT EXISTS (
    SELECT 1 FROM releases_recentreader
    WHERE mark = %(mark)s AND count >= %(limit)s AND since BETWEEN %(earliest)s AND %(latest)s
)
ON CONFLICT (mark) DO UPDATE SET
    since = CASE WHEN known.since BETWEEN %(earliest)s AND %(latest)s
        THEN known.since ELSE excluded.since END,
    count = CASE WHEN known.since BETWEEN %(earliest)s AND %(latest)s
        THEN known.count + 1 ELSE 1 END
WHERE known.count < %(limit)s OR known.since NOT BETWEEN %(earliest)s AND %(latest)s
RETURNING count
"""
ADD_TO_DAY = """
INSERT INTO releases_dailyviews AS known
    (release_id, day, count, repeats, robots, staff, cut_off)
VALUES (%s, %s, %s, %s, %s, %s, %s)
ON CONFLICT (release_id, day) DO UPDATE SET
    count = known.count + excluded.count,
    repeats = known.repeats + excluded.repeats,
    robots = known.robots + excluded.robots,
    staff = known.staff + excluded.staff,
    cut_off = known.cut_off + excluded.cut_off
"""
ADD_TO_TOTAL = """
INSERT INTO releases_viewcounter AS known (release_id, total, imported) VALUES (%s, 1, 0)
ON CONFLICT (release_id) DO UPDATE SET total = known.total + 1
RETURNING total
"""


def views_of(pk: int) -> int:
    """How often the public release `pk` was read; raises Release.DoesNotExist for any other."""
    return Release.objects.public().values_list("counter__total", flat=True).get(pk=pk) or 0


def record(pk: int, reader: Reader, at: datetime | None = None) -> Counted:
    """Count that `reader` read release `pk` at `at` (aware; default now), or why that is none.

    Raises Release.DoesNotExist when the public cannot read it.
    """
    at = at or timezone.now()
    views = views_of(pk)
    keys = ring.keys(at)
    with transaction.atomic(), connection.cursor() as cursor:
        outcome, is_news = _judged(cursor, pk, reader, keys, int(at.timestamp()))
        if is_news:
            day = connection.ops.adapt_datefield_value(timezone.localdate(at))
            cursor.execute(ADD_TO_DAY, [pk, day, *(int(outcome == column) for column in Outcome)])
        if outcome == Outcome.COUNTED:
            cursor.execute(ADD_TO_TOTAL, [pk])
            (views,) = cursor.fetchone()
    recorded.send(Outcome, outcome=outcome)
    return Counted(views, outcome)


def set_imported(pk: int, views: int) -> bool:
    """Let the old site have counted `views` of release `pk`; what was counted here stays.

    Says whether that changed anything.
    """
    if not views and not ViewCounter.objects.filter(release=pk).exists():
        return False
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO releases_viewcounter AS known (release_id, total, imported)
            VALUES (%s, %s, %s)
            ON CONFLICT (release_id) DO UPDATE SET
                total = known.total - known.imported + excluded.imported,
                imported = excluded.imported
            WHERE known.imported <> excluded.imported
            RETURNING total
            """,
            [pk, views, views],
        )
        return cursor.fetchone() is not None


def _judged(
    cursor: CursorWrapper, pk: int, reader: Reader, keys: list[bytes], now: int
) -> tuple[Outcome, bool]:
    """What a reading is, and whether it is written down.

    Of an address that is cut off only that is, once: a flood costs two look-ups and no writing.
    """
    if reader.is_staff:
        return Outcome.STAFF, True
    key, *earlier = keys
    most = settings.READINGS_PER_ADDRESS
    asked = one_more(cursor, mark_of(key, pk, reader.address), now, CUT_OFF_FOR, most + 1)
    if not asked or asked > most:
        return Outcome.CUT_OFF, bool(asked)
    if reader.is_robot:
        return Outcome.ROBOT, True
    marks = [mark_of(each, pk, reader.address, reader.agent) for each in (key, *earlier)]
    was_here = any(_was_here(cursor, mark, now) for mark in marks[1:])
    if was_here or not one_more(cursor, marks[0], now, SAME_READING, 1):
        return Outcome.REPEAT, True
    return Outcome.COUNTED, True


def one_more(
    cursor: CursorWrapper, mark: bytes, now: int, window: timedelta, limit: int
) -> int | None:
    """Count one more with `mark`: how many there are within `window` now, None after `limit`."""
    earliest, latest = _within(window, now)
    cursor.execute(
        ONE_MORE,
        {"mark": mark, "now": now, "earliest": earliest, "latest": latest, "limit": limit},
    )
    row = cursor.fetchone()
    return row and row[0]


def _was_here(cursor: CursorWrapper, mark: bytes, now: int) -> bool:
    cursor.execute(
        "SELECT 1 FROM releases_recentreader WHERE mark = %s AND since BETWEEN %s AND %s",
        [mark, *_within(SAME_READING, now)],
    )
    return cursor.fetchone() is not None


def _within(window: timedelta, now: int) -> tuple[int, int]:
    """The first and the last second at which what began is going on still."""
    return now - int(window.total_seconds()) + 1, now + int(AHEAD.total_seconds())
