"""Nothing secret shows at any public address, and the check that says so is not blind."""

import re
import threading
from collections.abc import Callable
from io import StringIO
from typing import NamedTuple

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from django.db import connections
from django.http import Http404, HttpResponse, HttpResponseNotModified
from django.shortcuts import get_object_or_404
from django.utils import translation
from django.utils.http import http_date
from django.views.decorators.cache import cache_page

from contacts import urls as contact_urls
from contacts.models import Mission
from releases import (
    api,
    census,
    embargo,
    leaks,
    media,
    old_addresses,
    samples,
    sharing,
    sitemaps,
    views,
)
from releases import urls as release_urls
from releases.leaks.asking import METHODS, Answered, Stranger, templates
from releases.models import Attachment, Release, ShareLink
from releases.search import suggestions

from .factories import ReleaseFactory

pytestmark = pytest.mark.django_db


def test_the_samples_leak_nothing_and_stay_as_they_are():
    samples.load()
    before = Release.objects.count(), Mission.objects.count()
    out = StringIO()

    call_command("check_leaks", stdout=out)

    assert out.getvalue().endswith("No secret shows at any public address.\n")
    assert (Release.objects.count(), Mission.objects.count()) == before


def test_an_empty_newsroom_leaks_nothing_and_stays_empty():
    assert leaks.check("/en/", states=["draft"]) == []

    assert not Release.objects.exists()
    assert not Mission.objects.exists()


