"""Releases for partners' programs, and any listing as a table."""

import csv
import io
import json
import unicodedata
from datetime import timedelta

import pytest
from django.utils import timezone

from releases.models import Release

from .factories import (
    NINE,
    MissionFactory,
    PressContactFactory,
    ReleaseContactFactory,
    ReleaseFactory,
)
from .hidden import SECRET, hidden_releases

pytestmark = pytest.mark.django_db

NAMES = {
    "id", "url", "text_url", "languages", "release_date", "posted_at", "updated_at", "mission",
    "dateline", "title", "summary", "body_html", "contacts", "views",
}  # fmt: skip


def ids(response) -> list[int]:
    return [release["id"] for release in response.json()["releases"]]


def test_a_release_is_given_in_both_languages_under_its_promised_names(client):
    mission = MissionFactory(name_ko="이라크", name_en="Iraq", slug="iraq", country_code="IQ")
    release = ReleaseFactory(mission=mission, views=234)
    ReleaseContactFactory(release=release, name="Desk", phone="+964 750 0166 000")

    given = client.get(f"/api/releases/{release.pk}/").json()

    assert set(given) == NAMES
    assert given["title"] == {"ko": release.title_ko, "en": None}
    assert given["body_html"] == {"ko": None, "en": release.body_en}
    assert given["dateline"] == {"ko": None, "en": "Iraq"}
    assert given["mission"]["name"] == {"ko": "이라크", "en": "Iraq"}
    assert given["posted_at"] == "2014-09-09T09:00:00+09:00"
    assert given["url"]["en"] == f"http://testserver{release.get_absolute_url(language='en')}"
    assert given["contacts"][0]["tel"] == "tel:+9647500166000"
    assert given["views"] == 234


def test_the_documentation_shows_what_the_api_answers(client):
    release = ReleaseFactory()
    page = client.get("/en/api/")

    assert page.context["example"] in json.dumps(
        client.get(f"/api/releases/{release.pk}/").json(), ensure_ascii=False, indent=2
    )
    assert "API for partners" in page.content.decode()


def test_the_list_is_paged_newest_first_and_its_links_keep_the_filter(client):
    mission = MissionFactory(slug="iraq")
    releases = [
        ReleaseFactory(mission=mission, publish_at=NINE - timedelta(hours=n)) for n in range(5)
    ]
    ReleaseFactory()

    first = client.get("/api/releases/?mission=iraq&limit=3")
    second = client.get(first.json()["next"])

    assert ids(first) + ids(second) == [release.pk for release in releases]
    assert first.json()["count"] == 5
    assert second.json()["next"] is None
    assert "mission=iraq" in second.json()["previous"]


def test_since_gives_what_was_posted_or_changed_since_then(client):
    Release.objects.filter(pk=ReleaseFactory().pk).update(edited_at=NINE)
    posted = ReleaseFactory(publish_at=NINE + timedelta(days=1))
    Release.objects.filter(pk=posted.pk).update(edited_at=NINE)
    changed = ReleaseFactory()

    assert ids(client.get("/api/releases/?since=2014-09-10")) == [posted.pk, changed.pk]
    assert ids(client.get("/api/releases/?since=2014-09-10T09:00:01%2B09:00")) == [changed.pk]
    assert ids(client.get("/api/releases/?since=2014-09-10T09:00:01+09:00")) == [changed.pk]


def test_nothing_tells_of_a_release_that_is_not_public(client):
    hidden = hidden_releases()
    unknown = client.get("/api/releases/999999/")

    assert SECRET not in client.get("/api/releases/?since=2000-01-01").content.decode()
    assert SECRET not in client.get("/releases.csv").content.decode()
    for release in hidden:
        response = client.get(f"/api/releases/{release.pk}/")
        assert (response.status_code, response.content) == (404, unknown.content)


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("foo=1", "foo"),
        ("year=abc", "year"),
        ("month=13", "month"),
        ("mission=nowhere", "mission"),
        ("q=%00", "q"),
        ("q=" + "a" * 10_000, "q"),
        ("limit=0", "limit"),
        ("limit=101", "limit"),
        ("page=0", "page"),
        ("page=99999999999999999999", "page"),
        ("since=2014-13-45", "since"),
        ("since=0001-01-01", "since"),
        ("since=yesterday", "since"),
    ],
)
def test_what_does_not_fit_is_refused_by_name(client, query, parameter):
    response = client.get(f"/api/releases/?{query}")

    assert response.status_code == 400
    assert response.json()["error"]["parameter"] == parameter
    assert response.json()["error"]["message"]


