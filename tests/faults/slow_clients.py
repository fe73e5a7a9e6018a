"""Does anybody notice that others send a letter at a time, or hold connections and say nothing?

    .venv/bin/python -m tests.faults.slow_clients

Against gunicorn itself and through deploy/nginx.conf: 1,000 connections that say nothing, 200 that
send their head a letter a second (slowloris), 200 that announce a body and send it so, and 200 that
read what they are sent a little at a time. What must hold: readers are answered meanwhile, and
nginx ends such connections. gunicorn itself is not meant to be reached by strangers: what it bears
is told. Ends with 1 where readers behind nginx go without an answer or wait for a second.
"""

import os
import resource
import selectors
import socket
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from threading import Event, Thread

from tests.proxies import nginx
from tests.serving import BROWSER, HOST, serving

from .crowd import SERVED, Crowd, Verdict, of_one_release, prepare, told

CALM = 5  # seconds before
FOR = 17  # seconds: nginx gives a head ten, a body fifteen from one piece to the next
HEAD = f"GET / HTTP/1.1\r\nHost: {HOST}\r\nUser-Agent: {BROWSER}\r\nX-Forwarded-Proto: https\r\n"
BODY = (
    f"POST /en/admin/login/ HTTP/1.1\r\nHost: {HOST}\r\nX-Forwarded-Proto: https\r\n"
    "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 2000\r\n\r\n"
)
KINDS = {  # what is sent at once, then a letter a second; how many do so
    "idle connections": (b"", b"", 1000),
    "slow heads": (HEAD.encode(), b"X-Slow: 1\r\n", 200),
    "slow bodies": (BODY.encode(), b"a", 200),
    "slow readers": (HEAD.encode() + b"\r\n", b"", 200),
}


class Slow(Thread):
    """So many connections of one kind; `ended` is how many of them the server has ended."""

    def __init__(self, port: int, first: bytes, then: bytes, number: int):
        super().__init__()
        self.port, self.first, self.then, self.number = port, first, then, number
        self.over, self.open, self.ended = Event(), Event(), 0

    def run(self) -> None:
        look = selectors.DefaultSelector()
        for _ in range(self.number):
            with suppress(OSError):
                opened = socket.socket()
                # Little fits in between, so that who reads slowly is noticed.
                opened.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
                opened.settimeout(5)
                opened.connect(("127.0.0.1", self.port))
                opened.sendall(self.first)
                look.register(opened, selectors.EVENT_READ)
        self.open.set()
        while not self.over.wait(1):
            for each in [key.fileobj for key in look.get_map().values()]:
                try:
                    each.setblocking(False)
                    if self.then:
                        each.send(self.then)
                    with suppress(BlockingIOError):
                        if not each.recv(16):
                            raise ConnectionError
                except OSError:
                    self.ended += 1
                    look.unregister(each)
                    each.close()
        for key in list(look.get_map().values()):
            key.fileobj.close()


def main() -> int:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 16384), hard))
    verdict = Verdict()
    with tempfile.TemporaryDirectory(prefix="newsroom-faults-") as folder:
        os.chmod(folder, 0o755)  # nginx gives up its rights
        database = f"sqlite:///{folder}/db.sqlite3"
        prepare(database, folder)
        _pk, asked = of_one_release()
        with (
            serving(database, 2, WEB_THREADS="4", **SERVED) as newsroom,
            nginx(newsroom.port, Path(folder), crowd=True) as front,
        ):
            # A process is slow to give its first answers, whoever else is there.
            with Crowd(front, asked, 2) as crowd:
                time.sleep(CALM)
            print(f"nobody else: {told(crowd.answers)}", flush=True)
            for server, port in (("nginx", front), ("gunicorn", newsroom.port)):
                for kind, words in KINDS.items():
                    slow = Slow(port, *words)
                    slow.start()
                    slow.open.wait()
                    with Crowd(port, asked, 2) as crowd:
                        time.sleep(FOR)
                    slow.over.set()
                    slow.join()
                    said = f"{server}, {words[2]} {kind}, {slow.ended} ended"
                    print(f"{said}: {told(crowd.answers)}", flush=True)
                    if server == "nginx":
                        fine = {answer.status for answer in crowd.answers} == {200}
                        longest = max(answer.seconds for answer in crowd.answers)
                        verdict("readers are answered, within a second", fine and longest < 1)
                        time.sleep(1)
    return not verdict.right


if __name__ == "__main__":
    sys.exit(main())
