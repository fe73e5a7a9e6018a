"""Parsed releases -> rows. With `offices`, all of intake that knows the database.

Each release is saved whole or not at all. What it was read as is remembered as a digest, so
that a second run can tell three things apart: nothing new came in, the text elsewhere has
changed, or an editor has changed the release here, whose words an import never overwrites
unless it is told to.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import date, datetime, time
from enum import StrEnum
from functools import cached_property
from typing import Any

from django.contrib.auth.models import AbstractUser
from django.db import DatabaseError, IntegrityError, transaction
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contacts.bilingual import LANGUAGES, language_of
from contacts.models import Mission
from contacts.names import same_name
from contacts.text import clean_line
from releases import counting, versions
from releases.fields import clean_html
from releases.models import Release, ReleaseContact, State
from releases.prose import to_html
from releases.search import index

from .incoming import IncomingContact, IncomingRelease, RefusedRelease, Remark
from .offices import directory_entry, found_mission, mission_of
from .posts import IncomingPost


class Outcome(StrEnum):
    """What became of an incoming release."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    REFUSED = "refused"
    LEFT_OUT = "left out"  # by design: it is no release


OUTCOMES = {
    Outcome.CREATED: gettext_lazy("created"),
    Outcome.UPDATED: gettext_lazy("updated"),
    Outcome.UNCHANGED: gettext_lazy("unchanged"),
    Outcome.REFUSED: gettext_lazy("refused"),
    Outcome.LEFT_OUT: gettext_lazy("left out"),
}


# The columns that a text fills in one language and leaves empty in the other.
WORDS = [f"{name}_{lang}" for name in ("title", "body", "dateline") for lang in LANGUAGES]


@dataclass(frozen=True)
class Saved:
    """What was done with one incoming release, and what a person should know of it."""

    outcome: Outcome
    title: str
    line: int
    release: Release | None = None
    remarks: tuple[Remark, ...] = ()


class Refusal(Exception):
    """A release cannot be saved; the text says why, `line` where."""

    def __init__(self, line: int, reason: str):
        self.line, self.reason = line, reason
        super().__init__(reason)


