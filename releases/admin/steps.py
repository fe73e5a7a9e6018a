"""The verbs of `workflow` as buttons, pages and list actions, and the log of what was done.

A link or a button leads to a page that says what will happen and asks for what the verb needs;
only its POST does it. The list actions lead to the same page for many releases.
"""

import re
from copy import copy
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.admin import action
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.options import IS_POPUP_VAR
from django.contrib.admin.utils import flatten_fieldsets, quote, unquote
from django.contrib.auth.models import AbstractUser
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.validators import MinValueValidator
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.html import format_html, format_html_join
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from releases import correcting, doctor, workflow
from releases.doctor import Finding, Level
from releases.models import REMARKS, Presence, Release, State, Step
from releases.people import name_of

from .correcting import check_choice, choice_fields, correct_as_chosen
from .desk import TEXTS
from .words import DONE

AT_ONCE = 100  # releases that one list action takes
LISTED = [
    verb for verb in workflow.VERBS if verb not in ("undo_publish", "redate", "replace", "comment")
]
# Verbs that are about the words: the form offers to save and go on to them.
SAVE_AND = {
    "submit": gettext_lazy("Save and submit for review"),
    "publish_now": gettext_lazy("Save and publish …"),
    "schedule": gettext_lazy("Save and schedule …"),
}
# Done in a hurry or beside other work: whatever else has changed does not stand against it.
UNSEEN = ("undo_publish", "comment")
DEMANDING = ("send_back", "comment")  # a comment
# A number, or the address of a release's page: …/releases/12/its-headline/
ADDRESSED = re.compile(r"(?:\S*/releases/)?(?P<pk>\d{1,18})(?:/\S*)?")
EARLIEST = datetime(1900, 1, 1, tzinfo=UTC)

WHAT_HAPPENS = {
    "submit": gettext_lazy(
        "Editors are asked to read it. Until it comes back, only they can change it."
    ),
    "take_back": gettext_lazy("It is a draft again, and its author can go on writing."),
    "publish_now": gettext_lazy(
        "The public can read it in a moment; for that long you can still undo it."
    ),
    "schedule": gettext_lazy("The public can read it from the time that you choose."),
    "publish_dated": gettext_lazy(
        "The public can read it at once, posted at the past time that it names."
    ),
    "send_back": gettext_lazy("It is a draft again. Its author reads your comment beside it."),
    "undo_publish": gettext_lazy("It does not go public. All is as it was before."),
    "cancel_schedule": gettext_lazy("It does not go public, and waits for review again."),
    "redate": gettext_lazy("It stays public, in lists and feeds at the corrected time."),
    "withdraw": gettext_lazy(
        "The public can no longer read it. Its address says that it was withdrawn, and why."
    ),
    "replace": gettext_lazy(
        "The public can no longer read it. Its address leads to the release that replaces it."
    ),
    "restore": gettext_lazy("The public can read it again, posted at its old time."),
    "comment": gettext_lazy("Colleagues read it beside the release. The public never does."),
    "delete": gettext_lazy("It is gone from the desk. The public has never seen it."),
}


@dataclass(frozen=True)
class Intended:
    """A release that a verb is meant for: why that cannot be, and what the doctor found."""

    release: Release
    reason: str = ""
    findings: tuple[Finding, ...] = ()

    @property
    def has_warnings(self) -> bool:
        return any(finding.level == Level.WARNING for finding in self.findings)


@dataclass(frozen=True)
class Entry:
    """A step as the log shows it."""

    step: Step
    who: str
    done: str
    time: datetime | None  # that it set, where the verb sets one


