"""How gunicorn serves the newsroom: `gunicorn --config iomnews/gunicorn.conf.py`."""

import os
from pathlib import Path

import environ

from iomnews import demo

environ.Env.read_env(os.environ.get("ENV_FILE", Path(__file__).parent.parent / ".env"))

wsgi_app = "iomnews.wsgi"
bind = os.environ.get("BIND", "127.0.0.1:8000")
workers = int(os.environ.get("WEB_PROCESSES", "2"))
threads = int(os.environ.get("WEB_THREADS", "4"))
timeout = 30  # seconds
graceful_timeout = 20  # seconds
max_requests = 10_000  # then a worker is renewed, so that no slow leak adds up
max_requests_jitter = 1_000
accesslog = "-" if os.environ.get("ACCESS_LOG", "off") == "on" else None
control_socket_disable = True


def pre_request(worker, request):
    """End the connection after a request with a body: whoever is refused may never send it.

    Else gunicorn keeps a thread for 5 seconds, waiting for the rest before the next request.
    """
    fields = dict(request.headers)
    if fields.get("CONTENT-LENGTH", "0") != "0" or "TRANSFER-ENCODING" in fields:
        request.force_close()


def when_ready(server):
    if os.environ.get("DEMO") == "on":
        address = f"http://{bind}"
        print(
            f"\n  The newsroom:  {address}/        English: {address}/en/\n"
            f"  The desk:      {address}/admin/  sign in as {demo.NAME} / {demo.PASSWORD}\n"
            "  Ctrl-C stops it.\n",
            flush=True,
        )
