"""A text in the old site's layout -> releases: nothing in it is lost, and what is odd is said."""

import time
from datetime import date

import pytest
from django.utils import translation

from releases.intake.incoming import IncomingContact, RefusedRelease
from releases.intake.layout import PLAIN
from releases.intake.pasted import read_pasted

from .texts import A_RELEASE, VARIANTS, messages, read_one


@pytest.fixture(autouse=True)
def _remarks_in_english():
    with translation.override("en"):
        yield


def remarks(text: str) -> list[tuple[int, str]]:
    return messages(read_one(text))


# The whole of a file with every variant


@pytest.fixture(scope="module")
def variants():
    text = VARIANTS.read_text(encoding="utf-8")
    assert not text.endswith("\n")
    pasted = read_pasted(text)
    assert pasted.strays == []
    return pasted.releases


def test_each_release_of_a_file_is_found(variants):
    assert [(release.line, release.release_date, release.title) for release in variants] == [
        (1, date(2014, 9, 9), "사무소, 북부 지역에 겨울 물품 전달"),
        (30, date(2014, 9, 9), "거리 청소로 일당을 받은 주민들"),
        (52, date(2014, 9, 5), "이주 실무자 교육, 남부에서 열려"),
        (71, date(2014, 9, 5), "항구 도시의 대피소 상황"),
        (86, date(2014, 9, 4), "회의가 끝난 뒤의 공동 성명"),
        (99, date(2014, 9, 3), "한국대표부, 새 안내서 펴내"),
        (114, date(2014, 9, 2), "A headline in English alone"),
        (128, date(2014, 9, 1), "짧은 소식"),
    ]


def test_each_release_of_a_file_has_its_place(variants):
    assert [release.place for release in variants] == [
        "Iraq",
        "Central African Republic",
        "México",
        "Libya",
        "Nairobi, Kenya",
        "대한민국",
        "Geneva",
        "",
    ]


def test_each_release_of_a_file_has_the_day_it_was_posted_and_its_views(variants):
    assert [(release.posted_on, release.views) for release in variants] == [
        (date(2014, 9, 9), 234),
        (None, 234),
        (date(2014, 9, 9), 1199),
        (date(2014, 9, 5), 71),
        (date(2014, 9, 4), 0),
        (date(2014, 9, 3), 1204377),
        (date(2014, 9, 2), 12),
        (None, None),
    ]


def test_each_release_of_a_file_has_its_contacts(variants):
    assert [release.contacts for release in variants] == [
        (
            IncomingContact("Name One", "IOM Northtown", "+964 750 0000 001", "one@example.org"),
            IncomingContact("Name Two", "IOM Northtown", "+964 750 0000 001", "two@example.org"),
        ),
        (
            IncomingContact("Name Three", "", "+236 7000 0003", "three@example.org"),
            IncomingContact("Name Four", "", "+236 7000 0004", "four@example.org"),
        ),
        (IncomingContact("Name Five", "IOM México", "+52 55 0000 0005", "five@example.org"),),
        (IncomingContact("Name Six", "IOM Libya", "", "six@example.org"),),
        (
            IncomingContact("Name Seven", "", "+41 22 000 0008", ""),
            IncomingContact("Name Eight", "", "+41 22 000 0008", ""),
        ),
        (
            IncomingContact(
                "홍보 담당", "국제이주기구 한국대표부", "02-000-0009", "desk@example.org"
            ),
        ),
        (IncomingContact("Press Desk"),),
        (),
    ]


def test_only_an_unusual_heading_of_contacts_is_kept(variants):
    assert [release.contact_heading for release in variants] == [
        "For more information please contact",
        "For more information please contact",
        "",
        "",
        "For further information, contact",
        "",
        "Press enquiries",
        "",
    ]


def test_the_text_of_a_release_keeps_its_paragraphs_and_no_frame(variants):
    assert variants[0].paragraphs == (
        "The office delivered winter kits to two towns in the north this week.",
        "A convoy of nine lorries left the depot on Sunday. "
        "It carried blankets, stoves and water tanks.",
        "“The roads were dry and the drivers were quick,” said the head of the depot.",
        "For more information on the kits, please go to www.example.org",
    )
    assert variants[2].paragraphs[1].startswith("Open Doors” is")
    assert variants[7].paragraphs == ("The office was closed for a day; nothing else is known.",)


