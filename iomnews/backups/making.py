"""A backup made while the newsroom is used: rows first, in one state, then the files they name.

Files are written before the rows that name them and never written twice, so what the rows of one
moment name is there afterwards; one that was deleted meanwhile is told.
"""

import fcntl
import json
import os
import re
import secrets
import sys
import tomllib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import django
from django.conf import settings
from django.core.files.storage import default_storage
from django.db import connection
from django.db.models import Model
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from releases import plain_rows, storing
from releases.archives import CHUNK, Archive, RefusedArchive, Writer

from . import FORMAT, KIND, MEDIA, ROWS, Made, remember, schema
from .sealing import Recipient

UNFINISHED = ".backup-{}.part"
STAMP = "%Y%m%dT%H%M%SZ"
LINES_AT_ONCE = 200  # rows
NAMED = 20  # missing files that are named; the rest are counted


class CannotBackUp(Exception):
    """No backup was made, and the earlier ones are as they were; the text says why."""


class Report(NamedTuple):
    """What became of it."""

    made: Made
    counts: dict[str, int]  # rows by model
    files: int
    missing: list[str]  # files that rows name and nobody has
    removed: list[Path]  # earlier backups whose time was over


def make(
    to: Path,
    recipient: Recipient | None = None,
    keep: int | None = None,
    keep_days: int | None = None,
) -> Report:
    """Make a backup in the folder `to`, encrypted for `recipient` if there is one.

    Then earlier ones go that are neither among the newest `keep` nor younger than `keep_days`
    days; None says nothing. Raises CannotBackUp, CannotSeal.
    """
    try:
        to.mkdir(parents=True, exist_ok=True)
        # What is to be encrypted never lies where the encrypted one goes.
        home = settings.DATA_DIR if recipient else to
        with ExitStack() as stack:
            for folder in sorted({to.resolve(), home.resolve()}):
                stack.enter_context(_alone(folder))
            plain = unfinished(home)
            with Writer(plain) as writer:
                manifest = _write(writer)
            _check(plain, manifest)
            finished = plain
            if recipient:
                finished = unfinished(to)
                recipient.seal(plain, finished)
                _to_disk(finished)
            at = datetime.fromisoformat(manifest["made_at"])
            path = _free_name(to, at, recipient.ending if recipient else "")
            finished.replace(path)
            _to_disk(to)
            made = Made(at, path, path.stat().st_size)
            remember(made)
            removed = list(_remove_old(to, made, keep, keep_days))
    except OSError as error:
        raise CannotBackUp(
            _("The backup could not be written: %(error)s. Earlier ones are as they were.")
            % {"error": error}
        ) from error
    counts = {table["model"]: table["rows"] for table in manifest["tables"]}
    media = manifest["media"]
    return Report(made, counts, media["files"], media["missing"], removed)


# What is in it


def _write(writer: Writer) -> dict[str, Any]:
    """Write all of it; what the manifest says, which is written last."""
    migrations = schema.applied()
    if unknown := migrations - schema.known():
        raise CannotBackUp(
            _("The database was written by a newer version of the newsroom: it knows “%(name)s”.")
            % {"name": ".".join(min(unknown))}
        )
    if not migrations:
        raise CannotBackUp(_("The database is empty: there is nothing to back up."))
    apps = schema.models_at(migrations)
    with plain_rows.one_state():
        at = timezone.now()
        tables = [_write_table(writer, *each) for each in schema.tables(apps).items()]
        named = storing.named_files(apps)
    files, size, missing = _write_media(writer, named)
    manifest = {
        "kind": KIND,
        "format": FORMAT,
        "made_at": at.astimezone(UTC).isoformat(),
        "site": settings.SITE_NAME,
        "product": product(),
        "python": sys.version.split()[0],
        "django": django.get_version(),
        "database": f"{connection.vendor} {_database_version()}",
        "migrations": sorted(map(list, migrations)),
        "tables": tables,
        "media": {"files": files, "bytes": size, "missing": missing},
    }
    writer.finish(manifest)
    return manifest


def _write_table(writer: Writer, name: str, model: type[Model]) -> dict[str, Any]:
    written = 0

    def lines() -> Iterator[bytes]:
        nonlocal written
        ready: list[str] = []
        for row in plain_rows.plain_rows(model):
            ready.append(json.dumps(row, ensure_ascii=False, separators=(",", ":")))
            written += 1
            if len(ready) == LINES_AT_ONCE:
                yield _encoded(ready)
                ready.clear()
        if ready:
            yield _encoded(ready)

    writer.add(member_of(name), lines())
    return {
        "model": name,
        "columns": plain_rows.names(model),
        "rows": written,
        "last_key": plain_rows.last_key(model),
    }


