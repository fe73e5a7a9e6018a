"""A newsroom is taken out, can be read without it, and becomes the same newsroom elsewhere."""

import csv
import io
import json
import shutil
import zipfile
from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command
from django.db import connection

from contacts.models import Mission, PressContact
from releases import versions
from releases.intake.pasted import read_pasted
from releases.intake.saving import Outcome, deleted_here
from releases.models import (
    Change,
    DailyViews,
    OldAddress,
    Picture,
    Release,
    ShareLink,
    State,
    Version,
    ViewCounter,
)
from releases.search import engine
from releases.takeout import reading
from tests.factories import MissionFactory, ReleaseFactory
from tests.uploads import docx, file_of

from . import newsroom
from .test_backup_and_restore import changed


def take_out(to: Path) -> Path:
    call_command("takeout", "--to", str(to), stdout=StringIO(), stderr=StringIO())
    return to


def bring_in(takeout: Path, *options: str) -> str:
    out = StringIO()
    call_command("import_releases", str(takeout), *options, stdout=out, stderr=out)
    return out.getvalue()


def wipe(settings) -> None:
    call_command("flush", interactive=False, verbosity=0)
    engine.clear(connection)
    shutil.rmtree(settings.MEDIA_ROOT, ignore_errors=True)


def read(takeout: Path, name: str) -> str:
    return zipfile.ZipFile(takeout).read(name).decode()


def table(takeout: Path, name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(read(takeout, name))))


def test_a_newsroom_that_was_taken_out_becomes_the_same_in_an_empty_one(settings, tmp_path):
    newsroom.fill()
    shown = newsroom.show()
    days = list(
        DailyViews.objects.order_by("release", "day").values_list("release", "day", "count")
    )
    states = {release.pk: release.state for release in Release.objects.all()}
    takeout = take_out(tmp_path / "newsroom.zip")
    wipe(settings)

    said = bring_in(takeout)

    assert "refused" not in said
    assert newsroom.show() == shown
    assert {release.pk: release.state for release in Release.objects.all()} == states
    assert State.DRAFT in states.values()
    assert days == list(
        DailyViews.objects.order_by("release", "day").values_list("release", "day", "count")
    )
    call_command("check_search", stdout=StringIO())
    # The number of a release that was deleted is not given again.
    assert ReleaseFactory().pk == max(states) + 2


def test_importing_it_again_changes_nothing(settings, tmp_path):
    newsroom.fill()
    takeout = take_out(tmp_path / "newsroom.zip")
    number = Release.objects.count() + Mission.objects.count() + PressContact.objects.count()

    for _turn in range(2):
        before = newsroom.show(), Version.objects.count(), Change.objects.get_queryset().count()
        for options in ([], ["--overwrite"], ["--dry-run"]):
            assert f"\n{number} unchanged" in bring_in(takeout, *options)
        after = newsroom.show(), Version.objects.count()
        assert after == before[:2]
        wipe(settings)
        bring_in(takeout)


def test_a_dry_run_brings_nothing_in(settings, tmp_path):
    file_of(ReleaseFactory())
    takeout = take_out(tmp_path / "newsroom.zip")
    wipe(settings)

    assert "\n1 created" in bring_in(takeout, "--dry-run")

    assert not Release.objects.exists()
    assert not settings.MEDIA_ROOT.exists()


@pytest.mark.django_db(transaction=True)
def test_a_dry_run_keeps_nobody_from_saving(settings, tmp_path):
    newsroom.fill()
    takeout = take_out(tmp_path / "newsroom.zip")
    wipe(settings)
    brought = []

    for each in reading.bring_in(takeout, dry_run=True):
        assert not connection.in_atomic_block
        brought.append(each)

    assert {each.outcome for each in brought} == {Outcome.CREATED}
    items = [each for each in brought if each.kind is not OldAddress]
    assert len(items) == reading.items_of(takeout) < len(brought)
    assert not Mission.objects.exists()
    assert not Release.objects.exists()


def test_a_dry_run_foresees_what_will_be_refused(settings, tmp_path):
    newsroom.fill()
    takeout = take_out(tmp_path / "newsroom.zip")
    contact = Release.objects.exclude(contacts=None).first().contacts.first().contact_id
    wipe(settings)
    words = {f'"contact_id": {contact},': '"contact_id": 99999,'}
    damaged = changed(takeout, tmp_path, words)
    said = []

    for options in (["--dry-run"], []):
        out = StringIO()
        with pytest.raises(CommandError):
            call_command("import_releases", str(damaged), *options, stdout=out, stderr=out)
        said.append(out.getvalue())

    assert "refused" in said[0]
    assert said[0] == f"{said[1]}Nothing was saved: this was a dry run.\n"


