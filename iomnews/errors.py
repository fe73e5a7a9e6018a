"""Error pages in the reader's language, and errors of the API in its own shape.

None of them asks the database, but for what is not found: it may be an address of the site before.
"""

import errno
import logging
import sys
from typing import Any

from django.db import DatabaseError, InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from releases import api, old_addresses
from releases.storing import StorageAway

logger = logging.getLogger(__name__)

# What the API says where its views have not said it better.
MESSAGES = {
    400: "This request does not fit.",
    403: "This is not open to you.",
    404: "There is no such address.",
    500: "Something went wrong here.",
    503: "The newsroom is being worked on.",
}

# Serialization failure, deadlock, lock not available (PostgreSQL, Appendix A).
PASSING = {"40001", "40P01", "55P03"}
# Shut down, crashed, starting, too many connections; all of class 08, connection exception, too.
AWAY = {"57P01", "57P02", "57P03", "53300"}


def told(request: HttpRequest, status: int, reason: str = "") -> HttpResponse:
    """The error `status` as whoever asked can read it: a page, or JSON below /api/.

    `reason`: what a page says of it, in the reader's language.
    """
    if api.is_asked(request):
        return api.refusal(status, MESSAGES[status])
    return render(request, f"{status}.html", {"reason": reason}, status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    reason = getattr(exception, "reason", "")
    response = told(request, 400, reason)
    if reason:
        # Whoever asked knows what does not fit: Django would log a traceback for each of them.
        response._has_been_logged = True
    return response


def too_large(request: HttpRequest) -> HttpResponse:
    """413: more was sent than anything here takes, and nothing of it was read."""
    if api.is_asked(request):
        return api.refusal(413, "This is more than can be sent here.")
    # No page: whoever sends a flood gets a sentence.
    words = _("This is more than can be sent at once.")
    return HttpResponse(words, status=413, content_type="text/plain; charset=utf-8")


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    return told(request, 403)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return told(request, 403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404, or 301 where the site before this one had something at that address."""
    return old_addresses.led_on(request) or told(request, 404)


def is_passing(error: BaseException | None) -> bool:
    """Whether the database refused for what others do just now, so that it may succeed soon."""
    if not isinstance(error, OperationalError):
        return False
    state = getattr(error.__cause__, "sqlstate", None)
    return state in PASSING or "database is locked" in str(error)


def is_away(error: BaseException | None) -> bool:
    """Whether the database cannot be reached, or hung up on the way.

    psycopg gives such errors no code where they are its own, not the server's. Where the connection
    ends in the middle of an answer it has no kind for them either: a DatabaseError and no more.
    """
    cause = getattr(error, "__cause__", None)
    is_of_that_kind = isinstance(error, (OperationalError, InterfaceError))
    if not (is_of_that_kind or type(error) is DatabaseError) or not hasattr(cause, "sqlstate"):
        return False
    state = cause.sqlstate
    return state is None or state in AWAY or state.startswith("08")


def is_full(error: BaseException | None) -> bool:
    """Whether there was no room on the disk: of the site, or of its database."""
    if isinstance(error, OSError):
        return error.errno in (errno.ENOSPC, errno.EDQUOT)
    if not isinstance(error, OperationalError):
        return False
    state = getattr(error.__cause__, "sqlstate", None)
    return state == "53100" or "database or disk is full" in str(error)


def answer_to(request: HttpRequest, error: BaseException | None) -> HttpResponse | None:
    """503 for a fault of database or storage that will pass; None for any other, one of ours."""
    if is_passing(error):
        return busy(request)
    if isinstance(error, StorageAway):
        return storage_away(request)
    if is_full(error):
        return full(request)
    return away(request) if is_away(error) else None


def away(request: HttpRequest) -> HttpResponse:
    """503 while the database is away: nothing was saved."""
    words = "The newsroom cannot read its records; ask again in a minute."
    reads = request.method in ("GET", "HEAD")
    return _later(request, 30, words, "away.html", reads=reads)


def storage_away(request: HttpRequest) -> HttpResponse:
    """503 while pictures and files can't be read or written: nothing was saved."""
    words = "The newsroom cannot read its files; ask again in a minute."
    reads = request.method in ("GET", "HEAD")
    return _later(request, 30, words, "storage_away.html", reads=reads)


def full(request: HttpRequest) -> HttpResponse:
    """503 while there is no room: nothing was saved, and somebody has to make some."""
    logger.error("There is no room left on the disk.")
    words = "The newsroom has no room left; ask again later."
    return _later(request, 300, words, "full.html")


def busy(request: HttpRequest) -> HttpResponse:
    """503 while others hold what is to be written: nothing of it was saved."""
    words = "Others are saving just now; ask again in a moment."
    return _later(request, 15, words, "busy.html")


def _later(
    request: HttpRequest, seconds: int, words: str, template: str, **shown: Any
) -> HttpResponse:
    """503, to be asked again in so many seconds: `words` below /api/, else the page `template`."""
    if api.is_asked(request):
        response = api.refusal(503, words)
    else:
        response = render(request, template, shown, status=503)
    response["Retry-After"] = str(seconds)
    response["Cache-Control"] = "no-store"
    return response


def server_error(request: HttpRequest) -> HttpResponse:
    # What failed outside of views, such as to look up a session.
    return answer_to(request, sys.exception()) or told(request, 500)
