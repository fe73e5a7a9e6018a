"""Publishing that is undone within its grace time was never there."""

from datetime import timedelta

import pytest
from django.utils import timezone

from releases import versions, workflow
from releases.models import Correction, Release, State, Version
from tests import corrected as words
from tests.desk.keeping import at_desk, change, opened, sent
from tests.desk.people import EDITOR, person
from tests.desk.test_nothing_private_outside import answers
from tests.factories import (
    DRAFT,
    MissionFactory,
    PressContactFactory,
    ReleaseContactFactory,
    ReleaseFactory,
)
from tests.uploads import file_of, picture_of

pytestmark = pytest.mark.django_db

SECRET = "취소한보도자료"


def draft() -> Release:
    release = ReleaseFactory(
        title_ko=SECRET, body_ko=f"<p>{SECRET}</p>", mission=MissionFactory(slug="iraq"), **DRAFT
    )
    ReleaseContactFactory(release=release, position=1)
    PressContactFactory(pk=release.pk)  # at whose address there is a card
    picture_of(release, caption_ko=SECRET)
    file_of(release, title_ko=SECRET)
    versions.keep(release)
    return release


def test_publishing_that_is_undone_leaves_no_trace_at_any_public_address(client):
    release = draft()
    desk = at_desk(person(EDITOR))
    before = answers(client, release)

    workflow.publish_now(release)
    leaving = answers(client, release)
    form = opened(desk, change(release))
    saving = sent(desk, change(release), form, body_en=f"<p>{SECRET} again</p>")
    saved = answers(client, release)
    workflow.undo_publish(release)
    after = answers(client, release)

    assert saving.status_code == 302
    assert Release.objects.get().state == State.DRAFT
    for found in (leaving, saved, after):
        assert {place: answer[0] for place, answer in found.items()} == {
            place: answer[0] for place, answer in before.items()
        }
        assert not [place for place, answer in found.items() if SECRET in answer[1]]
    assert before[release.get_absolute_url()][0] == 404
    assert before[f"/releases/{release.pk}/versions/1/"][0] == 404
    assert not Version.objects.exclude(public_number=None).exists()
    assert not Correction.objects.exists()


def test_what_was_written_before_an_undone_publishing_is_not_public_after_a_later_one(client):
    release = draft()
    workflow.publish_now(release)
    release.title_ko = "다른 제목"
    release.save()
    versions.keep(release)
    workflow.undo_publish(release)
    release.title_ko, release.body_ko = "공개할 제목", "<p>새 글</p>"
    release.save()
    versions.keep(release)

    workflow.schedule(release, at=timezone.now() + timedelta(hours=1))
    Release.objects.update(publish_at=timezone.now())
    release.refresh_from_db()
    words.change(release, title_ko="고친 제목")

    shown = Version.objects.exclude(public_number=None).order_by("public_number")
    assert [version.content["title_ko"] for version in shown] == ["공개할 제목", "고친 제목"]
    earlier = client.get(f"/releases/{release.pk}/versions/1/")
    assert "공개할 제목" in earlier.text
    assert SECRET not in earlier.text.replace(release.get_absolute_url(), "")
