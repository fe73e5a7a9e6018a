"""The guide to the desk: who reaches it, and that it speaks of the desk as it is."""

import re

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.utils.translation import trans_real

from tests.factories import ReleaseFactory
from tests.reading import read

from .keeping import at_desk

pytestmark = pytest.mark.django_db

GUIDE = "/admin/guide/"
PICTURES = settings.BASE_DIR / "docs/guide/pictures"


@pytest.fixture
def guide(admin_client):
    return read(admin_client.get(GUIDE)).one("div", class_="guide")


@pytest.mark.parametrize("desk", ["/admin/", "/en/admin/"])
def test_a_stranger_is_asked_to_sign_in(client, desk):
    response = client.get(f"{desk}guide/")

    assert response.status_code == 302
    assert response["Location"] == f"{desk}login/?next={desk}guide/"


def test_who_may_do_nothing_yet_reads_it(django_user_model):
    newcomer = at_desk(django_user_model.objects.create_user("newcomer", is_staff=True))

    assert newcomer.get(GUIDE).status_code == 200


@pytest.mark.parametrize("desk", ["/admin/", "/en/admin/"])
@pytest.mark.parametrize(
    "address",
    [
        "",
        "releases/release/",
        "releases/release/add/",
        "releases/release/{}/change/",
        "releases/release/{}/history/",
        "releases/release/{}/preview/",
        "releases/release/{}/step/withdraw/",
        "releases/release/calendar/",
        "releases/release/paste/",
        "releases/release/deleted/",
        "contacts/presscontact/",
        "auth/user/",
        "password_change/",
        "guide/",
    ],
)
def test_every_page_of_the_desk_leads_to_the_guide(admin_client, desk, address):
    page = read(admin_client.get(desk + address.format(ReleaseFactory().pk)))

    assert page.one("div", id="user-tools").one("a", href=f"{desk}guide/")


def test_the_first_page_has_a_door_to_it(admin_client):
    assert read(admin_client.get("/admin/")).one("a", class_="door", href=GUIDE)


def test_the_english_desk_says_that_it_is_in_korean(admin_client):
    guide = read(admin_client.get("/en/admin/guide/")).one("div", class_="guide")

    assert guide.one("h2", id="start").lang == "ko"
    assert guide.one("a", hreflang="ko")["href"] == GUIDE


def test_its_anchors_lead_somewhere_and_every_section_stands_in_the_contents(guide):
    named = [element["id"] for element in guide.all(id=...)]
    anchors = {link["href"].removeprefix("#") for link in guide.all("a")}
    contents = [link["href"].removeprefix("#") for link in guide.one("nav").all("a")]

    assert len(named) == len(set(named))
    assert anchors <= set(named)
    assert contents == [heading["id"] for heading in guide.all("h2")[1:]]


def test_it_shows_every_picture_and_no_other(guide):
    shown = [picture["src"].removeprefix(settings.STATIC_URL) for picture in guide.all("img")]

    assert all(picture["alt"] for picture in guide.all("img"))
    assert all(finders.find(path) for path in shown)
    assert sorted(shown) == sorted(f"guide/{file.name}" for file in PICTURES.iterdir())


def test_its_pictures_are_light():
    sizes = [file.stat().st_size for file in PICTURES.iterdir()]

    assert max(sizes) < 80_000  # bytes
    assert sum(sizes) < 700_000


def test_the_english_desk_has_moving_in_in_english(admin_client):
    page = read(admin_client.get("/en/admin/guide/"))
    english = page.one("section", **{"aria-labelledby": "moving-in"})
    known = {words for _key, words in trans_real.translation("en")._catalog.items()}

    assert english.one("h2").lang == "en"
    assert {part.words for part in english.all("b")} - known == set()
    named = [element["id"] for element in page.one("div", class_="guide").all(id=...)]
    assert len(named) == len(set(named))


def test_the_words_that_it_quotes_stand_on_the_screen(guide):
    quoted = {part.words for part in guide.all("b")}
    # Django's own words and ours, merged as the desk has them; no public name leads there.
    known = {words for _key, words in trans_real.translation("ko")._catalog.items()}
    # "제1판으로 되돌리기" and "365일" stand in the catalogue with a place for the number.
    places = re.compile(r"%(?:\(\w+\))?[ds]|\d+")
    known = {places.sub("#", words) for words in known}

    assert "철회 취소" in quoted
    assert {quote for quote in quoted if places.sub("#", quote) not in known} == set()
