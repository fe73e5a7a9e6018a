"""The site around the newsroom: settings, error pages, samples, the demo."""

import subprocess
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django.asserts import assertContains, assertNotContains

from contacts.models import Mission, PressContact
from iomnews import settings as site
from releases import views
from releases.models import Release, State

from .factories import NINE, ONE_SECOND, MissionFactory, PressContactFactory, ReleaseFactory
from .reading import read
from .starting import KEY, run_alone

ROOT = Path(__file__).resolve().parent.parent


def start(tmp_path, settings="iomnews", **environment: str) -> subprocess.CompletedProcess:
    """Start the site with `environment` alone, and print some of its settings."""
    shown = ["SECURE_SSL_REDIRECT", "SECURE_HSTS_SECONDS", "SESSION_COOKIE_SECURE", "DEBUG", "DEMO"]
    code = f"from {settings} import settings as s; "
    code += "; ".join(f"print(s.{name})" for name in shown)
    return run_alone(code, tmp_path, **environment)


# Settings


def test_production_is_the_default_and_is_strict(tmp_path):
    shown = start(tmp_path, SECRET_KEY=KEY, ALLOWED_HOSTS="news.example.org").stdout.split()

    assert shown == ["True", str(365 * 24 * 3600), "True", "False", "False"]


def test_a_demo_goes_without_https(tmp_path):
    shown = start(tmp_path, SECRET_KEY="x" * 50, DEMO="on").stdout.split()

    assert shown == ["False", "0", "False", "False", "True"]


def test_the_site_reads_its_env_file_and_the_tests_do_not(tmp_path):
    env_file = tmp_path / ".env"
    env_file.write_text(f"SECRET_KEY={'x' * 50}\nDEMO=on\n")

    site = start(tmp_path, ENV_FILE=str(env_file))
    tests = start(tmp_path, settings="tests", ENV_FILE=str(env_file))

    assert site.stdout.split()[-1] == "True"
    assert tests.stdout.split()[-1] == "False"


@pytest.mark.parametrize(("query", "noticed"), [("", 5000), ("?tcp_user_timeout=20000", 20000)])
def test_a_machine_that_is_gone_is_noticed_by_the_time_that_the_owner_gives(
    tmp_path, query, noticed
):
    database = f"postgres://newsroom@db.example.org/newsroom{query}"
    settings = {"SECRET_KEY": KEY, "ALLOWED_HOSTS": "news.example.org", "DATABASE_URL": database}
    code = "from iomnews.settings import DATABASE; print(DATABASE['OPTIONS']['tcp_user_timeout'])"

    assert run_alone(code, tmp_path, **settings).stdout == f"{noticed}\n"


@pytest.mark.parametrize(("word", "on"), [("on", True), ("off", False)])
def test_a_switch_is_as_it_says_and_off_where_it_is_absent(monkeypatch, word, on):
    monkeypatch.setenv("DEMO", word)
    monkeypatch.delenv("BEHIND_PROXY", raising=False)

    assert site.flag("DEMO") is on
    assert site.flag("BEHIND_PROXY") is False


@pytest.mark.parametrize("word", ["yes", "1", "On", "true"])
def test_a_switch_is_on_or_off_and_nothing_else(monkeypatch, word):
    monkeypatch.setenv("DEMO", word)

    with pytest.raises(ImproperlyConfigured, match=f"DEMO='{word}'"):
        site.flag("DEMO")


def test_links_at_the_foot_are_read_from_the_environment(monkeypatch):
    monkeypatch.setenv("FOOTER_LINKS", "본부|Headquarters|https://example.org; 채용|Jobs|/jobs/ ")

    assert [link["en"] for link in site.links("FOOTER_LINKS")] == ["Headquarters", "Jobs"]


@pytest.mark.parametrize("links", ["Headquarters", "a|b|javascript:x", "a|b"])
def test_links_that_do_not_fit_stop_the_start(monkeypatch, links):
    monkeypatch.setenv("FOOTER_LINKS", links)

    with pytest.raises(ImproperlyConfigured, match="FOOTER_LINKS"):
        site.links("FOOTER_LINKS")


