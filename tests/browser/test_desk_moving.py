"""Moving in as an editor does it, in Korean: send, look over, choose, start, watch, read."""

import os
import re
import shutil
import threading
from pathlib import Path

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from playwright.sync_api import Page, expect

from releases.models import Move, Release
from releases.moving_in import places, starting, working
from releases.roles import keep_in_step
from tests.wordpress import newsroom

from .axe import faults_of, on_each_screen
from .desk import sign_in

pytestmark = pytest.mark.django_db(transaction=True)

MOVES = "/admin/releases/move/"
SHOTS = os.environ.get("SHOTS")  # a folder to leave pictures of the pages in


@pytest.fixture
def editor(django_user_model):
    # A test with transactions of its own leaves no groups to the next.
    keep_in_step()
    user = django_user_model.objects.create_user("editor", password="paper", is_staff=True)
    user.groups.add(Group.objects.get(name__startswith="편집자"))
    return user


@pytest.fixture
def folders(settings, tmp_path):
    settings.MOVING_DIR, settings.MOVES_DIR = tmp_path / "moving", tmp_path / "moves"
    settings.MOVING_DIR.mkdir()
    shutil.copytree(newsroom.UPLOADS, settings.MOVING_DIR / "uploads")
    return settings


@pytest.fixture
def at_work(monkeypatch):
    """The work is done in a thread, as by the process that the desk would start."""
    threads = []

    def work() -> None:
        try:
            working.work()
        finally:
            connection.close()

    def start() -> None:
        threads.append(threading.Thread(target=work))
        threads[-1].start()

    monkeypatch.setattr(starting, "start", start)
    yield
    for thread in threads:
        thread.join()


def shown(page: Page, name: str) -> None:
    """Nothing is amiss on `page` on any screen; where pictures are wanted, take them."""
    for screen in on_each_screen(page):
        assert faults_of(page) == [], (name, screen)
        wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert page.evaluate(wide) <= 0, (name, screen)
        if SHOTS:
            page.screenshot(path=Path(SHOTS) / f"{name}-{screen}.png", full_page=True)


@pytest.mark.usefixtures("folders", "at_work")
def test_an_editor_moves_an_export_in(open_page, live_server, editor):
    newsroom.make_missions()
    page = open_page()
    sign_in(page, editor, live_server)
    page.goto("/admin/")
    page.get_by_role("link", name="이전하기").first.click()
    shown(page, "overview")

    page.get_by_label("보낼 내보내기 파일").set_input_files(newsroom.EXPORT)
    page.get_by_role("button", name="살펴보기").click()
    expect(page.get_by_role("heading", name="항목별 예상 결과")).to_be_visible(timeout=60_000)
    assert not Release.objects.exists()
    shown(page, "looked")

    page.get_by_label("사진과 첨부 파일").select_option("uploads")
    page.get_by_label("글뿐 아니라 페이지도").check()
    page.get_by_label("긴급구호").select_option("libya")
    page.get_by_role("button", name="이대로 살펴보기").click()
    expect(page.get_by_role("button", name="이전 시작")).to_be_visible(timeout=60_000)

    page.get_by_role("button", name="이전 시작").click()
    expect(page.get_by_role("heading", name="항목마다 처리된 결과")).to_be_visible(timeout=60_000)
    shown(page, "moved")
    assert Release.objects.count() == len(newsroom.HERE_NOW)
    # Of two that a category stands for, the place of the text goes before it.
    assert newsroom.release_of(3262).mission.slug == "libya"

    page.get_by_role("link", name="알릴 점이 있는 항목").click()
    expect(page.locator("table.items")).to_contain_text("lost-on-the-way.jpg")
    with page.expect_download() as download:
        page.get_by_role("link", name="HTML").click()
    assert "포위에서 풀려난 아멜리" in Path(download.value.path()).read_text()
    page.get_by_role("link", name="사진으로 보는").click()
    expect(page).to_have_url(re.compile(r"/admin/releases/release/\d+/change/"))


@pytest.mark.usefixtures("folders")
@pytest.mark.parametrize("javascript", [True, False], ids=["script", "no script"])
def test_its_progress_is_seen_until_it_has_come_to_its_end(
    open_page, live_server, editor, javascript
):
    page = open_page(java_script_enabled=javascript)
    sign_in(page, editor, live_server)
    page.goto(MOVES)
    page.get_by_label("보낼 내보내기 파일").set_input_files(newsroom.EXPORT)
    page.get_by_role("button", name="살펴보기").click()
    expect(page.get_by_text("곧 시작합니다.")).to_be_visible()
    if javascript:
        shown(page, "underway")

    working.work()
    if not javascript:
        page.get_by_role("link", name="지금 진행 상황 보기").click()

    expect(page.get_by_role("heading", name="항목별 예상 결과")).to_be_visible()
    move = Move.objects.get()
    page.get_by_role("button", name="파일과 보고서 지우기").click()
    expect(page.get_by_text("파일과 보고서를 지웠습니다")).to_be_visible()
    assert not places.folder_of(move).exists()
