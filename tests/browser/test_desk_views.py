"""The pages of views in a browser: a picture that fits, and the keyboard."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from releases.models import DailyViews
from tests.factories import MissionFactory, ReleaseFactory

from .conftest import DESKTOP, NARROW, PHONE
from .desk import sign_in

pytestmark = pytest.mark.django_db(transaction=True)

RELEASES = "/en/admin/releases/release/"
# On how many lines the first so many letters of an element stand.
LINES = """(element, letters) => {
  const range = document.createRange();
  range.setStart(element.firstChild, 0);
  range.setEnd(element.firstChild, letters);
  return range.getClientRects().length;
}"""


@pytest.fixture
def release():
    release = ReleaseFactory(
        title_ko="아주 긴 제목이라도 좁은 화면에서 넘치지 않아야 한다", views=9
    )
    today = timezone.localdate()
    for days in range(120):
        DailyViews.objects.create(
            release=release, day=today - timedelta(days), count=12_345 * (days % 4), robots=7
        )
    return release


@pytest.mark.parametrize("viewport", [NARROW, PHONE, DESKTOP])
@pytest.mark.parametrize("days", ["7", "90", "all"])
def test_the_picture_fits_and_the_page_does_not_scroll_sideways(
    open_page, live_server, admin_user, release, viewport, days
):
    page = open_page(viewport)
    sign_in(page, admin_user, live_server)

    page.goto(f"{RELEASES}{release.pk}/views/?days={days}")

    assert page.evaluate("document.documentElement.scrollWidth") == viewport["width"]
    picture = page.locator("svg[role=img]").bounding_box()
    bars = [bar.bounding_box() for bar in page.locator("svg[role=img] rect").all()]
    below = page.locator(".chart .ends").bounding_box()
    assert picture["width"] > 0.7 * min(viewport["width"], 1_120)
    assert all(picture["x"] <= bar["x"] for bar in bars)
    assert bars[-1]["x"] + bars[-1]["width"] <= picture["x"] + picture["width"] + 1
    assert min(bar["y"] for bar in bars) >= picture["y"] - 1
    assert below["y"] >= picture["y"] + picture["height"]


def test_no_date_and_no_word_of_a_table_is_broken_on_a_phone(
    open_page, live_server, admin_user, release
):
    release.mission = MissionFactory(name_en="Mozambique")
    release.save()
    page = open_page(NARROW)
    sign_in(page, admin_user, live_server)

    page.goto(f"{RELEASES}{release.pk}/views/?days=7")
    days = page.locator("table.days tbody th").all()
    assert [day.evaluate(LINES, len("2026-11-24")) for day in days] == [1] * 7

    page.goto(f"{RELEASES}views/?days=7")
    mission = page.get_by_role("cell", name="Mozambique")
    assert mission.evaluate(LINES, len("Mozambique")) == 1


@pytest.mark.parametrize("viewport", [NARROW, DESKTOP])
def test_the_report_does_not_scroll_sideways(open_page, live_server, admin_user, release, viewport):
    page = open_page(viewport)
    sign_in(page, admin_user, live_server)

    page.goto(f"{RELEASES}views/?days=7")

    assert page.evaluate("document.documentElement.scrollWidth") == viewport["width"]


def test_the_keyboard_reaches_the_days_the_files_and_the_table_in_this_order(
    open_page, live_server, admin_user, release
):
    page = open_page(PHONE)
    sign_in(page, admin_user, live_server)
    page.goto(f"{RELEASES}{release.pk}/views/")

    page.locator(".breadcrumbs a").last.focus()
    reached = []
    for _ in range(8):
        page.keyboard.press("Tab")
        reached.append(
            page.evaluate("document.activeElement.role || document.activeElement.textContent")
        )
    table = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")

    assert reached == ["7 days", "30 days", "90 days", "365 days", "All"] + [
        *("CSV", "XLSX (Excel)", "region")
    ]
    assert table != "none"
    page.locator(".spans a").last.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/views/?days=all")
    expect(page.locator("[aria-current=true]")).to_have_text("All")


def test_a_report_is_asked_for_with_the_keyboard_alone(open_page, live_server, admin_user, release):
    page = open_page()
    sign_in(page, admin_user, live_server)
    page.goto(f"{RELEASES}views/?days=7")

    page.focus("#id_language")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**language=ko*")

    expect(page.locator("table.read tbody tr")).to_have_count(1)
    expect(page.locator(".spans [aria-current=true]").first).to_have_text("7 days")


def test_a_file_is_downloaded_under_its_name(open_page, live_server, admin_user, release):
    page = open_page()
    sign_in(page, admin_user, live_server)
    page.goto(f"{RELEASES}{release.pk}/views/?days=90")

    with page.expect_download() as download:
        page.click("text=XLSX")

    today = timezone.localdate()
    assert download.value.suggested_filename == f"views-{release.pk}-{today}-90.xlsx"