def test_what_is_odd_in_a_file_is_said_with_its_line():
    with translation.override("en"):
        releases = read_pasted(VARIANTS.read_text(encoding="utf-8")).releases

    assert [remark for release in releases for remark in messages(release)] == [
        (30, "no “Posted on” line; the headline’s date is taken as posted."),
        (56, "quotation marks “” do not pair; kept as issued."),
        (65, "posted on another day than the headline’s date; both are kept."),
        (75, "a link seems to have lost its address; its words are kept."),
        (93, "read as a second person who shares the details below."),
        (120, "a contact without phone or email."),
        (128, "no “Posted on” line; the headline’s date is taken as posted."),
        (130, "no place opens the text."),
    ]


# Datelines


@pytest.mark.parametrize("dash", [" - ", " – ", " — ", "- ", " -", "–", " ― "])
def test_any_dash_parts_the_place_from_the_text(dash):
    release = read_one(f"(2014/9/9) 소식\n\nIraq{dash}The office reports.")

    assert (release.place, release.paragraphs) == ("Iraq", ("The office reports.",))
    assert release.dash == dash


@pytest.mark.parametrize(
    "place",
    [
        "Bosnia and Herzegovina",
        "Côte d’Ivoire",
        "Port-au-Prince, Haiti",
        "St. Vincent and the Grenadines",
        "Timor-Leste",
        "U.S. Virgin Islands",
        "Tunis/Tripoli",
        "제네바",
        "대한민국 서울",
    ],
)
def test_a_place_may_have_many_shapes(place):
    assert read_one(f"(2014/9/9) 소식\n\n{place} - The office reports.").place == place


@pytest.mark.parametrize(
    "text",
    [
        "The office – which opened in May – reports.",
        "the office - it reports",
        "12 offices - and one more",
        f"{'Place' * 25} - The office reports.",
    ],
)
def test_a_dash_within_the_text_opens_no_place(text):
    release = read_one(f"(2014/9/9) 소식\n\n{text}")

    assert (release.place, release.paragraphs) == ("", (text,))
    assert (3, "no place opens the text.") in messages(release)


def test_only_the_first_paragraph_opens_with_a_place():
    release = read_one("(2014/9/9) 소식\n\nIraq - The office reports.\n\nLibya - So does this one.")

    assert release.paragraphs == ("The office reports.", "Libya - So does this one.")


# Between releases


def test_a_release_follows_the_last_without_a_blank_line():
    text = A_RELEASE.strip() + "\n(2014/9/5) 다음 소식\nLibya - The office reports.\n"

    assert [release.title for release in read_pasted(text).releases] == [
        "사무소, 겨울 물품 전달",
        "다음 소식",
    ]


def test_a_release_follows_right_behind_a_posted_line():
    text = "(2014/9/9) 소식\n\nIraq - Text.\n\nPosted on Tue, Sep-09-2014\n(2014/9/5) 다음 소식"

    assert [release.line for release in read_pasted(text).releases] == [1, 6]


def test_a_date_in_brackets_amid_a_paragraph_opens_no_release():
    release = read_one("(2014/9/9) 소식\n\nIraq - The office wrote\n(2014/9/1) that it was well.")

    assert release.paragraphs == ("The office wrote\n(2014/9/1) that it was well.",)


def test_text_above_the_first_headline_is_handed_back():
    pasted = read_pasted(f"Dear colleagues,\n\nplease post this.\n\n{A_RELEASE}")

    assert [(line.number, line.text) for line in pasted.strays] == [
        (1, "Dear colleagues,"),
        (3, "please post this."),
    ]
    assert len(pasted.releases) == 1


@pytest.mark.parametrize("text", ["", "\n \u00a0\n", "\ufeff\u200b\n"])
def test_a_text_of_nothing_holds_nothing(text):
    pasted = read_pasted(text)

    assert (pasted.releases, pasted.strays) == ([], [])


def test_line_ends_of_any_system_and_either_normal_form_read_alike():
    decomposed = A_RELEASE.replace("사", "\u1109\u1161")

    assert read_pasted(A_RELEASE.replace("\n", "\r\n")) == read_pasted(A_RELEASE)
    assert read_pasted(A_RELEASE.replace("\n", "\r")) == read_pasted(A_RELEASE)
    assert decomposed != A_RELEASE
    assert read_pasted(decomposed) == read_pasted(A_RELEASE)


# Bad dates


