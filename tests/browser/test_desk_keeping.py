"""Nothing is lost: two people on one release, and words that outlive tab, crash and login."""

import contextlib
import errno
import re
from unittest.mock import Mock

import pytest
from django.contrib.sessions.models import Session
from django.db import OperationalError
from playwright.sync_api import BrowserContext, Error, Page, expect

from releases import roles, versions
from releases.models import Presence, Release
from releases.storing import StorageAway
from tests.desk.keeping import AUTHOR, person
from tests.factories import DRAFT, PressContactFactory, ReleaseContactFactory, ReleaseFactory
from tests.uploads import image

from .axe import faults_of, on_each_screen
from .desk import sign_in, signed_in_by_form

pytestmark = pytest.mark.django_db(transaction=True)

PASSWORD = "a long enough password"
NOTHING_KEPT = "() => !Object.keys(localStorage).some((key) => key.startsWith('newsroom:draft:'))"
ADD = "/admin/releases/release/add/"


@pytest.fixture(autouse=True)
def _roles():
    """A test with real transactions clears the groups of those before it."""
    roles.keep_in_step()


@pytest.fixture
def release():
    release = ReleaseFactory(title_ko="담요 도착", body_ko="<p>하나.</p>", body_en="", **DRAFT)
    ReleaseContactFactory(release=release, name="Press desk", position=0)
    versions.keep(release)
    return release


def change(release) -> str:
    return f"/admin/releases/release/{release.pk}/change/"


@pytest.fixture
def desk(open_page, live_server, django_user_model):
    """Call it with an account's name: their page at the desk, in a browser of their own."""

    def signed_in(name: str, family: str = "", given: str = "", role=None, **options) -> Page:
        if not django_user_model.objects.filter(username=name).exists():
            values = {"last_name": family, "first_name": given, "password": PASSWORD}
            made = person(django_user_model, name, **({"role": role} if role else {}), **values)
            assert made.has_perm("releases.change_release")
        # A conflict answers 409, which Chromium counts as an error of the page.
        page = open_page(expect_errors=True, **options)
        sign_in(page, django_user_model.objects.get(username=name), live_server)
        return page

    return signed_in


def save(page: Page) -> None:
    page.locator('input[name="_continue"]').first.click()


def kept(page: Page) -> list[str]:
    """The copies that the browser keeps, once the page is whole."""
    page.wait_for_load_state()
    return page.evaluate(
        "Object.keys(localStorage).filter((key) => key.startsWith('newsroom:draft:'))"
    )


def type_and_wait(page: Page, label: str, words: str) -> None:
    """Write into a field and wait until the browser keeps a copy."""
    page.locator(f"#id_{label}").fill(words)
    page.wait_for_function(
        "words => Object.entries(localStorage).some(([key, copy]) => copy.includes(words))",
        arg=words,
    )


def copies(page: Page):
    return page.locator("#desk-copies section")


def again(page: Page, address: str) -> Page:
    """Another tab of the same browser, as after the first one was closed or had crashed."""
    context: BrowserContext = page.context
    page.close()
    fresh = context.new_page()
    fresh.goto(address)
    return fresh


# Two people


def test_two_people_see_one_another_and_both_peoples_words_are_stored(
    desk, release, keep_screenshot
):
    kim, lee = desk("kim", "김", "민지"), desk("lee", "이", "서준")
    kim.goto(change(release))
    expect(kim.locator("#id_title_ko")).to_be_visible()
    with lee.expect_response(lambda r: r.url.endswith("/presence/") and r.ok):
        lee.goto(change(release))
    expect(lee.locator("#desk-presence")).to_contain_text("김민지")
    keep_screenshot(lee, "presence")

    kim.locator("#id_title_ko").fill("담요 만 장 도착")
    save(kim)
    expect(kim.locator(".messagelist .success")).to_be_visible()
    with lee.expect_response(lambda r: r.url.endswith("/presence/") and r.ok):
        lee.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(lee.locator("#desk-presence")).to_contain_text("방금 저장했습니다")

    lee.locator("#id_dateline_ko").fill("이서준의 요약")
    save(lee)
    expect(lee.locator("#conflict_form")).to_be_visible()
    expect(lee.locator(".notice")).to_contain_text("김민지")
    expect(lee.locator("#conflict_form")).to_contain_text("이서준의 요약")
    keep_screenshot(lee, "conflict")
    lee.get_by_role("button", name="이대로 저장").click()

    expect(lee.locator(".messagelist .success")).to_be_visible()
    release.refresh_from_db()
    assert (release.title_ko, release.dateline_ko) == ("담요 만 장 도착", "이서준의 요약")
    lee.wait_for_function(NOTHING_KEPT)


