"""Which releases: the questions that the newsroom asks, each in one place and by name."""

from calendar import monthrange
from collections.abc import Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING, Self

from django.db import models, transaction
from django.db.models import Case, F, Q, Value, When
from django.utils import timezone

from .fields import ExcerptField
from .search import index
from .search.finding import Search

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser

    from .models import Release
    from .queries import Place


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

    # A release or a `Place`: both say what tells where it stands in `newest_first`.

    def older_than(self, release: "Release | Place") -> Self:
        """What comes after `release` in `newest_first`."""
        return self._beside(release, "lt")

    def newer_than(self, release: "Release | Place") -> Self:
        """What comes before `release` in `newest_first`."""
        return self._beside(release, "gt")

    def _beside(self, release: "Release | Place", side: str) -> Self:
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
        """Those that hold all that `text` asks for, in whatever order they are.

        `releases.search.asking` says what can be asked; one query may be made at once. Text
        without a word in it finds nothing, no text at all finds everything.
        """
        return Search(text).within(self)

    # What changes many at once keeps the index of the search in step as `save` does.

    def bulk_create(self, objs, *args, **kwargs):
        with transaction.atomic(using=self.db):
            made = super().bulk_create(objs, *args, **kwargs)
            index.put(release.pk for release in made)
        return made

    def update(self, **values):
        if not index.INDEXED.intersection(values):
            return super().update(**values)
        with transaction.atomic(using=self.db):
            pks = list(self.order_by().values_list("pk", flat=True))
            updated = super().update(**values)
            self._excerpt(pks, values)
            index.put(pks)
        return updated

    def _excerpt(self, pks: list[int], changed: Iterable[str]) -> None:
        """Work out anew what lists say of the releases `pks`, of which columns were `changed`."""
        fields = [f for f in self.model._meta.fields if isinstance(f, ExcerptField)]
        if not any({field.summary, field.body}.intersection(changed) for field in fields):
            return
        for start in range(0, len(pks), index.BATCH):
            batch = self.model.objects.using(self.db).filter(
                pk__in=pks[start : start + index.BATCH]
            )
            releases = list(batch)
            for release in releases:
                for field in fields:
                    field.pre_save(release, add=False)
            self.bulk_update(releases, [field.name for field in fields])
