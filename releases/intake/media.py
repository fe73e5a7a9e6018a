"""Pictures and files of the old site: a copy of its folder of uploads, or where it still serves.

An export only says where they were. Of an address what stands behind "uploads" is looked for, so
that neither a path nor a host of an export is ever followed. Nothing here asks whose address it is:
`embedded` lets none of another site come this far.
"""

import os
import tempfile
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPException
from pathlib import Path
from urllib.error import URLError
from urllib.parse import quote, unquote, urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from django.core.files.base import File

from releases.attachments import MOST_BYTES

UPLOADS = "uploads"
PATIENCE = 30  # seconds without an answer
CHUNK = 64 * 1024  # bytes
PORTS = {"http": ":80", "https": ":443"}  # that go without saying


def media_from(where: str) -> "Media":
    """What `where`, a folder or an address, stands for. Raises NotADirectoryError."""
    if where.lower().startswith(("http://", "https://")):
        return Site(where)
    if not Path(where).is_dir():
        raise NotADirectoryError(where)
    return Folder(Path(where))


def parts_of(address: str) -> list[list[str]]:
    """The parts of the path of `address` to look for: those behind "uploads", then all.

    Empty where it leads out of its folder.
    """
    try:
        path = unquote(urlsplit(address).path)
    except ValueError:
        return []
    parts = [part for part in path.split("/") if part]
    if any(part in (".", "..") or "\0" in part or "\\" in part for part in parts) or not parts:
        return []
    found = [parts]
    if UPLOADS in parts[:-1]:
        found.insert(0, parts[parts.index(UPLOADS) + 1 :])
    return found


class Folder:
    """A copy of the folder of uploads, or of one above it.

    `opened` gives the bytes that the old site had at an absolute address, None where they are
    not; `has` says whether they look to be there.
    """

    def __init__(self, folder: Path):
        self.folder = folder.resolve()

    @contextmanager
    def opened(self, address: str) -> Iterator[File | None]:
        path = self._path(address)
        if path is None:
            yield None
            return
        with path.open("rb") as file:
            yield File(file, path.name)

    def has(self, address: str) -> bool:
        return self._path(address) is not None

    def _path(self, address: str) -> Path | None:
        for parts in parts_of(address):
            # Copies that went over a Mac have their names decomposed.
            for form in ("NFC", "NFD"):
                path = self.folder.joinpath(*(unicodedata.normalize(form, p) for p in parts))
                try:
                    real = path.resolve()
                    is_there = real.is_file() and real.is_relative_to(self.folder)
                except OSError:  # a name that is too long, a loop of links
                    continue
                if is_there and os.access(real, os.R_OK):
                    return real
        return None


class _Stay(HTTPRedirectHandler):
    """Follow no redirect to another host; from http to https of the same one is none."""

    def redirect_request(self, req, fp, code, msg, headers, newurl):
        before, after = urlsplit(req.full_url), urlsplit(newurl)
        is_safer = (before.scheme, after.scheme) == ("http", "https")
        hosts = [
            parts.netloc.lower().removesuffix(PORTS.get(parts.scheme, ""))
            for parts in (before, after)
        ]
        if hosts[0] != hosts[1] or not (is_safer or before.scheme == after.scheme):
            return None
        return super().redirect_request(req, fp, code, msg, headers, newurl)


class Site:
    """The same from where the uploads are served still, or a copy of them: below a prefix."""

    def __init__(self, prefix: str):
        self.prefix = prefix.rstrip("/")
        self._opener = build_opener(_Stay())

    @contextmanager
    def opened(self, address: str) -> Iterator[File | None]:
        with tempfile.TemporaryFile() as file:
            there = any(self._fetched(parts, file) for parts in parts_of(address)[:1])
            file.seek(0)
            yield File(file, parts_of(address)[0][-1]) if there else None

    def has(self, address: str) -> bool:
        # To ask for each would take as long as to fetch it.
        return bool(parts_of(address))

    def _fetched(self, parts: list[str], file) -> bool:
        """Whether what stands below the prefix was written to `file`, or as much as is refused."""
        wanted = "/".join([self.prefix, *map(quote, parts)])
        request = Request(wanted, headers={"User-Agent": "iomnews"})
        try:
            with self._opener.open(request, timeout=PATIENCE) as answer:
                while chunk := answer.read(CHUNK):
                    file.write(chunk)
                    if file.tell() > MOST_BYTES:
                        return True  # it will be refused for its size
                return True
        except (URLError, HTTPException, OSError, ValueError):
            # Whatever is amiss with it, the report names it as missing.
            return False


Media = Folder | Site
