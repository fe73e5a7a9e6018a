"""What feed readers get of the newest releases."""

import json
import re
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from html import escape, unescape
from xml.etree import ElementTree

import pytest
from django.urls import reverse

from releases.models import Release

from .factories import NINE, MissionFactory, ReleaseContactFactory, ReleaseFactory
from .hidden import SECRET, hidden_releases
from .reading import known_edition

pytestmark = pytest.mark.django_db

ATOM = "{http://www.w3.org/2005/Atom}"
CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"
ADDRESSES = ["/feed/", "/feed/atom/", "/feed/json/"]


def titles(response) -> list[str]:
    """The headlines of a feed in its order, whatever its format."""
    if response["Content-Type"].startswith("application/feed+json"):
        return [item["title"] for item in json.loads(response.content)["items"]]
    root = ElementTree.fromstring(response.content)
    items = root.iter("item") if root.tag == "rss" else root.iter(f"{ATOM}entry")
    return [item.findtext("title") or item.findtext(f"{ATOM}title") for item in items]


def self_link(response) -> str:
    """What a feed says its own address is, whatever its format."""
    if response["Content-Type"].startswith("application/feed+json"):
        return response.json()["feed_url"]
    links = ElementTree.fromstring(response.content).iter(f"{ATOM}link")
    return next(link.get("href") for link in links if link.get("rel") == "self")


def texts(client) -> list[str]:
    """The text of the newest release in each format."""
    rss = ElementTree.fromstring(client.get("/feed/").content).find("channel/item")
    atom = ElementTree.fromstring(client.get("/feed/atom/").content).find(f"{ATOM}entry")
    item = client.get("/feed/json/").json()["items"][0]
    return [rss.findtext(CONTENT), atom.findtext(f"{ATOM}content"), item["content_html"]]


def ids(client, **extra) -> list[str]:
    """What the newest release is known by in each format."""
    rss, atom = (
        ElementTree.fromstring(client.get(address, **extra).content) for address in ADDRESSES[:2]
    )
    item = client.get("/feed/json/", **extra).json()["items"][0]
    return [
        rss.findtext("channel/item/guid"),
        atom.findtext(f"{ATOM}entry/{ATOM}id"),
        item["id"],
    ]


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("language", ["", "/en"])
def test_a_feed_names_the_newest_releases_first(client, address, language):
    old = ReleaseFactory(publish_at=NINE - timedelta(days=1))
    new = ReleaseFactory()

    response = client.get(language + address)

    assert titles(response) == [new.title_ko, old.title_ko]


@pytest.mark.parametrize("address", ADDRESSES)
def test_no_feed_tells_of_a_release_that_is_not_public(client, address):
    public = ReleaseFactory()
    hidden_releases()

    response = client.get(address)

    assert titles(response) == [public.title_ko]
    assert SECRET not in response.content.decode()


@pytest.mark.parametrize("kind", ["rss", "atom", "json"])
def test_a_mission_has_feeds_of_its_own(client, kind):
    mission = MissionFactory(slug="iraq")
    release = ReleaseFactory(mission=mission)
    ReleaseFactory()

    by_address = client.get(reverse(f"releases:mission-{kind}", args=["iraq"]))
    by_filter = client.get(reverse(f"releases:feed-{kind}"), {"mission": "iraq"})

    assert titles(by_address) == titles(by_filter) == [release.title_ko]


def test_filters_combine_in_a_feed(client):
    mission = MissionFactory(slug="iraq")
    wanted = ReleaseFactory(mission=mission, title_ko="구호 물자")
    ReleaseFactory(mission=mission)
    ReleaseFactory(title_ko="구호 물자 둘")

    response = client.get("/feed/", {"mission": "iraq", "q": "구호", "year": "2014"})

    assert titles(response) == [wanted.title_ko]


def test_a_filter_that_does_not_fit_is_refused(client):
    assert client.get("/feed/?year=abc").status_code == 400
    assert client.get("/feed/?mission=nowhere").status_code == 400
    assert client.get("/missions/nowhere/feed/").status_code == 404


