"""Words on their way in and out: HTML that is safe, and paragraphs that lose nothing."""

import time
import unicodedata

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from contacts.names import same_name
from contacts.phones import dial_link
from contacts.text import clean_line, clean_text
from releases.fields import clean_html
from releases.intake.layout import fold
from releases.prose import opening, to_html, to_paragraphs

hundred = settings(max_examples=100, deadline=None)

# Text of any kind, and text that is nearly HTML.
SCRAPS = st.sampled_from(
    [
        "<p>", "</p>", "<p", "<div>", "</div>", "<b>", "</b>", "<h1>", "</h1>", "<br>", "<ul>",
        "<li>", "</li>", "<table>", "<tr>", "<td>", "<blockquote>", "<script>", "</script>",
        "<style>", "<!--", "-->", "<![CDATA[", "]]>", "<svg>", "<math>", "<a>", "</a>", "<", ">",
        "&", "&lt;", "&amp;", "&#60;", "&#8238;", "&#824;", "&#101;&#769;", "&nbsp;", "=", '"',
        "'", " ", "\n", "\n\n", "\r", "\x00", "\x0b", "\x85", "\u0338", "\u202e", "\ufeff",
        "\u2060", "word", "말씀", "\u1112\u1161\u11ab", '<p onclick="alert(1)" lang="ko">',
        '<a href="javascript:alert(1)">', '<a href="java&#1;script:alert(1)">',
        '<img src=x onerror="alert(1)">', '<a href="http://example.org/?a=1&amp;b=2" rel="x">',
    ]
)  # fmt: skip
NEARLY_HTML = st.lists(SCRAPS | st.text(max_size=5), max_size=12).map("".join)


# Paragraphs to HTML and back


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("a < b & c > d", "<p>a &lt; b &amp; c &gt; d</p>"),
        ("one\ntwo", "<p>one<br>two</p>"),
        (
            "Go to www.example.org.",
            '<p>Go to <a href="http://www.example.org">www.example.org</a>.</p>',
        ),
        (
            "홈페이지(www.example.org)에서",
            '<p>홈페이지(<a href="http://www.example.org">www.example.org</a>)에서</p>',
        ),
        (
            "www.example.org에서 본다",
            '<p><a href="http://www.example.org">www.example.org</a>에서 본다</p>',
        ),
        (
            "“https://example.org/뉴스?q=이주&p=2”",
            '<p>“<a href="https://example.org/뉴스?q=이주&amp;p=2">'
            "https://example.org/뉴스?q=이주&amp;p=2</a>”</p>",
        ),
        (
            "(see https://example.org/a_(b))",
            '<p>(see <a href="https://example.org/a_(b)">https://example.org/a_(b)</a>)</p>',
        ),
        (
            "desk@example.org로 문의",
            '<p><a href="mailto:desk@example.org">desk@example.org</a>로 문의</p>',
        ),
        (
            "Go to www.example.org/a!",
            '<p>Go to <a href="http://www.example.org/a">www.example.org/a</a>!</p>',
        ),
        (
            "www.example.org/a)b",
            '<p><a href="http://www.example.org/a)b">www.example.org/a)b</a></p>',
        ),
        ("example.int/a", '<p><a href="http://example.int/a">example.int/a</a></p>'),
        ("Node.js, U.S. and 1.5", "<p>Node.js, U.S. and 1.5</p>"),
        ("<script>alert(1)</script>", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>"),
    ],
)
def test_paragraphs_become_html_with_their_addresses_linked(text, html):
    assert to_html([text]) == html
    assert clean_html(html) == html
    assert to_paragraphs(html) == [text]


