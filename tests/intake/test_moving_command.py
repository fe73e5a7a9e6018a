"""`manage.py import_releases` with an export of WordPress: what it says, reports and leaves."""

import csv
import io
import json
import re
import sys
import unicodedata
from html.parser import HTMLParser
from urllib.request import Request

import pytest
from django.core.management import call_command
from django.utils import translation

from releases.intake import media
from releases.intake.report import Report, Tally
from releases.management import progress
from releases.management.progress import BACK, Progress
from releases.models import OldAddress, Picture, Release, State
from tests.factories import MissionFactory, ReleaseFactory
from tests.uploads import image

from .test_import_command import run
from .test_saving import everything
from .texts import A_RELEASE
from .wordpress.exports import attachment, export, item

pytestmark = pytest.mark.django_db

TEXT = "<p>Iraq - The office delivered winter kits to two towns.</p><p>A convoy follows.</p>"
PICTURE = "http://old.example.org/wp-content/uploads/2014/09/road.jpg"


@pytest.fixture
def path(tmp_path):
    """A small export: a public post, a draft, a page, a menu, and a picture of the first."""
    shown = f'{TEXT}<p><img class="wp-image-30" src="{PICTURE}" alt="A road"></p>'
    return export(
        tmp_path,
        item(shown, number=12, meta={"views": "234"}),
        item(TEXT, number=13, title="To come", status="draft", slug="to-come"),
        item("<p>About us.</p>", number=14, title="About", kind="page", slug="about"),
        item("", number=15, title="Menu", kind="nav_menu_item"),
        attachment(30, PICTURE, title="road", parent=12),
    )


def test_an_export_is_known_by_itself_and_told_item_by_item(path):
    done = run(path, "--create-missions")

    assert done.failure == ""
    assert "created: post 12: Winter kits reach two towns\n" in done.out
    assert "created: post 13: To come\n" in done.out
    assert "left out: page 14: About\n" in done.out
    assert re.search(r"2 created, \d left out\n", done.out)
    states = Release.objects.order_by("source_key").values_list("title_en", flat=True)
    assert list(states) == ["Winter kits reach two towns", "To come"]
    release = Release.objects.get(title_en__startswith="Winter")
    assert (release.state, release.mission.name_en, release.views) == (State.PUBLIC, "Iraq", 234)


def test_pages_and_media_come_on_demand(path, tmp_path):
    folder = tmp_path / "uploads/2014/09"
    folder.mkdir(parents=True)
    (folder / "road.jpg").write_bytes(image((64, 48)))

    done = run(path, "--with-pages", "--media-from", tmp_path / "uploads", "--format", "wordpress")

    assert "created: page 14: About" in done.out
    assert Picture.objects.get().alt_en == "A road"


@pytest.mark.parametrize("names", [("a.xml", "b.xml"), ("b.xml", "a.xml")])
def test_files_of_one_site_know_each_others_pictures_and_posts(client, tmp_path, names):
    (tmp_path / "uploads/2014/09").mkdir(parents=True)
    (tmp_path / "uploads/2014/09/road.jpg").write_bytes(image((64, 48)))
    (tmp_path / "uploads/2014/09/map.jpg").write_bytes(image((32, 24)))
    shows = item(TEXT, number=12, meta={"_thumbnail_id": "30"}, slug="a")
    sent = attachment(30, PICTURE, parent=12, meta={"_wp_attachment_image_alt": "A road"})
    loose = attachment(31, PICTURE.replace("road", "map"), title="A map")
    shows_loose = item(f"{TEXT}[gallery ids=31]", number=13, title="Map", slug="b")
    export(tmp_path, shows, shows_loose, name="a.xml")
    export(tmp_path, sent, loose, attachment(32, PICTURE.replace("road", "no")), name="b.xml")

    done = run(*(tmp_path / name for name in names), "--media-from", tmp_path / "uploads")

    assert done.failure == ""
    assert done.out.count("no post that came shows it") == 1
    assert set(Picture.objects.values_list("alt_en", flat=True)) == {"A road", "A map"}
    first, second = Release.objects.order_by("title_en")[::-1]
    for address, release in (("/?attachment_id=30", first), ("/?attachment_id=31", second)):
        assert client.get(address)["Location"] == release.get_absolute_url()


def test_a_file_of_a_site_that_cannot_be_read_costs_no_other(path, tmp_path):
    broken = tmp_path / "broken.xml"
    broken.write_text("<rss><channel>")

    done = run(broken, path, "--format", "wordpress")

    assert "1 problem" in done.failure
    assert Release.objects.count() == 2


