"""A release that is not public, shown to staff as the public would read it now."""

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from .models import Release
from .queries import in_full

VIEW, CHANGE = "releases.view_release", "releases.change_release"


def hidden_release(request: HttpRequest, pk: int) -> Release | None:
    """The release that only the desk may see, if it is somebody of the desk who asks.

    What the public could read once is left to the page that says it was withdrawn.
    """
    gone = Release.objects.gone().values("pk")
    release = in_full(seen_at_the_desk(request)).exclude(pk__in=gone).filter(pk=pk).first()
    return release and as_of_now(release)


def seen_at_the_desk(request: HttpRequest) -> QuerySet[Release]:
    """What whoever asks may see at the desk, public or not: nothing for strangers.

    Who sent no session is not looked at: a page for strangers depends on nobody's cookie.
    """
    if settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return Release.objects.none()
    user = request.user
    if not (user.is_staff and (user.has_perm(VIEW) or user.has_perm(CHANGE))):
        return Release.objects.none()
    return Release.objects.on_the_desk_of(user)


def as_of_now(release: Release) -> Release:
    """`release`, not saved, with the time that its page would say were it posted now."""
    release.publish_at = release.publish_at or timezone.now()
    return release


def kept_private(response: HttpResponse) -> HttpResponse:
    """`response`, to be kept in no cache and by no search engine."""
    response["Cache-Control"] = "private, no-store"
    response["X-Robots-Tag"] = "noindex"
    return response
