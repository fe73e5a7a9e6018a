"""What search engines are told of a release: schema.org NewsArticle as JSON-LD."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from contacts.addresses import absolute, address_of, static

from .models import Release


def news_article(release: Release, request: HttpRequest) -> dict[str, Any]:
    """A NewsArticle (https://schema.org/NewsArticle); addresses absolute, times with offset."""
    url = absolute(request, release.get_absolute_url())
    publisher = {
        "@type": "Organization",
        "name": settings.SITE_NAME,
        "url": absolute(request, address_of("releases:list")),
        "logo": absolute(request, static("icons/newsroom-512.png")),
    }
    article = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": str(release.title),
        "description": str(release.summary),
        "datePublished": release.posted_at.isoformat(),
        "dateModified": release.changed_at.isoformat(),
        "inLanguage": release.body.lang,
        "url": url,
        "mainEntityOfPage": url,
        "image": absolute(request, _image(release)),
        "author": publisher,
        "publisher": publisher,
        "isAccessibleForFree": True,
    }
    if release.public_corrections:
        article["correction"] = [
            {
                "@type": "CorrectionComment",
                "text": str(correction.note),
                "inLanguage": correction.note.lang,
                "datePublished": correction.made_at.isoformat(),
                "url": absolute(request, correction.get_absolute_url()),
            }
            for correction in release.public_corrections
        ]
    if release.dateline:
        article["dateline"] = str(release.dateline)
    return article


def _image(release: Release) -> str:
    """What stands for the release on other sites: its first picture, else the newsroom's own."""
    pictures = release.pictures.all()
    return pictures[0].card_url if pictures else static("icons/og.png")
