"""Which releases: the questions that the newsroom asks, each in one place and by name."""

import unicodedata
from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Case, Q, Value, When
from django.utils import timezone

SEARCHED = [
    f"{field}_{lang}"
    for field in ("title", "summary", "body", "mission__name")
    for lang in ("ko", "en")
]


class ReleaseQuerySet(models.QuerySet):
    """Each question of time takes `at`, an aware datetime; the default is now."""

    def public(self, at: datetime | None = None) -> Self:
        """What a stranger may read at `at`. Every public path asks this and nothing else."""
        return self.filter(
            approved_at__isnull=False,
            publish_at__lte=at or timezone.now(),
            withdrawn_at=None,
        )

    def scheduled(self, at: datetime | None = None) -> Self:
        """Approved for a time after `at`."""
        return self.filter(
            approved_at__isnull=False,
            publish_at__gt=at or timezone.now(),
            withdrawn_at=None,
        )

    def withdrawn(self) -> Self:
        """Taken back after approval."""
        return self.filter(withdrawn_at__isnull=False)

    def in_review(self) -> Self:
        """Submitted, and waiting for somebody to approve it."""
        return self.filter(submitted_at__isnull=False, approved_at=None)

    def drafts(self) -> Self:
        """Still being written."""
        return self.filter(submitted_at=None, approved_at=None)

    def with_state(self, at: datetime | None = None) -> Self:
        """Add `state_order`: where each stands, as a number that a list can be sorted by."""
        at = at or timezone.now()
        return self.annotate(
            state_order=Case(
                When(withdrawn_at__isnull=False, then=Value(5)),
                When(Q(approved_at__isnull=False, publish_at__gt=at), then=Value(3)),
                When(approved_at__isnull=False, then=Value(4)),
                When(submitted_at__isnull=False, then=Value(2)),
                default=Value(1),
                output_field=models.SmallIntegerField(),
            )
        )

    def newest_first(self) -> Self:
        """A total order: releases of the same moment never swap between pages."""
        return self.order_by("-publish_at", "-release_date", "-pk")

    def search(self, text: str) -> Self:
        """Those that hold every word of `text` in either language."""
        found = self
        for word in unicodedata.normalize("NFC", text).split():
            holds = Q()
            for field in SEARCHED:
                holds |= Q(**{f"{field}__icontains": word})
            found = found.filter(holds)
        return found
