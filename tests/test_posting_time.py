"""A scheduled release is nowhere until its second, and then everywhere at once.

Every surface is asked in two processes that keep their pages, a second and a moment before the
time and at the time, on a server whose own clock goes by another zone.
"""

import os
import time
from datetime import datetime, timedelta
from urllib.parse import quote
from zoneinfo import ZoneInfo

import pytest
from django.http import HttpResponse
from django.test import RequestFactory
from django.utils import timezone

from releases import workflow
from releases.models import Release, State

from .desk.keeping import at_desk
from .desk.people import EDITOR, person
from .factories import SEOUL, MissionFactory, ReleaseContactFactory, ReleaseFactory
from .processes import Clock, Process, starter
from .uploads import file_of, picture_of

pytestmark = pytest.mark.django_db

SECOND, MOMENT = timedelta(seconds=1), timedelta(microseconds=1)
UTC, NEW_YORK = ZoneInfo("UTC"), ZoneInfo("America/New_York")
MARKS = ["예정된소식", "예정국", "duenews", "Dueland", "due-address", "due-desk@example.org"]
# The server's zone, and when the release is due.
TIMES = {
    "nine in Seoul": ("Asia/Seoul", datetime(2026, 11, 24, 9, tzinfo=SEOUL)),
    "an hour that New York leaves out": (
        "America/New_York",
        datetime(2026, 3, 8, 2, 30, tzinfo=NEW_YORK),
    ),
    "an hour that New York has twice": (
        "America/New_York",
        datetime(2026, 11, 1, 1, 30, tzinfo=NEW_YORK, fold=1),
    ),
    "when clocks go back in Europe": ("Europe/Berlin", datetime(2026, 10, 25, 1, tzinfo=UTC)),
    "new year in Seoul": ("Pacific/Kiritimati", datetime(2027, 1, 1, tzinfo=SEOUL)),
}


@pytest.fixture(autouse=True)
def _edition_looked_up_each_time():
    """Not here: processes know it as they do in production."""


@pytest.fixture(params=TIMES.values(), ids=TIMES)
def due(request) -> datetime:
    """When the release is due, on a server in another zone."""
    zone, moment = request.param
    before = os.environ["TZ"]
    os.environ["TZ"] = zone
    time.tzset()
    yield moment.astimezone(UTC)
    os.environ["TZ"] = before
    time.tzset()


@pytest.fixture
def clock(due, monkeypatch) -> Clock:
    return Clock(due - timedelta(days=1), monkeypatch)


@pytest.fixture
def processes(clock, settings, monkeypatch, tmp_path) -> list[Process]:
    settings.MEDIA_ROOT = tmp_path
    start = starter(clock, settings, monkeypatch)
    return [start(), start()]


@pytest.fixture
def older(clock) -> Release:
    """A public release beside which the other will stand."""
    return ReleaseFactory(mission=MissionFactory(slug="public"), title_en="Older")


@pytest.fixture
def release(processes, older, due) -> Release:
    """A release with all that one has, scheduled for `due`."""
    made = ReleaseFactory(
        title_ko="예정된소식",
        title_en="duenews",
        body_ko="<p>예정된소식</p>",
        body_en="<p>duenews</p>",
        slug="due-address",
        mission=MissionFactory(slug="due-land", name_ko="예정국", name_en="Dueland"),
        release_date=timezone.localdate(due),
        submitted_at=None,
        approved_at=None,
        publish_at=None,
    )
    ReleaseContactFactory(release=made, position=0, email="due-desk@example.org")
    picture_of(made)
    file_of(made)
    workflow.schedule(made, at=due)
    return made


