"""A ZIP that tells whether it is whole: what a backup and a takeout lie in.

Its members are followed by SHA256SUMS, which `sha256sum -c` reads once it is unpacked, and by
manifest.json, which says what the archive is and holds the sum of the sums. Anybody can open it;
`Archive` lets nothing through that is not what was written.
"""

import hashlib
import json
import os
import re
import struct
import time
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

from django.core.files.base import File
from django.utils.translation import gettext as _

SUMS, MANIFEST = "SHA256SUMS", "manifest.json"
CHUNK = 2**18  # bytes
MOST_OF_MANIFEST = 2**24  # bytes
PACKING = 1  # of 9: what is written each night; more would take thrice as long for a tenth
# What zipfile raises for bytes that are none of its own.
BROKEN = (
    zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, ValueError, KeyError,
    IndexError, NotImplementedError, RuntimeError, OverflowError,
)  # fmt: skip
LINE_LENGTH = 64 + 2 + 1  # bytes of a line of the sums, without the name
LINE = re.compile(r"([0-9a-f]{64})  (.+)\Z", re.DOTALL)


class RefusedArchive(Exception):
    """An archive that must not be used; the text says why, to its owner."""


class Writer:
    """Writes an archive to `path`, which must not be there yet, for its owner's eyes alone.

    Whoever leaves it without `finish` leaves something that is no archive.
    """

    def __init__(self, path: Path):
        handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600)
        self._file = os.fdopen(handle, "w+b")
        self._zip = zipfile.ZipFile(self._file, "w", zipfile.ZIP_DEFLATED, compresslevel=PACKING)
        self._sums: dict[str, str] = {}

    def __enter__(self) -> "Writer":
        return self

    def __exit__(self, kind, error, traceback) -> None:
        try:
            self._zip.close()
        except (OSError, ValueError):
            # On a full disk closing fails once more; what was wrong at first is told.
            if kind is None:
                raise
        finally:
            self._file.close()

    def add(self, name: str, content: Iterable[bytes], packed: bool = True) -> int:
        """Write `content` as the member `name`; return its size in bytes.

        `packed`: worth packing, as text is and pictures are not.
        """
        how = zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED
        info = zipfile.ZipInfo(name, time.gmtime()[:6])
        info.compress_type = how
        info._compresslevel = PACKING
        info.external_attr = 0o600 << 16
        digest, size = hashlib.sha256(), 0
        with self._zip.open(info, "w", force_zip64=True) as member:
            for chunk in content:
                member.write(chunk)
                digest.update(chunk)
                size += len(chunk)
        self._sums[name] = digest.hexdigest()
        return size

    def finish(self, manifest: dict[str, Any]) -> None:
        """Write the sums and `manifest`, and let the disk have all of it."""
        sums = "".join(f"{digest}  {name}\n" for name, digest in self._sums.items()).encode()
        self.add(SUMS, [sums])
        manifest = manifest | {"sums": self._sums.pop(SUMS)}
        self.add(MANIFEST, [json.dumps(manifest, ensure_ascii=False, indent=1).encode()])
        self._zip.close()
        self._file.flush()
        os.fsync(self._file.fileno())


