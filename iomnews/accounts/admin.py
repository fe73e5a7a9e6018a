from django.contrib import admin
from django.utils.html import format_html_join
from django.utils.translation import gettext_lazy as _
from django_otp.plugins.otp_totp.models import TOTPDevice

from .models import Record

# Its pages show keys; a second factor is set up by its owner, and dropped by a command.
admin.site.unregister(TOTPDevice)


@admin.register(Record)
class RecordAdmin(admin.ModelAdmin):
    """The journal of the door, to be read by superusers and changed by nobody."""

    list_display = ["at", "kind", "by_name", "about", "in_words", "count"]
    list_filter = ["kind"]
    search_fields = ["by_name", "about"]
    date_hierarchy = "at"
    fields = ["at", "kind", "by_name", "about", "in_words", "count"]
    list_per_page = 100
    show_full_result_count = False
    actions = None

    @admin.display(description=_("details"))
    def in_words(self, record: Record) -> str:
        return format_html_join(", ", "{}", ((detail,) for detail in record.details))

    def has_view_permission(self, request, obj=None) -> bool:
        return request.user.is_active and request.user.is_superuser

    def has_module_permission(self, request) -> bool:
        return self.has_view_permission(request)

    def has_add_permission(self, request) -> bool:
        return False

    def has_change_permission(self, request, obj=None) -> bool:
        return False

    def has_delete_permission(self, request, obj=None) -> bool:
        return False
