"""What asks whether the site is well: `/health/live` and `/health/ready`, for machines.

Both answer before hosts are looked at, for a probe asks by an IP address, and before MAINTENANCE,
for a site that says so is well. Strangers read of each part whether it is well and no more.
"""

import logging
import os
import shutil
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import Future
from functools import cache
from threading import Lock, Thread
from typing import NamedTuple

from django.conf import settings
from django.core.cache import caches
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpRequest, HttpResponse, JsonResponse

logger = logging.getLogger(__name__)

ADDRESSES = "/health/"
PATIENCE = 2  # seconds for all parts together; what hangs is not ready
TRUSTED = 1  # second for which an answer stands: asking more often asks nobody
LEAST_FREE = 50 * 2**20  # bytes of disk: with less a picture may not find room


class Part(NamedTuple):
    """One thing that the site stands on."""

    name: str
    ask: Callable[[], str]  # "" where it is well, else why not, for strangers' eyes


def database() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return "" if cursor.fetchone() == (1,) else "does not answer"


@cache
def known_migrations() -> frozenset[tuple[str, str]]:
    """All that this code brings, by app and name."""
    return frozenset(MigrationLoader(None).disk_migrations)


def migrations() -> str:
    # A newer code's may be there as well: older code lives beside them.
    missing = known_migrations() - set(MigrationRecorder(connection).applied_migrations())
    return "not all applied" if missing else ""


def shared_cache() -> str:
    cache = caches["shared"]
    cache.set("health", "well", timeout=10)
    return "" if cache.get("health") == "well" else "does not answer"


def disk() -> str:
    folders = {settings.DATA_DIR, settings.MEDIA_ROOT}
    for folder in folders:
        if not os.path.isdir(folder):
            continue  # made with the first picture
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(b"well")
            file.flush()
        if shutil.disk_usage(folder).free < LEAST_FREE:
            return "nearly full"
    return ""


PARTS = [
    Part("database", database),
    Part("migrations", migrations),
    Part("cache", shared_cache),
    Part("disk", disk),
]


class Probe:
    """Asks one part in a thread of its own, so that what hangs holds nobody else.

    While it hangs nobody begins another: a thread and a connection are all that it costs.
    """

    def __init__(self, part: Part):
        self.part = part
        self._asked: Future[str] | None = None

    def begin(self) -> tuple[Future[str], bool]:
        """What will be said, and whether it hangs since an earlier time."""
        if self._asked and not self._asked.done():
            return self._asked, True
        self._asked = Future()
        Thread(target=self._ask, args=[self._asked], daemon=True).start()
        return self._asked, False

    def _ask(self, asked: Future[str]) -> None:
        try:
            why = self.part.ask()
        except Exception as error:  # whatever a driver raises: it is not well
            logger.warning("not ready: %s: %s", self.part.name, error)
            why = "does not answer"
        finally:
            connection.close()  # of this thread
        asked.set_result(why)


class Readiness:
    """Whether the parts are well, asked anew once a second at most."""

    def __init__(self, parts: list[Part] = PARTS, patience: float = PATIENCE):
        self._probes = [Probe(part) for part in parts]
        self._patience = patience
        self._asking = Lock()
        self._said: dict[str, str] = {}
        self._said_at = float("-inf")

    def parts(self) -> dict[str, str]:
        """Why each is not well, "" where it is."""
        with self._asking:
            if time.monotonic() - self._said_at >= TRUSTED:
                begun = [(probe.part.name, *probe.begin()) for probe in self._probes]
                until = time.monotonic() + self._patience
                self._said = {
                    name: _told(asked, 0 if hangs else until) for name, asked, hangs in begun
                }
                self._said_at = time.monotonic()
            return self._said


def _told(asked: Future[str], until: float) -> str:
    try:
        return asked.result(max(0, until - time.monotonic()))
    except TimeoutError:
        return "does not answer in time"


@cache
def readiness() -> Readiness:
    """Of this process."""
    wanted = [part for part in PARTS if part.name != "cache" or "shared" in settings.CACHES]
    return Readiness(wanted)


def middleware(get_response: Callable[[HttpRequest], HttpResponse]):
    """Answer what stands at ADDRESSES, pass on all else."""

    def answer(request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith(ADDRESSES):
            return get_response(request)
        asked = request.path_info.removeprefix(ADDRESSES)
        if asked not in ("live", "ready"):
            return get_response(request)
        if request.method not in ("GET", "HEAD"):
            return HttpResponse(status=405, headers={"Allow": "GET, HEAD"})
        return _kept_nowhere(live() if asked == "live" else ready())

    return answer


def live() -> HttpResponse:
    """200: the process answers. It asks nobody else."""
    return HttpResponse("well\n", content_type="text/plain; charset=utf-8")


def ready() -> JsonResponse:
    """200 where every part is well, else 503: {"ready": …, "parts": {"database": {"ok": …}}}."""
    parts = readiness().parts()
    well = not any(parts.values())
    told = {name: {"ok": False, "why": why} if why else {"ok": True} for name, why in parts.items()}
    return JsonResponse({"ready": well, "parts": told}, status=200 if well else 503)


def _kept_nowhere(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "no-store"
    response["X-Robots-Tag"] = "noindex"
    response["X-Content-Type-Options"] = "nosniff"
    return response
