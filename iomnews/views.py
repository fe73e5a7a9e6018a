from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.templatetags.static import static
from django.urls import reverse, translate_url
from django.utils.translation import get_language
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from contacts.bilingual import LANGUAGES

HOUR = cache_control(public=True, max_age=3600)  # seconds


@require_safe
@HOUR
def theme(request: HttpRequest) -> HttpResponse:
    """The owner's colour as a style sheet: a strict CSP allows no style in the page itself."""
    return HttpResponse(
        f":root {{ --brand: {settings.SITE_COLOUR}; }}\n" if settings.SITE_COLOUR else "",
        content_type="text/css; charset=utf-8",
    )


@require_safe
@HOUR
def robots(request: HttpRequest) -> HttpResponse:
    """What robots may read (RFC 9309): all but the desk."""
    lines = [
        "User-agent: *",
        *(f"Disallow: {translate_url(reverse('admin:index'), lang)}" for lang in LANGUAGES),
        f"Sitemap: {request.build_absolute_uri(reverse('sitemap'))}",
        "",
    ]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


@require_safe
@HOUR
def favicon(request: HttpRequest) -> HttpResponse:
    """Where browsers look for an icon when a page, such as a text file, names none."""
    return HttpResponseRedirect(static("icons/favicon.ico"))


@require_safe
@HOUR
def manifest(request: HttpRequest) -> JsonResponse:
    """The newsroom on a home screen (https://www.w3.org/TR/appmanifest/)."""
    home = reverse("releases:list")
    colour = settings.SITE_COLOUR or "#14437c"
    icons = [
        {"src": static("icons/newsroom-192.png"), "sizes": "192x192", "type": "image/png"},
        {"src": static("icons/newsroom-512.png"), "sizes": "512x512", "type": "image/png"},
        {
            "src": static("icons/newsroom-maskable-512.png"),
            "sizes": "512x512",
            "type": "image/png",
            "purpose": "maskable",
        },
    ]
    return JsonResponse(
        {
            "name": settings.SITE_NAME,
            "short_name": settings.SITE_NAME,
            "lang": get_language(),
            "id": home,
            "start_url": home,
            "scope": home,
            "display": "minimal-ui",
            "background_color": "#fcfcfd",
            "theme_color": colour,
            "icons": icons,
        },
        content_type="application/manifest+json",
    )
