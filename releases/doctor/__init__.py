"""What only a press office looks for before a text goes out.

A check is a pure function of a `Sheet`, a release as plain values: it finds things and changes
none. A new one is a function in the module of its subject and a line in `CHECKS`.

How grave a finding is: an error blocks publishing, and nobody at the desk can get round it. So
it rests on what a program can be sure of (an empty field, an address that leads nowhere, a
row without a name), never on reading prose, where a rule is wrong now and then (but for filler
text: nobody publishes "lorem ipsum" on purpose). What a person
would mend nine times out of ten is a warning, and asks. What is often meant, or is how this
newsroom works, is a note, and is not counted.
"""

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any

from django.utils.translation import gettext as _

from releases.models import Release, ReleaseContact

from . import dates, headlines, links, numbers, people, pictures, places, words
from .findings import Finding, Level
from .sheet import Sheet, sheet_of

__all__ = ["CHECKS", "Finding", "Level", "Sheet", "examine", "note", "sheet_of"]

Check = Callable[[Sheet], Iterator[Finding]]

CHECKS: list[Check] = [
    headlines.has_a_headline,
    headlines.has_a_text,
    headlines.carries_a_date,
    headlines.prints_its_date_once,
    headlines.is_in_both_languages,
    headlines.headline_is_a_headline,
    headlines.summary_fits_a_card,
    dates.headline_and_posting_agree,
    dates.posting_time_is_likely,
    dates.weekdays_fit_their_dates,
    dates.dates_can_be_read_one_way,
    places.text_opens_with_its_place_once,
    places.dateline_is_known,
    words.quotation_marks_are_balanced,
    words.no_word_is_doubled,
    words.nothing_is_left_over,
    words.no_placeholder_stands,
    numbers.numbers_agree,
    links.links_have_an_address,
    links.links_to_ourselves_lead_somewhere,
    links.links_lead_where_their_words_say,
    links.link_words_say_where_they_lead,
    links.promised_links_are_links,
    links.addresses_are_links,
    people.somebody_can_be_called,
    people.contacts_have_names,
    people.contacts_can_be_reached,
    people.phones_can_be_dialled,
    people.emails_are_addresses,
    people.contacts_are_still_there,
    pictures.pictures_are_described,
]


def examine(
    release: Release,
    contacts: Iterable[ReleaseContact] | None = None,
    pictures: Iterable[Any] | None = None,
) -> list[Finding]:
    """All findings about `release` as it stands in memory, gravest first.

    `contacts` and `pictures` are rows that are not saved yet; without them the saved ones are
    looked at.
    """
    return look_over(sheet_of(release, contacts, pictures))


def look_over(sheet: Sheet) -> list[Finding]:
    """All findings about what stands on `sheet`, gravest first."""
    found = [finding for check in CHECKS for finding in _bounded(check(sheet))]
    gravity = list(Level)
    return sorted(found, key=lambda finding: gravity.index(finding.level))


def _bounded(found: Iterator[Finding]) -> Iterator[Finding]:
    """The first findings of a check in each field, and one that tells how many more there are.

    It is as grave as the gravest that it stands for. A text that goes wrong in every word is
    not read to its end: reading costs seconds, and nobody reads what comes of it.
    """
    looked_at = list(islice(found, MOST_LOOKED_AT + 1))
    is_cut = len(looked_at) > MOST_LOOKED_AT
    by_field: dict[str, list[Finding]] = {}
    for finding in looked_at[:MOST_LOOKED_AT]:
        by_field.setdefault(finding.field, []).append(finding)
    for findings in by_field.values():
        yield from findings[:MOST_SHOWN]
        if rest := findings[MOST_SHOWN:]:
            gravest = min(rest, key=lambda finding: list(Level).index(finding.level))
            why = _("And %(count)s more like this.") % {"count": f"{len(rest)}{'+' * is_cut}"}
            yield gravest._replace(why=why)


def note(release: Release) -> None:
    """Write down how many errors and warnings `release` has as saved, for lists to filter by.

    Nothing else of the row changes: neither its version nor the time of its last edit.
    """
    count = sum(finding.level != Level.NOTE for finding in examine(release))
    release.finding_count = min(count, MOST_COUNTED)
    Release.objects.filter(pk=release.pk).update(finding_count=release.finding_count)


MOST_SHOWN = 20  # findings of a check in a field
MOST_LOOKED_AT = 1_000  # findings of a check
MOST_COUNTED = 32_767  # what the column holds
