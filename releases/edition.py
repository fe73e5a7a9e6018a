"""Which edition of the newsroom readers see: another after each edit, and each time one is due.

A page that was made for one edition is never shown in the next. Each process knows the edition
without asking the database for every reader: it looks up at most once a second what was edited
and which releases are due next, and again at once after an edit of its own, or of another process
that could tell it (`edited`).

Whoever keeps a page asks for the edition before making it and keeps it under that one. An edit
and its mark become visible in one commit, so what is read afterwards is as new as that edition,
or newer, on either database; it is never older. Marks are read from the primary; an edition says
whether a replica holds them all, so that pages of it may be made from there (`releases.replica`).
"""

import logging
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import partial
from threading import Lock, local
from typing import NamedTuple

from django.db import Error, transaction
from django.db.models import Sum
from django.db.models.signals import post_delete, post_save
from django.dispatch import Signal
from django.utils import timezone

from contacts.models import Mission, PressContact

from . import statistics
from .models import Attachment, Change, Correction, Picture, Release, ReleaseContact
from .replica import reading, replica

logger = logging.getLogger(__name__)

# What readers are shown. Views are not: reading changes no edition.
SHOWN = (Release, ReleaseContact, Picture, Attachment, Correction, Mission, PressContact)
TRUSTED = 1  # second that a process believes what it last looked up
DUE_NEXT = 20  # releases; enough for the seconds in which the database can't be reached
MARKS_KEPT = 500  # at least, and twice as many at most: they are added up at each look


class Edition(NamedTuple):
    """What tells the state of the newsroom from all others: equal editions show the same."""

    version: int  # of the content: the sum of its marks
    newest: datetime | None  # when the newest public release was posted
    day: date  # in Seoul: with it contacts leave, without an edit
    ends: datetime | None  # when the next release is due
    name: str  # the same in all processes that see this edition
    is_replicated: bool  # the replica holds all of it, as does whatever it replays later


class _Known(NamedTuple):
    looked_up: float  # on the clock of the process, in seconds
    version: int
    newest: datetime | None
    due: list[datetime]  # in order
    is_replicated: bool
    seen_at: datetime  # when the database was last there
    is_away: bool = False  # it did not answer when it was looked up

    def edition(self, at: datetime) -> Edition:
        passed = [moment for moment in self.due if moment <= at]
        ahead = self.due[len(passed) : len(passed) + 1]
        newest, day = passed[-1] if passed else self.newest, timezone.localdate(at)
        name = f"{self.version:x} {newest.timestamp() if newest else ''} {day.toordinal()}"
        ends = ahead[0] if ahead else None
        return Edition(self.version, newest, day, ends, name, self.is_replicated)


class _Reign(NamedTuple):
    """From when until when it is this edition, by what is `known`."""

    known: _Known
    edition: Edition
    since: datetime
    until: datetime

    @classmethod
    def at(cls, known: _Known, moment: datetime) -> "_Reign":
        edition = known.edition(moment)
        tomorrow = datetime.combine(edition.day + timedelta(days=1), datetime.min.time())
        midnight = timezone.make_aware(tomorrow).astimezone(UTC)
        return cls(known, edition, moment, min(edition.ends or midnight, midnight))


class Watch:
    """What one process knows of the edition. `clock` gives seconds, `now` an aware datetime."""

    def __init__(
        self,
        clock: Callable[[], float] = time.monotonic,
        now: Callable[[], datetime] = timezone.now,
    ):
        self._clock, self._now = clock, now
        self._known: _Known | None = None
        self._reign: _Reign | None = None
        self._edits = 0  # that this process made or was told of
        self._looking_up, self._noting = Lock(), Lock()

    def edition(self) -> Edition:
        """The edition of this moment.

        Raises django.db.Error where none was ever looked up and the database does not answer.
        """
        return self.edition_at_hand() or self._edition_by(self._looked_up())

    def edition_at_hand(self) -> Edition | None:
        """The edition of this moment where it is known without asking the database."""
        known = self._known
        if known is None or self._clock() - known.looked_up >= TRUSTED:
            return None
        return self._edition_by(known)

    def is_away(self) -> bool:
        """Whether the database did not answer when it was last asked, a second ago at most."""
        known = self._known
        return bool(known and known.is_away and self._clock() - known.looked_up < TRUSTED)

    def last_seen(self) -> Edition | None:
        """What was the edition when the database last answered: pages of it may be there still."""
        known = self._known
        return known and known.edition(known.seen_at)

    def _edition_by(self, known: _Known) -> Edition:
        moment, reign = self._now(), self._reign
        if reign is None or reign.known is not known or not reign.since <= moment < reign.until:
            self._reign = reign = _Reign.at(known, moment)
        return reign.edition

    def forget(self) -> None:
        """Look it up anew for whoever asks next: something was edited."""
        with self._noting:
            self._edits += 1
            self._known = None

    def _looked_up(self) -> _Known:
        last = self._known
        if last and last.is_away and self._looking_up.locked():
            return last  # one who waits for a database that is gone is enough
        with self._looking_up:
            last = self._known
            if last and self._clock() - last.looked_up < TRUSTED:
                return last  # by somebody else, while this one waited
            edits, moment = self._edits, self._clock()
            try:
                known = _look_up(moment, self._now())
            except Error:
                if last is None:
                    raise
                logger.warning("The database does not answer: the last edition stands.")
                known = last._replace(looked_up=self._clock(), is_away=True)
            with self._noting:
                # What was edited in between may be missing in it: it is good for this reader alone.
                if edits == self._edits:
                    self._known = known
            return known


def _look_up(moment: float, at: datetime) -> _Known:
    with reading(False):  # from the primary, also for who asks while a page is made
        version = _version()
        public, scheduled = Release.objects.public(at), Release.objects.scheduled(at)
        newest = public.order_by("-publish_at").values_list("publish_at", flat=True).first()
        due = scheduled.order_by("publish_at").values_list("publish_at", flat=True)
        due = list(due[:DUE_NEXT])
    is_replicated = replica.holds(lambda: _version() == version)
    return _Known(moment, version, newest, due, is_replicated, at)


def _version() -> int:
    return Change.objects.aggregate(version=Sum("mark"))["version"] or 0


watch = Watch()  # of this process
edited = Signal()  # here, and committed
_latest = local()  # `change`: the last that this thread made


def changed(**_signal) -> None:
    """Say that readers may see something else once the present transaction is committed.

    Saving and deleting what is SHOWN says so by itself; `bulk_create` and `update` do not.
    """
    with transaction.atomic():
        change = Change.objects.create()
        if change.pk % MARKS_KEPT == 0:
            # Those that somebody else is dropping are left to them: nobody waits for anybody.
            old = Change.objects.filter(pk__lte=change.pk - MARKS_KEPT)
            dropped = old.select_for_update(skip_locked=True).values_list("pk", flat=True)
            Change.objects.filter(pk__in=list(dropped)).delete()
            statistics.refresh()  # as much may have changed as that
        _latest.change = change.pk
        transaction.on_commit(partial(_committed, change.pk))


def _committed(change: int) -> None:
    # Told once for a transaction; where its last edit alone was taken back, others see it by
    # themselves, a second later.
    if change == _latest.change:
        committed()
    else:
        watch.forget()


def committed() -> None:
    """Say that something was edited here just now."""
    watch.forget()
    edited.send(sender=Change)


def connect() -> None:
    """Have each edit of what is SHOWN make another edition."""
    for model in SHOWN:
        for signal in (post_save, post_delete):
            signal.connect(changed, sender=model, dispatch_uid=f"edition of {model.__name__}")
