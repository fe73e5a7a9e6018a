"""A visitor reads a release and goes back to where they were."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

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

    page.get_by_role("link", name="English").click()
    page.get_by_role("link", name="Back to the latest releases").click()

    expect(page).to_have_url(re.compile(r"/en/\?mission=iraq&page=2$"))


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

    workflow.withdraw(release)
    assert page.goto(f"/releases/{release.pk}/").status == 410
    workflow.restore(release)

    assert page.goto(f"/releases/{release.pk}/").status == 200
