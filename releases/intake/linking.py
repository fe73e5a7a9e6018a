"""Links in texts that came from another site: to its addresses no more, but to ours."""

import re
from html import unescape
from urllib.parse import urlsplit

from django.db.models import Q, QuerySet
from django.utils import translation
from django.utils.html import escape

from contacts.bilingual import LANGUAGES
from releases import old_addresses
from releases.models import OldAddress, Release

LINK = re.compile(r'(<a\b[^>]*?\shref=")([^"]*)(")')
SITE = re.compile(r"[a-z]+:(.+):\d+")  # of a source key


def site_of(source_key: str) -> str:
    """The address of the site that a post came from, as its source key has it; "" for none."""
    found = SITE.fullmatch(source_key)
    return found[1] if found else ""


def linked(site: str) -> QuerySet[Release]:
    """What came from `site` and may hold links to it."""
    links = Q()
    for lang in LANGUAGES:
        for words in (_host(site), 'href="/'):
            links |= Q(**{f"body_{lang}__contains": words})
    return Release.objects.filter(links, source_key__contains=f":{site}:").order_by("pk")


def link(release: Release) -> bool:
    """Let links in the texts of `release` to addresses of its old site lead on at once, and save.

    Only to what is public, for the address of any other tells its headline, and to its own
    files. Says whether there were any.
    """
    host, own, changed = _host(site_of(release.source_key)), None, []
    for lang in LANGUAGES:
        body = getattr(release, f"body_{lang}")
        if host not in body and 'href="/' not in body:
            continue
        own = _own_files(release) if own is None else own
        with translation.override(lang):
            after = _led(body, host, own)
        if after != body:
            setattr(release, f"body_{lang}", after)
            changed.append(f"body_{lang}")
    if changed:
        release.save(update_fields=[*changed, "edited_at"])
    return bool(changed)


def _led(body: str, host: str, own: dict[str, str]) -> str:
    def led(found: re.Match) -> str:
        address = unescape(found[2])
        if not _is_of(host, address):
            return found[0]
        old = old_addresses.plain_address(address)
        leads_to = own.get(old) or old_addresses.leads_to(address)
        return f"{found[1]}{escape(leads_to)}{found[3]}" if leads_to else found[0]

    return LINK.sub(led, body)


def _is_of(host: str, address: str) -> bool:
    """Whether `address` is one of the old site, with its host or without any."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    if not parts.netloc:
        return not parts.scheme and address.startswith("/")
    return parts.scheme in ("", "http", "https") and _plain_host(parts.hostname or "") == host


def _host(site: str) -> str:
    return _plain_host(urlsplit(site if "//" in site else f"//{site}").hostname or site)


def _plain_host(host: str) -> str:
    return host.lower().removeprefix("www.")


def _own_files(release: Release) -> dict[str, str]:
    """Where the pictures and files of `release` stand here, by the addresses that they had."""
    here = {row.image.name: row.original_url for row in release.pictures.all()}
    here |= {row.file.name: row.url for row in release.files.all()}
    if not here:
        return {}
    return {row.address: here[row.stored] for row in OldAddress.objects.filter(stored__in=here)}
