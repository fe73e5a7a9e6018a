"""The report over all releases: what was read most, compared with the time before."""

from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.utils import timezone

from releases.admin import views_report
from releases.models import Release
from tests.factories import (
    DRAFT,
    IN_REVIEW,
    NINE,
    SCHEDULED,
    WITHDRAWN,
    MissionFactory,
    ReleaseFactory,
)
from tests.reading import queries_of, read

from .roles import person, signed_in
from .views import RELEASES, REPORT, cells_of_xlsx, counted, days_ago, rows_of_csv, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def analyst():
    return signed_in(person("analyst"))


@pytest.fixture
def long_since():
    """Counting goes on for longer than any time that is asked for: a draft's would be ignored."""
    counted(ReleaseFactory(**DRAFT), days_ago(2_000), 1)


def report(client, desk=REPORT, **query):
    response = client.get(desk, query)
    assert response.status_code == 200
    return read(response)


def table(page):
    """The cells of each row, by the head of their column."""
    if not page.all("table", class_="read"):
        return []
    found = page.one("table", class_="read")
    head = [cell.words for cell in found.one("thead").all("th")]
    rows = found.one("tbody").all("tr")
    cells = [[cell.words for cell in row.children if not isinstance(cell, str)] for row in rows]
    return [dict(zip(head, row, strict=True)) for row in cells]


def headlines(page):
    return [row["Headline"].removeprefix("(2014/9/9) ") for row in table(page)]


def sums(page):
    found = page.one("dl", class_="sums").all("div")
    return {pair.one("dt").words.split(" (")[0]: pair.one("dd").words for pair in found}


# Numbers


def test_what_was_read_most_comes_first_and_is_compared_with_the_time_before(analyst, long_since):
    mission = MissionFactory(name_en="Iraq")
    little = ReleaseFactory(title_ko="적게", views=500)
    much = ReleaseFactory(title_ko="많이", views=2_000, mission=mission)
    counted(little, days_ago(29), 100)
    counted(little, days_ago(30), 80)
    counted(much, days_ago(0), 1_000)
    counted(much, days_ago(29), 234)
    counted(much, days_ago(59), 2_468)
    counted(much, days_ago(60), 9_999)

    page = report(analyst)

    assert table(page) == [
        {
            "Headline": "(2014/9/9) 많이",
            "Views": "1,234",
            "Before": "2,468",
            "Change": "-1,234",
            "Change in %": "-50.0%",
            "Views in all": "2,000",
            "Mission": "Iraq",
            "Posted": "2014-09-09",
        },
        {
            "Headline": "(2014/9/9) 적게",
            "Views": "100",
            "Before": "80",
            "Change": "+20",
            "Change in %": "+25.0%",
            "Views in all": "500",
            "Mission": "",
            "Posted": "2014-09-09",
        },
    ]
    assert sums(page) == {
        "Views in this time": "1,334",
        "Views before": "2,548",
        "Change": "-1,214 (-47.6%)",
        "Releases that were read": "2",
        "Releases that nobody read": "0",
    }


def test_two_that_were_read_as_often_stand_newest_first(analyst):
    for number in range(3):
        counted(ReleaseFactory(title_ko=f"소식 {number}"), days_ago(1), 7)

    assert headlines(report(analyst)) == ["소식 2", "소식 1", "소식 0"]


def test_where_nothing_was_before_there_is_no_percentage(analyst, long_since):
    counted(ReleaseFactory(), days_ago(0), 5)

    page = report(analyst)

    assert [(row["Change"], row["Change in %"]) for row in table(page)] == [("+5", "")]
    assert sums(page)["Change"] == "+5"
    assert "There were no views before, so the change has no percentage." in page.words


def test_a_small_loss_is_no_minus_nought(analyst, long_since):
    release = ReleaseFactory()
    counted(release, days_ago(31), 10_000)
    counted(release, days_ago(0), 9_999)

    (row,) = table(report(analyst))

    assert (row["Change"], row["Change in %"]) == ("-1", "0.0%")


