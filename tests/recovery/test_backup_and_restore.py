"""What was backed up comes back as it was, from either database into either."""

import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.sessions.models import Session
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import connection, connections, transaction

from contacts.models import Mission
from iomnews import backups
from iomnews.backups import schema
from releases import counting, edition, plain_rows, storing, versions
from releases.models import (
    Attachment,
    Change,
    Picture,
    Presence,
    Release,
    ShareLink,
    Step,
    ViewCounter,
)
from releases.search import engine
from tests.factories import MissionFactory, ReleaseFactory
from tests.serving import address_of_database
from tests.uploads import PDF, file_of, picture_of

from . import newsroom


@pytest.fixture(scope="module")
def sqlite_newsroom(tmp_path_factory) -> tuple[Path, dict[str, str]]:
    """A backup of a newsroom on SQLite with something of everything, and what that shows."""
    archive = tmp_path_factory.mktemp("recovery") / "newsroom.zip"
    return archive, newsroom.elsewhere("make", archive)


def back_up(*options: str) -> Path:
    out = StringIO()
    call_command("backup", *options, stdout=out, stderr=StringIO())
    return backups.latest().path


def restore(archive: Path, *options: str) -> str:
    out = StringIO()
    call_command("restore", str(archive), *options, stdout=out, stderr=StringIO())
    return out.getvalue()


def wipe() -> None:
    call_command("flush", interactive=False, verbosity=0)
    engine.clear(connection)  # which is no table of a model
    shutil.rmtree(settings.MEDIA_ROOT, ignore_errors=True)


def rows() -> dict[str, list]:
    """Each row of worth, by table, with JSON in one order of its keys."""
    tables = schema.tables(schema.models_at(schema.applied()))
    return {
        name: sorted(json.dumps(row, sort_keys=True) for row in plain_rows.plain_rows(model))
        for name, model in tables.items()
    }


# The same as before


def test_a_restored_newsroom_shows_the_same_and_holds_the_same():
    newsroom.fill()
    shown, held = newsroom.show(), rows()
    archive = back_up()
    wipe()

    restore(archive)

    assert len(shown) > 600
    assert newsroom.show() == shown
    assert rows() == held
    call_command("check_search", stdout=StringIO())


def test_a_backup_of_sqlite_is_restored_here_and_one_from_here_on_sqlite(sqlite_newsroom, tmp_path):
    archive, shown = sqlite_newsroom

    restore(archive)

    assert newsroom.show() == shown
    call_command("check_search", stdout=StringIO())
    back = tmp_path / "back.zip"
    back_up().rename(back)
    assert newsroom.elsewhere("open", back) == shown


def test_what_a_deleted_release_left_does_not_become_anothers(sqlite_newsroom):
    archive, _shown = sqlite_newsroom
    restore(archive)
    left = ViewCounter.objects.exclude(release__in=Release.objects.all()).get()

    new = ReleaseFactory()

    assert new.pk > left.pk
    assert new.views == 0


def test_who_is_signed_in_and_who_reads_is_not_in_a_backup():
    editor = get_user_model().objects.create_user("editor")
    release = ReleaseFactory()
    now = datetime.now(UTC)
    Presence.objects.create(release=release, user=editor, since=now, seen_at=now)
    archive = back_up()

    names = zipfile.ZipFile(archive).namelist()

    assert "rows/releases.release.jsonl" in names
    assert not {f"rows/{name}.jsonl" for name in schema.PASSING} & set(names)
    restore(archive, "--replace", "--yes")
    assert not Presence.objects.exists()


def test_kept_pages_go_with_a_restore():
    ReleaseFactory()
    archive = back_up()
    before = edition.watch.edition()

    restore(archive, "--replace", "--yes")

    assert edition.watch.edition().version != before.version
    assert Change.objects.count() == 1


def test_a_backup_of_an_older_version_is_brought_up_to_this_one(tmp_path):
    release = ReleaseFactory(title_ko="난민 캠프 소식")
    call_command("migrate", "releases", "0001", verbosity=0)
    try:
        archive = back_up()
    finally:
        call_command("migrate", verbosity=0)
    assert ["releases", "0002_search_index"] not in manifest_of(archive)["migrations"]

    restore(archive, "--replace", "--yes")

    assert schema.applied() == schema.known()
    assert list(Release.objects.values_list("pk", flat=True)) == [release.pk]
    call_command("check_search", stdout=StringIO())


