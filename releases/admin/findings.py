"""What the doctor finds: beside the form, and on a button for what is not saved yet."""

import re
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from django import forms
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_http_methods

from releases import doctor
from releases.doctor import Finding, Level
from releases.models import Release

LABELS = {
    Level.ERROR: pgettext_lazy("finding", "Error"),
    Level.WARNING: pgettext_lazy("finding", "Warning"),
    Level.NOTE: pgettext_lazy("finding", "Note"),
}
WHAT_IT_DOES = {
    Level.ERROR: gettext_lazy("blocks publishing"),
    Level.WARNING: gettext_lazy("look again before publishing"),
    Level.NOTE: gettext_lazy("for your information"),
}
# Of fields that the form shows in two parts, the first.
PARTS = {"publish_at": "publish_at_0", "contacts": "contacts-0-contact"}


class Group(NamedTuple):
    """All findings of one level, with what the level is called and does."""

    level: Level
    label: str
    does: str
    findings: list[tuple[str, Finding]]  # with the id of the form's field


class Findings:
    """Part of `ReleaseAdmin`."""

    def get_urls(self):
        def desk(view):
            return self.admin_site.admin_view(require_http_methods(["GET", "HEAD", "POST"])(view))

        own = [
            path("add/findings/", desk(self.findings_of_new), name="releases_release_add_findings"),
            path(
                "<path:object_id>/findings/", desk(self.findings), name="releases_release_findings"
            ),
        ]
        return own + super().get_urls()

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        context |= {
            "finding_groups": grouped(doctor.examine(obj)) if obj else [],
            "check_address": check_address(obj) if self._may_check(request, obj) else "",
            "examined": obj is not None,
        }
        return super().render_change_form(request, context, add, change, form_url, obj)

    def findings(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """What is found in the release as saved; of a POST, as it stands in the form."""
        release = self.get_object(request, unquote(object_id))
        if release is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if not self.has_view_permission(request, release):
            raise PermissionDenied
        if request.method == "POST":
            return self._findings_of_form(request, release)
        address = reverse("admin:releases_release_change", args=[release.pk])
        return self._findings_page(request, doctor.examine(release), release, address)

    def findings_of_new(self, request: HttpRequest) -> HttpResponse:
        """What is found in the words of a form that was never saved."""
        return self._findings_of_form(request, None)

    def _findings_of_form(self, request: HttpRequest, release: Release | None) -> HttpResponse:
        if request.method != "POST" or not self._may_check(request, release):
            raise PermissionDenied
        title = str(release) if release else _("New release")
        form_class = self.get_form(request, release, change=release is not None)
        form = form_class(request.POST, request.FILES, instance=release)
        faults = list(_faults(form))
        rows: dict[str, list[forms.ModelForm]] = {"contacts": [], "pictures": []}
        for formset_class, inline in self.get_formsets_with_inlines(request, release):
            formset = formset_class(
                request.POST,
                request.FILES,
                instance=form.instance,
                prefix=formset_class.get_default_prefix(),
                queryset=inline.get_queryset(request),
            )
            formset.is_valid()
            kept = [row for row in formset.forms if _is_kept(row)]
            rows[formset.prefix] = kept
            faults += [fault for row in kept for fault in _faults(row)]
        found = doctor.examine(
            form.instance,
            [row.instance for row in rows["contacts"]],
            [row.instance for row in rows["pictures"]],
        )
        placed = [_in_its_row(finding, rows) for finding in found]
        return self._findings_page(request, [*faults, *placed], release, title=title)

    def _findings_page(
        self,
        request: HttpRequest,
        found: list[Finding],
        release: Release | None,
        form_address: str = "",
        title: str = "",
    ) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Check of the release"),
            "subtitle": title or str(release),
            "release": release,
            "finding_groups": grouped(found),
            "form_address": form_address,
            "is_unsaved": not form_address,
        }
        return TemplateResponse(request, "admin/releases/release/findings.html", context)

    def _may_check(self, request: HttpRequest, release: Release | None) -> bool:
        """Whether they may send a form of the release, and so have it looked at."""
        if release is None:
            return self.has_add_permission(request)
        return self.has_change_permission(request, release)


def grouped(found: Iterable[Finding]) -> list[Group]:
    """Findings by level, gravest first; a level without any is left out."""
    found = list(found)
    groups = (
        Group(
            level,
            str(LABELS[level]),
            str(WHAT_IT_DOES[level]),
            [(element_id(finding.field), finding) for finding in found if finding.level == level],
        )
        for level in Level
    )
    return [group for group in groups if group.findings]


def element_id(field: str) -> str:
    """The id in the form of what `field` names, "" for the whole release."""
    return f"id_{PARTS.get(field, field)}" if field else ""


def check_address(release: Release | None) -> str:
    """Where the form is sent to be looked at without being saved."""
    if release is None:
        return reverse("admin:releases_release_add_findings")
    return reverse("admin:releases_release_findings", args=[release.pk])


def _is_kept(row: forms.ModelForm) -> bool:
    data = getattr(row, "cleaned_data", {})
    return not data.get("DELETE") and bool(row.instance.pk or row.has_changed())


def _faults(form: forms.ModelForm) -> Iterator[Finding]:
    """What the form itself would refuse: the check has not seen those words."""
    for name, messages in form.errors.items():
        if name in form.fields:
            yield Finding(
                Level.ERROR,
                form.add_prefix(name),
                capfirst(str(form.fields[name].label or name)),
                " ".join(messages),
                _("Correct it; it cannot be saved like this."),
            )


def _in_its_row(finding: Finding, rows: dict[str, list[forms.ModelForm]]) -> Finding:
    """`finding` with the name that its row has in the form, where other rows may be deleted."""
    match = re.fullmatch(r"(contacts|pictures)-(\d+)-(\w+)", finding.field)
    if not match:
        return finding
    row: Any = rows[match[1]][int(match[2])]
    return finding._replace(field=row.add_prefix(match[3]))
