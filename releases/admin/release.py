"""The form and the list of releases. Each piece of furniture stands in a module of its own."""

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.forms.widgets import Script
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contacts.models import shown
from releases import versions, workflow
from releases.models import Release, State

from .calendar import ReleaseCalendar
from .contact_rows import ReleaseContactInline
from .correcting import Correcting, CorrectingForm, correct_as_chosen
from .findings import Findings
from .lists import Listed
from .paste import Pasting
from .pictures import FileInline, PictureInline, Pictures
from .presence import Presences
from .preview import Preview
from .saving import Saving
from .sharing import Sharing
from .steps import Steps
from .versions import Versions
from .views_page import ViewsPage
from .views_report import ViewsReport
from .writing import Writing


class ReleaseForm(CorrectingForm):
    def clean(self):
        cleaned = super().clean()
        # A withdrawn release has these in its form: they may be corrected, and not taken away.
        had = any(self.initial.get(name) for name in workflow.REASONS)
        if had and not any(cleaned.get(name, "-") for name in workflow.REASONS):
            self.add_error("withdrawal_reason_ko", _("Give a reason that the public may read."))
        return cleaned

    def clean_publish_at(self):
        # The model refuses this as well, but of the whole release: here it is said at the field.
        publish_at = self.cleaned_data["publish_at"]
        if self.instance.approved_at and not publish_at:
            raise ValidationError(_("Say when an approved release is to be posted."))
        return publish_at


@admin.register(Release)
class ReleaseAdmin(
    Pictures,  # first: encoding ends before Saving begins its transaction
    Steps,
    Versions,
    Saving,
    Correcting,
    Presences,
    Findings,
    Preview,
    Sharing,
    ReleaseCalendar,
    ViewsPage,
    ViewsReport,
    Listed,
    Writing,
    Pasting,
    admin.ModelAdmin,
):
    form = ReleaseForm
    autocomplete_fields = ["mission"]
    readonly_fields = ["state_label", "public_address", "views", "edited_at", "led_here"]
    inlines = [ReleaseContactInline, PictureInline, FileInline]
    save_on_top = True
    fieldsets = [
        (None, {"fields": [("state_label", "public_address")]}),
        (
            gettext_lazy("Korean"),
            {"classes": ["language"], "fields": ["title_ko", "summary_ko", "body_ko"]},
        ),
        (
            gettext_lazy("English"),
            {"classes": ["language"], "fields": ["title_en", "summary_en", "body_en"]},
        ),
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
                    "led_here",
                ],
            },
        ),
    ]

    class Media:
        css = {
            "all": ["css/desk.css", "css/desk/list.css", "css/pictures.css", "css/desk/sharing.css"]
        }
        js = [Script(f"js/desk/{name}.js", type="module") for name in ("drop", "crop")]

    def get_queryset(self, request):
        releases = super().get_queryset(request).on_the_desk_of(request.user).with_state()
        return releases.annotate(shown_title=shown("title"), shown_mission=shown("mission__name"))

    @admin.display(description=gettext_lazy("public address"))
    def public_address(self, release: Release) -> str:
        if release.pk is None or not release.slug or release.state != State.PUBLIC:
            return _("Not public.")
        address = release.get_absolute_url()
        return format_html('<a href="{}">{}</a>', address, address)

    @admin.display(description=gettext_lazy("old addresses"))
    def led_here(self, release: Release) -> str:
        """Addresses of the site before that lead to it as soon as it is public."""
        rows = release.old_addresses.all() if release.pk else ()
        line_end = mark_safe("<br>")  # nosec B308 # our own words
        return format_html_join(line_end, "{}", ((row,) for row in rows)) or "-"

    def get_readonly_fields(self, request, obj=None):
        fields = super().get_readonly_fields(request, obj)
        # To move the time of an approved release is to publish it, or to take it back: a step.
        return [*fields, "publish_at"] if obj and obj.approved_at else fields

    def save_model(self, request, obj, form, change):
        if not change:
            obj.author = request.user
            return super().save_model(request, obj, form, change)
        # What was not changed here may have been changed elsewhere meanwhile.
        columns = {field.name for field in obj._meta.concrete_fields}
        obj.save(update_fields={*columns.intersection(form.changed_data), "edited_at"})
        return None

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        versions.keep(form.instance, by=request.user)
        correct_as_chosen(form, form.instance, by=request.user)

    def has_change_permission(self, request: HttpRequest, obj: Release | None = None) -> bool:
        may = super().has_change_permission(request, obj)
        return may and (obj is None or workflow.may_change(request.user, obj))

    def has_delete_permission(self, request: HttpRequest, obj: Release | None = None) -> bool:
        may = super().has_delete_permission(request, obj)
        return may and (obj is None or workflow.may_delete(request.user, obj))

    def view_on_site(self, release: Release) -> str | None:
        # A form that empties the address and is then refused leaves no address to lead to.
        has_address = release.slug and release.state == State.PUBLIC
        return release.get_absolute_url() if has_address else None
