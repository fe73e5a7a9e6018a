"""The lines below "For more information, please contact" -> people and desks.

An office may stand above the people, below a name, beside it or nowhere; phone and email come
in either order, or one of them, or none; two people may share a phone. What cannot be told
for certain is said in a remark, and what is no contact at all is handed back.
"""

import re
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from .incoming import IncomingContact, Remark
from .lines import Line, paragraphs_of

_EMAIL = re.compile(
    r"(?:(?:E-?mail|Mail|이메일|메일|전자우편)\s*[.:：]?\s*)?"
    r"(?P<email>[A-Za-z0-9.!#$%&'*+/=?^_`{|}~가-힣-]+@(?:[A-Za-z0-9가-힣-]+\.)+[A-Za-z가-힣]{2,})",
    re.IGNORECASE,
)
_NUMBER = r"[+(]?[\d(][\d\s().+~∼–-]{4,}\d(?:\s*(?:,?\s*(?:ext(?:ension)?\.?|내선)\s*\d+))?"
_PHONE = re.compile(
    r"(?:(?:\b(?:Tel(?:ephone)?|Phone|Ph|Mobile|Mob|Cell|HP|T|M)|전화(?:번호)?|휴대(?:전화|폰)|연락처|[☎☏])"
    rf"\s*[.:：]*\s*(?P<marked>{_NUMBER})|^(?P<bare>{_NUMBER})$)",
    re.IGNORECASE,
)
_SPARE = re.compile(r"^[\s,;:|/·.\-–—]+|[\s,;:|/·\-–—]+$")

_OFFICE = re.compile(
    r"^IOM\b|\b(?:Office|Mission|Headquarters|HQ|Bureau|Unit|Division|Department|Delegation|"
    r"Embassy|Ministry|Centre|Center|Desk|Team|Section|Officer|Spokesperson|Assistant|Manager)\b"
    r"|국제이주기구|사무소|대표부|본부|지부|센터|대사관|담당|팀$|과$|부$|실$",
    re.IGNORECASE,
)
_AGENCY = re.compile(r"^(?:IOM\b|국제이주기구)", re.IGNORECASE)
_PERSON = re.compile(
    r"(?:[A-ZÀ-ÞĀ-Ž][\w'’.-]*)(?: (?:[A-ZÀ-ÞĀ-Ž][\w'’.-]*|de|da|van|von|bin|al|el)){1,3}|[가-힣]{2,4}"
)
_SENTENCE = re.compile(r".{90,}|.*\w{2,}[.!?]$|.*[.!?] .*")
# "Name at IOM Libya", "Name, IOM Libya": the office beside the name.
_BESIDE = re.compile(r"(?P<name>.+?)(?:,? (?:at|of|from) |, )(?P<office>\S.*)")


@dataclass
class _Person:
    line: Line
    name: str
    office: str = ""
    phone: str = ""
    email: str = ""

    @property
    def has_details(self) -> bool:
        return bool(self.phone or self.email)


@dataclass
class _Block:
    """What has been read so far."""

    people: list[_Person] = field(default_factory=list)
    office: str = ""  # the office that stands above the people to come
    office_line: Line | None = None
    office_used: bool = True
    leftover: list[list[Line]] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)

    def remark(self, line: Line, message: str) -> None:
        self.remarks.append(Remark(line.number, message))


def read_contact_block(
    lines: list[Line],
) -> tuple[list[IncomingContact], list[list[Line]], list[Remark]]:
    """The contacts in order, the paragraphs that are none, and remarks."""
    block = _Block()
    paragraphs = paragraphs_of(lines)
    for index, paragraph in enumerate(paragraphs):
        following = paragraphs[index + 1] if index + 1 < len(paragraphs) else None
        _read_paragraph(block, paragraph, following)
    _settle_office(block)
    for person in block.people:
        if not person.has_details:
            block.remark(person.line, _("a contact without phone or email."))
    contacts = [IncomingContact(p.name, p.office, p.phone, p.email) for p in block.people]
    return contacts, block.leftover, block.remarks


def looks_like_office(text: str) -> bool:
    """Whether `text` names an office, a desk or a post rather than a person."""
    return bool(_OFFICE.search(text))


