"""The first page, the calendar, the list, the previews and handing over, in a real browser."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from releases.models import DailyViews
from tests.factories import (
    DRAFT,
    IN_REVIEW,
    NOT_PUBLIC,
    MissionFactory,
    PressContactFactory,
    ReleaseContactFactory,
    ReleaseFactory,
)

from .axe import faults_of, on_each_screen
from .conftest import DESKTOP, PHONE
from .desk import sign_in

pytestmark = pytest.mark.django_db(transaction=True)

LIST = "/admin/releases/release/"
SIZES = pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])


@pytest.fixture
def newsroom():
    """A mission, somebody to call, and a release in each state that the desk looks at."""
    mission = MissionFactory(name_ko="이라크", name_en="Iraq", slug="iraq")
    contact = PressContactFactory(name="Susan", mission=mission)
    soon = timezone.now() + timedelta(days=1)
    both = {"title_en": "A headline", "body_ko": "<p>한국어 글</p>", "mission": mission}
    releases = {
        "public": ReleaseFactory(title_ko="공개된 소식", **both),
        "scheduled": ReleaseFactory(title_ko="예약된 소식", publish_at=soon, **both),
        "planned": ReleaseFactory(title_ko="쓰는 중", **DRAFT | both | {"publish_at": soon}),
        "waiting": ReleaseFactory(title_ko="검토할 소식", **IN_REVIEW | both),
    }
    for release in releases.values():
        ReleaseContactFactory(release=release, contact=contact, name="Susan", position=0)
    DailyViews.objects.create(release=releases["public"], day=timezone.localdate(), count=412)
    return releases | {"contact": contact, "mission": mission}


@pytest.fixture
def at_the_desk(open_page, live_server, admin_user):
    """Call it for a page of somebody who is signed in at the desk and may do everything."""

    def opened(viewport=DESKTOP, **options):
        page = open_page(viewport, **options)
        sign_in(page, admin_user, live_server)
        return page

    return opened


def addresses(newsroom):
    draft, contact, mission = newsroom["planned"], newsroom["contact"], newsroom["mission"]
    return {
        "first": "/admin/",
        "list": LIST,
        "calendar": f"{LIST}calendar/",
        "preview": f"{LIST}{draft.pk}/preview/",
        "own-address": draft.get_absolute_url(),
        "mission": f"/admin/contacts/mission/{mission.pk}/change/",
        "hand-over": f"/admin/contacts/presscontact/{contact.pk}/hand-over/",
    }


def test_what_we_add_to_the_desk_fits_and_is_accessible(newsroom, at_the_desk, keep_screenshot):
    # Axe itself tries styles out on Django's forms, which the CSP refuses with an error.
    page = at_the_desk(expect_errors=True)
    ours = {
        "first": [".desk-doors", ".desk-parts"],
        "list": ["#result_list tbody"],
        "calendar": [".months", ".month", ".month-list"],
        "preview": [".preview-tools", ".frames"],
        "own-address": ["body"],
        "mission": [".latest"],
        "hand-over": ["#hand_over_form"],
    }

    for name, address in addresses(newsroom).items():
        page.goto(address)
        for screen in on_each_screen(page):
            keep_screenshot(page, f"desk-{name}-{screen}")
            # The rest of the page is Django's, and so is the box that offers names.
            parts = [part for part in ours[name] if page.locator(part).count()]
            assert faults_of(page, *parts, without=".select2-container", iframes=False) == [], (
                name,
                screen,
            )
            wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
            assert wide <= 0, (name, screen)


def test_the_first_page_leads_to_what_waits(newsroom, at_the_desk):
    page = at_the_desk()

    page.goto("/admin/")
    page.get_by_role("region", name="내 검토를 기다리는 보도자료").get_by_role("link").first.click()

    page.wait_for_url(f"**{LIST}{newsroom['waiting'].pk}/change/")


def test_the_calendar_is_walked_by_keyboard_and_back(newsroom, at_the_desk):
    page = at_the_desk()
    page.goto(f"{LIST}calendar/?month=2026-01")

    page.get_by_role("link", name="이전 달").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**month=2025-12")
    page.get_by_role("link", name="다음 달").focus()
    page.keyboard.press("Enter")

    page.wait_for_url("**month=2026-01")
    expect(page.get_by_role("table", name="2026년 1월")).to_have_count(1)


@pytest.mark.parametrize(("viewport", "table"), [(DESKTOP, True), (PHONE, False)])
def test_the_calendar_is_a_table_or_on_a_phone_a_list(newsroom, at_the_desk, viewport, table):
    page = at_the_desk(viewport)

    page.goto(f"{LIST}calendar/?month={newsroom['scheduled'].publish_at.astimezone():%Y-%m}")

    assert page.locator("table.month").is_visible() == table
    assert page.locator("ol.month-list").is_visible() != table
    assert page.get_by_role("link", name="예약된 소식").count() == 1


def test_the_line_of_views_is_named_for_who_cannot_see_it(newsroom, at_the_desk):
    page = at_the_desk()

    page.goto(LIST)

    assert page.get_by_role("img", name="지난 30일 조회 412").is_visible()


@SIZES
def test_both_frames_show_the_draft_at_their_width(newsroom, at_the_desk, viewport):
    page = at_the_desk(viewport)

    page.goto(f"{LIST}{newsroom['planned'].pk}/preview/")
    shown = {}
    for name in ("휴대전화 미리보기", "데스크톱 미리보기"):
        frame = page.frame_locator(f'iframe[title="{name}"]')
        expect(frame.locator("h1")).to_contain_text("쓰는 중")
        expect(frame.locator(".preview-bar")).to_be_visible()
        shown[name] = frame.locator("html").evaluate("() => innerWidth")

    assert shown["데스크톱 미리보기"] == 1280
    assert shown["휴대전화 미리보기"] == (
        360 if viewport == DESKTOP else shown["휴대전화 미리보기"]
    )
    assert shown["휴대전화 미리보기"] <= 360


def test_a_link_in_a_frame_opens_a_window_and_a_jump_stays_in_it(newsroom, at_the_desk):
    page = at_the_desk()
    page.goto(f"{LIST}{newsroom['planned'].pk}/preview/")
    frame = page.frame_locator('iframe[title="휴대전화 미리보기"]')

    frame.get_by_role("link", name="연락처 보기").click()
    expect(frame.locator("#contacts:target")).to_be_visible()
    stayed = len(page.context.pages) == 1
    with page.context.expect_page() as opened:
        frame.get_by_role("link", name="언론 연락처").click()

    opened.value.wait_for_load_state()
    assert stayed
    assert opened.value.url.endswith("/contacts/")


def test_the_other_language_is_a_link_away(newsroom, at_the_desk):
    page = at_the_desk()
    page.goto(f"{LIST}{newsroom['planned'].pk}/preview/")

    page.get_by_label("페이지 언어").get_by_role("link", name="English").click()

    frame = page.frame_locator('iframe[title="데스크톱 미리보기"]')
    expect(frame.locator("h1")).to_contain_text("A headline")


def test_a_contact_is_handed_over_by_hand(newsroom, at_the_desk):
    PressContactFactory(name="Sandra Black")
    contact = newsroom["contact"]
    page = at_the_desk()
    page.goto(f"/admin/contacts/presscontact/{contact.pk}/change/")

    page.get_by_role("link", name="후임자에게 넘기기").click()
    page.get_by_text("보도자료 4건에 후임자가 안내됩니다.").wait_for()
    page.get_by_label("마지막 근무일").fill("2014-12-31")
    page.locator(".select2-selection").click()
    page.locator(".select2-search__field").fill("Sandra")
    page.get_by_role("option", name="Sandra Black").click()
    page.get_by_role("button", name="넘기기").click()

    expect(page.locator(".messagelist .success")).to_be_visible()
    page.goto(newsroom["public"].get_absolute_url())
    assert page.locator("address.contacts").get_by_text("Sandra Black", exact=True).is_visible()


def test_the_list_shows_every_column_on_a_desktop_and_every_state_on_a_phone(
    at_the_desk,
):
    mission = MissionFactory(name_ko="콩고민주공화국")
    long = "분쟁 지역 이주민 구호품 전달과 보건 인력 교육을 위한 관계 기관 합동 회의 개최 안내"
    for times in (*NOT_PUBLIC.values(), {}):
        release = ReleaseFactory(title_ko=long, mission=mission, views=12_345, **times)
        DailyViews.objects.create(release=release, day=timezone.localdate(), count=20)

    for size, seen in ((DESKTOP, ".field-views_lately svg"), (PHONE, ".field-state_label .state")):
        page = at_the_desk(size)
        page.goto(LIST)
        cells = page.locator(f"#result_list tbody {seen}")

        assert cells.count() == 5
        edges = [box["x"] + box["width"] for box in (c.bounding_box() for c in cells.all())]
        room = page.locator("#changelist-form .results").bounding_box()
        assert max(edges) <= min(size["width"], room["x"] + room["width"])
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
