"""The frame of a release within HTML: the same lines as in pasted text, and the same reader."""

from datetime import date

import pytest

from releases.intake.framed import take_frame
from releases.intake.incoming import IncomingContact
from releases.intake.markup import parse

BLOCK = """\
<p><strong>For more information, please contact</strong></p>
<p>Name One<br>IOM Northtown<br>Tel. +964 750 0000 001<br>
Email: <a href="mailto:one@example.org">one@example.org</a></p>
"""
NAME_ONE = IncomingContact("Name One", "IOM Northtown", "+964 750 0000 001", "one@example.org")


def framed(html: str, title: str = "Winter kits"):
    return take_frame(title, parse(html))


def test_the_headline_gives_its_date():
    read = framed("<p>One.</p>", title="(2014/9/9) 사무소, 겨울 물품 전달")

    assert (read.release_date, read.title) == (date(2014, 9, 9), "사무소, 겨울 물품 전달")


def test_a_headline_with_no_day_of_the_calendar_stays_whole():
    read = framed("<p>One.</p>", title="(2014/13/9) Winter kits")

    assert (read.release_date, read.title) == (None, "(2014/13/9) Winter kits")
    assert "2014/13/9" in read.messages[0]


def test_a_first_line_that_says_the_headline_again_is_none_of_the_text():
    read = framed("<p>(2014/9/9) Winter  Kits</p><p>One.</p>")

    assert (read.release_date, read.body) == (date(2014, 9, 9), "<p>One.</p>")


def test_a_first_line_with_another_headline_is_text():
    read = framed("<p>(2014/9/9) Summer kits</p><p>One.</p>")

    assert (read.release_date, read.body) == (None, "<p>(2014/9/9) Summer kits</p>\n<p>One.</p>")


@pytest.mark.parametrize(
    ("html", "place", "body"),
    [
        ("<p>Iraq - One <em>two</em>.</p>", "Iraq", "<p>One <em>two</em>.</p>"),
        ("<p><strong>Iraq</strong> – One.</p>", "Iraq", "<p>One.</p>"),
        ("<p><strong>South </strong><b>Sudan </b>- One.</p>", "South Sudan", "<p>One.</p>"),
        ("<p><strong>Iraq - One</strong> two.</p>", "Iraq", "<p><strong>One</strong> two.</p>"),
        ("<p>South\nSudan&nbsp;- One.</p>", "South Sudan", "<p>One.</p>"),
        ("<p>이라크 - 사무소는.</p>", "이라크", "<p>사무소는.</p>"),
        ('<p>Iraq - <a href="https://x.org/">One</a>.</p>', "Iraq",
         '<p><a href="https://x.org/">One</a>.</p>'),
        ("<p>One two.</p>", "", "<p>One two.</p>"),
    ],
)  # fmt: skip
def test_the_dateline_is_taken_off_and_the_rest_keeps_its_markup(html, place, body):
    read = framed(html)

    assert (read.place, read.body) == (place, body)


@pytest.mark.parametrize(
    "block",
    [
        BLOCK,
        "<p>For more information, please contact<br>Name One<br>IOM Northtown<br>"
        "Tel. +964 750 0000 001<br>Email: one@example.org</p>",
        "<ul><li>For more information, please contact</li><li>Name One</li><li>IOM Northtown</li>"
        "<li>Tel. +964 750 0000 001</li><li>Email: one@example.org</li></ul>",
        "<div><b>For more information, please contact:<br>Name One<br>IOM Northtown<br>"
        "Tel. +964 750 0000 001<br></b>Email: one@example.org</div>",
        "<table><tr><td>For more information, please contact</td></tr><tr><td>Name One<br>"
        "IOM Northtown</td></tr><tr><td>Tel. +964 750 0000 001<br>Email: one@example.org</td></tr>"
        "</table>",
    ],
)
def test_the_contact_block_is_read_in_any_markup(block):
    read = framed(f"<p>One.</p>{block}")

    assert read.contacts == (NAME_ONE,)
    assert read.body == "<p>One.</p>"


def test_a_mailbox_that_only_a_link_names_is_read():
    block = '<p>문의: <a href="mailto:one@example.org?subject=Kits">Name One</a></p>'

    read = framed(f"<p>One.</p>{block}")

    assert [(row.name, row.email) for row in read.contacts] == [("Name One", "one@example.org")]


def test_a_name_in_two_pieces_of_markup_is_one_name():
    read = framed("<p>One.</p><p>문의: <b>Name </b>One<br>02-555-0101</p>")

    assert [row.name for row in read.contacts] == ["Name One"]


def test_what_is_no_contact_stays_with_its_markup():
    read = framed(f"<p>One.</p>{BLOCK}<p>We thank <em>our donors</em> for all that they gave.</p>")

    assert read.contacts == (NAME_ONE,)
    assert read.body == "<p>One.</p>\n<p>We thank <em>our donors</em> for all that they gave.</p>"
    assert any("We thank our donors" in message for message in read.messages)


def test_of_a_line_that_is_a_contact_and_more_the_rest_stays():
    block = BLOCK.replace("+964 750 0000 001", "+964 750 0000 001 Fax: +964 750 0000 002")

    read = framed(f"<p>One.</p>{block}")

    assert read.contacts == (NAME_ONE,)
    assert read.body == "<p>One.</p>\n<p>Fax: +964 750 0000 002</p>"


def test_the_lines_below_are_furniture_and_give_their_values():
    read = framed(
        f"<p>One.</p>{BLOCK}<p>Posted on Tue, Sep-09-2014<br>"
        '<a href="/">최신보도자료 모음 돌아가기</a></p><p>Views – 1,234</p>'
    )

    assert (read.posted_on, read.views) == (date(2014, 9, 9), 1234)
    assert read.body == "<p>One.</p>"


def test_furniture_shares_a_paragraph_with_text():
    read = framed("<p>One <em>two</em>.<br>Posted on Tue, Sep-09-2014<br>Three.</p>")

    assert read.body == "<p>One <em>two</em>.<br>Three.</p>"


def test_a_table_keeps_its_cells_when_a_line_goes():
    read = framed("<table><tr><td>a</td><td>Views – 3</td></tr><tr><td></td></tr></table>")

    assert read.views == 3
    assert read.body == "<table><tbody><tr><td>a</td><td></td></tr></tbody></table>"


def test_a_correction_stays_in_the_text():
    html = "<p>One.</p><p>Posted on Tue, Sep-09-2014</p><p>정정 2014-09-10 09:30: a name</p>"

    assert framed(html).body == "<p>One.</p>\n<p>정정 2014-09-10 09:30: a name</p>"
