"""Does the code of before live on the database that this code has migrated?

    .venv/bin/python -m tests.faults.older_code                              SQLite
    tests/with_postgresql .venv/bin/python -m tests.faults.older_code        PostgreSQL

Takes the code before the oldest migration that no newsroom has yet, or that of `--commit`, and runs
its own tests (those named, else some that read and write all over the newsroom) on a database with
all of this code's migrations. Ends with 1 where one fails. It needs the history, which a shallow
clone lacks; `tests/test_migrations.py` judges the migrations themselves with each run of the tests.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
# The oldest migration that no newsroom has yet: who deploys a version puts the next one here.
NOT_DEPLOYED = "releases/migrations/0003_old_addresses.py"
TESTS = [
    "tests/accounts/test_journal.py",
    "tests/accounts/test_signing_in.py",
    "tests/correcting",
    "tests/test_missions_and_contacts.py",
    "tests/test_public_pages.py",
    "tests/test_workflow.py",
]
SETTINGS = """
from django.core.management.commands import flush
from tests.settings import *
from tests.settings import DATABASES

# Between tests all rows go: of new tables that point at older ones as well.
only_known = flush.sql_flush
flush.sql_flush = lambda *words, **named: only_known(*words, **(named | {{"allow_cascade": True}}))

DATABASES["default"]["TEST"] = {{"NAME": {name!r}}}
"""
MIGRATE = """
import django; django.setup()
from django.db import connection
connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False, keepdb=True)
"""


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--commit", help="whose code; by default that before NOT_DEPLOYED")
    arguments.add_argument("tests", nargs="*", default=TESTS)
    chosen = arguments.parse_args()
    commit = git("rev-parse", "--short", chosen.commit or before(NOT_DEPLOYED))
    with tempfile.TemporaryDirectory(prefix="newsroom-older-") as folder:
        older, plugged = Path(folder, "code"), Path(folder, "settings")
        older.mkdir()
        plugged.mkdir()
        packed = subprocess.run(
            ["git", "archive", commit], cwd=ROOT, check=True, capture_output=True
        )
        subprocess.run(["tar", "-x", "-C", older], input=packed.stdout, check=True)
        is_served = "postgres" in os.environ.get("DATABASE_URL", "")
        name = "test_older_code" if is_served else f"{folder}/test.sqlite3"
        (plugged / "settings_of_older_code.py").write_text(SETTINGS.format(name=name))

        run(ROOT, plugged, "-c", MIGRATE)
        words = ["-q", "compile", "--domain", "django", "--directory", "locale"]
        run(older, plugged, "-m", "babel.messages.frontend", *words)
        wanted = [test for test in chosen.tests if (older / test).exists()]
        print(f"The code of {commit} on the database of this code:", flush=True)
        done = run(older, plugged, "-m", "pytest", "--reuse-db", *wanted, check=False)
    print("right" if not done else "WRONG")
    return done


def before(path: str) -> str:
    """The commit onto which `path` came; where a merge brought it, what it was merged into."""
    words = ["log", "-1", "--first-parent", "-m", "--diff-filter=A", "--format=%H", "--", path]
    if not (brought := git(*words)):
        sys.exit(f"The history does not say when {path} came. Is this a shallow clone?")
    return f"{brought}^"


def git(*words: str) -> str:
    told = subprocess.run(["git", *words], cwd=ROOT, check=True, capture_output=True, text=True)
    return told.stdout.strip()


def run(code: Path, plugged: Path, *words: str, check: bool = True) -> int:
    """Run Python with `code`, and the settings in `plugged`, on the database that both share."""
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "settings_of_older_code",
        "PYTHONPATH": os.pathsep.join([str(code), str(plugged)]),
    }
    done = subprocess.run([sys.executable, *words], cwd=code, env=environment, check=check)
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())
