"""A release that is withdrawn while people read it and pages of it are being made and kept."""

import threading
from datetime import datetime, timedelta

import pytest
from django.db import connections

from releases import views, workflow
from tests.factories import SEOUL, MissionFactory, ReleaseFactory
from tests.processes import Clock, Process, starter
from tests.together import at_once
from tests.uploads import file_of, picture_of

pytestmark = pytest.mark.django_db(transaction=True)

HEADLINE = "철회할제목"


@pytest.fixture(autouse=True)
def _edition_looked_up_each_time():
    """Not here: processes know it as they do in production."""


@pytest.fixture
def clock(monkeypatch) -> Clock:
    return Clock(datetime(2026, 11, 24, 9, tzinfo=SEOUL), monkeypatch)


@pytest.fixture
def processes(clock, settings, monkeypatch, tmp_path) -> list[Process]:
    """Two of them; what is withdrawn is withdrawn in the first."""
    settings.MEDIA_ROOT = tmp_path
    start = starter(clock, settings, monkeypatch)
    return [start(), start()]


@pytest.fixture
def release(processes):
    return ReleaseFactory(title_ko=HEADLINE, mission=MissionFactory(slug="iraq"))


def withdraw(release) -> None:
    workflow.withdraw(release, reason_ko="숫자가 틀렸다.")


@pytest.mark.parametrize("number", [0, 1], ids=["here", "in another process"])
@pytest.mark.parametrize("place", ["page", "listing"])
def test_a_page_that_is_being_made_during_a_withdrawal_is_not_shown_afterwards(
    processes, clock, release, monkeypatch, number, place
):
    """Its words were read before, and it is kept after the withdrawal was acknowledged."""
    process = processes[number]
    address = release.get_absolute_url() if place == "page" else "/"
    has_read, withdrawn, answers = threading.Event(), threading.Event(), []
    make = views.render

    def slow(*words, **more):
        page = make(*words, **more)
        has_read.set()
        withdrawn.wait()
        return page

    def read():
        answers.append(process.get(address))
        connections.close_all()

    monkeypatch.setattr(views, "render", slow)
    reader = threading.Thread(target=read)
    reader.start()
    has_read.wait()
    try:
        withdraw(release)
    finally:
        withdrawn.set()
        reader.join()
    monkeypatch.setattr(views, "render", make)
    if number:
        clock.pass_(timedelta(seconds=1))

    assert HEADLINE in answers[0].text
    assert process.memory.size > 0
    after = process.get(address)
    assert after.status_code == (410 if place == "page" else 200)
    assert HEADLINE not in after.text


def test_nobody_who_asks_after_a_withdrawal_reads_anything_of_it(processes, release):
    ReleaseFactory(mission=release.mission)  # so that no list is empty
    picture, file = picture_of(release), file_of(release)
    own = [release.get_absolute_url(), release.get_text_url(), picture.original_url, file.url]
    lists = ["/", "/missions/", "/feed/", "/api/releases/", "/sitemap-releases-ko.xml"]
    for address in own + lists:
        assert processes[0].get(address).status_code == 200
    withdrawn = threading.Event()

    def read() -> list[tuple[bool, str, int, str]]:
        found, is_last = [], False
        while not is_last:
            is_last = withdrawn.is_set()
            for address in own + lists:
                was_withdrawn = withdrawn.is_set()
                response = processes[0].get(address)
                said = "" if response.streaming else response.text
                response.close()
                found.append((was_withdrawn, address, response.status_code, said))
        return found

    def take_back():
        try:
            withdraw(release)
        finally:
            withdrawn.set()

    *readings, _done = at_once(read, read, take_back)

    after = [answer[1:] for found in readings for answer in found if answer[0]]
    assert {status for address, status, _said in after if address in own} == {410}
    assert {status for address, status, _said in after if address in lists} == {200}
    assert not [address for address, _status, said in after if HEADLINE in said]
