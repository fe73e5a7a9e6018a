"""The database and what lies in it."""

import os
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import islice

from django.db import connection
from django.db.models import Max
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from iomnews import health
from releases.models import Release
from releases.search import index
from releases.versions import moment_in_seoul

from .findings import Finding, fault, warning, well
from .support import supported

# https://www.postgresql.org/support/versioning/
POSTGRESQL = {
    14: date(2026, 11, 12),
    15: date(2027, 11, 11),
    16: date(2028, 11, 9),
    17: date(2029, 11, 8),
    18: date(2030, 11, 14),
}
MOST_IN_A_PAGE = 20_000  # releases whose entries are looked through while somebody waits


def asked(sql: str) -> tuple:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchone()


def version(request: HttpRequest | None) -> Iterator[Finding]:
    what = _("Database")
    if connection.vendor == "sqlite":
        (mode,) = asked("PRAGMA journal_mode")
        if mode != "wal":
            yield fault(
                what,
                _("SQLite without WAL (%(mode)s): readers and editors wait for one another.")
                % {"mode": mode},
                _("Put the database on a disk of this machine: WAL needs one."),
            )
        else:
            number = ".".join(map(str, connection.Database.sqlite_version_info))
            yield well(what, _("SQLite %(number)s, with WAL.") % {"number": number})
        return
    number = connection.pg_version // 10_000
    yield supported(what, f"PostgreSQL {number}", POSTGRESQL.get(number))
    processes, threads = (
        int(os.environ.get(name) or default)
        for name, default in (("WEB_PROCESSES", 2), ("WEB_THREADS", 4))
    )
    wanted = processes * threads
    (most,) = asked(
        "SELECT current_setting('max_connections')::int"
        " - current_setting('superuser_reserved_connections')::int"
    )
    if wanted > most:
        yield fault(
            _("Connections to the database"),
            _("This host's threads may want %(wanted)d, the server gives %(most)d.")
            % {"wanted": wanted, "most": most},
            _("Lower WEB_PROCESSES or WEB_THREADS, or raise max_connections of PostgreSQL."),
        )


def collation(request: HttpRequest | None) -> Iterator[Finding]:
    if connection.vendor != "postgresql":
        return
    what = _("Order of texts in the database")
    encoding, name = asked(
        "SELECT pg_encoding_to_char(encoding), datcollate FROM pg_database"
        " WHERE datname = current_database()"
    )
    if encoding != "UTF8":
        yield fault(
            what,
            _("The encoding is %(encoding)s, which has no Korean.") % {"encoding": encoding},
            _("Restore a backup into a database that is made as docs/deploy.md says."),
        )
    elif connection.pg_version >= 150_000 and any(
        asked(
            "SELECT datcollversion IS DISTINCT FROM pg_database_collation_actual_version(oid)"
            " FROM pg_database WHERE datname = current_database()"
        )
    ):
        yield fault(
            what,
            _("The system's rules of order have changed since the indexes were made."),
            _("In psql: REINDEX DATABASE, then ALTER DATABASE … REFRESH COLLATION VERSION."),
        )
    elif name not in ("C", "POSIX", "C.UTF-8", "C.utf8"):
        yield warning(
            what,
            _("%(name)s: an upgrade of the system may change it under the indexes.")
            % {"name": name},
            _("With the next restore make the database with --locale=C.UTF-8."),
        )
    else:
        yield well(what, f"{encoding}, {name}")


def migrations(request: HttpRequest | None) -> Iterator[Finding]:
    what = _("Migrations")
    if health.migrations():
        yield fault(
            what,
            _("Some are not applied: the database is older than the site."),
            _("Run `manage.py migrate`."),
        )
    else:
        yield well(what, _("All are applied."))


def clock(request: HttpRequest | None) -> Iterator[Finding]:
    what, now = _("Clock"), timezone.now()
    ahead = Release.objects.aggregate(last=Max("edited_at"))["last"]
    if connection.vendor == "postgresql":
        (theirs,) = asked("SELECT clock_timestamp()")
        apart = abs((theirs - now).total_seconds())
        if apart > 2:
            yield fault(
                what,
                _("This machine's and the database's differ by %(seconds)d s.")
                % {"seconds": apart},
                _("Let both follow a time server (systemd-timesyncd or chrony)."),
            )
            return
    if ahead and ahead > now + timedelta(minutes=1):
        yield fault(
            what,
            _(
                "A release was edited at %(moment)s, which is still to come: the clock was wrong"
                " then, or is now."
            )
            % {"moment": moment_in_seoul(ahead)},
            _("Set the clock by a time server: scheduled releases appear by it."),
        )
        return
    yield well(what, _("In Seoul it is %(moment)s.") % {"moment": moment_in_seoul(now)})


def search(request: HttpRequest | None) -> Iterator[Finding]:
    what = _("Search")
    if request and (number := Release.objects.count()) > MOST_IN_A_PAGE:
        yield well(
            what,
            _("Not looked through here, for %(number)d releases take a while; `check_search` does.")
            % {"number": number},
        )
        return
    if wrong := len(list(islice(index.out_of_step(), 1000))):
        yield fault(
            what,
            ngettext(
                "%(number)d release is not found by its words.",
                "%(number)d releases are not found by their words.",
                wrong,
            )
            % {"number": wrong},
            _("Run `manage.py rebuild_search`; it can be done while the site is used."),
        )
    else:
        yield well(what, _("Every release is found by its words."))


def schedule(request: HttpRequest | None) -> Iterator[Finding]:
    what = _("Next scheduled release")
    upcoming = Release.objects.scheduled().order_by("publish_at")
    if (first := upcoming.values_list("publish_at", flat=True).first()) is None:
        yield well(what, _("None is scheduled."))
    else:
        yield well(
            what,
            _("At %(moment)s; %(number)d in all.")
            % {"moment": moment_in_seoul(first), "number": upcoming.count()},
        )
