from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language


def site(request: HttpRequest) -> dict[str, Any]:
    """What every page may say of the site that it stands on."""
    language = get_language() or settings.LANGUAGE_CODE
    return {
        "SITE_NAME": settings.SITE_NAME,
        "SITE_COLOUR": settings.SITE_COLOUR,
        "NEWSROOM_EMAIL": settings.NEWSROOM_EMAIL,
        "footer_text": settings.FOOTER_TEXT[language],
        "footer_links": [(link[language], link["address"]) for link in settings.FOOTER_LINKS],
    }
