"""A reading of a real browser counts, once."""

import pytest
from playwright.sync_api import Page, expect

from releases.models import Release
from tests.counting.readings import PHONE as BROWSER
from tests.counting.readings import left_out, views_of
from tests.factories import DRAFT, ReleaseFactory

from .conftest import PHONE
from .desk import sign_in

pytestmark = pytest.mark.django_db(transaction=True)

# Chromium without a screen calls itself a robot; a visitor's does not.
VISITOR = {"user_agent": BROWSER, "viewport": PHONE}
PRETEND = """
  let {name} = {value};
  Object.defineProperty(document, "{name}", {{ get: () => {name} }});
  window.pretend = (value) => {{
    {name} = value;
    document.dispatchEvent(new Event("{event}"));
  }};
"""


def number(page: Page):
    return page.locator("[data-views]")


def told(page: Page):
    """Waits in its `with` block until the page has told that it is read, and has the answer."""
    return page.expect_response(lambda answer: answer.url.endswith("/views/"))


def everything_is_quiet(page: Page) -> None:
    page.wait_for_load_state("networkidle")


def test_opening_a_release_counts_and_the_page_shows_it(open_page, keep_screenshot):
    release = ReleaseFactory(views=1233)
    page = open_page(**VISITOR)

    page.goto(release.get_absolute_url())

    expect(number(page)).to_have_text("1,234")
    assert views_of(release) == 1234
    keep_screenshot(page, "counted")


def test_a_page_that_a_cache_kept_shows_the_number_of_now(open_page):
    release = ReleaseFactory(views=9)
    page = open_page(**VISITOR)
    page.route(
        f"**{release.get_absolute_url()}",
        lambda route: route.fulfill(
            response=(answer := route.fetch()), body=answer.text().replace(">9<", ">2<")
        ),
    )

    page.goto(release.get_absolute_url(), wait_until="commit")

    expect(number(page)).to_have_text("10")


def test_a_reload_counts_no_second_time(open_page):
    release = ReleaseFactory()
    page = open_page(**VISITOR)
    page.goto(release.get_absolute_url())
    expect(number(page)).to_have_text("1")

    with told(page):
        page.reload()

    expect(number(page)).to_have_text("1")
    assert (views_of(release), left_out(release)) == (1, {"repeats": 1})


def test_the_other_language_is_the_same_reading(open_page):
    release = ReleaseFactory()
    page = open_page(**VISITOR)
    page.goto(release.get_absolute_url())
    expect(number(page)).to_have_text("1")

    with told(page):
        page.goto(release.get_absolute_url(language="en"))

    assert views_of(release) == 1


def test_two_visitors_are_two_readings(open_page):
    release = ReleaseFactory()
    for n in range(2):
        page = open_page(**VISITOR | {"user_agent": f"{BROWSER} Visitor/{n}"})
        page.goto(release.get_absolute_url())
        expect(number(page)).to_have_text(str(n + 1))


def test_somebody_of_the_desk_is_not_counted(open_page, live_server, admin_user):
    release = ReleaseFactory(views=7)
    page = open_page(**VISITOR)
    sign_in(page, admin_user, live_server)

    with told(page) as answer:
        page.goto(release.get_absolute_url())

    assert answer.value.json() == {"views": 7}
    assert (views_of(release), left_out(release)) == (7, {"staff": 1})


def test_a_preview_tells_of_no_reading(open_page, live_server, admin_user):
    release = ReleaseFactory(**DRAFT)
    page = open_page(**VISITOR)
    sign_in(page, admin_user, live_server)
    asked = []
    page.on("request", lambda request: asked.append(request.url))

    page.goto(release.get_absolute_url())
    everything_is_quiet(page)

    assert [address for address in asked if "/views" in address] == []


def test_a_reader_without_scripts_is_counted_by_the_picture(open_page):
    release = ReleaseFactory()
    page = open_page(**VISITOR, java_script_enabled=False)

    with page.expect_response("**/views.gif") as picture:
        page.goto(release.get_absolute_url())

    assert picture.value.status == 200
    assert views_of(release) == 1
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_a_page_that_comes_back_as_it_was_left_counts_no_second_time(page_that_keeps_pages):
    release = ReleaseFactory()
    page = page_that_keeps_pages
    page.set_extra_http_headers({"User-Agent": BROWSER})
    page.goto(release.get_absolute_url())
    expect(number(page)).to_have_text("1")
    page.evaluate("window.kept = true")
    page.goto("/")

    page.evaluate("history.back()")
    expect(number(page)).to_have_text("1")
    page.wait_for_timeout(300)  # ms: long enough to tell, were anything told

    assert page.evaluate("window.kept") is True  # it was not loaded anew
    assert (views_of(release), left_out(release)) == (1, {})


@pytest.mark.parametrize(
    ("name", "before", "after", "event"),
    [
        ("visibilityState", "hidden", "visible", "visibilitychange"),
        ("prerendering", True, False, "prerenderingchange"),
    ],
)
def test_a_page_that_nobody_sees_yet_counts_once_it_is_seen(open_page, name, before, after, event):
    release = ReleaseFactory()
    page = open_page(**VISITOR)
    value = {True: "true"}.get(before, f'"{before}"')
    page.add_init_script(PRETEND.format(name=name, value=value, event=event))
    page.goto(release.get_absolute_url())
    everything_is_quiet(page)
    assert views_of(release) == 0

    with told(page):
        page.evaluate("window.pretend", after)

    expect(number(page)).to_have_text("1")


def test_a_site_that_is_busy_is_told_again(open_page):
    release = ReleaseFactory()
    page = open_page(**VISITOR, expect_errors=True)
    answers = iter([503])
    page.route(
        "**/views/",
        lambda route: (
            route.fulfill(status=busy) if (busy := next(answers, None)) else route.continue_()
        ),
    )

    page.goto(release.get_absolute_url())

    expect(number(page)).to_have_text("1", timeout=15_000)
    assert Release.objects.get().views == 1
