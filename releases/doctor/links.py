"""Links: that they lead where they say, and that what should be one is."""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.http.request import validate_host
from django.urls import Resolver404, ResolverMatch, resolve
from django.utils import translation
from django.utils.translation import gettext as _

from contacts.models import Mission
from releases.models import Release, State

from .findings import Finding, Level, at_paragraph
from .sheet import Leads, Link, Paragraph, Passage, Sheet

MOST_PK = 2**63 - 1  # what the database can be asked for

# Words that promise a link, as whole link text they say nothing.
_EMPTY_WORDS = re.compile(
    r"(?:click\s+)?here|this|this\s+(?:link|page)|links?|(?:read\s+)?more|website"
    r"|여기(?:를\s*(?:클릭|눌러\s*주세요)|에서|로)?|(?:이|다음|아래)?\s*링크|클릭|바로\s*가기|더\s*보기|자세히(?:\s*보기)?"
    r"|홈페이지",
    re.IGNORECASE,
)
_PROMISES_A_LINK = re.compile(
    r"\bclick\s+(?:here|on\s+th(?:is|e)\s+link)\b|\b(?:the|this)\s+following\s+link\b"
    r"|\b(?:at|via|using|through)\s+this\s+link\b|\blink\s+below\b"
    r"|여기를\s*(?:클릭|누르|눌러)|(?:다음|아래)의?\s*링크|링크를\s*(?:참조|참고|클릭)",
    re.IGNORECASE,
)
_BARE_ADDRESS = re.compile(
    r"(?<![\w@./%+-])(?:https?://[^\s<>\"“”]+|www\.[A-Za-z0-9-]+\.[A-Za-z][^\s<>\"“”가-힣]*"
    r"|[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,})",
    re.IGNORECASE,
)
_HOST = re.compile(r"(?:[^\W_](?:[\w-]*[^\W_])?\.)+[^\W\d_][\w-]*[^\W_]|\d{1,3}(?:\.\d{1,3}){3}")
_LOOKS_LIKE_AN_ADDRESS = re.compile(r"(?:https?://)?(?:[\w-]+\.)+[a-z]{2,}(?:/\S*)?", re.IGNORECASE)


def link_words_say_where_they_lead(sheet: Sheet) -> Iterator[Finding]:
    for passage, paragraph, link in _links(sheet):
        if not link.words and link.href:
            yield Finding(
                Level.WARNING,
                passage.field,
                at_paragraph(passage, paragraph, link.href),
                _("This link has no words: nobody sees it."),
                _("Write what it leads to, or delete it."),
            )
        elif link.href and _EMPTY_WORDS.fullmatch(link.words):
            yield Finding(
                Level.NOTE,
                passage.field,
                at_paragraph(passage, paragraph, link.words),
                _("These words do not say where the link leads."),
                _("Link the name of what it leads to."),
            )


def promised_links_are_links(sheet: Sheet) -> Iterator[Finding]:
    for passage in sheet.bodies:
        for paragraph in passage.paragraphs:
            if any(link.href for link in paragraph.links):
                continue
            match = _PROMISES_A_LINK.search(paragraph.text)
            if match and not _BARE_ADDRESS.search(paragraph.text):
                yield Finding(
                    Level.WARNING,
                    passage.field,
                    at_paragraph(passage, paragraph, match[0]),
                    _("The text speaks of a link, but there is none."),
                    _("Link the words that it means, or rewrite the sentence."),
                )


def addresses_are_links(sheet: Sheet) -> Iterator[Finding]:
    for passage in sheet.bodies:
        for paragraph in passage.paragraphs:
            for match in _BARE_ADDRESS.finditer(paragraph.unlinked):
                address = match[0].rstrip(".,:;!?)]}’'")
                yield Finding(
                    Level.WARNING,
                    passage.field,
                    at_paragraph(passage, paragraph, address),
                    _("This address is no link: nobody can click on it."),
                    _("Make it a link, better with words that say where it leads."),
                )


def links_have_an_address(sheet: Sheet) -> Iterator[Finding]:
    """An address that cannot work is surely wrong, whoever wrote it."""
    for passage, paragraph, link in _links(sheet):
        if link.href is None:
            # The gate has taken away what no browser could follow.
            if link.words:
                yield Finding(
                    Level.WARNING,
                    passage.field,
                    at_paragraph(passage, paragraph, link.words),
                    _("These words are marked as a link that has no address."),
                    _("Give the link its address, or make plain text of it."),
                )
            continue
        if own_path(link.href) is None and (fault := _fault(link.href)):
            yield Finding(
                Level.ERROR,
                passage.field,
                at_paragraph(passage, paragraph, _linked(link)),
                fault,
                _("Correct the address of the link."),
            )


def links_lead_where_their_words_say(sheet: Sheet) -> Iterator[Finding]:
    for passage, paragraph, link in _links(sheet):
        if not link.href or not _LOOKS_LIKE_AN_ADDRESS.fullmatch(link.words):
            continue
        said, led = _host(link.words), _host(link.href)
        if said and led and said != led and not _fault(link.href):
            yield Finding(
                Level.WARNING,
                passage.field,
                at_paragraph(passage, paragraph, link.words),
                _("The link leads to another site: %(host)s.") % {"host": led},
                _("Correct the words or the address of the link."),
            )


