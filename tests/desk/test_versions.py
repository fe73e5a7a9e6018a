"""Every save is a version: compared as text, brought back with a click, also after deleting."""

import threading
from datetime import UTC, date, datetime
from itertools import pairwise

import pytest
from django.core.management import call_command
from django.db import connections
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from contacts.models import PressContact
from releases import versions, workflow
from releases.differences import Kind, marked, merged_blocks
from releases.models import DailyViews, Release, ReleaseContact, State, Step, Version

from ..factories import (
    DRAFT,
    IN_REVIEW,
    NOT_PUBLIC,
    SEOUL,
    MissionFactory,
    PressContactFactory,
    ReleaseContactFactory,
    ReleaseFactory,
)
from ..reading import read
from .keeping import (
    ANALYST,
    AUTHOR,
    DELETED,
    RELEASES,
    at_desk,
    change,
    history,
    opened,
    person,
    saved,
    sent,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def kim(django_user_model):
    return person(django_user_model, "kim", last_name="김", first_name="민지")


@pytest.fixture
def desk(kim):
    return at_desk(kim)


def title(release):
    release.refresh_from_db()
    return release.title_ko


def restore(client, release, number):
    asked = {"version": number, "correction_kind": "fix"}
    return client.post(f"{history(release)}restore/", asked, follow=True)


def delete(client, release):
    return client.post(f"{RELEASES}{release.pk}/delete/", {"post": "yes"}, follow=True)


def recover(client, pk):
    return client.post(DELETED, {"release": pk}, follow=True)


def words(response):
    return " ".join(
        item.words
        for lst in read(response).all("ul", class_="messagelist")
        for item in lst.all("li")
    )


# Keeping


def test_every_save_at_the_desk_is_a_version_of_whoever_saved(desk, kim):
    form = opened(desk, f"{RELEASES}add/")
    sent(desk, f"{RELEASES}add/", form, title_ko="처음", release_date="2014-09-09")
    release = Release.objects.get()
    saved(desk, release, title_ko="다음", contacts__0__name="Press desk")

    first, second = release.versions.order_by("number")
    assert (first.number, second.number) == (1, 2)
    assert first.saved_by == second.saved_by == kim
    assert (first.content["title_ko"], second.content["title_ko"]) == ("처음", "다음")
    assert [row["name"] for row in second.content["contacts"]] == ["Press desk"]


def test_saving_what_stands_there_already_makes_no_version(desk):
    release = ReleaseFactory(**DRAFT)
    saved(desk, release, title_ko="다음")
    saved(desk, release)

    assert versions.newest_number(release) == 2  # what it was, and the change


def test_a_version_keeps_the_planned_time_of_a_draft_and_leaves_that_of_others_to_the_log():
    at = datetime(2030, 1, 1, 9, tzinfo=SEOUL)

    assert "publish_at" in versions.content_of(ReleaseFactory(**DRAFT | {"publish_at": at}))
    assert "publish_at" not in versions.content_of(ReleaseFactory())


# Comparing


@pytest.mark.parametrize(
    ("old", "new", "shown"),
    [
        ("난민들에게 담요를", "난민들을 담요를", "난민들-에게-+을+ 담요를"),
        ("IOM helps.", "IOM helps people.", "IOM -helps.-+helps people.+"),
        ("40명이 모였다.", "40명이 모였다. 41명이다.", "40명이 모였다.+ 41명이다.+"),
        ("40명이 모였다. 41명이다.", "40명이 모였다.", "40명이 모였다.- 41명이다.-"),
        ("모였다.\n\n끝", "모였다. 늘었다.\n\n끝", "모였다.+ 늘었다.+\n\n끝"),
        ("40명이 모임", "40명이 모임, 41명으로 늘어", "40명이 모임+, 41명으로 늘어+"),
        ("모두 1", "모두 1.5 톤", "모두 -1-+1.5 톤+"),
        ("하나\n\n둘", "하나\n\n셋\n\n둘", "하나\n\n+셋\n\n+둘"),
        ("같다", "같다", "같다"),
        ("", "새 글", "+새 글+"),
    ],
)
def test_words_are_compared_with_their_particles(old, new, shown):
    signs = {Kind.SAME: "", Kind.OUT: "-", Kind.IN: "+"}

    runs = marked(old, new)

    assert "".join(f"{signs[kind]}{text}{signs[kind]}" for kind, text in runs) == shown


TEXTS = st.lists(
    st.sampled_from(
        ["난민들에게", "난민들을", "담요", "a", "b.", "1,000명", "1,200명을", "3천", "3만", "\n\n"]
    ),
    max_size=12,
).map(" ".join) | st.text(max_size=30)


@given(TEXTS, TEXTS)
def test_a_difference_holds_both_texts_whole(old, new):
    runs = marked(old, new)

    assert "".join(run.text for run in runs if run.kind != Kind.IN) == old
    assert "".join(run.text for run in runs if run.kind != Kind.OUT) == new
    assert all(one.kind != other.kind for one, other in pairwise(runs))


@pytest.mark.parametrize(
    ("old", "new", "shown"),
    [
        ("담요 1,000세트를", "담요 1,200세트를", "담요 [1,000]{1,200}세트를"),
        ("1,000 세트", "1,200 세트", "[1,000]{1,200} 세트"),
        ("3천명에게", "3만명에게", "[3천]{3만}명에게"),
        ("3명에게", "30명에게", "[3]{30}명에게"),
        ("5명에게", "15명에게", "[5]{15}명에게"),
        ("약 10.5%가", "약 12.5%가", "약 [10.5]{12.5}%가"),
        ("(2014/9/9)", "(2014/9/10)", "(2014/9/[9]{10})"),
        ("2014.9.9.에", "2014.9.10.에", "[2014.9.9]{2014.9.10}.에"),
        ("1,000세트를", "1,000세트만", "1,000세트[를]{만}"),
    ],
)
def test_a_changed_number_is_shown_whole(old, new, shown):
    signs = {Kind.SAME: "%s", Kind.OUT: "[%s]", Kind.IN: "{%s}"}

    assert "".join(signs[kind] % text for kind, text in marked(old, new)) == shown


def test_thousands_of_equal_paragraphs_are_shown_whole_instead_of_compared():
    old = "\n\n".join(["같은 문단"] * 2001)
    new = f"{old}\n\n새 문단"

    assert marked(old, new) == [(Kind.OUT, old), (Kind.IN, new)]
    assert marked(old, old) == [(Kind.SAME, old)]
    many = ["같은 문단"] * 2001
    assert merged_blocks(many, [*many, "하나"], ["둘", *many]) is None


def test_two_versions_are_compared_as_text_field_by_field(desk):
    mission = MissionFactory(name_ko="이라크", name_en="Iraq")
    release = ReleaseFactory(body_ko="<p>난민들에게 담요를 주었다.</p>", body_en="", **DRAFT)
    saved(
        desk,
        release,
        body_ko="<p>난민들을 담요로 <strong>도왔다</strong>.</p>",
        mission=mission.pk,
        contacts__0__name="Press desk",
        contacts__0__phone="+82 2 555",
    )

    page = read(desk.get(history(release).replace("/en/", "/"), {"from": "1", "to": "2"}))

    parts = {part.one("h3").words: part for part in page.all("section", class_="difference")}
    assert set(parts) == {"한국어 본문", "지부", "연락처"}
    body = next(part for part in parts.values() if "난민" in part.words).one("p", class_="marked")
    assert "<" not in body.words
    assert "에게" in body.all("del")[0].words
    assert "을" in body.all("ins")[0].words
    assert body["lang"] == "ko"
    assert any("Press desk · +82 2 555" in part.words for part in parts.values())
    assert any("이라크" in part.words for part in parts.values())


def test_a_change_of_markup_alone_is_told(desk):
    release = ReleaseFactory(body_ko="<p>담요</p>", **DRAFT)
    saved(desk, release, body_ko="<p><strong>담요</strong></p>")

    page = read(desk.get(history(release), {"from": "1", "to": "2"}))

    assert "The words are the same" in page.one("section", class_="difference").words


def test_the_history_tells_who_when_and_what_newest_first(desk, kim):
    release = ReleaseFactory(**DRAFT)
    saved(desk, release, title_ko="다음")
    Version.objects.filter(number=2).update(saved_at=datetime(2026, 1, 1, 23, 30, tzinfo=UTC))

    rows = read(desk.get(history(release))).one("table", class_="versions").one("tbody").all("tr")

    assert [row.one("th").words for row in rows] == ["2", "1"]
    assert "김민지" in rows[0].words
    assert "2026-01-02 08:30" in rows[0].words
    assert "headline in Korean" in rows[0].words
    assert "the newsroom" in rows[1].words


@pytest.mark.parametrize("query", [{"from": "x", "to": "1"}, {"from": "1", "to": "9"}, {"p": "x"}])
def test_a_query_that_names_no_versions_shows_the_list(desk, query):
    release = ReleaseFactory(**DRAFT)
    saved(desk, release, title_ko="다음")

    assert desk.get(history(release), query).status_code == 200


def test_the_history_costs_the_same_however_long(desk, django_assert_max_num_queries):
    release = ReleaseFactory(**DRAFT)
    for number in range(20):
        versions.keep(release)
        Release.objects.update(title_ko=f"제목 {number}")

    with django_assert_max_num_queries(16):
        desk.get(history(release))


def test_nobody_sees_the_history_of_what_they_may_not_see(django_user_model):
    release = ReleaseFactory(**DRAFT)
    other = at_desk(person(django_user_model, "lee", AUTHOR))

    assert other.get(history(release)).status_code == 302
    assert restore(other, release, 1).status_code == 404


# Bringing back


@pytest.mark.parametrize("state", [*NOT_PUBLIC, State.PUBLIC])
def test_bringing_back_is_a_new_version_and_moves_no_time(desk, kim, state):
    release = ReleaseFactory(title_ko="처음", **NOT_PUBLIC.get(state, {}))
    times = {name: getattr(release, name) for name in workflow.TIMES}
    saved(desk, release, title_ko="다음")

    response = restore(desk, release, 1)

    assert "The words of version 1 are back." in words(response)
    assert title(release) == "처음"
    assert {name: getattr(release, name) for name in workflow.TIMES} == times
    newest = release.versions.first()
    assert (newest.number, newest.saved_by) == (3, kim)


def test_an_address_that_is_brought_back_keeps_the_one_between(desk, client):
    release = ReleaseFactory(title_ko="처음", slug="first")
    saved(desk, release, slug="second")
    restore(desk, release, 1)

    assert client.get(f"/releases/{release.pk}/first/").status_code == 200
    assert client.get(f"/releases/{release.pk}/second/").status_code == 301


def test_what_a_public_release_may_not_say_is_not_brought_back(desk):
    release = ReleaseFactory(body_ko="", body_en="", title_ko="처음", **DRAFT)
    versions.keep(release)
    saved(desk, release, body_ko="<p>글</p>")
    Release.objects.update(approved_at=timezone.now(), publish_at=timezone.now())

    response = restore(desk, release, 1)

    assert "An approved release needs a text in some language." in words(response)
    assert Release.objects.get().body_ko == "<p>글</p>"


def test_missions_and_contacts_that_are_gone_are_mended_and_told(desk):
    mission, entry = MissionFactory(), PressContactFactory(name="Susan Megy")
    release = ReleaseFactory(mission=mission, **DRAFT)
    ReleaseContactFactory(release=release, contact=entry, name="Susan Megy")
    versions.keep(release)
    Release.objects.update(mission=None)
    ReleaseContact.objects.all().delete()
    mission.delete()
    entry.delete()

    response = restore(desk, release, 1)

    release.refresh_from_db()
    assert release.mission is None
    assert list(release.contacts.values_list("name", "contact")) == [("Susan Megy", None)]
    assert "The mission is gone" in words(response)
    assert "“Susan Megy” is no longer in the directory" in words(response)


def test_only_who_may_change_a_release_brings_old_words_back(desk, django_user_model):
    lee = person(django_user_model, "lee", AUTHOR)
    release = ReleaseFactory(author=lee, title_ko="처음", **DRAFT)
    saved(desk, release, title_ko="다음")
    workflow.submit(release, by=lee)

    assert restore(at_desk(lee), release, 1).status_code == 403
    page = at_desk(lee).get(history(release))
    assert "Bring back version" not in page.content.decode()
    assert title(release) == "다음"


@pytest.mark.parametrize("number", ["", "x", "9", "-1", "1.5"])
def test_a_version_that_is_not_there_is_not_brought_back(desk, number):
    release = ReleaseFactory(**DRAFT)
    versions.keep(release)

    assert restore(desk, release, number).status_code == 404


LINE = st.text(st.characters(codec="utf-8", categories=["L", "N", "Zs"]), max_size=12)
BODY = st.lists(LINE.filter(str.strip), max_size=3).map(
    lambda lines: "".join(f"<p>{line}</p>" for line in lines)
)
CONTENTS = st.fixed_dictionaries(
    {
        "title_ko": LINE.map(lambda line: f"제목{line}"),
        "title_en": LINE,
        "summary_ko": LINE,
        "body_ko": BODY,
        "body_en": BODY,
        "contact_heading": LINE,
        "dateline_en": LINE,
        "release_date": st.dates(date(1990, 1, 1), date(2100, 1, 1)),
    }
)
ROWS = st.lists(st.tuples(LINE, LINE), max_size=3)


class Restoring(TestCase):
    @settings(max_examples=40)
    @given(st.lists(st.tuples(CONTENTS, ROWS), min_size=2, max_size=4), st.data())
    def test_a_version_that_is_brought_back_is_said_again(self, contents, data):
        release = Release(**contents[0][0])
        for values, rows in contents:
            for name, value in values.items():
                setattr(release, name, value)
            release.save()
            release.contacts.all().delete()
            for position, (name, phone) in enumerate(rows):
                ReleaseContact.objects.create(
                    release=release, position=position, name=f"n{name}", phone=phone
                )
            versions.keep(release)
        version = data.draw(st.sampled_from(list(release.versions.all())))

        versions.restore(version)

        assert versions.content_of(Release.objects.get(pk=release.pk)) == version.content


# Deleting and recovering


@pytest.fixture
def gone(desk):
    """A draft with contacts, versions and a log, deleted by Kim."""
    entry = PressContactFactory(name="Susan Megy")
    release = ReleaseFactory(
        title_ko="구호품",
        slug="relief",
        source_key="text:1",
        views=7,
        mission=MissionFactory(),
        **DRAFT,
    )
    ReleaseContactFactory(release=release, contact=entry, name="Susan Megy", position=0)
    saved(desk, release, title_ko="구호품 도착")
    workflow.comment(release, comment="좋습니다")
    delete(desk, release)
    assert not Release.objects.exists()
    return release


def test_a_deleted_release_is_listed_with_who_deleted_it_and_when(desk, gone):
    assert "Deleted releases" in read(desk.get(RELEASES)).one("ul", class_="object-tools").words

    row = read(desk.get(DELETED)).one("table", class_="versions").one("tbody").one("tr")

    assert "구호품 도착" in row.words
    assert "김민지" in row.words
    assert row.all("time")


def test_a_deleted_release_comes_back_as_a_draft_with_all_that_belongs_to_it(desk, kim, gone):
    created_at = gone.created_at

    response = recover(desk, gone.pk)

    release = Release.objects.get()
    assert "is back as a draft" in words(response)
    assert (release.pk, release.state, release.title_ko) == (gone.pk, State.DRAFT, "구호품 도착")
    assert (release.slug, release.source_key, release.views) == ("relief", "text:1", 7)
    assert release.created_at == created_at
    assert release.mission == gone.mission
    assert [row.name for row in release.contact_block] == ["Susan Megy"]
    assert release.contact_block[0].contact == PressContact.objects.get()
    assert release.versions.count() == 2
    assert list(release.steps.values_list("verb", flat=True)) == ["comment", "delete", "recover"]
    assert desk.get(change(release)).status_code == 200


def test_releases_deleted_from_the_list_come_back_as_well(desk):
    releases = [ReleaseFactory(title_ko=f"제목 {n}", **IN_REVIEW) for n in range(2)]
    chosen = {"action": "delete_selected", "_selected_action": [r.pk for r in releases]}
    desk.post(RELEASES, chosen | {"confirmed": "yes"})
    assert not Release.objects.exists()

    for release in releases:
        recover(desk, release.pk)

    assert set(Release.objects.values_list("pk", "title_ko")) == {
        (r.pk, r.title_ko) for r in releases
    }
    assert {release.state for release in Release.objects.all()} == {State.DRAFT}


def test_what_has_come_back_is_no_longer_listed_and_can_be_deleted_again(desk, gone):
    recover(desk, gone.pk)
    assert "Nothing has been deleted." in read(desk.get(DELETED)).words

    delete(desk, gone)
    rows = read(desk.get(DELETED)).one("tbody").all("tr")
    assert len(rows) == 1
    recover(desk, gone.pk)

    assert Release.objects.get().pk == gone.pk


def test_a_release_comes_back_once(desk, gone):
    recover(desk, gone.pk)

    assert "not among the deleted" in words(recover(desk, gone.pk))
    assert Release.objects.count() == 1


def test_what_was_imported_anew_meanwhile_stays_with_the_import(desk, gone):
    ReleaseFactory(source_key="text:1")

    response = recover(desk, gone.pk)

    assert Release.objects.get(pk=gone.pk).source_key is None
    assert "imported anew" in words(response)


def test_deleted_missions_and_contacts_are_mended_when_a_release_comes_back(desk, gone):
    PressContact.objects.all().delete()
    gone.mission.delete()

    response = recover(desk, gone.pk)

    release = Release.objects.get()
    assert release.mission is None
    assert [row.name for row in release.contact_block] == ["Susan Megy"]
    assert "The mission is gone" in words(response)


@pytest.mark.django_db(transaction=True)
def test_of_two_clicks_at_once_one_brings_it_back(django_user_model):
    # Roles, which a transactional test before may have cleared.
    call_command("migrate", verbosity=0)
    clients = [at_desk(person(django_user_model, name)) for name in ("a", "b")]
    release = ReleaseFactory(title_ko="구호품", **DRAFT)
    delete(clients[0], release)
    start, answers = threading.Barrier(len(clients)), []

    def click(client):
        try:
            start.wait()
            answers.append(client.post(DELETED, {"release": release.pk}).status_code)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=click, args=[client]) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert answers == [302, 302]
    assert [step.verb for step in Step.objects.order_by("pk")] == ["delete", "recover"]


