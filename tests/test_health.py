"""What a load balancer and a watch are told of the site."""

import time
from threading import Event

import pytest
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from iomnews import health
from iomnews.health import Part, Readiness

# Another thread asks the database, and sees only what is committed.
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _asked_anew():
    health.readiness.cache_clear()
    yield
    health.readiness.cache_clear()


@pytest.fixture
def parts(monkeypatch):
    """Let the site stand on these parts alone: names, each with why it is not well."""

    def stand_on(**why: str) -> None:
        made = [Part(name, lambda reason=reason: reason) for name, reason in why.items()]
        monkeypatch.setattr(health, "PARTS", made)

    return stand_on


def test_a_process_that_answers_lives_and_asks_no_database(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        response = client.get("/health/live")

    assert (response.status_code, response.content) == (200, b"well\n")
    assert response["Cache-Control"] == "no-store"


def test_a_site_whose_parts_are_well_is_ready(client):
    response = client.get("/health/ready")

    assert response.status_code == 200
    assert response.json() == {
        "ready": True,
        "parts": {name: {"ok": True} for name in ("database", "migrations", "disk")},
    }
    assert response["Cache-Control"] == "no-store"


def test_one_part_that_is_not_well_is_named_and_the_others_too(client, parts):
    parts(database="", disk="nearly full")

    response = client.get("/health/ready")

    assert response.status_code == 503
    assert response.json() == {
        "ready": False,
        "parts": {"database": {"ok": True}, "disk": {"ok": False, "why": "nearly full"}},
    }


@pytest.mark.parametrize("address", ["/health/live", "/health/ready"])
def test_probes_ask_by_an_address_over_plain_http_while_the_site_is_worked_on(
    client, settings, address
):
    settings.MAINTENANCE = True
    settings.SECURE_SSL_REDIRECT = True

    response = client.get(address, headers={"host": "10.1.2.3:8000"})

    assert response.status_code == 200


def test_a_part_that_hangs_does_not_hang_the_answer():
    over = Event()
    hanging = Readiness([Part("database", lambda: over.wait(60) and ""), *health.PARTS[3:]], 0.05)

    assert hanging.parts() == {"database": "does not answer in time", "disk": ""}
    over.set()


def test_nobody_asks_a_part_again_that_still_hangs(monkeypatch):
    over, asked = Event(), []
    part = Part("database", lambda: asked.append(1) or (over.wait(20) and ""))
    hanging = Readiness([part], 0.05)
    monkeypatch.setattr(health, "TRUSTED", 0)

    hanging.parts()
    hanging._patience = 60  # which nobody waits a second time

    assert hanging.parts() == {"database": "does not answer in time"}
    assert len(asked) == 1
    over.set()


def test_strangers_who_ask_often_ask_the_database_once_a_second(monkeypatch):
    asked = []
    often = Readiness([Part("database", lambda: asked.append(1) or "")])
    now = time.monotonic()
    monkeypatch.setattr(time, "monotonic", lambda: now)

    often.parts()
    often.parts()

    assert len(asked) == 1


def test_strangers_are_not_told_what_the_driver_says(caplog):
    def fail() -> str:
        raise ConnectionError("password authentication failed for user newsroom")

    assert Readiness([Part("database", fail)]).parts() == {"database": "does not answer"}
    assert "password authentication failed" in caplog.text


def test_a_migration_that_is_missing_is_told():
    recorder = MigrationRecorder(connection)
    try:
        recorder.record_unapplied("releases", "0001_initial")
        assert health.migrations() == "not all applied"
    finally:
        recorder.record_applied("releases", "0001_initial")
    assert health.migrations() == ""


def test_migrations_of_newer_code_do_no_harm():
    recorder = MigrationRecorder(connection)
    try:
        recorder.record_applied("releases", "9999_of_next_year")
        assert health.migrations() == ""
    finally:
        recorder.record_unapplied("releases", "9999_of_next_year")


def test_a_disk_that_is_nearly_full_is_told(monkeypatch):
    assert health.disk() == ""
    monkeypatch.setattr(health, "LEAST_FREE", 2**70)

    assert health.disk() == "nearly full"


def test_a_disk_that_takes_nothing_is_told(settings, monkeypatch):
    def refuse(**where):
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr(health.tempfile, "TemporaryFile", refuse)

    assert Readiness([Part("disk", health.disk)]).parts() == {"disk": "does not answer"}


def test_other_addresses_there_and_other_methods_are_refused(client):
    assert client.get("/health/").status_code == 404
    assert client.get("/health/other").status_code == 404
    assert client.post("/health/ready").status_code == 405
    assert client.head("/health/ready").status_code == 200
