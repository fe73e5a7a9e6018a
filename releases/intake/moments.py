"""Times of other systems as ours."""

from datetime import UTC, datetime, tzinfo

FIRST_YEAR, LAST_YEAR = 1900, 9998  # later ones have no like in every time zone, nor has the first


def in_utc(found: datetime, zone: tzinfo) -> datetime:
    """`found` in UTC; of `zone` where it names none. Raises ValueError for a year out of reason."""
    if not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise ValueError(found.isoformat())
    return (found if found.tzinfo else found.replace(tzinfo=zone)).astimezone(UTC)
