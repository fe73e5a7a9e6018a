"""A link from its making to its end, and that all that open nothing look alike."""

import hashlib
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from releases import sharing, versions, workflow
from releases.models import LinkOpening, Purpose, Release, ShareLink
from tests.desk.roles import person
from tests.factories import ONE_SECOND, WITHDRAWN, ReleaseFactory

from .links import draft, link_to, reader, scheduled, to_approve

pytestmark = pytest.mark.django_db

PAGES = pytest.mark.parametrize("place", ["embargo", "approval"])


def over(release: Release, place: str) -> dict[str, str]:
    """Addresses that open nothing, by why."""
    make = link_to if place == "embargo" else to_approve
    other = to_approve if place == "embargo" else link_to
    expired, revoked = make(release, "지난 링크"), make(release, "막은 링크")
    ShareLink.objects.filter(label="지난 링크").update(expires_at=timezone.now() - ONE_SECOND)
    sharing.revoke(ShareLink.objects.get(label="막은 링크"))
    gone = draft()
    deleted = make(gone)
    versions.delete(gone)
    taken_back = scheduled()
    withdrawn = make(taken_back)
    Release.objects.filter(pk=taken_back.pk).update(withdrawn_at=timezone.now())
    timeless = scheduled()
    without = make(timeless)
    Release.objects.filter(pk=timeless.pk).update(approved_at=None, publish_at=None)
    missed = scheduled()
    unapproved = make(missed)
    past = timezone.now() - ONE_SECOND
    Release.objects.filter(pk=missed.pk).update(approved_at=None, publish_at=past)
    return {
        "never was": f"/{place}/{'0' * 40}/",
        "no token": f"/{place}/x/",
        "not ASCII": f"/{place}/비밀/",
        "of the other purpose": f"/{place}/{other(release).split('/')[2]}/",
        "expired": expired,
        "revoked": revoked,
        "deleted": deleted,
        "withdrawn before anybody read it": withdrawn,
        "without a time any more": without,
        "of a time at which nobody approved it": unapproved,
    }


def answered(response) -> tuple:
    return response.status_code, response.content, dict(response.items())


@PAGES
@pytest.mark.parametrize("method", ["get", "head"])
@pytest.mark.parametrize("prefix", ["", "/en"], ids=["ko", "en"])
def test_whatever_opens_nothing_answers_alike(place, method, prefix):
    found = {
        why: answered(getattr(reader(), method)(prefix + address))
        for why, address in over(scheduled(), place).items()
    }

    first = found["never was"]
    assert first[0] == 404
    assert {why for why, answer in found.items() if answer != first} == set()
    assert not LinkOpening.objects.exists()


def test_an_answer_to_what_opens_nothing_is_refused_alike():
    sent = {"answer": "approved", "comment": ""}

    found = {
        why: answered(reader().post(address, sent, headers={"Sec-Fetch-Site": "same-origin"}))
        for why, address in over(scheduled(), "approval").items()
    }

    assert found["never was"][0] == 404
    assert {why for why, answer in found.items() if answer != found["never was"]} == set()


@pytest.mark.parametrize(
    "end", [".txt", "/contacts/0.vcf", "/pictures/1/480.webp", "/files/1/a.pdf"]
)
def test_what_stands_beside_a_page_answers_alike_too(end):
    found = {
        why: answered(reader().get(address.rstrip("/") + end))
        for why, address in over(scheduled(), "embargo").items()
        if why != "of the other purpose"
    }

    assert found["never was"][0] == 404
    assert {why for why, answer in found.items() if answer != found["never was"]} == set()


# Making


def test_the_token_is_told_once_and_kept_as_a_hash_alone():
    release = scheduled()

    link, token = sharing.make(release, "한국일보")

    assert len(bytes.fromhex(token)) * 8 >= 128
    assert link.digest == hashlib.sha256(token.encode()).hexdigest()
    kept = [
        *ShareLink.objects.values_list(),
        *release.steps.values_list(),
        *release.versions.values_list(),
    ]
    assert token not in str(kept)
    assert sharing.make(release, "한국일보")[1] != token


def test_a_link_opens_until_its_release_is_posted_unless_somebody_said_until_when():
    release = scheduled()
    token = link_to(release).split("/")[2]
    short = link_to(release, expires_at=timezone.now() + timedelta(hours=1)).split("/")[2]
    posted_at = release.publish_at

    assert not sharing.find(token, at=posted_at - ONE_SECOND).is_posted
    assert sharing.find(token, at=posted_at).is_posted
    assert not sharing.find(short, at=timezone.now() + timedelta(minutes=59)).is_posted
    for late in (timezone.now() + timedelta(hours=1), posted_at):
        with pytest.raises(sharing.NoLink):
            sharing.find(short, at=late)


