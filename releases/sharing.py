"""Reading a release before its time, by a link made for one outlet or person.

Whoever may publish a release may share it: to let a text out of the house is an editor's
decision, also where the draft is an author's. Each link is made, ended and answered here, and each
of that is recorded as a step of the release. A link opens one release and nothing else, until it
is ended, its time is over or the release is withdrawn; once that is posted it leads to the public
page. Revoking and answering lock the link, so that none of two at once is lost.
"""

import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from django.contrib.auth.models import AbstractUser
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Count, Max, Prefetch
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contacts.text import clean_line, clean_text

from . import versions, workflow
from .models import Answer, Approval, LinkOpening, Purpose, Release, ShareLink, State
from .queries import in_full

TOKEN_BYTES = 20  # 160 bits: nobody guesses one
USUAL_DAYS = 7  # that a link opens where no time is set for posting
COMMENT_LENGTH = 5000  # characters of an answer
ANSWERS = 50  # that one link takes: whoever answers can change their mind, and not flood the log

# What the log says of these steps, after a name; they are no verbs of the workflow.
LOGGED = {
    "share": gettext_lazy("made a share link"),
    "end_sharing": gettext_lazy("ended a share link"),
    "approve": gettext_lazy("approved it by link"),
    "ask_for_changes": gettext_lazy("asked for changes by link"),
}
STEP_OF = {Answer.APPROVED: "approve", Answer.CHANGES_NEEDED: "ask_for_changes"}
# What a partner does not read, so that it may change without a word to them.
UNREAD = {"publish_at", "slug", "withdrawal_reason_ko", "withdrawal_reason_en"}


class NoLink(Exception):
    """No link opens anything with that token: there is none, or it is over."""


@dataclass(frozen=True)
class Shared:
    """What a token leads to: `release` as it is saved now, in full."""

    link: ShareLink
    release: Release
    is_posted: bool  # strangers find it, or that it was withdrawn, at its public address


def may_share(user: AbstractUser, release: Release) -> bool:
    """Whether `user` may make links to `release`, and end them, wherever that stands."""
    return user.has_perm(workflow.PUBLISH) and workflow.may_see(user, release)


def refusal(release: Release) -> str:
    """Why no link to `release` can be made where it stands now, in a sentence; "" if one can."""
    names = {"title": release.title, "state": release.state.label}
    if release.state not in workflow.UNPUBLISHED:
        return _("“%(title)s” is %(state)s: only what is not public yet is shared.") % names
    if workflow.is_being_published(release):
        return _("“%(title)s” is about to go public: undo that first.") % names
    return ""


def make(
    release: Release,
    label: str,
    purpose: Purpose = Purpose.READING,
    expires_at: datetime | None = None,
    by: AbstractUser | None = None,
) -> tuple[ShareLink, str]:
    """A new link to `release`, and its token, which nobody can be told again.

    It opens until `expires_at` (aware, to come), or until the release is posted: then it needs a
    time to come. Raises PermissionDenied when `by` may not share it, and ValidationError with a
    message for the editor.
    """
    with workflow.lock(release):
        if by and not may_share(by, release):
            raise PermissionDenied
        if reason := refusal(release):
            raise ValidationError(reason)
        if not (label := clean_line(label)):
            raise ValidationError(_("Say for whom it is."))
        if not expires_at and not has_time_to_come(release):
            raise ValidationError(_("No time is set for posting: choose until when it opens."))
        if expires_at and expires_at <= timezone.now():
            raise ValidationError(_("That time has passed."))
        version = None
        if purpose == Purpose.APPROVAL:
            versions.keep(release, by=by)  # what was written past the desk has none yet
            version = release.versions.first()
        token = secrets.token_hex(TOKEN_BYTES)
        link = ShareLink.objects.create(
            release=release,
            purpose=purpose,
            label=label,
            digest=_digest(token),
            expires_at=expires_at,
            version=version,
            created_by=by,
        )
        workflow.record("share", release, by, label)
    return link, token


def revoke(link: ShareLink, by: AbstractUser | None = None) -> None:
    """End `link` with the next request; nothing happens when it has been ended already.

    Raises PermissionDenied when `by` may not.
    """
    with transaction.atomic():
        link.refresh_from_db(from_queryset=ShareLink.objects.select_for_update())
        if by and not may_share(by, link.release):
            raise PermissionDenied
        if link.revoked_at:
            return
        link.revoked_at, link.revoked_by = timezone.now(), by
        link.save(update_fields=["revoked_at", "revoked_by"])
        workflow.record("end_sharing", link.release, by, link.label)