@pytest.mark.parametrize("colour", ["red", "#12345", "#1234567", "#14437c;}"])
def test_a_colour_that_does_not_fit_stops_the_start(monkeypatch, colour):
    monkeypatch.setenv("SITE_COLOUR", colour)

    with pytest.raises(ImproperlyConfigured, match="SITE_COLOUR"):
        site.colour("SITE_COLOUR")


@pytest.mark.parametrize(("value", "read"), [("0", 0), ("90", 90), ("", 60), (None, 60)])
def test_the_grace_before_the_public_is_given_in_whole_seconds(monkeypatch, value, read):
    monkeypatch.delenv("PUBLISH_GRACE", raising=False)
    if value is not None:
        monkeypatch.setenv("PUBLISH_GRACE", value)

    assert site.whole_number("PUBLISH_GRACE", default=60) == read


def test_a_limit_of_no_readings_at_all_stops_the_start(monkeypatch):
    monkeypatch.setenv("READINGS_PER_ADDRESS", "0")

    with pytest.raises(ImproperlyConfigured, match="READINGS_PER_ADDRESS"):
        site.whole_number("READINGS_PER_ADDRESS", default=300, least=1)


@pytest.mark.parametrize("value", ["-1", "1.5", "a minute", "60s", "99999999", "٣"])
def test_a_grace_that_is_no_number_of_seconds_stops_the_start(monkeypatch, value):
    monkeypatch.setenv("PUBLISH_GRACE", value)

    with pytest.raises(ImproperlyConfigured, match="PUBLISH_GRACE"):
        site.whole_number("PUBLISH_GRACE", default=60)


@pytest.mark.django_db
def test_an_owner_makes_the_site_their_own(client, settings):
    settings.SITE_NAME, settings.SITE_COLOUR = "우리 뉴스룸", "#663399"
    settings.FOOTER_TEXT = {"ko": "한국 사무소", "en": "Office in Korea"}
    settings.FOOTER_LINKS = [{"ko": "본부", "en": "Headquarters", "address": "https://example.org"}]

    korean, english = client.get("/"), client.get("/en/")

    assertContains(korean, "우리 뉴스룸 – 한국 사무소")
    assertContains(english, '<a href="https://example.org">Headquarters</a>')
    assertContains(korean, 'href="/theme.css"')
    assertContains(client.get("/theme.css"), "--brand: #663399")


@pytest.mark.django_db
def test_without_a_colour_no_second_style_sheet_is_asked_for(client):
    assertNotContains(client.get("/"), "theme.css")


# Error pages


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("address", "status", "words"),
    [
        ("/nowhere/", 404, "페이지를 찾을 수 없습니다"),
        ("/en/nowhere/", 404, "There is no such page"),
        ("/?year=x", 400, "주소가 올바르지 않습니다"),
        ("/en/?year=x", 400, "That address does not fit"),
    ],
)
def test_an_error_is_told_in_the_readers_language_with_a_way_on(client, address, status, words):
    response = client.get(address)

    home = "/en/" if address.startswith("/en/") else "/"
    assertContains(response, words, status_code=status)
    assertContains(response, f'<a class="way-on" href="{home}">', status_code=status)
    assertContains(response, "noindex", status_code=status)


def other_language(response) -> str:
    """Where the language link of a page leads; it is marked with that language."""
    link = read(response).one("a", class_="language")
    assert link["lang"] == link["hreflang"] == {"English": "en", "한국어": "ko"}[link.words]
    return link["href"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("address", "other"),
    [
        ("/nowhere/", "/en/"),
        ("/en/nowhere/", "/"),
        ("/?page=99", "/en/"),
        ("/en/releases/99/x/", "/"),
        ("/sitemap-x.xml", "/en/"),
        ("/?year=x", "/en/?year=x"),
        ("/en/?year=x", "/?year=x"),
    ],
)
def test_an_error_page_leads_to_the_other_language(client, address, other):
    assert other_language(client.get(address)) == other


@pytest.mark.django_db
def test_a_withdrawn_release_says_so_in_the_other_language_too(client):
    release = ReleaseFactory(withdrawn_at=NINE + ONE_SECOND, withdrawal_reason_en="An error.")
    korean, english = (release.get_absolute_url(language=lang) for lang in ("ko", "en"))

    assert other_language(client.get(korean)) == english
    assert other_language(client.get(english)) == korean


