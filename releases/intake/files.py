"""A file of text from elsewhere, or a clear word on why it is none."""

import re
from pathlib import Path

from django.utils.translation import gettext as _

MAX_BYTES = 10 * 1024 * 1024  # some 2,000 releases; what is larger was not meant

SIGNATURES = {
    b"%PDF": "PDF",
    b"PK\x03\x04": "ZIP, DOCX, HWPX",
    b"\xd0\xcf\x11\xe0": "DOC, HWP",
    b"\x89PNG": "PNG",
    b"\xff\xd8\xff": "JPEG",
    b"\x1f\x8b": "GZIP",
    b"SQLite format 3": "SQLite",
}
BYTE_ORDER_MARKS = {
    b"\xff\xfe\x00\x00": "UTF-32",
    b"\x00\x00\xfe\xff": "UTF-32",
    b"\xff\xfe": "UTF-16",
    b"\xfe\xff": "UTF-16",
}
# Line ends, ASCII, Latin letters, punctuation and Hangul: what texts here are made of.
_USUAL = re.compile("[\t\n\r -~\u00a0-\u024f\u2000-\u206f\u3000-\u303f\uac00-\ud7a3]")


class UnreadableFile(Exception):
    """A file that cannot be taken: `path`, `line` (from 1) and `reason`, in words."""

    def __init__(self, path: Path, line: int, reason: str):
        self.path, self.line, self.reason = path, line, reason
        super().__init__(
            _("%(path)s, line %(line)d: %(reason)s")
            % {"path": path, "line": line, "reason": reason}
        )


class WrongEncoding(UnreadableFile):
    """A file of text in another encoding than UTF-8."""


def read_text(path: Path) -> str:
    """The text of a UTF-8 file. Raises UnreadableFile for anything else, or nothing."""
    told = _(
        "the file is too large; expected a text of %(most)d MB at most. Split it between releases."
    )
    return _decode(path, bytes_of(path, MAX_BYTES, told))


def bytes_of(path: Path, most: int, too_large: str) -> bytes:
    """What is in a file of `most` bytes at most.

    Raises UnreadableFile where it can't be read, and for more, with `too_large` as its reason, in
    which %(most)d stands for how many MB.
    """
    try:
        with path.open("rb") as file:
            data = file.read(most + 1)
    except OSError as error:
        raise UnreadableFile(path, 1, error.strerror or str(error)) from error
    if len(data) > most:
        raise UnreadableFile(path, 1, too_large % {"most": most // 2**20})
    return data


def text_of(name: str, data: bytes) -> tuple[str, str]:
    """The text of a file that somebody looks over, and the encoding that it was read in.

    Any encoding is taken that can be told: what was guessed wrong is seen at once. Raises
    UnreadableFile for what is no text.
    """
    path = Path(name)
    for mark, encoding in BYTE_ORDER_MARKS.items():
        if data.startswith(mark):
            return _decoded(path, data, encoding)
    if b"\0" in data and (encoding := _utf16_without_mark(data)):
        return _decoded(path, data, encoding)
    try:
        return _decode(path, data), "UTF-8"
    except WrongEncoding:
        return _decoded(path, data, "CP949")


def _decoded(path: Path, data: bytes, encoding: str) -> tuple[str, str]:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        reason = _("this is no %(encoding)s text.") % {"encoding": encoding}
        raise UnreadableFile(path, line, reason) from error
    return text.removeprefix("\ufeff"), encoding.upper()


def _decode(path: Path, data: bytes) -> str:
    for start, kind in SIGNATURES.items():
        if data.startswith(start):
            raise UnreadableFile(
                path, 1, _("this is no text but %(kind)s; expected UTF-8 text.") % {"kind": kind}
            )
    for mark, encoding in BYTE_ORDER_MARKS.items():
        if data.startswith(mark):
            raise _wrong_encoding(path, 1, encoding)
    if (nul := data.find(b"\0")) >= 0:
        if _utf16_without_mark(data):
            raise _wrong_encoding(path, 1, "UTF-16")
        line = data.count(b"\n", 0, nul) + 1
        raise UnreadableFile(path, line, _("the file holds binary data; expected UTF-8 text."))
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        if _is_korean_legacy(data):
            raise _wrong_encoding(path, line, "CP949 (EUC-KR)") from error
        raise UnreadableFile(path, line, _("this is no UTF-8 text.")) from error
    if not text.strip():
        raise UnreadableFile(
            path, 1, _("the file is empty; expected a release that opens as “(2014/9/9) headline”.")
        )
    return text


def _wrong_encoding(path: Path, line: int, encoding: str) -> UnreadableFile:
    return WrongEncoding(
        path,
        line,
        _("the text is encoded in %(encoding)s; expected UTF-8. Save it as UTF-8 and try again.")
        % {"encoding": encoding},
    )


def _utf16_without_mark(data: bytes) -> str:
    """Which order of bytes makes `data` UTF-16 text; "" for neither."""
    sample = data[:4096]
    for encoding in ("utf-16-le", "utf-16-be"):
        text = sample.decode(encoding, errors="replace")
        if len(_USUAL.findall(text)) >= 0.9 * len(text):
            return encoding
    return ""


def _is_korean_legacy(data: bytes) -> bool:
    try:
        text = data.decode("cp949")
    except UnicodeDecodeError:
        return False
    return any("\uac00" <= character <= "\ud7a3" for character in text)
