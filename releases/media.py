"""The bytes of pictures and files, for whoever may read their release and nobody else.

Browsers and proxies may keep them but ask each time (`no-cache` with an ETag): so a withdrawal
takes effect with the next request, and an answer that nothing has changed costs one query and
no file. `immutable` would be faster, and would leave withdrawn pictures in every cache.

Previews show them at the same addresses: what is not public is sent to those who may see its
release at the desk, and kept nowhere.
"""

import hashlib
import logging
from collections.abc import Callable
from typing import Any

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from . import previews
from .attachments import TYPES
from .models import CARD, Attachment, Picture, Release
from .views import gone_or_not_found

logger = logging.getLogger(__name__)

# Opened by itself it can run nothing and load nothing, whatever it holds.
ALONE = "default-src 'none'; sandbox"
IMAGE_TYPES = {"avif": "image/avif", "webp": "image/webp", "jpg": "image/jpeg", "png": "image/png"}


@require_safe
def picture(
    request: HttpRequest, pk: int, picture_pk: int, width: int, ending: str
) -> HttpResponse:
    """A copy of a picture of a release."""
    return _of_release(
        request, pk, Picture, picture_pk, lambda found: send_copy(request, found, width, ending)
    )


@require_safe
def original(request: HttpRequest, pk: int, picture_pk: int, ending: str) -> HttpResponse:
    """The best that there is of a picture of a release, to download."""
    return _of_release(
        request, pk, Picture, picture_pk, lambda found: send_original(request, found, ending)
    )


@require_safe
def attachment(request: HttpRequest, pk: int, file_pk: int, name: str) -> HttpResponse:
    """A file of a release, to download; any other name leads to its own."""

    def send(found: Attachment) -> HttpResponse:
        return send_file(request, found) if name == found.name else redirect(found.url)

    return _of_release(request, pk, Attachment, file_pk, send)


def send_copy(request: HttpRequest, picture: Picture, width: int, ending: str) -> HttpResponse:
    """The copy of `picture` that is `width` pixels wide; Http404 where there is none."""
    if (width, ending) == (CARD[0], "jpg"):
        name = picture.card
    elif width in picture.widths and ending in ("avif", "webp"):
        name = f"{picture.folder}/{width}.{ending}"
    else:
        raise Http404("no such copy")
    return _send(request, name, IMAGE_TYPES[ending])


def send_original(request: HttpRequest, picture: Picture, ending: str) -> HttpResponse:
    """What the press downloads; Http404 where `ending` is not its own."""
    if ending != picture.ending:
        raise Http404("no such copy")
    name = f"{picture.release.slug}-{picture.position + 1}.{ending}"
    return _send(request, picture.image.name, IMAGE_TYPES[ending], save_as=name)


def send_file(request: HttpRequest, attachment: Attachment) -> HttpResponse:
    """`attachment` under its own name; never opened in the page."""
    return _send(request, attachment.file.name, TYPES[attachment.kind], save_as=attachment.name)


def _of_release(
    request: HttpRequest,
    release_pk: int,
    model: type[Picture | Attachment],
    pk: int,
    send: Callable[[Any], HttpResponse],
) -> HttpResponse:
    """What `send` makes of a row of the release, for who may read that; else 410 or Http404."""
    rows = model.objects.filter(pk=pk, release_id=release_pk).select_related("release")
    if row := rows.filter(release__in=Release.objects.public()).first():
        response = send(row)
        if model is Picture:
            # Feeds and whoever writes about a release may show it on pages of their own.
            response["Cross-Origin-Resource-Policy"] = "cross-origin"
        return response
    if Release.objects.public().filter(pk=release_pk).exists():
        raise Http404("no such picture or file")
    if row := rows.filter(release__in=previews.seen_at_the_desk(request)).first():
        return previews.kept_private(send(row))
    return gone_or_not_found(request, release_pk)


def _send(request: HttpRequest, name: str, content_type: str, save_as: str = "") -> HttpResponse:
    # A file is never written twice under one name; where it lies is nobody's business.
    etag = f'"{hashlib.sha256(name.encode()).hexdigest()[:32]}"'
    # They are as small as they get: packing them once more only costs time.
    request.META.pop("HTTP_ACCEPT_ENCODING", None)
    if response := get_conditional_response(request, etag=etag):
        # A 304 renews the headers of what is kept (RFC 9111, 3.2): else by those of a page.
        response["Content-Security-Policy"] = ALONE
        return response
    try:
        file = default_storage.open(name)
    except FileNotFoundError as error:
        raise Http404("the file is missing") from error
    except OSError as error:
        logger.warning("no file can be read: %s", error)
        response = render(request, "503.html", {"reason": ""}, status=503)
        response["Retry-After"] = "15"  # seconds
        response["Cache-Control"] = "no-store"
        return response
    response = FileResponse(
        file, content_type=content_type, as_attachment=bool(save_as), filename=save_as
    )
    response["ETag"] = etag
    response["Cache-Control"] = "no-cache"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = ALONE
    return response


urlpatterns = [
    path(
        "<int:pk>/pictures/<int:picture_pk>/original.<str:ending>",
        original,
        name="picture-original",
    ),
    path("<int:pk>/pictures/<int:picture_pk>/<int:width>.<str:ending>", picture, name="picture"),
    path("<int:pk>/files/<int:file_pk>/<str:name>", attachment, name="release-file"),
]