@transaction.atomic
def ask_again(link: ShareLink, by: AbstractUser | None = None) -> tuple[ShareLink, str]:
    """A new link about what is saved now, for whoever answered `link`, which ends; and its token.

    It opens as long as the old one was to, where that time is to come. Raises what `make` raises,
    and ValidationError where they answered nothing, or about exactly what is saved now.
    """
    release = link.release
    with workflow.lock(release):
        link = ShareLink.objects.select_for_update().get(pk=link.pk)
        if not link.version or not link.answers.exists():
            raise ValidationError(_("There is no answer to ask for again."))
        if not changed_since(link.version.content, versions.content_of(release)):
            raise ValidationError(_("They have read exactly what is saved now."))
        expires_at, now = link.expires_at, timezone.now()
        is_over = expires_at and expires_at <= now
        if is_over or not (expires_at or has_time_to_come(release)):
            expires_at = None if has_time_to_come(release) else now + timedelta(days=USUAL_DAYS)
        made = make(release, link.label, Purpose.APPROVAL, expires_at, by)
        revoke(link, by)
    return made


def find(token: str, purpose: Purpose | None = None, at: datetime | None = None) -> Shared:
    """What `token` opens at `at` (aware; default now), for that purpose or for any.

    Raises NoLink alike for a token that never was, one whose time is over, one that was ended
    and one whose release was deleted or withdrawn.
    """
    links = ShareLink.objects.filter(digest=_digest(token))
    return _found(links, purpose, at or timezone.now())


def open_link(token: str, purpose: Purpose, at: datetime | None = None) -> Shared:
    """The same for a page that somebody now reads: the opening is recorded, unless it is posted.

    Whoever ends the link waits for that or comes first: afterwards nobody opens it.
    """
    at = at or timezone.now()
    with transaction.atomic():
        links = ShareLink.objects.select_for_update().filter(digest=_digest(token))
        shared = _found(links, purpose, at)
        if not shared.is_posted:
            LinkOpening.objects.create(link=shared.link, at=at)
    return shared


def answer(token: str, said: Answer, comment: str = "", at: datetime | None = None) -> Approval:
    """Record what whoever has `token` answers about their version; the last answer counts.

    The same answer again is that of a second click, and recorded once. Raises NoLink where it
    opens nothing any more, and ValidationError with a message for whoever answers.
    """
    at = at or timezone.now()
    comment = clean_text(comment).strip()
    if len(comment) > COMMENT_LENGTH:
        raise ValidationError(
            _("Your comment has %(length)d characters; %(limit)d at most can be sent.")
            % {"length": len(comment), "limit": COMMENT_LENGTH}
        )
    if said == Answer.CHANGES_NEEDED and not comment:
        raise ValidationError(_("Say what is to be changed."))
    with transaction.atomic():
        links = ShareLink.objects.select_for_update().filter(digest=_digest(token))
        shared = _found(links, Purpose.APPROVAL, at)
        if shared.is_posted:
            raise NoLink
        last = shared.link.answers.first()
        if last and (last.answer, last.comment) == (said, comment):
            return last
        if shared.link.answers.count() >= ANSWERS:
            raise ValidationError(_("This link takes no more answers. Please call the newsroom."))
        given = Approval.objects.create(link=shared.link, answer=said, comment=comment, at=at)
        # Its version is the one that was read, not the newest.
        link = shared.link
        workflow.record(
            STEP_OF[said], shared.release, None, comment, link.label, link.version.number
        )
    return given


def has_time_to_come(release: Release) -> bool:
    return release.publish_at is not None and release.publish_at > timezone.now()


def is_under_embargo(release: Release) -> bool:
    """Whether `release` is scheduled and somebody outside can read it."""
    return release.state == State.SCHEDULED and release.pk in shared_among([release])


