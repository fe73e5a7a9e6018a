"""What somebody may be about to type: missions and headlines that strangers may read of."""

import re
from typing import NamedTuple

from django.db import connections
from django.db.models import Exists, OuterRef, QuerySet

from contacts.bilingual import Text, reading_order
from contacts.models import Mission
from contacts.text import clean_line
from releases.models import Release

from . import asking
from .finding import Search, held
from .hangul import asked_initials, distance, initials, letters
from .marks import Marker
from .words import HEADLINE, normalised

MOST_MISSIONS = 4
MOST_HEADLINES = 6
MOST_SIMILAR = 3
LONGEST = 60  # characters of what is typed; nobody is helped to finish more

# A consonant at the end that has no vowel yet.
_HALF = re.compile("[\u1100-\u11ff]+$")


class Suggestion(NamedTuple):
    kind: str  # "mission" or "headline"
    text: Text
    address: str


def suggest(text: str) -> list[Suggestion]:
    """What `text` may become, missions first; nothing where it says too little or too much."""
    text = clean_line(text)
    if not text or len(text) > LONGEST:
        return []
    missions = [
        Suggestion("mission", mission.name, mission.get_absolute_url())
        for mission in _missions_begun(text)[:MOST_MISSIONS]
    ]
    return missions + [
        Suggestion("headline", title, release.get_absolute_url())
        for release, title in _headlines(text)
    ]


def public_missions() -> QuerySet[Mission]:
    """Missions that strangers can read of, by name."""
    public = Release.objects.public().filter(mission=OuterRef("pk"))
    return Mission.objects.filter(Exists(public)).by_name()


def _missions_begun(text: str) -> list[Mission]:
    """Missions one of whose names, or a word of it, begins as `text` does."""
    begun, only_initials = letters(text), asked_initials(text)
    return [
        mission
        for mission in public_missions()
        if any(
            (only_initials and initials(name).startswith(only_initials))
            or f" {letters(name)}".find(f" {begun}") >= 0
            for name in mission.names
        )
    ]


def _headlines(text: str) -> list[tuple[Release, Text]]:
    # The last syllable may be half typed: first as it is, then without it.
    whole = normalised(text)
    for typed in dict.fromkeys([_HALF.sub("", whole), whole[:-1].rstrip()]):
        search = Search(typed)
        if not search.asked.terms:
            continue
        # A single syllable is rather the beginning of a word than one.
        last = search.asked.terms[-1]
        search.is_doubtful = last.can_be_doubtful and len(last.text) == 1
        expression = asking.all_of(
            term.expression(HEADLINE, search.is_doubtful) for term in search.asked.terms
        )
        releases = Release.objects.public().newest_first()
        vendor = connections[releases.db].vendor
        found = releases.filter(held(expression, vendor))
        found = found.only("pk", "slug", "title_ko", "title_en")[:MOST_HEADLINES]
        marker = Marker(search)
        if headlines := [(release, _that_says(release, marker)) for release in found]:
            return headlines
    return []


def _that_says(release: Release, marker: Marker) -> Text:
    """The headline of `release` in the language in which it says what was asked."""
    for lang in reading_order():
        title = getattr(release, f"title_{lang}")
        if title and marker.places(title):
            return Text(title, lang)
    return release.title


def similar_missions(text: str) -> list[Mission]:
    """Missions called nearly as `text`, or a word of it, is written; nearest first."""
    only_initials = asked_initials(text)
    wanted = [w for w in {letters(text), *letters(text).split(" ")[:5]} if len(w) > 2]
    near = []
    for mission in public_missions():
        names = [letters(name) for name in mission.names]
        if only_initials and any(initials(n).startswith(only_initials) for n in mission.names):
            near.append((0, mission))
            continue
        nearest = min(
            (
                distance(word[:LONGEST], name, most) / most
                for word in wanted
                for name in names
                if (most := max(1, min(len(word), len(name)) // 3))
                and distance(word[:LONGEST], name, most) <= most
            ),
            default=None,
        )
        if nearest is not None:
            near.append((nearest, mission))
    return [mission for _far, mission in sorted(near, key=lambda pair: pair[0])[:MOST_SIMILAR]]
