"""Releases for partners' programs: read-only JSON, documented for people at /api/.

The names below are a promise: they may be added to, never renamed.
"""

import json
import re
from collections.abc import Callable
from datetime import datetime, time
from functools import wraps
from typing import Any

from django import forms
from django.core.paginator import EmptyPage
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import override
from django.views.decorators.http import require_safe

from contacts.bilingual import LANGUAGES
from contacts.models import Mission

from . import correcting, manual
from .attachments import TYPES
from .filters import ReleaseFilter
from .models import Attachment, Correction, Picture, Release
from .prose import plain_line
from .queries import public_releases_in_full

METHODS = "GET, HEAD, OPTIONS"
# All below the documentation's addresses; they themselves are pages.
ADDRESS = re.compile(r"/(en/)?api/.")
# A plus sign that was not escaped arrives as a space: "T09:00:01 09:00".
LOST_PLUS = re.compile(r"(:\d\d(?:\.\d+)?) (?=\d\d:?\d\d$)")


def is_asked(request: HttpRequest) -> bool:
    """Whether `request` is for the API, be there such an address or not."""
    return ADDRESS.match(request.path_info) is not None


class SinceField(forms.Field):
    """A day or a moment in ISO 8601; what names no zone is Seoul time. Gives an aware datetime."""

    def to_python(self, value: str | None) -> datetime | None:
        if not value:
            return None
        value = LOST_PLUS.sub(r"\1+", value)
        try:
            moment = parse_datetime(value)
            if day := parse_date(value):
                moment = datetime.combine(day, time())
            # Beyond these years the change of zone would leave the calendar.
            if moment is None or not 1900 <= moment.year <= 9000:
                raise ValueError(value)
            return timezone.make_aware(moment) if timezone.is_naive(moment) else moment
        except (ValueError, OverflowError) as error:
            raise forms.ValidationError("expected a date or time as 2014-09-09") from error


class Paging(forms.Form):
    """What the API asks beside the listing's filters."""

    page = forms.IntegerField(required=False, min_value=1, max_value=10**6)
    limit = forms.IntegerField(required=False, min_value=1, max_value=100)
    since = SinceField(required=False)


