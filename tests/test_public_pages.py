"""What every public page keeps: the same for everyone, nothing that runs, nothing remembered."""

import re
from urllib.parse import quote

import pytest

from .corrected import correct
from .factories import (
    MissionFactory,
    PressContactFactory,
    ReleaseContactFactory,
    ReleaseFactory,
)
from .reading import read
from .uploads import picture_of

PAGES = {
    "listing": "/",
    "found": f"/?q={quote('없는낱말')}&month=9",
    "release": "/releases/1/relief/",
    "plain text": "/releases/1/relief.txt",
    "missions": "/missions/",
    "mission": "/missions/iraq/",
    "contacts": "/contacts/",
    "api": "/api/",
}
MACHINES = {
    "feed": "/feed/",
    "atom": "/feed/atom/",
    "json": "/missions/iraq/feed/json/",
    "table": "/releases.csv",
    "address book": "/releases/1/contacts/0.vcf",
}
WRONG = {
    "moved release": "/releases/1/",
    "no such release": "/releases/999999/",
    "no such page": "/nowhere/",
    "bad filter": "/?month=13",
}
ONE_LANGUAGE = ["/api/releases/", "/sitemap.xml", "/robots.txt", "/theme.css", "/favicon.ico"]
READ = {name: address for name, address in PAGES.items() if name != "plain text"}
NAMING = ("canonical", "alternate", "prev", "next")  # links that name an address, and load none


def each(addresses):
    """A parameter `address` for each of these, in Korean and in English."""
    return pytest.mark.parametrize(
        "address",
        [
            pytest.param(prefix + address, id=f"{name}, {language}")
            for name, address in addresses.items()
            for language, prefix in (("ko", ""), ("en", "/en"))
        ],
    )


@pytest.fixture(autouse=True)
def _newsroom(db):
    iraq = MissionFactory(slug="iraq")
    release = ReleaseFactory(pk=1, slug="relief", mission=iraq)
    entry = PressContactFactory(mission=iraq)
    ReleaseContactFactory(release=release, contact=entry, position=0)


@each(PAGES | MACHINES)
def test_a_public_page_is_there(client, address):
    assert client.get(address).status_code == 200


def test_what_stands_side_by_side_does_not_run_together_where_it_is_read_without_style(client):
    release = ReleaseFactory(mission=MissionFactory(name_ko="이집트"))
    correct(release)
    picture_of(release, caption_ko="구호 물자", credit="사진: 홍보실")

    card = read(client.get("/")).all("article", class_="card")[0]
    page = read(client.get(release.get_absolute_url()))

    assert card.one("p", class_="card-facts").words == "정정 이집트 조회 0"
    assert page.one("figcaption").words == "구호 물자 사진: 홍보실 원본 내려받기"


def is_the_same_for_everyone(response):
    varies = response.get("Vary", "").lower()
    return not response.cookies and "cookie" not in varies and "accept-language" not in varies


@each(PAGES | MACHINES | WRONG)
def test_a_public_page_sets_no_cookie_and_is_the_same_for_everyone(client, address):
    assert is_the_same_for_everyone(client.get(address, headers={"Accept-Language": "en"}))


@pytest.mark.parametrize("address", ONE_LANGUAGE)
def test_so_does_what_has_one_address_for_both_languages(client, address):
    assert is_the_same_for_everyone(client.get(address, headers={"Accept-Language": "en"}))


@each(PAGES | WRONG)
def test_a_public_page_makes_nothing_of_what_a_browser_says_of_its_reader(client, address):
    plain = client.get(address)

    client.cookies["django_language"] = "en"
    client.cookies["theme"] = "dark"
    told = client.get(address, headers={"Accept-Language": "en"})

    assert told.content == plain.content
    assert told["Content-Language"] == ("en" if address.startswith("/en") else "ko")


