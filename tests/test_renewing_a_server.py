"""deploy/renew: what is installed outside of a version's folder goes along with an upgrade."""

import os
import shutil
import subprocess
from pathlib import Path
from typing import NamedTuple

import pytest

DEPLOY = Path(__file__).resolve().parent.parent / "deploy"
INSTALLED = {
    "iomnews-manage": "usr/local/bin/iomnews-manage",
    "nginx.conf": "etc/nginx/conf.d/iomnews.conf",
} | {
    unit.name: f"etc/systemd/system/{unit.name}"
    for ending in ("service", "socket", "timer")
    for unit in DEPLOY.glob(f"*.{ending}")
}


class Server(NamedTuple):
    """The folders of a server that version 1 was installed on, and on which 2 lies beside it."""

    root: Path

    def of(self, version: int, name: str) -> Path:
        return self.root / f"opt/iomnews/releases/{version}/deploy/{name}"

    def installed(self, name: str) -> Path:
        return self.root / INSTALLED[name]

    def renew(self, version: int, *, nginx: str = "true") -> subprocess.CompletedProcess:
        """Run the script where `nginx` stands for nginx."""
        tools = self.root / "tools"
        tools.mkdir(exist_ok=True)
        for tool, does in {"nginx": nginx, "systemctl": "true"}.items():
            (tools / tool).write_text(
                f'#!/bin/sh\necho {tool} "$@" >> {self.root}/called\n{does}\n'
            )
            (tools / tool).chmod(0o755)
        return subprocess.run(
            [DEPLOY / "renew", str(version)],
            env={"PATH": f"{tools}:{os.environ['PATH']}", "UNDER": str(self.root)},
            capture_output=True,
            text=True,
        )

    def called(self) -> list[str]:
        record = self.root / "called"
        return record.read_text().splitlines() if record.exists() else []


def edit(file: Path, before: str, after: str) -> None:
    assert before in file.read_text()
    file.write_text(file.read_text().replace(before, after))


@pytest.fixture
def server(tmp_path):
    for version in (1, 2):
        shutil.copytree(DEPLOY, tmp_path / f"opt/iomnews/releases/{version}/deploy")
    (tmp_path / "opt/iomnews/current").symlink_to(tmp_path / "opt/iomnews/releases/1")
    server = Server(tmp_path)
    for name in INSTALLED:
        server.installed(name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(DEPLOY / name, server.installed(name))
    edit(server.installed("nginx.conf"), "news.example.org", "presse.example.org")
    return server


def test_where_nothing_changed_nothing_is_touched(server):
    before = {name: server.installed(name).read_text() for name in INSTALLED}

    done = server.renew(2)

    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert {name: server.installed(name).read_text() for name in INSTALLED} == before
    assert server.called() == []


def test_what_the_new_version_changed_is_brought_in_beside_own_edits(server):
    edit(server.of(2, "iomnews.service"), "RestartSec=2", "RestartSec=3")
    edit(server.of(2, "nginx.conf"), "send_timeout 15s;", "send_timeout 20s;")
    edit(server.of(2, "iomnews-manage"), "set -eu", "set -eu\n# newer")
    edit(server.installed("nginx.conf"), "max_size=2g", "max_size=9g")

    done = server.renew(2)

    front = server.installed("nginx.conf").read_text()
    assert done.returncode == 0
    assert "RestartSec=3" in server.installed("iomnews.service").read_text()
    assert "# newer" in server.installed("iomnews-manage").read_text()
    assert os.access(server.installed("iomnews-manage"), os.X_OK)
    assert all(word in front for word in ("20s", "9g", "presse.example.org"))
    assert "news.example.org" not in front.replace("presse", "")
    assert server.called() == ["systemctl daemon-reload", "nginx -t", "systemctl reload nginx"]
    assert "+RestartSec=3" in done.stdout


def test_what_both_changed_is_left_and_named(server):
    edit(server.of(2, "iomnews.service"), "RestartSec=2", "RestartSec=3")
    edit(server.installed("iomnews.service"), "RestartSec=2", "RestartSec=9")

    done = server.renew(2)

    assert done.returncode == 1
    assert str(server.installed("iomnews.service")) in done.stderr
    assert "RestartSec=9" in server.installed("iomnews.service").read_text()
    assert "<<<<" not in server.installed("iomnews.service").read_text()


def test_a_front_that_does_not_pass_is_put_back(server):
    edit(server.of(2, "nginx.conf"), "send_timeout 15s;", "send_timeout 20s;")
    before = server.installed("nginx.conf").read_text()

    done = server.renew(2, nginx="false")

    assert done.returncode == 1
    assert server.installed("nginx.conf").read_text() == before
    assert "systemctl reload nginx" not in server.called()


def test_a_unit_that_is_new_is_installed_and_a_front_that_is_not_there_is_not(server):
    shutil.copy(DEPLOY / "iomnews-backup.timer", server.of(2, "iomnews-other.timer"))
    edit(server.of(2, "Caddyfile"), "idle 30s", "idle 40s")

    done = server.renew(2)

    assert done.returncode == 0
    assert (server.root / "etc/systemd/system/iomnews-other.timer").exists()
    assert not (server.root / "etc/caddy/Caddyfile").exists()


def test_the_way_back_is_the_same(server):
    edit(server.of(2, "iomnews.socket"), "[Socket]", "[Socket]\nMark=7")
    before = server.installed("iomnews.socket").read_text()
    done = server.renew(2)
    current = server.root / "opt/iomnews/current"
    current.unlink()
    current.symlink_to(server.root / "opt/iomnews/releases/2")

    back = server.renew(1)

    assert "systemctl restart iomnews.socket" in done.stdout
    assert back.returncode == 0
    assert server.installed("iomnews.socket").read_text() == before
