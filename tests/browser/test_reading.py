"""A visitor reads a release and goes back to where they were."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from releases import workflow
from tests.factories import (
    NINE,
    MissionFactory,
    PressContactFactory,
    ReleaseContactFactory,
    ReleaseFactory,
)

from .conftest import DESKTOP, PHONE

pytestmark = pytest.mark.django_db(transaction=True)

VIEWPORTS = pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
LANGUAGES = pytest.mark.parametrize(
    ("home", "back"),
    [("/", "최신보도자료 모음 돌아가기"), ("/en/", "Back to the latest releases")],
    ids=["ko", "en"],
)


@pytest.fixture
def newsroom():
    """Thirty releases of Iraq and five of another mission, each an hour older than the last."""
    iraq = MissionFactory(name_ko="이라크", name_en="Iraq", slug="iraq", country_code="IQ")
    other = MissionFactory()
    for number in range(30):
        release = ReleaseFactory(mission=iraq, publish_at=NINE - timedelta(hours=number))
    ReleaseFactory.create_batch(5, mission=other)
    entry = PressContactFactory(mission=iraq)
    ReleaseContactFactory(release=release, contact=entry)
    return iraq


@VIEWPORTS
@LANGUAGES
def test_back_from_a_release_leads_to_the_same_page_of_the_same_filter(
    newsroom, open_page, keep_screenshot, viewport, home, back
):
    page = open_page(viewport)
    page.goto(f"{home}?mission=iraq")
    page.get_by_role("navigation").get_by_role("link", name="2", exact=False).first.click()
    expect(page).to_have_url(re.compile(r"mission=iraq&page=2$"))
    listing = page.url
    keep_screenshot(
        page, f"listing-{viewport['width']}-{page.locator('html').get_attribute('lang')}"
    )

    page.locator("ol.releases article a").first.click()
    expect(page.locator("article[data-release-id] h1")).to_be_visible()
    keep_screenshot(
        page, f"release-{viewport['width']}-{page.locator('html').get_attribute('lang')}"
    )
    page.get_by_role("link", name=back).click()

    expect(page).to_have_url(listing)
    expect(page.locator("ol.releases > li")).to_have_count(10)


@LANGUAGES
def test_without_scripts_back_leads_to_the_first_page(newsroom, open_page, home, back):
    page = open_page(java_script_enabled=False)
    page.goto(f"{home}?mission=iraq&page=2")

    page.locator("ol.releases article a").first.click()
    page.get_by_role("link", name=back).click()

    expect(page).to_have_url(re.compile(f"{home}$"))


def test_after_changing_the_language_back_leads_to_the_listing_in_it(newsroom, open_page):
    page = open_page()
    page.goto("/?mission=iraq&page=2")
    page.locator("ol.releases article a").first.click()
    expect(page.locator("article[data-release-id]")).to_be_visible()

    page.get_by_role("link", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.get_by_role("link", name="Back to the latest releases").click()

    expect(page).to_have_url(re.compile(r"/en/\?mission=iraq&page=2$"))


def back(page: Page) -> str:
    """Where the way back leads, without the host, once the page's scripts have run."""
    page.wait_for_load_state()
    address = page.locator("a.back-link").evaluate("link => link.href")
    return address.removeprefix(page.evaluate("location.origin"))


@pytest.mark.parametrize("press", [{"modifiers": ["Control"]}, {"button": "middle"}])
def test_back_in_a_new_tab_leads_to_the_listing_that_it_was_opened_from(newsroom, open_page, press):
    page = open_page()
    page.goto("/?mission=iraq&page=2")

    with page.context.expect_page() as opened:
        page.locator("ol.releases h2 a").first.click(**press)
    tab = opened.value
    tab.wait_for_load_state()
    assert back(tab) == "/?mission=iraq&page=2"
    with tab.expect_navigation():
        tab.locator(".neighbours a").first.click()

    assert back(tab) == "/?mission=iraq&page=2"


@LANGUAGES
def test_back_leads_to_the_page_of_a_mission_that_the_reader_came_from(
    newsroom, open_page, home, back
):
    page = open_page()
    page.goto(f"{home}missions/iraq/?page=2")

    page.locator("ol.releases h2 a").first.click()
    with page.expect_navigation():
        page.locator(".neighbours a").first.click()
    page.get_by_role("link", name=back).click()

    expect(page).to_have_url(re.compile(rf"{home}missions/iraq/\?page=2$"))


def test_back_from_a_mission_stays_in_the_language_of_the_page(newsroom, open_page):
    page = open_page()
    page.goto("/missions/iraq/?page=2")
    page.locator("ol.releases h2 a").first.click()
    expect(page.locator("article[data-release-id]")).to_be_visible()

    page.get_by_role("link", name="English").click()

    expect(page.locator("html")).to_have_attribute("lang", "en")
    assert back(page) == "/en/missions/iraq/?page=2"


def test_a_listing_that_the_browser_had_kept_is_where_back_leads(newsroom, page_that_keeps_pages):
    page = page_that_keeps_pages
    page.goto("/?mission=iraq")
    page.evaluate("window.kept = true")
    second = page.locator("h2 a").nth(1).get_attribute("href")
    page.locator(".pages a[rel=next]").click()
    expect(page).to_have_url(re.compile("page=2$"))

    page.evaluate("history.back()")
    expect(page).to_have_url(re.compile("mission=iraq$"))
    assert page.evaluate("window.kept"), "the browser did not keep the page"
    page.goto(second)  # without a referrer

    assert back(page) == "/?mission=iraq"


@pytest.mark.parametrize(
    "stored",
    ["//evil.example/", "/\\evil.example", "javascript:alert(1)", "https://x.example/", "/admin/"],
)
def test_back_never_leads_anywhere_but_to_a_listing(newsroom, open_page, stored):
    page = open_page()
    page.goto("/")
    address = page.locator("h2 a").first.get_attribute("href")
    page.evaluate(
        "words => { for (const key in sessionStorage) sessionStorage[key] = words }", stored
    )

    page.goto(address)

    assert back(page) == "/"


def test_an_error_page_is_no_listing(newsroom, open_page):
    page = open_page(expect_errors=True)
    page.goto("/?mission=iraq")
    address = page.locator("h2 a").first.get_attribute("href")

    page.goto("/?page=99")
    page.goto(address)

    assert back(page) == "/?mission=iraq"


@VIEWPORTS
def test_no_page_is_wider_than_the_screen(newsroom, open_page, viewport):
    page = open_page(viewport)
    ReleaseFactory(
        title_ko="띄어쓰기없는제목" * 30,
        body_en="<table><tr>" + "<td>one wide cell</td>" * 20 + "</tr></table>",
    )
    page.goto("/")
    addresses = [link.get_attribute("href") for link in page.locator("h2 a").all()[:2]]

    for address in ["/", "/missions/", "/missions/iraq/", "/contacts/", "/api/", *addresses]:
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"], address


def test_a_phone_dials_the_number_of_a_contact(newsroom, open_page):
    page = open_page(PHONE)
    page.goto("/contacts/")

    expect(page.locator(".h-card a.p-tel").first).to_have_attribute("href", "tel:+8225550101")


def test_a_release_that_is_restored_is_read_again_by_whoever_saw_it_withdrawn(newsroom, open_page):
    release = ReleaseFactory()
    page = open_page(expect_errors=True)
    page.goto(f"/releases/{release.pk}/")

    workflow.withdraw(release, reason_ko="날짜 오류")
    assert page.goto(f"/releases/{release.pk}/").status == 410
    workflow.restore(release)

    assert page.goto(f"/releases/{release.pk}/").status == 200