@pytest.mark.parametrize(
    ("html", "paragraphs"),
    [
        ("<p>one</p><p>two</p>", ["one", "two"]),
        ("<h2>Head</h2>tail", ["Head", "tail"]),
        ("one<p>two</p>", ["one", "two"]),
        ("<p><a>one</a></p>", ["one"]),
        ("<p><a href='http://a.org/'>o<b>n</b>e</a></p>", ["one (http://a.org/)"]),
        ("<ul><li>one</li><li></li></ul><p>two</p>", ["- one", "two"]),
        ("<ul><li><p>one</p></li></ul>", ["- one"]),
        ("<p><a href='http://example.org/'>example.org</a></p>", ["example.org"]),
        ("<p><a href='http://example.org/'>the site</a></p>", ["the site (http://example.org/)"]),
        (
            "<a href='http://example.org/'><p>one</p><p>two</p></a>",
            ["one (http://example.org/)", "two"],
        ),
        ("<p><a href='http://example.org/'></a></p>", ["(http://example.org/)"]),
        ("<p><a href='tel:+8220000009'>+8220000009</a></p>", ["+8220000009"]),
        ("<table><tr><th>a</th><td>b</td></tr><tr><td>c</td></tr></table>", ["a | b", "c"]),
        ("<p>one<br>\n two</p>", ["one\ntwo"]),
        ("<p>a &lt;b&gt; &amp;lt;</p>", ["a <b> &lt;"]),
        ("<p> \u00a0 </p>", []),
    ],
)
def test_paragraphs_of_html_keep_every_word_and_address(html, paragraphs):
    assert to_paragraphs(html) == paragraphs


@hundred
@given(
    st.lists(st.text(max_size=40).map(lambda text: fold(clean_text(text))).filter(bool), max_size=4)
)
@example(["\u0338x"])
@example(["<\u0338"])
@example(["&copy=1 http://example.org/?a=1&copy=2"])
@example(["- one", "one | two"])
def test_any_paragraphs_come_back_from_their_html(paragraphs):
    assert to_paragraphs(clean_html(to_html(paragraphs))) == paragraphs


@pytest.mark.parametrize(
    "text",
    [
        "a" * 100_000,
        "www." * 30_000,
        "http://" * 20_000,
        "a.b@" * 30_000,
        "www.a.org/" + ")" * 50_000,
    ],
)
def test_a_hostile_paragraph_is_linked_at_once(text):
    start = time.perf_counter()
    to_html([text])

    assert time.perf_counter() - start < 2


def test_an_opening_is_one_line_of_that_many_characters_at_most():
    body = "<p>One two.</p><p>Three four.</p>"

    assert opening(body, 100) == "One two. Three four."
    assert opening(body, 12) == "One two. Th…"


@pytest.mark.parametrize("filler", range(0, 90, 3))
def test_an_opening_shows_no_tag_that_the_cut_went_through(filler):
    body = f'<p>{"x" * filler}</p><p><a href="http://www.example.org/{"a" * 40}">A&amp;B</a></p>'

    assert "<" not in opening(body, 10)
    assert opening(body, 10).count("&") == opening(body, 10).count("A&")


# The gate


@pytest.mark.parametrize(
    ("html", "clean"),
    [
        ("one\n\ntwo", "<p>one</p>\n\n<p>two</p>"),
        ("<div>one</div><div>two</div>", "<p>one</p><p>two</p>"),
        ("<h1>one</h1><h6>two</h6>", "<h2>one</h2><h4>two</h4>"),
        ("<div><p>one</p><section>two</section></div>", "<p>one</p><p>two</p>"),
        ("<p>one</p><p>&nbsp;<br></p>", "<p>one</p>"),
        ("<p>&#824;x</p>", "<p>\u0338x</p>"),
        ("a\x0cb", "<p>a<br>b</p>"),
        ("&#8238;abc", "<p>abc</p>"),
        ("&#101;&#769;", "<p>é</p>"),
        ("hello <p", "<p>hello</p>"),
        ('<a href="java&#1;script:alert(1)">x</a>', "<p><a>x</a></p>"),
        ('<p style="color:red" onclick="x()" lang="ko">말</p>', '<p lang="ko">말</p>'),
        ("<script>alert(1)</script>", ""),
    ],
)
def test_pasted_html_becomes_plain_and_semantic(html, clean):
    assert clean_html(html) == clean


@settings(hundred, max_examples=300)
@given(NEARLY_HTML | st.text())
@example("<div>x</div>")
@example("<p>&#824;x</p>")
def test_cleaning_html_twice_gives_what_once_gave(html):
    assert clean_html(clean_html(html)) == clean_html(html)


