"""What the public could read before stays readable; nothing else of a release's past is."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction

from releases import correcting, versions, workflow
from releases.intake.pasted import read_pasted
from releases.intake.saving import Importer
from releases.models import Release, Step, Version
from tests.corrected import change, correct
from tests.desk.keeping import at_desk, history, saved
from tests.desk.people import ANALYST, AUTHOR, KEEPER, person
from tests.factories import DRAFT, NINE, ReleaseContactFactory, ReleaseFactory
from tests.reading import read

pytestmark = pytest.mark.django_db

SECRET = "아직은비밀인글"


def address(release, number) -> str:
    return f"/releases/{release.pk}/versions/{number}/"


def public_numbers(release) -> list[tuple[int, int | None]]:
    return list(release.versions.order_by("number").values_list("number", "public_number"))


def once_draft(**values) -> Release:
    """Written in two versions, the first of them secret, then published on its past date."""
    release = ReleaseFactory(title_ko=SECRET, **DRAFT | {"publish_at": NINE}, **values)
    versions.keep(release)
    release.title_ko = "구호품 도착"
    release.save()
    versions.keep(release)
    workflow.publish_dated(release)
    return release


def test_what_was_public_is_read_as_it_stood_under_a_bar(client):
    release = ReleaseFactory(title_ko="첫 제목", body_ko="<p>첫 글</p>")
    ReleaseContactFactory(release=release, phone="+82 2 555 0199")
    change(release, title_ko="둘째 제목", body_ko="<p>둘째 글</p>")

    response = client.get(address(release, 1))

    page = read(response)
    assert page.one("h1").words == "(2014/9/9) 첫 제목"
    assert page.one("div", class_="body").words == "첫 글"
    bar = page.one("aside", class_="earlier-bar")
    assert "이전 버전" in bar.one("strong").words
    assert bar.one("a")["href"] == release.get_absolute_url()
    assert page.one("meta", name="robots")["content"] == "noindex"
    canonical = page.one("link", rel="canonical")["href"]
    assert canonical == f"http://testserver{release.get_absolute_url()}"
    assert "555 0199" not in response.text
    assert not page.all("script", type="application/ld+json")


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_what_was_posted_in_the_past_was_public_since_then_and_a_change_since_it_was_made(
    client, prefix
):
    release = once_draft(title_en="First headline")
    change(release, title_ko="둘째 제목", title_en="Second headline")
    change(release, title_ko="셋째 제목", title_en="Third headline")

    first, second = (
        read(client.get(prefix + address(release, number))).one("aside", class_="earlier-bar").words
        for number in (1, 2)
    )

    assert {"": "2014년 9월 9일", "/en": "9 September 2014"}[prefix] in first
    assert "2014" not in second


def test_the_present_version_is_the_page_itself(client):
    release = ReleaseFactory()
    change(release, title_ko="둘째 제목")

    response = client.get(address(release, 2))

    assert (response.status_code, response["Location"]) == (302, release.get_absolute_url())


def test_nothing_from_before_it_was_public_is_ever_read(client):
    release = once_draft()
    change(release, title_ko="다시 고친 제목")

    found = [client.get(address(release, number)) for number in range(5)]

    # The last one before posting is the first that the public could read.
    assert public_numbers(release) == [(1, None), (2, 1), (3, 2)]
    assert [response.status_code for response in found] == [404, 200, 302, 404, 404]
    assert not any(SECRET in response.text for response in found)


def test_a_version_of_a_draft_that_is_brought_back_is_public_as_a_new_one_alone(client, desk):
    release = once_draft()

    desk.post(f"{history(release)}restore/", {"version": 1, "correction_kind": "fix"})

    assert public_numbers(release) == [(1, None), (2, 1), (3, 2)]
    assert SECRET in client.get(release.get_absolute_url()).text
    assert "구호품 도착" in client.get(address(release, 1)).text


def test_what_was_written_past_the_desk_makes_no_draft_public(client, desk):
    release = ReleaseFactory(title_ko=SECRET, **DRAFT)
    versions.keep(release)
    Release.objects.update(
        title_ko="공개한 제목", submitted_at=NINE, approved_at=NINE, publish_at=NINE
    )

    saved(
        desk, release, title_ko="고친 제목",
        correction_kind="correction", correction_note_ko="제목", correction_note_en="The headline",
    )  # fmt: skip

    assert public_numbers(release) == [(1, None), (2, 1), (3, 2)]
    difference = client.get(f"/releases/{release.pk}/corrections/1/")
    assert difference.status_code == 200
    assert SECRET not in difference.text


def test_what_is_written_while_it_is_withdrawn_is_public_only_once_it_is_restored(client, desk):
    release = ReleaseFactory(title_ko="첫 제목")
    change(release, title_ko="둘째 제목")
    workflow.withdraw(release, reason_ko="오류")
    saved(desk, release, title_ko=SECRET)
    saved(desk, release, title_ko="셋째 제목")

    withdrawn = [client.get(address(release, number)).status_code for number in range(1, 6)]
    release.refresh_from_db()
    workflow.restore(release)
    restored = [client.get(address(release, number)) for number in range(1, 6)]

    assert withdrawn == [410] * 5
    assert [response.status_code for response in restored] == [200, 200, 302, 404, 404]
    assert not any(SECRET in response.text for response in restored)


def test_what_was_public_until_a_withdrawal_can_be_cited_once_it_is_undone(client, desk):
    release = once_draft()
    workflow.withdraw(release, reason_ko="오류")
    saved(desk, release, title_ko="고친 제목")
    release.refresh_from_db()

    workflow.restore(release)

    assert "구호품 도착" in client.get(address(release, 1)).text
    assert "고친 제목" in client.get(release.get_absolute_url()).text


def test_a_posted_time_that_is_corrected_makes_no_draft_public(client):
    release = once_draft()
    change(release, title_ko="둘째 제목")

    workflow.redate(release, at=NINE.replace(year=2013))

    assert [client.get(address(release, n)).status_code for n in (1, 2, 3)] == [200, 302, 404]
    assert SECRET not in client.get(address(release, 1)).text


def test_an_import_that_overwrites_leaves_what_it_replaced_to_be_cited(client):
    texts = [
        f"(2014/9/9) Relief\n\nWe helped {number} people.\n\nPosted on Tue, Sep-09-2014"
        for number in (1, 2)
    ]
    (first,) = Importer().save_all(read_pasted(texts[0]).releases)
    # As if it had been kept while it was still a draft.
    Version.objects.update(public_number=None, public_at=None)

    list(Importer().save_all(read_pasted(texts[1]).releases))

    assert "helped 1 people" in client.get(address(first.release, 1)).text
    assert "helped 2 people" in client.get(first.release.get_absolute_url()).text


# Hiding


def test_a_hidden_version_says_so_neutrally_and_its_differences_are_hidden_too(client, editor):
    release = ReleaseFactory(title_ko=SECRET)
    correct(release, title_ko="둘째 제목")
    correct(release, title_ko="셋째 제목")

    correcting.hide(release.versions.get(public_number=1), editor, "이름이 나와 있음")

    version = client.get(address(release, 1))
    assert version.status_code == 410
    assert "이전 버전을 더 이상 공개하지 않습니다." in version.text
    difference = client.get(f"/releases/{release.pk}/corrections/1/")
    assert difference.status_code == 200
    assert "숫자를 바로잡았습니다." in difference.text
    for response in (version, difference, client.get(release.get_absolute_url())):
        assert SECRET not in response.text
        assert "이름이 나와 있음" not in response.text
    assert "셋째" in client.get(f"/releases/{release.pk}/corrections/2/").text
    step = Step.objects.get(verb="hide_version")
    assert step.by == editor
    assert step.text == "제1판\n이름이 나와 있음"


def test_hiding_is_undone(client, editor):
    release = ReleaseFactory(title_ko="첫 제목")
    correct(release, title_ko="둘째 제목")
    version = release.versions.get(public_number=1)
    correcting.hide(version, editor, "확인 중")

    correcting.show(version, editor, "문제없음")

    assert "첫 제목" in client.get(address(release, 1)).text
    assert client.get(f"/releases/{release.pk}/corrections/1/").text.count("<ins>") > 1
    assert Step.objects.filter(verb="show_version", text="제1판\n문제없음").exists()


def test_hiding_is_done_and_undone_from_the_history(client, desk):
    release = ReleaseFactory(title_ko="첫 제목")
    change(release, title_ko="둘째 제목")
    links = [a for a in read(desk.get(history(release))).all("a") if "/hide/" in a["href"]]
    page = desk.get(links[0]["href"])
    form = next(f.entries for f in read(page).all("form") if "do" in f.entries)

    silent = desk.post(links[0]["href"].partition("?")[0], form)
    assert "Say why" in silent.content.decode()
    desk.post(links[0]["href"].partition("?")[0], form | {"reason": "개인 정보"})

    assert len(links) == 1
    assert client.get(address(release, 1)).status_code == 410
    assert "Show version 1 again" in desk.get(history(release)).content.decode()


def test_who_hides_a_version_is_told_where_its_words_still_stand(desk):
    release = ReleaseFactory(title_ko="비밀이름 씨 도착", body_ko="<p>글</p>")
    change(release, body_ko="<p>둘째 글</p>")
    change(release, title_ko="구호품 도착", body_ko="<p>셋째 글</p>")
    change(release, body_ko="<p>넷째 글</p>")

    page = read(desk.get(f"/admin/releases/release/{release.pk}/history/hide/?version=1"))

    told = page.one("div", class_="remaining")
    assert [a["href"] for a in told.all("a")] == ["?version=2"]
    assert release.slug in told.words


def test_all_versions_up_to_one_are_hidden_in_one_go(client, desk):
    release = ReleaseFactory(title_ko="하나")
    for headline in ("둘", "셋", "넷"):
        change(release, title_ko=headline)
    there = f"/admin/releases/release/{release.pk}/history/hide/"

    desk.post(there, {"version": 2, "do": "hide", "reason": "개인 정보", "earlier": "1"})

    statuses = [client.get(address(release, number)).status_code for number in (1, 2, 3)]
    assert statuses == [410, 410, 200]
    reasons = Step.objects.filter(verb="hide_version").values_list("text", flat=True)
    assert sorted(text.split("\n")[1] for text in reasons) == ["개인 정보"] * 2


@pytest.mark.parametrize("number", [1, 3])
def test_neither_what_was_never_public_nor_what_is_public_now_is_hidden(editor, number):
    release = once_draft()
    change(release, title_ko="다시 고친 제목")

    with pytest.raises(ValidationError):
        correcting.hide(release.versions.get(number=number), editor, "까닭")

    assert not Version.objects.exclude(hidden_at=None).exists()


@pytest.mark.parametrize("role", [AUTHOR, KEEPER, ANALYST, ""])
def test_only_an_editor_hides_and_shows(role):
    user = person(role)
    release = ReleaseFactory(author=user)
    change(release, title_ko="둘째 제목")
    version = release.versions.get(number=1)
    hide = f"/admin/releases/release/{release.pk}/history/hide/"

    response = at_desk(user).post(hide, {"version": 1, "do": "hide", "reason": "까닭"})
    with pytest.raises(PermissionDenied):
        correcting.hide(version, user, "까닭")

    assert response.status_code in (302, 403, 404)
    version.refresh_from_db()
    assert version.hidden_at is None


# Rules of the database


@pytest.mark.parametrize(
    ("values", "rule"),
    [
        ({"public_number": 1}, "a_public_version_says_since_when"),
        ({"hidden_at": NINE}, "only_public_versions_are_hidden"),
        ({"public_number": 1, "public_at": NINE}, "one_number_per_public_version|public_number"),
    ],
)
def test_the_database_keeps_the_rules_of_public_versions(values, rule):
    release = ReleaseFactory()
    versions.keep(release)

    with pytest.raises(IntegrityError, match=rule), transaction.atomic():
        Version.objects.create(release=release, number=2, content={}, **values)
