from django.conf import settings
from django.http import HttpRequest


def site(request: HttpRequest) -> dict[str, str]:
    """What every page may say of the site that it stands on."""
    return {"SITE_NAME": settings.SITE_NAME, "NEWSROOM_EMAIL": settings.NEWSROOM_EMAIL}
