"""What the newsroom writes as plain text it reads back as the same release."""

from dataclasses import astuple
from datetime import date, timedelta

import pytest
from django.db import transaction
from django.utils import timezone, translation
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from contacts.bilingual import language_of
from contacts.models import Mission
from contacts.text import clean_line, clean_text
from releases.fields import clean_html
from releases.intake.incoming import IncomingContact, IncomingRelease
from releases.intake.layout import USUAL_HEADING, fold, reads_as_frame
from releases.intake.pasted import Pasted, read_pasted
from releases.intake.saving import Importer
from releases.models import Release, ReleaseContact
from releases.plain_text import write_release
from releases.prose import to_html, to_paragraphs
from tests.factories import NINE, ReleaseFactory

# A database is asked for every example, so each is undone instead of starting a test anew.
EXAMPLES = settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)

KOREAN = "이주민난민들에게구호물자를전달했다한국대표부지원사업"
ENGLISH = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
MARKS = "0123456789.,;:!?()[]'\"“”‘’–—-/&<>#%*@·…é"

# What a text may hold that looks like the frame around it.
DECOYS = st.sampled_from(
    [
        "Views – 3",
        "조회수 12",
        "Posted on Tue, Sep-09-2014",
        "Posted on Tue, Feb-30-2014",
        "For more information, please contact",
        "문의:",
        "최신보도자료 모음 돌아가기",
        "(2014/9/9) another headline",
        "(2014/13/40) no date",
        "Iraq - opens like a dateline",
        "이라크 — 발신지처럼 시작한다",
        "Tel. +82 2 555 0101",
        "Email: desk@example.org",
        "www.example.org/a?b=1&c=2 is an address",
        "a < b & c > d, <p>not markup</p>",
        "\u2060a mark of ours",
    ]
)


def words(letters: str, most: int) -> st.SearchStrategy[str]:
    """Up to `most` words of `letters` and marks, as they stand once they are folded."""
    word = st.text(letters + MARKS, min_size=1, max_size=9)
    return st.lists(word, min_size=1, max_size=most).map(" ".join).map(clean_line).filter(bool)


def paragraphs_of(letters: str) -> st.SearchStrategy[tuple[str, ...]]:
    line = st.one_of(words(letters, 12), DECOYS)
    paragraph = st.lists(line, min_size=1, max_size=3).map("\n".join)
    return st.lists(paragraph, min_size=1, max_size=5).map(tuple)


names = st.text(ENGLISH + KOREAN + " -'", min_size=1, max_size=30).map(clean_line).filter(bool)
phones = st.sampled_from(
    ["", "+964 750 0166 000", "02-555-0101", "044)203-0000", "+ 41 22 555 01 01"]
)
emails = st.sampled_from(["", "desk@example.org", "o'neil+press@sub.example.org"])
contacts = st.builds(
    IncomingContact,
    name=st.one_of(names, st.sampled_from(["Press desk", "IOM Erbil", "Posted on", "언론 담당"])),
    office=st.one_of(st.just(""), names, st.sampled_from(["IOM Erbil", "Geneva", "한국대표부"])),
    phone=phones,
    email=emails,
)
days = st.dates(date(1990, 1, 1), date(2060, 12, 31))


@st.composite
def incoming_releases(draw) -> IncomingRelease:
    """A release in Korean, in English, or with a Korean headline over an English text."""
    title = draw(words(draw(st.sampled_from([KOREAN, ENGLISH])), 8))
    paragraphs = draw(paragraphs_of(draw(st.sampled_from([KOREAN, ENGLISH]))))
    lang = language_of("\n".join(paragraphs))
    block = tuple(draw(st.lists(contacts, max_size=4)))
    headings = [USUAL_HEADING[lang], "For further information please contact", "Media contacts"]
    heading = draw(st.sampled_from(headings)) if block else ""
    return IncomingRelease(
        title=title,
        release_date=draw(days),
        place=draw(st.sampled_from(["", "Iraq", "이라크", "Nairobi, Kenya"])),
        paragraphs=paragraphs,
        contact_heading="" if heading == USUAL_HEADING[lang] else heading,
        contacts=block,
        posted_on=draw(days),
        views=draw(st.integers(0, 10**9)),
    )


@pytest.mark.django_db
@EXAMPLES
@given(incoming=incoming_releases())
def test_a_release_that_came_in_as_text_goes_out_as_the_same_text(incoming):
    with transaction.atomic():
        Mission.objects.create(name_ko="이라크", name_en="Iraq", slug="iraq")
        Mission.objects.create(name_ko="케냐", name_en="Kenya", slug="kenya")
        saved = Importer().save(incoming)
        text = write_release(Release.objects.get(pk=saved.release.pk))
        transaction.set_rollback(True)

    assert read_pasted(text).releases == [incoming]


