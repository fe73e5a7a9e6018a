"""The calendar of the desk: what goes out when, in Seoul days."""

from datetime import datetime

import pytest
from django.utils import timezone

from releases.admin import calendar
from tests.factories import DRAFT, IN_REVIEW, SEOUL, ReleaseFactory
from tests.reading import queries_of, read

from .people import ANALYST, AUTHOR, EDITOR, person, signed_in

pytestmark = pytest.mark.django_db

CALENDAR = "/en/admin/releases/release/calendar/"


@pytest.fixture
def editor():
    return signed_in(person(EDITOR))


def at(*moment):
    return datetime(*moment, tzinfo=SEOUL)


def cells(client, month):
    """The days of a month that hold something, as date -> words."""
    table = read(client.get(CALENDAR, {"month": month})).one("table", class_="month")
    days = {cell.all("time")[0]["datetime"]: cell for cell in table.all("td")}
    return {day: cell.one("ul").words for day, cell in days.items() if cell.all("ul")}


def month_shown(client, **query):
    response = client.get(CALENDAR, query)
    assert response.status_code == 200
    return read(response).one("h2", id="month").words


def test_a_month_is_a_table_whose_weeks_begin_on_sunday():
    client = signed_in(person(EDITOR))

    page = read(client.get("/admin/releases/release/calendar/?month=2026-11"))
    table = page.one("table", class_="month")

    heads = table.one("thead").all("th")
    assert [head.words for head in heads] == [f"{day}요일" for day in "일월화수목금토"]
    assert {head["scope"] for head in heads} == {"col"}
    days = [time["datetime"] for time in table.one("tbody").all("time")]
    assert (days[0], days[-1], len(days)) == ("2026-11-01", "2026-12-05", 35)


def test_each_state_with_a_time_stands_on_its_day_with_hour_and_words(editor):
    ReleaseFactory(title_ko="공개된 것", publish_at=at(2020, 11, 3, 9))
    ReleaseFactory(title_ko="초안", **DRAFT | {"publish_at": at(2020, 11, 4, 14, 30)})
    ReleaseFactory(title_ko="검토", **IN_REVIEW | {"publish_at": at(2020, 11, 5, 8)})
    ReleaseFactory(title_ko="철회", publish_at=at(2020, 11, 6, 9), withdrawn_at=at(2020, 11, 7))
    ReleaseFactory(title_ko="때 없음", **DRAFT)

    assert cells(editor, "2020-11") == {
        "2020-11-03": "09:00 Public 공개된 것",
        "2020-11-04": "14:30 Planned (Draft) 초안",
        "2020-11-05": "08:00 Planned (In review) 검토",
    }


def test_what_is_scheduled_says_so(editor):
    year = timezone.localdate().year + 1
    ReleaseFactory(title_ko="예약", publish_at=at(year, 5, 1, 9))

    assert cells(editor, f"{year}-05") == {f"{year}-05-01": "09:00 Scheduled 예약"}


def test_a_day_is_a_day_in_seoul(editor):
    ReleaseFactory(title_ko="첫 순간", publish_at=at(2020, 11, 1))
    ReleaseFactory(title_ko="마지막 순간", publish_at=at(2020, 11, 30, 23, 59))

    assert cells(editor, "2020-11") == {
        "2020-11-01": "00:00 Public 첫 순간",
        "2020-11-30": "23:59 Public 마지막 순간",
    }


@pytest.mark.parametrize(
    "month",
    ["", "2026", "2026-13", "2026-00", "0001-01", "9999-12", "x", "2026-1", "٢٠٢٦-١١", "2026-11\n"]
    + ["9" * 500, "2026-11-01", "-2026-11", "\x00", "1969-12", "2101-01"],
)
def test_a_month_that_is_none_is_this_month(editor, month):
    assert month_shown(editor, month=month) == f"{timezone.localdate():%B %Y}"