def looks_like_person(text: str) -> bool:
    """Whether `text` has the shape of a person's name and nothing of an office's."""
    return bool(_PERSON.fullmatch(text)) and not looks_like_office(text)


def _pieces(line: Line) -> tuple[str, list[str], list[str]]:
    """The words of a line, the phones and the emails on it."""
    text, emails, phones = line.text, [], []
    while match := _EMAIL.search(text):
        emails.append(match["email"])
        text = f"{text[: match.start()]} , {text[match.end() :]}"
    while match := _PHONE.search(_SPARE.sub("", text)):
        text = _SPARE.sub("", text)
        phones.append((match["marked"] or match["bare"]).strip())
        text = f"{text[: match.start()]} , {text[match.end() :]}"
    words = _SPARE.sub("", re.sub(r"(?:\s*,)+\s*", ", ", text)).strip()
    return words, phones, emails


def _read_paragraph(block: _Block, paragraph: list[Line], following: list[Line] | None) -> None:
    read = [(line, *_pieces(line)) for line in paragraph]
    if not any(phones or emails for _line, _words, phones, emails in read):
        if any(_SENTENCE.fullmatch(line.text) for line in paragraph) or len(paragraph) > 3:
            block.leftover.append(paragraph)
            return
        name = paragraph[0].text
        names_follow = following is not None and bool(_pieces(following[0])[0])
        if len(paragraph) == 1 and names_follow and not looks_like_person(name):
            _settle_office(block)
            block.office, block.office_line, block.office_used = name, paragraph[0], False
            return
        if len(paragraph) == 1 and following is None and looks_like_office(name):
            _settle_office(block)
            block.people.append(_Person(paragraph[0], name))
            return

    open_from = len(block.people)
    for line, words, phones, emails in read:
        if words:
            _read_words(block, line, words, open_from)
        for phone in phones:
            _read_phone(block, line, phone, open_from)
        for email in emails:
            _read_email(block, line, email)
    for person in block.people[open_from:]:
        if not person.office and block.office:
            person.office, block.office_used = block.office, True


def _read_words(block: _Block, line: Line, words: str, open_from: int) -> None:
    current = block.people[-1] if len(block.people) > open_from else None
    if current is None or current.has_details:
        beside = _BESIDE.fullmatch(words)
        if beside and looks_like_office(beside["office"]) and not looks_like_office(beside["name"]):
            block.people.append(_Person(line, beside["name"], beside["office"]))
        else:
            block.people.append(_Person(line, words))
    elif current.office:
        current.office = f"{current.office}, {words}"
    elif _AGENCY.search(current.name) and looks_like_person(words):
        current.name, current.office = words, current.name
    elif looks_like_person(current.name) and looks_like_person(words):
        block.people.append(_Person(line, words))
        block.remark(line, _("read as a second person who shares the details below."))
    else:
        current.office = words


def _read_phone(block: _Block, line: Line, phone: str, open_from: int) -> None:
    person = _person_for_detail(block, line, phone)
    if person is None:
        return
    person.phone = f"{person.phone} / {phone}" if person.phone else phone
    # One phone below two names, neither of which has details of its own, is for both.
    for other in reversed(block.people[open_from:-1]):
        if other.has_details:
            break
        other.phone = phone


def _read_email(block: _Block, line: Line, email: str) -> None:
    person = _person_for_detail(block, line, email)
    if person is None:
        return
    if person.email:
        block.remark(line, _("a second email for one contact; made a row of its own."))
        block.people.append(_Person(line, person.name, person.office, person.phone, email))
    else:
        person.email = email


def _person_for_detail(block: _Block, line: Line, detail: str) -> _Person | None:
    """Whose phone or email this is: the last name's, else the office's own."""
    if block.people and block.office_used:
        return block.people[-1]
    if block.office:
        block.office_used = True
        block.people.append(_Person(block.office_line, block.office))
        block.office = ""
        return block.people[-1]
    if block.people:
        return block.people[-1]
    block.leftover.append([Line(line.number, detail)])
    return None


def _settle_office(block: _Block) -> None:
    """An office above nobody is a contact itself."""
    if not block.office_used and block.office_line:
        block.people.append(_Person(block.office_line, block.office))
    block.office, block.office_used = "", True
