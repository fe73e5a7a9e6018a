"""What the site does, in numbers for Prometheus, where METRICS is on: never loaded where it is off.

Each process counts for itself, into files of PROMETHEUS_MULTIPROC_DIR that all of them are read
from; `iomnews/gunicorn.conf.py` empties it at each start. Names of routes, never addresses, stand
in the numbers, so that there are few of them and none tells what somebody read.
"""

import hmac
import time
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.contrib.auth.signals import user_logged_in, user_login_failed
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from prometheus_client import CollectorRegistry, Counter, Histogram, Metric, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.multiprocess import MultiProcessCollector

from releases import counting
from releases.census import census
from releases.models import Release

from .accounts import journal
from .doctor.stores import last_backup
from .handler import Handler
from .health import ADDRESSES, readiness
from .pages import Key, Page, PageCacheMiddleware, SharedPages

ADDRESS = "/metrics"
METHODS = {"GET", "HEAD", "POST", "OPTIONS", "PUT", "PATCH", "DELETE"}
KEPT = "kept page"  # the route of what is answered before any route is looked for
BUCKETS = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)

requests = Counter("iomnews_requests", "Requests answered.", ["route", "method", "status"])
seconds = Histogram(
    "iomnews_request_seconds", "Time that an answer took to make.", ["route"], buckets=BUCKETS
)
queries = Counter("iomnews_database_queries", "Queries sent to the database.")
query_seconds = Counter("iomnews_database_seconds", "Time spent in the database's answers.")
pages = Counter(
    "iomnews_pages",
    "Pages asked of the page cache: kept ones (hit), ones made anew (miss), ones that stand while "
    "the database is away (stale), and of hits and misses those "
    "that whoever asked had already (not_modified).",
    ["outcome"],
)
cache_asked = Counter("iomnews_shared_cache_asked", "Times that the shared cache was asked.")
cache_seconds = Counter("iomnews_shared_cache_seconds", "Time spent in its answers.")
readings = Counter("iomnews_readings", "Readings told, by what became of them.", ["outcome"])
logins = Counter(
    "iomnews_logins",
    "Logins tried at the desk: let in (ok), with a wrong name or password (failed), not looked at "
    "after too many (stopped), and codes of a second factor that were wrong (code_refused) or not "
    "looked at (code_stopped).",
    ["outcome"],
)


_labelled = cache(lambda metric, *labels: metric.labels(*labels))


def tell(route: str, method: str, status: int, begun: float) -> None:
    """Count an answer that was begun at `begun`, a time of `time.perf_counter`."""
    method = method if method in METHODS else "other"
    _labelled(requests, route, method, f"{status // 100}xx").inc()
    _labelled(seconds, route).observe(time.perf_counter() - begun)


class MeasuredSharedPages(SharedPages):
    """The cache that all processes share, timing its answers."""

    def _tried(self, *asked):
        begun = time.perf_counter()
        try:
            return super()._tried(*asked)
        finally:
            cache_asked.inc()
            cache_seconds.inc(time.perf_counter() - begun)


class MeasuredPages(PageCacheMiddleware):
    """The page cache, counting how often it had a page."""

    shared_pages = MeasuredSharedPages

    def at_hand(self, request: HttpRequest) -> HttpResponse | None:
        begun = time.perf_counter()
        if response := super().at_hand(request):
            _labelled(pages, "hit").inc()
            tell(KEPT, request.method, response.status_code, begun)
        return response

    def kept(self, key: Key) -> Page | None:
        if page := super().kept(key):
            _labelled(pages, "hit").inc()
        return page

    def stale(self, *asked) -> HttpResponse:
        _labelled(pages, "stale").inc()
        return super().stale(*asked)

    def made(self, *asked) -> HttpResponse:
        _labelled(pages, "miss").inc()
        return super().made(*asked)

    def answer(self, *asked) -> HttpResponse:
        response = super().answer(*asked)
        if response.status_code == 304:
            _labelled(pages, "not_modified").inc()
        return response


