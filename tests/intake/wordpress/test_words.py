"""No word of a post is lost, whatever its markup; what became of each is accounted for."""

from pathlib import Path
from tempfile import TemporaryDirectory

from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from releases.intake import composing
from releases.intake.counted import Compared
from releases.intake.framed import take_frame
from releases.intake.posts import IncomingPost, Words
from releases.intake.wordpress import read_export

from .exports import attachment, export, item

# Words that no other bit holds, so that each must be found again by itself.
WORDS = ["office", "winter", "겨울", "물품을", "convoy", "Ångström", "2500", "café"]
FRAME = [
    "Iraq - ", "For more information, please contact\n", "Name One\n", "IOM Northtown\n",
    "Tel. +964 750 0000 001\n", "Email: one@example.org\n", "Fax: 02-555-0103\n", "문의: ",
    "Posted on Tue, Sep-09-2014\n", "최신보도자료 모음 돌아가기\n", "Views – 3\n",
    "(2014/9/9) A headline\n", "정정 2014-09-10 09:30: note\n",
]  # fmt: skip
TAGS = [
    "<p>", "</p>", '<div class="x">', "</div>", "<b>", "</b>", "<em>", "</em>", "<br>", "<ul><li>",
    "</li><li>", "</li></ul>", "<table><tr><td>", "</td><td>", "</td></tr></table>", "<blockquote>",
    "</blockquote>", "<h2>", "</h2>", '<a href="http://x.org/y">', "</a>", "<pre>", "</pre>",
    '<span style="color:red">', "</span>", "<o:p>", "</o:p>", "<center>", "</center>",
    "<figure>", "</figure>", "<figcaption>", "</figcaption>", '<img src="/uploads/a.png">',
    '<iframe src="https://example.org/map">', "</iframe>", '<video src="v.mp4">', "</video>",
    '<object data="q.swf">', "</object>", "<script>var x;</script>", "<title>", "</title>", "<svg>",
    "<noscript>", "<textarea>", "<!--more-->", "<!-- wp:paragraph -->", "<!-- /wp:paragraph -->",
]  # fmt: skip
OTHERS = [
    "\n", "\n\n", " ", "&amp; ", "&nbsp;", "3 < 5 ", "<Jane@x.org> ", "[", "] ", '"', "[sic] ",
    "[[x]] ", "[foo a=1]", "[/foo]", "[foo]", "[gallery]", '[gallery ids="31"]', "https://youtu.be/a\n",
    "[embed]https://youtu.be/a[/embed]", '[audio mp3="/a.mp3"]',
    '[caption caption="cap"]<img src="/b-300x200.jpg" />[/caption]',
    '[caption]<a href="/b.jpg"><img src="/b-300x200.jpg" /></a> below it[/caption]',
]  # fmt: skip
# Each word stands alone: how markup joins it to the next is no question of losing it.
BITS = st.one_of(
    st.sampled_from(WORDS).map(lambda word: f" {word} "),
    st.sampled_from(FRAME).map(lambda line: f"\n{line}"),
    st.sampled_from(TAGS).map(lambda tag: f" {tag} "),
    st.sampled_from(OTHERS).map(lambda bit: f" {bit} "),
)


@settings(max_examples=100, deadline=None)
@given(bits=st.lists(BITS, max_size=25))
def test_every_word_is_on_the_page_or_accounted_for(bits):
    with TemporaryDirectory() as folder, translation.override("en"):
        path = export(
            Path(folder),
            item("".join(bits), title="(2014/9/9) Kits"),
            attachment(31, "http://old.example.org/wp-content/uploads/31.jpg"),
        )
        post = next((got for got in read_export(path) if isinstance(got, IncomingPost)), None)

    words = post.words
    assert words.lost == ()
    assert "that the source has not got" not in "".join(each.message for each in post.remarks)
    assert words.source == words.page + sum(number for _kind, number in words.set_aside)
    told = [post.title, post.body, post.place, post.contact_heading]
    told += [file.caption for file in post.files]
    told += [f"{row.name} {row.office} {row.phone} {row.email}" for row in post.contacts]
    for word in WORDS:
        assert word in " ".join(told) or word not in "".join(bits)


def test_a_word_that_is_not_on_the_page_is_named():
    words = Compared("Kits", ["<p>One two two three.</p>"], ["Kits", "<p>One two.</p>"]).counted([])

    assert words == Words(source=5, page=3, lost=("three", "two"))


def test_what_stands_aside_counts_once_and_by_its_kind():
    words = Compared("", ["<p>Tel. 02 5 words</p>"], []).counted(
        [("contacts", "02 5"), ("contacts", "02"), ("labels", "Tel. words")]
    )

    assert words.set_aside == (("contacts", 2), ("labels", 1))
    assert words.lost == ("words",)


def test_markup_within_a_word_does_not_part_it():
    words = Compared(
        "", ["<b>I</b>raq<br>Erbil<p>x"], ["<p><strong>I</strong>raq</p>Erbil <p>x</p>"]
    ).counted([])

    assert words == Words(source=3, page=3)


def test_a_word_too_many_is_named_as_often_as_it_is():
    told = Compared("Kits", ["<p>One two.</p>"], ["<p>One two two three.</p>"]).surplus(["three"])

    assert told == ["two"]


def test_a_text_that_is_doubled_on_the_way_is_remarked(tmp_path, monkeypatch):
    monkeypatch.setattr(composing, "take_frame", lambda *args: doubled(take_frame(*args)))

    def doubled(framed):
        framed.body += framed.body
        return framed

    path = export(tmp_path, item("Kits arrive."))
    with translation.override("en"):
        post = next(got for got in read_export(path) if isinstance(got, IncomingPost))

    assert [remark.message for remark in post.remarks] == [
        "2 words stand in the text that the source has not got: “arrive”, “kits”."
    ]


def test_what_stands_for_pictures_and_films_is_no_word_too_many(tmp_path):
    shared = item("<p>Shared words.</p>", number=40, kind="wp_block")
    content = (
        '<iframe title="A film" src="https://player.vimeo.com/video/42"></iframe><p>One '
        '<img class="emoji" src="https://s.w.org/images/core/emoji/1.png" alt="smile"> two.</p>'
        '<!-- wp:block {"ref":40} /--><!-- wp:embed {"url":"https://example.org/a"} /-->'
    )
    path = export(tmp_path, item(content), shared)

    post = next(got for got in read_export(path) if isinstance(got, IncomingPost))

    assert "Shared words." in post.body
    assert "smile" in post.body
    assert post.remarks == ()
