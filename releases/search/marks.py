"""Where the words of a search stand in a text, as HTML with `<mark>`.

What is marked is the text as it was written, in whatever normal form and with its accents;
where to mark is looked up in what the index has of it.
"""

import re
from functools import lru_cache
from typing import NamedTuple

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from contacts.bilingual import language_of, reading_order
from releases.models import Release, ReleaseContact
from releases.prose import plain_line

from .asking import Term
from .finding import Search
from .words import (
    DATE,
    HANGUL,
    IDEOGRAPHS,
    Run,
    is_doubtful,
    is_short,
    normalised,
    singular,
    written,
)

PASSAGE = 160  # characters: about two lines
BEFORE = 30  # of them before the first word
MOST_PLACES = 200  # in one text

_LATIN = f"[^\\W_{HANGUL}{IDEOGRAPHS}]"
# What one reads as a letter: with the signs above and below it, or with the parts of a syllable.
_SIGNS = "[\u0300-\u036f\u1160-\u11ff\u3099\u309a]"
# Letters of which each is one in the index as well; most texts hold little else.
_PLAIN = re.compile(f"(?:[\n -_a-~가-힣](?!{_SIGNS}))+")
_LETTER = re.compile(f"(?s){_PLAIN.pattern}|.{_SIGNS}*")
_WORD = re.compile(f"[{HANGUL}]+")


class Place(NamedTuple):
    """A stretch of a text that says what a term asks for."""

    start: int
    end: int
    term: int


class Marker:
    """Marks the words of `search`."""

    def __init__(self, search: Search):
        self.is_doubtful = search.is_doubtful
        self.terms = search.asked.terms
        self.patterns = [
            (number, alike, _pattern(alike, self.is_doubtful))
            for number, term in enumerate(self.terms)
            for alike in search.alike(term)
        ]

    def places(self, text: str) -> list[Place]:
        """Where the words stand in `text`, in order."""
        folded, starts = _folded(text)
        found = []
        for number, term, pattern in self.patterns:
            for match in pattern.finditer(folded):
                if len(found) > MOST_PLACES:
                    break
                if self._is_meant(term, match, folded):
                    found.append(Place(starts[match.start()], starts[match.end()], number))
        return sorted(found)

    def _is_meant(self, term: Term, match: re.Match, folded: str) -> bool:
        if match.start() == match.end():
            return False
        if term.date:
            return written(match)[: len(term.date)] == term.date
        first = term.runs[0]
        if self.is_doubtful or len(term.runs) > 1 or first.kind != "hangul":
            return True
        start = match.start()
        while start and _WORD.match(folded[start - 1]):
            start -= 1
        return not is_doubtful(_WORD.match(folded, start)[0], match.start() - start)

    def marked(self, text: str) -> SafeString:
        """`text` as HTML with its words marked; plain text comes in, nothing in it runs."""
        return _html(text, self.places(text))

    def passage(self, text: str) -> tuple[SafeString, int]:
        """The stretch of `text` with most of the words, marked, and how many terms it has."""
        places = self.places(text)
        if not places:
            return mark_safe(""), 0  # nosec B308 # empty
        reach = PASSAGE - BEFORE
        best, terms = places[0], 0
        for i, place in enumerate(places):
            near = {p.term for p in places[i:] if p.end <= place.start + reach}
            if len(near) > terms:
                best, terms = place, len(near)
        start, end = _stretch(text, best.start)
        inside = [
            Place(p.start - start, p.end - start, p.term)
            for p in places
            if p.start >= start and p.end <= end
        ]
        html = _html(text[start:end], inside)
        before, after = "… " if start else "", " …" if end < len(text) else ""
        # Marked and escaped above.
        return mark_safe(f"{before}{html}{after}"), max(terms, 1)  # nosec B308 # escaped above


def _stretch(text: str, place: int) -> tuple[int, int]:
    """Where a passage round `place` begins and ends: between words, where there are any."""
    if len(text) <= PASSAGE:
        return 0, len(text)
    start = max(0, place - BEFORE)
    if start:
        space = text.find(" ", start, place)
        start = space + 1 if space >= 0 else start
    end = start + PASSAGE
    if end >= len(text):
        return start, len(text)
    space = text.rfind(" ", place + 20, end)
    return start, space if space >= 0 else end