def open_to_all(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Let anybody read what `view` answers, and nobody send anything."""

    @wraps(view)
    def answer(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if request.method == "OPTIONS":
            response = HttpResponse(status=204)
            response["Access-Control-Allow-Methods"] = METHODS
            response["Access-Control-Allow-Headers"] = "If-None-Match"
            response["Access-Control-Max-Age"] = "86400"  # seconds
        elif request.method in ("GET", "HEAD"):
            with override("en"):
                response = view(request, *args, **kwargs)
        else:
            response = refusal(405, "This API is read-only.")
        if request.method == "OPTIONS" or response.status_code == 405:
            response["Allow"] = METHODS
        return response

    # Nothing can be changed here, so a request forged by another site does no harm; without
    # this it would get the HTML page about forged forms instead of a 405.
    answer.csrf_exempt = True
    return answer


@open_to_all
def release_list(request: HttpRequest) -> HttpResponse:
    """A page of the public releases that fit the query string, newest first; best first of `q`."""
    asked = ReleaseFilter(
        request.GET, queryset=Release.objects.public().newest_first(), request=request
    )
    paging = Paging(request.GET)
    known = set(asked.form.fields) | set(paging.fields)
    if unknown := sorted(set(request.GET) - known):
        expected = ", ".join(sorted(known))
        return refusal(400, f"Unknown parameter; expected one of {expected}.", unknown[0])
    # To take one of several would be to answer what was not asked.
    if repeated := sorted(name for name, values in request.GET.lists() if len(values) > 1):
        return refusal(400, "Give this parameter once.", repeated[0])
    for form in (asked.form, paging):
        for name, errors in form.errors.items():
            return refusal(400, errors[0], name)

    if since := paging.cleaned_data["since"]:
        asked.queryset = asked.queryset.filter(Q(publish_at__gte=since) | Q(edited_at__gte=since))
    count = None if since else asked.count
    pages = asked.pages(paging.cleaned_data["limit"] or 20, public_releases_in_full(), count)
    try:
        page = pages.page(paging.cleaned_data["page"] or 1)
    except EmptyPage:
        return refusal(404, f"The last page is {pages.num_pages}.", "page")

    def address(number: int) -> str:
        query = request.GET.copy()
        query["page"] = number
        return request.build_absolute_uri(f"{request.path}?{query.urlencode()}")

    return answer(
        {
            "count": pages.count,
            "page": page.number,
            "pages": pages.num_pages,
            "next": address(page.number + 1) if page.has_next() else None,
            "previous": address(page.number - 1) if page.has_previous() else None,
            "releases": [
                as_json(release, request) for release in correcting.fetch_corrections(list(page))
            ],
        }
    )


@open_to_all
def release_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One public release."""
    if request.GET:
        return refusal(400, "This address takes no parameters.", sorted(request.GET)[0])
    release = public_releases_in_full().filter(pk=pk).first()
    if release is None:
        return refusal(404, "There is no such release.")
    return answer(as_json(release, request))


@require_safe
def documentation(request: HttpRequest) -> HttpResponse:
    """What the API answers, shown on this newsroom's newest release."""
    newest = public_releases_in_full().newest_first().first()
    example = json.dumps(as_json(newest, request), ensure_ascii=False, indent=2) if newest else ""
    return render(
        request,
        "releases/api.html",
        {
            "newest": newest,
            "example": example,
            "release_fields": manual.RELEASE,
            "page_fields": manual.PAGE,
            "error_fields": manual.ERROR,
        },
    )


def as_json(release: Release, request: HttpRequest) -> dict[str, Any]:
    """A release as the API gives it; needs what `public_releases_in_full` fetches."""

    def both(thing: Release | Mission | Correction, name: str) -> dict[str, str | None]:
        return {lang: getattr(thing, f"{name}_{lang}") or None for lang in LANGUAGES}

    def addresses(address: Callable[[], str]) -> dict[str, str]:
        found = {}
        for lang in LANGUAGES:
            with override(lang):
                found[lang] = request.build_absolute_uri(address())
        return found

    def dateline(lang: str) -> str | None:
        with override(lang):
            place = release.dateline
        return str(place) if place and place.lang == lang else None

    mission = release.mission
    return {
        "id": release.pk,
        "url": addresses(release.get_absolute_url),
        "text_url": addresses(release.get_text_url),
        "languages": [lang for lang in LANGUAGES if lang in release.languages],
        "release_date": release.release_date.isoformat(),
        "posted_at": release.posted_at.isoformat(),
        "updated_at": release.changed_at.isoformat(),
        "mission": mission
        and {
            "slug": mission.slug,
            "name": both(mission, "name"),
            "country_code": mission.country_code or None,
            "url": addresses(mission.get_absolute_url),
        },
        "dateline": {lang: dateline(lang) for lang in LANGUAGES},
        "title": both(release, "title"),
        "summary": {
            lang: plain_line(getattr(release, f"summary_{lang}")) or None for lang in LANGUAGES
        },
        "body_html": both(release, "body"),
        "contacts": [
            {
                "name": card.name or None,
                "office": card.office or None,
                "phone": card.phone or None,
                "tel": card.tel or None,
                "email": card.email or card.newsroom_email or None,
            }
            for card in (row.card for row in release.contact_block)
        ],
        "corrections": [
            {
                "at": correction.made_at.isoformat(),
                "note": both(correction, "note"),
                "url": addresses(correction.get_absolute_url),
            }
            for correction in release.public_corrections
        ],
        "views": release.views,
        "pictures": [picture_as_json(picture, request) for picture in release.pictures.all()],
        "files": [file_as_json(file, request) for file in release.files.all()],
    }


def picture_as_json(picture: Picture, request: HttpRequest) -> dict[str, Any]:
    """A picture as the API gives it: the original, and copies from narrow to wide."""
    absolute = request.build_absolute_uri
    return {
        "url": absolute(picture.original_url),
        "width": picture.width,
        "height": picture.height,
        "decorative": picture.is_decorative,
        "alt": {lang: getattr(picture, f"alt_{lang}") or None for lang in LANGUAGES},
        "caption": {lang: getattr(picture, f"caption_{lang}") or None for lang in LANGUAGES},
        "credit": picture.credit or None,
        "copies": [
            {"url": absolute(address), "type": f"image/{kind}", "width": width}
            for kind in ("avif", "webp")
            for address, width in picture.copies(kind)
        ],
    }


def file_as_json(file: Attachment, request: HttpRequest) -> dict[str, Any]:
    """A file as the API gives it; its size is in bytes."""
    return {
        "url": request.build_absolute_uri(file.url),
        "name": file.name,
        "title": {lang: getattr(file, f"title_{lang}") or None for lang in LANGUAGES},
        "type": TYPES[file.kind],
        "size": file.size,
    }


def answer(data: dict[str, Any], status: int = 200, language: str = "ko, en") -> JsonResponse:
    """`data` as JSON in plain UTF-8; `language` is that of its texts."""
    return JsonResponse(
        data,
        status=status,
        headers={"Content-Language": language},
        json_dumps_params={"ensure_ascii": False},
    )


def refusal(status: int, message: str, parameter: str | None = None) -> JsonResponse:
    """Why there is no answer; `parameter` names the one to mend, where it is one."""
    return answer({"error": {"message": message, "parameter": parameter}}, status, "en")
