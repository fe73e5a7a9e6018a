"""What a correction changed, and what the public could read before; only of public releases."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from . import correcting
from .models import Release
from .views import gone_or_not_found, led_on


@require_safe
def correction(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """What a correction says, and the difference to the version before it."""
    if not (release := _public(pk)):
        return led_on(pk, Release.get_absolute_url) or gone_or_not_found(request, pk)
    found = release.corrections.select_related("before", "after").filter(number=number).first()
    if not found:
        raise Http404("no such correction")
    is_hidden = bool(found.before.hidden_at or found.after.hidden_at)
    return render(
        request,
        "releases/correction.html",
        {
            "release": release,
            "correction": found,
            "is_hidden": is_hidden,
            "changes": []
            if is_hidden
            else correcting.changes(found.before.content, found.after.content),
            "is_newest": _is_newest(found.after),
        },
    )


@require_safe
def version(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """An earlier version that was public, as its text stood; the present one is the page itself."""
    if not (release := _public(pk)):
        return led_on(pk, Release.get_absolute_url) or gone_or_not_found(request, pk)
    found = release.versions.filter(public_number=number).first()
    if not found:
        raise Http404("no such public version")
    if found.hidden_at:
        return render(request, "releases/hidden_version.html", {"release": release}, status=410)
    if _is_newest(found):
        return redirect(release)
    return render(
        request,
        "releases/version.html",
        {
            "release": release,
            "version": found,
            "stood": correcting.as_it_stood(found, release),
            "canonical": request.build_absolute_uri(
                release.get_absolute_url(language=release.languages[0])
            ),
        },
    )


def _public(pk: int) -> Release | None:
    return Release.objects.public().select_related("mission").filter(pk=pk).first()


def _is_newest(version) -> bool:
    later = version.release.versions.filter(public_number__gt=version.public_number)
    return not later.exists()
