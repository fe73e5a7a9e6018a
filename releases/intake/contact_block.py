"""The lines below "For more information, please contact" -> people and desks.

An office may stand above the people, below a name, beside it or nowhere; phone and email come
in either order, or one of them, or none; two people may share a phone. What cannot be told
for certain is said in a remark, and what is no contact at all is handed back.
"""

import re
from dataclasses import dataclass, field
from itertools import zip_longest

from django.utils.translation import gettext as _

from .details import MOST_OF_A_NAME, MOST_OF_A_PHONE, MOST_OF_AN_EMAIL, Kind, Piece, pieces
from .incoming import IncomingContact, Mark, Part, Remark
from .layout import PLAIN, contact_heading
from .lines import Line, paragraphs_of
from .names import looks_like_agency, looks_like_office, looks_like_person, people_of, reads_as_text

_MOST_LINES = 3  # of people or an office without any phone or email
_LONGEST_LINE = 500  # characters; what is longer is no list of contacts
_MARKED = re.compile(
    rf"{PLAIN}(?P<name>.{{1,{MOST_OF_A_NAME}}})(?:\n{PLAIN}(?P<office>.{{1,{MOST_OF_A_NAME}}}))?"
    rf"(?:\nTel\. (?P<phone>.{{1,{MOST_OF_A_PHONE}}}))?"
    rf"(?:\nEmail: (?P<email>.{{1,{MOST_OF_AN_EMAIL}}}))?"
)


@dataclass
class _Group:
    """People who share the details below their names; mostly it is one."""

    line: Line
    people: list[tuple[str, str]]  # name, office
    phones: list[str] = field(default_factory=list)
    emails: list[str] = field(default_factory=list)
    sources: list[tuple[Line, Piece]] = field(default_factory=list)  # where all this stood

    @property
    def has_details(self) -> bool:
        return bool(self.phones or self.emails)


@dataclass
class _Paragraph:
    lines: list[Line]

    def __post_init__(self):
        self.marked = _marked(self.lines)
        self.pieces: list[tuple[Line, Piece]] = []
        # Running text, all of it; one line of text below a name leaves the name a contact.
        self.is_text = any(len(line.text) > _LONGEST_LINE for line in self.lines)
        self.has_text = False
        if not self.marked and not self.is_text:
            for line in self.lines:
                self.read_line(line)
        kinds = {piece.kind for _line, piece in self.pieces}
        self.has_words = Kind.WORDS in kinds
        self.has_details = bool(kinds & {Kind.PHONE, Kind.EMAIL})

    def read_line(self, line: Line) -> None:
        found = pieces(line.text)
        if any(piece.kind is Kind.WORDS and reads_as_text(piece.text) for piece in found):
            self.has_text = True
            self.is_text = self.is_text or not self.words
            found = [Piece(Kind.OTHER, line.text)]
        self.pieces += [(line, piece) for piece in found]

    @property
    def names_a_person(self) -> bool:
        return looks_like_person(self.words[0]) and not self.lines[0].text.endswith((":", "："))

    @property
    def words(self) -> list[str]:
        return [piece.text for _line, piece in self.pieces if piece.kind is Kind.WORDS]


@dataclass
class Block:
    """What was read of a contact block, and where each part of it stood."""

    contacts: list[IncomingContact]
    leftover: list[list[Line]]
    remarks: list[Remark]
    marks: list[Mark]  # of the contacts alone; what is left over has none


def read_contact_block(
    lines: list[Line],
) -> tuple[list[IncomingContact], list[list[Line]], list[Remark]]:
    """The contacts in order, the paragraphs that are none, and remarks."""
    block = trace_contact_block(lines)
    return block.contacts, block.leftover, block.remarks


def trace_contact_block(lines: list[Line]) -> Block:
    """The same, with a mark for each line that holds something of a contact."""
    return _Reader().read(list(map(_Paragraph, paragraphs_of(lines))))


