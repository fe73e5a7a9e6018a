"""What the process does: one move after the other, until nothing is left to do."""

import logging
import time
from datetime import timedelta

from django.db import DatabaseError, connection
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from releases import statistics
from releases.archives import RefusedArchive
from releases.intake.files import UnreadableFile
from releases.intake.moved import ADDRESS
from releases.models import Move, Task

from . import places, pulse, sources
from .choices import Choices
from .door import Door, WrongChoice
from .records import Records

PATIENCE = timedelta(minutes=10)  # with a database that is away
WAIT = 2  # seconds

logger = logging.getLogger(__name__)


def work() -> int:
    """Work on what is to be done, and say how many moves that was.

    Another worker that may be gone is waited for: it has gone where it is not heard of again.
    Raises DatabaseError where the database stays away.
    """
    worker, worked_on = pulse.new_worker(), 0
    away_since = heard_at_first = None
    while True:
        try:
            if claimed := pulse.claim(worker):
                worked_on += 1
                work_on(claimed, worker)
                away_since = heard_at_first = None
                continue
            heard_at = pulse.last_heard()
            heard_at_first = heard_at_first or heard_at
            if heard_at is None or heard_at > heard_at_first:
                return worked_on
        except DatabaseError:
            away_since = away_since or timezone.now()
            if timezone.now() - away_since > PATIENCE:
                raise
            logger.warning("the database is away: what is to be moved in waits")
            connection.close()
        time.sleep(WAIT)


def work_on(claimed: pulse.Claimed, worker: str) -> None:
    """Do what is asked of `move`, which is `worker`'s; what came of it is written down.

    Raises DatabaseError, and then nothing has ended: it is gone on with.
    """
    move, fault = claimed.move, ""
    with override(move.language), pulse.Pulse(move, worker) as told:
        try:
            _do(claimed, told)
        except (UnreadableFile, RefusedArchive, WrongChoice) as error:
            fault = str(error)
        except DatabaseError:
            raise
        except OSError as error:
            fault = _("a file could not be read or written: %(error)s.") % {"error": error}
            logger.exception("move %s failed", move.pk)
        except Exception:
            fault = _(
                "something went wrong here that nobody foresaw; the record of the site says more."
            )
            logger.exception("move %s failed", move.pk)
    _end(move, told, fault)


def _do(claimed: pulse.Claimed, told: pulse.Pulse) -> None:
    move = claimed.move
    path, choices = places.file_of(move), Choices.of(move.choices)
    contents = sources.look_into(path)
    told.total = contents.items
    Move.objects.filter(pk=move.pk, worker=told.worker).update(contents=contents.as_json())
    moving = move.task == Task.MOVE
    # A look begins anew; what was moved in is there, and what was said of it is still true.
    with Records(
        places.records_of(move, move.task), go_on=moving and claimed.is_resumed
    ) as records:
        for moved in Door(choices, dry=not moving).bring_in(path, contents.kind):
            outcome = records.add(moved)
            if moved.kind != ADDRESS:
                told.counts[outcome.value] += 1
                told.done += 1
            if told.is_over:
                return
    if moving:
        statistics.refresh()


def _end(move: Move, told: pulse.Pulse, fault: str) -> None:
    """Write down that it has come to its end, unless another has taken it over."""
    mine = Move.objects.filter(pk=move.pk, worker=told.worker, ended_at=None)
    also = {}
    if not (fault or told.is_over):
        also = {"stop_at": None}  # too late for that
        if move.task == Task.LOOK:
            also["looked_with"] = move.choices
    now = timezone.now()
    mine.update(
        heard_at=now,
        ended_at=now,
        worker="",
        fault=fault,
        done=told.done,
        total=told.total,
        counts=dict(told.counts),
        **also,
    )
