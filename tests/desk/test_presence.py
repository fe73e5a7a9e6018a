"""Who else has a release open: told, never locked."""

from datetime import timedelta

import pytest
from django.utils import timezone

from releases import presence, versions
from releases.models import Presence, Release, Version

from ..factories import DRAFT, ReleaseFactory
from ..reading import read
from .keeping import ANALYST, AUTHOR, RELEASES, at_desk, change, opened, person, saved

pytestmark = pytest.mark.django_db


@pytest.fixture
def kim_herself(django_user_model):
    return person(django_user_model, "kim", last_name="김", first_name="민지")


@pytest.fixture
def kim(kim_herself):
    return at_desk(kim_herself)


@pytest.fixture
def lee(django_user_model):
    return at_desk(person(django_user_model, "lee", last_name="이", first_name="서준"))


@pytest.fixture
def release():
    release = ReleaseFactory(title_ko="담요", **DRAFT)
    versions.keep(release)
    return release


def beat(client, release, **sent):
    return client.post(f"{RELEASES}{release.pk}/presence/", sent)


def names(answer):
    return [other["name"] for other in answer.json()["others"]]


def age(seconds):
    """Let everybody have been silent for so long."""
    Presence.objects.update(seen_at=timezone.now() - timedelta(seconds=seconds))


def test_a_heartbeat_tells_of_the_others_and_not_of_oneself(kim, lee, release):
    assert names(beat(kim, release)) == []
    assert names(beat(lee, release)) == ["김민지"]
    assert names(beat(kim, release)) == ["이서준"]


def test_the_form_tells_of_others_before_any_script_runs(kim, lee, release):
    beat(kim, release)

    bar = read(lee.get(change(release).replace("/en/", "/"))).one("div", id="desk-presence")

    assert "김민지" in bar.words
    assert bar["aria-live"] == "polite"
    assert read(kim.get(change(release))).one("div", id="desk-presence").words == ""


def test_since_when_somebody_is_here_does_not_move_with_each_beat(kim, kim_herself, release):
    beat(kim, release)
    since = Presence.objects.get().since
    beat(kim, release)
    assert Presence.objects.get().since == since

    age(46)
    beat(kim, release)
    assert Presence.objects.get().since > since


@pytest.mark.parametrize(("seconds", "is_there"), [(40, True), (46, False)])
def test_who_is_silent_for_long_is_gone(kim, lee, release, seconds, is_there):
    beat(kim, release)
    age(seconds)

    assert bool(names(beat(lee, release))) == is_there


def test_old_rows_are_cleared_when_new_ones_are_written(kim, lee, release):
    beat(kim, ReleaseFactory(**DRAFT))
    age(60)

    beat(lee, release)

    assert Presence.objects.count() == 1


def test_leaving_is_told_at_once(kim, lee, release):
    beat(kim, release)

    assert beat(kim, release, bye="1").status_code == 204
    assert names(beat(lee, release)) == []


def test_a_newer_version_is_told_with_who_saved_it(kim, lee, release):
    made_from = opened(lee, change(release))["_made_from"]
    assert beat(lee, release, made_from=made_from).json()["saved"] is None

    saved(kim, release, title_ko="다른 제목")

    told = beat(lee, release, made_from=made_from).json()
    assert told["saved"]["name"] == "김민지"
    assert told["state"] == ""


def test_a_release_that_moved_on_is_told(kim, release):
    made_from = opened(kim, change(release))["_made_from"]
    Release.objects.update(submitted_at=timezone.now())

    assert beat(kim, release, made_from=made_from).json()["state"] == "In review"


@pytest.mark.parametrize("made_from", ["", "x", "9", "1.2.3.4"])
def test_a_made_up_token_tells_nothing(kim, release, made_from):
    answer = beat(kim, release, made_from=made_from).json()

    assert (answer["saved"], answer["state"]) == (None, "")


def test_presence_saves_nothing_and_makes_no_version(kim, release):
    edited_at = release.edited_at
    beat(kim, release)
    beat(kim, release, bye="1")

    assert Release.objects.get().edited_at == edited_at
    assert Version.objects.count() == 1


def test_a_draft_of_others_is_as_one_that_never_was(django_user_model, release):
    author = at_desk(person(django_user_model, "park", AUTHOR))
    absent = Release(pk=release.pk + 1)

    assert beat(author, release).status_code == beat(author, absent).status_code == 404
    assert not Presence.objects.exists()


def test_who_may_only_look_is_not_shown_as_writing(django_user_model, kim, release):
    analyst = at_desk(person(django_user_model, "park", ANALYST))

    assert beat(analyst, release).status_code == 403
    assert names(beat(kim, release)) == []
    page = read(analyst.get(change(release)))
    assert "data-address" not in page.one("div", id="desk-presence").attributes


def test_strangers_are_sent_to_the_door(client, release):
    assert beat(client, release).status_code == 302
    assert client.get(f"{RELEASES}{release.pk}/presence/").status_code == 302


def test_only_a_post_is_a_heartbeat(kim, release):
    assert kim.get(f"{RELEASES}{release.pk}/presence/").status_code == 404


def test_presence_goes_with_the_release(kim, release):
    beat(kim, release)
    Release.objects.all().delete()

    assert not Presence.objects.exists()


def test_a_beat_costs_few_queries(kim, lee, release, django_assert_max_num_queries):
    beat(lee, release)
    made_from = opened(kim, change(release))["_made_from"]

    with django_assert_max_num_queries(16):
        beat(kim, release, made_from=made_from)


def test_others_are_those_of_this_release(kim, lee, kim_herself, release):
    other = ReleaseFactory(**DRAFT)
    beat(lee, other)

    assert list(presence.others(release, kim_herself)) == []
