"""Newsrooms of a size to be measured, made once and kept: below KEEP, else below var/benchmarks."""

import json
import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from urllib.parse import quote

import psycopg

ROOT = Path(__file__).resolve().parent.parent
FOLDER = Path(os.environ.get("KEEP") or ROOT / "var/benchmarks").resolve()
PYTHON = ROOT / ".venv/bin/python"
# Where one of these has changed, a newsroom that was made before is another than today's.
MADE_BY = ("*/migrations/0*.py", "releases/samples/*.py", "releases/search/[eiw]*.py")
CHUNK = 2**20  # bytes
MEMORY_PAGES = 10_000  # releases, for the memory of a worker
SAMPLE = 4_000  # releases that are looked through for words to search for
CANDIDATES = 200  # words, and as many texts, that are searched for to see how much they find
ONE_IN = {"search, 1 in 50": 50, "search, 1 in 10": 10}
# The selective one finds what fits on a page, however large the newsroom: else the page of a
# larger one would show more.
FEW = 20  # releases
SEARCHES = ("selective search", *ONE_IN)

# Asks the newsroom itself for addresses that exist.
ADDRESSES = f"""
import json, re
from collections import Counter
from releases.models import Release
public = Release.objects.public().newest_first()
number = public.count()
some = list(public.select_related("mission")[:: max(1, number // 400)][:400])
many = public[: {MEMORY_PAGES}]
sample = list(public.values_list("title_ko", "body_ko", "release_date")[: {SAMPLE}])
texts = [set(re.findall("[가-힣]{{2,}}", f"{{title}} {{body}}")) for title, body, _day in sample]
tells = Counter(word for words in texts for word in words)
seldom = sorted(tells, key=lambda word: (tells[word], word))
# Words, the two of a text that are least often said, and these with its month. A search finds
# more than a word as it stands, with other endings and by other names: so it is asked itself.
asked = seldom[:: max(1, len(seldom) // {CANDIDATES})]
step = max(1, len(texts) // {CANDIDATES})
for words, (_title, _body, day) in zip(texts[::step], sample[::step]):
    pair = " ".join(sorted(words, key=lambda word: (tells[word], word))[:2])
    asked += [pair, f"{{pair}} {{day:%Y-%m}}"]
found = {{text: public.search(text).count() for text in asked}}
wanted = {{kind: number / one_in for kind, one_in in {ONE_IN}.items()}}
wanted["selective search"] = {FEW}
words = {{
    kind: sorted(found, key=lambda text: (abs(found[text] - some), text))[:5]
    for kind, some in wanted.items()
}}
print({{kind: [(text, found[text]) for text in texts] for kind, texts in words.items()}})
print("FOUND", json.dumps({{
    "number": number,
    "releases": [release.get_absolute_url() for release in some],
    "many": [release.get_absolute_url() for release in many],
    "missions": sorted({{release.mission.slug for release in some}}),
    "words": words,
}}))
"""

# Counts the queries of pages that are made.
QUERIES = """
import json, os
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from releases import edition
edition.TRUSTED = 3_600  # the look at what was edited, once a second, is no page's
client = Client(headers={"Host": "localhost"})
def queries(address):
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200, address
    return len(asked)
kinds = json.loads(os.environ["ASKED"])
# The first answer counts what is counted once an edition.
print("FOUND", json.dumps({
    kind: max([queries(address) for address in addresses[:1] + addresses][1:])
    for kind, addresses in kinds.items()
}))
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
    made = folder / "made"
    today = _made_by()
    if not made.exists() or made.read_text() != today or not _is_there(environment, folder):
        print(f"Making {size:,} releases in {database} …", flush=True)
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        if database == "PostgreSQL":
            _create(environment["DATABASE_URL"])
        for words in (["migrate", "-v0"], ["make_releases", str(size)]):
            _manage(words, environment)
        made.write_text(today)
    # Styles and scripts may have changed meanwhile.
    _manage(["collectstatic", "--no-input", "-v0"], environment)
    found = _told(ADDRESSES, environment)
    return Newsroom(database, size, environment, _asked(found))


def warm_up() -> None:
    """Read all that was made, so that it is in memory, as what a newsroom at work reads is."""
    for file in filter(Path.is_file, FOLDER.rglob("*")):
        with file.open("rb") as opened:
            while opened.read(CHUNK):
                pass


def queries(room: Newsroom, kinds: tuple[str, ...]) -> dict[str, int]:
    """Most queries that a page of each kind takes to make."""
    asked = {kind: room.asked[kind][:5] for kind in kinds}
    return _told(QUERIES, room.environment | {"PAGE_CACHE_MB": "0", "ASKED": json.dumps(asked)})


def _told(script: str, environment: dict[str, str]) -> dict:
    """What `script` says after FOUND."""
    said = _manage(["shell", "-v0", "-c", script], environment)
    return json.loads(re.search("FOUND (.*)", said)[1])


def _made_by() -> str:
    """A word for the code that makes newsrooms."""
    files = sorted(file for pattern in MADE_BY for file in ROOT.glob(pattern))
    return sha256(b"".join(file.read_bytes() for file in files)).hexdigest()


def _is_there(environment: dict[str, str], folder: Path) -> bool:
    """Whether the database is, beside the word that it was made."""
    url = environment["DATABASE_URL"]
    if url.startswith("sqlite:"):
        return (folder / "db.sqlite3").exists()
    with _server(url) as server:
        return bool(
            server.execute("SELECT FROM pg_database WHERE datname = %s", [_name(url)]).rowcount
        )


def _create(url: str) -> None:
    with _server(url) as server:
        server.execute(f"DROP DATABASE IF EXISTS {_name(url)}")
        server.execute(f"CREATE DATABASE {_name(url)}")


def _server(url: str) -> psycopg.Connection:
    return psycopg.connect(url.replace(f"/{_name(url)}?", "/postgres?"), autocommit=True)


def _name(url: str) -> str:
    return re.search(r"/(made_\d+)\?", url)[1]


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

    def listing(first: int, last: int) -> list[str]:
        numbers = range(max(1, first), min(last, pages) + 1)
        return [f"{language}/?page={number}" for number in numbers for language in ("", "/en")]

    return {
        "release": found["releases"],
        "many": found["many"],
        "listing": listing(1, 20),
        "deep page": listing(middle - 100, middle + 100),
        "mission filter": [
            f"{language}/?mission={mission}"
            for mission in found["missions"]
            for language in ("", "/en")
        ],
        **{
            kind: [f"/?q={quote(word)}" for word in words] for kind, words in found["words"].items()
        },
    }
