"""The faults that are quick to try, each by its script. Others take longer."""

import subprocess
import sys

import pytest

from .crowd import ROOT


@pytest.mark.parametrize("script", [["clock_jumps"], ["cache_gone", "--seconds", "3"]], ids=str)
def test_what_must_hold_during_a_fault_holds(script):
    name, *words = script

    told = subprocess.run(
        [sys.executable, "-m", f"tests.faults.{name}", *words],
        cwd=ROOT,
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
    )

    assert told.returncode == 0, told.stdout
    assert "right:" in told.stdout
