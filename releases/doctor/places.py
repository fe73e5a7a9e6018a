"""The place that opens a text: it is printed from the mission, not written into the text."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from contacts.countries import country_named
from contacts.names import same_name
from releases.intake.offices import parts_of_place
from releases.intake.pasted import dateline

from .findings import Finding, Level, at_field, at_paragraph
from .sheet import Sheet

MOST_OF_A_PLACE = 4  # words; what is longer opens a sentence


def text_opens_with_its_place_once(sheet: Sheet) -> Iterator[Finding]:
    for passage in sheet.bodies:
        first = passage.paragraphs[0]
        opening = dateline(first.text.partition("\n")[0])
        if opening is None or not _opens_a_text(*opening):
            continue
        place = opening[0]
        printed = sheet.datelines.get(passage.lang)
        names = [printed, *sheet.mission_names] if printed else sheet.mission_names
        where = at_paragraph(passage, first, place)
        if same_name(place) in map(same_name, names):
            yield Finding(
                Level.WARNING,
                passage.field,
                where,
                _("The place is printed before the text by itself: it shows twice."),
                _("Delete the place and the dash from the text."),
            )
        elif names and _is_known(place, sheet):
            yield Finding(
                Level.WARNING,
                passage.field,
                where,
                _("The text opens with another place than that of the mission; both are printed."),
                _("Move it to the field of the dateline, or choose the right mission."),
            )
        elif names:
            yield Finding(
                Level.NOTE,
                passage.field,
                where,
                _("It looks like a place, and the mission’s is printed before it."),
                _("If it is a place, move it to the field of the dateline."),
            )
        elif _is_known(place, sheet):
            yield Finding(
                Level.WARNING,
                "mission",
                where,
                _("The text opens with a place, but no mission is chosen."),
                _("Choose the mission and delete the place and the dash from the text."),
            )
        else:
            yield Finding(
                Level.WARNING,
                passage.field,
                where,
                _("No mission and no country goes by this name."),
                _("Look how it is spelt, then choose the mission and delete it from the text."),
            )


def _opens_a_text(place: str, dash: str, rest: str) -> bool:
    """Whether a sentence begins behind the dash; "Relief - which came late" goes on instead."""
    return len(place.split()) <= MOST_OF_A_PLACE and not rest[0].islower()


def dateline_is_known(sheet: Sheet) -> Iterator[Finding]:
    """Towns are not listed anywhere: beside a mission an unknown name is no more than a note."""
    for lang, place in sheet.datelines.items():
        if not _is_known(place, sheet):
            yield Finding(
                Level.NOTE if sheet.mission_names else Level.WARNING,
                f"dateline_{lang}",
                at_field(f"dateline_{lang}", place),
                _("No mission and no country goes by this name."),
                _("Look whether it is spelt right."),
            )


def _is_known(place: str, sheet: Sheet) -> bool:
    """Whether the place, or a part of "Nairobi, Kenya", is a country or has a mission."""
    return any(
        same_name(part) in sheet.missions or country_named(part) is not None
        for part in parts_of_place(place)
    )
