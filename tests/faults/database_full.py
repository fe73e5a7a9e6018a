"""What happens while the disks of PostgreSQL are full, and once there is room again?

    .venv/bin/python -m tests.faults.database_full      as root: it mounts two disks of 100 MB

A PostgreSQL of its own lies on them, its rows on one and its log on the other, so that the one
can be filled before the other; pictures and files lie elsewhere. It refuses to write rows at
first, and ends itself once it finds no room for its log. Until there is room it fails to start:
like systemd, by what docs/deploy.md says, this starts it again and again. What must hold:
pages are shown; whoever saves or is counted is told in words, and with 503, that nothing was
saved; nothing half-written stays; nothing that was acknowledged is lost; and all works again by
itself once there is room. Ends with 1 where that is not so.
"""

import argparse
import itertools
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack, suppress
from pathlib import Path
from threading import Event, Thread

import psycopg

from tests.serving import serving

from .crowd import (
    SERVED,
    Crowd,
    Verdict,
    ask,
    editor,
    fill,
    form,
    form_of_new,
    page,
    prepare,
    reading,
)
from .crowd import told as summed_up
from .standby import programs

SIZE = "100m"
CALM = 3  # seconds before and after
PATIENCE = 60  # seconds until it ends itself, and until it is back


class Server(Thread):
    """A PostgreSQL on `disk`, its log on `disk_of_log`, that is started anew whenever it ends."""

    def __init__(self, disk: Path, disk_of_log: Path):
        super().__init__()
        self.folder, self.folder_of_log = disk, disk_of_log
        self.over, self.started = Event(), 0
        self.owner = ["runuser", "-u", "postgres", "--"] if os.getuid() == 0 else []
        self.address = f"postgres://postgres@/newsroom?host={disk}"

    def make(self) -> None:
        # Its log is cut small, so that there need not be written much.
        words = ["-D", self.folder / "data", "-U", "postgres", "-A", "trust", "-E", "UTF8"]
        words += ["-X", self.folder_of_log / "log", "--wal-segsize=1"]
        self._run("initdb", *words, "--locale=C.UTF-8")
        self.start()
        while self._run("pg_isready", "-q", "-h", self.folder, check=False):
            time.sleep(0.1)
        self._run("createdb", "-h", self.folder, "-U", "postgres", "newsroom")

    def run(self) -> None:
        options = ["-k", self.folder, "-c", "listen_addresses=", "-c", "max_connections=50"]
        options += ["-c", "max_wal_size=4MB", "-c", "min_wal_size=2MB"]
        command = [*self.owner, programs() / "postgres", "-D", self.folder / "data", *options]
        with Path(self.folder.parent, "postgresql.log").open("wb") as log:
            while not self.over.is_set():
                self.started += 1
                self.process = subprocess.Popen(command, stdout=log, stderr=log)
                self.process.wait()
                self.over.wait(1)

    def lacks_room_for_its_log(self) -> bool:
        """Write more to its log than there is room for; whether it has ended itself of that."""
        question = "SELECT pg_logical_emit_message(false, 'full', repeat('x', 20000000))"
        with suppress(psycopg.OperationalError), psycopg.connect(self.address) as connection:
            connection.execute(question)
        return "PANIC" in self.log()

    def log(self) -> str:
        return Path(self.folder.parent, "postgresql.log").read_text()

    def end(self) -> None:
        self.over.set()
        self._run("pg_ctl", "-m", "immediate", "-D", self.folder / "data", "stop", check=False)
        self.join()

    def _run(self, program: str, *words: str | Path, check: bool = True) -> int:
        command = [*self.owner, programs() / program, *words]
        done = subprocess.run(command, check=check, stdout=subprocess.DEVNULL, cwd="/")
        return done.returncode


def main() -> int:
    verdict = Verdict()
    folder = Path(tempfile.mkdtemp(prefix="newsroom-full.", dir="/tmp"))  # a short path
    folder.chmod(0o755)
    disks = [folder / "disk", folder / "disk-of-log"]
    with ExitStack() as undoing:
        undoing.callback(shutil.rmtree, folder, ignore_errors=True)
        for disk in disks:
            disk.mkdir()
            subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "disk", disk], check=True)
            undoing.callback(subprocess.run, ["umount", "--lazy", disk], check=True)
            shutil.chown(disk, "postgres")
        server = Server(*disks)
        undoing.callback(server.end)
        server.make()
        tried(server, folder, verdict)
        if not verdict.right:
            print(server.log()[-6000:])
    return not verdict.right


