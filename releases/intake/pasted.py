"""Plain text in the old site's layout -> releases. Pure: no files, no database.

What is not understood is never dropped: it stays in the body, and a remark gives the line.
Each line that is not blank is marked with what it was read as.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from contacts.bilingual import language_of

from . import layout
from .contact_block import read_contact_block, trace_contact_block
from .incoming import IncomingRelease, Mark, Part, RefusedRelease, Remark
from .lines import Line, paragraphs_of

# A place before the dash: "Iraq", "Central African Republic", "Nairobi, Kenya", "이라크".
_CONNECTING = r"(?:and|of|the|de|del|da|do|du|la|le|el|al)"
_WORD = r"(?:[A-ZÀ-ÞĀ-Ž][\w.'’()-]*|[가-힣]+)"
_PLACE = rf"{_WORD}(?:[ ,/&]+(?:{_CONNECTING}[ ])*(?:[dl]['’])?{_WORD}){{0,6}}"
_DATELINE = re.compile(
    rf"(?P<place>{_PLACE})(?P<dash> [-‐‑–—―] ?|[-‐‑–—―] | ?[–—―] ?)(?P<text>\S.*)"
)
_MOST_OF_A_PLACE = 100  # characters
# A place of any other shape, as `releases.plain_text` writes it.
_MARKED_DATELINE = re.compile(
    rf"(?P<place>[^{layout.PLAIN}]{{1,150}}?)(?P<dash> - ){layout.PLAIN}(?P<text>.+)"
)

# Words that stood for a link whose address the plain text has lost.
_LOST_LINK = re.compile(
    r"\b(?:the |this )?following link\b|\bclick (?:here|on)\b|\bthis link\b|\blink below\b"
    r"|(?:^|[\s,:])(?:Video|Photos?|Report|Download|Press kit)\s?:\s"
    r"|여기를 클릭|다음 링크|아래 링크|(?:^|\s)(?:영상|동영상|사진)\s?:\s",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"https?://|www\.", re.IGNORECASE)
_NEARLY_FRAME = re.compile(
    r"Posted on\b|Posted:|Views?\b\s*[-–—:]|조회\s?수"
    r"|[(（\[［]?\s*\d{4}\s*[/／.년-]\s*\d{1,2}\b(?:\s*[/／.월-]\s*\d{1,2})?\s*일?\s*[)）\]］]"
    r"|\d{4}[/.]\d{1,2}[/.]\d{1,2}\s",
    re.IGNORECASE,
)
_QUOTATION_MARKS = ("“”", "‘’", "「」", "『』")
_MOST_HEADINGS = 5  # of a contact block that are tried, from the last one up


@dataclass
class Pasted:
    """What a text held, in its order: releases, those refused, and lines before the first."""

    releases: list[IncomingRelease | RefusedRelease] = field(default_factory=list)
    strays: list[Line] = field(default_factory=list)


def read_pasted(text: str) -> Pasted:
    """Read every release of `text`, which is in Unicode and in any normal form."""
    pasted = Pasted()
    for lines in _split(text):
        if _opens_release(lines[0].text):
            pasted.releases.append(_read_release(lines))
        else:
            pasted.strays = [line for line in lines if line.text]
    return pasted


def read_to_mend(text: str) -> Pasted:
    """The same for somebody who looks it over: nothing is refused.

    A release with a fault comes with what could be read of it, and with a remark on the rest;
    its date is None and its headline empty where there is none. A text that opens no release
    is one release, with its first line for a headline.
    """
    pasted = Pasted()
    parts = _split(text)
    for lines in parts:
        if _opens_release(lines[0].text):
            pasted.releases.append(_read_release(lines, mending=True))
        elif len(parts) > 1:
            pasted.strays = [line for line in lines if line.text]
        else:
            pasted.releases.append(_read_unheaded([line for line in lines if line.text], lines))
    return pasted


def read_below(title: str, release_date: date | None, lines: list[Line]) -> IncomingRelease:
    """The release whose headline is known and whose text is `lines`: a post of another system.

    Nothing is refused. Whatever is not understood is marked as text; without `release_date`
    no posted line is missed.
    """
    return _Reader(Line(0, title), release_date, title, mending=True).read(list(lines))


def dateline(line: str) -> tuple[str, str, str] | None:
    """The place that opens a text's first line, the dash as printed and the rest, or None."""
    match = _MARKED_DATELINE.fullmatch(line)
    if not match:
        match = _DATELINE.fullmatch(line)
        if not match or len(match["place"]) > _MOST_OF_A_PLACE:
            return None
    return match["place"], match["dash"], match["text"]


