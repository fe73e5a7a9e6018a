"""Pages far back: each is found from a place that is known, and says what walking there says."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from releases.models import Release
from releases.paging import PublicPages, Way

from .factories import NINE, NOT_PUBLIC, MissionFactory, ReleaseFactory
from .reading import known_edition

pytestmark = pytest.mark.django_db


@pytest.fixture
def releases() -> list[Release]:
    """Ninety public ones, many of the same moment or day, newest first."""
    missions = MissionFactory(), MissionFactory()
    for n in range(90):
        ReleaseFactory(
            mission=missions[n % 2],
            publish_at=NINE - timedelta(hours=n // 5),
            release_date=NINE.date() - timedelta(days=n // 9),
        )
    for times in NOT_PUBLIC.values():
        ReleaseFactory(mission=missions[0], **times)
    return list(Release.objects.public().newest_first())


@pytest.mark.parametrize("order", [range(1, 6), range(5, 0, -1), [3, 1, 5, 2, 4, 3]])
def test_pages_hold_what_stands_there_in_whatever_order_they_are_asked(releases, order):
    pages = PublicPages(len(releases))
    for number in order:
        expected = releases[(number - 1) * 20 : number * 20]
        assert list(pages.page(number)) == expected, number


def test_pages_of_a_mission_hold_its_releases_alone(releases):
    mission = releases[0].mission_id
    expected = [release for release in releases if release.mission_id == mission]
    pages = PublicPages(len(expected), mission)
    found = [release for number in pages.page_range for release in pages.page(number)]
    assert found == expected


def test_a_place_is_looked_for_from_the_nearest_that_is_known(releases):
    with known_edition():
        way = Way(None)
        with CaptureQueriesContext(connection) as first:
            way.before(40)
        with CaptureQueriesContext(connection) as again:
            way.before(40)
        with CaptureQueriesContext(connection) as near:
            place = way.before(44)
    assert [len(asked) for asked in (first, again, near)] == [1, 0, 1]
    assert place.pk == releases[43].pk


def test_a_page_past_the_last_release_is_empty(releases):
    assert list(PublicPages(500).page(6)) == []


def test_an_edit_makes_other_places(client, releases):
    assert client.get("/?page=3").status_code == 200
    releases[0].withdrawn_at = NINE + timedelta(days=1)
    releases[0].save()

    page = client.get("/?page=3").content.decode()

    assert releases[41].get_absolute_url() in page
    assert releases[40].get_absolute_url() not in page
