"""nginx keeps a release's page for ten minutes: the number on it is right, and readings count."""

import shutil
import socket
import subprocess
import time

import pytest
from playwright.sync_api import expect

from releases.models import ViewCounter
from tests.factories import ReleaseFactory
from tests.serving import BROWSER

pytestmark = pytest.mark.django_db(transaction=True)

NGINX = shutil.which("nginx", path="/usr/sbin:/usr/local/sbin:/usr/bin:/usr/local/bin") or "nginx"
CONFIGURATION = """
daemon off;
master_process off;
pid {folder}/pid;
error_log {folder}/log;
events {{}}
http {{
  access_log off;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/temporary;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  proxy_cache_path {folder}/pages keys_zone=pages:1m;
  server {{
    listen 127.0.0.1:{port};
    proxy_set_header Host $http_host;
    location / {{
      proxy_pass {upstream};
    }}
    location = {page} {{
      proxy_pass {upstream};
      proxy_cache pages;
      proxy_cache_valid 200 10m;
      proxy_ignore_headers Cache-Control Expires Vary;
      add_header Cache-Status $upstream_cache_status;
    }}
  }}
}}
"""


@pytest.fixture
def release():
    return ReleaseFactory(slug="news", body_ko="<p>구호 물자를 전달했다.</p>", views=1_233)


@pytest.fixture
def address(live_server, release, tmp_path):
    """The address of the release's page at an nginx that keeps it."""
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        port = door.getsockname()[1]
    page = release.get_absolute_url()
    configuration = tmp_path / "nginx.conf"
    configuration.write_text(
        CONFIGURATION.format(folder=tmp_path, port=port, upstream=live_server.url, page=page)
    )
    nginx = subprocess.Popen([NGINX, "-p", tmp_path, "-c", configuration, "-e", tmp_path / "log"])
    while nginx.poll() is None and not _answers(port):
        time.sleep(0.05)
    yield f"http://127.0.0.1:{port}{page}"
    nginx.terminate()
    nginx.wait()


def _answers(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port)).close()
    except ConnectionRefusedError:
        return False
    return True


@pytest.fixture
def visit(chromium, address):
    """Call it to open the page as the reader `name`: the page, and whether it was a kept one."""
    contexts = {}

    def visited(name: str, **options):
        if name not in contexts:
            contexts[name] = chromium.new_context(
                user_agent=f"{BROWSER} {name}", locale="ko-KR", **options
            )
        page = contexts[name].new_page()
        answer = page.goto(address)
        return page, answer.headers["cache-status"] == "HIT"

    yield visited
    for context in contexts.values():
        context.close()


def test_each_reading_of_a_kept_page_counts_and_shows_its_own_number(release, visit):
    shown = [visit("one"), visit("two"), visit("three"), visit("two")]

    assert [kept for _, kept in shown] == [False, True, True, True]
    for (page, _), number in zip(shown, ["1,234", "1,235", "1,236", "1,236"], strict=True):
        expect(page.locator("[data-views]")).to_have_text(number)
    assert ViewCounter.objects.get(release=release.pk).total == 1_236


def test_a_reader_of_a_kept_page_counts_without_scripts_too(release, visit):
    visit("one", java_script_enabled=False)
    _page, kept = visit("two", java_script_enabled=False)

    assert kept
    assert ViewCounter.objects.get(release=release.pk).total == 1_235