def links_to_ourselves_lead_somewhere(sheet: Sheet) -> Iterator[Finding]:
    for passage, paragraph, link in _links(sheet):
        if link.href is None or (leads := sheet.astray.get(link.href)) is None:
            continue
        level, why = {
            Leads.NOWHERE: (Level.ERROR, _("There is no such page on our own site.")),
            Leads.WITHDRAWN: (Level.ERROR, _("It leads to a release that was withdrawn.")),
            Leads.DESK: (Level.ERROR, _("It leads to the desk, which readers cannot enter.")),
            Leads.UNPUBLISHED: (
                Level.WARNING,
                _("It leads to a release that is not public and has no time yet."),
            ),
            Leads.LATER: (
                Level.WARNING,
                _("It leads to a release that becomes public after this one."),
            ),
        }[leads]
        yield Finding(
            level,
            passage.field,
            at_paragraph(passage, paragraph, _linked(link)),
            why,
            _("Correct the address of the link, or delete the link."),
        )


def _links(sheet: Sheet) -> Iterator[tuple[Passage, Paragraph, Link]]:
    for passage in sheet.passages:
        for paragraph in passage.paragraphs:
            for link in paragraph.links:
                yield passage, paragraph, link


def _linked(link: Link) -> str:
    return f"{link.words} ({link.href})" if link.words != link.href else link.words


def _fault(href: str) -> str:
    """What is wrong with an address as it is written, "" when it may work."""
    href = href.strip()
    if not href:
        return _("The link has no address.")
    if href.startswith("#"):
        return _("It leads to a place on this page that does not exist.")
    try:
        parts = urlsplit(href)
        host = parts.hostname or ""
    except ValueError:
        return _("This is no address.")
    if parts.scheme == "mailto":
        return _mail_fault(unquote(parts.path))
    if parts.scheme == "tel":
        return "" if len(re.findall(r"\d", parts.path)) > 2 else _("This is no phone number.")
    if not parts.scheme and not parts.netloc:
        if href.startswith(("/", "?")):
            return ""  # a file of ours, or another view of the page
        return _("The address does not begin with http:// or https://.")
    if parts.scheme not in ("http", "https", ""):
        return _("The address does not begin with http:// or https://.")
    if re.search(r"\s", href):
        return _("There is a space in the address.")
    if not _HOST.fullmatch(host) or host in ("http", "https") or "//http" in href[8:16]:
        return _("The name of the site is not right.")
    return ""


def _mail_fault(addresses: str) -> str:
    for address in addresses.split(","):
        try:
            validate_email(address.strip())
        except ValidationError:
            return _("This is no email address.")
    return ""


def _host(address: str) -> str:
    try:
        host = urlsplit(address if "://" in address else f"http://{address}").hostname or ""
    except ValueError:
        return ""
    return host.removeprefix("www.")


# Where links to ourselves lead: asked once for a whole release.


def astray(
    passages: Iterable[Passage], release: Release, public_from: datetime
) -> Mapping[str, Leads]:
    """Links of `passages` to our own site that do not lead to a page by `public_from`.

    At most two queries, whatever the number of links.
    """
    hrefs = {
        link.href
        for passage in passages
        for paragraph in passage.paragraphs
        for link in paragraph.links
        if link.href
    }
    found: dict[str, Leads] = {}
    releases: dict[str, int] = {}
    missions: dict[str, str] = {}
    for href in hrefs:
        if (path := own_path(href)) is None:
            continue
        match = _resolved(path)
        if match is None:
            found[href] = Leads.NOWHERE
        elif "admin" in match.namespaces:
            found[href] = Leads.DESK
        elif match.namespace == "releases" and "pk" in match.kwargs:
            releases[href] = min(match.kwargs["pk"], MOST_PK)
        elif match.namespace == "releases" and "slug" in match.kwargs:
            missions[href] = match.kwargs["slug"]
    if releases:
        times = Release.objects.only("submitted_at", "approved_at", "publish_at", "withdrawn_at")
        known = times.in_bulk(set(releases.values()))
        for href, pk in releases.items():
            leads = _leads(known.get(pk), public_from)
            if leads and pk != release.pk:
                found[href] = leads
    if missions:
        slugs = Mission.objects.filter(slug__in=set(missions.values()))
        there = set(slugs.values_list("slug", flat=True))
        found |= {href: Leads.NOWHERE for href, slug in missions.items() if slug not in there}
    return found


def own_path(href: str) -> str | None:
    """The path of an address on our own site, None for any other."""
    try:
        parts = urlsplit(href.strip())
        host = parts.netloc.rpartition(":")[0] if parts.port else parts.netloc
    except ValueError:
        return None
    if parts.scheme not in ("", "http", "https") or (parts.scheme and not host):
        return None
    if host:
        named = [name for name in settings.ALLOWED_HOSTS if name != "*"]
        if not validate_host(host.lower(), named):
            return None
        path = parts.path or "/"
    else:
        path = parts.path
    # Files are served past the map of addresses; a media address of "/" is one that is not set.
    files = tuple(url for url in (settings.STATIC_URL, settings.MEDIA_URL) if url != "/")
    return path if path.startswith("/") and not path.startswith(files) else None


def _resolved(path: str) -> ResolverMatch | None:
    """What answers at `path`, in whichever language it is; None when nothing does."""
    path = unquote(path)
    language = "en" if path == "/en" or path.startswith("/en/") else "ko"
    with translation.override(language):
        for candidate in (path, f"{path}/"):
            try:
                return resolve(candidate)
            except Resolver404:
                continue
    return None


def _leads(release: Release | None, public_from: datetime) -> Leads | None:
    if release is None:
        return Leads.NOWHERE
    state = release.state_at(public_from)
    return {
        State.PUBLIC: None,
        State.WITHDRAWN: Leads.WITHDRAWN,
        State.SCHEDULED: Leads.LATER,
    }.get(state, Leads.UNPUBLISHED)
