"""Versions of a release: every save is kept whole, by whom and when.

A version holds what a reader would see or an editor has written. Of what a form holds besides,
the planned time of a draft and the public reasons of a withdrawal are kept to be compared,
and never brought back: old words neither publish nor hide anything.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any, NamedTuple

from django.contrib.auth.models import AbstractUser
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Exists, Max, OuterRef, Subquery
from django.utils import formats, timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contacts.models import Mission, PressContact

from . import doctor, storing
from .differences import Run, is_changed, marked
from .fields import CleanHTMLField
from .models import Release, ReleaseContact, ShareLink, State, Step, Version
from .prose import to_paragraphs

Content = dict[str, Any]  # all that a version keeps, as JSON can hold it

DELETE, RECOVER = "delete", "recover"
MOVE_IN = "move_in"
CORRECT, REWORD, HIDE, SHOW = "correct", "reword_correction", "hide_version", "show_version"
# What the log says of these steps, after a name; they are no verbs of the workflow.
LOGGED = {
    DELETE: gettext_lazy("deleted it"),
    RECOVER: gettext_lazy("brought it back after it was deleted"),
    MOVE_IN: gettext_lazy("brought it over from the old site"),
    CORRECT: gettext_lazy("corrected it in public"),
    REWORD: gettext_lazy("mended the note of a correction, which had said"),
    HIDE: gettext_lazy("hid an earlier public version"),
    SHOW: gettext_lazy("showed an earlier public version again"),
}


class Kind(StrEnum):
    TEXT = "text"
    HTML = "html"
    DAY = "day"
    MOMENT = "moment"
    MISSION = "mission"


class Field(NamedTuple):
    """A column that versions keep."""

    name: str
    is_restored: bool = True

    @property
    def column(self) -> models.Field:
        return Release._meta.get_field(self.name)

    @property
    def label(self) -> str:
        return str(self.column.verbose_name)

    @property
    def kind(self) -> Kind:
        kinds = {
            CleanHTMLField: Kind.HTML,
            models.DateTimeField: Kind.MOMENT,
            models.DateField: Kind.DAY,
            models.ForeignKey: Kind.MISSION,
        }
        return next((k for cls, k in kinds.items() if isinstance(self.column, cls)), Kind.TEXT)


class Block(NamedTuple):
    """Rows that belong to a release and are kept, compared and brought back together.

    `read` gives them as JSON, `write` puts them in place of those that are there and says
    what it had to mend, `line` shows one to a person.
    """

    name: str
    label: Promise
    read: Callable[[Release], list[dict[str, Any]]]
    write: Callable[[Release, list[dict[str, Any]]], list[str]]
    line: Callable[[dict[str, Any]], str]


ROW = ["name", "office", "phone", "email"]


def _read_contacts(release: Release) -> list[dict[str, Any]]:
    return [
        {"contact": row.contact_id, **{name: getattr(row, name) for name in ROW}}
        for row in ReleaseContact.objects.filter(release=release)
    ]


def _write_contacts(release: Release, rows: list[dict[str, Any]]) -> list[str]:
    wanted = {row["contact"] for row in rows if row["contact"]}
    known = set(PressContact.objects.filter(pk__in=wanted).values_list("pk", flat=True))
    release.contacts.all().delete()
    ReleaseContact.objects.bulk_create(
        ReleaseContact(
            release=release,
            position=position,
            contact_id=row["contact"] if row["contact"] in known else None,
            **{name: row[name] for name in ROW},
        )
        for position, row in enumerate(rows)
    )
    return [
        _("“%(name)s” is no longer in the directory: the row stands as it was printed.")
        % {"name": row["name"]}
        for row in rows
        if row["contact"] and row["contact"] not in known
    ]


def _contact_line(row: dict[str, Any]) -> str:
    return " · ".join(filter(None, (row.get(name) or "" for name in ROW)))


def _picture_line(row: dict[str, Any]) -> str:
    said = [row.get(name) or "" for name in ("alt_ko", "alt_en", "caption_ko", "caption_en")]
    if row.get("is_decorative"):
        said.insert(0, _("decorative"))
    crop = f"{row.get('crop_x')}/{row.get('crop_y')}"
    # `what` is there in a conflict, to tell rows apart.
    return " · ".join(filter(None, [row.get("what"), *said, row.get("credit"), crop]))


def _file_line(row: dict[str, Any]) -> str:
    return " · ".join(filter(None, (row.get(n) for n in ("what", "name", "title_ko", "title_en"))))


FIELDS = [
    Field("title_ko"),
    Field("summary_ko"),
    Field("body_ko"),
    Field("title_en"),
    Field("summary_en"),
    Field("body_en"),
    Field("mission"),
    Field("dateline_ko"),
    Field("dateline_en"),
    Field("release_date"),
    # Once a release is approved its time is moved by a step, which the log remembers.
    Field("publish_at", is_restored=False),
    Field("slug"),
    Field("contact_heading"),
    Field("withdrawal_reason_ko", is_restored=False),
    Field("withdrawal_reason_en", is_restored=False),
]
BLOCKS = [
    Block(
        "contacts", gettext_lazy("contact block"), _read_contacts, _write_contacts, _contact_line
    ),
    Block(
        "pictures",
        gettext_lazy("pictures"),
        storing.pictures_of,
        storing.put_back_pictures,
        _picture_line,
    ),
    Block("files", gettext_lazy("files"), storing.files_of, storing.put_back_files, _file_line),
]

# Columns that no version holds and that a release brought back has again.
REMEMBERED = ["author_id", "source_key", "source_digest"]


class Difference(NamedTuple):
    """One field or block that two contents have differently."""

    name: str
    label: str
    runs: list[Run]
    is_markup_only: bool = False  # the words are the same

    @property
    def lang(self) -> str:
        """The language of its text, "" where that is the page's."""
        return language_of_field(self.name)