def test_a_release_is_asked_for_by_every_method_in_both_languages(monkeypatch):
    asked = set()

    def note(stranger, question):
        asked.add((question.method, question.address.rpartition("/releases/")[0]))
        return Answered(404, (("Cache-Control", "no-cache"),), "")

    monkeypatch.setattr(Stranger, "ask", note)
    leaks.check("/releases/{pk}/{slug}/", states=["draft"])

    assert asked == {(method, language) for method in METHODS for language in ("", "/en")}
    assert {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"} == set(METHODS)


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

    monkeypatch.setattr(census.census, "_make", count)


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


def _kept_404(monkeypatch):
    def refuse(request, pk):
        return HttpResponse(status=404, headers={"Cache-Control": "public, max-age=600"})

    monkeypatch.setattr(views, "gone_or_not_found", refuse)


def _unasked_304(monkeypatch):
    def known(request, release_pk, model, pk, send):
        if "HTTP_IF_NONE_MATCH" in request.META and model.objects.filter(pk=pk).exists():
            return HttpResponseNotModified()
        return of_release(request, release_pk, model, pk, send)

    of_release = media._of_release
    monkeypatch.setattr(media, "_of_release", known)


def _ended_links(monkeypatch):
    def found(links, purpose, at):
        links.update(revoked_at=None)
        return find(links, purpose, at)

    find = sharing._found
    monkeypatch.setattr(sharing, "_found", found)


def _expired_links(monkeypatch):
    monkeypatch.setattr(ShareLink, "is_alive", lambda link, release, at: not link.revoked_at)


def _links_of_others(monkeypatch):
    monkeypatch.setattr(embargo, "_row", lambda rows, pk: Attachment.objects.get(pk=pk))


def _other_method(monkeypatch):
    pattern = _pattern(release_urls, "text")
    view = pattern.callback

    def described(request, pk, slug):
        if request.method == "OPTIONS" and (found := Release.objects.filter(pk=pk).first()):
            return HttpResponse(found.title_en)
        return view(request, pk=pk, slug=slug)

    monkeypatch.setattr(pattern, "callback", described)


def _open_desk(monkeypatch):
    pattern = next(found.pattern for found in templates() if FINDINGS in found.text)

    def findings(request, object_id):
        return HttpResponse(Release.objects.filter(pk=object_id))

    monkeypatch.setattr(pattern, "callback", findings)


FINDINGS = "/{object_id}/findings/"


class Fault(NamedTuple):
    """A careless change, the addresses and the states at which it leaks, and what is said of it."""

    make: Callable
    only: str
    states: str  # with commas
    said: str


def _old_addresses(monkeypatch):
    monkeypatch.setattr(old_addresses, "_readable", lambda rows: rows)
    monkeypatch.setattr(old_addresses, "_address_of", lambda row: f"/releases/{row.release.pk}/x/")


FAULTS = [
    Fault(_kept_feed, "/feed/", "draft", r"GET /feed/ .*“title_ko” of “Draft”"),
    Fault(_last_edited, "/contacts/", "draft", r"GET /contacts/ .*Last-Modified: "),
    Fault(_site_map, "/sitemap-", "scheduled", r"GET /sitemap-releases-ko.xml .*“slug” of “Sch"),
    Fault(
        _next_release, "/{slug}/", "withdrawn", r"GET /releases/\d+/leak-check-newer/ .*“title_ko”"
    ),
    Fault(_api, "/api/releases/{pk}/", "scheduled", r"GET .*“body_en” of “Scheduled”"),
    Fault(_contacts, ".vcf", "scheduled", r"GET /releases/\d+/contacts/0.vcf .*“contact_email”"),
    Fault(
        _files, "/files/", "being published", r"/files/\d+/.*“file_content” of “Being published”"
    ),
    Fault(_count, "/missions/", "draft", r"GET /missions/ .*the secrets can be told"),
    Fault(_suggestions, "/suggestions", "draft", r"GET /en/suggestions.json\?q=.*“mission_en”"),
    Fault(_forbidden, "/releases/{pk}/{slug}/", "draft", r"GET /releases/\d+/.*403 ≠ 404"),
    Fault(_mission, "/missions/{slug}/", "draft", r"GET /en/missions/\w+/ .*200 ≠ 404"),
    Fault(_kept_404, "/releases/{pk}/{slug}/", "scheduled", r"it may be kept: .*max-age=600"),
    Fault(_unasked_304, "/releases/{pk}/files/", "withdrawn", r"HTTP_IF_NONE_MATCH .*304"),
    Fault(
        _ended_links, "/embargo/{token}.txt", "draft", r"GET /embargo/\w+.txt .*“title_ko” of “Dr"
    ),
    Fault(_expired_links, "/embargo/{token}.txt", "draft", r"GET /embargo/\w+.txt .*“title_ko” of"),
    Fault(
        _links_of_others, "/embargo/{token}/files/", "draft, scheduled", r"“file_content” of “Dr"
    ),
    Fault(_open_desk, FINDINGS, "draft", r"GET /admin/releases/.*“title_ko” of “Draft”"),
    Fault(_old_addresses, "/?p=", "draft", r"GET /\?p=\w+ .*301 ≠ 404"),
    Fault(_other_method, ".txt", "draft", r"OPTIONS /releases/\d+/\w+.txt .*“title_en” of “Draft”"),
]


@pytest.mark.parametrize("fault", FAULTS, ids=[fault.make.__name__[1:] for fault in FAULTS])
def test_each_leak_that_is_planted_is_named_with_its_address(monkeypatch, fault):
    fault.make(monkeypatch)

    with translation.override("en"):
        said = "\n".join(map(str, leaks.check(fault.only, fault.states.split(", "))))

    assert re.search(fault.said, said), said


def test_the_command_names_leaks_in_the_language_of_the_terminal_and_fails(monkeypatch):
    _api(monkeypatch)
    monkeypatch.setenv("LANG", "ko_KR.UTF-8")
    out = StringIO()

    with pytest.raises(CommandError):
        call_command("check_leaks", only="/api/releases/{pk}/", stdout=out)

    assert re.search(r"GET /api/releases/\d+/ \(ko\): .*“초안”", out.getvalue())
    assert "raft" not in out.getvalue()


@pytest.mark.django_db(transaction=True)
def test_what_staff_publish_while_it_runs_is_no_leak(monkeypatch):
    """On PostgreSQL it is committed before the second half of the answers, on SQLite after all."""

    def publish():
        ReleaseFactory()
        connections.close_all()

    def judge(*words):
        if staff.ident is None:
            staff.start()
            staff.join(0.3)
        return leaks_in(*words)

    staff, leaks_in = threading.Thread(target=publish), leaks.leaks_in
    monkeypatch.setattr(leaks, "leaks_in", judge)
    found = leaks.check("/feed/atom/", ["draft"])
    staff.join()

    assert found == []
    assert Release.objects.exists()
