"""The page of one release's views: its days as a picture, as a table and as a file."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.contrib.admin import site
from django.utils import timezone

from releases import counting
from releases.admin.views_chart import round_number_above
from releases.models import Release
from releases.periods import last_days
from releases.readers import Reader
from releases.reading_report import ReadingDays
from tests.factories import DRAFT, IN_REVIEW, SCHEDULED, SEOUL, WITHDRAWN, ReleaseFactory
from tests.reading import queries_of, read

from .roles import person, signed_in
from .views import RELEASES, cells_of_xlsx, counted, days_ago, rows_of_csv, text_of

pytestmark = pytest.mark.django_db

NOV_24 = date(2026, 11, 24)


@pytest.fixture
def editor():
    return signed_in(person("editor"))


def address(release, query=""):
    return f"{RELEASES}{release.pk}/views/{query}"


def page_of(client, release, query="", desk=RELEASES):
    response = client.get(f"{desk}{release.pk}/views/{query}")
    assert response.status_code == 200
    return read(response)


def table(page):
    """The cells of the table of days, row by row."""
    rows = page.one("table", class_="days").one("tbody").all("tr")
    return [[cell.words for cell in row.children if not isinstance(cell, str)] for row in rows]


def sums(page):
    found = page.one("dl", class_="sums").all("div")
    return {pair.one("dt").words: pair.one("dd").words for pair in found}


def days_of(release, today=NOV_24, span=None):
    """Day -> views, as the page of `today` shows them."""
    bars = ReadingDays(release, today).within(span and last_days(span, today))
    return {str(bar.period.first): bar.counts.count for bar in bars}


def someone(number):
    return Reader(f"203.0.113.{number}", "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Firefox/140.0")


# Days


def test_midnight_in_seoul_parts_two_days():
    release = ReleaseFactory()
    counting.record(release.pk, someone(1), datetime(2026, 11, 23, 14, 59, 59, tzinfo=UTC))
    counting.record(release.pk, someone(2), datetime(2026, 11, 23, 15, 0, 0, tzinfo=UTC))
    counting.record(release.pk, someone(3), datetime(2026, 11, 24, 14, 59, 59, tzinfo=UTC))

    assert days_of(release) == {"2026-11-23": 1, "2026-11-24": 2}


def test_a_day_without_views_is_there_with_a_nought():
    release = ReleaseFactory()
    counted(release, date(2026, 11, 20), 5)
    counted(release, date(2026, 11, 23), 7)

    shown = days_of(release)

    assert list(shown.values()) == [5, 0, 0, 7, 0]
    assert list(shown)[-1] == "2026-11-24"


def test_a_clock_that_was_set_back_puts_each_reading_on_its_own_day():
    release = ReleaseFactory()
    ahead = datetime(2026, 11, 25, 0, 10, tzinfo=SEOUL)
    counting.record(release.pk, someone(1), ahead)
    counting.record(release.pk, someone(2), ahead - timedelta(minutes=15))
    counting.record(release.pk, someone(3), ahead - timedelta(minutes=14))

    assert days_of(release) == {"2026-11-24": 2, "2026-11-25": 1}
    assert days_of(release, span=7) == {"2026-11-24": 2}
    assert days_of(release, today=date(2026, 11, 25), span=7) == {"2026-11-24": 2, "2026-11-25": 1}
    assert counting.views_of(release.pk) == 3


def test_summer_time_of_1988_makes_no_day_longer_or_twice():
    # Seoul was at UTC+10 from 8 May, 2:00, until 9 October, 3:00.
    at_half_past_midnight = datetime(1988, 10, 8, 14, 30, tzinfo=UTC)
    release = ReleaseFactory(publish_at=at_half_past_midnight)
    older = ReleaseFactory(publish_at=datetime(1988, 5, 7, 3, tzinfo=UTC))
    for day in (date(1988, 5, 7), date(1988, 5, 8)):
        counted(older, day, 1)
    counted(older, date(1988, 10, 9), 4)

    assert days_of(release, today=date(1988, 10, 10)) == {"1988-10-09": 0, "1988-10-10": 0}
    assert days_of(older, today=date(1988, 5, 9), span=30) == {
        "1988-05-07": 1,
        "1988-05-08": 1,
        "1988-05-09": 0,
    }
    october = days_of(older, today=date(1988, 10, 10), span=3)
    assert october == {"1988-10-08": 0, "1988-10-09": 4, "1988-10-10": 0}
    assert sum(days_of(older, today=date(1988, 10, 11)).values()) == 6


def test_a_release_of_yesterday_has_two_days():
    counted(ReleaseFactory(), date(2026, 1, 1), 1)  # counting goes on for long
    release = ReleaseFactory(publish_at=datetime(2026, 11, 23, 23, 59, tzinfo=SEOUL))

    assert days_of(release, span=30) == {"2026-11-23": 0, "2026-11-24": 0}


def test_an_old_release_has_days_from_when_counting_began(editor):
    counted(ReleaseFactory(), days_ago(5), 1)
    release = ReleaseFactory()

    page = page_of(editor, release)

    assert len(table(page)) == 6
    assert f"known from {days_ago(5)} on: that is when counting began" in page.words


def test_days_before_a_posted_time_that_was_corrected_stay(editor):
    release = ReleaseFactory(publish_at=datetime(2026, 11, 22, 9, tzinfo=SEOUL))
    counted(release, date(2026, 11, 20), 3)

    assert list(days_of(release).values()) == [3, 0, 0, 0, 0]
    assert "with its posting" not in page_of(editor, release).words


def test_days_that_begin_with_the_posting_say_so(editor):
    counted(ReleaseFactory(), days_ago(50), 1)
    release = ReleaseFactory(publish_at=timezone.now() - timedelta(days=3))

    page = page_of(editor, release)

    assert f"The days begin on {days_ago(3)}, with its posting." in page.words


@pytest.mark.parametrize("state", [DRAFT, IN_REVIEW, SCHEDULED])
def test_what_was_never_public_has_words_instead_of_days(editor, state):
    page = page_of(editor, ReleaseFactory(**state))

    assert page.one("p", class_="empty").words.startswith("It has not been public yet")
    assert not page.all("svg", role="img")


def test_what_was_withdrawn_keeps_its_days(editor):
    release = ReleaseFactory(**WITHDRAWN)
    counted(release, days_ago(1), 9)

    assert [row[1] for row in table(page_of(editor, release))] == ["0", "9"]


# The page


def test_it_says_how_many_views_and_how_many_of_them_the_old_site_had(editor):
    page = page_of(editor, ReleaseFactory(views=5_234, imported_views=1_200))

    assert sums(page) == {
        "Views in all": "5,234",
        "of these on the old site": "1,200",
        "of these counted here": "4,034",
    }


def test_the_usual_days_are_thirty_and_the_others_are_links(editor):
    release = ReleaseFactory()
    counted(release, days_ago(400), 1)

    page = page_of(editor, release)
    links = page.one("nav", class_="spans").all("a")

    assert len(table(page)) == 30
    assert [(link.words, link["href"]) for link in links] == [
        ("7 days", "?days=7"),
        ("30 days", "?days=30"),
        ("90 days", "?days=90"),
        ("365 days", "?days=365"),
        ("All", "?days=all"),
    ]
    assert [link.words for link in links if link["aria-current"]] == ["30 days"]


@pytest.mark.parametrize(
    ("days", "name", "fewest", "most"),
    [
        ("7", "Views by day", 7, 7),
        ("90", "Views by day", 90, 90),
        ("365", "Views by week, from Monday to Sunday", 53, 54),
        ("all", "Views by month", 32, 34),
    ],
)
def test_long_times_are_shown_by_weeks_and_months_and_say_so(editor, days, name, fewest, most):
    release = ReleaseFactory()
    counted(release, days_ago(1_000), 1)

    page = page_of(editor, release, f"?days={days}")

    assert page.one("table", class_="days").one("caption").words == name
    assert page.one("figcaption").words.startswith(f"{name}: ")
    assert fewest <= len(table(page)) <= most
    assert len(page.one("svg", role="img").all("rect")) == len(table(page))


def test_a_week_holds_the_views_of_its_days():
    release = ReleaseFactory()
    counted(release, date(2026, 1, 1), 1)
    for day, count in ((9, 1), (15, 10), (16, 100)):  # Monday, Sunday, Monday
        counted(release, date(2026, 11, day), count)

    shown = days_of(release)

    assert (shown["2026-11-09"], shown["2026-11-16"], shown["2026-11-23"]) == (11, 100, 0)


def test_today_is_marked_as_not_over_in_the_picture_and_in_the_table(editor):
    release = ReleaseFactory()
    counted(release, days_ago(2), 3)

    page = page_of(editor, release, "?days=7")

    assert [row[-1] for row in table(page)] == ["not over", "", ""]
    assert [bar["class"] for bar in page.one("svg", role="img").all("rect")] == ["", "", "open"]
    assert "Today is not over." in page.one("desc").words


def test_the_picture_has_a_name_and_says_in_words_what_it_shows(editor):
    release = ReleaseFactory()
    counted(release, days_ago(3), 40)
    counted(release, days_ago(1), 1_300)

    picture = page_of(editor, release, "?days=7").one("svg", role="img")

    assert picture.one("title", id=picture["aria-labelledby"]).words == "Views by day"
    words = picture.one("desc", id=picture["aria-describedby"]).words
    assert words.startswith(f"From {days_ago(3)} to {days_ago(0)}: 1,340 views.")
    assert f"The highest number: {days_ago(1)} (" in words
    heights = [float(bar["height"]) for bar in picture.all("rect")]
    assert heights == [2.0, 0.0, 65.0, 0.0]  # of 2,000 views
    assert [float(bar["y"]) for bar in picture.all("rect")] == [98.0, 100.0, 35.0, 100.0]


@pytest.mark.parametrize(
    ("desk", "words"),
    [
        ("/en/admin/releases/release/", ": 1 view. "),
        ("/admin/releases/release/", "까지 조회 1회. 가장 많이 읽힌 때: "),
    ],
)
def test_one_view_is_one(editor, desk, words):
    release = ReleaseFactory()
    counted(release, days_ago(1), 1)

    assert words in page_of(editor, release, desk=desk).one("desc").words


def test_nobody_reads_a_picture_of_noughts_as_an_error(editor):
    release = ReleaseFactory()
    counted(release, days_ago(2), robots=4)

    picture = page_of(editor, release, "?days=7").one("svg", role="img")

    assert {bar["height"] for bar in picture.all("rect")} == {"0.0"}
    assert "The highest number" not in picture.words


@pytest.mark.parametrize(
    ("number", "top"), [(0, 2), (2, 2), (3, 4), (5, 10), (10, 10), (11, 20), (41, 100), (999, 1000)]
)
def test_the_scale_ends_at_a_round_number(number, top):
    assert round_number_above(number) == top


def test_what_was_left_out_is_added_up_and_explained(editor, settings):
    settings.READINGS_PER_ADDRESS = 1_500
    release = ReleaseFactory()
    counted(release, days_ago(0), 10, repeats=1, robots=1_200, staff=3, cut_off=4)
    counted(release, days_ago(1), 10, repeats=10, robots=34, staff=30, cut_off=40)

    part = page_of(editor, release).one("section", class_="left-out")
    rows = [[cell.words for cell in row.children[:2]] for row in part.all("div")]

    assert rows == [
        ["Repeats", "11"],
        ["Robots", "1,234"],
        ["Staff", "33"],
        ["Addresses cut off", "44"],
    ]
    assert "again within 30 minutes" in part.words
    assert "more than 1,500 times within an hour" in part.words
    assert "Robots that run no scripts and load no pictures" in part.words


def test_it_speaks_korean(editor):
    release = ReleaseFactory(views=1_234)
    counted(release, days_ago(0), 3, robots=2)

    page = page_of(editor, release, desk="/admin/releases/release/")

    assert sums(page)["전체 조회"] == "1,234"
    head = page.one("table", class_="days").one("thead").all("th")
    assert [cell.words for cell in head] == [
        *("날짜", "조회", "다시 읽음", "로봇", "직원", "차단한 주소", "비고")
    ]
    assert table(page)[0][-1] == "진행 중"


@pytest.mark.parametrize("kind", ["/", ".csv", ".xlsx"])
@pytest.mark.parametrize("days", ["8", "-7", "x", "7 days", "٧", "\x00", "9" * 400])
def test_days_that_are_no_choice_get_a_word_about_it(editor, days, kind):
    release = ReleaseFactory()

    for desk, words in (("/en", "There is no such choice"), ("", "고를 수 없는 기간입니다.")):
        address = f"{desk}/admin/releases/release/{release.pk}/views{kind}"
        response = editor.get(address, {"days": days})
        assert response.status_code == 400
        assert read(response).one("p", role="alert").words.startswith(words)


def test_nothing_is_written_here(editor):
    assert editor.post(address(ReleaseFactory())).status_code == 405


def test_it_costs_the_same_however_many_days_were_counted(editor):
    release = ReleaseFactory()
    few = queries_of(editor, address(release, "?days=all"))
    for number in range(50):
        counted(release, days_ago(number), 1)

    many = queries_of(editor, address(release, "?days=all"))

    # session, user, rights of user and group, release, its days, when counting began
    assert len(many) == len(few) == 7


# Files


@pytest.mark.parametrize("days", ["7", "90", "365", "all"])
def test_files_hold_what_the_page_shows(editor, days):
    release = ReleaseFactory()
    for number in range(0, 900, 7):
        counted(release, days_ago(number), number, repeats=1, robots=2, staff=3, cut_off=4)

    page = page_of(editor, release, f"?days={days}")
    shown = [row[1:] for row in table(page)]
    times = [row[0].split(" (")[0].split(" – ") for row in table(page)]
    head, *rows = rows_of_csv(editor.get(f"{RELEASES}{release.pk}/views.csv?days={days}"))
    xlsx = cells_of_xlsx(editor.get(f"{RELEASES}{release.pk}/views.xlsx?days={days}"))

    dates = 2 if days in ("365", "all") else 1
    assert [[f"{int(n):,}" for n in row[dates:-1]] + row[-1:] for row in rows] == shown
    assert [row[0] for row in rows] == [time[0] for time in times]
    assert [row[dates - 1] for row in rows] == [time[-1] for time in times]
    assert [[text_of(cell) for cell in row] for row in xlsx] == [head, *rows]
    assert all(isinstance(cell, date) for row in xlsx[1:] for cell in row[:dates])
    assert all(isinstance(cell, int) for row in xlsx[1:] for cell in row[dates:-1])


def test_the_second_sheet_explains_the_number(editor):
    release = ReleaseFactory(title_ko="=HYPERLINK(1)", views=8, imported_views=5)
    counted(release, days_ago(0), 3, robots=2)

    about = dict(cells_of_xlsx(editor.get(f"{RELEASES}{release.pk}/views.xlsx"), sheet=2))

    assert about["Release"] == "(2014/9/9) =HYPERLINK(1)"
    assert (about["Views in all"], about["of these on the old site"]) == (8, 5)
    assert (about["From"], about["To"], about["Views in this time"]) == (days_ago(0),) * 2 + (3,)
    assert [number for words, number in about.items() if words.startswith("Robots: ")] == [2]


# Who may, and the ways here


@pytest.mark.parametrize(
    ("state", "those"),
    [
        (DRAFT, {"author", "editor", "analyst", "superuser"}),
        (SCHEDULED, {"author", "editor", "analyst", "superuser"}),
        ({}, {"author", "other author", "editor", "contact keeper", "analyst", "superuser"}),
        (WITHDRAWN, {"author", "editor", "analyst", "superuser"}),
    ],
)
def test_who_may_see_a_release_at_the_desk_sees_its_views(state, those):
    author = person("author")
    release = ReleaseFactory(author=author, **state)
    names = ["other author", "editor", "contact keeper", "analyst", "superuser", "staff"]
    people = {"author": author} | {name: person(name) for name in names}

    for kind in ("/", ".csv", ".xlsx"):
        answers = {
            name: signed_in(user).get(f"{RELEASES}{release.pk}/views{kind}").status_code
            for name, user in people.items()
        }
        assert {name for name, status in answers.items() if status == 200} == those
        assert set(answers.values()) == {200, 404}


def test_a_stranger_is_asked_to_sign_in_be_there_a_release_or_not(client):
    for pk in (ReleaseFactory().pk, 999_999):
        for kind in ("/", ".csv", ".xlsx"):
            response = client.get(f"{RELEASES}{pk}/views{kind}")
            assert response.status_code == 302
            assert response["Location"].startswith("/en/admin/login/")


@pytest.mark.parametrize("where", ["", "{}/change/", "{}/preview/"])
def test_list_form_and_preview_lead_here(editor, where):
    release = ReleaseFactory(views=1_234)

    link = read(editor.get(RELEASES + where.format(release.pk))).one("a", href=address(release))

    assert link.words == ("Number of views" if where else "1,234")


# The list's column


@pytest.mark.parametrize("order", ["-", ""])
def test_the_list_is_sorted_by_views_and_what_nobody_read_has_none(order):
    numbers = {ReleaseFactory(views=views): views for views in (0, 12, 0, 1_234, 5)}
    column = site.get_model_admin(Release).list_display.index("views_lately") + 1
    client = signed_in(person("editor"))

    page = read(client.get(f"{RELEASES}?o={order}{column}"))
    shown = [cell.words for cell in page.all("td", class_="field-views_lately")]

    expected = sorted(numbers.values(), reverse=bool(order))
    assert shown == [f"{number:,}" for number in expected]


def test_the_days_of_now_are_those_of_seoul(editor):
    release = ReleaseFactory()
    counting.record(release.pk, someone(1))

    assert table(page_of(editor, release, "?days=7"))[0][:2] == [
        f"{timezone.localdate()} ({timezone.localdate():%a})",
        "1",
    ]
