"""The desk: what an editor scans, filters and does with releases."""

import math
from collections.abc import Callable

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import F, QuerySet
from django.forms.models import BaseInlineFormSet
from django.http import HttpRequest
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from contacts.models import shown

from . import workflow
from .models import Release, ReleaseContact, State

# Counting stops here; what lies beyond is reached by search or filter.
COUNTED = 10_000  # releases


class BoundedPaginator(Paginator):
    """Counts no more than COUNTED rows, so that a page costs the same however many there are."""

    @cached_property
    def count(self) -> int:
        return self.object_list.order_by()[:COUNTED].count()


class StateFilter(admin.SimpleListFilter):
    title = gettext_lazy("state")
    parameter_name = "state"
    questions: dict[str, Callable[[QuerySet], QuerySet]] = {
        State.DRAFT: lambda releases: releases.drafts(),
        State.IN_REVIEW: lambda releases: releases.in_review(),
        State.SCHEDULED: lambda releases: releases.scheduled(),
        State.PUBLIC: lambda releases: releases.public(),
        State.WITHDRAWN: lambda releases: releases.withdrawn(),
    }

    def lookups(self, request, model_admin):
        return State.choices

    def queryset(self, request, queryset):
        question = self.questions.get(self.value())
        return question(queryset) if question else queryset


class ReleaseForm(forms.ModelForm):
    def clean_publish_at(self):
        # The model refuses this as well, but of the whole release: here it is said at the field.
        publish_at = self.cleaned_data["publish_at"]
        if self.instance.approved_at and not publish_at:
            raise ValidationError(_("Say when an approved release is to be posted."))
        return publish_at