def test_a_draft_without_a_time_needs_another_end():
    with pytest.raises(ValidationError, match="언제까지 열리는지"):
        sharing.make(draft(), "한국일보")

    link, _token = sharing.make(draft(), "한국일보", expires_at=timezone.now() + timedelta(days=7))

    assert link.expires_at


@pytest.mark.parametrize("label", ["", "  \u200b"])
def test_a_link_says_for_whom_it_is(label):
    with pytest.raises(ValidationError, match="받는 곳"):
        sharing.make(scheduled(), label)


def test_a_time_that_passed_is_no_end_of_a_link():
    with pytest.raises(ValidationError, match="이미 지났습니다"):
        sharing.make(scheduled(), "한국일보", expires_at=timezone.now() - ONE_SECOND)


@pytest.mark.parametrize("times", [{}, WITHDRAWN], ids=["public", "withdrawn"])
def test_what_was_public_is_not_shared(times):
    with pytest.raises(ValidationError, match="공개되지 않은 것만"):
        sharing.make(ReleaseFactory(**times), "한국일보")


def test_what_is_about_to_go_public_is_not_shared_and_remarks_do_not_stop_its_undoing():
    release = scheduled()
    token = to_approve(release).split("/")[2]
    workflow.publish_now(release)

    with pytest.raises(ValidationError, match="먼저 게시를 취소"):
        sharing.make(release, "한국일보")
    sharing.answer(token, "approved")
    sharing.revoke(release.share_links.get())

    assert workflow.is_being_published(release)
    assert release in workflow.being_published()
    planned = release.steps.moves().last().before["publish_at"]
    workflow.undo_publish(release)
    assert release.publish_at.isoformat() == planned


# Ending


def test_an_ended_link_opens_nothing_with_the_next_request_and_the_others_go_on():
    release = scheduled()
    first, second = link_to(release, "한 곳"), link_to(release, "다른 곳")
    assert reader().get(first).status_code == 200

    sharing.revoke(ShareLink.objects.get(label="한 곳"))

    assert reader().get(first).status_code == 404
    assert reader().get(second).status_code == 200


def test_a_link_is_ended_once():
    release, editor = scheduled(), person("editor")
    link, _token = sharing.make(release, "한국일보")

    sharing.revoke(link, by=editor)
    ended_at = link.revoked_at
    sharing.revoke(link)

    link.refresh_from_db()
    assert (link.revoked_at, link.revoked_by) == (ended_at, editor)
    assert [step.verb for step in release.steps.all()] == ["share", "end_sharing"]


def test_an_ended_link_does_not_lead_to_the_public_page_either():
    release = scheduled()
    address = link_to(release)
    sharing.revoke(release.share_links.get())

    Release.objects.filter(pk=release.pk).update(publish_at=timezone.now())

    assert reader().get(address).status_code == 404


def test_a_release_that_is_brought_back_opens_to_nobody_until_it_is_shared_anew():
    editor = person("editor")
    release = draft()
    address = link_to(release)
    pk = release.pk
    versions.delete(release, by=editor)

    back, _notes = versions.recover(versions.deleted_one(editor, pk), by=editor)

    link = back.share_links.get()
    assert reader().get(address).status_code == 404
    assert link.revoked_by == editor


# Who may


@pytest.mark.parametrize("who", ["author", "other author", "contact keeper", "analyst"])
def test_only_who_may_publish_makes_and_ends_links(who):
    user = person(who)
    release = draft(author=user)
    until = timezone.now() + timedelta(days=1)
    link, _token = sharing.make(release, "한국일보", expires_at=until)

    with pytest.raises(PermissionDenied):
        sharing.make(release, "다른 곳", expires_at=until, by=user)
    with pytest.raises(PermissionDenied):
        sharing.revoke(link, by=user)

    assert not ShareLink.objects.exclude(pk=link.pk).exists()
    link.refresh_from_db()
    assert link.revoked_at is None


def test_each_link_and_its_end_stand_in_the_log():
    release, editor = draft(), person("editor")
    until = timezone.now() + timedelta(days=1)

    link, _token = sharing.make(release, "한국일보", expires_at=until, by=editor)
    sharing.revoke(link, by=editor)

    assert [(step.verb, step.by, step.text) for step in release.steps.all()] == [
        ("share", editor, "한국일보"),
        ("end_sharing", editor, "한국일보"),
    ]


def test_the_purposes_and_the_database_agree_on_what_has_a_version():
    reading, _token = sharing.make(scheduled(), "한국일보")
    approval, _token = sharing.make(scheduled(), "협력 기관", Purpose.APPROVAL)

    assert reading.version is None
    assert approval.version.number == 1


def test_no_token_stands_in_the_log_of_the_site(caplog):
    address = link_to(scheduled())

    reader().get(f"{address}pictures/999/480.webp")
    sharing.revoke(ShareLink.objects.get())
    reader().get(address)

    assert address.split("/")[2] not in caplog.text
