"""While others hold the database, whoever wants to save is asked to try again."""

import errno
from types import SimpleNamespace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import DatabaseError, InterfaceError, OperationalError, connection
from psycopg.pq import PGconn

from iomnews.postgresql.base import DatabaseWrapper
from releases import storing
from tests.desk.roles import person, signed_in
from tests.factories import DRAFT, ReleaseFactory
from tests.reading import read
from tests.uploads import PDF

pytestmark = pytest.mark.django_db


class Refusal(Exception):
    """What PostgreSQL's driver raises, with its code."""

    def __init__(self, sqlstate: str):
        super().__init__("refused")
        self.sqlstate = sqlstate


def refusing(error: Exception, cause: Exception | None = None):
    def refuse(*args, **kwargs):
        raise error from cause

    return refuse


LOCKED = OperationalError("database is locked")


@pytest.mark.parametrize(
    ("prefix", "words"),
    [("", "저장되지 않았습니다"), ("/en", "Nothing was saved")],
)
def test_who_cannot_save_at_the_desk_is_told_that_nothing_was_saved(monkeypatch, prefix, words):
    release = ReleaseFactory(**DRAFT)
    desk = signed_in(person("editor"))
    monkeypatch.setattr("releases.versions.keep", refusing(LOCKED))
    address = f"{prefix}/admin/releases/release/{release.pk}/change/"
    form = read(desk.get(address)).one("form", id="release_form").entries

    response = desk.post(address, form | {"title_ko": "새 제목"})

    assert response.status_code == 503
    assert int(response["Retry-After"]) > 0
    assert words in read(response).one("main").words
    release.refresh_from_db()
    assert release.title_ko != "새 제목"


@pytest.mark.parametrize("state", ["40001", "40P01", "55P03"])
def test_what_postgresql_refuses_for_others_is_answered_alike(client, monkeypatch, state):
    refuse = refusing(OperationalError("refused"), Refusal(state))
    monkeypatch.setattr("releases.sharing.open_link", refuse)

    assert client.get("/embargo/0123/", headers={"User-Agent": "Firefox"}).status_code == 503


def test_the_api_says_so_in_its_own_shape(client, monkeypatch):
    monkeypatch.setattr("releases.querysets.ReleaseQuerySet.public", refusing(LOCKED))

    response = client.get("/api/releases/?q=x")

    assert response.status_code == 503
    assert "Retry-After" in response
    assert "ask again" in response.json()["error"]["message"]


def test_another_fault_of_the_database_is_still_a_fault(client, monkeypatch):
    client.raise_request_exception = False
    error = OperationalError("no such column")
    monkeypatch.setattr("releases.querysets.ReleaseQuerySet.public", refusing(error))

    assert client.get("/api/releases/?q=x").status_code == 500


def test_the_check_for_leaks_says_first_where_nobody_can_save_meanwhile(capsys, monkeypatch):
    monkeypatch.setattr("releases.leaks.check", lambda only: [])

    call_command("check_leaks")

    first = capsys.readouterr().out.splitlines()[0]
    is_alone = "Nobody can save" in first or "아무도 저장할 수 없습니다" in first
    assert is_alone == (connection.vendor == "sqlite")


GONE = InterfaceError("the connection is closed")


@pytest.mark.parametrize(
    ("kind", "state"),
    [
        (OperationalError, None),
        (OperationalError, "57P01"),
        (OperationalError, "57P03"),
        (OperationalError, "08006"),
        (OperationalError, "53300"),
        (DatabaseError, None),  # in the middle of an answer
    ],
)
def test_without_a_database_readers_are_asked_to_come_again(client, monkeypatch, kind, state):
    refuse = refusing(kind("refused"), Refusal(state))
    monkeypatch.setattr("releases.querysets.ReleaseQuerySet.public", refuse)

    page = client.get("/en/?q=x")

    assert page.status_code == 503
    assert int(page["Retry-After"]) > 0
    assert page["Cache-Control"] == "no-store"
    assert "cannot read its records" in read(page).one("main").words
    assert "saved" not in read(page).one("main").words


