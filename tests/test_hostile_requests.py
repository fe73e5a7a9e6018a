"""Whatever is sent, nothing of ours breaks."""

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
