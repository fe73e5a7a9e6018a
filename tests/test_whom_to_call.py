"""Whom to call: the contact block of a release, today and years later."""

from datetime import date

import pytest

from .factories import (
    MissionFactory,
    PressContactFactory,
    ReleaseContactFactory,
    ReleaseFactory,
)
from .reading import queries_of, read

pytestmark = pytest.mark.django_db

LONG_AGO = date(2013, 3, 31)
READERS = pytest.mark.parametrize("reader", ["ko", "en"])


def page_of(client, release, reader="ko"):
    return read(client.get(release.get_absolute_url(reader)))


def cards_of(client, release, reader="ko"):
    """The words of each person of the contact block."""
    return [card.words for card in page_of(client, release, reader).all("div", class_="h-card")]


def printed(entry=None, **values):
    """A release with one row in its contact block, printed for `entry`."""
    release = ReleaseFactory()
    row = {"name": entry.name, "office": entry.office} if entry else {}
    ReleaseContactFactory(release=release, contact=entry, **row | values)
    return release


def somebody_who_left(name, **values):
    return PressContactFactory(name=name, left_on=LONG_AGO, **values)


def test_each_person_of_the_contact_block_is_a_card_in_the_order_of_the_rows(client):
    iraq = MissionFactory(country_code="IQ")
    release = ReleaseFactory(mission=iraq)
    ReleaseContactFactory(release=release, position=1, name="Second desk")
    ReleaseContactFactory(
        release=release,
        position=0,
        name="Susan Megy",
        office="IOM Erbil",
        phone="+964 750 0166 072",
        email="smegy@iom.int",
    )

    page = page_of(client, release, "en")

    first, second = page.one("address", class_="contacts").all("div", class_="h-card")
    assert first.one("p", class_="p-name").words == "Susan Megy"
    assert first.one("p", class_="p-org").words == "IOM Erbil"
    assert first.one("a", class_="p-tel")["href"] == "tel:+9647500166072"
    assert first.one("a", class_="p-tel").words == "+964 750 0166 072"
    assert first.one("a", class_="u-email")["href"] == "mailto:smegy@iom.int"
    assert first.one("a", class_="u-email").words == "smegy@iom.int"
    assert first.one("a", href=f"/en/releases/{release.pk}/contacts/0.vcf")
    assert second.one("p", class_="p-name").words == "Second desk"


@pytest.mark.parametrize(
    ("country", "phone", "link"),
    [
        ("IQ", "0750 016 6072", "tel:+9647500166072"),
        ("", "02-555-0142", "tel:+8225550142"),
        ("IQ", "ask at the desk", None),
    ],
)
def test_a_phone_without_prefix_is_one_of_the_mission_s_country(client, country, phone, link):
    release = ReleaseFactory(mission=MissionFactory(country_code=country))
    ReleaseContactFactory(release=release, phone=phone)

    shown = page_of(client, release).one(class_="p-tel")

    assert shown.words == phone
    assert shown["href"] == (link or "")
    assert shown.tag == ("a" if link else "span")


def test_what_is_not_known_of_a_person_leaves_no_empty_line(client):
    release = printed(name="Press desk", office="", phone="", email="")

    card = page_of(client, release).one("div", class_="h-card")

    assert not [line for line in card.all("p") if not line.words]
    assert not card.all(class_="p-tel") + card.all(class_="p-org") + card.all(class_="u-email")


def test_a_release_without_contacts_has_no_heading_for_them(client):
    page = page_of(client, ReleaseFactory())

    assert not page.all("address")
    assert not page.all("h2", id="contacts")


def test_what_was_printed_stays_although_the_directory_says_something_else_now(client):
    entry = PressContactFactory(name="Susan Megy", phone="+964 750 0000 000")

    cards = cards_of(client, printed(entry, phone="+964 750 0166 072"))

    assert "+964 750 0166 072" in cards[0]


def test_who_came_after_answers_for_somebody_who_has_left(client):
    successor = PressContactFactory(name="Sandra Black", office="IOM Baghdad", email="s@iom.int")
    release = printed(somebody_who_left("Susan Megy", successor=successor), email="old@iom.int")

    korean, english = page_of(client, release), page_of(client, release, "en")

    card = english.one("div", class_="h-card")
    assert card.one("p", class_="p-name").words == "Sandra Black"
    assert card.one("p", class_="p-org").words == "IOM Baghdad"
    assert card.one("a", class_="u-email").words == "s@iom.int"
    assert card.one("p", class_="succession").words == "Answers for Susan Megy, who has left."
    assert "old@iom.int" not in english.words
    assert (
        korean.one("p", class_="succession").words
        == "담당자가 바뀌었습니다(이전 담당자: Susan Megy)."
    )


def test_the_successor_s_phone_is_dialled_in_the_successor_s_country(client):
    successor = PressContactFactory(
        phone="0750 016 6072", mission=MissionFactory(country_code="IQ")
    )

    page = page_of(client, printed(somebody_who_left("Susan Megy", successor=successor)))

    assert page.one("a", class_="p-tel")["href"] == "tel:+9647500166072"


