"""Whom journalists may call: offices, people, phones and emails in whatever order they come."""

import time

import pytest

from releases.intake.contact_block import read_contact_block
from releases.intake.details import MOST_OF_A_NAME, MOST_OF_A_PHONE, MOST_OF_AN_EMAIL
from releases.intake.incoming import IncomingContact
from releases.intake.lines import Line
from releases.models import ReleaseContact

from .texts import contacts_below, messages, read_one

TEL = "+41 22 000 0001"
ONE = "one@example.org"


def read(block: str) -> list[IncomingContact]:
    contacts, _leftover, _remarks = read_contact_block(list(Line.all_of(block)))
    return contacts


def left_over(block: str) -> list[str]:
    _contacts, leftover, _remarks = read_contact_block(list(Line.all_of(block)))
    return [line.text for paragraph in leftover for line in paragraph]


def remarks(block: str) -> list[tuple[int, str]]:
    _contacts, _leftover, remarks = read_contact_block(list(Line.all_of(block)))
    return [(remark.line, remark.message) for remark in remarks]


def person(name="Name One", office="", phone="", email="") -> IncomingContact:
    return IncomingContact(name, office, phone, email)


# Offices


def test_an_office_above_the_people_is_everyones():
    block = f"IOM Northtown\n\nName One\nTel. {TEL}\n\n\nName Two\nEmail: two@example.org"

    assert read(block) == [
        person("Name One", "IOM Northtown", phone=TEL),
        person("Name Two", "IOM Northtown", email="two@example.org"),
    ]


def test_each_office_stands_above_its_own_people():
    block = f"In Northtown:\n\nName One\nTel. {TEL}\n\nIOM Southtown\n\nName Two\nEmail: {ONE}"

    assert read(block) == [
        person("Name One", "In Northtown", phone=TEL),
        person("Name Two", "IOM Southtown", email=ONE),
    ]


def test_an_office_of_two_lines_above_the_people_is_one_office():
    block = f"IOM Northtown\nPress Unit\n\nName One\nTel. {TEL}"

    assert read(block) == [person(office="IOM Northtown, Press Unit", phone=TEL)]


@pytest.mark.parametrize(
    "block",
    [
        f"Name One\nIOM México\nTel. {TEL}",
        f"IOM México\nName One\nTel. {TEL}",
        f"Name One, IOM México\nTel. {TEL}",
        f"Name One (IOM México)\nTel. {TEL}",
        f"Name One - IOM México\nTel. {TEL}",
        f"Name One at IOM México\nTel. {TEL}",
        f"IOM México, Name One\nTel. {TEL}",
        f"Name One, IOM México, Tel. {TEL}",
        f"Name One\nTel. {TEL}\nIOM México",
    ],
)
def test_an_office_may_stand_by_the_name_in_many_ways(block):
    assert read(block) == [person(office="IOM México", phone=TEL)]


@pytest.mark.parametrize(
    "block",
    [
        "홍보 담당\n국제이주기구 한국대표부\n☎ 02-000-0009",
        "국제이주기구 한국대표부\n홍보 담당\n☎ 02-000-0009",
    ],
)
def test_a_desk_and_its_office_are_told_apart_in_korean(block):
    assert read(block) == [person("홍보 담당", "국제이주기구 한국대표부", phone="02-000-0009")]


def test_a_post_below_a_name_is_part_of_the_office():
    block = f"Name One\nPress Officer\nIOM Northtown\nTel. {TEL}"

    assert read(block) == [person(office="Press Officer, IOM Northtown", phone=TEL)]


def test_an_office_may_be_absent():
    assert read(f"Name One\nTel. {TEL}") == [person(phone=TEL)]


def test_an_office_with_its_own_phone_is_a_contact_and_stands_above_the_next():
    block = f"IOM Northtown\n\nTel. {TEL}\n\nName One\nEmail: {ONE}"

    assert read(block)[0] == person("IOM Northtown", phone=TEL)
    assert read(block)[1].name == "Name One"


def test_an_office_above_nobody_is_a_contact_itself():
    block = f"Name One\nTel. {TEL}\n\nIOM Southtown"

    assert read(block) == [person(phone=TEL), person("IOM Southtown")]
    assert (
        remarks(block) == [(4, "연락처에 전화와 이메일이 없습니다.")] or remarks(block)[0][0] == 4
    )


def test_what_stands_by_an_office_above_the_people_stays_in_the_text():
    block = f"Press Desk\nwww.example.org\n\nName One\nTel. {TEL}"

    assert read(block) == [person(office="Press Desk", phone=TEL)]
    assert left_over(block) == ["www.example.org"]


def test_a_heading_with_nobody_below_it_is_no_contact():
    heading = "For more information, please contact"

    assert read(f"Name One\nTel. {TEL}\n\n{heading}") == [person(phone=TEL)]
    assert left_over(f"Name One\nTel. {TEL}\n\n{heading}") == [heading]


