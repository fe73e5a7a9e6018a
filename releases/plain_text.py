"""A release as plain text, in the layout that `intake.pasted` reads.

Reading what is written here gives the same release back: headline, dates, place, paragraphs,
contacts and views. A link's address stands in brackets behind its words, a list item opens
with "- ": the words of the text survive, its shape does not. What would be read as something
else than it is carries the mark `layout.PLAIN`, which a reader does not see.
"""

from collections.abc import Iterable

from contacts.bilingual import language_of, reader_language
from releases.intake.incoming import IncomingContact
from releases.intake.layout import (
    BACK_LINK,
    CORRECTED,
    PLAIN,
    USUAL_HEADING,
    contact_heading,
    fold,
    reads_as_frame,
)
from releases.intake.pasted import dateline, read_pasted

from .dates import posted_date
from .models import Correction, Release, ReleaseContact
from .prose import to_paragraphs


def write_release(release: Release) -> str:
    """The release in the reader's language, ending in a line feed."""
    rows = [_answering(row) for row in release.contact_block]
    text = _written(release, _contacts(rows))
    if rows and not _reads_back(text, rows):
        text = _written(release, map(_marked, rows))
    return text


def _answering(row: ReleaseContact) -> IncomingContact:
    """Who is to be called today, as on the page: as printed, or who came after."""
    card = row.card
    return IncomingContact(card.name or card.instead_of, card.office, card.phone, card.email)


def _written(release: Release, contacts: Iterable[str]) -> str:
    parts = [f"({release.headline_date}) {release.title}", *_body(release)]
    if contacts := list(contacts):
        parts += [_heading(release), *contacts]
    if release.publish_at:
        parts.append(f"Posted on {posted_date(release.publish_at)}")
    parts += map(_correction, release.public_corrections)
    parts += [BACK_LINK, f"Views – {release.views}"]
    return "\n\n".join(parts) + "\n"


def _correction(correction: Correction) -> str:
    """What was corrected, on a line that a reader of the layout leaves out."""
    word = CORRECTED[reader_language()]
    return f"{word} {correction.made_at:%Y-%m-%d %H:%M}: {fold(correction.note)}"


def _reads_back(text: str, rows: list[IncomingContact]) -> bool:
    """Whether a reader of the layout finds exactly these rows in `text`."""
    return [getattr(read, "contacts", ()) for read in read_pasted(text).releases] == [tuple(rows)]


def _body(release: Release) -> list[str]:
    paragraphs = [paragraph.split("\n") for paragraph in to_paragraphs(release.body)]
    texts = ["\n".join(map(_plain, lines)) for lines in paragraphs]
    if texts:
        first, *others = paragraphs[0]
        opening = _opening(fold(release.dateline), first)
        texts[0] = "\n".join([opening, *map(_plain, others)])
    return texts


def _opening(place: str, line: str) -> str:
    """The first line of a text, behind its place if it has one."""
    if not place:
        return PLAIN + line if dateline(line) else _plain(line)
    opened = f"{place} - {line}"
    if dateline(opened) == (place, " - ", line) and not line.startswith(PLAIN):
        return opened
    return f"{place} - {PLAIN}{_plain(line)}"


def _plain(line: str) -> str:
    return PLAIN + line if reads_as_frame(line) else line


def _heading(release: Release) -> str:
    # A heading that no reader of the layout knows would leave the contacts in the text.
    if contact_heading(release.contact_heading) == (release.contact_heading, ""):
        return release.contact_heading
    return USUAL_HEADING[language_of(" ".join(to_paragraphs(release.body)))]


def _contacts(rows: list[IncomingContact]) -> list[str]:
    """One part for each row; an office that all of them share stands above them once."""
    offices = {row.office for row in rows}
    shared = len(rows) > 1 and len(offices) == 1 and rows[0].office
    parts = [rows[0].office] if shared else []
    return parts + [
        _lines(row.name, "" if shared else row.office, row.phone, row.email) for row in rows
    ]


def _marked(row: IncomingContact) -> str:
    """A row that no reader takes for anything else, whatever its words look like."""
    return _lines(PLAIN + row.name, row.office and PLAIN + row.office, row.phone, row.email)


def _lines(name: str, office: str, phone: str, email: str) -> str:
    lines = [name, office, phone and f"Tel. {phone}", email and f"Email: {email}"]
    return "\n".join(filter(None, lines))
