"""Every public address that the URL configuration knows, and what it answers to a stranger."""

import re
from collections.abc import Iterable, Iterator
from itertools import product
from typing import Any, NamedTuple
from urllib.parse import quote, unquote, urlencode

from django.conf import settings
from django.db import transaction
from django.test import Client, override_settings
from django.urls import (
    LocalePrefixPattern,
    Resolver404,
    URLPattern,
    URLResolver,
    get_resolver,
    resolve,
)
from django.urls.resolvers import RoutePattern
from django.utils import translation
from django.utils.regex_helper import normalize

METHODS = ("GET", "HEAD", "POST", "OPTIONS", "PUT", "DELETE", "PATCH", "TRACE")
PERSON = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
TOKEN_OF_FORM = re.compile(r'name="csrfmiddlewaretoken" value="[^"]+"')
PARAMETER = re.compile(r"<(?:[^>:]+:)?([^>]+)>")


class Template(NamedTuple):
    """An address as the URL configuration has it, in one language."""

    text: str  # "/en/releases/{pk}/"
    parameters: list[str]
    pattern: URLPattern
    language: str
    is_desk: bool

    @property
    def methods(self) -> tuple[str, ...]:
        """Those that are tried where all are. The desk sends a stranger to log in by any."""
        return ("GET", "POST") if self.is_desk else METHODS

    def ways(self, values: dict[str, list[Any]]) -> Iterator[tuple[int, ...]]:
        """Which of the `values` can be chosen for each parameter, by place; likeliest first."""
        return product(*(range(len(values.get(name, []))) for name in self.parameters))

    def filled(
        self, values: dict[str, list[Any]], ways: Iterable[tuple[int, ...]] | None = None
    ) -> Iterator[str]:
        """The addresses that `values` make of it, in all or these ways, and that lead where it
        leads."""
        for way in self.ways(values) if ways is None else ways:
            given = {
                name: quote(str(values[name][place]))
                for name, place in zip(self.parameters, way, strict=True)
            }
            address = self.text.format(**given)
            if self._is_led_to_by(address):
                yield address

    def _is_led_to_by(self, address: str) -> bool:
        with translation.override(self.language):
            try:
                return resolve(unquote(address)).func is self.pattern.callback
            except Resolver404:
                return False


class Condition(NamedTuple):
    """What a stranger has already, as a header of the request says it."""

    name: str  # as WSGI has it: HTTP_IF_NONE_MATCH
    value: str


class Question(NamedTuple):
    """What a stranger asks. `number` is their network: no two questions come from one."""

    method: str
    address: str  # with its query
    language: str
    number: int
    condition: Condition | None = None


class Answered(NamedTuple):
    status: int
    headers: tuple[tuple[str, str], ...]
    body: str

    @property
    def text(self) -> str:
        """All of it as one text."""
        return "\n".join([*(f"{name}: {value}" for name, value in self.headers), self.body])


def templates() -> list[Template]:
    """Each address of the URL configuration, in each language that it stands in.

    Of two that are the same the first is led to.
    """
    found: dict[str, Template] = {}
    walk = _walk(get_resolver().url_patterns, "/", [], settings.LANGUAGE_CODE, False)
    for template in walk:
        found.setdefault(template.text, template)
    return list(found.values())


def _walk(
    patterns: Iterable, before: str, parameters: list[str], language: str, is_desk: bool
) -> Iterator[Template]:
    for pattern in patterns:
        languages = [language]
        if isinstance(pattern.pattern, LocalePrefixPattern):
            languages = [code for code, _name in settings.LANGUAGES]
        for spoken in languages:
            with translation.override(spoken):
                part, names = _part(pattern.pattern)
            here, taken = before + part, parameters + names
            if isinstance(pattern, URLResolver):
                inside = is_desk or pattern.app_name == "admin"
                yield from _walk(pattern.url_patterns, here, taken, spoken, inside)
            else:
                yield Template(here, taken, pattern, spoken, is_desk)


def _part(pattern: Any) -> tuple[str, list[str]]:
    """What `pattern` adds to an address, parameters as {name}, and their names."""
    if isinstance(pattern, LocalePrefixPattern):
        return pattern.language_prefix, []
    if isinstance(pattern, RoutePattern):
        route = str(pattern)
        return PARAMETER.sub(r"{\1}", route), PARAMETER.findall(route)
    part, names = normalize(pattern.regex.pattern)[0]
    return re.sub(r"%\((\w+)\)s", r"{\1}", part), names


class Stranger:
    """Asks without an account or a cookie, each question from another network."""

    def __init__(self):
        # Whoever sends a cookie and a form field of their own making is let through by the
        # protection of forms, so it keeps no stranger out.
        self._client = Client(raise_request_exception=False, headers={"User-Agent": PERSON})
        # With pages that are kept: what is asked anew after each change is made anew as well.
        with override_settings(PAGE_CACHE_MB=64):
            self._client.handler.load_middleware()

    def ask(self, question: Question) -> Answered:
        """The answer; whatever was written for it is undone at once."""
        address = f"2001:db8:{question.number >> 16:x}:{question.number & 0xFFFF:x}::1"
        more: dict[str, Any] = {"REMOTE_ADDR": address}
        if settings.PROXIES:
            more["headers"] = {
                "X-Forwarded-For": ", ".join([address] * settings.PROXIES),
                "X-Forwarded-Proto": "https",
            }
        if question.condition:
            more |= dict([question.condition])
        if question.method not in ("GET", "HEAD"):
            more["headers"] = more.get("headers", {}) | {"Sec-Fetch-Site": "same-origin"}
            more |= {"data": "", "content_type": "text/plain"}
        # A request leaves the thread in its own language.
        with transaction.atomic(), translation.override(question.language):
            response = self._client.generic(
                question.method, question.address, secure=settings.SECURE_SSL_REDIRECT, **more
            )
            content = b"".join(response) if response.streaming else response.content
            transaction.set_rollback(True)
        self._client.cookies.clear()
        headers, body = tuple(response.items()), content.decode(errors="replace")
        if TOKEN_OF_FORM.search(body):  # at the desk's door; another one each time
            body = TOKEN_OF_FORM.sub("", body)
            headers = tuple(header for header in headers if header[0] != "ETag")
        return Answered(response.status_code, headers, body)


def asked_with(address: str, **query: Any) -> str:
    return f"{address}?{urlencode(query)}"