def test_a_page_of_pictures_alone_comes_and_waits_for_a_text(tmp_path):
    shown = f'<img class="wp-image-30" src="{PICTURE}" alt="A road">'
    path = export(
        tmp_path,
        item(shown, number=14, title="Pictures", kind="page", slug="pictures"),
        attachment(30, PICTURE, title="road", parent=14),
    )
    folder = tmp_path / "uploads/2014/09"
    folder.mkdir(parents=True)
    (folder / "road.jpg").write_bytes(image((64, 48)))

    done = run(path, "--with-pages", "--media-from", tmp_path / "uploads")

    assert "it has no text, which a public release needs: it waits for review." in done.out
    release = Release.objects.get()
    assert (release.state, release.pictures.get().alt_en) == (State.IN_REVIEW, "A road")


def test_a_second_run_says_that_nothing_changed_and_changes_nothing(path):
    run(path)
    before = everything()

    done = run(path)

    assert re.search(r"2 unchanged, \d left out\n", done.out)
    assert everything() == before


def test_a_dry_run_saves_nothing(path):
    before = everything()

    done = run(path, "--dry-run")

    assert "2 created" in done.out
    assert done.out.endswith("Nothing was saved: this was a dry run.\n")
    assert everything() == before


def test_a_refused_item_is_a_problem_and_the_others_come(tmp_path):
    path = export(tmp_path, item(TEXT, number=12, title="x" * 301), item(TEXT, number=13))

    done = run(path)

    assert done.failure == "1 problem: see above."
    assert "refused: post 12" in done.err
    assert Release.objects.count() == 1


def test_a_mapping_says_what_categories_stand_for(path, tmp_path):
    more = '<category domain="category" nicename="me"><![CDATA[중동]]></category>'
    path = export(tmp_path, item("<p>Two towns.</p>", number=12, more=more))
    mission = MissionFactory(slug="iraq")
    assert "stand for no mission (--map says which do): 중동 (1)" in run(path).out

    (tmp_path / "map.csv").write_text("term,mission\n중동,iraq\n")
    done = run(path, "--map", tmp_path / "map.csv")

    assert "1 updated" in done.out
    assert "중동" not in done.out
    assert Release.objects.get().mission == mission


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("map.csv", "중동,iraq\n아시아\n", "line 2: expected two columns"),
        ("map.csv", "중동,iraq\n", "no mission has the address “iraq”"),
        ("map.json", '{"중동": 3}', "must stand for the address of a mission"),
        ("map.json", '{"중동": "x",\n}', "line 2"),
        ("map.csv", "", "empty"),
    ],
)
def test_a_mapping_that_cannot_be_followed_stops_the_run(path, tmp_path, name, text, told):
    (tmp_path / name).write_text(text)

    done = run(path, "--map", tmp_path / name)

    assert told in done.failure
    assert not Release.objects.exists()


def test_a_mapping_can_pass_over_a_category(path, tmp_path):
    (tmp_path / "map.json").write_text('{"이라크": null, "x": ""}')

    assert run(path, "--map", tmp_path / "map.json").failure == ""


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--report", "report.pdf"], "A report ends in one of"),
        (["--report", "nowhere/report.txt"], "nowhere is no folder"),
        (["--media-from", "nowhere"], "nowhere is no folder"),
    ],
)
def test_an_option_that_cannot_be_followed_stops_the_run(path, options, told):
    done = run(path, *options)

    assert told in done.failure
    assert not Release.objects.exists()


def test_a_report_tells_of_releases_from_text_as_well(tmp_path):
    (tmp_path / "releases.txt").write_text(A_RELEASE)

    run(tmp_path / "releases.txt", "--report", tmp_path / "report.txt")
    run(tmp_path / "releases.txt", "--report", tmp_path / "report.json")

    told = (tmp_path / "report.txt").read_text()
    assert told.startswith("line 1: created: 사무소, 겨울 물품 전달\n")
    assert "\n1 created\nwords: 51 = text " in told
    assert told.endswith("; on our page 19\n")
    [told] = json.loads((tmp_path / "report.json").read_text())["items"]
    assert (told["outcome"], told["release"]) == ("unchanged", Release.objects.get().pk)


