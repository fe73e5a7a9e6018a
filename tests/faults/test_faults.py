"""The faults that are tried within a minute, each by its script. Others take longer."""

import os
import re
import subprocess
import sys
from functools import cache

import pytest
from django.conf import settings

from .crowd import ROOT

ON_SQLITE = [
    ["clock_jumps"],
    ["cache_gone", "--seconds", "3"],
    ["disk_full"],
    ["processes_killed", "--times", "3"],
    ["reload", "--times", "1"],
]
# On servers of their own: they are stopped, and others use the one of these tests.
ON_POSTGRESQL = [["database_gone", "--seconds", "5"], ["database_full"], ["two_hosts"]]
IS_POSTGRESQL = "postgresql" in settings.DATABASES["default"]["ENGINE"]
WELL = re.compile(r"right: |\bholds: |\b0 failed")


@cache
def may_mount(folder) -> bool:
    words = ["unshare", "--mount", "mount", "-t", "tmpfs", "disk", str(folder)]
    return os.geteuid() == 0 and not subprocess.run(words, capture_output=True).returncode


@pytest.mark.parametrize("script", ON_POSTGRESQL if IS_POSTGRESQL else ON_SQLITE, ids=" ".join)
def test_what_must_hold_during_a_fault_holds(script, tmp_path_factory):
    name, *words = script
    if name.endswith("_full") and not may_mount(tmp_path_factory.getbasetemp()):
        pytest.skip("It mounts a small disk, which only root may.")
    environment = {key: value for key, value in os.environ.items() if key != "DATABASE_URL"}
    command = [sys.executable, "-m", f"tests.faults.{name}", *words]
    if IS_POSTGRESQL:
        command, environment["DURABLE"] = ["tests/with_postgresql", *command], "on"

    told = subprocess.run(
        command,
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
    )

    assert told.returncode == 0, told.stdout + told.stderr[-3000:]
    assert WELL.search(told.stdout)
