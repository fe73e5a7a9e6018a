"""The text of a post: paragraphs, blocks, shortcodes, and what stands in the place of films."""

import time

import pytest

from releases.intake.posts import IncomingPost
from releases.intake.wordpress import read_export

from .exports import attachment, export, item

UPLOADS = "http://old.example.org/wp-content/uploads/2014/09"


def read_one(tmp_path, content, *others, **values) -> IncomingPost:
    path = export(tmp_path, item(content, **values), *others)
    post = next(read for read in read_export(path) if isinstance(read, IncomingPost))
    assert post.words.lost == ()
    return post


def body(tmp_path, content, *others) -> str:
    return read_one(tmp_path, content, *others).body


def told(post) -> str:
    return "\n".join(remark.message for remark in post.remarks)


@pytest.mark.parametrize(
    ("content", "html"),
    [
        ("One.\nTwo.\n\nThree.", "<p>One.<br>Two.</p>\n<p>Three.</p>"),
        ("One.<br />Two.", "<p>One.<br>Two.</p>"),
        ("One.<br><br>Two.", "<p>One.</p>\n<p>Two.</p>"),
        ("One.\r\n\r\nTwo.", "<p>One.</p>\n<p>Two.</p>"),
        ("<h2>Head</h2>\nOne.", "<h2>Head</h2>\n<p>One.</p>"),
        ("<p>One.</p>\n<p>Two.</p>", "<p>One.</p>\n<p>Two.</p>"),
        ("<ul>\n <li>one</li>\n <li>two</li>\n</ul>", "<ul><li>one</li><li>two</li></ul>"),
        (
            "<blockquote>One.\n\nTwo.</blockquote>",
            "<blockquote><p>One.</p>\n<p>Two.</p></blockquote>",
        ),
        ("<div>One.</div><div>Two.</div>", "<p>One.</p>\n<p>Two.</p>"),
        ("<pre>one\ntwo\n\nthree</pre>", "<p>one<br>two<br>three</p>"),
        ("One <em>two</em> <b>three</b>.", "<p>One <em>two</em> <strong>three</strong>.</p>"),
        ("Under 3 < 5, <a@b.org> says", "<p>Under 3 &lt; 5, &lt;a@b.org&gt; says</p>"),
        ("One.\n\n&nbsp;\n\nTwo.", "<p>One.</p>\n<p>Two.</p>"),
        ("O<a name=x></a>ne <b> </b>two<b> </b>three.", "<p>One  two three.</p>"),
        ("One <a href=x two", "<p>One &lt;a href=x two</p>"),
        ("One <!-- two", "<p>One &lt;!-- two</p>"),
        ("One <?php two(); ?>.", "<p>One &lt;?php two(); ?&gt;.</p>"),
        ("One.<!--more-->\n\nTwo.<!--nextpage-->Three.", "<p>One.</p>\n<p>Two.Three.</p>"),
        ('See <a href="/?p=5">this</a>.', '<p>See <a href="http://old.example.org/?p=5">this</a>.</p>'),
        (
            "<table><tbody><tr><td>a</td><td></td></tr></tbody></table>",
            "<table><tbody><tr><td>a</td><td></td></tr></tbody></table>",
        ),
    ],
)  # fmt: skip
def test_text_of_the_classic_editor_becomes_paragraphs(tmp_path, content, html):
    assert body(tmp_path, content) == html


def test_text_of_the_block_editor_keeps_its_paragraphs_alone(tmp_path):
    content = (
        "<!-- wp:paragraph -->\n<p>One\nline.</p>\n<!-- /wp:paragraph -->\n\n"
        '<!-- wp:heading {"level":3} -->\n<h3>Head</h3>\n<!-- /wp:heading -->\n\n'
        "<!-- wp:freeform -->\nTwo.\n\nThree.\n<!-- /wp:freeform -->"
    )

    assert body(tmp_path, content) == "<p>One\nline.</p>\n<h3>Head</h3>\n<p>Two.</p>\n<p>Three.</p>"


