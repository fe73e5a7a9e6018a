"""Readers, tellers and editors who ask while a fault goes on, and what each was answered."""

import secrets
import socket
import threading
import time
from collections import Counter
from collections.abc import Callable
from ipaddress import IPv4Address
from itertools import count
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlencode

from tests.serving import BROWSER, HOST, Reading, beacon

ROOT = Path(__file__).resolve().parent.parent.parent
CUT = 0  # instead of a status: the connection ended before a whole answer came


class Answer(NamedTuple):
    """What somebody was answered."""

    kind: str
    at: float  # when it was asked, by time.monotonic()
    seconds: float
    status: int  # or CUT
    head: str
    body: bytes


def ask(port: int, request: bytes, kind: str = "", timeout: float = 60) -> Answer:
    """Send `request` as it is, by a connection of its own."""
    at, answer = time.monotonic(), b""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=timeout) as connection:
            connection.sendall(request)
            while part := connection.recv(65536):
                answer += part
    except OSError:
        pass
    head, _, body = answer.partition(b"\r\n\r\n")
    said = head.decode("latin-1")
    length = next(
        (int(line[15:]) for line in said.lower().split("\r\n") if line[:15] == "content-length:"),
        len(body),
    )
    whole = bool(head) and len(body) >= length
    status = int(head.split(b" ", 2)[1]) if whole else CUT
    return Answer(kind, at, time.monotonic() - at, status, said, body)


def page(path: str, **headers: str) -> bytes:
    """The request of a stranger's browser for the page at `path`."""
    return _request("GET", path, headers)


def form(path: str, entries: dict, signed_in: str, kind: str = "", body: bytes = b"") -> bytes:
    """The request by which the desk's form at `path` is sent; `signed_in` is a session's key.

    `kind` and `body` are content type and body where it is not the usual one.
    """
    token = "t" * 32
    entries = entries | {"csrfmiddlewaretoken": token}
    body = body or urlencode(entries).encode()
    headers = {
        "Cookie": f"__Host-csrftoken={token}; __Host-sessionid={signed_in}",
        "Referer": f"https://{HOST}{path}",
        "X-CSRFToken": token,
        "Content-Type": kind or "application/x-www-form-urlencoded",
        "Content-Length": str(len(body)),
    }
    return _request("POST", path, headers) + body


def _request(method: str, path: str, headers: dict[str, str]) -> bytes:
    lines = [f"{method} {path} HTTP/1.1", f"Host: {HOST}", "X-Forwarded-Proto: https"]
    headers = {"User-Agent": BROWSER, "Connection": "close"} | headers
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode()


_people = count(int(IPv4Address("10.0.0.0")))


def reading(pk: int) -> bytes:
    """That somebody who was never here reads release `pk`."""
    return beacon(Reading(pk, str(IPv4Address(next(_people)))))


def of_one_release() -> tuple[int, dict[str, Callable[[], bytes]]]:
    """A release that is always being read: its key, and the requests for its page and its readings.

    `prepare` comes before.
    """
    from django.db import connection

    from tests.factories import ReleaseFactory

    release = ReleaseFactory(title_ko="늘 읽히는 소식")
    connection.close()
    address = release.get_absolute_url()
    return release.pk, {"page": lambda: page(address), "reading": lambda: reading(release.pk)}


class Crowd:
    """`each` of them ask what each of `asked` gives, with a short pause between two requests.

    Of the kinds in `alone` one asks, once a second. Of those in `insists` the same request is sent
    until it is dealt with, as pages do.
    """

    def __init__(
        self,
        port: int,
        asked: dict[str, Callable[[], bytes]],
        each: int = 4,
        insists: tuple[str, ...] = (),
        alone: tuple[str, ...] = (),
    ):
        self.port, self.insists, self.alone = port, insists, alone
        self.answers: list[Answer] = []
        self._over = threading.Event()
        self._threads = [
            threading.Thread(target=self._ask, args=[kind, give])
            for kind, give in asked.items()
            for _ in range(1 if kind in alone else each)
        ]

    def __enter__(self) -> "Crowd":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *fault) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join()

    def _ask(self, kind: str, give: Callable[[], bytes]) -> None:
        while not self._over.is_set():
            request = give()
            while True:
                answer = ask(self.port, request, kind)
                self.answers.append(answer)
                if kind not in self.insists or 200 <= answer.status < 500:
                    break
                time.sleep(0.2)
            time.sleep(1 if kind in self.alone else 0.02)

    def of(self, kind: str, since: float = 0, until: float = float("inf")) -> list[Answer]:
        return [told for told in self.answers if told.kind == kind and since <= told.at < until]


def told(answers: list[Answer]) -> str:
    """How many were answered what, and how long that took."""
    statuses = Counter(answer.status or "cut" for answer in answers)
    times = sorted(answer.seconds for answer in answers) or [0]
    said = ", ".join(f"{number} x {status}" for status, number in statuses.most_common())
    return (
        f"{said or 'nobody asked'}; half within {times[len(times) // 2] * 1000:.0f} ms, "
        f"99 % within {times[int(len(times) * 0.99)] * 1000:.0f} ms, all within {times[-1]:.2f} s"
    )


class Verdict:
    """Prints what must hold, and whether it does."""

    def __init__(self):
        self.right = True

    def __call__(self, what: str, holds: bool) -> None:
        self.right = self.right and holds
        print(f"    {'right' if holds else 'WRONG'}: {what}", flush=True)


def prepare(database: str, folder: str) -> None:
    """Make the database at the address `database`, and wake Django in this process."""
    import os

    os.environ["DATABASE_URL"] = database
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)


def editor() -> str:
    """The session's key of somebody who may do everything."""
    from django.conf import settings
    from django.contrib.auth.models import User
    from django.test import Client

    client = Client()
    name = f"editor-{secrets.token_hex(4)}"
    client.force_login(User.objects.create_superuser(name, password=secrets.token_urlsafe(20)))
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def form_of_new(signed_in: str) -> dict[str, str]:
    """The desk's form for a new release, as it stands."""
    from django.conf import settings
    from django.test import Client

    from tests.reading import read

    client = Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = signed_in
    answer = client.get("/admin/releases/release/add/", headers={"host": "localhost"})
    entries = read(answer).one("form", id="release_form").entries
    return entries | {"release_date": "2026-11-24"}


# How the newsroom is served here: as in production, but that nobody collected files or has a phone.
SERVED = {
    "DJANGO_SETTINGS_MODULE": "tests.settings_served",
    "SECOND_FACTOR": "off",
    "PAGE_CACHE_MB": "64",
}


def fill(path: Path) -> None:
    """Let `path` take all the room that there is."""
    with path.open("wb", buffering=0) as full:
        for block in (2**16, 2**12):
            try:
                while full.write(bytes(block)) == block:
                    pass
            except OSError:
                pass