@pytest.mark.parametrize(("address", "other"), [("/", "/en/"), ("/en/contacts/", "/contacts/")])
def test_a_refused_form_leads_to_the_other_language(address, other):
    assert other_language(Client(enforce_csrf_checks=True).post(address)) == other


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("address", "other"),
    [
        ("/missions/", "/en/missions/"),
        ("/en/", "/"),
        ("/nowhere/", "/en/"),
        ("/feed/", "/en/feed/"),
    ],
)
def test_a_newsroom_that_is_worked_on_says_so_in_the_other_language(
    client, settings, address, other
):
    settings.MAINTENANCE = True

    assert other_language(client.get(address)) == other


@pytest.mark.django_db
def test_a_fault_of_ours_leads_to_the_other_language(client, monkeypatch):
    def fail(*args, **kwargs):
        raise RuntimeError

    monkeypatch.setattr(views, "ReleaseFilter", fail)
    client.raise_request_exception = False

    assert other_language(client.get("/?q=x")) == "/en/?q=x"


@pytest.mark.parametrize(
    ("home", "words"), [("/", "볼 수 있는 권한이 없습니다"), ("/en/", "This is not open to you")]
)
def test_a_forged_form_is_refused_in_the_readers_language(home, words):
    response = Client(enforce_csrf_checks=True).post(home)

    assertContains(response, words, status_code=403)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("home", "words"), [("/", "문제가 생겼습니다"), ("/en/", "Something went wrong here")]
)
def test_a_fault_of_ours_asks_the_database_nothing_and_shows_no_code(
    client, monkeypatch, home, words
):
    def fail(*args, **kwargs):
        raise RuntimeError("secret words of the code")

    monkeypatch.setattr(views, "ReleaseFilter", fail)
    client.raise_request_exception = False

    with CaptureQueriesContext(connection) as queries:
        response = client.get(home)

    assertContains(response, words, status_code=500)
    assertNotContains(response, "secret words", status_code=500)
    assert queries.captured_queries == []


@pytest.mark.django_db
def test_while_the_newsroom_is_worked_on_only_the_desk_is_open(client, settings):
    settings.MAINTENANCE = True

    korean, english = client.get("/"), client.get("/en/missions/")

    assertContains(korean, "뉴스룸을 점검하고 있습니다", status_code=503)
    assertContains(english, "The newsroom is being worked on", status_code=503)
    assert korean["Retry-After"] == "600"
    assert client.get("/admin/login/").status_code == 200
    assert client.get("/en/admin/login/").status_code == 200


# Samples and the demo


@pytest.mark.django_db
def test_an_empty_newsroom_is_filled_with_samples_in_every_state():
    call_command("load_samples")

    assert Release.objects.public().count() > 20  # so that the listing pages
    assert {release.state for release in Release.objects.all()} == set(State)
    assert Release.objects.filter(body_ko="").exists()
    assert Release.objects.filter(body_en="").exists()
    assert Release.objects.filter(contacts__position__gt=1).exists()


@pytest.mark.django_db
def test_samples_are_loaded_once(capsys):
    call_command("load_samples")
    Release.objects.first().delete()
    before = Release.objects.count()

    call_command("load_samples")

    assert Release.objects.count() == before
    assert "not empty" in capsys.readouterr().out


@pytest.mark.django_db
@pytest.mark.parametrize("factory", [ReleaseFactory, MissionFactory, PressContactFactory])
def test_a_newsroom_that_is_somebodys_gets_no_samples(factory):
    factory()

    call_command("load_samples")

    assert sum(m.objects.count() for m in (Release, Mission, PressContact)) == 1


@pytest.mark.django_db
def test_the_demo_account_is_made_for_a_demo_only(settings, django_user_model):
    settings.DEMO = False
    with pytest.raises(CommandError, match="DEMO=on only"):
        call_command("demo_account")
    assert not django_user_model.objects.exists()

    settings.DEMO = True
    call_command("demo_account")
    call_command("demo_account")

    assert django_user_model.objects.count() == 1