@settings(hundred, max_examples=300)
@given(NEARLY_HTML | st.text())
def test_no_html_comes_through_that_runs_or_turns_text_round(html):
    clean = clean_html(html).lower()
    tags = "".join(part.partition(">")[0] + ">" for part in clean.split("<")[1:])

    assert not any(
        word in tags for word in ("script", "onclick", "onerror", "<img", "svg", "style=")
    )
    assert not set(clean) & set("\x00\x0b\r\u202e\ufeff")


@hundred
@given(st.text())
@example("\r\x00\n")
@example("e\x00\u0301")
def test_cleaning_text_twice_gives_what_once_gave(text):
    for clean in (clean_text, clean_line, fold, same_name):
        assert clean(clean(text)) == clean(text)


@hundred
@given(st.text())
def test_clean_text_is_normalised_and_holds_nothing_unprintable(text):
    clean = clean_text(text)

    assert unicodedata.is_normalized("NFC", clean)
    assert not set(clean) & {"\x00", "\x07", "\x0b", "\r", "\x7f", "\u202e", "\ufeff", "\uffff"}


# Names and phones


@pytest.mark.parametrize(
    "name",
    [
        "Côte d'Ivoire",
        "CÔTE D’IVOIRE",
        "Côte  d\u00a0Ivoire".replace("d\u00a0", "d'"),
        "Co\u0302te d'Ivoire",
    ],
)
def test_spellings_of_one_name_agree(name):
    assert same_name(name) == same_name("Côte d'Ivoire")


def test_spellings_with_what_cannot_be_seen_agree_and_accents_do_not():
    assert same_name("보도\u200b자료") == same_name("보도\u00ad자료") == same_name("보도자료")
    assert same_name("ＡＢＣ") == same_name("abc")
    assert same_name("México") != same_name("Mexico")


@pytest.mark.parametrize(
    ("written", "address"),
    [
        ("+964 750 0166 072", "tel:+9647500166072"),
        ("+ 44 (0)207 375 6030", "tel:+442073756030"),
        ("02-2079-8911", "tel:+82220798911"),
        ("０２－２０７９－８９１１", "tel:+82220798911"),
        ("(044-203-6267)", "tel:+82442036267"),
        ("044)203-6267", "tel:+82442036267"),
        ("☎(02)730-3440∼1", "tel:+8227303440"),
        ("043-931-0634, 0632", "tel:+82439310634"),
        ("02-730-3440 / 02-730-3441", "tel:+8227303440"),
        ("02-730-3440/3441", "tel:+8227303440"),
        ("+1 202 555 0101 or +1 202 555 0102", "tel:+12025550101"),
        ("Mob. +961 70 000 009", "tel:+96170000009"),
        ("+82 2 000 0009 ext. 12", "tel:+8220000009"),
        ("02-000-0009 (내선 12)", "tel:+8220000009"),
    ],
)
def test_a_phone_is_dialled_as_its_first_number(written, address):
    assert dial_link(written) == address


def test_a_phone_without_a_prefix_is_one_of_its_country():
    assert dial_link("202/224-6167", "US") == "tel:+12022246167"


@pytest.mark.parametrize(
    "written",
    [
        "", "-", "+", "++82", "0", "1" * 60, "n/a", "tel", "<b>1</b>", "javascript:alert(1)",
        '=HYPERLINK("http://127.0.0.1")', "+82 2 000 0000 ; rm -rf /", "٠١٢٣", "+82 2\r\nX: y",
        "1-877-CIS-4MIL (1-877-247-4645)",
    ],
)  # fmt: skip
def test_what_is_no_phone_is_not_dialled(written):
    assert dial_link(written) == ""


@hundred
@given(st.text(alphabet="0123456789+-() /,~.xextTel내선", max_size=30) | st.text())
def test_a_phone_is_dialled_in_digits_or_not_at_all(written):
    address = dial_link(written)

    assert address == "" or (
        address.startswith("tel:+") and address[5:].isascii() and address[5:].isdigit()
    )
