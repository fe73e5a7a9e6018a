"""The index holds what the releases say, whatever changes them, in the same transaction."""

from datetime import date, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.utils import timezone

from contacts.models import Mission
from releases import versions, workflow
from releases.models import Release, ReleaseContact
from releases.samples import made
from releases.search import engine, index

from ..factories import (
    DRAFT,
    NINE,
    MissionFactory,
    PressContactFactory,
    ReleaseContactFactory,
    ReleaseFactory,
)

pytestmark = pytest.mark.django_db


def found(text):
    return list(Release.objects.search(text).order_by("pk"))


def is_in_step():
    return list(index.out_of_step()) == []


def test_a_saved_release_is_found_by_what_it_says_now():
    release = ReleaseFactory(title_ko="홍수 소식")
    assert found("홍수") == [release]

    release.title_ko = "가뭄 소식"
    release.save()

    assert found("홍수") == []
    assert found("가뭄") == [release]
    assert is_in_step()


def test_saving_a_column_alone_keeps_the_index_in_step():
    release = ReleaseFactory()
    release.title_ko, release.finding_count = "가뭄 소식", 3

    release.save(update_fields=["title_ko", "finding_count"])

    assert found("가뭄") == [release]
    assert is_in_step()


def test_what_is_undone_is_not_found():
    with transaction.atomic():
        ReleaseFactory(title_ko="홍수 소식")
        transaction.set_rollback(True)

    assert found("홍수") == []
    assert is_in_step()


@pytest.mark.parametrize("delete", [Release.delete, lambda r: Release.objects.all().delete()])
def test_a_deleted_release_leaves_nothing_in_the_index(delete):
    release = ReleaseFactory(title_ko="홍수 소식")
    ReleaseContactFactory(release=release)
    pk = release.pk

    delete(release)

    assert list(engine.held(connection, pk, pk)) == []


def test_a_release_that_is_brought_back_is_found_with_its_contacts():
    release = ReleaseFactory(title_ko="홍수 소식", **DRAFT)
    ReleaseContactFactory(release=release, name="Agnes Lomax")
    versions.keep(release)
    pk = release.pk
    versions.delete(release)
    step = versions.Step.objects.get(release_id=pk, verb=versions.DELETE)
    gone = versions.Deleted(step, versions.Version.objects.filter(release_id=pk).first())

    versions.recover(gone)

    assert [r.pk for r in found("홍수 Lomax")] == [pk]
    assert is_in_step()


def test_an_older_version_that_is_restored_is_found_again():
    release = ReleaseFactory(title_ko="홍수 소식")
    old = versions.keep(release)
    release.title_ko = "가뭄 소식"
    release.save()

    versions.restore(old)

    assert found("홍수") == [release]
    assert is_in_step()


def test_a_step_that_moves_the_posted_time_moves_what_is_found():
    release = ReleaseFactory(release_date=date(2010, 1, 1), approved_at=None, publish_at=NINE)

    workflow.publish_now(release)

    today = timezone.localdate(release.publish_at)
    assert found(f"{today:%Y-%m-%d}") == [release]
    assert found("2014-09-09") == []
    assert is_in_step()


def test_the_contact_block_is_found_as_it_is_printed():
    release = ReleaseFactory()
    row = ReleaseContactFactory(release=release, name="Agnes Lomax")
    assert found("Lomax") == [release]

    row.name = "Bora Kim"
    row.save()
    assert (found("Lomax"), found("Bora")) == ([], [release])

    ReleaseContact.objects.filter(pk=row.pk).update(name="Cho Dana")
    assert (found("Bora"), found("Dana")) == ([], [release])

    row.delete()
    assert found("Dana") == []

    ReleaseContact.objects.bulk_create([ReleaseContact(release=release, name="Eun Ha")])
    assert found("Eun") == [release]

    release.contacts.all().delete()
    assert found("Eun") == []
    assert is_in_step()


def test_a_row_that_moves_to_another_release_is_found_there():
    one, other = ReleaseFactory(), ReleaseFactory()
    row = ReleaseContactFactory(release=one, name="Agnes Lomax")

    ReleaseContact.objects.filter(pk=row.pk).update(release=other)

    assert found("Lomax") == [other]
    assert is_in_step()


