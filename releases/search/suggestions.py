"""What somebody may be about to type: missions and headlines that strangers may read of."""

import re
from itertools import islice
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
from .words import HANGUL, HEADLINE, normalised

MOST_MISSIONS = 4
MOST_HEADLINES = 6
MOST_SIMILAR = 3
LONGEST = 60  # characters of what is typed; nobody is helped to finish more

MOST_COMPARED = 200  # newest headlines that are looked through for a half typed word

# The Korean word at the end: its last syllable, or the consonants that have no vowel yet.
_TYPING = re.compile(
    f"(?P<before>.*?)(?P<word>[{HANGUL}]*?)(?P<last>[\u1100-\u11ff]+|[\uac00-\ud7a3])$"
)


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
    whole = Search(text)
    if releases := _asked_for(whole)[:MOST_HEADLINES]:
        marker = Marker(whole)
        return [(release, _that_says(release, marker)) for release in releases]
    typing = _TYPING.search(normalised(text))
    if typing is None:
        return []
    # The last syllable may be half typed: found without it, and compared letter by letter.
    begun = letters(typing["word"] + typing["last"])
    if not typing["word"]:
        begun = f" {begun}"
    releases = _asked_for(Search(typing["before"] + typing["word"]))[:MOST_COMPARED]
    held_by = ((release, _that_holds(release, begun)) for release in releases)
    return list(islice((pair for pair in held_by if pair[1]), MOST_HEADLINES))


def _asked_for(search: Search) -> QuerySet[Release]:
    """Releases in whose headline everything stands that `search` asks for, newest first."""
    releases = Release.objects.public().newest_first().only("pk", "slug", "title_ko", "title_en")
    if not search.asked.terms:
        return releases.none()
    # A single syllable is rather the beginning of a word than one.
    last = search.asked.terms[-1]
    search.is_doubtful = last.can_be_doubtful and len(last.text) == 1
    expression = asking.all_of(
        term.expression(HEADLINE, search.is_doubtful) for term in search.asked.terms
    )
    return releases.filter(held(expression, connections[releases.db].vendor))


def _that_holds(release: Release, begun: str) -> Text | None:
    """The headline of `release` that holds `begun`, single letters; a word's, behind a space."""
    for lang in reading_order():
        title = getattr(release, f"title_{lang}")
        if begun in f" {letters(title)}":
            return Text(title, lang)
    return None


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
