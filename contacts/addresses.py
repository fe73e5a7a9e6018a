"""Addresses of pages, which a page links by the dozen: worked out once and then remembered.

`reverse` of Django tries its patterns anew each time; for a release's page that took as long as
to ask the database for it. So it is asked once for each view and kind of values, with stand-ins
for them, and gives the address of all others. A process serves the newsroom below one prefix,
if below any.
"""

import re
from functools import cache, lru_cache
from typing import Any

from django.http import HttpRequest
from django.templatetags import static as static_files
from django.urls import NoReverseMatch, reverse
from django.utils import translation

from .bilingual import reader_language

REMEMBERED = 5_000  # addresses: some megabytes
# Values that any pattern takes that takes another of their kind, and the kinds.
WORD = re.compile(r"[-\w]+")
NOT_ASCII = re.compile(r"[^\x00-\x7f]+")
NUMBER, ASCII, LETTERS = 9_000_000_000, "stand-in-", "자리-"


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
def _worked_out(name: str, values: tuple, named: tuple, language: str) -> str:
    names, more = zip(*named, strict=True) if named else ((), ())
    kinds = tuple(map(_kind, values + more))
    if None in kinds or not (frame := _frame(name, kinds, names, language)):
        return _reversed(name, values, named, language)
    return frame % tuple(map(_quoted, values + more))


def _reversed(name: str, values: tuple, named: tuple, language: str) -> str:
    with translation.override(language):
        return reverse(name, args=values, kwargs=dict(named))


@cache
def _frame(name: str, kinds: tuple[int | str, ...], names: tuple[str, ...], language: str) -> str:
    """The address with %s for each value of `kinds`, empty where not all values have one.

    `names` are those of the last ones.
    """
    stand_ins = [kind + n if kind == NUMBER else f"{kind}{n}" for n, kind in enumerate(kinds)]
    first = len(kinds) - len(names)
    values, named = tuple(stand_ins[:first]), tuple(zip(names, stand_ins[first:], strict=True))
    try:
        address = _reversed(name, values, named, language).replace("%", "%%")
    except NoReverseMatch:
        return ""
    for stand_in in stand_ins:
        address = address.replace(_quoted(stand_in).replace("%", "%%"), "%s", 1)
    return address


def _kind(value: Any) -> int | str | None:
    """A stand-in for `value`, None where only Django knows what takes it."""
    if type(value) is int and value >= 0:
        return NUMBER
    if isinstance(value, str) and WORD.fullmatch(value):
        return ASCII if value.isascii() else LETTERS
    return None


def _quoted(value: int | str) -> str:
    """`value` as an address has it: letters and digits of ASCII as they are."""
    return NOT_ASCII.sub(_percent_encoded, str(value))


def _percent_encoded(letters: re.Match) -> str:
    return "%" + letters[0].encode().hex("%").upper()
