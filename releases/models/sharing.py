"""Links by which somebody without an account reads a release before its time, and their answers.

`releases.sharing` makes and reads them. Like versions they outlive a deleted release, so that it
comes back with the answers that it was given; that is why their keys are no constraint of the
database.
"""

from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from contacts.text import LineField, PlainTextField

from .record import Version, by_user, of_release
from .release import Release


class Purpose(models.TextChoices):
    READING = "reading", _("To read under embargo")
    APPROVAL = "approval", _("To approve one version")


class Answer(models.TextChoices):
    APPROVED = "approved", _("Approve")
    CHANGES_NEEDED = "changes_needed", _("Changes needed")


class ShareLink(models.Model):
    """One address for one outlet or person. Its token is told once and kept only as a hash."""

    release = of_release("share_links")
    purpose = models.CharField(_("purpose"), max_length=16, choices=Purpose)
    label = LineField(_("for"), max_length=100)  # the outlet or the person that gets it
    # SHA-256 of the token, in hexadecimal.
    digest = models.CharField(max_length=64, unique=True, editable=False)
    # None: until the release is posted, whenever that comes to be.
    expires_at = models.DateTimeField(_("expires"), null=True, blank=True)
    # What is read for approval; for a reading link None: it shows what is saved now.
    version = models.ForeignKey(
        Version,
        models.DO_NOTHING,
        null=True,
        blank=True,
        db_constraint=False,
        related_name="+",
        verbose_name=_("version"),
    )
    created_at = models.DateTimeField(_("made"), auto_now_add=True)
    created_by = by_user()
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)
    revoked_by = by_user()

    class Meta:
        verbose_name = _("share link")
        verbose_name_plural = _("share links")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="what_is_approved_is_one_version",
                condition=Q(purpose=Purpose.READING, version=None)
                | Q(purpose=Purpose.APPROVAL, version__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.label

    def ends_at(self, release: Release) -> datetime | None:
        """Until when it opens `release`, its own: None where that has no time either."""
        return self.expires_at or release.publish_at

    def is_alive(self, release: Release, at: datetime) -> bool:
        """Whether it opens `release`, its own, at `at` (aware), as long as that is not public."""
        ends_at = self.ends_at(release)
        return not (self.revoked_at or release.withdrawn_at) and bool(ends_at) and at < ends_at


class LinkOpening(models.Model):
    """That a link was opened, and when: neither by whom nor from where."""

    link = models.ForeignKey(ShareLink, models.CASCADE, related_name="openings")
    at = models.DateTimeField(_("when"))

    class Meta:
        verbose_name = _("opening")
        verbose_name_plural = _("openings")
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return str(self.at)


class Approval(models.Model):
    """What somebody answered about the version of their link; of several the last one counts."""

    link = models.ForeignKey(ShareLink, models.CASCADE, related_name="answers")
    answer = models.CharField(_("answer"), max_length=16, choices=Answer)
    comment = PlainTextField(_("comment"), blank=True)
    at = models.DateTimeField(_("when"))

    class Meta:
        verbose_name = _("answer")
        verbose_name_plural = _("answers")
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return self.get_answer_display()