def test_without_a_database_the_desk_says_that_nothing_was_saved(monkeypatch):
    release = ReleaseFactory(**DRAFT)
    desk = signed_in(person("editor"))
    address = f"/admin/releases/release/{release.pk}/change/"
    form = read(desk.get(address)).one("form", id="release_form").entries
    monkeypatch.setattr("releases.versions.keep", refusing(GONE, Refusal(None)))

    response = desk.post(address, form | {"title_ko": "새 제목"})

    assert response.status_code == 503
    assert "저장되지 않았습니다" in read(response).one("main").words
    release.refresh_from_db()
    assert release.title_ko != "새 제목"


def test_what_fails_outside_of_a_view_is_answered_alike(monkeypatch):
    desk = signed_in(person("editor"))
    desk.raise_request_exception = False
    fail = refusing(OperationalError("refused"), Refusal("57P01"))
    monkeypatch.setattr(
        "django.contrib.messages.middleware.MessageMiddleware.process_request", fail
    )

    assert desk.get("/admin/").status_code == 503


def test_nobody_waits_for_a_database_that_was_gone_a_moment_ago(client, monkeypatch):
    monkeypatch.setattr("releases.edition.watch.is_away", lambda: True)

    with connection.execute_wrapper(refusing(AssertionError("it was asked"))):
        assert client.get("/").status_code == 503
        assert client.get("/api/releases/").status_code == 503
        assert client.post("/releases/1/views/").status_code == 503


def test_a_connection_that_is_lost_is_found_to_be_so():
    database = DatabaseWrapper({})
    database.connection = SimpleNamespace(pgconn=PGconn.connect(b"host=/nowhere"))

    assert not database.is_usable()


@pytest.mark.parametrize(
    "error",
    [
        OSError(errno.ENOSPC, "No space left on device"),
        OperationalError("database or disk is full"),
    ],
    ids=["of files", "of the database"],
)
def test_who_saves_on_a_full_disk_is_told_so(monkeypatch, error):
    release = ReleaseFactory(**DRAFT)
    desk = signed_in(person("editor"))
    address = f"/en/admin/releases/release/{release.pk}/change/"
    form = read(desk.get(address)).one("form", id="release_form").entries
    monkeypatch.setattr("releases.versions.keep", refusing(error))

    response = desk.post(address, form | {"title_ko": "새 제목"})

    assert response.status_code == 503
    assert "no room left on the disk" in read(response).one("main").words
    release.refresh_from_db()
    assert release.title_ko != "새 제목"


def test_another_fault_of_files_is_still_a_fault(client, monkeypatch):
    client.raise_request_exception = False
    error = PermissionError(errno.EACCES, "Permission denied")
    monkeypatch.setattr("releases.querysets.ReleaseQuerySet.public", refusing(error))

    assert client.get("/api/releases/").status_code == 500


def test_of_a_file_that_finds_no_room_nothing_stays(settings, tmp_path, monkeypatch):
    settings.MEDIA_ROOT = tmp_path

    def half(content):
        yield b"half of it"
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("django.core.files.base.File.chunks", half)
    with pytest.raises(OSError, match="No space"):
        storing.write(f"{storing.new_folder('files')}/file.pdf", b"all of it")

    assert not [file for file in tmp_path.rglob("*") if file.is_file()]


def test_of_an_upload_that_the_database_has_no_room_for_nothing_stays(
    settings, tmp_path, monkeypatch
):
    settings.MEDIA_ROOT = tmp_path
    desk = signed_in(person("editor"))
    address = "/admin/releases/release/add/"
    form = read(desk.get(address)).one("form", id="release_form").entries
    full = OperationalError("could not extend file")
    monkeypatch.setattr("releases.storing.receive", refusing(full, Refusal("53100")))

    file = SimpleUploadedFile("report.pdf", PDF, "application/pdf")
    response = desk.post(address, form | {"files-0-title_ko": "자료", "files-0-upload": file})

    assert response.status_code == 503
    assert "디스크에 남은 공간이 없습니다" in read(response).one("main").words
    assert not [file for file in tmp_path.rglob("*") if file.is_file()]
