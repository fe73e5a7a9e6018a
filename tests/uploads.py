"""Pictures and files to send, honest and hostile, made by code."""

import io
import struct
import zipfile
import zlib

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from releases import attachments, pictures
from releases.models import Attachment, Picture

GPS = 0x8825  # the EXIF tag that points to a position
ORIENTATION = 0x0112


def image(size=(1800, 1200), kind="JPEG", colour=(180, 60, 20), mode="RGB", **how) -> bytes:
    out = io.BytesIO()
    Image.new(mode, size, colour).save(out, kind, **how)
    return out.getvalue()


def with_position(size=(900, 600), orientation=1) -> bytes:
    """A JPEG with a GPS position, a comment and an orientation, its left half red."""
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    exif[0x010F] = "SecretCamera"
    exif.get_ifd(GPS).update({1: "N", 2: (37.0, 33.0, 36.0), 3: "E", 4: (126.0, 58.0, 40.0)})
    picture = Image.new("RGB", size, "blue")
    picture.paste("red", (0, 0, size[0] // 2, size[1]))
    out = io.BytesIO()
    picture.save(out, "JPEG", exif=exif, comment=b"SecretComment", quality=95)
    return out.getvalue()


def bomb(width=20_000, height=20_000) -> bytes:
    """A PNG of a few hundred kilobytes that claims `width` × `height` pixels."""

    def chunk(name: bytes, data: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(name + data))
        return struct.pack(">I", len(data)) + name + data + check

    packer = zlib.compressobj(9)
    row = b"\0" * (1 + (width + 7) // 8)
    pixels = b"".join(packer.compress(row) for _ in range(height)) + packer.flush()
    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")
    )


PDF = b"%PDF-1.7\n1 0 obj <<>> endobj\ntrailer <<>>\n%%EOF\n"


def zipped(parts: dict[str, bytes], stored: bool = False) -> bytes:
    out = io.BytesIO()
    how = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
    with zipfile.ZipFile(out, "w", how) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def docx(**more: bytes) -> bytes:
    return zipped({"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<w/>"} | more)


def hwpx(says: bytes = b"application/hwp+zip") -> bytes:
    return zipped({"mimetype": says, "Contents/section0.xml": b"<s/>"}, stored=True)


def hwp(stream="FileHeader", signature=b"HWP Document File", sectors=0) -> bytes:
    """A compound file: allocation table, `sectors` of text, then directory and a small stream."""
    free, end, table, list_of_tables = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD, 0xFFFFFFFC
    tables = 1 + (sectors + 200) // 127
    lists = 1 if tables > 109 else 0
    directory = tables + lists + sectors
    small_table, container = directory + 1, directory + 2

    head = attachments.COMPOUND + bytes(16)
    head += struct.pack("<HHHHH6x", 0x3E, 3, 0xFFFE, 9, 6)
    head += struct.pack("<III", 0, tables, directory)
    head += struct.pack("<IIIIII", 0, 4096, small_table, 1, tables if lists else end, lists)
    numbers = [*range(tables)]
    head += struct.pack("<109I", *(numbers + [free] * 109)[:109])
    further = struct.pack("<128I", *(numbers[109:] + [free] * 127)[:127], end) if lists else b""
    followers = [table] * tables + [list_of_tables] * lists
    followers += [end] * (sectors + 3)
    followers += [free] * (tables * 128 - len(followers))

    def entry(name: str, kind: int, start: int, size: int) -> bytes:
        written = name.encode("utf-16-le") + b"\0\0"
        return (
            written.ljust(64, b"\0")
            + struct.pack("<HBB", len(written), kind, 1)
            + struct.pack("<III", free, free, 1 if kind == 5 else free)
            + bytes(36)
            + struct.pack("<IQ", start, size)
        )

    entries = entry("Root Entry", 5, container, 256) + entry(stream, 2, 0, 256)
    small = struct.pack("<128I", 1, 2, 3, end, *[free] * 124)
    return (
        head
        + struct.pack(f"<{len(followers)}I", *followers)
        + further
        + bytes(sectors * 512)
        + entries.ljust(512, b"\0")
        + small
        + signature.ljust(512, b"\0")
    )


def sent(name: str, content: bytes, content_type: str = "application/octet-stream"):
    return SimpleUploadedFile(name, content, content_type)


def picture_of(release, content: bytes | None = None, position: int = 0, **values) -> Picture:
    """A saved picture of `release`, as the desk would have made it."""
    made = pictures.prepare(ContentFile(content or image()), "picture.jpg")
    picture = Picture(release=release, position=position, **{"alt_ko": "해 질 녘"} | values | made)
    pictures.cut_card(picture)
    picture.save()
    return picture


def file_of(release, name="보도 자료.pdf", content=PDF, position=0, **values) -> Attachment:
    """A saved file of `release`, as the desk would have made it."""
    made = attachments.prepare(ContentFile(content), name)
    return Attachment.objects.create(release=release, position=position, **values, **made)
