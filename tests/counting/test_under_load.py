"""No reading is lost and none counted twice, whoever reads at once and whatever is killed."""

from ipaddress import IPv4Address

import pytest
from django.db import connection
from django.db.models import Sum

from releases.models import DailyViews, ViewCounter
from tests.factories import ReleaseFactory
from tests.serving import Reading, address_of_database, read_by_crowd, serving

pytestmark = pytest.mark.django_db(transaction=True)

READERS = 400
AT_ONCE = 200


@pytest.fixture
def newsroom(transactional_db):
    with serving(address_of_database(connection)) as newsroom:
        yield newsroom


def addresses(count: int) -> list[str]:
    return [str(IPv4Address("10.0.0.0") + number) for number in range(count)]


def total(pk: int) -> int:
    return ViewCounter.objects.get(release=pk).total


def sum_of_days(pk: int) -> int:
    return DailyViews.objects.filter(release=pk).aggregate(sum=Sum("count"))["sum"]


def test_each_of_many_readers_at_once_is_counted_and_gets_a_number_of_their_own(newsroom):
    release = ReleaseFactory()

    told = read_by_crowd(
        newsroom.port, [Reading(release.pk, each) for each in addresses(READERS)], AT_ONCE
    )

    assert sorted(answer.views for answer in told) == list(range(1, READERS + 1))
    assert total(release.pk) == sum_of_days(release.pk) == READERS


def test_each_reading_goes_to_its_own_release(newsroom):
    releases = ReleaseFactory.create_batch(20)
    readings = [Reading(each.pk, at) for at in addresses(READERS // 20) for each in releases]

    read_by_crowd(newsroom.port, readings, AT_ONCE)

    counted = {release.pk: READERS // 20 for release in releases}
    assert dict(ViewCounter.objects.values_list("release", "total")) == counted
    assert dict(DailyViews.objects.values_list("release", "count")) == counted


def test_killed_processes_lose_no_reading_that_was_acknowledged_and_count_none_twice(newsroom):
    release = ReleaseFactory()
    killed = []

    def kill_now_and_then(acknowledged: int) -> None:
        if acknowledged % (READERS // 8) == 0 and acknowledged < READERS:
            killed.append(newsroom.kill_a_worker())

    told = read_by_crowd(
        newsroom.port,
        [Reading(release.pk, each) for each in addresses(READERS)],
        AT_ONCE,
        acknowledged=kill_now_and_then,
    )

    assert any(killed)
    assert max(answer.tries for answer in told) > 1  # who was cut off asked again
    assert len(told) == READERS
    assert total(release.pk) == sum_of_days(release.pk) == READERS


def test_connections_that_the_database_has_dropped_are_noticed_before_a_reader_is(newsroom):
    release = ReleaseFactory()
    first, second = addresses(40)[:20], addresses(40)[20:]
    read_by_crowd(newsroom.port, [Reading(release.pk, each) for each in first], 20)

    drop_connections_of_others()
    told = read_by_crowd(newsroom.port, [Reading(release.pk, each) for each in second], 20)

    assert [answer.tries for answer in told] == [1] * 20
    assert total(release.pk) == sum_of_days(release.pk) == 40


def drop_connections_of_others() -> None:
    """End all connections to this database but our own, as a restart does; SQLite has none."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
            assert cursor.fetchall()
