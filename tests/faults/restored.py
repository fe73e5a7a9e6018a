"""Is what is backed up, wiped and restored the same, while gunicorn serves and somebody writes?

    .venv/bin/python -m tests.faults.restored                               SQLite
    DURABLE=on tests/with_postgresql .venv/bin/python -m tests.faults.restored  PostgreSQL

Readers ask, readings are told and an editor saves releases with files all the while. A backup is
made; rows and files are wiped, under the feet of the processes that serve; the backup takes the
place of what was written meanwhile. What must hold: the backup has all that was acknowledged before
it began and nothing that was sent after it ended; every public page, picture and file is as in a
new newsroom that the same backup was restored into; no saved release is torn; nobody gets a fault.
Ends with 1 where that is not so.
"""

import logging
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from threading import Event, Thread
from typing import NamedTuple

from django.core.management import CommandError

from tests.serving import serving
from tests.starting import KEY

from .crowd import (
    ROOT,
    SERVED,
    Answer,
    Crowd,
    Verdict,
    ask,
    editor,
    form,
    form_of_new,
    page,
    prepare,
    reading,
    told,
)

CALM = 2  # seconds between two steps
ADD = "/admin/releases/release/add/"
# 404 while all is wiped; 503 for whoever saves while the restore holds the database.
EXPECTED = {200, 302, 304, 404, 410, 503}


class Saved(NamedTuple):
    """One try to save a release, called by its number."""

    number: int
    sent: float
    answer: Answer

    @property
    def is_acknowledged(self) -> bool:
        leads_to = re.search(r"(?i)^location: (.*)$", self.answer.head, re.MULTILINE)
        return self.answer.status == 302 and "login" not in (leads_to or "login")[1]


class Editor(Thread):
    """Saves one release after the other, each with a file."""

    def __init__(self, port: int):
        super().__init__(daemon=True)
        self.port, self.over, self.saved = port, Event(), list[Saved]()
        self.sign_in()

    def sign_in(self) -> None:
        from django.db import connection

        self.key = editor()
        self.entries = form_of_new(self.key)
        connection.close()

    def run(self) -> None:
        from django.core.files.uploadedfile import SimpleUploadedFile
        from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

        from tests.uploads import PDF

        while not self.over.wait(0.05):
            number = len(self.saved)
            file = SimpleUploadedFile("report.pdf", PDF, "application/pdf")
            entries = self.entries | {
                "title_ko": title(number),
                "files-0-title_ko": title(number),
                "files-0-upload": file,
                "csrfmiddlewaretoken": "t" * 32,
            }
            body = encode_multipart(BOUNDARY, entries)
            sent = time.monotonic()
            answer = ask(self.port, form(ADD, {}, self.key, MULTIPART_CONTENT, body), "saved")
            self.saved.append(Saved(number, sent, answer))


def title(number: int) -> str:
    return f"새 소식 {number}"


def manage(environment: dict[str, str], *words: str) -> None:
    subprocess.run(
        [sys.executable, "manage.py", *words],
        cwd=ROOT,
        env=os.environ | environment,
        check=True,
        stdout=subprocess.DEVNULL,
    )


def wipe() -> None:
    """Leave no row; whoever reads just then may have to be waited for, again and again."""
    from django.core.management import call_command
    from django.db import connection

    from releases.search import engine

    while True:
        try:
            call_command("flush", interactive=False, verbosity=0)
        except CommandError as error:
            if "deadlock" not in str(error.__cause__):
                raise
        else:
            engine.clear(connection)
            return


def main() -> int:
    verdict = Verdict()
    with tempfile.TemporaryDirectory(prefix="newsroom-faults-") as folder:
        database = os.environ.get("DATABASE_URL") or f"sqlite:///{folder}/db.sqlite3"
        prepare(database, folder)
        tried(database, Path(folder), verdict)
    return not verdict.right