def test_the_database_gets_characters_that_it_can_hold_and_the_owner_is_told(tmp_path):
    release = ReleaseFactory()
    Step.objects.create(
        release=release, verb="comment", at=newsroom.NOW, text="@NUL@", before={"@NUL@": ["@NUL@"]}
    )
    archive = changed(back_up(), tmp_path, {"@NUL@": "\\u0000"})

    said = restore(archive, "--replace", "--yes")

    step = Step.objects.get()
    if connection.vendor == "postgresql":
        assert (step.text, step.before) == ("\ufffd", {"\ufffd": ["\ufffd"]})
        assert "2 texts held characters that this database can't" in said
    else:
        assert (step.text, step.before) == ("\0", {"\0": ["\0"]})
        assert "texts held" not in said


# While others write


def test_a_backup_holds_one_moment_while_the_newsroom_is_written_to(monkeypatch):
    """Each pair is saved in one transaction, with files: none may be torn, no file lacking."""
    stop, failures, number = threading.Event(), [], 0

    def write() -> None:
        nonlocal number
        try:
            while not stop.is_set():
                with storing.undone_on_failure():
                    made = storing.write(f"{storing.new_folder('files')}/file.pdf", PDF)
                    with transaction.atomic():
                        pair = ReleaseFactory.create_batch(2, title_en=f"Pair {number}")
                        for release in pair:
                            versions.keep(release)
                            counting.set_imported(release.pk, number + 1)
                        Attachment.objects.create(
                            release=pair[1], file=made, kind="pdf", size=len(PDF), name="a.pdf"
                        )
                number += 1
        except Exception as error:  # noqa: BLE001
            failures.append(error)
        finally:
            connections.close_all()

    def another_first(read: Callable) -> Callable:
        """Read nothing before something else was saved."""

        def then(*given):
            before, patience = number, time.monotonic() + 20
            while number == before and writer.is_alive() and time.monotonic() < patience:
                time.sleep(0.002)
            return read(*given)

        return then

    monkeypatch.setattr(plain_rows, "plain_rows", another_first(plain_rows.plain_rows))
    monkeypatch.setattr(storing, "named_files", another_first(storing.named_files))
    newsroom.fill()
    writer = threading.Thread(target=write)
    writer.start()
    try:
        archives = []
        for _turn in range(2):
            archives.append(back_up())
    finally:
        stop.set()
        writer.join()

    assert not failures
    assert Release.objects.filter(title_en__startswith="Pair").count() >= 60
    for archive in archives:
        wipe()
        restore(archive)
        pairs = Release.objects.filter(title_en__startswith="Pair")
        assert pairs.count() == 2 * pairs.values("title_en").distinct().count()
        assert ViewCounter.objects.filter(release__in=pairs).count() == pairs.count()
        assert Attachment.objects.filter(release__in=pairs).count() == pairs.count() / 2
        for name in storing.named_files():
            assert default_storage.exists(name), name
        call_command("check_search", stdout=StringIO())


def test_a_file_that_is_missing_already_is_told_and_the_rest_is_kept():
    release = ReleaseFactory()
    lost, kept = file_of(release), file_of(release, position=1)
    default_storage.delete(lost.file.name)
    err = StringIO()

    call_command("backup", stdout=StringIO(), stderr=err)
    wipe()
    restore(backups.latest().path)

    assert lost.file.name in err.getvalue()
    assert not default_storage.exists(lost.file.name)
    assert default_storage.open(kept.file.name).read() == PDF


# What is refused


def manifest_of(archive: Path) -> dict:
    return json.loads(zipfile.ZipFile(archive).read("manifest.json"))


def changed(
    archive: Path,
    to: Path,
    words: dict[str, str] | None = None,
    manifest=None,
    names=None,
    sums_fit=True,
) -> Path:
    """A copy of `archive` that is whole by its own sums, with other words, manifest or names."""
    copy, sums = to / "changed.zip", ""
    copy.unlink(missing_ok=True)
    with zipfile.ZipFile(archive) as old, zipfile.ZipFile(copy, "w") as new:
        for name in old.namelist():
            if name in ("SHA256SUMS", "manifest.json"):
                continue
            content = old.read(name)
            for word, other in (words or {}).items():
                content = content.replace(word.encode(), other.encode())
            name = (names or {}).get(name, name)
            new.writestr(name, content)
            content = content if sums_fit else old.read(name)
            sums += f"{hashlib.sha256(content).hexdigest()}  {name}\n"
        new.writestr("SHA256SUMS", sums)
        said = json.loads(old.read("manifest.json")) | (manifest or {})
        said["sums"] = hashlib.sha256(sums.encode()).hexdigest()
        new.writestr("manifest.json", json.dumps(said))
    return copy


def state_of() -> tuple:
    return rows(), sorted(str(path) for path in settings.MEDIA_ROOT.rglob("*.*"))


