"""What is moved in from elsewhere by way of the desk, and how far that has come.

`releases.moving_in` does the work, in a process of its own.
"""

from datetime import datetime, timedelta
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from contacts.text import LineField

from .record import by_user

# Who works on a move says so every few seconds; from whom nothing was heard for so long is gone.
SILENCE = timedelta(seconds=30)


class Task(models.TextChoices):
    LOOK = "look", _("Look over")  # a dry run
    MOVE = "move", _("Move in")


class Stage(models.TextChoices):
    """Where a move stands; see `Move.stage`."""

    WAITING = "waiting", _("waiting")
    WORKING = "working", _("at work")
    INTERRUPTED = "interrupted", _("interrupted")
    LOOKED = "looked", _("looked over")
    MOVED = "moved", _("moved in")
    STOPPED = "stopped", _("stopped")
    FAILED = "failed", _("failed")


class MoveQuerySet(models.QuerySet):
    def unfinished(self) -> Self:
        """Those that somebody has asked for and nobody has ended, as they are to be done."""
        return self.filter(ended_at=None).order_by("asked_at", "pk")


class Move(models.Model):
    """One file (or folder) of another system, and what was last asked to be done with it."""

    name = LineField(_("file"), max_length=255)
    # Below settings.MOVING_DIR, where its owner has put it; "": it was sent to the desk.
    place = models.CharField(max_length=255, blank=True)
    made_at = models.DateTimeField(_("made"), auto_now_add=True)
    made_by = by_user()
    # What it says of itself, as `moving_in.sources.Contents` has it; {} before it was looked at.
    contents = models.JSONField(default=dict)
    # What is wanted, as `moving_in.choices.Choices` has it; and of the last look that came to its
    # end, None before there is one.
    choices = models.JSONField(default=dict)
    looked_with = models.JSONField(null=True)

    task = models.CharField(_("task"), max_length=8, choices=Task, default=Task.LOOK)
    language = models.CharField(max_length=8, default="ko")  # of what is said of its items
    asked_at = models.DateTimeField(_("asked"))
    begun_at = models.DateTimeField(_("begun"), null=True)  # by whoever works on it now
    ended_at = models.DateTimeField(_("ended"), null=True)
    stop_at = models.DateTimeField(null=True)  # when somebody asked to stop it
    fault = models.TextField(blank=True)  # why it failed

    done = models.PositiveIntegerField(default=0)  # items, since it was begun
    total = models.PositiveIntegerField(default=0)
    counts = models.JSONField(default=dict)  # outcome -> items
    worker = models.CharField(max_length=32, blank=True)  # who works on it, a random word
    heard_at = models.DateTimeField(null=True)  # from the worker

    objects = MoveQuerySet.as_manager()

    class Meta:
        verbose_name = _("move")
        verbose_name_plural = _("moving in")
        ordering = ["-made_at", "-pk"]
        default_permissions = ()
        permissions = [("move_in", _("Can move releases in from another system"))]
        constraints = [
            models.CheckConstraint(
                name="only_what_has_ended_has_failed", condition=Q(fault="") | ~Q(ended_at=None)
            ),
            models.CheckConstraint(
                name="who_works_on_a_move_is_heard_of",
                condition=Q(worker="") | Q(heard_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def stage(self) -> Stage:
        if self.ended_at:
            if self.fault:
                return Stage.FAILED
            if self.stop_at:
                return Stage.STOPPED
            return Stage.LOOKED if self.task == Task.LOOK else Stage.MOVED
        if not self.heard_at:
            return Stage.WAITING
        return Stage.WORKING if self.is_heard_of(timezone.now()) else Stage.INTERRUPTED

    @property
    def may_start(self) -> bool:
        """Whether it may move in: what is wanted now was looked over, and nothing is going on."""
        is_known = self.looked_with is not None and self.looked_with == self.choices
        return bool(self.ended_at) and is_known

    def is_heard_of(self, at: datetime) -> bool:
        return bool(self.heard_at) and self.heard_at > at - SILENCE

    @property
    def percent(self) -> int:
        return min(100, 100 * self.done // self.total) if self.total else 0

    def time_left(self, at: datetime) -> timedelta | None:
        """How long it will still take at its pace so far; None where that can't be told yet."""
        if not (self.begun_at and self.done and self.total):
            return None
        return (at - self.begun_at) / self.done * max(0, self.total - self.done)
