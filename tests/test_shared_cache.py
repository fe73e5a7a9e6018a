"""Pages that processes share, in a real Redis."""

import pytest
from django.core.cache.backends.redis import RedisCache

from iomnews.pages import SharedPages
from iomnews.settings import shared_cache

from .factories import NINE, ReleaseFactory
from .processes import Clock, Process, starter

pytestmark = pytest.mark.django_db


@pytest.fixture
def clock(monkeypatch) -> Clock:
    return Clock(NINE, monkeypatch)


@pytest.fixture
def processes(redis, clock, settings, monkeypatch) -> list[Process]:
    monkeypatch.setenv("CACHE_URL", f"unix://{redis.socket}")
    written = shared_cache("CACHE_URL")["shared"]
    start = starter(clock, settings, monkeypatch)
    started = [start(), start(), start()]
    for process in started:
        cache = RedisCache(written["LOCATION"], {"OPTIONS": written["OPTIONS"]})
        process.ask.shared = SharedPages(cache)
    return started


def test_a_page_that_one_process_made_is_the_same_from_another(processes):
    ReleaseFactory(title_ko="난민 지원", publish_at=NINE)
    one, other, _third = processes

    made, taken = one.get("/"), other.get("/")

    assert (one.made, other.made) == (["/"], [])
    assert taken.content == made.content
    assert dict(taken.items()) == dict(made.items())


def test_while_it_is_down_each_process_makes_its_own_and_later_they_share_again(
    processes, redis, monkeypatch
):
    one, other, third = processes
    redis.stop()
    assert [process.get("/").status_code for process in (one, other)] == [200, 200]
    assert (one.made, other.made) == (["/"], ["/"])

    redis.start()
    for process in processes:
        process.ask.shared._down_until = 0  # the pause is over
    one.get("/contacts/")
    third.get("/contacts/")

    assert third.made == []