def _html(text: str, places: list[Place]) -> SafeString:
    parts, end = [], 0
    for place in places:
        if place.end <= end:
            continue
        start = max(place.start, end)
        if start > end or not parts:
            parts += [escape(text[end:start]), "<mark>", escape(text[start : place.end]), "</mark>"]
        else:  # it goes on where the last one ended, or within it
            parts[-1:] = [escape(text[start : place.end]), "</mark>"]
        end = place.end
    parts.append(escape(text[end:]))
    return mark_safe("".join(parts))  # nosec B308 # escaped above


def _folded(text: str) -> tuple[str, list[int]]:
    """`text` normalised, and for each character of that where in `text` its letter begins.

    The last number is the end of `text`.
    """
    parts, starts = [], []
    for match in _LETTER.finditer(text):
        start, end = match.span()
        if end - start > 1 and _PLAIN.fullmatch(match[0]):
            parts.append(match[0].lower())
            starts += range(start, end)
        else:
            part = _letter(match[0])
            parts.append(part)
            starts += [start] * len(part)
    return "".join(parts), [*starts, len(text)]


@lru_cache(maxsize=20_000)
def _letter(letter: str) -> str:
    return normalised(letter)


def _pattern(term: Term, doubtful: bool) -> re.Pattern:
    if term.date:
        return DATE
    last = len(term.runs) - 1
    parts = [
        _run(run, is_open=i == last and not (term.quoted or is_short(run)))
        for i, run in enumerate(term.runs)
    ]
    if term.runs[0].kind == "hangul" and len(term.runs[0].text) == 1 and not doubtful:
        parts[0] = f"(?<![{HANGUL}]){parts[0]}"
    return re.compile(r"[\W_]{0,20}".join(parts))


def _run(run: Run, is_open: bool) -> str:
    if run.kind != "latin":
        return re.escape(run.text)
    word = ",?".join(run.text) if run.text.isdecimal() else re.escape(run.text)
    if not is_open:
        return f"(?<!{_LATIN}){word}(?!{_LATIN})"
    one = singular(run.text)
    also = f"|{re.escape(one)}(?!{_LATIN})" if one else ""
    return f"(?<!{_LATIN})(?:{word}{_LATIN}*{also})"


# On a page


class Hit(NamedTuple):
    """A release as a list of results shows it, its words marked; HTML that is safe."""

    title: SafeString
    passage: SafeString
    lang: str  # of the passage


def show(releases: list[Release], search: Search) -> None:
    """Give each of `releases` a `hit`; one query where some were found by a contact's name."""
    marker = Marker(search)
    if not marker.terms:
        return
    elsewhere = []
    for release in releases:
        title, (passage, lang, number) = marker.marked(release.title), _passage(release, marker)
        release.hit = Hit(title, passage, lang)
        if not number and "<mark>" not in title:
            elsewhere.append(release)
    rows = ReleaseContact.objects.filter(release__in=elsewhere) if elsewhere else []
    by_pk = {release.pk: release for release in elsewhere}
    for row in rows:
        name = marker.marked(" · ".join(filter(None, (row.name, row.office))))
        hit = by_pk[row.release_id].hit
        if "<mark>" in name and "<mark>" not in hit.passage:
            by_pk[row.release_id].hit = hit._replace(passage=name, lang=language_of(row.name))


def _passage(release: Release, marker: Marker) -> tuple[SafeString, str, int]:
    """What says most of the words, its language, how many it says; else the usual summary."""
    best, language, most = mark_safe(""), "", 0  # nosec B308 # empty
    for name in ("summary", "body", "title"):
        for lang in reading_order():
            stored = getattr(release, f"{name}_{lang}")
            if not stored or (name == "title" and lang == release.title.lang):
                continue
            passage, terms = marker.passage(stored if name == "title" else plain_line(stored))
            if terms > most:
                best, language, most = passage, lang, terms
        if most == len(marker.terms):
            break
    if most:
        return best, language, most
    summary = release.summary
    return escape(summary), summary.lang, 0
