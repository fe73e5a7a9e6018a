from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Record(models.Model):
    """What happened at the door, or to somebody's rights. `accounts.journal` writes it."""

    class Kind(models.TextChoices):
        SIGNED_IN = "signed in", _("signed in")
        REFUSED = "refused", _("sign-in refused")
        STOPPED = "stopped", _("stopped after too many tries")
        CODE_REFUSED = "code refused", _("code refused")
        CODE_STOPPED = "code stopped", _("codes stopped after too many tries")
        SIGNED_OUT = "signed out", _("signed out")
        SESSIONS_ENDED = "sessions ended", _("signed out elsewhere")
        FACTOR_SET_UP = "factor set up", _("second factor set up")
        FACTOR_DROPPED = "factor dropped", _("second factor taken away")
        CODES_RENEWED = "codes renewed", _("recovery codes made anew")
        CODE_USED = "code used", _("recovery code used")
        PASSWORD = "password", _("password changed")
        PASSWORD_REFUSED = "password refused", _("old password refused")
        PASSWORD_STOPPED = "password stopped", _("old passwords stopped after too many tries")
        MADE = "made", _("account made")
        CHANGED = "changed", _("account changed")
        DELETED = "deleted", _("account deleted")
        RIGHTS = "rights", _("rights changed")
        GROUP_MADE = "group made", _("group made")
        GROUP_CHANGED = "group changed", _("group changed")
        GROUP_DELETED = "group deleted", _("group deleted")

    at = models.DateTimeField(_("time"), default=timezone.now, db_index=True)
    kind = models.CharField(_("what happened"), max_length=20, choices=Kind)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("who did it"),
    )
    # As it was called then: the account may be renamed or deleted.
    by_name = models.CharField(_("who did it"), max_length=150, blank=True)
    about = models.CharField(pgettext_lazy("account or group", "about"), max_length=150, blank=True)
    details = models.JSONField(_("details"), default=list)
    # How often, where the same happened again within an hour.
    count = models.PositiveIntegerField(_("times"), default=1)

    class Meta:
        verbose_name = _("record of the door")
        verbose_name_plural = _("who signed in, and who changed rights")
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.kind} {self.by_name}"


class RecoveryCode(models.Model):
    """A code on paper that opens once when the phone is lost. It is kept as its SHA-256."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="recovery_codes"
    )
    digest = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "digest"], name="a_recovery_code_is_there_once")
        ]

    def __str__(self) -> str:
        return f"recovery code of {self.user_id}"
