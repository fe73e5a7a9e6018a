"""What an owner is told of the site, in the shell and at the desk."""

from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import RequestFactory
from django.utils import timezone, translation
from pytest_django.asserts import assertContains, assertNotContains

from iomnews import doctor, health
from iomnews.doctor import Finding, Level, front, rows, stores, support
from iomnews.static_files import StaticFiles
from releases.models import Release
from releases.search import index

from .factories import ReleaseFactory
from .reading import read

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def production(settings):
    """A site as it should be, but for the backup."""
    settings.ALLOWED_HOSTS = ["news.example.org"]
    settings.HTTPS = settings.BEHIND_PROXY = True
    settings.PROXIES = 1
    settings.NEWSROOM_EMAIL = "press@example.org"
    return settings


def only(check, request=None):
    """The one thing that `check` finds."""
    (finding,) = check(request)
    return finding


def asked(**headers: str):
    return RequestFactory().get(
        "/admin/state/", headers={name.replace("_", "-"): value for name, value in headers.items()}
    )


# Names, proxy, HTTPS


@pytest.mark.parametrize(
    ("names", "level"),
    [
        (["news.example.org"], Level.WELL),
        (["news.example.org", "127.0.0.1"], Level.WELL),
        (["*"], Level.FAULT),
        (["localhost", "127.0.0.1"], Level.FAULT),
    ],
)
def test_a_site_answers_to_its_own_names(production, names, level):
    production.ALLOWED_HOSTS = names

    assert only(front.hosts).level == level


def test_a_demo_is_no_fault_but_is_told(production):
    production.DEMO = True

    assert only(front.hosts).level == Level.WARNING


@pytest.mark.parametrize(
    ("behind", "proxies", "headers", "level"),
    [
        (True, 1, {"X_Forwarded_For": "192.0.2.7", "X_Forwarded_Proto": "https"}, Level.WELL),
        (True, 2, {"X_Forwarded_For": "192.0.2.7", "X_Forwarded_Proto": "https"}, Level.FAULT),
        (True, 1, {"X_Forwarded_Proto": "https"}, Level.FAULT),
        (True, 1, {"X_Forwarded_For": "192.0.2.7"}, Level.FAULT),
        (False, 0, {"X_Forwarded_For": "192.0.2.7"}, Level.FAULT),
    ],
)
def test_the_proxy_says_what_the_settings_expect(production, behind, proxies, headers, level):
    production.BEHIND_PROXY, production.PROXIES = behind, proxies

    assert only(front.proxy, asked(**headers)).level == level


def test_https_that_nobody_ends_is_told_in_the_shell(production):
    production.BEHIND_PROXY = False

    assert only(front.proxy).level == Level.FAULT


@pytest.mark.parametrize(
    ("bind", "level"),
    [
        ("127.0.0.1:8000", Level.WELL),
        ("unix:/run/newsroom", Level.WELL),
        ("0.0.0.0:8000", Level.WARNING),
        ("[::]:8000", Level.WARNING),
    ],
)
def test_a_site_that_strangers_reach_without_a_proxy_is_told_so(
    production, monkeypatch, bind, level
):
    production.BEHIND_PROXY = production.HTTPS = False
    monkeypatch.setenv("BIND", bind)

    assert only(front.proxy).level == level


@pytest.mark.parametrize(
    ("bind", "proxy", "level"),
    [
        ("0.0.0.0:8000", "127.0.0.1", Level.WARNING),
        ("127.0.0.1:8000", "127.0.0.1", Level.WELL),
        ("0.0.0.0:8000", "172.18.0.3", Level.WELL),  # another container
    ],
)
def test_a_way_past_the_proxy_is_told(production, monkeypatch, bind, proxy, level):
    monkeypatch.setenv("BIND", bind)
    request = asked(X_Forwarded_For="192.0.2.7", X_Forwarded_Proto="https")
    request.META["REMOTE_ADDR"] = proxy

    assert only(front.proxy, request).level == level


@pytest.mark.parametrize(("on", "level"), [(True, Level.WELL), (False, Level.FAULT)])
def test_production_is_reached_over_https(production, on, level):
    production.HTTPS = on

    assert only(front.https).level == level


@pytest.mark.parametrize(
    ("address", "level"),
    [("press@example.org", Level.WELL), ("", Level.WARNING), ("press", Level.WARNING)],
)
def test_readers_have_somebody_to_write_to(production, address, level):
    production.NEWSROOM_EMAIL = address

    assert only(front.mail).level == level


# Database


