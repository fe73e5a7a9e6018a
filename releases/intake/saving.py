"""Parsed releases -> rows. The one module of intake that knows the database.

Each release is saved whole or not at all. What it was read as is remembered as a digest, so
that a second run can tell three things apart: nothing new came in, the text elsewhere has
changed, or an editor has changed the release here, whose words an import never overwrites
unless it is told to.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time
from enum import StrEnum
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contacts.bilingual import language_of
from contacts.countries import country_named
from contacts.models import Mission, PressContact
from contacts.names import same_name
from releases.fields import clean_html
from releases.models import Release, ReleaseContact
from releases.prose import to_html

from .incoming import IncomingContact, IncomingRelease, RefusedRelease, Remark


class Outcome(StrEnum):
    """What became of an incoming release."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    REFUSED = "refused"


OUTCOMES = {
    Outcome.CREATED: gettext_lazy("created"),
    Outcome.UPDATED: gettext_lazy("updated"),
    Outcome.UNCHANGED: gettext_lazy("unchanged"),
    Outcome.REFUSED: gettext_lazy("refused"),
}


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
    incoming text even where an editor has changed the release since it came in.
    """

    create_missions: bool = False
    overwrite: bool = False
    _lines: dict[str, int] = field(default_factory=dict)

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
        remarks = list(incoming.remarks)
        try:
            with transaction.atomic():
                outcome, release = self._save(incoming, remarks)
        except Refusal as refusal:
            remarks.append(Remark(refusal.line, refusal.reason))
            outcome, release = Outcome.REFUSED, None
        return Saved(
            outcome,
            incoming.title,
            incoming.line,
            release,
            tuple(sorted(remarks, key=lambda remark: remark.line)),
        )

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
            release = _create(key, values, incoming)
            outcome = Outcome.CREATED
        elif release.source_digest == digest:
            outcome = Outcome.UNCHANGED
        elif self.overwrite or _is_as_imported(release):
            outcome = Outcome.UPDATED
        else:
            raise Refusal(
                incoming.line,
                _("it was edited here after it had come in; --overwrite takes the file’s text."),
            )
        if outcome != Outcome.UNCHANGED:
            for name, value in values.items():
                setattr(release, name, value)
            release.source_digest = digest
            release.save()
            _replace_contacts(release, incoming.contacts, mission)
        if _take_views(release, incoming.views) and outcome == Outcome.UNCHANGED:
            outcome = Outcome.UPDATED
        return outcome, release

    def _mission(
        self, incoming: IncomingRelease, remarks: list[Remark]
    ) -> tuple[Mission | None, str]:
        """The mission that the place stands for, and the place where it is not its name."""
        if not incoming.place:
            return None, ""
        lang = _text_language(incoming)
        # "Nairobi, Kenya" is Kenya's; the whole is tried first, then its parts from the last.
        parts = [incoming.place, *reversed(re.split(r"\s*[,/&]\s*", incoming.place)[1:])]
        for part in parts:
            if mission := Mission.objects.all().named(part):
                printed = getattr(mission, f"name_{lang}") or str(mission)
                return mission, "" if printed == incoming.place else incoming.place
        if self.create_missions:
            mission = _found_mission(incoming.place, parts)
            remarks.append(
                Remark(
                    incoming.place_line,
                    _("the mission “%(mission)s” is new; look it over.") % {"mission": mission},
                )
            )
            printed = getattr(mission, f"name_{lang}")
            return mission, "" if printed == incoming.place else incoming.place
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


def source_key(incoming: IncomingRelease) -> str:
    """Which release this is: the same date and headline make the same release."""
    title = hashlib.sha256(same_name(incoming.title).encode()).hexdigest()[:24]
    return f"text:{incoming.release_date:%Y-%m-%d}:{title}"


def _check(incoming: IncomingRelease) -> None:
    """Refuse what the database cannot hold, instead of cutting it."""
    limit = Release._meta.get_field("title_ko").max_length
    if len(incoming.title) > limit:
        raise Refusal(
            incoming.line,
            _("the headline has %(length)d characters; expected %(limit)d at most.")
            % {"length": len(incoming.title), "limit": limit},
        )
    if not incoming.paragraphs:
        raise Refusal(incoming.line, _("a release needs a text below its headline."))
    for contact in incoming.contacts:
        for name in ("name", "office", "phone", "email"):
            limit = ReleaseContact._meta.get_field(name).max_length
            if len(getattr(contact, name)) > limit:
                raise Refusal(
                    incoming.line,
                    _("“%(text)s…” is too long for a contact; expected %(limit)d characters.")
                    % {"text": getattr(contact, name)[:40], "limit": limit},
                )


def _text_language(incoming: IncomingRelease) -> str:
    return language_of("\n".join(incoming.paragraphs))


def _values(incoming: IncomingRelease, mission: Mission | None, dateline: str) -> dict[str, Any]:
    """The columns of the release as they are stored."""
    title_lang, lang = language_of(incoming.title), _text_language(incoming)
    paragraphs = list(incoming.paragraphs)
    if incoming.place and not mission:
        paragraphs[0] = f"{incoming.place}{incoming.dash}{paragraphs[0]}"
    values = {
        f"{name}_{language}": ""
        for name in ("title", "body", "dateline")
        for language in ("ko", "en")
    }
    values[f"title_{title_lang}"] = incoming.title
    values[f"body_{lang}"] = clean_html(to_html(paragraphs))
    values[f"dateline_{lang}"] = dateline
    return values | {
        "mission": mission,
        "release_date": incoming.release_date,
        "contact_heading": incoming.contact_heading,
        "publish_at": _midnight(incoming.posted_on or incoming.release_date),
    }


def _midnight(day: date) -> datetime:
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
    names = [f"{name}_{lang}" for name in ("title", "body", "dateline") for lang in ("ko", "en")]
    names += ["mission", "release_date", "contact_heading", "publish_at"]
    values = {name: getattr(release, name) for name in names}
    return _digest(values, release.contact_block) == release.source_digest


def _create(key: str, values: dict[str, Any], incoming: IncomingRelease) -> Release:
    """A new release that the public may read from its posted day on, as on the old site."""
    now = timezone.now()
    release = Release(source_key=key, submitted_at=now, approved_at=now, **values)
    release.views = release.imported_views = incoming.views or 0
    return release


def _replace_contacts(
    release: Release, contacts: Iterable[IncomingContact], mission: Mission | None
) -> None:
    release.contacts.all().delete()
    ReleaseContact.objects.bulk_create(
        ReleaseContact(
            release=release,
            position=position,
            contact=_directory_entry(contact, mission),
            name=contact.name,
            office=contact.office,
            phone=contact.phone,
            email=contact.email,
        )
        for position, contact in enumerate(contacts)
    )


def _directory_entry(contact: IncomingContact, mission: Mission | None) -> PressContact:
    """The directory's entry for a printed contact; a new one where there is none.

    A person is known by name and email, else by name and mission. What the directory says of
    them is never changed by an import.
    """
    named = PressContact.objects.filter(name__iexact=contact.name)
    entry = contact.email and named.filter(email__iexact=contact.email).first()
    if entry := entry or named.filter(mission=mission).first():
        return entry
    return PressContact.objects.create(
        name=contact.name,
        office=contact.office,
        mission=mission,
        phone=contact.phone,
        email=contact.email,
    )


def _take_views(release: Release, views: int | None) -> bool:
    """Move the imported part of the counter to `views`; what was counted here stays."""
    if views is None or views == release.imported_views:
        return False
    counted_here = release.views - release.imported_views
    release.views, release.imported_views = views + counted_here, views
    release.save(update_fields=["views", "imported_views"])
    return True


def _found_mission(place: str, parts: list[str]) -> Mission:
    """A new mission for `place`: with its country's names and time zone where it is one."""
    country = next(filter(None, map(country_named, parts)), None)
    if country is None:
        lang = language_of(place)
        return Mission.objects.create(
            **{f"name_{lang}": place}, slug=Mission.free_slug(place), time_zone="UTC"
        )
    return Mission.objects.create(
        name_ko=country.name_ko,
        name_en=country.name_en,
        slug=Mission.free_slug(country.name_en),
        aliases="\n".join(country.aliases),
        country_code=country.code,
        time_zone=country.time_zone,
    )
