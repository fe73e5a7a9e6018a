from typing import Any, NamedTuple

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language


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
