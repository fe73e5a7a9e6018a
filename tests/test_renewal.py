"""Processes that serve are renewed and killed, others say nothing, and nobody is turned away."""

import os
import signal
import socket
import time
from http.client import HTTPConnection
from pathlib import Path

import pytest

from .serving import serving


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def answer(port: int) -> int:
    """The status that whoever comes now gets, by a connection of their own."""
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request("GET", "/health/live")
        return connection.getresponse().status
    finally:
        connection.close()


@pytest.fixture
def newsroom(tmp_path):
    """A running newsroom that opened its port by itself, as without systemd."""
    port = free_port()
    with serving(f"sqlite:///{tmp_path}/db", processes=2, BIND=f"127.0.0.1:{port}") as running:
        running.port = port
        for _ in range(200):
            try:
                answer(port)
                break
            except OSError:
                time.sleep(0.1)
        yield running


def asked_until_none_is_left(newsroom, old: set[int]) -> set[int]:
    """What everybody was answered while the processes `old` ended and two others began."""
    answers = set()
    while old & set(newsroom.workers()) or len(newsroom.workers()) < 2:
        answers.add(answer(newsroom.port))
    return answers | {answer(newsroom.port) for _ in range(20)}


def test_nobody_is_turned_away_by_a_reload(newsroom):
    old = set(newsroom.workers())
    os.kill(newsroom.gunicorn.pid, signal.SIGHUP)

    assert asked_until_none_is_left(newsroom, old) == {200}


def test_whoever_waits_for_a_process_that_is_killed_is_answered_by_the_next(newsroom):
    killed = newsroom.kill_a_worker()

    assert asked_until_none_is_left(newsroom, {killed}) == {200}


def test_each_process_has_a_queue_of_its_own(newsroom):
    # "local address:port … state" in hexadecimal figures; 0A listens (proc(5)).
    rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()]
    port = f"{newsroom.port:04X}"
    listening = [row for row in rows if row[3] == "0A" and row[1].endswith(f":{port}")]

    assert len(listening) == 2


def test_whoever_connects_and_says_nothing_keeps_nobody_waiting(newsroom):
    silent = [socket.create_connection(("127.0.0.1", newsroom.port)) for _ in range(60)]
    since = time.monotonic()

    answers = {answer(newsroom.port) for _ in range(4)}

    assert answers == {200}
    assert time.monotonic() - since < 3  # 60 / (2 x 2 threads) x 0.02 s, and not x 5 s
    for connection in silent:
        connection.close()