def test_a_new_release_never_takes_the_number_of_a_deleted_one(desk, gone):
    assert ReleaseFactory().pk != gone.pk

    recover(desk, gone.pk)

    assert Release.objects.count() == 2
    assert ReleaseFactory().pk not in (None, gone.pk)


def test_authors_see_and_bring_back_their_own_alone(desk, django_user_model, gone):
    lee = person(django_user_model, "lee", AUTHOR)
    own = ReleaseFactory(title_ko="내 글", author=lee, **DRAFT)
    delete(at_desk(lee), own)

    page = read(at_desk(lee).get(DELETED))
    answer = recover(at_desk(lee), gone.pk)

    assert "내 글" in page.words
    assert "구호품" not in page.words
    assert "not among the deleted" in words(answer)
    assert "구호품" not in answer.content.decode()
    recover(at_desk(lee), own.pk)
    assert Release.objects.get().author == lee


def test_who_may_delete_nothing_sees_nothing_deleted(django_user_model, gone):
    analyst = at_desk(person(django_user_model, "park", ANALYST))

    assert analyst.get(DELETED).status_code == 403
    assert analyst.post(DELETED, {"release": gone.pk}).status_code == 403
    assert "Deleted releases" not in analyst.get(RELEASES).content.decode()


@pytest.mark.parametrize("number", ["", "x", "0", "999999", "9" * 30])
def test_what_was_never_deleted_does_not_come_back(desk, number):
    assert "not among the deleted" in words(recover(desk, number))


def test_versions_outlive_a_release_and_its_views_go_with_it(desk, gone):
    assert Version.objects.filter(release_id=gone.pk).count() == 2
    assert Step.objects.filter(release_id=gone.pk, verb="delete").exists()
    assert not DailyViews.objects.exists()