def test_unknown_parameters_are_ignored(client):
    ReleaseFactory()

    assert len(titles(client.get("/feed/?utm_source=mail"))) == 1


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_feed_of_the_same_filters_is_the_same_whatever_else_stands_in_its_address(
    client, address
):
    ReleaseFactory(mission=MissionFactory(slug="iraq"))

    feeds = [
        client.get(f"{address}?{query}")
        for query in (
            "mission=iraq&year=2014",
            "utm_source=x&year=2014&foo=1&mission=iraq&q=",
            "year=%202014&mission=haiti&mission=iraq&page=2",
        )
    ]

    assert len({feed.content for feed in feeds}) == len({feed["ETag"] for feed in feeds}) == 1
    assert self_link(feeds[0]) == f"http://testserver{address}?mission=iraq&year=2014"


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_feed_without_filters_names_itself_without_a_query(client, address):
    assert self_link(client.get(f"/en{address}?fbclid=x")) == f"http://testserver/en{address}"


def test_rss_carries_the_whole_text_opened_by_its_dateline(client):
    mission = MissionFactory(name_en="Iraq")
    release = ReleaseFactory(mission=mission, body_en="<p>One.</p><p>Two &amp; a half.</p>")

    item = next(ElementTree.fromstring(client.get("/feed/").content).iter("item"))

    assert "Iraq</span> - One.</p>" in item.findtext(CONTENT)
    assert "Two &amp; a half." in item.findtext(CONTENT)
    assert item.findtext("category") == mission.name_ko
    assert parsedate_to_datetime(item.findtext("pubDate")) == release.publish_at


def test_atom_and_json_carry_the_whole_text(client):
    ReleaseFactory(body_en="<p>The last word of the text.</p>")

    atom = ElementTree.fromstring(client.get("/feed/atom/").content).find(f"{ATOM}entry")
    (item,) = client.get("/feed/json/").json()["items"]

    assert "The last word of the text." in atom.findtext(f"{ATOM}content")
    assert atom.find(f"{ATOM}content").get("type") == "html"
    assert item["content_text"] == "The last word of the text."
    assert datetime.fromisoformat(item["date_published"]) == NINE


def test_an_entry_keeps_its_id_when_its_headline_and_address_change(client):
    release = ReleaseFactory()
    before = client.get("/feed/json/").json()["items"][0]

    release.title_ko, release.slug = "새 제목", ""
    release.save()
    after = client.get("/feed/json/").json()["items"][0]

    assert after["id"] == before["id"]
    assert after["url"] != before["url"]


def test_an_entry_has_one_id_in_every_format_language_and_place(client, settings):
    settings.ALLOWED_HOSTS = ["testserver", "news.example.org"]
    ReleaseFactory()

    known = {
        *ids(client),
        *ids(client, secure=True),
        *ids(client, headers={"host": "news.example.org"}),
    }
    english = client.get("/en/feed/json/").json()["items"][0]["id"]

    assert known == {english}
    assert re.fullmatch(r"tag:[a-z.]+,2014:/releases/\d+/", english)


def test_an_atom_feed_keeps_its_id_when_the_site_moves_and_shares_it_with_no_other(client):
    ReleaseFactory(mission=MissionFactory(slug="iraq"))

    def id_of(address, **extra):
        return ElementTree.fromstring(client.get(address, **extra).content).findtext(f"{ATOM}id")

    addresses = [
        "/feed/atom/",
        "/en/feed/atom/",
        "/feed/atom/?year=2014",
        "/missions/iraq/feed/atom/",
        "/missions/iraq/feed/atom/?year=2014",
    ]
    here = [id_of(address) for address in addresses]
    assert here == [id_of(address, secure=True) for address in addresses]
    assert len(set(here)) == len(here)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("/missions/", "http://testserver/missions/"),
        ("?x=1&amp;y=2", "{release}?x=1&amp;y=2"),
        ("#more", "{release}#more"),
        ("other/", "{release}other/"),
        ("//example.org/a", "http://example.org/a"),
        ("https://example.org/?a=1&amp;b=2", "https://example.org/?a=1&amp;b=2"),
        ("mailto:desk@example.org", "mailto:desk@example.org"),
        ("tel:+8225550101", "tel:+8225550101"),
        ("http://[x", "http://[x"),
    ],
)
def test_a_link_of_a_text_leads_to_the_same_place_from_a_feed(client, written, read):
    release = ReleaseFactory()
    # The gate refuses a link that is no address; a restored backup may hold one.
    body = f'<p>See <a lang="en" href="{written}">there</a>, not href="/".</p>'
    Release.objects.filter(pk=release.pk).update(body_en=body)

    address = "http://testserver" + release.get_absolute_url(language="ko")
    for text in texts(client):
        assert f'<a lang="en" href="{read.format(release=address)}">' in text
        assert 'not href="/".' in text


