"""A takeout -> rows: into an empty newsroom, or back into the one that it came from.

Each mission, contact and release is saved whole or not at all, under the number that it had, so
that addresses stay. A second run changes nothing; what an editor has changed since stays theirs
unless `overwrite` insists.
"""

import csv
import itertools
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.db.models import Model
from django.template.defaultfilters import filesizeformat
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from contacts.models import Mission, PressContact
from releases import attachments, edition, pictures, plain_rows, storing, versions
from releases.archives import Archive, Member, RefusedArchive, damaged, is_inside
from releases.intake.columns import TEXTS
from releases.intake.counted import words_of
from releases.intake.saving import Outcome, deleted_here
from releases.models import DailyViews, OldAddress, Release, State, ViewCounter
from releases.prose import lines
from releases.search import index

from . import ADDRESSES, CONTACTS, FORMAT, KIND, MISSIONS, OLD_ADDRESSES, RELEASE, VIEWS
from .records import BY, PARTS, People, Record, records, row_from, rows_of

# Columns that are no words of an editor: what it leads to may come after it, and findings are
# the doctor's.
APART = ("replaced_by_id", "finding_count")
GROWING = ("versions", "corrections")  # what is added to and never changed
LATER = ("old_addresses",)  # parts that takeouts of before have not got
MOST_OF_A_TEXT = 64 * 2**20  # bytes: what is read at once
MOST_OF_A_TABLE = 4 * 2**30  # bytes: what is read line by line
BATCH = 200  # rows that a dry run tries at once
MALFORMED = (KeyError, TypeError, ValueError, AttributeError)


class Brought(NamedTuple):
    """What became of one mission, contact, old address or release.

    `state`, `address`, and how many words its columns had there and have here: of a release, as
    it is here now or would be.
    """

    outcome: Outcome
    kind: type[Model]
    number: int
    title: str
    reason: str = ""
    state: State | None = None
    address: str = ""
    words: int = 0
    here: int = 0


class Refused(Exception):
    """It can't be saved; the text says why."""


def bring_in(path: Path, overwrite: bool = False, dry_run: bool = False) -> Iterator[Brought]:
    """Save what the takeout in `path` holds, and yield what was done with each thing in it.

    A `dry_run` keeps nothing; it undoes each by itself, so that nobody waits for it. Raises
    RefusedArchive before anything is changed where the archive is not whole.
    """
    with _opened(path) as archive:
        archive.verify()
        try:
            yield from _Bringing(archive, overwrite, dry_run).all()
        except MALFORMED as error:
            raise RefusedArchive(damaged(path, str(error))) from error


def items_of(path: Path) -> int:
    """How much `bring_in` would tell of, but for old addresses. Raises RefusedArchive."""
    with _opened(path) as archive:
        try:
            return _Bringing(archive, overwrite=False, dry_run=True).number
        except MALFORMED as error:
            raise RefusedArchive(damaged(path, str(error))) from error


@contextmanager
def _opened(path: Path) -> Iterator[Archive]:
    """The takeout in `path`. Raises RefusedArchive."""
    with Archive(path, KIND) as archive:
        if archive.manifest.get("format") != FORMAT:
            raise RefusedArchive(
                _("%(path)s was made by another version of the newsroom.") % {"path": path}
            )
        for name in archive.names:
            if archive.size(name) > _most(name):
                told = _("%(path)s: “%(name)s” unpacks to %(size)s; %(most)s at most.")
                about = {"path": path, "name": name}
                about |= {"size": filesizeformat(archive.size(name))}
                about |= {"most": filesizeformat(_most(name))}
                raise RefusedArchive(told % about)
        yield archive


def _most(name: str) -> int:
    """How many bytes the member `name` may have: as many as anything that we write there."""
    if name in (VIEWS, ADDRESSES):
        return MOST_OF_A_TABLE
    folder = name.split("/")[2] if re.fullmatch(r"releases/\d+/[a-z]+/.+", name) else ""
    return {
        "pictures": pictures.MOST_WRITTEN,
        "files": attachments.MOST_BYTES,
        # Of before: either of them.
        "earlier": max(pictures.MOST_WRITTEN, attachments.MOST_BYTES),
    }.get(folder, MOST_OF_A_TEXT)


