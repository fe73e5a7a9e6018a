"""Queries that are written once: what they find, asked again and again."""

import pytest
from django.db import connection
from django.db.models import BigIntegerField, DateTimeField
from django.utils import timezone

from releases.models import Release
from releases.prepared import Asked, Prepared
from releases.queries import public_release_in_full, public_releases_in_full

from .factories import (
    NINE,
    ONE_SECOND,
    MissionFactory,
    PressContactFactory,
    ReleaseContactFactory,
    ReleaseFactory,
)
from .reading import known_edition

pytestmark = pytest.mark.django_db


def test_each_asking_finds_what_its_own_values_ask_for():
    first, second = ReleaseFactory(), ReleaseFactory()
    found = Prepared(lambda: Release.objects.filter(pk=Asked("pk", BigIntegerField())))
    assert [found(pk=first.pk), found(pk=second.pk), found(pk=0)] == [[first], [second], []]


def test_a_moment_is_asked_as_the_database_keeps_it():
    release = ReleaseFactory(publish_at=NINE)
    at = Asked("at", DateTimeField())
    found = Prepared(lambda: Release.objects.public(at))
    assert found(at=NINE) == [release]
    assert found(at=NINE - ONE_SECOND) == []


def test_its_objects_are_those_of_the_usual_queryset(django_assert_num_queries):
    release = ReleaseFactory(mission=MissionFactory())
    pk = Asked("pk", BigIntegerField())
    usual = Release.objects.select_related("mission", "counter")
    [found] = Prepared(lambda: usual.filter(pk=pk))(pk=release.pk)
    [expected] = usual.filter(pk=release.pk)
    fields = [field.attname for field in Release._meta.concrete_fields]
    with django_assert_num_queries(0):
        assert [getattr(found, name) for name in fields] == [
            getattr(expected, name) for name in fields
        ]
        assert (found.mission, found.views) == (release.mission, 0)


def test_what_is_not_asked_for_is_fetched_when_it_is_needed(django_assert_num_queries):
    release = ReleaseFactory()
    pk = Asked("pk", BigIntegerField())
    [found] = Prepared(lambda: Release.objects.only("slug").filter(pk=pk))(pk=release.pk)
    with django_assert_num_queries(1):
        assert found.title_ko == release.title_ko


def test_a_release_comes_with_all_that_its_page_shows(django_assert_num_queries):
    successor = PressContactFactory(mission=MissionFactory())
    left = PressContactFactory(left_on=timezone.localdate(NINE), successor=successor)
    release = ReleaseFactory(mission=MissionFactory())
    ReleaseContactFactory(release=release, position=1, contact=left)
    ReleaseContactFactory(release=release, position=0, name='"홍보팀", 100 %')
    usual = public_releases_in_full().get()
    with known_edition(), django_assert_num_queries(1):  # and no mission, picture or file
        found = public_release_in_full(release.pk)
        assert [row.card for row in found.contact_block] == [
            row.card for row in usual.contact_block
        ]
        assert found.contact_block[1].card.name == successor.name
        assert found.contact_block == usual.contact_block
        assert (list(found.pictures.all()), list(found.files.all())) == ([], [])


def test_what_is_asked_often_finds_what_has_changed_and_keeps_its_plan():
    release = ReleaseFactory()
    found = Prepared(lambda: Release.objects.filter(pk=Asked("pk", BigIntegerField())))
    titles = []
    for title in ("하나", "둘", "셋", "넷"):
        Release.objects.filter(pk=release.pk).update(title_ko=title)
        titles += [one.title_ko for one in found(pk=release.pk)]

    assert titles == ["하나", "둘", "셋", "넷"]
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT statement FROM pg_prepared_statements")
            assert any("$1" in sql and "releases_release" in sql for (sql,) in cursor.fetchall())