def test_the_database_of_the_tests_is_well():
    for check in (rows.version, rows.collation, rows.migrations, rows.search, rows.clock):
        assert {finding.level for finding in check(None)} <= {Level.WELL}


def test_a_database_older_than_the_site_is_told():
    MigrationRecorder(connection).record_unapplied("releases", "0001_initial")

    assert only(rows.migrations).advice == "Run `manage.py migrate`."


def test_more_connections_than_the_database_gives_are_told(monkeypatch):
    monkeypatch.setenv("WEB_PROCESSES", "5000")

    found = [finding.level for finding in rows.version(None)]

    wanted = [Level.WELL] + [Level.FAULT] * (connection.vendor == "postgresql")
    assert found == wanted


def test_an_index_out_of_step_is_told():
    release = ReleaseFactory()
    index.engine.remove(index._connection(), [release.pk])

    assert only(rows.search).says == "1 release is not found by its words."


def test_an_edit_that_is_still_to_come_says_that_the_clock_is_wrong():
    ReleaseFactory()
    Release.objects.update(edited_at=timezone.now() + timedelta(days=1))

    assert only(rows.clock).level == Level.FAULT


def test_the_next_scheduled_release_is_named():
    assert only(rows.schedule).says == "None is scheduled."
    ReleaseFactory(publish_at=timezone.now() + timedelta(days=2))
    next_one = ReleaseFactory(publish_at=timezone.now() + timedelta(days=1))

    moment = f"{timezone.localtime(next_one.publish_at):%Y-%m-%d %H:%M}"
    assert only(rows.schedule).says == f"At {moment}; 2 in all."


# Files


@pytest.fixture
def collected(settings, tmp_path, monkeypatch):
    """Static files as production has them, collected into a folder of their own."""
    settings.STATIC_ROOT = tmp_path
    storage = StaticFiles(location=tmp_path, base_url="/static/")
    monkeypatch.setattr(stores, "staticfiles_storage", storage)
    return storage


def test_static_files_that_were_never_collected_are_told(collected):
    finding = only(stores.static_files)

    assert finding.level == Level.FAULT
    assert "every page fails" in finding.says


def test_static_files_that_are_lacking_are_told(collected, tmp_path):
    (tmp_path / "base.1.css").write_text("")
    collected.hashed_files = {"css/base.css": "base.1.css"}
    collected.save_manifest()

    assert "files are lacking" in only(stores.static_files).says


def test_static_files_that_are_all_there_are_well(collected, tmp_path, monkeypatch):
    class Finder:
        def list(self, ignored):
            return [("base.css", None)]

    monkeypatch.setattr(stores, "get_finders", lambda: [Finder()])
    (tmp_path / "base.1.css").write_text("")
    collected.hashed_files = {"base.css": "base.1.css"}
    collected.save_manifest()

    assert only(stores.static_files).level == Level.WELL


def test_static_files_of_another_version_are_told(collected, monkeypatch, tmp_path):
    monkeypatch.setattr(stores, "get_finders", lambda: [])
    (tmp_path / "base.1.css").write_text("")
    collected.hashed_files = {"base.css": "base.1.css"}
    collected.save_manifest()
    collected.manifest_name = "staticfiles-another.json"

    finding = only(stores.static_files)

    assert finding.level == Level.FAULT
    assert "Another version" in finding.says


def test_a_store_that_takes_nothing_is_told(monkeypatch):
    assert only(stores.media).level == Level.WELL

    def refuse(*words):
        raise OSError("Read-only file system")

    monkeypatch.setattr(default_storage, "save", refuse)
    assert only(stores.media).says == "Nothing can be saved: Read-only file system"


def test_a_shared_cache_that_does_not_answer_is_told(settings):
    assert only(stores.shared_cache).level == Level.WELL
    settings.CACHES = settings.CACHES | {
        "shared": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": "redis://127.0.0.1:1/0",
        }
    }

    assert only(stores.shared_cache).level == Level.FAULT


@pytest.mark.parametrize(
    ("age", "level"),
    [
        (None, Level.FAULT),
        (timedelta(hours=35), Level.WELL),
        (timedelta(hours=37), Level.FAULT),
    ],
)
def test_a_backup_is_no_older_than_a_night_and_a_morning(monkeypatch, age, level):
    made = age and timezone.now() - age
    monkeypatch.setattr(stores, "last_backup", lambda: made)

    assert only(stores.backup).level == level


