"""What every answer tells browsers, in production: docs/security.md says which rules ask for it."""

import re
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone

from iomnews import headers
from releases.models import Release
from tests.desk.roles import person, signed_in

from .factories import DRAFT, ReleaseFactory
from .serving import BROWSER
from .uploads import file_of, picture_of

pytestmark = pytest.mark.django_db

DOCUMENT = Path(__file__).resolve().parent.parent / "docs/security.md"
PAGE_POLICY = (
    "base-uri 'none'; connect-src 'self'; default-src 'none'; font-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; frame-src 'self'; img-src 'self' data:; "
    "manifest-src 'self'; object-src 'none'; script-src 'self'; style-src 'self'"
)
OF_FILES = "default-src 'none'; sandbox"
EVERYWHERE = {
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains; preload",
    "Content-Security-Policy": PAGE_POLICY,
    "Cross-Origin-Resource-Policy": "same-origin",
    **headers.EVERYWHERE,
}
SHOWN_ELSEWHERE = {"Cross-Origin-Resource-Policy": "cross-origin"}
FILE = {"Content-Security-Policy": OF_FILES}

# Each kind of answer: its address, its status, and where it differs from EVERYWHERE.
ANSWERS = {
    "listing": ("/", 200, {}),
    "English listing": ("/en/", 200, {}),
    "release": ("{release}", 200, {}),
    "plain text": ("{text}", 200, {}),
    "no such page": ("/nowhere/", 404, {}),
    "address that does not fit": ("/?year=x", 400, {}),
    "withdrawn": ("{withdrawn}", 410, {}),
    "moved": ("/releases/{pk}/other/", 301, {}),
    "feed": ("/feed/", 200, {}),
    "table": ("/releases.csv", 200, {}),
    "contact card": ("/contacts/", 200, {}),
    "API": ("/api/releases/", 200, {}),
    "error of the API": ("/api/releases/0/", 404, {}),
    "site map": ("/sitemap.xml", 200, {}),
    "robots": ("/robots.txt", 200, {}),
    "theme": ("/theme.css", 200, {}),
    "manifest": ("/manifest.webmanifest", 200, {}),
    "no link": ("/embargo/x/", 404, {"Referrer-Policy": "no-referrer"}),
    "static file": ("/static/logo.svg", 200, SHOWN_ELSEWHERE),
    "no static file": ("/static/nothing.svg", 404, SHOWN_ELSEWHERE),
    "picture": ("{picture}", 200, SHOWN_ELSEWHERE | FILE),
    "file": ("{file}", 200, FILE),
    "hidden picture": ("{hidden}", 404, {}),
    "door": ("/admin/login/", 200, {}),
    "desk, to a stranger": ("/admin/", 302, {}),
    "desk": ("/admin/", 200, {}),
    "form of the desk": ("/admin/releases/release/add/", 200, {}),
    "not for them": ("/admin/auth/user/", 403, {}),
    "draft": ("{draft}", 200, {}),
    "picture of a draft": ("{hidden}", 200, FILE),
}
AT_THE_DESK = {"desk", "form of the desk", "not for them", "draft", "picture of a draft"}


@pytest.fixture
def production(settings):
    """As the settings of production are, which the middleware reads when it begins."""
    settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_HSTS_SECONDS = 365 * 24 * 3600
    settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = settings.SECURE_HSTS_PRELOAD = True
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True
    settings.COOKIE_PREFIX = "__Host-"
    settings.SESSION_COOKIE_NAME = "__Host-sessionid"
    settings.CSRF_COOKIE_NAME = "__Host-csrftoken"
    settings.STATIC_ROOT.mkdir(exist_ok=True)
    logo = settings.STATIC_ROOT / "logo.svg"
    logo.write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    yield settings
    logo.unlink()


@pytest.fixture
def addresses(production) -> dict[str, str]:
    release = ReleaseFactory(title_ko="공개")
    picture, file = picture_of(release), file_of(release)
    draft = ReleaseFactory(**DRAFT)
    hidden = picture_of(draft)
    gone = ReleaseFactory(withdrawn_at=timezone.now(), withdrawal_reason_ko="오류")
    url = release.get_absolute_url("ko")
    return {
        "release": url,
        "pk": str(release.pk),
        "text": url.rstrip("/") + ".txt",
        "withdrawn": gone.get_absolute_url("ko"),
        "picture": f"/releases/{release.pk}/pictures/{picture.pk}/{picture.widths[0]}.webp",
        "file": file.url,
        "hidden": f"/releases/{draft.pk}/pictures/{hidden.pk}/{hidden.widths[0]}.webp",
        "draft": Release.objects.get(pk=draft.pk).get_absolute_url("ko"),
    }


def told(response, names=EVERYWHERE) -> dict[str, str]:
    """What `response` says under `names`; the parts of a policy in their order of letters."""
    found = {name: response.get(name) for name in names}
    if policy := found.get("Content-Security-Policy"):
        found["Content-Security-Policy"] = "; ".join(sorted(re.split("; *", policy)))
    return found


@pytest.mark.parametrize("kind", ANSWERS)
def test_every_answer_says_what_browsers_must_not_do(addresses, kind):
    address, status, differing = ANSWERS[kind]
    client = signed_in(person("editor")) if kind in AT_THE_DESK else Client()
    agent = {"User-Agent": BROWSER}

    response = client.get(address.format(**addresses), secure=True, headers=agent)

    assert response.status_code == status
    assert told(response) == EVERYWHERE | differing


