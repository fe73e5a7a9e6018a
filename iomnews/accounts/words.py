"""What the door says."""

from datetime import timedelta
from math import ceil

from django.utils.translation import ngettext


def in_time(wait: timedelta) -> str:
    """When to try again, in whole minutes, to somebody who tried too often."""
    minutes = ceil(wait.total_seconds() / 60)
    return ngettext(
        "Too many tries. Try again in %(minutes)d minute.",
        "Too many tries. Try again in %(minutes)d minutes.",
        minutes,
    ) % {"minutes": minutes}
