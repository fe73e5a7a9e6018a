"""The newest releases for feed readers: RSS 2.0, Atom and JSON Feed, with their full text.

One address a format, for all releases, for a mission and for any filter of the listing, in
either language. What a feed says depends on its releases alone, so that an unchanged feed is
the same to the byte and answers 304.
"""

import re
from datetime import UTC, datetime
from html import escape, unescape
from typing import Any
from urllib.parse import urlencode, urljoin

from django.conf import settings
from django.core.validators import EMPTY_VALUES
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.encoding import iri_to_uri
from django.utils.feedgenerator import Atom1Feed, Rss201rev2Feed, rfc3339_date
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from contacts.bilingual import reader_language
from contacts.text import clean_text

from . import correcting
from .dates import moment_in_words
from .filters import ReleaseFilter
from .missions import known_mission
from .models import Release
from .prose import to_paragraphs

FEED_SIZE = 20  # releases
TTL = 60  # minutes that a reader may wait before it asks again
# What names a feed or an entry for good (RFC 4151), whatever host and scheme serve it. Nobody
# can ever own a name below .example, so it is nobody else's. Never change it.
TAG = "tag:iomnews.example,2014:"
NEVER = datetime(1970, 1, 1, tzinfo=UTC)  # when an empty feed last changed
# A link of a clean body: CleanHTMLField writes each attribute in double quotes.
LINK = re.compile(r'(?P<before><a(?: [a-z]+="[^"]*")*? href=)"(?P<address>[^"]*)"')


class _Steady:
    """A feed without releases has not changed just now, whatever Django's says."""

    def latest_post_date(self):
        return super().latest_post_date() if self.items else NEVER


class Rss(_Steady, Rss201rev2Feed):
    """RSS 2.0 with the full text in content:encoded.

    Readers disagree on whether a title is HTML. Of all ways to write "R&D <b>" most of them
    show it right when & and < are hexadecimal references, as the RSS Advisory Board's Best
    Practices Profile asks (https://www.rssboard.org/rss-profile#data-types-characterdata); to
    XML these are the same characters. A description is HTML for every reader.
    """

    def writeString(self, encoding):  # noqa: N802
        written = super().writeString(encoding)
        for name, reference in (("&amp;", "&#x26;"), ("&lt;", "&#x3C;"), ("&gt;", "&#x3E;")):
            written = written.replace(name, reference)
        return written

    def rss_attributes(self):
        return super().rss_attributes() | {
            "xmlns:content": "http://purl.org/rss/1.0/modules/content/",
            "xmlns:dc": "http://purl.org/dc/elements/1.1/",
            "xmlns:media": "http://search.yahoo.com/mrss/",
        }

    def add_item_elements(self, handler, item):
        description = escape(item["description"], quote=False)
        super().add_item_elements(handler, item | {"description": description})
        handler.addQuickElement("content:encoded", item["html"])
        handler.addQuickElement("dc:language", item["language"])
        if item["image"]:
            about = {"url": item["image"], "medium": "image", "type": "image/jpeg"}
            handler.addQuickElement("media:content", attrs=about)


class Atom(_Steady, Atom1Feed):
    """Atom with the full text in content.

    Headline, summary and text may each be in another language, so each names its own; Django's
    entries could not, and would say of a plain summary that it is HTML.
    """

    def add_item_elements(self, handler, item):
        def text(name: str, words: str, lang: str, kind: str = "text") -> None:
            handler.addQuickElement(name, words, {"type": kind, "xml:lang": lang})

        text("title", item["title"], item["title_language"])
        handler.addQuickElement("link", "", {"rel": "alternate", "href": item["link"]})
        handler.addQuickElement("id", item["unique_id"])
        handler.addQuickElement("published", rfc3339_date(item["pubdate"]))
        handler.addQuickElement("updated", rfc3339_date(item["updateddate"]))
        for category in item["categories"]:
            handler.addQuickElement("category", "", {"term": category})
        text("summary", item["description"], item["summary_language"])
        text("content", item["html"], item["language"], "html")
        if item["image"]:
            about = {"rel": "enclosure", "href": item["image"], "type": "image/jpeg"}
            handler.addQuickElement("link", attrs=about)