@pytest.mark.django_db
@EXAMPLES
@given(
    titles=st.tuples(words(KOREAN, 8), words(ENGLISH, 8)),
    bodies=st.tuples(paragraphs_of(KOREAN), paragraphs_of(ENGLISH)),
    block=st.lists(contacts, max_size=3),
)
def test_each_language_of_a_release_reads_back_as_that_language(titles, bodies, block):
    with transaction.atomic():
        mission = Mission.objects.create(name_ko="이라크", name_en="Iraq", slug="iraq")
        release = ReleaseFactory(
            mission=mission,
            title_ko=titles[0],
            title_en=titles[1],
            body_ko=to_html(list(bodies[0])),
            body_en=to_html(list(bodies[1])),
        )
        ReleaseContact.objects.bulk_create(
            ReleaseContact(
                release=release,
                position=n,
                name=c.name,
                office=c.office,
                phone=c.phone,
                email=c.email,
            )
            for n, c in enumerate(block)
        )
        release = Release.objects.get(pk=release.pk)
        texts = {}
        for lang in ("ko", "en"):
            with translation.override(lang):
                texts[lang] = write_release(release)
        transaction.set_rollback(True)

    for lang, title, body, place in zip(
        ("ko", "en"), titles, bodies, ("이라크", "Iraq"), strict=True
    ):
        (read,) = read_pasted(texts[lang]).releases
        assert (read.title, read.place, read.paragraphs) == (title, place, body)
        assert read.contacts == tuple(block)
        assert read.posted_on == timezone.localdate(NINE)


@settings(max_examples=300, deadline=None)
@given(text=st.text(max_size=400))
def test_cleaning_twice_changes_nothing_more(text):
    assert clean_line(clean_line(text)) == clean_line(text)
    assert clean_html(clean_html(text)) == clean_html(text)
    assert fold(fold(text)) == fold(text)


@settings(max_examples=300, deadline=None)
@given(paragraphs=st.one_of(paragraphs_of(KOREAN), paragraphs_of(ENGLISH)))
def test_paragraphs_come_back_out_of_their_html(paragraphs):
    assert to_paragraphs(clean_html(to_html(list(paragraphs)))) == list(paragraphs)


def told(pasted: Pasted) -> str:
    """All that was read of a text, refusals included, as one line without spaces."""
    parts = [line.text for line in pasted.strays]
    for release in pasted.releases:
        parts.append(release.title)
        if isinstance(release, IncomingRelease):
            parts += [release.place, release.dash, *release.paragraphs, release.contact_heading]
            parts += [part for contact in release.contacts for part in astuple(contact)]
    return "".join("".join(parts).split())


HEADING = "For more information, please contact"

# Words that only say what follows, or join one contact to the next.
LABELS_AND_JOINTS = {"tel.", "or", "and", "및", "또는"}

FRAME = st.sampled_from(
    ["", "", "", "For more information, please contact", "IOM Erbil", "Tel. 02-555-0101",
     "d@example.org", "Posted on Tue, Sep-09-2014", "최신보도자료 모음 돌아가기", "Views – 3"]
)  # fmt: skip
PLAIN_WORDS = st.lists(
    st.text(KOREAN + ENGLISH, min_size=2, max_size=9), min_size=1, max_size=9
).map(" ".join)


@settings(max_examples=300, deadline=None)
@example(lines=[HEADING, "IOM Erbil", "", HEADING, "AA"])
@example(lines=[HEADING, HEADING, "Tel. 02-555-0101", HEADING, "AA"])
@given(lines=st.lists(st.one_of(FRAME, PLAIN_WORDS), max_size=25))
def test_no_word_is_lost_wherever_it_stands(lines):
    found = told(read_pasted("\n".join(["(2014/9/9) headline", *lines])))

    for line in lines:
        if reads_as_frame(line):
            continue
        for word in line.split():
            assert word in found or word.casefold() in LABELS_AND_JOINTS, word


@settings(max_examples=300, deadline=None)
@given(text=st.one_of(st.text(max_size=400), st.lists(DECOYS).map("\n".join)))
def test_any_text_can_be_read(text):
    pasted = read_pasted(text)

    assert bool(pasted.releases or pasted.strays) == bool(fold(clean_text(text)))


@settings(max_examples=100, deadline=None)
@given(views=st.integers(0, 10**9), days_later=st.integers(0, 400))
def test_numbers_and_days_are_read_as_written(views, days_later):
    day = date(2014, 9, 9) + timedelta(days=days_later)
    text = f"(2014/9/9) headline\n\nText.\n\nPosted on {day:%a, %b-%d-%Y}\n\nViews – {views:,}"

    (read,) = read_pasted(text).releases

    assert (read.posted_on, read.views, read.remarks) == (day, views, read.remarks)