def test_counting_that_began_within_the_time_before_makes_no_change_of_it(analyst):
    release = ReleaseFactory()
    counted(release, days_ago(31), 3)
    counted(release, days_ago(0), 6)

    page = report(analyst)

    assert [(row["Views"], row["Before"]) for row in table(page)] == [("6", "3")]
    assert not {"Change", "Change in %"} & {*table(page)[0], *sums(page)}
    assert f"Counting began on {days_ago(31)}, within the time before" in page.words


def test_counting_that_began_on_its_first_day_makes_the_time_before_a_whole_one(analyst):
    counted(ReleaseFactory(), days_ago(59), 3)

    assert sums(report(analyst))["Change"] == "-3 (-100.0%)"


def test_counting_that_began_later_leaves_nothing_to_compare_with(analyst):
    counted(ReleaseFactory(), days_ago(29), 6)

    page = report(analyst)

    assert not {"Before", "Change", "Change in %"} & {*table(page)[0], *sums(page)}
    assert f"Counting began on {days_ago(29)}, so there is nothing before" in page.words


def test_all_that_was_counted_begins_with_the_first_day_and_has_no_before(analyst):
    counted(ReleaseFactory(), days_ago(700), 3)

    page = report(analyst, days="all")

    assert page.one("h2", class_="period").words == f"{days_ago(700)} – {days_ago(0)} (701 days)"
    assert sums(page)["Views in this time"] == "3"
    assert "Before" not in table(page)[0]


def test_where_nothing_was_counted_it_says_so(analyst):
    ReleaseFactory(views=5, imported_views=5)

    for days in ("30", "all"):
        page = report(analyst, days=days)
        assert page.one("p", class_="empty").words == "No release was read in this time."
        assert "Nothing was counted yet." in page.words


def test_dates_are_days_in_seoul_both_included(analyst, long_since):
    release = ReleaseFactory()
    for day, count in ((1, 1), (2, 10), (3, 100), (4, 1_000), (5, 10_000)):
        counted(release, days_ago(day), count)

    page = report(analyst, since=str(days_ago(4)), until=str(days_ago(3)), days="365")

    assert sums(page)["Views in this time"] == "1,100"
    assert sums(page)["Views before"] == "10,000"
    assert not [a for a in page.all("nav", class_="spans")[0].all("a") if a["aria-current"]]
    to_today = report(analyst, since=str(days_ago(1)))
    assert to_today.one("h2", class_="period").words.startswith(f"{days_ago(1)} – {days_ago(0)}")


def test_what_was_left_out_is_of_this_time_alone(analyst, long_since):
    release = ReleaseFactory()
    counted(release, days_ago(0), 1, repeats=1, robots=2, staff=3, cut_off=4)
    counted(ReleaseFactory(), days_ago(6), 0, repeats=10, robots=20, staff=30, cut_off=40)
    counted(release, days_ago(7), 1, repeats=100, robots=100, staff=100, cut_off=100)

    part = report(analyst, days="7").one("section", class_="left-out")

    numbers = [cell.words for cell in part.all("dd", class_="number")]
    assert numbers == ["11", "22", "33", "44"]


# Which releases


def test_releases_that_nobody_read_are_a_list_of_their_own_newest_first(analyst, long_since):
    now = timezone.now()
    counted(ReleaseFactory(title_ko="읽힘"), days_ago(0), 1)
    old = ReleaseFactory(title_ko="옛것", publish_at=now - timedelta(days=90))
    ReleaseFactory(title_ko="새것", publish_at=now - timedelta(days=1))
    counted(old, days_ago(31), 8)
    counted(old, days_ago(3), robots=5)

    page = report(analyst, show="unread")

    assert headlines(page) == ["새것", "옛것"]
    assert [(row["Views"], row["Before"]) for row in table(page)] == [("0", "0"), ("0", "8")]
    assert sums(page)["Releases that nobody read"] == "2"


@pytest.mark.parametrize("state", [DRAFT, DRAFT | {"publish_at": NINE}, IN_REVIEW, SCHEDULED])
def test_what_is_not_public_is_not_among_those_that_nobody_read(analyst, state):
    ReleaseFactory(**state)

    assert sums(report(analyst))["Releases that nobody read"] == "0"