def content_of(release: Release) -> Content:
    """All that a version keeps of `release`; the rows of its blocks in order."""
    columns = {field.name: field.column.attname for field in FIELDS}
    content = {field.name: stored(field, getattr(release, columns[field.name])) for field in FIELDS}
    if release.approved_at:
        del content["publish_at"]
    return content | {block.name: block.read(release) for block in BLOCKS}


def stored(field: Field, value: Any) -> Any:
    """`value` of `field` as a version keeps it; what is not of its kind stays as typed."""
    if value is None or isinstance(value, str):
        text = value and value.replace("\r\n", "\n")
        return text or (None if field.kind in (Kind.MOMENT, Kind.MISSION, Kind.DAY) else "")
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return value.isoformat() if isinstance(value, date) else getattr(value, "pk", value)


def newest_number(release: Release) -> int:
    """The number of the last version of `release`, 0 before the first."""
    return release.versions.aggregate(Max("number"))["number__max"] or 0


@transaction.atomic
def keep(release: Release, by: AbstractUser | None = None) -> Version | None:
    """Keep what `release` says now, as saved by `by`; None when its last version says the same.

    Call it in the transaction that saved the release, after its rows; of a public release
    before it is changed as well, so that what the public read until now is known as such.
    """
    release = Release.objects.select_for_update().get(pk=release.pk)
    doctor.note(release)
    content = content_of(release)
    newest = release.versions.first()
    is_new = newest is None or not _says(newest, content)
    if is_new:
        newest = Version(
            release=release,
            number=newest.number + 1 if newest else 1,
            saved_by=by,
            content=content,
        )
    if release.state == State.PUBLIC and newest.public_number is None:
        shown = release.versions.aggregate(Max("public_number"))["public_number__max"]
        newest.public_number = (shown or 0) + 1
        # What an import posts in the past is read as of then. Of a later version the posted time
        # alone would not do: that is one of the release.
        newest.public_at = release.publish_at
        if shown:
            written_at = release.edited_at if is_new else newest.saved_at
            newest.public_at = max(written_at, release.approved_at, release.publish_at)
        newest.save()
    elif is_new:
        newest.save()
    return newest if is_new else None


def _says(version: Version, content: Content) -> bool:
    """Whether `version` says all of `content`; once approved, the planned time is no part of it."""
    kept = version.content
    return all(name in kept and kept[name] == value for name, value in content.items())


# Comparing


