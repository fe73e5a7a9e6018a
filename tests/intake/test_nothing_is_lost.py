"""Odd words where nobody expects them: in a contact block that comes in, and typed at the desk."""

import re
from dataclasses import asdict
from datetime import date

from hypothesis import example, given, settings
from hypothesis import strategies as st

from contacts.models import Mission
from contacts.text import clean_line
from releases.fields import clean_html
from releases.intake.incoming import IncomingContact, IncomingRelease
from releases.intake.layout import reads_as_frame
from releases.intake.pasted import read_pasted
from releases.models import Release, ReleaseContact
from releases.plain_text import write_release
from releases.prose import to_html
from tests.factories import NINE

from .test_round_trip import DECOYS, ENGLISH, KOREAN, PLAIN_WORDS, names, paragraphs_of, told, words

ODD_LINES = st.sampled_from(
    [
        "", "", "", "For more information, please contact", "문의: 홍보 담당", "담당자: 이름",
        "IOM Erbil", "Press Desk", "Name One", "Name One, IOM Libya", "Name One and Name Two",
        "국제이주기구 한국대표부", "M. Dupont", "Tel. 02-555-0101", "Tel: +41 22 717 9361, 22",
        "Tel", "전화 02-123-4567", "Tel. n/a", "Name (02-123-4567)", "12 34 56 78",
        "Fax: 02-555-0103", "d@example.org", "Email:", "Email: a@b.org, c@d.org",
        "Name One <x@y.org>", "www.b.org", "x@y.org로 문의 바랍니다", "Posted on Tue",
        "We write a sentence here that ends.",
        "Posted on Tue, Sep-09-2014", "최신보도자료 모음 돌아가기", "Views – 3", "Views – 1.2k",
        "(2014/9) x", "\u2060Marked", "\u2060Views – 3",
    ]
)  # fmt: skip
# Words that only say what follows, or join one contact to the next.
LABELS_AND_JOINTS = {"tel", "email", "전화", "담당자", "문의", "and", "로"}

ODD_NAMES = st.sampled_from(
    [
        "연락처", "문의:", "(2014/9/9) a headline", "Views – 3", "Tel.", "Tel. n/a", "a@b.org",
        "Contact: Name", "Name One and Name Two", "IOM Libya, Name", "www.b.org", "\u2060a mark",
        "For more information, please contact", "A sentence that is really one.", "N" * 150,
        "최신보도자료 모음 돌아가기", "Posted on Tue, Feb-30-2014", "Name:", "담당: 이름", "Email:",
    ]
)  # fmt: skip
ODD_ROWS = st.builds(
    IncomingContact,
    name=st.one_of(names, ODD_NAMES),
    office=st.one_of(st.just(""), names, ODD_NAMES),
    phone=st.sampled_from(["", "n/a", "02-1 / 02-2", "Tel. 3", "1-877-CIS-4MIL", "a@b.org"]),
    email=st.sampled_from(["", "desk@example.org", "no address", "한글@예시.한국"]),
)
ODD_PLACES = st.sampled_from(["", "나라 1", "a - b", "eSwatini", "왈리스-푸투나 제도", "Views – 3"])


@settings(max_examples=200, deadline=None)
@example(lines=["문의: 홍보 담당", "www.b.org", "", "IOM Erbil", "02-555-0101"])
@given(lines=st.lists(st.one_of(ODD_LINES, PLAIN_WORDS), max_size=25))
def test_every_word_is_somewhere_in_what_was_read(lines):
    pasted = read_pasted("\n".join(["(2014/9/9) headline", *lines]))

    assert all(isinstance(release, IncomingRelease) for release in pasted.releases)
    found = told(pasted)
    for line in lines:
        # Of the frame's lines only a heading may carry more: a name behind its colon.
        if reads_as_frame(line) and ":" not in line and not line.startswith("\u2060"):
            continue
        for word in re.findall(r"\w+", line):
            assert word in found or word.casefold() in LABELS_AND_JOINTS, word


@settings(max_examples=100, deadline=None)
@given(
    title=st.one_of(words(KOREAN, 4), DECOYS.map(clean_line)),
    paragraphs=paragraphs_of(ENGLISH),
    place=ODD_PLACES,
    heading=st.one_of(ODD_NAMES, st.sampled_from(["", "Media contacts", "■ 문의"])),
    block=st.lists(ODD_ROWS, max_size=3),
)
def test_whatever_the_desk_has_typed_reads_back(title, paragraphs, place, heading, block):
    release = Release(
        title_ko=title,
        body_en=clean_html(to_html(list(paragraphs))),
        release_date=date(2014, 9, 9),
        publish_at=NINE,
        contact_heading=heading,
        mission=Mission(name_en=place) if place else None,
    )
    release.contact_block = [ReleaseContact(release=release, **asdict(row)) for row in block]

    (read,) = read_pasted(write_release(release)).releases

    assert (read.title, read.place, read.paragraphs) == (title, place, paragraphs)
    assert read.contacts == tuple(block)
