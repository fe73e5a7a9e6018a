from django.contrib.admin import AdminSite
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _


class NewsroomAdminSite(AdminSite):
    site_header = _("Newsroom desk")
    site_title = _("Newsroom desk")
    index_title = _("What would you like to do?")
    # Lists and contact rows need the width, and the first page leads everywhere.
    enable_nav_sidebar = False

    @property
    def site_url(self) -> str:
        """The public site in the language of the desk; Django knows it in one language only."""
        return reverse("releases:list")

    def get_urls(self):
        return [path("guide/", self.admin_view(self.guide), name="guide"), *super().get_urls()]

    def guide(self, request: HttpRequest) -> TemplateResponse:
        """How to use the desk, in words and pictures: docs/guide/ko.html."""
        context = {**self.each_context(request), "title": gettext("Guide to the desk")}
        return TemplateResponse(request, "admin/guide.html", context)

    def logout(self, request, extra_context=None):
        # Whose unsaved words may be left in the browser, which the page asks about.
        left = {"left": request.user.pk}
        return super().logout(request, left | (extra_context or {}))
