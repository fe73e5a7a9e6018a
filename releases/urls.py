from django.urls import path

from . import api, correction_views, feeds, tables, views

KINDS = {"feed/": "rss", "feed/atom/": "atom", "feed/json/": "json"}  # WordPress's addresses

app_name = "releases"
urlpatterns = [
    path("", views.release_list, name="list"),
    path("releases/<int:pk>/<str:slug>/", views.release_detail, name="detail"),
    path("releases/<int:pk>/", views.release_detail, name="short"),
    path("releases/<int:pk>/<str:slug>.txt", views.release_text, name="text"),
    path("releases/<int:pk>/contacts/<int:place>.vcf", views.release_vcard, name="vcard"),
    path("suggestions.json", views.suggestions, name="suggestions"),
    path(
        "releases/<int:pk>/corrections/<int:number>/",
        correction_views.correction,
        name="correction",
    ),
    path("releases/<int:pk>/versions/<int:number>/", correction_views.version, name="version"),
    path("releases.csv", tables.release_table, name="table"),
    path("api/", api.documentation, name="api"),
    path("missions/", views.mission_list, name="missions"),
    path("missions/<slug:slug>/", views.mission_detail, name="mission"),
]
for address, kind in KINDS.items():
    urlpatterns += [
        path(address, feeds.feed, {"kind": kind}, name=f"feed-{kind}"),
        path(f"missions/<slug:slug>/{address}", feeds.feed, {"kind": kind}, name=f"mission-{kind}"),
    ]
