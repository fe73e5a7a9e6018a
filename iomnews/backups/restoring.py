"""A backup put back: all of it verified, then all of it or nothing.

Files come first, under names that nothing else has. Then one transaction empties the tables,
fills them, brings them up to this version and writes the search anew: killed before its end, the
newsroom is what it was, and the files are some that nothing names (`forget_files`).
"""

import json
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import NamedTuple

from django.apps.registry import Apps
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.core.management.sql import emit_post_migrate_signal
from django.db import OperationalError, connection, transaction
from django.utils.translation import gettext as _

from contacts.models import Mission, PressContact
from releases import edition, plain_rows, storing
from releases.archives import Archive, Member, RefusedArchive, damaged
from releases.models import Release, Version
from releases.search import engine, index

from . import FORMAT, KIND, MEDIA, schema
from .making import member_of, unfinished
from .sealing import is_sealed, unseal

LOCKING = 10  # seconds that the tables may be somebody else's
TRIES = 10  # to lock them all
DEADLOCK = "40P01"  # PostgreSQL, Appendix A


class CannotRestore(Exception):
    """Nothing was changed; the text says why, to the owner."""


class Restored(NamedTuple):
    """What is there now."""

    counts: dict[str, int]  # rows by model
    files: int
    missing: list[str]  # files that rows name and that the backup had not got
    mended: int  # texts with a character that this database can't hold


@contextmanager
def opened(path: Path, identity: str = "") -> Iterator[Archive]:
    """The backup in `path`, decrypted where it has to be, and verified to its last byte.

    Raises RefusedArchive, CannotSeal, CannotRestore.
    """
    with ExitStack() as stack:
        plain = path
        if is_sealed(path) and path.exists():
            plain = unfinished(settings.DATA_DIR)
            stack.callback(plain.unlink, missing_ok=True)
            unseal(path, plain, identity)
        archive = stack.enter_context(Archive(plain, KIND))
        if plain != path:
            plain.unlink()  # it stays readable here, and for nobody else
        _check(archive)
        archive.verify()
        yield archive


def has_content() -> bool:
    """Whether there is anything here that a restore would take the place of, but for accounts."""
    if not connection.introspection.table_names():
        return False
    if schema.known() - schema.applied():
        tables = schema.tables(schema.models_at(schema.applied() & schema.known()))
        wanted = [tables[name] for name in sorted(tables) if name.startswith(("contacts.", "rel"))]
        return any(model._base_manager.exists() for model in wanted)
    return any(m._base_manager.exists() for m in (Release, Version, Mission, PressContact))


def restore(archive: Archive) -> Restored:
    """Let the newsroom be what `archive`, which is `opened`, holds.

    Raises CannotRestore, RefusedArchive; then it is as it was.
    """
    if schema.known() - schema.applied():
        if has_content():
            raise CannotRestore(_("The database is of an older version: run migrate first."))
        call_command("migrate", verbosity=0, interactive=False)
    with storing.undone_on_failure():
        files = _put_media(archive)
        mended = _put_rows(archive)
    edition.committed()
    counts = {table["model"]: table["rows"] for table in archive.manifest["tables"]}
    return Restored(counts, files, archive.manifest["media"]["missing"], mended)


# Whether it fits


def _check(archive: Archive) -> None:
    manifest = archive.manifest
    if not isinstance(manifest.get("format"), int) or manifest["format"] > FORMAT:
        raise _newer(archive)
    try:
        migrations = _migrations(archive)
        if unknown := migrations - schema.known():
            raise _newer(archive, ".".join(min(unknown)))
        _check_tables(archive, schema.models_at(migrations))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise RefusedArchive(damaged(archive.path, "manifest.json")) from error


def _newer(archive: Archive, what: str = "") -> RefusedArchive:
    return RefusedArchive(
        _(
            "%(path)s was made by a newer version of the newsroom (%(product)s; here is what it "
            "has besides: %(what)s). Update this one first."
        )
        % {
            "path": archive.path,
            "product": archive.manifest.get("product", "?"),
            "what": what or archive.manifest.get("format"),
        }
    )


def _check_tables(archive: Archive, apps: Apps) -> None:
    tables = schema.tables(apps)
    for said in archive.manifest["tables"]:
        model = tables.get(said["model"])
        if not model or set(said["columns"]) != set(plain_rows.names(model)):
            raise RefusedArchive(
                _("%(path)s was made by another version of the newsroom.") % {"path": archive.path}
            )
    if {said["model"] for said in archive.manifest["tables"]} != set(tables):
        raise RefusedArchive(damaged(archive.path, "manifest.json"))
    members = {member_of(name) for name in tables}
    for name in archive.names:
        if name not in members and not name.startswith(f"{MEDIA}/"):
            raise RefusedArchive(damaged(archive.path, name))


def _migrations(archive: Archive) -> set[schema.Migration]:
    return {(app, name) for app, name in archive.manifest["migrations"]}


# Files


def _put_media(archive: Archive) -> int:
    """Store the files; how many there are."""
    files = 0
    for member in archive.names:
        folder, _slash, name = member.partition("/")
        if folder != MEDIA:
            continue
        files += 1
        storing.put(name, Member(archive, member))
    os.sync()  # before the rows that name them
    return files


# Rows


def _put_rows(archive: Archive) -> int:
    """Put the rows in place of those that are there; how many texts had to be mended."""
    apps = schema.models_at(_migrations(archive))
    tables = schema.tables(apps)
    with connection.constraint_checks_disabled(), transaction.atomic(durable=True):
        _lock()
        _empty()
        schema.go_back_to(_migrations(archive))
        mended = 0
        for said in archive.manifest["tables"]:
            model = tables[said["model"]]
            rows = map(json.loads, archive.lines(member_of(said["model"])))
            mended += plain_rows.insert(model, rows, said["columns"])
            if model._base_manager.count() != said["rows"]:
                raise RefusedArchive(damaged(archive.path, member_of(said["model"])))
            plain_rows.go_on_after(model, said["last_key"])
        connection.check_constraints()
        schema.go_on()
        ContentType.objects.clear_cache()
        emit_post_migrate_signal(verbosity=0, interactive=False, db=connection.alias)
        for _done in index.rebuild():
            pass
        edition.changed()
    return mended


def _lock() -> None:
    """Let nobody write until this is over. SQLite has done so already; readers go on."""
    if connection.vendor != "postgresql":
        return
    quote = connection.ops.quote_name
    tables = [quote(model._meta.db_table) for model in _all_here().values()]
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL lock_timeout = '{LOCKING}s'")
        for left in reversed(range(TRIES)):
            try:
                with transaction.atomic():  # so that none stays locked by a try that failed
                    cursor.execute(f"LOCK TABLE {', '.join(tables)} IN EXCLUSIVE MODE")
                return
            except OperationalError as error:
                # Whoever saves just then may wait for this as this waits for them.
                if getattr(error.__cause__, "sqlstate", None) != DEADLOCK or not left:
                    raise


def _empty() -> None:
    quote = connection.ops.quote_name
    with connection.cursor() as cursor:
        for model in _all_here().values():
            cursor.execute(f"DELETE FROM {quote(model._meta.db_table)}")  # nosec B608 # our own names
    engine.clear(connection)
    connection.check_constraints()  # none may be left to be checked when tables change


def _all_here() -> dict:
    return schema.all_tables(schema.models_at(schema.applied() & schema.known()))