def _encoded(lines: list[str]) -> bytes:
    # Half of a pair of surrogates, which SQLite may hold, stands as JSON escapes it.
    return ("\n".join(lines) + "\n").encode("utf-8", "backslashreplace")


def member_of(model: str) -> str:
    """Where the archive has the rows of `model`, "releases.release"."""
    return f"{ROWS}/{model}.jsonl"


def _write_media(writer: Writer, named: set[str]) -> tuple[int, int, list[str]]:
    """How many files were written, their bytes, and which are not there."""
    files, size, missing = 0, 0, []
    for name in sorted(named):
        try:
            file = default_storage.open(name)
        except (FileNotFoundError, NotADirectoryError):
            missing.append(name)
            continue
        with file:
            size += writer.add(f"{MEDIA}/{name}", file.chunks(CHUNK), packed=False)
        files += 1
    return files, size, missing


def product() -> str:
    """The version of the newsroom."""
    with (settings.BASE_DIR / "pyproject.toml").open("rb") as file:
        return tomllib.load(file)["project"]["version"]


def _database_version() -> str:
    return ".".join(map(str, connection.get_database_version()))


def _check(path: Path, manifest: dict[str, Any]) -> None:
    """Read again what was written, all of it."""
    try:
        with Archive(path, KIND) as archive:
            if archive.manifest | {"sums": ""} != manifest | {"sums": ""}:
                raise RefusedArchive(_("its manifest is another one"))
            archive.verify()
    except RefusedArchive as error:
        raise CannotBackUp(
            _("What was written cannot be read again: %(error)s") % {"error": error}
        ) from error


# Where it lies


def name_begins() -> str:
    """What the names of this site's backups begin with."""
    return slugify(settings.SITE_NAME, allow_unicode=True) or "newsroom"


def _free_name(to: Path, at: datetime, ending: str) -> Path:
    """A name for a backup of the moment `at` that none has."""
    for later in range(60):
        stamp = (at + timedelta(seconds=later)).astimezone(UTC).strftime(STAMP)
        path = to / f"{name_begins()}-{stamp}.zip{ending}"
        if not path.exists():
            return path
    raise CannotBackUp(_("There are sixty backups of this minute already."))


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Let nobody else write a backup there meanwhile; clear up behind one that was killed."""
    with (folder / ".backup.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise CannotBackUp(
                _("Another backup is being made in %(folder)s.") % {"folder": folder}
            ) from error
        _clear(folder)
        try:
            yield
        finally:
            _clear(folder)


def _clear(folder: Path) -> None:
    for left in folder.glob(UNFINISHED.format("*")):
        with suppress(OSError):
            left.unlink()


def unfinished(folder: Path) -> Path:
    """A name there under which nobody takes it for a backup."""
    return folder / UNFINISHED.format(secrets.token_hex(4))


def _to_disk(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _remove_old(to: Path, made: Made, keep: int | None, keep_days: int | None) -> Iterator[Path]:
    """Delete backups of this site whose time is over; yield which. `made` always stays."""
    if keep is None and keep_days is None:
        return
    earlier = sorted(_backups_in(to), reverse=True)
    for place, (at, path) in enumerate(earlier):
        is_counted = keep is not None and place < keep
        is_young = keep_days is not None and at > made.at - timedelta(days=keep_days)
        if path == made.path or is_counted or is_young or not _is_ours(path):
            continue
        path.unlink()
        yield path


def _backups_in(to: Path) -> Iterator[tuple[datetime, Path]]:
    ours = re.compile(re.escape(name_begins()) + r"-(\d{8}T\d{6}Z)\.zip(?:\.age|\.gpg)?\Z")
    for path in to.iterdir():
        if (found := ours.match(path.name)) and path.is_file() and not path.is_symlink():
            with suppress(ValueError):
                yield datetime.strptime(found[1], STAMP).replace(tzinfo=UTC), path


def _is_ours(path: Path) -> bool:
    """Whether it is a backup by more than its name, as far as that can be told."""
    if path.suffix == ".age":
        with path.open("rb") as file:
            return file.read(22) == b"age-encryption.org/v1\n"
    if path.suffix == ".gpg":
        with path.open("rb") as file:
            return file.read(1)[:1] >= b"\x80"  # an OpenPGP packet (RFC 9580, 4.2)
    try:
        with Archive(path, KIND) as archive:
            return archive.manifest.get("site") == settings.SITE_NAME
    except RefusedArchive:
        return False
