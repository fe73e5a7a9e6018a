"""The newest releases for feed readers: RSS 2.0, Atom and JSON Feed, with their full text.

One address a format, for all releases, for a mission and for any filter of the listing, in
either language. What a feed says depends on its releases alone, so that an unchanged feed is
the same to the byte and answers 304.
"""

from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed, Rss201rev2Feed
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from contacts.bilingual import reader_language
from contacts.models import Mission

from .fields import clean_text
from .filters import ReleaseFilter
from .models import Release
from .prose import to_paragraphs

FEED_SIZE = 20  # releases
TTL = 60  # minutes that a reader may wait before it asks again
NEVER = datetime(1970, 1, 1, tzinfo=UTC)  # when an empty feed last changed


class _Steady:
    """A feed without releases has not changed just now, whatever Django's says."""

    def latest_post_date(self):
        return super().latest_post_date() if self.items else NEVER


class Rss(_Steady, Rss201rev2Feed):
    """RSS 2.0 with the full text in content:encoded."""

    def rss_attributes(self):
        return super().rss_attributes() | {
            "xmlns:content": "http://purl.org/rss/1.0/modules/content/",
            "xmlns:dc": "http://purl.org/dc/elements/1.1/",
        }

    def add_item_elements(self, handler, item):
        super().add_item_elements(handler, item)
        handler.addQuickElement("content:encoded", item["html"])
        handler.addQuickElement("dc:language", item["language"])


class Atom(_Steady, Atom1Feed):
    """Atom with the full text in content."""

    def item_attributes(self, item):
        return super().item_attributes(item) | {"xml:lang": item["language"]}

    def add_item_elements(self, handler, item):
        super().add_item_elements(handler, item)
        handler.addQuickElement("content", item["html"], {"type": "html"})


@require_safe
def feed(request: HttpRequest, kind: str = "rss", slug: str = "") -> HttpResponse:
    """The newest public releases that fit the query string, as `kind`: rss, atom or json."""
    releases = Release.objects.public().select_related("mission").newest_first()
    title, listing = settings.SITE_NAME, reverse("releases:list")
    if slug:
        mission = get_object_or_404(Mission, slug=slug)
        releases = releases.filter(mission=mission)
        title = f"{title}: {clean_text(mission.name)}"
        listing = mission.get_absolute_url()
    asked = ReleaseFilter.asked(request, releases)
    about = {
        "title": title,
        "link": request.build_absolute_uri(listing + _query(request, asked)),
        "feed_url": request.build_absolute_uri(),
        "description": _("Latest releases"),
        "language": reader_language(),
    }
    items = [_item(request, release) for release in asked.qs[:FEED_SIZE]]
    return _json(about, items) if kind == "json" else _xml(kind, about, items)


def _query(request: HttpRequest, asked: ReleaseFilter) -> str:
    """The part of the query string that the listing understands as well."""
    query = request.GET.copy()
    for name in set(query) - set(asked.form.fields):
        del query[name]
    return f"?{query.urlencode()}" if query else ""


def _item(request: HttpRequest, release: Release) -> dict[str, Any]:
    # Fields are clean when they are saved; what went round `save` must not break the feed.
    return {
        "title": clean_text(str(release.title)),
        "link": request.build_absolute_uri(release.get_absolute_url(language=release.languages[0])),
        # Neither a new headline nor the language changes it.
        "unique_id": request.build_absolute_uri(f"/releases/{release.pk}/"),
        "unique_id_is_permalink": False,
        "description": clean_text(str(release.summary)),
        "pubdate": timezone.localtime(release.publish_at),
        "updateddate": release.changed_at,
        "categories": [clean_text(str(release.mission))] if release.mission else [],
        "html": clean_text(str(release.html)),
        "language": release.body.lang,
    }


def _xml(kind: str, about: dict[str, str], items: list[dict[str, Any]]) -> HttpResponse:
    generator = (Atom if kind == "atom" else Rss)(
        **about, author_name=settings.SITE_NAME, ttl=str(TTL)
    )
    for item in items:
        generator.add_item(**item)
    return HttpResponse(generator.writeString("utf-8"), content_type=generator.content_type)


def _json(about: dict[str, str], items: list[dict[str, Any]]) -> JsonResponse:
    """JSON Feed 1.1 (https://jsonfeed.org/version/1.1)."""
    found = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": about["title"],
        "home_page_url": about["link"],
        "feed_url": about["feed_url"],
        "description": about["description"],
        "language": about["language"],
        "authors": [{"name": settings.SITE_NAME}],
        "items": [
            {
                "id": item["unique_id"],
                "url": item["link"],
                "title": item["title"],
                "summary": item["description"],
                "content_html": item["html"],
                "content_text": "\n\n".join(to_paragraphs(item["html"])),
                "date_published": item["pubdate"].isoformat(),
                "date_modified": item["updateddate"].isoformat(),
                "tags": item["categories"],
                "language": item["language"],
            }
            for item in items
        ],
    }
    return JsonResponse(
        found,
        json_dumps_params={"ensure_ascii": False},
        content_type="application/feed+json; charset=utf-8",
    )
