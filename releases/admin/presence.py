"""Who else has this release open, and whether it has been saved meanwhile."""

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import path, reverse
from django.utils import timezone

from releases import presence
from releases.people import name_of

from .saving import MadeFrom


class Presences:
    """Part of `ReleaseAdmin`."""

    @property
    def media(self):
        return super().media + forms.Media(js=["js/desk/presence.js"])

    def get_urls(self):
        view = self.admin_site.admin_view(self.presence_view)
        return [
            path("<int:pk>/presence/", view, name="releases_release_presence"),
            *super().get_urls(),
        ]

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        context["desk_user"] = request.user.pk
        if obj and obj.pk and self.has_change_permission(request, obj):
            context["presence_url"] = reverse("admin:releases_release_presence", args=[obj.pk])
            context["others"] = [
                (name_of(there.user), there.since) for there in presence.others(obj, request.user)
            ]
        return super().render_change_form(request, context, add, change, form_url, obj)

    def presence_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """A heartbeat: `made_from` asks who else is here and what happened; `bye` takes leave.

        Answers {"others": [{"name", "since"}], "saved": null | {"name", "at"}, "state": ""}.
        """
        if request.method != "POST":
            raise Http404
        release = self.get_object(request, str(pk))
        if release is None:
            # As for one that never was.
            raise Http404
        if "bye" in request.POST:
            presence.gone(release, request.user)
            return HttpResponse(status=204)
        if not self.has_change_permission(request, release):
            raise PermissionDenied
        presence.seen(release, request.user)
        others = presence.others(release, request.user)
        return JsonResponse(
            {
                "others": [
                    {"name": name_of(there.user), "since": _clock(there.since)} for there in others
                ],
                **_news(release, MadeFrom.read(request.POST.get("made_from", ""))),
            }
        )


def _news(release, made_from: MadeFrom | None) -> dict[str, Any]:
    """What happened to `release` since a form was made from it."""
    newest = release.versions.select_related("saved_by").first()
    saved = None
    if made_from and newest and newest.number > (made_from.version or 1):
        saved = {"name": name_of(newest.saved_by), "at": _clock(newest.saved_at)}
    moved = made_from and made_from.state != release.state
    return {"saved": saved, "state": str(release.state.label) if moved else ""}


def _clock(moment) -> str:
    return f"{timezone.localtime(moment):%H:%M}"
