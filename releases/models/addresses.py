"""Addresses of the site before this one, and where each leads now.

They outlive a deleted release, so that it comes back with them; that is why the key of it is no
constraint of the database. `releases.old_addresses` writes and follows them.
"""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from contacts.models import Mission
from releases.hosts import HOST_LENGTH

from .release import Release

ADDRESS_LENGTH = 400  # characters; what is longer is not kept


class OldAddress(models.Model):
    """One address: of a release, of a picture or a file of one, of a mission, or of a page.

    `stored` names the bytes that the address had: a Picture's `image` or an Attachment's `file`,
    of `release` and perhaps of others that show the same.
    """

    # The host of the site that had it, as `hosts` writes it; "" where nobody knows.
    site = models.CharField(
        _("site"), max_length=HOST_LENGTH, blank=True, default="", db_default=""
    )
    # Path and query without host, as `old_addresses.plain_address` writes them.
    address = models.CharField(_("address"), max_length=ADDRESS_LENGTH)
    release = models.ForeignKey(
        Release,
        models.DO_NOTHING,
        db_constraint=False,
        null=True,
        blank=True,
        related_name="old_addresses",
        verbose_name=_("release"),
    )
    mission = models.ForeignKey(
        Mission,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("mission"),
    )
    path = models.CharField(_("leads to"), max_length=ADDRESS_LENGTH, blank=True, default="")
    stored = models.CharField(max_length=100, blank=True, default="")
    # Columns of the Picture or the Attachment that it became, to be used again by another.
    content = models.JSONField(default=dict, blank=True)

    class Meta:
        verbose_name = _("old address")
        verbose_name_plural = _("old addresses")
        ordering = ["pk"]
        indexes = [models.Index(fields=["site"], name="old_addresses_of_a_site")]
        constraints = [
            # In this order: readers mostly come with a path alone.
            models.UniqueConstraint(
                fields=["address", "site"], name="an_old_address_of_a_site_is_kept_once"
            ),
            models.CheckConstraint(
                name="an_old_address_leads_to_one_thing",
                condition=Q(release__isnull=False, mission=None, path="")
                | Q(release=None, mission__isnull=False, path="", stored="")
                | (Q(release=None, mission=None, stored="") & ~Q(path="")),
            ),
            models.CheckConstraint(
                name="an_old_address_leads_to_a_path_of_ours",
                condition=Q(path="") | (Q(path__startswith="/") & ~Q(path__startswith="//")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.site}{self.address}"