@require_safe
def feed(request: HttpRequest, kind: str = "rss", slug: str = "") -> HttpResponse:
    """The newest public releases that fit the query string, as `kind`: rss, atom or json."""
    releases = Release.objects.public().select_related("mission").newest_first()
    releases = releases.prefetch_related("pictures")
    title, listing = settings.SITE_NAME, reverse("releases:list")
    if slug:
        mission = known_mission(slug)
        releases = releases.filter(mission=mission)
        title = f"{title}: {clean_text(mission.name)}"
        listing = mission.get_absolute_url()
    asked = ReleaseFilter.asked(request, releases)
    query = _query(asked)
    address = iri_to_uri(request.path) + query
    about = {
        "title": title,
        # A mission's page knows no filters.
        "link": request.build_absolute_uri(listing if slug else listing + query),
        "feed_url": request.build_absolute_uri(address),
        "feed_guid": TAG + address,
        "description": _("Latest releases"),
        "language": reader_language(),
    }
    releases = correcting.fetch_corrections(list(asked.qs[:FEED_SIZE]))
    items = [_item(request, release) for release in releases]
    return _json(about, items) if kind == "json" else _xml(kind, about, items)


def _query(asked: ReleaseFilter) -> str:
    """The filters in use as a query string: one for all ways to ask the same."""
    fields, values = asked.form.fields, asked.form.cleaned_data
    query = {
        name: fields[name].prepare_value(value)
        for name, value in values.items()
        if value not in EMPTY_VALUES
    }
    return f"?{urlencode(query)}" if query else ""


def with_absolute_links(body: str, base: str) -> str:
    """HTML `body` with each link led on from `base`, the address that it was written for."""

    def absolute(link: re.Match) -> str:
        try:
            address = urljoin(base, unescape(link["address"]))
        except ValueError:  # no address at all, as "http://[x"
            return link[0]
        return f'{link["before"]}"{escape(address)}"'

    return LINK.sub(absolute, body)


def _item(request: HttpRequest, release: Release) -> dict[str, Any]:
    title, summary = release.title, release.summary
    link = request.build_absolute_uri(release.get_absolute_url(language=release.languages[0]))
    pictures = release.pictures.all()
    # Fields are clean when they are saved; what went round `save` must not break the feed.
    return {
        "title": clean_text(title),
        "title_language": title.lang,
        "link": link,
        # Neither a new headline, nor the language, nor a move to another host changes it.
        "unique_id": f"{TAG}/releases/{release.pk}/",
        "unique_id_is_permalink": False,
        "description": clean_text(summary),
        "summary_language": summary.lang,
        "pubdate": release.posted_at,
        "updateddate": release.changed_at,
        "categories": [clean_text(str(release.mission))] if release.mission else [],
        "html": _corrections(release) + with_absolute_links(clean_text(release.html), link),
        "language": release.body.lang,
        "image": request.build_absolute_uri(pictures[0].card_url) if pictures else None,
    }


def _corrections(release: Release) -> str:
    """The notes of its corrections above its text: readers show an entry again for them."""
    return "".join(
        format_html(
            '<p lang="{}"><strong>{}</strong> {}</p>',
            correction.note.lang,
            _("Correction, %(time)s:") % {"time": moment_in_words(correction.at)},
            clean_text(correction.note),
        )
        for correction in release.public_corrections
    )


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
                **({"image": item["image"]} if item["image"] else {}),
            }
            for item in items
        ],
    }
    return JsonResponse(
        found,
        json_dumps_params={"ensure_ascii": False},
        content_type="application/feed+json; charset=utf-8",
    )
