"""What the page of a move shows: how far it is, and what became of each item."""

from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from releases.intake.moved import Moved
from releases.intake.report import ASIDE, Report, Tally, kind_in_words
from releases.intake.saving import OUTCOMES, Outcome
from releases.models import Move, Stage, Task
from releases.moving_in import places, records
from releases.moving_in.choices import Choices
from releases.moving_in.records import ADDRESSES, REMARKS
from releases.moving_in.sources import KINDS, Contents

from .moving_forms import ChoicesForm

# Fields that stand for options of `import_releases`.
OPTIONS = {
    "--create-missions": "create_missions",
    "--media-from": "media",
    "--overwrite": "overwrite",
}
UNDERWAY = (Stage.WAITING, Stage.WORKING, Stage.INTERRUPTED)


@dataclass(frozen=True)
class ShownItem:
    """A line of the table; `address` is that of the release at the desk, "" where it has none."""

    moved: Moved
    outcome: str
    kind: str
    address: str

    @property
    def is_trouble(self) -> bool:
        return self.moved.outcome == Outcome.REFUSED

    @property
    def remarks(self) -> list[str]:
        """What is to be known of it; the page's fields stand for the command's options."""
        return [_in_words_of_the_page(remark.message) for remark in self.moved.remarks]

    @property
    def aside(self) -> str:
        """Which words the page says by itself: "contacts 12, posted 4"."""
        words = self.moved.words
        aside = words.set_aside if words else ()
        return ", ".join(f"{ASIDE.get(name, name)} {count}" for name, count in aside)


class ShownMove:
    """What the page of `move` shows; `show` narrows its table, as one of `doors`."""

    def __init__(self, move: Move, show: str = ""):
        self.move, self.show = move, show
        self.contents = Contents.of(move.contents)
        self.choices = Choices.of(move.choices)
        self.is_underway = move.stage in UNDERWAY
        self.is_look = move.task == Task.LOOK
        self.is_here = places.file_of(move).exists()

    @property
    def kind(self) -> str:
        return str(KINDS[self.contents.kind]) if self.contents else ""

    @property
    def by_server(self) -> bool:
        return bool(self.move.place)

    def form(self, may_fetch: bool) -> ChoicesForm | None:
        if not self.contents or self.is_underway:
            return None
        return ChoicesForm(self.contents, self.choices, may_fetch)

    @cached_property
    def _found(self) -> records.Listed:
        return records.Listed(places.records_of(self.move, self.move.task))

    @property
    def has_items(self) -> bool:
        return bool(self._found)

    @cached_property
    def items(self) -> records.Listed:
        """What the table holds, of all of its pages."""
        return self._found.narrowed(_outcome(self.show))

    @property
    def doors(self) -> list[tuple[str, str, int]]:
        """What the table can be narrowed to: (word of the address, in words, how many)."""
        counted, found = self.tally.items, self._found
        doors = [("", _("All"), len(found.narrowed("")))]
        doors += [(_word(each), str(OUTCOMES[each]), counted[each]) for each in Outcome]
        doors.append((REMARKS, _("With remarks"), len(found.narrowed(REMARKS))))
        doors.append((ADDRESSES, _("Other old addresses"), len(found.narrowed(ADDRESSES))))
        return [door for door in doors if door[2]]

    @property
    def public(self) -> int:
        """How many releases are public here, or would be."""
        return self._found.public

    @property
    def tally(self) -> Tally:
        return self._found.tally

    def shown(self, moved: Moved) -> ShownItem:
        is_there = not self.is_look or moved.outcome == Outcome.UNCHANGED
        address = ""
        if moved.release and is_there:
            address = reverse("admin:releases_release_change", args=[moved.release])
        outcome = str(OUTCOMES[moved.outcome])
        return ShownItem(moved, outcome, kind_in_words(moved.kind), address)

    def report(self, kind: str) -> BinaryIO:
        """The report that ends in `kind`, open to be read."""
        with TemporaryDirectory() as folder:
            path = Path(folder, f"report.{kind}")
            with Report(path) as report:
                for moved in records.read(places.records_of(self.move, self.move.task)):
                    report.add(moved)
                report.finish(self.tally)
            return path.open("rb")

    @property
    def progress_in_words(self) -> str:
        move = self.move
        if move.stage == Stage.WAITING:
            return _("It begins in a moment.")
        if move.stage == Stage.INTERRUPTED:
            return _("It was interrupted, and goes on within a minute.")
        if move.stop_at and self.is_underway:
            return _("It stops after the item that it is at.")
        told = _("%(done)s of %(total)s") % {"done": f"{move.done:,}", "total": f"{move.total:,}"}
        if left := move.time_left(timezone.now()):
            told += " · " + left_in_words(left)
        return told


def _in_words_of_the_page(message: str) -> str:
    for option, name in OPTIONS.items():
        message = message.replace(option, f"“{ChoicesForm.base_fields[name].label}”")
    return message


def _word(outcome: Outcome) -> str:
    """How an address says `outcome`."""
    return outcome.name.lower()


def _outcome(word: str) -> str:
    """What an address says as `_word` does, as records have it; any other word as it is."""
    return next((each.value for each in Outcome if _word(each) == word), word)


def left_in_words(left: timedelta) -> str:
    """How long it still takes, as people say it; rounded up."""
    seconds = left.total_seconds()
    if seconds < 60:
        return _("less than a minute left")
    minutes = -int(-seconds // 60)
    if minutes < 60:
        return ngettext("about %(count)d minute left", "about %(count)d minutes left", minutes) % {
            "count": minutes
        }
    hours = -int(-minutes // 60)
    return ngettext("about %(count)d hour left", "about %(count)d hours left", hours) % {
        "count": hours
    }