@dataclass
class Importer:
    """Saves incoming releases one after the other, each in a transaction of its own.

    `create_missions`: found a mission for a place that none goes by. `overwrite`: take the
    incoming text even where an editor has changed the release since it came in. A `dry_run` says
    what would be done; it undoes each by itself, so that nobody waits for it.
    """

    create_missions: bool = False
    overwrite: bool = False
    dry_run: bool = False
    _lines: dict[str, int] = field(default_factory=dict)
    # What a dry run has undone, and would be there: releases by their key, slugs of missions.
    _tried: dict[str, IncomingRelease] = field(default_factory=dict)
    _founded: set[str] = field(default_factory=set)

    @cached_property
    def _deleted(self) -> set[str]:
        return versions.source_keys_of_deleted()

    def next_file(self) -> None:
        """From here on line numbers are another file's."""
        self._lines.clear()

    def save_all(self, incoming: Iterable[IncomingRelease | RefusedRelease]) -> Iterator[Saved]:
        """Save each and yield what was done with it, in order."""
        for release in incoming:
            yield self.save(release)

    def save(self, incoming: IncomingRelease | RefusedRelease) -> Saved:
        """Save one release whole, or not at all."""
        if isinstance(incoming, RefusedRelease):
            remark = Remark(incoming.line, incoming.reason)
            return Saved(Outcome.REFUSED, incoming.title, incoming.line, remarks=(remark,))
        with transaction.atomic() if self.dry_run else nullcontext():
            saved = _whole_or_not(
                incoming, lambda remarks: self._save(incoming, remarks), IntegrityError
            )
            if self.dry_run:
                transaction.set_rollback(True)
        return saved

    def _save(self, incoming: IncomingRelease, remarks: list[Remark]) -> tuple[Outcome, Release]:
        _check(incoming)
        key = source_key(incoming)
        if (line := self._lines.setdefault(key, incoming.line)) != incoming.line:
            raise Refusal(
                incoming.line,
                _("the same date and headline as the release at line %(line)d.") % {"line": line},
            )
        mission, dateline = self._mission(incoming, remarks)
        values = _values(incoming, mission, dateline)
        digest = _digest(values, incoming.contacts)
        release = Release.objects.select_for_update().filter(source_key=key).first()
        if release is None:
            if key in self._deleted and not self.overwrite:
                raise Refusal(incoming.line, deleted_here())
            release = _create(key, values)
            if tried := self._tried.get(key):
                return Outcome.UNCHANGED if tried == incoming else Outcome.UPDATED, release
            outcome = Outcome.CREATED
            if self.dry_run:
                self._tried[key] = incoming
        elif release.source_digest == digest:
            outcome = Outcome.UNCHANGED
        elif _is_as_imported(release):
            outcome = Outcome.UPDATED
        elif self.overwrite:
            # The file has one language of each; an editor's translation is not the file's to clear.
            values = {name: value for name, value in values.items() if value or name not in WORDS}
            outcome = Outcome.UPDATED
        else:
            raise Refusal(
                incoming.line,
                _("it was edited here after it had come in; --overwrite takes the file’s text."),
            )
        if outcome != Outcome.UNCHANGED:
            if outcome == Outcome.UPDATED:
                versions.keep(release)
            for name, value in values.items():
                setattr(release, name, value)
            release.source_digest = digest
            release.save()
            replace_contacts(release, incoming.contacts, mission)
            versions.keep(release)
        if incoming.views is not None:
            is_news = counting.set_imported(release.pk, incoming.views)
            if is_news and outcome == Outcome.UNCHANGED:
                outcome = Outcome.UPDATED
        return outcome, release

    def _mission(
        self, incoming: IncomingRelease, remarks: list[Remark]
    ) -> tuple[Mission | None, str]:
        """The mission that the place stands for, and the place where it is not its name."""
        if not incoming.place:
            return None, ""
        mission = mission_of(incoming.place)
        if mission is None and self.create_missions:
            told: list[Remark] = []
            mission = _found(incoming, told)
            if mission and mission.slug not in self._founded:
                remarks += told
                if self.dry_run:
                    self._founded.add(mission.slug)
        if mission is None:
            remarks.append(
                Remark(
                    incoming.place_line,
                    _(
                        "no mission goes by “%(place)s”; the place stays in the text. "
                        "--create-missions would found one."
                    )
                    % {"place": incoming.place},
                )
            )
            return None, ""
        return mission, _dateline(incoming, mission)


def deleted_here() -> str:
    """Why what somebody here has deleted does not come again."""
    return _("it was deleted here; --overwrite brings it back.")


@dataclass(frozen=True)
class Mended:
    """A release that somebody has looked over: what was read, and what they want of it.

    `mission` is theirs to choose; `founding`: found one for the place, where none goes by it.
    `another`: save it although it is here already.
    """

    read: IncomingRelease
    wanted: IncomingRelease
    mission: Mission | None = None
    founding: bool = False
    another: bool = False


@dataclass
class Drafts:
    """Saves mended releases as drafts of `author`, each in a transaction of its own.

    A draft remembers the text that it came from, so that the same text is known again when it
    is pasted or imported later; what was mended counts as an editor's change.
    """

    author: AbstractUser
    _lines: dict[str, int] = field(default_factory=dict)

    def save(self, mended: Mended) -> Saved:
        """Save one release whole, or not at all."""
        return _whole_or_not(
            mended.wanted, lambda remarks: self._save(mended, remarks), DatabaseError
        )

    def _save(self, mended: Mended, remarks: list[Remark]) -> tuple[Outcome, Release]:
        wanted = mended.wanted
        _check(wanted)
        key = key_of(mended)
        if not mended.another and (line := self._lines.get(key)):
            raise Refusal(
                wanted.line,
                _("the same date and headline as the release at line %(line)d.") % {"line": line},
            )
        here = Release.objects.select_for_update().filter(source_key=key).first()
        if here and not mended.another:
            if not differences(here, mended):
                return Outcome.UNCHANGED, here
            raise Refusal(wanted.line, _("it is here already, and says something else."))
        mission = mended.mission
        if mended.founding:
            mission = mission_of(wanted.place) or _found(wanted, remarks)
            if mission is None:
                raise Refusal(
                    wanted.place_line,
                    _("no mission can be founded for “%(place)s”.") % {"place": wanted.place},
                )
        values = wanted_values(wanted, mission)
        release = Release(
            author=self.author,
            **values,
        )
        if not here:
            release.source_key = key
            release.source_digest = _digest_as_read(mended.read, values, wanted)
        release.save()
        counting.set_imported(release.pk, wanted.views or 0)
        replace_contacts(release, wanted.contacts, mission)
        versions.keep(release, by=self.author)
        self._lines.setdefault(key, wanted.line)
        return Outcome.CREATED, release