def test_backups_that_cannot_be_encrypted_are_told_of_before_the_night(monkeypatch, settings):
    monkeypatch.setattr(stores, "last_backup", timezone.now)
    settings.BACKUP_ENCRYPT_TO = "age1nobody"

    found = only(stores.backup)

    assert found.level == Level.FAULT
    assert "write age:RECIPIENT" in found.says
    assert "BACKUP_ENCRYPT_TO" in found.advice


@pytest.mark.parametrize(
    ("free", "level"), [(50, Level.WELL), (9, Level.WARNING), (2, Level.FAULT)]
)
def test_a_disk_is_told_of_before_it_is_full(monkeypatch, free, level):
    usage = (100 * 2**30, (100 - free) * 2**30, free * 2**30)
    monkeypatch.setattr(stores.shutil, "disk_usage", lambda folder: usage)

    assert only(stores.disk).level == level


# Versions


@pytest.mark.parametrize(
    ("days", "level"), [(400, Level.WELL), (100, Level.WARNING), (-1, Level.FAULT)]
)
def test_what_is_supported_no_more_is_told_in_time(days, level):
    ends = timezone.localdate() + timedelta(days=days)

    assert support.supported("Python", "Python 3.11", ends).level == level


def test_a_version_newer_than_this_site_is_well():
    assert support.supported("Python", "Python 4.0", None).level == Level.WELL


def test_the_versions_in_use_are_known():
    for check in (support.python, support.framework):
        assert "supported until" in only(check).says
    assert all(isinstance(ends, date) for ends in rows.POSTGRESQL.values())


# All together


def test_what_cannot_be_looked_at_hides_nothing_else(monkeypatch):
    def broken(request):
        raise ValueError("no such table")

    monkeypatch.setattr(doctor, "CHECKS", [broken, support.python])
    found = doctor.examine()

    assert [finding.level for finding in found] == [Level.FAULT, Level.WELL]
    assert found[0].says == "Could not be looked at: no such table"


def test_the_command_tells_all_and_ends_with_1_on_faults(production, monkeypatch):
    told = StringIO()
    monkeypatch.setattr(stores, "last_backup", lambda: None)
    with pytest.raises(CommandError, match="1 fault"):
        call_command("doctor", stdout=told)

    lines = told.getvalue().splitlines()
    assert lines[0] == "✗ Last backup: None was ever made here."
    assert lines[1].startswith("    → See docs/backup.md")
    assert "✓ Names of the site: news.example.org" in lines


def test_the_command_says_when_all_is_well(production, monkeypatch):
    told = StringIO()
    monkeypatch.setattr(stores, "last_backup", timezone.now)
    call_command("doctor", stdout=told)

    assert told.getvalue().endswith("No fault was found.\n")


def test_the_command_speaks_korean_in_a_korean_terminal(production, monkeypatch):
    monkeypatch.setenv("LANG", "ko_KR.UTF-8")
    monkeypatch.setattr(stores, "last_backup", timezone.now)
    told = StringIO()
    call_command("doctor", stdout=told)

    assert "결함을 찾지 못했습니다." in told.getvalue()


@pytest.mark.parametrize(
    ("level", "heading"),
    [(Level.FAULT, "Fault: HTTPS"), (Level.WARNING, "Warning: HTTPS"), (Level.WELL, "✓ HTTPS")],
)
def test_what_a_finding_is_stands_apart_from_what_it_is_about(
    admin_client, monkeypatch, level, heading
):
    monkeypatch.setattr(doctor, "examine", lambda request: [Finding(level, "HTTPS", "As it is.")])

    page = read(admin_client.get("/en/admin/state/"))

    assert page.one("ul", class_="site-state").one("h2").words == heading


def test_a_superuser_sees_the_same_at_the_desk(admin_client):
    page = admin_client.get("/en/admin/state/")

    assertContains(page, "State of the site")
    assertContains(page, "Off: passwords of editors travel in the open.")
    assertContains(admin_client.get("/admin/"), 'href="/admin/state/"')


def test_nobody_else_learns_of_the_machine(client, django_user_model):
    editor = django_user_model.objects.create_user("anna", password="x", is_staff=True)
    client.force_login(editor)

    assert client.get("/admin/state/").status_code == 403
    assertNotContains(client.get("/admin/"), "/admin/state/")


def test_looking_changes_nothing(admin_client, settings):
    health.known_migrations()
    before = Release.objects.count(), sorted(settings.MEDIA_ROOT.glob("**/*"))

    admin_client.get("/admin/state/")

    assert (Release.objects.count(), sorted(settings.MEDIA_ROOT.glob("**/*"))) == before
