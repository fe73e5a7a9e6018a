"""What search engines are led to."""

import re
import time
from datetime import timedelta
from xml.etree import ElementTree

import pytest
from django.utils import timezone
from django.utils.http import http_date

from releases import workflow
from releases.models import Release

from .factories import NINE, MissionFactory, ReleaseFactory
from .hidden import SECRET, hidden_releases
from .reading import known_edition

pytestmark = pytest.mark.django_db

MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
NEWS = "{http://www.google.com/schemas/sitemap-news/0.9}"
XHTML = "{http://www.w3.org/1999/xhtml}"


def section(client, name: str) -> list[ElementTree.Element]:
    """The <url> elements of a section of the site map."""
    return list(ElementTree.fromstring(client.get(f"/sitemap-{name}.xml").content))


def address_of(url: ElementTree.Element) -> str:
    return url.findtext(f"{MAP}loc").removeprefix("http://testserver")


def test_robots_are_kept_from_the_desk_and_shown_the_site_map(client):
    text = client.get("/robots.txt").content.decode()

    assert "Disallow: /admin/" in text
    assert "Sitemap: http://testserver/sitemap.xml" in text


def sections(client) -> list[str]:
    """The addresses that the index of the site map names, in the alphabet."""
    index = client.get("/sitemap.xml").content.decode()
    return sorted(re.findall(r"<loc>http://testserver(.+?)</loc>", index))


def test_the_site_map_names_a_section_for_each_kind_of_page_and_language(client):
    ReleaseFactory(mission=MissionFactory())

    kinds = ("releases", "missions", "pages")
    assert sections(client) == sorted(
        f"/sitemap-{k}-{lang}.xml" for k in kinds for lang in ("ko", "en")
    )


def test_a_section_without_an_address_is_neither_named_nor_there(client):
    ReleaseFactory(body_en="", body_ko="<p>본문</p>")  # in Korean only, of no mission

    assert sections(client) == [
        "/sitemap-pages-en.xml",
        "/sitemap-pages-ko.xml",
        "/sitemap-releases-ko.xml",
    ]
    assert client.get("/sitemap-releases-en.xml").status_code == 404
    assert client.get("/sitemap-missions-ko.xml").status_code == 404


@pytest.mark.parametrize("address", ["/sitemap.xml", "/sitemap-releases-ko.xml"])
def test_a_withdrawal_is_seen_by_whoever_asks_again(client, address):
    ReleaseFactory(publish_at=NINE - timedelta(days=1))
    last = ReleaseFactory()
    first = client.get(address)
    assert client.get(address, headers={"If-None-Match": first["ETag"]}).status_code == 304

    workflow.withdraw(last, reason_ko="오류")
    since = {"If-Modified-Since": http_date(time.time())}

    assert "Last-Modified" not in first
    assert client.get(address, headers=since).status_code == 200


def test_a_control_character_in_a_headline_cannot_break_the_site_map(client):
    release = ReleaseFactory(publish_at=timezone.now())
    # Past the fields that clean, as a restored backup may go.
    Release.objects.filter(pk=release.pk).update(title_ko="종\x07소리")

    assert len(section(client, "releases-ko")) == 1


def test_a_release_stands_under_each_language_in_which_it_exists(client):
    both = ReleaseFactory()  # Korean headline, English text
    korean = ReleaseFactory(body_en="", body_ko="<p>본문</p>")

    assert [address_of(u) for u in section(client, "releases-ko")] == [
        korean.get_absolute_url(language="ko"),
        both.get_absolute_url(language="ko"),
    ]
    (url,) = section(client, "releases-en")
    assert address_of(url) == both.get_absolute_url(language="en")
    assert {a.get("hreflang") for a in url.iter(f"{XHTML}link")} == {"ko", "en"}


def test_what_is_not_public_is_on_no_map(client):
    hidden_releases(mission=MissionFactory(slug="secret-mission"))

    for name in ("releases-ko", "releases-en", "missions-ko", "missions-en"):
        assert client.get(f"/sitemap-{name}.xml").status_code == 404
    assert SECRET not in client.get("/sitemap.xml").content.decode()


def test_only_releases_of_the_last_two_days_are_news(client):
    ReleaseFactory(title_ko="어제 소식", publish_at=timezone.now() - timedelta(hours=47))
    ReleaseFactory(publish_at=timezone.now() - timedelta(hours=49))

    news = [url for url in section(client, "releases-ko") if url.find(f"{NEWS}news") is not None]

    assert [url.findtext(f"{NEWS}news/{NEWS}title") for url in news] == ["어제 소식"]


def test_missions_with_public_releases_are_on_the_map(client):
    mission = MissionFactory()
    MissionFactory()
    ReleaseFactory(mission=mission)

    assert [address_of(url) for url in section(client, "missions-ko")] == [
        f"/missions/{mission.slug}/"
    ]


@pytest.mark.parametrize("number", [1, 30])
def test_a_section_costs_the_same_however_long(client, django_assert_num_queries, number):
    ReleaseFactory.create_batch(number)

    with known_edition(), django_assert_num_queries(3):  # count, keys, page
        client.get("/sitemap-releases-ko.xml")


def test_a_home_screen_gets_a_name_and_icons(client):
    korean, english = (
        client.get("/manifest.webmanifest").json(),
        client.get("/en/manifest.webmanifest").json(),
    )

    assert (korean["lang"], korean["start_url"]) == ("ko", "/")
    assert (english["lang"], english["start_url"]) == ("en", "/en/")
    assert {icon["sizes"] for icon in korean["icons"]} == {"192x192", "512x512"}


def test_a_browser_finds_an_icon_where_it_looks_for_one(client):
    response = client.get("/favicon.ico")

    assert response.status_code == 302
    assert response["Location"].endswith("favicon.ico")
