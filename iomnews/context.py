from functools import partial
from typing import Any, NamedTuple

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation.trans_real import catalog

from contacts.addresses import address_of


class Frame(NamedTuple):
    """All that the frame around a page depends on, but for where in the site the page stands."""

    LANGUAGE_CODE: str
    SITE_NAME: str
    SITE_COLOUR: str
    NEWSROOM_EMAIL: str
    footer_text: str
    footer_links: tuple[tuple[str, str], ...]  # name and address of each


def site(request: HttpRequest) -> dict[str, Any]:
    """What every page may say of the site that it stands on."""
    language = get_language() or settings.LANGUAGE_CODE
    frame = Frame(
        language,
        settings.SITE_NAME,
        settings.SITE_COLOUR,
        settings.NEWSROOM_EMAIL,
        settings.FOOTER_TEXT[language],
        tuple((link[language], link["address"]) for link in settings.FOOTER_LINKS),
    )
    return {"frame": frame, **frame._asdict()}


def language(request: HttpRequest) -> dict[str, Any]:
    """Phrases and addresses in the language of the page.

    To look it up anew for each of them would take longer than to find the phrase or address.
    """
    return {"_": catalog().gettext, "url": partial(address_of, language=get_language())}
