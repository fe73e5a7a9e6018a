"""What is edited in one process is known in all at once, by way of the cache that they share.

Each process looks up once a second what was edited (`releases.edition`). With CACHE_URL whoever
edits tells the others when it is committed, and goes on once they have heard it: they look it up
for their next reader. While the cache is down that second is what is left, and nobody waits for it.
"""

import logging
import os
import secrets
import time
from collections.abc import Callable
from functools import cache
from threading import Lock, Thread
from typing import Any, NoReturn

from django.conf import settings
from django.utils.crypto import salted_hmac

from releases.edition import Watch, edited

logger = logging.getLogger(__name__)

PATIENCE = 0.15  # seconds for all to say that they have heard; less than a socket has (settings)
# Times a second that one process tells: an import is no reason to make all pages anew so often.
MOST = 20
REST = 5  # seconds in which a cache that failed is told nothing
SILENCE = 5  # seconds; then it is asked whether it is still there
LONGEST_WAIT = 30  # seconds between two tries to hear it again


def client(where: dict[str, Any]):
    """Of the Valkey or Redis that `where` names, as in CACHES; one try is enough for it."""
    from redis import Redis
    from redis.backoff import NoBackoff
    from redis.retry import Retry

    return Redis.from_url(where["LOCATION"], retry=Retry(NoBackoff(), 0), **where["OPTIONS"])


def channel() -> str:
    """By which the processes of this newsroom, and of no other in the same cache, are told."""
    return f"iomnews:{salted_hmac(__name__, 'edited', algorithm='sha256').hexdigest()[:32]}"


def receipts(number: str) -> str:
    """The list in which whoever has heard what was told as `number` puts a word."""
    return f"{channel()}:{number}"


class Teller:
    """Tells all that listen that something was edited. `clock` gives seconds."""

    def __init__(self, where: dict[str, Any], clock: Callable[[], float] = time.monotonic):
        self._client, self._clock = client(where), clock
        self._rests_until = float("-inf")
        self._begun, self._times = float("-inf"), 0

    def tell(self) -> None:
        """Over once all have heard it, or the patience is."""
        now = self._clock()
        if now - self._begun >= 1:
            self._begun, self._times = now, 0
        self._times += 1
        if self._times > MOST or now < self._rests_until:
            return
        try:
            self._tell(secrets.token_hex(8))
        except Exception as error:  # whatever its client raises: what was edited is saved
            logger.warning("The shared cache tells nobody of an edit: %s", error)
            self._rests_until = self._clock() + REST

    def _tell(self, number: str) -> None:
        until = time.monotonic() + PATIENCE
        for _listener in range(self._client.publish(channel(), number)):
            left = until - time.monotonic()
            # What is rounded to 0 would be for ever.
            if left < 0.01 or self._client.blpop(receipts(number), timeout=left) is None:
                return  # one that hangs, or is gone and not yet missed


class Listener:
    """Lets `watch` look up anew what others have edited, by a thread that begins with `listen`."""

    def __init__(self, where: dict[str, Any], watch: Watch):
        self._where, self._watch = where, watch
        self._process: int | None = None  # that has the thread: no fork has it
        self._beginning = Lock()
        self._hears = False

    def listen(self) -> None:
        """See to it that this process listens; whoever calls waits for nothing."""
        if self._process == os.getpid():
            return
        with self._beginning:
            if self._process != os.getpid():
                # A daemon: it keeps no process from ending.
                Thread(target=self._go_on, name="announcements", daemon=True).start()
                self._process = os.getpid()

    def _go_on(self) -> NoReturn:
        wait = 0  # seconds
        while True:
            try:
                self._hear()
            except Exception as error:  # whatever its client raises: it may be back later
                if self._hears or not wait:
                    logger.warning("The shared cache does not tell of edits: %s", error)
                wait = 1 if self._hears else min(2 * wait, LONGEST_WAIT) or 1
                self._hears = False
            time.sleep(wait)

    def _hear(self) -> NoReturn:
        """Raises what its client raises, or TimeoutError, once the cache is gone."""
        with client(self._where) as connection, connection.pubsub() as told:
            told.subscribe(channel())
            is_asked = False
            while True:
                message = told.get_message(timeout=SILENCE)
                if message is None:
                    if is_asked:
                        raise TimeoutError("it is silent")
                    told.ping()
                elif message["type"] == "subscribe":
                    self._hears = True
                elif message["type"] == "message":
                    self._watch.forget()
                    number = receipts(message["data"].decode())
                    connection.pipeline().rpush(number, "heard").expire(number, REST).execute()
                is_asked = message is None


@cache
def _teller() -> Teller:
    return Teller(settings.CACHES["shared"])


def tell(**_signal) -> None:
    _teller().tell()


def connect() -> None:
    """Have each edit told to the other processes."""
    edited.connect(tell, dispatch_uid=__name__)
