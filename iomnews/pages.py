"""Public pages kept and shown again: the first middleware, which answers before all others.

What the process has at hand is answered before Django begins with a request (`iomnews.handler`).

A page is kept for one edition of the newsroom (`releases.edition`) and for one minute at most,
in the memory of each process and, where CACHE_URL says so, in a cache that all share. So nothing
is ever purged: an edit, or the hour of a scheduled release, makes another edition.

While the database is away what was last shown stands, for an hour, and says how old it is: `Age`
(RFC 9111, 5.1) and `Cache-Status` (RFC 9211).

Only what depends on nothing but its address and the edition is kept: 200s without a cookie, at
the addresses below. Whoever sends a session or an Authorization passes by.
"""

import logging
import re
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from hashlib import blake2b
from threading import Lock
from typing import NamedTuple
from urllib.parse import urlencode

from django.conf import settings
from django.core.cache import BaseCache, caches
from django.core.exceptions import MiddlewareNotUsed, SuspiciousOperation
from django.db import Error
from django.http import HttpRequest, HttpResponse
from django.http.response import ResponseHeaders
from django.middleware.gzip import re_accepts_gzip
from django.utils import timezone
from django.utils.cache import get_conditional_response

from releases import old_addresses
from releases.api import Paging
from releases.edition import Edition, Watch, watch
from releases.filters import ReleaseFilter, WordFilter
from releases.replica import reading

from .announcing import Listener

logger = logging.getLogger(__name__)

# Some of what a page says changes without an edit: views on cards, the time at an office.
KEPT_FOR = 60  # seconds
# While the database is away: as long as proxies may show a page while the site is.
STANDS_FOR = 3600  # seconds

FILTERS = tuple(ReleaseFilter.base_filters)
# Addresses that are kept, below the language, each with the parameters that it knows. No other
# parameter makes another page, but for the API, which refuses what it does not know.
ADDRESSES: dict[str, tuple[str, ...]] = {
    r"": (*FILTERS, "page"),
    r"releases/\d+/(?!views/)[^/]+/": (),
    r"releases/\d+/[^/]+\.txt": (),
    r"releases/\d+/contacts/\d+\.vcf": (),
    r"releases\.csv": FILTERS,
    r"(?:missions/[^/]+/)?feed/(?:(?:atom|json)/)?": FILTERS,
    r"missions/": (),
    r"missions/[^/]+/": (*WordFilter.base_filters, "page"),
    r"suggestions\.json": ("q",),
    r"contacts/": (),
    r"contacts/\d+\.vcf": (),
    r"api/": (),
}
# These stand at one address in all languages.
API_ADDRESSES: dict[str, tuple[str, ...]] = {
    r"api/releases/": (*FILTERS, *Paging.base_fields),
    r"api/releases/\d+/": (),
}
MACHINES: dict[str, tuple[str, ...]] = {r"sitemap(?:-[a-z-]+)?\.xml": ("p",)}

_LISTING = list(ADDRESSES).index("")
_KNOWN = [*ADDRESSES.values(), *API_ADDRESSES.values(), *MACHINES.values()]
_STRICT_FROM, _STRICT_TO = len(ADDRESSES), len(ADDRESSES) + len(API_ADDRESSES)
_ADDRESS = re.compile(
    "/(?:en/)?(?:" + "|".join(f"({address})" for address in ADDRESSES) + r")\Z|/(?:"
    + "|".join(f"({address})" for address in [*API_ADDRESSES, *MACHINES]) + r")\Z"
)  # fmt: skip
# What else there is of a release: pictures, files, what it said before.
_OF_A_RELEASE = re.compile(r"/(?:en/)?releases/\d+/")

# A proxy may show a page for a second, and for another while it asks for it anew: so long may a
# withdrawn release be read there, and no longer. While the site is down it may for an hour.
SHARED = timedelta(seconds=3)  # the two, and one in which the page is on its way
IF_DOWN = f"stale-if-error={STANDS_FOR}"
AS_EVER = f"public, max-age=0, s-maxage=1, stale-while-revalidate=1, {IF_DOWN}"
ABOUT_TO_END = f"public, max-age=0, s-maxage=0, {IF_DOWN}"

CONDITIONS = (
    "HTTP_IF_NONE_MATCH",
    "HTTP_IF_MODIFIED_SINCE",
    "HTTP_IF_MATCH",
    "HTTP_IF_UNMODIFIED_SINCE",
)
# What a 304 leaves out (RFC 9110, 15.4.5).
OF_CONTENT = {
    "Content-Type",
    "Content-Length",
    "Content-Encoding",
    "Content-Language",
    "Content-Disposition",
}


