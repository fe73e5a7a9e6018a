"""The desk passes axe, in both languages, on a phone and a desktop, in light and dark."""

import base64
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from iomnews.accounts import second_factor
from releases.models import DailyViews
from tests.accounts.people import PASSWORD, code_of, person
from tests.factories import (
    DRAFT,
    MissionFactory,
    PressContactFactory,
    ReleaseContactFactory,
    ReleaseFactory,
)

from .axe import faults_of, on_each_screen
from .desk import sign_in

pytestmark = pytest.mark.django_db(transaction=True)

# Pages of somebody who has signed in; {release}, {mission} and {contact} stand for their keys.
PAGES = [
    "",
    "releases/",
    "releases/release/",
    "releases/release/?q=nothing",
    "releases/release/add/",
    "releases/release/{release}/change/",
    "releases/release/{release}/history/",
    "releases/release/{release}/delete/",
    "releases/release/{release}/views/",
    "contacts/mission/",
    "contacts/mission/{mission}/change/",
    "contacts/presscontact/",
    "contacts/presscontact/{contact}/change/",
    "password_change/",
    "guide/",
    "account/",
    "account/second-factor/",
    "accounts/record/",
    "state/",
]


@pytest.mark.parametrize("address", PAGES)
def test_every_page_of_the_desk_is_accessible(open_page, live_server, admin_user, address):
    mission = MissionFactory(name_ko="이라크", name_en="Iraq")
    contact = PressContactFactory(mission=mission)
    text = "<h2>가</h2><ul><li>나</li></ul><table><tr><th>다</th></tr><tr><td>라</td></tr></table>"
    release = ReleaseFactory(mission=mission, summary_ko="요약", body_ko=text, **DRAFT)
    ReleaseContactFactory(release=release, contact=contact)
    page = open_page()
    sign_in(page, admin_user, live_server)

    for desk in ("/admin/", "/en/admin/"):
        page.goto(desk + address.format(release=release.pk, mission=mission.pk, contact=contact.pk))
        for screen in on_each_screen(page):
            assert faults_of(page) == [], (page.url, screen)


@pytest.mark.parametrize(
    "address",
    [
        "{release}/views/?days=7",
        "{release}/views/?days=365",
        "{release}/views/?days=none",
        "views/?days=7",
        "views/?days=30&show=unread",
        "views/?since=2026-02-01&until=2026-01-01&mission=none",
    ],
)
def test_the_pages_of_views_are_accessible(open_page, live_server, admin_user, address):
    release = ReleaseFactory(mission=MissionFactory(), title_en="A headline", views=5_234)
    ReleaseFactory()
    today = timezone.localdate()
    for days in range(0, 100, 3):
        day = today - timedelta(days)
        DailyViews.objects.create(release=release, day=day, count=1_000 + days, robots=days)
    page = open_page(expect_errors=True)  # some are answered 400
    sign_in(page, admin_user, live_server)

    for desk in ("/admin/", "/en/admin/"):
        page.goto(f"{desk}releases/release/{address.format(release=release.pk)}")
        for screen in on_each_screen(page):
            assert faults_of(page) == [], (page.url, screen)


def test_the_door_of_the_desk_is_accessible(open_page):
    page = open_page()

    for desk in ("/admin/", "/en/admin/"):
        page.goto(f"{desk}login/")
        for screen in on_each_screen(page):
            assert faults_of(page) == [], (page.url, screen)
        page.fill("#id_username", "nobody")
        page.fill("#id_password", "nothing")
        page.click("[type=submit]")
        expect(page.locator(".errornote")).to_be_visible()
        for screen in on_each_screen(page):
            assert faults_of(page) == [], (page.url, screen)


def test_the_second_factor_is_accessible(open_page, settings):
    settings.SECOND_FACTOR = "everyone"
    user = person("superuser")
    page = open_page()

    for desk in ("/admin/", "/en/admin/"):
        second_factor.drop(user)
        page.context.clear_cookies()
        # Setting it up, which is asked for; the codes; one's own account with it.
        sign_in_with_password(page, desk)
        for screen in on_each_screen(page):
            assert faults_of(page) == [], (page.url, screen)
        page.fill("#id_code", "12345")
        page.click("[type=submit]")
        expect(page.locator(".errorlist")).to_be_visible()
        for screen in on_each_screen(page):
            assert faults_of(page) == [], (page.url, screen)
        letters = page.locator("code.letters").inner_text()
        key = base64.b32decode(letters.replace(" ", "")).hex()
        page.fill("#id_code", code_of(key, -1))
        page.click("[type=submit]")
        expect(page.locator(".codes code")).to_have_count(10)
        for screen in on_each_screen(page):
            assert faults_of(page) == [], (page.url, screen)
        page.goto(f"{desk}account/")
        for screen in on_each_screen(page):
            assert faults_of(page) == [], (page.url, screen)
        page.context.clear_cookies()
        # The code that is asked for.
        sign_in_with_password(page, desk)
        for screen in on_each_screen(page):
            assert faults_of(page) == [], (page.url, screen)
        page.fill("#id_code", code_of(key))
        page.click("[type=submit]")
        expect(page.locator("#user-tools")).to_be_visible()


def sign_in_with_password(page, desk: str) -> None:
    page.goto(f"{desk}login/")
    page.fill("#id_username", "superuser")
    page.fill("#id_password", PASSWORD)
    page.click("[type=submit]")
    expect(page.locator("#id_code")).to_be_visible()


def test_the_editor_in_use_is_accessible(open_page, live_server, admin_user):
    page = open_page()
    sign_in(page, admin_user, live_server)
    page.goto("/admin/releases/release/add/")
    page.click(".field-body_ko .ProseMirror")
    page.click(".field-body_ko button[data-does=table]")
    page.wait_for_function("document.activeElement.matches('.ProseMirror')")
    for word in ("지역", "인원", "날짜"):
        page.keyboard.type(word)
        page.keyboard.press("Tab")
    for screen in on_each_screen(page):
        assert faults_of(page) == [], screen

    page.click(".field-body_ko button[data-does=link]")
    expect(page.locator("dialog[open]")).to_be_visible()
    for screen in on_each_screen(page):
        assert faults_of(page) == [], screen
