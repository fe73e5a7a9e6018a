"""What came in becomes releases: whole or not at all, once, and never over an editor's work."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest
from django.apps import apps
from django.db.models import F
from django.utils import translation

from contacts.countries import COUNTRIES
from contacts.models import Mission, PressContact
from releases import versions
from releases.intake import saving
from releases.intake.incoming import IncomingContact, IncomingRelease, RefusedRelease
from releases.intake.offices import found_mission
from releases.intake.pasted import read_pasted
from releases.intake.saving import Importer, Outcome, Saved
from releases.models import Release, ReleaseContact, State, ViewCounter
from releases.plain_text import write_release
from tests.factories import SEOUL, MissionFactory, PressContactFactory

from .texts import A_RELEASE, VARIANTS, read_one

pytestmark = pytest.mark.django_db

NAME_ONE = IncomingContact("Name One", "IOM Northtown", "+964 750 0000 001", "one@example.org")


@pytest.fixture(autouse=True)
def _remarks_in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def iraq():
    return MissionFactory(name_ko="이라크", name_en="Iraq", slug="iraq", country_code="IQ")


def incoming(**values: Any) -> IncomingRelease:
    """A release as `A_RELEASE` is read, but for `values`."""
    return replace(read_one(A_RELEASE), **values)


def save(release: IncomingRelease | RefusedRelease, **options: bool) -> Saved:
    """Save one release as the only one of its file."""
    return Importer(**options).save(release)


def everything() -> dict[str, list[dict[str, Any]]]:
    """Every column of every row of the newsroom."""
    return {
        model._meta.label: list(model.objects.order_by("pk").values())
        for app in ("contacts", "releases")
        for model in apps.get_app_config(app).get_models()
    }


def reasons(saved: Saved) -> list[str]:
    return [remark.message for remark in saved.remarks]


# Created


def test_a_new_release_is_created_with_all_that_was_printed(iraq):
    saved = save(incoming())

    release = Release.objects.get()
    assert (saved.outcome, saved.release) == (Outcome.CREATED, release)
    assert (release.title_ko, release.title_en) == ("사무소, 겨울 물품 전달", "")
    assert release.body_ko == ""
    assert release.body_en == (
        "<p>The office delivered winter kits to two towns.</p>\n"
        "<p>A second convoy follows in October.</p>"
    )
    assert (release.mission, release.dateline_ko, release.dateline_en) == (iraq, "", "")
    assert release.release_date == date(2014, 9, 9)
    assert release.publish_at == datetime(2014, 9, 9, tzinfo=SEOUL)
    assert release.contact_heading == ""
    assert (release.views, release.counter.imported) == (234, 234)
    assert release.state == State.PUBLIC


def test_the_contact_block_is_saved_in_order_with_its_entries(iraq):
    two = IncomingContact("Name Two", phone="02-000-0009")

    save(incoming(contacts=(NAME_ONE, two)))

    rows = ReleaseContact.objects.order_by("position").values_list(
        "position", "name", "office", "phone", "email", "contact__name", "contact__mission"
    )
    assert list(rows) == [
        (0, *_plain(NAME_ONE), "Name One", iraq.pk),
        (1, *_plain(two), "Name Two", iraq.pk),
    ]


def _plain(contact: IncomingContact) -> tuple[str, ...]:
    return contact.name, contact.office, contact.phone, contact.email


def test_a_release_that_does_not_say_when_was_posted_on_its_date(iraq):
    save(incoming(posted_on=None, views=None))

    release = Release.objects.get()
    assert release.publish_at == datetime(2014, 9, 9, tzinfo=SEOUL)
    assert release.views == 0


def test_a_release_keeps_its_date_apart_from_the_day_it_was_posted(iraq):
    save(incoming(release_date=date(2014, 9, 5)))

    release = Release.objects.get()
    assert release.release_date == date(2014, 9, 5)
    assert release.publish_at == datetime(2014, 9, 9, tzinfo=SEOUL)


def test_a_release_to_be_posted_one_day_waits_for_it(iraq):
    save(incoming(posted_on=date(9999, 12, 31)))

    assert Release.objects.get().state == State.SCHEDULED


def test_headline_and_text_are_saved_in_the_language_each_is_written_in(iraq):
    save(incoming(title="A headline", paragraphs=("겨울 물품을 전달했다.",)))

    release = Release.objects.get()
    assert (release.title_ko, release.title_en) == ("", "A headline")
    assert (release.body_ko, release.body_en) == ("<p>겨울 물품을 전달했다.</p>", "")


# Run twice


@pytest.mark.parametrize("create_missions", [False, True])
def test_a_second_run_changes_nothing_at_all(create_missions):
    releases = read_pasted(VARIANTS.read_text(encoding="utf-8")).releases
    list(Importer(create_missions).save_all(releases))
    before = everything()

    again = list(Importer(create_missions).save_all(releases))

    assert {saved.outcome for saved in again} == {Outcome.UNCHANGED}
    assert everything() == before
    assert len(before["releases.Release"]) == 8


@pytest.mark.parametrize("language", ["ko", "en"])
def test_a_second_run_in_another_language_changes_nothing_either(language):
    # The place is no country and its letters are not those of the text.
    release = incoming(place="Northtown", paragraphs=("겨울 물품을 전달했다.",))
    save(release, create_missions=True)
    before = everything()

    with translation.override(language):
        assert save(release, create_missions=True).outcome == Outcome.UNCHANGED

    assert everything() == before


def test_a_release_written_out_and_pasted_back_is_unchanged():
    releases = read_pasted(VARIANTS.read_text(encoding="utf-8")).releases
    saved = list(Importer(create_missions=True).save_all(releases))
    before = everything()

    for one in saved:
        with translation.override("ko"):
            text = write_release(one.release)
        assert save(read_one(text)).outcome == Outcome.UNCHANGED, text

    assert everything() == before


def test_a_place_without_a_mission_is_unchanged_when_pasted_back():
    text = write_release(save(incoming(place="Northtown")).release)

    assert save(read_one(text)).outcome == Outcome.UNCHANGED


# Updated


def test_a_text_that_changed_elsewhere_is_updated(iraq):
    first = save(incoming()).release

    saved = save(incoming(paragraphs=("It was three towns.",), contacts=(NAME_ONE, NAME_ONE)))

    release = Release.objects.get()
    assert (saved.outcome, release.pk) == (Outcome.UPDATED, first.pk)
    assert release.body_en == "<p>It was three towns.</p>"
    assert [row.position for row in release.contact_block] == [0, 1]
    assert release.slug == first.slug


def test_a_headline_in_other_capitals_is_the_same_release(iraq):
    save(incoming(title="A Headline"))

    assert save(incoming(title="A headline")).outcome == Outcome.UPDATED
    assert Release.objects.get().title_en == "A headline"


def test_another_date_or_headline_is_another_release(iraq):
    save(incoming())

    assert save(incoming(release_date=date(2014, 9, 8))).outcome == Outcome.CREATED
    assert save(incoming(title="다른 소식")).outcome == Outcome.CREATED


# Views


def test_views_counted_here_are_never_reset(iraq):
    save(incoming(views=234))
    ViewCounter.objects.update(total=F("total") + 6)

    assert save(incoming(views=234)).outcome == Outcome.UNCHANGED
    assert Release.objects.get().views == 240


def test_the_baseline_moves_with_the_files_number(iraq):
    save(incoming(views=234))
    ViewCounter.objects.update(total=F("total") + 6)
    edited_at = Release.objects.get().edited_at

    assert save(incoming(views=300)).outcome == Outcome.UPDATED

    release = Release.objects.get()
    assert (release.views, release.counter.imported) == (306, 300)
    assert release.edited_at == edited_at


def test_a_file_without_a_counter_leaves_the_baseline(iraq):
    save(incoming(views=234))

    assert save(incoming(views=None)).outcome == Outcome.UNCHANGED
    assert Release.objects.get().views == 234


def test_an_updated_text_keeps_the_views_counted_here(iraq):
    save(incoming(views=234))
    ViewCounter.objects.update(total=F("total") + 6)

    save(incoming(paragraphs=("It was three towns.",), views=230))

    assert Release.objects.get().views == 236


# An editor's work


def edit(**values: Any) -> None:
    release = Release.objects.get()
    for name, value in values.items():
        setattr(release, name, value)
    release.save()


@pytest.mark.parametrize(
    "values",
    [
        {"body_en": "<p>Edited.</p>"},
        {"title_en": "A translation"},
        {"mission": None},
        {"publish_at": datetime(2014, 9, 9, 9, tzinfo=SEOUL)},
        {"contact_heading": "문의"},
        {"dateline_en": "Northtown"},
    ],
)
def test_what_an_editor_changed_is_kept(iraq, values):
    save(incoming())
    edit(**values)
    before = everything()

    same = save(incoming())
    changed = save(incoming(paragraphs=("It was three towns.",), line=7))

    assert (same.outcome, changed.outcome) == (Outcome.UNCHANGED, Outcome.REFUSED)
    assert changed.remarks[-1].line == 7
    assert reasons(changed)[-1] == (
        "it was edited here after it had come in; --overwrite takes the file’s text."
    )
    assert everything() == before


def test_a_contact_that_an_editor_changed_is_kept(iraq):
    save(incoming())
    ReleaseContact.objects.update(phone="+82 2 000 0009")

    assert save(incoming(paragraphs=("It was three towns.",))).outcome == Outcome.REFUSED
    assert ReleaseContact.objects.get().phone == "+82 2 000 0009"


def test_overwriting_takes_the_files_text(iraq):
    save(incoming())
    edit(body_en="<p>Edited.</p>")

    saved = save(incoming(paragraphs=("It was three towns.",)), overwrite=True)

    assert saved.outcome == Outcome.UPDATED
    assert Release.objects.get().body_en == "<p>It was three towns.</p>"


def test_overwriting_clears_what_the_file_has_not():
    save(incoming())
    edit(contact_heading="문의", mission=MissionFactory())
    changed = incoming(place="", paragraphs=("It was three towns.",))

    save(changed, overwrite=True)

    release = Release.objects.get()
    assert (release.contact_heading, release.mission) == ("", None)


def test_overwriting_leaves_an_editors_translation(iraq):
    save(incoming())
    edit(title_en="A translation", body_ko="<p>번역</p>")
    changed = incoming(paragraphs=("It was three towns.",))

    save(changed, overwrite=True)

    release = Release.objects.get()
    assert (release.title_en, release.body_ko) == ("A translation", "<p>번역</p>")
    assert release.body_en == "<p>It was three towns.</p>"
    assert save(changed, overwrite=True).outcome == Outcome.UNCHANGED


def test_a_text_that_was_deleted_here_stays_away_unless_told_otherwise(iraq):
    save(incoming())
    versions.delete(Release.objects.get())
    before = everything()

    kept_away = save(incoming())

    assert kept_away.outcome == Outcome.REFUSED
    assert reasons(kept_away)[-1] == "it was deleted here; --overwrite brings it back."
    assert everything() == before
    assert save(incoming(), overwrite=True).outcome == Outcome.CREATED
    assert save(incoming()).outcome == Outcome.UNCHANGED


def test_a_text_whose_language_changed_leaves_nothing_of_the_old(iraq):
    save(incoming())

    save(incoming(paragraphs=("겨울 물품을 전달했다.",)))

    release = Release.objects.get()
    assert (release.body_ko, release.body_en) == ("<p>겨울 물품을 전달했다.</p>", "")


# Missions


def test_an_unknown_place_stays_in_the_text(iraq):
    saved = save(incoming(place="Northtown", dash=" – ", place_line=3))

    release = Release.objects.get()
    assert release.mission is None
    assert release.body_en.startswith("<p>Northtown – The office delivered")
    assert saved.remarks[0].line == 3
    assert reasons(saved) == [
        "no mission goes by “Northtown”; the place stays in the text. "
        "--create-missions would found one."
    ]
    assert Mission.objects.count() == 1


def test_an_unknown_place_founds_a_mission_when_told_to():
    saved = save(incoming(place="Northtown"), create_missions=True)

    mission = Mission.objects.get()
    assert (mission.name_en, mission.slug, mission.time_zone) == ("Northtown", "northtown", "UTC")
    assert saved.release.mission == mission
    assert saved.release.body_en.startswith("<p>The office delivered")
    assert reasons(saved) == ["the mission “Northtown” is new; look it over."]


@pytest.mark.parametrize(
    ("place", "code"),
    [
        ("Kenya", "KE"),
        ("Nairobi, Kenya", "KE"),
        ("Kenya, Northtown", "KE"),
        ("케냐", "KE"),
        ("México", "MX"),
        ("Côte d’Ivoire", "CI"),
        ("Atlanta, USA", "US"),
    ],
)
def test_a_country_is_founded_with_all_its_names(place, code):
    save(incoming(place=place), create_missions=True)

    mission = Mission.objects.get()
    country = next(country for country in COUNTRIES if country.code == code)
    assert (mission.country_code, mission.name_en) == (code, country.name_en)
    assert (mission.name_ko, mission.time_zone) == (country.name_ko, country.time_zone)


def test_a_place_in_a_country_opens_the_text_as_printed():
    release = save(incoming(place="Nairobi, Kenya"), create_missions=True).release

    assert (release.mission.name_en, release.dateline_en) == ("Kenya", "Nairobi, Kenya")


def test_an_alias_finds_the_mission_and_opens_the_text_as_printed():
    mexico = MissionFactory(name_ko="멕시코", name_en="Mexico", aliases="México\nMejico")

    release = save(incoming(place="México"), create_missions=True).release

    assert (release.mission, release.dateline_en) == (mexico, "México")
    assert Mission.objects.get() == mexico


def test_a_mission_without_a_name_in_the_texts_language_opens_it_as_printed_once():
    MissionFactory(name_ko="", name_en="Northtown")

    release = save(incoming(place="Northtown", paragraphs=("물품을 전달했다.",))).release

    assert (release.dateline_ko, str(release.dateline)) == ("", "Northtown")


def test_a_mission_founded_for_one_release_is_found_for_the_next():
    importer = Importer(create_missions=True)
    importer.save(incoming(place="Kenya"))
    importer.save(incoming(place="Nairobi, Kenya", title="다른 소식", line=20))

    assert Mission.objects.count() == 1
    assert Release.objects.filter(mission__country_code="KE").count() == 2


def test_a_place_longer_than_a_missions_name_founds_none():
    release = save(incoming(place="Place " * 20 + "End"), create_missions=True).release

    assert Mission.objects.count() == 0
    assert "Place End - The office" in release.body_en


def test_every_country_can_be_founded():
    for country in COUNTRIES:
        found_mission(country.name_en).full_clean()

    assert Mission.objects.count() == len(COUNTRIES)


# The directory


def test_a_contact_that_the_directory_has_is_reused_and_never_changed(iraq):
    entry = PressContactFactory(
        name="Name One", email="ONE@example.org", office="Elsewhere", phone="1", mission=None
    )
    before = PressContact.objects.values().get()

    save(incoming())

    assert ReleaseContact.objects.get().contact == entry
    assert ReleaseContact.objects.get().office == "IOM Northtown"
    assert PressContact.objects.values().get() == before


def test_a_contact_without_the_email_is_known_by_name_and_mission(iraq):
    entry = PressContactFactory(name="name one", mission=iraq)
    PressContactFactory(name="Name One", mission=MissionFactory())

    save(incoming(contacts=(IncomingContact("Name One"),)))

    assert ReleaseContact.objects.get().contact == entry


def test_a_contact_without_an_email_is_not_everybody_of_that_name_without_one(iraq):
    PressContactFactory(name="Name One", email="", mission=MissionFactory())

    save(incoming(contacts=(IncomingContact("Name One", phone="1"),)))

    assert ReleaseContact.objects.get().contact.mission == iraq


def test_a_release_that_is_not_public_yet_puts_nobody_into_the_directory(iraq):
    save(incoming(posted_on=date(9999, 12, 31)))

    assert ReleaseContact.objects.get().name == "Name One"
    assert not PressContact.objects.exists()


def test_two_releases_share_one_entry(iraq):
    save(incoming())
    save(incoming(title="다른 소식"))

    assert PressContact.objects.count() == 1
    assert ReleaseContact.objects.count() == 2


def test_the_same_name_elsewhere_is_another_entry(iraq):
    PressContactFactory(name="Name One", mission=MissionFactory(), email="other@example.org")

    save(incoming())

    assert PressContact.objects.count() == 2


# Refused, and all or nothing


def test_what_could_not_be_read_is_refused():
    saved = save(RefusedRelease("(2014/13/40) 소식", 3, "no date"))

    assert (saved.outcome, saved.line, reasons(saved)) == (Outcome.REFUSED, 3, ["no date"])
    assert not any(everything().values())


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"title": "소" * 301}, "the headline has 301 characters; expected 300 at most."),
        ({"paragraphs": ()}, "a release needs a text below its headline."),
        (
            {"contacts": (IncomingContact("N" * 151),)},
            f"“{'N' * 40}…” is too long for a contact; expected 150 characters.",
        ),
        (
            {"contacts": (IncomingContact("Name One", phone="1" * 101),)},
            f"“{'1' * 40}…” is too long for a contact; expected 100 characters.",
        ),
        (
            {"contact_heading": "Contacts" * 20},
            f"“{'Contacts' * 5}…” is too long for a contact; expected 150 characters.",
        ),
    ],
)
def test_what_the_database_cannot_hold_is_refused_and_never_cut(values, reason):
    saved = save(incoming(line=4, **values), create_missions=True)

    assert (saved.outcome, saved.remarks[-1].line, reasons(saved)) == (Outcome.REFUSED, 4, [reason])
    assert not any(everything().values())


def test_a_headline_of_the_greatest_length_is_saved(iraq):
    assert save(incoming(title="소" * 300)).outcome == Outcome.CREATED


def test_the_same_headline_twice_in_a_file_is_refused():
    importer = Importer(create_missions=True)
    importer.save(incoming(line=1))
    before = everything()

    saved = importer.save(incoming(line=30, place="Kenya", paragraphs=("Another text.",)))

    assert saved.outcome == Outcome.REFUSED
    assert reasons(saved) == ["the same date and headline as the release at line 1."]
    assert everything() == before


def test_the_same_headline_in_the_next_file_is_the_same_release(iraq):
    importer = Importer()
    importer.save(incoming(line=1))
    importer.next_file()

    assert importer.save(incoming(line=30)).outcome == Outcome.UNCHANGED


def test_an_error_half_way_leaves_no_row_of_a_new_release(monkeypatch):
    def fail(*_args):
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(saving.counting, "set_imported", fail)

    with pytest.raises(RuntimeError):
        save(incoming(), create_missions=True)
    assert not any(everything().values())


def test_an_error_half_way_leaves_an_old_release_as_it_was(monkeypatch, iraq):
    save(incoming())
    before = everything()

    def fail(contact, _mission, *, found):
        PressContactFactory()
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(saving, "directory_entry", fail)

    with pytest.raises(RuntimeError):
        save(incoming(paragraphs=("It was three towns.",)))
    assert everything() == before


def test_a_mission_of_a_release_that_is_refused_is_not_founded(iraq):
    save(incoming())
    edit(body_en="<p>Edited.</p>")
    before = everything()

    saved = save(incoming(place="Kenya"), create_missions=True)

    assert saved.outcome == Outcome.REFUSED
    assert not any("is new" in reason for reason in reasons(saved))
    assert everything() == before
