"""Whatever is sent, nothing of ours breaks."""

import socket

import pytest
from django.db import connection

from tests.factories import ReleaseContactFactory, ReleaseFactory

from .hostile_requests import ask_all
from .serving import HOST, address_of_database, run, serving

pytestmark = pytest.mark.django_db(transaction=True)

SENT = 5_000


def test_five_thousand_hostile_requests_are_all_answered_and_none_by_an_error():
    release = ReleaseFactory(pk=1)
    ReleaseContactFactory(release=release)
    settings = {"DJANGO_SETTINGS_MODULE": "tests.settings_served", "SECOND_FACTOR": "editors"}

    with serving(address_of_database(connection), processes=2, **settings) as newsroom:
        told, bad = run(ask_all(newsroom.port, SENT, HOST))

    assert bad == []
    assert sum(told.values()) == SENT
    # They got as far as the site itself, and not only to gunicorn's or the host's refusal.
    assert told[200] > 500
    assert told[404] > 500


def test_no_reader_says_below_which_path_the_site_stands():
    settings = {"DJANGO_SETTINGS_MODULE": "tests.settings_served"}
    told = (b"SCRIPT_NAME: /x\r\n", b"SCRIPT-NAME: /x\r\n", b"PATH_INFO: /contacts/\r\n")

    with serving(address_of_database(connection), processes=1, **settings) as newsroom:
        answers = []
        for header in told:
            with socket.create_connection(("127.0.0.1", newsroom.port), timeout=30) as door:
                door.sendall(
                    b"GET /x/ HTTP/1.1\r\nHost: %b\r\nX-Forwarded-Proto: https\r\n%b"
                    b"Connection: close\r\n\r\n" % (HOST.encode(), header)
                )
                answers.append(b"".join(iter(lambda door=door: door.recv(65536), b"")))

    assert [answer.split(b" ", 2)[1] for answer in answers] == [b"404"] * 3
    assert not [answer for answer in answers if b'href="/x/' in answer]
