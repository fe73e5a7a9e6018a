"""Missions, and whom journalists may call there."""

import unicodedata
from datetime import date, timedelta

import pytest
from pytest_django.asserts import assertContains

from contacts.bilingual import language_of
from contacts.cities import ANOTHER_CITY, seat_of_government
from contacts.countries import COUNTRIES
from contacts.models import Mission, PressContact
from contacts.phones import dial_link

from .factories import (
    NOT_PUBLIC,
    MissionFactory,
    PressContactFactory,
    ReleaseFactory,
)
from .reading import complaints, queries_of, read

pytestmark = pytest.mark.django_db

LONG_AGO, FAR_AHEAD = date(2013, 3, 31), date(2999, 1, 1)


def missions_of(client, home="/"):
    """Each mission of the list with the number beside it."""
    entries = read(client.get(f"{home}missions/")).all("ul", class_="missions")
    return [item.words for item in entries[0].all("li")] if entries else []


def names_of(client, address):
    """The people and desks that a page names, in order."""
    return [p.words for p in read(client.get(address)).all("p", class_="p-name")]


# The list of missions


def test_a_mission_tells_how_many_of_its_releases_are_public(client):
    iraq = MissionFactory(name_ko="이라크", name_en="Iraq")
    ReleaseFactory.create_batch(3, mission=iraq)
    nepal = MissionFactory(name_ko="네팔", name_en="Nepal")
    ReleaseFactory(mission=nepal)
    for times in NOT_PUBLIC.values():
        ReleaseFactory(mission=iraq, **times)

    assert missions_of(client) == ["네팔 보도자료 1건", "이라크 보도자료 3건"]
    assert missions_of(client, "/en/") == ["Iraq 3 releases", "Nepal 1 release"]


@pytest.mark.parametrize("state", NOT_PUBLIC)
@pytest.mark.parametrize(
    ("home", "words"),
    [("/", "아직 게시된 보도자료가 없습니다."), ("/en/", "No release has been posted yet.")],
)
def test_a_mission_without_a_public_release_is_not_listed(client, state, home, words):
    ReleaseFactory(mission=MissionFactory(name_ko="비밀국"), **NOT_PUBLIC[state])

    page = read(client.get(f"{home}missions/"))

    assert not page.all("ul", class_="missions")
    assert page.one("p", class_="empty").words == words


def test_missions_stand_in_the_alphabet_of_the_names_that_the_reader_sees(client):
    for korean, english in [("이라크", "Iraq"), ("", "Mexico"), ("네팔", "Nepal"), ("요르단", "")]:
        ReleaseFactory(mission=MissionFactory(name_ko=korean, name_en=english))

    korean, english = missions_of(client), missions_of(client, "/en/")

    assert [words.split()[0] for words in korean] == ["Mexico", "네팔", "요르단", "이라크"]
    assert [words.split()[0] for words in english] == ["Iraq", "Mexico", "Nepal", "요르단"]


def test_a_mission_in_the_other_language_only_says_so(client):
    ReleaseFactory(mission=MissionFactory(name_ko="요르단", name_en="", slug="jordan"))

    link = read(client.get("/en/missions/")).one("a", href="/en/missions/jordan/")

    assert (link.words, link.lang) == ("요르단", "ko")


def test_the_list_of_missions_costs_the_same_however_long(client):
    ReleaseFactory(mission=MissionFactory())
    few = queries_of(client, "/missions/")
    for _ in range(30):
        ReleaseFactory(mission=MissionFactory())

    assert len(queries_of(client, "/missions/")) == len(few) <= 5


# One mission


def test_a_mission_shows_its_own_public_releases_newest_first(client):
    iraq = MissionFactory(name_ko="이라크", slug="iraq")
    older, newer = ReleaseFactory.create_batch(2, mission=iraq)
    ReleaseFactory(mission=MissionFactory())
    ReleaseFactory(mission=None)

    page = read(client.get("/missions/iraq/"))

    assert page.one("h1").words == "이라크"
    assert page.one("title").words.startswith("이라크 –")
    entries = page.one("ol", class_="releases").all("article")
    assert [e.one("h2").words for e in entries] == [newer.title_ko, older.title_ko]


@pytest.mark.parametrize("state", NOT_PUBLIC)
@pytest.mark.parametrize(
    ("home", "words"),
    [
        ("/", "이 지부에서 게시한 보도자료가 아직 없습니다."),
        ("/en/", "This mission has not posted a release yet."),
    ],
)
def test_a_mission_shows_nothing_of_what_is_not_public(client, state, home, words):
    iraq = MissionFactory(slug="iraq")
    PressContactFactory(mission=iraq)
    ReleaseFactory(title_ko="비밀소식", mission=iraq, **NOT_PUBLIC[state])

    page = read(client.get(f"{home}missions/iraq/"))

    assert page.one("p", class_="empty").words == words
    assert "비밀소식" not in page.words


