"""Each line of a text is marked with what it was read as, and a text with faults can be mended."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from releases.intake.incoming import IncomingRelease, Mark, Part
from releases.intake.lines import Line
from releases.intake.pasted import read_pasted, read_to_mend

from .test_nothing_is_lost import ODD_LINES
from .test_round_trip import DECOYS, FRAME, PLAIN_WORDS
from .texts import A_RELEASE, VARIANTS, messages, read_one

HEADLINES = st.sampled_from(["(2014/9/9) headline", "(2014/13/40) no date", "(2014/9/9)"])


def marks_of(release: IncomingRelease) -> list[tuple[int, str, int]]:
    return [(mark.line, mark.part.value, mark.number) for mark in release.marks]


def unmarked(text: str) -> list[Line]:
    """The lines of `text` of which nothing is said, blank ones aside."""
    pasted = read_to_mend(text)
    said = {mark.line for release in pasted.releases for mark in release.marks}
    said |= {line.number for line in pasted.strays}
    return [line for line in Line.all_of(text) if line.text and line.number not in said]


def test_each_line_of_a_release_says_what_it_was_read_as():
    assert marks_of(read_one(A_RELEASE)) == [
        (1, "headline", 0),
        (3, "paragraph", 1),
        (3, "dateline", 0),
        (5, "paragraph", 2),
        (7, "heading", 0),
        (9, "name", 1),
        (10, "office", 1),
        (11, "phone", 1),
        (12, "email", 1),
        (14, "posted", 0),
        (16, "back_link", 0),
        (18, "views", 0),
    ]


def test_an_office_above_two_people_is_marked_as_that_of_both():
    block = "IOM Northtown\n\nName One and Name Two\nTel. 02-555-0101\nEmail:\nwww.example.org"
    release = read_one(f"(2014/9/9) 소식\n\nIraq - Text.\n\n문의\n\n{block}")

    assert marks_of(release)[4:] == [
        (7, "office", 1),
        (7, "office", 2),
        (9, "name", 1),
        (9, "name", 2),
        (10, "phone", 1),
        (10, "phone", 2),
        (11, "label", 0),
        (12, "leftover", 2),
    ]


def test_the_name_behind_a_heading_stands_on_its_line():
    release = read_one("(2014/9/9) 소식\n\nIraq - Text.\n\n문의: 홍보 담당 02-555-0101")

    assert marks_of(release)[3:] == [(5, "heading", 0), (5, "name", 1), (5, "phone", 1)]


def test_each_release_knows_its_lines():
    releases = read_pasted(VARIANTS.read_text(encoding="utf-8")).releases

    assert [release.lines.start for release in releases] == [r.line for r in releases]
    for release, following in zip(releases, releases[1:], strict=False):
        assert release.lines.stop == following.lines.start


@settings(max_examples=400, deadline=None)
@given(
    lines=st.lists(st.one_of(HEADLINES, ODD_LINES, FRAME, DECOYS, PLAIN_WORDS), max_size=30),
)
def test_nothing_of_a_text_is_left_unsaid(lines):
    assert unmarked("\n".join(lines)) == []


@settings(max_examples=300, deadline=None)
@given(text=st.one_of(st.text(max_size=400), st.lists(DECOYS).map("\n".join)))
def test_any_text_can_be_mended(text):
    assert unmarked(text) == []


@settings(max_examples=200, deadline=None)
@given(lines=st.lists(st.one_of(HEADLINES, ODD_LINES, PLAIN_WORDS), max_size=25))
def test_what_reads_well_reads_the_same_to_be_mended(lines):
    text = "\n".join(["(2014/9/9) headline", *lines])
    read, to_mend = read_pasted(text).releases, read_to_mend(text).releases

    assert len(read) == len(to_mend)
    for one, other in zip(read, to_mend, strict=True):
        assert one == other or not isinstance(one, IncomingRelease)


@pytest.mark.parametrize(
    ("text", "day", "title", "part", "line"),
    [
        ("(2014/13/40) 소식\n\nText.", None, "소식", Part.DATE, 1),
        ("(2014/9/9)\n\nText.", date(2014, 9, 9), "", Part.HEADLINE, 1),
        ("소식\n\nText.", None, "소식", Part.HEADLINE, 1),
        ("\n\n소식\nText.", None, "소식", Part.HEADLINE, 3),
        (
            "(2014/9/9) 소식\n\nText.\n\nPosted on Tue, Feb-30-2014",
            date(2014, 9, 9),
            "소식",
            Part.POSTED,
            5,
        ),
    ],
)
def test_a_release_with_a_fault_is_read_as_far_as_it_goes(text, day, title, part, line):
    [release] = read_to_mend(text).releases

    assert (release.release_date, release.title) == (day, title)
    assert release.paragraphs[0] == "Text."
    assert (line, part) in [(remark.line, remark.part) for remark in release.remarks]


def test_a_line_with_no_day_of_the_calendar_stays_in_the_text():
    [release] = read_to_mend("(2014/9/9) 소식\n\nText.\n\nPosted on Tue, Feb-30-2014").releases

    assert release.paragraphs == ("Text.", "Posted on Tue, Feb-30-2014")
    assert Mark(5, Part.PARAGRAPH, 2) in release.marks


def test_text_above_a_headline_is_no_release():
    pasted = read_to_mend(f"Dear colleagues,\n\n{A_RELEASE}")

    assert [line.text for line in pasted.strays] == ["Dear colleagues,"]
    assert len(pasted.releases) == 1


def test_a_release_that_is_mended_says_no_more_than_it_would_as_it_stands():
    [release] = read_to_mend(A_RELEASE).releases

    assert messages(release) == messages(read_one(A_RELEASE)) == []
