"""Titles of films and pages of which a text has the address alone, as WordPress has kept them.

WordPress asks the other site once and keeps its answer with the post: `_oembed_<hash>` is HTML to
show, "{{unknown}}" where there was none. The hash is of no use here: it hangs on the theme.
"""

import re
from collections.abc import Mapping
from html import unescape
from urllib.parse import parse_qsl, urlsplit

from django.utils.html import escape

from ..markup import parse

_KEPT = re.compile(r"_oembed_[0-9a-f]{32}")
_ALIASES = {"youtu.be": "youtube.com", "youtube-nocookie.com": "youtube.com"}
_NO_TITLES = {"youtube video player", "youtube video", "vimeo video player", "embedded content"}
_SHORTEST = 3  # characters of what tells one film from another
_LINE = re.compile(r"^[ \t]*(https?://[^\s<>\"]+)[ \t\r]*$", re.MULTILINE | re.IGNORECASE)
_PARAGRAPH = re.compile(
    r"(?<=>)(\s*)(https?://[^\s<>\"]+)(\s*)(?=</p>)", re.IGNORECASE
)  # with nothing else in it


class Titles:
    """The titles that a post's meta has; call it with an address for its title, "" for none."""

    def __init__(self, meta: Mapping[str, list[str]]):
        self._exact: dict[str, str] = {}
        self._framed: list[tuple[str, set[str], str]] = []  # site, parts of the address, title
        for key, values in meta.items():
            if _KEPT.fullmatch(key):
                for html in values:
                    self._keep(html)

    def _keep(self, html: str) -> None:
        root = parse(html)
        for quote in root.find("blockquote"):
            if "wp-embedded-content" in quote.classes():
                for link in quote.find("a"):
                    self._exact.setdefault(link.get("href"), link.text)
        for frame in root.find("iframe"):
            title = " ".join(frame.get("title").split())
            if title and title.casefold() not in _NO_TITLES:
                self._framed.append((*_parts(frame.get("src")), title))

    def __call__(self, address: str) -> str:
        if title := self._exact.get(address):
            return title
        site, parts = _parts(address)
        name = _name(address)
        for other, others, title in self._framed:
            if other == site and name in parts & others:
                return title
        return ""


def with_titles(html: str, titles: Titles) -> tuple[str, list[str]]:
    """`html` with a link in the place of each address that stands alone and has a title.

    Second come those addresses.
    """
    named: list[str] = []

    def link(address: str) -> str:
        title = titles(unescape(address))
        if title:
            named.append(unescape(address))
        return title and f'<a href="{escape(unescape(address))}">{escape(title)}</a>'

    html = _PARAGRAPH.sub(lambda found: link(found[2]) or found[0], html)
    return _LINE.sub(lambda found: link(found[1]) or found[0], html), named


def _parts(address: str) -> tuple[str, set[str]]:
    """The site of an address, and the parts of its path and the values of its query."""
    try:
        split = urlsplit(address.strip())
        host = (split.hostname or "").removeprefix("www.")
    except ValueError:
        return "", set()
    host = _ALIASES.get(host, host)
    values = [value for _name, value in parse_qsl(split.query)]
    parts = {part for part in [*split.path.split("/"), *values] if len(part) >= _SHORTEST}
    return ".".join(host.split(".")[-2:]), parts


def _name(address: str) -> str:
    """What tells an address from others of its site: the number of a film, say; "" for none."""
    try:
        split = urlsplit(address)
    except ValueError:
        return ""
    return dict(parse_qsl(split.query)).get("v") or split.path.rstrip("/").rpartition("/")[2]
