"""Addresses of pages, which a page links by the dozen: worked out once and then remembered.

`reverse` of Django tries its patterns anew each time; for a release's page that took as long as
to ask the database for it. A process serves the newsroom below one prefix, if below any.
"""

from functools import lru_cache
from typing import Any

from django.http import HttpRequest
from django.templatetags import static as static_files
from django.urls import reverse
from django.utils import translation

from .bilingual import reader_language

REMEMBERED = 5_000  # addresses: some megabytes


def address_of(name: str, /, *values: Any, language: str | None = None, **named: Any) -> str:
    """The path of the view `name` with `values`, in `language` (default that of the page).

    Raises NoReverseMatch, as `reverse`, which takes values in their order or by name.
    """
    language = language or reader_language()
    return _worked_out(name, values, tuple(named.items()), language)


def absolute(request: HttpRequest, address: str) -> str:
    """`address` as others need it, with scheme and host; as the request's own, but at no cost."""
    if not address.startswith("/"):
        return request.build_absolute_uri(address)
    if not hasattr(request, "site_address"):
        request.site_address = request.build_absolute_uri("/").removesuffix("/")
    return request.site_address + address


@lru_cache
def static(path: str) -> str:
    """The address of the static file `path`: its name holds a hash, so it lasts."""
    return static_files.static(path)


@lru_cache(REMEMBERED)
def _worked_out(name: str, values: tuple, named: tuple, language: str | None) -> str:
    if language == translation.get_language():
        return reverse(name, args=values, kwargs=dict(named))
    with translation.override(language):
        return reverse(name, args=values, kwargs=dict(named))
