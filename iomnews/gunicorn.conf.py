"""How gunicorn serves the newsroom: `gunicorn --config iomnews/gunicorn.conf.py`."""

import logging.config
import mmap
import os
import shutil
import socket
import threading
from pathlib import Path

import environ
from gunicorn import glogging, sock, systemd
from gunicorn.workers import gthread

from iomnews import demo, logs

environ.Env.read_env(os.environ.get("ENV_FILE", Path(__file__).parent.parent / ".env"))

wsgi_app = "iomnews.wsgi"
bind = os.environ.get("BIND", "127.0.0.1:8000")
workers = int(os.environ.get("WEB_PROCESSES", "2"))
threads = int(os.environ.get("WEB_THREADS", "4"))
# More may wait than systemd and the kernel let by default; what waits is not turned away.
backlog = 2048
timeout = 30  # seconds
graceful_timeout = 20  # seconds
# So long whoever connects and says nothing has one of the few threads; gunicorn has no setting for
# it. Then they are waited for without a thread, for the 2 s of a kept connection.
gthread.DEFAULT_WORKER_DATA_TIMEOUT = 0.02  # seconds
# Then a worker is renewed, so that no slow leak adds up; seldom, for it forgets its pages.
max_requests = 200_000
max_requests_jitter = 20_000
# No proxy of ours says in a header below which path the site stands: it would be the client's word,
# and what is worked out for one reader is kept for all.
forwarder_headers = ""
accesslog = "-" if os.environ.get("ACCESS_LOG", "off") == "on" else None
# In the site's own form, and without address, browser and query: nobody can be known from it.
access_log_format = "%(m)s %(U)s %(s)s, %(B)s bytes in %(M)s ms"
control_socket_disable = True


class Log(glogging.Logger):
    """gunicorn's, written as the site writes its own. (Its `logconfig_dict` would have it make up
    a line of every request, be there anybody to read it or not.)"""

    def setup(self, cfg):
        super().setup(cfg)
        logging.config.dictConfig(
            logs.configuration(os.environ.get("LOG_FORMAT") or logs.FORMATS[0])
        )


logger_class = Log


# Where all processes put their numbers; see iomnews/metrics.py.
numbers = Path(
    os.environ.get("PROMETHEUS_MULTIPROC_DIR")
    or Path(os.environ.get("DATA_DIR") or Path(__file__).parent.parent / "var", "metrics")
)


def on_starting(server):
    """Begin to count anew, and open a queue for each place, that is for each process.

    Of one queue the process that is awake takes all connections, so each has one of its own, over
    which the kernel spreads them (SO_REUSEPORT). They belong to this process, not to the workers
    as gunicorn's `reuse_port` has it: a worker that ends leaves its queue to the next, and nobody
    who waits in it is turned away. systemd may have opened them, as deploy/iomnews.socket says.
    """
    if os.environ.get("METRICS") == "on":
        shutil.rmtree(numbers, ignore_errors=True)
        numbers.mkdir(parents=True)
    # systemd is told that all is ready by whichever worker is ready last, not before there is one.
    server.tell = os.environ.pop("NOTIFY_SOCKET", None)
    server.ready = mmap.mmap(-1, server.cfg.workers)  # shared with them: a byte for each place
    if "LISTEN_FDS" in os.environ or "GUNICORN_FD" in os.environ or len(server.cfg.address) > 1:
        return
    (address,) = server.cfg.address
    if isinstance(address, tuple):
        server.LISTENERS = [queue(server, address) for _ in range(server.cfg.workers)]


def queue(server, address):
    """Another socket that listens at `address`, (host, port), beside those that do."""
    family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
    opened = socket.socket(family, socket.SOCK_STREAM)
    opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    opened.bind(address)
    opened.listen(server.cfg.backlog)
    kind = sock.TCP6Socket if family == socket.AF_INET6 else sock.TCPSocket
    return kind(address, server.cfg, server.log, fd=opened.detach())


def pre_fork(server, worker):
    """Give the new worker the place that fewest have: that of one that died or is to be renewed."""
    taken = [other.place for other in server.WORKERS.values()]
    worker.place = min(range(server.num_workers), key=taken.count)
    worker.tell, worker.ready = server.tell, server.ready
    worker.sockets = server.LISTENERS[worker.place :: server.num_workers] or [
        server.LISTENERS[worker.place % len(server.LISTENERS)]
    ]


def post_worker_init(worker):
    """Tell systemd once there is a worker in each place that has loaded the site."""
    if worker.place < len(worker.ready):
        worker.ready[worker.place] = 1
    if worker.tell and all(worker.ready):
        os.environ["NOTIFY_SOCKET"] = worker.tell
        systemd.sd_notify("READY=1\nSTATUS=Serving", worker.log, unset_environment=True)
    if worker.place == 0 and worker.app.app_uri == wsgi_app:
        # What was being moved in when the site was stopped is gone on with. Not by the arbiter: it
        # has not loaded the site, and takes whatever process ends for one of its own.
        from releases.moving_in import starting

        threading.Thread(target=starting.go_on, daemon=True).start()


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
