"""A newsroom with something of everything, and one in a process and a database of its own.

    python -m tests.recovery.newsroom make ARCHIVE      fills one, backs it up
    python -m tests.recovery.newsroom open ARCHIVE      restores a backup into an empty one

Both print what it shows to strangers, as JSON.
"""

import json
import os
import subprocess
import sys
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

NOW = datetime(2026, 11, 24, 3, 4, 5, 678901, tzinfo=UTC)
OLD_SITE = "press.example.org"


def fill() -> None:
    """Samples, and what they have not got: corrections, versions, files, views, what is gone."""
    from django.contrib.auth import get_user_model

    from contacts.models import Mission
    from releases import correcting, samples, sharing, workflow
    from releases.models import DailyViews, OldAddress, Purpose, Step, ViewCounter
    from tests.corrected import change, correct
    from tests.factories import ReleaseContactFactory, ReleaseFactory
    from tests.uploads import file_of, image, picture_of

    samples.load()
    editor = get_user_model().objects.create_superuser("editor", password="for a test, long")
    corrected, replaced, withdrawn = (
        ReleaseFactory(
            title_ko=f"되찾을 소식 {number} “𝒳” \U0001f1f0\U0001f1f7",
            publish_at=datetime(2015, 1, number, 0, 0, 0, 123456, tzinfo=UTC),
            views=10 * number,
            imported_views=number,
        )
        for number in range(1, 4)
    )
    change(corrected, by=editor, body_en="<p>It said something else at first.</p>")
    correct(corrected, by=editor, note_ko="숫자를 바로잡았습니다.")
    correct(corrected, by=editor, body_en="<p>And <strong>again</strong>: 1 &lt; 2.</p>")
    correcting.hide(corrected.versions.get(public_number=1), editor, "Not for display")
    ReleaseContactFactory(release=corrected, position=0)
    picture_of(corrected, image((400, 300)), caption_en="A caption")
    picture = picture_of(corrected, image((300, 400), "PNG"), position=1)
    correct(corrected, by=editor, body_en="<p>With a picture that is taken off.</p>")
    picture.delete()
    correct(corrected, by=editor, body_en="<p>Without it.</p>")
    file_of(corrected, title_en="The whole report")
    shown = corrected.pictures.get()
    OldAddress.objects.bulk_create(
        [
            OldAddress(site=OLD_SITE, address="/?p=1", release=corrected),
            OldAddress(site="blog.example.org", address="/?p=1", release=withdrawn),
            OldAddress(address="/2015/01/되찾을-소식", release=withdrawn),
            OldAddress(site=OLD_SITE, address="/a.jpg", release=corrected, stored=shown.image.name),
            OldAddress(
                site=OLD_SITE,
                address="/?cat=1",
                mission=Mission.objects.filter(releases__gt=0).first(),
            ),
            OldAddress(address="/press", path="/contacts/"),
        ]
    )
    workflow.replace(replaced, corrected, by=editor)
    workflow.withdraw(withdrawn, by=editor, reason_ko="사실이 아니었습니다.")
    for days in range(40):
        DailyViews.objects.create(
            release=corrected, day=date(2026, 1, 1) + timedelta(days), count=days, robots=1
        )
    ViewCounter.objects.update_or_create(
        release=corrected, defaults={"total": 2**40, "imported": 3}
    )
    draft = ReleaseFactory(submitted_at=None, approved_at=None, title_en="A draft", author=editor)
    sharing.make(draft, "An outlet", Purpose.READING, NOW + timedelta(days=9))
    Step.objects.create(
        release=draft, verb="comment", at=NOW, by=editor, before={"an": ["\ud55c", 1.5, None]}
    )
    ReleaseFactory(views=7).delete()  # its key must not be given again


def show(host: str = "testserver") -> dict[str, str]:
    """What it shows under the name `host` at a moment that stands."""
    from unittest import mock

    from django.utils import timezone, translation

    from .pages import hashes

    with (
        mock.patch.object(timezone, "now", return_value=NOW),
        mock.patch.object(time, "time", return_value=NOW.timestamp()),
        translation.override("ko"),
    ):
        return hashes(host)


def elsewhere(what: str, archive: Path, **environment: str) -> dict[str, str]:
    """What `make` or `open` shows in a process of its own, on SQLite unless said."""
    environment = os.environ | {"DATABASE_URL": ""} | environment
    if not environment["DATABASE_URL"]:
        del environment["DATABASE_URL"]
    done = subprocess.run(
        [sys.executable, "-m", "tests.recovery.newsroom", what, archive],
        cwd=Path(__file__).parent.parent.parent,
        env=environment,
        capture_output=True,
        check=False,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def main(what: str, archive: str) -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command
    from django.test.utils import setup_test_environment
    from django.utils import translation

    from releases import edition

    setup_test_environment()
    edition.TRUSTED = 0
    translation.activate("ko")
    call_command("migrate", verbosity=0)
    if what == "make":
        fill()
        call_command("backup", stdout=sys.stderr)
        (made,) = settings.BACKUP_DIR.glob("*.zip")
        made.rename(archive)
    else:
        call_command("restore", archive, stdout=sys.stderr)
    print(json.dumps(show()))


if __name__ == "__main__":
    main(*sys.argv[1:])