def text_of(name: str, value: Any) -> str:
    """What a person reads where `name` is `value`; paragraphs are parted by a blank line."""
    for block in BLOCKS:
        if block.name == name:
            return "\n\n".join(block.line(row) for row in value or [])
    field = next(field for field in FIELDS if field.name == name)
    if value in (None, ""):
        return ""
    if field.kind == Kind.HTML:
        return "\n\n".join(to_paragraphs(value))
    if field.kind == Kind.MISSION:
        mission = Mission.objects.filter(pk=value).first() if isinstance(value, int) else None
        return str(mission) if mission else _("a mission that is gone (%s)") % value
    if field.kind == Kind.DAY:
        day = _parsed(parse_date, value)
        return formats.date_format(day, "DATE_FORMAT") if day else str(value)
    if field.kind == Kind.MOMENT:
        moment = _parsed(parse_datetime, value)
        return moment_in_seoul(moment) if moment else str(value)
    return str(value)


def moment_in_seoul(moment: datetime) -> str:
    """Day and minute in figures: "2026-11-24 19:41"."""
    local = timezone.localtime(moment) if timezone.is_aware(moment) else moment
    return f"{local:%Y-%m-%d %H:%M}"


def _parsed(parse: Callable[[str], Any], value: Any) -> Any:
    try:
        return parse(value)
    except (TypeError, ValueError):
        return None


def language_of_field(name: str) -> str:
    """Give "ko" or "en" where `name` is a column of that language, else ""."""
    return name[-2:] if name.endswith(("_ko", "_en")) else ""


def labels() -> Iterator[tuple[str, str]]:
    """Name and label of each field and block, in the order of the form."""
    yield from ((field.name, field.label) for field in FIELDS)
    yield from ((block.name, str(block.label)) for block in BLOCKS)


def differences(old: Content, new: Content) -> list[Difference]:
    """What `new` has differently from `old`, among what both of them hold."""
    found = []
    for name, label in labels():
        if name in old and name in new and old[name] != new[name]:
            runs = marked(text_of(name, old[name]), text_of(name, new[name]))
            found.append(Difference(name, label, runs, not is_changed(runs)))
    return found


def changed_labels(old: Content | None, new: Content) -> list[str]:
    """What was changed from `old`, in few words, without comparing any text."""
    if old is None:
        return []
    return [
        label for name, label in labels() if name in old and name in new and old[name] != new[name]
    ]


# Bringing back


@transaction.atomic
def restore(version: Version, by: AbstractUser | None = None) -> list[str]:
    """Let a release say again what `version` holds, as a new version; its times stay.

    Returns what had to be mended, as sentences for the editor. Raises ValidationError where
    the release may not say that where it stands now.
    """
    release = Release.objects.select_for_update().get(pk=version.release_id)
    # What was written past the desk is kept before it goes.
    keep(release)
    notes = fill(release, version.content)
    release.validate_constraints()
    release.save()
    notes += _write_blocks(release, version.content)
    keep(release, by)
    return notes


def fill(release: Release, content: Content, *, everything: bool = False) -> list[str]:
    """Give `release` the columns of `content`, unsaved; returns what had to be mended.

    Those that are never brought back only with `everything`.
    """
    notes = []
    for field in FIELDS:
        if field.name not in content or not (field.is_restored or everything):
            continue
        value = content[field.name]
        if field.kind == Kind.MISSION:
            found = value is None or Mission.objects.filter(pk=value).exists()
            if not found:
                notes.append(_("The mission is gone: choose another."))
            release.mission_id = value if found else None
        elif field.kind == Kind.DAY:
            setattr(release, field.name, parse_date(value))
        elif field.kind == Kind.MOMENT:
            setattr(release, field.name, value and parse_datetime(value))
        else:
            setattr(release, field.name, value)
    return notes


def _write_blocks(release: Release, content: Content) -> list[str]:
    return [
        note
        for block in BLOCKS
        if block.name in content
        for note in block.write(release, content[block.name])
    ]


@transaction.atomic
def delete(release: Release, by: AbstractUser | None = None) -> None:
    """Delete `release` so that it can be brought back; the log says who did it."""
    release = Release.objects.select_for_update().get(pk=release.pk)
    keep(release)
    Step.objects.create(
        release=release,
        verb=DELETE,
        at=timezone.now(),
        by=by,
        version=newest_number(release),
        before={name: getattr(release, name) for name in REMEMBERED}
        | {"created_at": release.created_at.isoformat()},
    )
    # Were it brought back, nobody outside would find it again without being asked to.
    shared = ShareLink.objects.filter(release=release, revoked_at=None)
    shared.update(revoked_at=timezone.now(), revoked_by=by)
    release.delete()


