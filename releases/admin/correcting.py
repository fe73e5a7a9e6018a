"""Changing what the public reads: small fix or correction, and the hiding of what it once read."""

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contacts.bilingual import LANGUAGES
from releases import correcting, versions, workflow
from releases.models import Release, State, Version

from .typed import number

NOTES = {
    "ko": gettext_lazy("What was corrected, in Korean"),
    "en": gettext_lazy("What was corrected, in English"),
}
MISSING = {
    "ko": gettext_lazy("The release is in Korean: say in Korean what was corrected."),
    "en": gettext_lazy("The release is in English: say in English what was corrected."),
}


class ChangeKind(models.TextChoices):
    FIX = "fix", gettext_lazy("Small fix: the page changes without a word")
    CORRECTION = (
        "correction",
        gettext_lazy("Correction: the page says what was corrected, and when"),
    )


def _kind() -> forms.ChoiceField:
    return forms.ChoiceField(
        label=gettext_lazy("What kind of change is this?"),
        choices=ChangeKind,
        widget=forms.RadioSelect,
        required=False,
    )


def _note(lang: str) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField", "lang": lang})
    return forms.CharField(label=NOTES[lang], widget=widget, required=False, max_length=2000)


def choice_fields() -> dict[str, forms.Field]:
    """What a form asks with that is about more than the words."""
    notes = {f"correction_note_{lang}": _note(lang) for lang in LANGUAGES}
    return {"correction_kind": _kind(), **notes}


def check_choice(form: forms.Form, languages: list[str], is_seen: bool) -> None:
    """Add what is wrong with the choice to the errors of `form`.

    `languages`: those of the release once it is changed; `is_seen`: whether a reader sees the
    change, for only then there is something to choose.
    """
    given = form.cleaned_data
    notes = {lang: given.get(f"correction_note_{lang}", "").strip() for lang in LANGUAGES}
    kind = given.get("correction_kind")
    if kind == ChangeKind.CORRECTION:
        if not is_seen:
            form.add_error("correction_kind", _("Nothing that the public reads has been changed."))
        for lang in languages:
            if not notes[lang]:
                form.add_error(f"correction_note_{lang}", MISSING[lang])
    elif is_seen and not kind:
        form.add_error(
            "correction_kind",
            _("The public reads this release: choose whether this is a small fix or a correction."),
        )
    elif any(notes.values()):
        form.add_error(
            "correction_kind",
            _("A note is shown with a correction only: choose that, or empty it."),
        )


def correct_as_chosen(form: forms.Form, release: Release, by) -> None:
    """Make the correction that was chosen in `form`, a valid one, of what was just saved."""
    given = form.cleaned_data
    if given.get("correction_kind") == ChangeKind.CORRECTION:
        notes = {f"note_{lang}": given[f"correction_note_{lang}"] for lang in LANGUAGES}
        correcting.correct(release, by=by, **notes)


class CorrectingForm(forms.ModelForm):
    """The part of the form of a public release that asks what kind of change this is."""

    correction_kind = _kind()
    correction_note_ko = _note("ko")
    correction_note_en = _note("en")

    asks = False  # whether the release is public
    is_seen = False  # whether what was sent changes what a reader sees

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if not self.asks:
            for name in CorrectingForm.declared_fields:
                del self.fields[name]

    def clean(self):
        cleaned = super().clean()
        if self.asks:
            check_choice(self, correcting.languages_of(self.cleaned_data), self.is_seen)
        return cleaned


class RestoringForm(forms.Form):
    """The same, asked before old words of a public release are brought back."""

    correction_kind = _kind()
    correction_note_ko = _note("ko")
    correction_note_en = _note("en")

    def __init__(self, languages: list[str], data=None):
        super().__init__(data, label_suffix="")
        self.languages = languages

    def clean(self):
        cleaned = super().clean()
        check_choice(self, self.languages, is_seen=True)
        return cleaned


class NoteForm(forms.Form):
    """The note of a correction, to be mended."""

    correction_note_ko = _note("ko")
    correction_note_en = _note("en")

    def __init__(self, languages: list[str], data=None, **kwargs):
        super().__init__(data, label_suffix="", **kwargs)
        self.languages = languages

    def clean(self):
        for lang in self.languages:
            if not self.cleaned_data.get(f"correction_note_{lang}", "").strip():
                self.add_error(f"correction_note_{lang}", MISSING[lang])


