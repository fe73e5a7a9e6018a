"""What every answer tells browsers not to do; docs/security.md says why, rule by rule.

The Content-Security-Policy stands in `settings`, and Strict-Transport-Security is Django's own.
"""

from collections.abc import Callable

from csp.constants import HEADER
from csp.middleware import CSPMiddleware
from csp.utils import build_policy
from django.conf import settings
from django.http import HttpRequest, HttpResponse

# Powers that no page here needs (W3C Permissions Policy). Sharing and copying are needed.
UNUSED = (
    "accelerometer",
    "autoplay",
    "camera",
    "display-capture",
    "encrypted-media",
    "fullscreen",
    "geolocation",
    "gyroscope",
    "magnetometer",
    "microphone",
    "midi",
    "payment",
    "picture-in-picture",
    "publickey-credentials-get",
    "screen-wake-lock",
    "usb",
    "xr-spatial-tracking",
)
EVERYWHERE = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": ", ".join(f"{power}=()" for power in UNUSED),
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
CORP = "Cross-Origin-Resource-Policy"


def protective_headers(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Say so in every answer, errors and static files among them, unless its view says another.

    No other site's page may load what is here, but for what is public and meant to be shown
    elsewhere: static files, such as the logo, and pictures (`releases.media`).
    """

    def answer(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        for name, value in EVERYWHERE.items():
            response.headers.setdefault(name, value)
        is_static = request.path_info.startswith(settings.STATIC_URL)
        response.headers.setdefault(CORP, "cross-origin" if is_static else "same-origin")
        return response

    return answer


class PolicyMiddleware(CSPMiddleware):
    """django-csp's, which writes the policy of the settings anew for each answer: here once.

    Answers with a nonce or a policy of their own are left to it. The settings have neither
    prefixes without a policy nor one that is only reported.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        super().__init__(get_response)
        self.usual = build_policy()

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        has_its_own = any(name.startswith("_csp") for name in response.__dict__)
        if settings.DEBUG or has_its_own or "_csp_nonce" in request.__dict__:
            return super().process_response(request, response)
        response.headers.setdefault(HEADER, self.usual)
        return response
