"""What feed readers get of the newest releases."""

import json
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from xml.etree import ElementTree

import pytest
from django.urls import reverse

from releases.models import Release

from .factories import NINE, MissionFactory, ReleaseContactFactory, ReleaseFactory
from .hidden import SECRET, hidden_releases

pytestmark = pytest.mark.django_db

ATOM = "{http://www.w3.org/2005/Atom}"
CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"
ADDRESSES = ["/feed/", "/feed/atom/", "/feed/json/"]


def titles(response) -> list[str]:
    """The headlines of a feed in its order, whatever its format."""
    if response["Content-Type"].startswith("application/feed+json"):
        return [item["title"] for item in json.loads(response.content)["items"]]
    root = ElementTree.fromstring(response.content)
    items = root.iter("item") if root.tag == "rss" else root.iter(f"{ATOM}entry")
    return [item.findtext("title") or item.findtext(f"{ATOM}title") for item in items]


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

    with django_assert_num_queries(1):
        client.get("/feed/")


def test_pages_name_their_feeds(client):
    page = client.get("/en/").content.decode()

    for address in ADDRESSES:
        assert f'href="/en{address}"' in page


@pytest.mark.parametrize("address", ["/feed/", "/feed/atom/", "/missions/iraq/feed/"])
def test_a_mission_with_a_control_character_in_its_name_cannot_break_a_feed(client, address):
    ReleaseFactory(mission=MissionFactory(slug="iraq", name_ko="이라\x07크"))

    assert len(titles(client.get(address))) == 1
