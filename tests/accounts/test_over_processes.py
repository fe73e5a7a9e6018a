"""Guessers are stopped by all processes together, however many tries come at once."""

import asyncio
import re
from urllib.parse import urlencode

import pytest
from django.db import connection

from releases.models import RecentReader
from tests.serving import HOST, address_of_database, ask, run, serving

from .people import PASSWORD, person

pytestmark = pytest.mark.django_db(transaction=True)

AT_ONCE = 40


def try_of(name: str, password: str, token: str, address: str = "203.0.113.1") -> bytes:
    """A form that a script sends to the door."""
    body = urlencode({"username": name, "password": password, "csrfmiddlewaretoken": token})
    return (
        "POST /en/admin/login/ HTTP/1.1\r\n"
        f"Host: {HOST}\r\n"
        "X-Forwarded-Proto: https\r\n"
        f"X-Forwarded-For: {address}\r\n"
        f"Referer: https://{HOST}/en/admin/login/\r\n"
        f"Cookie: __Host-csrftoken={token}\r\n"
        "Content-Type: application/x-www-form-urlencoded\r\n"
        f"Content-Length: {len(body)}\r\n"
        "Connection: close\r\n\r\n"
        f"{body}"
    ).encode()


def test_of_many_tries_at_once_over_four_processes_five_are_looked_at():
    person("editor")
    token = "t" * 32

    async def all_at_once(port: int, password: str, address: str) -> list[int]:
        form = try_of("editor", password, token, address)
        answers = await asyncio.gather(*(ask(port, form) for _ in range(AT_ONCE)))
        return sorted(status for status, _body in answers)

    settings = {"DJANGO_SETTINGS_MODULE": "tests.settings_served", "SECOND_FACTOR": "off"}
    with serving(address_of_database(connection), **settings) as newsroom:
        guesser = run(all_at_once(newsroom.port, "wrong", "203.0.113.1"))
        owner = run(all_at_once(newsroom.port, PASSWORD, "198.51.100.1"))

    assert guesser == [200] * 5 + [429] * (AT_ONCE - 5)
    assert owner[0] == 302
    assert set(owner) <= {302, 429}  # sent forty times at once it may look like guessing
    assert RecentReader.objects.exists()
    assert not re.search("203.0.113", str(list(RecentReader.objects.values())))