def tried(database: str, folder: Path, verdict: Verdict) -> None:
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection, connections
    from django.test.utils import setup_test_environment
    from django.utils import translation

    from releases import edition, storing
    from releases.models import Attachment, Release
    from tests.recovery import newsroom

    setup_test_environment()
    edition.TRUSTED = 0
    translation.activate("ko")
    data, archive = folder / "data", folder / "backup.zip"
    settings.MEDIA_ROOT = data / "media"
    newsroom.fill()
    release = Release.objects.public().newest_first().first()
    connections.close_all()
    environment = SERVED | {"DATA_DIR": str(data), "BACKUP_DIR": str(folder / "backups")}
    shell = environment | {"DATABASE_URL": database, "SECRET_KEY": KEY, "ENV_FILE": os.devnull}
    shell |= {"ALLOWED_HOSTS": "news.example.org", "DEMO": "off", "DEBUG": "off"}
    with serving(database, 2, WEB_THREADS="4", **environment) as site:
        asked = {"page": lambda: page(release.get_absolute_url()), "list": lambda: page("/en/")}
        ask(site.port, asked["page"]())  # until the site has started
        writer = Editor(site.port)
        with Crowd(site.port, asked, 2) as readers:
            writer.start()
            with Crowd(site.port, {"reading": lambda: reading(release.pk)}, 2) as tellers:
                time.sleep(CALM)
                begun = time.monotonic()
                manage(shell, "backup")
                ended = time.monotonic()
                time.sleep(CALM)
            wipe()
            shutil.rmtree(data / "media")
            connections.close_all()
            writer.sign_in()
            time.sleep(CALM)
            (made,) = (folder / "backups").glob("*.zip")
            made.rename(archive)
            restoring = time.monotonic()
            manage(shell, "restore", str(archive), "--replace", "--yes")
            restored = time.monotonic()
            writer.sign_in()
            time.sleep(CALM)
            writer.over.set()
            writer.join()
        log = site.log.read_text()

    print(f"{connection.vendor}: a backup in {ended - begun:.1f} s, a restore in", end=" ")
    print(f"{restored - restoring:.1f} s")
    for name, answers in (
        ("pages", readers.answers),
        ("readings", tellers.answers),
        ("releases saved", [saved.answer for saved in writer.saved]),
    ):
        print(f"{name}: {told(answers)}", flush=True)
    answers = [*readers.answers, *tellers.answers, *(saved.answer for saved in writer.saved)]
    statuses = {answer.status for answer in answers}
    verdict(f"nothing but {sorted(statuses)} was answered", statuses <= EXPECTED)
    verdict(f"{log.count('Traceback')} tracebacks logged", "Internal Server Error" not in log)

    done = [saved for saved in writer.saved if saved.is_acknowledged]
    early = {title(s.number) for s in done if s.answer.at + s.answer.seconds < begun}
    late = {title(s.number) for s in writer.saved if ended < s.sent < restoring}
    after = {title(s.number) for s in done if s.sent > restored}
    there = list(
        Release.objects.filter(title_ko__startswith="새 소식").values_list("pk", "title_ko")
    )
    titles = {name for _pk, name in there}
    verdict(f"all {len(early)} acknowledged before the backup are there", early and early <= titles)
    verdict(f"none of {len(late)} sent between it and the restore are", late and not late & titles)
    verdict(f"all {len(after)} acknowledged after the restore are", after and after <= titles)
    files = Attachment.objects.filter(release__in=[pk for pk, _name in there]).count()
    verdict(f"each of {len(there)} has its file", files == len(there) == len(titles))
    lacking = [name for name in storing.named_files() if not (data / "media" / name).exists()]
    verdict(f"{len(lacking)} files are lacking", not lacking)
    call_command("check_search", verbosity=0)

    logging.disable(logging.WARNING)  # of each address that is gone or not found
    here, new = newsroom.show(), newsroom.elsewhere("open", archive)
    # A save that was under way took a number that is nobody's: there the new one looked for what
    # comes next, and nobody looks here.
    unasked = {address for address in new if address not in here and new[address][:3] == "404"}
    other = [address for address in set(new) - unasked if here.get(address) != new[address]]
    more = {here[address].split()[0] for address in set(here) - set(new)}
    verdict(
        f"{len(new) - len(unasked)} addresses show what a new newsroom shows: not {other[:5]}",
        not other,
    )
    verdict(f"beyond these there is nothing to see: {sorted(more)}", more <= {"404"})


if __name__ == "__main__":
    sys.exit(main())