@pytest.mark.parametrize("address", ["", "feed/", "feed/atom/", "feed/json/"])
@pytest.mark.parametrize("state", NOT_PUBLIC)
def test_a_mission_of_which_nothing_is_public_is_not_there(client, state, address):
    ReleaseFactory(mission=MissionFactory(slug="iraq"), **NOT_PUBLIC[state])

    assert client.get(f"/missions/iraq/{address}").status_code == 404


def test_twenty_releases_of_a_mission_stand_on_a_page(client):
    iraq = MissionFactory(slug="iraq")
    releases = ReleaseFactory.create_batch(45, mission=iraq)

    pages = [read(client.get(f"/missions/iraq/?page={number}")) for number in (1, 2, 3)]

    shown = [[h.words for h in page.one("ol").all("h2")] for page in pages]
    assert [len(titles) for titles in shown] == [20, 20, 5]
    assert sum(shown, []) == [r.title_ko for r in reversed(releases)]
    assert pages[0].one("a", rel="next")["href"] == "?page=2"
    assert pages[1].one("title").words.split(" –")[0].endswith("(2)")


@pytest.mark.parametrize("number", ["abc", "0", "-1", "１", "99999999999", "2", ""])
def test_a_page_of_a_mission_that_does_not_exist_is_not_found(client, number):
    iraq = MissionFactory(slug="iraq")
    ReleaseFactory.create_batch(20, mission=iraq)

    assert client.get("/missions/iraq/", {"page": number}).status_code == 404


@pytest.mark.parametrize("slug", ["nowhere", "Iraq", "이라크", "iraq/x"])
def test_a_mission_that_does_not_exist_is_not_found(client, slug):
    MissionFactory(slug="iraq")

    assert client.get(f"/missions/{slug}/").status_code == 404


def test_a_mission_page_names_who_is_at_their_desk_by_name(client):
    iraq = MissionFactory(slug="iraq")
    PressContactFactory(name="Susan Megy", mission=iraq)
    PressContactFactory(name="Anne Schaefer", mission=iraq, left_on=FAR_AHEAD)
    PressContactFactory(name="Sandra Black", mission=iraq)
    PressContactFactory(name="Somebody Who Left", mission=iraq, left_on=LONG_AGO)
    PressContactFactory(name="Somebody Elsewhere", mission=MissionFactory())

    assert names_of(client, "/missions/iraq/") == ["Anne Schaefer", "Sandra Black", "Susan Megy"]


@pytest.mark.parametrize("left_on", [None, LONG_AGO])
def test_a_mission_without_anybody_to_call_has_no_heading_for_contacts(client, left_on):
    iraq = MissionFactory(slug="iraq")
    if left_on:
        PressContactFactory(mission=iraq, left_on=left_on)

    page = read(client.get("/missions/iraq/"))

    assert not page.all("address")
    assert not page.all("h2", id="contacts")


def test_a_mission_page_costs_the_same_however_much_it_shows(client):
    iraq = MissionFactory(slug="iraq")
    ReleaseFactory(mission=iraq)
    PressContactFactory(mission=iraq)
    few = queries_of(client, "/missions/iraq/")
    ReleaseFactory.create_batch(30, mission=iraq)
    PressContactFactory.create_batch(10, mission=iraq)

    assert len(queries_of(client, "/missions/iraq/")) == len(few) <= 5


# Press contacts


def test_press_contacts_stand_under_their_missions(client):
    iraq = MissionFactory(name_ko="이라크", name_en="Iraq")
    nepal = MissionFactory(name_ko="네팔", name_en="Nepal")
    for name, mission in [("B", iraq), ("A", iraq), ("C", nepal), ("D", None)]:
        PressContactFactory(name=name, mission=mission)

    korean, english = read(client.get("/contacts/")), read(client.get("/en/contacts/"))

    assert [h.words for h in korean.all("h2")] == ["네팔", "이라크", "그 밖의 연락처"]
    assert [h.words for h in english.all("h2")] == ["Iraq", "Nepal", "Other contacts"]
    assert names_of(client, "/en/contacts/") == ["A", "B", "C", "D"]


def test_those_who_have_left_and_missions_without_anybody_are_not_in_the_directory(client):
    PressContactFactory(name="Somebody Who Left", mission=MissionFactory(), left_on=LONG_AGO)
    PressContactFactory(name="Somebody Else Who Left", left_on=LONG_AGO)
    MissionFactory(name_ko="빈나라")

    page = read(client.get("/contacts/"))

    assert not page.all("h2")
    assert page.one("p", class_="empty").words == "아직 등록된 연락처가 없습니다."


