"""Starts the process that does the work: by the page that asks for it, and where one is gone."""

import logging
import subprocess  # nosec B404 # our own command alone
import sys
import threading

from django.conf import settings
from django.db import DatabaseError, connection

from . import pulse

logger = logging.getLogger(__name__)


def start() -> None:
    """Start a process that works on whatever is to be done, and outlives the request.

    It may be started as often as one likes: it ends at once where another is at work. Raises
    OSError where the machine starts no more processes.
    """
    process = subprocess.Popen(  # nosec B603 # our own words
        [sys.executable, settings.BASE_DIR / "manage.py", "work_on_moves"],
        cwd=settings.BASE_DIR,
        stdin=subprocess.DEVNULL,
        start_new_session=True,  # a signal to the server's group is none to it
    )
    # Somebody must take note of its end, else it stays in the list of processes.
    threading.Thread(target=process.wait, daemon=True).start()


def try_to_start() -> None:
    """Start it, or leave it to whoever tries next where the machine starts no more processes."""
    try:
        start()
    except OSError:
        logger.exception("no process could be started for moving in")


def go_on() -> None:
    """Start it where something is left to do: after a restart.

    Whoever was at it may have been heard of a moment before: the process waits until it is sure.
    """
    try:
        if pulse.is_anything_asked():
            start()
    except (DatabaseError, OSError):
        # The next page that shows a move asks again.
        logger.exception("moving in could not be gone on with")
    finally:
        connection.close()