def _opens_release(line: str) -> bool:
    try:
        return layout.headline(line) is not None
    except layout.BadDate:
        return True


def _split(text: str) -> list[list[Line]]:
    """The lines of each release; what stands before the first headline comes as a part too.

    A headline opens a release after a blank line or after the frame's last lines; amid a
    paragraph it is text.
    """
    parts: list[list[Line]] = [[]]
    fresh = True
    for line in Line.all_of(text):
        if fresh and _opens_release(line.text):
            parts.append([])
        parts[-1].append(line)
        fresh = not line.text or _is_frame_below_contacts(line.text)
    return [part for part in parts if any(line.text for line in part)]


def _is_frame_below_contacts(line: str) -> bool:
    try:
        framed = layout.is_back_link(line) or layout.posted(line)
    except layout.BadDate:
        return True
    return bool(framed) or layout.views(line) is not None


def _read_release(lines: list[Line], mending: bool = False) -> IncomingRelease | RefusedRelease:
    first, rest = lines[0], lines[1:]
    fault: RefusedRelease | None = None
    release_date, title = None, layout.headline_words(first.text)
    try:
        release_date, title = layout.headline(first.text)
        if title:
            return _Reader(first, release_date, title).read(rest)
        fault = RefusedRelease(
            first.text, first.number, _("no headline follows the date; expected one on its line.")
        )
    except layout.BadDate as error:
        line = next(line for line in lines if str(error) in line.text)
        fault = RefusedRelease(
            first.text,
            line.number,
            _("“%(date)s” is no date of the calendar; expected one as %(expected)s.")
            % {
                "date": error,
                "expected": "(2014/9/9)" if line is first else "Posted on Tue, Sep-09-2014",
            },
        )
    if not mending:
        return fault
    part = Part.POSTED
    if fault.line == first.number:
        part = Part.HEADLINE if release_date else Part.DATE
    reader = _Reader(first, release_date, title, mending=True)
    reader.remarks.append(Remark(fault.line, fault.reason, part))
    return reader.read(rest)


def _read_unheaded(filled: list[Line], lines: list[Line]) -> IncomingRelease:
    """A text without any headline's date: its first line is the headline."""
    first = filled[0]
    reader = _Reader(first, None, first.text, mending=True)
    reader.remark(
        first,
        _("no headline as “(2014/9/9) headline”; the first line is taken for one."),
        Part.HEADLINE,
    )
    return reader.read(lines[lines.index(first) + 1 :])


