"""A newsroom served as in production, by gunicorn with several processes, and a crowd of readers.

The readers ask as static/js/release.js does: again, a little later, until they have an answer.
"""

import asyncio
import json
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Coroutine, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit, urlunsplit

from .starting import KEY

HOST = "news.example.org"
BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"
WAITS = [0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 6.4, 12.8]  # seconds, from one try to the next


@dataclass
class Newsroom:
    """A running gunicorn."""

    port: int
    gunicorn: subprocess.Popen
    log: Path

    def workers(self) -> list[int]:
        """The process ids of its workers."""
        pid = self.gunicorn.pid
        return [
            int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        ]

    def kill_a_worker(self) -> int | None:
        """Kill its oldest worker as `kill -9` does: which one that was, if there was any."""
        if not (workers := self.workers()):
            return None
        os.kill(workers[0], signal.SIGKILL)
        return workers[0]


@contextmanager
def serving(
    database: str, processes: int = 4, app: str | None = None, **environment: str
) -> Iterator[Newsroom]:
    """Serve the database at the address `database` by `processes` processes of two threads.

    Settings are those of production, behind one proxy; `environment` changes them. `app` is what
    to serve instead of the newsroom, as gunicorn's command line names it.
    """
    with tempfile.TemporaryDirectory(prefix="newsroom-") as folder, socket.socket() as door:
        # The port is open before gunicorn starts: who asks too early waits.
        door.bind(("127.0.0.1", 0))
        door.listen(4096)
        port = door.getsockname()[1]
        log = Path(folder, "log")
        settings = {
            "ENV_FILE": os.devnull,
            "SECRET_KEY": KEY,
            "DATA_DIR": folder,
            "DATABASE_URL": database,
            "DEMO": "off",
            "DEBUG": "off",
            "HTTPS": "on",
            "BEHIND_PROXY": "on",
            "ALLOWED_HOSTS": HOST,
            "DJANGO_SETTINGS_MODULE": "iomnews.settings",
            "BIND": f"fd://{door.fileno()}",
            "WEB_PROCESSES": str(processes),
            "WEB_THREADS": "2",
        }
        command = [sys.executable, "-m", "gunicorn", "--config", "iomnews/gunicorn.conf.py"]
        with log.open("wb") as written:
            gunicorn = subprocess.Popen(
                command + ([app] if app else []),
                env=os.environ | settings | environment,
                cwd=Path(__file__).parent.parent,
                pass_fds=[door.fileno()],
                stdout=written,
                stderr=written,
            )
            door.close()
            try:
                yield Newsroom(port, gunicorn, log)
            finally:
                gunicorn.terminate()
                gunicorn.wait()


def address_of_database(connection) -> str:
    """The database that `connection` of Django speaks to, as DATABASE_URL names it."""
    name = str(connection.settings_dict["NAME"])
    if connection.vendor == "sqlite":
        return f"sqlite:///{name}"
    return urlunsplit(urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}"))


class Reading(NamedTuple):
    """That somebody at the address `address` reads the release `pk`."""

    pk: int
    address: str


class Told(NamedTuple):
    """What a reader was answered in the end, after how many tries, and how long that one took."""

    pk: int
    views: int
    tries: int
    seconds: float


def read_by_crowd(
    port: int,
    readings: Iterable[Reading],
    at_once: int,
    acknowledged: Callable[[int], None] = lambda count: None,
) -> list[Told]:
    """Let `readings` be told, `at_once` of them at a time, until each is acknowledged.

    `acknowledged` is called with the number of those that are, each time that there is one more.
    Raises ConnectionError where somebody gets no answer after all WAITS.
    """
    waiting = iter(readings)
    told: list[Told] = []

    async def reader() -> None:
        for reading in waiting:
            told.append(await _tell(port, reading))
            acknowledged(len(told))

    async def crowd() -> None:
        async with asyncio.TaskGroup() as group:
            for _ in range(at_once):
                group.create_task(reader())

    run(crowd())
    return told


def run(work: Coroutine) -> Any:
    """What `work` gives; in a thread of its own, for a browser may have a loop in this one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()


async def _tell(port: int, reading: Reading) -> Told:
    answer = None
    for tries, wait in enumerate([*WAITS, 0], 1):
        begun = time.monotonic()
        try:
            status, body = await ask(port, beacon(reading))
        except (OSError, EOFError) as error:
            answer = repr(error)
        else:
            if status == 200:
                return Told(reading.pk, json.loads(body)["views"], tries, time.monotonic() - begun)
            answer = f"{status} {body[:200]}"
            if status < 500:
                break
        await asyncio.sleep(wait)
    raise ConnectionError(f"{reading} was never acknowledged; the last answer was {answer}")


def beacon(reading: Reading, agent: str = BROWSER) -> bytes:
    """The request by which a page says that it is read."""
    return (
        f"POST /releases/{reading.pk}/views/ HTTP/1.1\r\n"
        f"Host: {HOST}\r\n"
        "X-Forwarded-Proto: https\r\n"
        f"X-Forwarded-For: {reading.address}\r\n"
        f"User-Agent: {agent}\r\n"
        "Sec-Fetch-Site: same-origin\r\n"
        "Content-Length: 0\r\n"
        "Connection: close\r\n\r\n"
    ).encode()


async def ask(port: int, request: bytes) -> tuple[int, bytes]:
    """Send `request` as it is: the status and the content of what is answered.

    Raises OSError or EOFError when the connection ends before a whole answer came.
    """
    incoming, outgoing = await asyncio.open_connection("127.0.0.1", port)
    try:
        outgoing.write(request)
        answer = await incoming.read()
    finally:
        outgoing.close()
    head, _, body = answer.partition(b"\r\n\r\n")
    length = re.search(rb"(?i)\r\ncontent-length: *(\d+)", head)
    if not head or (length and len(body) < int(length[1])):
        raise EOFError(f"no whole answer: {answer!r}")
    return int(head.split(b" ", 2)[1]), body
