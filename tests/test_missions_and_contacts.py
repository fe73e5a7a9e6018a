"""Who speaks: missions, press contacts, and what visitors see of them."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone, translation
from pytest_django.asserts import assertContains, assertNotContains

from contacts.models import Mission, PressContact
from contacts.phones import dial_link

from .factories import MissionFactory, PressContactFactory, ReleaseFactory
from .hidden import SECRET, hidden_releases

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("written", "country", "link"),
    [
        ("+964 750 0166 072", "", "tel:+9647500166072"),
        ("02-2079-8911", "", "tel:+82220798911"),
        ("010-1234-5678", "KR", "tel:+821012345678"),
        ("+202-27365140", "EG", "tel:+20227365140"),
        ("750 0166 072", "IQ", "tel:+9647500166072"),
        ("", "", ""),
        ("n/a", "", ""),
        ("<b>1</b>", "", ""),
        ("javascript:alert(1)", "", ""),
        ("1" * 60, "", ""),
    ],
)
def test_a_phone_is_dialled_where_it_is_understood(written, country, link):
    assert dial_link(written, country) == link


def test_missions_are_listed_with_the_number_of_their_public_releases(client):
    iraq = MissionFactory(name_ko="이라크")
    ReleaseFactory.create_batch(2, mission=iraq)
    hidden_releases(mission=iraq)
    hidden_releases(mission=MissionFactory(name_ko="숨은 나라"))

    response = client.get("/missions/")

    assertContains(response, "보도자료 2건")
    assertNotContains(response, "숨은 나라")


def test_missions_stand_in_the_alphabet_of_the_reader(client):
    for name_ko, name_en in [("가나", "Ghana"), ("이집트", "Egypt")]:
        ReleaseFactory(mission=MissionFactory(name_ko=name_ko, name_en=name_en))

    korean = [m.name_ko for m in client.get("/missions/").context["missions"]]
    english = [m.name_en for m in client.get("/en/missions/").context["missions"]]

    assert korean == ["가나", "이집트"]
    assert english == ["Egypt", "Ghana"]


def test_a_mission_shows_its_public_releases_and_its_contacts(client):
    mission = MissionFactory(slug="iraq")
    PressContactFactory(mission=mission, name="Erbil desk")
    release = ReleaseFactory(mission=mission)
    hidden_releases(mission=mission)

    response = client.get("/missions/iraq/")

    assertContains(response, "Erbil desk")
    assertContains(response, release.title_ko)
    assertNotContains(response, SECRET)
    assert client.get("/missions/iraq/?page=2").status_code == 404


def test_a_mission_pages_its_releases(client):
    mission = MissionFactory(slug="iraq")
    ReleaseFactory.create_batch(21, mission=mission)

    assert len(client.get("/missions/iraq/?page=2").context["page"]) == 1


@pytest.mark.parametrize("number", [1, 30])
def test_a_mission_costs_the_same_however_many_releases(client, django_assert_num_queries, number):
    mission = MissionFactory(slug="iraq")
    PressContactFactory.create_batch(number, mission=mission)
    ReleaseFactory.create_batch(number, mission=mission)

    with django_assert_num_queries(4):  # mission, count, page, contacts
        client.get("/missions/iraq/")


@pytest.mark.parametrize("number", [1, 30])
def test_the_directory_costs_the_same_however_long(client, django_assert_num_queries, number):
    for _ in range(number):
        PressContactFactory(mission=MissionFactory())

    with django_assert_num_queries(3):  # missions, their contacts, contacts without a mission
        client.get("/contacts/")


def test_the_directory_names_those_at_their_desks(client):
    today = timezone.localdate()
    mission = MissionFactory()
    PressContactFactory(name="Here", mission=mission)
    PressContactFactory(name="Last day", mission=mission, left_on=today)
    PressContactFactory(name="Gone", mission=mission, left_on=today - timedelta(days=1))
    PressContactFactory(name="Without mission", mission=None)

    response = client.get("/contacts/")

    for name in ("Here", "Last day", "Without mission"):
        assertContains(response, name)
    assertNotContains(response, "Gone")


def test_an_address_book_gets_those_at_their_desks_only(client):
    here = PressContactFactory(name="Here")
    gone = PressContactFactory(left_on=date(2015, 1, 1))

    assert "FN:Here" in client.get(f"/contacts/{here.pk}.vcf").content.decode()
    assert client.get(f"/contacts/{gone.pk}.vcf").status_code == 404


@pytest.mark.parametrize(
    "name", ["Mexico", "멕시코", "México", "MEXICO", " mexico ", "Ｍｅｘｉｃｏ"]
)
def test_a_mission_goes_by_each_of_its_names(name):
    mission = MissionFactory(name_ko="멕시코", name_en="Mexico", aliases="México\nMéjico")

    assert Mission.objects.all().named(name) == mission
    assert Mission.objects.all().named("Mexico City") is None


@pytest.mark.parametrize("zone", ["Asia/Nowhere", "../etc/passwd", "", "KST", "Asia"])
def test_a_time_zone_must_exist(zone):
    with pytest.raises(ValidationError) as refused:
        Mission(name_en="X", slug="x", time_zone=zone).full_clean()

    assert "time_zone" in refused.value.message_dict


@pytest.mark.parametrize("code", ["kr", "KOR", "K", "K1", "KR\n"])
def test_a_country_code_is_two_capital_letters(code):
    with pytest.raises(ValidationError) as refused:
        Mission(name_en="X", slug="x", country_code=code).full_clean()

    assert "country_code" in refused.value.message_dict


def test_a_mission_needs_a_name_in_some_language():
    with (
        translation.override("en"),
        pytest.raises(ValidationError, match="Give the mission a name"),
    ):
        Mission(slug="x").full_clean()


def test_nobody_can_be_their_own_successor():
    contact = PressContactFactory()
    contact.successor = contact

    with translation.override("en"), pytest.raises(ValidationError, match="Somebody else"):
        contact.full_clean()


def test_addresses_of_missions_are_never_given_twice():
    assert Mission.free_slug("Côte d'Ivoire") == "cote-divoire"
    MissionFactory(slug="iraq")
    MissionFactory(slug="iraq-2")

    assert Mission.free_slug("Iraq") == "iraq-3"
    assert Mission.free_slug("이라크") == "mission"


def test_a_chain_of_successors_is_followed_once_round():
    one, two = PressContactFactory.create_batch(2)
    one.successor, two.successor = two, one
    PressContact.objects.bulk_update([one, two], ["successor"])

    assert list(one.successors()) == [two]
