"""What was changed in a release after it was posted, as the public is told."""

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from contacts.bilingual import Bilingual
from contacts.text import PlainTextField

from .record import Version, by_user
from .release import Release


class Correction(models.Model):
    """A dated public note; `before` and `after` are the versions that it lies between."""

    release = models.ForeignKey(
        Release, models.CASCADE, related_name="corrections", verbose_name=_("release")
    )
    number = models.PositiveSmallIntegerField(_("number"))
    at = models.DateTimeField(_("when"))
    by = by_user()
    note_ko = PlainTextField(_("note in Korean"), blank=True)
    note_en = PlainTextField(_("note in English"), blank=True)
    before = models.ForeignKey(Version, models.PROTECT, related_name="+")
    after = models.ForeignKey(Version, models.PROTECT, related_name="+")

    note = Bilingual("note")

    class Meta:
        verbose_name = _("correction")
        verbose_name_plural = _("corrections")
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint("release", "number", name="one_number_per_correction"),
            models.CheckConstraint(
                name="a_correction_says_what",
                condition=~Q(note_ko="") | ~Q(note_en=""),
                violation_error_message=_("Say what was corrected."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.release}: {self.note}"

    def get_absolute_url(self, language: str | None = None) -> str:
        """Where the difference stands, in `language` ("ko" or "en"; default the reader's)."""
        with translation.override(language or translation.get_language()):
            return reverse("releases:correction", args=[self.release_id, self.number])

    @property
    def made_at(self):
        """When the public could first read it, in Seoul time, to the second."""
        return timezone.localtime(self.at).replace(microsecond=0)