class Page(NamedTuple):
    """An answer as it is kept; whoever gets it changes nothing of it."""

    made_at: float  # seconds since 1970
    headers: ResponseHeaders
    content: bytes

    def is_younger_than(self, seconds: float) -> bool:
        """Not so what is from the future: the clock was put back, and its age is not known."""
        return 0 <= time.time() - self.made_at < seconds


class Key(NamedTuple):
    """All that a page depends on."""

    edition: str
    scheme: str
    host: str
    packed: bool  # for who can unpack it
    path: str
    query: str

    def __str__(self) -> str:
        """Short, and without what no cache takes in a key."""
        parts = "\n".join(map(str, self))
        return blake2b(parts.encode(errors="surrogatepass"), digest_size=20).hexdigest()


def asked_page(request: HttpRequest) -> tuple[str, str] | None:
    """Path and query of the page that `request` asks for, None where none is kept.

    The query holds what the address knows and nothing else, in one order.
    """
    meta = request.META
    if (
        request.method not in ("GET", "HEAD")
        or settings.SESSION_COOKIE_NAME in meta.get("HTTP_COOKIE", "")
        or "HTTP_AUTHORIZATION" in meta
        or settings.MAINTENANCE
        or not (address := _ADDRESS.match(request.path_info))
    ):
        return None
    if not meta.get("QUERY_STRING"):
        return request.path_info, ""
    number = address.lastindex - 1
    known = _KNOWN[number]
    try:
        given = request.GET
    except SuspiciousOperation:  # more parameters than anybody needs
        return None
    if number == _LISTING and old_addresses.is_asked(request):
        return None
    if _STRICT_FROM <= number < _STRICT_TO and (
        set(given) - set(known) or any(len(values) > 1 for _name, values in given.lists())
    ):
        return None
    # A form sends the filters that nobody chose as well.
    meant = [name for name in known if given.get(name) or (name in given and name not in FILTERS)]
    return request.path_info, urlencode([(name, given[name]) for name in meant])


def may_have_been_kept(path: str) -> bool:
    """Whether a proxy may hold a page of `path`, by what kind of address it is."""
    return bool(_ADDRESS.match(path) or _OF_A_RELEASE.match(path))


class SharedPages:
    """The cache that all processes share. While it is down each goes on by itself."""

    PAUSE = 5  # seconds without asking it again

    def __init__(self, cache: BaseCache):
        self._cache = cache
        self._down_until = 0.0

    def get(self, key: Key) -> Page | None:
        return self._tried(self._cache.get, str(key))

    def set(self, key: Key, page: Page, timeout: float) -> None:
        self._tried(self._cache.set, str(key), page, timeout)

    def _tried(self, ask: Callable, *words):
        if time.monotonic() < self._down_until:
            return None
        try:
            return ask(*words)
        except Exception as error:  # whatever its client raises: a page is worth more
            logger.warning("The shared cache does not answer: %s", error)
            self._down_until = time.monotonic() + self.PAUSE
            return None