@each(PAGES | MACHINES | WRONG)
def test_a_public_page_may_run_and_load_only_what_the_site_itself_serves(client, address):
    response = client.get(address)

    policy = response["Content-Security-Policy"]
    rules = {rule.split()[0]: rule.split()[1:] for rule in policy.split(";")}
    assert rules["default-src"] == ["'none'"]
    assert rules["script-src"] == rules["style-src"] == ["'self'"]
    assert rules["object-src"] == rules["base-uri"] == rules["frame-ancestors"] == ["'none'"]
    assert "unsafe" not in policy
    assert "camera=()" in response["Permissions-Policy"]


@each(READ)
def test_a_public_page_carries_no_script_style_or_request_to_elsewhere(client, address):
    page = read(client.get(address))

    assert not page.all("style")
    assert not page.all(style=...)
    assert not [e for e in page.all() if any(name.startswith("on") for name in e.attributes)]
    for script in page.all("script"):
        assert script["src"].startswith("/static/js/") or script["type"] == "application/ld+json"
    loaded = [e["src"] for e in page.all(src=...)]
    loaded += [link["href"] for link in page.all("link") if link["rel"] not in NAMING]
    assert all(re.match("/(?!/)", address) for address in loaded)


@each(READ)
def test_a_public_page_is_whole(client, address):
    page = read(client.get(address))

    assert page.one("html")["lang"] == ("en" if address.startswith("/en") else "ko")
    assert page.one("main")["id"] == "main"
    assert page.one("a", class_="skip")["href"] == "#main"
    assert page.one("h1").words
    assert page.one("title").words
    assert page.one("meta", name="description")["content"]
    ids = [element["id"] for element in page.all(id=...)]
    assert len(ids) == len(set(ids))


@each(READ)
def test_a_public_page_leads_to_itself_in_the_other_language_and_back(client, address):
    other = read(client.get(address)).one("a", class_="language")

    page = read(client.get(other["href"]))

    assert page.one("html")["lang"] == other["lang"] == other["hreflang"]
    back = page.one("a", class_="language")["href"]
    assert client.get(back).content == client.get(address).content


@each(PAGES | MACHINES)
def test_a_machine_may_ask_for_the_head_alone(client, address):
    head, whole = client.head(address), client.get(address)

    assert head.status_code == 200
    assert head.content == b""
    assert head["Content-Type"] == whole["Content-Type"]


@each(PAGES | MACHINES)
@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_nothing_can_be_sent_to_a_public_page(client, address, method):
    assert getattr(client, method)(address).status_code == 405


@each(PAGES)
def test_a_page_that_has_not_changed_is_not_sent_again(client, address):
    first = client.get(address)

    again = client.get(address, headers={"If-None-Match": first["ETag"]})

    assert (again.status_code, again.content) == (304, b"")


@each(PAGES | MACHINES)
def test_the_head_alone_names_the_version_and_may_be_asked_for_again(client, address):
    etag = client.get(address)["ETag"]

    assert client.head(address)["ETag"] == etag
    again = client.head(address, headers={"If-None-Match": etag})
    assert (again.status_code, again["ETag"]) == (304, etag)


@pytest.mark.parametrize("address", ["/api/releases/", "/api/releases/1/", "/sitemap.xml"])
def test_so_does_the_head_of_what_has_one_address(client, address):
    etag = client.get(address)["ETag"]

    assert client.head(address)["ETag"] == etag
    assert client.head(address, headers={"If-None-Match": etag}).status_code == 304


@each(READ)
def test_a_public_page_says_what_it_is_where_it_is_shared(client, address, settings):
    page = read(client.get(address))

    told = {meta["property"]: meta["content"] for meta in page.all("meta", property=...)}
    assert told["og:site_name"] == settings.SITE_NAME
    assert page.one("title").words.startswith(told["og:title"])
    assert told["og:title"] != settings.SITE_NAME
    assert told["og:description"] == page.one("meta", name="description")["content"]
    assert told["og:image"] == "http://testserver/static/icons/og.png"
    assert told["og:type"] == ("article" if "/releases/" in address else "website")
