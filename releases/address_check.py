"""Where old addresses lead today: read from an export, a list or a server's log, and asked for."""

import http.client
import logging
import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from html import unescape
from pathlib import Path
from typing import NamedTuple, Self
from urllib.parse import quote, unquote, urljoin, urlsplit

from django.conf import settings
from django.test import Client, override_settings
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from contacts.names import same_name

from .hosts import host_of, host_of_site
from .intake.elsewhere import Source, read_posts, source_of
from .intake.posts import IncomingPost, OldPage, Standing, keys_of_same
from .models import Release
from .old_addresses import plain_address

MOST_STEPS = 5  # from one address to the next
PATIENCE = 30  # seconds without an answer
MOST_READ = 2**20  # bytes of a page in which its headline stands
HEADLINE = re.compile(rb"<h1[^>]*>(.*?)</h1>", re.DOTALL)
TAG = re.compile(r"<[^>]*>")
DATE = re.compile(r"<time\b.*?</time>", re.DOTALL)
# Apache's and nginx's "combined", and what begins like it: the request, and what was answered.
LOGGED = re.compile(r'"(?P<method>[A-Z]+) (?P<address>\S+)(?: HTTP/[\d.]+)?" (?P<status>\d{3})\b')
# What WordPress itself is made of: nobody's page.
MACHINERY = re.compile(
    r"/(?:wp-(?:admin|includes|json|content/(?:themes|plugins|cache))(?:/|\Z)|wp-[a-z-]+\.php|"
    r"xmlrpc\.php|robots\.txt|favicon\.ico)"
)


class Asked(NamedTuple):
    """An old address and what is to be found behind it, as far as that is known."""

    address: str  # path and query
    headline: str = ""
    source_key: str = ""
    # Whether nothing need be there: it was never public, or it is no post's own.
    may_be_missing: bool = False
    site: str = ""  # the host that had it, where that is known


class Step(NamedTuple):
    status: int
    location: str  # where it leads on, "" where it does not
    headline: str


class Led(NamedTuple):
    """Where an address led: each answer on the way, and what is wrong with that, "" if nothing."""

    asked: Asked
    steps: list[Step]
    wrong: str

    def __str__(self) -> str:
        way = " -> ".join(f"{step.status} {unquote(step.location)}".rstrip() for step in self.steps)
        told = f"{self.asked.site}{self.asked.address}: {way}"
        if self.steps and self.steps[-1].headline:
            told += f" “{self.steps[-1].headline}”"
        return f"{told} ({self.wrong})" if self.wrong else told


Ask = Callable[[str, str], Step]  # what is at an address, asked by the name of a host


# What is to be asked


def wanted(path: Path) -> Iterator[Asked]:
    """The old addresses that the file names, each once. Raises OSError, UnreadableFile."""
    seen: set[tuple[str, str]] = set()
    source = source_of(path)
    for asked in _of_posts(path, source) if source else _of_lines(path):
        plain = plain_address(asked.address)
        if (asked.site, plain) not in seen and plain != "/":
            seen.add((asked.site, plain))
            yield asked


def _of_posts(path: Path, source: Source) -> Iterator[Asked]:
    for item in read_posts(path, source, timezone.get_default_timezone(), with_pages=True):
        site = host_of_site(getattr(item, "site", ""))
        if isinstance(item, IncomingPost):
            is_hidden = item.standing not in (Standing.PUBLIC, Standing.WITHDRAWN)
            # Pages come only on demand.
            is_hidden |= item.kind == "page"
            for address in item.addresses:
                yield Asked(address, item.title, item.source_key, is_hidden, site)
        elif isinstance(item, OldPage):
            yield Asked(item.address, may_be_missing=not item.path, site=site)


def _of_lines(path: Path) -> Iterator[Asked]:
    with path.open(encoding="utf-8", errors="replace") as file:
        for line in file:
            if logged := LOGGED.search(line):
                # What was not there before need not be there now.
                if logged["method"] in ("GET", "HEAD") and logged["status"][0] in "23":
                    yield Asked(_path(logged["address"]))
            elif (line := line.strip()) and not line.startswith("#"):
                yield Asked(_path(line), site=host_of(line))


