"""The public page as it would look now, at the width of a phone and of a desk."""

from csp.constants import SELF
from csp.decorators import csp_replace
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from contacts.bilingual import LANGUAGES, reader_language
from releases import previews
from releases.models import Release
from releases.queries import in_full
from releases.views import release_page


class Preview:
    """Part of `ReleaseAdmin`: a page with two frames, and what stands in them."""

    def get_urls(self):
        def view(page):
            return self.admin_site.admin_view(require_safe(page))

        return [
            path("<int:pk>/preview/", view(self.preview), name="releases_release_preview"),
            path("<int:pk>/preview/page/", view(self.preview_page), name="releases_release_page"),
            *super().get_urls(),
        ]

    def preview(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Both widths in the language that `?language=` asks for, else in that of the desk."""
        release = self._theirs_to_see(request, pk)
        asked = request.GET.get("language")
        language = asked if asked in LANGUAGES else reader_language()
        with override(language):
            framed = reverse("admin:releases_release_page", args=[pk])
        context = {
            **self.admin_site.each_context(request),
            "title": _("Preview"),
            "subtitle": str(release),
            "opts": self.opts,
            "release": release,
            "language": language,
            "framed": framed,
            "address": release.get_absolute_url(language),
        }
        page = render(request, "admin/releases/release/preview.html", context)
        return previews.kept_private(page)

    def preview_page(self, request: HttpRequest, pk: int) -> HttpResponse:
        """What stands in a frame: the public page of the release as it was saved."""
        release = previews.as_of_now(self._theirs_to_see(request, pk))
        return _framed(request, release)

    def _theirs_to_see(self, request: HttpRequest, pk: int) -> Release:
        release = in_full(self.get_queryset(request)).filter(pk=pk).first()
        if release is None or not self.has_view_permission(request, release):
            raise Http404("no release that is theirs to see")
        return release


@xframe_options_sameorigin
@csp_replace({"frame-ancestors": [SELF]})
def _framed(request: HttpRequest, release: Release) -> HttpResponse:
    return previews.kept_private(release_page(request, release, framed=True))