def shared_among(releases: Iterable[Release]) -> set[int]:
    """The numbers of those of `releases` that a link opens now; one query, none for nothing."""
    now = timezone.now()
    by_pk = {release.pk: release for release in releases}
    if not by_pk:
        return set()
    links = ShareLink.objects.filter(release__in=by_pk, revoked_at=None)
    return {link.release_id for link in links if link.is_alive(by_pk[link.release_id], now)}


# What the desk is told


def links_of(release: Release, latest: int) -> list[ShareLink]:
    """The links to `release`, newest first, each with `opened` (how often), `opened_at` (last) and
    its `latest` openings, the last one first; two queries."""
    links = (
        ShareLink.objects.filter(release=release)
        .select_related("created_by", "revoked_by", "version")
        .defer("version__content")
        .annotate(opened=Count("openings"), opened_at=Max("openings__at"))
        .prefetch_related(Prefetch("openings", LinkOpening.objects.all()[:latest], "latest"))
        .order_by("-created_at", "-pk")  # what counts rows is not in its usual order
    )
    return list(links)


@dataclass(frozen=True)
class Standing:
    """What one partner was asked, and what they think of what is saved now."""

    link: ShareLink
    last: Approval | None
    changed: list[str]  # what differs now from the version that they read
    earlier: list["Standing"] = field(default_factory=list)  # that this one replaced, latest first

    @property
    def is_approved(self) -> bool:
        """Whether they approved exactly what is saved now."""
        return bool(self.last) and self.last.answer == Answer.APPROVED and not self.changed

    @property
    def answered_at(self) -> datetime:
        return self.last.at if self.last else self.link.created_at


def approvals_of(release: Release) -> list[Standing]:
    """Who was asked to approve `release`, and how each stands; ended links only if answered.

    Of those of one label the latest answer stands, or what was asked of a later version since.
    """
    links = (
        ShareLink.objects.filter(release=release, purpose=Purpose.APPROVAL)
        .select_related("version")
        .prefetch_related(Prefetch("answers", to_attr="given"))
    )
    asked = [link for link in links if link.given or not link.revoked_at]
    if not asked:
        return []
    now = versions.content_of(release)
    by_label: dict[str, list[Standing]] = {}
    for link in asked:
        last = next(iter(link.given), None)
        standing = Standing(link, last, changed_since(link.version.content, now))
        by_label.setdefault(link.label, []).append(standing)
    return [_latest(standings) for standings in by_label.values()]


def _latest(standings: list[Standing]) -> Standing:
    """The one of a partner's that counts, with the others behind it."""
    standings = sorted(standings, key=lambda standing: standing.answered_at, reverse=True)
    answered = next((standing for standing in standings if standing.last), None)
    read = answered.link.version.number if answered else 0
    # A second link to what has been answered asks nothing.
    first = next(s for s in standings if s == answered or s.link.version.number > read)
    return replace(first, earlier=[s for s in standings if s != first])


def is_outdated(shared: Shared) -> bool:
    """Whether what a partner is asked about is no longer what is saved."""
    return bool(changed_since(shared.link.version.content, versions.content_of(shared.release)))


def changed_since(read: versions.Content, now: versions.Content) -> list[str]:
    """What a partner who read `read` would find changed in `now`, in few words."""
    return versions.changed_labels(
        *({name: value for name, value in c.items() if name not in UNREAD} for c in (read, now))
    )


def _digest(token: str) -> str:
    # Only hashes are compared: how long that takes tells nothing of a token.
    return hashlib.sha256(token.encode("utf-8", "surrogateescape")).hexdigest()


def _found(links, purpose: Purpose | None, at: datetime) -> Shared:
    link = links.first()
    if link is None or (purpose and link.purpose != purpose):
        raise NoLink
    # The row that is shown is the row that is judged.
    release = in_full(Release.objects.filter(pk=link.release_id)).first()
    if release is None or link.revoked_at:
        raise NoLink
    if _was_posted(release, at):
        if link.expires_at and link.expires_at < release.publish_at:
            raise NoLink
        return Shared(link, release, is_posted=True)
    if not link.is_alive(release, at):
        raise NoLink
    link.release = release
    return Shared(link, release, is_posted=False)


def _was_posted(release: Release, at: datetime) -> bool:
    """Whether its public address says something of `release`: `public()` or `gone()`."""
    if release.state_at(at) == State.PUBLIC:
        return True
    return bool(release.withdrawn_at) and release.publish_at <= release.withdrawn_at
