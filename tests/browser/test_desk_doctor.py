"""An editor has a draft looked over, mends what is found, and has it looked over again."""

import pytest
from playwright.sync_api import expect

from releases.models import Release
from tests.factories import DRAFT, ReleaseContactFactory, ReleaseFactory

from .axe import faults_of, on_each_screen
from .desk import sign_in

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def at_the_desk(open_page, live_server, admin_user):
    """Call it for the page of an editor who has signed in at the Korean desk."""

    def signed_in(**options):
        # The admin's own choosers write style attributes, which the site's policy refuses.
        page = open_page(expect_errors=True, **options)
        sign_in(page, admin_user, live_server)
        return page

    return signed_in


@pytest.fixture
def faulty():
    """A draft in which a word is doubled and a link leads nowhere."""
    release = ReleaseFactory(
        title_ko="구호품 구호품 도착",
        body_ko='<p>구호품이 <a href="/releases/999/x/">마을에</a> 왔다.</p>',
        body_en="<p>Relief has arrived in the town.</p>",
        **DRAFT,
    )
    ReleaseContactFactory(release=release, email="")
    return release


def write(page, field, text):
    """Write `text` over a field, whatever editor stands there."""
    page.evaluate(
        """([id, text]) => {
            const field = document.getElementById(id);
            field.value = text;
            field.dispatchEvent(new Event("input", {bubbles: true}));
        }""",
        [field, text],
    )


def test_an_editor_reads_what_is_found_mends_it_and_it_is_gone(
    at_the_desk, faulty, keep_screenshot
):
    page = at_the_desk()
    page.goto(f"/admin/releases/release/{faulty.pk}/change/")
    panel = page.locator("#findings")
    expect(panel.locator("summary")).to_contain_text("오류 1")
    expect(panel).to_contain_text("“구호품” 낱말이 잇달아 두 번 나옵니다.")
    expect(panel).to_contain_text("우리 사이트에 없는 페이지입니다.")
    keep_screenshot(page, "doctor-found")

    panel.get_by_role("link", name="한국어 제목: “구호품 구호품 도착”").click()
    expect(page.locator("#id_title_ko")).to_be_focused()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("구호품 도착")
    write(page, "id_body_ko", "<p>구호품이 마을에 왔다.</p>")
    panel.get_by_role("button", name="저장하지 않은 글 점검").click()

    expect(panel.locator("summary")).not_to_contain_text("오류")
    expect(panel).not_to_contain_text("잇달아")
    expect(page.locator("#id_title_ko")).to_have_value("구호품 도착")
    assert Release.objects.get().title_ko == "구호품 구호품 도착"
    keep_screenshot(page, "doctor-mended")

    page.locator("[name=_continue]").last.click()
    expect(page.locator("#findings summary")).to_contain_text("참고")
    release = Release.objects.get()
    assert (release.title_ko, release.finding_count) == ("구호품 도착", 0)


def test_a_finding_in_a_folded_row_is_reached_by_keyboard(at_the_desk, faulty):
    page = at_the_desk()
    page.goto(f"/admin/releases/release/{faulty.pk}/change/")

    page.locator("#findings").get_by_role("link", name="연락처 1번째 줄").focus()
    page.keyboard.press("Enter")

    expect(page.locator("#id_contacts-0-email")).to_be_focused()


def test_enter_in_the_headline_saves_and_does_not_check(at_the_desk, faulty):
    page = at_the_desk()
    page.goto(f"/admin/releases/release/{faulty.pk}/change/")

    page.fill("#id_title_ko", "구호품 도착")
    page.press("#id_title_ko", "Enter")

    expect(page.locator(".messagelist .success")).to_be_visible()
    assert Release.objects.get().title_ko == "구호품 도착"


def test_without_a_script_the_check_opens_beside_the_form(at_the_desk, faulty):
    page = at_the_desk(java_script_enabled=False)
    page.goto(f"/admin/releases/release/{faulty.pk}/change/")
    page.fill("#id_title_ko", "물 및 및 담요")

    with page.context.expect_page() as opened:
        page.get_by_role("button", name="저장하지 않은 글 점검").click()

    expect(opened.value.locator("#content-main")).to_contain_text("“및” 낱말이 잇달아")
    expect(page.locator("#id_title_ko")).to_have_value("물 및 및 담요")
    assert Release.objects.get().title_ko == "구호품 구호품 도착"


def test_the_findings_can_be_read_by_everyone(at_the_desk, faulty, keep_screenshot):
    page = at_the_desk()
    release = f"/admin/releases/release/{faulty.pk}"

    page.goto(f"{release}/findings/")
    for screen in on_each_screen(page):
        keep_screenshot(page, f"doctor-page-{screen}")
        assert faults_of(page, "#content-main") == [], screen

    page.goto(f"{release}/change/")
    for screen in on_each_screen(page):
        assert faults_of(page, "#findings") == [], screen
        width = page.evaluate("document.querySelector('#findings').scrollWidth")
        assert width <= page.viewport_size["width"], screen
