"""Files of a release: told by their content, and downloaded under their own names."""

import contextlib
import io
import zipfile
from types import SimpleNamespace
from urllib.parse import quote

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from releases import attachments
from releases.attachments import TYPES
from releases.models import Kind

from .factories import ReleaseFactory
from .reading import read
from .test_desk import complained, form_of
from .test_pictures import change, files_below, post
from .uploads import PDF, docx, file_of, hwp, hwpx, image, picture_of, sent, zipped

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def editor(admin_client):
    return admin_client


OFFICE = {"[Content_Types].xml": b"<Types/>"}
HONEST = {
    Kind.PDF: PDF,
    Kind.DOCX: docx(),
    Kind.HWP: hwp(),
    Kind.HWPX: hwpx(),
    Kind.XLSX: zipped(OFFICE | {"xl/workbook.xml": b"<x/>"}),
    Kind.PPTX: zipped(OFFICE | {"ppt/presentation.xml": b"<x/>"}),
}


def refusal(content: bytes, name: str = "x.pdf") -> str:
    with translation.override("en"), pytest.raises(ValidationError) as refused:
        attachments.prepare(ContentFile(content), name)
    return refused.value.messages[0]


@pytest.mark.parametrize("kind", HONEST)
def test_a_file_is_what_it_holds_and_not_what_it_is_called(editor, client, kind):
    release = ReleaseFactory()

    post(
        editor,
        change(release),
        files__0__upload=sent("회의 자료.exe", HONEST[kind], "text/html"),
        files__0__title_ko="회의 자료집",
    )

    file = release.files.get()
    assert (file.kind, file.name, file.size) == (kind, f"회의 자료.{kind}", len(HONEST[kind]))
    response = client.get(file.url)
    assert response.getvalue() == HONEST[kind]
    assert response["Content-Type"] == TYPES[kind]
    saved = f"attachment; filename*=utf-8''{quote(f'회의 자료.{kind}')}"
    assert response["Content-Disposition"] == saved
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cache-Control"] == "no-cache"
    again = client.get(file.url, headers={"if-none-match": response["ETag"]})
    assert again.status_code == 304


