"""Pictures and files in an S3-compatible storage: as safe and as whole as on a disk."""

from datetime import timedelta
from io import StringIO

import pytest
from django.conf import settings as site
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.utils import timezone
from storages.backends.s3 import S3Storage

from iomnews import backups
from releases import storing
from releases.models import Attachment, Picture, Upload

from .factories import ReleaseFactory
from .faults.bucket import KEYS, NAME, bucket, client, names
from .reading import read
from .test_pictures import change, post, post_again
from .uploads import PDF, file_of, image, picture_of, sent

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def server():
    with bucket() as address:
        yield address


@pytest.fixture(autouse=True)
def address(server, settings, tmp_path):
    for name in names(server):
        client(server).delete_object(Bucket=NAME, Key=name)
    settings.MEDIA_ROOT = tmp_path / "media"
    options = {"bucket_name": NAME, "location": "press", "endpoint_url": server}
    options |= {"region_name": "us-east-1"} | KEYS
    settings.STORAGES = settings.STORAGES | {
        "default": {"BACKEND": "iomnews.object_storage.MediaStorage", "OPTIONS": options}
    }
    yield server
    assert not site.MEDIA_ROOT.exists()  # nothing went to the disk of this host


def test_what_is_uploaded_is_shown_until_its_release_is_withdrawn(admin_client, client, address):
    release = ReleaseFactory()

    post(admin_client, change(release), files__0__upload=sent("회의.pdf", PDF))

    file = release.files.get()
    assert names(address) == [f"press/{file.file.name}"]
    answer = client.get(file.url)
    assert (answer.status_code, answer.getvalue()) == (200, PDF)
    assert answer["Content-Length"] == str(len(PDF))
    assert client.get(file.url, headers={"If-None-Match": answer["ETag"]}).status_code == 304
    release.withdrawn_at = timezone.now()
    release.save()
    assert client.get(file.url).status_code == 410


def test_each_copy_of_a_picture_is_shown(client, address):
    picture = picture_of(ReleaseFactory())

    assert len(names(address)) == 2 * len(picture.widths) + 2
    for ending in ("avif", "webp"):
        for url, _width in picture.copies(ending):
            assert len(client.get(url).getvalue()) > 100


def test_the_bucket_gives_strangers_nothing_by_an_address_of_ours(client, address):
    file = file_of(ReleaseFactory())

    answer = client.get(file.url)

    assert address not in str(answer.headers) + file.url
    assert answer.status_code == 200  # no redirect to where it lies


def test_what_is_missing_there_is_not_found(client, address):
    file = file_of(ReleaseFactory())
    default_storage.delete(file.file.name)

    assert client.get(file.url).status_code == 404


@pytest.fixture
def away(settings):
    """Call it and the storage does not answer any longer."""
    store = settings.STORAGES["default"]
    nowhere = store | {"OPTIONS": store["OPTIONS"] | {"endpoint_url": "http://127.0.0.1:9"}}

    def go() -> None:
        settings.STORAGES = settings.STORAGES | {"default": nowhere}

    return go


def test_while_the_storage_is_away_readers_are_asked_to_come_again(client, away):
    file = file_of(ReleaseFactory())
    away()

    answer = client.get(file.url)

    assert answer.status_code == 503
    assert answer["Retry-After"]
    assert answer["Cache-Control"] == "no-store"


def test_nobody_waits_for_a_storage_that_was_away_a_moment_ago(client, away, monkeypatch):
    file = file_of(ReleaseFactory())
    away()
    client.get(file.url)
    asked = []
    monkeypatch.setattr(S3Storage, "_open", lambda *words: asked.append(words))

    assert client.get(file.url).status_code == 503
    assert asked == []


@pytest.mark.parametrize("row", ["pictures", "files"])
def test_who_uploads_while_it_is_away_is_told_so_and_keeps_all_else(admin_client, away, row):
    release = ReleaseFactory(title_en="The title before")
    upload = sent("wall.jpg", image((800, 600))) if row == "pictures" else sent("wall.pdf", PDF)
    away()

    page = read(
        post(
            admin_client,
            change(release),
            title_en="A title typed just now",
            **{f"{row}__0__upload": upload},
        )
    )

    form = page.one("form", id="release_form")
    assert "the storage of pictures and files does not answer" in form.words
    assert form.entries["title_en"] == "A title typed just now"
    release.refresh_from_db()
    assert (release.title_en, Upload.objects.count()) == ("The title before", 0)


def test_who_saves_what_was_uploaded_before_is_told_that_nothing_was_saved(admin_client, away):
    release = ReleaseFactory(title_en="The title before")
    picture = picture_of(release)
    address = change(release)
    page = read(admin_client.get(address))
    away()

    answer = post_again(
        admin_client, address, page, title_en="Another", pictures__0__crop_x=picture.crop_x / 2
    )

    assert answer.status_code == 503
    assert "Nothing was saved" in read(answer).one("main").words
    release.refresh_from_db()
    assert release.title_en == "The title before"


def test_what_cannot_be_deleted_while_it_is_away_hides_no_other_fault(away):
    @storing.undone_on_failure()
    def save() -> None:
        storing.write(f"{storing.new_folder('files')}/file.pdf", PDF)
        away()
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        save()


def test_what_a_failed_save_had_written_is_deleted(address):
    @storing.undone_on_failure()
    def save() -> None:
        storing.write(f"{storing.new_folder('files')}/file.pdf", PDF)
        assert names(address)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        save()

    assert names(address) == []


def test_one_name_is_never_written_over(address):
    first = storing.write("files/a/file.pdf", PDF)
    second = storing.write("files/a/file.pdf", b"other")

    assert first != second
    assert default_storage.open(first).read() == PDF


def test_what_nothing_names_is_deleted_after_a_day(address, monkeypatch):
    kept = file_of(ReleaseFactory())
    storing.write(f"{storing.new_folder('files')}/file.pdf", PDF)
    assert storing.forget_unnamed() == 0
    monkeypatch.setattr(storing, "KEPT_FOR", timedelta(seconds=-5))

    assert storing.forget_unnamed() == 1

    assert names(address) == [f"press/{kept.file.name}"]


@pytest.mark.django_db(transaction=True)
def test_it_is_backed_up_and_restored(address, settings, tmp_path, client):
    settings.BACKUP_DIR = tmp_path / "backups"
    file, _picture = file_of(ReleaseFactory()), picture_of(ReleaseFactory())
    before = names(address)
    call_command("backup", stdout=StringIO(), stderr=StringIO())
    archive = backups.latest().path
    for name in before:
        default_storage.delete(name.removeprefix("press/"))
    Picture.objects.all().delete()
    Attachment.objects.all().delete()

    call_command(
        "restore", str(archive), "--yes", "--replace", stdout=StringIO(), stderr=StringIO()
    )

    assert names(address) == before
    assert client.get(file.url).getvalue() == PDF
