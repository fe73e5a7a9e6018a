"""A few words in a contact block: a person, a desk, an office, or running text."""

import pytest

from releases.intake.names import (
    looks_like_office,
    looks_like_person,
    people_of,
    reads_as_text,
)


@pytest.mark.parametrize(
    "name",
    [
        "Name One",
        "M. Name",
        "Ána O’Name-Two",
        "Name de la Other",
        "Name bin Other",
        "이름",
        "남궁이름",
    ],
)
def test_a_name_has_the_shape_of_a_person(name):
    assert looks_like_person(name)
    assert not looks_like_office(name)


@pytest.mark.parametrize(
    "name",
    ["Press Desk", "IOM Northtown", "Programme Coordinator", "Embassy of Exampleland", "홍보 담당",
     "홍보팀", "대외협력실", "한국대표부", "국제이주기구"],
)  # fmt: skip
def test_a_desk_or_an_office_is_no_person(name):
    assert looks_like_office(name)
    assert not looks_like_person(name)


@pytest.mark.parametrize("words", ["Name", "name one", "Name one", "이름 하나둘셋", "12 Name"])
def test_other_words_are_neither(words):
    assert not looks_like_person(words)
    assert not looks_like_office(words)


@pytest.mark.parametrize(
    ("words", "people"),
    [
        ("Name One", [("Name One", "")]),
        ("Name One, IOM Northtown", [("Name One", "IOM Northtown")]),
        ("Name One (IOM Northtown)", [("Name One", "IOM Northtown")]),
        ("Name One of IOM Northtown", [("Name One", "IOM Northtown")]),
        ("Name One | IOM Northtown", [("Name One", "IOM Northtown")]),
        ("IOM Northtown, Name One", [("Name One", "IOM Northtown")]),
        ("Name One, Press Officer, IOM Northtown", [("Name One", "Press Officer, IOM Northtown")]),
        ("Name One and Name Two, IOM Northtown",
         [("Name One", "IOM Northtown"), ("Name Two", "IOM Northtown")]),
        ("Name One, Name Two", [("Name One", ""), ("Name Two", "")]),
        ("이름하나·이름두이", [("이름하나", ""), ("이름두이", "")]),
        # Both are offices, or what stands beside the office is no name.
        ("Press Desk, IOM Northtown", [("Press Desk, IOM Northtown", "")]),
        ("IOM Northtown, second floor", [("IOM Northtown, second floor", "")]),
        ("Name One and the others", [("Name One and the others", "")]),
    ],
)  # fmt: skip
def test_a_line_names_its_people_with_the_office_beside_them(words, people):
    assert people_of(words) == people


@pytest.mark.parametrize(
    "words",
    [
        "We are open today.",
        "in Geneva or Tripoli",
        "Our Office closed. It Opens Soon",
        "문의 바랍니다",
        "오전에 전화하세요",
        "W" * 91,
    ],
)
def test_a_sentence_or_a_part_of_one_is_text(words):
    assert reads_as_text(words)


@pytest.mark.parametrize(
    "words",
    [
        "Name One Jr.",
        "Ask Dr. Name who is here",
        "Example Trading Ltd.",
        "de la Name One Two",
        "in Geneva",
        "합니다",
        "Dept. of Press",
        "IOM Regional Office for Central America, North America and the Caribbean",
        "W" * 90,
    ],
)
def test_a_name_or_an_office_is_no_text(words):
    assert not reads_as_text(words)
