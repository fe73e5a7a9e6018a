"""Pictures and files of a post: the largest there is, with what was said of it."""

import pytest

from releases.intake.posts import IncomingFile, IncomingPost, LeftOut
from releases.intake.wordpress import read_export

from .exports import attachment, export, item

UPLOADS = "http://old.example.org/wp-content/uploads/2014/09"
KITS = attachment(
    31, f"{UPLOADS}/kits.jpg", title="kits", parent=12, meta={"_wp_attachment_image_alt": "Boxes"}
)


def read_one(tmp_path, content, *others, **values) -> IncomingPost:
    path = export(tmp_path, item(content, **values), *others)
    post = next(read for read in read_export(path) if isinstance(read, IncomingPost))
    assert post.words.lost == ()
    return post


@pytest.mark.parametrize(
    "content",
    [
        f'<img src="{UPLOADS}/kits.jpg" />',
        f'<img src="{UPLOADS}/kits-300x200.jpg" />',
        '<img class="size-medium wp-image-31" src="http://cdn.example.org/kits-300x200.jpg" />',
        '<img src="/wp-content/uploads/2014/09/kits-300x200.jpg" />',
        f'<img src="data:image/gif;base64,R0lGODlhAQABAAAAACw=" data-src="{UPLOADS}/kits.jpg" />',
        '<img src="https://www.old.example.org/wp-content/uploads/2014/09/kits.jpg" />',
        f'<img src="{UPLOADS}/a.jpg" srcset="{UPLOADS}/a.jpg 300w, {UPLOADS}/kits.jpg 900w">',
        f'<a href="{UPLOADS}/kits.jpg"><img src="http://cdn.example.org/small.jpg" /></a>',
        f'<!-- wp:image {{"id":31}} -->\n<figure class="wp-block-image"><img '
        f'src="{UPLOADS}/kits-1024x683.jpg" class="wp-image-31"/></figure>\n<!-- /wp:image -->',
    ],
)  # fmt: skip
def test_a_picture_is_its_original(tmp_path, content):
    post = read_one(tmp_path, f"{content}\n\nOne.", KITS)

    [file] = post.files
    assert (file.address, file.is_picture) == (f"{UPLOADS}/kits.jpg", True)
    assert post.body == "<p>One.</p>"


PARTNER = "https://partner.example.org"


@pytest.mark.parametrize(
    ("content", "body"),
    [
        (
            f'<img class="wp-image-31" src="{PARTNER}/hill.jpg" alt="A hill">',
            f'<p><a href="{PARTNER}/hill.jpg">A hill</a></p>',
        ),
        (
            # At the very path of one of ours, in a library like ours.
            f'<img src="{PARTNER}/wp-content/uploads/2014/09/kits.jpg" title="Theirs">',
            f'<p><a href="{PARTNER}/wp-content/uploads/2014/09/kits.jpg">Theirs</a></p>',
        ),
        (
            f'<img src="{PARTNER}/hill.jpg">',
            f'<p><a href="{PARTNER}/hill.jpg">{PARTNER}/hill.jpg</a></p>',
        ),
        (
            f'<figure><img src="{PARTNER}/hill.jpg" alt="A hill"><figcaption>On <b>the</b> way'
            "</figcaption></figure>",
            f'<p><a href="{PARTNER}/hill.jpg">On the way</a></p>',
        ),
        (
            f'<a href="{PARTNER}/hill-large.jpg"><img src="{PARTNER}/hill.jpg" alt="A hill"></a>',
            f'<p><a href="{PARTNER}/hill-large.jpg">A hill</a></p>',
        ),
        (
            f'<a href="{PARTNER}/"><img src="{PARTNER}/logo.png" alt="Partner"></a>',
            f'<p><a href="{PARTNER}/">Partner</a> <a href="{PARTNER}/logo.png">Partner</a></p>',
        ),
        (
            f'<a href="{PARTNER}/">Seen at <img src="{PARTNER}/logo.png" alt="Partner"></a>',
            f'<p><a href="{PARTNER}/">Seen at </a> <a href="{PARTNER}/logo.png">Partner</a></p>',
        ),
    ],
)
def test_a_picture_of_another_site_is_left_there_and_named(tmp_path, content, body):
    post = read_one(tmp_path, content, KITS)

    assert post.files == ()
    assert " ".join(post.body.split()) == body
    [remark] = post.remarks
    assert "a picture of another site is left there" in remark.message
    assert PARTNER in remark.message