class _Reader:
    def __init__(self):
        self.groups: list[_Group] = []
        self.office = ""  # the office that stands above the people to come
        self.office_line: Line | None = None  # its line, until somebody stands below it
        self.office_sources: list[tuple[Line, Piece]] = []
        self.labels: list[Line] = []
        self.leftover: list[list[Line]] = []
        self.remarks: list[Remark] = []

    def remark(self, line: Line, message: str, part: Part, guessed: bool = False) -> None:
        self.remarks.append(Remark(line.number, message, part, guessed))

    def read(self, paragraphs: list[_Paragraph]) -> Block:
        pairs = list(zip_longest(paragraphs, paragraphs[1:]))
        for paragraph, following in reversed(pairs):
            paragraph.is_text = not paragraph.marked and _is_text(paragraph, following)
        for paragraph, following in pairs:
            self.read_paragraph(paragraph, following)
        self.close_office()
        contacts: list[IncomingContact] = []
        marks = [Mark(line.number, Part.LABEL) for line in self.labels]
        for group in self.groups:
            rows = self.contacts_of(group)
            marks += _marks(group, rows, len(contacts) + 1)
            contacts += rows
        return Block(contacts, self.leftover, self.remarks, marks)

    def read_paragraph(self, paragraph: _Paragraph, following: _Paragraph | None) -> None:
        if paragraph.marked:
            self.groups.append(paragraph.marked)
            return
        if paragraph.is_text:
            self.leftover.append(paragraph.lines)
            return
        self.labels += [line for line in paragraph.lines if not pieces(line.text)]
        for line, piece in paragraph.pieces:
            if piece.kind is Kind.OTHER:
                self.leftover.append([Line(line.number, piece.text)])
        names_follow = following and following.has_words
        if names_follow and not paragraph.has_details and not paragraph.names_a_person:
            self.close_office()
            self.office, self.office_line = ", ".join(paragraph.words), paragraph.lines[0]
            self.office_sources = [s for s in paragraph.pieces if s[1].kind is Kind.WORDS]
        else:
            self.read_people(paragraph)

    def read_people(self, paragraph: _Paragraph) -> None:
        first = len(self.groups)
        for line, piece in paragraph.pieces:
            group = self.groups[-1] if len(self.groups) > first else None
            if piece.kind is Kind.WORDS and (group is None or group.has_details):
                group = _Group(line, people_of(piece.text), sources=[(line, piece)])
                self.groups.append(group)
            elif piece.kind is Kind.WORDS:
                self.add_words(group, line, piece.text)
            elif piece.kind is not Kind.OTHER:
                self.add_detail(group or self.receiver(), line, piece)
        self.take_office_below(first)
        for group in self.groups[first:]:
            group.people = [
                (name, office or (self.office if name != self.office else ""))
                for name, office in group.people
            ]
            if any(self.office in person for person in group.people):
                self.office_line = None
                group.sources += self.office_sources

    def add_words(self, group: _Group, line: Line, words: str) -> None:
        """Words below a name, no detail between: its office, or another name."""
        source = (line, Piece(Kind.WORDS, words))
        group.sources.append(source)
        (name, office), people = group.people[-1], people_of(words)
        if all(looks_like_person(person) for person, _office in people):
            if looks_like_office(name) and not office and len(group.people) == 1:
                group.people = [
                    (person, f"{beside}, {name}" if beside else name) for person, beside in people
                ]
                return
            group.people += people
            self.remark(
                line,
                _("read as a second person who shares the details below."),
                Part.NAME,
                guessed=True,
            )
        elif looks_like_agency(name) and not office and not looks_like_agency(words):
            group.people[-1] = words, name
        elif any(len(f"{beside}, {words}") > MOST_OF_A_NAME for _name, beside in group.people):
            group.sources.remove(source)
            self.leftover.append([Line(line.number, words)])
        else:
            group.people = [
                (name, f"{office}, {words}" if office else words) for name, office in group.people
            ]

    def add_detail(self, group: _Group | None, line: Line, piece: Piece) -> None:
        if group is None:
            self.leftover.append([Line(line.number, piece.text)])
        elif piece.kind is Kind.EMAIL:
            group.emails.append(piece.text)
            group.sources.append((line, piece))
        elif len(" / ".join([*group.phones, piece.text])) > MOST_OF_A_PHONE:
            self.leftover.append([Line(line.number, piece.text)])
        else:
            group.phones.append(piece.text)
            group.sources.append((line, piece))

    def receiver(self) -> _Group | None:
        """Whose a detail is that has no name in its own paragraph: the office's or the last's."""
        if self.office_line:
            self.groups.append(self.office_itself())
            self.office_line = None
        return self.groups[-1] if self.groups else None

    def office_itself(self) -> _Group:
        return _Group(self.office_line, [(self.office, "")], sources=list(self.office_sources))

    def take_office_below(self, first: int) -> None:
        """An office below the details, nothing behind it, is that of the person above."""
        if len(self.groups) - first < 2:
            return
        person, office = self.groups[-2:]
        name, takes_one = office.people[0][0], not any(beside for _name, beside in person.people)
        is_office = office.people == [(name, "")] and looks_like_office(name)
        if is_office and not office.has_details and takes_one:
            person.people = [(who, name) for who, _office in person.people]
            person.sources += self.groups.pop().sources

    def close_office(self) -> None:
        """An office above nobody is a contact itself."""
        if self.office_line:
            self.groups.append(self.office_itself())
        self.office, self.office_line, self.office_sources = "", None, []

    def contacts_of(self, group: _Group) -> list[IncomingContact]:
        """A contact for each of the people, and one more for each email that is left."""
        count = len(group.people)
        in_turn = len(group.phones) == count
        phones = group.phones if in_turn else [" / ".join(group.phones)] * count
        emails = group.emails if len(group.emails) != 1 else group.emails * count
        if not group.has_details:
            self.remark(group.line, _("a contact without phone or email."), Part.NAME)
        if len(emails) > count:
            self.remark(
                group.line,
                _("a second email for one contact; made a row of its own."),
                Part.EMAIL,
                guessed=True,
            )
        rows = [*group.people, *[group.people[-1]] * (len(emails) - count)]
        return [
            IncomingContact(
                name,
                office,
                phone=phones[min(index, count - 1)],
                email=emails[index] if index < len(emails) else "",
            )
            for index, (name, office) in enumerate(rows)
        ]


