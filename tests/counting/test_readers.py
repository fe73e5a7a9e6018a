"""How readers are told apart, and how they are forgotten."""

from datetime import datetime, timedelta

import pytest
from django.test import RequestFactory

from releases import counting, readers
from releases.models import ReaderKey, RecentReader
from releases.readers import address_of, mark_of
from tests.factories import SEOUL, ReleaseFactory

from .readings import read, someone

NOON = datetime(2026, 11, 24, 12, tzinfo=SEOUL)
MIDNIGHT = datetime(2026, 11, 25, tzinfo=SEOUL)
MINUTE = timedelta(minutes=1)


def requested(address: str, forwarded: str | None = None):
    values = {"REMOTE_ADDR": address}
    if forwarded is not None:
        values["HTTP_X_FORWARDED_FOR"] = forwarded
    return RequestFactory().get("/", **values)


@pytest.mark.parametrize(
    ("address", "known_as"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:aaaa::1", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:bbbb::2", "2001:db8:1:2::/64"),
        ("", ""),
        ("no address", ""),
    ],
)
def test_an_address_is_known_by_what_does_not_change_by_itself(address, known_as):
    assert address_of(requested(address)) == known_as


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (0, "203.0.113.7", "192.0.2.1"),  # anybody can write this
        (1, "203.0.113.7", "203.0.113.7"),
        (1, "198.51.100.66, 203.0.113.7", "203.0.113.7"),
        (2, "198.51.100.66, 203.0.113.7, 192.0.2.9", "203.0.113.7"),
        (2, "203.0.113.7", "203.0.113.7"),
        (1, "203.0.113.7:51234", "203.0.113.7"),
        (1, "[2001:db8:1:2::3]:443", "2001:db8:1:2::/64"),
        (1, "2001:db8:1:2::3", "2001:db8:1:2::/64"),
        (1, "", ""),
        (1, None, ""),
    ],
)
def test_behind_proxies_the_outermost_of_ours_is_believed(settings, proxies, forwarded, address):
    settings.PROXIES = proxies

    assert address_of(requested("192.0.2.1", forwarded)) == address


def test_an_owner_is_told_once_that_a_proxy_makes_all_readers_one(settings, caplog):
    settings.PROXIES = 0
    readers._warn_of_proxy.cache_clear()

    for _reader in range(2):
        address_of(requested("127.0.0.1", "203.0.113.7"))
    address_of(requested("192.0.2.1", "203.0.113.7"))

    assert [record.message.split(":")[0] for record in caplog.records] == [
        "Readers come through a proxy, but BEHIND_PROXY is off"
    ]


@pytest.mark.django_db
def test_nothing_that_is_kept_names_a_reader_or_links_two_releases():
    releases, reader = ReleaseFactory.create_batch(2), someone()
    for release in releases:
        read(release, reader)

    marks = [bytes(mark) for mark in RecentReader.objects.values_list("mark", flat=True)]

    assert len(set(marks)) == 4  # a reader and an address of each release
    assert {len(mark) for mark in marks} == {16}
    columns = {field.name for field in RecentReader._meta.get_fields()}
    assert columns == {"mark", "since", "count"}


def test_parts_of_a_mark_do_not_run_into_each_other():
    assert mark_of(b"key", 1, "23") != mark_of(b"key", 12, "3")
    assert mark_of(b"key", 1) != mark_of(b"other key", 1)
    assert len(mark_of(b"key", "사람", "\udcff")) == 16


@pytest.mark.django_db
def test_all_processes_share_the_key_of_a_day(new_process):
    first, second = new_process(), new_process()

    assert first.keys(NOON) == second.keys(NOON)
    assert ReaderKey.objects.get().day == NOON.date()


@pytest.mark.django_db
def test_each_day_has_a_key_of_its_own():
    (today,), (tomorrow,) = counting.ring.keys(NOON), counting.ring.keys(NOON + timedelta(days=1))

    assert today != tomorrow
    assert len(today) == 32


@pytest.mark.django_db
def test_the_key_of_yesterday_is_forgotten_half_an_hour_after_midnight(new_process):
    (yesterday,) = counting.ring.keys(NOON)

    assert counting.ring.keys(MIDNIGHT + 29 * MINUTE)[1:] == [yesterday]
    assert len(counting.ring.keys(MIDNIGHT + 30 * MINUTE)) == 1
    assert ReaderKey.objects.get().day == MIDNIGHT.date()
    assert yesterday not in new_process().keys(MIDNIGHT + 31 * MINUTE)


@pytest.mark.django_db
def test_a_process_that_never_saw_yesterday_forgets_it_as_well(new_process):
    counting.ring.keys(NOON)

    new_process().keys(MIDNIGHT + timedelta(hours=10))

    assert ReaderKey.objects.get().day == MIDNIGHT.date()


@pytest.mark.django_db
def test_processes_come_to_one_key_again_after_a_clock_was_wrong(new_process):
    right, wrong = new_process(), new_process()
    right.keys(NOON)
    wrong.keys(NOON + timedelta(days=2))  # which forgets today's

    (key,) = wrong.keys(NOON)

    assert right.keys(NOON + timedelta(hours=1)) == [key]


@pytest.mark.django_db
def test_marks_that_have_served_are_deleted_within_the_next_hour():
    release = ReleaseFactory()
    read(release, at=NOON)
    assert RecentReader.objects.count() == 2

    read(release, at=NOON + 61 * MINUTE)

    assert not RecentReader.objects.filter(since=int(NOON.timestamp())).exists()
    assert RecentReader.objects.count() == 2


@pytest.mark.django_db
def test_marks_in_use_are_kept_when_others_go():
    release, reader = ReleaseFactory(), someone()
    read(release, at=NOON)
    read(release, reader, NOON + 45 * MINUTE)

    read(release, at=NOON + 61 * MINUTE)

    assert read(release, reader, NOON + 62 * MINUTE) == "repeats"
