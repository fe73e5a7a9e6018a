"""What a service for faults is sent: by a real process of the site, to a real server."""

import gzip
import json
import os
import subprocess
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import brotli
import pytest

from .starting import KEY, run_alone

ROOT = Path(__file__).resolve().parent.parent

# A site in which one address fails as badly as it can: with the reader's data in its hands.
FAILING = """
import django
from iomnews import settings as site
# The page that tells of a fault has plain names for styles: nothing has been collected.
site.STORAGES["staticfiles"] = {
    "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
}
django.setup()
from django.urls import path
from django.views.decorators.csrf import csrf_exempt
from django.test import RequestFactory
from iomnews import urls
from iomnews.handler import Handler

@csrf_exempt
def fail(request, token):
    searched = request.GET["q"]
    password = request.POST["password"]
    raise ValueError("cannot write to jane@example.org")

urls.urlpatterns.insert(0, path("embargo/<str:token>/", fail))
request = RequestFactory().post(
    "/embargo/sEcReTtOkEn/?q=refugee",
    {"password": "correct horse"},
    headers={
        "User-Agent": "Netscape",
        "X-Forwarded-For": "192.0.2.7",
        "X-Request-ID": "of-the-proxy-1",
    },
    REMOTE_ADDR="192.0.2.8",
)
request.META["HTTP_COOKIE"] = "sessionid=abcabc"
environ = request.environ | {"HTTP_HOST": "localhost"}
list(Handler()(environ, lambda status, headers: print(status)))
import sentry_sdk
sentry_sdk.flush(10)
"""


@pytest.fixture
def service():
    """A server that takes reports: its address, and the envelopes that came."""
    came = []

    class Service(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            unpack = {"gzip": gzip.decompress, "br": brotli.decompress}
            body = unpack[self.headers["Content-Encoding"]](body)
            came.append((self.path, body.decode()))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *words):
            pass

    server = HTTPServer(("127.0.0.1", 0), Service)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://key@127.0.0.1:{server.server_port}/1", came
    server.shutdown()
    server.server_close()


def fail_at(dsn: str, folder: Path) -> subprocess.CompletedProcess:
    done = run_alone(
        FAILING,
        folder,
        SECRET_KEY=KEY,
        ALLOWED_HOSTS="localhost",
        HTTPS="off",
        BEHIND_PROXY="on",
        SENTRY_DSN=dsn,
        DJANGO_SETTINGS_MODULE="iomnews.settings",
    )
    assert done.returncode == 0, done.stderr
    assert "500" in done.stdout, done.stderr
    return done


def test_a_fault_is_reported_with_its_place_and_its_request(service, tmp_path):
    dsn, came = service

    fail_at(dsn, tmp_path)

    [(path, envelope)] = came
    report = json.loads(envelope.splitlines()[2])
    assert path == "/api/1/envelope/"
    assert report["tags"] == {"request": "of-the-proxy-1"}
    assert report["request"] == {"method": "POST", "url": "http://localhost/embargo/…"}
    [error] = report["exception"]["values"]
    assert (error["type"], error["value"]) == ("ValueError", "cannot write to …@…")
    assert error["stacktrace"]["frames"][-1]["function"] == "fail"


def test_a_report_holds_nothing_of_whoever_asked(service, tmp_path):
    dsn, came = service

    fail_at(dsn, tmp_path)

    [(_, envelope)] = came
    for word in (
        "refugee",
        "correct horse",
        "jane",
        "sEcReT",
        "192.0.2",
        "Netscape",
        "abcabc",
        "sessionid",
        os.uname().nodename,
    ):
        assert word not in envelope


def test_nothing_is_sent_and_nothing_loaded_where_no_service_is_named(tmp_path):
    code = "import django; django.setup(); import sys; print('sentry_sdk' in sys.modules)"
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "tests.settings"}

    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True
    )

    assert done.stdout.strip() == "False", done.stderr
