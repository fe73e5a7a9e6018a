"""The newsroom as it is served, with a clock that is wrong by as many days as the file CLOCK says.

The clock that only ever goes forwards (time.monotonic) stays right, as on a machine whose time is
set. (libfaketime moves both, or has Python's sleep fail.)
"""

import os
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.utils import timezone

_clock, _time = Path(os.environ["CLOCK"]), time.time


def moved() -> float:
    """Seconds since 1970, by the moved clock."""
    return _time() + 86400 * float(_clock.read_text() or 0)


def now() -> datetime:
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=moved())


# Before the newsroom is loaded, so that it finds no other.
time.time, timezone.now = moved, now

from iomnews.wsgi import application  # noqa: E402, F401