class MeasuredHandler(Handler):
    """What gunicorn calls for each request, counting what is answered and how long it takes."""

    pages_kept_by = MeasuredPages

    def get_response(self, request: HttpRequest) -> HttpResponse:
        begun = time.perf_counter()
        response = super().get_response(request)
        tell(route_of(request, response), request.method, response.status_code, begun)
        return response


def route_of(request: HttpRequest, response: HttpResponse) -> str:
    """The name of the address that was asked for, the same in both languages."""
    if match := request.resolver_match:
        return match.view_name
    path = request.path_info
    if path == ADDRESS or path.startswith(ADDRESSES):
        return "machines"
    if path.startswith(settings.STATIC_URL):
        return "static"
    return KEPT if response.status_code in (200, 304) else "none"


def measured(execute: Callable, sql: str, params: Any, many: bool, context: dict) -> Any:
    """A query to the database, as `execute` makes it (Django, Database instrumentation)."""
    begun = time.perf_counter()
    try:
        return execute(sql, params, many, context)
    finally:
        queries.inc()
        query_seconds.inc(time.perf_counter() - begun)


@receiver(connection_created)
def _measure(connection: BaseDatabaseWrapper, **signal) -> None:
    if measured not in connection.execute_wrappers:  # of a pool it is made again and again
        connection.execute_wrappers.append(measured)


@receiver(counting.recorded)
def _count_reading(outcome: counting.Outcome, **signal) -> None:
    readings.labels(outcome).inc()


@receiver(user_logged_in)
def _count_login(**signal) -> None:
    logins.labels("ok").inc()


@receiver(user_login_failed)
def _count_failed_login(**signal) -> None:
    logins.labels("failed").inc()


TOLD = {
    journal.Kind.STOPPED: "stopped",
    journal.Kind.CODE_REFUSED: "code_refused",
    journal.Kind.CODE_STOPPED: "code_stopped",
}


@receiver(journal.written)
def _count_stopped_login(kind: journal.Kind, by: AbstractUser | None, **signal) -> None:
    # Whoever is known already is at the desk, and types a code at "My account".
    if by is None and (outcome := TOLD.get(kind)):
        logins.labels(outcome).inc()


class Newsroom:
    """What is asked of the newsroom itself, at each look: the state of releases and backups.

    While the database does not answer only that is told, and nobody waits for it.
    """

    def collect(self) -> Iterator[Metric]:
        parts = readiness().parts()
        ready = GaugeMetricFamily("iomnews_ready", "Whether a part is well.", labels=["part"])
        for name, why in parts.items():
            ready.add_metric([name], not why)
        yield ready
        if (made := last_backup()) is not None:
            yield GaugeMetricFamily(
                "iomnews_last_backup_timestamp_seconds",
                "When the last good backup was made, in seconds since 1970.",
                made.timestamp(),
            )
        if not parts["database"]:
            yield self._releases()

    def _releases(self) -> Metric:
        told = GaugeMetricFamily("iomnews_releases", "Releases by state.", labels=["state"])
        told.add_metric(["public"], census().count())
        told.add_metric(["scheduled"], Release.objects.scheduled().count())
        told.add_metric(["withdrawn"], Release.objects.withdrawn().count())
        return told


def middleware(get_response: Callable[[HttpRequest], HttpResponse]):
    """Answer Prometheus at ADDRESS; whoever has not the token finds nothing there."""

    def answer(request: HttpRequest) -> HttpResponse:
        if request.path_info != ADDRESS or not may_look(request):
            return get_response(request)
        return HttpResponse(
            exposition(),
            content_type=CONTENT_TYPE_LATEST,
            headers={"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"},
        )

    return answer


def may_look(request: HttpRequest) -> bool:
    """Whether `request` brings METRICS_TOKEN as a bearer (RFC 6750, 2.1)."""
    given = request.META.get("HTTP_AUTHORIZATION", "")
    return request.method == "GET" and hmac.compare_digest(
        given.encode(errors="surrogateescape"), f"Bearer {settings.METRICS_TOKEN}".encode()
    )


def exposition() -> bytes:
    """All numbers of all processes, in the text format of Prometheus."""
    registry = CollectorRegistry()
    MultiProcessCollector(registry)
    registry.register(Newsroom())
    return generate_latest(registry)
