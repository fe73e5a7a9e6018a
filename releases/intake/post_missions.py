"""Which mission a post of another system belongs to: by its place, its categories or its tags."""

from collections import Counter
from collections.abc import Iterable, Mapping

from django.utils.translation import gettext as _

from contacts.bilingual import language_of
from contacts.models import Mission
from contacts.names import same_name
from releases.prose import lines

from .incoming import Remark
from .offices import found_mission, mission_of
from .posts import IncomingPost


class UnknownMission(Exception):
    """No mission has that address."""


def terms_of(mapping: Mapping[str, str]) -> dict[str, Mission | None]:
    """What a `Mover` is told of terms, by the slugs of missions. Raises UnknownMission."""
    by_slug = Mission.objects.in_bulk(list(filter(None, mapping.values())), field_name="slug")
    if unknown := [slug for slug in mapping.values() if slug and slug not in by_slug]:
        raise UnknownMission(unknown[0])
    return {same_name(term): by_slug.get(slug) for term, slug in mapping.items()}


class Missions:
    """The missions of posts. `terms`: those that categories and tags stand for, None for those
    that stand for none, by `same_name`; all others go by the names of missions. `is_founding`: a
    place that no mission goes by founds one.
    """

    def __init__(self, terms: Mapping[str, Mission | None], is_founding: bool):
        self.terms, self.is_founding = dict(terms), is_founding
        # Names of categories and tags without a mission, and how many posts had each.
        self.unknown_terms: Counter[str] = Counter()
        self._places: dict[str, Mission | None] = {}

    def of_post(self, incoming: IncomingPost, remarks: list[Remark]) -> tuple[Mission | None, str]:
        """The mission of the place, else of a category or a tag; and the place to be printed."""
        lang = language_of(lines(incoming.body))
        mission = self._of_place(incoming.place)
        is_wanted = mission is None and incoming.place and self.is_founding
        if is_wanted and (mission := found_mission(incoming.place)):
            # Nothing of it is remembered: should the post be undone, so is its mission.
            self._places.clear()
            told = _("the mission “%(mission)s” is new; look it over.") % {"mission": mission}
            remarks.append(Remark(incoming.line, told))
        if mission is None:
            mission = self._of_terms(incoming.terms)
        if incoming.place and mission is None:
            told = _(
                "no mission goes by “%(place)s”; the place stays in the text. "
                "--create-missions would found one."
            )
            remarks.append(Remark(incoming.line, told % {"place": incoming.place}))
            return None, ""
        if mission is None:
            return None, ""
        printed = getattr(mission, f"name_{lang}") or str(mission)
        return mission, "" if printed == incoming.place else incoming.place

    def _of_place(self, place: str) -> Mission | None:
        if not place:
            return None
        if place not in self._places:
            self._places[place] = mission_of(place)
        return self._places[place]

    def _of_terms(self, terms: Iterable[str]) -> Mission | None:
        """The first mission that one of `terms` stands for."""
        found = None
        for term in terms:
            mission, is_known = self.of_term(term)
            if not is_known:
                self.unknown_terms[term] += 1
            found = found or mission
        return found

    def of_term(self, term: str) -> tuple[Mission | None, bool]:
        """The mission that a category or a tag stands for, and whether that is known."""
        if same_name(term) in self.terms:
            return self.terms[same_name(term)], True
        mission = self._of_place(term)
        return mission, mission is not None
