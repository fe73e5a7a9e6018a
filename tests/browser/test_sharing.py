"""An embargo link from the desk to a journalist and back, and a partner's approval."""

import re

import pytest
from playwright.sync_api import expect

from releases import sharing
from releases.models import Approval, LinkOpening, Release, ShareLink
from tests.desk.roles import person
from tests.factories import NINE
from tests.sharing.links import PERSON, draft, link_to, scheduled, to_approve
from tests.uploads import file_of, picture_of

from .axe import faults_of, on_each_screen
from .conftest import LANGUAGES, NARROW
from .desk import sign_in, writing_area

pytestmark = pytest.mark.django_db(transaction=True)

RELEASES = "/admin/releases/release/"


@pytest.fixture
def desk(open_page, live_server):
    """Call it for the desk of an editor."""

    def opened(**options):
        page = open_page(**options)
        sign_in(page, person("editor", last_name="이바다"), live_server)
        return page

    return opened


@pytest.fixture
def outside(open_page):
    """Call it for the browser of somebody who has no account; a robot's name would be told."""

    def opened(**options):
        return open_page(user_agent=PERSON, **options)

    return opened


def make_link(page, release: Release, label: str, purpose: str = "엠바고로 읽기") -> str:
    """Make a link at the desk, from the form of its release on; its address."""
    page.goto(f"{RELEASES}{release.pk}/change/")
    page.get_by_role("link", name="엠바고로 공유").click()
    page.get_by_label("받는 곳").fill(label)
    page.get_by_label(purpose).check()
    page.get_by_role("button", name="링크 만들기").click()
    made = page.get_by_label("한국어 주소").input_value()
    page.wait_for_load_state()
    return made


def test_a_link_is_made_opened_without_signing_in_and_ended(desk, outside, keep_screenshot):
    release = scheduled(publish_at=NINE.replace(year=2999))
    picture_of(release)
    file_of(release)
    editor = desk()

    address = make_link(editor, release, "한국일보 김기자")
    keep_screenshot(editor, "sharing-1-made")
    journalist = outside(timezone_id="Europe/Berlin")
    assert journalist.goto(address).status == 200
    expect(journalist.locator("h1")).to_contain_text("비밀제목")
    bar = journalist.locator(".embargo-bar")
    expect(bar).to_contain_text("엠바고: 2999년 9월 9일 09:00 (한국 시각)까지 보도 금지")
    expect(bar.locator("time")).to_have_text(
        re.compile(r"계신 곳 시각: 2999년 9월 9일 (오전 )?0?2:00 \(Europe/Berlin\)")
    )
    journalist.wait_for_function("document.querySelector('figure img').naturalWidth")
    keep_screenshot(journalist, "sharing-2-read")

    # In the other language, still by the link.
    journalist.locator("a.language").click()
    expect(journalist).to_have_url(re.compile("/en/embargo/"))
    expect(journalist.locator("h1")).to_contain_text("Secret headline")
    expect(bar).to_contain_text("Embargo: not to be published before 9 September 2999, 09:00")
    expect(bar.locator("time")).to_contain_text("Where you are: September 9, 2999")
    keep_screenshot(journalist, "sharing-3-read-english")
    assert journalist.context.cookies() == []

    # The desk sees that it was opened, and ends it.
    editor.goto(f"{RELEASES}{release.pk}/sharing/")
    expect(editor.locator("summary")).to_contain_text("2번, 마지막")
    editor.locator("summary").click()
    keep_screenshot(editor, "sharing-4-opened")
    editor.get_by_role("button", name="지금 막기").click()
    expect(editor.locator(".messagelist")).to_contain_text("“한국일보 김기자” 링크를 막았습니다.")
    keep_screenshot(editor, "sharing-5-ended")


def test_an_ended_link_is_gone_for_who_has_its_page_open(outside, keep_screenshot):
    release = scheduled()
    page = outside(expect_errors=True)
    page.goto(link_to(release))
    expect(page.locator("h1")).to_contain_text("비밀제목")

    sharing.revoke(ShareLink.objects.get())

    assert page.reload().status == 404
    expect(page.get_by_role("heading", name="유효하지 않은 링크입니다")).to_be_visible()
    assert "비밀제목" not in page.content()
    keep_screenshot(page, "sharing-6-gone")


def test_the_address_and_the_mail_are_copied_with_a_press(desk, live_server):
    release = scheduled()
    page = desk(permissions=["clipboard-read", "clipboard-write"])
    address = make_link(page, release, "한국일보")

    page.get_by_role("button", name="한국어 주소 복사").click()
    expect(page.locator(".made [role=status]")).to_have_text("복사했습니다.")
    assert page.evaluate("navigator.clipboard.readText()") == address
    page.get_by_role("button", name="메일 글 복사").click()
    page.wait_for_function("navigator.clipboard.readText().then(text => text.includes('엠바고: '))")
    assert address in page.evaluate("navigator.clipboard.readText()")


def test_a_link_is_made_without_scripts_and_its_address_can_be_selected(desk, outside):
    release = scheduled()
    page = desk(java_script_enabled=False)
    address = make_link(page, release, "한국일보")

    expect(page.get_by_role("button", name="한국어 주소 복사")).to_be_hidden()
    reading = outside(java_script_enabled=False)
    reading.goto(address)
    expect(reading.locator(".embargo-bar time")).to_contain_text("협정 세계시(UTC)")
    expect(reading.locator("h1")).to_contain_text("비밀제목")