def test_what_editors_changed_since_stays_theirs_unless_overwritten(tmp_path):
    release, mission = ReleaseFactory(title_ko="처음 제목", views=5), MissionFactory()
    takeout = take_out(tmp_path / "newsroom.zip")
    release.title_ko = "고친 제목"
    release.save()
    ViewCounter.objects.filter(release=release).update(total=9)
    mission.aliases = "Another"
    mission.save()

    with pytest.raises(CommandError, match="2 problems"):
        bring_in(takeout)
    release.refresh_from_db()
    assert release.title_ko == "고친 제목"
    bring_in(takeout, "--overwrite")

    release = Release.objects.get()
    mission.refresh_from_db()
    assert (release.title_ko, release.views, mission.aliases) == ("처음 제목", 9, "")
    assert [v.content["title_ko"] for v in release.versions.all()] == ["처음 제목", "고친 제목"]
    assert "\n2 unchanged" in bring_in(takeout, "--overwrite")
    call_command("check_search", stdout=StringIO())


def test_what_was_deleted_here_stays_away_unless_overwritten(client, tmp_path):
    release = ReleaseFactory(title_ko="가져온 제목", views=5)
    OldAddress.objects.create(address="/?p=12", release=release)
    file_of(release)
    versions.keep(release)
    takeout = take_out(tmp_path / "newsroom.zip")
    release.title_ko = "고친 제목"
    release.save()
    versions.keep(release)
    DailyViews.objects.create(release=release, day=date(2026, 1, 2), count=4)
    ViewCounter.objects.filter(release=release).update(total=9)
    versions.delete(release)

    for options in ((), ("--dry-run",)):
        with pytest.raises(CommandError, match="1 problem"):
            bring_in(takeout, *options)
    report = next(reading.bring_in(takeout))
    assert (report.outcome, report.reason) == (Outcome.REFUSED, deleted_here())
    assert not Release.objects.exists()
    bring_in(takeout, "--overwrite", "--dry-run")
    assert not Release.objects.exists()
    bring_in(takeout, "--overwrite")

    here = Release.objects.get()
    assert (here.pk, here.title_ko, here.views) == (release.pk, "가져온 제목", 9)
    assert (here.created_at, here.state) == (release.created_at, State.PUBLIC)
    assert here.files.count() == here.daily_views.count() == 1
    titles = [version.content["title_ko"] for version in here.versions.all()]
    assert titles == ["가져온 제목", "고친 제목", "가져온 제목"]
    assert [step.verb for step in here.steps.all()] == [versions.DELETE, versions.RECOVER]
    assert client.get("/?p=12")["Location"] == here.get_absolute_url()
    assert "\n1 unchanged" in bring_in(takeout)
    call_command("check_search", stdout=StringIO())


def test_what_another_deleted_release_has_left_is_not_taken_for_it(settings, tmp_path):
    theirs = ReleaseFactory(title_ko="가져올 것")
    takeout = take_out(tmp_path / "newsroom.zip")
    wipe(settings)
    versions.delete(ReleaseFactory(pk=theirs.pk, title_ko="여기 것"))

    report = next(reading.bring_in(takeout))

    assert report.reason != deleted_here()


def test_an_old_address_that_leads_elsewhere_now_is_refused_by_name(tmp_path):
    OldAddress.objects.create(address="/press", path="/contacts/")
    takeout = take_out(tmp_path / "newsroom.zip")
    OldAddress.objects.update(path="/")
    out = StringIO()

    with pytest.raises(CommandError, match="1 problem"):
        call_command("import_releases", str(takeout), stdout=out, stderr=out)

    assert "/press" in out.getvalue()


def test_another_newsroom_keeps_what_it_has(settings, tmp_path):
    theirs = ReleaseFactory(title_ko="가져올 것")
    takeout = take_out(tmp_path / "newsroom.zip")
    wipe(settings)
    own = ReleaseFactory(pk=theirs.pk, title_ko="여기 것")

    with pytest.raises(CommandError, match="1 problem"):
        bring_in(takeout, "--overwrite")

    assert Release.objects.get() == own
    assert Release.objects.get().title_ko == "여기 것"


