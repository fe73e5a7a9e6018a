from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.html import format_html_join
from django.utils.translation import gettext_lazy as _
from django_otp.plugins.otp_totp.models import TOTPDevice

from .models import Record

# Its pages show keys; a second factor is set up by its owner, and dropped by a command.
admin.site.unregister(TOTPDevice)
admin.site.unregister(User)


@admin.register(User)
class AccountAdmin(UserAdmin):
    """Django's, but that nobody gives themselves a password without the one they have."""

    def user_change_password(
        self, request: HttpRequest, id: str, form_url: str = ""
    ) -> HttpResponse:
        if self.get_object(request, unquote(id)) == request.user:
            return redirect("admin:password_change")
        return super().user_change_password(request, id, form_url)


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