def test_leaving_the_form_takes_the_name_away(desk, release):
    kim = desk("kim", "김", "민지")
    with kim.expect_response(lambda r: r.url.endswith("/presence/") and r.ok):
        kim.goto(change(release))
    assert Presence.objects.count() == 1

    kim.goto("/admin/")

    for _moment in range(300):
        if not Presence.objects.exists():
            break
        kim.wait_for_timeout(100)
    assert not Presence.objects.exists()


def test_the_choice_is_made_without_scripts_too(desk, release):
    page = desk("lee", "이", "서준", java_script_enabled=False)
    page.goto(change(release))
    Release.objects.update(title_ko="김의 제목")
    versions.keep(release)

    page.locator("#id_title_ko").fill("이의 제목")
    save(page)
    page.get_by_label("내가 쓴 대로").check()
    page.get_by_role("button", name="이대로 저장").click()

    expect(page.locator(".messagelist .success")).to_be_visible()
    release.refresh_from_db()
    assert release.title_ko == "이의 제목"


def test_the_pages_of_versions_are_accessible(desk, release, keep_screenshot):
    page = desk("lee", "이", "서준")
    page.goto(change(release))
    Release.objects.update(title_ko="김의 제목")
    versions.keep(release)
    page.locator("#id_title_ko").fill("이의 제목")
    save(page)
    expect(page.locator("#conflict_form")).to_be_visible()

    for name in ("conflict", "history", "deleted"):
        if name == "history":
            page.goto(f"/admin/releases/release/{release.pk}/history/?from=1&to=2")
        if name == "deleted":
            versions.delete(release)
            page.goto("/admin/releases/release/deleted/")
        for screen in on_each_screen(page):
            assert faults_of(page, "#content") == [], (name, screen)
            width = page.evaluate("document.documentElement.scrollWidth")
            assert width <= page.viewport_size["width"], (name, screen)
            keep_screenshot(page, f"{name}-{screen}")


# Words that outlive the page


def test_a_closed_tab_loses_nothing(desk, release, keep_screenshot):
    page = desk("kim")
    page.goto(change(release))
    type_and_wait(page, "title_ko", "아직 저장하지 않은 제목")
    page.locator("#id_contacts-0-phone").fill("+82 2 777")
    page.locator("#contacts-group .add-row a").click()
    page.locator("#id_contacts-2-name").fill("새 줄")
    page.locator("#id_contacts-1-name").fill("둘째 줄")

    page = again(page, change(release))

    expect(copies(page)).to_contain_text("한국어 제목: 아직 저장하지 않은 제목")
    expect(copies(page)).to_contain_text("+82 2 777")
    expect(page.locator("#id_title_ko")).to_have_value("담요 도착")
    keep_screenshot(page, "copies")
    page.get_by_role("button", name="다시 불러오기").click()
    expect(page.locator("#id_title_ko")).to_have_value("아직 저장하지 않은 제목")
    expect(page.locator("#id_contacts-2-name")).to_have_value("새 줄")
    save(page)
    expect(page.locator(".messagelist .success")).to_be_visible()

    release.refresh_from_db()
    assert release.title_ko == "아직 저장하지 않은 제목"
    assert list(release.contacts.values_list("name", "phone")) == [
        ("Press desk", "+82 2 777"),
        ("둘째 줄", ""),
        ("새 줄", ""),
    ]
    assert kept(page) == []


def test_a_crashed_tab_loses_nothing(desk, release):
    page = desk("kim")
    page.goto(change(release))
    type_and_wait(page, "dateline_ko", "쓰던 요약")
    context = page.context
    with page.expect_event("crash"), contextlib.suppress(Error):
        page.goto("chrome://crash", timeout=3000)
    page.close()

    fresh = context.new_page()
    fresh.goto(change(release))

    expect(copies(fresh)).to_contain_text("쓰던 요약")


def test_a_new_release_may_wait_in_several_copies(desk):
    page = desk("kim")
    for words in ("첫째 새 글", "둘째 새 글"):
        page.goto(ADD)
        type_and_wait(page, "title_ko", words)
        page = again(page, "/admin/")
    page.goto(ADD)

    expect(copies(page)).to_have_count(2)
    copies(page).filter(has_text="첫째").get_by_role("button", name="버리기").click()

    expect(copies(page)).to_have_count(1)
    page.reload()
    expect(copies(page)).to_contain_text("둘째 새 글")


