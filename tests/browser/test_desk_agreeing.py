"""A release on its way from an author over an editor to the public, and back."""

import re
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone
from playwright.sync_api import expect

from releases import workflow
from releases.models import Release, State
from tests.desk.roles import person
from tests.factories import IN_REVIEW, ReleaseFactory
from tests.uploads import PDF

from .axe import faults_of, on_each_screen
from .conftest import DESKTOP
from .desk import sign_in, signed_in_by_form, writing_area

pytestmark = pytest.mark.django_db(transaction=True)

RELEASES = "/admin/releases/release/"
PASSWORD = "a long password"


@pytest.fixture
def desk(open_page, live_server):
    """Call it with a name of `roles`: the desk as they see it."""

    def opened(who: str, name: str, viewport: dict = DESKTOP, **options):
        user = person(who, last_name=name)
        user.set_password(PASSWORD)
        user.save()
        page = open_page(viewport, **options)
        sign_in(page, user, live_server)
        return page

    return opened


def expect_state(page, state: str) -> None:
    """Wait for the whole page of a release that is in `state`."""
    expect(page.locator(".steps .state")).to_have_text(state)
    page.wait_for_load_state()


def take(page, label: str, **entries) -> None:
    """Follow the link of a step, fill in what it asks for by its labels, and do it."""
    with page.expect_navigation(url="**/step/**"):  # what was written may be saved before
        page.locator(".steps-verbs").get_by_role("link", name=label, exact=True).click()
    for name, words in entries.items():
        page.locator(f"[name={name}]").fill(words)
    do(page, label)


def do(page, label: str) -> None:
    """Press the button of a step, though nobody is named to call: the doctor warns of that."""
    page.wait_for_load_state()
    if page.locator("[name=despite]").count():
        page.get_by_label("그래도 게시").check()
    with page.expect_navigation():
        page.locator("form .submit-row").get_by_role("button", name=label).click()