@pytest.fixture
def archive() -> Path:
    """A backup of a release with a picture and a file; something else is there now."""
    release = ReleaseFactory(title_ko="", title_en="From the backup")
    file_of(release)
    picture_of(release)
    made = back_up()
    wipe()
    file_of(ReleaseFactory(title_en="Here now"))
    return made


def test_a_truncated_or_changed_archive_is_refused_and_nothing_is_changed(archive, tmp_path):
    whole, before = archive.read_bytes(), state_of()
    step = len(whole) // 40
    for place in range(step, len(whole), step):
        hurt = tmp_path / "hurt.zip"
        hurt.write_bytes(whole[:place])
        with pytest.raises(CommandError, match="Nothing was changed"):
            restore(hurt, "--replace", "--yes")
        hurt.write_bytes(whole[:place] + bytes([whole[place] ^ 4]) + whole[place + 1 :])
        try:
            restore(hurt, "--dry-run")
        except CommandError:
            continue
        # What was hit says nothing: a time or a right in the head of a member.
        assert contents(hurt) == contents(archive)
    assert state_of() == before


def contents(archive: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(archive) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


@pytest.mark.parametrize(
    "name", ["media/../../evil", "/etc/evil", "media/..\\evil", "media//evil", "C:/evil"]
)
def test_no_file_gets_out_of_its_folder(archive, tmp_path, name):
    before = state_of()
    first = next(n for n in zipfile.ZipFile(archive).namelist() if n.startswith("media/"))

    with pytest.raises(CommandError, match="lead out of the archive"):
        restore(changed(archive, tmp_path, names={first: name}), "--replace", "--yes")

    assert state_of() == before
    assert not list(tmp_path.rglob("evil"))


def test_what_is_no_backup_of_the_newsroom_is_refused(archive, tmp_path):
    before = state_of()
    foreign = tmp_path / "foreign.zip"
    with zipfile.ZipFile(foreign, "w") as other:
        other.writestr("hello.txt", "hello")
    text = tmp_path / "text.zip"
    text.write_text("no archive at all")

    for path in (foreign, text, tmp_path / "nowhere.zip", tmp_path):
        with pytest.raises(CommandError, match="Nothing was changed"):
            restore(path, "--replace", "--yes")
    for wrong in (
        {"kind": "another"},
        {"migrations": 5},
        {"tables": []},
        {"tables": [{"model": "releases.nothing", "columns": [], "rows": 0, "last_key": 0}]},
    ):
        with pytest.raises(CommandError, match="Nothing was changed"):
            restore(changed(archive, tmp_path, manifest=wrong), "--replace", "--yes")
    assert state_of() == before


def test_what_does_not_fit_its_sum_is_refused(archive, tmp_path):
    before = state_of()
    other = changed(archive, tmp_path, {"From the backup": "From a stranger"}, sums_fit=False)

    with pytest.raises(CommandError, match="is not what was written"):
        restore(other, "--replace", "--yes")

    assert state_of() == before


def test_an_archive_of_a_newer_version_is_refused_in_plain_words(archive, tmp_path):
    before = state_of()
    newer = [*manifest_of(archive)["migrations"], ["releases", "0099_from_tomorrow"]]

    for manifest in ({"migrations": newer}, {"format": 2}):
        with pytest.raises(CommandError, match="newer version of the newsroom"):
            restore(changed(archive, tmp_path, manifest=manifest), "--replace", "--yes")

    assert state_of() == before


def test_rows_that_the_database_refuses_change_nothing(archive, tmp_path):
    before = state_of()
    without_headline = changed(archive, tmp_path, {"From the backup": ""})

    with pytest.raises(CommandError, match="could not be put back"):
        restore(without_headline, "--replace", "--yes")

    assert state_of() == before


def test_a_newsroom_with_content_is_left_alone_unless_told(archive, monkeypatch):
    before = state_of()

    with pytest.raises(CommandError, match="not empty"):
        restore(archive)
    monkeypatch.setattr("builtins.input", lambda question: "no")
    with pytest.raises(CommandError, match="Nothing was changed"):
        restore(archive, "--replace")
    assert state_of() == before
    monkeypatch.setattr("builtins.input", lambda question: "yes")
    restore(archive, "--replace")

    assert Release.objects.get().title_en == "From the backup"


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite has one lock.")
def test_a_restore_and_a_save_that_wait_for_one_another_both_come_to_an_end(archive):
    waits = "SELECT EXISTS (SELECT 1 FROM pg_locks WHERE mode = 'ExclusiveLock' AND NOT granted)"
    saving = threading.Event()

    def save() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            Session.objects.create(session_key="k", session_data="", expire_date=datetime.now(UTC))
            saving.set()
            until = time.monotonic() + 30
            cursor.execute(waits)
            while not cursor.fetchone()[0] and time.monotonic() < until:
                cursor.execute(waits)
            MissionFactory()  # a table that the restore has locked by then
        connections.close_all()

    other = threading.Thread(target=save)
    other.start()
    saving.wait()
    restore(archive, "--replace", "--yes")
    other.join()

    assert Release.objects.get().title_en == "From the backup"


def test_a_restore_that_is_killed_leaves_the_newsroom_as_it_was(archive, tmp_path):
    """Killed at ten moments, from the first file to the last row."""
    MissionFactory.create_batch(5)
    before = rows()
    command = [sys.executable, "-c", KILLED, str(archive)]
    environment = os.environ | {
        "DATABASE_URL": address_of_database(connection),
        "RESTORING_IN": str(tmp_path),
    }
    killed = 0
    for moment in (1, 2, 4, 7, 10, 13, 16, 19, 21, 23):
        done = subprocess.run(
            [*command, str(moment)], env=environment, capture_output=True, check=False
        )
        killed += done.returncode == -signal.SIGKILL
        assert rows() == before, moment
        call_command("check_search", stdout=StringIO())

    assert killed == 10


# Kills itself when so many of the steps of a restore are done.
KILLED = """
import os, signal, sys
import django
os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
django.setup()
from pathlib import Path
from django.conf import settings
settings.MEDIA_ROOT = Path(os.environ["RESTORING_IN"]) / "media"
from django.core.files.storage import default_storage
from django.core.management import call_command
from releases import edition, plain_rows
from releases.search import engine
from iomnews.backups import schema
left = int(sys.argv[2])
def dying(step):
    def then(*given, **named):
        global left
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return step(*given, **named)
    return then
default_storage.exists("")
default_storage._wrapped.save = dying(default_storage._wrapped.save)
plain_rows.insert = dying(plain_rows.insert)
engine.clear = dying(engine.clear)
engine.put = dying(engine.put)
schema.go_back_to = dying(schema.go_back_to)
schema.go_on = dying(schema.go_on)
edition.changed = dying(edition.changed)
call_command("restore", sys.argv[1], "--replace", "--yes")
"""


# Where backups lie


def test_the_last_good_backup_is_remembered():
    assert backups.latest() is None

    path = back_up()

    made = backups.latest()
    assert made.path == path
    assert made.size == path.stat().st_size
    assert datetime.now(UTC) - made.at < timedelta(minutes=5)
    assert path.stat().st_mode & 0o777 == 0o600


def test_only_backups_of_its_own_are_deleted_when_their_time_is_over(settings, tmp_path):
    folder = settings.BACKUP_DIR
    first = back_up()
    month = [first.rename(folder / f"iomnews-202001{day:02}T030000Z.zip") for day in (1,)]
    for day in range(2, 6):
        month.append(Path(shutil.copy(month[0], folder / f"iomnews-202001{day:02}T030000Z.zip")))
    strange = [folder / "iomnews-20200101T040000Z.zip", folder / "notes-20200101T030000Z.zip"]
    strange[0].write_bytes(b"somebody else's")
    shutil.copy(month[0], strange[1])
    old_link = folder / "iomnews-20190101T030000Z.zip"
    old_link.symlink_to(month[0])

    newest = back_up("--keep", "3")

    assert [path.exists() for path in month] == [False, False, False, True, True]
    assert newest.exists()
    assert all(path.exists() for path in strange)
    assert old_link.is_symlink()
    newest = back_up("--keep-days", "7")
    assert not any(path.exists() for path in month)
    assert newest.exists()


def test_settings_say_how_many_are_kept_and_for_whom_where_no_option_does(settings):
    settings.BACKUP_KEEP, settings.BACKUP_ENCRYPT_TO = 1, "age:age1nobody"
    with pytest.raises(CommandError, match="age could not do it"):
        back_up()
    settings.BACKUP_ENCRYPT_TO = ""
    first, second = back_up(), back_up("--keep", "2")

    assert first.exists()
    third = back_up()
    assert [path.exists() for path in (first, second, third)] == [False, False, True]


def test_days_that_are_kept_stand_instead_of_the_number_in_the_settings(settings):
    settings.BACKUP_KEEP = 30
    first = back_up()
    old = first.rename(first.with_name("iomnews-20200101T030000Z.zip"))

    newest = back_up("--keep-days", "7")

    assert (old.exists(), newest.exists()) == (False, True)


def test_a_full_disk_leaves_the_earlier_backups_and_says_so(settings, tmp_path):
    earlier = back_up()
    file_of(ReleaseFactory(), content=b"%PDF-1.7\n" + os.urandom(300_000) + b"\n%%EOF\n")
    before = sorted(settings.BACKUP_DIR.iterdir())
    limited = (
        "import resource, sys; resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000));"
        "import os, django; os.environ['DJANGO_SETTINGS_MODULE'] = 'tests.settings';"
        "django.setup(); from pathlib import Path; from django.conf import settings;"
        "settings.MEDIA_ROOT = Path(sys.argv[1]) / 'media';"
        "from django.core.management import execute_from_command_line as run;"
        "run(['manage.py', 'backup', '--to', sys.argv[1] + '/backups'])"
    )

    done = subprocess.run(
        [sys.executable, "-c", limited, tmp_path],
        env=os.environ | {"DATABASE_URL": address_of_database(connection)},
        capture_output=True,
        check=False,
        text=True,
    )

    assert done.returncode == 1
    assert "could not be written" in done.stderr
    assert "Traceback" not in done.stderr
    assert sorted(settings.BACKUP_DIR.iterdir()) == before
    assert earlier.exists()


def test_two_backups_at_once_do_not_get_in_each_others_way(settings):
    import fcntl

    settings.BACKUP_DIR.mkdir()
    with (settings.BACKUP_DIR / ".backup.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(CommandError, match="Another backup is being made"):
            back_up()


def test_what_a_killed_backup_left_makes_room_for_the_next(settings, monkeypatch):
    settings.BACKUP_DIR.mkdir()
    left = settings.BACKUP_DIR / ".backup-killed.part"
    left.write_text("half of it")
    read, gone = plain_rows.plain_rows, []
    monkeypatch.setattr(
        plain_rows, "plain_rows", lambda model: gone.append(not left.exists()) or read(model)
    )

    back_up()

    assert gone
    assert all(gone)
    assert not list(settings.BACKUP_DIR.glob(".*.part"))


# Encryption


def test_a_backup_that_age_encrypted_is_opened_with_its_key_alone(tmp_path):
    key = tmp_path / "key"
    made = subprocess.run(
        ["age-keygen", "--output", key], capture_output=True, check=True, text=True
    )
    recipient = made.stderr.split()[-1]
    mission = MissionFactory()
    archive = back_up("--encrypt", f"age:{recipient}")
    wipe()

    assert archive.name.endswith(".zip.age")
    assert mission.name_en.encode() not in archive.read_bytes()
    with pytest.raises(CommandError, match="--identity FILE"):
        restore(archive)
    other = tmp_path / "other"
    subprocess.run(["age-keygen", "--output", other], capture_output=True, check=True)
    with pytest.raises(CommandError, match="age could not do it"):
        restore(archive, "--identity", str(other))
    restore(archive, "--identity", str(key))

    assert Mission.objects.get() == mission
    assert not list(tmp_path.rglob("*.part"))


def test_a_backup_that_gpg_encrypted_is_opened_by_its_owner(tmp_path_factory, monkeypatch):
    home = tmp_path_factory.mktemp("g", numbered=True)
    home.chmod(0o700)
    monkeypatch.setenv("GNUPGHOME", str(home))
    new_key = ["gpg", "--batch", "--quiet", "--passphrase", "", "--quick-generate-key"]
    subprocess.run([*new_key, "owner@example.org"], check=True, capture_output=True)
    mission = MissionFactory()
    try:
        archive = back_up("--encrypt", "gpg:owner@example.org")
        wipe()
        restore(archive)
    finally:
        subprocess.run(["gpgconf", "--kill", "all"], check=False)

    assert archive.name.endswith(".zip.gpg")
    assert Mission.objects.get() == mission


@pytest.mark.parametrize(
    ("word", "says"),
    [
        ("age:age1nobody", "age could not do it"),
        ("rot13:x", "write age:RECIPIENT or gpg:KEY"),
        ("age:", "write age:RECIPIENT"),
    ],
)
def test_a_recipient_that_is_none_is_told(word, says, settings):
    with pytest.raises(CommandError, match=says):
        back_up("--encrypt", word)

    assert backups.latest() is None


def test_a_tool_that_is_not_there_is_named(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(CommandError, match="age is not installed. On Debian: apt install age"):
        back_up("--encrypt", "age:age1x")


def test_a_share_link_still_opens_after_a_restore(sqlite_newsroom):
    archive, _shown = sqlite_newsroom

    restore(archive)

    assert ShareLink.objects.get().label == "An outlet"
    assert Picture.objects.filter(release__title_ko__startswith="되찾을").count() == 1