def key_of(mended: Mended) -> str:
    """Which release this is: by the text that was read, where that has a date and a headline."""
    as_read = mended.read.release_date and mended.read.title
    return source_key(mended.read if as_read else mended.wanted)


def wanted_values(wanted: IncomingRelease, mission: Mission | None) -> dict[str, Any]:
    """The columns of a draft; the day on which it is to be posted is as it was wanted."""
    values = _values(wanted, mission, _dateline(wanted, mission) if mission else "")
    return values | {"publish_at": wanted.posted_on and midnight(wanted.posted_on)}


def differences(release: Release, mended: Mended) -> dict[str, tuple[Any, Any]]:
    """What `release` says otherwise than is wanted: column -> (here, wanted).

    "contacts" stands for the rows of the contact block, as IncomingContact.
    """
    mission = mended.mission
    if mended.founding:
        mission = mission_of(mended.wanted.place)
    values = wanted_values(mended.wanted, mission)
    pairs = {name: (getattr(release, name), value) for name, value in values.items()}
    rows = tuple(
        IncomingContact(row.name, row.office, row.phone, row.email) for row in release.contact_block
    )
    pairs["contacts"] = (rows, mended.wanted.contacts)
    return {name: (here, there) for name, (here, there) in pairs.items() if here != there}


def _digest_as_read(read: IncomingRelease, values: dict[str, Any], wanted: IncomingRelease) -> str:
    """What an import of the same text would remember; of a text with faults, what was saved."""
    if not (read.release_date and read.title and read.paragraphs):
        return _digest(values, wanted.contacts)
    mission = mission_of(read.place) if read.place else None
    dateline = _dateline(read, mission) if mission else ""
    return _digest(_values(read, mission, dateline), read.contacts)


def _whole_or_not(
    incoming: IncomingRelease,
    save: Callable[[list[Remark]], tuple[Outcome, Release]],
    refused_by: type[DatabaseError],
) -> Saved:
    """What became of `incoming` when `save` was called in a transaction of its own."""
    remarks = list(incoming.remarks)
    try:
        with index.once():  # a transaction
            outcome, release = save(remarks)
    except refused_by:
        # Another run saved the same release in this moment.
        reason = _("the database refused it; try again.")
        remarks = [*incoming.remarks, Remark(incoming.line, reason)]
        outcome, release = Outcome.REFUSED, None
    except Refusal as refusal:
        # What was remarked on the way, a new mission say, was undone with the rest.
        remarks = [*incoming.remarks, Remark(refusal.line, refusal.reason)]
        outcome, release = Outcome.REFUSED, None
    return Saved(
        outcome,
        incoming.title,
        incoming.line,
        release,
        tuple(sorted(remarks, key=lambda remark: remark.line)),
    )


def _found(incoming: IncomingRelease, remarks: list[Remark]) -> Mission | None:
    """A new mission for the place of `incoming`, and a remark on it."""
    if mission := found_mission(incoming.place):
        remarks.append(
            Remark(
                incoming.place_line,
                _("the mission “%(mission)s” is new; look it over.") % {"mission": mission},
            )
        )
    return mission


def _dateline(incoming: IncomingRelease, mission: Mission) -> str:
    """The place as printed, where it is not the mission's name."""
    lang = language_of("\n".join(incoming.paragraphs))
    printed = getattr(mission, f"name_{lang}") or str(mission)
    return "" if printed == incoming.place else incoming.place