def test_what_is_open_in_another_tab_is_not_offered(desk, release):
    page = desk("kim")
    page.goto(change(release))
    type_and_wait(page, "title_ko", "열려 있는 글")

    other = page.context.new_page()
    other.goto(change(release))
    other.wait_for_load_state("load")
    other.wait_for_timeout(300)

    expect(copies(other)).to_have_count(0)


def test_an_expired_login_leads_back_to_the_words(desk, release):
    page = desk("kim")
    page.goto(change(release))
    page.locator("#id_title_ko").fill("만료된 뒤의 제목")
    Session.objects.all().delete()

    save(page)
    expect(page).to_have_url(re.compile("/admin/login/"))
    expect(page.get_by_text("쓰던 글은 이 브라우저에 보관되어 있습니다")).to_be_visible()
    signed_in_by_form(page, "kim", PASSWORD)

    expect(page).to_have_url(re.compile(re.escape(change(release))))
    expect(copies(page)).to_contain_text("만료된 뒤의 제목")
    page.get_by_role("button", name="다시 불러오기").click()
    save(page)
    expect(page.locator(".messagelist .success")).to_be_visible()
    release.refresh_from_db()
    assert release.title_ko == "만료된 뒤의 제목"
    assert kept(page) == []


def test_signing_in_again_in_another_tab_is_enough_to_save(desk, release):
    page = desk("kim")
    page.goto(change(release))
    page.locator("#id_title_ko").fill("다시 로그인한 뒤")
    Session.objects.all().delete()
    other = page.context.new_page()
    other.goto("/admin/login/")
    signed_in_by_form(other, "kim", PASSWORD)
    expect(other.locator("#logout-form")).to_be_visible()

    save(page)

    expect(page.locator(".messagelist .success")).to_be_visible()
    release.refresh_from_db()
    assert release.title_ko == "다시 로그인한 뒤"


def test_a_refused_token_leaves_the_words(desk, release):
    page = desk("kim")
    page.goto(change(release))
    type_and_wait(page, "title_ko", "거부된 제목")
    page.context.clear_cookies(name="csrftoken")

    with page.expect_navigation():
        save(page)
    page.goto(change(release))

    expect(copies(page)).to_contain_text("거부된 제목")


def test_a_save_that_fails_keeps_the_copy_and_one_that_succeeds_clears_it(desk, release):
    page = desk("kim")
    page.goto(change(release))
    page.locator("#id_title_ko").fill("새 제목")
    page.locator("#id_release_date").fill("언젠가")

    save(page)
    expect(page.locator(".errornote:not(.log-failed)")).to_be_visible()
    expect(page.locator("#id_title_ko")).to_have_value("새 제목")
    assert len(kept(page)) == 1
    expect(copies(page)).to_have_count(0)
    page.locator("#id_release_date").fill("2014-09-09")
    save(page)

    expect(page.locator(".messagelist .success")).to_be_visible()
    page.wait_for_function(NOTHING_KEPT)


def test_a_copy_older_than_what_is_saved_meets_it_instead_of_overwriting_it(desk, release):
    page = desk("kim")
    page.goto(change(release))
    type_and_wait(page, "dateline_ko", "먼저 쓴 요약")
    Release.objects.update(title_ko="그 사이 저장된 제목")
    page = again(page, "/admin/")
    versions.keep(release)

    page.goto(change(release))
    expect(copies(page)).to_contain_text("그 뒤에 저장되었습니다")
    page.get_by_role("button", name="다시 불러오기").click()
    save(page)
    expect(page.locator("#conflict_form")).to_be_visible()
    page.get_by_role("button", name="이대로 저장").click()

    expect(page.locator(".messagelist .success")).to_be_visible()
    release.refresh_from_db()
    assert (release.title_ko, release.dateline_ko) == ("그 사이 저장된 제목", "먼저 쓴 요약")


def test_a_chosen_contact_and_a_ticked_box_come_back(desk, release):
    entry = PressContactFactory(name="Susan Megy")
    page = desk("kim")
    page.goto(change(release))
    page.evaluate(
        """pk => {
          const select = document.querySelector('#id_contacts-1-contact');
          select.add(new Option('Susan Megy', pk, true, true));
          select.dispatchEvent(new Event('change', {bubbles: true}));
          document.querySelector('#id_contacts-0-DELETE').click();
        }""",
        entry.pk,
    )
    page.wait_for_function(
        "() => Object.keys(localStorage).some((key) => key.startsWith('newsroom:draft:'))"
    )

    page = again(page, change(release))
    page.get_by_role("button", name="다시 불러오기").click()
    save(page)

    expect(page.locator(".messagelist .success")).to_be_visible()
    assert list(release.contacts.values_list("name", "contact")) == [("Susan Megy", entry.pk)]


