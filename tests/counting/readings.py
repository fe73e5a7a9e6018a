"""Readers to count, and how a browser tells that it shows a page."""

import itertools
from datetime import datetime

from django.http import HttpResponse
from django.test import Client

from releases import counting
from releases.counting import Outcome
from releases.models import DailyViews, Release
from releases.readers import Reader

PHONE = (
    "Mozilla/5.0 (Linux; Android 14; SM-S918N) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/130.0.0.0 Mobile Safari/537.36"
)
FROM_HERE = {"Sec-Fetch-Site": "same-origin", "User-Agent": PHONE}

_number = itertools.count(1)


def someone(**values) -> Reader:
    """A reader who was not here before."""
    n = next(_number)
    return Reader(**{"address": f"198.51.{n // 250}.{n % 250}", "agent": PHONE} | values)


def read(release: Release, reader: Reader | None = None, at: datetime | None = None) -> Outcome:
    """What becomes of `reader` reading `release`."""
    return counting.record(release.pk, reader or someone(), at).outcome


def tell(client: Client, release: Release | int, address="198.51.100.1", **headers) -> HttpResponse:
    """Tell of a reading as the script of a page does; a header that is None is not sent."""
    pk = getattr(release, "pk", release)
    return client.post(
        f"/releases/{pk}/views/",
        "",
        content_type="text/plain",
        REMOTE_ADDR=address,
        headers=_sent(headers),
    )


def fetch(client: Client, release: Release | int, address="198.51.100.1", **headers):
    """Fetch the picture that tells of a reading where there are no scripts."""
    pk = getattr(release, "pk", release)
    return client.get(f"/releases/{pk}/views.gif", REMOTE_ADDR=address, headers=_sent(headers))


def _sent(headers: dict[str, str | None]) -> dict[str, str]:
    named = FROM_HERE | {name.replace("_", "-"): value for name, value in headers.items()}
    return {name: value for name, value in named.items() if value is not None}


def views_of(release: Release) -> int:
    return Release.objects.get(pk=release.pk).views


def days_of(release: Release) -> dict[str, int]:
    """Each day on which the release was read, as written, with how often."""
    days = DailyViews.objects.filter(release=release.pk, count__gt=0).order_by("day")
    return {f"{day:%Y-%m-%d}": count for day, count in days.values_list("day", "count")}


def left_out(release: Release) -> dict[str, int]:
    """What was left out on all days, by column of DailyViews; only what there was."""
    columns = ["repeats", "robots", "staff", "cut_off"]
    days = DailyViews.objects.filter(release=release.pk).values(*columns)
    sums = {column: sum(day[column] for day in days) for column in columns}
    return {column: number for column, number in sums.items() if number}
