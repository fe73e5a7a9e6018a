"""Corrections, and what the public could read of a release before.

Whoever changes a public release says whether that is a small fix or a correction; a correction
is told to the public with a note and with the difference. Each version that was public can be
cited, unless an editor hides it. What was never public is reached from nowhere here.
"""

from typing import Any, NamedTuple

from django.contrib.auth.models import AbstractUser
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Max, QuerySet, prefetch_related_objects
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contacts.bilingual import LANGUAGES

from . import versions, workflow
from .differences import Run, is_changed, marked
from .models import Correction, Release, State, Version
from .versions import Content

# What a reader of the page sees, words first. The address and the planned times are none of it.
WORDS = [
    *(f"{part}_{lang}" for lang in LANGUAGES for part in ("title", "summary", "body", "dateline")),
    "mission", "release_date", "contact_heading",
]  # fmt: skip
BLOCKS = ["contacts", "pictures", "files"]
# Of a picture and a file their words are compared. People are not: whoever has left, or wants
# their number taken off, is not to be read in a difference for good.
SAID_OF = {
    "pictures": ["alt_ko", "caption_ko", "alt_en", "caption_en", "credit"],
    "files": ["title_ko", "title_en", "name"],
}
CHANGED: dict[str, Promise] = {
    "contacts": gettext_lazy("The press contacts were changed."),
    "pictures": gettext_lazy("Pictures were added, removed, replaced or moved."),
    "files": gettext_lazy("Files were added, removed, replaced or moved."),
}
MARKUP = gettext_lazy("The words are the same; headings, emphasis or links were changed.")


class Change(NamedTuple):
    """A part of the page that two versions have differently: its words, or a sentence on it."""

    label: str
    lang: str  # of the words, "" where that is the page's
    runs: list[Run]
    said: str = ""


def shows(old: Content, new: Content) -> bool:
    """Whether a reader of the page sees that `new` is not `old`."""
    return any(old.get(name) != new.get(name) for name in [*WORDS, *BLOCKS] if name in new)


def languages_of(content: dict[str, Any]) -> list[str]:
    """The languages in which `content` has a headline or a text."""
    return [
        lang for lang in LANGUAGES if content.get(f"title_{lang}") or content.get(f"body_{lang}")
    ]


def changes(old: Content, new: Content) -> list[Change]:
    """What the public is shown of the difference between two versions, in the form's order."""
    found = [
        Change(
            difference.label,
            difference.lang,
            difference.runs,
            str(MARKUP) if difference.is_markup_only else "",
        )
        for difference in versions.differences(_only_words(old), _only_words(new))
    ]
    labels = dict(versions.labels())
    for name in BLOCKS:
        before, after = old.get(name, []), new.get(name, [])
        if before != after:
            runs = marked(_said(name, before), _said(name, after))
            is_worded = is_changed(runs)
            said = "" if is_worded else str(CHANGED[name])
            found.append(Change(labels[name], "", runs if is_worded else [], said))
    return found


def _only_words(content: Content) -> Content:
    return {name: value for name, value in content.items() if name in WORDS}


def _said(name: str, rows: list[dict[str, Any]]) -> str:
    return "\n\n".join(
        " · ".join(filter(None, (row.get(cell) for cell in SAID_OF.get(name, [])))) for row in rows
    )


def is_changed_since_public(release: Release) -> bool:
    """Whether a reader of a withdrawn `release` would find it changed, were it public again."""
    last = _public_versions(release).first()
    return last is not None and shows(last.content, versions.content_of(release))


def _public_versions(release: Release) -> QuerySet[Version]:
    return release.versions.exclude(public_number=None).order_by("-public_number")


@transaction.atomic
def correct(
    release: Release,
    by: AbstractUser | None = None,
    note_ko: str = "",
    note_en: str = "",
) -> Correction:
    """Tell the public what the last save of `release` corrected, and record it.

    Call it in the transaction of that save, or of the step that made it public again. Raises
    ValidationError where the public has not read both versions, or the note says nothing;
    PermissionDenied where `by` may not change it.
    """
    release = Release.objects.select_for_update().get(pk=release.pk)
    if by and not workflow.may_change(by, release):
        raise PermissionDenied
    newest = release.versions.first()
    # What was saved while it was withdrawn lies between them, and nobody has read it.
    shown = list(_public_versions(release)[:2])
    if release.state != State.PUBLIC or len(shown) < 2 or shown[0] != newest:
        raise ValidationError(_("Only what the public has read can be corrected."))
    after, before = shown
    last = release.corrections.aggregate(Max("number"))["number__max"] or 0
    correction = Correction(
        release=release,
        number=last + 1,
        at=release.edited_at,
        by=by,
        note_ko=note_ko.strip(),
        note_en=note_en.strip(),
        before=before,
        after=after,
    )
    correction.full_clean()
    correction.save()
    # Not by `save`: the release was edited when it was edited.
    Release.objects.filter(pk=release.pk).update(corrected_at=correction.at)
    workflow.record(versions.CORRECT, release, by, _notes(correction))
    return correction