def _path(address: str) -> str:
    if re.match("https?://", address):
        return "/" + address.partition("://")[2].partition("/")[2]
    return address if address.startswith("/") else f"/{address}"


# Asking


def follow(asked: Asked, ask: Ask) -> Led:
    """Where `asked` leads, and whether that is as it should be."""
    steps: list[Step] = []
    address = quote(asked.address, safe="/?&=%:;,+~@!$'()*[]#")
    while len(steps) < MOST_STEPS:
        steps.append(step := ask(address, asked.site))
        if not step.location:
            break
        address = urljoin(address, step.location)
    return Led(asked, steps, _wrong(asked, steps))


def _wrong(asked: Asked, steps: list[Step]) -> str:
    first, last = steps[0], steps[-1]
    if last.location:
        return _("it leads on and on")
    if last.status == 410:
        return ""
    if last.status == 404:
        is_meant = asked.may_be_missing or MACHINERY.match(asked.address)
        return "" if is_meant else _("nothing is there")
    if last.status != 200:
        return _("that is no page")
    if any(step.status not in (301, 308) for step in steps[:-1]):
        return _("it does not lead there for good")
    if asked.headline and not _is_headline(asked, last.headline):
        if first is last:
            # It leads nowhere: a page of ours has the very address.
            return "" if asked.may_be_missing else _("a page of ours has that address")
        return _("the headline was “%(headline)s”") % {"headline": asked.headline}
    return ""


def _is_headline(asked: Asked, headline: str) -> bool:
    """Whether `headline` is that of the post, or what an editor has made of it."""
    if same_name(headline) == same_name(asked.headline):
        return True
    releases = Release.objects.filter(source_key__in=keys_of_same(asked.source_key))
    titles = [title for release in releases for title in (release.title_ko, release.title_en)]
    return same_name(headline) in map(same_name, filter(None, titles))


@contextmanager
def in_process() -> Iterator[Ask]:
    """Ask this newsroom, without a server, as if all old names led to it."""
    with ExitStack() as stack:
        stack.enter_context(override_settings(ALLOWED_HOSTS=["*"], MAINTENANCE=False))
        # What is not found is told by whoever asks, and not by the site's record.
        stack.callback(logging.disable, logging.root.manager.disable)
        logging.disable(logging.CRITICAL)
        client = Client(raise_request_exception=False)

        def ask(address: str, site: str) -> Step:
            # A request leaves the thread in its own language.
            with translation.override(settings.LANGUAGE_CODE):
                response = client.get(
                    address,
                    secure=settings.SECURE_SSL_REDIRECT,
                    headers={"host": site or "testserver"},
                )
                # A file is closed behind its last byte.
                body = b"".join(response) if response.streaming else response.content
            location = response.get("Location", "")
            return Step(response.status_code, location, _headline(body))

        yield ask


class Site:
    """A newsroom that is served at `address`; call it to ask. Raises OSError, HTTPException.

    It is asked by its own name: by another it need not be reached there.
    """

    def __init__(self, address: str):
        parts = urlsplit(address)
        kinds = {"http": http.client.HTTPConnection, "https": http.client.HTTPSConnection}
        if parts.scheme not in kinds or not parts.hostname:
            raise ValueError(address)
        self._origin = parts.scheme, parts.netloc
        self._connection = kinds[parts.scheme](parts.netloc, timeout=PATIENCE)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error) -> None:
        self._connection.close()

    def __call__(self, address: str, site: str) -> Step:
        parts = urlsplit(address)
        if parts.netloc and (parts.scheme, parts.netloc) != self._origin:
            return Step(0, "", address)  # another site
        asked = parts._replace(scheme="", netloc="", fragment="").geturl()
        self._connection.request("GET", asked, headers={"User-Agent": "iomnews"})
        answer = self._connection.getresponse()
        body = answer.read(MOST_READ)
        if not answer.isclosed():
            self._connection.close()  # a large file; the next one begins anew
        return Step(answer.status, answer.getheader("Location", ""), _headline(body))


def _headline(page: bytes) -> str:
    """The headline of a page, without the date before it; "" where there is none."""
    if not (found := HEADLINE.search(page)):
        return ""
    words = TAG.sub("", DATE.sub("", found[1].decode(errors="replace")))
    return " ".join(unescape(words).split())