class _Bringing:
    def __init__(self, archive: Archive, overwrite: bool, dry_run: bool):
        self.archive, self.overwrite, self.dry_run = archive, overwrite, dry_run
        self.people = People()
        # What a dry run has undone, and others stand on: rows by their numbers.
        self.undone: dict[type[Model], dict[int, Record]] = {Mission: {}, PressContact: {}}

    @property
    def number(self) -> int:
        """How much there is to tell of, but for old addresses."""
        return sum(len(self._read(name)) for name in (MISSIONS, CONTACTS)) + len(self._numbers())

    def all(self) -> Iterator[Brought]:
        yield from self._directory(Mission, MISSIONS, "slug")
        yield from self._directory(PressContact, CONTACTS, "name")
        if OLD_ADDRESSES in self.archive:
            yield from self._directory(OldAddress, OLD_ADDRESSES, "address")
        replaced: dict[int, int] = {}
        days = self._days()
        ahead = next(days, None)
        for pk in self._numbers():
            record = dict.fromkeys(LATER, []) | self._read(f"releases/{pk}/{RELEASE}")
            if record["release"]["id"] != pk:
                raise ValueError(f"releases/{pk}/{RELEASE}")
            while ahead and ahead[0] < pk:
                ahead = next(days, None)
            read = []
            if ahead and ahead[0] == pk:
                read, ahead = ahead[1], next(days, None)
            brought = self._whole_or_not(pk, record, read)
            yield brought
            if brought.outcome != Outcome.REFUSED and record["release"]["replaced_by_id"]:
                replaced[pk] = record["release"]["replaced_by_id"]
        if self.dry_run:
            return
        self._lead_on(replaced)
        for model in (Mission, PressContact, *PARTS.values()):
            plain_rows.go_on_after(model)
        plain_rows.go_on_after(Release, int(self.archive.manifest["last_release"]))

    # Missions and contacts

    def _directory(self, model: type[Model], member: str, known_by: str) -> Iterator[Brought]:
        incoming = self._read(member)
        here = {row["id"]: row for row in rows_of(model, self.people, model.objects.all())}
        for row in incoming:
            if (old := here.get(row["id"])) and old[known_by] != row[known_by]:
                raise RefusedArchive(
                    _(
                        "“%(ours)s” has the number of “%(theirs)s” here. A takeout goes into an "
                        "empty newsroom, or back into its own."
                    )
                    % {"ours": old[known_by], "theirs": row[known_by]}
                )
        # Told of once all are saved: whoever listens may save something as well.
        batches = _batches(incoming) if self.dry_run else [incoming]
        for batch in batches:
            yield from self._entries(model, batch, here)

    def _entries(
        self, model: type[Model], incoming: list[Record], here: dict[int, Record]
    ) -> list[Brought]:
        """Save the rows `incoming` at once, and say what was done with each."""
        found = []
        with transaction.atomic():
            later = [row["successor_id"] for row in incoming] if model is PressContact else []
            for row in incoming:
                outcome = self._entry(model, row, here.get(row["id"]))
                names = (row.get(name) for name in ("name", "name_ko", "name_en", "address"))
                title = next(filter(None, names))
                reason = _edited_here() if outcome == Outcome.REFUSED else ""
                found.append(Brought(outcome, model, row["id"], title, reason))
                if self.dry_run and outcome == Outcome.CREATED and model in self.undone:
                    self.undone[model][row["id"]] = row
            for row, successor in zip(incoming, later, strict=False):
                if successor and row["id"] not in here:
                    model.objects.filter(pk=row["id"]).update(successor=successor)
            edition.changed()
            transaction.set_rollback(self.dry_run)
        return found

    def _entry(self, model: type[Model], row: Record, old: Record | None) -> Outcome:
        values = dict(row)
        if "successor_id" in values:
            values["successor_id"] = None  # it may come after
        if old is None:
            plain_rows.insert(model, [row_from(model, values, self.people)])
            return Outcome.CREATED
        if self._fits(old, row):
            return Outcome.UNCHANGED
        if not self.overwrite:
            return Outcome.REFUSED
        there = plain_rows.values(model, row_from(model, row, self.people))
        model._base_manager.filter(pk=there.pop("id")).update(**there)
        return Outcome.UPDATED

    # Releases

    def _whole_or_not(self, pk: int, record: Record, days: list[list[Any]]) -> Brought:
        words = record["release"]
        title = words["title_ko"] or words["title_en"]
        try:
            with storing.undone_on_failure(), transaction.atomic():
                if self.dry_run:
                    self._stand_on(record)
                with index.once():
                    outcome = self._release(pk, record, days)
                release = Release.objects.get(pk=pk)
                transaction.set_rollback(self.dry_run)
        except Refused as refusal:
            return Brought(Outcome.REFUSED, Release, pk, title, str(refusal))
        except IntegrityError:
            reason = _("something here has its number, or the database refused it.")
            return Brought(Outcome.REFUSED, Release, pk, title, reason)
        address = release.get_absolute_url(settings.LANGUAGE_CODE)
        there = _words({name: words[name] for name in TEXTS})
        here = _words({name: getattr(release, name) for name in TEXTS})
        return Brought(outcome, Release, pk, title, "", release.state, address, there, here)

    def _release(self, pk: int, record: Record, days: list[list[Any]]) -> Outcome:
        locked = Release.objects.select_for_update().filter(pk=pk).values_list("pk", flat=True)
        old = records(list(locked), self.people).get(pk)
        if old:
            if old["release"]["created_at"] != record["release"]["created_at"]:
                raise Refused(_("another release has its number here."))
            if self._says(old, record):
                return Outcome.UNCHANGED
            if not self.overwrite:
                raise Refused(_edited_here())
        comes_back = not old and _was_deleted(pk, record)
        if comes_back and not self.overwrite:
            raise Refused(deleted_here())
        self._files(pk, record)
        row = row_from(Release, record["release"], self.people, replaced_by_id=None)
        if old:
            self._make_room(pk, row)
        else:
            plain_rows.insert(Release, [row])
        if comes_back:
            self._clear(pk)
        for name, model in PARTS.items():
            there: set[int] = set()
            if old or comes_back:
                there = set(model._base_manager.filter(release=pk).values_list("pk", flat=True))
            parts = [part for part in record[name] if part["id"] not in there]
            rows = [row_from(model, part, self.people, release_id=pk) for part in parts]
            plain_rows.insert(model, rows)
        if not old and not comes_back:
            self._count(pk, record["views"], days)
        connection.check_constraints()
        if old or comes_back:
            versions.keep(Release.objects.get(pk=pk))
        if comes_back:
            versions.note_recovery(Release.objects.get(pk=pk))
        index.put([pk])
        edition.changed()
        return Outcome.UPDATED if old else Outcome.CREATED

    def _stand_on(self, record: Record) -> None:
        """Bring what `record` names and a dry run has undone: missions and contacts."""
        rows = [record["release"], *itertools.chain(*(record[name] for name in PARTS))]
        contacts = self._undone(PressContact, "contact_id", rows)
        missions = self._undone(Mission, "mission_id", [*rows, *contacts])
        for model, wanted in ((Mission, missions), (PressContact, contacts)):
            for row in wanted:
                self._entry(model, row, None)

    def _undone(self, model: type[Model], column: str, rows: list[Record]) -> list[Record]:
        wanted = dict.fromkeys(row.get(column) for row in rows)
        return [self.undone[model][pk] for pk in wanted if pk in self.undone[model]]

    def _make_room(self, pk: int, row: list[Any]) -> None:
        """Let the release `pk` hold `row` and nothing else but what it said before."""
        versions.keep(Release.objects.get(pk=pk))
        self._clear(pk)
        values = plain_rows.values(Release, row)
        del values["replaced_by_id"], values["id"]
        Release._base_manager.filter(pk=pk).update(**values)

    def _clear(self, pk: int) -> None:
        """Let go of what belongs to the release `pk` and is never added to."""
        for name, model in PARTS.items():
            if name not in GROWING:
                model._base_manager.filter(release=pk).delete()

    def _says(self, old: Record, record: Record) -> bool:
        """Whether a release here says all that `record` does."""
        return self._fits(old["release"], record["release"]) and all(
            self._holds(old[name], record[name], name in GROWING) for name in PARTS
        )

    def _holds(self, here: list[Record], rows: list[Record], may_be_more: bool) -> bool:
        by_key = {row["id"]: row for row in here}
        return (may_be_more or len(here) == len(rows)) and all(
            row["id"] in by_key and self._fits(by_key[row["id"]], row) for row in rows
        )

    def _fits(self, here: Record, row: Record) -> bool:
        """Whether both say the same in the columns that both have."""
        ours, theirs = self._known(here), self._known(row)
        return all(ours[name] == theirs[name] for name in ours.keys() & theirs.keys())

    def _known(self, row: Record) -> Record:
        """`row` without what is looked at apart, its accounts being those of this newsroom."""
        people = BY.values()
        return {
            name: value if name not in people or value in self.people.keys else None
            for name, value in row.items()
            if name not in APART
        }

    def _files(self, pk: int, record: Record) -> None:
        for stored, name in record["media"].items():
            if not is_inside(stored) or stored.split("/")[0] not in storing.FOLDERS:
                raise ValueError(stored)
            member = f"releases/{pk}/{name}"
            if member in self.archive and not self.dry_run:  # else it was missing already
                storing.put(stored, Member(self.archive, member))

    def _count(self, pk: int, views: Record, days: list[list[Any]]) -> None:
        # What a deleted release of that number had left is not this one's.
        ViewCounter.objects.filter(pk=pk).delete()
        DailyViews.objects.filter(release=pk).delete()
        if any(views.values()):
            ViewCounter.objects.create(release_id=pk, **views)
        DailyViews.objects.bulk_create(
            DailyViews(
                release_id=pk,
                day=day,
                count=count,
                repeats=repeats,
                robots=robots,
                staff=staff,
                cut_off=cut_off,
            )
            for day, count, repeats, robots, staff, cut_off in days
        )

    def _lead_on(self, replaced: dict[int, int]) -> None:
        """Let replaced releases lead where they led; those that do already are left alone."""
        for pk, to in replaced.items():
            wrong = Release.objects.filter(pk=pk, replaced_by=None, withdrawn_at__isnull=False)
            if Release.objects.filter(pk=to).exists() and wrong.update(replaced_by=to):
                edition.changed()

    # What the archive holds

    def _numbers(self) -> list[int]:
        ending = f"/{RELEASE}"
        return sorted(
            int(name.split("/")[1])
            for name in self.archive.names
            if name.startswith("releases/") and name.endswith(ending) and name.count("/") == 2
        )

    def _read(self, member: str) -> Any:
        return json.loads(b"".join(self.archive.chunks(member)))

    def _days(self) -> Iterator[tuple[int, list[list[Any]]]]:
        """Each release with its day counts, by number."""
        lines = (line.decode() for line in self.archive.lines(VIEWS))
        rows = csv.reader(lines)
        next(rows, None)
        for pk, days in itertools.groupby(rows, key=lambda row: int(row[0])):
            yield pk, [[day, *map(int, numbers)] for _pk, day, *numbers in days]


def _words(columns: dict[str, str]) -> int:
    """How many words the headlines, summaries, texts and places of a release have."""
    return words_of("\n".join(map(lines, columns.values()))).total()


def _batches(rows: list[Record]) -> Iterator[list[Record]]:
    for start in range(0, len(rows), BATCH):
        yield rows[start : start + BATCH]


def _was_deleted(pk: int, record: Record) -> bool:
    """Whether the release of `record` was here and was deleted: no other that had its number."""
    step = versions.deletion_of(pk)
    if step is None:
        return False
    created_at = step.before.get("created_at")
    theirs = parse_datetime(record["release"]["created_at"])
    # Of what was deleted before that was noted, its number has to do.
    return created_at is None or parse_datetime(created_at) == theirs


def _edited_here() -> str:
    return _("it was edited here since; --overwrite takes the archive’s.")
