"""Who has the form of a release open. It tells; it never stops anybody and never saves."""

from datetime import timedelta

from django.contrib.auth.models import AbstractUser
from django.db.models import QuerySet
from django.utils import timezone

from .models import Presence, Release

# Browsers speak up every 15 s while the form is visible; whoever missed three turns is gone.
LASTS = timedelta(seconds=45)


def seen(release: Release, user: AbstractUser) -> None:
    """`user` has `release` open now; what has not been heard of for long is cleared away."""
    now = timezone.now()
    Presence.objects.filter(seen_at__lt=now - LASTS).delete()
    Presence.objects.update_or_create(
        release=release,
        user=user,
        defaults={"seen_at": now},
        create_defaults={"seen_at": now, "since": now},
    )


def gone(release: Release, user: AbstractUser) -> None:
    """`user` has closed `release`."""
    Presence.objects.filter(release=release, user=user).delete()


def others(release: Release, user: AbstractUser) -> QuerySet[Presence]:
    """Who but `user` has `release` open, longest first."""
    alive = Presence.objects.filter(release=release, seen_at__gte=timezone.now() - LASTS)
    return alive.exclude(user=user).select_related("user").order_by("since", "pk")
