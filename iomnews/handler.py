"""What gunicorn calls for each request."""

from collections.abc import Callable, Iterable

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler, WSGIRequest

from .pages import PageCacheMiddleware


class Handler(WSGIHandler):
    """Django's, but for the kept pages that this process has at hand.

    They use no connection and resolve no address; to have Django see to both, before and after,
    would cost three times as much as the page.
    """

    pages_kept_by = PageCacheMiddleware

    def __init__(self):
        super().__init__()
        self.pages = self.pages_kept_by(self.get_response) if settings.PAGE_CACHE_MB else None

    def __call__(self, environ: dict, start_response: Callable) -> Iterable[bytes]:
        # A copy, for a request writes into it what another would read amiss.
        response = self.pages and self.pages.at_hand(WSGIRequest(environ.copy()))
        if not response:
            return super().__call__(environ, start_response)
        start_response(f"{response.status_code} {response.reason_phrase}", list(response.items()))
        return [response.content]
