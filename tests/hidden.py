"""Releases that no stranger may learn of, one for each way of not being public."""

from django.utils import timezone

from releases.models import Release

from .factories import DRAFT, IN_REVIEW, NINE, ReleaseFactory, tomorrow

SECRET = "비밀에부친제목"


def hidden_releases(**values) -> list[Release]:
    """A draft, one in review, a scheduled and a withdrawn one; SECRET is in each headline."""
    values = {"title_ko": SECRET, "release_date": NINE.date()} | values
    return [
        ReleaseFactory(**values | DRAFT),
        ReleaseFactory(**values | IN_REVIEW),
        ReleaseFactory(**values, publish_at=tomorrow()),
        ReleaseFactory(**values, withdrawn_at=timezone.now()),
    ]
