"""A release as plain text, in the layout that `intake.pasted` reads.

Reading what is written here gives the same release back: headline, dates, place, paragraphs,
contacts and views. A link's address stands in brackets behind its words, a list item opens
with "- ": the words of the text survive, its shape does not.
"""

from contacts.bilingual import language_of
from releases.intake.layout import (
    BACK_LINK,
    PLAIN,
    USUAL_HEADING,
    contact_heading,
    reads_as_frame,
)
from releases.intake.pasted import reads_as_dateline

from .dates import posted_date
from .models import Release, ReleaseContact
from .prose import to_paragraphs


def write_release(release: Release) -> str:
    """The release in the reader's language, ending in a line feed."""
    parts = [f"({release.headline_date}) {release.title}"]
    parts += _body(release)
    if rows := release.contact_block:
        parts.append(_heading(release))
        parts += _contacts(rows)
    if release.publish_at:
        parts.append(f"Posted on {posted_date(release.publish_at)}")
    parts += [BACK_LINK, f"Views – {release.views}"]
    return "\n\n".join(parts) + "\n"


def _body(release: Release) -> list[str]:
    paragraphs = ["\n".join(map(_plain, p.split("\n"))) for p in to_paragraphs(release.body)]
    if paragraphs and (place := release.dateline):
        paragraphs[0] = f"{place} - {paragraphs[0]}"
    elif paragraphs and reads_as_dateline(paragraphs[0]):
        paragraphs[0] = PLAIN + paragraphs[0]
    return paragraphs


def _plain(line: str) -> str:
    return PLAIN + line if reads_as_frame(line) else line


def _heading(release: Release) -> str:
    # A heading that no reader of the layout knows would leave the contacts in the text.
    if contact_heading(release.contact_heading):
        return release.contact_heading
    return USUAL_HEADING[language_of(" ".join(to_paragraphs(release.body)))]


def _contacts(rows: list[ReleaseContact]) -> list[str]:
    """One part for each row; an office that all of them share stands above them once."""
    offices = {row.office for row in rows}
    shared = len(rows) > 1 and len(offices) == 1 and rows[0].office
    parts = [rows[0].office] if shared else []
    for row in rows:
        lines = [
            row.name,
            "" if shared else row.office,
            row.phone and f"Tel. {row.phone}",
            row.email and f"Email: {row.email}",
        ]
        parts.append("\n".join(filter(None, lines)))
    return parts