def test_a_headline_with_a_bad_date_refuses_that_release_only():
    [bad, good] = read_pasted(f"(2014/13/40) 소식\n\nIraq - Text.\n\n{A_RELEASE}").releases

    assert bad == RefusedRelease(
        "(2014/13/40) 소식",
        1,
        "“(2014/13/40) 소식” is no date of the calendar; expected one as (2014/9/9).",
    )
    assert good.title == "사무소, 겨울 물품 전달"


def test_a_bad_posted_day_refuses_that_release_only():
    text = A_RELEASE.replace("Sep-09-2014", "Feb-30-2014").rstrip("\n")

    # No blank line parts them: a bad line of the frame is one of the frame all the same.
    [bad, good] = read_pasted(f"{text}\n{A_RELEASE}").releases

    assert (bad.title, bad.line) == ("(2014/9/9) 사무소, 겨울 물품 전달", 14)
    assert "“Posted on Tue, Feb-30-2014” is no date of the calendar" in bad.reason
    assert good.line == 19


def test_a_date_without_a_headline_is_refused():
    [bad] = read_pasted("(2014/9/9)\n\nIraq - The office reports.").releases

    assert isinstance(bad, RefusedRelease)
    assert bad.line == 1


def test_a_headline_without_a_text_is_remarked():
    assert (1, "there is no text below the headline.") in remarks("(2014/9/9) 소식\n\nViews – 3")


# What is not understood


@pytest.mark.parametrize("line", ["Views – 1.2k", "Views –", "Posted on a wall", "(2014/9) 소식"])
def test_a_line_that_is_nearly_frame_stays_in_the_text(line):
    release = read_one(f"(2014/9/9) 소식\n\nIraq - The office reports.\n\n{line}")

    assert release.paragraphs == ("The office reports.", line)
    assert (5, "not understood; kept in the text.") in messages(release)


@pytest.mark.parametrize("line", ["Views – 1.2k", "Views –", "Views – 3", "Posted on a wall"])
def test_a_line_that_is_nearly_frame_is_no_contact(line):
    release = read_one(A_RELEASE + line.replace("3", "1.2k") + "\n")

    assert [contact.name for contact in release.contacts] == ["Name One"]
    assert release.paragraphs[-1] == line.replace("3", "1.2k")
    assert messages(release)[-1] == (
        19,
        "not understood as a contact; kept at the end of the text.",
    )


def test_what_is_left_of_a_block_keeps_its_order():
    block = "Views – 1.2k\n\nName One\nTel. +41 22 000 0001\nFax: 02-000-0010"
    release = read_one(f"(2014/9/9) 소식\n\nIraq - Text.\n\n문의\n\nwww.a.org\n\n{block}")

    assert release.paragraphs == ("Text.", "www.a.org", "Views – 1.2k", "Fax: 02-000-0010")


def test_of_several_counters_the_last_counts_and_the_others_stay():
    release = read_one(A_RELEASE + "\nViews – 300\n\nPosted on Wed, Sep-10-2014\n")

    assert (release.views, release.posted_on) == (300, date(2014, 9, 10))
    assert release.paragraphs[-2:] == ("Posted on Tue, Sep-09-2014", "Views – 234")


def test_text_below_the_end_of_a_release_is_kept_and_remarked():
    release = read_one("(2014/9/9) 소식\n\nIraq - Text.\n\nViews – 3\n\nA late word.")

    assert release.paragraphs == ("Text.", "A late word.")
    assert (7, "text below the end of the release; kept in its text.") in messages(release)


def test_text_below_the_end_of_a_release_with_contacts_is_kept_and_remarked():
    release = read_one(A_RELEASE + "\nA late word that came in after all the others.\n")

    assert release.paragraphs[-1] == "A late word that came in after all the others."
    assert messages(release)[-1][0] == 20


def test_a_heading_without_contacts_stays_in_the_text():
    release = read_one(
        "(2014/9/9) 소식\n\nIraq - Text.\n\nFor more information, please contact\n\nViews – 3"
    )

    assert release.paragraphs == ("Text.", "For more information, please contact")
    assert (release.contacts, release.contact_heading, release.views) == ((), "", 3)
    assert (5, "no contact follows this heading; kept in the text.") in messages(release)


def test_a_sentence_that_asks_to_contact_somebody_is_text():
    sentence = "For more information, please contact the ministry of the interior."
    release = read_one(f"(2014/9/9) 소식\n\nIraq - Text.\n\n{sentence}\n\nIt is open all day.")

    assert release.paragraphs == ("Text.", sentence, "It is open all day.")


