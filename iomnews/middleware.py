import re
from collections.abc import Callable

from django.conf import settings
from django.contrib.messages.middleware import MessageMiddleware
from django.http import HttpRequest, HttpResponse
from django.middleware.http import ConditionalGetMiddleware
from django.middleware.locale import LocaleMiddleware
from django.urls import reverse
from django.utils.cache import get_conditional_response, patch_vary_headers, set_response_etag
from django.utils.translation import get_language

from releases import api, edition

from . import pages
from .errors import answer_to, away, told, too_large

GONE = {301, 302, 404, 410}
AT_THE_DESK = re.compile("/(?:[a-z]{2}/)?admin/")

Handler = Callable[[HttpRequest], HttpResponse]


class AddressLanguageMiddleware(LocaleMiddleware):
    """The language comes from the address alone, so one cached page serves everyone.

    Django's own adds `Vary: Accept-Language` to every page without a language prefix, though
    with an unprefixed default language that header never changes the answer.
    """

    def process_response(self, request, response):
        response.headers.setdefault("Content-Language", get_language())
        return response


class ConditionalMiddleware(ConditionalGetMiddleware):
    """Name the version of each answer and tell whoever has it so, for HEAD as for GET.

    Django's own leaves HEAD out, for a view may answer it without content. None here does: the
    content is made, weighed, and left out by the server.
    """

    def process_response(self, request, response):
        if request.method != "HEAD":
            return super().process_response(request, response)
        if self.needs_etag(response) and not response.has_header("ETag"):
            set_response_etag(response)
        return get_conditional_response(request, etag=response.get("ETag"), response=response)


class DeskMessageMiddleware(MessageMiddleware):
    """Messages from one page to the next, at the desk alone: no other page has any.

    Django's own makes three stores ready for each reader.
    """

    def process_request(self, request):
        if AT_THE_DESK.match(request.path_info):
            super().process_request(request)


def maintenance(get_response: Handler) -> Handler:
    """While MAINTENANCE is on, answer 503 to everyone but the desk."""

    def answer(request: HttpRequest) -> HttpResponse:
        if not settings.MAINTENANCE:
            return get_response(request)
        desk = (reverse("admin:index"), reverse("theme"), settings.STATIC_URL)
        if request.path.startswith(desk):
            return get_response(request)
        response = told(request, 503)
        response["Retry-After"] = "600"  # seconds
        return response

    return answer


class BusyDatabaseMiddleware:
    """Where the database is held by others or away, ask to try again instead of telling of a fault.

    Views save whole or not at all, so nothing is half there.
    """

    def __init__(self, get_response: Handler):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # To wait for one that vanished takes 5 seconds: one does it each second, and not everybody.
        return away(request) if edition.watch.is_away() else self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        return answer_to(request, error)


def open_api(get_response: Handler) -> Handler:
    """Let any site's scripts read what stands below /api/, errors and 304 as well.

    A 304 is made anew by ConditionalGetMiddleware and keeps little of the answer that it
    stands for, so this is done last.
    """

    def answer(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if not api.is_asked(request):
            return response
        response["Access-Control-Allow-Origin"] = "*"
        response["Access-Control-Expose-Headers"] = "ETag"
        # GZipMiddleware says so and weakens the ETag only where it packs, never of a 304: a
        # cache could not tell for which of its answers that is (RFC 9111, 4.3.4).
        patch_vary_headers(response, ["Accept-Encoding"])
        if response.get("ETag", "").startswith('"'):
            response["ETag"] = f"W/{response['ETag']}"
        return response

    return answer


def asked_again(get_response: Handler) -> Handler:
    """Let no browser show a page unasked, unless its view says for how long it may.

    Without a word browsers keep 301 and 410 for good (RFC 9111, 4.2.2): a restored release
    would stay withdrawn for whoever had looked. An ETag makes asking cheap.
    """

    def answer(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Cache-Control", "no-cache")
        return response

    return answer


def outlives_nothing(get_response: Handler) -> Handler:
    """Have nginx forget the page that it keeps once there is none at its address any more.

    It shows its last 200 while the site is down, and a 404, a 410 or a 301 that may not be stored
    would leave that where it is: the text of a withdrawn release. So each is stored, but as over
    since 1970: it takes the place of the page, and the site is asked each time. Only nginx reads
    this header, and hands it to nobody. It is said by the kind of the address, so it does not tell
    whether something hidden is there.
    """

    def answer(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if response.status_code in GONE and pages.may_have_been_kept(request.path_info):
            # Before the header that it outdoes: until 1.23 nginx goes by their order.
            said = response["Cache-Control"]
            del response["Cache-Control"]
            response["X-Accel-Expires"], response["Cache-Control"] = "@1", said
        return response

    return answer


def bounded_body(get_response: Handler) -> Handler:
    """Answer 413 to more than is ever taken, before anything of it is read.

    Django bounds forms (DATA_UPLOAD_MAX_MEMORY_SIZE) and no files: it would write those of a
    stranger to the disk only to find that nobody is signed in. Whoever sends no session sends no
    files. A body without a length is taken for none by Django.
    """

    def answer(request: HttpRequest) -> HttpResponse:
        # Django's own reading of it: what is no number is none.
        length = request.META.get("CONTENT_LENGTH") or "0"
        most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        if settings.SESSION_COOKIE_NAME in request.COOKIES:
            most = settings.MOST_SENT
        if not length.isdecimal() or int(length[:20]) <= most:
            return get_response(request)
        return too_large(request)

    return answer
