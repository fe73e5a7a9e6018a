"""Links in use while somebody ends them, edits the release, or answers at the same moment."""

import threading

import pytest
from django.db import transaction
from django.utils import timezone

from releases import sharing, versions
from releases.models import Answer, Approval, LinkOpening, Purpose, Release, ShareLink
from tests.together import at_once
from tests.uploads import file_of, picture_of

from .links import link_to, reader, scheduled, to_approve

pytestmark = pytest.mark.django_db(transaction=True)


def test_nobody_opens_a_link_after_it_was_ended_however_close():
    release = scheduled()
    address = link_to(release)
    ended_at = []

    def end():
        sharing.revoke(ShareLink.objects.get())
        ended_at.append(timezone.now())

    def read():
        began_at = timezone.now()
        return began_at, reader().get(address).status_code

    *readings, _ended = at_once(read, read, read, read, end)

    assert {status for _at, status in readings} <= {200, 404}
    assert all(status == 404 for began_at, status in readings if began_at > ended_at[0])
    assert LinkOpening.objects.count() == sum(status == 200 for _at, status in readings)
    assert reader().get(address).status_code == 404


def test_who_ends_a_link_waits_for_an_opening_that_has_begun(monkeypatch):
    release = scheduled()
    token = link_to(release).split("/")[2]
    begun, ended = threading.Event(), threading.Event()
    was_ended_inside, in_full = [], sharing.in_full

    def slow(releases):
        begun.set()
        was_ended_inside.append(ended.wait(0.3))
        return in_full(releases)

    def end():
        begun.wait()
        sharing.revoke(ShareLink.objects.get())
        ended.set()

    monkeypatch.setattr(sharing, "in_full", slow)
    at_once(lambda: sharing.open_link(token, Purpose.READING), end)
    monkeypatch.undo()

    assert was_ended_inside == [False]
    assert LinkOpening.objects.count() == 1
    with pytest.raises(sharing.NoLink):
        sharing.open_link(token, Purpose.READING)


def test_a_page_that_is_read_while_it_is_edited_holds_the_words_of_one_save():
    release = scheduled(title_ko="처음", body_ko="<p>처음</p>")
    address = link_to(release)

    def edit(words: str):
        def save():
            with transaction.atomic():
                fresh = Release.objects.select_for_update().get(pk=release.pk)
                fresh.title_ko, fresh.body_ko = words, f"<p>{words}</p>"
                fresh.save()
                versions.keep(fresh)

        return save

    def read():
        response = reader().get(address)
        assert response.status_code == 200
        return response.content.decode()

    _first, _second, *pages = at_once(edit("하나"), edit("둘"), read, read, read)

    for page in pages:
        held = {words for words in ("처음", "하나", "둘") if f"{words}</h1>" in page}
        assert len(held) == 1, page
        assert f"{held.pop()}</p>" in page


def test_a_partner_reads_their_version_while_it_is_edited():
    release = scheduled(title_ko="처음", body_ko="<p>처음</p>")
    address = to_approve(release)

    def edit():
        Release.objects.filter(pk=release.pk).update(title_ko="나중", body_ko="<p>나중</p>")
        versions.keep(release)

    _edited, *pages = at_once(edit, *[lambda: reader().get(address).content.decode()] * 3)

    assert all("처음</h1>" in page and "나중" not in page for page in pages)


def test_of_two_answers_at_once_both_are_kept_and_one_is_the_last():
    release = scheduled()
    token = to_approve(release).split("/")[2]

    at_once(
        lambda: sharing.answer(token, Answer.APPROVED, "하나"),
        lambda: sharing.answer(token, Answer.CHANGES_NEEDED, "둘"),
    )

    kept = {(a.answer, a.comment) for a in Approval.objects.all()}
    assert kept == {("approved", "하나"), ("changes_needed", "둘")}
    assert release.steps.filter(verb__in=["approve", "ask_for_changes"]).count() == 2
    (standing,) = sharing.approvals_of(release)
    assert standing.last == Approval.objects.first()


def test_two_clicks_at_once_are_one_answer():
    release = scheduled()
    token = to_approve(release).split("/")[2]

    at_once(*[lambda: sharing.answer(token, Answer.APPROVED, "같은 말")] * 4)

    assert Approval.objects.count() == 1


def test_an_answer_that_comes_with_the_end_of_its_link_is_whole_or_refused():
    release = scheduled()
    token = to_approve(release).split("/")[2]

    said, _ended = at_once(
        lambda: sharing.answer(token, Answer.APPROVED),
        lambda: sharing.revoke(ShareLink.objects.get()),
    )

    kept = Approval.objects.count()
    assert kept == (0 if isinstance(said, sharing.NoLink) else 1)
    assert release.steps.filter(verb="approve").count() == kept


def test_deleting_a_release_while_its_link_is_read_leaves_nothing_open():
    release = scheduled(submitted_at=None, approved_at=None)
    address = link_to(release)

    *read, _deleted = at_once(
        *[lambda: reader().get(address).status_code] * 3, lambda: versions.delete(release)
    )

    assert set(read) <= {200, 404}
    assert reader().get(address).status_code == 404


def test_what_a_link_opens_is_gone_for_who_is_reading_once_it_is_ended(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    release = scheduled()
    picture, file = picture_of(release), file_of(release)
    address = link_to(release)
    parts = [
        f"{address}pictures/{picture.pk}/{picture.widths[0]}.webp",
        f"{address}files/{file.pk}/{file.name}",
        f"{address}contacts/0.vcf",
        f"{address[:-1]}.txt",
        address,
    ]
    assert [reader().get(part).status_code for part in parts] == [200] * 5
    ended = threading.Event()

    def read() -> list[tuple[bool, int]]:
        found, is_last = [], False
        while not is_last:
            is_last = ended.is_set()
            for part in parts:
                was_ended = ended.is_set()
                found.append((was_ended, reader().get(part).status_code))
        return found

    def end():
        try:
            sharing.revoke(ShareLink.objects.get())
        finally:
            ended.set()

    *readings, _ended = at_once(read, read, end)

    asked_after = [status for found in readings for was_ended, status in found if was_ended]
    assert set(asked_after) == {404}
    assert {status for found in readings for _was_ended, status in found} <= {200, 404}


def test_what_is_edited_while_a_link_is_open_shows_there_with_the_next_request():
    release = scheduled(title_ko="처음", body_ko="<p>처음</p>")
    address = link_to(release)
    edited = threading.Event()

    def edit():
        try:
            release.title_ko, release.body_ko = "나중", "<p>나중</p>"
            release.save()
        finally:
            edited.set()

    def read() -> str:
        """What is read last: once it was edited."""
        is_last = False
        while not is_last:
            is_last = edited.is_set()
            page = reader().get(address).text
        return page

    _edited, *pages = at_once(edit, read, read)

    for page in pages:
        assert "나중</h1>" in page
        assert "처음" not in page
