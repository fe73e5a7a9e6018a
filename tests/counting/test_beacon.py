"""What the addresses that count answer, and to whom."""

import pytest
from django.test import Client

from releases.models import DailyViews
from tests.factories import DRAFT, NOT_PUBLIC, ReleaseFactory

from .readings import FROM_HERE, fetch, left_out, tell, views_of

pytestmark = pytest.mark.django_db

TELLS = pytest.mark.parametrize("way", [tell, fetch], ids=["script", "picture"])


def test_the_answer_is_the_number_from_now_on(client):
    release = ReleaseFactory(views=1233)

    response = tell(client, release)

    assert (response.status_code, response.json()) == (200, {"views": 1234})
    assert response["Cache-Control"] == "no-store"


def test_a_reload_is_answered_with_the_number_of_today(client):
    release = ReleaseFactory()
    tell(client, release)
    tell(client, release, address="198.51.100.2")

    assert tell(client, release).json() == {"views": 2}


def test_the_picture_is_one_point_that_no_cache_keeps(client):
    release = ReleaseFactory()

    response = fetch(client, release)

    assert (response.status_code, response["Content-Type"]) == (200, "image/gif")
    assert response.content.startswith(b"GIF89a\x01\x00\x01\x00")
    assert response["Cache-Control"] == "no-store"
    assert views_of(release) == 1


def test_script_and_picture_of_one_reader_are_one_reading(client):
    release = ReleaseFactory()
    fetch(client, release)

    assert tell(client, release).json() == {"views": 1}


def test_pages_write_nothing(client):
    release = ReleaseFactory()

    for address in (release.get_absolute_url(), release.get_text_url(), "/"):
        client.get(address, headers=FROM_HERE)

    assert views_of(release) == 0
    assert not DailyViews.objects.exists()


@TELLS
def test_visitors_get_no_cookie_for_being_counted(client, way):
    assert not way(client, ReleaseFactory()).cookies


def said(response, pk: int) -> str:
    """The text of `response` without the address that it was asked at."""
    return response.content.decode().replace(f"/releases/{pk}/", "/releases/…/")


@TELLS
@pytest.mark.parametrize("times", NOT_PUBLIC.values(), ids=NOT_PUBLIC)
def test_what_is_not_public_answers_like_what_never_was(client, way, times):
    release = ReleaseFactory(**times)

    hidden, nothing = way(client, release), way(client, release.pk + 1)

    assert (hidden.status_code, nothing.status_code) == (404, 404)
    assert said(hidden, release.pk) == said(nothing, release.pk + 1)
    assert dict(hidden.items()) == dict(nothing.items())
    assert views_of(release) == 0


@TELLS
def test_the_desk_cannot_count_a_draft_either(admin_client, way):
    assert way(admin_client, ReleaseFactory(**DRAFT)).status_code == 404


@TELLS
def test_staff_are_left_out(admin_client, way):
    release = ReleaseFactory(views=7)

    assert way(admin_client, release).status_code == 200
    assert (views_of(release), left_out(release)) == (7, {"staff": 1})


def test_staff_are_told_the_number(admin_client):
    assert tell(admin_client, ReleaseFactory(views=7)).json() == {"views": 7}


@TELLS
def test_robots_are_left_out(client, way):
    release = ReleaseFactory()

    way(client, release, User_Agent="facebookexternalhit/1.1; kakaotalk-scrap/1.0")

    assert (views_of(release), left_out(release)) == (0, {"robots": 1})


@TELLS
@pytest.mark.parametrize(
    "purpose",
    [
        {"Sec_Purpose": "prefetch"},
        {"Sec_Purpose": "prefetch;prerender"},
        {"Purpose": "prefetch"},
    ],
)
def test_what_nobody_looks_at_yet_is_no_reading(client, way, purpose):
    release = ReleaseFactory()

    assert way(client, release, **purpose).status_code == 200
    assert (views_of(release), left_out(release)) == (0, {})


