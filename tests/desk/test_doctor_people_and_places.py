"""The release doctor on contacts, pictures and the place that opens a text."""

from dataclasses import replace

import pytest

from releases.doctor import Level
from releases.doctor.sheet import Contact, Picture

from .sheets import SOUND, findings

DESK = SOUND["contacts"][0]


def levels(found):
    return [(finding.level, finding.field) for finding in found]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, []),
        ({"phone": "", "email": ""}, [(Level.WARNING, "contacts-0-phone")]),
        ({"phone": ""}, [(Level.NOTE, "contacts-0-phone")]),
        ({"email": ""}, [(Level.NOTE, "contacts-0-email")]),
        ({"name": " "}, [(Level.ERROR, "contacts-0-name")]),
        ({"phone": "12"}, [(Level.WARNING, "contacts-0-phone")]),
        ({"phone": "call us"}, [(Level.WARNING, "contacts-0-phone")]),
        ({"phone": "02-555-0101"}, []),
        ({"phone": "+964 750 0166 072 555 0101"}, [(Level.WARNING, "contacts-0-phone")]),
        ({"phone": "+964 750 0166 072"}, []),
        ({"email": "desk at example.org"}, [(Level.ERROR, "contacts-0-email")]),
        ({"email": "desk@example"}, [(Level.ERROR, "contacts-0-email")]),
        ({"has_left": True, "successor": "New desk"}, [(Level.NOTE, "contacts-0-contact")]),
        ({"has_left": True}, [(Level.WARNING, "contacts-0-contact")]),
        (
            {"has_left": True, "phone": "", "email": ""},
            [(Level.WARNING, "contacts-0-contact")],
        ),
    ],
)
def test_a_journalist_can_reach_somebody(change, expected):
    assert levels(findings(contacts=(replace(DESK, **change),))) == expected


def test_a_release_without_any_contact_is_asked_about():
    assert levels(findings(contacts=())) == [(Level.WARNING, "contacts")]


def test_a_finding_names_the_row_and_who_stands_in_it():
    [finding] = findings(contacts=(DESK, Contact("Night desk", email="night@example.org")))

    assert finding.field == "contacts-1-phone"
    assert finding.where == "Contact block, row 2: “Night desk”"


@pytest.mark.parametrize(
    ("picture", "expected"),
    [
        (Picture("천막", "A tent"), []),
        (Picture(), [(Level.ERROR, "pictures-0-alt_ko")]),
        (Picture(" ", " "), [(Level.ERROR, "pictures-0-alt_ko")]),
        (Picture("천막"), [(Level.NOTE, "pictures-0-alt_en")]),
        (Picture("", "A tent"), [(Level.NOTE, "pictures-0-alt_ko")]),
        (Picture(is_decorative=True), []),
    ],
)
def test_a_picture_is_described_unless_it_only_decorates(picture, expected):
    assert levels(findings(pictures=(picture,))) == expected


def test_a_description_is_only_missed_in_a_language_of_the_release():
    korean = {"title_en": "", "body_en": ""}

    fields = [f.field for f in findings(pictures=(Picture("천막"),), **korean)]

    assert fields == ["body_en", "title_en"]


IRAQ = {"mission_names": ("이라크", "Iraq"), "missions": frozenset({"이라크", "iraq", "global"})}


@pytest.mark.parametrize(
    ("opening", "values", "expected"),
    [
        ("Relief has arrived.", IRAQ, []),
        ("Iraq - Relief has arrived.", IRAQ, [(Level.WARNING, "it shows twice")]),
        ("이라크 – 구호품이 왔다.", IRAQ, [(Level.WARNING, "it shows twice")]),
        ("Jordan - Relief has arrived.", IRAQ, [(Level.WARNING, "both are printed")]),
        ("Global - Relief has arrived.", IRAQ, [(Level.WARNING, "both are printed")]),
        ("Erbil - Relief has arrived.", IRAQ, [(Level.NOTE, "looks like a place")]),
        (
            "Erbil - Relief has arrived.",
            IRAQ | {"datelines": {"en": "Erbil", "ko": "이라크"}},
            [(Level.WARNING, "it shows twice"), (Level.NOTE, "No mission and no country")],
        ),
        ("Jordan - Relief has arrived.", {}, [(Level.WARNING, "no mission is chosen")]),
        ("Amman, Jordan - Relief has arrived.", {}, [(Level.WARNING, "no mission is chosen")]),
        ("Jordania - Relief has arrived.", {}, [(Level.WARNING, "No mission and no country")]),
        ("Women and Men of Every Age in Town - They came.", {}, []),
        ("Well-known people came.", {}, []),
        ("Relief - which came by road - is here.", {}, []),
    ],
)
def test_the_place_is_printed_from_the_mission_and_known(opening, values, expected):
    found = findings(body_en=f"<p>{opening}</p>", **values)

    assert [f.level for f in found] == [level for level, _why in expected]
    assert all(why in f.why for f, (_level, why) in zip(found, expected, strict=True))


@pytest.mark.parametrize(
    ("place", "mission", "expected"),
    [
        ("Jordan", {}, []),
        ("Amman, Jordan", {}, []),
        ("Global", IRAQ, []),
        ("Ebril", IRAQ, [(Level.NOTE, "dateline_en")]),
        ("Jodran", {}, [(Level.WARNING, "dateline_en")]),
    ],
)
def test_a_dateline_of_an_unknown_name_is_asked_about(place, mission, expected):
    assert levels(findings(datelines={"en": place}, **mission)) == expected
