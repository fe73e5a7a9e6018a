"""How often a release was read on each day."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from .release import Release


class DailyViews(models.Model):
    """The readings of one release on one day, Seoul time."""

    release = models.ForeignKey(Release, models.CASCADE, related_name="daily_views")
    day = models.DateField(_("day"))
    count = models.PositiveIntegerField(_("views"), default=0)

    class Meta:
        verbose_name = _("views of a day")
        verbose_name_plural = _("views by day")
        constraints = [
            models.UniqueConstraint("release", "day", name="one_count_of_views_a_day"),
        ]
        indexes = [models.Index(fields=["day", "release"], name="views_of_a_day")]

    def __str__(self) -> str:
        return f"{self.day}: {self.count}"