class _Reader:
    """Reads one release; takes the frame away from its lines until the text is left.

    `mending`: a posted line with no day of the calendar stays in the text.
    """

    def __init__(self, first: Line, release_date: date | None, title: str, mending: bool = False):
        self.first, self.release_date, self.title = first, release_date, title
        self.mending = mending
        self.remarks: list[Remark] = []
        self.marks = [Mark(first.number, Part.HEADLINE)]

    def remark(self, line: Line, message: str, part: Part, guessed: bool = False) -> None:
        self.remarks.append(Remark(line.number, message, part, guessed))

    def read(self, lines: list[Line]) -> IncomingRelease:
        span = range(self.first.number, max([self.first, *lines]).number + 1)
        self._take_corrections(lines)
        heading_at, heading = self._find_heading(lines)
        below = 0 if heading_at is None else heading_at
        posted = _take_last(lines, below, self._posted)
        counter = _take_last(lines, below, layout.views)
        back_link = _take_last(lines, below, lambda text: layout.is_back_link(text) or None)
        posted_on = self._posted_on(posted)
        for found, part in (
            (posted, Part.POSTED),
            (counter, Part.VIEWS),
            (back_link, Part.BACK_LINK),
        ):
            self.marks += [Mark(found[0].number, part)] if found else []

        contacts, leftover = [], []
        if heading_at is not None:
            block = trace_contact_block(_block(lines, heading_at))
            contacts, leftover = block.contacts, block.leftover
            self.remarks += block.remarks
            self.marks += [Mark(lines[heading_at].number, Part.HEADING), *block.marks]
            below = [_behind_heading(lines[heading_at]), *lines[heading_at + 1 :]]
            leftover += [[line] for line in below if _is_frame(line.text)]
            leftover.sort(key=lambda paragraph: paragraph[0].number)
        elif ends := [found[0].number for found in (posted, counter, back_link) if found]:
            below_end = [line for line in lines if line.text and line.number > max(ends)]
            for line in below_end[:1]:
                self.remark(
                    line, _("text below the end of the release; kept in its text."), Part.PARAGRAPH
                )
        body = paragraphs_of(lines[:heading_at])
        if not body:
            self.remark(self.first, _("there is no text below the headline."), Part.PARAGRAPH)
        self._mark_paragraphs(body, leftover)
        place, dash, place_line = self._take_place(body)
        texts = [self._read_paragraph(paragraph) for paragraph in body]
        texts += [self._read_leftover(paragraph) for paragraph in leftover]
        if heading == layout.USUAL_HEADING[language_of("\n".join(texts) or self.title)]:
            heading = ""
        return IncomingRelease(
            title=self.title,
            release_date=self.release_date,
            place=place,
            paragraphs=tuple(texts),
            contact_heading=heading,
            contacts=tuple(contacts),
            posted_on=posted_on,
            views=counter[1] if counter else None,
            line=self.first.number,
            place_line=place_line,
            dash=dash,
            remarks=tuple(sorted(self.remarks, key=lambda remark: remark.line)),
            marks=tuple(sorted(dict.fromkeys(self.marks), key=lambda mark: mark.line)),
            lines=span,
        )

    def _take_corrections(self, lines: list[Line]) -> None:
        """Blank out the notes of corrections: below the posted line, they are no text."""
        for index in range(len(lines) - 1, -1, -1):
            line = lines[index]
            if layout.is_correction(line.text) and _stands_below_posted(lines[:index]):
                lines[index] = Line(line.number, "")
                self.marks.append(Mark(line.number, Part.CORRECTION))

    def _posted(self, text: str) -> layout.Posted | None:
        try:
            return layout.posted(text)
        except layout.BadDate:
            if self.mending:
                return None
            raise

    def _mark_paragraphs(self, body: list[list[Line]], leftover: list[list[Line]]) -> None:
        for number, paragraph in enumerate(body, 1):
            self.marks += [Mark(line.number, Part.PARAGRAPH, number) for line in paragraph]
        for number, paragraph in enumerate(leftover, len(body) + 1):
            self.marks += [Mark(line.number, Part.LEFTOVER, number) for line in paragraph]

    def _find_heading(self, lines: list[Line]) -> tuple[int | None, str]:
        """Index and words of the heading below which contacts are read and least is left over.

        Running text may say "please contact the ministry" too, so a heading without any
        contact is none; of two that read equally well the upper one has more below it.
        """
        headings = [i for i, line in enumerate(lines) if layout.contact_heading(line.text)]
        best, least = None, 0
        for index in reversed(headings[-_MOST_HEADINGS:]):
            contacts, leftover, _remarks = read_contact_block(_block(lines, index))
            if contacts and (best is None or len(leftover) <= least):
                best, least = index, len(leftover)
        for index in headings:
            if best is None or index < best:
                self.remark(
                    lines[index],
                    _("no contact follows this heading; kept in the text."),
                    Part.HEADING,
                )
        return best, "" if best is None else layout.contact_heading(lines[best].text)[0]

    def _posted_on(self, found: tuple[Line, layout.Posted] | None) -> date | None:
        if found is None:
            if self.release_date is None:
                return None
            self.remark(
                self.first,
                _("no “Posted on” line; the headline’s date is taken as posted."),
                Part.POSTED,
                guessed=True,
            )
            return None
        line, posted = found
        if not posted.weekday_fits:
            self.remark(
                line, _("the weekday is not that of the date; the date is kept."), Part.POSTED
            )
        if self.release_date and posted.day != self.release_date:
            self.remark(
                line,
                _("posted on another day than the headline’s date; both are kept."),
                Part.POSTED,
                guessed=True,
            )
        return posted.day

    def _take_place(self, paragraphs: list[list[Line]]) -> tuple[str, str, int]:
        """Take the dateline off the first paragraph: place, dash as printed, line."""
        if paragraphs:
            line = paragraphs[0][0]
            if found := dateline(line.text):
                place, dash, text = found
                paragraphs[0][0] = Line(line.number, text)
                self.marks.append(Mark(line.number, Part.DATELINE))
                return place, dash, line.number
            self.remark(line, _("no place opens the text."), Part.DATELINE)
        return "", " - ", self.first.number

    def _read_paragraph(self, paragraph: list[Line]) -> str:
        """The text of a paragraph, with a remark on whatever in it looks amiss."""
        texts = []
        for line in paragraph:
            if line.text.startswith(layout.PLAIN):
                texts.append(line.text[len(layout.PLAIN) :])
                continue
            texts.append(line.text)
            if _LOST_LINK.search(line.text) and not _ADDRESS.search(line.text):
                self.remark(
                    line,
                    _("a link seems to have lost its address; its words are kept."),
                    Part.PARAGRAPH,
                )
            if _NEARLY_FRAME.match(line.text):
                self.remark(line, _("not understood; kept in the text."), Part.PARAGRAPH)
        self._check_quotation_marks(paragraph[0], " ".join(texts))
        return "\n".join(texts)

    def _read_leftover(self, paragraph: list[Line]) -> str:
        self.remark(
            paragraph[0],
            _("not understood as a contact; kept at the end of the text."),
            Part.LEFTOVER,
        )
        return "\n".join(line.text for line in paragraph)

    def _check_quotation_marks(self, line: Line, text: str) -> None:
        for opening, closing in _QUOTATION_MARKS:
            opened, closed = text.count(opening), text.count(closing)
            # A closing single mark is an apostrophe as well, so a spare one says nothing.
            if opened > closed or (closed > opened and closing != "’"):
                self.remark(
                    line,
                    _("quotation marks %(marks)s do not pair; kept as issued.")
                    % {"marks": opening + closing},
                    Part.PARAGRAPH,
                )


