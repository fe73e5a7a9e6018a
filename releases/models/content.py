"""What tells one state of the public newsroom from the next."""

import secrets

from django.db import models
from django.utils.translation import gettext_lazy as _


def _new_mark() -> int:
    # 40 bits: so a thousand of them add up within what a database counts in.
    return secrets.randbits(40)


class Change(models.Model):
    """A mark of one edit that may show to readers; `releases.edition` writes and reads them.

    The marks that are there, added up, are the content version. One row with a number would
    hold up every editor until the longest transaction is over: an import of thousands, say.
    """

    mark = models.BigIntegerField(_("mark"), default=_new_mark, editable=False)

    class Meta:
        verbose_name = _("change")
        verbose_name_plural = _("changes")

    def __str__(self) -> str:
        return f"{self.mark:x}"