def test_an_office_above_another_office_is_a_contact_itself():
    block = f"IOM Northtown\n\nIOM Southtown\n\nName One\nTel. {TEL}"

    assert read(block) == [person("IOM Northtown"), person(office="IOM Southtown", phone=TEL)]


def test_an_office_below_the_details_has_none_of_its_own():
    own = "+41 22 000 0002"

    assert read(f"Name One\nTel. {TEL}\nIOM Northtown\nTel. {own}") == [
        person(phone=TEL),
        person("IOM Northtown", phone=own),
    ]
    assert read(f"Name One\nTel. {TEL}\nName Two") == [person(phone=TEL), person("Name Two")]
    assert read(f"Name One, IOM Northtown\nTel. {TEL}\nIOM Southtown") == [
        person(office="IOM Northtown", phone=TEL),
        person("IOM Southtown"),
    ]


def test_a_desk_that_has_its_office_is_no_office_of_the_name_below():
    block = f"Press Desk\nIOM Northtown\nName One\nTel. {TEL}"

    assert read(block) == [
        person("Press Desk", "IOM Northtown", phone=TEL),
        person("Name One", phone=TEL),
    ]


def test_too_many_words_for_an_office_above_the_people_are_text():
    lines = [f"Unit {number} {'o' * 60}" for number in range(3)]

    assert read("\n".join(lines) + f"\n\nName One\nTel. {TEL}") == [person(phone=TEL)]
    assert left_over("\n".join(lines) + f"\n\nName One\nTel. {TEL}") == lines


# Phones and emails


@pytest.mark.parametrize(
    "block",
    [
        f"Name One\nTel. {TEL}\nEmail: {ONE}",
        f"Name One\nEmail: {ONE}\nTel: {TEL}",
        f"Name One\nPhone {TEL}\nE-mail {ONE}",
        f"Name One\n{TEL}\n{ONE}",
        f"Name One\n{ONE} / {TEL}",
        f"Name One, Tel. {TEL}, Email: {ONE}",
        f"Name One ({TEL}, {ONE})",
        f"Name One\n\nTel. {TEL}\n\nEmail: {ONE}",
        f"Name One <{ONE}>\nT: {TEL}",
        f"Name One\n전화: {TEL}\n이메일: {ONE}",
        f"Name One\nTel.\u00a0{TEL}\nEmail:\u00a0{ONE}\u00a0",
    ],
)
def test_phone_and_email_come_in_either_order_and_any_dress(block):
    assert read(block) == [person(phone=TEL, email=ONE)]


def test_a_line_of_digits_alone_is_a_phone():
    assert read("Name One\n1588-0000") == [person(phone="1588-0000")]


def test_phone_or_email_may_be_missing():
    assert read(f"Name One\nTel. {TEL}\nEmail:") == [person(phone=TEL)]
    assert read(f"Name One\nTel.\nEmail: {ONE}") == [person(email=ONE)]


def test_a_contact_without_phone_and_email_is_kept_and_remarked():
    for name in ("Press Desk", "Name One"):
        assert read(name) == [person(name)]
        assert [line for line, _message in remarks(name)] == [1]


@pytest.mark.parametrize(
    "phone",
    [
        "+964 750 0166 072",
        "+202-27365140",
        "+ 41 22 717 9361",
        "02-2079-8911",
        "(02)730-3440∼1",
        "043-931-0634, 0632",
        "202/224-6167",
        "(202) 228-6367",
        "+ 44 (0)207 375 6030",
        "401-222-2601, extension 149",
        "02-000-0009 (내선 12)",
        "044)203-6267",
        "070.0000.0000",
        "１５８８－００００",
        "+1 202 555 0101 / +1 202 555 0102",
        "1-877-CIS-4MIL (1-877-247-4645)",
    ],
)
def test_a_phone_is_kept_as_it_was_printed(phone):
    assert read(f"Name One\nTel. {phone}\nEmail: {ONE}") == [person(phone=phone, email=ONE)]


@pytest.mark.parametrize(
    ("line", "phone"),
    [
        ("홍보 담당 (044-203-6267)", "044-203-6267"),
        ("홍보 담당 02-2079-8911", "02-2079-8911"),
        ("홍보 담당 ☎(02)730-3440", "(02)730-3440"),
        ("홍보 담당 (+82 2 000 0009)", "+82 2 000 0009"),
    ],
)
def test_a_number_needs_no_label_where_it_begins_as_a_phone(line, phone):
    assert read(line) == [person("홍보 담당", phone=phone)]


