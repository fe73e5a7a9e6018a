"""How dates are written on a page, in a feed and in plain text."""

from datetime import datetime

from django.utils import timezone, translation
from django.utils.formats import date_format


def posted_date(moment: datetime) -> str:
    """The day of `moment` in Seoul as the old site wrote it: "Tue, Sep-09-2014"."""
    with translation.override("en"):
        return date_format(timezone.localtime(moment), "D, M-d-Y")
