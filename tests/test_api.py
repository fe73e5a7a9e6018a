"""Releases for partners' programs, and any listing as a table."""

import csv
import io
import json
import unicodedata
from datetime import timedelta

import pytest
from django.conf import settings as site
from django.utils import timezone

from releases import api
from releases.models import Release, ViewCounter

from .corrected import correct
from .factories import (
    NINE,
    MissionFactory,
    PressContactFactory,
    ReleaseContactFactory,
    ReleaseFactory,
)
from .hidden import SECRET, hidden_releases
from .reading import known_edition, read
from .uploads import file_of, image, picture_of

pytestmark = pytest.mark.django_db

NAMES = {
    "id", "url", "text_url", "languages", "release_date", "posted_at", "updated_at", "mission",
    "dateline", "title", "summary", "body_html", "contacts", "corrections", "views",
    "pictures", "files",
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
    page = read(client.get("/en/api/"))

    answer = client.get(f"/api/releases/{release.pk}/").json()
    example = page.one("section", **{"aria-label": "Example of an answer"})
    assert json.loads(example.words) == answer
    assert page.one("h1").words == "API for partners"


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
    assert ids(client.get("/api/releases/?since=2014-09-10 09:00:01")) == [changed.pk]
    assert ids(client.get("/api/releases/?since=2014-09-10T09:01+0900")) == [changed.pk]


def test_every_time_is_given_to_the_second(client):
    release = ReleaseFactory(publish_at=NINE.replace(microsecond=123456))

    given = client.get(f"/api/releases/{release.pk}/").json()

    assert given["posted_at"] == "2014-09-09T09:00:00+09:00"
    assert len(given["updated_at"]) == len(given["posted_at"])


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
        ("year=2014&year=2015", "year"),
        ("limit=5&limit=5", "limit"),
        ("since=&since=", "since"),
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


@pytest.mark.parametrize("packed", ["gzip", "identity"])
def test_an_unchanged_answer_is_not_sent_again_to_any_site(client, packed):
    release = ReleaseFactory()
    for address in ("/api/releases/", f"/api/releases/{release.pk}/"):
        first = client.get(address, headers={"Accept-Encoding": packed})

        again = client.get(
            address, headers={"Accept-Encoding": packed, "If-None-Match": first["ETag"]}
        )

        assert (first.status_code, again.status_code) == (200, 304)
        assert again.content == b""
        for response in (first, again):
            assert response["Access-Control-Allow-Origin"] == "*"
            assert response["Access-Control-Expose-Headers"] == "ETag"
            assert response["Vary"] == "Accept-Encoding"
        # A cache takes a 304 for what it keeps under the very same ETag.
        assert again["ETag"] == first["ETag"]


def test_a_changed_answer_is_sent_again(client):
    release = ReleaseFactory()
    first = client.get("/api/releases/")
    release.save()
    ViewCounter.objects.create(release=release, total=5)

    again = client.get("/api/releases/", headers={"If-None-Match": first["ETag"]})

    assert again.status_code == 200
    assert again["ETag"] != first["ETag"]


def refused(response, status: int) -> dict:
    """What the API says is wrong: its own shape, for any site's scripts."""
    assert response.status_code == status
    assert response["Content-Type"] == "application/json"
    assert response["Access-Control-Allow-Origin"] == "*"
    assert response["Content-Language"] == "en"
    assert set(response.json()) == {"error"}
    error = response.json()["error"]
    assert set(error) == {"message", "parameter"}
    assert error["message"]
    return error


@pytest.mark.parametrize("method", ["get", "post", "options"])
@pytest.mark.parametrize(
    "address",
    [
        "/api/nothing/",
        "/api/nothing",
        "/api/releases/abc/",
        "/api/releases/-1/",
        "/api/releases/99999999999999999999/x/",
        "/api/releases/1/nothing/",
        "/api/nothing/?year=2014",
        "/en/api/releases.json",
        "/en/api/releases/",
    ],
)
def test_an_address_below_the_api_that_is_not_there_is_told_as_json(client, method, address):
    assert refused(getattr(client, method)(address), 404)["parameter"] is None


def test_no_refusal_of_the_api_is_a_page(client, settings):
    release = ReleaseFactory()
    many = "&".join(f"p{n}=1" for n in range(site.DATA_UPLOAD_MAX_NUMBER_FIELDS + 1))

    refused(client.get("/api/releases/99999999999999999999/"), 404)
    refused(client.get("/api/releases/?page=2"), 404)
    refused(client.get("/api/releases/?year=x"), 400)
    refused(client.get(f"/api/releases/?{many}"), 400)
    refused(client.get("/api/releases/", headers={"Host": "elsewhere.example"}), 400)
    refused(client.get(f"/api/releases/{release.pk}/?year=2014"), 400)
    refused(client.post(f"/api/releases/{release.pk}/"), 405)
    refused(client.delete("/api/releases/"), 405)
    settings.MAINTENANCE = True
    closed = client.get("/api/releases/")
    assert refused(closed, 503)
    assert closed["Retry-After"] == "600"


def test_a_fault_of_ours_is_told_as_json(client, monkeypatch):
    def fail(*args, **kwargs):
        raise RuntimeError("secret words of the code")

    monkeypatch.setattr(api, "as_json", fail)
    client.raise_request_exception = False
    ReleaseFactory()

    response = client.get("/api/releases/")

    assert "secret" not in refused(response, 500)["message"]


@pytest.mark.parametrize("address", ["/api/", "/en/api/"])
def test_the_documentation_is_a_page_and_the_address_without_a_slash_leads_on(client, address):
    assert client.get(address)["Content-Type"] == "text/html; charset=utf-8"
    assert client.get(address.rstrip("/"))["Location"] == address
    led_on = client.get("/api/releases")
    assert (led_on.status_code, led_on["Location"]) == (301, "/api/releases/")
    assert led_on["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize("address", ["press@example.org", ""])
def test_where_nobody_came_after_a_contact_the_newsroom_is_given(client, settings, address):
    settings.NEWSROOM_EMAIL = address
    entry = PressContactFactory(left_on=NINE.date())
    release = ReleaseFactory()
    ReleaseContactFactory(
        release=release, contact=entry, name="Susan Megy", office="IOM Erbil", email="old@iom.int"
    )

    (contact,) = client.get(f"/api/releases/{release.pk}/").json()["contacts"]

    assert contact == {
        "name": None, "office": "IOM Erbil", "phone": None, "tel": None, "email": address or None,
    }  # fmt: skip
    row = f"IOM Erbil {address}".strip()
    assert table(client.get("/releases.csv"))[0]["연락처"] == row


def names_in(given, name: str = "") -> set[str]:
    """Each name in `given` as the documentation writes it: mission.slug, contacts[].tel.

    What comes in both languages, {"ko": …, "en": …}, is one thing.
    """
    if isinstance(given, list):
        return {name}.union(*(names_in(one, f"{name}[]") - {f"{name}[]"} for one in given))
    if isinstance(given, dict) and set(given) != {"ko", "en"}:
        inner = f"{name}." if name else ""
        found = (names_in(value, inner + key) for key, value in given.items())
        return {name}.union(*found) - {""}
    return {name}


def rows_of(client, address: str, table: str) -> dict[str, list[str]]:
    """The rows of a table of the documentation by the names that they explain."""
    rows = read(client.get(address)).one("table", id=table).one("tbody").all("tr")
    found = {row.one("th").words: [cell.words for cell in row.all("td")] for row in rows}
    assert len(found) == len(rows)
    return found


@pytest.mark.parametrize("address", ["/api/", "/en/api/"])
def test_the_documentation_explains_every_name_of_an_answer_and_no_other(client, address):
    release = ReleaseFactory(mission=MissionFactory(slug="iraq"))
    ReleaseContactFactory(release=release)
    picture_of(release, image((600, 400)))
    file_of(release)
    correct(release)
    one = client.get(f"/api/releases/{release.pk}/").json()
    page = client.get("/api/releases/").json()

    for table, given in (
        ("release-fields", one),
        ("list-fields", page | {"releases": []}),
        ("error-fields", client.get("/api/nothing/").json()),
    ):
        rows = rows_of(client, address, table)
        assert set(rows) == names_in(given)
        assert all(row[0] and row[1] for row in rows.values())
    expected = client.get("/api/releases/?nothing=1").json()["error"]["message"]
    assert expected.endswith(
        f" one of {', '.join(sorted(rows_of(client, address, 'parameters')))}."
    )


def test_the_documentation_says_null_of_what_may_be_null_and_of_nothing_else(client, settings):
    """Asked of a release that has as little as a release may have."""
    settings.NEWSROOM_EMAIL = ""
    bare = ReleaseFactory(mission=None, title_en="", body_ko="")
    ReleaseContactFactory(release=bare, contact=PressContactFactory(left_on=NINE.date()))
    picture_of(bare, image((600, 400)), is_decorative=True, alt_ko="", alt_en="")
    file_of(bare)
    correct(bare)
    with_mission = ReleaseFactory(mission=MissionFactory(name_ko="", country_code=""))

    def nulls(given, name: str = "") -> set[str]:
        if given is None:
            return {name.removesuffix(".ko").removesuffix(".en")}
        if isinstance(given, list):
            return set().union(*(nulls(one, f"{name}[]") for one in given))
        if isinstance(given, dict):
            inner = f"{name}." if name else ""
            return set().union(*(nulls(value, inner + key) for key, value in given.items()))
        return set()

    null = set()
    for release in (bare, with_mission):
        null |= nulls(client.get(f"/api/releases/{release.pk}/").json())
    said = {name for name, row in rows_of(client, "/en/api/", "release-fields").items() if row[2]}

    assert said == null


def test_the_documentation_explains_errors_and_asking_again(client):
    page = read(client.get("/en/api/"))
    statuses = rows_of(client, "/en/api/", "statuses")

    assert list(statuses) == ["200", "304", "400", "404", "405", "500", "503"]
    for word in ("If-None-Match", "ETag", "304", "Access-Control-Allow-Origin"):
        assert word in page.one("main").words


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

    with known_edition(), django_assert_num_queries(5):  # count, page, contacts, pictures, files
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

    with known_edition(), django_assert_num_queries(2):  # page, contacts
        client.get("/releases.csv")


def test_updated_at_follows_an_edit(client):
    release = ReleaseFactory()
    before = timezone.now() - timedelta(seconds=1)

    release.save()
    given = client.get(f"/api/releases/{release.pk}/").json()

    assert given["updated_at"] >= timezone.localtime(before).isoformat(timespec="seconds")
