"""The site started anew in a process of its own, with an environment of its own."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
KEY = "a key for tests that signs nothing of worth, long enough to pass"


def run_alone(code: str, folder: Path, **environment: str) -> subprocess.CompletedProcess:
    """Run `code` with `environment` alone; what the site writes lies in `folder`."""
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "ENV_FILE": os.devnull, "DATA_DIR": str(folder)}
        | environment,
        capture_output=True,
        text=True,
    )
