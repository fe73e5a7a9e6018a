"""Any listing as a table for a spreadsheet: CSV that Excel opens in Korean."""

import csv

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from .filters import ReleaseFilter
from .models import Release
from .queries import public_releases_with_contacts
from .spreadsheets import inert, started_csv

MOST_ROWS = 10_000  # releases; a narrower filter gives the rest
CHUNK = 500  # rows fetched at a time


@require_safe
def release_table(request: HttpRequest) -> HttpResponse:
    """The public releases that fit the query string as CSV, newest first."""
    releases = public_releases_with_contacts().newest_first()
    asked = ReleaseFilter.asked(request, releases)
    name = f"releases-{timezone.localdate():%Y-%m-%d}.csv"
    response = started_csv(name)
    header = [
        _("Release date"), _("Posted"), _("Headline"), _("Language"), _("Mission"), _("Summary"),
        _("Contacts"), _("Views"), _("Address"),
    ]  # fmt: skip
    table = csv.writer(response)
    table.writerow(header)
    for release in asked.qs[:MOST_ROWS].iterator(CHUNK):
        table.writerow(_row(release, request))
    return response


def _row(release: Release, request: HttpRequest) -> list[str | int]:
    contacts = (
        " ".join(
            filter(None, (card.name, card.office, card.phone, card.email or card.newsroom_email))
        )
        for card in (row.card for row in release.contact_block)
    )
    cells = [
        release.release_date.isoformat(),
        f"{release.posted_at:%Y-%m-%d %H:%M}",
        release.title,
        release.title.lang,
        release.mission or "",
        release.summary,
        "; ".join(contacts),
        release.views,
        request.build_absolute_uri(release.get_absolute_url()),
    ]
    return [cell if isinstance(cell, int) else inert(str(cell)) for cell in cells]
