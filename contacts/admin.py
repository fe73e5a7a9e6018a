"""The desk's directory: missions and press contacts."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from .handing_over import HandingOver
from .models import Mission, PressContact, shown


@admin.register(Mission)
class MissionAdmin(admin.ModelAdmin):
    list_display = ["name_ko", "name_en", "country_code", "time_zone"]
    list_display_links = ["name_ko", "name_en"]
    search_fields = ["name_ko", "name_en", "aliases", "slug"]
    show_full_result_count = False
    prepopulated_fields = {"slug": ["name_en"]}

    class Media:
        css = {"all": ["css/desk/list.css"]}

    def get_ordering(self, request):
        return [shown("name"), "pk"]


@admin.register(PressContact)
class PressContactAdmin(HandingOver, admin.ModelAdmin):
    list_display = ["name", "office", "mission", "phone", "email", "left_on"]
    list_filter = [("left_on", admin.EmptyFieldListFilter), "mission"]
    list_select_related = ["mission"]
    search_fields = ["name", "office", "email", "phone", "mission__name_ko", "mission__name_en"]
    search_help_text = _("Name, office, mission, email or phone.")
    show_full_result_count = False
    autocomplete_fields = ["mission", "successor"]
    actions = ["hand_over_selected"]

    class Media:
        css = {"all": ["css/desk/list.css"]}