class PageCacheMiddleware:
    """Answer with a kept page, else keep the one that is made.

    `watch` says which edition it is, `local` holds pages in the memory of this process.
    """

    shared_pages = SharedPages

    def __init__(
        self,
        get_response: Callable[[HttpRequest], HttpResponse],
        watch: Watch = watch,
        local: BaseCache | None = None,
    ):
        if not settings.PAGE_CACHE_MB:
            raise MiddlewareNotUsed
        self.get_response, self.watch = get_response, watch
        self.local = local or caches["pages"]
        self.shared = self.listener = None
        if where := settings.CACHES.get("shared"):
            self.shared = self.shared_pages(caches["shared"])
            self.listener = Listener(where, watch)
        self.flights = Flights()

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if (asked := asked_page(request)) is None:
            return self.get_response(request)
        if self.listener:
            self.listener.listen()
        try:
            # Before the page is made: what is edited meanwhile must not be taken for new.
            edition = self.watch.edition()
        except Error:
            return self.get_response(request)
        key = key_of(request, asked, edition)
        if page := self.kept(key):
            return self.answer(request, page, edition)
        if self.watch.is_away():
            page = self.standing(request, asked, edition)
            # All of them make the same page at once: none can.
            return self.stale(request, page) if page else self.get_response(request)
        with self.flights.alone(key):
            if page := self.kept(key):  # made by whoever was first
                return self.answer(request, page, edition)
            return self.made(request, asked, key, edition)

    def at_hand(self, request: HttpRequest) -> HttpResponse | None:
        """The answer where this process has it and need ask nobody, neither database nor cache."""
        asked = asked_page(request)
        edition = asked and self.watch.edition_at_hand()
        page = edition and self.local.get(key_of(request, asked, edition))
        is_fresh = page and page.is_younger_than(KEPT_FOR)
        return self.answer(request, page, edition) if is_fresh else None

    def kept(self, key: Key) -> Page | None:
        """The page of `key`, from the process's own memory or from what all share."""
        page = self.local.get(key)
        if page and page.is_younger_than(KEPT_FOR):
            return page
        page = self.shared and self.shared.get(key)
        if page and page.is_younger_than(KEPT_FOR):
            self.local.set(key, page, STANDS_FOR)
            return page
        return None

    def standing(
        self, request: HttpRequest, asked: tuple[str, str], edition: Edition
    ) -> Page | None:
        """What was last shown here of the page `asked` for, where none can be made.

        It may be of the edition before a release was due: without a database nobody sees that one.
        """
        for each in filter(None, (edition, self.watch.last_seen())):
            page = self.local.get(key_of(request, asked, each))
            if page and page.is_younger_than(STANDS_FOR):
                return page
        return None

    def made(
        self, request: HttpRequest, asked: tuple[str, str], key: Key, edition: Edition
    ) -> HttpResponse:
        """What the other middleware and the view answer; kept under `key` where it may be."""
        meta = request.META
        # The page must be the same for everyone whom it will be shown to.
        conditions = {name: meta.pop(name) for name in CONDITIONS if name in meta}
        meta["QUERY_STRING"] = asked[1]
        request.__dict__.pop("GET", None)  # read for the key, from the query as it was sent
        meta["HTTP_ACCEPT_ENCODING"] = "gzip" if _packed(request) else ""
        with reading(edition.is_replicated):
            response = self.get_response(request)
        meta.update(conditions)
        if response.status_code == 503 and (page := self.standing(request, asked, edition)):
            return self.stale(request, page)
        if not may_be_kept(response):
            return unless_known(request, response)
        response["Cache-Control"] = AS_EVER
        page = Page(time.time(), response.headers, response.content)
        self.local.set(key, page, STANDS_FOR)
        if self.shared:
            self.shared.set(key, page, KEPT_FOR)
        return self.answer(request, page, edition)

    def answer(self, request: HttpRequest, page: Page, edition: Edition) -> HttpResponse:
        """`page` for whoever asks, or 304 for who has it already."""
        response = HttpResponse(page.content)
        # Whole: to set each of a dozen costs a third of the answer. Nobody comes after who would
        # change one.
        response.headers = page.headers
        if edition.ends and edition.ends - timezone.now() < SHARED:
            response.headers = ResponseHeaders(page.headers)
            response["Cache-Control"] = ABOUT_TO_END
        return unless_known(request, response)

    def stale(self, request: HttpRequest, page: Page) -> HttpResponse:
        """`page` while none can be made: how old it is stands in its headers."""
        response = HttpResponse(page.content)
        response.headers = ResponseHeaders(page.headers)
        age = int(time.time() - page.made_at)
        response["Age"] = str(age)
        response["Cache-Status"] = f'iomnews; hit; ttl={KEPT_FOR - age}; detail="database away"'
        return unless_known(request, response)


class Flights:
    """Of several who want the same page at once, one makes it and the others wait for it."""

    def __init__(self):
        self._guard = Lock()
        self._locks: dict[Key, Lock] = {}
        self._waiting: dict[Key, int] = defaultdict(int)

    @contextmanager
    def alone(self, key: Key) -> Iterator[None]:
        with self._guard:
            lock = self._locks.setdefault(key, Lock())
            self._waiting[key] += 1
        try:
            with lock:
                yield
        finally:
            with self._guard:
                self._waiting[key] -= 1
                if not self._waiting[key]:
                    del self._locks[key], self._waiting[key]


def may_be_kept(response: HttpResponse) -> bool:
    """Whether `response` is the same for all who ask.

    Only 200s: any other answer can be had at any number of made-up addresses. A view that says
    itself how long its answer may be kept is left to say so.
    """
    return (
        response.status_code == 200
        and not response.streaming
        and not response.cookies
        and response.get("Cache-Control") == "no-cache"
        and response.get("Vary", "Accept-Encoding") == "Accept-Encoding"
    )


def unless_known(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """`response`, or 304 with its headers where `request` says that it has just that."""
    if not any(name in request.META for name in CONDITIONS):
        return response
    answer = get_conditional_response(request, etag=response.get("ETag"), response=response)
    if answer is not response:
        for name, value in response.items():
            if name not in OF_CONTENT:
                answer[name] = value
    return answer


def _packed(request: HttpRequest) -> bool:
    """Whether the answer is packed for whoever asks, as GZipMiddleware decides."""
    return re_accepts_gzip.search(request.META.get("HTTP_ACCEPT_ENCODING", "")) is not None


def key_of(request: HttpRequest, asked: tuple[str, str], edition: Edition) -> Key:
    """What the page that is `asked` for is kept under."""
    meta = request.META
    host = meta.get("HTTP_HOST") or f"{meta.get('SERVER_NAME')}:{meta.get('SERVER_PORT')}"
    return Key(edition.name, request.scheme, host, _packed(request), *asked)
