"""An import that is killed, whenever that is, is finished by the next one."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

from benchmarks.wordpress_export import write_export
from tests.serving import address_of_database
from tests.uploads import image

KILLS = 10
POSTS = 40


# Its tables are emptied behind it, as the process has written to them.
@pytest.mark.django_db(transaction=True)
def test_an_import_killed_at_ten_points_ends_as_one_that_was_not(tmp_path):
    export, said = tmp_path / "export.xml", tmp_path / "said.json"
    write_export(export, POSTS)
    folder = tmp_path / "uploads"
    for year in (2009, 2010):
        for month in range(1, 13):
            (folder / f"{year}/{month:02d}").mkdir(parents=True)
    for number in range(1, POSTS * 4, 4):
        for place in range(2):
            for month in range(1, 3):
                path = folder / f"2009/{month:02d}/picture-{number}-{place}.jpg"
                path.write_bytes(image((40, 30), colour=(number % 256, place, 0)))
    environment = os.environ | {"DATABASE_URL": ""}
    if connection.vendor == "postgresql":
        environment["DATABASE_URL"] = address_of_database(connection)
    else:
        del environment["DATABASE_URL"]

    done = subprocess.run(
        [sys.executable, "-m", "tests.intake.killed", export, folder, str(KILLS), said],
        cwd=Path(__file__).parent.parent.parent,
        env=environment,
        capture_output=True,
        text=True,
    )

    assert done.returncode == 0, done.stderr
    states = json.loads(said.read_text())
    assert len(states["at"]) == KILLS
    assert len(set(states["at"])) > 2  # not all before the first release, nor after the last
    assert len(states["unbroken"]["Release"]) > POSTS / 2
    assert states["unbroken"]["Picture"]
    for table, rows in states["unbroken"].items():
        assert states["resumed"][table] == rows, table
        assert states["again"][table] == rows, table
