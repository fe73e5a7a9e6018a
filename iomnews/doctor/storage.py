from datetime import datetime
from importlib import import_module
from importlib.util import find_spec


def last_backup() -> datetime | None:
    if find_spec("iomnews.backups") is None:
        return None
    made = import_module("iomnews.backups").latest()
    return made and made.at