def _is_text(paragraph: _Paragraph, following: _Paragraph | None) -> bool:
    """Whether a paragraph names nobody: running text, or a heading above running text."""
    if paragraph.is_text or not (paragraph.has_words or paragraph.has_details):
        return True
    if paragraph.has_details:
        return False
    if paragraph.has_text or len(paragraph.lines) > _MOST_LINES:
        return True
    if len(", ".join(paragraph.words)) > MOST_OF_A_NAME:
        return True
    if following is None:
        if contact_heading(paragraph.lines[0].text):
            return True
        return not (paragraph.names_a_person or looks_like_office(paragraph.words[0]))
    return following.is_text


def _marked(lines: list[Line]) -> _Group | None:
    """The contact of a paragraph as `releases.plain_text` writes one that reads badly, or None.

    Name and office are marked, phone and email labelled; nothing in them is judged.
    """
    match = _MARKED.fullmatch("\n".join(line.text for line in lines))
    if not match:
        return None
    found = [
        (Kind.WORDS, match["name"]),
        (Kind.WORDS, match["office"]),
        (Kind.PHONE, match["phone"]),
        (Kind.EMAIL, match["email"]),
    ]
    printed = [Piece(kind, text) for kind, text in found if text]
    return _Group(
        lines[0],
        [(match["name"], match["office"] or "")],
        [match["phone"]] if match["phone"] else [],
        [match["email"]] if match["email"] else [],
        list(zip(lines, printed, strict=True)),
    )


def _marks(group: _Group, rows: list[IncomingContact], first: int) -> list[Mark]:
    """What each line of `group` was read as; its `rows` count from `first`."""
    return [
        Mark(line.number, part, first + index)
        for line, piece in group.sources
        for index, part in _uses(piece, rows)
    ]


def _uses(piece: Piece, rows: list[IncomingContact]) -> list[tuple[int, Part]]:
    """In which rows, and as what, a piece of a line is found again."""
    uses = []
    for index, row in enumerate(rows):
        if piece.kind is Kind.PHONE and piece.text in row.phone:
            uses.append((index, Part.PHONE))
        if piece.kind is Kind.EMAIL and piece.text == row.email:
            uses.append((index, Part.EMAIL))
        if piece.kind is Kind.WORDS and _is_of(piece.text, row.name):
            uses.append((index, Part.NAME))
        if piece.kind is Kind.WORDS and _is_of(piece.text, row.office):
            uses.append((index, Part.OFFICE))
    whole = {Kind.PHONE: Part.PHONE, Kind.EMAIL: Part.EMAIL, Kind.WORDS: Part.NAME}
    return uses or [(0, whole[piece.kind])]


def _is_of(words: str, value: str) -> bool:
    """Whether `words` hold `value`, or are one part of it: "Press Officer, IOM Northtown"."""
    return bool(value) and (value in words or f", {words}, " in f", {value}, ")