def surfaces(release: Release, older: Release) -> dict[str, str]:
    """Each address that shows something of `release` once it is public, and what that shows."""
    start, year = f"/releases/{release.pk}", release.release_date.year
    picture, file = release.pictures.get(), release.files.get()
    found = {
        f"{start}/contacts/0.vcf": "due-desk@example.org",
        picture.original_url: "",
        f"{start}/pictures/{picture.pk}/{picture.widths[0]}.webp": "",
        file.url: "",
        f"{start}/views.gif": "",
        "/sitemap-releases-ko.xml": "due-address",
        "/sitemap-releases-en.xml": "due-address",
        "/sitemap-missions-ko.xml": "/missions/due-land/",
        "/api/releases/": "예정된소식",
        "/api/releases/?q=due": "due-address",
    }
    found[f"/api{start}/"] = "예정된소식"
    for prefix, begun, text in (("", "예정된", "예정된소식"), ("/en", "due", "duenews")):
        found |= {
            f"{prefix}{start}/due-address/": text,
            f"{prefix}{start}/": "",
            f"{prefix}{start}/due-address.txt": text,
            f"{prefix}/": text,
            f"{prefix}/?mission=due-land": text,
            f"{prefix}/?year={year}&month={release.release_date.month}": text,
            f"{prefix}/?q={quote(begun)}": "due-address",
            f"{prefix}/suggestions.json?q={quote(begun)}": "due-address",
            f"{prefix}/missions/": "/missions/due-land/",
            f"{prefix}/missions/due-land/": text,
            f"{prefix}/feed/": text,
            f"{prefix}/feed/atom/": text,
            f"{prefix}/feed/json/": "due-address",
            f"{prefix}/missions/due-land/feed/": text,
            f"{prefix}/missions/due-land/feed/atom/": text,
            f"{prefix}/releases.csv": text,
            older.get_absolute_url("en" if prefix else "ko"): "due-address",
        }
    return found


def text(response: HttpResponse) -> str:
    content = b"".join(response) if response.streaming else response.content
    return content.decode(errors="replace")


def shows(process: Process, address: str, mark: str) -> bool:
    """Whether `mark` is there, or, without one, whether anything is.

    A release that is not public leaves none of its MARKS anywhere.
    """
    response = process.get(address, sec_fetch_site="same-origin")
    said = text(response) + str(response.headers)
    if response.status_code in (200, 301) and mark in said:
        return True
    assert response.status_code in (200, 400, 404), address
    assert not [hidden for hidden in MARKS if hidden in said.replace(address, "")], address
    return False


def read(process: Process, release: Release) -> int:
    """The status of the answer when a page says that it is read."""
    told = {"content_type": "text/plain", "headers": {"Sec-Fetch-Site": "same-origin"}}
    address = f"/releases/{release.pk}/views/"
    return process.ask(RequestFactory().post(address, "", **told)).status_code


def test_a_scheduled_release_is_nowhere_until_its_second_and_then_everywhere(
    processes, clock, release, older, due
):
    expected = surfaces(release, older)

    def found() -> list[dict[str, bool]]:
        return [{at: shows(process, at, expected[at]) for at in expected} for process in processes]

    nowhere, everywhere = dict.fromkeys(expected, False), dict.fromkeys(expected, True)
    # At the last of them both look up anew what is due, and trust that for a second.
    for moment in (due - SECOND - MOMENT, due - SECOND, due - MOMENT):
        clock.at = moment
        assert found() == [nowhere, nowhere]
        assert [read(process, release) for process in processes] == [404, 404]
    clock.at = due

    assert found() == [everywhere, everywhere]
    assert [read(process, release) for process in processes] == [200, 200]
    assert processes[1].memory.size > 0


def test_an_hour_in_korea_is_that_hour_wherever_the_server_stands(processes, clock, due):
    draft = ReleaseFactory(submitted_at=None, approved_at=None, publish_at=None)
    local = due.astimezone(SEOUL)
    step = f"/en/admin/releases/release/{draft.pk}/step/schedule/"

    at_desk(person(EDITOR)).post(
        step,
        {
            "at_0": f"{local:%Y-%m-%d}",
            "at_1": f"{local:%H:%M}",
            f"seen-{draft.pk}": draft.edited_at.isoformat(),
            "despite": "on",
        },
    )

    draft.refresh_from_db()
    assert (draft.publish_at, draft.state) == (due, State.SCHEDULED)
