"""Who speaks: the agency's missions, and the people and desks that journalists may call."""

import itertools
import zoneinfo
from collections.abc import Iterator
from datetime import date
from typing import Self

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models, transaction
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce, NullIf
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from .addresses import address_of
from .bilingual import Bilingual, reading_order
from .names import same_name
from .phones import dial_link
from .text import LineField, PlainTextField


def validate_time_zone(value: str) -> None:
    """Raise ValidationError unless `value` is a zone of the IANA database."""
    try:
        zoneinfo.ZoneInfo(value)
    except (ValueError, OSError, zoneinfo.ZoneInfoNotFoundError) as error:
        raise ValidationError(
            _("“%(zone)s” is no time zone. Write it as Asia/Seoul."),
            params={"zone": value},
        ) from error


def shown(name: str) -> Coalesce:
    """What `Bilingual(name)` shows this reader, for a query to sort by."""
    first, second = (F(f"{name}_{lang}") for lang in reading_order())
    return Coalesce(NullIf(first, Value("")), second)


class MissionQuerySet(models.QuerySet):
    def by_name(self) -> Self:
        """In the alphabet of the names that the reader sees; a total order."""
        return self.order_by(shown("name"), "pk")

    def named(self, name: str) -> "Mission | None":
        """The mission that `name` stands for in either language or as an alias, or None."""
        wanted = same_name(name)
        return next((m for m in self if wanted in map(same_name, m.names)), None)


class Mission(models.Model):
    """A country mission of the agency, or a global one without a country."""

    name_ko = LineField(_("name in Korean"), max_length=100, blank=True)
    name_en = LineField(_("name in English"), max_length=100, blank=True)
    slug = models.SlugField(
        _("address"), max_length=100, unique=True, help_text=_("In Latin letters: iraq")
    )
    aliases = PlainTextField(
        _("other names"),
        blank=True,
        help_text=_("Other spellings that releases use for it, one a line: México"),
    )
    country_code = models.CharField(
        _("country code"),
        max_length=2,
        blank=True,
        validators=[RegexValidator(r"^[A-Z]{2}\Z", _("Two capital letters, as KR."))],
        help_text=_("Two letters of ISO 3166-1, as KR; empty for a global mission."),
    )
    time_zone = models.CharField(
        _("time zone"),
        max_length=64,
        default="Asia/Seoul",
        validators=[validate_time_zone],
        help_text=_("Where the office is: Asia/Baghdad"),
    )

    name = Bilingual("name")

    objects = MissionQuerySet.as_manager()

    class Meta:
        verbose_name = _("mission")
        verbose_name_plural = _("missions")
        constraints = [
            models.CheckConstraint(
                name="a_mission_has_a_name",
                condition=~Q(name_ko="") | ~Q(name_en=""),
                violation_error_message=_("Give the mission a name in Korean or in English."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.name)

    def get_absolute_url(self) -> str:
        return address_of("releases:mission", self.slug)

    @property
    def names(self) -> list[str]:
        """Each name that the mission goes by, aliases last."""
        return [n for n in (self.name_ko, self.name_en, *self.aliases.splitlines()) if n.strip()]

    @classmethod
    def free_slug(cls, name: str) -> str:
        """An address made of `name` that no mission has yet."""
        stem = slugify(name)[:90] or "mission"
        taken = set(cls.objects.filter(slug__startswith=stem).values_list("slug", flat=True))
        numbered = (f"{stem}-{n}" for n in itertools.count(2))
        return next(slug for slug in itertools.chain([stem], numbered) if slug not in taken)


class PressContactQuerySet(models.QuerySet):
    def current(self, on: date) -> Self:
        """Those at their desk on the day `on`, with their mission, by name."""
        return (
            self.filter(Q(left_on=None) | Q(left_on__gte=on))
            .select_related("mission")
            .order_by("name", "pk")
        )


class PressContact(models.Model):
    """A person or desk at an office that journalists may call: the directory's entry."""

    name = LineField(_("name"), max_length=150, help_text=_("A person or a desk."))
    office = LineField(_("office"), max_length=150, blank=True, help_text=_("IOM Erbil"))
    mission = models.ForeignKey(
        Mission,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="press_contacts",
        verbose_name=_("mission"),
    )
    phone = LineField(
        _("phone"), max_length=100, blank=True, help_text=_("As it is to be printed.")
    )
    email = models.EmailField(_("email"), blank=True)
    left_on = models.DateField(
        _("left on"), null=True, blank=True, help_text=_("The last day at this desk.")
    )
    successor = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="predecessors",
        verbose_name=_("successor"),
        help_text=_("Who answers for them now."),
    )

    objects = PressContactQuerySet.as_manager()

    class Meta:
        verbose_name = _("press contact")
        verbose_name_plural = _("press contacts")
        ordering = ["name", "pk"]
        constraints = [
            models.CheckConstraint(
                name="nobody_succeeds_themselves",
                condition=Q(successor=None) | ~Q(successor=F("id")),
                violation_error_message=_("Somebody else must succeed this person."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.office})" if self.office else self.name

    def validate_constraints(self, exclude=None):
        # A form does not show the id, and may still name somebody their own successor.
        super().validate_constraints(set(exclude or ()) - {"id"})

    @transaction.atomic
    def hand_over(self, last_day: date, successor: "PressContact | None") -> None:
        """Let `successor` answer from the day after `last_day`, or the newsroom if it is None.

        Whoever was succeeded by this person is followed on to `successor`: see `successors`.
        """
        entry = PressContact.objects.select_for_update().get(pk=self.pk)
        entry.left_on, entry.successor = last_day, successor
        entry.full_clean(exclude=["name", "office", "mission", "phone", "email"])
        entry.save(update_fields=["left_on", "successor"])
        self.left_on, self.successor = last_day, successor

    def has_left(self, on: date) -> bool:
        """Whether `on` is after their last day at this desk."""
        return self.left_on is not None and self.left_on < on

    @property
    def tel(self) -> str:
        """`tel:` address of the phone, "" where it is not understood."""
        return dial_link(self.phone, self.mission.country_code if self.mission else "")

    def successors(self) -> Iterator["PressContact"]:
        """Yield who came after, and after them, each once; one query a step unless fetched."""
        seen, entry = {self.pk}, self.successor
        while entry and entry.pk not in seen:
            yield entry
            seen.add(entry.pk)
            entry = entry.successor
