"""`python -m tests.check_dependencies`: is any package that we ship known to be at fault?

Asks the advisory database by pip-audit, for what requirements.txt pins. That gives three answers,
which pip-audit's exit status does not tell apart: a fault is known (1), none is known (0), or it
could not look (0, and said so): no machine is at fault for a network that it has not got, and
nobody should take silence for a clean bill.
"""

import json
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 120  # seconds
COMMAND = ["--require-hashes", "--disable-pip", "--progress-spinner=off", "--format=json"]


class Verdict(NamedTuple):
    """What is known of the packages."""

    faults: list[str]
    looked_up: int
    not_looked_up: list[str]

    @property
    def words(self) -> str:
        lines = [f"KNOWN FAULT: {fault}" for fault in self.faults]
        if self.looked_up:
            lines.append(
                f"Packages: {self.looked_up} looked up"
                + ("." if self.faults else ", no fault is known of them.")
            )
        if self.not_looked_up:
            lines.append(
                f"COULD NOT LOOK UP {len(self.not_looked_up)} packages, of which nothing is known: "
                + ", ".join(self.not_looked_up)
            )
        if not self.looked_up:
            lines.append("The advisory database was not reached: this was no check.")
        return "\n".join(lines)


def verdict(report: str, pinned: list[str]) -> Verdict:
    """What `report` of pip-audit, in JSON, says of the packages `pinned`.

    A package of which it says nothing was not looked up; a report that cannot be read says nothing.
    """
    try:
        told = {entry["name"]: entry for entry in json.loads(report)["dependencies"]}
    except (ValueError, KeyError, TypeError):
        told = {}
    known = {name: entry["vulns"] for name, entry in told.items() if "vulns" in entry}
    faults = [
        f"{name} {told[name].get('version', '')}: {fault['id']}"
        + (f", mended in {', '.join(fault['fix_versions'])}" if fault.get("fix_versions") else "")
        for name, entries in known.items()
        for fault in entries
    ]
    return Verdict(faults, len(known), sorted(set(pinned) - set(known)))


def pinned() -> list[str]:
    """The names of the packages in requirements.txt."""
    lines = (ROOT / "requirements.txt").read_text().splitlines()
    return [line.split("==")[0].split("[")[0] for line in lines if "==" in line and line[0] != " "]


def main() -> int:
    try:
        asked = subprocess.run(
            [sys.executable, "-m", "pip_audit", *COMMAND, "--requirement", "requirements.txt"],
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
        )
        report = asked.stdout
    except subprocess.TimeoutExpired:
        report = ""
    found = verdict(report, pinned())
    print(found.words)
    return 1 if found.faults else 0


if __name__ == "__main__":
    sys.exit(main())