class Archive:
    """Reads an archive that is of the kind `kind`. Raises RefusedArchive for any other file."""

    def __init__(self, path: Path, kind: str):
        self.path = path
        with _told(path):
            self._file: BinaryIO = path.open("rb")
        try:
            with _told(path):
                self._zip = zipfile.ZipFile(self._file)
                self.manifest = self._manifest()
                if self.manifest.get("kind") != kind:
                    raise RefusedArchive(_("%(path)s is no archive of this kind.") % {"path": path})
                self._sums = self._read_sums()
            self._check_names()
        except BaseException:
            self._file.close()
            raise

    def __enter__(self) -> "Archive":
        return self

    def __exit__(self, *_error) -> None:
        self._file.close()

    @property
    def names(self) -> list[str]:
        """Its members, in the order in which they were written."""
        return list(self._sums)

    def __contains__(self, name: str) -> bool:
        return name in self._sums

    def verify(self) -> None:
        """Read all of it. Raises RefusedArchive unless each byte is the one that was written."""
        for name in self._sums:
            for _chunk in self.chunks(name):
                pass

    def chunks(self, name: str) -> Iterator[bytes]:
        """The member `name`. Raises RefusedArchive at its end where it is not what was written."""
        digest = hashlib.sha256()
        with _told(self.path), self._zip.open(name) as member:
            while chunk := member.read(CHUNK):
                digest.update(chunk)
                yield chunk
        if digest.hexdigest() != self._sums[name]:
            raise RefusedArchive(damaged(self.path, name))

    def lines(self, name: str) -> Iterator[bytes]:
        """The lines of the member `name`, without their ends. Raises as `chunks`.

        What is longer than a chunk is no line: it would have to be held whole.
        """
        rest = b""
        for chunk in self.chunks(name):
            *whole, rest = (rest + chunk).split(b"\n")
            yield from whole
            if len(rest) > CHUNK:
                raise RefusedArchive(damaged(self.path, name))
        if rest:
            yield rest

    def size(self, name: str) -> int:
        """How many bytes the member `name` has."""
        return self._zip.getinfo(name).file_size

    def digest(self, name: str) -> str:
        """The SHA-256 of the member `name`, in hexadecimal."""
        return self._sums[name]

    def _manifest(self) -> dict[str, Any]:
        if self._zip.getinfo(MANIFEST).file_size > MOST_OF_MANIFEST:
            raise RefusedArchive(damaged(self.path, MANIFEST))
        manifest = json.loads(self._zip.read(MANIFEST))
        if not isinstance(manifest, dict):
            raise RefusedArchive(damaged(self.path, MANIFEST))
        return manifest

    def _read_sums(self) -> dict[str, str]:
        names = (info.filename for info in self._zip.infolist())
        longest = sum(LINE_LENGTH + len(name.encode()) for name in names)
        if self._zip.getinfo(SUMS).file_size > longest:
            raise RefusedArchive(damaged(self.path, SUMS))
        sums = self._zip.read(SUMS)
        if hashlib.sha256(sums).hexdigest() != self.manifest.get("sums"):
            raise RefusedArchive(damaged(self.path, SUMS))
        found = [LINE.match(line) for line in sums.decode().split("\n")[:-1]]
        return {line[2]: line[1] for line in found}

    def _check_names(self) -> None:
        """Members are those of the sums, each once, and none leads out of the archive."""
        names = [info.filename for info in self._zip.infolist()]
        if sorted(names) != sorted([*self._sums, SUMS, MANIFEST]):
            raise RefusedArchive(
                _("%(path)s holds other files than it says: it was changed or is damaged.")
                % {"path": self.path}
            )
        for name in names:
            if not is_inside(name):
                raise RefusedArchive(
                    _("%(path)s: “%(name)s” would lead out of the archive.")
                    % {"path": self.path, "name": name}
                )


class Member(File):
    """A member of an archive, as a storage takes a file."""

    def __init__(self, archive: Archive, name: str):
        super().__init__(None, name)
        self._archive = archive
        self.size = archive.size(name)
        self.digest = archive.digest(name)

    def chunks(self, chunk_size=None) -> Iterator[bytes]:
        return self._archive.chunks(self.name)


def is_inside(name: str) -> bool:
    """Whether `name` stays below the folder that it is unpacked into, on any system."""
    parts = name.split("/")
    return not ({"", ".", ".."}.intersection(parts) or re.search(r"[\\:\0-\x1f\x7f]", name))


def damaged(path: Path, name: str) -> str:
    """What to say of an archive whose member `name` is not what was written."""
    return _("%(path)s is damaged: “%(name)s” is not what was written.") % {
        "path": path,
        "name": name,
    }


@contextmanager
def _told(path: Path) -> Iterator[None]:
    """Turn what a broken file raises into a refusal."""
    try:
        yield
    except FileNotFoundError as error:
        raise RefusedArchive(_("%(path)s is not there.") % {"path": path}) from error
    except BROKEN as error:
        raise RefusedArchive(
            _("%(path)s is damaged, or no archive of the newsroom: %(error)s")
            % {"path": path, "error": error}
        ) from error
