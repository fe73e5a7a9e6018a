"""What visitors see. Each view asks `public()`, so nothing else can be reached from here."""

import re
from collections.abc import Callable, Iterator
from typing import Any

from django.core.paginator import EmptyPage, Page, Paginator
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from contacts.addresses import absolute, address_of
from contacts.bilingual import in_one_language
from contacts.models import Mission
from contacts.vcards import vcard_response

from . import correcting, old_addresses, previews
from .census import census
from .filters import ReleaseFilter, WordFilter
from .missions import is_known, missions_with_public_releases
from .models import Release, State
from .plain_text import write_release
from .queries import (
    neighbours,
    others_of_mission,
    public_release_in_full,
    public_releases_with_contacts,
)
from .search import marks
from .search.helping import ways_on
from .search.suggestions import similar_missions, suggest
from .structured_data import news_article


@require_safe
@in_one_language
def release_list(request: HttpRequest) -> HttpResponse:
    """Public releases, newest first; filters in the query string combine.

    What only the site before knows is not found here: then it is looked for there.
    """
    if old_addresses.is_asked(request):
        raise Http404("an address of the site before")
    releases = Release.objects.public().newest_first()
    listing = ReleaseFilter.asked(request, releases)
    listing.offer_choices()
    pages = listing.pages_of_cards(listing.count)
    page = page_of(request, pages)
    marks.show(page.object_list, listing.search)
    return render(
        request,
        "releases/list.html",
        {"page": page, "pages": page_numbers(page), "filter": listing, **_help(page, listing)},
    )


@require_safe
@in_one_language
def release_detail(request: HttpRequest, pk: int, slug: str = "") -> HttpResponse:
    """One public release; any other slug leads to the right one, a withdrawn one says so.

    Staff who may see one that is not public find it here as well, as a preview.
    """
    if release := public_release_in_full(pk):
        right = release.slug == slug
        return release_page(request, release) if right else redirect(release, permanent=True)
    if release := previews.hidden_release(request, pk):
        page = release_page(request, release) if release.slug == slug else redirect(release)
        return previews.kept_private(page)
    return led_on(pk, Release.get_absolute_url) or gone_or_not_found(request, pk)


def release_page(request: HttpRequest, release: Release, framed: bool = False) -> HttpResponse:
    """The page of `release`; of one that is not public, or in a frame of the desk, a preview."""
    newer, older = neighbours(release)
    short = address_of("releases:short", release.pk)
    return render(
        request,
        "releases/detail.html",
        {
            "release": release,
            "older": older,
            "newer": newer,
            "of_mission": others_of_mission(release),
            # A language that the release lacks has no page to share.
            "shared_address": absolute(
                request, release.get_absolute_url(language=release.languages[0])
            ),
            "article": news_article(release, request),
            "short_address": absolute(request, short),
            "preview": framed or release.state != State.PUBLIC,
            "framed": framed,
        },
    )


@require_safe
def release_vcard(request: HttpRequest, pk: int, place: int) -> HttpResponse:
    """One contact of a release for an address book: whoever answers today."""
    public = public_releases_with_contacts().filter(pk=pk).first()
    if not (release := public or previews.hidden_release(request, pk)):
        return gone_or_not_found(request, pk)
    block = release.contact_block
    row = next((row for row in block if row.position == place), None)
    card = row and row.card
    if not (card and card.name):
        raise Http404("no such contact")
    answer = vcard_response(card.name, card.office, card.phone, card.email)
    return answer if public else previews.kept_private(answer)


@require_safe
def release_text(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    """One release as plain text, for journalists who paste; for the desk one to come as well."""
    public = public_releases_with_contacts().filter(pk=pk).first()
    if not (release := public or previews.hidden_release(request, pk)):
        return led_on(pk, Release.get_text_url) or gone_or_not_found(request, pk)
    if slug == release.slug:
        answer = HttpResponse(write_release(release), content_type="text/plain; charset=utf-8")
    else:
        answer = redirect(release.get_text_url(), permanent=bool(public))
    return answer if public else previews.kept_private(answer)


@require_safe
def mission_list(request: HttpRequest) -> HttpResponse:
    """Missions that have public releases, with how many."""
    numbers = census().by_mission
    missions = [(mission, numbers[mission.pk]) for mission in missions_with_public_releases()]
    return render(request, "releases/mission_list.html", {"missions": missions})


@require_safe
@in_one_language
def mission_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """One mission: whom to call there, and its public releases, or those that hold `?q=`.

    A mission of which nothing is public is there for staff alone, whose previews lead to it.
    """
    mission = get_object_or_404(Mission, slug=slug)
    is_public = is_known(mission)
    if not is_public and not previews.seen_at_the_desk(request).filter(mission=mission).exists():
        raise Http404("nothing public of that mission")
    releases = mission.releases.public().newest_first()
    listing = WordFilter.asked(request, releases)
    pages = listing.pages_of_cards(census().count(mission.pk), mission.pk)
    page = page_of(request, pages)
    marks.show(page.object_list, listing.search)
    contacts = mission.press_contacts.current(timezone.localdate())
    answer = render(
        request,
        "releases/mission_detail.html",
        {
            "mission": mission,
            "contacts": contacts,
            "page": page,
            "pages": page_numbers(page),
            "filter": listing,
            **_help(page, listing),
        },
    )
    return answer if is_public else previews.kept_private(answer)


@require_safe
def suggestions(request: HttpRequest) -> HttpResponse:
    """What somebody who has typed `?q=` may be looking for, for the script of the search field."""
    found = suggest(request.GET.get("q", ""))
    return JsonResponse(
        {
            "suggestions": [
                {
                    "kind": suggestion.kind,
                    "text": suggestion.text,
                    "lang": suggestion.text.lang,
                    "address": suggestion.address,
                }
                for suggestion in found
            ]
        },
        json_dumps_params={"ensure_ascii": False},
    )


def _help(page: Page, listing: WordFilter) -> dict[str, Any]:
    """What a page without a release offers instead, where something was asked for."""
    if page.object_list or not listing.form.has_changed():
        return {}
    text = listing.search.text
    return {
        "ways_on": ways_on(listing),
        "similar_missions": similar_missions(text) if text else [],
    }


def led_on(pk: int, address: Callable[[Release], str]) -> HttpResponse | None:
    """301 to `address` of what stands in the place of a replaced release; None for all others."""
    release = Release.objects.gone().filter(pk=pk).first()
    if release is None or not release.is_replaced:
        return None
    instead = correcting.leads_to(release)
    return instead and redirect(address(instead), permanent=True)


def gone_or_not_found(request: HttpRequest, pk: int) -> HttpResponse:
    """410 and the reason for what was public and is withdrawn; Http404 for anything else."""
    release = get_object_or_404(Release.objects.gone(), pk=pk)
    told = {"reason": release.withdrawal_reason, "instead": correcting.leads_to(release)}
    return render(request, "410.html", told, status=410)


def page_of(request: HttpRequest, pages: Paginator) -> Page:
    """The one of `pages` that `?page=` asks for; Http404 when there is no such page."""
    number = request.GET.get("page", "1")
    if not re.fullmatch(r"[1-9][0-9]{0,6}", number):
        raise Http404("no page number")
    try:
        return pages.page(int(number))
    except EmptyPage as error:
        raise Http404("past the last page") from error


def page_numbers(page: Page) -> Iterator[int | str]:
    """The numbers to link from `page`: its neighbours and both ends, gaps as an ellipsis."""
    return page.paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1)