def test_a_release_goes_from_its_author_to_the_public_and_back(desk, open_page, keep_screenshot):
    author, editor = desk("author", "김하늘"), desk("editor", "이바다")

    # The author writes and submits in one go.
    author.goto(f"{RELEASES}add/")
    author.locator("[name=title_ko]").press_sequentially("이라크에 구호품 도착")
    writing_area(author, "body_ko").fill("구호품 300상자가 도착했다.")
    author.locator("[name=release_date]").fill("2014-09-09")
    keep_screenshot(author, "steps-1-add")
    author.get_by_role("button", name="저장하고 검토 요청").first.click()
    expect(author.get_by_role("heading", name="검토 요청")).to_be_visible()
    keep_screenshot(author, "steps-2-submit")
    author.locator("form .submit-row").get_by_role("button", name="검토 요청").click()
    expect_state(author, "검토 중")
    expect(author.locator("[name=_save]")).to_have_count(0)
    keep_screenshot(author, "steps-3-submitted")
    release = Release.objects.get()
    assert release.author.last_name == "김하늘"

    # The editor finds it and sends it back.
    editor.goto(RELEASES)
    editor.get_by_role("link", name="이라크에 구호품 도착").click()
    expect_state(editor, "검토 중")
    keep_screenshot(editor, "steps-4-editor")
    editor.get_by_role("link", name="의견을 달아 돌려보내기").click()
    editor.get_by_role("button", name="의견을 달아 돌려보내기").click()
    expect(editor.locator(".errorlist")).to_be_visible()
    editor.locator("[name=comment]").fill("상자 수를 확인해 주세요.")
    keep_screenshot(editor, "steps-5-send-back")
    editor.get_by_role("button", name="의견을 달아 돌려보내기").click()
    expect_state(editor, "초안")

    # The author reads why, mends it, and goes on with unsaved words in the form.
    author.goto(f"{RELEASES}{release.pk}/change/")
    expect(author.locator("#release-log")).to_contain_text("이바다: 돌려보냈습니다")
    expect(author.locator("#release-log blockquote")).to_have_text("상자 수를 확인해 주세요.")
    writing_area(author, "body_ko").fill("구호품 500상자가 도착했다.")
    take(author, "검토 요청")
    release.refresh_from_db()
    assert "500상자" in release.body_ko
    assert release.state == State.IN_REVIEW

    # The editor publishes, and thinks better of it.
    editor.goto(f"{RELEASES}{release.pk}/change/")
    take(editor, "승인하고 지금 게시")
    bar = editor.locator(".publishing")
    expect(bar).to_contain_text(re.compile(r"\d+초 뒤 게시됩니다"))
    keep_screenshot(editor, "steps-6-publishing")
    editor.goto(RELEASES)
    keep_screenshot(editor, "steps-7-publishing-list")
    visitor = open_page(expect_errors=True)
    assert visitor.goto(f"/releases/{release.pk}/").status == 404
    editor.locator(".publishing").get_by_role("button", name="실행 취소").click()
    expect_state(editor, "검토 중")
    release.refresh_from_db()
    assert (release.approved_at, release.publish_at) == (None, None)

    # It is scheduled, and put off.
    in_two_days = timezone.localdate() + timedelta(days=2)
    take(editor, "승인하고 예약", at_0=f"{in_two_days}", at_1="09:00")
    expect_state(editor, "예약")
    keep_screenshot(editor, "steps-8-scheduled")
    take(editor, "게시 시각 변경", at_0=f"{in_two_days + timedelta(days=1)}", at_1="10:30")
    expect(editor.locator(".steps")).to_contain_text(f"{in_two_days + timedelta(days=1)} 10:30")

    # It goes public after all.
    take(editor, "지금 게시")
    Release.objects.update(publish_at=timezone.now())  # the minute is over
    editor.reload()
    expect_state(editor, "공개")
    keep_screenshot(editor, "steps-9-public")
    assert visitor.goto(f"/releases/{release.pk}/").status == 200

    # It is withdrawn, and the public is told why.
    editor.get_by_role("link", name="철회", exact=True).click()
    editor.get_by_label("공개할 철회 사유(한국어)").fill("상자 수에 오류가 있었습니다.")
    keep_screenshot(editor, "steps-10-withdraw")
    editor.get_by_role("button", name="철회").click()
    expect_state(editor, "철회됨")
    assert visitor.goto(f"/releases/{release.pk}/").status == 410
    expect(visitor.locator("main")).to_contain_text("상자 수에 오류가 있었습니다.")
    assert "확인해 주세요" not in visitor.content()

    # It comes back.
    take(editor, "철회 취소")
    expect_state(editor, "공개")
    assert visitor.goto(f"/releases/{release.pk}/").status == 200
    keep_screenshot(editor, "steps-11-restored")


def test_the_bar_counts_down_and_then_says_that_it_is_public(desk, settings):
    settings.PUBLISH_GRACE = 3
    release = ReleaseFactory(**IN_REVIEW)
    page = desk("editor", "이바다")
    page.goto(f"{RELEASES}{release.pk}/change/")

    take(page, "승인하고 지금 게시")

    expect(page.locator(".publishing")).to_contain_text("초 뒤 게시됩니다")
    expect(page.locator(".publishing")).to_contain_text("공개되었습니다")
    expect(page.get_by_role("button", name="실행 취소", exact=True)).to_be_hidden()
    page.locator(".publishing").get_by_role("link", name="공개 페이지 보기").click()
    expect(page.locator("article h1")).to_contain_text(release.title_ko)


def test_the_bar_counts_what_is_left_and_asks_no_clock_of_this_computer(desk):
    release = ReleaseFactory(**IN_REVIEW)
    page = desk("editor", "이바다")
    page.add_init_script("const now = Date.now; Date.now = () => now() + 3_600_000")
    page.goto(f"{RELEASES}{release.pk}/change/")

    take(page, "승인하고 지금 게시")

    expect(page.locator(".publishing")).to_contain_text(re.compile(r"[1-6]\d초 뒤 게시됩니다"))
    expect(page.get_by_role("button", name="실행 취소", exact=True)).to_be_visible()


