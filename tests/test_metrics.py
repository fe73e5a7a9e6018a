"""The numbers for Prometheus, of two real processes."""

import json
import os
import re
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from django.db import DatabaseError, connection
from django.utils import timezone

from iomnews.accounts.models import Record

from .accounts.people import ACCOUNT, CODE, person, typed, with_app
from .factories import ReleaseFactory
from .serving import BROWSER, HOST, address_of_database, serving

pytestmark = pytest.mark.django_db(transaction=True)

TOKEN = "a-token-of-the-owner-for-prometheus"


class Site:
    """A running newsroom and whoever asks it."""

    def __init__(self, port: int):
        self.port = port

    def get(self, path: str, data: bytes | None = None, **headers: str) -> tuple[int, str]:
        given = {"Host": HOST, "X-Forwarded-Proto": "https", "User-Agent": BROWSER} | {
            name.replace("_", "-"): value for name, value in headers.items()
        }
        try:
            with urlopen(Request(f"http://127.0.0.1:{self.port}{path}", data, given)) as answer:
                return answer.status, answer.read().decode()
        except HTTPError as error:
            return error.code, error.read().decode(errors="replace")

    def numbers(self) -> dict[str, float]:
        status, text = self.get("/metrics", Authorization=f"Bearer {TOKEN}")
        assert status == 200
        lines = (line.rsplit(" ", 1) for line in text.splitlines() if not line.startswith("#"))
        return {name: float(value) for name, value in lines}


@pytest.fixture
def site(redis):
    with serving(
        address_of_database(connection),
        processes=2,
        CACHE_URL=f"unix://{redis.socket}",
        METRICS="on",
        METRICS_TOKEN=TOKEN,
        PAGE_CACHE_MB="4",
    ) as newsroom:
        yield Site(newsroom.port)


def test_what_the_site_does_is_counted_over_all_its_processes(site):
    now = timezone.now()
    release = ReleaseFactory()
    ReleaseFactory(publish_at=now + timedelta(days=1))
    ReleaseFactory(withdrawn_at=now)
    address = f"/releases/{release.pk}/plain.txt"

    for _ in range(6):
        site.get(f"/api/releases/{release.pk}/")
    site.get("/api/releases/?q=refugee")
    site.get("/api/releases/999999/")
    site.get("/api/no/such/")
    site.get(
        f"/releases/{release.pk}/views/",
        b"",
        Sec_Fetch_Site="same-origin",
        Content_Type="text/plain",
    )
    numbers = site.numbers()

    def of(name: str, **labels: str) -> float:
        inside = ",".join(f'{label}="{value}"' for label, value in sorted(labels.items()))
        return numbers.get(f"{name}{{{inside}}}", 0)

    made = of("iomnews_requests_total", method="GET", route="api-release", status="2xx")
    kept = of("iomnews_requests_total", method="GET", route="kept page", status="2xx")
    assert made + kept == 6
    assert made == 1  # and the other process has it from the cache that they share
    assert of("iomnews_pages_total", outcome="hit") == kept
    assert of("iomnews_requests_total", method="GET", route="api-release", status="4xx") == 1
    assert of("iomnews_requests_total", method="GET", route="none", status="4xx") == 1
    assert of("iomnews_request_seconds_count", route="api-release") == made + 1
    assert of("iomnews_readings_total", outcome="count") == 1
    assert numbers["iomnews_database_queries_total"] > 0
    assert numbers["iomnews_database_seconds_total"] > 0
    assert numbers["iomnews_shared_cache_asked_total"] >= 2
    assert 0 < numbers["iomnews_shared_cache_seconds_total"] < 10
    states = {"public": 1, "scheduled": 1, "withdrawn": 1}
    assert {state: of("iomnews_releases", state=state) for state in states} == states
    assert of("iomnews_ready", part="database") == 1
    # Which addresses were asked for, and what was searched, stands nowhere.
    assert not re.search(f"refugee|such|{address}", json.dumps(numbers))


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": "Bearer another"},
        {"Authorization": f"Basic {TOKEN}"},
        {"Authorization": "Bearer ünsaid"},
    ],
)
def test_whoever_has_no_token_finds_nothing_there(settings, client, headers):
    from iomnews.metrics import may_look

    settings.METRICS_TOKEN = TOKEN
    request = client.get("/metrics", headers=headers).wsgi_request

    assert not may_look(request)


def test_whoever_has_the_token_may_look(settings, rf):
    from iomnews.metrics import may_look

    settings.METRICS_TOKEN = TOKEN

    assert may_look(rf.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"}))


def test_logins_are_counted_by_outcome(client, django_user_model):
    from iomnews.metrics import logins

    def counted() -> tuple[float, float]:
        return tuple(logins.labels(outcome)._value.get() for outcome in ("ok", "failed"))

    django_user_model.objects.create_superuser("anna", password="a long password of hers")
    ok, failed = counted()
    for password in ("wrong", "a long password of hers"):
        client.login(username="anna", password=password)

    assert counted() == (ok + 1, failed + 1)


def test_what_is_stopped_at_the_door_is_counted_too(client):
    from iomnews.metrics import logins

    outcomes = ("failed", "stopped", "code_refused", "code_stopped")

    def counted() -> list[float]:
        return [logins.labels(outcome)._value.get() for outcome in outcomes]

    before = counted()
    with_app(person("editor"))
    typed(client, "editor")
    for _ in range(12):
        client.post(CODE, {"code": "000000"})
    for _ in range(6):
        typed(client, "nobody", "wrong")

    assert [now - then for now, then in zip(counted(), before, strict=True)] == [5, 1, 10, 2]


def test_codes_typed_by_who_is_signed_in_are_no_logins(client):
    from iomnews.metrics import logins

    outcomes = [logins.labels(outcome) for outcome in ("code_refused", "code_stopped")]
    before = [outcome._value.get() for outcome in outcomes]
    user = person("editor")
    with_app(user)
    client.force_login(user)
    for _ in range(12):
        client.post(ACCOUNT, {"do": "codes", "code": "000000"})

    assert Record.objects.filter(kind=Record.Kind.CODE_STOPPED, by=user, count=2).exists()
    assert [outcome._value.get() for outcome in outcomes] == before


def test_a_stop_that_could_not_be_written_down_is_not_counted(client, monkeypatch):
    from iomnews.accounts import journal
    from iomnews.metrics import logins

    def fail(*words, **named):
        raise DatabaseError

    before = logins.labels("stopped")._value.get()
    monkeypatch.setattr(journal.Record.objects, "create", fail)

    with pytest.raises(DatabaseError):
        journal.write(journal.Kind.STOPPED, about="editor")

    assert logins.labels("stopped")._value.get() == before


def started(**environment: str) -> subprocess.CompletedProcess:
    code = "import django; django.setup(); import iomnews.wsgi, sys; "
    code += "print('prometheus_client' in sys.modules)"
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=Path(__file__).resolve().parent.parent,
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "iomnews.settings"} | environment,
        capture_output=True,
        text=True,
    )


def test_nothing_of_it_is_loaded_where_it_is_off():
    assert started().stdout.strip() == "False"


@pytest.mark.parametrize("token", ["", "too short"])
def test_the_site_does_not_start_with_numbers_open_to_all(token):
    done = started(METRICS="on", METRICS_TOKEN=token)

    assert done.returncode != 0
    assert "METRICS_TOKEN of 20 characters" in done.stderr
