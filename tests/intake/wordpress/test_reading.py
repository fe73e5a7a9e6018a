"""Posts as they stand in an export: their dates, people, terms and standing."""

from datetime import UTC, date, datetime

import pytest

from releases.intake.posts import IncomingPost, LeftOut, RefusedPost, Standing
from releases.intake.wordpress import is_wordpress, outline, read_export

from .exports import export, item


def posts(path, **options):
    return [read for read in read_export(path, **options) if isinstance(read, IncomingPost)]


@pytest.mark.parametrize("version", ["1.0", "1.1", "1.2"])
def test_a_post_is_read_from_any_version(tmp_path, version):
    more = (
        '<category domain="category" nicename="iraq"><![CDATA[이라크]]></category>'
        '<category domain="post_tag" nicename="kits"><![CDATA[겨울]]></category>'
    )
    path = export(
        tmp_path,
        item("One paragraph.\n\nAnother.", excerpt="In short.", meta={"views": "234"}, more=more),
        version=version,
    )

    [post] = posts(path)

    assert is_wordpress(path)
    assert (post.number, post.kind, post.line) == (12, "post", 19)
    assert post.source_key == "wordpress:old.example.org:12"
    assert post.title == "Winter kits reach two towns"
    assert post.body == "<p>One paragraph.</p>\n<p>Another.</p>"
    assert post.summary == "<p>In short.</p>"
    assert post.publish_at == datetime(2014, 9, 9, tzinfo=UTC)
    assert post.release_date == date(2014, 9, 9)
    assert (post.author, post.terms, post.views) == ("Press desk", ("이라크", "겨울"), 234)
    assert post.standing == Standing.PUBLIC


@pytest.mark.parametrize(
    ("status", "meta", "standing"),
    [
        ("publish", {}, Standing.PUBLIC),
        ("future", {}, Standing.SCHEDULED),
        ("pending", {}, Standing.IN_REVIEW),
        ("draft", {}, Standing.DRAFT),
        ("private", {}, Standing.DRAFT),
        ("of-a-plugin", {}, Standing.DRAFT),
        ("trash", {"_wp_trash_meta_status": "publish"}, Standing.WITHDRAWN),
        ("trash", {"_wp_trash_meta_status": "draft"}, Standing.BINNED),
        ("trash", {}, Standing.BINNED),
    ],
)
def test_no_post_becomes_more_public_than_it_was(tmp_path, status, meta, standing):
    [post] = posts(export(tmp_path, item("Text.", status=status, meta=meta)))

    assert post.standing == standing


def test_a_post_with_a_password_is_a_draft(tmp_path):
    text = item("Text.").replace("<wp:post_password>", "<wp:post_password>secret")

    [post] = posts(export(tmp_path, text))

    assert post.standing == Standing.DRAFT
    assert "password" in post.remarks[0].message


def test_a_time_without_gmt_is_that_of_the_old_site(tmp_path):
    path = export(
        tmp_path,
        item("Text.", local="2014-09-10 01:30:00", gmt="0000-00-00 00:00:00"),
        item("Text.", number=13, local="2014-09-09 08:00:00", gmt="2014-09-09 06:00:00"),
    )

    post = posts(path)[0]

    assert post.publish_at == datetime(2014, 9, 9, 23, 30, tzinfo=UTC)
    assert post.release_date == date(2014, 9, 10)


def test_a_post_without_any_date_is_refused(tmp_path):
    nothing = "0000-00-00 00:00:00"
    text = item("Text.", local=nothing, gmt=nothing).replace(
        "Tue, 09 Sep 2014", "Mon, 30 Nov -0001"
    )

    refused = next(read_export(export(tmp_path, text)))

    assert isinstance(refused, RefusedPost)
    assert (refused.number, refused.title) == (12, "Winter kits reach two towns")


def test_the_greatest_counter_is_taken_and_said(tmp_path):
    meta = {"views": "10", "post_views_count": "1,200", "hits": "many"}

    [post] = posts(export(tmp_path, item("Text.", meta=meta)))

    assert post.views == 1200
    assert "views 10, post_views_count 1200" in post.remarks[0].message


@pytest.mark.parametrize(
    ("counter", "printed", "views"), [("234", 234, 234), ("234", 120, 234), ("234", 300, 300)]
)
def test_the_greater_of_the_counter_and_the_printed_number_is_taken_and_said(
    tmp_path, counter, printed, views
):
    text = item(f"Text.\n\nViews – {printed}", meta={"views": counter})

    [post] = posts(export(tmp_path, text))

    assert post.views == views
    told = f"its text says {printed} views, its counter {counter}; the greater is taken."
    assert [remark.message for remark in post.remarks] == ([told] if printed != 234 else [])


def test_pages_come_on_demand_and_menus_never(tmp_path):
    path = export(tmp_path, item("Text.", kind="page"), item(number=13, kind="nav_menu_item"))

    assert [read.kind for read in read_export(path) if isinstance(read, LeftOut)] == [
        "page",
        "nav_menu_item",
    ]
    assert [post.kind for post in posts(path, with_pages=True)] == ["page"]


def test_names_of_terms_are_as_people_read_them(tmp_path):
    more = (
        '<category domain="category" nicename="food"><![CDATA[Food &amp; water]]></category>'
        '<category domain="category" nicename="uncategorized">Uncategorized</category>'
        '<category domain="post_format" nicename="aside">Aside</category>'
    )
    path = export(tmp_path, item("Text.", more=more))

    assert [post.terms for post in posts(path)] == [("Food & water",)]
    assert outline(path).terms == {"이라크": 0, "겨울": 0, "Food & water": 1}


def test_an_outline_tells_what_an_export_holds(tmp_path):
    more = '<category domain="category" nicename="iraq"><![CDATA[이라크]]></category>'
    path = export(tmp_path, item("Text.", more=more), item(number=13, status="draft"))

    told = outline(path)

    assert (told.address, told.title) == ("http://old.example.org", "Old newsroom")
    assert (told.items, told.broken) == (2, 0)
    assert told.kinds == {("post", "publish"): 1, ("post", "draft"): 1}
    assert told.terms == {"이라크": 1, "겨울": 0}
