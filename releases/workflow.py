"""The verbs of a release's life, and who may use them.

Each verb changes one release and records it as a step, both or neither. It raises
PermissionDenied when `by` may not use it, and ValidationError with a message for the editor when
the release is not where the verb begins. `by` is None for the newsroom itself; `seen` is the
`edited_at` of what the person had before them, and the verb is refused when that is no longer
what stands there. A comment is for colleagues: the public never reads it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import OuterRef, QuerySet, Subquery
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from . import doctor, versions
from .models import Release, State, Step

VIEW = "releases.view_release"
CHANGE = "releases.change_release"
DELETE = "releases.delete_release"
SEE_EVERY = "releases.see_every_release"
EDIT_ANY = "releases.edit_any_release"
PUBLISH = "releases.publish_release"
WITHDRAW = "releases.withdraw_release"

TIMES = ["submitted_at", "approved_at", "publish_at", "withdrawn_at"]
REASONS = ["withdrawal_reason_ko", "withdrawal_reason_en"]
MOVED = [*TIMES, *REASONS, "replaced_by_id"]  # what the verbs change
UNPUBLISHED = (State.DRAFT, State.IN_REVIEW, State.SCHEDULED)


@dataclass(frozen=True)
class Verb:
    """Where a verb begins, and whose it is: `permission`, or the author's and any editor's."""

    label: Promise  # what its button says
    done: Promise  # what the log says, after a name
    begins: tuple[State, ...]
    permission: str = ""


VERBS = {
    "submit": Verb(
        gettext_lazy("Submit for review"), gettext_lazy("submitted it for review"), (State.DRAFT,)
    ),
    "take_back": Verb(
        gettext_lazy("Take back to go on writing"),
        gettext_lazy("took it back to go on writing"),
        (State.IN_REVIEW,),
    ),
    "publish_now": Verb(
        gettext_lazy("Approve and publish now"),
        gettext_lazy("approved it, to be published now"),
        UNPUBLISHED,
        PUBLISH,
    ),
    "schedule": Verb(
        gettext_lazy("Approve and schedule"), gettext_lazy("scheduled it"), UNPUBLISHED, PUBLISH
    ),
    "publish_dated": Verb(
        gettext_lazy("Approve with its past date"),
        gettext_lazy("approved and published it with its past date"),
        (State.DRAFT, State.IN_REVIEW),
        PUBLISH,
    ),
    "send_back": Verb(
        gettext_lazy("Send back with a comment"),
        gettext_lazy("sent it back"),
        (State.IN_REVIEW,),
        PUBLISH,
    ),
    "undo_publish": Verb(
        gettext_lazy("Undo publishing"),
        gettext_lazy("undid the publishing"),
        (State.SCHEDULED,),
        PUBLISH,
    ),
    "cancel_schedule": Verb(
        gettext_lazy("Cancel the schedule"),
        gettext_lazy("cancelled the schedule"),
        (State.SCHEDULED,),
        PUBLISH,
    ),
    "redate": Verb(
        gettext_lazy("Correct the posted time"),
        gettext_lazy("corrected the posted time"),
        (State.PUBLIC,),
        PUBLISH,
    ),
    "withdraw": Verb(
        gettext_lazy("Withdraw"), gettext_lazy("withdrew it"), (State.PUBLIC,), WITHDRAW
    ),
    "replace": Verb(
        gettext_lazy("Replace by another"),
        gettext_lazy("replaced it by another"),
        (State.PUBLIC,),
        WITHDRAW,
    ),
    "restore": Verb(
        gettext_lazy("Undo the withdrawal"),
        gettext_lazy("undid the withdrawal"),
        (State.WITHDRAWN,),
        WITHDRAW,
    ),
    "comment": Verb(gettext_lazy("Comment"), gettext_lazy("commented"), tuple(State)),
}
# Verbs that let the public read a release: the doctor is asked before.
PUBLISHING = ("publish_now", "schedule", "publish_dated")


def may(user: AbstractUser, verb: str, release: Release) -> bool:
    """Whether `user` may use `verb` on `release` where it stands now."""
    return is_theirs(user, verb, release) and not refusal(verb, release)


def is_theirs(user: AbstractUser, verb: str, release: Release) -> bool:
    """Whether `verb` is for `user` to use on `release`, wherever that stands."""
    if not may_see(user, release) or not may_ever(user, verb):
        return False
    return bool(VERBS[verb].permission) or _is_editor_or_author(user, release)


def may_ever(user: AbstractUser, verb: str) -> bool:
    """Whether there can be a release on which `user` may use `verb`."""
    return user.has_perm(VERBS[verb].permission or CHANGE)


def refusal(verb: str, release: Release) -> str:
    """Why `verb` does not begin where `release` stands now, in a sentence; "" when it does."""
    names = {"title": release.title, "state": release.state.label}
    being_published = is_being_published(release)
    if verb == "undo_publish" and not being_published:
        return _("“%(title)s” can no longer be undone.") % names
    if release.state not in VERBS[verb].begins:
        return _("“%(title)s” is %(state)s: that cannot be done from there.") % names
    if being_published and verb not in ("undo_publish", "comment"):
        return _("“%(title)s” is about to go public: undo that first.") % names
    if verb == "publish_dated" and not _names_a_past_time(release):
        return _("“%(title)s” names no past time.") % names
    return ""


def may_see(user: AbstractUser, release: Release) -> bool:
    """Whether `user` may see `release` at the desk; `on_the_desk_of` asks the database."""
    if not (user.has_perm(VIEW) or user.has_perm(CHANGE)):
        return False
    return release.state == State.PUBLIC or may_see_the_log(user, release)


def may_see_the_log(user: AbstractUser, release: Release) -> bool:
    """Whether `user` may read what was done with `release` and said about it."""
    return user.has_perm(SEE_EVERY) or (user.pk is not None and release.author_id == user.pk)


def may_change(user: AbstractUser, release: Release) -> bool:
    """Whether `user` may change the words of `release`: an editor, or the author of a draft."""
    if not user.has_perm(CHANGE) or not may_see(user, release):
        return False
    is_own_draft = release.author_id == user.pk and release.state == State.DRAFT
    return is_own_draft or user.has_perm(EDIT_ANY)


def may_hide_versions(user: AbstractUser, release: Release) -> bool:
    """Whether `user` may hide what the public could read of `release` before, or show it."""
    return (
        release.state in (State.PUBLIC, State.WITHDRAWN)
        and user.has_perm(WITHDRAW)
        and may_see_the_log(user, release)
    )


def may_delete(user: AbstractUser, release: Release) -> bool:
    """Whether `user` may delete `release`: never what the public has seen or is about to see."""
    return (
        release.state in (State.DRAFT, State.IN_REVIEW)
        and user.has_perm(DELETE)
        and may_change(user, release)
    )


def _is_editor_or_author(user: AbstractUser, release: Release) -> bool:
    return release.author_id == user.pk or user.has_perm(EDIT_ANY)


def submit(
    release: Release,
    by: AbstractUser | None = None,
    comment: str = "",
    seen: datetime | None = None,
) -> None:
    """Hand a draft over for review."""
    with _step("submit", release, by, comment, seen):
        release.submitted_at = timezone.now()


def take_back(
    release: Release,
    by: AbstractUser | None = None,
    comment: str = "",
    seen: datetime | None = None,
) -> None:
    """Take a submitted release back, to go on writing."""
    with _step("take_back", release, by, comment, seen):
        release.submitted_at = None


def send_back(
    release: Release,
    by: AbstractUser | None = None,
    comment: str = "",
    seen: datetime | None = None,
) -> None:
    """Give a submitted release back to its author; the comment says why."""
    with _step("send_back", release, by, comment, seen):
        if not comment.strip():
            raise ValidationError(_("Say what is to be changed."))
        release.submitted_at = None


def publish_now(
    release: Release,
    by: AbstractUser | None = None,
    comment: str = "",
    seen: datetime | None = None,
) -> None:
    """Let the public read it, after a grace time in which that can be undone."""
    with _step("publish_now", release, by, comment, seen):
        at = timezone.now() + timedelta(seconds=settings.PUBLISH_GRACE)
        if release.state == State.SCHEDULED:
            # Were it later than planned, undoing could put it before the public at once.
            at = min(at, release.publish_at)
        _approve(release, _to_the_second(at))


def schedule(
    release: Release,
    at: datetime,
    by: AbstractUser | None = None,
    comment: str = "",
    seen: datetime | None = None,
) -> None:
    """Let the public read it from `at` on (aware, to come), or from another time than before."""
    with _step("schedule", release, by, comment, seen):
        at = _to_the_second(at)
        if at <= timezone.now():
            raise ValidationError(_("That time has passed. Choose one to come, or publish it now."))
        _approve(release, at)


def publish_dated(
    release: Release,
    by: AbstractUser | None = None,
    comment: str = "",
    seen: datetime | None = None,
) -> None:
    """Let the public read it at once, posted on the past day that it names."""
    with _step("publish_dated", release, by, comment, seen):
        _approve(release, _to_the_second(release.publish_at))


def undo_publish(
    release: Release,
    by: AbstractUser | None = None,
    comment: str = "",
    seen: datetime | None = None,
) -> None:
    """Take back `publish_now` before its grace time is over: all times are as before."""
    with _step("undo_publish", release, by, comment, seen):
        for name, value in _last_move(release).before.items():
            setattr(release, name, value and parse_datetime(value))


def cancel_schedule(
    release: Release,
    by: AbstractUser | None = None,
    comment: str = "",
    seen: datetime | None = None,
) -> None:
    """Put a scheduled release back into review; the time stays as what was planned."""
    with _step("cancel_schedule", release, by, comment, seen):
        release.submitted_at = release.submitted_at or timezone.now()
        release.approved_at = None


def redate(
    release: Release,
    at: datetime,
    by: AbstractUser | None = None,
    comment: str = "",
    seen: datetime | None = None,
) -> None:
    """Correct when a public release says that it was posted: `at` is aware and has passed."""
    with _step("redate", release, by, comment, seen):
        if at > timezone.now():
            # Else a public release would vanish until then: that is to withdraw it.
            raise ValidationError(_("That time is still to come."))
        release.publish_at = _to_the_second(at)


def withdraw(
    release: Release,
    by: AbstractUser | None = None,
    reason_ko: str = "",
    reason_en: str = "",
    comment: str = "",
    seen: datetime | None = None,
    replaced_by: Release | None = None,
) -> None:
    """Take a release back from the public, which reads the reason at its address.

    `replaced_by` is the public release, if any, that the reader is pointed to there.
    """
    reasons = [reason_ko.strip(), reason_en.strip()]
    # The release forgets the reason when it is restored, the step does not.
    said = "\n".join(filter(None, [*reasons, comment.strip()]))
    with _step("withdraw", release, by, said, seen):
        if not any(reasons):
            raise ValidationError(_("Give a reason that the public may read."))
        release.withdrawn_at = timezone.now()
        release.withdrawal_reason_ko, release.withdrawal_reason_en = reasons
        if replaced_by:
            _point_to(release, replaced_by)


def replace(
    release: Release,
    replaced_by: Release,
    by: AbstractUser | None = None,
    comment: str = "",
    seen: datetime | None = None,
) -> None:
    """Let the address of a release lead to a newer public one, which stands in its place."""
    said = "\n".join(filter(None, [str(replaced_by), comment.strip()]))
    with _step("replace", release, by, said, seen):
        release.withdrawn_at = timezone.now()
        _point_to(release, replaced_by)


def _point_to(release: Release, other: Release) -> None:
    if other.pk == release.pk:
        raise ValidationError(_("A release cannot replace itself."))
    # Locked, so that it is not withdrawn in the meantime.
    if not Release.objects.public().select_for_update().filter(pk=other.pk).exists():
        raise ValidationError(_("What replaces it must be public."))
    release.replaced_by_id = other.pk


def restore(
    release: Release,
    by: AbstractUser | None = None,
    comment: str = "",
    seen: datetime | None = None,
) -> None:
    """Undo a withdrawal or a replacement: it is public again, at its own address."""
    with _step("restore", release, by, comment, seen):
        release.withdrawn_at = release.replaced_by_id = None
        release.withdrawal_reason_ko = release.withdrawal_reason_en = ""


def comment(
    release: Release,
    by: AbstractUser | None = None,
    comment: str = "",
    seen: datetime | None = None,
) -> None:
    """Say something about a release to colleagues."""
    with _step("comment", release, by, comment, seen):
        if not comment.strip():
            raise ValidationError(_("Write a comment."))


def being_published() -> QuerySet[Release]:
    """Releases within the grace time of `publish_now`, the first to go public first."""
    # Few are due that soon, so only of those is the last move looked up.
    soon = timezone.now() + timedelta(seconds=settings.PUBLISH_GRACE)
    moves = Step.objects.moves().filter(release=OuterRef("pk"))
    last_move = moves.order_by("-at", "-pk").values("verb")[:1]
    due = Release.objects.scheduled().filter(publish_at__lte=soon)
    return (
        due.annotate(last_move=Subquery(last_move))
        .filter(last_move="publish_now")
        .order_by("publish_at", "pk")
    )


def is_being_published(release: Release) -> bool:
    """Whether `release` is within the grace time of `publish_now`."""
    # Asked of each release on the desk: the times answer for nearly all of them.
    if release.state != State.SCHEDULED:
        return False
    if release.publish_at > timezone.now() + timedelta(seconds=settings.PUBLISH_GRACE):
        return False
    last = _last_move(release)
    return last is not None and last.verb == "publish_now"


@contextmanager
def lock(release: Release) -> Iterator[None]:
    """Hold `release` as it stands in the database, for whoever asks whether it may be changed.

    Raises ValidationError when it has been deleted.
    """
    with transaction.atomic():
        try:
            release.refresh_from_db(from_queryset=Release.objects.select_for_update())
        except Release.DoesNotExist as gone:
            raise ValidationError(
                _("“%(title)s” has been deleted.") % {"title": release.title}
            ) from gone
        yield


@contextmanager
def _step(
    verb: str, release: Release, by: AbstractUser | None, text: str, seen: datetime | None
) -> Iterator[None]:
    """Lock `release` where `verb` begins, let it be changed, save its times and the step."""
    # Somebody else may have moved it on, or changed its words, since it was read.
    with lock(release):
        if by and not is_theirs(by, verb, release):
            raise PermissionDenied
        if reason := refusal(verb, release):
            raise ValidationError(reason)
        if seen and release.edited_at != seen:
            raise ValidationError(
                _("“%(title)s” was changed since you looked at it. Look at it again first.")
                % {"title": release.title}
            )
        before = {name: getattr(release, name) for name in MOVED}
        try:
            yield
        except ValidationError:
            _put_back(release, before)
            raise
        changed = {name for name in before if getattr(release, name) != before[name]}
        # Versions hold the reasons: else they would be laid to whoever saves next.
        is_worded_anew = not changed.isdisjoint(REASONS)
        if "withdrawn_at" in changed or is_worded_anew and not versions.newest_number(release):
            versions.keep(release)
        if changed:
            release.save(update_fields=[*MOVED, "edited_at"])
        if is_worded_anew or "withdrawn_at" in changed:
            versions.keep(release, by=by)  # what is public again is known as such
        _record(verb, release, by, text, before)


def record(
    verb: str,
    release: Release,
    by: AbstractUser | None,
    text: str,
    who: str = "",
    version: int | None = None,
) -> None:
    """Record something that left the times of `release` as they are.

    `who` did it without an account; `version` is the number of what it is about, else the newest.
    """
    before = {name: getattr(release, name) for name in TIMES}
    _record(verb, release, by, text, before, who, version)


def _record(
    verb: str,
    release: Release,
    by: AbstractUser | None,
    text: str,
    before: dict,
    who: str = "",
    version: int | None = None,
) -> None:
    Step.objects.create(
        release=release,
        verb=verb,
        at=timezone.now(),
        by=by,
        text=text.strip(),
        version=version or versions.newest_number(release) or None,
        before={name: before[name] and before[name].isoformat() for name in TIMES}
        | ({"who": who} if who else {}),
    )


def _put_back(release: Release, values: dict) -> None:
    for name, value in values.items():
        setattr(release, name, value)


def _approve(release: Release, at: datetime) -> None:
    """Approve `release` for the public from `at` on, unless the doctor finds an error."""
    errors = [f for f in doctor.examine(release) if f.level == doctor.Level.ERROR]
    if errors:
        raise ValidationError([f"{error.where}: {error.why}" for error in errors])
    now = timezone.now()
    release.submitted_at = release.submitted_at or now
    release.approved_at = now
    release.publish_at = at


def _to_the_second(moment: datetime) -> datetime:
    """`moment` as forms, feeds and people write it; never later."""
    return moment.replace(microsecond=0)


def _names_a_past_time(release: Release) -> bool:
    return release.publish_at is not None and release.publish_at <= timezone.now()


def _last_move(release: Release) -> Step | None:
    """The last step that was more than a remark."""
    return release.steps.moves().order_by("at", "pk").last()
