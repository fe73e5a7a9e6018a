"""What an owner gets wrong, looked at and told in plain words: `manage.py doctor`, and at the desk.

Not to be taken for `releases.doctor`, which looks at the text of a release before it goes out.

A check is a function of the request of whoever looks, None in the shell. It gives findings and
changes nothing. A new one is a function in the module of its subject and a line in `CHECKS`. None
asks anybody outside: neither a time server nor a list of versions.
"""

from collections.abc import Callable, Iterator

from django.http import HttpRequest
from django.utils.translation import gettext as _

from . import front, rows, stores, support
from .findings import Finding, Level, fault

__all__ = ["CHECKS", "Finding", "Level", "examine"]

Check = Callable[[HttpRequest | None], Iterator[Finding]]

CHECKS: list[Check] = [
    front.hosts,
    front.proxy,
    front.https,
    front.mail,
    rows.version,
    rows.collation,
    rows.migrations,
    rows.clock,
    rows.search,
    rows.schedule,
    stores.replica,
    stores.static_files,
    stores.media,
    stores.shared_cache,
    stores.backup,
    stores.disk,
    support.python,
    support.framework,
]


def examine(request: HttpRequest | None = None) -> list[Finding]:
    """All findings about this site, in the language of the moment, gravest first.

    With the `request` of somebody at the desk what the proxy says is looked at as well.
    """
    found = [finding for check in CHECKS for finding in _findings(check, request)]
    return sorted(found, key=lambda finding: list(Level).index(finding.level))


def _findings(check: Check, request: HttpRequest | None) -> list[Finding]:
    try:
        return list(check(request))
    except Exception as error:  # what can't be looked at is not well, and hides no other
        return [
            fault(
                check.__name__.replace("_", " "),
                _("Could not be looked at: %(error)s") % {"error": error},
                _("Mend what else stands here first; then look again."),
            )
        ]