@pytest.mark.parametrize(("days", "here"), [(-1, True), (0, True), (1, False)])
def test_somebody_is_at_their_desk_until_the_end_of_their_last_day(days, here):
    entry = PressContactFactory(left_on=LONG_AGO)
    day = LONG_AGO + timedelta(days=days)

    assert (entry in PressContact.objects.current(day)) == here
    assert entry.has_left(day) != here


def test_a_contact_is_a_card_with_links_to_dial_and_to_write(client):
    PressContactFactory(
        name="언론 담당",
        office="IOM 한국대표부",
        phone="02-555-0142",
        email="press+seoul@example.org",
    )

    card = read(client.get("/contacts/")).one("div", class_="h-card")

    assert (card.one("p", class_="p-name").words, card.one("p", class_="p-name").lang) == (
        "언론 담당",
        "ko",
    )
    assert card.one("p", class_="p-org").words == "IOM 한국대표부"
    assert card.one("a", class_="p-tel").words == "02-555-0142"
    assert card.one("a", class_="p-tel")["href"] == "tel:+8225550142"
    assert card.one("a", class_="u-email")["href"] == "mailto:press%2Bseoul@example.org"


def test_an_address_book_gets_those_at_their_desks_only(client):
    here = PressContactFactory(name="Here")
    left = PressContactFactory(left_on=LONG_AGO)

    assert "FN:Here" in client.get(f"/contacts/{here.pk}.vcf").content.decode()
    assert client.get(f"/contacts/{left.pk}.vcf").status_code == 404


def test_a_chain_of_successors_is_followed_once_round():
    first, second = PressContactFactory.create_batch(2)
    first.successor, second.successor = second, first
    PressContact.objects.bulk_update([first, second], ["successor"])

    assert list(first.successors()) == [second]


def test_the_directory_costs_the_same_however_long(client):
    PressContactFactory(mission=MissionFactory())
    few = queries_of(client, "/contacts/")
    for _ in range(20):
        PressContactFactory(mission=MissionFactory())

    assert len(queries_of(client, "/contacts/")) == len(few) <= 5


@pytest.mark.parametrize(
    ("written", "country", "link"),
    [
        ("+964 750 0166 072", "IQ", "tel:+9647500166072"),
        ("+202-27365140", "EG", "tel:+20227365140"),
        ("+202-27365140", "", "tel:+20227365140"),
        ("02-555-0142", "", "tel:+8225550142"),
        ("02-555-0142", "KR", "tel:+8225550142"),
        ("02-555-0142", "IQ", "tel:+96425550142"),
        ("010-1234-5678", "", "tel:+821012345678"),
        ("070 1234 5678", "", "tel:+827012345678"),
        ("+82-2-555-0142", "", "tel:+8225550142"),
        ("+82 (0)2 555 0142", "", "tel:+8225550142"),
        ("0750 016 6072", "IQ", "tel:+9647500166072"),
        ("ask at the desk", "", ""),
        ("", "", ""),
        ("12", "", ""),
        ("+999 123 456 789", "", ""),
        ("n/a", "", ""),
        ("<b>1</b>", "", ""),
        ("javascript:alert(1)", "", ""),
        ("1" * 60, "", ""),
        ("+964 750 0166 072 999 999 999", "IQ", ""),
        ("0750 016 6072", "ZZ", ""),
    ],
)
def test_a_phone_is_dialled_where_it_is_understood(written, country, link):
    assert dial_link(written, country) == link


# What the directory accepts, and how it finds a mission


@pytest.mark.parametrize("zone", ["Asia/Seoul", "Asia/Baghdad", "America/Mexico_City", "UTC"])
def test_a_mission_may_keep_any_time_of_the_world(zone):
    assert complaints(MissionFactory.build(time_zone=zone)) == {}


@pytest.mark.parametrize(
    "zone",
    [
        "Seoul",
        "Asia",
        "Asia/Pyeongchang",
        "../../etc/passwd",
        "/etc/passwd",
        "+09:00",
        "A\0",
        "x" * 64,
    ],
)
def test_a_time_zone_that_does_not_exist_is_refused_with_an_example(zone):
    mission = MissionFactory.build(time_zone=zone)

    assert complaints(mission) == {
        "time_zone": [f"“{zone}” is no time zone. Write it as Asia/Seoul."]
    }


@pytest.mark.parametrize("code", ["KR", "IQ", ""])
def test_a_country_is_two_capital_letters_or_none(code):
    assert complaints(MissionFactory.build(country_code=code)) == {}


