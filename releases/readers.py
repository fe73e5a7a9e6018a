"""Who reads, told apart without knowing anybody: no cookie, no address kept.

A reader's mark is a keyed hash of a release, an address and a browser's name, so without its key
it leads neither back to them nor from one release to another. The key is made anew for each day
in Seoul and forgotten with the first reading half an hour after midnight; docs/privacy.md says
more.
"""

import hmac
import ipaddress
import logging
import re
import secrets
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from .models import ReaderKey, RecentReader
from .robots import is_robot

logger = logging.getLogger(__name__)

SAME_READING = timedelta(minutes=30)  # a reload within it is no other reading
CUT_OFF_FOR = timedelta(hours=1)  # an address that asks more than READINGS_PER_ADDRESS
MARK_BYTES = 16
# Some proxies write the port as well: 203.0.113.7:51234, [2001:db8::1]:443.
WITH_PORT = re.compile(r"^(?:\[(.+)\]|([0-9.]+))(?::[0-9]+)?$")
IPV6_NETWORK = 64  # bits: what one household or phone is given


@dataclass(frozen=True)
class Reader:
    """Who asks, as far as counting needs to know."""

    address: str
    agent: str
    is_staff: bool = False

    @property
    def is_robot(self) -> bool:
        return is_robot(self.agent)


def reader_of(request: HttpRequest) -> Reader:
    """Whoever sent `request`. Who sent no session costs no question of the database."""
    signed_in = settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_authenticated
    return Reader(address_of(request), request.headers.get("User-Agent", ""), signed_in)


def address_of(request: HttpRequest) -> str:
    """The network address that `request` came from; "" when it is not known.

    Behind our own proxies it is the one that the outermost of them saw: each adds to the end of
    X-Forwarded-For, so what stands before that was written by whoever asked. Of an IPv6 address
    the network counts: the rest of it changes by itself (RFC 8981).
    """
    written = request.META.get("REMOTE_ADDR", "")
    if settings.PROXIES:
        seen = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
        written = seen[max(len(seen) - settings.PROXIES, 0)].strip()
    elif "HTTP_X_FORWARDED_FOR" in request.META and written in ("", "127.0.0.1", "::1"):
        _warn_of_proxy()
    try:
        address = ipaddress.ip_address(WITH_PORT.sub(r"\1\2", written))
    except ValueError:
        return ""
    if address.version == 4:
        return str(address)
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(ipaddress.ip_network((int(address), IPV6_NETWORK), strict=False))


@cache
def _warn_of_proxy() -> None:
    """Say, once a process, that all readers look like one."""
    logger.warning(
        "Readers come through a proxy, but BEHIND_PROXY is off: all seem to have one address, "
        "and few are counted."
    )


def mark_of(key: bytes, *parts: object) -> bytes:
    """`parts` as MARK_BYTES bytes that nobody can make or read without `key`."""
    message = "\0".join(map(str, parts)).encode("utf-8", "surrogateescape")
    return hmac.digest(key, message, "sha256")[:MARK_BYTES]


class KeyRing:
    """The keys in use, as this process knows them; other processes share them by the database."""

    def __init__(self):
        self._keys: dict[date, bytes] = {}
        self._swept: datetime | None = None

    def keys(self, at: datetime) -> list[bytes]:
        """The key of the day of `at`, and yesterday's as long as a reading of it may go on."""
        today, earlier = timezone.localdate(at), timezone.localdate(at - SAME_READING)
        self._forget(at, earlier)
        keys = [self._keys.get(today) or self._made(today)]
        if earlier != today and (before := self._keys.get(earlier) or self._found(earlier)):
            keys.append(before)
        return keys

    def _made(self, day: date) -> bytes:
        """The key of `day`: whichever process asks first makes it for all."""
        key, _new = ReaderKey.objects.get_or_create(
            day=day, defaults={"key": secrets.token_bytes(32)}
        )
        self._keys[day] = bytes(key.key)
        return self._keys[day]

    def _found(self, day: date) -> bytes | None:
        if key := ReaderKey.objects.filter(day=day).first():
            self._keys[day] = bytes(key.key)
        return self._keys.get(day)

    def _forget(self, at: datetime, oldest: date) -> None:
        """Forget keys of days before `oldest` and marks that have served: once an hour, or day."""
        # Threads share the ring: `list` takes the days in one step, while another adds one.
        is_new_day = any(day < oldest for day in list(self._keys))
        if self._swept and not is_new_day and abs(at - self._swept) < CUT_OFF_FOR:
            return
        # All of them: today's too may have been replaced, by a process whose clock was wrong for
        # a while or with a backup, and then it is the one in the database that others use.
        self._keys = {}
        ReaderKey.objects.filter(day__lt=oldest).delete()
        served = RecentReader.objects.filter(since__lt=int((at - CUT_OFF_FOR).timestamp()))
        with transaction.atomic():
            # What somebody is writing now stays: to wait for one another would be a deadlock.
            free = served.select_for_update(skip_locked=True).values("pk")
            RecentReader.objects.filter(pk__in=free).delete()
        self._swept = at


ring = KeyRing()