def test_text_between_blocks_is_that_of_the_classic_editor(tmp_path):
    content = (
        "One.\n\nTwo.\n\n<!-- wp:quote --><blockquote>\n<!-- wp:paragraph -->\n<p>Three.</p>\n"
        "<!-- /wp:paragraph -->\n\n</blockquote><!-- /wp:quote -->\n\nFour.\nFive."
    )

    assert body(tmp_path, content) == (
        "<p>One.</p>\n<p>Two.</p>\n<blockquote><p>Three.</p></blockquote>\n<p>Four.<br>Five.</p>"
    )


def test_a_day_of_posting_in_the_text_that_differs_is_said(tmp_path):
    same = read_one(tmp_path, "One.\n\nPosted on Tue, Sep-09-2014")
    other = read_one(tmp_path, "One.\n\nPosted on Mon, Sep-08-2014")

    assert "2014-09-08" in told(other)
    assert same.remarks == ()


def test_a_block_that_posts_share_stands_in_each(tmp_path):
    shared = item("<p>Shared words.</p>", number=40, kind="wp_block")

    post = read_one(tmp_path, '<p>One.</p>\n<!-- wp:block {"ref":40} /-->', shared)

    assert post.body == "<p>One.</p>\n<p>Shared words.</p>"


def test_a_block_that_wordpress_filled_is_named(tmp_path):
    post = read_one(tmp_path, '<!-- wp:latest-posts {"postsToShow":3} /--><p>One.</p>')

    assert "“latest-posts” is left out" in told(post)


@pytest.mark.parametrize(
    "content",
    [
        "https://www.youtube.com/watch?v=abc123",
        "[embed]https://www.youtube.com/watch?v=abc123[/embed]",
        '[embed width="500"]https://www.youtube.com/watch?v=abc123[/embed]',
        '<iframe width="5" src="https://www.youtube.com/embed/abc123?rel=0"></iframe>',
        '<iframe src="//www.youtube-nocookie.com/embed/abc123"></iframe>',
        '<object><param name="movie" value="https://www.youtube.com/v/abc123&fs=1"></param></object>',
        '<!-- wp:embed {"url":"https://www.youtube.com/watch?v=abc123"} -->\n<figure '
        'class="wp-block-embed"><div class="wp-block-embed__wrapper">\n'
        "https://www.youtube.com/watch?v=abc123\n</div></figure>\n<!-- /wp:embed -->",
    ],
)  # fmt: skip
def test_a_film_of_another_site_is_a_link_to_it(tmp_path, content):
    address = "https://www.youtube.com/watch?v=abc123"

    assert body(tmp_path, content) == f'<p><a href="{address}">{address}</a></p>'


def test_the_title_of_a_film_stands_for_its_address(tmp_path):
    content = '<iframe title="The film" src="https://player.vimeo.com/video/42"></iframe>'

    assert body(tmp_path, content) == '<p><a href="https://vimeo.com/42">The film</a></p>'


FRAME = '<iframe title="{}" width="500" src="{}" allowfullscreen></iframe>'
KEPT = FRAME.format("A film &amp; more", "https://www.youtube.com/embed/abc123?feature=oembed")


@pytest.mark.parametrize(
    ("address", "kept", "title"),
    [
        ("https://www.youtube.com/watch?v=abc123", KEPT, "A film &amp; more"),
        ("https://youtu.be/abc123", KEPT, "A film &amp; more"),
        (
            "https://vimeo.com/4242",
            FRAME.format("Kits", "https://player.vimeo.com/video/4242?h=1"),
            "Kits",
        ),
        (
            "https://other.example.org/news/kits/",
            '<blockquote class="wp-embedded-content"><a href="https://other.example.org/news/kits/">'
            'Kits arrive</a></blockquote><iframe src="https://other.example.org/news/kits/embed/" '
            'title="“Kits arrive” — Other"></iframe>',
            "Kits arrive",
        ),
    ],
)
@pytest.mark.parametrize(
    "content",
    [
        "One.\n\n{}\n\nTwo.",
        "<p>One.</p><p>{}</p><p>Two.</p>",
        "One.\n\n[embed]{}[/embed]\n\nTwo.",
        '<!-- wp:embed {{"url":"{}"}} /-->',
        '<!-- wp:embed {{"url":"{0}"}} -->\n<figure class="wp-block-embed"><div '
        'class="wp-block-embed__wrapper">\n{0}\n</div></figure>\n<!-- /wp:embed -->',
    ],
)
def test_a_film_goes_by_the_title_that_the_old_site_had_kept(
    tmp_path, content, address, kept, title
):
    meta = {f"_oembed_{'a1' * 16}": kept, f"_oembed_time_{'a1' * 16}": "1410221234"}

    post = read_one(tmp_path, content.format(address), meta=meta)

    assert f'<p><a href="{address}">{title}</a></p>' in post.body
    assert post.remarks == ()