class StepForm(forms.Form):
    """What `verb` asks of whoever uses it on `releases`; `despite` where the doctor warns."""

    def __init__(self, verb: str, intended: list[Intended], data=None):
        super().__init__(data, label_suffix="")
        self.verb = verb
        if verb in ("schedule", "redate"):
            self.fields["at"] = _time_field()
            self.initial["at"] = _usual_time(verb, intended)
        if verb == "withdraw":
            self.fields["reason_ko"] = _words(_("Public reason in Korean"))
            self.fields["reason_en"] = _words(_("Public reason in English"))
        if verb in ("withdraw", "replace"):
            self.fields["replaced_by"] = PublicReleaseField(
                label=_("Address of the release that replaces it")
                if verb == "replace"
                else _("Address of a release to read instead, if any"),
                help_text=_("The address of its public page, or its number."),
                required=verb == "replace",
                max_length=2000,
                widget=forms.TextInput(attrs={"class": "vTextField"}),
            )
        # Of what was changed while it was withdrawn: one release, for a list restores no such.
        self.changed = next((i.release for i in intended if _is_asked_about(verb, i.release)), None)
        if self.changed:
            self.fields.update(choice_fields())
        if verb in workflow.VERBS and verb != "undo_publish":
            label = _("Comment") if verb in DEMANDING else _("Comment for colleagues, if any")
            self.fields["comment"] = _words(label, required=verb in DEMANDING)
        if verb in workflow.PUBLISHING and any(item.has_warnings for item in intended):
            self.fields["despite"] = forms.BooleanField(
                label=_("Publish all the same"),
                error_messages={
                    "required": _("There are warnings. Tick this to publish all the same.")
                },
            )
        if verb in workflow.VERBS and verb not in UNSEEN:
            for item in intended:
                seen = forms.DateTimeField(widget=forms.HiddenInput)
                self.fields[_seen(item.release)] = seen
                self.initial[_seen(item.release)] = item.release.edited_at.isoformat()

    def clean(self):
        given = self.cleaned_data
        if self.verb == "withdraw" and not (given.get("reason_ko") or given.get("reason_en")):
            self.add_error("reason_ko", _("Give a reason that the public may read."))
        if self.changed:
            check_choice(self, self.languages_to_correct, is_seen=True)
        return given

    @property
    def languages_to_correct(self) -> list[str]:
        """Those in which a correction needs a note."""
        return correcting.languages_of(vars(self.changed))

    @property
    def plain_fields(self) -> list[forms.BoundField]:
        """All but those that ask what kind of change it is."""
        asking = choice_fields()
        return [field for field in self.visible_fields() if field.name not in asking]

    @transaction.atomic
    def take(self, release: Release, by: AbstractUser) -> None:
        """Use the verb on `release`; raises what `workflow` raises."""
        asked = ("at", "reason_ko", "reason_en", "replaced_by", "comment")
        given = {name: self.cleaned_data[name] for name in asked if name in self.cleaned_data}
        seen = self.cleaned_data.get(_seen(release))
        getattr(workflow, self.verb)(release, by=by, seen=seen, **given)
        correct_as_chosen(self, release, by)


class PublicReleaseField(forms.CharField):
    """A public release, by its number or by an address of its page. Gives a Release or None."""

    def clean(self, value):
        value = super().clean(value)
        if not value:
            return None
        found = ADDRESSED.fullmatch(value)
        pk = found and int(found["pk"])
        if pk is None or not (release := Release.objects.public().filter(pk=pk).first()):
            raise ValidationError(_("There is no public release at that address."))
        return release


def _seen(release: Release) -> str:
    return f"seen-{release.pk}"


def _words(label: str, required: bool = False) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField"})
    return forms.CharField(label=label, required=required, max_length=5000, widget=widget)


def _time_field() -> forms.SplitDateTimeField:
    widget = forms.SplitDateTimeWidget(
        date_format="%Y-%m-%d",
        time_format="%H:%M",
        date_attrs={"type": "date", "aria-label": _("Day")},
        time_attrs={"type": "time", "aria-label": _("Hour and minute")},
    )
    return forms.SplitDateTimeField(
        label=_("Korean time"),
        widget=widget,
        input_date_formats=["%Y-%m-%d"],
        input_time_formats=["%H:%M", "%H:%M:%S"],
        validators=[MinValueValidator(EARLIEST)],
    )


