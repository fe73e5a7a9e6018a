"""Pages of a site saved in a folder, as posts."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation

from releases.intake.files import UnreadableFile
from releases.intake.posts import IncomingPost, LeftOut, RefusedPost
from releases.intake.saved_pages import is_folder_of_pages, read_pages

SEOUL = ZoneInfo("Asia/Seoul")
PAGE = """\
<!DOCTYPE html><html><head><meta charset="utf-8"><title>Kits - Old newsroom</title>
<meta property="article:published_time" content="2014-09-09T10:00:00+09:00">
<link rel="canonical" href="https://old.example.org/2014/09/kits/">
<link rel="shortlink" href="https://old.example.org/?p=12"></head>
<body><nav>Home News</nav><article>
<header><h1 class="entry-title">(2014/9/9) 겨울 물품</h1></header>
<div class="entry-content"><p>Iraq - One <b>two</b>.</p><img src="/kits.jpg" alt="Kits">
<p>Views – 3</p><div class="sharedaddy">Share this</div></div>
<footer><a rel="category tag" href="/category/iraq/">이라크</a></footer></article>
<aside>Latest</aside></body></html>
"""


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


def read(folder, **pages):
    for name, text in pages.items():
        path = folder / f"{name}.html"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return list(read_pages(folder, SEOUL))


def test_a_page_is_read_by_what_it_says_of_itself(tmp_path):
    [post] = read(tmp_path, kits=PAGE)

    assert is_folder_of_pages(tmp_path)
    assert (post.title, post.release_date) == ("겨울 물품", date(2014, 9, 9))
    assert post.publish_at == datetime(2014, 9, 9, 1, tzinfo=UTC)
    assert (post.place, post.body) == ("Iraq", "<p>One <strong>two</strong>.</p>")
    assert (post.number, post.views, post.terms) == (12, 3, ("이라크",))
    assert post.addresses == ("/2014/09/kits/", "/?p=12")
    assert [file.address for file in post.files] == ["https://old.example.org/kits.jpg"]
    assert "kits.html" in post.remarks[0].message
    assert post.words.lost == ()


def test_pages_of_two_sites_at_one_path_are_two_releases(tmp_path):
    ours, theirs = read(tmp_path, a=PAGE, b=PAGE.replace("//old.", "//other."))

    assert (ours.site, theirs.site) == ("old.example.org", "other.example.org")
    assert ours.source_key != theirs.source_key


def test_of_a_page_that_does_not_say_where_it_stood_all_pictures_may_be_ours(tmp_path):
    page = PAGE.replace('rel="canonical"', "").replace('rel="shortlink"', "")
    page = page.replace('src="/kits.jpg"', 'src="http://old.example.org/kits.jpg"')

    [post] = read(tmp_path, kits=page)

    assert post.site == ""
    assert [file.address for file in post.files] == ["http://old.example.org/kits.jpg"]


def test_a_page_without_a_head_is_read_by_its_text(tmp_path):
    page = (
        "<html><title>x</title><body><h1>Kits</h1><div id=content class=content><p>One.</p>"
        "<p>Posted on Tue, Sep-09-2014</p></div></body></html>"
    )

    [post] = read(tmp_path, kits=page)

    assert (post.title, post.body) == ("Kits", "<p>One.</p>")
    assert post.publish_at == datetime(2014, 9, 8, 15, tzinfo=UTC)


def test_a_page_of_a_mirror_knows_its_address(tmp_path):
    folder = tmp_path / "old.example.org" / "news" / "12"
    folder.mkdir(parents=True)
    page = PAGE.replace('rel="canonical"', 'rel="x"').replace('rel="shortlink"', 'rel="y"')
    (folder / "index.html").write_text(page)

    [post] = read_pages(tmp_path, SEOUL)

    assert post.addresses == ("/news/12/",)


def test_a_page_is_read_in_the_encoding_that_it_names(tmp_path):
    page = (
        PAGE.replace("utf-8", "windows-1252")
        .replace("겨울 물품", "Café’s kits")
        .replace("이라크", "")
    )

    [post] = read(tmp_path, kits=page.encode("cp1252"))

    assert post.title == "Café’s kits"


@pytest.mark.parametrize("declared", ["euc-kr", "utf-8"])
def test_a_page_in_euc_kr_is_read(tmp_path, declared):
    page = PAGE.replace("utf-8", declared).replace("–", "-").encode("euc-kr")

    [post] = read(tmp_path, kits=page)

    assert post.title == "겨울 물품"


def test_lists_and_empty_pages_are_left_out_by_name(tmp_path):
    listing = "<html><body><h1>News</h1><ul><li><a href=/1>One</a></ul></body></html>"

    first, second = read(tmp_path, empty="<html></html>", listing=listing)

    assert isinstance(first, LeftOut)
    assert isinstance(second, LeftOut)
    assert [first.title, second.title] == ["empty.html", "listing.html"]


def test_an_article_without_a_date_is_refused(tmp_path):
    page = PAGE.replace("article:published_time", "x").replace("(2014/9/9) ", "")

    [refused] = read(tmp_path, kits=page)

    assert isinstance(refused, RefusedPost)


def test_a_link_out_of_the_folder_is_not_followed(tmp_path):
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "page.html").write_text(PAGE)
    folder = tmp_path / "pages"
    folder.mkdir()
    (folder / "link.html").symlink_to(tmp_path / "other" / "page.html")

    with pytest.raises(UnreadableFile, match="no HTML page"):
        read_pages(folder, SEOUL)


def test_the_same_page_has_the_same_key_wherever_it_lies(tmp_path):
    here, there = tmp_path / "a", tmp_path / "b"
    for folder in (here, there):
        folder.mkdir()
    [one] = read(here, kits=PAGE)
    [two] = read(there, other=PAGE)

    assert isinstance(one, IncomingPost)
    assert one.source_key == two.source_key


@pytest.mark.parametrize("date", ["0001-01-01T00:00:00", "9999-12-31T23:59:59-05:00"])
def test_a_time_out_of_reason_is_passed_over_for_the_next(tmp_path, date):
    [post] = read(tmp_path, kits=PAGE.replace("2014-09-09T10:00:00+09:00", date))

    assert post.publish_at == datetime(2014, 9, 8, 15, tzinfo=UTC)


def test_a_copy_of_a_page_is_refused(tmp_path):
    first, refused = read(tmp_path, a=PAGE, b=PAGE.replace("<b>two</b>", "three"))

    assert isinstance(first, IncomingPost)
    assert isinstance(refused, RefusedPost)
    assert (refused.title, refused.reason) == ("b.html", "it is the same page as a.html.")
