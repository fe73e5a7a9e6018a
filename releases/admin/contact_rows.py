"""The contact block in the form of a release."""

from django.contrib import admin

from releases.models import ReleaseContact

from .rows import RowForm, Rows


class PartOfRelease:
    """Rows of a form that are part of the release: rights to it are rights to them.

    Whether this user may change this release is asked of the form around them.
    """

    def has_view_permission(self, request, obj=None):
        return True

    has_add_permission = has_change_permission = has_delete_permission = has_view_permission


class ReleaseContactInline(PartOfRelease, admin.TabularInline):
    model = ReleaseContact
    form = RowForm
    formset = Rows
    fields = ["place", "contact", "name", "office", "phone", "email"]
    autocomplete_fields = ["contact"]
    extra = 1
