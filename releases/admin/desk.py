"""What the first page of the desk shows, and what the pages of the directory say of releases."""

from dataclasses import dataclass, field
from datetime import date, timedelta

from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractUser
from django.db.models import Case, F, OuterRef, QuerySet, Subquery, Sum, Value, When
from django.utils import timezone

from contacts.models import Mission, PressContact
from releases.models import DailyViews, Release, ReleaseContact, Step
from releases.people import name_of
from releases.workflow import PUBLISH

SHOWN = 8  # releases in each part of the first page
MOST_READ = 5  # releases
WEEK = 7  # days, today included
LATEST = 20  # releases of a mission or a contact
COUNTED = 1_000  # releases of a mission or a contact; more are called "more than"
NEWEST = [F("publish_at").desc(nulls_first=True), "-release_date", "-pk"]
NAMES = ["username", "last_name", "first_name"]  # of a person
TEXTS = ["summary_ko", "body_ko", "summary_en", "body_en"]


@dataclass
class Overview:
    """The parts of the first page; each holds at most one more than is shown."""

    to_review: list[Release] = field(default_factory=list)
    mine: list[Release] = field(default_factory=list)
    scheduled: list[Release] = field(default_factory=list)
    published: list[Release] = field(default_factory=list)
    most_read: list[Release] = field(default_factory=list)
    may_publish: bool = False


def overview(user: AbstractUser) -> Overview | None:
    """What `user` finds on the first page, in 6 queries; None for who may see no releases.

    One fewer for who may not publish, and one fewer where nothing was read this week.
    """
    if not may_see_releases(user):
        return None
    releases = lean(Release.objects.on_the_desk_of(user))
    may_publish = user.has_perm(PUBLISH)
    waiting = releases.in_review().select_related("author").order_by("submitted_at", "pk")
    return Overview(
        to_review=list(waiting[: SHOWN + 1]) if may_publish else [],
        mine=_begun_by(user),
        scheduled=list(releases.scheduled().order_by("publish_at", "pk")[: SHOWN + 1]),
        published=list(lean(Release.objects.public()).newest_first()[:SHOWN]),
        most_read=_most_read(timezone.localdate() - timedelta(days=WEEK - 1)),
        may_publish=may_publish,
    )


def may_see_releases(user: AbstractUser) -> bool:
    return user.has_perm("releases.view_release") or user.has_perm("releases.change_release")


def lean(releases: QuerySet[Release]) -> QuerySet[Release]:
    """`releases` with their mission and without their texts, for lists of headlines."""
    return releases.select_related("mission", "counter").defer(*TEXTS)


def _begun_by(user: AbstractUser) -> list[Release]:
    """What `user` began and nobody has approved: sent back first, then as edited last.

    `last_verb`, `last_text` and `last_by` tell the last step but for remarks.
    """
    steps = Step.objects.moves().filter(release=OuterRef("pk"))
    last = steps.order_by("-at", "-pk")
    began = (
        lean(Release.objects.filter(author=user.pk, approved_at=None))
        .annotate(
            last_verb=Subquery(last.values("verb")[:1]),
            last_text=Subquery(last.values("text")[:1]),
            **{f"by_{part}": Subquery(last.values(f"by__{part}")[:1]) for part in NAMES},
        )
        .annotate(sent_back=Case(When(last_verb="send_back", then=Value(1)), default=Value(0)))
        .order_by("-sent_back", "-edited_at", "-pk")
    )
    releases = list(began[: SHOWN + 1])
    for release in releases:
        names = {part: getattr(release, f"by_{part}") for part in NAMES}
        release.last_by = name_of(get_user_model()(**names) if names["username"] else None)
    return releases


def _most_read(since: date) -> list[Release]:
    """Public releases that were read most since that day; each has `read`, how often."""
    public = Release.objects.public()
    days = DailyViews.objects.filter(day__gte=since, count__gt=0, release__in=public.values("pk"))
    counts = dict(
        days.values("release")
        .annotate(read=Sum("count"))
        .order_by("-read", "-release")
        .values_list("release", "read")[:MOST_READ]
    )
    found = lean(public).in_bulk(counts) if counts else {}
    for pk, release in found.items():
        release.read = counts[pk]
    return [found[pk] for pk in counts if pk in found]


@dataclass
class Latest:
    """Releases of a mission or a contact: the newest, how many, and where the rest is listed."""

    releases: list[Release]
    number: int  # COUNTED + 1 where there are more
    query: str  # of the list of releases

    @property
    def counted(self) -> int:
        return min(self.number, COUNTED)

    @property
    def more(self) -> bool:
        return self.number > COUNTED


def latest_of_mission(mission: Mission, user: AbstractUser) -> Latest | None:
    """What `user` may see of `mission`, in two queries; None for who may see no releases."""
    return _latest(user, f"mission__id__exact={mission.pk}", mission=mission)


def latest_of_contact(contact: PressContact, user: AbstractUser) -> Latest | None:
    """What `user` may see that names `contact`, in two queries; None if they may see none."""
    named = ReleaseContact.objects.filter(contact=contact).values("release")
    return _latest(user, f"contact={contact.pk}", pk__in=named)


def _latest(user: AbstractUser, query: str, **of) -> Latest | None:
    if not may_see_releases(user):
        return None
    releases = Release.objects.on_the_desk_of(user).filter(**of)
    return Latest(
        list(lean(releases).order_by(*NEWEST)[:LATEST]),
        releases[: COUNTED + 1].count(),
        query,
    )


def answered_by(contact: PressContact, user: AbstractUser) -> Latest | None:
    """Releases whose reader is led to `contact` today, be it by way of who left before."""
    entries, found = {contact.pk}, {contact.pk}
    today = timezone.localdate()
    while found:
        left = PressContact.objects.filter(successor__in=found, left_on__lt=today)
        found = set(left.values_list("pk", flat=True)) - entries
        entries |= found
    named = ReleaseContact.objects.filter(contact__in=entries).values("release")
    return _latest(user, f"contact={contact.pk}", pk__in=named)
