"""A real Chromium in front of a live newsroom."""

import os
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.signals import request_finished, request_started
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, sync_playwright

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")  # else playwright's own
FLAGS = [
    "--no-sandbox",  # a container has no user namespaces
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
NARROW = {"width": 320, "height": 640}  # CSS pixels: WCAG 2.2, 1.4.10
LANGUAGES = pytest.mark.parametrize("prefix", ["", "/en"], ids=["ko", "en"])
PHONE, DESKTOP = {"width": 360, "height": 740}, {"width": 1280, "height": 800}

# Playwright's event loop runs in this thread; the tests ask the database between its turns.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"


@pytest.fixture(scope="session")
def driver() -> Playwright:
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="session")
def chromium(driver) -> Browser:
    browser = driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
    yield browser
    browser.close()


@pytest.fixture
def answered(live_server) -> Iterator[list[BrowserContext]]:
    """Contexts put in here are closed at the end, and the server is done before its tables go."""
    contexts, underway, changed = [], set(), threading.Condition()

    def begin(**kwargs) -> None:
        with changed:
            underway.add(threading.get_ident())

    def end(**kwargs) -> None:
        with changed:
            underway.discard(threading.get_ident())
            changed.notify_all()

    request_started.connect(begin)
    request_finished.connect(end)
    yield contexts
    for context in contexts:
        context.set_offline(True)  # a form says goodbye when it is closed, which nobody waits for
        context.close()
    with changed:
        done = changed.wait_for(lambda: not underway, timeout=30)
    request_started.disconnect(begin)
    request_finished.disconnect(end)
    assert done, "the server is still at work on a request"


@pytest.fixture
def open_page(chromium, live_server, answered):
    """Call it for a page of a fresh visitor; what goes wrong in the browser fails the test."""
    faults = []

    def opened(viewport: dict = DESKTOP, expect_errors: bool = False, **options) -> Page:
        context = chromium.new_context(
            viewport=viewport, base_url=live_server.url, locale="ko-KR", **options
        )
        answered.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        if not expect_errors:
            page.on("console", lambda said: said.type == "error" and faults.append(said.text))
        page.on(
            "request",
            lambda request: (
                request.url.startswith((live_server.url, "mailto:"))
                or faults.append(f"request to another host: {request.url}")
            ),
        )
        return page

    yield opened
    assert not faults


@pytest.fixture
def page_that_keeps_pages(driver, live_server, answered):
    """A page of a browser that shows a page again as it was left (bfcache), as visitors' do."""
    browser = driver.chromium.launch(
        executable_path=CHROMIUM,
        args=FLAGS,
        ignore_default_args=["--disable-back-forward-cache"],
    )
    context = browser.new_context(base_url=live_server.url, locale="ko-KR")
    yield context.new_page()
    context.set_offline(True)
    browser.close()


@pytest.fixture
def keep_screenshot(request):
    """Call it with a page: keeps a picture where SCREENSHOTS names a folder."""

    def keep(page: Page, name: str) -> None:
        if folder := os.environ.get("SCREENSHOTS"):
            page.wait_for_load_state()
            page.screenshot(path=Path(folder, f"{name}.png"), full_page=True)

    return keep
