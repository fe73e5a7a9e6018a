from functools import partial, update_wrapper

from django.contrib.admin import AdminSite
from django.contrib.contenttypes.models import ContentType
from django.contrib.contenttypes.views import shortcut
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from . import doctor


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
        from iomnews.accounts import views  # which needs models, that come after this

        return [
            path("login/code/", views.door(partial(views.code, site=self)), name="sign_in_code"),
            path(
                "login/second-factor/",
                views.door(partial(views.set_up_at_the_door, site=self)),
                name="sign_in_set_up",
            ),
            path("account/", self.admin_view(partial(views.account, site=self)), name="account"),
            path(
                "account/second-factor/",
                self.admin_view(partial(views.set_up, site=self)),
                name="account_set_up",
            ),
            path("guide/", self.admin_view(self.guide), name="guide"),
            path("state/", self.admin_view(self.state), name="state"),
            # Under Django's name and before its own, which asks for no right.
            path(
                "r/<path:content_type_id>/<path:object_id>/",
                self.admin_view(self.on_site),
                name="view_on_site",
            ),
            *super().get_urls(),
        ]

    def admin_view(self, view, cacheable=False):
        """As Django's; the session notes that it is in use, the journal whose doing things are."""

        def noted(request: HttpRequest, *args, **kwargs) -> HttpResponse:
            from iomnews.accounts import journal, sessions

            sessions.note_use(request)
            with journal.writing_as(request.user):
                return view(request, *args, **kwargs)

        update_wrapper(noted, view)
        return super().admin_view(noted, cacheable)

    @method_decorator(never_cache)
    def login(self, request: HttpRequest, extra_context=None) -> HttpResponse:
        from iomnews.accounts import views

        return views.sign_in(request, site=self)

    def password_change(self, request: HttpRequest, extra_context=None) -> HttpResponse:
        from iomnews.accounts import views

        request.current_app = self.name
        context = {**self.each_context(request), **(extra_context or {})}
        return views.ChangePassword.as_view(extra_context=context)(request)

    def guide(self, request: HttpRequest) -> TemplateResponse:
        """How to use the desk, in words and pictures: docs/guide."""
        context = {**self.each_context(request), "title": gettext("Guide to the desk")}
        return TemplateResponse(request, "admin/guide.html", context)

    def state(self, request: HttpRequest) -> TemplateResponse:
        """What the doctor finds of this site, for whoever owns it.

        PermissionDenied for all but superusers: it tells of the machine.
        """
        if not request.user.is_superuser:
            raise PermissionDenied
        context = {
            **self.each_context(request),
            "title": gettext("State of the site"),
            "findings": doctor.examine(request),
        }
        return TemplateResponse(request, "admin/state.html", context)

    def on_site(self, request: HttpRequest, content_type_id: str, object_id: str) -> HttpResponse:
        """To the public page of what they may see at the desk; else Http404, be it there or not."""
        if not (content_type_id.isascii() and content_type_id.isdecimal()):
            raise Http404("no such kind")
        kind = ContentType.objects.filter(pk=content_type_id[:18]).first()
        admin = kind and self._registry.get(kind.model_class())
        found = admin and admin.get_object(request, object_id)
        if not (found and admin.has_view_permission(request, found)):
            raise Http404("nothing that is theirs to see")
        return shortcut(request, content_type_id, object_id)

    def logout(self, request, extra_context=None):
        # Whose unsaved words may be left in the browser, which the page asks about.
        left = {"left": request.user.pk}
        return super().logout(request, left | (extra_context or {}))