def test_neither_passwords_nor_private_links_are_in_it(tmp_path):
    newsroom.fill()
    takeout = take_out(tmp_path / "newsroom.zip")
    everything = b"".join(map(zipfile.ZipFile(takeout).read, zipfile.ZipFile(takeout).namelist()))

    assert get_user_model().objects.get().password.encode() not in everything
    assert ShareLink.objects.get().digest.encode() not in everything
    assert b"An outlet" not in everything
    assert takeout.stat().st_mode & 0o777 == 0o600


def test_a_newcomer_can_read_it(tmp_path):
    newsroom.fill()
    release = Release.objects.get(title_ko__startswith="되찾을 소식 1")
    picture = Picture.objects.filter(release=release).get()
    takeout = take_out(tmp_path / "newsroom.zip")
    names = zipfile.ZipFile(takeout).namelist()

    assert "manage.py import_releases" in read(takeout, "README.en.txt")
    assert "초안" in read(takeout, "README.ko.txt")
    text = read(takeout, f"releases/{release.pk}/{release.slug}.txt")
    assert read_pasted(text).releases[0].title == release.title_ko
    assert f"en/releases/{release.pk}/{release.slug}.txt" in names
    assert f"releases/{release.pk}/pictures/1-original.jpg" in names
    assert f"releases/{release.pk}/pictures/1-card{Path(picture.card).suffix}" in names
    assert f"releases/{release.pk}/files/1-보도 자료.pdf" in names
    assert any(name.startswith(f"releases/{release.pk}/earlier/1-") for name in names)
    record = json.loads(read(takeout, f"releases/{release.pk}/release.json"))
    assert record["state"] == "public"
    assert record["versions"][0]["saved_by"] in (None, "editor")
    assert len(record["corrections"]) == 4
    days = [row for row in table(takeout, "views.csv") if row["release"] == str(release.pk)]
    assert (days[-1]["day"], days[-1]["views"]) == ("2026-02-09", "39")
    here = [row for row in table(takeout, "addresses.csv") if row["release"] == str(release.pk)]
    assert [row["address"] for row in here] == [
        *(release.get_absolute_url(language=lang) for lang in ("ko", "en")),
        "/?p=1",
        "/a.jpg",
    ]
    assert [row["site"] for row in here] == ["", "", "press.example.org", "press.example.org"]
    sums = read(takeout, "SHA256SUMS")
    assert f"  releases/{release.pk}/release.json\n" in sums


def test_an_address_of_an_older_headline_leads_to_that_of_today(tmp_path):
    from tests.corrected import change

    release = ReleaseFactory(slug="old-words")
    change(release, slug="new-words")

    addresses = table(take_out(tmp_path / "newsroom.zip"), "addresses.csv")

    moved = {row["address"]: row["leads_to"] for row in addresses}
    assert moved[f"/releases/{release.pk}/old-words/"] == f"/releases/{release.pk}/new-words/"


def test_a_script_that_was_put_into_a_takeout_does_not_get_in(settings, tmp_path):
    release = ReleaseFactory(body_en="<p>Harmless</p>")
    takeout = take_out(tmp_path / "newsroom.zip")
    wipe(settings)
    hostile = changed(takeout, tmp_path, {"<p>Harmless</p>": "<script>alert(1)</script><p>x</p>"})

    bring_in(hostile)

    assert Release.objects.get(pk=release.pk).body_en == "<p>x</p>"