def test_a_picture_that_was_received_is_told_in_words_and_comes_back(desk, release):
    page = desk("kim")
    page.goto(change(release))
    page.locator("#pictures-group .add-row a").click()
    page.locator("#id_pictures-0-upload").set_input_files(
        {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": image()}
    )
    page.locator("#id_pictures-0-alt_ko").fill("사진 설명")
    page.locator("#id_release_date").fill("언젠가")
    save(page)
    expect(page.locator(".errornote:not(.log-failed)")).to_be_visible()
    key = page.input_value("#id_pictures-0-kept")
    page.locator("#id_title_ko").fill("새 제목")

    page = again(page, change(release))
    expect(copies(page)).to_contain_text("사진을 받아 두었습니다")
    expect(copies(page)).not_to_contain_text(key)
    page.get_by_role("button", name="다시 불러오기").click()

    expect(page.locator("#pictures-0")).to_contain_text("사진을 받아 두었습니다")
    page.locator("#id_release_date").fill("2014-09-09")
    save(page)
    expect(page.locator(".messagelist .success")).to_be_visible()
    assert release.pictures.count() == 1


def test_who_signs_in_with_nothing_unsaved_is_told_nothing(open_page):
    page = open_page()
    page.goto("/admin/login/")

    expect(page.get_by_label("비밀번호")).to_be_visible()
    expect(page.locator("#desk-kept")).to_be_hidden()


# Going back


@pytest.fixture(params=["as tests run", "with pages kept"])
def kims(request, desk, django_user_model):
    """Kim's page in a browser that makes pages anew, and in one that may show them as left."""
    if request.param == "as tests run":
        return desk("kim")
    person(django_user_model, "kim", password=PASSWORD)
    page = request.getfixturevalue("page_that_keeps_pages")
    page.goto("/admin/login/?next=/admin/releases/release/")
    signed_in_by_form(page, "kim", PASSWORD)
    return page


def type_into_the_text(page: Page, words: str) -> None:
    page.locator(".field-body_ko .ProseMirror").click()
    page.keyboard.press("End")
    page.keyboard.type(words)
    page.wait_for_function(
        "words => Object.values(localStorage).some((copy) => copy.includes(words))", arg=words
    )


def put_back_what_is_offered(page: Page, words: str) -> None:
    """What was typed is offered or in the editor already; then it is in the editor."""
    area = page.locator(".field-body_ko .ProseMirror")
    expect(
        copies(page).filter(has_text=words).or_(area.filter(has_text=words)).first
    ).to_be_visible()
    if copies(page).count():
        copies(page).get_by_role("button", name="다시 불러오기").click()
    expect(area).to_contain_text(words)
    assert words in page.input_value("#id_body_ko")
    assert len(kept(page)) == 1


def test_going_back_to_the_form_offers_what_was_typed(kims, release):
    page = kims
    page.goto(change(release))
    type_into_the_text(page, "더 쓴 글")

    page.locator(".historylink").click()
    page.wait_for_url("**/history/")
    page.go_back()

    put_back_what_is_offered(page, "더 쓴 글")
    save(page)
    expect(page.locator(".messagelist .success")).to_be_visible()
    release.refresh_from_db()
    assert "더 쓴 글" in release.body_ko
    assert kept(page) == []


def test_going_back_after_a_refused_save_offers_what_was_typed(kims):
    page = kims
    page.goto(ADD)
    page.locator("#id_title_ko").fill("새 제목")
    page.locator("#id_release_date").fill("언젠가")
    type_into_the_text(page, "새 본문")

    save(page)
    expect(page.locator(".errornote:not(.log-failed)")).to_be_visible()
    page.go_back()

    put_back_what_is_offered(page, "새 본문")
    expect(page.locator("#id_title_ko")).to_have_value("새 제목")


@pytest.mark.parametrize(
    "fault",
    [OperationalError("database is locked"), OSError(errno.ENOSPC, "No room"), StorageAway()],
    ids=["busy", "full", "storage away"],
)
def test_going_back_after_the_desk_could_not_save_offers_what_was_typed(
    kims, release, monkeypatch, fault
):
    page = kims
    page.goto(change(release))
    type_into_the_text(page, "더 쓴 글")
    with monkeypatch.context() as meanwhile:
        meanwhile.setattr("releases.versions.keep", Mock(side_effect=fault))
        with page.expect_response(lambda answer: answer.status == 503):
            save(page)
        expect(page.locator("main")).to_contain_text("저장되지 않았습니다")

    page.go_back()

    put_back_what_is_offered(page, "더 쓴 글")
    save(page)
    expect(page.locator(".messagelist .success")).to_be_visible()
    release.refresh_from_db()
    assert "더 쓴 글" in release.body_ko
    page.wait_for_function(NOTHING_KEPT)


def test_going_back_from_a_conflict_offers_what_was_typed(kims, release):
    page = kims
    page.goto(change(release))
    type_into_the_text(page, "더 쓴 글")
    Release.objects.update(body_ko="<p>하나, 김.</p>")
    versions.keep(release)

    save(page)
    expect(page.locator("#conflict_form")).to_be_visible()
    page.go_back()

    put_back_what_is_offered(page, "더 쓴 글")
    save(page)
    expect(page.locator("#conflict_form")).to_contain_text("더 쓴 글")


def test_going_back_to_a_form_that_was_saved_offers_nothing(kims, release):
    page = kims
    page.goto(change(release))
    type_into_the_text(page, "더 쓴 글")
    save(page)
    expect(page.locator(".messagelist .success")).to_be_visible()

    page.go_back()

    page.wait_for_timeout(1500)
    expect(copies(page)).to_have_count(0)
    assert kept(page) == []


def test_a_page_that_nobody_touched_keeps_nothing(kims, release):
    for address in (change(release), ADD):
        kims.goto(address)
        kims.wait_for_load_state("load")
        kims.goto("/admin/")

        assert kept(kims) == []


def test_copies_belong_to_an_account_and_go_after_thirty_days(desk, release):
    page = desk("kim")
    page.goto(change(release))
    type_and_wait(page, "title_ko", "김의 글")
    page = again(page, "/admin/")
    page.locator("#logout-form button").click()
    expect(page.locator("#desk-left")).to_be_visible()
    desk("lee")  # makes the account
    page.goto(f"/admin/login/?next={change(release)}")
    signed_in_by_form(page, "lee", PASSWORD)
    expect(page.locator("#id_title_ko")).to_be_visible()
    page.wait_for_timeout(300)
    expect(copies(page)).to_have_count(0)
    assert len(kept(page)) == 1

    page.evaluate(
        """() => { for (const key of Object.keys(localStorage)) {
          if (!key.startsWith('newsroom:draft:')) continue;
          const copy = JSON.parse(localStorage.getItem(key));
          copy.at -= 31 * 24 * 3600 * 1000;
          localStorage.setItem(key, JSON.stringify(copy));
        } }"""
    )
    page.reload()

    assert kept(page) == []


def test_who_signs_out_on_a_shared_computer_is_asked_about_unsaved_words(desk, release):
    page = desk("kim")
    page.goto(change(release))
    type_and_wait(page, "title_ko", "김의 글")
    page = again(page, "/admin/")

    page.locator("#logout-form button").click()
    page.get_by_role("button", name="저장하지 않은 글 지우기").click()

    page.wait_for_function(NOTHING_KEPT)


def test_an_author_keeps_their_words_as_well(desk, release, django_user_model):
    page = desk("park", role=AUTHOR)
    page.goto(ADD)
    type_and_wait(page, "title_ko", "작성자의 글")

    page = again(page, ADD)

    expect(copies(page)).to_contain_text("작성자의 글")


def test_the_editor_of_texts_is_kept_put_back_and_merged(desk, release):
    page = desk("kim")
    page.goto(change(release))
    box = ".ProseMirror"
    page.locator(f".field-body_ko {box}").click()
    page.keyboard.press("End")
    page.keyboard.type("더 쓴 글")
    page.wait_for_function(
        "words => Object.values(localStorage).some((copy) => copy.includes(words))", arg="더 쓴 글"
    )

    page = again(page, change(release))
    expect(copies(page)).to_contain_text("더 쓴 글")
    page.get_by_role("button", name="다시 불러오기").click()
    expect(page.locator(f".field-body_ko {box}")).to_contain_text("더 쓴 글")
    Release.objects.update(body_ko="<p>하나, 김.</p>")
    versions.keep(release)
    save(page)
    page.get_by_label("여기서 합쳐").check()
    page.locator(f"#conflict_form {box}").click()
    page.keyboard.press("End")
    page.keyboard.type("또 쓴 글")
    page.get_by_role("button", name="이대로 저장").click()

    expect(page.locator(".messagelist .success")).to_be_visible()
    release.refresh_from_db()
    assert "더 쓴 글또 쓴 글" in release.body_ko
