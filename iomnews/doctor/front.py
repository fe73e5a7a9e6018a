"""What stands between readers and the site: names, proxy, HTTPS, whom to write to."""

import os
from collections.abc import Iterator

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.http import HttpRequest
from django.utils.translation import gettext as _

from .findings import Finding, fault, warning, well

HERE = {"localhost", "127.0.0.1", "[::1]"}
INSIDE = (
    "127.",
    "localhost",
    "[::1]",
    "unix:",
    "fd:",
)  # with which an address of this machine begins


def hosts(request: HttpRequest | None) -> Iterator[Finding]:
    what, names = _("Names of the site"), ", ".join(settings.ALLOWED_HOSTS)
    if settings.DEMO or settings.DEBUG:
        yield warning(
            what,
            _("This is a demo, for this machine alone."),
            _("For production set DEMO=off and DEBUG=off, and name the site in ALLOWED_HOSTS."),
        )
    elif "*" in settings.ALLOWED_HOSTS:
        yield fault(
            what,
            _("The site answers to any name, also to one that an attacker makes up."),
            _("Write its names into ALLOWED_HOSTS instead of *."),
        )
    elif set(settings.ALLOWED_HOSTS) <= HERE:
        yield fault(
            what,
            _("The site answers only to names of this machine: %(names)s.") % {"names": names},
            _("Write the name that readers use into ALLOWED_HOSTS, as news.example.org."),
        )
    else:
        yield well(what, names)


def proxy(request: HttpRequest | None) -> Iterator[Finding]:
    what = _("Proxy")
    forwarded = request.headers.get("X-Forwarded-For", "") if request else ""
    names = [name for name in forwarded.split(",") if name.strip()]
    bind = os.environ.get("BIND", "127.0.0.1:8000")
    is_inside = bind.startswith(INSIDE)
    if not settings.BEHIND_PROXY:
        if names:
            yield fault(
                what,
                _("You come through a proxy, but BEHIND_PROXY is off: all readers look like one."),
                _("Set BEHIND_PROXY=on, and PROXIES to how many stand one behind the other."),
            )
        elif settings.HTTPS and is_inside:
            yield fault(
                what,
                _("Only this machine reaches the site, which asks for HTTPS and does not end it."),
                _("Put a proxy in front (docs/deploy.md) and set BEHIND_PROXY=on."),
            )
        elif not is_inside and not (settings.DEMO or settings.DEBUG):
            yield warning(
                what,
                _("There is none: some hundred connections that send slowly stop the site."),
                _("Put a proxy in front (docs/deploy.md) and set BIND=127.0.0.1:8000."),
            )
        else:
            yield well(what, _("There is none."))
    elif request and len(names) < settings.PROXIES:
        yield fault(
            what,
            _("PROXIES is %(wanted)d, but X-Forwarded-For names %(found)d: readers are mistaken.")
            % {"wanted": settings.PROXIES, "found": len(names)},
            _("Let each proxy add to X-Forwarded-For, or write how many there are into PROXIES."),
        )
    elif request and "X-Forwarded-Proto" not in request.headers:
        yield fault(
            what,
            _("The proxy does not say whether a request came over HTTPS."),
            _("Let it set X-Forwarded-Proto, as in deploy/nginx.conf."),
        )
    elif request and not is_inside and request.META["REMOTE_ADDR"] in ("127.0.0.1", "::1"):
        yield warning(
            what,
            _("It is on this machine, but with BIND=%(bind)s others get past it.") % {"bind": bind},
            _("Set BIND=127.0.0.1:8000: what they say of who they are would be believed."),
        )
    elif request:
        yield well(what, _("It says who asks and how, as PROXIES has it."))
    else:
        yield well(
            what, _("The site trusts %(number)d in front of it.") % {"number": settings.PROXIES}
        )


def https(request: HttpRequest | None) -> Iterator[Finding]:
    what = _("HTTPS")
    if settings.HTTPS:
        yield well(what, _("Readers are led to HTTPS, and their browsers remember it."))
    elif settings.DEMO or settings.DEBUG:
        yield well(what, _("Off, as is right for a demo."))
    else:
        yield fault(
            what,
            _("Off: passwords of editors travel in the open."),
            _("Let a proxy end HTTPS (docs/deploy.md) and remove HTTPS=off."),
        )


def mail(request: HttpRequest | None) -> Iterator[Finding]:
    what, address = _("Address of the newsroom"), settings.NEWSROOM_EMAIL
    try:
        validate_email(address)
    except ValidationError:
        says = (
            _("NEWSROOM_EMAIL is no address: %(address)s") % {"address": address}
            if address
            else _("None: where a named contact has left, readers have nobody to write to.")
        )
        yield warning(what, says, _("Write an address that somebody reads into NEWSROOM_EMAIL."))
    else:
        yield well(what, _("%(address)s. The site itself sends no mail.") % {"address": address})
