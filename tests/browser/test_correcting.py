"""The story of a release after it was posted: corrected, read, withdrawn, restored, replaced."""

import pytest
from playwright.sync_api import expect

from releases import correcting, workflow
from tests.corrected import correct
from tests.factories import MissionFactory, ReleaseFactory

from .axe import faults_of, on_each_screen
from .conftest import LANGUAGES, NARROW, PHONE
from .desk import sign_in

pytestmark = pytest.mark.django_db(transaction=True)

NOTE_KO = "도움을 받은 사람은 3천 명이 아니라 3만 명입니다."
NOTE_EN = "Those helped were 30,000, not 3,000."


@pytest.fixture
def release():
    return ReleaseFactory(
        mission=MissionFactory(slug="iraq", name_ko="이라크", name_en="Iraq"),
        title_ko="구호품 도착",
        title_en="Relief arrives",
        body_ko="<p>3천 명이 담요를 받았다.</p><p>전달은 계속된다.</p>",
        body_en="<p>Some 3,000 people were given blankets.</p><p>It goes on.</p>",
    )


def desk_of(release, verb: str = "") -> str:
    end = f"step/{verb}/" if verb else "change/"
    return f"/en/admin/releases/release/{release.pk}/{end}"


def test_a_correction_is_published_and_its_difference_read(
    open_page, live_server, admin_user, release
):
    desk, reader = open_page(), open_page(PHONE)
    sign_in(desk, admin_user, live_server)

    desk.goto(desk_of(release))
    notes = desk.locator(".correcting-notes")
    expect(notes).to_be_hidden()
    desk.fill("#id_title_ko", "구호품 3만 명에게 도착")
    desk.click("input[name=_save] >> visible=true >> nth=0")
    expect(desk.locator("#correcting .errorlist")).to_contain_text("small fix or a correction")
    expect(desk.locator("#id_title_ko")).to_have_value("구호품 3만 명에게 도착")
    desk.get_by_label("Correction: the page says").check()
    expect(notes).to_be_visible()
    desk.fill("#id_correction_note_ko", NOTE_KO)
    desk.fill("#id_correction_note_en", NOTE_EN)
    desk.click("input[name=_save] >> visible=true >> nth=0")
    expect(desk.locator(".messagelist .success")).to_be_visible()

    reader.goto("/")
    expect(reader.locator(".card .corrected")).to_have_text("정정")
    reader.click(".card h2 a")
    expect(reader.locator(".corrections")).to_contain_text(NOTE_KO)
    reader.click(".corrections a")
    expect(reader.locator(".change h3")).to_have_text("한국어 제목")
    expect(reader.locator(".change ins")).to_contain_text("3만 명에게")
    reader.click("header .language")
    expect(reader.locator("h1")).to_contain_text("Correction: Relief arrives")
    expect(reader.locator(".correction .note")).to_have_text(NOTE_EN)
    reader.click(".correction .versions a")
    expect(reader.locator(".earlier-bar")).to_contain_text("Earlier version")
    reader.click("header .language")
    expect(reader.locator("h1")).to_contain_text("구호품 도착")
    reader.click(".earlier-bar a")
    expect(reader.locator("h1")).to_contain_text("구호품 3만 명에게 도착")


def test_who_has_not_chosen_is_led_to_the_choice_from_the_top(
    open_page, live_server, admin_user, release
):
    desk = open_page(NARROW)
    sign_in(desk, admin_user, live_server)
    desk.goto(desk_of(release))
    desk.fill("#id_title_ko", "구호품 3만 명에게 도착")
    desk.click("input[name=_save] >> visible=true >> nth=0")

    desk.click(".correcting-error a")

    expect(desk.locator("#id_correction_kind_0")).to_be_focused()
    expect(desk.locator("#id_correction_kind_0")).to_be_in_viewport()
    expect(desk.locator("#correcting .errorlist")).to_be_in_viewport()
    desk.keyboard.press("Space")
    desk.click("input[name=_save] >> visible=true >> nth=0")
    expect(desk.locator(".messagelist .success")).to_be_visible()


def test_a_release_is_withdrawn_restored_and_replaced(open_page, live_server, admin_user, release):
    other = ReleaseFactory(title_ko="바른 제목", title_en="Right headline")
    desk, reader = open_page(), open_page(expect_errors=True)
    sign_in(desk, admin_user, live_server)
    address = release.get_absolute_url(language="ko")

    def take(verb: str, **entries: str) -> None:
        desk.goto(desk_of(release, verb))
        for name, value in entries.items():
            desk.fill(f"#id_{name}", value)
        desk.click(".submit-row button")
        expect(desk.locator(".messagelist .success")).to_be_visible()

    take(
        "withdraw",
        reason_ko="숫자가 틀렸습니다.",
        replaced_by=f"{live_server.url}/releases/{other.pk}/",
    )
    assert reader.goto(address).status == 410
    expect(reader.locator("main")).to_contain_text("숫자가 틀렸습니다.")
    expect(reader.locator("main")).not_to_contain_text("구호품 도착")
    reader.click("main a >> nth=0")
    expect(reader.locator("h1")).to_contain_text("바른 제목")

    take("restore")
    assert reader.goto(address).status == 200

    take("replace", replaced_by=str(other.pk))
    reader.goto(address)
    expect(reader.locator("h1")).to_contain_text("바른 제목")
    assert reader.url == live_server.url + other.get_absolute_url(language="ko")

    take("restore")
    reader.goto(address)
    expect(reader.locator("h1")).to_contain_text("구호품 도착")


@LANGUAGES
def test_what_tells_of_a_correction_is_accessible(
    open_page, live_server, admin_user, release, prefix
):
    correct(release, NOTE_KO, NOTE_EN, title_ko="구호품 3만 명에게 도착", body_en="<p>New.</p>")
    correct(release, NOTE_KO, title_en="Relief")
    hidden = correct(ReleaseFactory(), NOTE_KO).release
    correcting.hide(hidden.versions.get(public_number=1), admin_user, "이름")
    gone = ReleaseFactory()
    workflow.withdraw(gone, reason_ko="오류", replaced_by=release)
    page = open_page(expect_errors=True)

    def look(address: str, press: str = "") -> None:
        page.goto(prefix + address)
        if press:
            page.locator(press).check()
        for screen in on_each_screen(page):
            assert faults_of(page) == [], (page.url, screen)

    look("/")
    for place in ("", "corrections/1/", "versions/1/"):
        look(f"/releases/{release.pk}/{place}")
    for place in ("corrections/1/", "versions/1/"):
        look(f"/releases/{hidden.pk}/{place}")
    look(f"/releases/{gone.pk}/")
    sign_in(page, admin_user, live_server)
    look(f"/admin/releases/release/{release.pk}/change/", press="input[value=correction]")
    for place in ("history/", "history/hide/?version=1", "step/replace/"):
        look(f"/admin/releases/release/{release.pk}/{place}")


def test_nothing_sticks_out_of_a_narrow_screen(open_page, release):
    words = "가" * 80
    correct(release, words, words, title_ko=words, body_ko=f"<p>{words}</p>")
    page = open_page(NARROW)

    for place in ("", "corrections/1/", "versions/1/"):
        page.goto(f"/releases/{release.pk}/{place}")
        assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"], place