def test_what_goes_out_later_today_is_not_among_those_that_nobody_read(analyst):
    midnight = timezone.localtime().replace(hour=23, minute=59, second=59, microsecond=999_999)
    ReleaseFactory(publish_at=midnight)

    assert sums(report(analyst))["Releases that nobody read"] == "0"


def test_a_release_is_in_the_report_from_the_day_of_its_posting(analyst):
    today = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    ReleaseFactory(publish_at=today)

    def unread(day):
        page = report(analyst, since=str(days_ago(3)), until=str(day))
        return sums(page)["Releases that nobody read"]

    assert (unread(days_ago(1)), unread(days_ago(0))) == ("0", "1")


def test_what_was_withdrawn_was_read_and_what_was_deleted_has_no_row(analyst):
    counted(ReleaseFactory(title_ko="철회", **WITHDRAWN), days_ago(1), 3)
    gone = ReleaseFactory()
    counted(gone, days_ago(1), 5)
    Release.objects.filter(pk=gone.pk).delete()

    page = report(analyst)

    assert headlines(page) == ["철회"]
    assert sums(page)["Views in this time"] == "3"


def test_mission_and_language_narrow_every_number(analyst, long_since):
    iraq = MissionFactory(name_en="Iraq", slug="iraq")
    korean = ReleaseFactory(title_ko="국문", body_ko="<p>글</p>", body_en="", mission=iraq)
    english = ReleaseFactory(title_ko="", title_en="English", mission=iraq)
    elsewhere = ReleaseFactory(title_ko="다른 곳", mission=MissionFactory())
    for release, count in ((korean, 1), (english, 10), (elsewhere, 100)):
        counted(release, days_ago(0), count, robots=count)

    of_iraq = report(analyst, mission="iraq")
    in_english = report(analyst, language="en")
    both = report(analyst, mission="iraq", language="ko")

    assert headlines(of_iraq) == ["English", "국문"]
    assert headlines(in_english) == ["다른 곳", "English"]
    assert headlines(both) == ["국문"]
    assert [sums(page)["Views in this time"] for page in (of_iraq, in_english, both)] == [
        "11",
        "110",
        "1",
    ]
    assert both.one("section", class_="left-out").all("dd", class_="number")[1].words == "1"


def test_it_says_that_the_language_is_not_that_of_the_readers(analyst):
    assert "The language is that of the release, not that of its readers" in report(analyst).words
    korean = report(analyst, desk="/admin/releases/release/views/")
    assert "보도자료의 언어이며, 독자의 언어가 아닙니다." in korean.words


def test_links_keep_what_was_asked(analyst, monkeypatch):
    monkeypatch.setattr(views_report, "PAGE_SIZE", 2)
    mission = MissionFactory(slug="iraq")
    for number in range(3):
        counted(ReleaseFactory(title_ko=f"소식 {number}", mission=mission), days_ago(0), 9 - number)

    page = report(analyst, days="7", mission="iraq", language="ko", utm_source="mail")
    hrefs = [link["href"] for link in page.one("main").all("a")]
    following = page.one("a", rel="next")["href"]

    assert "?days=30&mission=iraq&language=ko" in hrefs
    assert "?days=7&mission=iraq&language=ko&show=unread" in hrefs
    assert "/en/admin/releases/release/views.csv?days=7&mission=iraq&language=ko" in hrefs
    assert following == "?days=7&mission=iraq&language=ko&p=2"
    assert headlines(read(analyst.get(REPORT + following))) == ["소식 2"]
    assert page.one("form", class_="asked").entries == {
        "days": "7",
        "show": "",
        "since": "",
        "until": "",
        "mission": "iraq",
        "language": "ko",
    }


@pytest.mark.parametrize("p", ["0", "-1", "99", "x", "٢", "9" * 400])
def test_a_page_that_there_is_not_is_the_first_or_the_last(analyst, p):
    counted(ReleaseFactory(title_ko="소식"), days_ago(0), 1)

    assert headlines(report(analyst, p=p)) == ["소식"]


# What does not fit