class ContactRowForm(forms.ModelForm):
    """A row of a contact block. Its place is an input of the form, not the column: the rows
    are numbered anew when they are saved, so two of them may swap."""

    place = forms.IntegerField(label=gettext_lazy("Place"), required=False, min_value=0)

    class Meta:
        model = ReleaseContact
        fields = ["place", "contact", "name", "office", "phone", "email"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["place"] = self.instance.position + 1


class ContactRows(BaseInlineFormSet):
    """The rows of a contact block in the order of their places; rows without one come last."""

    def save(self, commit=True):
        saved = super().save(commit=False)
        if commit:
            for row in self.deleted_objects:
                row.delete()
            # All step aside, so that none meets another on its way to its new place.
            self.instance.contacts.update(position=F("position") + self.absolute_max)
            for position, form in enumerate(self._in_order()):
                form.instance.position = position
                form.instance.save()
        return saved

    def _in_order(self) -> list[ContactRowForm]:
        kept = [
            form
            for form in self.forms
            if form not in self.deleted_forms and (form.instance.pk or form.has_changed())
        ]
        return sorted(kept, key=_place)


def _place(form: ContactRowForm) -> float:
    place = form.cleaned_data.get("place")
    return math.inf if place is None else place


class ReleaseContactInline(admin.TabularInline):
    model = ReleaseContact
    form = ContactRowForm
    formset = ContactRows
    fields = ["place", "contact", "name", "office", "phone", "email"]
    autocomplete_fields = ["contact"]
    extra = 1


@admin.register(Release)
class ReleaseAdmin(admin.ModelAdmin):
    form = ReleaseForm
    list_display = ["headline", "mission_name", "state_label", "publish_at", "views"]
    list_filter = [StateFilter, "mission"]
    list_select_related = ["mission"]
    search_fields = ["title_ko", "title_en", "mission__name_ko", "mission__name_en"]
    search_help_text = gettext_lazy("Words of the headline, or a mission.")
    show_full_result_count = False
    paginator = BoundedPaginator
    list_per_page = 50
    # What has no time yet is what is being worked on: it comes first.
    ordering = [F("publish_at").desc(nulls_first=True), "-release_date", "-pk"]
    autocomplete_fields = ["mission"]
    readonly_fields = ["state_label", "public_address", "views", "edited_at"]
    inlines = [ReleaseContactInline]
    actions = ["submit", "approve", "return_to_draft", "withdraw", "restore"]
    save_on_top = True
    fieldsets = [
        (None, {"fields": [("state_label", "public_address")]}),
        (gettext_lazy("Korean"), {"fields": ["title_ko", "summary_ko", "body_ko"]}),
        (gettext_lazy("English"), {"fields": ["title_en", "summary_en", "body_en"]}),
        (
            gettext_lazy("Place and dates"),
            {"fields": ["mission", ("dateline_ko", "dateline_en"), "release_date", "publish_at"]},
        ),
        (
            gettext_lazy("More"),
            {
                "classes": ["collapse"],
                "fields": [
                    "slug",
                    "contact_heading",
                    ("withdrawal_reason_ko", "withdrawal_reason_en"),
                    ("views", "edited_at"),
                ],
            },
        ),
    ]

    class Media:
        css = {"all": ["css/desk.css"]}

    def get_queryset(self, request):
        releases = super().get_queryset(request).with_state()
        return releases.annotate(shown_title=shown("title"), shown_mission=shown("mission__name"))

    @admin.display(description=gettext_lazy("headline"), ordering="shown_title")
    def headline(self, release: Release) -> str:
        return str(release)

    @admin.display(description=gettext_lazy("mission"), ordering="shown_mission")
    def mission_name(self, release: Release) -> str:
        return str(release.mission or "")

    @admin.display(description=gettext_lazy("state"), ordering="state_order")
    def state_label(self, release: Release) -> str:
        return release.state.label

    @admin.display(description=gettext_lazy("public address"))
    def public_address(self, release: Release) -> str:
        if release.pk is None or release.state != State.PUBLIC:
            return _("Not public.")
        address = release.get_absolute_url()
        return format_html('<a href="{}">{}</a>', address, address)

    def get_readonly_fields(self, request, obj=None):
        fields = super().get_readonly_fields(request, obj)
        # To move the time of an approved release is to publish it, or to take it back.
        if obj and obj.approved_at and not self.has_approve_permission(request):
            return [*fields, "publish_at"]
        return fields

    def save_model(self, request, obj, form, change):
        if not change:
            return super().save_model(request, obj, form, change)
        # What was not changed here may have been changed elsewhere meanwhile.
        columns = {field.name for field in obj._meta.concrete_fields}
        obj.save(update_fields={*columns.intersection(form.changed_data), "edited_at"})
        return None

    def view_on_site(self, release: Release) -> str | None:
        return release.get_absolute_url() if release.state == State.PUBLIC else None

    def has_approve_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(workflow.APPROVE)

    def has_withdraw_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(workflow.WITHDRAW)

    @admin.action(description=gettext_lazy("Submit for review"), permissions=["change"])
    def submit(self, request, releases):
        self._do(request, releases, workflow.submit)

    @admin.action(
        description=gettext_lazy("Approve: public from the posted time, or now"),
        permissions=["approve"],
    )
    def approve(self, request, releases):
        self._do(request, releases, workflow.approve)

    @admin.action(description=gettext_lazy("Return to draft"), permissions=["change"])
    def return_to_draft(self, request, releases):
        self._do(request, releases, workflow.return_to_draft)

    @admin.action(description=gettext_lazy("Withdraw"), permissions=["withdraw"])
    def withdraw(self, request, releases):
        self._do(request, releases, workflow.withdraw)

    @admin.action(description=gettext_lazy("Undo the withdrawal"), permissions=["withdraw"])
    def restore(self, request, releases):
        self._do(request, releases, workflow.restore)

    def _do(self, request, releases: QuerySet[Release], verb: Callable[[Release], None]) -> None:
        """Use `verb` on each; say for how many it was done and why not for the others."""
        done = 0
        for release in releases:
            try:
                verb(release)
            except ValidationError as error:
                self.message_user(request, error.message, messages.WARNING)
            else:
                self.log_change(request, release, str(verb.__doc__))
                done += 1
        if done:
            self.message_user(
                request,
                ngettext("Done for %d release.", "Done for %d releases.", done) % done,
                messages.SUCCESS,
            )