def test_each_part_of_an_atom_entry_names_its_language(client):
    ReleaseFactory(title_ko="한국어 제목", summary_ko="요약", body_en="<p>Body</p>")

    for address in ("/feed/atom/", "/en/feed/atom/"):
        entry = ElementTree.fromstring(client.get(address).content).find(f"{ATOM}entry")
        languages = {
            name: entry.find(f"{ATOM}{name}").get(LANG) for name in ("title", "summary", "content")
        }
        summary = "ko" if address == "/feed/atom/" else "en"
        assert languages == {"title": "ko", "summary": summary, "content": "en"}


def test_signs_of_a_headline_and_a_summary_stand_as_written(client):
    words = "R&D <b> &amp; 1 < 2"
    ReleaseFactory(title_ko=words, summary_ko=escape(words))

    rss = ElementTree.fromstring(client.get("/feed/").content).find("channel/item")
    atom = ElementTree.fromstring(client.get("/feed/atom/").content).find(f"{ATOM}entry")
    (item,) = client.get("/feed/json/").json()["items"]

    # RSS has titles as text and descriptions as HTML.
    assert (rss.findtext("title"), unescape(rss.findtext("description"))) == (words, words)
    assert "<b>" not in rss.findtext("description")
    for name in ("title", "summary"):
        part = atom.find(f"{ATOM}{name}")
        assert (part.text, part.get("type")) == (words, "text")
    assert (item["title"], item["summary"]) == (words, words)


def test_rss_writes_signs_as_the_best_practices_profile_asks(client):
    ReleaseFactory(title_ko="R&D <b>", mission=MissionFactory(name_ko="A & B"))

    written = client.get("/feed/").content.decode()

    assert "<title>R&#x26;D &#x3C;b&#x3E;</title>" in written
    assert "<category>A &#x26; B</category>" in written
    assert not re.search("&(amp|lt|gt);", written)


def test_an_entry_leads_to_a_language_in_which_the_release_exists(client):
    release = ReleaseFactory(title_ko="", title_en="Only English")

    (item,) = client.get("/feed/json/").json()["items"]

    assert item["url"].endswith(release.get_absolute_url(language="en"))
    assert item["language"] == "en"


@pytest.mark.parametrize("address", ADDRESSES)
def test_an_unchanged_feed_is_not_sent_again(client, address):
    ReleaseFactory()
    first = client.get(address)

    assert client.get(address, headers={"If-None-Match": first["ETag"]}).status_code == 304


@pytest.mark.parametrize("address", ADDRESSES)
def test_an_empty_feed_is_the_same_every_time(client, address):
    assert client.get(address).content == client.get(address).content


@pytest.mark.parametrize("address", ADDRESSES)
def test_hostile_text_cannot_break_a_feed(client, address):
    release = ReleaseFactory(title_ko="]]> <script>alert(1)</script> & 끝")
    # Past the fields that clean, as a restored backup may go.
    Release.objects.filter(pk=release.pk).update(body_en="<p>bell \x07 ]]></p>")

    response = client.get(address)

    assert titles(response) == ["]]> <script>alert(1)</script> & 끝"]
    assert b"<script>alert" not in response.content or address == "/feed/json/"


@pytest.mark.parametrize("number", [1, 30])
def test_a_feed_costs_the_same_however_many_releases(client, django_assert_num_queries, number):
    for release in ReleaseFactory.create_batch(number, mission=MissionFactory()):
        ReleaseContactFactory(release=release)

    with known_edition(), django_assert_num_queries(2):  # releases, pictures
        client.get("/feed/")


def test_pages_name_their_feeds(client):
    page = client.get("/en/").content.decode()

    for address in ADDRESSES:
        assert f'href="/en{address}"' in page


@pytest.mark.parametrize("address", ["/feed/", "/feed/atom/", "/missions/iraq/feed/"])
def test_a_mission_with_a_control_character_in_its_name_cannot_break_a_feed(client, address):
    ReleaseFactory(mission=MissionFactory(slug="iraq", name_ko="이라\x07크"))

    assert len(titles(client.get(address))) == 1