@pytest.mark.parametrize("kind", ["/", ".csv", ".xlsx"])
@pytest.mark.parametrize(
    ("query", "english", "korean"),
    [
        ({"days": "8"}, "Select a valid choice.", "올바르게 선택해 주세요."),
        ({"days": "\x00"}, "Select a valid choice.", "올바르게 선택해 주세요."),
        ({"show": "x"}, "Select a valid choice.", "올바르게 선택해 주세요."),
        ({"language": "fr"}, "Select a valid choice.", "올바르게 선택해 주세요."),
        ({"mission": "atlantis"}, "Select a valid choice.", "올바르게 선택해 주세요."),
        ({"mission": "\x00"}, "Null characters are not allowed.", "null 문자는"),
        ({"since": "x"}, "Enter a valid date.", "올바른 날짜를 입력하세요."),
        ({"since": "2026-02-30"}, "Enter a valid date.", "올바른 날짜를 입력하세요."),
        ({"since": "0001-01-01"}, "Choose a day from 1970 to today.", "1970년부터 오늘까지의"),
        ({"since": "9999-12-31"}, "Choose a day from 1970 to today.", "1970년부터 오늘까지의"),
        ({"until": "2026-01-01"}, "Give the first day as well.", "시작하는 날짜도"),
        (
            {"since": "2026-01-02", "until": "2026-01-01"},
            "The first day comes after the last one.",
            "시작하는 날짜가 끝나는 날짜보다 뒤입니다.",
        ),
    ],
)
def test_what_does_not_fit_is_told(analyst, query, english, korean, kind):
    for desk, words in (("/en", english), ("", korean)):
        response = analyst.get(f"{desk}/admin/releases/release/views{kind}", query)
        assert response.status_code == 400
        page = read(response)
        assert words in page.one("main").words
        assert page.one("p", role="alert")
        assert not page.all("table")


def test_a_field_that_does_not_fit_names_its_fault_to_screen_readers(analyst):
    page = read(analyst.get(REPORT, {"since": "x"}))

    field = page.one("input", name="since")
    assert field["aria-invalid"] == "true"
    assert page.one("span", id=field["aria-describedby"]).words == "Enter a valid date."


# Files


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"days": "7", "show": "unread"},
        {"days": "all"},
        {"mission": "iraq", "language": "en"},
        {"since": str(days_ago(3)), "until": str(days_ago(1))},
    ],
)
@pytest.mark.parametrize("since", [3, 45, 500])
def test_files_hold_every_row_of_every_page(analyst, monkeypatch, query, since):
    monkeypatch.setattr(views_report, "PAGE_SIZE", 2)
    mission = MissionFactory(name_en="Iraq", slug="iraq")
    for number in range(7):
        release = ReleaseFactory(views=5_000 + number, mission=mission if number % 2 else None)
        if number < 5:
            counted(release, days_ago(number), 1_000 * number)
            counted(release, days_ago(30 + number), 300)
    counted(release, days_ago(since), 1)

    shown, p, page = [], 1, report(analyst, **query)
    while shown.extend(table(page)) or page.all("a", rel="next"):
        p += 1
        page = report(analyst, **query, p=p)
    csv = rows_of_csv(analyst.get(f"{RELEASES}views.csv", query))
    xlsx = cells_of_xlsx(analyst.get(f"{RELEASES}views.xlsx?{urlencode(query)}"))

    assert csv[0] == list(shown[0])
    assert [as_shown(csv[0], row) for row in csv[1:]] == [list(row.values()) for row in shown]
    assert len(shown) >= 2
    assert [numbers(row) for row in xlsx] == [numbers(row) for row in csv]


def as_shown(head, row):
    """A row of a file as the page writes it."""
    written = []
    for column, cell in zip(head, row, strict=True):
        if column in ("Views", "Before", "Change", "Views in all"):
            cell = f"{int(cell):+,}" if column == "Change" and int(cell) > 0 else f"{int(cell):,}"
        elif column == "Change in %" and cell:
            cell = f"{float(cell):+,.1f}%" if float(cell) else "0.0%"
        written.append(cell)
    return written


def numbers(row):
    """Cells as text, such that 25 and 25.0 are one."""
    return [text_of(cell).removesuffix(".0") for cell in row]


