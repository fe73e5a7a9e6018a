"""What a reading is, and what the numbers say of it."""

import threading
from datetime import date, datetime, timedelta

import pytest
from django.db import close_old_connections, connection

from releases import counting
from releases.models import DailyViews, Release, ViewCounter
from releases.readers import Reader
from tests.factories import NOT_PUBLIC, SEOUL, ReleaseFactory

from .readings import days_of, left_out, read, someone, views_of

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 24, 12, tzinfo=SEOUL)
MINUTE, SECOND = timedelta(minutes=1), timedelta(seconds=1)
ROBOT = "Mozilla/5.0 (compatible; Yeti/1.1; +https://naver.me/spd)"


def test_each_reader_counts_in_the_total_and_on_the_day():
    release = ReleaseFactory()

    numbers = [counting.record(release.pk, someone(), NOON).views for _reader in range(3)]

    assert numbers == [1, 2, 3]
    assert views_of(release) == 3
    assert days_of(release) == {"2026-11-24": 3}


def test_a_reading_of_one_release_is_none_of_another():
    release, other = ReleaseFactory.create_batch(2)
    reader = someone()

    assert (read(release, reader), read(other, reader)) == ("count", "count")
    assert (views_of(release), views_of(other)) == (1, 1)


def test_the_old_sites_number_is_in_the_sum():
    release = ReleaseFactory(views=234, imported_views=234)

    assert counting.record(release.pk, someone()).views == 235
    assert ViewCounter.objects.get().imported == 234


@pytest.mark.parametrize(
    ("later", "outcome"),
    [
        (timedelta(0), "repeats"),
        (30 * MINUTE - SECOND, "repeats"),
        (30 * MINUTE, "count"),
    ],
)
def test_the_same_reader_counts_again_after_half_an_hour(later, outcome):
    release, reader = ReleaseFactory(), someone()
    read(release, reader, NOON)

    assert read(release, reader, NOON + later) == outcome
    assert left_out(release) == ({"repeats": 1} if outcome == "repeats" else {})


def test_half_an_hour_is_from_the_reading_that_counted_and_no_reload_makes_it_longer():
    release, reader = ReleaseFactory(), someone()

    outcomes = [read(release, reader, NOON + n * 10 * MINUTE) for n in range(7)]

    assert outcomes == ["count", "repeats", "repeats", "count", "repeats", "repeats", "count"]


@pytest.mark.parametrize("change", [{"address": "203.0.113.9"}, {"agent": "Mozilla/5.0 (iPhone)"}])
def test_another_address_or_browser_is_another_reader(change):
    release = ReleaseFactory()
    reader = {"address": "203.0.113.1", "agent": "Mozilla/5.0 (Windows NT 10.0)"}
    read(release, Reader(**reader))

    assert read(release, Reader(**reader | change)) == "count"


def test_a_reload_across_midnight_is_no_other_reading():
    release, reader = ReleaseFactory(), someone()
    midnight = datetime(2026, 11, 25, tzinfo=SEOUL)
    read(release, reader, midnight - 10 * MINUTE)

    assert read(release, reader, midnight + 19 * MINUTE) == "repeats"
    assert read(release, reader, midnight + 20 * MINUTE) == "count"
    assert days_of(release) == {"2026-11-24": 1, "2026-11-25": 1}


def test_another_process_knows_who_read_before_midnight(new_process):
    release, reader = ReleaseFactory(), someone()
    midnight = datetime(2026, 11, 25, tzinfo=SEOUL)
    read(release, reader, midnight - MINUTE)
    new_process()

    assert read(release, reader, midnight + MINUTE) == "repeats"


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        ("2026-11-24T14:59:59+00:00", "2026-11-24"),
        ("2026-11-24T15:00:00+00:00", "2026-11-25"),
        # In the summers of 1987 and 1988 Seoul was ten hours before Greenwich.
        ("1988-06-30T13:59:59+00:00", "1988-06-30"),
        ("1988-06-30T14:00:00+00:00", "1988-07-01"),
    ],
)
def test_a_day_is_a_day_in_seoul(moment, day):
    release = ReleaseFactory()

    read(release, at=datetime.fromisoformat(moment))

    assert days_of(release) == {day: 1}


def test_a_clock_that_was_put_right_shuts_no_reader_out():
    release, reader = ReleaseFactory(), someone()
    read(release, reader, NOON + timedelta(hours=9))

    assert read(release, reader, NOON) == "count"
    assert read(release, reader, NOON + MINUTE) == "repeats"


def test_who_asked_earlier_and_comes_to_the_database_later_is_still_the_same_reader():
    release, reader = ReleaseFactory(), someone()
    read(release, reader, NOON + SECOND)

    assert read(release, reader, NOON) == "repeats"


@pytest.mark.parametrize(
    ("reader", "outcome"),
    [
        (Reader("203.0.113.1", ROBOT), "robots"),
        (Reader("203.0.113.1", ""), "robots"),
        (Reader("203.0.113.1", "Mozilla/5.0 (Windows NT 10.0)", is_staff=True), "staff"),
    ],
    ids=["robot", "nameless", "staff"],
)
def test_robots_and_staff_are_left_out_and_noted(reader, outcome):
    release = ReleaseFactory(views=5)

    counted = counting.record(release.pk, reader)

    assert counted == (5, outcome)
    assert (views_of(release), days_of(release)) == (5, {})
    assert left_out(release) == {outcome: 1}


