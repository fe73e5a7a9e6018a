"""The nginx that deploy/nginx.conf makes, in front of a newsroom of a test."""

import re
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NGINX = shutil.which("nginx", path="/usr/sbin:/usr/local/sbin:/usr/bin:/usr/local/bin") or "nginx"
AROUND = """
daemon off;
{size}
pid {folder}/pid;
error_log {folder}/log;
http {{
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/temporary;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
{ours}
}}
"""


SMALL = "master_process off; events {}"
# As docs/deploy.md sets up nginx, on one core.
LARGE = "worker_rlimit_nofile 16384; events { worker_connections 4096; }"


@contextmanager
def nginx(
    behind: int, folder: Path, proto: str = "https", also: str = "", *, crowd: bool = False
) -> Iterator[int]:
    """Serve what stands at the port `behind` as deploy/nginx.conf says: the port where that is.

    What it keeps lies in `folder`/pages. Only this differs: it ends no HTTPS but says that the
    reader came by `proto`, and what is in `also` stands in its server too. Of a `crowd`, which
    comes from anywhere, each says from where in X-Forwarded-For.
    """
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        port = door.getsockname()[1]
    configuration = folder / "nginx.conf"
    ours = _ours(behind, port, proto, also, folder)
    if crowd:
        ours = ours.replace("$remote_addr;", "$http_x_forwarded_for;")
    size = LARGE if crowd else SMALL
    configuration.write_text(AROUND.format(folder=folder, size=size, ours=ours))
    process = subprocess.Popen([NGINX, "-p", folder, "-c", configuration, "-e", folder / "log"])
    while process.poll() is None and not _answers(port):
        time.sleep(0.05)
    try:
        yield port
    finally:
        process.terminate()
        process.wait()


def _ours(behind: int, port: int, proto: str, also: str, folder: Path) -> str:
    """deploy/nginx.conf without the server that leads to HTTPS, names, certificates and folders."""
    text = (ROOT / "deploy/nginx.conf").read_text()
    first, second = (match.start() for match in re.finditer(r"^server \{", text, re.MULTILINE))
    text = text[:first] + text[second:]
    text = text.replace("listen 443 ssl http2;", f"listen 127.0.0.1:{port};\n{also}")
    text = re.sub(r" *(?:listen \[::\]:443|ssl_).*\n", "", text)
    text = text.replace("127.0.0.1:8000", f"127.0.0.1:{behind}")
    text = text.replace("/var/lib/nginx/iomnews", f"{folder}/pages")
    text = text.replace("/var/log/nginx", str(folder))
    return text.replace("X-Forwarded-Proto $scheme;", f"X-Forwarded-Proto {proto};")


def _answers(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port)).close()
    except ConnectionRefusedError:
        return False
    return True
