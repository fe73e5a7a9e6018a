"""Servers to be measured, each a real process, and what the load generator says of them."""

import os
import re
import socket
import subprocess
import tempfile
import time
import urllib.request
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).resolve().parent
BIN = HERE.parent / ".venv/bin"
IDLE = 0.5  # of its fair share of the work: a worker with less had nothing to do
TRIES = 10  # of a slice in which a worker was idle
LONGEST = 60  # seconds that a slice in which nothing was answered is measured anew


class Slice(NamedTuple):
    """What one short measurement found."""

    rate: float  # requests a second
    p50: float  # milliseconds
    p99: float
    evenness: float  # work of the least loaded worker beside its fair share
    cost: float  # milliseconds of processor time a request, of all workers; 0 where unknown


@dataclass
class Server:
    """A running server at `address`; `workers` are the processes that do its work."""

    address: str
    workers: list[int] = field(default_factory=list)

    def work(self) -> list[int]:
        """How long each worker has had a processor, in ticks."""
        stats = [Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2] for pid in self.workers]
        return [sum(map(int, stat.split()[11:13])) for stat in stats]

    def memory(self) -> float:
        """Resident memory of the largest worker, in MB."""
        found = [Path(f"/proc/{pid}/status").read_text() for pid in self.workers]
        return max(int(re.search(r"VmRSS:\s+(\d+)", text)[1]) for text in found) / 1024


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(port: int) -> None:
    for _ in range(600):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise RuntimeError(f"nothing answers on port {port}")


