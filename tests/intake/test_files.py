"""A file that cannot be taken says so: which file, which line, and what was expected."""

import codecs
import os
from pathlib import Path

import pytest
from django.utils import translation

from releases.intake.files import MAX_BYTES, UnreadableFile, read_text

from .texts import A_RELEASE

KOREAN = "(2014/9/9) 가나다라 소식\n\n이라크 - 겨울 물품을 전달했다.\n가각갂\n"


@pytest.fixture(autouse=True)
def _errors_in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def file(tmp_path):
    """Write bytes to a file; gives its path."""

    def write(data: bytes):
        path = tmp_path / "보도 자료.txt"
        path.write_bytes(data)
        return path

    return write


def error_of(path) -> UnreadableFile:
    with pytest.raises(UnreadableFile) as caught:
        read_text(path)
    assert str(caught.value) == f"{path}, line {caught.value.line}: {caught.value.reason}"
    return caught.value


def test_a_file_of_utf_8_is_read_with_and_without_its_mark(file):
    assert read_text(file(A_RELEASE.encode())) == A_RELEASE
    assert read_text(file(codecs.BOM_UTF8 + A_RELEASE.encode())) == A_RELEASE


@pytest.mark.parametrize("text", [A_RELEASE, KOREAN])
@pytest.mark.parametrize(
    "encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp949", "euc-kr"]
)
def test_a_file_in_another_encoding_is_named_as_that(file, encoding, text):
    error = error_of(file(text.replace("–", "-").encode(encoding)))

    named = {"utf-16": "UTF-16", "utf-32": "UTF-32"}.get(encoding[:6], "CP949 (EUC-KR)")
    assert error.reason == (
        f"the text is encoded in {named}; expected UTF-8. Save it as UTF-8 and try again."
    )
    assert error.line == 1


def test_a_korean_encoding_is_found_on_the_line_where_it_begins(file):
    assert error_of(file("one\n\n(2014/9/9) 소식".encode("cp949"))).line == 3


@pytest.mark.parametrize("data", [b"", b"\n", b" \r\n\t\n", codecs.BOM_UTF8, "\u00a0\n".encode()])
def test_a_file_of_nothing_is_named_as_empty(file, data):
    error = error_of(file(data))

    assert error.line == 1
    assert error.reason == (
        "the file is empty; expected a release that opens as “(2014/9/9) headline”."
    )


@pytest.mark.parametrize(
    ("start", "kind"),
    [
        (b"%PDF-1.7\n", "PDF"),
        (b"PK\x03\x04", "ZIP, DOCX, HWPX"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "DOC, HWP"),
        (b"\x89PNG\r\n", "PNG"),
        (b"\xff\xd8\xff\xe0", "JPEG"),
        (b"\x1f\x8b\x08", "GZIP"),
        (b"SQLite format 3\0", "SQLite"),
    ],
)
def test_a_file_of_another_kind_is_named_as_that(file, start, kind):
    error = error_of(file(start + b"\0 the rest \0"))

    assert (error.line, error.reason) == (1, f"this is no text but {kind}; expected UTF-8 text.")


def test_binary_data_is_named_with_its_line(file):
    error = error_of(file(b"(2014/9/9) one\n\ntwo \0\x01\x02 three" + bytes(range(256)) * 8))

    assert (error.line, error.reason) == (3, "the file holds binary data; expected UTF-8 text.")


@pytest.mark.parametrize("bad", [b"\xff", b"\xc3", b"\xed\xa0\x80", b"M\xe9xico"])
def test_bytes_that_are_no_utf_8_are_named_with_their_line(file, bad):
    error = error_of(file(b"(2014/9/9) one\n\nIraq - two\n" + bad + b" three\n"))

    assert (error.line, error.reason) == (4, "this is no UTF-8 text.")


def test_a_file_of_the_largest_size_is_read_and_a_larger_one_is_not(file):
    path = file(b"a" * MAX_BYTES)
    assert len(read_text(path)) == MAX_BYTES

    os.truncate(path, MAX_BYTES + 1)
    error = error_of(path)

    assert error.line == 1
    assert error.reason == (
        "the file is too large; expected a text of 10 MB at most. Split it between releases."
    )


def test_a_file_without_end_is_not_read_to_its_end():
    with pytest.raises(UnreadableFile, match="too large"):
        read_text(Path("/dev/zero"))


def test_a_file_that_is_not_there_or_a_folder_is_named(tmp_path):
    assert error_of(tmp_path / "none.txt").reason == "No such file or directory"
    assert error_of(tmp_path).reason == "Is a directory"
