"""The frame of a release within the HTML of another system: found by the reader of pasted text.

Dateline, contact block, posted line, back link and view counter are the same lines here as in
pasted text, so the same code reads them; the paragraphs that are left keep their HTML.
"""

from dataclasses import dataclass, field
from datetime import date

from django.utils.translation import gettext as _

from contacts.names import same_name
from releases.fields import clean_html
from releases.prose import to_html

from . import layout
from .counted import words_of
from .incoming import IncomingContact, IncomingRelease, Part
from .layout import fold
from .lines import Line
from .markup import Node, Run, drop_opening, plain, prune, put_back, runs, spaced, write
from .pasted import read_below

_TEXT = {Part.PARAGRAPH, Part.LEFTOVER, Part.CORRECTION}
_FURNITURE = {Part.POSTED: "posted", Part.BACK_LINK: "back_link", Part.VIEWS: "views"}
_MOST_QUOTED = 40  # characters


@dataclass
class Framed:
    """A text without its frame, and what the frame said."""

    title: str
    body: str  # clean HTML
    release_date: date | None = None  # of the headline
    place: str = ""
    dash: str = " - "
    contact_heading: str = ""
    contacts: tuple[IncomingContact, ...] = ()
    posted_on: date | None = None
    views: int | None = None
    messages: list[str] = field(default_factory=list)
    # What the body has lost, as (kind, words): the frame says it, or it stands elsewhere.
    aside: list[tuple[str, str]] = field(default_factory=list)


def take_frame(title: str, root: Node) -> Framed:
    """Read the frame of the tree `root` below the headline `title`, and take it off."""
    title = fold(title)
    release_date, messages, aside = None, [], []
    try:
        if found := layout.headline(title):
            release_date, rest = found
            aside.append(("date", title.removesuffix(rest)))
            title = rest or title
    except layout.BadDate as error:
        messages.append(_("“%(date)s” is no date of the calendar.") % {"date": error})
    framed = Framed(title, "", release_date, messages=messages, aside=aside)
    return _Frame(framed, root).take()


class _Frame:
    def __init__(self, framed: Framed, root: Node):
        self.framed, self.root = framed, root
        self.runs = runs(root)
        self.lines: list[Line] = []
        self.places: dict[int, tuple[Run, int]] = {}  # where a line stands in the tree
        self.number_of: dict[tuple[int, int], int] = {}  # by run and place in it
        self.dropped: set[int] = set()

    def take(self) -> Framed:
        self.number_lines()
        self.take_headline()
        lines = [Line(n, "" if n in self.dropped else text) for n, text in self.lines]
        read = read_below(self.framed.title, self.framed.release_date, lines)
        self.keep_values(read)
        added = self.take_lines(read)
        self.take_dateline(read)
        for run in self.runs:
            run.lines = [
                line
                for index, line in enumerate(run.lines)
                if self.number_of.get((id(run), index)) not in self.dropped
            ]
        put_back(self.runs)
        prune(self.root)
        html = write(self.root)
        if added:
            html = f"{html}\n{to_html(added)}"
        self.framed.body = clean_html(html)
        return self.framed

    def number_lines(self) -> None:
        """A number for each line of the tree; blank lines part what stands in different blocks."""
        number, before = 0, None
        for run in self.runs:
            if before is not None and not (run.is_row and before.is_row):
                number += 1
                self.lines.append(Line(number, ""))
            for index, nodes in enumerate(run.lines):
                number += 1
                self.lines.append(Line(number, fold(_with_mail_addresses(nodes))))
                self.places[number] = run, index
                self.number_of[id(run), index] = number
            before = run

    def take_headline(self) -> None:
        """A first line that says the headline again, with its date, is none of the text."""
        first = next((line for line in self.lines if line.text), None)
        try:
            found = first and layout.headline(first.text)
        except layout.BadDate:
            return
        if found and same_name(found[1]) == same_name(self.framed.title):
            self.framed.release_date = self.framed.release_date or found[0]
            self.drop(first, "headline", first.text)

    def drop(self, line: Line, kind: str, words: str) -> None:
        self.dropped.add(line.number)
        self.framed.aside.append((kind, words))

    def keep_values(self, read: IncomingRelease) -> None:
        framed = self.framed
        framed.place, framed.dash = read.place, read.dash
        framed.contact_heading, framed.contacts = read.contact_heading, read.contacts
        framed.posted_on, framed.views = read.posted_on, read.views
        texts = dict(self.lines)
        for remark in read.remarks:
            if remark.part == Part.DATELINE or remark.line == 0:
                continue  # a post need not open with a place, nor have more than pictures
            text = texts[remark.line]
            quoted = text if len(text) <= _MOST_QUOTED else f"{text[: _MOST_QUOTED - 1]}…"
            framed.messages.append(
                _("“%(text)s”: %(message)s") % {"text": quoted, "message": remark.message}
            )

    def take_lines(self, read: IncomingRelease) -> list[str]:
        """Drop the lines of the frame; paragraphs of which only a part was text are returned."""
        marks: dict[int, set[Part]] = {}
        leftover: dict[int, set[int]] = {}
        for mark in read.marks:
            marks.setdefault(mark.line, set()).add(mark.part)
            if mark.part == Part.LEFTOVER:
                leftover.setdefault(mark.number, set()).add(mark.line)
        # Of a line that is a contact and more, the rest stays as plain text.
        mixed = [
            number
            for number, lines in leftover.items()
            if any(marks[line] - _TEXT for line in lines)
        ]
        again = {line for number in mixed for line in leftover[number]}
        in_block = []
        for line in self.lines:
            parts = marks.get(line.number, set()) if line.text else set()
            if line.number in self.dropped or not parts or line.number == 0:
                continue
            if furniture := parts & set(_FURNITURE):
                self.drop(line, _FURNITURE[furniture.pop()], line.text)
            elif line.number in again or not parts & _TEXT:
                self.dropped.add(line.number)
                in_block.append(line.text)
        if in_block:
            block = "\n".join(in_block)
            self.framed.aside.append(("contacts", told_by_contacts(block, read)))
            self.framed.aside.append(("labels", block))
        return [read.paragraphs[number - 1] for number in mixed]

    def take_dateline(self, read: IncomingRelease) -> None:
        if not read.place:
            return
        run, index = self.places[read.place_line]
        letters = len("".join(f"{read.place}{read.dash}".split()))
        run.lines[index] = drop_opening(run.lines[index], letters)
        self.framed.aside.append(("dateline", read.place))


def told_by_contacts(block: str, read: IncomingRelease) -> str:
    """The words of a contact block that the contacts say, each as often as it stood there."""
    values = [f"{row.name} {row.office} {row.phone} {row.email}" for row in read.contacts]
    headings = [found[0] for line in block.split("\n") if (found := layout.contact_heading(line))]
    told = words_of("\n".join([*headings[:1], read.contact_heading, *values]))
    return " ".join(word for word in words_of(block).elements() if word in told)


def _with_mail_addresses(nodes: list[Node | str]) -> str:
    """The words of nodes side by side; behind those that lead to a mailbox stands its address."""
    parts = []
    for node in nodes:
        if not isinstance(node, Node):
            parts.append(node)
            continue
        parts.append(spaced(node))
        for link in [node, *node.find("a")]:
            scheme, _colon, rest = link.get("href").partition(":")
            address = rest.partition("?")[0]
            if scheme == "mailto" and "@" in address and "@" not in plain(nodes):
                parts.append(f" <{address}>")
    return "".join(parts)