@transaction.atomic
def reword(correction: Correction, by: AbstractUser | None, note_ko: str, note_en: str) -> None:
    """Mend the note of a correction; the log keeps what it said. Its time and number stay.

    Raises ValidationError where it would say nothing, PermissionDenied as `correct` does.
    """
    release = Release.objects.select_for_update().get(pk=correction.release_id)
    if by and not workflow.may_change(by, release):
        raise PermissionDenied
    correction = release.corrections.get(pk=correction.pk)
    said = _notes(correction)
    correction.note_ko, correction.note_en = note_ko.strip(), note_en.strip()
    correction.full_clean()
    correction.save()
    # Feeds and pages say something else now.
    release.save(update_fields=["edited_at"])
    workflow.record(versions.REWORD, release, by, said)


def _notes(correction: Correction) -> str:
    return "\n".join(filter(None, [correction.note_ko, correction.note_en]))


def fetch_corrections(releases: list[Release]) -> list[Release]:
    """`releases` with their corrections: one query, none where nothing was corrected."""
    prefetch_related_objects([r for r in releases if r.corrected_at], "corrections")
    return releases


# What was public before


def as_it_stood(version: Version, release: Release) -> Release:
    """`release`, not saved, with the words that `version` holds; nobody to call, no pictures."""
    stood = Release(
        pk=release.pk,
        publish_at=release.publish_at,
        approved_at=release.approved_at,
        edited_at=version.public_at,
    )
    versions.fill(stood, version.content)
    return stood


@transaction.atomic
def hide(version: Version, by: AbstractUser | None, reason: str) -> None:
    """Show the public no more what an earlier version said; the log keeps `reason`.

    Raises ValidationError for the text that is public now: that is changed or withdrawn.
    """
    release, version = _held(version, by)
    if not reason.strip():
        raise ValidationError(_("Say why it must not be shown."))
    if version.public_number is None:
        raise ValidationError(_("The public has never read that version."))
    if version.hidden_at:
        raise ValidationError(_("That version is hidden already."))
    if release.state == State.PUBLIC and version.number == versions.newest_number(release):
        raise ValidationError(
            _("That is what the public reads now: change or withdraw the release instead.")
        )
    version.hidden_at = timezone.now()
    _save_hiding(versions.HIDE, release, version, by, reason)


@transaction.atomic
def hide_up_to(version: Version, by: AbstractUser | None, reason: str) -> int:
    """Hide `version` and all that the public read before it, for one reason; how many it were.

    Raises what `hide` raises, and then hides none.
    """
    release, version = _held(version, by)
    number = version.public_number or 0
    earlier = _public_versions(release).filter(public_number__lt=number, hidden_at=None)
    hidden = [*earlier.reverse(), version]
    for one in hidden:
        hide(one, by, reason)
    return len(hidden)


class Remaining(NamedTuple):
    """Where words of a version still stand once that alone is hidden."""

    slug: str  # of its address, "" where that was not made of the headline
    versions: list[Version]  # that can be read, and so the differences between them


def remaining(version: Version, release: Release) -> Remaining:
    """The other places of what `version` of `release` says and its present text does not."""
    content, now = version.content, versions.content_of(release)
    gone = _words_in(content) - _words_in(now)
    slug, present = (
        Release(title_ko=c["title_ko"], title_en=c["title_en"]).slug_from_title()
        for c in (content, now)
    )
    others = _public_versions(release).filter(hidden_at=None).exclude(pk=version.pk)
    return Remaining(
        release.slug if release.slug == slug != present else "",
        [other for other in others if gone & _words_in(other.content)],
    )


def _words_in(content: Content) -> set[str]:
    words = _only_words(content)
    texts = [versions.text_of(name, value) for name, value in words.items()]
    texts += [_said(name, content.get(name, [])) for name in ("pictures", "files")]
    return {word for text in texts for word in text.split()}


@transaction.atomic
def show(version: Version, by: AbstractUser | None, reason: str = "") -> None:
    """Let the public read an earlier version again."""
    release, version = _held(version, by)
    if not version.hidden_at:
        raise ValidationError(_("That version is not hidden."))
    version.hidden_at = None
    _save_hiding(versions.SHOW, release, version, by, reason)


def _held(version: Version, by: AbstractUser | None) -> tuple[Release, Version]:
    release = Release.objects.select_for_update().get(pk=version.release_id)
    if by and not workflow.may_hide_versions(by, release):
        raise PermissionDenied
    return release, release.versions.get(pk=version.pk)


def _save_hiding(
    verb: str, release: Release, version: Version, by: AbstractUser | None, reason: str
) -> None:
    version.save(update_fields=["hidden_at"])
    named = _("version %(number)d") % {"number": version.number}
    workflow.record(verb, release, by, "\n".join(filter(None, [named, reason.strip()])))


# Where a replaced release leads


def leads_to(release: Release) -> Release | None:
    """The public release at the end of what replaces `release`, None where there is none."""
    seen, at = {release.pk}, release.replaced_by_id
    while at and at not in seen:
        seen.add(at)
        if found := Release.objects.public().filter(pk=at).first():
            return found
        at = Release.objects.filter(pk=at).values_list("replaced_by", flat=True).first()
    return None