def test_a_page_past_the_last_is_not_there(client):
    assert client.get("/api/releases/?page=2").status_code == 404
    assert client.get("/api/releases/99999999999999999999999/").status_code == 404
    assert client.get("/api/releases/?since=9000-12-31").json()["count"] == 0


def test_decomposed_hangul_finds_what_composed_does(client):
    release = ReleaseFactory(title_ko="난민 지원")

    assert ids(client.get("/api/releases/", {"q": unicodedata.normalize("NFD", "난민")})) == [
        release.pk
    ]


def test_an_unchanged_answer_is_not_sent_again(client):
    ReleaseFactory()
    first = client.get("/api/releases/")

    again = client.get("/api/releases/", headers={"If-None-Match": first["ETag"]})

    assert again.status_code == 304


def test_any_site_may_read_and_none_may_write(client):
    asked = client.options("/api/releases/")

    assert asked.status_code == 204
    assert asked["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS"
    assert client.get("/api/releases/")["Access-Control-Allow-Origin"] == "*"
    assert client.head("/api/releases/").status_code == 200
    refused = client.post("/api/releases/", {})
    assert (refused.status_code, refused["Allow"]) == (405, "GET, HEAD, OPTIONS")


@pytest.mark.parametrize("number", [1, 30])
def test_the_list_costs_the_same_however_long(client, django_assert_num_queries, number):
    entry = PressContactFactory(mission=MissionFactory())
    for release in ReleaseFactory.create_batch(number, mission=MissionFactory()):
        ReleaseContactFactory(release=release, contact=entry)

    with django_assert_num_queries(3):  # count, page, contacts
        client.get("/api/releases/?limit=100")


def table(response) -> list[dict[str, str]]:
    """The rows of a CSV answer by the names of their columns."""
    return list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"))))


def test_a_listing_comes_as_a_table_that_excel_reads_in_korean(client):
    mission = MissionFactory(name_ko="이라크", slug="iraq")
    release = ReleaseFactory(mission=mission, views=7)
    ReleaseContactFactory(release=release, name="Desk")
    ReleaseFactory()

    response = client.get("/releases.csv?mission=iraq&utm_source=mail")

    assert response.content.startswith(b"\xef\xbb\xbf")
    (row,) = table(response)
    assert row["보도 날짜"] == "2014-09-09"
    assert row["제목"] == release.title_ko
    assert row["지부"] == "이라크"
    assert row["연락처"].startswith("Desk")
    assert row["조회"] == "7"


def test_the_table_speaks_the_language_of_its_address(client):
    ReleaseFactory()

    assert "Headline" in table(client.get("/en/releases.csv"))[0]
    assert "제목" in table(client.get("/releases.csv"))[0]


@pytest.mark.parametrize("start", ["=", "+", "-", "@"])
def test_no_cell_is_a_formula(client, start):
    ReleaseFactory(title_ko=f"{start}HYPERLINK(1)")

    (row,) = table(client.get("/releases.csv"))

    assert row["제목"] == f"'{start}HYPERLINK(1)"


def test_a_table_of_a_filter_that_does_not_fit_is_refused(client):
    assert client.get("/releases.csv?year=abc").status_code == 400


@pytest.mark.parametrize("number", [1, 30])
def test_a_table_costs_the_same_however_long(client, django_assert_num_queries, number):
    for release in ReleaseFactory.create_batch(number, mission=MissionFactory()):
        ReleaseContactFactory(release=release)

    with django_assert_num_queries(2):  # page, contacts
        client.get("/releases.csv")


def test_updated_at_follows_an_edit(client):
    release = ReleaseFactory()
    before = timezone.now() - timedelta(seconds=1)

    release.save()
    given = client.get(f"/api/releases/{release.pk}/").json()

    assert given["updated_at"] >= timezone.localtime(before).isoformat(timespec="seconds")