def source_key(incoming: IncomingRelease) -> str:
    """Which release this is: the same date and headline make the same release."""
    title = hashlib.sha256(same_name(incoming.title).encode()).hexdigest()[:24]
    return f"text:{incoming.release_date:%Y-%m-%d}:{title}"


def _check(incoming: IncomingRelease) -> None:
    """Refuse what the database cannot hold, instead of cutting it."""
    limit = most(Release, "title_ko")
    if len(incoming.title) > limit:
        raise Refusal(
            incoming.line,
            _("the headline has %(length)d characters; expected %(limit)d at most.")
            % {"length": len(incoming.title), "limit": limit},
        )
    if not any(map(clean_line, incoming.paragraphs)) or not clean_line(incoming.title):
        raise Refusal(incoming.line, _("a release needs a text below its headline."))
    check_contacts(incoming)


def check_contacts(incoming: IncomingRelease | IncomingPost) -> None:
    """Refuse a contact block that the database cannot hold."""
    printed = [(incoming.contact_heading, most(Release, "contact_heading"))]
    for contact in incoming.contacts:
        for name in ("name", "office", "phone", "email"):
            printed.append((getattr(contact, name), most(ReleaseContact, name)))
    for text, limit in printed:
        if len(text) > limit:
            raise Refusal(
                incoming.line,
                _("“%(text)s…” is too long for a contact; expected %(limit)d characters.")
                % {"text": text[:40], "limit": limit},
            )


def most(model: type[Model], field: str) -> int:
    """How many characters the column `field` holds."""
    return model._meta.get_field(field).max_length


def _values(incoming: IncomingRelease, mission: Mission | None, dateline: str) -> dict[str, Any]:
    """The columns of the release as they are stored."""
    paragraphs = list(incoming.paragraphs)
    if incoming.place and not mission:
        paragraphs[0] = f"{incoming.place}{incoming.dash}{paragraphs[0]}"
    lang = language_of("\n".join(paragraphs))
    return {
        **dict.fromkeys(WORDS, ""),
        f"title_{language_of(incoming.title)}": incoming.title,
        f"body_{lang}": clean_html(to_html(paragraphs)),
        f"dateline_{lang}": dateline,
        "mission": mission,
        "release_date": incoming.release_date,
        "contact_heading": incoming.contact_heading,
        "publish_at": midnight(incoming.posted_on or incoming.release_date),
    }


def midnight(day: date) -> datetime:
    """The start of `day` where the newsroom is: the old site kept no hour."""
    return timezone.make_aware(datetime.combine(day, time()))


def _digest(values: dict[str, Any], contacts: Iterable[IncomingContact]) -> str:
    plain = {
        name: value.pk if isinstance(value, Mission) else str(value)
        for name, value in values.items()
        if name != "publish_at"
    }
    plain["publish_at"] = values["publish_at"].timestamp() if values["publish_at"] else None
    plain["contacts"] = [[c.name, c.office, c.phone, c.email] for c in contacts]
    return hashlib.sha256(json.dumps(plain, sort_keys=True).encode()).hexdigest()


def _is_as_imported(release: Release) -> bool:
    """Whether nobody has changed what the import saved."""
    names = [*WORDS, "mission", "release_date", "contact_heading", "publish_at"]
    values = {name: getattr(release, name) for name in names}
    return _digest(values, release.contact_block) == release.source_digest


def _create(key: str, values: dict[str, Any]) -> Release:
    """A new release that the public may read from its posted day on, as on the old site."""
    now = timezone.now()
    return Release(source_key=key, submitted_at=now, approved_at=now, **values)


def replace_contacts(
    release: Release, contacts: Iterable[IncomingContact], mission: Mission | None
) -> None:
    """Let `contacts` be the contact block of `release`."""
    release.contacts.all().delete()
    ReleaseContact.objects.bulk_create(
        ReleaseContact(
            release=release,
            position=position,
            contact=directory_entry(contact, mission, found=release.state == State.PUBLIC),
            name=contact.name,
            office=contact.office,
            phone=contact.phone,
            email=contact.email,
        )
        for position, contact in enumerate(contacts)
    )
