"""Every address that an export tells of, and where it leads."""

import time

import pytest

from releases.intake.posts import IncomingPost, LeftOut, OldPage
from releases.intake.wordpress import read_export

from .exports import HEAD, attachment, export, item

SLUG = "%ec%9d%b4%eb%9d%bc%ed%81%ac-%ec%86%8c%ec%8b%9d"  # 이라크-소식


def read(path, **options):
    found = list(read_export(path, **options))
    posts = [got for got in found if isinstance(got, IncomingPost)]
    return posts, {got.address: got for got in found if isinstance(got, OldPage)}


def test_a_post_is_known_by_all_of_its_addresses(tmp_path):
    link = f"http://old.example.org/2014/09/09/{SLUG}/"
    text = item("Text.", link=link, slug=SLUG, meta={"_wp_old_slug": "%ea%b2%a8%ec%9a%b8"})
    text = text.replace(
        ">http://old.example.org/?p=12</guid>", ">http://before.org/blog/7.html</guid>"
    )

    [post], _pages = read(export(tmp_path, text))

    assert post.slug == "이라크-소식"
    assert post.addresses == (
        "/2014/09/09/이라크-소식/",
        "/2014/09/09/겨울/",
        "/?p=12",
        "/?page_id=12",
        "/archives/12",
        "/blog/7.html",
    )


def test_a_site_below_a_path_keeps_it(tmp_path):
    head = HEAD.replace(
        "<wp:base_blog_url>http://old.example.org<", "<wp:base_blog_url>http://old.example.org/kr/<"
    )
    link = "http://old.example.org/kr/?p=12"
    text = item("Text.", link=link).replace("org/?p=12</guid>", "org/kr/?p=12</guid>")

    [post], pages = read(export(tmp_path, text, head=head))

    assert post.source_key == "wordpress:old.example.org/kr:12"
    assert post.addresses == ("/kr/?p=12", "/kr/?page_id=12", "/kr/archives/12")
    assert pages["/kr/"].path == "/"
    assert pages["/kr/feed/"].path == "/feed/"
    assert pages["/kr/?cat=3"].term == "이라크"


def test_the_parts_of_a_post_lead_to_it(tmp_path):
    text = item("One.<!--nextpage-->Two.", link="http://old.example.org/2014/kits/")

    [post], _pages = read(export(tmp_path, text))

    assert {"/2014/kits/2/", "/?p=12&page=2"} <= set(post.addresses)


def test_a_post_in_the_bin_is_known_by_the_slug_that_it_had(tmp_path):
    meta = {"_wp_trash_meta_status": "publish", "_wp_desired_post_slug": "kits"}
    text = item(
        "One.", status="trash", slug="kits__trashed", meta=meta,
        link="http://old.example.org/2014/kits__trashed/",
    )  # fmt: skip

    [post], _pages = read(export(tmp_path, text))

    assert post.slug == "kits"
    assert "/2014/kits/" in post.addresses


def test_the_page_of_a_picture_leads_to_its_post(tmp_path):
    address = "http://old.example.org/wp-content/uploads/2014/09/kits.jpg"
    picture = attachment(31, address, parent=12, link="http://old.example.org/kits/picture/")

    _posts, pages = read(export(tmp_path, item("One."), picture))

    for address in ("/kits/picture/", "/?attachment_id=31", "/wp-content/uploads/2014/09/kits.jpg"):
        assert pages[address] == OldPage(address, post=12, site="old.example.org")


def test_categories_and_tags_lead_to_what_they_stand_for(tmp_path):
    head = HEAD + (
        "\t<wp:category><wp:term_id>9</wp:term_id><wp:category_nicename>erbil</wp:category_nicename>"
        "<wp:category_parent>iraq</wp:category_parent><wp:cat_name>Erbil</wp:cat_name></wp:category>\n"
    )

    _posts, pages = read(export(tmp_path, item("One."), head=head))

    assert pages["/category/iraq/"].term == "이라크"
    assert pages["/category/iraq/erbil/"].term == "Erbil"
    assert pages["/?cat=9"].term == "Erbil"
    assert pages["/tag/겨울/"].term == "겨울"
    assert pages["/?tag=겨울"].term == "겨울"