def zip_bomb() -> bytes:
    """A DOCX of about 500 KB that would be 500 MB when opened."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", b"<Types/>")
        archive.writestr("word/document.xml", b"<w/>")
        for number in range(10):
            with archive.open(f"word/{number}.xml", "w") as part:
                for _ in range(50):
                    part.write(bytes(1024 * 1024))
    return out.getvalue()


HOSTILE = {
    "html": (lambda: b"<html><script>alert(1)</script>", "no file that we can take"),
    "program": (lambda: b"MZ\x90\0", "no file that we can take"),
    "empty": (lambda: b"", "no file that we can take"),
    "picture": (lambda: image((9, 9)), "no file that we can take"),
    "plain zip": (lambda: zipped({"a.txt": b"a"}), "no file that we can take"),
    "zip with a front": (lambda: b"<html>" + docx(), "no file that we can take"),
    "odt": (lambda: hwpx(b"application/vnd.oasis.opendocument.text"), "no file that"),
    "macros": (lambda: docx(**{"word/vbaProject.bin": b"x"}), "holds macros"),
    "zip bomb": (zip_bomb, "far too large when opened"),
    "many parts": (lambda: docx(**{f"p{n}": b"" for n in range(5001)}), "far too large"),
    "broken zip": (lambda: docx()[:-30], "broken or incomplete"),
    "broken pdf": (lambda: PDF[:-8], "broken or incomplete"),
    "word 97": (lambda: hwp("WordDocument"), "no file that we can take"),
    "not quite hwp": (lambda: hwp(signature=b"Another File"), "no file that we can take"),
    "broken hwp": (lambda: hwp()[:600], "broken or incomplete"),
    "truncated hwp": (lambda: hwp()[:-512], "broken or incomplete"),
    "just the magic": (lambda: attachments.COMPOUND, "broken or incomplete"),
}


@pytest.mark.parametrize("what", HOSTILE)
def test_a_bad_file_is_refused_at_its_row_and_all_else_is_kept(
    editor,
    media,
    what,
):
    content, why = HOSTILE[what]
    release = ReleaseFactory()

    response = post(
        editor,
        change(release),
        title_ko="고친 제목",
        files__0__upload=sent("자료.pdf", content(), "application/pdf"),
        files__0__title_en="Kept title",
    )

    page = read(response)
    said = page.one("div", id="files-0").one("ul", class_="errorlist").words
    assert "자료.pdf" in said
    assert why in said
    assert page.one("input", name="files-0-title_en")["value"] == "Kept title"
    assert page.one("input", name="title_ko")["value"] == "고친 제목"
    assert (files_below(media), release.files.count()) == ([], 0)


def test_a_loop_in_a_compound_file_ends():
    looped = bytearray(hwp("Another"))
    itself = 512 + 2 * 4  # of the directory, which stands behind two sectors of the table
    looped[itself : itself + 4] = (2).to_bytes(4, "little")

    assert "no file that we can take" in refusal(bytes(looped))


def test_a_large_hwp_is_taken():
    large = hwp(sectors=16_000)  # its table is too long for the header alone
    assert len(large) > 8_000_000

    assert attachments.check(ContentFile(large), "x.hwp") == Kind.HWP


@given(st.data())
def test_a_broken_file_of_any_kind_is_refused_with_words(data):
    content = bytearray(data.draw(st.sampled_from([*HONEST.values()])))
    for _ in range(data.draw(st.integers(1, 8))):
        content[data.draw(st.integers(8, len(content) - 1))] = data.draw(st.integers(0, 255))

    with contextlib.suppress(ValidationError):
        attachments.check(ContentFile(bytes(content)), "x.pdf")


def test_a_file_with_too_many_bytes_is_not_even_looked_at():
    with pytest.raises(ValidationError, match="heavy.pdf"):
        attachments.prepare(SimpleNamespace(size=attachments.MOST_BYTES + 1), "heavy.pdf")


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("보도자료.PDF", "보도자료.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        (r"C:\Users\me\메모.hwp", "메모.pdf"),
        ("a\r\nSet-Cookie: x=1.pdf", "a Set-Cookie x=1.pdf"),
        ('a"b<c>|d?.pdf', "a b c d.pdf"),
        ("\u202egnp.fdp", "gnp.pdf"),
        ("보도자료".encode().decode(), "보도자료.pdf"),
        ("2014.9.9 자료", "2014.9.9 자료.pdf"),
        (".pdf", "pdf.pdf"),
        ("...", "file.pdf"),
        ("", "file.pdf"),
        ("가" * 300 + ".pdf", "가" * 146 + ".pdf"),
    ],
)
def test_a_name_is_made_fit_for_every_system(name, shown):
    assert attachments.shown_name(name, Kind.PDF) == shown


def test_another_name_leads_to_the_right_one(client):
    file = file_of(ReleaseFactory(), "자료.pdf")

    response = client.get(file.url.replace(quote("자료"), "other"))

    assert (response.status_code, response["Location"]) == (302, file.url)


def test_the_page_lists_files_with_kind_and_size(client):
    release = ReleaseFactory()
    file_of(release, "자료.pdf", PDF + bytes(1_300_000) + b"%%EOF", title_en="Fact sheet")
    file_of(release, "plan.hwp", hwp(), position=1)

    page = read(client.get(release.get_absolute_url(language="en")))
    given = client.get(f"/api/releases/{release.pk}/").json()["files"]

    items = [item.words for item in page.one("section", class_="files").all("li")]
    assert items == ["Fact sheet PDF, 1.2 MB", "plan.hwp HWP, 3.0 KB"]
    assert page.one("section", class_="files").all("a")[0].lang == "en"
    assert [(f["name"], f["type"]) for f in given] == [
        ("자료.pdf", "application/pdf"),
        ("plan.hwp", "application/x-hwp"),
    ]
    assert client.get(given[0]["url"]).status_code == 200


def test_a_row_without_a_file_says_so(editor):
    response = post(editor, change(ReleaseFactory()), files__0__title_ko="제목")

    assert "Choose a file, or remove the row." in complained(response)


def test_files_stand_in_the_order_of_their_places(editor):
    release = ReleaseFactory()
    for place, name in enumerate(["a.pdf", "b.pdf"]):
        file_of(release, name, position=place)

    post(
        editor,
        change(release),
        files__0__place="2",
        files__1__place="1",
        files__2__upload=sent("c.pdf", PDF),
    )

    assert list(release.files.values_list("position", "name")) == [
        (0, "b.pdf"),
        (1, "a.pdf"),
        (2, "c.pdf"),
    ]


def test_a_release_with_a_picture_and_a_file_still_takes_more(editor):
    release = ReleaseFactory()
    picture_of(release)
    file_of(release)

    form = form_of(read(editor.get(change(release))))

    assert form["enctype"] == "multipart/form-data"
