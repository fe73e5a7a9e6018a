"""Plain text in the old site's layout -> releases. Pure: no files, no database.

What is not understood is never dropped: it stays in the body, and a remark gives the line.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from contacts.bilingual import language_of

from . import layout
from .contact_block import read_contact_block
from .incoming import IncomingRelease, RefusedRelease, Remark
from .lines import Line, paragraphs_of

# A place before the dash: "Iraq", "Central African Republic", "Nairobi, Kenya", "이라크".
_CONNECTING = r"(?:and|of|the|de|del|da|do|du|la|le|el|al)"
_WORD = r"(?:[A-ZÀ-ÞĀ-Ž][\w.'’()-]*|[가-힣]+)"
_PLACE = rf"{_WORD}(?:[ ,/&]+(?:{_CONNECTING}[ ])*(?:[dl]['’])?{_WORD}){{0,6}}"
_DATELINE = re.compile(
    rf"(?P<place>{_PLACE})(?P<dash> [-‐‑–—―] ?|[-‐‑–—―] | ?[–—―] ?)(?P<text>\S.*)", re.DOTALL
)

# Words that stood for a link whose address the plain text has lost.
_LOST_LINK = re.compile(
    r"\b(?:the |this )?following link\b|\bclick (?:here|on)\b|\bthis link\b|\blink below\b"
    r"|(?:^|[\s,:])(?:Video|Photos?|Report|Download|Press kit)\s?:\s"
    r"|여기를 클릭|다음 링크|아래 링크|(?:^|\s)(?:영상|동영상|사진)\s?:\s",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"https?://|www\.", re.IGNORECASE)
_NEARLY_FRAME = re.compile(r"(?:Posted on|Posted:|Views?\b\s*[-–—:]|조회\s?수)", re.IGNORECASE)
_QUOTATION_MARKS = ("“”", "‘’", "「」", "『』")
_CONTACT_DETAIL = re.compile(r"[^\s@]+@[^\s@]+\.\w|\bTel\b|전화", re.IGNORECASE)


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


def reads_as_dateline(paragraph: str) -> bool:
    """Whether a paragraph opens as if with a place and a dash."""
    return bool(_DATELINE.fullmatch(paragraph.split("\n")[0]))


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


def _is(kind: Callable, line: str) -> bool:
    try:
        return kind(line) is not None
    except layout.BadDate:
        return False


def _read_release(lines: list[Line]) -> IncomingRelease | RefusedRelease:
    first, rest = lines[0], lines[1:]
    try:
        release_date, title = layout.headline(first.text)
        if not title:
            return RefusedRelease(
                first.text,
                first.number,
                _("no headline follows the date; expected one on its line."),
            )
        return _Reader(first, release_date, title).read(rest)
    except layout.BadDate as error:
        line = next(line for line in lines if str(error) in line.text)
        return RefusedRelease(
            first.text,
            line.number,
            _("“%(date)s” is no date of the calendar; expected one as %(expected)s.")
            % {
                "date": error,
                "expected": "(2014/9/9)" if line is first else "Posted on Tue, Sep-09-2014",
            },
        )


class _Reader:
    """Reads one release; takes the frame away from its lines until the text is left."""

    def __init__(self, first: Line, release_date: date, title: str):
        self.first, self.release_date, self.title = first, release_date, title
        self.remarks: list[Remark] = []

    def remark(self, line: Line, message: str) -> None:
        self.remarks.append(Remark(line.number, message))

    def read(self, lines: list[Line]) -> IncomingRelease:
        heading_at = self._find_heading(lines)
        below = 0 if heading_at is None else heading_at
        posted_on = self._posted_on(_take_last(lines, below, layout.posted))
        counter = _take_last(lines, below, layout.views)
        _take_last(lines, below, lambda text: layout.is_back_link(text) or None)

        heading, contacts, leftover = "", [], []
        if heading_at is not None:
            heading, rest = layout.contact_heading(lines[heading_at].text)
            block = [Line(lines[heading_at].number, rest), *lines[heading_at + 1 :]]
            contacts, leftover, remarks = read_contact_block(block)
            self.remarks += remarks
        body = paragraphs_of(lines[:heading_at])
        if not body:
            self.remark(self.first, _("there is no text below the headline."))
        place, dash, place_line = self._take_place(body)
        for paragraph in leftover:
            self.remark(
                paragraph[0], _("not understood as a contact; kept at the end of the text.")
            )
        texts = [self._read_paragraph(paragraph) for paragraph in body + leftover]
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
        )

    def _find_heading(self, lines: list[Line]) -> int | None:
        """Index of the last line that opens a contact block, if people follow it."""
        for index in range(len(lines) - 1, -1, -1):
            found = layout.contact_heading(lines[index].text)
            if not found:
                continue
            below = [line.text for line in lines[index + 1 :] if line.text]
            if found[1]:
                # Running text may say "please contact the ministry": that is no block.
                if _CONTACT_DETAIL.search(found[1]):
                    return index
            elif any(not _is_frame_below_contacts(text) for text in below):
                return index
            self.remark(lines[index], _("no contact follows this heading; kept in the text."))
        return None

    def _posted_on(self, found: tuple[Line, layout.Posted] | None) -> date | None:
        if found is None:
            self.remark(
                self.first, _("no “Posted on” line; the headline’s date is taken as posted.")
            )
            return None
        line, posted = found
        if not posted.weekday_fits:
            self.remark(line, _("the weekday is not that of the date; the date is kept."))
        if posted.day != self.release_date:
            self.remark(line, _("posted on another day than the headline’s date; both are kept."))
        return posted.day

    def _take_place(self, paragraphs: list[list[Line]]) -> tuple[str, str, int]:
        """Take the dateline off the first paragraph: place, dash as printed, line."""
        if paragraphs:
            line = paragraphs[0][0]
            if match := _DATELINE.fullmatch(line.text):
                paragraphs[0][0] = Line(line.number, match["text"])
                return match["place"], match["dash"], line.number
            self.remark(line, _("no place opens the text."))
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
                self.remark(line, _("a link seems to have lost its address; its words are kept."))
            if _NEARLY_FRAME.match(line.text):
                self.remark(line, _("not understood; kept in the text."))
        self._check_quotation_marks(paragraph[0], " ".join(texts))
        return "\n".join(texts)

    def _check_quotation_marks(self, line: Line, text: str) -> None:
        for opening, closing in _QUOTATION_MARKS:
            opened, closed = text.count(opening), text.count(closing)
            # A closing single mark is an apostrophe as well, so a spare one says nothing.
            if opened > closed or (closed > opened and closing != "’"):
                self.remark(
                    line,
                    _("quotation marks %(marks)s do not pair; kept as issued.")
                    % {"marks": opening + closing},
                )


def _take_last(lines: list[Line], start: int, kind: Callable) -> tuple[Line, Any] | None:
    """Blank out the last line from `start` on that `kind` understands: it, and what it says."""
    for index in range(len(lines) - 1, start - 1, -1):
        line = lines[index]
        if (found := kind(line.text)) is not None:
            lines[index] = Line(line.number, "")
            return line, found
    return None


def _is_frame_below_contacts(text: str) -> bool:
    return layout.is_back_link(text) or _is(layout.views, text) or _is(layout.posted, text)