def test_an_address_alone_is_nobody_to_call():
    line = "For more information, please contact press@example.org"

    release = read_one(f"(2014/9/9) 소식\n\nIraq - Text.\n\n{line}\n\nViews – 3")

    assert (release.paragraphs, release.contacts) == (("Text.", line), ())


def test_the_contacts_stand_below_the_last_heading_that_has_any():
    decoy = "For media enquiries, please contact"
    text = A_RELEASE.replace("A second convoy", f"{decoy}\n\nA second convoy")

    release = read_one(text)

    assert [contact.name for contact in release.contacts] == ["Name One"]
    assert release.paragraphs[1] == decoy
    assert (5, "no contact follows this heading; kept in the text.") in messages(release)


def test_two_blocks_of_contacts_are_one():
    text = A_RELEASE.replace(
        "Posted on",
        "For media enquiries, please contact\n\nName Two\nTel. 02-000-0009\n\nPosted on",
    )

    assert [contact.name for contact in read_one(text).contacts] == ["Name One", "Name Two"]


def test_labels_of_a_korean_block_are_not_its_heading():
    text = (
        "(2014/9/9) 소식\n\n이라크 - 소식이다.\n\n문의\n\n담당자: 홍보 담당\n연락처: 02-000-0009\n"
        "이메일: desk@example.org\n"
    )

    release = read_one(text)

    assert release.contacts == (
        IncomingContact("홍보 담당", "", "02-000-0009", "desk@example.org"),
    )
    assert release.paragraphs == ("소식이다.",)


@pytest.mark.parametrize(
    ("text", "marks"),
    [
        ("She said: “We came.", "“”"),
        ("We came,” she said.", "“”"),
        ("「안내서를 펴냈다.", "「」"),
        ("‘We came.", "‘’"),
    ],
)
def test_quotation_marks_that_do_not_pair_are_kept_as_issued(text, marks):
    release = read_one(f"(2014/9/9) 소식\n\nIraq - Text.\n\n{text}")

    assert release.paragraphs[1] == text
    assert (5, f"quotation marks {marks} do not pair; kept as issued.") in messages(release)


def test_an_apostrophe_closes_no_quotation():
    assert all(
        "pair" not in message
        for _line, message in remarks(
            "(2014/9/9) 소식\n\nIraq - The drivers’ union says ‘yes’.\n\nViews – 1"
        )
    )


@pytest.mark.parametrize(
    "text",
    ["It can be seen at the following link.", "여기를 클릭하세요.", "More: Video: Two nights"],
)
def test_a_link_that_lost_its_address_is_remarked(text):
    lost = "a link seems to have lost its address; its words are kept."

    assert (5, lost) in remarks(f"(2014/9/9) 소식\n\nIraq - Text.\n\n{text}")
    assert (5, lost) not in remarks(f"(2014/9/9) 소식\n\nIraq - Text.\n\n{text} www.example.org")


def test_a_weekday_that_is_not_the_dates_is_remarked_and_the_date_kept():
    release = read_one(A_RELEASE.replace("Tue, ", "Wed, "))

    assert release.posted_on == date(2014, 9, 9)
    assert messages(release) == [(14, "the weekday is not that of the date; the date is kept.")]


def test_a_usual_release_needs_no_remark():
    assert remarks(A_RELEASE) == []


def test_a_mark_that_a_reader_does_not_see_makes_a_line_plain_text():
    release = read_one(f"(2014/9/9) 소식\n\n{PLAIN}Iraq - Text.\n\n{PLAIN}Views – 3\n\nViews – 5")

    assert (release.place, release.views) == ("", 5)
    assert release.paragraphs == ("Iraq - Text.", "Views – 3")


@pytest.mark.parametrize(
    "line", ["A" * 9, "문의\n", "Views – 1 ", "(2014/9/9) ", "A-", "“", "For more ", "a.b@c.", "0 "]
)
def test_a_hostile_text_is_read_at_once(line):
    start = time.perf_counter()
    read_pasted(
        f"(2014/9/9) 소식\n\n{line * 3000}\n\n문의\n\n{line * 3000}\n\n홍보 담당\n{line * 3000}"
    )

    assert time.perf_counter() - start < 2


def test_a_line_of_the_frame_behind_the_heading_of_contacts_is_kept():
    text = "(2014/9/9) 소식\n\nIraq - One.\n\n문의: Posted on 9 Sep\n\nName One\nTel. 02-555-0101\n"

    release = read_one(text)

    assert release.paragraphs == ("One.", "Posted on 9 Sep")
    assert [contact.name for contact in release.contacts] == ["Name One"]