@pytest.mark.parametrize(
    ("kept", "address"),
    [
        ("{{unknown}}", "https://www.youtube.com/watch?v=abc123"),
        (KEPT, "https://www.youtube.com/watch?v=another"),
        (KEPT, "https://abc123.example.org/abc123"),
        (KEPT.replace("A film &amp; more", "YouTube video player"), "https://youtu.be/abc123"),
    ],
)
def test_a_film_without_a_title_of_its_own_goes_by_its_address(tmp_path, kept, address):
    post = read_one(tmp_path, address, meta={f"_oembed_{'a1' * 16}": kept})

    assert post.body == f'<p><a href="{address}">{address}</a></p>'


def test_a_film_of_the_library_is_a_file_and_a_link(tmp_path):
    post = read_one(tmp_path, f'[video mp4="{UPLOADS}/film.mp4" width="5"][/video]\n\nOne.')

    assert post.body == f'<p><a href="{UPLOADS}/film.mp4">{UPLOADS}/film.mp4</a></p>\n<p>One.</p>'
    assert [(file.address, file.is_picture) for file in post.files] == [
        (f"{UPLOADS}/film.mp4", False)
    ]


@pytest.mark.parametrize(
    "text",
    ['[contact-form-7 id="31" title="x"]', "[quote]words[/quote]", "[some_box]", '[x y="a]b"]'],
)
def test_an_unknown_shortcode_stays_and_is_named(tmp_path, text):
    post = read_one(tmp_path, f"One. {text} Two.")

    assert post.body.replace("&#34;", '"').replace("&quot;", '"') == f"<p>One. {text} Two.</p>"
    assert f"“{text[1:].split()[0].partition(']')[0]}” is unknown" in told(post)


@pytest.mark.parametrize("text", ["[sic]", "[Photo: IOM]", "[보도자료]", "[It's]", "[1]"])
def test_words_in_brackets_are_no_shortcode(tmp_path, text):
    post = read_one(tmp_path, f"One {text} two.")

    assert (post.body, post.remarks) == (f"<p>One {text} two.</p>", ())


def test_a_shortcode_told_of_is_text(tmp_path):
    assert body(tmp_path, 'Write [[gallery ids="1"]] there.') == (
        '<p>Write [gallery ids="1"] there.</p>'
    )


def test_a_script_is_left_out_and_its_words_are_accounted_for(tmp_path):
    post = read_one(tmp_path, "One.<script>var secret = 1;</script>")

    assert post.body == "<p>One.</p>"
    assert dict(post.words.set_aside) == {"scripts": 3}


def test_text_behind_an_embedded_page_that_is_not_closed_is_kept(tmp_path):
    content = '<iframe src="https://example.org/map">\n\nOne <b>two</b>.'

    assert body(tmp_path, content).endswith("<p>One <strong>two</strong>.</p>")


def test_a_smiley_is_its_sign(tmp_path):
    content = 'One <img class="emoji" src="https://s.w.org/images/core/emoji/1.png" alt="🙂"> two.'

    post = read_one(tmp_path, content)

    assert (post.body, post.files) == ("<p>One 🙂 two.</p>", ())


