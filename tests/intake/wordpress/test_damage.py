"""Exports that are damaged, old or hostile: each item is mended or refused by its name."""

import string
import time
from bisect import bisect_left

import pytest

from releases.intake.files import UnreadableFile
from releases.intake.posts import IncomingPost, LeftOut, RefusedPost, Standing
from releases.intake.wordpress import mending, read_export, stream

from .exports import HEAD, export, item


def read(path):
    """What the items of an export became, without the old site's other pages."""
    return [
        got for got in read_export(path) if isinstance(got, IncomingPost | RefusedPost | LeftOut)
    ]


def told(post) -> str:
    return "\n".join(remark.message for remark in post.remarks)


def test_characters_that_xml_forbids_are_dropped_and_said(tmp_path):
    damaged = item("One\x0btwo\x1f three.").replace("Winter", "Win&#x1F;t&#11;er")

    [post] = read(export(tmp_path, damaged))

    assert (post.title, post.body) == ("Winter kits reach two towns", "<p>One two three.</p>")
    assert "4 characters that XML forbids were dropped" in told(post)


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("한국 사무소는 겨울 물품을 전달했다.", "euc-kr"),
        ("똠방각하와 펲시콜라를 전달했다.", "cp949"),
        ("The office’s “kits” – delivered.", "cp1252"),
        ("The office’s kits", "cp1252"),
    ],
)
def test_a_line_in_another_encoding_is_read_as_what_it_is(tmp_path, text, encoding):
    before, after = item("겨울 물품이 도착했다.\n\nHERE\n\n끝.").encode().split(b"HERE")

    [post] = read(export(tmp_path, before + text.encode(encoding) + after))

    assert post.body == f"<p>겨울 물품이 도착했다.</p>\n<p>{text}</p>\n<p>끝.</p>"
    assert "another encoding" in told(post)


@pytest.mark.parametrize("letters", ["겨울", "겨울이", "’"])
def test_two_encodings_in_one_line_are_told_apart(tmp_path, letters):
    before, after = item(f"{letters} HERE {letters}").encode().split(b"HERE")

    [post] = read(export(tmp_path, before + "사무소는".encode("euc-kr") + after))

    assert post.body == f"<p>{letters} 사무소는 {letters}</p>"


def test_an_export_that_says_it_is_in_euc_kr_is_read_so(tmp_path):
    path = export(tmp_path, item("한국 사무소."), head=HEAD.replace("UTF-8", "EUC-KR"))
    path.write_bytes(path.read_text().encode("euc-kr"))

    [post] = read(path)

    assert (post.body, post.remarks) == ("<p>한국 사무소.</p>", ())


def test_bytes_of_no_encoding_are_refused_and_the_next_item_is_read(tmp_path):
    before, after = item("Text HERE text.", title="Broken").encode().split(b"HERE")

    refused, post = read(
        export(tmp_path, before + b"\xff\xfe\xff\xff" + after, item("Whole.", number=13))
    )

    assert (refused.number, refused.title) == (12, "Broken")
    assert "encoding of line 26" in refused.reason
    assert post.body == "<p>Whole.</p>"


@pytest.mark.parametrize(
    "content",
    [
        "One <![CDATA[two]]> three",
        "One <script>//<![CDATA[\nvar a;\n//]]></script> three",
        "One ]]> three",
    ],
)
def test_character_data_within_character_data_is_kept(tmp_path, content):
    damaged = item("HERE").replace("HERE", content)

    [post] = read(export(tmp_path, damaged))

    assert post.body.startswith("<p>One")
    assert "three</p>" in post.body
    assert post.words.lost == ()


def test_character_data_split_as_wordpress_does_is_whole(tmp_path):
    [post] = read(export(tmp_path, item("One ]]> two")))

    assert (post.body, post.remarks) == ("<p>One ]]&gt; two</p>", ())


def test_a_bare_ampersand_and_a_named_letter_are_mended(tmp_path):
    damaged = item("Text.").replace("Winter kits", "Food &amp; Kits & caf&eacute; < 3")

    [post] = read(export(tmp_path, damaged))

    assert post.title == "Food & Kits & café < 3 reach two towns"
    assert "not well formed" in told(post)


def test_an_item_with_a_tag_too_many_is_refused_by_name_and_line(tmp_path):
    damaged = item("Text.").replace("<wp:post_id>", "<b><wp:post_id>")

    refused, post = read(export(tmp_path, damaged, item("Whole.", number=13)))

    assert (refused.number, refused.title, refused.line) == (12, "Winter kits reach two towns", 19)
    assert "no well-formed XML" in refused.reason
    assert post.number == 13