@pytest.mark.parametrize("times", NOT_PUBLIC.values(), ids=NOT_PUBLIC)
@pytest.mark.parametrize("reader", [someone(), someone(is_staff=True), someone(agent=ROBOT)])
def test_what_is_not_public_is_never_counted(times, reader):
    release = ReleaseFactory(**times)

    with pytest.raises(Release.DoesNotExist):
        counting.record(release.pk, reader)

    assert not DailyViews.objects.exists()
    assert not ViewCounter.objects.exists()


def test_a_scheduled_release_counts_from_its_second():
    release = ReleaseFactory(publish_at=datetime.now(SEOUL) + timedelta(hours=1))
    with pytest.raises(Release.DoesNotExist):
        read(release)

    Release.objects.update(publish_at=datetime.now(SEOUL) - SECOND)

    assert read(release) == "count"


# Abuse


def test_one_address_cannot_raise_a_number_without_end(settings):
    settings.READINGS_PER_ADDRESS = 5
    release = ReleaseFactory()

    def flood(n: int, at: datetime) -> list[str]:
        return [read(release, Reader("203.0.113.1", f"Browser {i}"), at) for i in range(n)]

    assert flood(8, NOON) == ["count"] * 5 + ["cut_off"] * 3
    assert views_of(release) == 5
    assert read(release, at=NOON) == "count"  # from elsewhere
    assert flood(1, NOON + timedelta(minutes=59)) == ["cut_off"]
    assert flood(1, NOON + timedelta(hours=1)) == ["count"]
    assert left_out(release) == {"cut_off": 1}


def test_a_flood_that_overtakes_itself_reaches_no_further(settings):
    settings.READINGS_PER_ADDRESS = 5
    release = ReleaseFactory()
    late_first = [NOON + n * SECOND for n in range(9, -1, -1)]

    flood = [read(release, Reader("203.0.113.1", f"Browser {at}"), at) for at in late_first]

    assert flood == ["count"] * 5 + ["cut_off"] * 5
    assert left_out(release) == {"cut_off": 1}


def test_an_address_that_is_cut_off_writes_nothing_more(settings, django_assert_num_queries):
    settings.READINGS_PER_ADDRESS = 1
    release = ReleaseFactory()
    for n in range(2):
        read(release, Reader("203.0.113.1", f"Browser {n}"), NOON)
    before = list(DailyViews.objects.values())

    # The release, a transaction, and the address.
    with django_assert_num_queries(4):
        assert read(release, Reader("203.0.113.1", "Browser 9"), NOON) == "cut_off"

    assert list(DailyViews.objects.values()) == before


def test_a_reading_costs_the_same_however_often_a_release_was_read(django_assert_num_queries):
    release = ReleaseFactory()
    read(release, at=NOON)
    for _reader in range(30):
        read(release, at=NOON)

    # The release, begin, address, reader, day, total, commit.
    with django_assert_num_queries(7):
        read(release, at=NOON)


# Editors


def test_reading_touches_no_row_of_an_editor():
    release = ReleaseFactory()
    before = Release.objects.values().get()

    with_reading = [read(release) for _reader in range(3)]

    assert with_reading == ["count"] * 3
    assert Release.objects.values().get() == before
    assert not release.versions.exists()


def test_an_import_sets_the_old_number_and_keeps_what_was_counted_here():
    release = ReleaseFactory()
    counting.set_imported(release.pk, 234)
    read(release)

    assert counting.set_imported(release.pk, 300)

    assert views_of(release) == 301
    assert not counting.set_imported(release.pk, 300)


def test_an_old_number_of_nothing_is_no_change():
    release = ReleaseFactory()

    assert not counting.set_imported(release.pk, 0)
    assert views_of(release) == 0


# Many at once


@pytest.mark.django_db(transaction=True)
def test_no_reading_is_lost_when_many_come_at_once():
    release = ReleaseFactory()
    each, outcomes = 25, []

    def readers(n: int) -> None:
        try:
            for i in range(each):
                outcomes.append(read(release, Reader(f"198.51.{n}.{i}", "Mozilla/5.0")))
        finally:
            connection.close()

    close_old_connections()
    threads = [threading.Thread(target=readers, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert outcomes == ["count"] * 8 * each
    assert views_of(release) == 8 * each
    assert sum(days_of(release).values()) == 8 * each


@pytest.mark.django_db(transaction=True)
def test_one_reader_who_asks_many_times_at_once_counts_once():
    release, reader, outcomes = ReleaseFactory(), someone(), []

    def ask() -> None:
        try:
            outcomes.append(read(release, reader, NOON))
        finally:
            connection.close()

    threads = [threading.Thread(target=ask) for _n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(outcomes) == ["count"] + ["repeats"] * 7
    assert (views_of(release), left_out(release)) == (1, {"repeats": 7})
    assert DailyViews.objects.get().day == date(2026, 11, 24)
