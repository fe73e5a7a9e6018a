"""History, differences, restoring and recovering."""

from itertools import pairwise

from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.translation import gettext as _

from releases import versions, workflow
from releases.models import Release, State, Version
from releases.people import name_of

from .correcting import correct_as_chosen
from .typed import number

PAGE_SIZE = 50  # versions, or deleted releases


class Versions:
    """Part of `ReleaseAdmin`."""

    def get_urls(self):
        wrap = self.admin_site.admin_view
        return [
            path("deleted/", wrap(self.deleted_view), name="releases_release_deleted"),
            path(
                "<int:pk>/history/restore/",
                wrap(self.restore_version_view),
                name="releases_release_restore_version",
            ),
            *super().get_urls(),
        ]

    def history_view(self, request, object_id, extra_context=None):
        """The versions of a release, newest first, and what two of them say differently."""
        release = self.get_object(request, unquote(object_id))
        if release is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if not self.has_view_or_change_permission(request, release):
            raise PermissionDenied
        # What it said before the public could read it is for those who wrote it.
        if not workflow.may_see_the_log(request.user, release):
            raise PermissionDenied
        page = Paginator(release.versions.select_related("saved_by"), PAGE_SIZE).get_page(
            request.GET.get("p")
        )
        context = {
            **self.admin_site.each_context(request),
            "title": _("Versions"),
            "subtitle": str(release),
            "release": release,
            "opts": self.opts,
            "page": page,
            "rows": _rows(release, list(page)),
            "row_is_public": any(version.public_number for version in page),
            "may_restore": workflow.may_change(request.user, release),
            "may_hide": workflow.may_hide_versions(request.user, release),
            "newest": versions.newest_number(release),
            "comparison": _comparison(release, request.GET),
            **(extra_context or {}),
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, "admin/releases/release/history.html", context)

    def restore_version_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """One click: the release says again what it said in an older version."""
        if request.method != "POST":
            raise Http404
        with transaction.atomic():
            Release.objects.select_for_update().filter(pk=pk).first()
            release = self.get_object(request, str(pk))
            if release is None:
                raise Http404
            if not workflow.may_change(request.user, release):
                raise PermissionDenied
            wanted = number(request.POST.get("version", ""))
            version = release.versions.filter(number=wanted).first()
            if version is None:
                raise Http404
            choice = self.asked_before_restoring(request, release, version)
            if isinstance(choice, HttpResponse):
                return choice
            try:
                with transaction.atomic():
                    notes = versions.restore(version, by=request.user)
                    if choice:
                        correct_as_chosen(choice, release, request.user)
            except ValidationError as refused:
                self.message_user(request, " ".join(refused.messages), messages.ERROR)
            else:
                said = _("The words of version %(number)d are back.") % {"number": version.number}
                self.log_change(request, release, said)
                self.message_user(request, said, messages.SUCCESS)
                for note in notes:
                    self.message_user(request, note, messages.WARNING)
        return redirect("admin:releases_release_history", pk)

    # Deleted releases

    def changelist_view(self, request, extra_context=None):
        may_recover = {"may_recover": self.has_delete_permission(request)}
        return super().changelist_view(request, may_recover | (extra_context or {}))

    def delete_model(self, request, obj):
        versions.delete(obj, by=request.user)

    @transaction.atomic
    def delete_queryset(self, request, queryset):
        for release in queryset:
            versions.delete(release, by=request.user)

    def deleted_view(self, request: HttpRequest) -> HttpResponse:
        """The deleted releases of this desk; POST brings one back as a draft."""
        if not self.has_delete_permission(request):
            raise PermissionDenied
        if request.method == "POST":
            return self._recover(request)
        page = Paginator(versions.deleted(request.user), PAGE_SIZE).get_page(request.GET.get("p"))
        context = {
            **self.admin_site.each_context(request),
            "title": _("Deleted releases"),
            "opts": self.opts,
            "page": page,
            "rows": [(gone, name_of(gone.step.by)) for gone in page],
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, "admin/releases/release/deleted.html", context)

    def _recover(self, request: HttpRequest) -> HttpResponse:
        gone = versions.deleted_one(request.user, number(request.POST.get("release", "")))
        if gone is None:
            self.message_user(request, _("It is not among the deleted ones."), messages.ERROR)
            return redirect("admin:releases_release_deleted")
        try:
            release, notes = versions.recover(gone, by=request.user)
        except ValidationError as refused:
            self.message_user(request, " ".join(refused.messages), messages.ERROR)
            return redirect("admin:releases_release_deleted")
        self.log_change(request, release, _("Brought back after it was deleted."))
        self.message_user(request, _("“%s” is back as a draft.") % release, messages.SUCCESS)
        for note in notes:
            self.message_user(request, note, messages.WARNING)
        return redirect("admin:releases_release_change", release.pk)


def _rows(release: Release, shown: list[Version]) -> list[dict]:
    """Each version with its predecessor's number, who saved it and what it changed."""
    if not shown:
        return []
    older = release.versions.filter(number__lt=shown[-1].number).first()
    newest = versions.newest_number(release) if release.state == State.PUBLIC else None
    return [
        {
            "version": version,
            "name": name_of(version.saved_by),
            "is_shown_now": version.number == newest,
            "before": before and before.number,
            "changed": versions.changed_labels(before and before.content, version.content),
        }
        for version, before in pairwise([*shown, older])
    ]


def _comparison(release: Release, query) -> dict | None:
    """The two versions that a query names and what differs, None when it names none."""
    wanted = {number(query.get(name, "")) for name in ("from", "to")}
    found = {v.number: v for v in release.versions.filter(number__in=wanted - {None})}
    if set(found) != wanted:
        return None
    old, new = found[min(found)], found[max(found)]
    return {
        "old": old,
        "new": new,
        "old_name": name_of(old.saved_by),
        "new_name": name_of(new.saved_by),
        "differences": versions.differences(old.content, new.content),
    }
