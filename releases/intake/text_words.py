"""Where the words of a text in the old site's layout went, counted line by line."""

from html import escape

from .counted import Compared
from .framed import told_by_contacts
from .incoming import IncomingRelease, Part
from .posts import Words

# The lines that the page says by itself, and how reports call them.
FRAME = {Part.POSTED: "posted", Part.BACK_LINK: "back_link", Part.VIEWS: "views"}
CONTACTS = {Part.HEADING, Part.NAME, Part.OFFICE, Part.PHONE, Part.EMAIL, Part.LABEL}


def counted_lines(read: IncomingRelease, lines: list[str]) -> Words:
    """Where the words of `read` went, which stands among `lines`, all those of its file."""
    source = "\n".join(lines[number - 1] for number in read.lines)
    block = {mark.line for mark in read.marks if mark.part in CONTACTS}
    in_block = "\n".join(lines[number - 1] for number in sorted(block))
    aside = [
        ("date", lines[read.line - 1].removesuffix(read.title)),
        ("dateline", read.place),
        *((FRAME[mark.part], lines[mark.line - 1]) for mark in read.marks if mark.part in FRAME),
        ("contacts", told_by_contacts(in_block, read)),
        ("labels", in_block),
    ]
    pages = [escape(read.title), *map(escape, read.paragraphs)]
    return Compared("", [escape(source)], pages).counted(aside)
