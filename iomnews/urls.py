"""The public map. Korean stands at /, English at /en/, and each holds the same addresses."""

from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path

from releases import api, beacon, embargo, sitemaps

from . import views

# Readings, pictures and files are the same in both languages.
urlpatterns = [
    path("releases/<int:pk>/views/", beacon.views, name="reading"),
    path("releases/<int:pk>/views.gif", beacon.picture, name="reading-picture"),
]
# They are looked through in their order for each page that is made, so what most ask for stands
# first.
urlpatterns += i18n_patterns(
    path("", include("releases.urls")),
    prefix_default_language=False,
)
urlpatterns += [
    path("releases/", include("releases.media")),
    path("theme.css", views.theme, name="theme"),
    # The API gives both languages at once, so it has one address.
    path("api/releases/", api.release_list, name="api-releases"),
    path("api/releases/<int:pk>/", api.release_detail, name="api-release"),
    path("embargo/", include("releases.embargo")),
    path("robots.txt", views.robots, name="robots"),
    path("favicon.ico", views.favicon, name="favicon"),
    path("sitemap.xml", sitemaps.index, name="sitemap"),
    path(
        "sitemap-<section>.xml",
        sitemaps.section,
        name="django.contrib.sitemaps.views.sitemap",
    ),
]
urlpatterns += i18n_patterns(
    path("admin/", admin.site.urls),
    path("manifest.webmanifest", views.manifest, name="manifest"),
    path("contacts/", include("contacts.urls")),
    path("embargo/", include(embargo.pages)),
    path("approval/", include("releases.approval")),
    prefix_default_language=False,
)

handler400 = "iomnews.errors.bad_request"
handler403 = "iomnews.errors.permission_denied"
handler404 = "iomnews.errors.not_found"
handler500 = "iomnews.errors.server_error"
