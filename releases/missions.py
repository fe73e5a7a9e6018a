"""What is asked of missions with their releases in mind; `contacts` knows of none."""

from django.db.models import QuerySet

from contacts.models import Mission

from .census import census


def missions_with_public_releases() -> QuerySet[Mission]:
    """Missions that strangers can read of, by name; `census` knows how many releases each has."""
    return Mission.objects.filter(pk__in=list(census().by_mission)).by_name()
