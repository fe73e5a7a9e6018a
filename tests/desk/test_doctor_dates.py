"""The release doctor on dates: of the headline, of the posting, and in the text."""

from datetime import date, timedelta

import pytest

from releases.doctor import Level
from releases.models import State

from .sheets import TUESDAY, findings, says

ONE_DAY = timedelta(days=1)


@pytest.mark.parametrize("days", [-1, 0, 1])
def test_headline_and_posting_are_to_be_the_same_day(days):
    posted = TUESDAY + days * ONE_DAY

    found = says("The headline says", posted_on=posted, today=posted, state=State.PUBLIC)

    assert [f.level for f in found] == [Level.WARNING] * bool(days)
    assert all("2014/9/9" in f.why and f.field == "release_date" for f in found)


def test_an_older_headline_is_noted_before_anybody_names_a_time():
    tomorrow = says("published today", posted_on=None, today=TUESDAY + ONE_DAY)

    assert [(f.level, f.field) for f in tomorrow] == [(Level.NOTE, "release_date")]
    assert not says("published today", posted_on=None, today=TUESDAY)
    assert not says("published today", posted_on=None, today=TUESDAY - ONE_DAY)


@pytest.mark.parametrize(
    ("state", "days", "level"),
    [
        (State.DRAFT, -1, Level.NOTE),
        (State.IN_REVIEW, -1, Level.NOTE),
        (State.PUBLIC, -1, None),
        (State.DRAFT, 0, None),
        (State.DRAFT, 365, None),
        (State.DRAFT, 366, Level.WARNING),
        (State.SCHEDULED, 366, Level.WARNING),
    ],
)
def test_a_posting_time_in_the_past_or_far_away_is_told(state, days, level):
    posted = TUESDAY + days * ONE_DAY

    found = says("It is to be posted", posted_on=posted, release_date=posted, state=state)

    assert [f.level for f in found] == [level] * bool(level)
    assert all(f.field == "publish_at" for f in found)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("on Tuesday, 9 September 2014, in town", None),
        ("on Monday, 9 September 2014, in town", "That day is a Tuesday."),
        ("on Tuesday, September 9, 2014", None),
        ("on Wed., Sept. 9, 2014", "That day is a Tuesday."),
        ("Posted Tue, Sep-09-2014 here", None),
        ("Posted Mon, Sep-09-2014 here", "That day is a Tuesday."),
        ("on Tuesday 9th September", None),
        ("on Friday 9 September", "That day is a Tuesday."),
        ("2014년 9월 9일(화)", None),
        ("2014년 9월 9일(월)", "That day is a Tuesday."),
        ("9월 9일 화요일", None),
        ("9월 9일 수요일", "That day is a Tuesday."),
        ("2014. 9. 9.(화)", None),
        ("2014. 9. 9.(목)", "That day is a Tuesday."),
        ("31 September 2014", "The calendar has no such day."),
        ("30 September 2014", None),
        ("2014년 2월 30일", "The calendar has no such day."),
        ("2월 28일", None),
        ("the sun, 40 may come", None),
        ("In March 40 people came", None),
        ("some 35 March protesters", "The calendar has no such day."),
    ],
)
def test_a_weekday_fits_its_date_and_the_date_exists(text, why):
    found = [
        f.why
        for f in findings(body_ko=f"<p>{text}</p>")
        if "That day" in f.why or "calendar" in f.why
    ]

    assert found == [why] * bool(why)


def test_a_date_without_a_year_is_one_near_the_release_date():
    january = {"release_date": date(2015, 1, 2), "posted_on": date(2015, 1, 2)}
    january["today"] = date(2015, 1, 2)

    # 30 December 2014 was a Tuesday, 30 December 2015 will be a Wednesday.
    assert not says("That day", body_en="<p>On Tuesday, 30 December, it began.</p>", **january)
    assert says("That day", body_en="<p>On Wednesday, 30 December, it began.</p>", **january)


@pytest.mark.parametrize(
    ("text", "in_korean", "in_english"),
    [
        ("03/04/2014", True, True),
        ("03-04-2014", True, True),
        ("3.4.14", True, True),
        ("27/08/2014", False, False),
        ("08/27/2014", False, False),
        ("05/05/2014", False, False),
        ("2014/9/8", False, False),
        ("2014-09-08", False, False),
        ("on Sunday (7/9)", False, True),
        ("on 7/9 it began", False, True),
        ("the attacks of (9/11)", False, False),
        ("1/3 of them", False, False),
        ("open 24/7", False, False),
        ("(27/8)", False, False),
    ],
)
def test_a_date_in_figures_that_can_be_read_two_ways_is_asked_about(text, in_korean, in_english):
    for field, found in (("body_ko", in_korean), ("body_en", in_english)):
        assert bool(says("the day first", **{field: f"<p>{text}</p>"})) == found


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("It opens next Friday.", Level.WARNING),
        ("It opens next Friday (12 September).", None),
        ("It opens next Friday, 12 September.", None),
        ("It opens tomorrow.", Level.WARNING),
        ("It opened yesterday.", Level.WARNING),
        ("For a better tomorrow.", None),
        ("Tomorrow’s leaders met.", None),
        ("Last Sunday it opened.", Level.NOTE),
        ("IOM this past Sunday opened it.", Level.NOTE),
        ("It opened on Sunday.", None),
        ("“We leave tomorrow,” she said.", None),
        ("Last week it opened.", None),
        ("내일 문을 연다.", Level.WARNING),
        ("내일을 위한 약속", None),
        ("어제 도착했다.", Level.WARNING),
        ("어제(8일) 도착했다.", None),
        ("어제와 오늘", None),
        ("지난 금요일 도착했다.", Level.NOTE),
        ("지난 금요일(5일) 도착했다.", None),
        ("오는 금요일 문을 연다.", Level.WARNING),
        ("“내일 떠난다”고 말했다.", None),
        ("그내일 마을", None),
    ],
)
def test_a_day_that_only_counts_from_today_is_asked_about(text, level):
    found = says("Whoever reads this later", body_en=f"<p>{text}</p>")

    assert [f.level for f in found] == [level] * bool(level)
