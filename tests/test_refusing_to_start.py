"""A newsroom in production starts with safe settings alone, and says all that it minds at once."""

from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command

from iomnews import demo, safety

from .starting import KEY, run_alone

ROOT = Path(__file__).resolve().parent.parent
# Made once, as .env.example says.
RANDOM = "jmkm6eW86GdI7B6KenlfpFMXxI1rgecaZ8Auo8kXaBUQt4R0tRTwDhfcOsvmfeOGL-4"
RANDOM_HEX = "c3d7f2767eb3a59d33b62860fb5eeaf85ee63358bf024eeaa5"
SAFE = {"SECRET_KEY": KEY, "ALLOWED_HOSTS": "news.example.org"}


def started(tmp_path, code="import iomnews.settings", **environment: str):
    """Run `code` with `environment` alone: its exit status and what it complained of."""
    done = run_alone(code, tmp_path, **environment)
    return done.returncode, done.stderr


def test_with_safe_settings_it_starts(tmp_path):
    assert started(tmp_path, **SAFE) == (0, "")


def test_all_that_is_amiss_is_said_at_once(tmp_path):
    status, said = started(tmp_path, SECRET_KEY="django-insecure-x", ALLOWED_HOSTS="*")

    assert status != 0
    assert "SECRET_KEY is shorter than 50 characters" in said
    assert "still to be made" in said
    assert "ALLOWED_HOSTS holds *" in said


def test_without_any_settings_it_asks_for_both(tmp_path):
    status, said = started(tmp_path)

    assert status != 0
    assert "SECRET_KEY is not set" in said
    assert "ALLOWED_HOSTS is not set" in said


@pytest.mark.parametrize("switch", ["DEMO", "DEBUG"])
@pytest.mark.parametrize(
    ("open_to_others", "word"),
    [
        ({"ALLOWED_HOSTS": "news.example.org"}, "ALLOWED_HOSTS names news.example.org"),
        ({"BEHIND_PROXY": "on"}, "BEHIND_PROXY is on"),
    ],
)
def test_neither_demo_nor_debug_is_open_to_others(tmp_path, switch, open_to_others, word):
    status, said = started(tmp_path, SECRET_KEY=KEY, **{switch: "on"}, **open_to_others)

    assert status != 0
    assert f"{switch}=on is for this machine alone" in said
    assert word in said


@pytest.mark.parametrize("switch", ["DEMO", "DEBUG"])
def test_a_demo_needs_a_key_too(tmp_path, switch):
    status, said = started(tmp_path, **{switch: "on"})

    assert status != 0
    assert "SECRET_KEY is not set" in said
    assert "ALLOWED_HOSTS" not in said


@pytest.mark.parametrize(
    ("secret", "word"),
    [
        ("", "is not set"),
        (RANDOM[:40], "is shorter"),
        ("x" * 60, "repeats itself"),
        ("password" * 7, "repeats itself"),
        ("0123456789" * 5, "repeats itself"),
        (f"django-insecure-{RANDOM}", "still to be made"),
        (f"ChangeMe-{RANDOM}", "still to be made"),
        (f"{demo.SECRET_BEGINS}{RANDOM}", "made for the demo"),
        ("import secrets; print(secrets.token_urlsafe(50))", "in .env.example"),
    ],
)
def test_a_key_that_others_could_know_or_guess_is_refused(secret, word):
    faults = safety.faults_of_secret(secret)

    assert len(faults) == 1
    assert word in faults[0]


@pytest.mark.parametrize("secret", [RANDOM, RANDOM_HEX, KEY, "0123456789abcdef!" * 2 + KEY])
def test_a_random_key_is_good(secret):
    assert safety.faults_of_secret(secret) == []


def test_the_key_that_make_run_writes_is_one_of_the_demo():
    assert f"SECRET_KEY={demo.SECRET_BEGINS}{{secrets" in (ROOT / "Makefile").read_text()


@pytest.mark.parametrize("hosts", [[], ["*"], ["news.example.org", "*"], ["."], [".org"], ["*.kr"]])
def test_names_that_are_anybodys_are_refused(hosts):
    assert len(safety.faults_of_hosts(hosts)) == 1


@pytest.mark.parametrize("hosts", [["news.example.org"], [".example.org"], ["127.0.0.1", "[::1]"]])
def test_names_of_ones_own_are_good(hosts):
    assert safety.faults_of_hosts(hosts) == []


@pytest.mark.django_db
def test_a_demo_account_stops_the_start_until_it_is_removed(settings, django_user_model):
    django_user_model.objects.create_superuser(demo.NAME, password=demo.PASSWORD)
    with pytest.raises(ImproperlyConfigured, match="demo_account --remove"):
        safety.refuse(safety.faults_of_accounts())

    call_command("demo_account", remove=True)

    assert safety.faults_of_accounts() == []


@pytest.mark.django_db
def test_a_demo_account_is_welcome_in_a_demo(settings, django_user_model):
    django_user_model.objects.create_superuser(demo.NAME, password=demo.PASSWORD)
    settings.DEMO = True

    assert safety.faults_of_accounts() == []


def test_gunicorn_does_not_serve_a_database_with_a_demo_account(tmp_path):
    serve = "import iomnews.wsgi"
    make = (
        "import iomnews.settings, os, django; os.environ['DJANGO_SETTINGS_MODULE'] = "
        "'iomnews.settings'; django.setup(); from django.core.management import call_command; "
        "call_command('migrate', verbosity=0); call_command('demo_account')"
    )
    before = started(tmp_path, serve, **SAFE)[0]
    assert started(tmp_path, make, SECRET_KEY=KEY, DEMO="on")[0] == 0

    status, said = started(tmp_path, serve, **SAFE)

    assert before == 0  # a database without tables is no reason not to start
    assert status != 0
    assert "left from a demo" in said


def test_a_database_that_is_away_is_no_reason_not_to_start(tmp_path):
    away = "postgres://newsroom:x@127.0.0.1:1/newsroom"  # where nobody listens

    status, said = started(tmp_path, "import iomnews.wsgi", DATABASE_URL=away, **SAFE)

    assert status == 0
    assert "not asked for the demo account" in said
