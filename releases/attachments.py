"""Files for readers to download: what is let in, told by content and never by name.

Nothing is unpacked: of a zip only its list of contents is read, so none can blow up here.
"""

import re
import struct
import zipfile
from collections.abc import Callable
from pathlib import PurePosixPath
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from contacts.text import clean_line

from . import storing
from .models import Kind

MOST_BYTES = 20 * 1024 * 1024
MOST_UNPACKED = 400 * 1024 * 1024  # bytes: more would harm whoever opens the file
MOST_PARTS = 5_000  # files in a zip

TYPES = {
    Kind.PDF: "application/pdf",
    Kind.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    Kind.HWP: "application/x-hwp",
    Kind.HWPX: "application/hwp+zip",
    Kind.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Kind.PPTX: "application/vnd.openxmlformats-officedocument.presentationml.presentation",
}
OFFICE = {
    "word/document.xml": Kind.DOCX,
    "xl/workbook.xml": Kind.XLSX,
    "ppt/presentation.xml": Kind.PPTX,
}
HWPX_TYPE = b"application/hwp+zip"
COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # [MS-CFB] 2.2
SPECIAL, FREE = 0xFFFFFFFA, 0xFFFFFFFF  # from here on a number is no sector; this one is unused
HWP_SIGNATURE = b"HWP Document File"  # Hancom, HWP 5.0 format, "FileHeader"

# What reading a file raises that is not what its first bytes say.
BROKEN = (zipfile.BadZipFile, struct.error, IndexError, ValueError, RuntimeError, OSError)

NAME_LENGTH = 150  # characters
UNFIT_FOR_NAMES = re.compile(r'[\\/:*?"<>|\u200b-\u200f\u2060]+')


def check(file: File, name: str) -> Kind:
    """What `file` is; ValidationError, naming it as `name`, where we don't take it."""
    about = {"name": name}
    if file.size > MOST_BYTES:
        about |= {"size": filesizeformat(file.size), "most": filesizeformat(MOST_BYTES)}
        raise ValidationError(_("“%(name)s” has %(size)s; a file may have %(most)s.") % about)
    file.seek(0)
    start = file.read(8)
    try:
        if start.startswith(b"%PDF-"):
            _check_pdf(file, about)
            return Kind.PDF
        if start.startswith(b"PK\x03\x04"):
            return _kind_of_zip(file, about)
        if start == COMPOUND and _is_hwp(file):
            return Kind.HWP
    except BROKEN as error:
        raise ValidationError(_broken(about)) from error
    raise ValidationError(_unknown(about))


def prepare(file: File, name: str) -> dict[str, Any]:
    """Store `file`; return the columns of the Attachment that it makes. Raises as `check`."""
    kind = check(file, name)
    file.seek(0)
    stored = storing.write(f"{storing.new_folder('files')}/file.{kind}", file)
    return {"file": stored, "kind": kind, "size": file.size, "name": shown_name(name, kind)}


def shown_name(name: str, kind: Kind) -> str:
    """`name` as any system can save it, with the ending that is true."""
    plain = UNFIT_FOR_NAMES.sub(" ", clean_line(name.replace("\\", "/").rpartition("/")[2]))
    stem = plain.strip(" .")
    suffix = PurePosixPath(stem).suffix
    if 1 < len(suffix) <= 6 and suffix[1:].isascii():
        stem = stem.removesuffix(suffix)
    stem = clean_line(stem)[: NAME_LENGTH - len(kind) - 1].strip(" .")
    return f"{stem or 'file'}.{kind}"


def _check_pdf(file: File, about: dict[str, str]) -> None:
    file.seek(max(0, file.size - 4096))
    if b"%%EOF" not in file.read():
        raise ValidationError(_broken(about))


def _kind_of_zip(file: File, about: dict[str, str]) -> Kind:
    with zipfile.ZipFile(file) as archive:
        parts = archive.infolist()
        if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
            raise ValidationError(
                _("“%(name)s” would be far too large when opened: it is not safe to offer.") % about
            )
        names = {part.filename for part in parts}
        if any(name.lower().endswith("vbaproject.bin") for name in names):
            raise ValidationError(
                _("“%(name)s” holds macros. Save it without them and choose that.") % about
            )
        first = parts[0]
        if first.filename == "mimetype":
            # Stored as it is, and no longer than what it must say.
            says = first.compress_type == zipfile.ZIP_STORED and first.file_size <= 64
            if says and archive.read(first).strip() == HWPX_TYPE:
                return Kind.HWPX
        if "[Content_Types].xml" in names:
            for part, kind in OFFICE.items():
                if part in names:
                    return kind
    raise ValidationError(_unknown(about))


def _is_hwp(file: File) -> bool:
    """Whether the compound file holds a stream FileHeader that begins as HWP 5 says.

    Reads as much of [MS-CFB] as that takes: header, allocation table, directory, and the first
    64 bytes of the stream. Raises struct.error or IndexError where the file is broken.
    """
    file.seek(0)
    data = file.read()
    size = 1 << struct.unpack_from("<H", data, 30)[0]
    if size not in (512, 4096):
        return False
    directory, _transactions, cutoff = struct.unpack_from("<III", data, 48)

    def sector(number: int) -> bytes:
        start = (number + 1) * size
        if start >= len(data):
            raise IndexError("the file ends before this sector")
        return data[start : start + size]

    table = b"".join(sector(number) for number in _tables(data, size, sector))
    numbers = struct.unpack(f"<{len(table) // 4}I", table[: len(table) // 4 * 4])
    sector(max((n for n, follower in enumerate(numbers) if follower != FREE), default=0))

    def chain(start: int) -> list[int]:
        found: list[int] = []
        while start < SPECIAL and len(found) <= len(numbers):
            found.append(start)
            start = numbers[start]
        return found[: len(data) // size]

    entries = b"".join(sector(number) for number in chain(directory))
    container: list[int] = []
    for at in range(0, len(entries) - 127, 128):
        length = struct.unpack_from("<H", entries, at + 64)[0]
        name = entries[at : at + min(64, max(0, length - 2))].decode("utf-16-le", "replace")
        kind = entries[at + 66]
        first, stream = struct.unpack_from("<IQ", entries, at + 116)
        if kind == 5:  # the root, whose own stream holds the small ones
            container = chain(first)
        elif kind == 2 and name == "FileHeader":
            if stream >= cutoff:
                return sector(first).startswith(HWP_SIGNATURE)
            place, offset = divmod(first * 64, size)
            return sector(container[place])[offset:].startswith(HWP_SIGNATURE)
    return False


def _tables(data: bytes, size: int, sector: Callable[[int], bytes]) -> list[int]:
    """The numbers of the sectors that hold the allocation table; 109 of them stand in front."""
    found = list(struct.unpack_from("<109I", data, 76))
    more = struct.unpack_from("<I", data, 68)[0]
    width = size // 4
    while more < SPECIAL and len(found) * size < len(data) + 109 * size:
        *numbers, more = struct.unpack(f"<{width}I", sector(more))
        found += numbers
    return [number for number in found if number < SPECIAL]


def _broken(about: dict[str, str]) -> str:
    return _("“%(name)s” is broken or incomplete. Save it anew, or get it once more.") % about


def _unknown(about: dict[str, str]) -> str:
    return (
        _("“%(name)s” is no file that we can take: choose a PDF, HWP, HWPX, DOCX, XLSX or PPTX.")
        % about
    )
