"""Nothing secret shows at any public address, and the check that says so is not blind."""

import re
from io import StringIO

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.http import http_date
from django.views.decorators.cache import cache_page

from contacts import urls as contact_urls
from contacts.models import Mission
from releases import api, census, media, samples, sitemaps, views
from releases import urls as release_urls
from releases.models import Release
from releases.search import suggestions

pytestmark = pytest.mark.django_db


def test_the_samples_leak_nothing_and_stay_as_they_are():
    samples.load()
    before = Release.objects.count(), Mission.objects.count()
    out = StringIO()

    call_command("check_leaks", stdout=out)

    assert out.getvalue() == "No secret shows at any public address.\n"
    assert (Release.objects.count(), Mission.objects.count()) == before


# What a careless change could do, and where the check must find it.


def _site_map(monkeypatch):
    monkeypatch.setattr(
        sitemaps.ReleaseSitemap, "items", lambda self: Release.objects.order_by("-pk")
    )


def _next_release(monkeypatch):
    def beside(release):
        dated = Release.objects.exclude(publish_at=None).newest_first()
        return dated.newer_than(release).reverse().first(), dated.older_than(release).first()

    monkeypatch.setattr(views, "neighbours", beside)


def _api(monkeypatch):
    monkeypatch.setattr(api, "public_releases_in_full", Release.objects.all)


def _contacts(monkeypatch):
    monkeypatch.setattr(views, "public_releases_with_contacts", Release.objects.all)


def _files(monkeypatch):
    def send_to_all(request, release_pk, model, pk, send):
        return send(get_object_or_404(model, pk=pk, release_id=release_pk))

    monkeypatch.setattr(media, "_of_release", send_to_all)


def _count(monkeypatch):
    def count():
        days = Release.objects.values_list("mission_id", "release_date")
        return census.Census(census.Counter((m, day.year, day.month) for m, day in days))

    monkeypatch.setattr(census, "_count", count)


def _suggestions(monkeypatch):
    monkeypatch.setattr(suggestions, "public_missions", Mission.objects.by_name)


def _forbidden(monkeypatch):
    def refuse(request, pk):
        if Release.objects.filter(pk=pk).exists():
            raise PermissionDenied
        raise Http404

    monkeypatch.setattr(views, "gone_or_not_found", refuse)


def _mission(monkeypatch):
    monkeypatch.setattr(views, "is_known", lambda mission: True)


def _pattern(urls, name):
    return next(pattern for pattern in urls.urlpatterns if pattern.name == name)


def _kept_feed(monkeypatch):
    pattern = _pattern(release_urls, "feed-rss")
    monkeypatch.setattr(pattern, "callback", cache_page(600)(pattern.callback))


def _last_edited(monkeypatch):
    pattern = _pattern(contact_urls, "list")
    view = pattern.callback

    def dated(request):
        response = view(request)
        newest = Release.objects.latest("edited_at").edited_at
        response["Last-Modified"] = http_date(newest.timestamp())
        return response

    monkeypatch.setattr(pattern, "callback", dated)


FAULTS = {
    _kept_feed: r"GET /feed/ .*“title_ko” of “draft”",
    _last_edited: r"GET /contacts/ .*Last-Modified: ",
    _site_map: r"GET /sitemap-releases-ko.xml ",
    _next_release: r"GET /releases/\d+/leak-check-newer/ .*“title_ko” of “",
    _api: r"GET /api/releases/\d+/ .*“body_en” of “scheduled”",
    _contacts: r"GET /releases/\d+/contacts/0.vcf .*“contact_email” of “scheduled”",
    _files: r"GET /releases/\d+/files/\d+/.*“file_content” of “being published”",
    _count: r"GET /missions/ ",
    _suggestions: r"GET /en/suggestions.json\?q=",
    _forbidden: r"GET /releases/\d+/.*403 ≠ 404",
    _mission: r"GET /en/missions/\w+/ .*“draft” can be told by the answer: 200 ≠ 404",
}


def test_each_leak_that_is_planted_is_named_with_its_address(monkeypatch):
    for plant in FAULTS:
        plant(monkeypatch)
    out = StringIO()
    monkeypatch.setattr("releases.management.commands.check_leaks.NAMED", 10_000)

    with pytest.raises(CommandError, match="leaks"):
        call_command("check_leaks", stdout=out)

    said = out.getvalue()
    assert [
        plant.__name__ for plant, expected in FAULTS.items() if not re.search(expected, said)
    ] == []
