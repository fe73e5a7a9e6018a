"""The report of a move, to be read and kept: as text, as JSON for machines, as a page."""

import json
from collections import Counter

from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from releases.intake.saving import OUTCOMES, Outcome
from releases.models import Move

from .records import LEFT_OUT, Record

TYPES = {
    "txt": "text/plain; charset=utf-8",
    "json": "application/json; charset=utf-8",
    "html": "text/html; charset=utf-8",
}


def in_words(outcome: str) -> str:
    return _("left out") if outcome == LEFT_OUT else str(OUTCOMES[Outcome(outcome)])


def kind_in_words(kind: str) -> str:
    return {
        "post": _("post"),
        "page": _("page"),
        "release": _("release"),
        "mission": _("mission"),
        "presscontact": _("press contact"),
    }.get(kind, kind)


def report_of(move: Move, records: list[Record], kind: str) -> str:
    """What became of each item of `move`; `kind` is one of TYPES."""
    return {"txt": _as_text, "json": _as_json, "html": _as_page}[kind](move, records)


def _as_text(move: Move, records: list[Record]) -> str:
    counts = Counter(record.outcome for record in records)
    lines = [
        move.name,
        f"{move.get_task_display()}: {move.stage.label}",
        ", ".join(f"{count} {in_words(outcome)}" for outcome, count in counts.items()),
    ]
    for record in records:
        lines += ["", _headline(record)]
        if record.words is not None:
            lines.append("  " + _words(record))
        lines += [
            "  " + (_("line %(line)d: ") % {"line": line} if line else "") + message
            for line, message in record.remarks
        ]
    return "\n".join(lines) + "\n"


def _headline(record: Record) -> str:
    what = f"{kind_in_words(record.kind)} {record.number or record.line}"
    return f"{what}: {in_words(record.outcome)}: {record.title}"


def _words(record: Record) -> str:
    told = _("%(words)d words, %(on_page)d on the page") % {
        "words": record.words,
        "on_page": record.on_page,
    }
    parts = [f"{name} {number}" for name, number in record.set_aside]
    return ", ".join([told, *parts])


def _as_json(move: Move, records: list[Record]) -> str:
    report = {
        "file": move.name,
        "task": move.task,
        "stage": move.stage,
        "asked_at": move.asked_at.isoformat(),
        "ended_at": move.ended_at and move.ended_at.isoformat(),
        "counts": Counter(record.outcome for record in records),
        "items": [record.as_json() for record in records],
    }
    return json.dumps(report, ensure_ascii=False, indent=1) + "\n"


def _as_page(move: Move, records: list[Record]) -> str:
    rows = [(record, kind_in_words(record.kind), in_words(record.outcome)) for record in records]
    counts = Counter(record.outcome for record in records)
    counted = [(in_words(outcome), number) for outcome, number in counts.items()]
    context = {"move": move, "rows": rows, "counted": counted}
    return render_to_string("admin/releases/move/report.html", context)
