from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe


@require_safe
@cache_control(public=True, max_age=3600)  # seconds
def theme(request: HttpRequest) -> HttpResponse:
    """The owner's colour as a style sheet: a strict CSP allows no style in the page itself."""
    return HttpResponse(
        f":root {{ --brand: {settings.SITE_COLOUR}; }}\n" if settings.SITE_COLOUR else "",
        content_type="text/css; charset=utf-8",
    )
