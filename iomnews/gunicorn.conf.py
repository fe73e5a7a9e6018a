"""How gunicorn serves the newsroom: `gunicorn --config iomnews/gunicorn.conf.py`."""

import os
from pathlib import Path

import environ

from iomnews import demo, logs

environ.Env.read_env(os.environ.get("ENV_FILE", Path(__file__).parent.parent / ".env"))

wsgi_app = "iomnews.wsgi"
bind = os.environ.get("BIND", "127.0.0.1:8000")
workers = int(os.environ.get("WEB_PROCESSES", "2"))
threads = int(os.environ.get("WEB_THREADS", "4"))
# Each process has a queue of its own, so that the kernel spreads connections over them; of one
# queue the process that is awake takes them all (docs/decisions.md).
reuse_port = not bind.startswith("unix:")
timeout = 30  # seconds
graceful_timeout = 20  # seconds
# Then a worker is renewed, so that no slow leak adds up; seldom, for it forgets its pages.
max_requests = 200_000
max_requests_jitter = 20_000
accesslog = "-" if os.environ.get("ACCESS_LOG", "off") == "on" else None
# In the site's own form, and without address, browser and query: nobody can be known from it.
access_log_format = "%(m)s %(U)s %(s)s, %(B)s bytes in %(M)s ms"
logconfig_dict = logs.configuration(os.environ.get("LOG_FORMAT") or logs.FORMATS[0])
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