def test_pictures_are_ours_where_the_export_says_that_ours_are(tmp_path):
    cdn = "https://cdn.example.net/press"
    ours = attachment(32, f"{cdn}/map.jpg", title="map")
    content = f'<img src="{cdn}/other.jpg" alt="B"><a href="{cdn}/map.jpg">The map</a>'

    post = read_one(tmp_path, content, ours)

    assert [file.address for file in post.files] == [f"{cdn}/other.jpg", f"{cdn}/map.jpg"]


def test_pictures_are_ours_under_the_name_that_the_site_had_before(tmp_path):
    former = "http://former.example.org/wp-content/uploads/2014/09/kits.jpg"
    kits = KITS.replace(">http://old.example.org/?p=31</guid>", f">{former}</guid>")

    post = read_one(tmp_path, f'<img src="{former.replace(".jpg", "-300x200.jpg")}">', kits)

    [file] = post.files
    assert (file.address, file.alt) == (f"{UPLOADS}/kits.jpg", "Boxes")


def test_a_picture_that_wordpress_com_serves_in_another_size_is_its_original(tmp_path):
    address = "https://i0.wp.com/old.example.org/wp-content/uploads/2014/09/kits.jpg?resize=3"

    [file] = read_one(tmp_path, f'<img src="{address}">', KITS).files

    assert (file.address, file.alt) == (f"{UPLOADS}/kits.jpg", "Boxes")


def test_no_other_address_of_a_picture_is_that_of_another_site(tmp_path):
    content = f'<img class="wp-image-31" src="{PARTNER}/kits-300x200.jpg" />'

    [file] = read_one(tmp_path, content, KITS).files

    assert (file.address, file.others) == (f"{UPLOADS}/kits.jpg", ())


@pytest.mark.parametrize(
    "content", ['<img src="//[/a.jpg">', '<a href="//[/a.pdf">x</a>', '<video src="//["></video>']
)
def test_what_is_no_address_stops_nothing(tmp_path, content):
    assert "One." in read_one(tmp_path, f"{content} One.", KITS).body


def test_a_document_at_the_path_of_ours_on_another_site_is_only_a_link(tmp_path):
    content = f'<a href="{PARTNER}/wp-content/uploads/2014/09/a.pdf">Theirs</a>'

    post = read_one(tmp_path, content)

    assert post.files == ()
    assert "Theirs</a>" in post.body


def test_a_picture_within_the_text_is_left_out_and_named(tmp_path):
    content = f'One.<img alt="A hill" src="data:image/png;base64,{"A" * 4000}">'

    post = read_one(tmp_path, content)

    assert (post.body, post.files) == ("<p>One.</p>", ())
    assert "(3 KB): A hill" in post.remarks[0].message


def test_a_smaller_copy_is_named_beside_its_original(tmp_path):
    [file] = read_one(tmp_path, f'<img src="{UPLOADS}/map-300x200.jpg" alt="A map">').files

    assert file.address == f"{UPLOADS}/map.jpg"
    assert file.others == (f"{UPLOADS}/map-300x200.jpg",)


@pytest.mark.parametrize(
    "content",
    [
        f'[caption id="a_31" width="300"]<img src="{UPLOADS}/kits.jpg" alt="Kits" /> Unloading '
        "<b>kits</b>[/caption]",
        f'[caption id="a_31" caption="Unloading kits"]<img src="{UPLOADS}/kits.jpg" alt="Kits" />'
        "[/caption]",
        f'[wp_caption]<a href="{UPLOADS}/kits.jpg"><img src="{UPLOADS}/kits-9x9.jpg" alt="Kits" />'
        "</a>Unloading kits[/wp_caption]",
        f'<figure><img src="{UPLOADS}/kits.jpg" alt="Kits"/><figcaption>Unloading kits</figcaption>'
        "</figure>",
        f'<div class="wp-caption"><img src="{UPLOADS}/kits.jpg" alt="Kits"/><p '
        'class="wp-caption-text">Unloading kits</p></div>',
    ],
)
def test_a_picture_keeps_its_caption_and_description(tmp_path, content):
    post = read_one(tmp_path, f"One.\n\n{content}\n\nTwo.", KITS)

    [file] = post.files
    assert (file.alt, file.caption) == ("Kits", "Unloading kits")
    assert post.body == "<p>One.</p>\n<p>Two.</p>"