@pytest.mark.parametrize("address", ["/", "/feed/", "/static/logo.svg", "/admin/", "/nowhere/"])
def test_plain_http_leads_to_https_at_the_same_host_first(production, client, address):
    response = client.get(address)

    assert response.status_code == 301
    assert response["Location"] == f"https://testserver{address}"
    # Browsers heed no Strict-Transport-Security over plain HTTP (RFC 6797, 8.1).
    differing = SHOWN_ELSEWHERE if "static" in address else {}
    assert told(response) == EVERYWHERE | {"Strict-Transport-Security": None} | differing


def test_a_name_that_is_not_ours_gets_nothing_and_is_told_the_same(production, client):
    response = client.get("/", secure=True, headers={"Host": "evil.example"})

    assert response.status_code == 400
    assert told(response)["Content-Security-Policy"] == PAGE_POLICY
    assert "evil" not in response.content.decode()


@pytest.mark.parametrize("answer", ["maintenance", "error", "too large", "not modified", "forged"])
def test_what_goes_wrong_is_told_the_same(production, monkeypatch, answer):
    client = Client(raise_request_exception=False, enforce_csrf_checks=True)
    sent = {"secure": True}
    if answer == "maintenance":
        production.MAINTENANCE = True
        response, status = client.get("/", **sent), 503
    elif answer == "error":
        monkeypatch.setattr("iomnews.views.settings", None)
        response, status = client.get("/theme.css", **sent), 500
    elif answer == "too large":
        response, status = client.post("/admin/login/", {"x": "x" * 2_700_000}, **sent), 413
    elif answer == "forged":
        response, status = client.post("/admin/login/", {"x": "x"}, **sent), 403
    else:
        etag = client.get("/", **sent)["ETag"]
        response, status = client.get("/", headers={"If-None-Match": etag}, **sent), 304

    assert response.status_code == status
    assert told(response) == EVERYWHERE


def test_a_kept_page_says_it_as_well(production, client):
    production.PAGE_CACHE_MB = 1

    first, kept = client.get("/", secure=True), client.get("/", secure=True)

    assert told(first) == told(kept) == EVERYWHERE


def test_a_picture_that_has_not_changed_keeps_its_own_policy(addresses, client):
    etag = client.get(addresses["picture"], secure=True)["ETag"]

    response = client.get(addresses["picture"], secure=True, headers={"If-None-Match": etag})

    assert response.status_code == 304
    assert told(response) == EVERYWHERE | SHOWN_ELSEWHERE | FILE


def test_files_are_saved_under_their_own_type_and_never_opened(addresses, client):
    response = client.get(addresses["file"], secure=True)

    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"].startswith("attachment; ")


# Cookies


def test_cookies_are_of_this_host_alone_over_https_and_hidden_from_scripts(production, client):
    user = person("editor")
    user.set_password("quiet harbour lantern")
    user.save()
    client.get("/admin/login/", secure=True)
    client.post(
        "/admin/login/",
        {"username": "editor", "password": "quiet harbour lantern"},
        secure=True,
        headers={"Referer": "https://testserver/admin/login/"},
    )

    assert set(client.cookies) == {"__Host-sessionid", "__Host-csrftoken", "__Host-known"}
    for name, cookie in client.cookies.items():
        assert (cookie["secure"], cookie["samesite"]) == (True, "Lax")
        assert (cookie["path"], cookie["domain"]) == ("/", "")
        # The desk's scripts send the token that guards against forged forms.
        assert bool(cookie["httponly"]) == (name != "__Host-csrftoken")


@pytest.mark.parametrize("address", ["/", "/feed/", "/api/releases/", "/contacts/", "/nowhere/"])
def test_visitors_get_no_cookie(production, client, address):
    assert not client.get(address, secure=True).cookies


# What the grades need, in the document


def test_the_document_tells_what_is_sent():
    words = re.sub(r"\s+", " ", DOCUMENT.read_text())

    for name, value in EVERYWHERE.items():
        assert name in words
        for part in value.split("; ") if "Policy" in name else [value]:
            assert part in words, part


OUSTS = {"X-Accel-Expires": "@1", "Cache-Control": "no-cache"}


@pytest.mark.parametrize(
    "address",
    ["{withdrawn}", "{hidden}", "/releases/{pk}/other/", "/releases/999999/x/", "/?page=9", "/?p=9"]
    + ["/missions/nowhere/", "/missions/nowhere/feed/", "/api/releases/999999/"],
)
def test_what_is_gone_tells_nginx_to_forget_the_page(addresses, address):
    response = Client().get(address.format(**addresses), secure=True)

    assert response.status_code in (301, 404, 410)
    assert told(response, OUSTS) == OUSTS
    # nginx before 1.23 goes by the one that comes first.
    assert list(response.headers).index("X-Accel-Expires") < list(response.headers).index(
        "Cache-Control"
    )


@pytest.mark.parametrize("address", ["{release}", "/embargo/x/", "/admin/", "/nowhere/"])
def test_nothing_else_tells_nginx_how_to_keep_it(addresses, address):
    response = Client().get(address.format(**addresses), secure=True)

    assert "X-Accel-Expires" not in response
