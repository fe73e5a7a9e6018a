import gc

import hypothesis
import pytest
from django.utils import translation

from releases import edition
from releases.moving_in import starting

from .redis_server import Redis

# The same examples in every run, and no clock: a failure belongs to the change that it came with.
hypothesis.settings.register_profile("steady", derandomize=True, deadline=None)
hypothesis.settings.load_profile("steady")


def pytest_collection_finish():
    """What is loaded by now stays: to look through it again and again would take a tenth longer."""
    gc.freeze()
    gc.set_threshold(50_000, 20)


@pytest.fixture(autouse=True)
def _korean_unless_said():
    """Each test begins in the site's own language, whatever ran before it."""
    with translation.override("ko"):
        yield


@pytest.fixture(autouse=True)
def _english_terminal(monkeypatch):
    """Commands speak the terminal's language: English, unless a test sets another."""
    for name in ("LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "en_US.UTF-8")


@pytest.fixture(autouse=True)
def _edition_looked_up_each_time(monkeypatch):
    """Tests edit within transactions that never commit, so nothing says when to look anew."""
    monkeypatch.setattr(edition, "TRUSTED", 0)


@pytest.fixture(autouse=True)
def _no_process_of_its_own(monkeypatch):
    """Nobody works on what the desk is asked to move in, unless a test does."""
    monkeypatch.setattr(starting, "start", lambda: None)


@pytest.fixture
def redis(tmp_path):
    """One that runs, for as long as the test."""
    server = Redis(tmp_path)
    server.start()
    yield server
    server.stop()
