"""Newsrooms of a size to be measured, made once and kept below var/benchmarks."""

import json
import os
import re
import subprocess
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "var/benchmarks"
PYTHON = ROOT / ".venv/bin/python"
SAMPLE = 4_000  # releases that are looked through for words to search for

# Asks the newsroom itself for addresses that exist.
ADDRESSES = f"""
import json
from releases.models import Release
public = Release.objects.public().newest_first()
number = public.count()
some = list(public.select_related("mission")[:: max(1, number // 400)][:400])
words = list(public.values_list("title_ko", "body_ko")[: {SAMPLE}])
print("FOUND", json.dumps({{
    "number": number,
    "releases": [release.get_absolute_url() for release in some],
    "missions": sorted({{release.mission.slug for release in some}}),
    "texts": [" ".join(pair) for pair in words],
}}))
"""


@dataclass
class Newsroom:
    """A made-up newsroom: how to reach it, and what to ask it."""

    database: str  # "SQLite" or "PostgreSQL"
    size: int  # releases
    environment: dict[str, str]
    asked: dict[str, list[str]]  # kind of page -> addresses


def newsroom(database: str, size: int) -> Newsroom:
    """The newsroom of `size` releases, made if it is not there yet."""
    folder = FOLDER / f"{database.lower()}-{size}"
    environment = {
        "ENV_FILE": os.devnull,
        "SECRET_KEY": "measures and signs nothing, but has to be as long as a real one",
        "DEMO": "on",
        "DATA_DIR": str(folder),
        "DATABASE_URL": f"sqlite:///{folder}/db.sqlite3",
    }
    if database == "PostgreSQL":
        environment["DATABASE_URL"] = os.environ["DATABASE_URL"].replace(
            "/newsroom?", f"/made_{size}?"
        )
        folder = _created(environment["DATABASE_URL"], f"made_{size}", folder)
    # Another schema, other newsrooms.
    made = folder / "made"
    if not made.exists() or made.read_text() != _schema():
        if database == "SQLite":
            subprocess.run(["rm", "-rf", folder], check=True)
        folder.mkdir(parents=True, exist_ok=True)
        for words in (
            ["migrate", "-v0"],
            ["make_releases", str(size)],
            ["collectstatic", "--no-input", "-v0"],
        ):
            _manage(words, environment)
        made.write_text(_schema())
    found = json.loads(
        re.search("FOUND (.*)", _manage(["shell", "-v0", "-c", ADDRESSES], environment))[1]
    )
    return Newsroom(database, size, environment, _asked(found))


def _created(url: str, name: str, folder: Path) -> Path:
    import psycopg

    with psycopg.connect(url.replace(f"/{name}?", "/postgres?"), autocommit=True) as server:
        if not server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            server.execute(f"CREATE DATABASE {name}")
            (folder / "made").unlink(missing_ok=True)  # of a server that is no more
    return folder


def _schema() -> str:
    return "".join(file.read_text() for file in sorted(ROOT.glob("*/migrations/0*.py")))


def _manage(words: list[str], environment: dict[str, str]) -> str:
    done = subprocess.run(
        [PYTHON, "manage.py", *words],
        cwd=ROOT,
        env=os.environ | environment,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return done.stdout


def _asked(found: dict) -> dict[str, list[str]]:
    pages = -(-found["number"] // 20)
    middle = pages // 2

    def listing(first: int) -> list[str]:
        numbers = [number for number in range(first, first + 20) if 1 <= number <= pages]
        return [f"{language}/?page={number}" for number in numbers for language in ("", "/en")]

    return {
        "release": found["releases"],
        "listing": listing(1),
        "deep page": listing(middle - 10),
        "mission filter": [
            f"{language}/?mission={mission}"
            for mission in found["missions"]
            for language in ("", "/en")
        ],
        **_searches(found["texts"]),
    }


def _searches(texts: list[str]) -> dict[str, list[str]]:
    """Words of which one release in so many tells."""
    tells: Counter[str] = Counter()
    for text in texts:
        tells.update(set(re.findall(r"[가-힣]{2,}", text)))
    wanted = {"selective search": 1_000, "search, 1 in 50": 50, "search, 1 in 10": 10}
    from urllib.parse import quote

    return {
        name: [
            f"/?q={quote(word)}"
            for word in sorted(tells, key=lambda word: abs(tells[word] * one_in - len(texts)))[:5]
        ]
        for name, one_in in wanted.items()
    }
