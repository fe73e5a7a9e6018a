"""Whether what the site is made of is still supported by those who make it."""

import sys
from collections.abc import Iterator
from datetime import date

import django
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from .findings import Finding, fault, warning, well

# https://devguide.python.org/versions/ (the last day of the month that it names)
PYTHON = {
    (3, 11): date(2027, 10, 31),
    (3, 12): date(2028, 10, 31),
    (3, 13): date(2029, 10, 31),
    (3, 14): date(2030, 10, 31),
}
# https://www.djangoproject.com/download/#supported-versions
DJANGO = {(5, 2): date(2028, 4, 30), (6, 0): date(2027, 4, 30), (6, 1): date(2027, 12, 31)}
SOON = 180  # days


def supported(what: str, name: str, ends: date | None) -> Finding:
    """What is to be said of `name`, that gets no more mends after `ends`; None: not known here."""
    if ends is None:
        return well(what, name)
    day, left = date_format(ends), (ends - timezone.localdate()).days
    if left < 0:
        return fault(
            what,
            _("%(name)s: no longer supported since %(day)s.") % {"name": name, "day": day},
            _("Upgrade to a version that is."),
        )
    if left < SOON:
        return warning(
            what,
            _("%(name)s: supported until %(day)s.") % {"name": name, "day": day},
            _("Plan the upgrade to a later version."),
        )
    return well(what, _("%(name)s, supported until %(day)s.") % {"name": name, "day": day})


def python(request: HttpRequest | None) -> Iterator[Finding]:
    number = ".".join(map(str, sys.version_info[:3]))
    yield supported("Python", f"Python {number}", PYTHON.get(sys.version_info[:2]))


def framework(request: HttpRequest | None) -> Iterator[Finding]:
    yield supported("Django", f"Django {django.__version__}", DJANGO.get(django.VERSION[:2]))
