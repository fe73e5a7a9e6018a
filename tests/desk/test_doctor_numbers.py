"""The release doctor on numbers that differ between the Korean and the English."""

import pytest

from .sheets import says

ONLY_KOREAN = "The Korean has a number"
ONLY_ENGLISH = "The English has a number"


def compared(korean, english):
    """The numbers that stand in Korean only and in English only, as they are written."""
    bodies = {"body_ko": f"<p>{korean}</p>", "body_en": f"<p>{english}</p>"}
    named = []
    for why in (ONLY_KOREAN, ONLY_ENGLISH):
        wheres = [finding.where for finding in says(why, **bodies)]
        named.append(wheres[0].partition("“")[2].rstrip("”") if wheres else "")
    return tuple(named)


@pytest.mark.parametrize(
    ("korean", "english"),
    [
        ("1만 2천 명", "12,000 people"),
        ("12,000명", "12,000 people"),
        ("1만2,000명", "12 thousand people"),
        ("350만 명", "3.5 million people"),
        ("3백50만 명", "3.5 million people"),
        ("3천2백만 명", "32 million people"),
        ("1억 2천만 달러", "USD 120 million"),
        ("1.5억 달러", "USD 150 million"),
        ("170만 명", "1.7 million people"),
        ("백만 명", "1 million people"),
        ("5백 명", "five hundred people, or 500"),
        ("50%", "50 per cent"),
        ("50퍼센트", "half"),
        ("절반", "50 per cent"),
        ("36명", "thirty-six officials"),
        ("12개 마을", "twelve villages"),
        ("여덟 곳", "8 places"),
        ("스무 명", "20 people"),
        ("열두 개", "12 kits"),
        ("두 나라", "both countries"),
        ("2개국", "both countries"),
        ("2주 과정", "a two-week course"),
        ("862,458명", "some 860,000 people"),
        ("약 86만 명", "862,458 people"),
        ("10일 동안", "10 days"),
        ("10일간", "ten days"),
        ("2014년 9월 9일", "9 September 2014"),
        ("9일", "on 9 September"),
        ("지난 일요일", "on Sunday, 7 September"),
        ("올해", "in 2014"),
        ("오전 10시 30분", "at 10:30"),
        ("오후 2시", "at 2 p.m."),
        ("전화 02-555-0101", "Tel. +82 2 555 0102"),
        ("제3회 행사", "the third event"),
        ("COVID-19 이후", "after the pandemic"),
        ("G20 회의", "the summit"),
        ("50달러(약 5만 4,000원)", "USD 50"),
        ("3분의 2", "two thirds"),
        ("2010년대", "the 2010s"),
        ("http://example.org/55", "the page"),
        ("10 백신", "10 vaccines"),
        ("300 천막", "300 tents"),
    ],
)
def test_the_same_number_written_otherwise_is_the_same(korean, english):
    assert compared(korean, english) == ("", "")


@pytest.mark.parametrize(
    ("korean", "english", "only_korean", "only_english"),
    [
        ("1만 2천 명", "1,200 people", "1만 2천", "1,200"),
        ("350만 명", "35 million people", "350만", "35 million"),
        ("1,634곳", "1,643 sites", "1,634", "1,643"),
        ("20만 명", "2,000 people", "20만", "2,000"),
        ("96%", "69 per cent", "96", "69"),
        ("3명", "4 people", "3", "4"),
        ("2명", "1 person", "", ""),
        ("36명이 왔다", "officials came", "36", ""),
        ("실무자가 왔다", "36 officials", "", "36"),
        ("862,458명", "some 870,000 people", "862,458", "870,000"),
        ("15명과 16명", "15 people and then 15 people", "16", ""),
    ],
)
def test_a_number_that_stands_in_one_language_only_is_named(
    korean, english, only_korean, only_english
):
    assert compared(korean, english) == (only_korean, only_english)


@pytest.mark.parametrize(
    ("korean", "english", "found"),
    [
        ("9월 9일 시작", "begins on 10 September", True),
        ("9월 9일 시작", "begins on 9 September", False),
        ("9월 9일 시작", "begins on Tuesday", False),
        ("2013년 시작", "begun in 2012", True),
        ("2013년 시작", "begun last year", False),
    ],
)
def test_a_date_is_asked_about_where_the_other_language_has_another(korean, english, found):
    bodies = {"body_ko": f"<p>{korean}</p>", "body_en": f"<p>{english}</p>"}

    assert bool(says("The English says", **bodies)) == found


def test_a_headline_is_held_against_the_text_of_the_other_language():
    text = "<p>IOM has helped 1,000 families in the town and in the villages around.</p>"
    usual = {"title_en": "", "body_ko": "", "body_en": text}

    assert not says(ONLY_KOREAN, title_ko="1천 가구 지원", **usual)
    assert [f.field for f in says(ONLY_KOREAN, title_ko="1만 가구 지원", **usual)] == ["title_ko"]
    assert not says(ONLY_ENGLISH, title_ko="여러 가구 지원", **usual)


def test_a_short_translation_may_leave_numbers_out_but_has_none_of_its_own():
    long = (
        "<p>" + "The convoy brought 640 kits and 31 tents to the people of the town. " * 5 + "</p>"
    )

    assert not says(ONLY_ENGLISH, body_ko="<p>구호품이 도착했다.</p>", body_en=long)
    assert says(ONLY_KOREAN, body_ko="<p>구호품 650개가 도착했다.</p>", body_en=long)
    assert not says(ONLY_KOREAN, body_ko="<p>구호품 640개가 도착했다.</p>", body_en=long)
