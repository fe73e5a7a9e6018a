"""How a reading is told: by a script of the page, or by a picture where there are no scripts.

Pages themselves write nothing, so any cache may keep them. What is asked here none may keep.
"""

import logging
from base64 import b64decode
from collections.abc import Callable
from functools import wraps
from urllib.parse import urlsplit

from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from . import counting
from .counting import Outcome
from .models import Release
from .readers import reader_of

logger = logging.getLogger(__name__)

# One transparent point, GIF89a.
POINT = b64decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7")
TEXT = "text/plain"  # what browsers may say of an empty message
BUSY_FOR = 5  # seconds


def told_when_busy(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Answer 503 while the database is busy or away: whoever is told asks again a little later."""

    @wraps(view)
    def answer(request: HttpRequest, pk: int) -> HttpResponse:
        try:
            return view(request, pk)
        except (OperationalError, InterfaceError) as error:
            logger.warning("a reading of release %s was sent away: %s", pk, error)
            return kept_nowhere(HttpResponse(status=503, headers={"Retry-After": str(BUSY_FOR)}))

    return answer


@told_when_busy
@csrf_exempt  # It needs a cookie, and visitors get none; where a request comes from is asked below.
@require_POST
def views(request: HttpRequest, pk: int) -> HttpResponse:
    """A reading of release `pk` by a page's script; answers {"views": N}, the number from now on.

    429 with the same answer when too many come from one address. 404 for whatever the public
    cannot read, be it there or not.
    """
    if has_body(request):
        return HttpResponse(status=413)
    if request.content_type not in ("", TEXT):
        return HttpResponse(status=415)
    if not is_of_this_site(request):
        return HttpResponse(status=403)
    try:
        if is_unseen(request):
            counted = counting.Counted(counting.views_of(pk), Outcome.REPEAT)
        else:
            counted = counting.record(pk, reader_of(request))
    except Release.DoesNotExist as error:
        raise Http404("no such release") from error
    cut_off = counted.outcome == Outcome.CUT_OFF
    answer = JsonResponse({"views": counted.views}, status=429 if cut_off else 200)
    return kept_nowhere(answer)


@told_when_busy
@csrf_exempt  # so that other methods are refused without a page that explains
@require_safe
def picture(request: HttpRequest, pk: int) -> HttpResponse:
    """A point that a page without scripts shows: who fetches it as a part of it has read it."""
    try:
        if request.method == "HEAD" or is_unseen(request) or not is_of_this_site(request):
            counting.views_of(pk)
        else:
            counting.record(pk, reader_of(request))
    except Release.DoesNotExist as error:
        raise Http404("no such release") from error
    return kept_nowhere(HttpResponse(POINT, content_type="image/gif"))


def has_body(request: HttpRequest) -> bool:
    """Whether anything comes with `request`, as its head says: nothing of it is read."""
    chunked = "Transfer-Encoding" in request.headers
    return chunked or request.META.get("CONTENT_LENGTH", "") not in ("", "0")


def is_of_this_site(request: HttpRequest) -> bool:
    """Whether a page of this site sent `request`, as far as its browser says.

    Browsers say it in Sec-Fetch-Site (W3C Fetch Metadata), which no script can set; older ones in
    Origin or Referer (OWASP, CSRF Prevention, Verifying Origin With Standard Headers).
    """
    if site := request.headers.get("Sec-Fetch-Site"):
        return site == "same-origin"
    sender = request.headers.get("Origin") or request.headers.get("Referer", "")
    try:
        return urlsplit(sender)[:2] == (request.scheme, request.get_host())
    except ValueError:  # "http://["
        return False


def is_unseen(request: HttpRequest) -> bool:
    """Whether a browser asks before anybody looks: prefetched or prerendered."""
    purpose = request.headers.get("Sec-Purpose") or request.headers.get("Purpose", "")
    return "prefetch" in purpose or "prerender" in purpose


def kept_nowhere(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "no-store"
    response["X-Robots-Tag"] = "noindex"
    return response