@pytest.mark.parametrize("code", ["kr", "K", "K1", "한국", "KOR", "KR\n"])
def test_a_country_that_is_written_otherwise_is_refused(code):
    mission = MissionFactory.build(country_code=code)

    assert complaints(mission)["country_code"][0] == "Two capital letters, as KR."


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("멕시코", True),
        ("Mexico", True),
        ("México", True),
        ("MÉXICO", True),
        ("  Estados   Unidos Mexicanos ", True),
        ("Ｍｅｘｉｃｏ", True),
        ("\u1106\u1166\u11a8\u1109\u1175\u110f\u1169", True),  # 멕시코, decomposed
        ("Me\u0301xico", True),
        ("Mexic", False),
        ("New Mexico", False),
        ("", False),
    ],
)
def test_a_mission_is_found_by_either_name_or_an_alias_however_it_is_spelt(name, found):
    MissionFactory(name_ko="이라크", name_en="Iraq")
    mexico = MissionFactory(
        name_ko="멕시코", name_en="Mexico", aliases="México\n\nEstados Unidos Mexicanos\n"
    )

    assert Mission.objects.named(name) == (mexico if found else None)


def test_an_empty_alias_is_no_name():
    mission = MissionFactory(name_ko="", name_en="Iraq", aliases=" \n\nEl Irak\n")

    assert mission.names == ["Iraq", "El Irak"]


@pytest.mark.parametrize(
    ("name", "taken", "slug"),
    [
        ("Iraq", [], "iraq"),
        ("Iraq", ["iraq"], "iraq-2"),
        ("Iraq", ["iraq", "iraq-2"], "iraq-3"),
        ("Iraq", ["iraq", "iraq-3"], "iraq-2"),
        ("Iraq", ["iraq-2"], "iraq"),
        ("México", [], "mexico"),
        ("이라크", [], "mission"),
        ("이라크", ["mission"], "mission-2"),
        ("x" * 200, [], "x" * 90),
        ("x" * 200, ["x" * 90], "x" * 90 + "-2"),
    ],
)
def test_a_new_mission_gets_an_address_that_is_free(name, taken, slug):
    for address in taken:
        MissionFactory(slug=address)

    assert Mission.free_slug(name) == slug


# The time at an office


@pytest.mark.parametrize(
    ("code", "zone", "korean", "english"),
    [
        ("IQ", "Asia/Baghdad", "바그다드", "Baghdad"),
        ("NP", "Asia/Kathmandu", "카트만두", "Kathmandu"),
        ("AR", "America/Argentina/Buenos_Aires", "부에노스 아이레스", "Buenos Aires"),
        # A zone that goes by another city than the seat of government.
        ("CH", "Europe/Zurich", "지부", "Mission"),
        ("VN", "Asia/Ho_Chi_Minh", "지부", "Mission"),
        # A city of another country, or of none.
        ("LI", "Europe/Berlin", "지부", "Mission"),
        ("", "Europe/Paris", "지부", "Mission"),
        ("US", "America/Los_Angeles", "지부", "Mission"),
    ],
)
def test_the_time_at_an_office_is_named_by_the_seat_of_government_or_the_mission(
    client, code, zone, korean, english
):
    mission = MissionFactory(name_ko="지부", name_en="Mission", country_code=code, time_zone=zone)
    PressContactFactory(mission=mission)

    for address, place in (("/contacts/", korean), ("/en/contacts/", english)):
        shown = read(client.get(address)).one("p", class_="office-time")
        assert shown.words.startswith(f"{place} UTC")
        assert place in shown["data-words"]
        assert shown["data-zone"] == zone


@pytest.mark.parametrize("country", COUNTRIES, ids=lambda country: country.code)
def test_a_seat_of_government_is_named_in_both_languages_or_in_neither(country):
    korean, english = (
        seat_of_government(country.code, country.time_zone, lang) for lang in ("ko", "en")
    )

    assert bool(korean) == bool(english) == (country.time_zone not in ANOTHER_CITY)
    assert not korean or language_of(korean) == "ko"


# What is written in the directory


@pytest.mark.parametrize(
    "written", ["홍길동\u202eabc", "홍\u200b길동abc", unicodedata.normalize("NFD", "홍길동abc")]
)
def test_names_pass_the_gate_of_all_words(written):
    contact = PressContactFactory(name=written, office=written)
    mission = MissionFactory(name_ko=written, aliases=f"{written}\r\n{written}")

    contact.refresh_from_db()
    mission.refresh_from_db()
    assert (contact.name, contact.office, mission.name_ko) == ("홍길동abc",) * 3
    assert mission.aliases == "홍길동abc\n홍길동abc"


def test_a_summary_and_a_reason_are_read_in_one_form_of_hangul(client):
    decomposed = unicodedata.normalize("NFD", "요약에만있는말")
    release = ReleaseFactory(summary_ko=decomposed, withdrawal_reason_ko=decomposed)

    release.refresh_from_db()
    assert release.withdrawal_reason_ko == "요약에만있는말"
    for query in ("요약에만있는말", decomposed):
        assertContains(client.get("/", {"q": query}), release.title_ko)
