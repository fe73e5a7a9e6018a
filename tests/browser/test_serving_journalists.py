"""What the listing and a release do for a journalist: by keyboard, on paper, without scripts."""

import re
from datetime import timedelta
from itertools import pairwise
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.factories import (
    NINE,
    MissionFactory,
    PressContactFactory,
    ReleaseContactFactory,
    ReleaseFactory,
)

from .conftest import DESKTOP, NARROW, PHONE

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def release():
    """A release of Iraq with a contact there, and an older one of the same mission."""
    iraq = MissionFactory(
        name_ko="이라크", name_en="Iraq", slug="iraq", country_code="IQ", time_zone="Asia/Baghdad"
    )
    ReleaseFactory(mission=iraq, publish_at=NINE - timedelta(days=1))
    release = ReleaseFactory(mission=iraq, body_ko="<p>구호 물자를 전달했다.</p>")
    entry = PressContactFactory(mission=iraq, phone="+964 750 0000 101")
    ReleaseContactFactory(release=release, contact=entry, phone=entry.phone, name="Desk One")
    return release


def tab_to(page: Page, name: str) -> None:
    """Press Tab until the link, field or button called `name` of a whole page has the focus."""
    page.wait_for_load_state()
    for _ in range(80):
        page.keyboard.press("Tab")
        focused = page.evaluate(
            "(document.activeElement.labels?.[0] ?? document.activeElement).textContent.trim()"
        )
        if focused.startswith(name):
            return
    raise AssertionError(f"the keyboard never reached {name!r}")


def test_the_keyboard_alone_leads_from_the_listing_to_a_contact(release, open_page):
    page = open_page()
    page.goto("/")

    tab_to(page, "지부:")
    page.keyboard.press("ArrowDown")
    tab_to(page, "검색")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("mission=iraq"))
    tab_to(page, release.title_ko)
    page.keyboard.press("Enter")
    expect(page.locator("article[data-release-id]")).to_be_visible()
    tab_to(page, "연락처 보기")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("#contacts$"))
    tab_to(page, "+964")

    assert page.evaluate("document.activeElement.href") == "tel:+9647500000101"


def test_a_filter_is_taken_away_again_by_its_chip(release, open_page):
    page = open_page(PHONE)
    page.goto("/?mission=iraq&q=이주민")

    page.get_by_role("link", name=re.compile("^지부: 이라크")).click()

    expect(page).to_have_url(re.compile(r"/\?q="))
    expect(page.locator("select[name=mission]")).to_have_value("")


def test_the_time_at_the_office_is_kept_right_by_a_script(release, open_page):
    page = open_page()
    page.clock.install(time="2014-09-09T00:12:00Z")

    page.goto(release.get_absolute_url(language="ko"))

    expect(page.locator(".office-time")).to_have_text("바그다드 현지 시각 03:12")
    page.clock.run_for(60_000)
    expect(page.locator(".office-time")).to_have_text("바그다드 현지 시각 03:13")


def test_without_scripts_the_page_is_whole_but_for_the_extras(release, open_page):
    page = open_page(PHONE, java_script_enabled=False)
    page.goto("/?mission=iraq")

    page.get_by_role("link", name=release.title_ko).click()

    expect(page.locator(".office-time")).to_have_text("바그다드 UTC+3")
    expect(page.locator("[data-tool]:visible")).to_have_count(0)
    expect(page.get_by_role("link", name="텍스트로 보기")).to_be_visible()
    expect(page.locator("a.p-tel")).to_be_visible()


def test_the_text_and_the_address_are_copied_on_a_press(release, open_page):
    page = open_page(permissions=["clipboard-read", "clipboard-write"])
    page.goto(release.get_absolute_url(language="ko"))

    page.get_by_role("button", name="본문 복사").click()
    expect(page.get_by_role("status")).to_have_text("본문을 복사했습니다.")
    text = page.evaluate("navigator.clipboard.readText()")
    page.get_by_role("button", name="링크 복사").click()
    expect(page.get_by_role("status")).to_have_text("링크를 복사했습니다.")

    assert text.startswith(f"(2014/9/9) {release.title_ko}")
    assert page.evaluate("navigator.clipboard.readText()") == page.url


