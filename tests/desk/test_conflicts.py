"""Two people on one release: the second sees who changed what, keeps every word, and chooses."""

import json
import threading
from datetime import UTC, datetime
from itertools import product

import pytest
from django.db import connection, connections
from hypothesis import given
from hypothesis import strategies as st

from releases import versions, workflow
from releases.differences import Side, merge, merged_blocks, side
from releases.models import Release, State

from ..factories import DRAFT, PressContactFactory, ReleaseContactFactory, ReleaseFactory, tomorrow
from ..reading import read
from .keeping import (
    AUTHOR,
    DELETED,
    EDITOR,
    RELEASES,
    at_desk,
    change,
    form_of,
    history,
    opened,
    person,
    saved,
    sent,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def kim(django_user_model):
    return at_desk(person(django_user_model, "kim", last_name="김", first_name="민지"))


@pytest.fixture
def lee(django_user_model):
    return at_desk(person(django_user_model, "lee", last_name="이", first_name="서준"))


@pytest.fixture
def release():
    release = ReleaseFactory(
        title_ko="담요 도착",
        body_ko="<p>하나.</p>\n<p>둘.</p>\n<p>셋.</p>",
        title_en="Blankets",
        body_en="",
        **DRAFT,
    )
    ReleaseContactFactory(release=release, name="Press desk", position=0)
    versions.keep(release)
    return release


def page_of(response):
    assert response.status_code == 409
    return read(response)


def parts_of(page):
    """The parts to choose for: name -> section."""
    sections = page.one("form", id="conflict_form").all("section", class_="difference")
    return {s["aria-labelledby"].removeprefix("about-"): s for s in sections}


def chosen(page, name):
    """What is preselected for a part."""
    radios = parts_of(page)[name].all("input", type="radio")
    return [radio["value"] for radio in radios if "checked" in radio.attributes]


def choose(client, release, page, **choices):
    entries = page.one("form", id="conflict_form").entries
    choices = {name.replace("__", "-"): value for name, value in choices.items()}
    return client.post(change(release), entries | choices)


def now(release):
    return versions.content_of(Release.objects.get(pk=release.pk))


def complaints_of(response):
    return [
        item.words for lst in read(response).all("ul", class_="errorlist") for item in lst.all("li")
    ]


# Noticing


def test_who_saves_second_saves_nothing_and_sees_who_saved_when(kim, lee, release):
    form = opened(lee, change(release))
    saved(kim, release, title_ko="담요 만 장 도착")
    before = now(release)

    page = page_of(sent(lee, change(release), form, dateline_ko="요약 글"))

    assert now(release) == before
    assert release.versions.count() == 2
    assert "김민지 saved version 2 at" in page.one("div", class_="notice").words
    assert "요약 글" in page.words


def test_the_page_shows_base_theirs_and_mine_whole_with_the_differences_marked(kim, lee, release):
    form = opened(lee, change(release))
    saved(kim, release, title_ko="담요 만 장 도착")

    page = page_of(sent(lee, change(release), form, title_ko="담요가 도착"))

    part = parts_of(page)["title_ko"]
    base, theirs, mine = part.one("div", class_="sides").all("p", class_="marked")
    assert base.words == "담요 도착"
    assert [mark.words for mark in theirs.all("ins")] == ["[added: 만 장 ]"]
    assert "담요" in mine.words
    assert "가" in mine.all("ins")[0].words
    assert base["lang"] == "ko"


def test_one_click_merges_what_only_one_of_them_changed(kim, lee, release):
    form = opened(lee, change(release))
    saved(kim, release, title_ko="김의 제목", contacts__0__phone="+82 2 777")

    page = page_of(sent(lee, change(release), form, dateline_ko="이의 요약"))
    assert chosen(page, "title_ko") == ["theirs"]
    assert chosen(page, "contacts") == ["theirs"]
    assert chosen(page, "dateline_ko") == ["mine"]
    response = choose(lee, release, page)

    assert response.status_code == 302
    said = now(release)
    assert (said["title_ko"], said["dateline_ko"]) == ("김의 제목", "이의 요약")
    assert said["contacts"][0]["phone"] == "+82 2 777"
    newest = release.versions.first()
    assert (newest.number, newest.saved_by.username) == (3, "lee")


@pytest.mark.parametrize(
    ("choice", "stands"),
    [
        ({"choose__title_ko": "theirs"}, "김의 제목"),
        ({"choose__title_ko": "mine"}, "이의 제목"),
        ({"choose__title_ko": "merged", "merged__title_ko": "둘의 제목"}, "둘의 제목"),
    ],
)
def test_what_both_changed_is_chosen_or_written_together(kim, lee, release, choice, stands):
    form = opened(lee, change(release))
    saved(kim, release, title_ko="김의 제목")
    page = page_of(sent(lee, change(release), form, title_ko="이의 제목"))

    assert chosen(page, "title_ko") == []
    choose(lee, release, page, **choice)

    assert now(release)["title_ko"] == stands


def test_without_a_choice_the_page_comes_again_with_every_word(kim, lee, release):
    form = opened(lee, change(release))
    saved(kim, release, title_ko="김의 제목")
    page = page_of(sent(lee, change(release), form, title_ko="이의 제목", dateline_ko="요약"))

    page = page_of(choose(lee, release, page, merged__title_ko="반쯤 합친 제목"))

    assert "Choose for every part" in page.words
    assert now(release)["title_ko"] == "김의 제목"
    assert "이의 제목" in page.words
    assert page.one("input", name="merged-title_ko")["value"] == "반쯤 합친 제목"
    assert "김민지 saved version 2" in page.words
    choose(lee, release, page, choose__title_ko="mine")
    assert (now(release)["title_ko"], now(release)["dateline_ko"]) == ("이의 제목", "요약")


def test_paragraphs_of_both_are_proposed_together(kim, lee, release):
    form = opened(lee, change(release))
    saved(kim, release, body_ko="<p>하나, 김.</p>\n<p>둘.</p>\n<p>셋.</p>")

    page = page_of(
        sent(lee, change(release), form, body_ko="<p>하나.</p>\n<p>둘.</p>\n<p>셋, 이.</p>")
    )
    choose(lee, release, page, choose__body_ko="merged")

    assert now(release)["body_ko"] == "<p>하나, 김.</p>\n<p>둘.</p>\n<p>셋, 이.</p>"


def test_the_contact_block_is_chosen_as_a_whole(kim, lee, release):
    entry = PressContactFactory(name="Susan Megy")
    form = opened(lee, change(release))
    saved(kim, release, contacts__0__name="Kim's desk")

    page = page_of(
        sent(
            lee,
            change(release),
            form,
            contacts__0__place="2",
            contacts__0__phone="+82 2 999",
            contacts__1__contact=entry.pk,
            contacts__1__place="1",
        )
    )
    assert chosen(page, "contacts") == []
    assert "Susan Megy" in parts_of(page)["contacts"].words
    choose(lee, release, page, choose__contacts="mine")

    rows = now(release)["contacts"]
    assert [row["name"] for row in rows] == ["Susan Megy", "Press desk"]
    assert (rows[0]["contact"], rows[1]["phone"]) == (entry.pk, "+82 2 999")


def test_a_row_that_the_other_one_deleted_stops_nobody(kim, lee, release):
    form = opened(lee, change(release))
    saved(kim, release, contacts__0__DELETE="on")

    page = page_of(sent(lee, change(release), form, contacts__0__phone="+82 2 999"))
    choose(lee, release, page, choose__contacts="mine")

    assert [row["phone"] for row in now(release)["contacts"]] == ["+82 2 999"]


def test_the_same_change_by_both_is_nothing_to_choose(kim, lee, release):
    form = opened(lee, change(release))
    saved(kim, release, title_ko="같은 제목")

    page = page_of(sent(lee, change(release), form, title_ko="같은 제목", dateline_ko="요약"))

    assert set(parts_of(page)) == {"dateline_ko"}
    choose(lee, release, page)
    assert (now(release)["title_ko"], now(release)["dateline_ko"]) == ("같은 제목", "요약")


def test_whoever_is_late_again_is_told_again(kim, lee, release):
    form = opened(lee, change(release))
    saved(kim, release, title_ko="김의 제목")
    page = page_of(sent(lee, change(release), form, title_ko="이의 제목"))
    saved(kim, release, title_ko="김의 둘째 제목", dateline_ko="김의 요약")

    page = page_of(choose(lee, release, page, choose__title_ko="mine"))

    assert now(release)["title_ko"] == "김의 둘째 제목"
    assert "saved version 3" in page.words
    assert json.loads(page.one("input", name="mine-title_ko")["value"]) == "이의 제목"
    assert chosen(page, "dateline_ko") == ["theirs"]
    choose(lee, release, page, choose__title_ko="mine")
    assert (now(release)["title_ko"], now(release)["dateline_ko"]) == ("이의 제목", "김의 요약")


def test_what_cannot_be_understood_is_kept_as_typed_and_refused_in_the_form(kim, lee, release):
    form = opened(lee, change(release))
    saved(kim, release, title_ko="김의 제목")

    page = page_of(
        sent(
            lee,
            change(release),
            form,
            release_date="어제쯤",
            publish_at_0="내일",
            publish_at_1="9시",
        )
    )
    assert "어제쯤" in parts_of(page)["release_date"].words
    assert "내일 9시" in parts_of(page)["publish_at"].words
    answer = choose(lee, release, page)

    assert answer.status_code == 200
    assert "Enter a valid date." in complaints_of(answer)
    entries = form_of(read(answer)).entries
    assert (entries["release_date"], entries["publish_at_0"]) == ("어제쯤", "내일")
    assert entries["title_ko"] == "김의 제목"


def test_two_windows_of_one_person_meet_as_well(kim, release):
    form = opened(kim, change(release))
    saved(kim, release, title_ko="첫 창")

    page_of(sent(kim, change(release), form, title_ko="둘째 창"))


def test_a_form_that_does_not_say_what_it_was_made_from_is_asked(kim, release):
    form = opened(kim, change(release))
    del form["_made_from"]

    page = page_of(sent(kim, change(release), form, title_ko="다른 제목"))

    assert set(parts_of(page)) == {"title_ko"}


@pytest.mark.parametrize(
    "token", ["", "x", "1", "1.0.draft.", "99.0.draft", "1.0.nowhere", "-1.0.draft"]
)
def test_a_made_up_token_saves_nothing(kim, release, token):
    form = opened(kim, change(release)) | {"_made_from": token}

    page_of(sent(kim, change(release), form, title_ko="다른 제목"))

    assert now(release)["title_ko"] == "담요 도착"


@pytest.mark.parametrize("value", ["", "{", "5", '"x"', "[1]", '[{"name": 1}]', "null", '{"a": 1}'])
@pytest.mark.parametrize("name", ["_base", "mine-title_ko", "mine-contacts", "mine-body_ko"])
def test_a_page_that_was_tampered_with_breaks_nothing(kim, lee, release, name, value):
    form = opened(lee, change(release))
    saved(kim, release, title_ko="김의 제목", body_ko="<p>김</p>", contacts__0__name="Kim")
    page = page_of(
        sent(
            lee, change(release), form, title_ko="이", body_ko="<p>이</p>", contacts__0__name="Lee"
        )
    )
    entries = page.one("form", id="conflict_form").entries | {name: value}

    for choice in ("mine", "theirs", "merged", ""):
        choices = {f"choose-{part}": choice for part in ("title_ko", "body_ko", "contacts")}
        assert lee.post(change(release), entries | choices).status_code in (200, 302, 409)


def test_a_release_that_was_never_saved_at_the_desk_is_guarded_as_well(kim, lee):
    release = ReleaseFactory(title_ko="처음", **DRAFT)
    form = opened(lee, change(release))
    saved(kim, release, title_ko="김의 제목")

    page = page_of(sent(lee, change(release), form, title_ko="이의 제목"))

    assert "처음" in parts_of(page)["title_ko"].words
    assert [v.content["title_ko"] for v in release.versions.order_by("number")] == [
        "처음",
        "김의 제목",
    ]


# Steps of others


def test_words_for_a_draft_are_not_saved_onto_what_went_public_unasked(kim, lee, release):
    form = opened(lee, change(release))
    workflow.schedule(release, tomorrow())
    Release.objects.update(publish_at=release.created_at)

    page = page_of(sent(lee, change(release), form, title_ko="이의 제목"))

    notice = page.one("div", class_="notice").words
    assert "When you opened it, it was “Draft”; now it is “Public”." in notice
    assert "read by the public at once" in notice
    assert chosen(page, "title_ko") == ["mine"]
    assert now(release)["title_ko"] == "담요 도착"
    asked = choose(lee, release, page)
    assert now(release)["title_ko"] == "담요 도착"
    sent(lee, change(release), form_of(read(asked)).entries, correction_kind="fix")
    assert now(release)["title_ko"] == "이의 제목"
    assert Release.objects.get().state == State.PUBLIC


def test_a_comment_of_a_colleague_holds_nobody_up(lee, release):
    form = opened(lee, change(release))
    workflow.comment(release, comment="좋습니다")

    assert sent(lee, change(release), form, title_ko="이의 제목").status_code == 302


def test_whoever_may_no_longer_change_it_keeps_their_words(django_user_model, release):
    author = person(django_user_model, "park", AUTHOR)
    Release.objects.update(author=author)
    form = opened(at_desk(author), change(release))
    workflow.submit(Release.objects.get(), by=author)

    response = sent(at_desk(author), change(release), form, title_ko="늦은 제목")

    assert response.status_code == 403
    assert "늦은" in read(response).words
    assert now(release)["title_ko"] == "담요 도착"


def test_words_for_a_deleted_release_are_shown_and_it_can_be_brought_back(kim, lee, release):
    form = opened(lee, change(release))
    kim.post(f"{RELEASES}{release.pk}/delete/", {"post": "yes"})

    page = page_of(sent(lee, change(release), form, title_ko="늦은 제목"))

    assert "늦은" in page.words
    assert "김민지 deleted this release" in page.words
    assert page.one("form", action=DELETED).one("button")["value"] == str(release.pk)


def test_a_stranger_to_a_draft_learns_nothing_by_saving(django_user_model, release):
    stranger = at_desk(person(django_user_model, "park", AUTHOR))

    answers = [
        stranger.post(f"{RELEASES}{pk}/change/", {"_made_from": "1.0.draft", "title_ko": "x"})
        for pk in (release.pk, release.pk + 1)
    ]

    assert [answer.status_code for answer in answers] == [302, 302]
    assert "담요" not in "".join(answer.content.decode() for answer in answers)


# A save that fails


def test_a_save_that_fails_keeps_every_word_and_what_the_form_was_made_from(lee, release):
    form = opened(lee, change(release))

    response = sent(
        lee,
        change(release),
        form | {"_draft": "12345678-aaaa"},
        title_ko="새 제목",
        dateline_ko="새 요약",
        release_date="언젠가",
        contacts__0__phone="+82 2 999",
        contacts__1__phone="이름이 없는 전화",
    )

    entries = form_of(read(response)).entries
    assert entries["title_ko"] == "새 제목"
    assert entries["dateline_ko"] == "새 요약"
    assert entries["release_date"] == "언젠가"
    assert entries["contacts-0-phone"] == "+82 2 999"
    assert entries["contacts-1-phone"] == "이름이 없는 전화"
    assert entries["_made_from"] == form["_made_from"]
    assert entries["_draft"] == "12345678-aaaa"
    assert "kept.12345678-aaaa" not in response.cookies


def test_a_browser_is_told_that_its_copy_was_saved_and_of_nothing_else(kim, lee, release):
    form = opened(lee, change(release)) | {"_draft": "12345678-aaaa"}
    saved(kim, release, title_ko="김의 제목")

    late = sent(lee, change(release), form, dateline_ko="요약")
    page = page_of(late)
    done = choose(lee, release, page)

    assert "kept.12345678-aaaa" not in late.cookies
    assert done.cookies["kept.12345678-aaaa"].value == "saved"


def test_the_copy_of_a_new_release_is_confirmed_as_well(kim):
    form = opened(kim, f"{RELEASES}add/") | {"_draft": "12345678-bbbb"}

    refused = sent(kim, f"{RELEASES}add/", form, title_ko="")
    done = sent(kim, f"{RELEASES}add/", form, title_ko="제목", release_date="2014-09-09")

    assert "kept.12345678-bbbb" not in refused.cookies
    assert "kept.12345678-bbbb" in done.cookies


def test_an_expired_session_confirms_nothing_and_leads_back_to_the_form(client, release):
    response = client.post(change(release), {"_draft": "12345678-aaaa", "title_ko": "x"})

    assert response.status_code == 302
    assert response["Location"] == f"/en/admin/login/?next={change(release)}"
    assert not any(name.startswith("kept.") for name in response.cookies)


# At the same moment


@pytest.mark.django_db(transaction=True)
def test_of_two_saves_at_once_exactly_one_wins(django_user_model):
    from django.core.management import call_command

    call_command(
        "migrate", verbosity=0
    )  # roles, which a transactional test before may have cleared
    release = ReleaseFactory(title_ko="처음", **DRAFT)
    versions.keep(release)
    clients = [at_desk(person(django_user_model, name, role=EDITOR)) for name in ("a", "b", "c")]
    forms = [opened(client, change(release)) for client in clients]
    start, answers = threading.Barrier(len(clients)), {}

    def save(name, client, form):
        try:
            start.wait()
            answers[name] = sent(client, change(release), form, title_ko=f"제목 {name}")
        finally:
            connections.close_all()

    threads = [
        threading.Thread(target=save, args=args) for args in zip("abc", clients, forms, strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    won = [name for name, answer in answers.items() if answer.status_code == 302]
    assert sorted(answer.status_code for answer in answers.values()) == [302, 409, 409]
    assert now(release)["title_ko"] == f"제목 {won[0]}"
    assert release.versions.count() == 2
    for name, answer in answers.items():
        if name not in won:
            assert (
                json.dumps(f"제목 {name}")
                in page_of(answer).one("input", name="mine-title_ko")["value"]
            )
    assert connection.vendor in ("sqlite", "postgresql")


def test_the_desk_writes_times_in_one_way_and_the_conflict_leads_to_the_release(kim, lee, release):
    form = opened(lee, change(release))
    saved(kim, release, title_ko="김의 제목")
    release.versions.update(saved_at=datetime(2026, 11, 24, 10, 41, tzinfo=UTC))

    page = page_of(sent(lee, change(release), form, dateline_ko="요약"))
    versions_page = read(lee.get(history(release)))

    assert "김민지 saved version 2 at 2026-11-24 19:41." in page.words
    assert "2026-11-24 19:41" in versions_page.one("tbody").words
    trail = page.one("div", class_="breadcrumbs").all("a")
    assert trail[-1]["href"] == change(release)


# Merging, as rules


VALUES = st.sampled_from(["", "가", "나", "다"])
NAMES = ["title", "summary", "body"]
CONTENT = st.fixed_dictionaries(dict.fromkeys(NAMES, VALUES))


@given(CONTENT, CONTENT, CONTENT)
def test_a_merge_never_drops_what_only_one_of_them_changed(base, theirs, mine):
    merged, to_choose = merge(base, theirs, mine)

    for name in NAMES:
        changed = {v for v in (theirs[name], mine[name]) if v != base[name]}
        if len(changed) == 1:
            assert merged[name] in changed
            assert name not in to_choose
        elif changed:
            assert name in to_choose
        else:
            assert merged[name] == base[name]


@pytest.mark.parametrize(("base", "theirs", "mine"), list(product("ab", "abc", "abc")))
def test_a_side_is_chosen_only_where_nothing_is_lost(base, theirs, mine):
    whose = side(base, theirs, mine)

    assert (whose == Side.BOTH) == (theirs != base and mine != base and theirs != mine)
    if whose == Side.MINE:
        assert theirs == base
    if whose == Side.THEIRS:
        assert mine in (base, theirs)


PARAGRAPHS = st.lists(st.sampled_from("abcdef"), max_size=6)


@given(PARAGRAPHS, PARAGRAPHS, PARAGRAPHS)
def test_paragraphs_of_both_are_all_there(base, theirs, mine):
    both = merged_blocks(base, theirs, mine)

    if both is not None:
        for side_ in (theirs, mine):
            for new in set(side_) - set(base):
                assert new in both
    assert merged_blocks(base, theirs, base) == theirs
    assert merged_blocks(base, base, mine) == mine
    assert merged_blocks(base, mine, mine) == mine


def test_the_history_shows_both_people(kim, lee, release):
    form = opened(lee, change(release))
    saved(kim, release, title_ko="김의 제목")
    page = page_of(sent(lee, change(release), form, dateline_ko="요약"))
    choose(lee, release, page)

    rows = read(kim.get(history(release))).one("tbody").all("tr")

    assert ["이서준" in rows[0].words, "김민지" in rows[1].words] == [True, True]