def _usual_time(verb: str, intended: list[Intended]) -> datetime:
    """The time that the form proposes: as planned or posted, else nine in the morning to come."""
    now = timezone.localtime()
    planned = intended[0].release.publish_at if len(intended) == 1 else None
    if planned and (verb == "redate" or planned > now):
        return planned
    nine = now.replace(hour=9, minute=0, second=0, microsecond=0)
    if verb == "redate" or nine > now:
        return nine
    return nine + timedelta(days=1)


def label_of(verb: str, release: Release) -> str:
    """What the button of `verb` says where `release` stands: what is approved is not again."""
    if release.state == State.SCHEDULED and verb == "publish_now":
        return _("Publish now")
    if release.state == State.SCHEDULED and verb == "schedule":
        return _("Change the time")
    return str(workflow.VERBS[verb].label)


def log_of(release: Release) -> list[Entry]:
    """What was done with `release`, newest last."""
    steps = list(release.steps.select_related("by"))
    # A step keeps the times from before it: those after it stand in the next one.
    after = [step.before.get("publish_at") for step in steps[1:]]
    after.append(release.publish_at and release.publish_at.isoformat())
    return [
        Entry(
            step,
            step.before.get("who") or name_of(step.by),
            str(DONE[step.verb]),
            parse_datetime(then) if then and step.verb in ("schedule", "redate") else None,
        )
        for step, then in zip(steps, after, strict=False)  # without steps, no entry
    ]


def _intended(user: AbstractUser, verb: str, release: Release) -> Intended:
    """`release` as one that `user` means to use `verb` on."""
    if not workflow.is_theirs(user, verb, release):
        return Intended(release, _("You may not do this with it."))
    if reason := workflow.refusal(verb, release):
        return Intended(release, reason)
    asks_the_doctor = verb == "submit" or verb in workflow.PUBLISHING
    findings = tuple(_found(verb, release)) if asks_the_doctor else ()
    errors = [finding for finding in findings if finding.level == Level.ERROR]
    if errors and verb in workflow.PUBLISHING:
        found = "; ".join(f"{error.where}: {error.why}" for error in errors)
        return Intended(release, found, findings)
    return Intended(release, "", findings)


def _found(verb: str, release: Release) -> list[Finding]:
    """What the doctor finds of `release`, once `verb` is used on it."""
    if verb == "publish_now" and release.publish_at:
        # Whatever day was planned, it is posted today.
        release = copy(release)
        release.publish_at = timezone.localtime().replace(hour=23, minute=59, second=59)
    return doctor.examine(release)


def _intended_in_list(user: AbstractUser, verb: str, release: Release) -> Intended:
    """The same of one among many: each change of what the public reads is asked about alone."""
    intended = _intended(user, verb, release)
    if not intended.reason and _is_asked_about(verb, release):
        return Intended(release, _("It was changed while it was withdrawn: restore it by itself."))
    return intended


def _is_asked_about(verb: str, release: Release) -> bool:
    """Whether `verb` shows the public a release that is not what they read before."""
    return verb == "restore" and correcting.is_changed_since_public(release)


def _acting(verb: str):
    """The list action of `verb`."""

    def act(admin: "Steps", request: HttpRequest, releases: QuerySet[Release]):
        return admin.act_on_many(request, releases, verb)

    return act


