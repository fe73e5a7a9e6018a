"""What a newsroom shows to strangers, as one hash for each address."""

import hashlib
import re
from html import unescape
from urllib.parse import unquote, urljoin, urlsplit

from django.test import Client

from releases import edition
from releases.models import Release

BEGINNINGS = [
    "/", "/en/", "/sitemap.xml", "/robots.txt", "/manifest.webmanifest", "/feed/", "/feed/atom/",
    "/feed/json/", "/en/feed/", "/releases.csv", "/en/releases.csv", "/api/releases/", "/missions/",
    "/contacts/", "/en/missions/", "/en/contacts/", "/?q=IOM", "/en/?q=이주민", "/?p=1",
    "/2015/01/되찾을-소식/", "/a-300x200.jpg", "/?cat=1", "/press",
]  # fmt: skip
LINK = re.compile(r'(?:(?:href|src|data-views-url)="|srcset="|<loc>|"url": ?")([^"<]+)')
TOLD = ("Content-Type", "ETag", "Last-Modified", "Location", "Content-Disposition")


def hashes(host: str) -> dict[str, str]:
    """The hash of every page, picture and file that leads on from the beginnings, by address.

    Those of releases that are not public are asked as well: they say that they are not.
    """
    edition.watch.forget()
    # As a proxy says it, for a site that leads all else to HTTPS.
    headers = {"host": host, "x-forwarded-proto": "https"}
    client = Client(headers=headers, raise_request_exception=True)
    waiting = list(BEGINNINGS)
    there = sorted(Release.objects.values_list("pk", flat=True))
    for pk in [*there, there[-1] + 1, there[-1] + 2]:
        waiting += [f"/releases/{pk}/", f"/en/releases/{pk}/x.txt", f"/api/releases/{pk}/"]
    found: dict[str, str] = {}
    while waiting:
        address = waiting.pop()
        if address in found:
            continue
        response = client.get(address)
        body = b"".join(response) if response.streaming else response.content
        digest = hashlib.sha256(body)
        for name in TOLD:
            digest.update(f"{name}: {response.get(name, '')}\n".encode())
        found[address] = f"{response.status_code} {digest.hexdigest()[:20]}"
        if response.get("Location"):
            waiting.append(urljoin(address, response["Location"]))
        if re.match(r"text/(html|xml)|application/(json|rss|xml)", response["Content-Type"]):
            waiting += links(address, body.decode(), host)
    return found


def links(address: str, text: str, host: str) -> list[str]:
    """Where `text` leads within the site; of listings their first and second page."""
    found = []
    for link in LINK.findall(text):
        for part in unescape(link).split(", "):
            led = urlsplit(urljoin(f"http://{host}{address}", part.split(" ")[0]))
            if (
                led.hostname != host
                or led.path.startswith(("/static/", "/admin", "/en/admin"))
                or (
                    led.path.endswith("views.gif")  # that would be a reading
                )
            ):
                continue
            if not led.query or re.fullmatch("page=2|p=2", led.query):
                found.append(unquote(led.path) + (f"?{led.query}" if led.query else ""))
    return found
