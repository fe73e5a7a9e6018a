"""Does anybody go without an answer while the newsroom is renewed under load?

    .venv/bin/python -m tests.faults.reload          five reloads, take-overs and restarts

It holds the door open as systemd does for deploy/iomnews.socket, and speaks systemd's protocol
(sd_listen_fds, sd_notify): so it needs no systemd. Readers ask all the while, half of them with
a connection for each request and half with one that is kept. Whoever finds a kept connection
closed before a byte came asks again on a new one, as RFC 9112, 9.3.1 has it and every browser and
proxy does; that is counted, too. Ends with 1 where any other request failed.
"""

import argparse
import http.client
import os
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
PROCESSES = 2
READERS = 8
PATH = "/api/releases/"


class Door:
    """Sockets that listen at one port, one for each process; they outlive whoever serves."""

    def __init__(self):
        self.sockets = []
        port = 0
        for _ in range(PROCESSES):
            opened = socket.socket()
            opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
            opened.bind(("127.0.0.1", port))
            opened.listen(2048)
            port = opened.getsockname()[1]
            self.sockets.append(opened)
        self.port = port


class Service:
    """One gunicorn behind the door, started as systemd would."""

    def __init__(self, door: Door, environment: dict[str, str], folder: str):
        name = f"{folder}/{secrets.token_hex(8)}"
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as told:
            told.bind(name)
            told.settimeout(60)
            given = [opened.fileno() for opened in door.sockets]

            def as_systemd_passes_them():
                # Above first: one of them may lie where another has to go.
                moved = [os.dup2(fd, 100 + number) for number, fd in enumerate(given)]
                for number, fd in enumerate(moved):
                    os.dup2(fd, 3 + number, inheritable=True)
                    os.close(fd)

            self.process = subprocess.Popen(
                # LISTEN_PID names the process that the sockets are for, which is known only then.
                ["sh", "-c", 'LISTEN_PID=$$ exec "$0" "$@"', sys.executable, "-m", "gunicorn"]
                + ["--config", "iomnews/gunicorn.conf.py"],
                cwd=ROOT,
                env=environment | {"LISTEN_FDS": str(len(given)), "NOTIFY_SOCKET": name},
                close_fds=False,
                preexec_fn=as_systemd_passes_them,
                stdout=sys.stderr,
            )
            while b"READY=1" not in told.recv(4096):
                pass

    def workers(self) -> set[int]:
        pid = self.process.pid
        return set(map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split()))

    def reload(self) -> None:
        """As `systemctl reload`; over when none of the old processes is left."""
        old = self.workers()
        self.process.send_signal(signal.SIGHUP)
        while old & self.workers():
            time.sleep(0.05)

    def stop(self) -> None:
        self.process.terminate()
        if self.process.wait(60):
            raise RuntimeError(f"gunicorn ended with {self.process.returncode}")


CLOSED = (http.client.RemoteDisconnected, ConnectionResetError, BrokenPipeError)


class Reader(threading.Thread):
    """Asks all the while, one request after the other; `keeps` is whether by one connection."""

    def __init__(self, port: int, keeps: bool, over: threading.Event):
        super().__init__()
        self.port, self.keeps, self.over = port, keeps, over
        self.answered = self.again = 0
        self.longest = 0.0  # seconds that one answer took
        self.failed: Counter[str] = Counter()

    def run(self) -> None:
        kept = None
        while not self.over.is_set():
            begun = time.monotonic()
            try:
                kept = self._answered(kept)
                self.answered += 1
            except Exception as fault:
                self.failed[repr(fault)] += 1
                kept = None
            self.longest = max(self.longest, time.monotonic() - begun)

    def _answered(self, kept: http.client.HTTPConnection | None):
        """Ask once; gives the connection if that stays open."""
        if kept:
            try:
                return self._ask(kept)
            except CLOSED:
                self.again += 1
        return self._ask(http.client.HTTPConnection("127.0.0.1", self.port, timeout=30))

    def _ask(self, connection: http.client.HTTPConnection):
        words = {} if self.keeps else {"Connection": "close"}
        connection.request("GET", PATH, headers=words)
        answer = connection.getresponse()
        body = answer.read()
        if answer.status != 200 or not body.endswith(b"}"):
            raise http.client.HTTPException(f"{answer.status}, {len(body)} bytes")
        return connection if connection.sock else None


def watched(door: Door, name: str, renew, times: int) -> bool:
    """Renew `times` times under load; prints what readers saw, and says if none failed."""
    over = threading.Event()
    readers = [Reader(door.port, number % 2 == 0, over) for number in range(READERS)]
    for reader in readers:
        reader.start()
    for _ in range(times):
        time.sleep(1.5)
        renew()
    time.sleep(1.5)
    over.set()
    for reader in readers:
        reader.join()
    failed = sum((reader.failed for reader in readers), Counter())
    for keeps in (True, False):
        these = [reader for reader in readers if reader.keeps == keeps]
        print(
            f"{times} x {name}, {'connections kept' if keeps else 'a connection each'}: "
            f"{sum(reader.answered for reader in these)} answered, "
            f"{sum(sum(reader.failed.values()) for reader in these)} failed, "
            f"{sum(reader.again for reader in these)} asked again; "
            f"longest {max(reader.longest for reader in these):.2f} s",
            flush=True,
        )
    for why, count in failed.most_common(5):
        print(f"    {count} x {why}")
    return not failed


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--times", type=int, default=5)
    chosen = arguments.parse_args()
    with tempfile.TemporaryDirectory(prefix="newsroom-reload-") as folder:
        environment = {
            name: value for name, value in os.environ.items() if name != "DATABASE_URL"
        } | {
            "ENV_FILE": os.devnull,
            "SECRET_KEY": secrets.token_urlsafe(50),
            "DATA_DIR": folder,
            "ALLOWED_HOSTS": "127.0.0.1",
            "HTTPS": "off",
            "DJANGO_SETTINGS_MODULE": "iomnews.settings",
            "WEB_PROCESSES": str(PROCESSES),
        }
        for words in (["migrate"], ["load_samples"]):
            subprocess.run(
                [sys.executable, "manage.py", *words, "--verbosity", "0"],
                cwd=ROOT,
                env=environment,
                check=True,
                stdout=subprocess.DEVNULL,
            )
        door = Door()
        service = Service(door, environment, folder)

        def take_over() -> None:
            nonlocal service
            old, service = service, Service(door, environment, folder)
            old.stop()

        def restart() -> None:
            nonlocal service
            service.stop()
            service = Service(door, environment, folder)

        try:
            right = [
                watched(door, "reload", lambda: service.reload(), chosen.times),
                watched(door, "take over", take_over, chosen.times),
                watched(door, "restart", restart, chosen.times),
            ]
        finally:
            service.stop()
    return not all(right)


if __name__ == "__main__":
    sys.exit(main())