@contextmanager
def gunicorn(app: str = "", options: tuple[str, ...] = (), **environment: str):
    """Serve `app`, the newsroom where it is "", as the newsroom is served."""
    port = free_port()
    config = HERE.parent / "iomnews/gunicorn.conf.py"
    # A worker that is renewed meanwhile would be looked for in vain.
    words = [BIN / "gunicorn", "--config", config, "--max-requests", "0", *options]
    master = subprocess.Popen(
        [*words, *([app] if app else [])],
        cwd=HERE.parent,
        env=os.environ | {"BIND": f"127.0.0.1:{port}", "ENV_FILE": os.devnull} | environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_for(port)
        time.sleep(1)  # until each worker has loaded the site
        children = Path(f"/proc/{master.pid}/task/{master.pid}/children").read_text()
        yield Server(f"http://127.0.0.1:{port}", list(map(int, children.split())))
    finally:
        master.terminate()
        master.wait(30)


NGINX = """
daemon off; worker_processes 2; pid {folder}/pid; error_log {folder}/log warn;
events {{ worker_connections 1024; }}
http {{
  access_log off; sendfile on; keepalive_requests 1000000;
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
  proxy_cache_path {folder}/cache keys_zone=iomnews:10m;
  {signed_in}
  types {{ text/html html; }}
  upstream newsroom {{ server {behind}; keepalive 16; }}
  server {{
    listen 127.0.0.1:{file_port}; root {folder}/files;
    location /held/ {{ alias {folder}/files/; {holding} }}
  }}
  server {{
    listen 127.0.0.1:{cache_port};
    location / {{
      proxy_pass http://newsroom;
      {keeping}
    }}
  }}
}}
"""
# What deploy/nginx.conf says of how pages are kept, and files held open.
KEEPING = re.compile(r"^ +(?:proxy_(?!pass|cache_path)|gunzip |gzip|open_file_).*$", re.MULTILINE)
HOLDING = re.compile(r"^ +open_file_.*$", re.MULTILINE)
SIGNED_IN = re.compile(r"^map .*?^}", re.MULTILINE | re.DOTALL)


@contextmanager
def nginx(behind: Server, address: str):
    """nginx in front of `behind`, and with what it gives at `address` as a file: both servers."""
    with tempfile.TemporaryDirectory(prefix="newsroom-nginx-") as folder:
        os.chmod(folder, 0o755)
        files = Path(folder) / "files"
        files.mkdir()
        ports = free_port(), free_port()
        shipped = (HERE.parent / "deploy/nginx.conf").read_text()
        text = NGINX.format(
            folder=folder,
            behind=behind.address.removeprefix("http://"),
            file_port=ports[0],
            cache_port=ports[1],
            signed_in=SIGNED_IN.search(shipped)[0],
            keeping="\n".join(KEEPING.findall(shipped)),
            holding="\n".join(HOLDING.findall(shipped)),
        )
        (Path(folder) / "conf").write_text(text)
        process = subprocess.Popen(["nginx", "-p", folder, "-c", f"{folder}/conf"])
        try:
            for port in ports:
                wait_for(port)
            servers = tuple(Server(f"http://127.0.0.1:{port}") for port in ports)
            (files / "page.html").write_bytes(page(servers[1], address, packed=True))
            yield servers
        finally:
            process.terminate()
            process.wait(30)


def page(server: Server, address: str, packed: bool = False) -> bytes:
    """What `server` gives at `address`; `packed` to who can unpack it."""
    headers = {"Accept-Encoding": "gzip"} if packed else {}
    asked = urllib.request.Request(server.address + address, headers=headers)
    with urllib.request.urlopen(asked) as answer:
        return answer.read()


def load(
    server: Server, addresses: list[str], seconds: int, connections: int, packed: bool = False
) -> Slice:
    """Ask `server` for `addresses`, one after another, over `connections` kept open.

    `packed`: as browsers do, which can unpack what is packed.
    """
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as file:
        file.write("\n".join(addresses) + "\n")
        file.flush()
        before = server.work()
        done = subprocess.run(
            ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "-s", HERE / "load.lua",
             "--timeout", "30s", server.address],
            env=os.environ | {"ADDRESSES": file.name, "PACKED": "on" if packed else ""},
            capture_output=True,
            text=True,
            check=True,
        )  # fmt: skip
        work = [after - then for after, then in zip(server.work(), before, strict=True)]
    found = re.search(r"RESULT (.*)", done.stdout)[1]
    requests, span, failed, refused, p50, p99 = map(int, found.split())
    if failed or refused:
        raise RuntimeError(f"{server.address}{addresses[0]}: {failed} failed, {refused} refused")
    even = min(work) * len(work) / (sum(work) or 1) if work else 1.0
    cost = sum(work) * 1e3 / os.sysconf("SC_CLK_TCK") / max(1, requests)
    return Slice(requests / span * 1e6, p50 / 1e3, p99 / 1e3, even, cost)


class Contest:
    """Servers that are measured in turns, so that what else the machine does meets all alike."""

    def __init__(self, seconds: int, rounds: int, connections: int = 8, packed: bool = False):
        self.seconds, self.rounds, self.connections = seconds, rounds, connections
        self.packed = packed
        self.thrown_away = 0  # slices in which a worker was idle

    def run(self, entries: dict[str, tuple[Server, list[str]]]) -> dict[str, list[Slice]]:
        """The slices of each entry, a server and addresses, in the order of the rounds."""
        found: dict[str, list[Slice]] = {name: [] for name in entries}
        for server, addresses in entries.values():
            load(server, addresses, 1, self.connections, self.packed)  # to warm up
        for turn in range(self.rounds):
            names = list(entries)
            for name in names[turn % len(names) :] + names[: turn % len(names)]:
                found[name].append(self._slice(*entries[name]))
        return found

    def _slice(self, server: Server, addresses: list[str]) -> Slice:
        seconds = self.seconds
        for _ in range(TRIES):
            measured = load(server, addresses, seconds, self.connections, self.packed)
            if not measured.rate and seconds < LONGEST:
                seconds *= 4
                continue
            if measured.evenness >= IDLE or self.connections == 1:
                return measured
            self.thrown_away += 1
        raise RuntimeError(f"{server.address}: a worker stays idle ({measured.evenness:.2f})")
