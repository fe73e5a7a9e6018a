"""What is asked of missions with their releases in mind; `contacts` knows of none."""

from django.db.models import Count, Q, QuerySet

from contacts.models import Mission

from .models import Release


def missions_with_public_releases() -> QuerySet[Mission]:
    """Missions that strangers can read of, by name; `public_releases` says how many."""
    public = Q(releases__in=Release.objects.public().values("pk"))
    return (
        Mission.objects.annotate(public_releases=Count("releases", filter=public))
        .filter(public_releases__gt=0)
        .by_name()
    )