class Steps:
    """Part of `ReleaseAdmin`."""

    actions = ["delete_selected"]

    def get_urls(self):
        return [
            path(
                "<path:object_id>/step/<str:verb>/",
                self.admin_site.admin_view(self.step_view),
                name="releases_release_step",
            ),
            *super().get_urls(),
        ]

    # Who may see, and what

    def has_view_permission(self, request: HttpRequest, obj: Release | None = None) -> bool:
        may = super().has_view_permission(request, obj)
        return may and (obj is None or workflow.may_see(request.user, obj))

    def get_fieldsets(self, request, obj=None):
        """The form without what the bar above it shows, and without a reason to withdraw
        anywhere but on a withdrawn release."""
        left_out = {"state_label"}
        if obj is None or obj.state != State.WITHDRAWN or obj.is_replaced:
            left_out |= set(workflow.REASONS)
        kept = [
            (name, {**options, "fields": _without(left_out, options["fields"])})
            for name, options in super().get_fieldsets(request, obj)
        ]
        return [(name, options) for name, options in kept if flatten_fieldsets([(name, options)])]

    def history_view(self, request, object_id, extra_context=None):
        # Django's own tells those who may see nothing which releases there are.
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        return super().history_view(request, object_id, extra_context)

    # The form

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        user = request.user
        if add:
            saving = [verb for verb in SAVE_AND if workflow.may_ever(user, verb)]
        else:
            saving = [verb for verb in SAVE_AND if workflow.may(user, verb, obj)]
            context.update(self._standing(request, obj))
        if "publish_now" in saving and "submit" in saving:
            saving.remove("submit")
        if add or self.has_change_permission(request, obj):
            context["save_and"] = [(verb, SAVE_AND[verb]) for verb in saving]
        return super().render_change_form(request, context, add, change, form_url, obj)

    def _standing(self, request: HttpRequest, release: Release) -> dict:
        """Where `release` stands, how it came there, and where this user may take it."""
        user = request.user
        sees_log = workflow.may_see_the_log(user, release)
        log = log_of(release) if sees_log else []
        moves = [entry for entry in log if entry.step.verb not in REMARKS]
        verbs = [
            (verb, label_of(verb, release), self._step_address(release, verb))
            for verb in workflow.VERBS
            if verb not in UNSEEN and workflow.may(user, verb, release)
        ]
        may_undo = workflow.may(user, "undo_publish", release)
        since = {
            State.DRAFT: release.created_at,
            State.IN_REVIEW: release.submitted_at,
            State.SCHEDULED: release.approved_at,
            State.WITHDRAWN: release.withdrawn_at,
        }
        return {
            "standing": release,
            "leads_to": release.replaced_by_id and correcting.leads_to(release),
            "last_move": moves[-1] if moves else None,
            "since": since.get(release.state),
            "verbs": verbs,
            "sees_log": sees_log,
            "log": log,
            "publishing": [release] if may_undo else [],
            "comment_address": workflow.may(user, "comment", release)
            and self._step_address(release, "comment"),
        }

    def response_add(self, request, obj, post_url_continue=None):
        response = super().response_add(request, obj, post_url_continue)
        return self._next_step(request, obj) or response

    def response_change(self, request, obj):
        response = super().response_change(request, obj)
        self._warn_of_errors(request, obj)
        return self._next_step(request, obj) or response

    def _next_step(self, request: HttpRequest, release: Release) -> HttpResponse | None:
        """The way on from a saved form whose button says "Save and …"."""
        verb = request.POST.get("_step")
        if verb in workflow.VERBS and IS_POPUP_VAR not in request.POST:
            return redirect(self._step_address(release, verb))
        return None

    def _warn_of_errors(self, request: HttpRequest, release: Release) -> None:
        """Say loudly that a scheduled release goes out with errors: nothing asks once more."""
        if release.state != State.SCHEDULED:
            return
        errors = [found for found in doctor.examine(release) if found.level == Level.ERROR]
        if not errors:
            return
        said = _(
            "This scheduled release has errors: %(errors)s. It goes public as it is, %(time)s."
        )
        ways = [
            (reverse("admin:releases_release_findings", args=[release.pk]), _("See what was found"))
        ]
        ways += [
            (self._step_address(release, verb), label_of(verb, release))
            for verb in ("schedule", "cancel_schedule")
            if workflow.may(request.user, verb, release)
        ]
        message = format_html(
            "{} {}",
            said
            % {
                "errors": "; ".join(f"{error.where}: {error.why}" for error in errors),
                "time": f"{timezone.localtime(release.publish_at):%Y-%m-%d %H:%M}",
            },
            format_html_join(" · ", '<a href="{}">{}</a>', ways),
        )
        self.message_user(request, message, messages.ERROR)

    # One release

    def step_view(self, request: HttpRequest, object_id: str, verb: str) -> HttpResponse:
        """What `verb` will do and needs, and on POST does; then back to the release."""
        if verb not in workflow.VERBS:
            raise Http404("no such step")
        release = self.get_object(request, unquote(object_id))
        if not self.has_view_or_change_permission(request, release):
            raise PermissionDenied
        if release is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if not workflow.is_theirs(request.user, verb, release):
            raise PermissionDenied
        address = self._address(release)
        if reason := workflow.refusal(verb, release):
            return self._refused(request, release, reason)
        intended = _intended(request.user, verb, release)
        form = StepForm(verb, [intended], request.POST if request.method == "POST" else None)
        if request.method == "POST" and form.is_valid():
            try:
                form.take(release, by=request.user)
            except ValidationError as refusal:
                if workflow.refusal(verb, release):
                    return self._refused(request, release, *refusal.messages)
                form.add_error(None, refusal)
            else:
                if verb == "comment":
                    return redirect(f"{address}#release-log")
                self._tell(request, verb, release)
                return redirect(address)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": label_of(verb, release),
            "subtitle": str(release),
            "verb": verb,
            "release": release,
            "intended": intended,
            "what_happens": WHAT_HAPPENS[verb],
            "grace": settings.PUBLISH_GRACE,
            "form": form,
            "address": address,
        }
        return TemplateResponse(request, "admin/releases/release/step.html", context)

    def _refused(self, request: HttpRequest, release: Release, *reasons: str) -> HttpResponse:
        """Back to `release`, saying why and who was there before."""
        moves = release.steps.moves().select_related("by")
        last = moves.order_by("at", "pk").last()
        said = " ".join(reasons)
        if last and last.by != request.user and workflow.may_see_the_log(request.user, release):
            said = f"{said} ({name_of(last.by)}: {DONE[last.verb]})"
        self.message_user(request, said, messages.ERROR)
        return redirect(self._address(release))

    def _tell(self, request: HttpRequest, verb: str, release: Release) -> None:
        done = workflow.VERBS[verb].done
        self.message_user(request, f"“{release.title}”: {done}", messages.SUCCESS)

    def _address(self, release: Release) -> str:
        return reverse("admin:releases_release_change", args=[quote(release.pk)])

    def _step_address(self, release: Release, verb: str) -> str:
        return reverse("admin:releases_release_step", args=[quote(release.pk), verb])

    # Many releases

    def changelist_view(self, request, extra_context=None):
        publishing = []
        if request.user.has_perm(workflow.PUBLISH):
            visible = workflow.being_published().on_the_desk_of(request.user)
            publishing = list(visible.defer(*TEXTS))
        return super().changelist_view(
            request, {"publishing": publishing, "publishing_in_list": True} | (extra_context or {})
        )

    def get_actions(self, request):
        actions = super().get_actions(request)
        if IS_POPUP_VAR in request.GET:
            return actions
        verbs = {
            verb: (_acting(verb), verb, workflow.VERBS[verb].label)
            for verb in LISTED
            if workflow.may_ever(request.user, verb)
        }
        return verbs | actions

    def act_on_many(
        self, request: HttpRequest, releases: QuerySet[Release], verb: str
    ) -> HttpResponse | None:
        """Ask about using `verb` on `releases`; once confirmed, do it where it can be done."""
        # The list leaves the texts out; the doctor reads them.
        chosen = releases.defer(None)[: AT_ONCE + 1]
        intended = [_intended_in_list(request.user, verb, release) for release in chosen]
        form = self._confirmed(request, verb, intended)
        if isinstance(form, HttpResponse) or form is None:
            return form
        for item in intended:
            self._report(request, item, lambda release: form.take(release, by=request.user))
        return None

    @action(description=gettext_lazy("Delete"), permissions=["delete"])
    def delete_selected(
        self, request: HttpRequest, releases: QuerySet[Release]
    ) -> HttpResponse | None:
        """Delete those of `releases` that the public has never seen, once that is confirmed."""
        intended = [
            Intended(
                release,
                ""
                if workflow.may_delete(request.user, release)
                else _("Only your drafts, or those in review, can be deleted."),
            )
            for release in releases[: AT_ONCE + 1]
        ]
        form = self._confirmed(request, "delete", intended)
        if isinstance(form, HttpResponse) or form is None:
            return form

        @transaction.atomic  # what is refused is not logged
        def delete(release: Release) -> None:
            self.log_deletions(request, [release])
            self.delete_model(request, release)

        for item in intended:
            self._report(request, item, delete)
        return None

    def _confirmed(
        self, request: HttpRequest, verb: str, intended: list[Intended]
    ) -> StepForm | HttpResponse | None:
        """The form of `verb` once somebody has filled it in; the page that asks before that.

        None when the list is to be shown again, with a message.
        """
        if len(intended) > AT_ONCE:
            message = ngettext(
                "Choose %(count)d release at most.",
                "Choose %(count)d releases at most.",
                AT_ONCE,
            )
            self.message_user(request, message % {"count": AT_ONCE}, messages.ERROR)
            return None
        can = [item for item in intended if not item.reason]
        confirmed = "confirmed" in request.POST
        form = StepForm(verb, can, request.POST if confirmed else None)
        if confirmed and form.is_valid():
            return form
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Delete") if verb == "delete" else workflow.VERBS[verb].label,
            "verb": verb,
            "action": "delete_selected" if verb == "delete" else verb,
            "can": can,
            "cannot": [item for item in intended if item.reason],
            "what_happens": WHAT_HAPPENS[verb],
            "grace": settings.PUBLISH_GRACE,
            "form": form,
            "checkbox_name": ACTION_CHECKBOX_NAME,
        }
        return TemplateResponse(request, "admin/releases/release/step_list.html", context)

    def _report(self, request: HttpRequest, item: Intended, do) -> None:
        """Do it with one release of many and say what became of that."""
        title = item.release.title
        try:
            if item.reason:
                raise ValidationError(item.reason)
            do(item.release)
        except ValidationError as refusal:
            said, level = " ".join(refusal.messages), messages.ERROR
        except PermissionDenied:
            # Somebody moved it on while this page stood open.
            said, level = _("You may not do this with it."), messages.ERROR
        else:
            said, level = self._done(request), messages.SUCCESS
        # Most refusals of the workflow name the release themselves.
        quoted = f"“{title}”"
        self.message_user(request, said if quoted in said else f"{quoted}: {said}", level)

    def _done(self, request: HttpRequest) -> str:
        verb = workflow.VERBS.get(request.POST["action"])
        return str(verb.done) if verb else _("deleted")

    def delete_model(self, request, obj):
        with workflow.lock(obj):
            # Somebody may have published it since it was looked at.
            if not workflow.may_delete(request.user, obj):
                raise ValidationError(
                    _("“%(title)s” is %(state)s: that cannot be done from there.")
                    % {"title": obj.title, "state": obj.state.label}
                )
            super().delete_model(request, obj)

    def delete_view(self, request, object_id, extra_context=None):
        try:
            return super().delete_view(request, object_id, extra_context)
        except ValidationError as refusal:
            self.message_user(request, " ".join(refusal.messages), messages.ERROR)
        release = self.get_object(request, unquote(object_id))
        return redirect(self._address(release) if release else "admin:releases_release_changelist")

    def get_deleted_objects(self, objs, request):
        """What goes with them, but for who has the form open: that goes by itself."""
        listed, counts, lacking, protected = super().get_deleted_objects(objs, request)
        counts.pop(Presence._meta.verbose_name_plural, None)
        opened = f"{capfirst(Presence._meta.verbose_name)}: "
        return _without_rows(listed, opened), counts, lacking, protected


def _without_rows(listed: list, opening: str) -> list:
    """The nested list of what is deleted without the lines that open like that."""
    kept = [
        _without_rows(line, opening) if isinstance(line, list) else line
        for line in listed
        if isinstance(line, list) or not str(line).startswith(opening)
    ]
    return [line for line in kept if line != []]


def _without(names: set[str], fields) -> list:
    """`fields` of a fieldset, single or in rows, without those of `names`."""
    kept = []
    for field in fields:
        if isinstance(field, list | tuple):
            row = tuple(name for name in field if name not in names)
            kept += [row] if row else []
        elif field not in names:
            kept.append(field)
    return kept