@pytest.mark.parametrize(
    ("month", "links"),
    [
        ("2026-11", ["?month=2026-10", "?month=2026-12"]),
        ("2026-12", ["?month=2026-11", "?month=2027-01"]),
        ("2026-01", ["?month=2025-12", "?month=2026-02"]),
        ("1970-01", ["?month=1970-02"]),
        ("2100-12", ["?month=2100-11"]),
    ],
)
def test_the_months_beside_are_a_link_away(editor, month, links):
    page = read(editor.get(CALENDAR, {"month": month}))

    nav = page.one("nav", class_="months")
    assert [a["href"] for a in nav.all("a") if a["rel"]] == links


def test_today_is_marked_in_words_and_for_screen_readers(editor):
    page = read(editor.get(CALENDAR))

    (cell,) = page.one("table", class_="month").all("td", **{"aria-current": "date"})
    assert cell.words.endswith("Today")
    assert cell.one("time")["datetime"] == timezone.localdate().isoformat()


def test_an_author_sees_the_plans_of_others_nowhere():
    author = person(AUTHOR)
    ReleaseFactory(title_ko="남의 것", **DRAFT | {"publish_at": at(2020, 11, 4, 9)})
    ReleaseFactory(title_ko="내 것", author=author, **DRAFT | {"publish_at": at(2020, 11, 5, 9)})

    shown = cells(signed_in(author), "2020-11")

    assert shown == {"2020-11-05": "09:00 Planned (Draft) 내 것"}


@pytest.mark.parametrize(("role", "status"), [(ANALYST, 200), ("", 403)])
def test_who_may_see_no_releases_sees_no_calendar(role, status):
    assert signed_in(person(role)).get(CALENDAR).status_code == status


def test_a_full_day_leads_to_the_list_of_that_day(editor):
    for minute in range(calendar.A_DAY + 3):
        ReleaseFactory(title_ko=f"소식 {minute}", publish_at=at(2020, 11, 3, 9, minute))
    ReleaseFactory(title_ko="전날", publish_at=at(2020, 11, 2, 23, 59))
    ReleaseFactory(title_ko="다음 날", publish_at=at(2020, 11, 4))

    table = read(editor.get(CALENDAR, {"month": "2020-11"})).one("table", class_="month")

    (more,) = [a for a in table.all("a") if a.words.endswith("more")]
    rows = read(editor.get(more["href"])).one("table", id="result_list").one("tbody").all("tr")
    assert more.words == "3 more"
    assert len(rows) == calendar.A_DAY + 3


def test_a_month_costs_one_query_for_its_releases_and_is_read_with_a_bound(editor, monkeypatch):
    monkeypatch.setattr(calendar, "A_MONTH", 3)
    few = queries_of(editor, f"{CALENDAR}?month=2020-11")
    for day in range(1, 6):
        ReleaseFactory(publish_at=at(2020, 11, day))

    many = queries_of(editor, f"{CALENDAR}?month=2020-11")

    assert len(many) == len(few) == 5  # session, user, rights of user and group, releases
    assert list(cells(editor, "2020-11")) == ["2020-11-01", "2020-11-02", "2020-11-03"]
    page = read(editor.get(CALENDAR, {"month": "2020-11"}))
    assert "There are too many releases in this month" in page.one("main").words


def test_an_empty_month_says_what_would_appear(editor):
    page = read(editor.get(CALENDAR, {"month": "2020-11"}))

    assert "Nothing goes out in this month yet." in page.one("p", class_="empty").words


def test_the_list_for_a_phone_holds_the_days_that_have_something(editor):
    ReleaseFactory(title_ko="소식", publish_at=at(2020, 11, 3, 9))
    ReleaseFactory(title_ko="이웃 달", publish_at=at(2020, 12, 1, 9))

    days = read(editor.get(CALENDAR, {"month": "2020-11"})).one("ol", class_="month-list")

    assert [li.words for li in days.children if not isinstance(li, str)] == [
        "11/3 (Tue) 09:00 Public 소식"
    ]


def test_nothing_is_written_here(editor):
    assert editor.post(CALENDAR).status_code == 405
