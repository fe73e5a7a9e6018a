"""What one process edits others show with their next request: a newsroom served, and a real Redis.

The tests themselves are the other process, which edits.
"""

import signal
import time
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection

import pytest
from django.db import connection, transaction

from iomnews import announcing
from iomnews.settings import shared_cache
from releases.edition import Watch, edited

from .factories import ReleaseFactory
from .serving import HOST, Newsroom, address_of_database, serving


@pytest.fixture
def where(redis, monkeypatch) -> dict:
    monkeypatch.setenv("CACHE_URL", f"unix://{redis.socket}")
    return shared_cache("CACHE_URL")["shared"]


@pytest.fixture
def teller(where, monkeypatch) -> announcing.Teller:
    """Through which this process tells what it edits."""
    teller = announcing.Teller(where)
    monkeypatch.setattr(announcing, "_teller", lambda: teller)
    announcing.connect()
    yield teller
    edited.disconnect(dispatch_uid=announcing.__name__)


@pytest.fixture
def told(where):
    """A list of all that was told until it is asked for."""
    with announcing.client(where) as client, client.pubsub() as heard:
        heard.subscribe(announcing.channel())
        assert heard.get_message(timeout=5)["type"] == "subscribe"

        def messages() -> list[dict]:
            found = []
            while message := heard.get_message(timeout=0.2):
                found.append(message)
            return found

        yield messages


@pytest.fixture
def patient(where, monkeypatch):
    """However busy the machine, who edits waits until all have heard it."""
    where["OPTIONS"]["socket_timeout"] = 20
    monkeypatch.setattr(announcing, "PATIENCE", 15)


@pytest.fixture
def newsroom(transactional_db, patient, teller, redis):
    environment = {
        "DJANGO_SETTINGS_MODULE": "tests.settings_served",
        "CACHE_URL": f"unix://{redis.socket}",
        "PAGE_CACHE_MB": "8",
    }
    with serving(address_of_database(connection), processes=1, **environment) as running:
        yield running


def shown(newsroom: Newsroom, path: str) -> str:
    reader = HTTPConnection("127.0.0.1", newsroom.port, timeout=10)
    try:
        reader.request("GET", path, headers={"Host": HOST, "X-Forwarded-Proto": "https"})
        return reader.getresponse().read().decode()
    finally:
        reader.close()


def edit(newsroom: Newsroom, release, title: str) -> tuple[int, float]:
    """Give `release` another title: how often the old one is still shown then, for how long."""
    path = f"/api/releases/{release.pk}/"
    shown(newsroom, path)  # from now on it has the page of the edition before
    release.title_en = title
    release.save()
    saved, times = time.monotonic(), 0
    while title not in shown(newsroom, path):
        times += 1
    return times, time.monotonic() - saved


def edit_until_told(newsroom: Newsroom, release) -> None:
    """Edit `release` until that shows at once: it is listened to what is told."""
    for number in range(100):
        if edit(newsroom, release, f"Told {number}")[0] == 0:
            return
    raise AssertionError("nobody hears")


def test_what_another_process_edits_is_shown_with_the_next_request(newsroom):
    release = ReleaseFactory()
    edit_until_told(newsroom, release)

    time.sleep(1)
    late = [edit(newsroom, release, f"Story {number}")[0] for number in range(10)]

    assert late == [0] * 10


def test_while_nobody_can_be_told_it_takes_a_second_and_afterwards_none(newsroom, redis, teller):
    release = ReleaseFactory()
    edit_until_told(newsroom, release)
    redis.stop()

    times, seconds = edit(newsroom, release, "Untold story")

    assert times > 0
    assert seconds < 1.5
    redis.start()
    teller._rests_until = 0
    edit_until_told(newsroom, release)


def test_a_process_that_listens_ends_when_it_is_told_to(newsroom):
    release = ReleaseFactory()
    edit_until_told(newsroom, release)

    newsroom.gunicorn.terminate()

    assert newsroom.gunicorn.wait(timeout=5) == 0


@pytest.mark.django_db
def test_edits_are_told_together_when_they_are_committed(
    told, teller, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks() as callbacks:
        ReleaseFactory.create_batch(3)
        assert told() == []

    for callback in callbacks:
        callback()

    assert [message["type"] for message in told()] == ["message"]


@pytest.mark.django_db(transaction=True)
def test_what_is_taken_back_is_not_told(told, teller):
    with transaction.atomic():
        ReleaseFactory()
        transaction.set_rollback(True)

    assert told() == []


def test_an_import_tells_some_times_a_second_and_no_more(where, told, monkeypatch):
    now = 0.0
    teller = announcing.Teller(where, lambda: now)
    monkeypatch.setattr(announcing, "PATIENCE", 0)  # nobody says that they have heard

    for _release in range(3 * announcing.MOST):
        teller.tell()
    first = len(told())
    now = 1.0
    teller.tell()

    assert (first, len(told())) == (announcing.MOST, 1)


def test_whoever_edits_waits_once_for_a_cache_that_hangs_and_then_leaves_it_alone(where, redis):
    now = 0.0
    teller = announcing.Teller(where, lambda: now)
    teller.tell()
    redis.server.send_signal(signal.SIGSTOP)

    first, second = seconds_to_tell(teller), seconds_to_tell(teller)
    now = announcing.REST
    later = seconds_to_tell(teller)

    assert second < 0.05 < first < 1
    assert later > 0.05


def test_whoever_edits_waits_a_moment_for_those_who_listen_and_no_longer(teller, told):
    assert announcing.PATIENCE <= seconds_to_tell(teller) < 2 * announcing.PATIENCE  # it is silent


def seconds_to_tell(teller: announcing.Teller) -> float:
    since = time.monotonic()
    teller.tell()
    return time.monotonic() - since


def test_a_cache_that_is_only_quiet_is_listened_to_and_one_that_hangs_is_left(
    where, redis, monkeypatch
):
    monkeypatch.setattr(announcing, "SILENCE", 0.2)
    listener = announcing.Listener(where, Watch())
    with ThreadPoolExecutor(1) as threads:
        hearing = threads.submit(listener._hear)
        time.sleep(1.2)
        assert not hearing.done()

        redis.server.send_signal(signal.SIGSTOP)

        assert isinstance(hearing.exception(timeout=10), TimeoutError)


def test_newsrooms_that_share_a_cache_are_told_apart(settings):
    ours = announcing.channel()
    assert announcing.channel() == ours
    settings.SECRET_KEY = "that of another newsroom, just as long as the one that is ours"

    assert announcing.channel() != ours
