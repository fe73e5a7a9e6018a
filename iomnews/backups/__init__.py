"""Backups: database and files of the whole newsroom in one archive, and the way back.

`making` makes one, `restoring` puts one back; both read and write rows alike on SQLite and on
PostgreSQL, so that a backup of the one is restored into the other.
"""

import json
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from django.conf import settings

KIND = "iomnews backup"
FORMAT = 1
ROWS, MEDIA = "rows", "media"  # folders of the archive


class Made(NamedTuple):
    """A backup that was made, read again and found whole."""

    at: datetime  # aware, UTC: the moment whose state it holds
    path: Path
    size: int  # bytes


def latest() -> Made | None:
    """The last good backup that was made here, wherever it was put; None where there was none.

    It may lie elsewhere by now: this is what is remembered of making it.
    """
    try:
        said = json.loads(_memory().read_text())
        return Made(datetime.fromisoformat(said["at"]), Path(said["path"]), int(said["size"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def remember(made: Made) -> None:
    """Let `latest` tell of `made` from now on."""
    said = {"at": made.at.isoformat(), "path": str(made.path), "size": made.size}
    new = _memory().with_suffix(".new")
    new.write_text(json.dumps(said))
    new.replace(_memory())


def _memory() -> Path:
    return settings.DATA_DIR / "last-backup.json"
