"""Pasting releases as a person does it, in Korean: read, look over, mend, save, open one."""

import re

import pytest
from django.contrib.auth.models import Group
from playwright.sync_api import Page, expect

from releases.models import Release, State
from releases.roles import keep_in_step
from tests.factories import MissionFactory
from tests.intake.texts import A_RELEASE

from .axe import faults_of, on_each_screen
from .desk import sign_in, signed_in_by_form

pytestmark = pytest.mark.django_db(transaction=True)

KEPT = "Object.keys(localStorage).filter((key) => key.startsWith('newsroom:'))"
PASTE = "/admin/releases/release/paste/"
A_FAULT = A_RELEASE.replace("(2014/9/9)", "(2014/13/9)").replace("겨울 물품", "여름 물품")


@pytest.fixture
def author(django_user_model):
    # A test with transactions of its own leaves no groups to the next.
    keep_in_step()
    MissionFactory(name_ko="이라크", name_en="Iraq", slug="iraq")
    user = django_user_model.objects.create_user("author", password="paper", is_staff=True)
    user.groups.add(Group.objects.get(name__startswith="작성자"))
    return user


@pytest.fixture
def paste_page(open_page, live_server, author):
    """Call it for the page, signed in."""

    def opened(**options) -> Page:
        page = open_page(expect_errors=True, **options)
        sign_in(page, author, live_server)
        page.goto(PASTE)
        return page

    return opened


def wait_until_kept(page: Page, words: str) -> None:
    """Wait until the browser keeps a copy with `words`, which stand on one line."""
    page.wait_for_function(
        "words => Object.values(localStorage).some((copy) => copy.includes(words))", arg=words
    )


def paste(page: Page, text: str) -> None:
    page.get_by_label("보도자료 하나, 또는 이어서 여럿").fill(text)
    page.get_by_role("button", name="읽기", exact=True).click()
    expect(page.get_by_text("건을 읽었습니다")).to_be_visible()
    page.wait_for_load_state()


def test_two_releases_with_a_fault_are_mended_and_saved(paste_page, author, keep_screenshot):
    page = paste_page()
    page.goto("/admin/releases/release/")
    page.get_by_role("link", name="보도자료 붙여넣기").click()
    paste(page, A_RELEASE + A_FAULT)
    keep_screenshot(page, "desk-paste-read")

    second = page.get_by_role("region", name=re.compile("^2"))
    expect(second.locator("#said_id_r1-release_date")).to_contain_text("확인 필요")
    expect(second.locator("#said_id_r1-release_date")).to_contain_text("(2014/13/9)")
    page.get_by_role("button", name="초안으로 저장").click()
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("고칠 것이 있는 보도자료가 1건입니다")
    expect(alert).to_be_focused()
    page.wait_for_load_state()
    keep_screenshot(page, "desk-paste-faulty")
    assert not Release.objects.exists()

    alert.get_by_role("link", name="보도 날짜").click()
    second.get_by_label("보도 날짜").fill("2014-12-09")
    second.get_by_label("이름").first.fill("이름 둘")
    page.get_by_role("button", name="초안으로 저장").click()
    report = page.get_by_role("status").filter(has_text="저장한 결과")
    expect(report.get_by_role("link")).to_have_count(2)
    keep_screenshot(page, "desk-paste-saved")

    report.get_by_role("link", name="여름 물품").click()
    expect(page.locator("#id_release_date")).to_have_value("2014-12-09")
    for release in Release.objects.all():
        assert (release.state, release.author) == (State.DRAFT, author)


def test_a_tab_closed_in_the_middle_costs_neither_the_text_nor_what_was_mended(paste_page):
    page = paste_page()
    paste(page, A_RELEASE)
    page.get_by_label("제목", exact=True).fill("고친 제목")
    wait_until_kept(page, "고친 제목")
    another = page.context.new_page()
    page.close()

    another.goto(PASTE)
    expect(another.get_by_text("저장하지 않은 글이 이 브라우저에 남아 있습니다")).to_be_visible()
    another.get_by_role("button", name="다시 불러오기").click()
    expect(another.get_by_label("보도자료 하나, 또는 이어서 여럿")).to_have_value(A_RELEASE)
    another.get_by_role("button", name="읽기", exact=True).click()
    expect(another.get_by_label("제목", exact=True)).to_have_value("고친 제목")

    another.get_by_role("button", name="초안으로 저장").click()
    expect(another.get_by_role("heading", name="저장한 결과")).to_be_visible()
    another.goto(PASTE)
    expect(another.get_by_text("저장하지 않은 글이")).to_be_hidden()
    assert Release.objects.get().title_ko == "고친 제목"


