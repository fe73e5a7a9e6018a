"""What somebody reads by a share link: one release before its time, and nothing else.

Every answer is for whoever asked: kept nowhere, found by no search engine, and no address of it
goes on to another site. A robot is told the same of every token, without that being looked at:
a messenger that previews a pasted link would put the headline into a chat.
"""

from collections.abc import Callable
from datetime import UTC
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from contacts.bilingual import reader_language
from contacts.vcards import vcard_response

from . import guessing, media, past, sharing
from .beacon import is_unseen
from .dates import day_and_time
from .models import Purpose, Release, State
from .plain_text import write_release
from .readers import Reader, reader_of
from .sharing import NoLink, Shared

ASK_AGAIN = 3600  # seconds, for an address that was wrong too often


def embargo_line(release: Release) -> str:
    """What stands above a release that is not public, in the reader's language."""
    if not sharing.has_time_to_come(release):
        return _("Embargo: no time is set for posting yet. Not to be published.")
    moment = day_and_time(timezone.localtime(release.publish_at), reader_language())
    return _("Embargo: not to be published before %(time)s (Korean time)") % {"time": moment}


def for_whoever_has_the_link(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Let `view(request, reader, token, …)` answer; all tokens for which it raises NoLink, and
    all that it does not find, look alike."""

    @wraps(view)
    def answer(request: HttpRequest, token: str, **values: Any) -> HttpResponse:
        reader = reader_of(request)
        if reader.is_robot:
            response = render(request, "sharing/for_people.html")
        elif is_unseen(request):
            # A browser throws this away and asks again when somebody looks: that is an opening.
            response = HttpResponse(status=503)
        elif guessing.is_stopped(reader.address):
            response = render(request, "sharing/stopped.html", status=429)
            response["Retry-After"] = str(ASK_AGAIN)
        else:
            response = _answered(view, request, reader, token, **values)
        return kept_from_others(response)

    return answer


def _answered(view, request: HttpRequest, reader: Reader, token: str, **values) -> HttpResponse:
    try:
        return view(request, reader, token, **values)
    except NoLink:
        guessing.note(reader.address)
    except Http404:
        # The token was right: a picture that is missing stops nobody.
        pass
    return render(request, "sharing/no_link.html", status=404)


def kept_from_others(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "private, no-store"
    response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    response.headers.setdefault("Referrer-Policy", "no-referrer")
    # Django's log names the address of each 404, and this one holds a token.
    response._has_been_logged = True
    return response


@require_safe
@for_whoever_has_the_link
def page(request: HttpRequest, reader: Reader, token: str) -> HttpResponse:
    """The release of a link as it is saved now; the public page once it is posted."""
    shared = looked_at(request, reader, token, Purpose.READING)
    if shared.is_posted:
        return redirect(shared.release)
    return render(request, "sharing/embargo.html", shown(shared, token))


@require_safe
@for_whoever_has_the_link
def text(request: HttpRequest, reader: Reader, token: str) -> HttpResponse:
    """The same as plain text, below its embargo."""
    shared = sharing.find(token, Purpose.READING)
    if shared.is_posted:
        return redirect(shared.release.get_text_url())
    words = f"{embargo_line(shared.release)}\n\n{write_release(shared.release)}"
    return HttpResponse(words, content_type="text/plain; charset=utf-8")


@require_safe
@for_whoever_has_the_link
def vcard(request: HttpRequest, reader: Reader, token: str, place: int) -> HttpResponse:
    """One contact of what a link shows, for an address book."""
    shared = sharing.find(token)
    if shared.is_posted:
        return redirect("releases:vcard", shared.release.pk, place)
    rows = what_is_read(shared).contacts
    card = next((row.card for row in rows if row.position == place), None)
    if not (card and card.name):
        raise Http404("no such contact")
    return vcard_response(card.name, card.office, card.phone, card.email)


@require_safe
@for_whoever_has_the_link
def picture(
    request: HttpRequest, reader: Reader, token: str, pk: int, width: int, ending: str
) -> HttpResponse:
    """A copy of a picture of what a link shows."""
    shared = sharing.find(token)
    if shared.is_posted:
        return redirect("picture", shared.release.pk, pk, width, ending)
    return media.send_copy(request, _row(what_is_read(shared).pictures, pk), width, ending)


@require_safe
@for_whoever_has_the_link
def original(
    request: HttpRequest, reader: Reader, token: str, pk: int, ending: str
) -> HttpResponse:
    """The best that there is of such a picture, to download."""
    shared = sharing.find(token)
    if shared.is_posted:
        return redirect("picture-original", shared.release.pk, pk, ending)
    return media.send_original(request, _row(what_is_read(shared).pictures, pk), ending)


@require_safe
@for_whoever_has_the_link
def attachment(
    request: HttpRequest, reader: Reader, token: str, pk: int, name: str
) -> HttpResponse:
    """A file of what a link shows, to download."""
    shared = sharing.find(token)
    if shared.is_posted:
        return redirect("release-file", shared.release.pk, pk, name)
    file = _row(what_is_read(shared).files, pk)
    if name != file.name:
        raise Http404("no such file")
    return media.send_file(request, file)


def looked_at(request: HttpRequest, reader: Reader, token: str, purpose: Purpose) -> Shared:
    """What `token` opens; that it was opened is recorded where somebody outside looks at it."""
    if request.method == "HEAD" or reader.is_staff:
        return sharing.find(token, purpose)
    return sharing.open_link(token, purpose)


def what_is_read(shared: Shared) -> past.Reading:
    """What a link shows: its version, or what is saved now."""
    version = shared.link.version
    return past.as_of(version) if version else past.as_of_now(shared.release)


def shown(shared: Shared, token: str) -> dict[str, Any]:
    """What the pages of both purposes show; their pictures and files come through the link."""
    reading, release = what_is_read(shared), shared.release
    for row in [*reading.pictures, *reading.files]:
        row.token = token
    is_timed = sharing.has_time_to_come(release)
    moment = timezone.localtime(release.publish_at) if is_timed else None
    return {
        "release": reading.release,
        "reading": reading,
        "contacts": [
            (row.card, reverse("shared-vcard", args=[token, row.position]))
            for row in reading.contacts
        ],
        "embargo": embargo_line(release),
        "moment": moment,
        "moment_in_utc": moment and day_and_time(moment.astimezone(UTC), reader_language()),
        "is_approved": release.state == State.SCHEDULED,
        "token": token,
    }


def _row(rows: list, pk: int) -> Any:
    """The row with that number; Http404 where what is read has none."""
    for row in rows:
        if row.pk == pk:
            return row
    raise Http404("no such picture or file")


# Those of a page stand in each language; the rest is the same in both.
pages = [
    path("<str:token>/", page, name="embargo"),
    path("<str:token>.txt", text, name="embargo-text"),
]
urlpatterns = [
    path("<str:token>/pictures/<int:pk>/original.<str:ending>", original, name="shared-original"),
    path("<str:token>/pictures/<int:pk>/<int:width>.<str:ending>", picture, name="shared-picture"),
    path("<str:token>/files/<int:pk>/<str:name>", attachment, name="shared-file"),
    path("<str:token>/contacts/<int:place>.vcf", vcard, name="shared-vcard"),
]