def test_a_file_that_is_no_export_is_refused(tmp_path):
    (tmp_path / "a.xml").write_text("A text")

    done = run(tmp_path / "a.xml", "--format", "wordpress")

    assert done.failure


# Other sources


def test_a_table_a_feed_and_saved_pages_come_in_by_the_same_command(tmp_path):
    table = tmp_path / "releases.csv"
    table.write_text("title,body,date\nWinter kits,The office delivered kits.,2014-09-09\n")
    feed = tmp_path / "feed.xml"
    feed.write_text(
        '<rss version="2.0"><channel><title>Old</title><link>http://old.example.org</link>'
        "<item><title>A convoy</title><link>http://old.example.org/?p=9</link>"
        "<description>It follows in October.</description>"
        "<pubDate>Tue, 09 Sep 2014 00:00:00 +0000</pubDate></item></channel></rss>"
    )
    folder = tmp_path / "pages"
    folder.mkdir()
    (folder / "a.html").write_text(
        '<html><head><title>A page</title><meta name="date" content="2014-09-10"></head>'
        "<body><article><h1>A page</h1><p>With a text of its own.</p></article></body></html>"
    )

    done = run(table, feed, folder)

    assert (done.err, done.failure) == ("", "")
    assert "3 created" in done.out
    titles = Release.objects.order_by("title_en").values_list("title_en", flat=True)
    assert list(titles) == ["A convoy", "A page", "Winter kits"]
    assert "3 unchanged" in run(table, feed, folder).out


# Reports


def test_a_report_as_text_has_each_item_with_its_words(path, tmp_path):
    run(path, "--report", tmp_path / "report.txt")

    text = (tmp_path / "report.txt").read_text()
    assert re.search(r"created: post 12: Winter kits reach two towns\n    /releases/\d+/", text)
    assert re.search(r"words: \d+ = text \d+, .*; on our page \d+", text)
    assert "left out: nav_menu_item 15: Menu" in text
    assert not list(tmp_path.glob(".*unfinished"))


def test_a_report_as_json_can_be_read_by_a_program(path, tmp_path):
    run(path, "--report", tmp_path / "report.json")

    report = json.loads((tmp_path / "report.json").read_text())
    first = next(each for each in report["items"] if each["number"] == 12)
    assert (first["outcome"], first["kind"]) == ("created", "post")
    assert first["words"]["lost"] == []
    aside = sum(first["words"]["aside"].values())
    assert first["words"]["source"] == first["words"]["page"] + aside
    assert report["summary"]["items"]["created"] == 2


def test_a_report_of_nothing_is_json_too(tmp_path):
    with Report(tmp_path / "report.json") as report:
        report.finish(Tally())

    assert json.loads((tmp_path / "report.json").read_text())["items"] == []


def test_a_report_as_a_page_runs_nothing_that_came_in(tmp_path):
    path = export(tmp_path, item(TEXT, title="A &lt;script&gt;alert(1)&lt;/script&gt; B"))

    run(path, "--report", tmp_path / "report.html")

    page = (tmp_path / "report.html").read_text()
    tags = []
    reader = HTMLParser()
    reader.handle_starttag = lambda tag, _attributes: tags.append(tag)
    reader.feed(page)
    assert "script" not in tags
    assert tags.count("tr") >= 2


def test_a_run_that_fails_leaves_no_half_of_a_report(tmp_path):
    (tmp_path / "report.txt").write_text("the last one")
    path = export(tmp_path, item(TEXT))
    (tmp_path / "map.csv").write_text("중동,nowhere\n")

    run(path, "--report", tmp_path / "report.txt", "--map", tmp_path / "map.csv")

    assert (tmp_path / "report.txt").read_text() == "the last one"


# Watching


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_terminal_shows_how_far_it_is_and_how_long_it_takes():
    times = iter([0.0, 30.0, 30.0])
    stream = Terminal()
    bar = Progress(stream, 4, clock=lambda: next(times))

    with translation.override("en"):
        bar.step()
        bar.hide()

    assert stream.getvalue() == f"{BACK}[#######.......................] 1 of 4, 1:30 left{BACK}"