def test_a_file_that_was_only_chosen_is_saved_before_a_step(desk):
    release = ReleaseFactory(**IN_REVIEW)
    page = desk("editor", "이바다")
    page.goto(f"{RELEASES}{release.pk}/change/")
    page.wait_for_load_state("load")
    page.locator("#id_files-0-upload").set_input_files(
        {"name": "표.pdf", "mimeType": "application/pdf", "buffer": PDF}
    )

    page.locator(".steps-verbs a[data-verb=publish_now]").click()

    expect(page.get_by_role("heading", name="승인하고 지금 게시")).to_be_visible()
    assert release.files.count() == 1


def test_a_step_behind_a_refused_save_saves_first(desk):
    release = ReleaseFactory(**IN_REVIEW)
    page = desk("editor", "이바다")
    page.goto(f"{RELEASES}{release.pk}/change/")
    page.locator("[name=title_ko]").fill("새 제목")
    page.locator("[name=release_date]").fill("언젠가")
    page.locator("[name=_continue]").first.click()
    expect(page.locator(".errornote:not(.log-failed)")).to_be_visible()

    page.locator(".steps-verbs a[data-verb=publish_now]").click()

    expect(page.locator(".errornote:not(.log-failed)")).to_be_visible()
    expect(page.locator("[name=title_ko]")).to_have_value("새 제목")


def test_what_a_step_says_outlives_a_reload_and_a_session_and_goes_when_it_is_done(desk):
    release = ReleaseFactory()
    page = desk("editor", "이바다")
    address = f"{RELEASES}{release.pk}/step/withdraw/"
    page.goto(address)
    reason = page.get_by_label("공개할 철회 사유(한국어)")
    reason.fill("상자 수에 오류가 있었습니다.")

    page.reload()
    expect(reason).to_have_value("상자 수에 오류가 있었습니다.")
    expect(page.locator("[data-words-back]")).to_be_visible()
    Session.objects.all().delete()
    page.get_by_role("button", name="철회").click()
    expect(page.get_by_label("비밀번호")).to_be_visible()
    signed_in_by_form(page, "editor", PASSWORD)
    expect(reason).to_have_value("상자 수에 오류가 있었습니다.")
    page.get_by_role("button", name="철회").click()
    expect_state(page, "철회됨")

    take(page, "철회 취소")
    page.goto(address)
    expect(reason).to_have_value("")
    expect(page.locator("[data-words-back]")).to_be_hidden()


def test_a_comment_outlives_a_reload_and_goes_when_it_is_sent(desk):
    release = ReleaseFactory(**IN_REVIEW)
    page = desk("editor", "이바다")
    page.goto(f"{RELEASES}{release.pk}/change/")
    comment = page.get_by_label("동료에게 남길 의견")
    comment.fill("사진을 기다립니다.")

    page.reload()
    expect(comment).to_have_value("사진을 기다립니다.")
    page.get_by_role("button", name="의견", exact=True).click()
    expect(page.locator("#release-log blockquote")).to_have_text("사진을 기다립니다.")
    page.reload()

    expect(comment).to_have_value("")


def test_a_comment_that_is_thrown_away_does_not_come_back(desk):
    release = ReleaseFactory(**IN_REVIEW)
    page = desk("editor", "이바다")
    page.goto(f"{RELEASES}{release.pk}/change/")
    comment = page.get_by_label("동료에게 남길 의견")
    comment.fill("사진을 기다립니다.")
    page.reload()

    page.locator("#release-log").get_by_role("button", name="버리기").click()
    page.reload()

    expect(comment).to_have_value("")


def test_publishing_and_undoing_need_no_script(desk):
    release = ReleaseFactory(**IN_REVIEW)
    page = desk("editor", "이바다", java_script_enabled=False)
    page.goto(f"{RELEASES}{release.pk}/change/")

    take(page, "승인하고 지금 게시")
    expect(page.locator(".publishing")).to_contain_text("에 게시됩니다.")
    page.get_by_role("button", name="실행 취소").click()

    expect_state(page, "검토 중")
    page.get_by_label("동료에게 남길 의견").fill("사진을 기다립니다.")
    page.get_by_role("button", name="의견").click()
    expect(page.locator("#release-log blockquote")).to_have_text("사진을 기다립니다.")