def waited(holds) -> bool:
    """Whether `holds()` comes true within PATIENCE."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        if holds():
            return True
        time.sleep(0.1)
    return False


def tried(server: Server, folder: Path, verdict: Verdict) -> None:
    prepare(server.address, str(folder))
    from django.core.files.uploadedfile import SimpleUploadedFile
    from django.db import connection
    from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

    from releases.models import DailyViews, Picture, Release, Upload, ViewCounter
    from tests.factories import ReleaseFactory
    from tests.uploads import image

    release = ReleaseFactory(title_ko="늘 읽히는 소식")
    key = editor()
    entries = form_of_new(key) | {"csrfmiddlewaretoken": "t" * 32}
    connection.close()
    numbers = itertools.count()
    # What can't be packed takes room.
    long = "".join(random.Random(7).choices("가나다라마바사아자차카타파하거너더러머버서", k=60_000))

    def save() -> bytes:
        picture = SimpleUploadedFile("a.jpg", image((900, 600)), "image/jpeg")
        sent = entries | {
            "title_ko": f"새 소식 {next(numbers)}",
            "body_ko": f"<p>{long}</p>",
            "pictures-0-alt_ko": "빨간 벽",
            "pictures-0-upload": picture,
        }
        body = encode_multipart(BOUNDARY, sent)
        return form("/admin/releases/release/add/", {}, key, MULTIPART_CONTENT, body)

    asked = {
        "page": lambda: page(release.get_absolute_url()),
        "reading": lambda: reading(release.pk),
        "saved": save,
    }
    environment = SERVED | {"DATA_DIR": str(folder / "site")}
    with serving(server.address, 2, WEB_THREADS="4", **environment) as newsroom:
        ask(newsroom.port, asked["page"]())  # until the site has started
        with Crowd(newsroom.port, asked, 2, ("reading",), ("saved",)) as crowd:
            time.sleep(CALM)
            fillers = [disk / "filler" for disk in (server.folder, server.folder_of_log)]
            full = time.monotonic()
            fill(fillers[0])
            time.sleep(CALM)
            no_log = time.monotonic()
            fill(fillers[1])
            ended = waited(server.lacks_room_for_its_log)
            time.sleep(CALM)
            filler_gone = time.monotonic()
            for filler in fillers:
                filler.unlink()
            back = waited(lambda: ask(newsroom.port, save()).status == 302)
            came = time.monotonic()
            time.sleep(CALM)
        log = newsroom.log.read_text()

    for kind in asked:
        for when, since, until in (
            ("before", 0, full),
            ("no room for rows", full, no_log),
            ("nor for its log", no_log, filler_gone),
            ("back", came, float("inf")),
        ):
            print(f"{kind}, {when}: {summed_up(crowd.of(kind, since, until))}", flush=True)
    said = server.log()
    rows = said.count("could not extend file")
    verdict(f"rows were refused {rows} times", bool(rows))
    verdict(
        f"it ended itself {said.count('PANIC:')} times, and was started {server.started} times",
        ended,
    )
    verdict(f"it was back {came - filler_gone:.1f} s after there was room", back)
    pages = crowd.of("page")
    verdict("pages are all shown", {answer.status for answer in pages} == {200})
    statuses = {answer.status for answer in crowd.answers}
    verdict(f"nothing but {sorted(statuses)} was answered", statuses <= {200, 302, 503})
    refused = [told for told in crowd.of("saved") if told.status == 503]
    in_words = ["저장되지 않았습니다" in told.body.decode() for told in refused]
    no_room = ["디스크에 남은 공간이 없습니다" in told.body.decode() for told in refused]
    verdict(f"{len(refused)} editors were told that nothing was saved, {sum(no_room)} of them "
            "that there is no room", all(in_words) and any(no_room))  # fmt: skip
    counted = len([told for told in crowd.of("reading") if told.status == 200])
    total = ViewCounter.objects.get(release=release).total
    days = DailyViews.objects.get(release=release).count
    verdict(f"{counted} readings acknowledged, {total} counted", counted == total == days)
    saved = len([told for told in crowd.of("saved") if told.status == 302]) + back
    titles = Release.objects.filter(title_ko__startswith="새 소식")
    # A save may be done though its answer was lost, and the editor is told to try again.
    verdict(f"{saved} releases acknowledged, {titles.count()} there",
            saved <= titles.count() <= saved + 1)  # fmt: skip
    verdict("each with its picture", Picture.objects.count() == titles.count())
    stored = {file.parent.name for file in (folder / "site/media").rglob("*") if file.is_file()}
    names = {*Picture.objects.values_list("image", flat=True)}
    # Saved before its form was not: it waits a day for somebody to send that again.
    names |= {content["image"] for content in Upload.objects.values_list("content", flat=True)}
    verdict(f"of {len(stored)} stored pictures each is one that a row names",
            stored == {Path(name).parent.name for name in names})  # fmt: skip
    after = {told.status for told in crowd.answers if told.at >= came}
    verdict("afterwards everybody is answered", after <= {200, 302})
    verdict(f"{log.count('Traceback')} tracebacks logged", "Internal Server Error" not in log)
    if not verdict.right:
        fault = log.find("Traceback")
        print(log[fault - 500 : fault + 6000] if fault >= 0 else log[-6000:])


if __name__ == "__main__":
    argparse.ArgumentParser(description=__doc__).parse_args()
    sys.exit(main())
