"""A page as its reader has it: elements, their words and languages, forms as they stand."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from html.parser import HTMLParser

from django.core.exceptions import ValidationError
from django.db import connection
from django.db.models import Model
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from releases import edition
from releases.census import census
from releases.models import Release
from releases.queries import directory

VOID = {"base", "br", "hr", "img", "input", "link", "meta", "source", "wbr"}


def usually(entries: dict[str, str]) -> dict[str, str]:
    """A form as most send it: of what is public, it asks what kind of change it is."""
    return ({"correction_kind": "fix"} if "correction_note_ko" in entries else {}) | entries


class Element:
    """A part of a page. `el["href"]` is an attribute, "" where it is absent."""

    def __init__(self, tag: str, attributes: dict[str, str], parent: "Element | None" = None):
        self.tag, self.attributes, self.parent = tag, attributes, parent
        self.children: list[Element | str] = []

    def __getitem__(self, name: str) -> str:
        return self.attributes.get(name, "")

    def all(self, tag: str = "", **attributes) -> "list[Element]":
        """Those below with `tag` and `attributes`, in order.

        `class_` names one class of many; `...` stands for any value.
        """
        found = []
        for child in self.children:
            if isinstance(child, Element):
                if child._is(tag, attributes):
                    found.append(child)
                found += child.all(tag, **attributes)
        return found

    def one(self, tag: str = "", **attributes) -> "Element":
        """The only one below with `tag` and `attributes`."""
        found = self.all(tag, **attributes)
        assert len(found) == 1, f"{len(found)} of {tag} {attributes}"
        return found[0]

    def _is(self, tag: str, attributes: dict) -> bool:
        return (not tag or self.tag == tag) and all(
            self._has(name, value) for name, value in attributes.items()
        )

    def _has(self, name: str, value) -> bool:
        if name == "class_":
            return value in self["class"].split()
        return name in self.attributes and value in (..., self[name])

    @property
    def words(self) -> str:
        """The text below, with each run of white space as one space."""
        return " ".join("".join(self._texts()).split())

    def _texts(self):
        for child in self.children:
            yield from [child] if isinstance(child, str) else child._texts()

    @property
    def lang(self) -> str:
        """The language that a screen reader takes the text for."""
        return self["lang"] or (self.parent.lang if self.parent else "")

    @property
    def entries(self) -> dict[str, str]:
        """What a browser would send of this form, were its first button pressed."""
        entries = {}
        for field in self.all():
            if field.tag == "input" and field["type"] in ("submit", "checkbox", "radio"):
                if "checked" in field.attributes:
                    entries[field["name"]] = field["value"] or "on"
            elif field.tag == "input":
                entries[field["name"]] = field["value"]
            elif field.tag == "textarea":
                entries[field["name"]] = "".join(field._texts()).removeprefix("\n")
            elif field.tag == "select":
                options = field.all("option")
                chosen = [o for o in options if "selected" in o.attributes] or options[:1]
                entries[field["name"]] = chosen[0]["value"] if chosen else ""
        return entries


class _Builder(HTMLParser):
    def __init__(self):
        super().__init__()
        self.here = self.page = Element("", {})

    def handle_starttag(self, tag, attrs):
        element = Element(tag, {name: value or "" for name, value in attrs}, self.here)
        self.here.children.append(element)
        if tag not in VOID:
            self.here = element

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag):
        if tag in VOID:
            return
        assert self.here.tag == tag, f"<{self.here.tag}> is open where </{tag}> stands"
        self.here = self.here.parent

    def handle_data(self, data):
        self.here.children.append(data)


def read(response) -> Element:
    """The page of `response`, which must be well formed."""
    builder = _Builder()
    builder.feed(response.content.decode())
    builder.close()
    assert builder.here is builder.page, f"<{builder.here.tag}> is never closed"
    return builder.page


def releases_linked(part: Element) -> list[Release]:
    """The releases that `part` of a page links, in order."""
    pages = (re.match(r"(?:/en)?/releases/(\d+)/", link["href"]) for link in part.all("a"))
    return [Release.objects.get(pk=page[1]) for page in pages if page]


@contextmanager
def known_edition() -> Iterator[None]:
    """Within it nothing is edited, and it was looked up and counted before."""
    trusted, edition.TRUSTED = edition.TRUSTED, 3600  # seconds
    try:
        edition.watch.forget()
        census()
        directory()
        yield
    finally:
        edition.TRUSTED = trusted
        edition.watch.forget()


def queries_of(client: Client, address: str) -> list[str]:
    """The SQL of each query that showing `address` costs where the edition is known."""
    with known_edition(), CaptureQueriesContext(connection) as captured:
        response = client.get(address)
    assert response.status_code == 200, address
    return [query["sql"] for query in captured.captured_queries]


def complaints(entry: Model) -> dict[str, list[str]]:
    """What an editor is told in English of `entry`: field -> messages, empty when it fits."""
    with translation.override("en"):
        try:
            entry.full_clean()
        except ValidationError as refused:
            return refused.message_dict
    return {}