def test_asking_for_the_head_of_the_picture_is_no_reading(client):
    release = ReleaseFactory()

    response = client.head(f"/releases/{release.pk}/views.gif", headers=FROM_HERE)

    assert response.status_code == 200
    assert views_of(release) == 0


# Others' pages


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec_Fetch_Site": "cross-site"},
        {"Sec_Fetch_Site": "same-site"},
        {"Sec_Fetch_Site": "none"},
        {"Sec_Fetch_Site": None},
        {"Sec_Fetch_Site": None, "Origin": "https://elsewhere.example"},
        {"Sec_Fetch_Site": None, "Origin": "null"},
        {"Sec_Fetch_Site": None, "Origin": "http://testserver.elsewhere.example"},
        {"Sec_Fetch_Site": None, "Origin": "http://["},
        {"Sec_Fetch_Site": None, "Referer": "https://elsewhere.example/testserver/"},
        {"Sec_Fetch_Site": None, "Referer": "http://[testserver/"},
        {"Sec_Fetch_Site": "cross-site", "Origin": "http://testserver"},
    ],
)
def test_another_sites_request_is_no_reading(client, headers):
    release = ReleaseFactory()

    assert tell(client, release, **headers).status_code == 403
    assert fetch(client, release, **headers).status_code == 200  # a broken picture helps nobody
    assert views_of(release) == 0


@pytest.mark.parametrize(
    "headers", [{"Origin": "http://testserver"}, {"Referer": "http://testserver/releases/1/"}]
)
def test_browsers_that_do_not_say_whose_request_it_is_are_known_by_where_it_came_from(
    client, headers
):
    assert tell(client, ReleaseFactory(), Sec_Fetch_Site=None, **headers).status_code == 200


def test_no_token_is_asked_of_visitors_who_have_no_cookie():
    client = Client(enforce_csrf_checks=True)

    assert tell(client, ReleaseFactory()).status_code == 200


# Requests that no page sends


def test_only_a_post_counts(client):
    release = ReleaseFactory()
    address = f"/releases/{release.pk}/views/"

    for method in (client.get, client.head, client.put, client.patch, client.delete):
        assert method(address, headers=FROM_HERE).status_code == 405
    for method in (client.post, client.put, client.delete):
        assert method(f"/releases/{release.pk}/views.gif", headers=FROM_HERE).status_code == 405
    assert views_of(release) == 0


def refused(client, django_assert_num_queries, status: int, data="", **options) -> None:
    release = ReleaseFactory()
    options = {"content_type": "text/plain"} | options
    with django_assert_num_queries(0):
        response = client.post(f"/releases/{release.pk}/views/", data, **options)
    assert response.status_code == status


def test_a_body_is_refused_without_work(client, django_assert_num_queries):
    chunked = FROM_HERE | {"Transfer-Encoding": "chunked"}

    refused(client, django_assert_num_queries, 413, "1", headers=FROM_HERE)
    refused(client, django_assert_num_queries, 413, headers=chunked)


@pytest.mark.parametrize("kind", ["application/json", "multipart/form-data; boundary=x"])
def test_another_kind_of_content_is_refused_without_work(client, django_assert_num_queries, kind):
    refused(client, django_assert_num_queries, 415, CONTENT_TYPE=kind, headers=FROM_HERE)


def test_a_forged_request_is_refused_without_work(client, django_assert_num_queries):
    refused(client, django_assert_num_queries, 403, headers={"Sec-Fetch-Site": "cross-site"})


def test_a_number_that_no_database_holds_is_no_release(client):
    assert tell(client, 10**30).status_code == 404
    assert fetch(client, 10**30).status_code == 404


def test_a_flood_is_told_the_number_and_that_it_is_too_much(client, settings):
    settings.READINGS_PER_ADDRESS = 2
    release = ReleaseFactory()
    answers = [tell(client, release, User_Agent=f"Browser {n}") for n in range(3)]

    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[-1].json() == {"views": 2}
