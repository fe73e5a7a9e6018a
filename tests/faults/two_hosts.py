"""Do two hosts without a shared disk show, count and guard as one?

    DURABLE=on tests/with_postgresql .venv/bin/python -m tests.faults.two_hosts

Two gunicorns at two ports, each with a folder of its own, on one PostgreSQL with a streaming
replica, one Valkey or Redis, and pictures in one bucket. Ends with 1 where anything was not so.
"""

import os
import re
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import requests

from tests.faults.bucket import KEYS, NAME, bucket
from tests.faults.standby import following
from tests.redis_server import SERVER
from tests.serving import BROWSER, HOST, Reading, read_by_crowd, serving

READINGS = 400
EDITS = 20
WORD = "a good long password 1"

failures: list[str] = []


def must(holds: bool, what: str) -> None:
    """Say whether `what` is so."""
    print(f"{'holds' if holds else 'FAILS'}: {what}", flush=True)
    if not holds:
        failures.append(what)


@contextmanager
def shared_cache() -> Iterator[str]:
    """The address of a Valkey or Redis of its own."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with tempfile.TemporaryDirectory() as folder:
        words = ["--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", folder]
        running = subprocess.Popen([SERVER, *words], stdout=subprocess.DEVNULL)
        try:
            yield f"redis://127.0.0.1:{port}/0"
        finally:
            running.terminate()
            running.wait()


class Browser:
    """A person with one browser, who reaches either host by its port."""

    def __init__(self, address: str = "203.0.113.5"):
        self.session = requests.Session()
        self.session.headers.update(
            {
                "Host": HOST,
                "X-Forwarded-Proto": "https",
                "X-Forwarded-For": address,
                "User-Agent": BROWSER,
                "Referer": f"https://{HOST}/",
            }
        )
        self.cookies: dict[str, str] = {}

    def ask(self, port: int, path: str, **form) -> requests.Response:
        """GET, or POST of `form`; cookies are sent though this is no HTTPS."""
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        answer = self.session.request(
            "POST" if form else "GET",
            f"http://127.0.0.1:{port}{path}",
            data=form or None,
            headers={"Cookie": cookies} if cookies else {},
            allow_redirects=False,
            timeout=30,
        )
        self.cookies |= answer.cookies.get_dict()
        self.session.cookies.clear()
        return answer

    def sign_in(self, port: int, password: str) -> requests.Response:
        page = self.ask(port, "/admin/login/").text
        token = re.search('name="csrfmiddlewaretoken" value="([^"]+)"', page)[1]
        form = {"csrfmiddlewaretoken": token, "username": "kim", "password": password}
        return self.ask(port, "/admin/login/", **form, next="/admin/")


def check_edits(pk: int, one: int, other: int) -> None:
    """How soon the other host shows what is edited at the desk of one."""
    from releases.models import Release

    reader, waits = Browser("198.51.100.7"), []
    page = f"/api/releases/{pk}/"
    desk = Browser()
    must(desk.sign_in(one, WORD).status_code == 302, "who may edit signs in at one host")
    must(desk.ask(other, "/admin/").status_code == 200, "and is signed in at the other")
    change = f"/admin/releases/release/{pk}/change/"
    at_once = 0
    for number in range(1, EDITS + 1):
        reader.ask(other, page)  # kept there, of the edition before
        form = fields_of(desk.ask(one, change)) | {"title_en": f"Story {number} of the day"}
        answer = desk.ask(one, change, **form)
        saved = time.monotonic()
        if answer.status_code != 302 or Release.objects.get(pk=pk).title_en != form["title_en"]:
            told = re.findall(r'class="errorlist[^>]*>(.*?)</ul>', answer.text, re.DOTALL)
            must(False, f"an edit is saved ({answer.status_code}, {told})")
            return
        first = True
        while form["title_en"] not in reader.ask(other, page).text:
            first = False
            time.sleep(0.01)
        waits.append(time.monotonic() - saved)
        at_once += first
        time.sleep(0.13)
    print(
        f"    {EDITS} edits: the other host showed {at_once} with the very next request; "
        f"longest wait {max(waits):.2f} s, mean {sum(waits) / len(waits):.2f} s"
    )
    must(at_once == EDITS, "an edit on one shows on the other with the very next request")


def fields_of(answer: requests.Response) -> dict[str, str]:
    """What the form of a release holds, as a browser sends it for a small fix."""
    from tests.reading import read, usually  # once there are models

    forms = read(answer).all("form")
    form = next(form for form in forms if form["id"] == "release_form")
    return usually(form.entries)


def main() -> int:
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    import django

    django.setup()
    from django.contrib.auth import get_user_model
    from django.core.management import call_command
    from django.utils import timezone

    from releases.models import DailyViews, ViewCounter
    from tests.factories import ReleaseFactory

    call_command("migrate", verbosity=0)
    get_user_model().objects.create_superuser("kim", password=WORD)
    newest = timezone.now() - timedelta(minutes=1)
    release = ReleaseFactory(title_en="Story 0 of the day", publish_at=newest)
    primary = os.environ["DATABASE_URL"]
    with following(primary) as standby, shared_cache() as cache, bucket() as store:
        shared = {
            "DATABASE_REPLICA_URL": standby.address,
            "CACHE_URL": cache,
            "MEDIA_S3_BUCKET": NAME,
            "MEDIA_S3_ENDPOINT": store,
            "MEDIA_S3_REGION": "us-east-1",
            "MEDIA_S3_ACCESS_KEY": KEYS["access_key"],
            "MEDIA_S3_SECRET_KEY": KEYS["secret_key"],
            "DJANGO_SETTINGS_MODULE": "tests.settings_served",
            "SECOND_FACTOR": "off",
            "PAGE_CACHE_MB": "64",
            "READINGS_PER_ADDRESS": "100000",
        }
        with serving(primary, 2, **shared) as one, serving(primary, 2, **shared) as other:
            hosts = [one.port, other.port]
            for port, host in zip(hosts, (one, other), strict=True):
                if Browser().ask(port, "/").status_code != 200:
                    raise RuntimeError(host.log.read_text())
            check_edits(release.pk, *hosts)
            check_uploads(release, *hosts)
            told = []
            for half, port in enumerate(hosts * 2):
                readers = [
                    Reading(release.pk, f"10.{half}.{n // 200}.{n % 200}")
                    for n in range(READINGS // 4)
                ]
                told += read_by_crowd(port, readers, 40)
            numbers = sorted(each.views for each in told)
            days = sum(DailyViews.objects.values_list("count", flat=True))
            total = ViewCounter.objects.get(release=release).total
            must(
                numbers == list(range(1, READINGS + 1)) and total == days == READINGS,
                f"of {READINGS} readings told to both each was counted, and once: {total}",
            )
            again = read_by_crowd(hosts[1], [Reading(release.pk, "10.0.0.1")], 1)
            must(again[0].views == READINGS, "who read at one is no new reader at the other")
            thief, refused = Browser("192.0.2.66"), 0
            for number in range(5):
                refused += thief.sign_in(hosts[number % 2], "wrong").status_code == 200
            stopped = [thief.sign_in(port, WORD).status_code for port in hosts]
            must(
                refused == 5 and 302 not in stopped,
                f"five wrong passwords, at both in turns, stop a sign-in at either: {stopped}",
            )
    print("all holds" if not failures else f"{len(failures)} failed")
    return bool(failures)


def check_uploads(release, one: int, other: int) -> None:
    """What one host stores the other gives, and no longer once its release is withdrawn."""
    from django.utils import timezone

    from tests.uploads import PDF

    desk, reader = Browser("203.0.113.6"), Browser("198.51.100.8")
    desk.sign_in(one, WORD)
    change = f"/admin/releases/release/{release.pk}/change/"
    form = fields_of(desk.ask(one, change)) | {"files-TOTAL_FORMS": "1"}
    form |= {"files-0-title_ko": "자료", "files-0-release": str(release.pk), "files-0-id": ""}
    answer = desk.session.post(
        f"http://127.0.0.1:{one}{change}",
        data=form,
        files={"files-0-upload": ("paper.pdf", PDF, "application/pdf")},
        headers={"Cookie": "; ".join(f"{k}={v}" for k, v in desk.cookies.items())},
        allow_redirects=False,
        timeout=30,
    )
    file = release.files.first()
    must(answer.status_code == 302 and file is not None, "a file is uploaded at one host")
    if file is None:
        return
    must(reader.ask(other, file.url).content == PDF, "and the other host gives it")
    release.refresh_from_db()
    release.withdrawn_at = timezone.now()
    release.save()
    gone = [reader.ask(port, file.url).status_code for port in (one, other)]
    must(gone == [410, 410], f"withdrawn, neither gives it any longer: {gone}")
    release.withdrawn_at = None
    release.save()
    time.sleep(1.1)


if __name__ == "__main__":
    sys.exit(main())