def test_text_that_is_never_closed_does_not_swallow_the_items_behind_it(tmp_path):
    damaged = item("Open.").replace("Open.]]>", "Open.").replace("<![CDATA[]]>", "")

    first, second = read(export(tmp_path, damaged, item("Whole.", number=13)))

    assert (first.number, first.body) == (12, "<p>Open.</p>")
    assert (second.number, second.body) == (13, "<p>Whole.</p>")


def test_an_item_without_its_end_does_not_swallow_the_next(tmp_path):
    first, second = read(
        export(tmp_path, item("One.").replace("\t</item>\n", ""), item("Two.", number=13))
    )

    assert [first.body, second.body] == ["<p>One.</p>", "<p>Two.</p>"]


def test_an_export_cut_off_gives_what_is_whole_and_names_the_rest(tmp_path):
    path = export(tmp_path, item("One."), item("Two.", number=13, title="Cut"))
    path.write_bytes(path.read_bytes()[:-300])

    post, refused = read(path)

    assert post.number == 12
    assert (refused.number, refused.title) == (13, "Cut")
    assert "ends within it" in refused.reason


def test_an_item_told_of_in_a_text_is_text(tmp_path):
    content = "A feed:\n<pre><item>\n<title>x</title></item>\n<item><title>y</title></item></pre>"

    [post] = read(export(tmp_path, item(content)))

    assert post.words.lost == ()
    assert "A feed:" in post.body


def test_what_is_too_long_is_refused_and_the_rest_is_read(tmp_path, monkeypatch):
    monkeypatch.setattr(stream, "MOST_OF_AN_ITEM", 600_000)
    long = item("word " * 300_000, title="Long")

    refused, post = read(export(tmp_path, long, item("Whole.", number=13)))

    assert isinstance(refused, RefusedPost)
    assert (refused.title, post.number) == ("Long", 13)


@pytest.mark.parametrize("chunk", [1, 7, 64, 1000])
def test_it_is_all_one_in_which_portions_a_file_is_read(tmp_path, monkeypatch, chunk):
    path = export(tmp_path, item("One ]]> two."), item("Three.", number=13))
    whole = list(read_export(path))

    monkeypatch.setattr(stream, "CHUNK", chunk)

    assert list(read_export(path)) == whole


def test_entities_are_never_declared(tmp_path):
    bomb = '<!DOCTYPE rss [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>\n<rss'
    path = export(tmp_path, item("&b;"), head=HEAD.replace("<rss", bomb, 1))

    with pytest.raises(UnreadableFile, match="document type or entities"):
        read_export(path)


