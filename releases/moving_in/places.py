"""Where the files of a move lie: what was sent, what its owner has put there, what came of it."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile

from releases.intake.media import UPLOADS
from releases.models import Move, Task

SENT, UNFINISHED = "sent", "sent.part"
MOST_OFFERED = 200  # files and folders of MOVING_DIR


def folder_of(move: Move) -> Path:
    """Where all lies that the newsroom keeps of `move`; nobody is served from there."""
    return settings.MOVES_DIR / str(move.pk)


def file_of(move: Move) -> Path:
    """The export itself, be it there or not."""
    return settings.MOVING_DIR / move.place if move.place else folder_of(move) / SENT


def records_of(move: Move, task: Task | str) -> Path:
    return folder_of(move) / f"{Task(task).value}.jsonl"


def keep(move: Move, upload: UploadedFile) -> None:
    """Keep what was sent for `move`, for its owner's eyes alone. Raises OSError."""
    folder = folder_of(move)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    unfinished = folder / UNFINISHED
    handle = os.open(unfinished, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as kept:
        for part in upload.chunks():
            kept.write(part)
    unfinished.replace(folder / SENT)


def forget(move: Move) -> None:
    """Delete all that is kept of `move`; what its owner put into MOVING_DIR stays."""
    shutil.rmtree(folder_of(move), ignore_errors=True)


def offered() -> list[Path]:
    """What lies in MOVING_DIR, by name; nothing that is hidden, and nothing below."""
    return sorted(_entries())[:MOST_OFFERED]


def uploads() -> str:
    """The folder in MOVING_DIR that is called as WordPress calls that of its uploads, if one is."""
    return UPLOADS if (settings.MOVING_DIR / UPLOADS).is_dir() else ""


def _entries() -> Iterator[Path]:
    try:
        entries = list(settings.MOVING_DIR.iterdir())
    except OSError:
        return
    yield from (entry for entry in entries if not entry.name.startswith("."))
