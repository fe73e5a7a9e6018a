"""What categories and tags of another site stand for: a file that says so, term by term."""

import csv
import json
from pathlib import Path

from django.utils.translation import gettext as _

from .files import UnreadableFile, read_text


def read_mapping(path: Path) -> dict[str, str]:
    """The slug of a mission for each term, "" where a term stands for none.

    As JSON, an object; else as a table of two columns, with commas. Raises UnreadableFile.
    """
    text = read_text(path)
    return _of_json(path, text) if text.lstrip().startswith("{") else _of_table(path, text)


def _of_json(path: Path, text: str) -> dict[str, str]:
    try:
        found = json.loads(text)
    except json.JSONDecodeError as error:
        raise UnreadableFile(path, error.lineno, error.msg) from error
    for term, slug in found.items():
        if not isinstance(slug, str | None):
            reason = _("“%(term)s” must stand for the address of a mission, or for nothing.")
            raise UnreadableFile(path, 1, reason % {"term": term})
    return {term: slug or "" for term, slug in found.items()}


def _of_table(path: Path, text: str) -> dict[str, str]:
    found: dict[str, str] = {}
    rows = csv.reader(text.splitlines(keepends=True), skipinitialspace=True)
    for row in rows:
        if not any(cell.strip() for cell in row):
            continue
        if len(row) != 2:
            raise UnreadableFile(path, rows.line_num, _("expected two columns: term, mission."))
        term, slug = (cell.strip() for cell in row)
        if rows.line_num == 1 and (term.lower(), slug.lower()) == ("term", "mission"):
            continue
        found[term] = slug
    return found