class Correcting:
    """Part of `ReleaseAdmin`."""

    def get_urls(self):
        return [
            path(
                "<int:pk>/history/hide/",
                self.admin_site.admin_view(self.hide_version_view),
                name="releases_release_hide_version",
            ),
            path(
                "<int:pk>/corrections/<int:number>/",
                self.admin_site.admin_view(self.reword_view),
                name="releases_release_reword",
            ),
            *super().get_urls(),
        ]

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change, **kwargs)
        form.asks = (
            obj is not None and obj.state == State.PUBLIC and workflow.may_change(request.user, obj)
        )
        form.is_seen = getattr(request, "is_seen_by_the_public", False)
        return form

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        form = context["adminform"].form
        context["asks_for_correction"] = form.asks
        if obj and form.asks:
            context["languages_to_correct"] = correcting.languages_of(vars(obj))
            context["corrections"] = obj.public_corrections
        return super().render_change_form(request, context, add, change, form_url, obj)

    def hide_version_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Ask why a version must not be shown, and on POST hide it, or show it again."""
        release = self.get_object(request, str(pk))
        if release is None:
            raise Http404
        if not workflow.may_hide_versions(request.user, release):
            raise PermissionDenied
        asked = request.POST if request.method == "POST" else request.GET
        version = release.versions.filter(number=number(asked.get("version", ""))).first()
        if version is None or version.public_number is None:
            raise Http404
        error = ""
        if request.method == "POST":
            reason = request.POST.get("reason", "")
            try:
                if request.POST.get("do") == "show":
                    correcting.show(version, request.user, reason)
                    said = _("Version %(number)d can be read again.")
                elif request.POST.get("earlier"):
                    correcting.hide_up_to(version, request.user, reason)
                    said = _("Version %(number)d and those before it are hidden from the public.")
                else:
                    correcting.hide(version, request.user, reason)
                    said = _("Version %(number)d is hidden from the public.")
            except ValidationError as refused:
                error = " ".join(refused.messages)
            else:
                self.message_user(request, said % {"number": version.number}, messages.SUCCESS)
                return redirect("admin:releases_release_history", pk)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Show the version again") if version.hidden_at else _("Hide the version"),
            "subtitle": str(release),
            "release": release,
            "version": version,
            "opts": self.opts,
            "error": error,
            "reason": request.POST.get("reason", ""),
            "remaining": correcting.remaining(version, release),
            "earlier": release.versions.filter(
                public_number__lt=version.public_number, hidden_at=None
            ).count(),
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, "admin/releases/release/hide_version.html", context)

    def reword_view(self, request: HttpRequest, pk: int, number: int) -> HttpResponse:
        """The note of a correction, and on POST another one in its place."""
        release = self.get_object(request, str(pk))
        correction = release and release.corrections.filter(number=number).first()
        if correction is None:
            raise Http404
        if not workflow.may_change(request.user, release):
            raise PermissionDenied
        notes = {
            f"correction_note_{lang}": getattr(correction, f"note_{lang}") for lang in LANGUAGES
        }
        languages = correcting.languages_of(vars(release))
        form = NoteForm(languages, request.POST or None, initial=notes)
        if request.method == "POST" and form.is_valid():
            given = form.cleaned_data
            correcting.reword(
                correction, request.user, *(given[f"correction_note_{lang}"] for lang in LANGUAGES)
            )
            self.message_user(request, _("The note has been mended."), messages.SUCCESS)
            return redirect("admin:releases_release_change", pk)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Mend the note"),
            "subtitle": str(release),
            "release": release,
            "opts": self.opts,
            "form": form,
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, "admin/releases/release/reword.html", context)

    def asked_before_restoring(
        self, request: HttpRequest, release: Release, version: Version
    ) -> HttpResponse | RestoringForm | None:
        """The page that asks what kind of change it is to bring `version` back, or what was chosen.

        None where the public sees nothing of it.
        """
        wanted = version.content
        if release.state != State.PUBLIC or not correcting.shows(
            versions.content_of(release), wanted
        ):
            return None
        is_sent = "correction_kind" in request.POST or "asked" in request.POST
        form = RestoringForm(correcting.languages_of(wanted), request.POST if is_sent else None)
        if is_sent and form.is_valid():
            return form
        context = {
            **self.admin_site.each_context(request),
            "title": _("Bring back version %(number)d") % {"number": version.number},
            "subtitle": str(release),
            "release": release,
            "version": version,
            "opts": self.opts,
            "form": form,
            "languages_to_correct": form.languages,
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, "admin/releases/release/restore_version.html", context)