def test_the_library_describes_a_picture_that_the_post_does_not(tmp_path):
    [file] = read_one(tmp_path, f'<img src="{UPLOADS}/kits.jpg" alt="">', KITS).files

    assert (file.alt, file.title) == ("Boxes", "kits")


def test_the_picture_of_the_post_comes_first_and_once(tmp_path):
    other = f'<img src="{UPLOADS}/other.jpg" alt="">'
    shown = f'{other}<img src="{UPLOADS}/kits-300x200.jpg" alt="Shown">'

    post = read_one(tmp_path, shown, KITS, meta={"_thumbnail_id": "31"})

    assert [(file.address, file.is_lead, file.alt) for file in post.files] == [
        (f"{UPLOADS}/kits.jpg", True, "Shown"),
        (f"{UPLOADS}/other.jpg", False, ""),
    ]


@pytest.mark.parametrize(
    ("guid", "is_taken"), [("/?p=13", True), ("/?p=14", False), ("/a/", False)]
)
def test_a_host_at_which_posts_were_written_has_pictures_of_the_site(tmp_path, guid, is_taken):
    former = "http://former.example.org"
    earlier = item("Two.", number=13, slug="b").replace(
        ">http://old.example.org/?p=13</guid>", f">{former}{guid}</guid>"
    )
    assert f"{former}{guid}</guid>" in earlier

    post = read_one(tmp_path, f'One.<img src="{former}/wp-content/uploads/a.jpg">', earlier)

    assert bool(post.files) is is_taken


@pytest.mark.parametrize(("number", "lacks"), [("31", False), ("32", True), ("0", False)])
def test_a_post_whose_own_picture_is_in_no_file_says_so(tmp_path, number, lacks):
    post = read_one(tmp_path, "One.", KITS, meta={"_thumbnail_id": number})

    told = "the export lacks the post’s own picture, number 32."
    assert (told in [remark.message for remark in post.remarks]) is lacks
    assert post.lacks is lacks


def test_a_linked_document_is_a_file_and_its_link_stays(tmp_path):
    post = read_one(tmp_path, f'<a href="{UPLOADS}/%EB%B3%B4%EA%B3%A0.hwp">The report</a>')

    assert post.files == (
        IncomingFile(f"{UPLOADS}/%EB%B3%B4%EA%B3%A0.hwp", False, title="The report"),
    )
    assert "The report</a>" in post.body


def test_the_button_below_a_file_says_nothing_more(tmp_path):
    address = f"{UPLOADS}/report.pdf"
    content = (
        f'<!-- wp:file --><div class="wp-block-file"><a href="{address}">The report</a>'
        f'<a href="{address}" class="wp-block-file__button" download>Download</a></div>'
        "<!-- /wp:file -->"
    )

    post = read_one(tmp_path, content)

    assert post.body == f'<p><a href="{address}">The report</a></p>'
    assert post.files == (IncomingFile(address, False, title="The report"),)


def test_a_document_of_another_site_is_only_a_link(tmp_path):
    post = read_one(tmp_path, '<a href="https://example.org/report.pdf">The report</a>')

    assert post.files == ()
    assert post.body == '<p><a href="https://example.org/report.pdf">The report</a></p>'


def test_a_picture_that_led_elsewhere_leaves_its_link(tmp_path):
    content = (
        f'<a href="https://example.org/campaign"><img src="{UPLOADS}/kits.jpg" alt="Kits"></a>'
    )

    post = read_one(tmp_path, content, KITS)

    assert post.body == '<p><a href="https://example.org/campaign">kits</a></p>'


def test_the_link_of_a_caption_stays_in_the_text(tmp_path):
    content = f'[caption]<img src="{UPLOADS}/kits.jpg"> By <a href="https://example.org/n">Name</a>[/caption]'

    post = read_one(tmp_path, content)

    assert post.files[0].caption == "By Name"
    assert '<a href="https://example.org/n">Name</a>' in post.body


def test_a_picture_that_only_counts_readers_is_left_out_and_named(tmp_path):
    post = read_one(tmp_path, '<img src="https://example.org/p.gif" width="1" height="1">One.')

    assert post.files == ()
    assert "https://example.org/p.gif" in post.remarks[0].message


def test_a_picture_that_no_post_shows_is_named(tmp_path):
    path = export(tmp_path, item("One."), KITS)

    [left_out] = [read for read in read_export(path) if isinstance(read, LeftOut)]

    assert (left_out.number, left_out.kind, left_out.title) == (31, "attachment", "kits")
