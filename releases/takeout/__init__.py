"""The newsroom as an archive that anybody can read, and that a newsroom reads back.

`writing` writes it and `reading` reads it. It holds what readers saw and editors wrote, under
readable names: no accounts, no links that were shared, no log of who did what.
"""

import zipfile
from pathlib import Path

from releases.archives import BROKEN, MANIFEST

KIND = "iomnews takeout"
FORMAT = 1

MISSIONS, CONTACTS = "missions.json", "contacts.json"
ADDRESSES, VIEWS = "addresses.csv", "views.csv"
OLD_ADDRESSES = "old_addresses.json"  # that are no release's; not in earlier takeouts
RELEASE = "release.json"  # in the folder of each release


def is_takeout(path: Path) -> bool:
    """Whether `path` looks like a takeout: a ZIP with a manifest, as no office document has."""
    try:
        with zipfile.ZipFile(path) as opened:
            return MANIFEST in opened.namelist()
    except BROKEN:
        return False