@pytest.mark.parametrize(
    "email",
    [
        "o'brien@example.org",
        "a+b@example.org",
        "x_y-z@sub.example.org",
        "Desk@Example.ORG",
        "1@example.org",
        "a@xn--9n2bp8q.xn--3e0b707e",
        "한글@예시.한국",
        "desk@example.co.kr",
    ],
)
def test_an_email_is_kept_as_it_was_printed(email):
    assert read(f"Name One\nEmail: {email}") == [person(email=email)]


def test_a_particle_behind_an_address_is_not_part_of_it():
    assert read("홍보 담당\n이메일: desk@example.org로") == [
        person("홍보 담당", email="desk@example.org")
    ]


def test_a_second_and_a_third_phone_are_kept():
    block = "Name One\nTel. +1 202 555 0101\nMob. +1 202 555 0102\nTel. +1 202 555 0103"

    assert read(block) == [person(phone="+1 202 555 0101 / +1 202 555 0102 / +1 202 555 0103")]


def test_phones_beyond_what_a_row_holds_stay_in_the_text():
    numbers = [f"+1 202 555 0{number}" for number in range(100, 108)]

    block = "Name One\n" + "\n".join(f"Tel. {number}" for number in numbers)

    [contact] = read(block)
    assert contact.phone.split(" / ") + left_over(block) == numbers
    assert len(contact.phone) <= MOST_OF_A_PHONE


def test_a_second_email_makes_a_row_of_its_own():
    block = f"Name One\nTel. {TEL}\nEmail: {ONE}\nEmail: two@example.org"

    assert read(block) == [
        person(phone=TEL, email=ONE),
        person(phone=TEL, email="two@example.org"),
    ]
    assert [line for line, _message in remarks(block)] == [1]


@pytest.mark.parametrize(
    "line",
    [
        "Fax: 02-000-0010",
        "팩스 02-000-0010",
        "www.example.org",
        "Tel. n/a",
        "Email: [email protected]",
    ],
)
def test_what_no_contact_has_stays_in_the_text(line):
    block = f"Name One\n{line}\nTel. {TEL}"

    assert read(block) == [person(phone=TEL)]
    assert left_over(block) == [line]


def test_a_paragraph_of_what_no_contact_has_stays_in_the_text():
    assert left_over(f"Name One\nTel. {TEL}\n\nFax: {TEL}") == [f"Fax: {TEL}"]
    assert left_over("Name One\nName Two\nName Three\nName Four") != []


def test_a_fax_beside_the_phone_is_not_taken_for_another_phone():
    block = "Name One\nTel. 02-000-0009 Fax. 02-000-0010"

    assert read(block) == [person(phone="02-000-0009")]
    assert left_over(block) == ["Fax. 02-000-0010"]


def test_an_initial_is_not_a_label():
    assert read(f"M. Name\nT. {TEL}") == [person("M. Name", phone=TEL)]


# Two people


@pytest.mark.parametrize(
    "names", ["Name One\nName Two", "Name One and Name Two", "Name One / Name Two"]
)
def test_two_people_share_the_phone_below_them(names):
    block = f"{names}\nTel. {TEL}"

    assert read(block) == [person("Name One", phone=TEL), person("Name Two", phone=TEL)]


def test_two_people_may_have_the_same_phone_each():
    block = f"Name One\nTel. {TEL}\nEmail: {ONE}\n\nName Two\nTel. {TEL}\nEmail: two@example.org"

    assert read(block) == [
        person("Name One", phone=TEL, email=ONE),
        person("Name Two", phone=TEL, email="two@example.org"),
    ]


def test_people_who_share_a_phone_take_their_emails_in_turn():
    block = f"Name One\nName Two\nIOM Northtown\nTel. {TEL}\nEmail: {ONE}\nEmail: two@example.org"

    assert read(block) == [
        person("Name One", "IOM Northtown", TEL, ONE),
        person("Name Two", "IOM Northtown", TEL, "two@example.org"),
    ]


def test_people_in_one_paragraph_have_their_own_details():
    block = f"Name One\nTel. {TEL}\nName Two\nEmail: two@example.org"

    assert read(block) == [
        person("Name One", phone=TEL),
        person("Name Two", email="two@example.org"),
    ]


def test_people_on_one_line_have_their_own_details():
    line = f"Name One at IOM Libya, Tel. {TEL}, {ONE} or Name Two, IOM Tunisia, two@example.org"

    assert read(line) == [
        person("Name One", "IOM Libya", TEL, ONE),
        person("Name Two", "IOM Tunisia", email="two@example.org"),
    ]


def test_people_take_their_phones_in_turn_and_the_last_one_an_email_too_many():
    block = f"Name One\nName Two\n{TEL}\n+41 22 000 0002\n{ONE}\ntwo@b.org\nthree@b.org"

    assert read(block) == [
        person("Name One", "", TEL, ONE),
        person("Name Two", "", "+41 22 000 0002", "two@b.org"),
        person("Name Two", "", "+41 22 000 0002", "three@b.org"),
    ]


