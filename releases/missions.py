"""What is asked of missions with their releases in mind; `contacts` knows of none."""

from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone

from contacts.models import Mission

from .census import census


def missions_with_public_releases() -> QuerySet[Mission]:
    """Missions that strangers can read of, by name; `census` knows how many releases each has."""
    return Mission.objects.filter(pk__in=list(census().by_mission)).by_name()


def known_mission(slug: str) -> Mission:
    """The mission at `slug`; Http404 where strangers can read nothing of it, nor call anybody."""
    mission = get_object_or_404(Mission, slug=slug)
    is_called = mission.press_contacts.current(timezone.localdate()).exists
    if not census().by_mission[mission.pk] and not is_called():
        raise Http404("nothing public of that mission")
    return mission
