"""The release doctor on headlines, summaries and languages."""

import pytest

from releases.doctor import Level
from releases.prose import EXCERPT_LENGTH

from .sheets import findings, said, says


def test_a_release_without_headline_text_or_date_cannot_be_published():
    empty = {"title_ko": "", "title_en": "", "body_ko": "", "body_en": ""}

    found = findings(**empty, release_date=None)

    errors = [(f.field, f.why) for f in found if f.level == Level.ERROR]
    assert errors == [
        ("title_ko", "There is no headline in either language."),
        ("body_ko", "There is no text in either language."),
        ("release_date", "The headline carries no date."),
    ]


@pytest.mark.parametrize("body", ["<p></p>", "<p>&nbsp;</p>", "<script>x</script>", "  "])
def test_a_text_without_a_word_is_no_text(body):
    assert "There is no text in either language." in said(body_ko=body, body_en="")


@pytest.mark.parametrize(
    ("missing", "expected"),
    [
        ([], []),
        (["title_en", "body_ko"], [(Level.NOTE, "body_ko")]),
        (["title_en", "body_en"], [(Level.NOTE, "body_en"), (Level.NOTE, "title_en")]),
        (["title_ko", "body_ko"], [(Level.WARNING, "title_ko"), (Level.NOTE, "body_ko")]),
        (["title_ko"], [(Level.WARNING, "title_ko")]),
        (["body_ko"], [(Level.NOTE, "body_ko")]),
        (["title_en"], [(Level.NOTE, "title_en")]),
    ],
)
def test_what_is_missing_in_a_language_is_told_but_for_this_newsrooms_usual_case(missing, expected):
    found = findings(**dict.fromkeys(missing, ""))

    assert [(f.level, f.field) for f in found] == expected


@pytest.mark.parametrize(
    ("title", "why"),
    [
        ("(2014/9/9) 구호품 도착", "it shows twice"),
        ("（2014.9.9）구호품 도착", "it shows twice"),
        ("(2014/9/8) 구호품 도착", "another date than the release date"),
        ("(2014/2/30) 구호품 도착", "a date that the calendar does not have"),
        ("구호품 도착 (2014/9/9)", None),
        ("(인터뷰) 구호품 도착", None),
    ],
)
def test_the_date_is_printed_before_the_headline_and_not_written_into_it(title, why):
    found = [f for f in findings(title_ko=title) if "opens with" in f.why]

    assert len(found) == bool(why)
    assert all(why in f.why and f.field == "title_ko" for f in found)


@pytest.mark.parametrize(
    ("title", "found"),
    [
        ("Relief arrives.", True),
        ("구호품이 도착했다.", True),
        ("Relief arrives", False),
        ("Relief arrives...", False),
        ("Relief arrives…", False),
        ("Relief flown in from the U.S.", False),
        ("A talk with John Smith Jr.", False),
        ("Will relief arrive?", False),
    ],
)
def test_a_headline_ends_without_a_full_stop(title, found):
    assert bool(says("full stop", title_en=title)) == found


@pytest.mark.parametrize(("field", "longest"), [("title_ko", 60), ("title_en", 120)])
def test_a_headline_that_lists_cut_off_is_noted(field, longest):
    assert not says("lists have room", **{field: "가" * longest})
    assert [f.level for f in says("lists have room", **{field: "가" * (longest + 1)})] == [
        Level.NOTE
    ]


def test_a_summary_is_measured_as_its_readers_see_it():
    fits = "<p>" + "가" * (EXCERPT_LENGTH - 1) + "&amp;</p>"

    assert not says("a card has room", summary_ko=fits)
    assert [f.field for f in says("a card has room", summary_ko=fits + "<p>나</p>")] == [
        "summary_ko"
    ]
