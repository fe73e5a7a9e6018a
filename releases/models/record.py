"""What the desk remembers of a release: its versions, its steps, and who has it open.

Versions and steps outlive a deleted release, so that it can be brought back with its history;
that is why their keys are no constraint of the database.
"""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .release import Release

# Steps that say something about a release and move it nowhere.
REMARKS = ("comment", "move_in", "share", "end_sharing", "approve", "ask_for_changes")


def of_release(related_name: str) -> models.ForeignKey:
    return models.ForeignKey(
        Release,
        models.DO_NOTHING,
        db_constraint=False,
        related_name=related_name,
        verbose_name=_("release"),
    )


def by_user() -> models.ForeignKey:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("by"),
    )


class Version(models.Model):
    """What a release said after one save. `versions.py` writes and reads `content`."""

    release = of_release("versions")
    number = models.PositiveIntegerField(_("version"))
    saved_at = models.DateTimeField(_("saved"), auto_now_add=True)
    saved_by = by_user()
    content = models.JSONField(_("content"))
    # Which of those that the public could read this is, from 1, and since when it could;
    # None of what was never public. `versions.keep` sets both.
    public_number = models.PositiveIntegerField(_("public version"), null=True, blank=True)
    public_at = models.DateTimeField(_("public since"), null=True, blank=True)
    hidden_at = models.DateTimeField(_("hidden"), null=True, blank=True)

    class Meta:
        verbose_name = _("version")
        verbose_name_plural = _("versions")
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint("release", "number", name="one_number_per_version"),
            models.UniqueConstraint(
                "release", "public_number", name="one_number_per_public_version"
            ),
            models.CheckConstraint(
                name="a_public_version_says_since_when",
                condition=Q(public_number=None, public_at=None)
                | Q(public_number__isnull=False, public_at__isnull=False),
            ),
            models.CheckConstraint(
                name="only_public_versions_are_hidden",
                condition=Q(hidden_at=None) | Q(public_number__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return str(self.number)


class StepQuerySet(models.QuerySet):
    def moves(self) -> Self:
        """Those that moved their release on."""
        return self.exclude(verb__in=REMARKS)


class Step(models.Model):
    """Who did what with a release, and when; a comment of a colleague is a step as well."""

    release = of_release("steps")
    verb = models.CharField(_("step"), max_length=32)
    at = models.DateTimeField(_("when"))
    by = by_user()
    text = models.TextField(_("comment"), blank=True)
    version = models.PositiveIntegerField(_("version"), null=True, blank=True)
    # The times of the release as they stood before, for a step that can be undone.
    before = models.JSONField(default=dict, blank=True)

    objects = StepQuerySet.as_manager()

    class Meta:
        verbose_name = _("step")
        verbose_name_plural = _("steps")
        ordering = ["at", "pk"]
        indexes = [models.Index(fields=["release", "at"], name="steps_of_a_release")]

    def __str__(self) -> str:
        return self.verb


class Presence(models.Model):
    """Somebody has had the form of a release open since `since`, as their browser last said
    at `seen_at`."""

    release = models.ForeignKey(Release, models.CASCADE, related_name="presences")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    since = models.DateTimeField(_("since"))
    seen_at = models.DateTimeField(_("seen"))

    class Meta:
        verbose_name = _("presence")
        verbose_name_plural = _("presences")
        constraints = [
            models.UniqueConstraint("release", "user", name="one_presence_per_user"),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.seen_at}"
