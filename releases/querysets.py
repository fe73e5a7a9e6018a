"""Which releases: the questions that the newsroom asks, each in one place and by name."""

import html
import re
from calendar import monthrange
from collections.abc import Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.utils import timezone

from contacts.bilingual import LANGUAGES
from contacts.text import clean_line

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser

    from .models import Release

SEARCHED = [f"{field}_{lang}" for field in ("title", "mission__name") for lang in LANGUAGES]
SEARCHED_HTML = [f"{field}_{lang}" for field in ("summary", "body") for lang in LANGUAGES]
# What may stand before a word in HTML, for the word to be text: the end of a tag, then letters
# and whole character references. Each database reads it alike, in time linear in the body.
IN_TEXT = "(?:^|>)(?:[^<>&]|&[a-z]+;)*?"


def is_public(at: datetime | None = None) -> Q:
    """The condition that `public` asks, for questions that ask more than that."""
    return Q(
        approved_at__isnull=False,
        publish_at__lte=at or timezone.now(),
        withdrawn_at=None,
    )


class ReleaseQuerySet(models.QuerySet):
    """Each question of time takes `at`, an aware datetime; the default is now."""

    def public(self, at: datetime | None = None) -> Self:
        """What a stranger may read at `at`. Every public path asks this and nothing else."""
        return self.filter(is_public(at))

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

    def on_the_desk_of(self, user: "AbstractUser") -> Self:
        """What `user` may see at the desk: their own and the public ones, or all."""
        if user.has_perm("releases.see_every_release"):
            return self
        seen = is_public()
        if user.pk is not None:  # Q(author=None) would ask for what has lost its author
            seen |= Q(author=user.pk)
        return self.filter(seen)

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

    def gone(self) -> Self:
        """Withdrawn after strangers could read it: its address says so instead of being lost."""
        return self.filter(approved_at__isnull=False, publish_at__lte=F("withdrawn_at"))

    def existing_in(self, language: str) -> Self:
        """Those with a headline or a text in `language`, "ko" or "en"."""
        return self.filter(**{f"exists_in_{language}": True})

    def older_than(self, release: "Release") -> Self:
        """What comes after `release` in `newest_first`."""
        return self._beside(release, "lt")

    def newer_than(self, release: "Release") -> Self:
        """What comes before `release` in `newest_first`."""
        return self._beside(release, "gt")

    def _beside(self, release: "Release", side: str) -> Self:
        """Those whose place in `newest_first` is `side` ("lt" or "gt") of that of `release`."""
        moment = {"publish_at": release.publish_at}
        day = moment | {"release_date": release.release_date}
        beside = (
            Q(**{f"publish_at__{side}": release.publish_at})
            | Q(**moment, **{f"release_date__{side}": release.release_date})
            | Q(**day, **{f"pk__{side}": release.pk})
        )
        # The first says nothing new: it is where an index is to begin.
        return self.filter(Q(**{f"publish_at__{side}e": release.publish_at}), beside)

    def of_month(self, month: int, years: Iterable[int]) -> Self:
        """Those whose release date is in `month`, 1 to 12, of one of `years`."""
        spans = Q(pk__in=[])
        for year in years:
            first, last = date(year, month, 1), date(year, month, monthrange(year, month)[1])
            spans |= Q(release_date__range=(first, last))
        return self.filter(spans)

    def newest_first(self) -> Self:
        """A total order: releases of the same moment never swap between pages."""
        return self.order_by("-publish_at", "-release_date", "-pk")

    def search(self, text: str) -> Self:
        """Those that hold every word of `text` in either language; mark-up is no text."""
        found = self
        for word in dict.fromkeys(clean_line(text).split()):
            holds = Q()
            for field in SEARCHED:
                holds |= Q(**{f"{field}__icontains": word})
            # Texts are stored as HTML, where R&D is written R&amp;D.
            stored = html.escape(word, quote=False)
            pattern = IN_TEXT + re.escape(stored)
            for field in SEARCHED_HTML:
                # The first is quick and leaves little for the second to look through.
                holds |= Q(**{f"{field}__icontains": stored}) & Q(**{f"{field}__iregex": pattern})
            found = found.filter(holds)
        return found