def test_no_headline_is_a_formula(analyst):
    mission = MissionFactory(name_ko="@SUM(1)", name_en="=1+1")
    release = ReleaseFactory(title_ko='=HYPERLINK("https://example.org")', mission=mission)
    counted(release, days_ago(0), 1)

    (row,) = rows_of_csv(analyst.get(f"{RELEASES}views.csv"))[1:]
    cells = cells_of_xlsx(analyst.get(f"{RELEASES}views.xlsx"))[1]

    assert (row[0][:11], row[-2]) == ("(2014/9/9) ", "'=1+1")
    assert cells[0] == '(2014/9/9) =HYPERLINK("https://example.org")'
    assert cells[-2] == "=1+1"


def test_a_file_names_what_it_holds(analyst):
    MissionFactory(slug="iraq")
    query = {"since": "2026-01-02", "until": "2026-03-04", "mission": "iraq", "language": "ko"}

    response = analyst.get(f"{RELEASES}views.csv", query)

    name = 'attachment; filename="views-2026-01-02-2026-03-04-iraq-ko.csv"'
    assert response["Content-Disposition"] == name


def test_the_second_sheet_says_what_was_asked_and_the_sums(analyst, long_since):
    MissionFactory(name_en="Iraq", slug="iraq")
    release = ReleaseFactory()
    counted(release, days_ago(0), 30, robots=7)
    counted(release, days_ago(30), 20)

    about = dict(cells_of_xlsx(analyst.get(f"{RELEASES}views.xlsx?language=ko"), sheet=2))

    assert (about["From"], about["To"]) == (days_ago(29), days_ago(0))
    assert (about["Mission"], about["Language of the release"]) == (
        "All missions",
        "Exists in Korean",
    )
    assert (about["Views in this time"], about["Views before"], about["Change"]) == (30, 20, 10)
    assert about["Change in %"] == 50
    assert [number for words, number in about.items() if words.startswith("Robots: ")] == [7]


def test_a_file_has_its_limit_and_the_page_says_so(analyst, monkeypatch):
    monkeypatch.setattr(views_report, "MOST_ROWS", 2)
    for number in range(3):
        counted(ReleaseFactory(), days_ago(number), 1)

    assert "A file holds 2 releases at most" in report(analyst).words
    assert len(rows_of_csv(analyst.get(f"{RELEASES}views.csv"))) == 3


# Who may, and the ways here


@pytest.mark.parametrize("kind", ["/", ".csv", ".xlsx"])
@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("superuser", 200),
        ("editor", 200),
        ("analyst", 200),
        ("author", 403),
        ("contact keeper", 403),
        ("staff", 403),
        ("stranger", 302),
    ],
)
def test_who_sees_every_release_sees_the_report(name, status, kind):
    counted(ReleaseFactory(), days_ago(0), 1)

    assert signed_in(person(name)).get(f"{RELEASES}views{kind}").status_code == status


@pytest.mark.parametrize(("name", "links"), [("analyst", 1), ("author", 0)])
def test_the_first_page_and_the_list_lead_there_for_who_may(name, links):
    client = signed_in(person(name))

    first, listed = read(client.get("/en/admin/")), read(client.get(RELEASES))

    assert len(first.all("a", class_="door", href=REPORT)) == links
    assert len(listed.all("a", href=REPORT)) == links


def test_a_row_leads_to_the_page_of_its_release(analyst):
    release = ReleaseFactory(title_ko="소식")
    counted(release, days_ago(0), 1)

    link = report(analyst).one("table", class_="read").one("a")

    assert (link["href"], link.lang) == (f"{RELEASES}{release.pk}/views/", "ko")


def test_nothing_is_written_here(analyst):
    assert analyst.post(REPORT).status_code == 405


@pytest.mark.parametrize("query", ["", "?show=unread", "?days=all&language=ko"])
def test_it_costs_the_same_however_much_was_read(analyst, query):
    counted(ReleaseFactory(), days_ago(0), 1)
    ReleaseFactory()
    few = queries_of(analyst, REPORT + query)
    for number in range(20):
        counted(ReleaseFactory(mission=MissionFactory()), days_ago(number), 1)
        ReleaseFactory(mission=MissionFactory())

    many = queries_of(analyst, REPORT + query)

    # session, user, rights of user and group; when counting began, sums, releases; a page's
    # places and releases, of those that nobody read what they had before; missions to choose from
    assert len(many) == len(few) <= 11
