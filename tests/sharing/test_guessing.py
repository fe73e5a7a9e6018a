"""Guessing tokens is limited, and its answers tell a guesser nothing."""

from datetime import datetime, timedelta

import pytest

from releases import guessing
from releases.models import LinkOpening, RecentReader
from releases.readers import KeyRing
from tests.factories import SEOUL

from .links import MESSENGER, link_to, reader, scheduled, to_approve

pytestmark = pytest.mark.django_db

WRONG = f"/embargo/{'0' * 40}/"


@pytest.fixture(autouse=True)
def few(monkeypatch):
    monkeypatch.setattr(guessing, "WRONG_TOKENS", 3)


def statuses(browser, *addresses: str) -> list[int]:
    return [browser.get(address).status_code for address in addresses]


def test_after_too_many_wrong_tokens_right_and_wrong_ones_answer_alike():
    right = link_to(scheduled())
    guesser = reader()
    assert statuses(guesser, WRONG, WRONG, WRONG) == [404, 404, 404]

    wrong_again, right_now = guesser.get(WRONG), guesser.get(right)

    assert wrong_again.status_code == right_now.status_code == 429
    assert wrong_again.content == right_now.content
    assert dict(wrong_again.items()) == dict(right_now.items())
    assert right_now["Retry-After"] == "3600"
    assert not LinkOpening.objects.exists()


@pytest.mark.parametrize("end", ["", "pictures/1/480.webp", "files/1/a.pdf", "contacts/0.vcf"])
def test_every_address_of_a_link_is_guarded_and_counts(end):
    guesser = reader()

    assert statuses(guesser, *[WRONG + end] * 4) == [404, 404, 404, 429]


def test_answers_to_wrong_tokens_count_too():
    guesser = reader()
    address = f"/approval/{'0' * 40}/"

    found = [guesser.post(address, {"answer": "approved"}).status_code for _ in range(4)]

    assert found == [404, 404, 404, 429]


def test_nobody_else_is_stopped():
    right = link_to(scheduled())
    statuses(reader(), WRONG, WRONG, WRONG, WRONG)

    assert reader("192.0.2.2").get(right).status_code == 200


def test_a_right_token_uses_nothing_up():
    right, approval = link_to(scheduled()), to_approve(scheduled())

    assert statuses(reader(), *[right, approval] * 3) == [200] * 6


def test_a_missing_picture_of_a_right_token_stops_nobody():
    right = link_to(scheduled())

    assert statuses(reader(), *[f"{right}pictures/999/480.webp"] * 4, right) == [404] * 4 + [200]


def test_who_was_stopped_may_try_again_an_hour_later_whether_or_not_old_marks_are_gone(monkeypatch):
    # Within one day in Seoul; another test's key is gone with its database.
    now, ring = datetime(2026, 11, 24, 12, tzinfo=SEOUL), KeyRing()
    monkeypatch.setattr(guessing, "ring", ring)
    monkeypatch.setattr(ring, "_swept", now + timedelta(minutes=30))
    for _ in range(3):
        guessing.note("192.0.2.1", now)

    assert guessing.is_stopped("192.0.2.1", now + timedelta(minutes=59))
    assert not guessing.is_stopped("192.0.2.1", now + timedelta(minutes=61))


@pytest.fixture
def midnight(monkeypatch) -> datetime:
    """Midnight in Seoul, with keys of this test's own."""
    monkeypatch.setattr(guessing, "ring", KeyRing())
    return datetime(2026, 11, 25, tzinfo=SEOUL)


def test_who_was_stopped_before_midnight_is_stopped_until_the_key_is_forgotten(midnight):
    for _ in range(3):
        guessing.note("192.0.2.1", midnight - timedelta(minutes=1))

    assert guessing.is_stopped("192.0.2.1", midnight + timedelta(minutes=1))
    assert guessing.is_stopped("192.0.2.1", midnight + timedelta(minutes=29))
    assert not guessing.is_stopped("192.0.2.1", midnight + timedelta(minutes=31))


def test_what_was_wrong_before_and_after_midnight_is_counted_together(midnight):
    guessing.note("192.0.2.1", midnight - timedelta(minutes=1))
    guessing.note("192.0.2.1", midnight)
    assert not guessing.is_stopped("192.0.2.1", midnight)

    guessing.note("192.0.2.1", midnight + timedelta(minutes=1))

    assert guessing.is_stopped("192.0.2.1", midnight + timedelta(minutes=2))
    assert not guessing.is_stopped("192.0.2.2", midnight + timedelta(minutes=2))


def test_who_is_stopped_costs_no_writing():
    statuses(reader(), *[WRONG] * 4)
    before = list(RecentReader.objects.values())

    reader().get(WRONG)

    assert list(RecentReader.objects.values()) == before


def test_robots_are_neither_counted_nor_answered():
    assert statuses(reader(agent=MESSENGER), *[WRONG] * 5) == [200] * 5
    assert not RecentReader.objects.exists()


def test_the_address_of_a_guesser_is_not_kept():
    statuses(reader("192.0.2.77"), WRONG)

    assert "192.0.2.77" not in str([bytes(known.mark) for known in RecentReader.objects.all()])