def test_many_that_are_made_or_changed_at_once_are_found():
    Release.objects.bulk_create(
        ReleaseFactory.build(title_ko="홍수 소식", slug="x") for _number in range(3)
    )
    assert len(found("홍수")) == 3

    Release.objects.filter(title_ko="홍수 소식").update(title_ko="가뭄 소식")
    assert (len(found("홍수")), len(found("가뭄"))) == (0, 3)

    releases = found("가뭄")
    for release in releases:
        release.title_ko = "지진 소식"
    Release.objects.bulk_update(releases, ["title_ko"])
    assert len(found("지진")) == 3
    assert is_in_step()


def test_releases_made_for_trials_are_in_step():
    list(made.make(30))

    assert Release.objects.count() == 30
    assert is_in_step()


def test_a_renamed_mission_is_found_by_its_new_names_with_the_same_entries():
    mission = MissionFactory(name_ko="멕시코", name_en="Mexico")
    release = ReleaseFactory(mission=mission)
    before = list(engine.held(connection, release.pk, release.pk))

    Mission.objects.filter(pk=mission.pk).update(name_ko="묵서가", aliases="메히코")

    assert found("묵서가") == found("메히코") == found("Mexico") == [release]
    assert found("멕시코") == []
    assert list(engine.held(connection, release.pk, release.pk)) == before


def test_a_release_that_changes_its_mission_is_found_under_the_new_one():
    old, new = MissionFactory(name_ko="멕시코"), MissionFactory(name_ko="네팔")
    release = ReleaseFactory(mission=old)

    release.mission = new
    release.save(update_fields=["mission"])

    assert (found("멕시코"), found("네팔")) == ([], [release])


def test_a_press_contact_that_is_renamed_succeeded_and_deleted_is_followed():
    contact = PressContactFactory(name="Ada Park")
    release = ReleaseFactory()
    ReleaseContactFactory(release=release, name="Printed Name", contact=contact)

    contact.name = "Ada Seo"
    contact.save()
    assert found("Seo") == [release]

    successor = PressContactFactory(name="Bora Kim")
    contact.hand_over(timezone.localdate() - timedelta(days=1), successor)
    assert found("Bora") == [release]

    contact.delete()
    assert (found("Seo"), found("Bora"), found("Printed")) == ([], [], [release])
    assert is_in_step()


def test_a_successor_is_found_from_the_day_on_which_they_answer():
    contact, successor = PressContactFactory(name="Ada Park"), PressContactFactory(name="Bora Kim")
    release = ReleaseFactory()
    ReleaseContactFactory(release=release, name="Ada Park", contact=contact)

    contact.hand_over(timezone.localdate(), successor)

    assert (found("Bora"), found("Ada")) == ([], [release])


# The commands


def lose_an_entry(release):
    engine.remove(connection, [release.pk])


def falsify_an_entry(release):
    engine.put(connection, [(release.pk, {"alies"})])


def leave_an_entry_behind(release):
    engine.put(connection, [(release.pk + 1, {"aghost"})])


def leave_an_entry_far_behind(release):
    engine.put(connection, [(release.pk + 5000, {"aghost"})])


def leave_an_entry_before(release):
    engine.put(connection, [(release.pk - 1, {"aghost"})])


@pytest.mark.parametrize(
    ("spoil", "named"),
    [
        (lose_an_entry, 0),
        (falsify_an_entry, 0),
        (leave_an_entry_behind, 1),
        (leave_an_entry_far_behind, 5000),
        (leave_an_entry_before, -1),
    ],
)
def test_check_names_what_is_out_of_step_and_rebuild_mends_it(spoil, named, capsys):
    ReleaseFactory().delete()
    release = ReleaseFactory(title_ko="홍수 소식")
    spoil(release)

    with pytest.raises(CommandError, match="^1 out of step; rebuild_search"):
        call_command("check_search")
    assert f"release {release.pk + named}\n" in capsys.readouterr().out

    call_command("rebuild_search")
    call_command("check_search")

    assert capsys.readouterr().out.splitlines() == [
        "1 releases can be found.",
        "The index holds every release as it is.",
    ]
    assert found("홍수") == [release]


def test_rebuild_fills_an_index_in_several_batches(monkeypatch):
    monkeypatch.setattr(index, "BATCH", 2)
    releases = ReleaseFactory.create_batch(5, title_ko="홍수 소식")
    engine.remove(connection, [release.pk for release in releases])

    assert list(index.rebuild()) == [2, 4, 5]

    assert found("홍수") == releases
