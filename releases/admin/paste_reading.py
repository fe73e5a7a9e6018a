"""What was read of a pasted text: line by line, and how sure each field of a release is."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contacts.models import Mission
from contacts.text import clean_text
from releases.intake.incoming import IncomingRelease, Mark, Part, Remark
from releases.intake.layout import fold
from releases.intake.pasted import Pasted, read_to_mend


class Sure(StrEnum):
    """How far a field can be relied on as it was read."""

    SURE = "sure"
    GUESSED = "guessed"
    CHECK = "check"
    ABSENT = "absent"


# A sign and words, so that no colour is needed to tell them apart.
SURE_LABELS: dict[Sure, tuple[str, Promise]] = {
    Sure.SURE: ("✓", gettext_lazy("sure")),
    Sure.GUESSED: ("≈", gettext_lazy("guessed")),
    Sure.CHECK: ("!", gettext_lazy("please check")),
    Sure.ABSENT: ("–", gettext_lazy("not in the text")),
}

PART_LABELS: dict[Part, Promise] = {
    Part.HEADLINE: gettext_lazy("date and headline"),
    Part.DATE: gettext_lazy("release date"),
    Part.DATELINE: gettext_lazy("dateline"),
    Part.PARAGRAPH: gettext_lazy("paragraph %(number)d"),
    Part.HEADING: gettext_lazy("heading of the contacts"),
    Part.NAME: gettext_lazy("contact %(number)d: name"),
    Part.OFFICE: gettext_lazy("contact %(number)d: office"),
    Part.PHONE: gettext_lazy("contact %(number)d: phone"),
    Part.EMAIL: gettext_lazy("contact %(number)d: email"),
    Part.LABEL: gettext_lazy("a label with nothing behind it; dropped"),
    Part.POSTED: gettext_lazy("posted on"),
    Part.CORRECTION: gettext_lazy("note of a correction; dropped"),
    Part.BACK_LINK: gettext_lazy("old back-link; dropped"),
    Part.VIEWS: gettext_lazy("views"),
    Part.LEFTOVER: gettext_lazy("not understood; kept as paragraph %(number)d"),
    Part.NOT_TAKEN: gettext_lazy("above the first headline; not taken"),
}
WARNED = {Part.LEFTOVER, Part.NOT_TAKEN, Part.LABEL}
OF_A_CONTACT = {
    Part.NAME: "name",
    Part.OFFICE: "office",
    Part.PHONE: "phone",
    Part.EMAIL: "email",
}
# The field that a part was put into, and the parts that a field was made of.
FIELDS = {
    Part.HEADLINE: "title",
    Part.DATELINE: "place",
    Part.PARAGRAPH: "body",
    Part.LEFTOVER: "body",
    Part.HEADING: "contact_heading",
    Part.POSTED: "posted_on",
    Part.VIEWS: "views",
}


class ShownMark(NamedTuple):
    label: str
    field: str  # the id of its input, "" where it went into none
    is_warning: bool


class ShownLine(NamedTuple):
    """A line of the original beside what it was read as."""

    number: int
    text: str
    marks: list[ShownMark]


@dataclass
class Field:
    """How a field was read: how sure that is, from which lines, and what is to be said."""

    sure: Sure
    lines: list[tuple[int, int]]  # runs of lines, first and last
    remarks: list[Remark]

    @property
    def sign(self) -> str:
        return SURE_LABELS[self.sure][0]

    @property
    def label(self) -> Promise:
        return SURE_LABELS[self.sure][1]


class Reading:
    """A text as it was read. Lines count from 1."""

    def __init__(self, text: str):
        self.lines = clean_text(text).split("\n")
        self.pasted: Pasted = read_to_mend(text)

    @property
    def releases(self) -> list[IncomingRelease]:
        return self.pasted.releases

    @property
    def strays(self) -> list[ShownLine]:
        """The lines above the first headline, which no release takes."""
        mark = ShownMark(str(PART_LABELS[Part.NOT_TAKEN]), "", True)
        return [
            ShownLine(line.number, self.lines[line.number - 1], [mark])
            for line in self.pasted.strays
        ]

    def text_of(self, lines: Iterable[int]) -> str:
        return "\n".join(self.lines[number - 1] for number in lines)

    def text_without(self, done: Iterable[IncomingRelease]) -> str:
        """The text but for the lines of the releases in `done`; "" when no release is left."""
        gone = {number for release in done for number in release.lines}
        left = [number for number in range(1, len(self.lines) + 1) if number not in gone]
        if not any(release.lines.start not in gone for release in self.releases):
            return ""
        return self.text_of(left).strip("\n")

    def shown(self, release: IncomingRelease, prefix: str) -> list[ShownLine]:
        """The lines of `release`; its inputs have ids that begin with `prefix`."""
        marks: dict[int, list[Mark]] = defaultdict(list)
        for mark in release.marks:
            marks[mark.line].append(mark)
        last = max((n for n in release.lines if fold(self.lines[n - 1])), default=release.line)
        return [
            ShownLine(
                number, self.lines[number - 1], [_shown(mark, prefix) for mark in marks[number]]
            )
            for number in range(release.lines.start, last + 1)
        ]


def _shown(mark: Mark, prefix: str) -> ShownMark:
    label = PART_LABELS[mark.part] % {"number": mark.number}
    if field := FIELDS.get(mark.part):
        target = f"id_{prefix}-{field}"
    elif column := OF_A_CONTACT.get(mark.part):
        target = f"id_{prefix}-contacts-{mark.number - 1}-{column}"
    else:
        target = ""
    return ShownMark(label, target, mark.part in WARNED)


def fields_of(release: IncomingRelease, mission: Mission | None) -> dict[str, Field]:
    """How each field was read; `mission` is the one that the place stands for."""
    fields = {}
    for name in dict.fromkeys(FIELDS.values()):
        parts = {part for part, field in FIELDS.items() if field == name}
        marks = [mark for mark in release.marks if mark.part in parts]
        remarks = [remark for remark in release.remarks if remark.part in parts]
        fields[name] = Field(_sureness(bool(marks), remarks), _runs(marks), remarks)
    fields["release_date"] = _date_field(release, fields["title"])
    fields["mission"] = _mission_field(release, mission, fields["place"])
    return fields


def contact_fields(release: IncomingRelease) -> list[Field]:
    """How each row of the contact block was read."""
    fields = []
    for number in range(1, len(release.contacts) + 1):
        marks = [
            mark for mark in release.marks if mark.part in OF_A_CONTACT and mark.number == number
        ]
        lines = {mark.line for mark in marks}
        remarks = [r for r in release.remarks if r.part in OF_A_CONTACT and r.line in lines]
        fields.append(Field(_sureness(bool(marks), remarks), _runs(marks), remarks))
    return fields


def _sureness(stands_there: bool, remarks: list[Remark]) -> Sure:
    if any(not remark.guessed for remark in remarks):
        return Sure.CHECK
    if remarks:
        return Sure.GUESSED
    return Sure.SURE if stands_there else Sure.ABSENT


def _date_field(release: IncomingRelease, title: Field) -> Field:
    remarks = [remark for remark in release.remarks if remark.part == Part.DATE]
    sure = Sure.SURE if release.release_date and not remarks else Sure.CHECK
    return Field(sure, title.lines, remarks)


def _mission_field(release: IncomingRelease, mission: Mission | None, place: Field) -> Field:
    if not release.place:
        return Field(Sure.CHECK, [], [])
    message, sure = "", Sure.SURE
    if mission is None:
        sure = Sure.CHECK
        message = _("no mission goes by “%(place)s”.") % {"place": release.place}
    elif mission.pk != getattr(Mission.objects.named(release.place), "pk", None):
        sure = Sure.GUESSED
        message = _("taken for a part of “%(place)s”.") % {"place": release.place}
    remarks = [Remark(release.place_line, message, Part.DATELINE)] if message else []
    return Field(sure, place.lines, remarks)


def _runs(marks: Iterable[Mark]) -> list[tuple[int, int]]:
    """Runs of neighbouring lines, blank ones between two paragraphs aside."""
    runs: list[tuple[int, int]] = []
    for line, _same in groupby(sorted(mark.line for mark in marks)):
        if runs and line - runs[-1][1] <= 2:
            runs[-1] = (runs[-1][0], line)
        else:
            runs.append((line, line))
    return runs
