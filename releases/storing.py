"""Where the bytes of pictures and files lie: written once under names that can't be guessed.

A file stays as long as a row or a version names it, so that an old version can bring a picture
back. What was sent for a form that was never saved goes after a day; `forget_unnamed` takes
away all else that nothing names.
"""

import hashlib
import logging
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime, timedelta
from typing import Any

from django.apps import apps as installed
from django.apps.registry import Apps
from django.contrib.auth.models import AbstractUser
from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Model, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from .archives import Member, RefusedArchive
from .models import Attachment, Picture, Release, Upload

logger = logging.getLogger(__name__)

KEPT_FOR = timedelta(days=1)  # what nothing names
FOLDERS = ("pictures", "files")
NAMING = ("Picture", "Attachment", "Version", "Upload")  # models whose rows name files

_written: ContextVar[list[str] | None] = ContextVar("written", default=None)


class StorageAway(OSError):
    """Where pictures and files lie nothing can be asked just now. (No disk is ever away.)"""


def new_folder(kind: str) -> str:
    """A new folder below `kind`, one of FOLDERS; nobody can guess its name."""
    return f"{kind}/{secrets.token_hex(16)}"


def write(name: str, content: bytes | File) -> str:
    """Store `content`; return the name that it goes by from now on.

    Raises OSError where it can't be, StorageAway among them; then nothing of it is there.
    """
    file = ContentFile(content) if isinstance(content, bytes) else content
    try:
        stored = default_storage.save(name, file)
    except StorageAway:
        raise  # it takes the whole or nothing
    except OSError:
        default_storage.delete(name)  # half of it, where the disk is full
        raise
    if (written := _written.get()) is not None:
        written.append(stored)
    return stored


def put(name: str, member: Member) -> None:
    """Store `member` under `name`, where it lay once, unless it lies there.

    Raises RefusedArchive where the storage would give it another name.
    """
    if default_storage.exists(name):
        if default_storage.size(name) == member.size:
            with default_storage.open(name) as file:
                if hashlib.file_digest(file, "sha256").hexdigest() == member.digest:
                    return
        default_storage.delete(name)  # it was cut off, or damaged since
    if (written := _written.get()) is not None:
        written.append(name)  # before it is: half of it must not stay
    if (stored := default_storage.save(name, member)) != name:
        default_storage.delete(stored)
        raise RefusedArchive(_("“%(name)s” can't be written under its name.") % {"name": name})


@contextmanager
def undone_on_failure() -> Iterator[None]:
    """Delete what was written inside when it ends in an exception: its rows are not there.

    What can't be deleted just then nothing names: `forget_unnamed` takes it away.
    """
    written: list[str] = []
    token = _written.set(written)
    try:
        yield
    except BaseException:
        try:
            for name in written:
                default_storage.delete(name)
        except StorageAway as error:
            logger.warning("What was written for nothing stays for a while: %s", error)
        raise
    finally:
        _written.reset(token)


# What waits for its form


def receive(content: dict[str, Any], name: str, by: AbstractUser, release_pk: int | None) -> Upload:
    """Remember files just written, called `name`, for the form of a release until it is saved."""
    forget_uploads()
    return Upload.objects.create(content=content, name=name[:255], by=by, release_id=release_pk)


def forget_uploads() -> None:
    """Delete what was sent for a form and never saved."""
    for upload in Upload.objects.filter(sent_at__lt=timezone.now() - KEPT_FOR):
        folder = folder_of(upload.content.get("image") or upload.content["file"])
        upload.delete()
        for name in _list(folder)[1]:
            default_storage.delete(f"{folder}/{name}")


# What nothing names


def forget_unnamed() -> int:
    """Delete each file that no row and no version names; return how many.

    Files of the last day stay: a save that is still going on may have written them.
    """
    forget_uploads()
    named = {folder_of(name) for name in named_files()}
    unnamed = (
        f"{kind}/{folder}/{name}"
        for kind in FOLDERS
        for folder in _list(kind)[0]
        if f"{kind}/{folder}" not in named
        for name in _list(f"{kind}/{folder}")[1]
    )
    return _forget(unnamed)


def named_files(apps: Apps = installed) -> set[str]:
    """Each file that a row or a version names; `apps` knows the models of this database."""
    models = {name: apps.get_model("releases", name) for name in NAMING}
    named: set[str] = set()
    for row in models["Picture"]._base_manager.values("image", "card", "widths").iterator():
        named.update(files_of_row(row))
    named.update(models["Attachment"]._base_manager.values_list("file", flat=True))
    for content in models["Version"]._base_manager.values_list("content", flat=True).iterator():
        for row in [*content.get("pictures", []), *content.get("files", [])]:
            named.update(files_of_row(row))
    for content in models["Upload"]._base_manager.values_list("content", flat=True):
        named.update(files_of_row(content))
    return named


def files_of_row(row: dict[str, Any]) -> Iterator[str]:
    """What the columns of a Picture or of an Attachment name: see `pictures` and `attachments`."""
    if "file" in row:
        yield row["file"]
        return
    yield row["image"]
    if row.get("card"):
        yield row["card"]
    for width in row["widths"]:
        for ending in ("avif", "webp"):
            yield f"{folder_of(row['image'])}/{width}.{ending}"


def folder_of(name: str) -> str:
    return name.rpartition("/")[0]


def _list(folder: str) -> tuple[list[str], list[str]]:
    try:
        return default_storage.listdir(folder)
    except FileNotFoundError:
        return [], []


def _forget(names: Iterator[str]) -> int:
    forgotten = 0
    for name in names:
        if _written_at(name) < timezone.now() - KEPT_FOR:
            default_storage.delete(name)
            forgotten += 1
    return forgotten


def _written_at(name: str) -> datetime:
    try:
        return default_storage.get_modified_time(name)
    except FileNotFoundError:  # somebody else has just deleted it
        return timezone.now()


# What a version keeps of them

PICTURE = [
    "image", "width", "height", "widths", "card", "alt_ko", "alt_en", "is_decorative",
    "caption_ko", "caption_en", "credit", "crop_x", "crop_y",
]  # fmt: skip
FILE = ["file", "kind", "size", "name", "title_ko", "title_en"]


def pictures_of(release: Release) -> list[dict[str, Any]]:
    """The pictures of `release` in order, as JSON can hold them."""
    return _rows(Picture.objects.filter(release=release), PICTURE)


def files_of(release: Release) -> list[dict[str, Any]]:
    """The files of `release` in order, as JSON can hold them."""
    return _rows(Attachment.objects.filter(release=release), FILE)


def _rows(rows: QuerySet, names: list[str]) -> list[dict[str, Any]]:
    return [dict(row) for row in rows.order_by("position").values("id", *names)]


def put_back_pictures(release: Release, rows: list[dict[str, Any]]) -> list[str]:
    """Give `release` the pictures that a version holds, and no others; nothing is made anew.

    Returns what had to be mended: nothing, since the files of a version are kept.
    """
    return _put_back(Picture, PICTURE, release, rows)


def put_back_files(release: Release, rows: list[dict[str, Any]]) -> list[str]:
    """The same for files."""
    return _put_back(Attachment, FILE, release, rows)


@transaction.atomic
def _put_back(
    model: type[Model], names: list[str], release: Release, rows: list[dict[str, Any]]
) -> list[str]:
    model.objects.filter(release=release).delete()
    model.objects.bulk_create(
        model(pk=row["id"], release=release, position=place, **{n: row[n] for n in names})
        for place, row in enumerate(rows)
    )
    return []
