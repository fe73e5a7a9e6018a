"""An editor drops pictures and files on the form, and a reader sees them."""

import base64

import pytest
from playwright.sync_api import expect

from tests.factories import ReleaseFactory
from tests.uploads import PDF, file_of, image, picture_of

from .axe import faults_of, on_each_screen
from .conftest import PHONE
from .desk import sign_in

pytestmark = pytest.mark.django_db(transaction=True)

DROP = """
([selector, files]) => {
  const carried = new DataTransfer();
  for (const [name, type, content] of files) {
    const bytes = Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0));
    carried.items.add(new File([bytes], name, { type }));
  }
  for (const kind of ["dragenter", "dragover", "drop"]) {
    const event = new DragEvent(kind, { bubbles: true, cancelable: true, dataTransfer: carried });
    document.querySelector(selector).dispatchEvent(event);
  }
}
"""


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def desk(open_page, live_server, admin_user):
    """Call it for a page of the desk, signed in."""

    def opened(**options):
        page = open_page(**options)
        sign_in(page, admin_user, live_server)
        return page

    return opened


def change(release):
    return f"/en/admin/releases/release/{release.pk}/change/"


def drop(page, selector, *files):
    carried = [[n, kind, base64.b64encode(content).decode()] for n, kind, content in files]
    page.evaluate(DROP, [selector, carried])


def test_a_dropped_picture_is_described_saved_and_read_on_a_phone(desk, open_page, keep_screenshot):
    release = ReleaseFactory(body_ko="<p>본문</p>")
    page = desk()
    page.goto(change(release))
    page.locator("input[value=fix]").check()

    drop(
        page,
        "[data-drop=pictures]",
        ("산.jpg", "image/jpeg", image((1800, 1200))),
        ("바다.png", "image/png", image((700, 400), "PNG", "teal")),
    )
    page.wait_for_selector("#pictures-1 canvas")
    expect(page.locator("[data-drop=pictures] [role=status]")).to_have_text("Added: 2")
    page.fill("[name=pictures-0-alt_ko]", "해 질 녘의 산")
    page.fill("[name=pictures-1-alt_ko]", "바다")
    drop(page, "[data-drop=files]", ("자료.pdf", "application/pdf", PDF))
    crop = page.locator("#pictures-0 [data-crop]")
    box = crop.bounding_box()
    crop.click(position={"x": box["width"] * 0.25, "y": box["height"] * 0.75})
    expect(page.locator("[name=pictures-0-crop_x]")).to_have_value("0.25")
    expect(page.locator("[name=pictures-0-crop_y]")).to_have_value("0.75")
    crop.press("ArrowRight")
    crop.press("ArrowUp")
    expect(page.locator("[name=pictures-0-crop_x]")).to_have_value("0.27")
    expect(page.locator("[name=pictures-0-crop_y]")).to_have_value("0.73")
    keep_screenshot(page, "desk-pictures-dropped")
    page.locator("[name=_continue]").first.click()
    page.wait_for_selector(".messagelist .success")
    keep_screenshot(page, "desk-pictures-saved")

    first, second = release.pictures.all()
    assert (first.alt_ko, first.crop_x, second.alt_ko) == ("해 질 녘의 산", 0.27, "바다")
    assert release.files.get().name == "자료.pdf"

    reader = open_page(PHONE)
    reader.goto(release.get_absolute_url(language="ko"), wait_until="networkidle")
    shown = reader.locator("article figure img").first
    assert shown.get_attribute("alt") == "해 질 녘의 산"
    assert shown.evaluate("img => img.complete && img.naturalWidth > 0")
    assert shown.evaluate("img => img.currentSrc").endswith(".avif")
    assert reader.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    with reader.expect_download() as saved:
        reader.get_by_role("link", name="자료.pdf").click()
    assert saved.value.suggested_filename == "자료.pdf"
    keep_screenshot(reader, "release-with-pictures-360")


