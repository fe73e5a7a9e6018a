"""Headers and addresses by which somebody would pass for us, or send our readers elsewhere."""

import pytest
from django.test import Client

from tests.factories import ReleaseFactory

pytestmark = pytest.mark.django_db

FORGED = [
    {"X-Forwarded-Host": "evil.example"},
    {"X-Host": "evil.example"},
    {"X-Forwarded-Server": "evil.example"},
    {"Forwarded": "host=evil.example;proto=http"},
    {"X-Forwarded-Proto": "http"},
    {"X-Forwarded-Port": "1234"},
    {"X-Forwarded-Prefix": "/evil"},
    {"X-Original-Url": "/admin/"},
    {"X-Rewrite-Url": "/admin/"},
    {"X-Http-Method-Override": "POST"},
    {"X-Forwarded-For": "127.0.0.1"},
    {"Origin": "https://evil.example"},
    {"Referer": "https://evil.example/"},
    {"Range": "bytes=0-1"},
    {"Cookie": "theme=<script>; django_language=en"},
]
ADDRESSES = ["/", "/feed/", "/sitemap.xml", "/robots.txt", "/api/releases/", "/nowhere/"]


@pytest.mark.parametrize("forged", FORGED, ids=lambda forged: next(iter(forged)))
@pytest.mark.parametrize("keeps_pages", [False, True])
def test_no_header_changes_what_others_are_shown(settings, forged, keeps_pages):
    settings.PAGE_CACHE_MB = int(keeps_pages)
    ReleaseFactory()
    client = Client()

    for address in ADDRESSES:
        told = client.get(address, headers=forged)
        plain = client.get(address)
        assert told.content == plain.content, address
        assert told.status_code == plain.status_code
        assert "evil" not in str(told.headers)


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "testserver.evil.example",
        "testserver@evil.example",
        "evil.example:80",
        "testserver, evil.example",
        "testserver/../evil",
        "",
    ],
)
def test_no_name_but_ours_is_answered_and_nothing_of_it_is_kept(settings, host):
    settings.PAGE_CACHE_MB = 1
    client = Client()

    refused = [client.get(address, headers={"Host": host}) for address in ADDRESSES]

    if host:  # without one, the server's own name stands for it
        assert {answer.status_code for answer in refused} == {400}
    assert not [a for a in ADDRESSES if b"evil" in client.get(a).content]


@pytest.mark.parametrize(
    "address",
    ["//evil.example/", "//evil.example", "/\\evil.example/", "/%2f%2fevil.example/", "///evil"],
)
@pytest.mark.parametrize("prefix", ["", "/en"])
def test_no_address_leads_to_another_site(client, address, prefix):
    response = client.get("/", PATH_INFO=prefix + address)

    place = response.get("Location", "")
    assert not place.startswith(("//", "/\\", "http"))


@pytest.mark.parametrize("length", ["-1", "x", "1e9", "٣", "9" * 400, ""])
def test_a_length_that_is_no_number_is_no_fault_of_ours(length):
    response = Client().post("/admin/login/", {"username": "x"}, CONTENT_LENGTH=length)

    assert response.status_code in (200, 400, 403, 413)


@pytest.mark.parametrize(
    ("signed_in", "size", "status"),
    [(False, 3, 413), (False, 2, 403), (True, 3, 403), (True, 129, 413)],
)
def test_a_stranger_sends_no_files_and_nobody_a_flood(
    client, admin_user, settings, signed_in, size, status
):
    if signed_in:
        client.force_login(admin_user)

    client.handler.enforce_csrf_checks = True  # 403: it was let through to where forms are guarded

    response = client.post(
        "/en/admin/login/", content_type="text/plain", CONTENT_LENGTH=str(size * 2**20)
    )

    assert response.status_code == status
    if status == 413:
        assert "more than can be sent" in response.content.decode()


def test_the_api_refuses_a_flood_in_its_own_shape(client):
    response = client.post(
        "/api/releases/", "x", content_type="text/plain", CONTENT_LENGTH=str(2**30)
    )

    assert (response.status_code, response["Content-Type"]) == (413, "application/json")