def test_signing_out_asks_about_a_pasted_text(paste_page):
    page = paste_page()
    page.get_by_label("보도자료 하나, 또는 이어서 여럿").fill(A_RELEASE)
    wait_until_kept(page, "겨울 물품")

    page.locator("#logout-form button").click()
    expect(page.locator("#desk-left")).to_contain_text("1건")
    page.get_by_role("button", name="저장하지 않은 글 지우기").click()

    page.wait_for_function(f"!{KEPT}.length")


def test_a_pasted_text_goes_after_thirty_days(paste_page):
    page = paste_page()
    page.get_by_label("보도자료 하나, 또는 이어서 여럿").fill(A_RELEASE)
    wait_until_kept(page, "겨울 물품")
    page.evaluate(
        """() => { for (const key of Object.keys(localStorage)) {
          if (!key.startsWith("newsroom:")) continue;
          const copy = JSON.parse(localStorage.getItem(key));
          copy.at -= 31 * 24 * 3600 * 1000;
          localStorage.setItem(key, JSON.stringify(copy));
        } }"""
    )
    another = page.context.new_page()
    page.close()

    another.goto(PASTE)

    expect(another.get_by_text("저장하지 않은 글이 이 브라우저에")).to_be_hidden()
    assert another.evaluate(KEPT) == []


def test_a_sign_in_that_ran_out_costs_nothing(paste_page, keep_screenshot):
    page = paste_page()
    paste(page, A_RELEASE)
    page.get_by_label("제목", exact=True).fill("고친 제목")
    page.context.clear_cookies()

    page.get_by_role("button", name="초안으로 저장").click()
    expect(page.get_by_role("alert")).to_contain_text("로그인이 끝났습니다")
    keep_screenshot(page, "desk-paste-signed-out")
    assert faults_of(page, ".paste") == []
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="새 탭에서 로그인").click()
    signed_in_by_form(opened.value, "author", "paper")
    expect(opened.value.get_by_text("저장하지 않은 글이 이 브라우저에")).to_be_visible()
    page.bring_to_front()
    page.get_by_role("button", name="다시 보내기").click()
    expect(page.get_by_role("alert")).to_contain_text("로그인이 바뀌었습니다")
    page.get_by_role("button", name="다시 보내기").click()

    expect(page.get_by_label("제목", exact=True)).to_have_value("고친 제목")
    page.get_by_role("button", name="초안으로 저장").click()
    expect(page.get_by_role("heading", name="저장한 결과")).to_be_visible()
    assert Release.objects.get().title_ko == "고친 제목"


def test_the_lines_of_a_field_are_shown_while_it_is_mended(paste_page):
    page = paste_page()
    paste(page, A_RELEASE)

    page.locator("#line9").get_by_role("link", name="연락처 1 이름").click()
    expect(page).to_have_url(re.compile("#id_r0-contacts-0-name$"))
    page.get_by_label("조회 수").focus()
    expect(page.locator("tr.is-here")).to_have_text(re.compile("Views – 234"))


def test_it_all_works_without_a_script(paste_page, author):
    page = paste_page(java_script_enabled=False)
    paste(page, A_RELEASE)
    page.get_by_label("제목", exact=True).fill("고친 제목")
    page.get_by_role("button", name="초안으로 저장").click()

    expect(page.get_by_role("heading", name="저장한 결과")).to_be_visible()
    assert Release.objects.get().title_ko == "고친 제목"


def test_pasting_is_accessible(paste_page, keep_screenshot):
    page = paste_page()

    def look(name: str) -> None:
        for screen in on_each_screen(page):
            assert faults_of(page, ".paste") == [], (name, screen)
            width = page.evaluate("document.documentElement.scrollWidth")
            assert width <= page.viewport_size["width"], (name, screen)
            keep_screenshot(page, f"desk-paste-{name}-{screen}")

    look("empty")
    paste(page, "안녕하세요.\n\n" + A_RELEASE + A_FAULT)
    look("read")
    page.get_by_role("button", name="초안으로 저장").click()
    expect(page.get_by_role("alert")).to_be_visible()
    look("faulty")
    page.locator("#id_r1-take").uncheck()
    page.get_by_role("button", name="초안으로 저장").click()
    expect(page.get_by_role("heading", name="저장한 결과")).to_be_visible()
    look("report")
    page.goto(PASTE)
    look("kept")
    paste(page, A_RELEASE.replace("October", "May"))
    look("here")