def test_what_is_chosen_survives_a_refused_form_in_the_browser(desk, keep_screenshot):
    release = ReleaseFactory()
    page = desk()
    page.goto(change(release))
    page.locator("input[value=fix]").check()

    drop(
        page,
        "[data-drop=pictures]",
        ("web.jpg", "image/jpeg", b"<html><script>alert(1)</script></html>"),
        ("good.jpg", "image/jpeg", image((600, 400))),
    )
    page.fill("[name=pictures-0-alt_ko]", "남는 말")
    page.fill("[name=pictures-1-alt_ko]", "좋은 사진")
    page.locator("[name=_continue]").first.click()
    page.wait_for_selector("#pictures-0 .errorlist")
    keep_screenshot(page, "desk-pictures-refused")

    expect(page.locator("#pictures-0 .errorlist")).to_contain_text("“web.jpg” is a web page")
    expect(page.locator("[name=pictures-0-alt_ko]")).to_have_value("남는 말")
    expect(page.locator("#pictures-1")).to_contain_text("“good.jpg” has been received")
    page.wait_for_function("document.querySelector('#pictures-1 img').naturalWidth > 0")
    page.wait_for_load_state()
    page.locator("#pictures-0 .inline-deletelink").click()
    page.locator("[name=_continue]").first.click()
    page.wait_for_selector(".messagelist .success")

    assert [picture.alt_ko for picture in release.pictures.all()] == ["좋은 사진"]


def test_several_are_chosen_by_keyboard_as_well(desk):
    release = ReleaseFactory()
    page = desk()
    page.goto(change(release))
    page.locator("input[value=fix]").check()

    page.get_by_label("Add several pictures").set_input_files(
        [
            {"name": f"{n}.png", "mimeType": "image/png", "buffer": image((60, 40), "PNG")}
            for n in range(3)
        ]
    )

    page.wait_for_selector("#pictures-2 canvas")
    rows = page.locator("#pictures-group input[type=file][name$=upload]")
    expect(rows).to_have_count(4)  # one is empty


def test_a_file_dropped_beside_the_zones_leaves_the_form_alone(desk):
    page = desk()
    page.goto(change(ReleaseFactory()))
    page.fill("[name=title_ko]", "쓰던 제목")

    drop(page, "h1", ("a.jpg", "image/jpeg", image((60, 40))))

    assert page.input_value("[name=title_ko]") == "쓰던 제목"
    assert page.locator("canvas").count() == 0


def test_without_scripts_one_picture_at_a_time_is_sent(desk):
    release = ReleaseFactory()
    page = desk(java_script_enabled=False)
    page.goto(change(release))
    page.locator("input[value=fix]").check()

    picked = {"name": "a.png", "mimeType": "image/png", "buffer": image((60, 40), "PNG")}
    page.set_input_files("[name=pictures-0-upload]", [picked])
    page.fill("[name=pictures-0-alt_ko]", "산")
    page.fill("[name=pictures-0-crop_x]", "0.2")
    page.locator("[name=_continue]").first.click()
    page.wait_for_selector(".messagelist .success")

    assert [picture.crop_x for picture in release.pictures.all()] == [0.2]


def test_a_release_with_pictures_is_accessible(open_page, keep_screenshot):
    release = ReleaseFactory()
    picture_of(release, caption_ko="캡션", credit="© IOM", alt_en="A hill")
    picture_of(release, position=1, alt_ko="", is_decorative=True)
    picture_of(release, image((300, 2500)), position=2)
    file_of(release, "아주 긴 이름의 파일 " * 6 + ".pdf")
    page = open_page()

    for language in ("ko", "en"):
        page.goto(release.get_absolute_url(language=language), wait_until="networkidle")
        for screen in on_each_screen(page):
            assert faults_of(page) == [], (language, screen)
            width = page.evaluate("document.documentElement.scrollWidth")
            assert width <= page.viewport_size["width"], (language, screen)
            keep_screenshot(page, f"release-with-pictures-{language}-{screen}")


def test_pictures_move_nothing_when_they_arrive(open_page):
    release = ReleaseFactory()
    picture_of(release)
    page = open_page(PHONE)
    page.add_init_script(
        "window.moved = 0; new PerformanceObserver((list) => list.getEntries().forEach("
        "(entry) => window.moved += entry.value)).observe({type: 'layout-shift', buffered: true});"
    )

    page.goto(release.get_absolute_url(language="ko"), wait_until="networkidle")

    assert page.evaluate("window.moved") == 0


def test_a_picture_that_is_put_back_is_said_to_have_been_received(desk):
    release = ReleaseFactory()
    page = desk()
    page.goto(change(release))
    page.locator("input[value=fix]").check()
    page.wait_for_selector("#pictures-several")

    # As the script does that puts back what was kept in the browser.
    page.evaluate("""
      const kept = document.querySelector("[name=pictures-0-kept]")
      kept.value = "0123456789abcdef0123456789abcdef"
      for (const kind of ["input", "change"]) kept.dispatchEvent(new Event(kind, {bubbles: true}))
    """)

    expect(page.locator("#pictures-0 .received")).to_contain_text("Received already")
    expect(page.locator(".received")).to_have_count(1)
