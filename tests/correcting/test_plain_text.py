"""A corrected release goes out as text with its notes, and comes back in without loss."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contacts.models import Mission
from contacts.text import clean_text
from releases.intake.pasted import read_pasted
from releases.models import Correction, Release, ReleaseContact
from releases.plain_text import write_release
from tests.corrected import correct
from tests.factories import NINE, ReleaseFactory

NOTES = [
    "문의: 언론 담당, Tel. +82 2 555 0101, Email: desk@example.org",
    "첫 줄\n\n둘째 줄",
    "(2014/9/9) another headline",
    "Views – 3",
    "Posted on Tue, Sep-09-2014",
    "Corrected 2014-09-09 09:00: before",
]


def written(notes: list[str], contacts: int, lines: list[str]) -> str:
    release = Release(
        title_ko="구호품 도착",
        body_en="".join(f"<p>{line}</p>" for line in lines),
        release_date=date(2014, 9, 9),
        publish_at=NINE,
        mission=Mission(name_en="Iraq"),
    )
    release.contact_block = [
        ReleaseContact(release=release, position=n, name=f"Press desk {n}", phone="02-555-0101")
        for n in range(contacts)
    ]
    release.public_corrections = [Correction(at=NINE, note_ko=note) for note in notes]
    return write_release(release)


@settings(max_examples=80)
@given(
    notes=st.lists(
        st.one_of(st.sampled_from(NOTES), st.text(min_size=1).map(clean_text).filter(str.strip)),
        min_size=1,
        max_size=3,
    ),
    contacts=st.integers(0, 2),
)
def test_the_notes_stand_below_the_posted_line_and_are_no_part_of_the_release(notes, contacts):
    lines = ["Help came.", "정정 2014-09-09 09:00: a line of the text"]
    text = written(notes, contacts, lines)

    (read,) = read_pasted(text).releases

    found = [line for line in text.split("\n") if line.startswith("정정 ")][1:]
    assert [line.split(": ", 1)[1] for line in found] == [" ".join(n.split()) for n in notes]
    assert found[0].startswith("정정 2014-09-09 09:00: ")
    assert (read,) == tuple(read_pasted(written([], contacts, lines)).releases)
    assert read.paragraphs == tuple(lines)


@pytest.mark.django_db
def test_the_address_of_the_text_gives_the_notes_in_the_readers_language(client):
    release = ReleaseFactory()
    correct(release, "숫자를 바로잡았습니다.", "The number is mended.")

    korean = client.get(f"/releases/{release.pk}/{release.slug}.txt").content.decode()
    english = client.get(f"/en/releases/{release.pk}/{release.slug}.txt").content.decode()

    assert "정정 " in korean
    assert ": 숫자를 바로잡았습니다.\n" in korean
    assert "Corrected 20" in english
    assert ": The number is mended.\n" in english