# A takeout is of one moment, which has a transaction of its own.
WHOLE = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("kind", ["wordpress", "text", "csv", pytest.param("takeout", marks=WHOLE)])
def test_a_terminal_shows_the_bar_for_every_kind_of_file(tmp_path, monkeypatch, kind):
    table = "title,body,date\nOne,Text.,2014-09-09\nTwo,Text.,2014-09-10\n"
    if kind == "wordpress":
        path = export(tmp_path, item(TEXT), item(TEXT, number=13))
    elif kind == "takeout":
        path = tmp_path / "newsroom.zip"
        ReleaseFactory.create_batch(2)
        call_command("takeout", "--to", str(path), stdout=io.StringIO())
    else:
        path = tmp_path / f"releases.{'csv' if kind == 'csv' else 'txt'}"
        path.write_text(table if kind == "csv" else A_RELEASE + A_RELEASE.replace("겨울", "여름"))
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setattr(progress, "EVERY", 0)

    run(path)

    assert "1 of 2, " in terminal.getvalue()
    assert "2 of 2, 0:00 left" in terminal.getvalue()


def test_no_bar_is_drawn_into_a_file():
    stream = io.StringIO()
    bar = Progress(stream, 4)

    bar.step()
    bar.hide()

    assert stream.getvalue() == ""


# Media


@pytest.mark.parametrize(
    "address",
    [
        "http://old.example.org/wp-content/uploads/../../secret.txt",
        "http://old.example.org/wp-content/uploads/%2e%2e/secret.txt",
        "http://old.example.org/wp-content/uploads/link.txt",
        "http://old.example.org/wp-content/uploads/",
        "http://[",
        "http://old.example.org/wp-content/uploads/a%00.txt",
        "http://old.example.org/" + "a" * 5000,
    ],
)
def test_no_address_leads_out_of_the_folder_of_uploads(tmp_path, address):
    (tmp_path / "secret.txt").write_text("secret")
    (tmp_path / "uploads").mkdir()
    (tmp_path / "uploads/link.txt").symlink_to(tmp_path / "secret.txt")

    with media.Folder(tmp_path / "uploads").opened(address) as opened:
        assert opened is None


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_a_korean_name_is_found_in_either_form(tmp_path, form):
    (tmp_path / unicodedata.normalize(form, "길.jpg")).write_bytes(b"x")

    assert media.Folder(tmp_path).has("http://old.example.org/wp-content/uploads/%EA%B8%B8.jpg")


def test_what_is_served_is_fetched_below_its_prefix_alone(live_server, settings, tmp_path):
    # A server that answers at one address and leads away at another.
    from releases.models import Attachment
    from tests.factories import ReleaseFactory
    from tests.uploads import PDF, file_of

    release = ReleaseFactory()
    file = file_of(release, name="a.pdf")
    OldAddress.objects.create(address="/moved/b.pdf", path=file.url)
    site = media.media_from(f"{live_server.url}/releases/{release.pk}/files")

    with site.opened(f"http://old.example.org/wp-content/uploads/{file.pk}/a.pdf") as opened:
        assert opened.read() == PDF
    with site.opened("http://old.example.org/wp-content/uploads/9/none.pdf") as opened:
        assert opened is None
    assert Attachment.objects.count() == 1


@pytest.mark.parametrize(
    ("before", "after", "is_followed"),
    [
        ("http://old.example.org/a.jpg", "http://old.example.org/b.jpg", True),
        ("http://old.example.org/a.jpg", "https://old.example.org/a.jpg", True),
        ("http://old.example.org:80/a.jpg", "https://OLD.example.org:443/a.jpg", True),
        ("https://old.example.org/a.jpg", "http://old.example.org/a.jpg", False),
        ("http://old.example.org:8000/a.jpg", "https://old.example.org/a.jpg", False),
        ("http://old.example.org/a.jpg", "https://old.example.org:8443/a.jpg", False),
        ("http://old.example.org/a.jpg", "https://other.example.org/a.jpg", False),
        ("http://old.example.org/a.jpg", "ftp://old.example.org/a.jpg", False),
    ],
)
def test_a_redirect_is_followed_to_the_same_host_and_to_its_https(before, after, is_followed):
    asked = media._Stay().redirect_request(Request(before), None, 301, "", {}, after)

    assert (asked is not None) == is_followed


def test_a_mapping_for_all_terms_can_be_written_by_a_spreadsheet(tmp_path):
    from releases.intake.mapping import read_mapping

    out = io.StringIO()
    csv.writer(out).writerows([["Term", "Mission"], ["중동, 북아프리카", "iraq"], ["x", ""]])
    (tmp_path / "map.csv").write_bytes(b"\xef\xbb\xbf" + out.getvalue().encode())

    assert read_mapping(tmp_path / "map.csv") == {"중동, 북아프리카": "iraq", "x": ""}
