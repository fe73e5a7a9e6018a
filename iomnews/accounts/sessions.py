"""Where somebody is signed in, and an end to it.

What the list shows stands in the sessions themselves: when it began, when it was last used, which
browser, and a keyed hash of the network address, which tells only whether it is the one from which
the list is being read. It goes with the session.
"""

import re
from datetime import datetime, timedelta
from typing import NamedTuple

from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.models import AbstractUser
from django.contrib.sessions.models import Session
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

from releases.readers import address_of

# Unused for so long, or begun so long ago, a session is over. A draft outlives it in the browser.
IDLE, LONGEST = timedelta(hours=12), timedelta(days=7)
NOTED_EVERY = timedelta(minutes=5)  # that a session is in use: a write to the database
ABOUT = "signed_in"

# The first that a user agent names: many name others after themselves.
BROWSERS = [
    (r"Whale/", "Whale"),
    (r"SamsungBrowser/", "Samsung Internet"),
    (r"Edg(?:e|A|iOS)?/", "Edge"),
    (r"OPR/|Opera", "Opera"),
    (r"Firefox/|FxiOS/", "Firefox"),
    (r"Chrome/|CriOS/", "Chrome"),
    (r"Safari/", "Safari"),
]
SYSTEMS = [
    (r"Windows", "Windows"),
    (r"iPhone", "iPhone"),
    (r"iPad", "iPad"),
    (r"Android", "Android"),
    (r"Macintosh|Mac OS X", "macOS"),
    (r"CrOS", "ChromeOS"),
    (r"Linux|X11", "Linux"),
]


class SignedIn(NamedTuple):
    """One session of somebody."""

    id: str  # to name it by in a form; nothing can be opened with it
    begun: datetime
    used: datetime
    browser: str  # "" where it is unknown
    is_this_one: bool
    is_near: bool  # from the network address that is asking


def begin(request: HttpRequest, user: AbstractUser) -> None:
    """Note in the session of `request` where and when `user` signed in."""
    now = timezone.now()
    request.session[ABOUT] = {
        "begun": now.isoformat(),
        "used": now.isoformat(),
        "browser": browser_of(request.META.get("HTTP_USER_AGENT", "")),
        "near": _nearness(request, user),
    }
    request.session.set_expiry(_left(now, now))


def note_use(request: HttpRequest) -> None:
    """Note that the session of `request` is in use, which puts off its end.

    What a page asks by itself, such as who else is there, does not count: a form that was left
    open would keep its session for ever.
    """
    about = request.session.get(ABOUT)
    if request.headers.get("Sec-Fetch-Dest") == "empty":
        return
    now = timezone.now()
    if not about:  # from before such notes were made
        begin(request, request.user)
    elif now - datetime.fromisoformat(about["used"]) >= NOTED_EVERY:
        near = _nearness(request, request.user)
        request.session[ABOUT] = about | {"used": now.isoformat(), "near": near}
        request.session.set_expiry(_left(datetime.fromisoformat(about["begun"]), now))


def of(user: AbstractUser, request: HttpRequest) -> list[SignedIn]:
    """Where `user` is signed in, the session of `request` first, then the last used first."""
    near = _nearness(request, user)
    found = []
    for key, about in _held(user):
        now = timezone.now().isoformat()
        found.append(
            SignedIn(
                _id(key),
                datetime.fromisoformat(about.get("begun", now)),
                datetime.fromisoformat(about.get("used", now)),
                about.get("browser", ""),
                key == request.session.session_key,
                about.get("near") == near,
            )
        )
    return sorted(found, key=lambda it: (it.is_this_one, it.used), reverse=True)


def end(user: AbstractUser, but: str | None = None, only: str | None = None) -> int:
    """End the sessions of `user` (but the one with the key `but`; or `only` that id): how many."""
    keys = [
        key
        for key, _about in _held(user)
        if key != but and (only is None or constant_time_compare(_id(key), only))
    ]
    Session.objects.filter(session_key__in=keys).delete()
    return len(keys)


def browser_of(agent: str) -> str:
    """What a person calls the browser and system that `agent` names: "Firefox, Windows"."""
    names = (
        next((name for pattern, name in known if re.search(pattern, agent)), "")
        for known in (BROWSERS, SYSTEMS)
    )
    return ", ".join(filter(None, names))


def _held(user: AbstractUser) -> list[tuple[str, dict]]:
    """Key and notes of each session of `user`.

    Sessions are not kept by user, so all are opened: those of an office are few.
    """
    valid = user.get_session_auth_hash()
    found = []
    for session in Session.objects.filter(expire_date__gt=timezone.now()).iterator():
        data = session.get_decoded()
        if data.get(SESSION_KEY) == str(user.pk) and data.get(HASH_SESSION_KEY) == valid:
            found.append((session.session_key, data.get(ABOUT) or {}))
    return found


def _left(begun: datetime, now: datetime) -> int:
    """Seconds until a session that began at `begun` is over, if it is not used again."""
    return max(1, int(min(IDLE, begun + LONGEST - now).total_seconds()))


def _id(session_key: str) -> str:
    return salted_hmac("accounts.sessions.id", session_key).hexdigest()[:20]


def _nearness(request: HttpRequest, user: AbstractUser) -> str:
    return salted_hmac("accounts.sessions.near", f"{user.pk} {address_of(request)}").hexdigest()[
        :20
    ]
