"""What must not slip out before its hour, by doors that are easily forgotten."""

from datetime import timedelta

import pytest
from django.utils import timezone

from contacts.models import PressContact
from releases.admin.saving import MadeFrom
from releases.intake.pasted import read_pasted
from releases.intake.saving import Importer
from releases.models import Release, State

from .factories import NINE, PressContactFactory, ReleaseContactFactory, ReleaseFactory, tomorrow
from .intake.texts import A_RELEASE

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("times", [{"publish_at": tomorrow()}, {}], ids=["scheduled", "public"])
def test_no_form_moves_the_hour_of_an_approved_release(admin_client, times):
    release = ReleaseFactory(**times)
    form = {"title_ko": "새 제목", "body_en": release.body_en, "release_date": "2014-09-09"}
    form["correction_kind"] = "fix"
    kinds = ("contacts", "pictures", "files")
    rows = {f"{kind}-{n}_FORMS": 0 for kind in kinds for n in ("TOTAL", "INITIAL")}
    made_from = {"_made_from": str(MadeFrom.of(release))}

    admin_client.post(
        f"/admin/releases/release/{release.pk}/change/",
        form | rows | made_from | {"publish_at_0": "2014-01-01", "publish_at_1": "09:00:00"},
    )

    saved = Release.objects.get()
    assert (saved.title_ko, saved.publish_at) == ("새 제목", release.publish_at)


def test_an_editor_who_saves_does_not_undo_a_withdrawal_made_meanwhile(admin_client, monkeypatch):
    release = ReleaseFactory()

    def withdrawn_meanwhile(self, *args, **kwargs):
        Release.objects.filter(pk=self.pk).update(withdrawn_at=timezone.now())
        return save(self, *args, **kwargs)

    save = Release.save
    monkeypatch.setattr(Release, "save", withdrawn_meanwhile)
    form = {"title_ko": "새 제목", "body_en": release.body_en, "release_date": "2014-09-09"}
    form["correction_kind"] = "fix"
    admin_client.post(
        f"/admin/releases/release/{release.pk}/change/",
        form
        | {"publish_at_0": "2014-09-09", "publish_at_1": "09:00:00"}
        | {"contacts-TOTAL_FORMS": 0, "contacts-INITIAL_FORMS": 0}
        | {"_made_from": "0.0.public"}
        | {"pictures-TOTAL_FORMS": 0, "pictures-INITIAL_FORMS": 0}
        | {"files-TOTAL_FORMS": 0, "files-INITIAL_FORMS": 0},
    )

    release.refresh_from_db()
    assert (release.title_ko, release.state) == ("새 제목", State.WITHDRAWN)


def test_the_directory_learns_nobody_from_a_release_to_come():
    day = timezone.localdate() + timedelta(days=2)
    text = A_RELEASE.replace("Tue, Sep-09-2014", f"{day:%a, %b-%d-%Y}")

    (incoming,) = read_pasted(text).releases
    saved = Importer(create_missions=True).save(incoming)

    assert saved.release.state == State.SCHEDULED
    assert saved.release.contact_block[0].name == "Name One"
    assert not PressContact.objects.exists()


def test_the_text_to_copy_names_whoever_answers_today(client):
    after = PressContactFactory(name="Came After", email="after@example.org")
    gone = PressContactFactory(left_on=NINE.date(), successor=after)
    release = ReleaseFactory()
    ReleaseContactFactory(
        release=release, contact=gone, name="Named Then", email="then@example.org"
    )

    text = client.get(release.get_text_url()).text

    assert "after@example.org" in text
    assert "then@example.org" not in text