def test_a_post_without_headline_is_called_by_its_first_words(tmp_path):
    post = read_one(tmp_path, "The office delivered kits.", title="")

    assert post.title == "The office delivered kits."
    assert "no headline" in told(post)


def test_comments_are_counted_and_left_out(tmp_path):
    comment = "<wp:comment><wp:comment_content>Well done</wp:comment_content></wp:comment>"

    post = read_one(tmp_path, "One.", more=comment * 2)

    assert "2 comments are left out" in told(post)


@pytest.mark.parametrize(
    "content",
    [
        "[b] word " * 50_000 + "[/c]",
        "[b] word " * 50_000 + "[/b]",
        '[a "' * 50_000,
        "word\n\n" * 5_000,
        "<div>word " * 2_000,
        "<b class=x><font size=2>word " * 2_000,
        "<![CDATA[ word " * 20_000,
        "<!-- wp:group --> word " * 5_000,
        "<ul><li>word " * 2_000,
        "& < > &word; " * 20_000,
        "<!-- word " * 20_000,
        "<!-- wp:a { word " * 20_000,
        "<!-- wp:freeform --> word " * 5_000,
        "<script> word " * 20_000,
        "<pre> word " * 2_000,
        "<a word " * 20_000,
        "<a href='" * 20_000,
        "<img " * 20_000,
        "<img alt='" * 20_000,
    ],
)
def test_a_hostile_text_is_read_in_seconds(tmp_path, content):
    path = export(tmp_path, item(content))
    started = time.monotonic()

    post = next(read_export(path))

    assert time.monotonic() - started < 10
    assert isinstance(post, IncomingPost)
    assert post.words.lost == ()


def test_pictures_of_a_gallery_come_in_its_order(tmp_path):
    files = [
        attachment(n, f"{UPLOADS}/{n}.jpg", title=f"picture {n}", parent=12, excerpt=f"caption {n}")
        for n in (31, 32, 33)
    ]

    named = read_one(tmp_path, '[gallery columns="2" ids="33,31"]\n\nOne.', *files)
    all_of_them = read_one(tmp_path, "[gallery]\n\nOne.", *files)
    but_one = read_one(tmp_path, '[gallery exclude="32"]\n\nOne.', *files)

    assert [file.address[-6:] for file in named.files] == ["33.jpg", "31.jpg"]
    assert [file.caption for file in all_of_them.files] == [
        "caption 31",
        "caption 32",
        "caption 33",
    ]
    assert [file.address[-6:] for file in but_one.files] == ["31.jpg", "33.jpg"]
    assert named.body == "<p>One.</p>"


def test_a_playlist_is_links_to_what_it_plays(tmp_path):
    files = [
        attachment(31, f"{UPLOADS}/one.mp3", title="The statement"),
        attachment(32, f"{UPLOADS}/cover.jpg", title="A cover"),
    ]

    post = read_one(tmp_path, '[playlist ids="31,32"]', *files)

    assert post.body == f'<p><a href="{UPLOADS}/one.mp3">The statement</a></p>'


@pytest.mark.parametrize("name", ["gallery", "playlist"])
def test_text_within_a_gallery_stays(tmp_path, name):
    file = attachment(31, f"{UPLOADS}/31.{'jpg' if name == 'gallery' else 'mp3'}", title="x")

    post = read_one(tmp_path, f'[{name} ids="31"]One.[/{name}]', file)

    assert post.body.endswith("<p>One.</p>")


def test_a_caption_in_odd_markup_keeps_its_words(tmp_path):
    content = f'[caption]<div><img src="{UPLOADS}/31.jpg" alt="Kits"></div> Below.[/caption]'

    post = read_one(tmp_path, content)

    assert (post.body, len(post.files)) == ("<p>Below.</p>", 1)


def test_a_gallery_names_the_picture_that_the_export_lacks(tmp_path):
    file = attachment(31, f"{UPLOADS}/31.jpg")

    post = read_one(tmp_path, '[gallery ids="31,99"]', file)

    assert "lacks picture 99" in told(post)