def test_a_printed_release_keeps_its_contacts_and_its_address(release, open_page, keep_screenshot):
    ReleaseContactFactory(release=release, name="Desk Two")
    page = open_page()
    page.goto(release.get_absolute_url(language="ko"))

    page.emulate_media(media="print")
    keep_screenshot(page, "print")

    expect(page.locator(".h-card").first).to_be_visible()
    expect(page.locator(".posted")).to_be_visible()
    expect(page.locator(".printed")).to_contain_text(f"/releases/{release.pk}/")
    boxes = [card.bounding_box() for card in page.locator(".h-card").all()]
    assert len({box["x"] for box in boxes}) == 1
    assert boxes[0]["y"] + boxes[0]["height"] <= boxes[1]["y"]
    for furniture in ("header.site nav", ".tools", ".back", ".others", "footer.site"):
        expect(page.locator(furniture)).to_be_hidden()


def test_the_page_is_dark_where_the_reader_wants_it_dark(release, open_page):
    def background(scheme: str) -> str:
        page = open_page(color_scheme=scheme)
        page.goto("/")
        return page.evaluate("getComputedStyle(document.documentElement).backgroundColor")

    assert background("light") != background("dark")


def test_changing_the_language_keeps_the_place(release, open_page):
    page = open_page()
    page.goto("/?mission=iraq&year=2014")

    page.get_by_role("link", name="English").click()
    expect(page).to_have_url(re.compile(r"/en/\?mission=iraq&year=2014$"))
    page.get_by_role("link", name=release.title_ko).click()
    expect(page.locator("article[data-release-id]")).to_be_visible()
    page.get_by_role("link", name="한국어", exact=True).click()

    expect(page).to_have_url(re.compile(rf"/releases/{release.pk}/"))
    expect(page.locator("html")).to_have_attribute("lang", "ko")


@pytest.mark.parametrize("viewport", [NARROW, PHONE, DESKTOP])
def test_odd_releases_fit_the_screen(open_page, keep_screenshot, viewport):
    odd = [
        ReleaseFactory(title_ko="가" * 300),
        ReleaseFactory(title_ko="제목 " * 75),
        ReleaseFactory(title_ko="A" * 120, body_en="<p>" + "b" * 400 + "</p>"),
        ReleaseFactory(title_ko="\u202e거꾸로\u200b된\u200f 제목", body_en="<p>\u202egnorw</p>"),
    ]
    crowded = ReleaseFactory()
    for place in range(20):
        ReleaseContactFactory(release=crowded, position=place, office="사무소" * 12)
    page = open_page(viewport)

    page.goto("/")
    keep_screenshot(page, f"odd-listing-{viewport['width']}")
    assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]
    for release in [*odd, crowded]:
        page.goto(release.get_absolute_url(language="ko"))
        keep_screenshot(page, f"odd-{release.pk % 5}-{viewport['width']}")
        assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]


def test_a_release_page_is_light(release, open_page):
    page = open_page(PHONE)
    bodies = []
    page.on("requestfinished", lambda request: bodies.append(request.sizes()["responseBodySize"]))

    page.goto(release.get_absolute_url(language="ko"), wait_until="networkidle")

    assert len(bodies) <= 6
    assert sum(bodies) <= 40_000  # bytes, and this is without the compression of production


@pytest.mark.parametrize("viewport", [NARROW, PHONE, DESKTOP])
def test_chips_stand_side_by_side_with_a_gap_between_them(
    release, open_page, keep_screenshot, viewport
):
    page = open_page(viewport)
    page.goto("/?mission=iraq&q=이주&year=2014&month=9")
    keep_screenshot(page, f"chips-{viewport['width']}")

    boxes = [chip.bounding_box() for chip in page.locator(".chips a").all()]
    rows = {box["y"] for box in boxes}

    assert len(boxes) == 5
    assert len(rows) <= (1 if viewport == DESKTOP else 3)
    for one, next_ in pairwise(boxes):
        same_row = one["y"] == next_["y"]
        gap = (
            next_["x"] - one["x"] - one["width"]
            if same_row
            else next_["y"] - one["y"] - one["height"]
        )
        assert gap >= 4
    for box in boxes:
        assert box["height"] >= 44
        assert box["x"] + box["width"] <= viewport["width"]


