"""How often a release was read, and what is remembered of its readers for a while.

The numbers stand apart from the release, so that reading never touches what editors save. They
outlive a deleted release, so that it comes back with them; that is why their keys are no
constraint of the database. `releases.counting` writes them.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _

from .release import Release


class ViewCounter(models.Model):
    """The readings of one release in all; a release that nobody has read has none."""

    release = models.OneToOneField(
        Release,
        models.DO_NOTHING,
        db_constraint=False,
        primary_key=True,
        related_name="counter",
        verbose_name=_("release"),
    )
    total = models.PositiveBigIntegerField(_("views"), default=0)
    # What the old site had counted: the part of `total` that an import may set again.
    imported = models.PositiveBigIntegerField(_("imported views"), default=0)

    class Meta:
        verbose_name = _("view counter")
        verbose_name_plural = _("view counters")

    def __str__(self) -> str:
        return str(self.total)


class DailyViews(models.Model):
    """The readings of one release on one day, Seoul time, and what was left out of them."""

    release = models.ForeignKey(
        Release, models.DO_NOTHING, db_constraint=False, related_name="daily_views"
    )
    day = models.DateField(_("day"))
    count = models.PositiveIntegerField(_("views"), default=0)
    repeats = models.PositiveIntegerField(_("read again within 30 minutes"), default=0)
    robots = models.PositiveIntegerField(_("robots"), default=0)
    staff = models.PositiveIntegerField(_("staff"), default=0)
    # Addresses of which no more readings were taken for an hour.
    cut_off = models.PositiveIntegerField(_("addresses cut off"), default=0)

    class Meta:
        verbose_name = _("views of a day")
        verbose_name_plural = _("views by day")
        constraints = [
            models.UniqueConstraint(fields=["release", "day"], name="one_count_of_views_a_day"),
        ]
        indexes = [models.Index(fields=["day", "release"], name="views_of_a_day")]

    def __str__(self) -> str:
        return f"{self.day}: {self.count}"


class ReaderKey(models.Model):
    """The secret that the marks of one day's readers are made with; then it is forgotten."""

    day = models.DateField(primary_key=True)  # Seoul time
    key = models.BinaryField(max_length=32)

    def __str__(self) -> str:
        return str(self.day)


class RecentReader(models.Model):
    """That somebody read a release a short while ago. `releases.readers` makes the mark."""

    mark = models.BinaryField(primary_key=True, max_length=16)
    since = models.PositiveBigIntegerField()  # Unix time, seconds: when `count` began
    count = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"{self.since}: {self.count}"
