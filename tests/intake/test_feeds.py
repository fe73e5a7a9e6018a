"""A feed saved to a file: RSS of both kinds and Atom, as posts."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation

from releases.intake.feeds import is_feed, read_feed
from releases.intake.files import UnreadableFile
from releases.intake.posts import RefusedPost

SEOUL = ZoneInfo("Asia/Seoul")
RSS = """\
<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"
 xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel><title>News</title><link>https://old.example.org/</link>
<item>
<title>(2014/9/9) 겨울 물품 &amp; 전달</title>
<link>https://old.example.org/2014/09/%EA%B2%A8%EC%9A%B8/</link>
<guid isPermaLink="false">https://old.example.org/?p=12</guid>
<dc:creator>Press desk</dc:creator>
<pubDate>Tue, 09 Sep 2014 01:00:00 +0000</pubDate>
<category>이라크</category><category>이라크</category>
<description>Iraq - Winter kits reach two [&#8230;]</description>
<content:encoded><![CDATA[<p>Iraq - Winter kits reach two towns.</p>
<p>Views – 3</p>]]></content:encoded>
</item>
</channel></rss>
"""
ATOM = """\
<feed xmlns="http://www.w3.org/2005/Atom">
<title>News</title>
<entry><title type="html">Kits &amp;lt;em&amp;gt;arrive&amp;lt;/em&amp;gt;</title>
<link rel="alternate" href="https://old.example.org/kits"/><id>tag:old.example.org,2014:1</id>
<published>2014-09-09T10:00:00+09:00</published><updated>2014-09-10T10:00:00+09:00</updated>
<author><name>Press desk</name></author><category term="Iraq"/>
<summary>In short.</summary>
<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>One <b>two</b> &lt;three.</p>
<img src="/kits.jpg" alt="Kits"/></div></content></entry>
</feed>
"""
RDF = """\
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
 xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel><title>News</title></channel>
<item><title>Kits</title><link>https://old.example.org/1</link>
<dc:date>2014-09-09T10:00:00</dc:date><description>One &lt;b&gt;two&lt;/b&gt;.</description></item>
</rdf:RDF>
"""


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


def saved(folder, text, name="feed.xml"):
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_rss_of_wordpress_is_read_as_its_export_would_be(tmp_path):
    path = saved(tmp_path, RSS)

    [post] = read_feed(path, SEOUL)

    assert is_feed(path)
    assert (post.source_key, post.number, post.line) == ("wordpress:old.example.org:12", 12, 5)
    assert (post.title, post.release_date) == ("겨울 물품 & 전달", date(2014, 9, 9))
    assert post.publish_at == datetime(2014, 9, 9, 1, tzinfo=UTC)
    assert (post.place, post.body, post.views) == ("Iraq", "<p>Winter kits reach two towns.</p>", 3)
    assert post.summary == ""
    assert (post.author, post.terms, post.slug) == ("Press desk", ("이라크",), "겨울")
    assert post.addresses == ("/2014/09/겨울/", "/?p=12")
    assert post.words.lost == ()


def test_atom_is_read_with_its_markup(tmp_path):
    [post] = read_feed(saved(tmp_path, ATOM), SEOUL)

    assert post.source_key == "feed:tag:old.example.org,2014:1"
    assert post.title == "Kits <em>arrive</em>"
    assert post.body == "<p>One <strong>two</strong> &lt;three.</p>"
    assert post.summary == "<p>In short.</p>"
    assert post.edited_at == datetime(2014, 9, 10, 1, tzinfo=UTC)
    assert (post.author, post.terms) == ("Press desk", ("Iraq",))
    assert [(file.address, file.alt) for file in post.files] == [
        ("https://old.example.org/kits.jpg", "Kits")
    ]


def test_rss_1_gives_its_description_and_local_time(tmp_path):
    [post] = read_feed(saved(tmp_path, RDF), SEOUL)

    assert post.body == "<p>One <strong>two</strong>.</p>"
    assert post.publish_at == datetime(2014, 9, 9, 1, tzinfo=UTC)


def test_an_entry_without_a_date_is_refused_and_the_others_are_read(tmp_path):
    second = RSS[RSS.index("<item>") : RSS.index("</item>") + 7].replace("?p=12", "?p=13")
    text = RSS.replace("<pubDate>Tue, 09 Sep 2014 01:00:00 +0000</pubDate>", "")

    refused, post = read_feed(
        saved(tmp_path, text.replace("</channel>", second + "</channel>")), SEOUL
    )

    assert isinstance(refused, RefusedPost)
    assert "no date" in refused.reason
    assert post.number == 13


def test_a_feed_in_euc_kr_and_with_a_bare_ampersand_is_read(tmp_path):
    text = RSS.replace("UTF-8", "EUC-KR").replace("&amp; 전달", "& 전달").replace("–", "-")

    [post] = read_feed(saved(tmp_path, text.encode("euc-kr")), SEOUL)

    assert post.title == "겨울 물품 & 전달"


def test_a_document_type_without_entities_does_no_harm(tmp_path):
    doctype = '<!DOCTYPE rss PUBLIC "-//X//DTD RSS 0.91//EN" "http://x.invalid/rss.dtd">\n<rss'

    [post] = read_feed(saved(tmp_path, RSS.replace("<rss", doctype)), SEOUL)

    assert post.number == 12


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('<!DOCTYPE rss [<!ENTITY a "b">]><rss><channel/></rss>', "entities"),
        ("<html><body>No.</body></html>", "no feed"),
        ("<rss><channel><item></rss>", "line 1"),
    ],
)
def test_what_is_no_feed_is_said_to_be_none(tmp_path, text, message):
    with pytest.raises(UnreadableFile, match=message):
        read_feed(saved(tmp_path, text), SEOUL)


@pytest.mark.parametrize("link", ["<link>https://evil.example.net/</link>", ""])
def test_a_feed_has_no_say_over_the_posts_of_another_site(tmp_path, link):
    text = RSS.replace("<link>https://old.example.org/</link>", link)
    text = text.replace("https://old.example.org/2014", "https://evil.example.net/2014")

    [post] = read_feed(saved(tmp_path, text), SEOUL)

    assert post.source_key == "feed:https://old.example.org/?p=12"
    assert (post.number, post.site) == (1, "evil.example.net")


@pytest.mark.parametrize(
    "date",
    ["0001-01-01T00:00:00", "9999-12-31T23:59:59-05:00", "9999-12-31T23:59:59Z",
     f"Tue, 09 Sep 2014 01:00:00 +{'9' * 30}"],
)  # fmt: skip
def test_an_entry_of_a_time_out_of_reason_is_refused(tmp_path, date):
    [refused] = read_feed(
        saved(tmp_path, RSS.replace("Tue, 09 Sep 2014 01:00:00 +0000", date)), SEOUL
    )

    assert isinstance(refused, RefusedPost)
    assert "겨울 물품" in refused.title
    assert "no date" in refused.reason


def test_an_address_that_is_none_stops_no_entry(tmp_path):
    text = RSS.replace("https://old.example.org/?p=12", "http://[x/?p=3")
    text = text.replace("https://old.example.org/2014/09/%EA%B2%A8%EC%9A%B8/", "http://[x/?p=3")

    [post] = read_feed(saved(tmp_path, text), SEOUL)

    assert (post.source_key, post.addresses) == ("feed:http://[x/?p=3", ())


def test_elements_thousands_deep_are_read(tmp_path):
    deep = "<span>" * 3000 + "deep" + "</span>" * 3000

    [post] = read_feed(saved(tmp_path, ATOM.replace("One <b>two</b>", deep)), SEOUL)

    assert post.body == "<p>deep &lt;three.</p>"
    assert post.words.lost == ()


def test_the_same_entry_twice_is_refused(tmp_path):
    entry = RSS[RSS.index("<item>") : RSS.index("</item>") + len("</item>\n")]
    again = entry.replace("two towns.", "three towns.")
    other = entry.replace("?p=12", "?p=2")

    first, refused, third = read_feed(
        saved(tmp_path, RSS.replace(entry, entry + again + other)), SEOUL
    )

    assert (first.number, third.number) == (12, 2)
    assert isinstance(refused, RefusedPost)
    assert refused.title == "겨울 물품 & 전달"
    assert refused.reason == "it is the same release as the one at line 5."