@pytest.mark.parametrize(
    "address", ["/nowhere/", "/en/?year=x", "/missions/", "/contacts/", "RELEASE"]
)
def test_a_link_that_stands_alone_is_easy_to_touch(release, open_page, address):
    ReleaseContactFactory(release=release, name="Desk Two", email="two@example.org")
    page = open_page(PHONE, expect_errors=True)
    page.goto(release.get_absolute_url(language="ko") if address == "RELEASE" else address)

    lone = page.locator(".way-on, .missions a, .h-card a, .tools a, .tools button:visible, .back a")

    assert lone.count()
    for link in lone.all():
        assert link.bounding_box()["height"] >= 44, link.text_content()


WIDE = f"<table>{'<tr>' + '<td>12,345</td>' * 12 + '</tr>'}</table><p>End</p>"


@pytest.mark.parametrize("viewport", [NARROW, DESKTOP])
def test_a_wide_table_scrolls_in_itself_and_breaks_no_number(open_page, keep_screenshot, viewport):
    release = ReleaseFactory(body_en="", body_ko=f"<p>표를 보라.</p>{WIDE}")
    page = open_page(viewport)
    page.goto(release.get_absolute_url(language="ko"))
    keep_screenshot(page, f"table-{viewport['width']}")

    assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]
    assert page.locator(".body td").first.bounding_box()["height"] < 60
    tab_to(page, "12,345")
    page.keyboard.press("ArrowRight")
    page.wait_for_function(
        "() => { const t = document.querySelector('.table');"
        " return t.scrollLeft > 0 || t.scrollWidth <= t.clientWidth }"
    )


def test_nothing_is_cut_off_where_letters_are_twice_as_large(release, open_page, keep_screenshot):
    page = open_page(NARROW)
    addresses = ["/", "/?mission=iraq&q=이주", "/missions/", "/contacts/", "/api/"]

    for address in [*addresses, release.get_absolute_url(language="ko")]:
        page.goto(address)
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        keep_screenshot(page, f"zoom-{addresses.index(address) if address in addresses else 9}")
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, address


def test_a_release_is_sent_by_mail(release, open_page):
    page = open_page()
    page.goto(release.get_absolute_url(language="ko"))
    with page.expect_request(lambda request: request.url.startswith("mailto:")) as sent:
        page.get_by_role("button", name="메일로 보내기").click()

    address = sent.value.url
    told = parse_qs(urlsplit(address).query)
    assert address.startswith("mailto:?")
    assert told == {"subject": [release.title_ko], "body": [page.url]}


@pytest.mark.parametrize(
    ("fault", "words"), [("", ""), ("AbortError", ""), ("NotAllowedError", "공유하지 못했습니다.")]
)
def test_a_release_is_shared_by_what_the_browser_offers(release, open_page, fault, words):
    page = open_page()
    page.add_init_script(
        "navigator.share = async (what) => { window.shared = what;"
        f" if ('{fault}') throw new DOMException('', '{fault}') }}"
    )
    page.goto(release.get_absolute_url(language="ko"))

    page.get_by_role("button", name="공유").click()

    page.wait_for_function("window.shared")
    expect(page.get_by_role("status")).to_have_text(words)
    assert page.evaluate("shared") == {"title": release.title_ko, "url": page.url}


def test_what_could_not_be_copied_says_so(release, open_page):
    page = open_page(expect_errors=True)
    page.add_init_script("navigator.clipboard.writeText = () => Promise.reject(new Error('no'))")
    page.goto(release.get_absolute_url(language="ko"))

    page.get_by_role("button", name="링크 복사").click()

    expect(page.get_by_role("status")).to_have_text("복사하지 못했습니다.")


def test_a_hostile_summary_breaks_no_page(open_page):
    release = ReleaseFactory(
        summary_ko='"><script>document.title = "run"</script>\' <!-- </head></article>',
        title_ko='</title><img src=x onerror="document.title = 1">',
    )
    page = open_page()

    for address in ("/", release.get_absolute_url(language="ko")):
        page.goto(address)
        assert page.locator("img, main script").count() == 0
        expect(page.locator("footer.site")).to_be_visible()
        assert "run" not in page.title()
