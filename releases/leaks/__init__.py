"""Whether anything that is not public shows to strangers: planted, asked for, and taken away.

Releases in every state that is not public are planted within a transaction that is rolled back,
then every address that the URL configuration knows is asked as a stranger would. What is answered
must hold no word of theirs, and must be what is answered without them. Nothing stays: neither
rows nor files, no view is counted, and no other process sees any of it. What others save in the
meantime is not seen either, and the clock stands: a difference comes from the secrets alone.
"""

import logging
import time
from collections.abc import Collection, Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta

from django.conf import settings
from django.core.cache import caches
from django.core.cache.backends.locmem import LocMemCache
from django.core.files.storage import InMemoryStorage, default_storage
from django.db import connection, transaction
from django.test import override_settings
from django.utils import timezone
from django.utils.translation import gettext as _

from releases import edition, readers

from .asking import Answered, Question, Stranger
from .judging import Leak, leaks_in
from .questions import Questions
from .secrets import STATES, Planted, hide, label_of, plant, set_stage
from .words import Words

BEHIND = timedelta(minutes=1)  # that the clock of the check is


def check(only: str = "", states: Collection[str] = tuple(STATES)) -> list[Leak]:
    """What leaks at addresses that hold `only`, of secrets in `states`."""
    with _nothing_stays() as clock:
        planted = set_stage(Words())
        clock.move_on()
        leaks = _trial(planted, only, states, clock)
    found: dict[tuple, Leak] = {}
    for leak in leaks:
        found.setdefault((leak.question[:3], leak.what), leak)
    return list(found.values())


def _trial(
    planted: Planted, only: str, states: Collection[str], clock: "_StandingClock"
) -> list[Leak]:
    """Plant the secrets, ask as long as they are public and once they are not, and without them."""
    stranger = Stranger()
    with transaction.atomic():
        plant(planted, states)
        edition.watch.forget()
        questions = Questions(planted, stranger, only)
        # Whatever keeps an answer now must not show it later.
        shown = {question: stranger.ask(question) for question in questions.to_be_kept()}
        leaks = questions.unfilled + list(_unseen(planted, shown, only))
        questions.ask_for_news(shown)
        clock.move_on()
        hide(planted)
        edition.watch.forget()
        hidden = {question: stranger.ask(question) for question in questions.asked}
        transaction.set_rollback(True)
    edition.watch.forget()
    for question, answered in hidden.items():
        secret = questions.asked[question]
        leaks += leaks_in(question, secret, answered, stranger.ask, planted.words)
    return leaks


def _unseen(planted: Planted, shown: dict[Question, Answered], only: str) -> Iterator[Leak]:
    """Secrets that were not even seen while they were public: then the check is blind."""
    if only:  # there, not all of them need show
        return
    seen = set()
    for answered in shown.values():
        seen |= {name for name, field in planted.words.found(answered.text) if field == "title_en"}
    for secret in planted.secrets:
        if secret.name not in seen:
            name = {"name": label_of(secret.name)}
            blind = Question("", "", "", 0)
            yield Leak(blind, _("“%(name)s” was not seen while it was public") % name)


class _Overlay(InMemoryStorage):
    """Files that are written stay in memory; others are read where they lie."""

    def __init__(self, real):
        super().__init__()
        self._real = real

    def _open(self, name, mode="rb"):
        if super().exists(name):
            return super()._open(name, mode)
        return self._real.open(name, mode)

    def exists(self, name):
        return super().exists(name) or self._real.exists(name)


class _StandingClock:
    """What time it is while the check runs: a little earlier than outside, and it stands."""

    def __init__(self):
        self._at = timezone.now() - BEHIND

    def now(self):
        return self._at

    def move_on(self) -> None:
        """Let what is saved from now on be newer than what was."""
        self._at += timedelta(seconds=20)


@contextmanager
def _nothing_stays() -> Iterator[_StandingClock]:
    """Take away whatever is done inside, on disk, in caches and in the database."""
    clock = _StandingClock()
    with ExitStack() as stack:

        def replace(holder, name: str, value) -> None:
            stack.callback(setattr, holder, name, getattr(holder, name))
            setattr(holder, name, value)

        default_storage.exists("doctor")  # so that it is set up
        replace(default_storage, "_wrapped", _Overlay(default_storage._wrapped))
        stack.callback(logging.disable, logging.root.manager.disable)
        logging.disable(logging.CRITICAL)
        hosts = [*settings.ALLOWED_HOSTS, "testserver"]
        stack.enter_context(override_settings(ALLOWED_HOSTS=hosts, MAINTENANCE=False))
        # A release that is due meanwhile, or a minute that passes at an office, would look like
        # something that the secrets change.
        replace(timezone, "now", clock.now)
        replace(time, "time", lambda: clock.now().timestamp())
        replace(edition.watch, "_now", clock.now)
        replace(edition, "TRUSTED", 3600)  # seconds: it is forgotten whenever another begins
        # Keys that are made in here are taken away: this process must not go on with them.
        replace(readers.ring, "_keys", {})
        replace(readers.ring, "_swept", clock.now())  # and nobody's marks are
        stack.callback(edition.watch.forget)
        for alias in settings.CACHES:
            stack.callback(caches.__setitem__, alias, caches[alias])
            own = LocMemCache(f"leak check {alias}", {"OPTIONS": {"MAX_ENTRIES": 10**6}})
            stack.callback(own.clear)
            caches[alias] = own
        is_outermost = not connection.in_atomic_block
        stack.enter_context(transaction.atomic())
        if is_outermost and connection.vendor == "postgresql":
            # One snapshot for all answers; SQLite lets nobody else write anyway.
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        edition.watch.forget()
        yield clock
        transaction.set_rollback(True)