def test_a_term_that_only_a_post_names_is_known(tmp_path):
    more = '<category domain="category" nicename="nepal">네팔</category>'

    _posts, pages = read(export(tmp_path, item("One.", more=more)))

    assert pages["/category/nepal/"].term == "네팔"


def test_dates_feeds_and_people_lead_to_what_says_the_same(tmp_path):
    _posts, pages = read(export(tmp_path, item("One.")))

    assert pages["/2014/09/"].path == "/?year=2014&month=9"
    assert pages["/?m=201409"].path == "/?year=2014&month=9"
    assert pages["/2014/"].path == "/?year=2014"
    assert pages["/?feed=rss2"].path == "/feed/"
    assert pages["/wp-atom.php"].path == "/feed/atom/"
    assert pages["/author/desk/"].path == "/"
    assert pages["/?author=2"].path == "/"
    assert "/feed/" not in pages


def test_what_nobody_could_read_opens_no_date(tmp_path):
    _posts, pages = read(export(tmp_path, item("One.", status="draft")))

    assert "/2014/09/" not in pages


@pytest.mark.parametrize(
    "content",
    [
        "",
        " &nbsp; ",
        "<!-- wp:latest-posts /-->",
        "[display-posts category='news']",
        "[Recent_Posts count=5][pt_view id=abc]",
        "<!-- wp:core/archives /--><!-- wp:uagb/post-grid /-->",
        "<!-- wp:shortcode -->[recent_posts]<!-- /wp:shortcode -->",
        '<!-- wp:query {"queryId":1} --><div class="wp-block-query"><!-- wp:post-template -->'
        "<!-- wp:post-title /--><!-- /wp:post-template --></div><!-- /wp:query -->",
    ],
)
def test_a_page_that_only_lists_posts_leads_to_the_first_page(tmp_path, content):
    listing = item(content, kind="page", title="최신보도자료 모음", number=2750, slug="all")

    posts, pages = read(export(tmp_path, listing), with_pages=True)

    assert posts == []
    assert pages["/?page_id=2750"].path == "/"


@pytest.mark.parametrize(
    "content",
    [
        '<img src="http://old.example.org/wp-content/uploads/31.jpg" alt="">',
        "[gallery]",
        '[gallery ids="31"]',
        '<!-- wp:gallery {"ids":[31]} --><!-- /wp:gallery -->',
        '<!-- wp:embed {"url":"https://example.org/film"} /-->',
        '<iframe src="https://example.org/map"></iframe>',
        '[video mp4="http://old.example.org/wp-content/uploads/film.mp4"]',
        '<!-- wp:block {"ref":40} /-->',
        '[contact-form-7 id="5"]',
        '[archive_pdf id="3"]',
        '[research-papers year="2014"]',
        "[photos_of_categories]",
        "[calendar_of_events][recent_posts]",
        '<!-- wp:acme/search-results {"id":3} /-->',
        "<!-- wp:acme/latest-report /-->",
    ],
)
def test_a_page_that_shows_something_else_is_a_page(tmp_path, content):
    page = item(content, kind="page", title="Pictures", number=2750, slug="pictures")
    picture = attachment(31, "http://old.example.org/wp-content/uploads/31.jpg", parent=2750)
    path = export(tmp_path, page, picture)

    [post], _pages = read(path, with_pages=True)
    left_out = next(found for found in read_export(path) if isinstance(found, LeftOut))

    assert (post.kind, post.number) == ("page", 2750)
    assert left_out.reason == "pages come along only on demand."


@pytest.mark.parametrize("content", ["<!--", "<", "[post ", "[post]<", "<!-- wp:"])
@pytest.mark.parametrize("end", ["", "[" + "a" * 20_000])
def test_a_hostile_page_is_told_from_a_listing_within_two_seconds(tmp_path, content, end):
    path = export(tmp_path, item(content * 20_000 + end, kind="page"))
    start = time.process_time()

    list(read_export(path))

    assert time.process_time() - start < 2


def test_the_page_about_a_loose_picture_leads_to_the_first_post_that_shows_it(
    tmp_path,
):
    picture = attachment(30, "http://old.example.org/wp-content/uploads/convoy.jpg", parent=0)
    text = item('Text. <img src="http://old.example.org/wp-content/uploads/convoy.jpg" alt="" />')

    _posts, pages = read(export(tmp_path, picture, text))

    assert pages["/?attachment_id=30"].post == 12
