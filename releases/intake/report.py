"""What became of each item that was moved in, as a text, as JSON or as a page; one at a time."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self, TextIO

from django.utils.html import format_html, format_html_join
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from .moved import ADDRESS, Moved
from .saving import OUTCOMES, Outcome

ENDINGS = (".txt", ".json", ".html")
# Where words of a source stand that are not in the text of the page.
ASIDE = {
    "back_link": gettext_lazy("link back"),
    "buttons": gettext_lazy("buttons"),
    "captions": gettext_lazy("captions"),
    "contacts": gettext_lazy("contacts"),
    "date": gettext_lazy("date"),
    "dateline": gettext_lazy("dateline"),
    "embeds": gettext_lazy("addresses of films"),
    "headline": gettext_lazy("headline"),
    "labels": gettext_lazy("labels of contacts"),
    "posted": gettext_lazy("posted line"),
    "scripts": gettext_lazy("scripts, left out"),
    "shortcodes": gettext_lazy("shortcodes"),
    "views": gettext_lazy("views line"),
}


ITEMS = {
    "post": gettext_lazy("post"),
    "page": gettext_lazy("page"),
    "attachment": gettext_lazy("picture or file"),
    "release": gettext_lazy("release"),
    "mission": gettext_lazy("mission"),
    "presscontact": gettext_lazy("press contact"),
    ADDRESS: gettext_lazy("old address"),
}


def kind_in_words(kind: str) -> str:
    """What an item is; what only the old site has a name for is called that."""
    return str(ITEMS.get(kind, kind))


@dataclass
class Tally:
    """How many items met which fate, and how many words there were in all."""

    items: Counter[Outcome] = field(default_factory=Counter)
    addresses: Counter[Outcome] = field(default_factory=Counter)
    source: int = 0  # words of what came, in the source
    text: int = 0  # of them in the texts
    here: int = 0  # on our pages, with those that ours add
    aside: Counter[str] = field(default_factory=Counter)

    def add(self, moved: Moved, times: int = 1) -> None:
        """Count `moved`; -1 `times` takes it out again."""
        (self.addresses if moved.kind == ADDRESS else self.items)[moved.outcome] += times
        if moved.words and moved.outcome != Outcome.REFUSED:
            self.source += times * moved.words.source
            self.text += times * moved.words.page
            self.here += times * moved.here
            self.aside.update({kind: times * n for kind, n in moved.words.set_aside})

    @property
    def refused(self) -> int:
        return self.items[Outcome.REFUSED] + self.addresses[Outcome.REFUSED]

    def lines(self) -> Iterator[str]:
        """All of it in a few lines for a person."""
        yield told(self.items) or _("nothing imported")
        if self.source:
            yield _words_told(self.source, self.text, self.aside, self.here)
        if self.addresses:
            yield _("old addresses of no post: %(counts)s") % {"counts": told(self.addresses)}


def told(counts: Counter[Outcome]) -> str:
    """How many met which fate: "5 created, 1 refused"; "" for none."""
    return ", ".join(f"{counts[each]} {OUTCOMES[each]}" for each in Outcome if counts[each])


class Report:
    """Writes a report to `path`, as its ending says; it is there once it is whole.

    Raises ValueError for another ending, OSError where it can't be written.
    """

    def __init__(self, path: Path):
        if path.suffix not in ENDINGS:
            raise ValueError(path.suffix)
        self.path, self._unfinished = path, path.with_name(f".{path.name}.unfinished")
        self._write = {".txt": _Text, ".json": _Json, ".html": _Page}[path.suffix]

    def __enter__(self) -> Self:
        self._file = self._unfinished.open("w", encoding="utf-8", errors="backslashreplace")
        self._format = self._write(self._file)
        return self

    def add(self, moved: Moved) -> None:
        self._format.add(moved)

    def finish(self, tally: Tally) -> None:
        self._format.finish(tally)
        self._file.close()
        self._unfinished.replace(self.path)

    def __exit__(self, *_error) -> None:
        self._file.close()
        self._unfinished.unlink(missing_ok=True)


def words_told(moved: Moved) -> str:
    """Where the words of an item went; "" for no words."""
    words = moved.words
    if not words:
        return ""
    return _words_told(words.source, words.page, dict(words.set_aside), moved.here)


def _words_told(source: int, text: int, aside: Mapping[str, int], here: int) -> str:
    """What adds up, and how many there are now: "words: 120 = text 112, contacts 8; here 115"."""
    parts = [f"{_('text')} {text}"]
    parts += [f"{ASIDE.get(kind, kind)} {count}" for kind, count in sorted(aside.items())]
    told = _("words: %(source)d = %(parts)s; on our page %(here)d")
    return told % {"source": source, "parts": ", ".join(parts), "here": here}


class _Text:
    def __init__(self, file: TextIO):
        self.file = file

    def add(self, moved: Moved) -> None:
        self.file.write(line_of(moved) + "\n")
        for line in filter(None, (moved.address, words_told(moved))):
            self.file.write(f"    {line}\n")
        for remark in moved.remarks:
            self.file.write(f"    {remark.message}\n")

    def finish(self, tally: Tally) -> None:
        self.file.writelines(f"{line}\n" for line in tally.lines())


def line_of(moved: Moved) -> str:
    """One line that names an item and its fate."""
    about = {
        "line": moved.line,
        "kind": kind_in_words(moved.kind),
        "number": moved.number,
        "outcome": OUTCOMES[moved.outcome],
        "title": moved.title,
    }
    if moved.kind == ADDRESS:
        return _("address: %(outcome)s: %(title)s") % about
    if not moved.number:
        return _("line %(line)d: %(outcome)s: %(title)s") % about
    if not moved.line:
        return _("%(kind)s %(number)d: %(outcome)s: %(title)s") % about
    return _("line %(line)d: %(outcome)s: %(kind)s %(number)d: %(title)s") % about


class _Json:
    def __init__(self, file: TextIO):
        self.file, self.before = file, '{"items": [\n'

    def add(self, moved: Moved) -> None:
        self.file.write(self.before + json.dumps(as_json(moved), ensure_ascii=False))
        self.before = ",\n"

    def finish(self, tally: Tally) -> None:
        said = {
            "items": dict(tally.items),
            "addresses": dict(tally.addresses),
            "words": {
                "source": tally.source,
                "page": tally.text,
                "aside": dict(tally.aside),
                "here": tally.here,
            },
        }
        opening = self.before if self.before.startswith("{") else ""
        self.file.write(f'{opening}\n],\n"summary": {json.dumps(said, ensure_ascii=False)}}}\n')


def as_json(moved: Moved) -> dict[str, Any]:
    """An item as JSON can hold it; names that stay the same in every language."""
    words = moved.words and {
        "source": moved.words.source,
        "page": moved.words.page,
        "aside": dict(moved.words.set_aside),
        "lost": list(moved.words.lost),
        "here": moved.here,
    }
    return {
        "outcome": moved.outcome.value,
        "state": moved.state and moved.state.value,
        "kind": moved.kind,
        "number": moved.number,
        "title": moved.title,
        "line": moved.line,
        "release": moved.release,
        "address": moved.address,
        "words": words,
        "remarks": [{"line": each.line, "message": each.message} for each in moved.remarks],
    }


HEAD = """<!doctype html>
<html lang="{}">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{}</title>
<style>
body {{ font: 1rem/1.5 system-ui, sans-serif; margin: 1rem; color-scheme: light dark; }}
table {{ border-collapse: collapse; width: 100%; }}
th, td {{ border: 1px solid; padding: .25rem .5rem; text-align: start; vertical-align: top; }}
td {{ overflow-wrap: anywhere; }}
td:nth-child(-n + 2) {{ overflow-wrap: normal; }}
td:last-child {{ min-width: 12rem; }}
@media (max-width: 48rem) {{
  thead {{ position: absolute; clip-path: inset(50%); }}
  tbody, tr, th, td {{ display: block; border-width: 0; }}
  tr {{ border-bottom: 1px solid; padding: .5rem 0; }}
}}
</style>
<h1>{}</h1>
<table>
<thead><tr>
<th scope="col">{}
<th scope="col">{}
<th scope="col">{}
<th scope="col">{}
<th scope="col">{}
<tbody>
"""


class _Page:
    def __init__(self, file: TextIO):
        self.file = file
        title = _("What became of each item")
        columns = (_("Line"), _("Outcome"), _("Item"), _("Words"), _("Remarks"))
        self.file.write(format_html(HEAD, get_language(), title, title, *columns))

    def add(self, moved: Moved) -> None:
        remarks = format_html_join("", "<div>{}</div>", ((r.message,) for r in moved.remarks))
        address = format_html("<br>{}", moved.address) if moved.address else ""
        self.file.write(
            format_html(
                "<tr><td>{}<td>{}<td>{} {}: {}{}<td>{}<td>{}\n",
                moved.line or "",
                OUTCOMES[moved.outcome],
                kind_in_words(moved.kind),
                moved.number or "",
                moved.title,
                address,
                words_told(moved),
                remarks,
            )
        )

    def finish(self, tally: Tally) -> None:
        lines = format_html_join("", "<p>{}</p>\n", ((line,) for line in tally.lines()))
        self.file.write(format_html("</table>\n{}</html>\n", lines))
