"""What is asked of missions with their releases in mind; `contacts` knows of none."""

from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone

from contacts.models import Mission

from .census import census
from .kept import OnceAnEdition


def _missions() -> dict[int, Mission]:
    return Mission.objects.in_bulk()


missions = OnceAnEdition(_missions)  # all there are, by key


def missions_with_public_releases() -> QuerySet[Mission]:
    """Missions that strangers can read of, by name; `census` knows how many releases each has."""
    return Mission.objects.filter(pk__in=list(census().by_mission)).by_name()


def known_mission(slug: str) -> Mission:
    """The mission at `slug`; Http404 where strangers can read nothing of it, nor call anybody."""
    mission = get_object_or_404(Mission, slug=slug)
    if not is_known(mission):
        raise Http404("nothing public of that mission")
    return mission


def is_known(mission: Mission) -> bool:
    """Whether strangers can read something of `mission`, or call somebody there."""
    is_called = mission.press_contacts.current(timezone.localdate()).exists
    return bool(census().by_mission[mission.pk]) or is_called()