def test_a_comment_is_said_without_losing_what_is_being_written(desk):
    release = ReleaseFactory(**IN_REVIEW)
    page = desk("editor", "이바다")
    page.goto(f"{RELEASES}{release.pk}/change/")
    page.locator("[name=title_ko]").fill("아직 저장하지 않은 제목")

    page.get_by_label("동료에게 남길 의견").fill("사진을 기다립니다.")
    page.get_by_role("button", name="의견").click()

    expect(page.locator("#release-log blockquote")).to_have_text("사진을 기다립니다.")
    expect(page.locator("[name=title_ko]")).to_have_value("아직 저장하지 않은 제목")
    assert release.steps.get().text == "사진을 기다립니다."


def test_a_comment_that_cannot_be_sent_stays_in_its_field(desk):
    release = ReleaseFactory(**IN_REVIEW)
    page = desk("editor", "이바다", expect_errors=True)
    page.goto(f"{RELEASES}{release.pk}/change/")
    expect(page.locator(".log-failed")).to_be_hidden()
    page.context.clear_cookies()  # the session has ended

    page.get_by_label("동료에게 남길 의견").fill("사진을 기다립니다.")
    page.get_by_role("button", name="의견").click()

    expect(page.locator(".log-failed")).to_be_visible()
    expect(page.get_by_label("동료에게 남길 의견")).to_have_value("사진을 기다립니다.")
    assert not release.steps.exists()


def test_two_editors_press_at_once_and_the_second_is_told_by_whom(desk, keep_screenshot):
    release = ReleaseFactory(**IN_REVIEW)
    first, second = desk("editor", "이바다"), desk("superuser", "박들")
    for page in (first, second):
        page.goto(f"{RELEASES}{release.pk}/step/publish_now/")

    do(first, "승인하고 지금 게시")
    expect(first.locator(".publishing")).to_be_visible()
    do(second, "승인하고 지금 게시")

    expect(second.locator(".messagelist")).to_contain_text("먼저 게시를 취소해 주세요.")
    expect(second.locator(".messagelist")).to_contain_text(
        "이바다: 승인하고 지금 게시하도록 했습니다"
    )
    keep_screenshot(second, "steps-12-second")


def test_the_list_asks_before_it_acts_and_reports_on_each(desk, keep_screenshot):
    ReleaseFactory(title_ko="검토할 글", **IN_REVIEW)
    ReleaseFactory(title_ko="이미 나간 글")
    ReleaseFactory(title_ko="빈 글", **IN_REVIEW | {"body_en": ""})
    page = desk("editor", "이바다")
    page.goto(RELEASES)

    page.locator("#action-toggle").check()
    page.locator("select[name=action]").first.select_option(label="승인하고 예약")
    page.get_by_role("button", name="실행", exact=True).first.click()
    expect(page.get_by_role("heading", name="승인하고 예약")).to_be_visible()
    assert not workflow.Step.objects.exists()
    keep_screenshot(page, "steps-13-many")
    do(page, "승인하고 예약")

    told = page.locator(".messagelist")
    expect(told).to_contain_text("“검토할 글”: 게시를 예약했습니다")
    expect(told).to_contain_text("“이미 나간 글”은(는) ‘공개’ 상태여서")
    expect(told).to_contain_text("“빈 글”:")
    assert Release.objects.get(title_ko="검토할 글").state == State.SCHEDULED
    keep_screenshot(page, "steps-14-many-done")


def test_the_pages_of_the_steps_can_be_used_by_everyone(desk, keep_screenshot):
    release = ReleaseFactory(**IN_REVIEW)
    workflow.comment(release, comment="사진은 오후에 옵니다. " * 20)
    page = desk("editor", "이바다")

    for place in ("change/", "step/schedule/", "step/publish_now/", "step/send_back/"):
        page.goto(f"{RELEASES}{release.pk}/{place}")
        parts = [".steps", "#release-log"] if place == "change/" else ["main"]
        for screen in on_each_screen(page):
            keep_screenshot(page, f"steps-{screen}-{place.strip('/').replace('/', '-')}")
            assert faults_of(page, *parts) == [], (place, screen)
            width = page.evaluate("document.querySelector('#content').scrollWidth")
            assert place == "change/" or width <= page.viewport_size["width"], (place, screen)
