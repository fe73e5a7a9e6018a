"""The newsroom as an archive that anybody can read, and that a newsroom reads back.

`writing` writes it and `reading` reads it. It holds what readers saw and editors wrote, under
readable names: no accounts, no links that were shared, no log of who did what.
"""

import zipfile
from pathlib import Path

KIND = "iomnews takeout"
FORMAT = 1

MISSIONS, CONTACTS = "missions.json", "contacts.json"
ADDRESSES, VIEWS = "addresses.csv", "views.csv"
RELEASE = "release.json"  # in the folder of each release


def is_takeout(path: Path) -> bool:
    """Whether `path` is to be read as a takeout: any ZIP is, and is told what it lacks."""
    return path.is_file() and zipfile.is_zipfile(path)