def source_keys_of_deleted() -> set[str]:
    """Those of all releases that were deleted, be they back or not."""
    steps = Step.objects.filter(verb=DELETE, before__source_key__isnull=False)
    return set(steps.values_list("before__source_key", flat=True)) - {None}


def deletion_of(pk: int | None) -> Step | None:
    """How the release `pk` was deleted last, be it back or not; None where it never was."""
    return Step.objects.filter(verb=DELETE, release_id=pk).order_by("at", "pk").last()


class Deleted(NamedTuple):
    """A release that was deleted: how it went, and the version that holds what it said."""

    step: Step
    version: Version

    @property
    def headline(self) -> str:
        return str(Release(**_headline(self.version.content)))


def _headline(content: Content) -> dict[str, Any]:
    return {
        "title_ko": content["title_ko"],
        "title_en": content["title_en"],
        "release_date": parse_date(content["release_date"]),
    }


def deleted(of: AbstractUser) -> list[Deleted]:
    """Those deleted releases that are `of`'s to see and bring back, latest first."""
    there = Release.objects.filter(pk=OuterRef("release_id"))
    later = Step.objects.filter(
        release_id=OuterRef("release_id"), verb=DELETE, pk__gt=OuterRef("pk")
    )
    saved = Version.objects.filter(release_id=OuterRef("release_id"), number=OuterRef("version"))
    steps = (
        Step.objects.filter(~Exists(there), ~Exists(later), verb=DELETE)
        .annotate(version_pk=Subquery(saved.values("pk")))
        .select_related("by")
        .order_by("-at", "-pk")
    )
    steps = [step for step in steps if step.version_pk and _is_theirs(of, step)]
    held = Version.objects.in_bulk([step.version_pk for step in steps])
    return [Deleted(step, held[step.version_pk]) for step in steps]


def deleted_one(of: AbstractUser, pk: int | None) -> Deleted | None:
    """The deleted release `pk`, None where there is none for `of` to bring back."""
    if Release.objects.filter(pk=pk).exists():
        return None
    step = deletion_of(pk)
    if step is None or not _is_theirs(of, step):
        return None
    version = Version.objects.filter(release_id=pk, number=step.version).first()
    return Deleted(step, version) if version else None


def _is_theirs(user: AbstractUser, step: Step) -> bool:
    if not user.has_perm("releases.delete_release"):
        return False
    is_own = step.before.get("author_id") == user.pk
    return is_own or (
        user.has_perm("releases.edit_any_release") and user.has_perm("releases.see_every_release")
    )


@transaction.atomic
def recover(gone: Deleted, by: AbstractUser | None = None) -> tuple[Release, list[str]]:
    """Bring a deleted release back as a draft under its old id; say what had to be mended.

    Raises ValidationError when somebody else has brought it back already.
    """
    # Of two clicks the second waits, and finds it there.
    Step.objects.select_for_update().get(pk=gone.step.pk)
    pk, content, before = gone.step.release_id, gone.version.content, gone.step.before
    if Release.objects.filter(pk=pk).exists():
        raise ValidationError(_("It has been brought back already."))
    release = Release(pk=pk)
    notes = fill(release, content, everything=True)
    for name in REMEMBERED:
        setattr(release, name, before.get(name, getattr(release, name)))
    key = release.source_key
    if key and Release.objects.filter(source_key=key).exists():
        release.source_key, release.source_digest = None, ""
        notes.append(_("It was imported anew meanwhile; this one no longer follows the import."))
    author = Release._meta.get_field("author").remote_field.model.objects
    if release.author_id and not author.filter(pk=release.author_id).exists():
        release.author = by
        notes.append(_("Its author has no account any more; it is yours now."))
    release.save(force_insert=True)
    if created_at := before.get("created_at"):
        Release.objects.filter(pk=pk).update(created_at=parse_datetime(created_at))
    notes += _write_blocks(release, content)
    keep(release, by)
    assert release.state == State.DRAFT  # nosec B101 # for who reads, and for tests
    note_recovery(release, by)
    return release, notes


def note_recovery(release: Release, by: AbstractUser | None = None) -> None:
    """Let the log of `release` say that it is back."""
    Step.objects.create(
        release=release, verb=RECOVER, at=timezone.now(), by=by, version=newest_number(release)
    )