# What is no contact


@pytest.mark.parametrize(
    "text",
    [
        "The agency works in many countries and has done so for as long as anyone there remembers.",
        "Please call before noon on Friday.",
        "the ministry at press@example.org before noon on Friday.",
        "취재를 원하시면 미리 알려 주십시오",
        "press@example.org",
        "+41 22 000 0001",
        "a" * 600,
    ],
)
def test_running_text_below_the_heading_is_handed_back(text):
    assert read(text) == []
    assert left_over(text) == [text]


def test_text_below_the_contacts_is_handed_back_with_its_heading():
    block = f"Name One\nTel. {TEL}\n\nAbout The Agency\n\nThe agency was founded a long time ago."

    assert read(block) == [person(phone=TEL)]
    assert left_over(block) == ["About The Agency", "The agency was founded a long time ago."]


def test_a_heading_right_above_its_text_is_handed_back_with_it():
    lines = ["About The Agency", "The agency was founded a long time ago."]

    assert read(f"Name One\nTel. {TEL}\n\n" + "\n".join(lines)) == [person(phone=TEL)]
    assert left_over(f"Name One\nTel. {TEL}\n\n" + "\n".join(lines)) == lines


def test_a_line_of_text_below_the_details_leaves_the_name_a_contact():
    line = "The desk is open until six every day."

    assert read(f"Name One\nTel. {TEL}\n{line}") == [person(phone=TEL)]
    assert left_over(f"Name One\nTel. {TEL}\n{line}") == [line]


def test_a_sentence_with_two_addresses_is_kept_whole():
    line = "Name One (one@example.org) in Geneva or Name Two (two@example.org) in Tripoli."

    assert read(line) == []
    assert left_over(line) == [line]


def test_an_office_that_grows_too_long_leaves_the_rest_in_the_text():
    lines = [f"Unit {number} {'o' * 60}" for number in range(3)]

    [contact] = read("\n".join(["Name One", *lines, f"Tel. {TEL}"]))

    assert contact.office.split(", ") == lines[:2]
    assert left_over("\n".join(["Name One", *lines, f"Tel. {TEL}"])) == lines[2:]


def test_a_name_too_long_for_anybody_is_text():
    name = "Name " * 40

    assert read(f"{name}\nTel. {TEL}") == []
    assert left_over(f"{name}\nTel. {TEL}") == [name.strip(), f"Tel. {TEL}"]


def test_an_email_too_long_for_a_row_stays_in_the_text():
    email = f"{'a' * 200}@{'b' * 60}.org"

    assert len(email) > MOST_OF_AN_EMAIL
    assert left_over(f"Name One\nTel. {TEL}\nEmail: {email}") == [email]


def test_what_is_read_fits_the_columns_it_is_saved_in():
    limits = {
        field: ReleaseContact._meta.get_field(field).max_length for field in ("name", "office")
    }

    assert set(limits.values()) == {MOST_OF_A_NAME}
    assert ReleaseContact._meta.get_field("phone").max_length == MOST_OF_A_PHONE
    assert ReleaseContact._meta.get_field("email").max_length == MOST_OF_AN_EMAIL


@pytest.mark.parametrize(
    "line", ["0 " * 240, "a." * 240, "+" * 480, "(0" * 240, "Tel. " * 100, "a@" * 240]
)
def test_a_hostile_line_is_read_at_once(line):
    start = time.perf_counter()
    read("\n".join([line] * 20))

    assert time.perf_counter() - start < 1


# In a release


def test_contacts_of_a_release_are_read_below_any_heading():
    for heading in ("For more information please contact", "문의", "담당자:"):
        assert contacts_below(f"Name One\nTel. {TEL}", heading) == [person(phone=TEL)]


def test_contacts_may_begin_on_the_line_of_the_heading():
    text = "(2014/9/9) 소식\n\n이라크 - 소식이다.\n\n문의: 홍보 담당\n전화: 02-000-0009\n"

    release = read_one(text)

    assert release.contacts == (person("홍보 담당", phone="02-000-0009"),)
    assert release.contact_heading == ""


def test_what_is_left_of_a_block_is_at_the_end_of_the_text_with_its_line():
    text = (
        "(2014/9/9) 소식\n\nIraq - The office reports.\n\nFor more information, please contact\n\n"
        f"Name One\nTel. {TEL}\nFax: {TEL}\n\nThe office is closed on Sundays and Mondays.\n"
    )

    release = read_one(text)

    assert release.paragraphs == (
        "The office reports.",
        f"Fax: {TEL}",
        "The office is closed on Sundays and Mondays.",
    )
    assert [line for line, _message in messages(release)] == [1, 9, 11]