def test_a_successor_who_has_left_as_well_is_passed_over(client):
    third = PressContactFactory(name="Third desk")
    second = somebody_who_left("Second desk", successor=third)

    cards = cards_of(client, printed(somebody_who_left("First desk", successor=second)), "en")

    assert len(cards) == 1
    assert cards[0].startswith("Third desk")
    assert "Second desk" not in cards[0]
    assert cards[0].endswith("Answers for First desk, who has left.")


def nobody(name):
    return None


def somebody_who_left_too(name):
    return somebody_who_left("Another desk")


def each_other(name):
    second = somebody_who_left("Another desk")
    second.successor = somebody_who_left(name, successor=second)
    second.save()
    return second


def a_loop_behind(name):
    second = each_other("Yet another desk")
    return somebody_who_left("A fourth desk", successor=second)


SUCCESSIONS = pytest.mark.parametrize(
    "successor", [nobody, somebody_who_left_too, each_other, a_loop_behind]
)


@SUCCESSIONS
@pytest.mark.parametrize(
    ("reader", "words"),
    [
        (
            "ko",
            "Susan Megy 담당자는 현재 근무하지 않습니다. "
            "뉴스룸으로 문의해 주세요: press@example.org",
        ),
        ("en", "Susan Megy has left. Please write to the newsroom: press@example.org"),
    ],
)
def test_where_nobody_came_after_the_newsroom_answers(client, settings, successor, reader, words):
    settings.NEWSROOM_EMAIL = "press@example.org"
    entry = somebody_who_left("Susan Megy", successor=successor("Susan Megy"))
    release = printed(entry, office="IOM Erbil", phone="+964 750 0166 072", email="old@iom.int")

    card = page_of(client, release, reader).one("div", class_="h-card")

    assert card.words == f"IOM Erbil {words}"
    assert card.one("a")["href"] == "mailto:press@example.org"


@SUCCESSIONS
@pytest.mark.parametrize(
    ("reader", "words", "address"),
    [
        ("ko", "Susan Megy 담당자는 현재 근무하지 않습니다. 언론 연락처", "/contacts/"),
        ("en", "Susan Megy has left. Press contacts", "/en/contacts/"),
    ],
)
def test_a_newsroom_without_an_address_leads_to_its_press_contacts(
    client, settings, successor, reader, words, address
):
    settings.NEWSROOM_EMAIL = ""
    entry = somebody_who_left("Susan Megy", successor=successor("Susan Megy"))

    card = page_of(client, printed(entry, office=""), reader).one("div", class_="h-card")

    assert card.words == words
    assert card.one("a")["href"] == address


def test_two_who_left_in_favour_of_each_other_send_readers_in_no_circle(client, settings):
    settings.NEWSROOM_EMAIL = "press@example.org"
    first = somebody_who_left("First desk")
    first.successor = somebody_who_left("Second desk", successor=first)
    first.save()

    assert "press@example.org" in cards_of(client, printed(first))[0]


def test_a_contact_goes_into_an_address_book(client):
    release = ReleaseFactory()
    ReleaseContactFactory(
        release=release, position=0, name="Kim; Lee, Park", office="Office", phone="02-555-0101"
    )

    card = client.get(f"/releases/{release.pk}/contacts/0.vcf")

    assert card["Content-Type"] == "text/vcard; charset=utf-8"
    assert "FN:Kim\\; Lee\\, Park\r\n" in card.content.decode()
    assert "TEL;TYPE=WORK,VOICE:02-555-0101\r\n" in card.content.decode()
    assert client.get(f"/releases/{release.pk}/contacts/1.vcf").status_code == 404


def release_with_contacts(number, leaver=None):
    release = ReleaseFactory(mission=MissionFactory())
    for position in range(number):
        entry = leaver() if leaver else PressContactFactory(mission=MissionFactory())
        ReleaseContactFactory(release=release, contact=entry, position=position)
    return release


def two_successions():
    third = PressContactFactory(mission=MissionFactory())
    second = somebody_who_left("Second desk", successor=third, mission=MissionFactory())
    return somebody_who_left("First desk", successor=second, mission=MissionFactory())


@READERS
@pytest.mark.parametrize("leaver", [None, two_successions])
def test_the_page_costs_the_same_however_many_contacts_it_has(client, reader, leaver):
    one, twenty = release_with_contacts(1, leaver), release_with_contacts(20, leaver)

    few = queries_of(client, one.get_absolute_url(reader))
    many = queries_of(client, twenty.get_absolute_url(reader))

    # The release with its contacts and neighbours, and the newest of its mission.
    assert len(few) == len(many) == 2


def test_the_plain_text_costs_the_same_however_many_contacts_it_has(client):
    one, twenty = release_with_contacts(1), release_with_contacts(20)

    few, many = (queries_of(client, r.get_text_url()) for r in (one, twenty))

    assert len(few) == len(many) <= 7  # two of them for pictures and files
