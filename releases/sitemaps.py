"""What search engines may find: a section of the site map for each kind of page and language.

A release stands under each language in which it exists, and names its other one. Those of the
last two days carry what news search engines ask for (https://www.google.com/schemas/sitemap-news/0.9).
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial

from django.contrib.sitemaps import Sitemap, views
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.functional import cached_property
from django.views.decorators.http import require_safe

from contacts.bilingual import LANGUAGES, reading_order
from contacts.text import clean_text

from .missions import missions_with_public_releases
from .models import Release
from .queries import in_their_order

NEWS_AGE = timedelta(days=2)


class InLanguage(Sitemap):
    """Pages of one language. Those of LANGUAGES in which a page exists are its alternates."""

    limit = 5000  # pages in a file; the protocol allows 50,000

    def __init__(self, language: str):
        self.language = language

    @cached_property
    def paginator(self):
        # The protocol knows no file without an address: an empty section answers 404.
        return Paginator(self.items(), self.limit, allow_empty_first_page=False)

    def exists_in(self, item) -> Sequence[str]:
        return LANGUAGES

    def address(self, item) -> str:
        return item.get_absolute_url()

    def location(self, item) -> str:
        with translation.override(self.language):
            return self.address(item)

    def get_urls(self, page=1, site=None, protocol=None):
        urls = super().get_urls(page, site, protocol)
        # Django would send it as Last-Modified. A withdrawal makes no page newer, so whoever
        # asked by date would be told that nothing has changed; the ETag knows.
        self.latest_lastmod = None
        base = f"{self.get_protocol(protocol)}://{self.get_domain(site)}"
        for url in urls:
            languages = self.exists_in(url["item"])
            if len(languages) > 1:
                url["alternates"] = [self.alternate(url["item"], base, lang) for lang in languages]
        return urls

    def alternate(self, item, base: str, language: str) -> dict[str, str]:
        with translation.override(language):
            return {"lang_code": language, "location": base + self.address(item)}


def last_change() -> datetime | None:
    """When any public release was last posted or edited, in Seoul time; two queries."""
    times = (
        Release.objects.public().order_by(f"-{name}").values_list(name, flat=True).first()
        for name in ("publish_at", "edited_at")
    )
    moment = max(filter(None, times), default=None)
    return moment and timezone.localtime(moment).replace(microsecond=0)


class PaginatorOfKeys(Paginator):
    """Fetches of each release only what a site map says of it, and finds its page by an index."""

    def page(self, number):
        page = super().page(number)
        said = ("title_ko", "title_en", "slug", "publish_at", "edited_at")
        rows = Release.objects.only(*said, "exists_in_ko", "exists_in_en")
        page.object_list = in_their_order(page.object_list, rows)
        return page


class ReleaseSitemap(InLanguage):
    def items(self):
        return Release.objects.public().existing_in(self.language).newest_first()

    @cached_property
    def paginator(self):
        return PaginatorOfKeys(self.items(), self.limit, allow_empty_first_page=False)

    def exists_in(self, item):
        exists = {"ko": item.exists_in_ko, "en": item.exists_in_en}
        return [language for language in reading_order() if exists[language]]

    def lastmod(self, item):
        return item.changed_at

    def get_latest_lastmod(self):
        return self.last_change

    @cached_property
    def last_change(self) -> datetime | None:
        return last_change()

    def get_urls(self, page=1, site=None, protocol=None):
        urls = super().get_urls(page, site, protocol)
        since = timezone.now() - NEWS_AGE
        for url in urls:
            if url["item"].publish_at >= since:
                with translation.override(self.language):
                    url["news"] = {
                        "language": self.language,
                        "posted": url["item"].posted_at.isoformat(),
                        "title": clean_text(url["item"].title),
                    }
        return urls


class MissionSitemap(InLanguage):
    def items(self):
        return missions_with_public_releases()


class PageSitemap(InLanguage):
    """The listing, the missions and the press contacts."""

    def items(self):
        return ["releases:list", "releases:missions", "contacts:list", "releases:api"]

    def address(self, item):
        return reverse(item)


SECTIONS = {
    f"{name}-{language}": partial(kind, language)
    for name, kind in (
        ("releases", ReleaseSitemap),
        ("missions", MissionSitemap),
        ("pages", PageSitemap),
    )
    for language in LANGUAGES
}


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The sections that hold an address."""
    sections = {name: section() for name, section in SECTIONS.items()}
    changed = last_change()
    for section in sections.values():
        section.last_change = changed  # the same in each language
    filled = {name: section for name, section in sections.items() if section.paginator.count}
    return views.index(request, filled)


@require_safe
def section(request: HttpRequest, section: str) -> HttpResponse:
    """The addresses of one section."""
    return views.sitemap(request, SECTIONS, section)
