"""Behind the nginx of deploy/nginx.conf: what readers are shown while the newsroom is down."""

import gzip
import http.client
import re
import shutil
import time
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import NamedTuple
from urllib.parse import quote

import pytest
from django.db import connection
from django.test import override_settings
from django.utils import timezone

from iomnews import pages

from .every_address import Newsroom
from .factories import ReleaseFactory
from .proxies import nginx
from .serving import HOST, address_of_database, serving
from .starting import KEY

pytestmark = pytest.mark.django_db(transaction=True)

SCALING = Path(__file__).resolve().parent.parent / "docs/scaling.md"
SECRET = "구호 물자를 북쪽 길로 보냈다"


class Answer(NamedTuple):
    status: int
    kept: str  # what nginx says of its cache
    text: str
    headers: dict[str, str]


class Site:
    """A newsroom behind nginx."""

    def __init__(self, newsroom, port: int, folder):
        self.newsroom, self.port, self.folder = newsroom, port, folder

    def get(self, address: str, **headers: str) -> Answer:
        told = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        told.request("GET", address, headers={"Host": HOST} | headers)
        answer = told.getresponse()
        body, named = answer.read(), dict(answer.headers)
        told.close()
        packed = named.get("Content-Encoding") == "gzip"
        text = (gzip.decompress(body) if packed else body).decode(errors="replace")
        return Answer(answer.status, named.get("X-Cache", ""), text, named)

    def kept(self) -> list[tuple[str, str]]:
        """What nginx keeps: headers of each answer, and its text unpacked."""
        found = []
        for file in (self.folder / "pages").rglob("*"):
            if file.is_file():
                head, _, body = file.read_bytes().partition(b"\r\n\r\n")
                body = gzip.decompress(body) if b"Content-Encoding: gzip" in head else body
                head = head[head.index(b"HTTP/1.") :]
                found.append((head.decode(), body.decode(errors="replace")))
        return found

    def goes_down(self) -> None:
        self.newsroom.gunicorn.terminate()
        self.newsroom.gunicorn.wait()

    def kept_page_is_over(self) -> None:
        """Wait until nginx asks for what it keeps anew."""
        time.sleep(3)


@pytest.fixture
def site(tmp_path):
    with (
        serving(
            address_of_database(connection),
            1,
            PAGE_CACHE_MB="4",
            DJANGO_SETTINGS_MODULE="tests.settings_served",
        ) as newsroom,
        nginx(newsroom.port, tmp_path) as port,
    ):
        yield Site(newsroom, port, tmp_path)