def test_a_takeout_that_is_not_whole_or_leads_out_is_refused(settings, tmp_path):
    stored = file_of(ReleaseFactory()).file.name
    takeout = take_out(tmp_path / "newsroom.zip")
    whole = takeout.read_bytes()
    wipe(settings)
    half, foreign = tmp_path / "half.zip", tmp_path / "foreign.zip"
    half.write_bytes(whole[: len(whole) // 2])
    with zipfile.ZipFile(foreign, "w") as other:
        other.writestr("hello.txt", "hello")

    for path in (half, foreign):
        with pytest.raises(CommandError, match="1 problem"):
            bring_in(path, "--format", "takeout")
    for words in (
        {stored: "files/../../evil.pdf"},
        {f'"{stored}": "files/': '"elsewhere/evil.pdf": "files/'},
        {'"release": {': '"other": {'},
    ):
        with pytest.raises(CommandError, match="1 problem"):
            bring_in(changed(takeout, tmp_path, words))

    assert not Release.objects.exists()
    assert not list(tmp_path.rglob("evil*"))


@pytest.mark.parametrize(
    ("member", "most"),
    [
        ("missions.json", "64.0 MB"),
        ("releases/{}/release.json", "64.0 MB"),
        ("releases/{}/files/1-보도 자료.pdf", "20.0 MB"),
        ("SHA256SUMS", None),
    ],
)
def test_a_member_that_unpacks_to_too_much_is_refused_before_it_is_unpacked(
    settings, tmp_path, monkeypatch, member, most
):
    file = file_of(ReleaseFactory(mission=MissionFactory()))
    takeout = take_out(tmp_path / "newsroom.zip")
    member = member.format(file.release_id)
    bomb, unpacked = tmp_path / "bomb.zip", []
    with zipfile.ZipFile(takeout) as old, zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            with new.open(name, "w") as written:
                written.write(old.read(name))
                for _time in range(65 if name == member else 0):
                    written.write(b" " * 2**20)
    opened = zipfile.ZipFile.open
    monkeypatch.setattr(
        zipfile.ZipFile, "open", lambda *args: unpacked.append(args[1]) or opened(*args)
    )
    wipe(settings)
    out = StringIO()

    with pytest.raises(CommandError, match="1 problem"):
        call_command("import_releases", str(bomb), stdout=out, stderr=out)

    assert member not in unpacked
    assert f"“{member}” " in out.getvalue()
    assert most is None or f"{most} at most" in out.getvalue().replace("\xa0", " ")
    assert not Release.objects.exists()


def test_a_table_with_a_line_that_never_ends_is_refused(settings, tmp_path):
    release = ReleaseFactory(views=1)
    DailyViews.objects.create(release=release, day="2026-01-01", count=1)
    takeout = take_out(tmp_path / "newsroom.zip")
    endless = changed(takeout, tmp_path, {f"{release.pk},2026-01-01": "0" * 2**20})
    wipe(settings)
    out = StringIO()

    with pytest.raises(CommandError, match="1 problem"):
        call_command("import_releases", str(endless), stdout=out, stderr=out)

    assert "“views.csv” is not what was written" in out.getvalue()


def test_a_takeout_from_before_a_column_was_there_is_read(settings, tmp_path):
    release = ReleaseFactory(body_en="<p>Words for a list.</p>")
    shown = newsroom.show()
    takeout = take_out(tmp_path / "newsroom.zip")
    assert "excerpt_en" not in read(takeout, f"releases/{release.pk}/release.json")
    wipe(settings)
    older = changed(takeout, tmp_path, {'"contact_heading": "",': ""})

    bring_in(older)

    assert newsroom.show() == shown
    assert "\n1 unchanged" in bring_in(older)


def test_a_takeout_from_before_old_addresses_were_kept_is_read(settings, tmp_path):
    release = ReleaseFactory()
    shown = newsroom.show()
    takeout = take_out(tmp_path / "newsroom.zip")
    assert '"old_addresses": [],' in read(takeout, f"releases/{release.pk}/release.json")
    wipe(settings)
    names = {"old_addresses.json": "something.json"}
    older = changed(takeout, tmp_path, {'"old_addresses": [],': ""}, names=names)

    bring_in(older)

    assert newsroom.show() == shown
    assert "\n1 unchanged" in bring_in(older)


def test_a_takeout_from_before_old_addresses_had_sites_is_read(settings, tmp_path):
    release = ReleaseFactory()
    OldAddress.objects.create(address="/?p=7", release=release)
    OldAddress.objects.create(address="/press", path="/contacts/")
    takeout = take_out(tmp_path / "newsroom.zip")
    record = read(takeout, f"releases/{release.pk}/release.json")
    assert '"site": "",' in record
    wipe(settings)
    older = changed(takeout, tmp_path, {'"site": "",': ""})

    bring_in(older)

    rows = OldAddress.objects.values_list("site", "address", "release")
    assert set(rows) == {("", "/?p=7", release.pk), ("", "/press", None)}
    said = bring_in(older)
    assert "\n1 unchanged\n" in said
    assert "\nold addresses of no post: 1 unchanged\n" in said


def test_an_office_document_is_taken_for_no_takeout(tmp_path):
    document = tmp_path / "releases.docx"
    document.write_bytes(docx())
    said = StringIO()

    with pytest.raises(CommandError, match="1 problem"):
        call_command("import_releases", str(document), stdout=said, stderr=said)

    assert "DOCX" in said.getvalue()


def test_a_takeout_overwrites_no_file(tmp_path):
    path = tmp_path / "there.zip"
    path.write_text("something of somebody's")

    with pytest.raises(CommandError, match="is there already"):
        take_out(path)

    assert path.read_text() == "something of somebody's"
