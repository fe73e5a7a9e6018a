"""Stretches of days, and the parts that a chart shows of them."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from releases.periods import Grain, Period, last_days

DAYS = st.dates(date(1970, 1, 1), date(2100, 12, 31))


def period(first: str, last: str) -> Period:
    return Period(date.fromisoformat(first), date.fromisoformat(last))


def parts(first: str, last: str) -> list[tuple[str, str]]:
    return [(str(part.first), str(part.last)) for part in period(first, last).parts()]


@pytest.mark.parametrize(
    ("days", "grain"),
    [
        (1, Grain.DAY),
        (90, Grain.DAY),
        (92, Grain.DAY),
        (93, Grain.WEEK),
        (365, Grain.WEEK),
        (732, Grain.WEEK),
        (733, Grain.MONTH),
        (7320, Grain.MONTH),
        (7321, Grain.YEAR),
    ],
)
def test_a_longer_time_is_shown_by_longer_parts(days, grain):
    assert last_days(days, date(2026, 11, 24)).grain == grain


def test_the_last_seven_days_end_today():
    assert last_days(7, date(2026, 3, 2)) == period("2026-02-24", "2026-03-02")


def test_the_time_before_is_as_long_and_ends_the_day_before():
    assert period("2024-03-01", "2024-03-30").before() == period("2024-01-31", "2024-02-29")


def test_weeks_go_from_monday_to_sunday_and_the_first_and_last_may_be_parts():
    found = parts("2026-08-01", "2026-11-24")

    assert found[:2] == [("2026-08-01", "2026-08-02"), ("2026-08-03", "2026-08-09")]
    assert found[-1] == ("2026-11-23", "2026-11-24")
    assert period("2026-11-23", "2026-11-24").is_part_of(Grain.WEEK)
    assert not period("2026-08-03", "2026-08-09").is_part_of(Grain.WEEK)


def test_months_and_years_are_those_of_the_calendar():
    months, years = parts("2024-01-15", "2026-03-31"), parts("2001-02-03", "2026-11-24")

    assert months[:3] == [
        ("2024-01-15", "2024-01-31"),
        ("2024-02-01", "2024-02-29"),
        ("2024-03-01", "2024-03-31"),
    ]
    assert (years[0], years[-1]) == (("2001-02-03", "2001-12-31"), ("2026-01-01", "2026-11-24"))


@given(DAYS, st.integers(1, 20_000))
def test_each_day_is_in_one_part_and_in_order(first, days):
    whole = Period(first, first + timedelta(days=days - 1))

    found = list(whole.parts())

    assert (found[0].first, found[-1].last) == (whole.first, whole.last)
    assert all(
        a.last + timedelta(days=1) == b.first for a, b in zip(found, found[1:], strict=False)
    )
    assert len(found) <= 160 or whole.grain in (Grain.MONTH, Grain.YEAR)
    assert not any(part.is_part_of(whole.grain) for part in found[1:-1])
