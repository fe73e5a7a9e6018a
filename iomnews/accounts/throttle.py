"""Whoever guesses passwords is made to wait, and the person whom they guess at is not.

Tries are counted before the password is looked at, in the database, so that all processes count
together and none is looked at beyond a limit however many come at once. What is kept are keyed
hashes of names and addresses, for an hour, as of readers (`releases.readers`, docs/privacy.md).

A browser in which somebody has signed in holds a cookie that says so (OWASP, "device cookies").
It counts by itself: so nobody can lock a person out of their own browser, from wherever they
guess. Any other browser is stopped by

- the name and the address together, so that one guesser stops nobody elsewhere,
- the address, whatever the names,
- the name, whatever the addresses; only this can keep a person out of a browser that is new to
  them, for an hour at most at a time, and while a hundred others are guessing.
"""

import secrets
import unicodedata
from datetime import datetime, timedelta
from typing import NamedTuple

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.core import signing
from django.db import connection, transaction
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

from releases.counting import one_more
from releases.models import RecentReader
from releases.readers import address_of, mark_of, ring

QUARTER, HOUR = timedelta(minutes=15), timedelta(hours=1)  # no longer than marks are kept
KNOWN_FOR = timedelta(days=180)
COOKIE = "known"
SALT = "accounts.throttle.known"


class Limit(NamedTuple):
    """So many tries within `window` of the same `parts`."""

    parts: tuple[str, ...]
    most: int
    window: timedelta


class Tries:
    """Tries of a password, which each of `limits` bounds."""

    def __init__(self, limits: list[Limit]):
        self.limits = limits

    @classmethod
    def of_signing_in(cls, request: HttpRequest, name: str) -> "Tries":
        """Those to sign in as `name`, by whoever sent `request`."""
        name = unicodedata.normalize("NFKC", name).casefold()
        address = address_of(request)
        if browser := _known(request, name):
            return cls([Limit(("known", name, browser), 10, QUARTER)])
        return cls(
            [
                Limit(("pair", name, address), 5, QUARTER),
                Limit(("address", address), 30, QUARTER),
                Limit(("name", name), 100, HOUR),
            ]
        )

    @classmethod
    def of_old_password(cls, user: AbstractUser, session: str) -> "Tries":
        """Those of the password that `user` has, by whoever has the session with that key.

        One open desk stops its owner nowhere else: it comes to 25 tries in an hour at most.
        """
        pk = str(user.pk)
        return cls(
            [
                Limit(("old password", pk, session), 5, QUARTER),
                Limit(("old passwords", pk), 50, HOUR),
            ]
        )

    def wait(self, at: datetime | None = None) -> timedelta | None:
        """Count one more try; how long to wait where there were too many, else None."""
        return _counted(self.limits, at or timezone.now())

    def forgive(self) -> None:
        """Take back the last try, which was right; the first limit begins anew."""
        key = ring.keys(timezone.now())[0]
        own, *others = [mark_of(key, "sign-in", *limit.parts) for limit in self.limits]
        RecentReader.objects.filter(mark=own).delete()
        # One at a time: rows locked together in another order than `_counted` takes would be a
        # deadlock.
        for mark in others:
            RecentReader.objects.filter(mark=mark, count__gt=0).update(count=F("count") - 1)


def wait_for_code(user: AbstractUser, at: datetime | None = None) -> timedelta | None:
    """Count one more try of a code by who knows the password of `user`, as `Tries.wait` does."""
    return _counted([Limit(("code", str(user.pk)), 10, QUARTER)], at or timezone.now())


def know(response: HttpResponse, user: AbstractUser) -> None:
    """Let the browser that gets `response` be known as one in which `user` has signed in."""
    name = unicodedata.normalize("NFKC", user.get_username()).casefold()
    response.set_cookie(
        _cookie(),
        signing.dumps([_digest(name), secrets.token_urlsafe(12)], salt=SALT),
        max_age=KNOWN_FOR,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _counted(limits: list[Limit], at: datetime) -> timedelta | None:
    now, key = int(at.timestamp()), ring.keys(at)[0]
    with transaction.atomic(), connection.cursor() as cursor:
        for limit in limits:
            mark = mark_of(key, "sign-in", *limit.parts)
            # What is stopped here counts no further: one guesser does not use up a name.
            if one_more(cursor, mark, now, limit.window, limit.most) is None:
                since = RecentReader.objects.values_list("since", flat=True).get(mark=mark)
                left = since + int(limit.window.total_seconds()) - now
                return timedelta(seconds=max(1, left))
    return None


def _known(request: HttpRequest, name: str) -> str:
    """Which of the browsers that `name` has signed in with has sent `request`; "" for none."""
    try:
        owner, browser = signing.loads(
            request.COOKIES.get(_cookie(), ""), salt=SALT, max_age=KNOWN_FOR
        )
    except (signing.BadSignature, ValueError, TypeError):
        return ""
    return browser if constant_time_compare(owner, _digest(name)) else ""


def _digest(name: str) -> str:
    return salted_hmac(SALT, name).hexdigest()[:32]


def _cookie() -> str:
    return settings.COOKIE_PREFIX + COOKIE