def test_an_approval_is_given_by_link_and_seen_at_the_desk(desk, outside, keep_screenshot):
    release = draft()
    editor = desk()
    address = make_link(editor, release, "협력 기관 이선생", "한 판을 승인받기")

    # The partner asks for a change, and answers in English the second time.
    partner = outside(expect_errors=True)  # a refused form is a 400
    partner.goto(address)
    keep_screenshot(partner, "sharing-7-asked")
    partner.get_by_label("수정이 필요합니다").check()
    partner.get_by_role("button", name="답변 보내기").click()
    expect(partner.get_by_role("alert")).to_contain_text("무엇을 고쳐야 하는지 적어 주세요.")
    expect(partner.get_by_label("수정이 필요합니다")).to_be_checked()
    keep_screenshot(partner, "sharing-8-refused")
    partner.get_by_label("의견").fill("상자 수는 500개입니다.")
    partner.get_by_role("button", name="답변 보내기").click()
    expect(partner.locator(".answered")).to_contain_text("보내신 답변: 수정이 필요합니다")
    keep_screenshot(partner, "sharing-9-answered")
    editor.goto(f"{RELEASES}{release.pk}/change/")
    expect(editor.locator(".approvals")).to_contain_text("상자 수는 500개입니다.")

    # Once it is mended the partner is asked about the new version, in English.
    writing_area(editor, "body_ko").fill("구호품 500상자가 도착했다.")
    editor.locator("[name=_continue]").first.click()
    expect(editor.locator(".approvals")).to_contain_text("그 뒤에 바뀌었습니다.")
    address = make_link(editor, release, "협력 기관 이선생", "한 판을 승인받기")
    partner.goto(address.replace("/approval/", "/en/approval/"))
    partner.get_by_label("Approve", exact=True).check()
    partner.get_by_role("button", name="Send the answer").click()
    expect(partner.locator(".answered")).to_contain_text("You answered: Approve")
    assert partner.context.cookies() == []

    editor.goto(f"{RELEASES}{release.pk}/change/")
    expect(editor.locator(".approvals [data-approval=approved]")).to_contain_text("제2판 승인")
    keep_screenshot(editor, "sharing-10-approved")
    writing_area(editor, "body_ko").fill("구호품 600상자가 도착했다.")
    editor.locator("[name=_continue]").first.click()
    expect(editor.locator(".approvals [data-approval=changed]")).to_contain_text(
        "지금 글은 아직 승인되지 않았습니다."
    )
    keep_screenshot(editor, "sharing-11-changed")
    editor.locator(".steps-verbs a[data-verb=publish_now]").click()
    expect(editor.locator(".approvals [data-approval=changed]")).to_be_visible()
    keep_screenshot(editor, "sharing-12-before-publishing")


def test_an_approval_needs_no_script(outside):
    page = outside(java_script_enabled=False)
    page.goto(to_approve(scheduled()))

    page.get_by_label("승인합니다").check()
    page.get_by_role("button", name="답변 보내기").click()

    expect(page.locator(".answered")).to_contain_text("보내신 답변: 승인합니다")
    assert Approval.objects.get().answer == "approved"


def test_a_page_that_a_browser_fetches_ahead_is_opened_when_somebody_looks(outside):
    address = link_to(scheduled())
    page = outside(expect_errors=True)
    page.goto("/")

    page.evaluate(
        "address => fetch(address, {headers: {Purpose: 'prefetch'}}).then(a => a.status)", address
    )
    assert not LinkOpening.objects.exists()
    page.goto(address)

    expect(page.locator("h1")).to_contain_text("비밀제목")
    assert LinkOpening.objects.count() == 1


@LANGUAGES
def test_every_page_of_a_link_is_accessible(outside, desk, keep_screenshot, prefix):
    release = scheduled()
    picture_of(release)
    file_of(release)
    reading, approval = link_to(release), to_approve(release)
    sharing.answer(approval.split("/")[2], "changes_needed", "숫자를 고쳐 주세요.")
    page, editor = outside(expect_errors=True), desk()

    def look(page, name: str) -> None:
        for screen in on_each_screen(page):
            assert faults_of(page) == [], (page.url, screen)
            width = page.evaluate("document.documentElement.scrollWidth")
            assert width <= page.viewport_size["width"], (page.url, screen)
            keep_screenshot(page, f"sharing-{screen}-{name}")

    language = prefix.strip("/") or "ko"
    for address in (reading, approval, f"/embargo/{'0' * 40}/"):
        page.goto(prefix + address)
        kind = address.split("/")[1] if "000" not in address else "none"
        look(page, f"{kind}-{language}")
    page.goto(prefix + approval)
    page.locator("[name=answer][value=changes_needed]").check()
    page.locator("form button").click()
    expect(page.get_by_role("alert")).to_be_visible()
    look(page, f"refused-{language}")

    editor.goto(f"{prefix}{RELEASES}{release.pk}/sharing/")
    look(editor, f"desk-{language}")
    editor.fill("[name=label]", "한국일보")
    editor.locator(".submit-row button").click()
    expect(editor.locator("#made-address")).to_be_visible()
    look(editor, f"made-{language}")


@pytest.mark.parametrize("kind", [link_to, to_approve])
def test_the_pages_of_a_link_fit_a_narrow_screen(outside, kind):
    page = outside(viewport=NARROW)

    for prefix in ("", "/en"):
        page.goto(prefix + kind(scheduled()))
        assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]


def test_a_link_that_leads_on_after_posting_shows_the_public_page(outside):
    release = scheduled()
    address = link_to(release)
    Release.objects.filter(pk=release.pk).update(publish_at=NINE)
    page = outside()

    page.goto("/en" + address)

    assert page.url.endswith(release.get_absolute_url(language="en"))
