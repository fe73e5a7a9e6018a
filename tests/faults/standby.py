"""A streaming replica of the PostgreSQL that `tests/with_postgresql` made, thrown away as well."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import psycopg


class Standby:
    """A running replica; `address` is what DATABASE_REPLICA_URL names it by."""

    def __init__(self, primary: str, folder: Path):
        self._folder = folder
        self._socket = parse_qs(urlsplit(primary).query)["host"][0]
        database = urlsplit(primary).path
        self.address = f"postgres://postgres@{database}?host={folder}"

    def make(self) -> None:
        source = ["-h", self._socket, "-U", "postgres", "-c", "fast"]
        self._run("pg_basebackup", *source, "-D", self._data, "-R")
        self.start()

    def start(self) -> None:
        # As many connections as the primary may have at most, or it refuses to follow.
        options = f"-k {self._folder} -c listen_addresses='' -c fsync=off -c max_connections=200"
        options += " -c log_min_duration_statement=0"
        log = f"{self._folder}/log"
        self._run("pg_ctl", "-w", "-s", "-D", self._data, "-l", log, "-o", options, "start")

    def kill(self) -> None:
        """End it as a power cut would."""
        self._run("pg_ctl", "-w", "-s", "-m", "immediate", "-D", self._data, "stop")

    def lag(self, seconds: int) -> None:
        """Let it replay each commit so much later."""
        with open(f"{self._folder}/data/postgresql.auto.conf", "a") as written:
            written.write(f"recovery_min_apply_delay = '{seconds}s'\n")
        self.ask("SELECT pg_reload_conf()")

    def questions(self) -> int:
        """How many it has answered so far, as its log says."""
        return Path(self._folder, "log").read_text().count("duration: ")

    def ask(self, question: str):
        """The one value that it answers `question` with, None where there is none."""
        with psycopg.connect(
            host=str(self._folder), user="postgres", dbname="newsroom", autocommit=True
        ) as connection:
            cursor = connection.execute(question)
            return cursor.fetchone()[0] if cursor.description else None

    @property
    def is_running(self) -> bool:
        return Path(self._data, "postmaster.pid").exists()

    @property
    def _data(self) -> str:
        return f"{self._folder}/data"

    def _run(self, program: str, *words: str) -> None:
        owner = ["runuser", "-u", "postgres", "--"] if os.getuid() == 0 else []
        subprocess.run([*owner, f"{programs()}/{program}", *words], check=True, cwd=self._folder)


def programs() -> Path:
    """Where the programs of PostgreSQL lie, the newest of several."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda at: int(at.parent.name))
    return found[-1] if found else Path(shutil.which("initdb")).parent


@contextmanager
def following(primary: str) -> Iterator[Standby]:
    """A replica of the database at the address `primary`."""
    folder = Path(tempfile.mkdtemp(prefix="newsroom-standby.", dir="/tmp"))  # a short path
    if os.getuid() == 0:
        shutil.chown(folder, "postgres")
    standby = Standby(primary, folder)
    standby.make()
    try:
        yield standby
    finally:
        if standby.is_running:
            standby.kill()
        shutil.rmtree(folder, ignore_errors=True)
