"""What somebody typed into the form of a release, read before any of it is checked, and back.

A conflict must show every word, whether or not it would pass: what cannot be understood
stays as it was typed.
"""

import math
import re
from typing import Any, NamedTuple

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, QueryDict
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from contacts.models import PressContact
from contacts.text import clean_line
from releases.models import Release, ReleaseContact
from releases.versions import FIELDS, ROW, Content, Field, Kind, stored

MOST_ROWS = 1000  # Django refuses a form with more


def number(text: str) -> int | None:
    """`text` as the number of a row of the database, None where it can be none."""
    return int(text) if re.fullmatch(r"[0-9]{1,18}", text) else None


class Rows(NamedTuple):
    """How the rows of a block stand in the form: its prefix, columns, and where the order is."""

    prefix: str
    relation: str
    columns: list[str]
    place: str


# A block of versions that is not named here goes through a conflict as it was sent.
ROWS = {"contacts": Rows("contacts", "contacts", ["contact", *ROW], "place")}


def typed(request: HttpRequest, form: forms.ModelForm, theirs: Content) -> Content:
    """The content that `request` would save; what its form does not hold is as in `theirs`."""
    mine = dict(theirs)
    for field in FIELDS:
        if field.name in theirs and _was_sent(field, form):
            mine[field.name] = _typed_value(field, form)
    for name, rows in ROWS.items():
        if f"{rows.prefix}-TOTAL_FORMS" in request.POST:
            mine[name] = _typed_rows(rows, request.POST)
    return mine


def _was_sent(field: Field, form: forms.ModelForm) -> bool:
    if field.name not in form.fields:
        return False
    widget, name = form.fields[field.name].widget, form.add_prefix(field.name)
    return not widget.value_omitted_from_data(form.data, form.files, name)


def _typed_value(field: Field, form: forms.ModelForm) -> Any:
    entry = form.fields[field.name]
    raw = entry.widget.value_from_datadict(form.data, form.files, form.add_prefix(field.name))
    try:
        value = entry.clean(raw)
        if field.kind in (Kind.TEXT, Kind.HTML):
            value = field.column.to_python(value)
            value = field.column.clean(value, None) if value else value
    except ValidationError:
        value = " ".join(filter(None, raw)) if isinstance(raw, list) else raw
    return stored(field, value)


def _typed_rows(rows: Rows, sent: QueryDict) -> list[dict[str, Any]]:
    total = number(sent.get(f"{rows.prefix}-TOTAL_FORMS", "")) or 0
    found = []
    for index in range(min(total, MOST_ROWS)):
        start = f"{rows.prefix}-{index}-"
        if f"{start}DELETE" in sent:
            continue
        row = {name: clean_line(sent.get(start + name, "")) for name in rows.columns}
        row["contact"] = number(row["contact"])
        if any(row.values()):
            place = number(sent.get(start + rows.place, ""))
            found.append((math.inf if place is None else place, row))
    return [_printed(row) for _place, row in sorted(found, key=lambda pair: pair[0])]


def _printed(row: dict[str, Any]) -> dict[str, Any]:
    """A row that only points to the directory prints what stands there."""
    if row["name"] or not row["contact"]:
        return row
    printed = ReleaseContact(**{name: row[name] for name in ROW})
    printed.contact = PressContact.objects.filter(pk=row["contact"]).first()
    printed.clean()
    return row | {name: getattr(printed, name) for name in ROW}


def as_sent(form: forms.ModelForm, release: Release, content: Content) -> QueryDict:
    """The form as a browser would send it to save `content` over what `release` says now."""
    sent = QueryDict(mutable=True)
    for field in FIELDS:
        if field.name not in form.fields or field.name not in content:
            continue
        widget, value = form.fields[field.name].widget, content[field.name]
        if not isinstance(widget, forms.MultiWidget):
            sent[field.name] = "" if value is None else str(value)
            continue
        for suffix, part in zip(widget.widgets_names, _day_and_time(value), strict=False):
            sent[field.name + suffix] = part
    for name, rows in ROWS.items():
        if name in content:
            sent.update(_rows_as_sent(rows, release, content[name]))
    return sent


def _day_and_time(value: str | None) -> list[str]:
    try:
        moment = parse_datetime(value or "")
    except ValueError:
        moment = None
    if moment is None or timezone.is_naive(moment):
        day, _blank, time = (value or "").partition(" ")
        return [day, time]
    moment = timezone.localtime(moment)
    return [f"{moment:%Y-%m-%d}", f"{moment:%H:%M:%S}"]


def _rows_as_sent(rows: Rows, release: Release, wanted: list[dict[str, Any]]) -> dict[str, str]:
    """Every row that there is goes and the wanted ones come, unless they are the same."""
    there = list(getattr(release, rows.relation).all())
    sent: dict[str, str] = {}
    now = [
        {"contact": row.contact_id, **{name: getattr(row, name) for name in ROW}} for row in there
    ]
    for index, (row, values) in enumerate(zip(there, now, strict=True)):
        start = f"{rows.prefix}-{index}-"
        sent |= {f"{start}id": str(row.pk), f"{start}release": str(release.pk)}
        sent |= {f"{start}{name}": str(value or "") for name, value in values.items()}
        sent[f"{start}{rows.place}"] = str(index + 1)
        if now != wanted:
            sent[f"{start}DELETE"] = "on"
    for index, values in enumerate(wanted if now != wanted else [], len(there)):
        start = f"{rows.prefix}-{index}-"
        sent |= {f"{start}id": "", f"{start}release": str(release.pk)}
        sent |= {f"{start}{name}": str(value or "") for name, value in values.items()}
        sent[f"{start}{rows.place}"] = str(index + 1)
    total = len(there) + (len(wanted) if now != wanted else 0)
    return sent | {
        f"{rows.prefix}-TOTAL_FORMS": str(total),
        f"{rows.prefix}-INITIAL_FORMS": str(len(there)),
        f"{rows.prefix}-MIN_NUM_FORMS": "0",
        f"{rows.prefix}-MAX_NUM_FORMS": str(MOST_ROWS),
    }
