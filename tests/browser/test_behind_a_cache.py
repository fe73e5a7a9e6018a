"""nginx keeps a release's page for ten minutes: the number on it is right, and readings count."""

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from releases.models import ViewCounter
from tests.factories import ReleaseFactory
from tests.proxies import nginx
from tests.serving import BROWSER

pytestmark = pytest.mark.django_db(transaction=True)

# Longer than the newsroom says, so that no reader is too late for it.
KEPT = """
    location = {page} {{
      proxy_pass http://iomnews;
      proxy_cache_valid 200 10m;
      proxy_ignore_headers Cache-Control Expires Vary;
    }}
"""


@pytest.fixture
def release():
    return ReleaseFactory(slug="news", body_ko="<p>구호 물자를 전달했다.</p>", views=1_233)


@pytest.fixture
def address(live_server, release, tmp_path):
    """The address of the release's page at an nginx that keeps it."""
    page = release.get_absolute_url()
    behind = urlsplit(live_server.url).port
    with nginx(behind, tmp_path, proto="http", also=KEPT.format(page=page)) as port:
        yield f"http://127.0.0.1:{port}{page}"


@pytest.fixture
def visit(chromium, address):
    """Call it to open the page as the reader `name`: the page, and whether it was a kept one."""
    contexts = {}

    def visited(name: str, **options):
        if name not in contexts:
            contexts[name] = chromium.new_context(
                user_agent=f"{BROWSER} {name}", locale="ko-KR", **options
            )
        page = contexts[name].new_page()
        answer = page.goto(address)
        return page, answer.headers["x-cache"] == "HIT"

    yield visited
    for context in contexts.values():
        context.close()


def test_each_reading_of_a_kept_page_counts_and_shows_its_own_number(release, visit):
    shown = [visit("one"), visit("two"), visit("three"), visit("two")]

    assert [kept for _, kept in shown] == [False, True, True, True]
    for (page, _), number in zip(shown, ["1,234", "1,235", "1,236", "1,236"], strict=True):
        expect(page.locator("[data-views]")).to_have_text(number)
    assert ViewCounter.objects.get(release=release.pk).total == 1_236


def test_a_reader_of_a_kept_page_counts_without_scripts_too(release, visit):
    visit("one", java_script_enabled=False)
    _page, kept = visit("two", java_script_enabled=False)

    assert kept
    assert ViewCounter.objects.get(release=release.pk).total == 1_235
