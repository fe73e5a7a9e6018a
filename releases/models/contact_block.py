"""Whom journalists may call about a release: what was printed, and who answers today."""

from typing import NamedTuple

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from contacts.models import Mission, PressContact
from contacts.phones import dial_link
from contacts.text import LineField

from ..search import index
from .release import Release


class Card(NamedTuple):
    """Whom to call, as the page shows it."""

    name: str
    office: str
    phone: str
    email: str
    tel: str  # "tel:+964…", "" where the phone is not understood
    mission: Mission | None = None  # whose office it is, None where it is not known
    instead_of: str = ""  # who was printed, where somebody else answers now

    @property
    def newsroom_email(self) -> str:
        """Where to write when who was printed has left and nobody came after, else ""."""
        return settings.NEWSROOM_EMAIL if self.instead_of and not self.name else ""


class ReleaseContactQuerySet(models.QuerySet):
    """Rows that keep the index of the search in step, as `save` does with one."""

    def bulk_create(self, objs, *args, **kwargs):
        with transaction.atomic(using=self.db):
            made = super().bulk_create(objs, *args, **kwargs)
            index.put(row.release_id for row in made)
        return made

    def update(self, **values):
        if not index.INDEXED_OF_CONTACTS.intersection(values):
            return super().update(**values)
        with transaction.atomic(using=self.db):
            pks = set(self.order_by().values_list("release", flat=True))
            rows = list(self.order_by().values_list("pk", flat=True))
            updated = super().update(**values)
            moved = self.model.objects.filter(pk__in=rows).values_list("release", flat=True)
            index.put(pks.union(moved))
        return updated


class ReleaseContact(models.Model):
    """One row of a release's contact block: what was printed, and the directory's entry."""

    release = models.ForeignKey(Release, models.CASCADE, related_name="contacts")
    position = models.PositiveSmallIntegerField(_("place"), default=0)
    contact = models.ForeignKey(
        PressContact,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="printed_in",
        verbose_name=_("press contact"),
        help_text=_("Their entry in the directory; what is left empty here is taken from it."),
    )
    name = LineField(_("name"), max_length=150, blank=True)
    office = LineField(_("office"), max_length=150, blank=True)
    phone = LineField(_("phone"), max_length=100, blank=True)
    email = models.EmailField(_("email"), blank=True)

    objects = ReleaseContactQuerySet.as_manager()

    class Meta:
        verbose_name = _("contact of a release")
        verbose_name_plural = _("contact block")
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint("release", "position", name="one_place_per_row_of_a_block"),
            models.CheckConstraint(
                name="a_row_of_a_block_names_somebody",
                condition=~Q(name=""),
                violation_error_message=_("Say who is to be called."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args, **kwargs):
        with transaction.atomic():
            super().save(*args, **kwargs)
            index.put([self.release_id])

    def clean(self):
        """Print what the directory says, where a row of the block names nobody itself."""
        if self.contact and not self.name:
            for detail in ("name", "office", "phone", "email"):
                setattr(self, detail, getattr(self, detail) or getattr(self.contact, detail))

    @property
    def card(self) -> Card:
        """Who answers today: as printed, or who came after somebody that has left.

        Where nobody did, phone and email are empty and `newsroom_email` is the way.
        """
        today = timezone.localdate()
        mission = self.release.mission
        if not (self.contact and self.contact.has_left(today)):
            tel = dial_link(self.phone, mission.country_code if mission else "")
            mission = (self.contact and self.contact.mission) or mission
            return Card(self.name, self.office, self.phone, self.email, tel, mission)
        for entry in self.contact.successors():
            if not entry.has_left(today):
                return Card(
                    entry.name,
                    entry.office,
                    entry.phone,
                    entry.email,
                    entry.tel,
                    entry.mission,
                    self.name,
                )
        return Card("", self.office, "", "", "", instead_of=self.name)
