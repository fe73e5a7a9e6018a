"""Links in texts that came from another site: to its addresses no more, but to ours."""

import re
from collections.abc import Collection, Iterable
from datetime import timedelta
from html import unescape
from typing import NamedTuple
from urllib.parse import urlsplit

from django.db.models import Q, QuerySet
from django.utils import translation
from django.utils.html import escape

from contacts.bilingual import LANGUAGES
from releases import old_addresses, versions
from releases.hosts import host_of, host_of_site, spellings_of
from releases.models import OldAddress, Release

from . import columns
from .whole import at_once

LINK = re.compile(r'(<a\b[^>]*?\shref=")([^"]*)(")')
RELATIVE = 'href="/'
SITE = re.compile(r"[a-z]+:(.+):\d+")  # of a source key


def site_of(source_key: str) -> str:
    """The site that a post came from, as its source key has it; "" for none."""
    found = SITE.fullmatch(source_key)
    return found[1] if found else ""


def hosts() -> set[str]:
    """Those of all sites of which addresses are kept."""
    found = OldAddress.objects.exclude(site="").order_by().values_list("site", flat=True)
    return set(found.distinct())


def linked(host: str) -> QuerySet[Release]:
    """What came from anywhere and may hold links to the site at `host`."""
    named, relative, its_own = Q(), Q(), Q()
    for lang in LANGUAGES:
        relative |= Q(**{f"body_{lang}__contains": RELATIVE})
    for spelling in spellings_of(host):
        for lang in LANGUAGES:
            named |= Q(**{f"body_{lang}__contains": spelling})
        its_own |= Q(source_key__contains=f":{spelling}")
        its_own |= Q(source_key__contains=f"www.{spelling}")
    came = Release.objects.exclude(source_key=None)
    return came.filter(named | (relative & its_own)).order_by("pk")


def link(release: Release, known: Collection[str]) -> bool:
    """Let links in the texts of `release` to addresses of old sites lead on at once, and save.

    To those of its own site, and of another only where the link names one of the hosts `known`.
    Only to what is public, for the address of any other tells its headline, and to its own
    files. Says whether there were any.
    """
    came_from, own, changed = _Origin.of(release), None, []
    hosts_named = {came_from.host, *known} - {""}
    named = set().union(*map(spellings_of, hosts_named))
    for lang in LANGUAGES:
        body = getattr(release, f"body_{lang}")
        if RELATIVE not in body and not any(host in body for host in named):
            continue
        own = _own_files(release) if own is None else own
        with translation.override(lang):
            after = _led(body, came_from, known, own)
        if after != body:
            setattr(release, f"body_{lang}", after)
            changed.append(f"body_{lang}")
    if changed:
        release.save(update_fields=[*changed, "edited_at"])
    return bool(changed)


def link_all(came_from: Iterable[str], known: Collection[str]) -> None:
    """Let links in the texts of what came lead to what is here now, where they can.

    `came_from`: the hosts from which something came since. What an editor has changed is left
    alone: the old addresses lead on as well.
    """
    for host in sorted(came_from):
        for pk in linked(host).values_list("pk", flat=True).iterator():
            with at_once():
                release = Release.objects.select_for_update().filter(pk=pk).first()
                # None: an editor has deleted it meanwhile.
                if release and columns.is_as_saved(release):
                    _link_again(release, known)


def _link_again(release: Release, known: Collection[str]) -> None:
    before, edited_at = versions.content_of(release), release.edited_at
    if not link(release, known):
        return
    newest = release.versions.first()
    if newest and newest.content == before:
        # The links were never right here: nobody is to find two versions.
        newest.content = versions.content_of(release)
        newest.save(update_fields=["content"])
    versions.keep(release)
    # Whoever has it open is to learn of it.
    later = edited_at + timedelta(microseconds=1)
    columns.stamp(release, release.source_digest[: columns.HALF], later)


class _Origin(NamedTuple):
    """Where a release came from: its host, and whether its site was all of that."""

    host: str
    is_whole: bool

    @classmethod
    def of(cls, release: Release) -> "_Origin":
        site = site_of(release.source_key or "")
        return cls(host_of_site(site), "/" not in site.rpartition("://")[2])


def _led(
    body: str, came_from: _Origin, known: Collection[str], own: dict[old_addresses.Key, str]
) -> str:
    def led(found: re.Match) -> str:
        address = unescape(found[2])
        host = _host_asked(address, came_from.host)
        if host is None or not (host == came_from.host or host in known):
            return found[0]
        leads_to = own.get((host, old_addresses.plain_address(address)))
        leads_to = leads_to or old_addresses.leads_to(address, host)
        if not leads_to and host == came_from.host and came_from.is_whole:
            leads_to = old_addresses.listing_of(address)
        return f"{found[1]}{escape(leads_to)}{found[3]}" if leads_to else found[0]

    return LINK.sub(led, body)


def _host_asked(address: str, own: str) -> str | None:
    """The host of a link in a text from `own`; None where it leads to no page."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return None
    if not parts.netloc:
        return own if not parts.scheme and address.startswith("/") else None
    return host_of(address) if parts.scheme in ("", "http", "https") else None


def _own_files(release: Release) -> dict[old_addresses.Key, str]:
    """Where the pictures and files of `release` stand here, by the addresses that they had."""
    here = {row.image.name: row.original_url for row in release.pictures.all()}
    here |= {row.file.name: row.url for row in release.files.all()}
    if not here:
        return {}
    rows = OldAddress.objects.filter(stored__in=here)
    return {old_addresses.key_of(row): here[row.stored] for row in rows}
