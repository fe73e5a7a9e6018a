"""The verbs of a release's life, and who may use them.

Each verb changes one release, saves it, and raises ValidationError with a message for the
editor when the release is not where the verb begins.
"""

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from .models import Release, State

APPROVE = "releases.approve_release"
WITHDRAW = "releases.withdraw_release"


def submit(release: Release) -> None:
    """Hand a draft over for review."""
    _begin(release, State.DRAFT)
    _change(release, submitted_at=timezone.now())


def approve(release: Release) -> None:
    """Let the public read it from its `publish_at` on; from now on when that is empty."""
    _begin(release, State.DRAFT, State.IN_REVIEW)
    if not (release.body_ko or release.body_en):
        raise ValidationError(_("“%(title)s” has no text yet.") % {"title": release.title})
    now = timezone.now()
    _change(
        release,
        submitted_at=release.submitted_at or now,
        approved_at=now,
        publish_at=release.publish_at or now,
    )


def return_to_draft(release: Release) -> None:
    """Take back what the public has not seen yet, to go on writing."""
    _begin(release, State.IN_REVIEW, State.SCHEDULED)
    _change(release, submitted_at=None, approved_at=None)


def withdraw(release: Release) -> None:
    """Take a release back from the public, or from its schedule."""
    _begin(release, State.PUBLIC, State.SCHEDULED)
    _change(release, withdrawn_at=timezone.now())


def restore(release: Release) -> None:
    """Undo a withdrawal: it is public or scheduled again, as its time says."""
    _begin(release, State.WITHDRAWN)
    _change(release, withdrawn_at=None)


def _begin(release: Release, *states: State) -> None:
    # Somebody else may have moved it on since it was read.
    release.refresh_from_db(fields=["submitted_at", "approved_at", "publish_at", "withdrawn_at"])
    if release.state not in states:
        raise ValidationError(
            _("“%(title)s” is %(state)s: that cannot be done from there.")
            % {"title": release.title, "state": release.state.label}
        )


def _change(release: Release, **times) -> None:
    for name, value in times.items():
        setattr(release, name, value)
    release.save(update_fields=[*times, "edited_at"])