def test_a_file_of_a_machine_is_read_by_no_item(tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("secret")
    hostile = item("Text.").replace(
        "<title>", f'<title><!DOCTYPE x [<!ENTITY s SYSTEM "{secret}">]>&s;', 1
    )

    [refused] = read(export(tmp_path, hostile))

    assert isinstance(refused, RefusedPost)


def test_what_is_no_export_is_said_to_be_none(tmp_path):
    path = tmp_path / "other.xml"
    path.write_text("<html><body>No.</body></html>")

    with pytest.raises(UnreadableFile):
        read_export(path)


def test_the_same_number_twice_is_refused(tmp_path):
    post, refused = read(export(tmp_path, item("One."), item("Two.", title="Again")))

    assert post.body == "<p>One.</p>"
    assert isinstance(refused, RefusedPost)
    assert (refused.title, refused.number) == ("Again", 12)


def test_an_address_that_two_posts_had_leads_to_the_first(tmp_path):
    link = "http://old.example.org/2014/09/kits/"

    first, second = read(
        export(tmp_path, item("One.", link=link), item("Two.", number=13, link=link))
    )

    assert "/2014/09/kits/" in first.addresses
    assert "/2014/09/kits/" not in second.addresses
    assert "post 12 had the address" in told(second)


def test_a_draft_in_which_nobody_wrote_is_left_out(tmp_path):
    [left_out] = read(export(tmp_path, item("", title="Auto Draft", status="auto-draft")))

    assert isinstance(left_out, LeftOut)


def test_a_serialized_counter_is_a_number(tmp_path):
    [post] = read(export(tmp_path, item("Text.", meta={"views": 's:3:"234";', "x": "a:1:{i:0;"})))

    assert post.views == 234


@pytest.mark.parametrize(
    "lost", ["<wp:status>publish</wp:status>", "<wp:post_password></wp:post_password>"]
)
def test_what_has_lost_the_word_that_made_it_public_is_a_draft(tmp_path, lost):
    damaged = item("It is here.").replace(lost, "")

    [post] = read(export(tmp_path, damaged))

    assert post.standing == Standing.DRAFT
    assert post.remarks


@pytest.mark.parametrize(
    "odd",
    [
        {"meta": {"views": "9" * 5_000}},
        {"content": f'[gallery ids="{"9" * 5_000}"]'},
        {"content": '<!-- wp:foo {"a":' + "[" * 3_000 + "} /-->"},
        {"local": "9999-12-31 23:59:59", "gmt": "9999-12-31 23:59:59"},
    ],
)
def test_odd_values_cost_no_other_item(tmp_path, odd):
    content = f"{odd.pop('content', '')}\n\nIt is here."

    found = read(export(tmp_path, item(content, number=1, **odd), item("So is this.", number=2)))

    assert [post.number for post in found] == [1, 2]
    assert "It is here." in found[0].body


def test_many_sections_that_never_close_cost_no_other_item(tmp_path):
    hostile = "<item><title>Bomb</title>" + "<title><![CDATA[" * 4_000 + "</item>\n"

    found = read(export(tmp_path, hostile, item("So is this.", number=2)))

    assert isinstance(found[0], RefusedPost)
    assert found[-1].number == 2


def test_a_post_with_much_meta_is_mended_as_any_other(tmp_path):
    meta = {f"key_{number}": "one" for number in range(1_200)}

    [post] = read(export(tmp_path, item("Text.", meta=meta).replace("Winter kits", "Kits & more")))

    assert post.title == "Kits & more reach two towns"


class Counted(str):
    """A text that counts how many of its characters are searched or copied."""

    __slots__ = ("work",)

    def __new__(cls, text):
        self = super().__new__(cls, text)
        self.work = 0
        return self

    def __getitem__(self, key):
        found = super().__getitem__(key)
        self.work += len(found)
        return found

    def find(self, words, start=0):
        found = super().find(words, start)
        self.work += (len(self) if found < 0 else found) - start
        return found


@pytest.mark.parametrize(
    "text",
    [
        "<title><![CDATA[" * 4_000,
        "<title><![CDATA[" * 4_000 + "]]>" + "x" * 40_000 + "</title>",
        "<title><![CDATA[" * 4_000 + "]]>" + " " * 40_000 + "</title>",
        "".join(f"<{a}:{b}><![CDATA[" for a in string.ascii_lowercase for b in ("b", "bb")) * 80,
        "<![CDATA[" * 8_000,
        "<title><![CDATA[x]]> y</title>" * 3_000,
    ],
)
def test_a_hostile_text_is_mended_in_work_that_grows_with_its_length_alone(monkeypatch, text):
    looked_up = []
    monkeypatch.setattr(
        mending, "bisect_left", lambda *args: looked_up.append(1) or bisect_left(*args)
    )
    sections, outside = Counted(text), Counted(text)

    mending._with_whole_sections(sections)
    mending._outside_cdata(outside, str)

    assert sections.work + outside.work <= 6 * len(text)
    assert len(looked_up) <= 2 * text.count("<![CDATA[")


def test_a_head_whose_address_is_none_is_told(tmp_path):
    head = HEAD.replace("<wp:base_blog_url>http://old.example.org", "<wp:base_blog_url>http://[bad")

    with pytest.raises(UnreadableFile, match=r"“http://\[bad” is no address"):
        read(export(tmp_path, item("One."), head=head))


@pytest.mark.parametrize(
    "printed", ["Fri, 31 Dec 9999 23:59:59 -0500", f"Tue, 09 Sep 2014 00:00:00 +{'9' * 30}"]
)
def test_an_item_of_a_time_out_of_reason_is_refused(tmp_path, printed):
    damaged = item("One.", local="", gmt="").replace("Tue, 09 Sep 2014 00:00:00 +0000", printed)

    refused, post = read(export(tmp_path, damaged, item("Two.", number=13)))

    assert (refused.number, refused.reason) == (12, "it has no date that can be read.")
    assert post.number == 13


SPACES = " " * 20_000


@pytest.mark.parametrize(
    "damaged",
    [
        item("One.").replace("<title>", f"<title>{SPACES}").replace("</title>", "</b>"),
        item("One.").replace("<wp:post_id>12", f"<b><wp:post_id>{SPACES}none"),
    ],
)
def test_an_item_of_white_space_is_refused_within_a_second(tmp_path, damaged):
    path = export(tmp_path, damaged)
    start = time.process_time()

    [refused] = read(path)

    assert isinstance(refused, RefusedPost)
    assert time.process_time() - start < 1


@pytest.mark.parametrize("spaces", [SPACES, f"&lt;/channel {SPACES}", f"</channel {SPACES}>"])
def test_a_head_of_white_space_is_read_within_a_second(tmp_path, spaces):
    path = export(
        tmp_path, item("One."), head=f"{HEAD.replace('Old newsroom', f'Old{SPACES}room')}{spaces}"
    )
    start = time.process_time()

    list(read_export(path))

    assert time.process_time() - start < 1
