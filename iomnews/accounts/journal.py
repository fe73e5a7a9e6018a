"""The journal of the door: who signed in or was refused, and who changed whose rights.

It holds no password, no address and no name that was merely typed: people type their password
into the field for the name. `writing_as` says whose doing it is; outside of a request it is
nobody's, that is somebody's at the server.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.db import transaction
from django.db.models import F
from django.dispatch import Signal
from django.utils import timezone

from .models import Record

Kind = Record.Kind

# A guesser's thousand tries are one line an hour, which says how many.
ADDED_UP = {
    Kind.REFUSED,
    Kind.STOPPED,
    Kind.CODE_REFUSED,
    Kind.CODE_STOPPED,
    Kind.PASSWORD_REFUSED,
    Kind.PASSWORD_STOPPED,
}
TOGETHER = timedelta(hours=1)

# Sent when something has been written down, with its `kind`, and `by`, who did it or None.
written = Signal()

_acting: ContextVar[AbstractUser | None] = ContextVar("acting", default=None)


@contextmanager
def writing_as(user: AbstractUser) -> Iterator[None]:
    """Within it, what is written is `user`'s doing."""
    before = _acting.set(user)
    try:
        yield
    finally:
        _acting.reset(before)


def acting() -> AbstractUser | None:
    """Whose doing it is what happens now; None at the server."""
    return _acting.get()


def write(
    kind: Kind,
    by: AbstractUser | None = None,
    about: str = "",
    details: Iterable[str] = (),
    at: datetime | None = None,
) -> None:
    """Write down that `kind` happened, by `by` (who is acting, when None), to `about`."""
    at = at or timezone.now()
    by = by or acting()
    what = {"kind": kind, "by": by, "by_name": by.get_username() if by else "", "about": about}
    with transaction.atomic():
        if not (kind in ADDED_UP and _added(what, at)):
            Record.objects.create(**what, details=list(details), at=at)
            Record.objects.filter(at__lt=at - timedelta(settings.ACCOUNT_LOG_DAYS)).delete()
    written.send(Kind, kind=kind, by=by)


def _added(what: dict[str, Any], at: datetime) -> bool:
    """Whether `what` is on a line of the last hour, which now says once more."""
    last = Record.objects.filter(**what, at__gt=at - TOGETHER).order_by("-at", "-pk")
    found = Record.objects.filter(pk__in=last.values("pk")[:1])
    return bool(found.update(count=F("count") + 1))