def server_that_says(cache_control: str) -> ThreadingHTTPServer:
    """A server whose pages say `cache_control`, and have its `status`; `asked_by` is who asked."""

    class Answering(BaseHTTPRequestHandler):
        def do_GET(self):
            self.server.asked_by = self.headers["X-Forwarded-For"]
            self.send_response(self.server.status)
            self.send_header("Cache-Control", cache_control)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *words):
            """Of nobody who asks."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
    server.status = 200
    Thread(target=server.serve_forever, daemon=True).start()
    return server


@pytest.fixture
def release():
    return ReleaseFactory(slug="news", title_ko="소식", body_ko=f"<p>{SECRET}.</p>")


def withdraw(release):
    release.withdrawn_at = timezone.now()
    release.withdrawal_reason = "A mistake."
    release.save()


def rename(release):
    release.slug = "other"
    release.save()


def test_a_kept_page_is_shown_while_the_newsroom_is_down(site, release):
    site.get(release.get_absolute_url())
    site.goes_down()
    site.kept_page_is_over()

    answer = site.get(release.get_absolute_url())

    assert (answer.status, answer.kept) == (200, "STALE")
    assert SECRET in answer.text


def test_a_newsroom_that_says_it_is_being_worked_on_is_not_hidden_by_kept_pages(tmp_path):
    newsroom = server_that_says(pages.AS_EVER)
    with nginx(newsroom.server_port, tmp_path) as port:
        site = Site(newsroom, port, tmp_path)
        before = site.get("/")
        newsroom.status = 503
        site.kept_page_is_over()

        assert (before.status, site.get("/").status) == (200, 503)
    newsroom.shutdown()
    newsroom.server_close()


CHANGES = [
    pytest.param(withdraw, 410, id="withdrawn"),
    pytest.param(lambda release: release.delete(), 404, id="deleted"),
    pytest.param(rename, 301, id="renamed"),
]
# What browsers, feed readers and scripts can unpack.
PACKINGS = [{"Accept-Encoding": names} for names in ("gzip, deflate, br, zstd", "gzip", "")] + [{}]


def test_a_kept_page_is_shown_no_longer_than_the_newsroom_says(tmp_path):
    """An hour is long for a test: what stands for the newsroom says two seconds."""
    newsroom = server_that_says(pages.AS_EVER.replace("3600", "2"))
    with nginx(newsroom.server_port, tmp_path) as port:
        site = Site(newsroom, port, tmp_path)
        site.get("/")
        newsroom.shutdown()
        newsroom.server_close()
        time.sleep(1.5)
        shown = site.get("/")
        time.sleep(3)

        assert (shown.status, site.get("/").status) == (200, 502)


@pytest.mark.parametrize(("change", "status"), CHANGES)
def test_what_is_gone_is_not_shown_again_when_the_newsroom_goes_down(site, release, change, status):
    addresses = [release.get_absolute_url(), release.get_text_url()]
    before = [site.get(address) for address in addresses]
    change(release)
    site.kept_page_is_over()
    after = [site.get(address) for address in addresses]
    site.goes_down()
    site.kept_page_is_over()

    down = [site.get(address) for address in addresses]

    assert [answer.status for answer in before] == [200, 200]
    assert [answer.status for answer in after] == [status, status]
    assert not [answer.status for answer in down if answer.status != 502]
    assert not [answer for answer in down if SECRET in answer.text]


def test_whoever_asked_last_one_page_is_kept_for_all(site, release):
    address = release.get_absolute_url()
    before = [site.get(address, **packing) for packing in PACKINGS]
    withdraw(release)
    site.kept_page_is_over()
    after = site.get(address, **PACKINGS[0])
    site.goes_down()

    down = [site.get(address, **packing) for packing in PACKINGS]

    assert [SECRET in answer.text for answer in before] == [True] * 4
    assert after.status == 410
    assert [SECRET in answer.text for answer in down] == [False] * 4


def test_what_is_gone_is_not_shown_again_though_the_desk_alone_has_looked(site, release):
    address = release.get_absolute_url()
    site.get(address)
    withdraw(release)
    site.kept_page_is_over()
    looked = site.get(address, Cookie="sessionid=x")
    site.goes_down()

    down = site.get(address)

    assert (looked.status, looked.kept) == (410, "BYPASS")
    assert down.status == 502
    assert SECRET not in down.text


def test_nothing_that_the_desk_is_shown_is_kept(site):
    with override_settings(SECRET_KEY=KEY):
        newsroom = Newsroom()
        superuser = newsroom.client("superuser").cookies["sessionid"].value
    newsroom.releases["draft"].title_ko = SECRET
    newsroom.releases["draft"].save()

    answers = [
        site.get(quote(address.path), Cookie=f"__Host-sessionid={superuser}")
        for address in newsroom.addresses()
        if "logout" not in address.path
    ]

    assert any(answer.status == 200 and SECRET in answer.text for answer in answers)
    assert "HIT" not in {answer.kept for answer in answers}
    kept = site.kept()
    assert [head for head, _body in kept if " 404 " in head.splitlines()[0]]
    assert not [head for head, _body in kept if "set-cookie:" in head.lower()]
    whole = [head for head, _body in kept if " 200 " in head.splitlines()[0]]
    assert not [head for head in whole if "Cache-Control: public" not in head]
    assert not [head for head, body in kept if SECRET in body]


def test_what_is_not_there_is_asked_for_anew_each_time(site):
    site.get("/")  # until then it may still be starting
    release = ReleaseFactory(slug="news", publish_at=timezone.now() + timedelta(seconds=5))
    address = release.get_absolute_url()
    before = site.get(address)
    while timezone.now() < release.publish_at:
        site.get(address)

    assert (before.status, site.get(address).status) == (404, 200)


def test_nobody_but_nginx_is_told_how_it_keeps_what_is_gone(site):
    answer = site.get("/releases/999999/news/")

    assert answer.status == 404
    assert "X-Accel-Expires" not in answer.headers
    assert "Cache-Control" in answer.headers


def test_who_clears_the_folder_has_nothing_kept(site, release):
    address = release.get_absolute_url()
    for _time in range(3):  # so often that nginx holds the file open
        site.get(address)
    shutil.rmtree(site.folder / "pages")
    (site.folder / "pages").mkdir()
    site.goes_down()
    time.sleep(2)  # it looks once a second, by a clock of seconds

    assert site.get(address).status == 502


@pytest.mark.parametrize(
    ("cdn", "reader"),
    [
        pytest.param("127.0.0.1/32", "198.51.100.7", id="by-way-of-the-cdn"),
        pytest.param("192.0.2.0/24", "127.0.0.1", id="past-the-cdn"),
    ],
)
def test_behind_a_cdn_readers_are_told_apart_by_what_it_alone_may_say(tmp_path, cdn, reader):
    """As docs/scaling.md has it, with this machine in the place of a CDN, or of a stranger."""
    told = re.search(r"```nginx\n(.*?)```", SCALING.read_text(), re.DOTALL)[1]
    newsroom = server_that_says("no-store")
    also = told.replace("192.0.2.0/24", cdn)
    with nginx(newsroom.server_port, tmp_path, also=also) as port:
        site = Site(newsroom, port, tmp_path)
        site.get("/", **{"X-Forwarded-For": "203.0.113.1, 198.51.100.7"})
    newsroom.shutdown()
    newsroom.server_close()

    assert newsroom.asked_by == reader