def _stands_below_posted(above: list[Line]) -> bool:
    """Whether nothing but other notes stands between here and the posted line."""
    lines = [line.text for line in above if line.text and not layout.is_correction(line.text)]
    try:
        return bool(lines) and layout.posted(lines[-1]) is not None
    except layout.BadDate:
        return False


def _take_last(lines: list[Line], start: int, kind: Callable) -> tuple[Line, Any] | None:
    """Blank out the last line from `start` on that `kind` understands: it, and what it says."""
    for index in range(len(lines) - 1, start - 1, -1):
        line = lines[index]
        if (found := kind(line.text)) is not None:
            lines[index] = Line(line.number, "")
            return line, found
    return None


def _block(lines: list[Line], heading_at: int) -> list[Line]:
    """The lines of a contact block, from what follows the heading on its own line."""
    block = [_behind_heading(lines[heading_at]), *lines[heading_at + 1 :]]
    return [line if not _is_frame(line.text) else Line(line.number, "") for line in block]


def _behind_heading(line: Line) -> Line:
    """What follows the heading of the contacts on its own line."""
    return Line(line.number, layout.contact_heading(line.text)[1])


def _is_frame(text: str) -> bool:
    """Whether a line among the contacts belongs to the frame, or nearly reads as if it did."""
    return _is_frame_below_contacts(text) or bool(_NEARLY_FRAME.match(text))
