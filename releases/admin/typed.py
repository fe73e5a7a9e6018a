"""What somebody typed into the form of a release, read before any of it is checked, and back.

A conflict must show every word, whether or not it would pass: what cannot be understood
stays as it was typed.
"""

import math
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, QueryDict
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from contacts.models import PressContact
from contacts.text import clean_line
from releases.models import Release, ReleaseContact, Upload
from releases.versions import FIELDS, ROW, Content, Field, Kind, stored

MOST_ROWS = 1000  # Django refuses a form with more
MIDDLE = 0.5  # the crop point of who says nothing


def number(text: str) -> int | None:
    """`text` as the number of a row of the database, None where it can be none."""
    return int(text) if re.fullmatch(r"[0-9]{1,18}", text) else None


class Rows(NamedTuple):
    """How the rows of a block stand in the form: its prefix, columns, and where the order is.

    Rows with a file have an `id` and are told apart by it. Here they are their columns, what
    their file is called, and of a new one the key of its upload: no name of a stored file
    comes back from a browser.
    """

    prefix: str
    relation: str
    columns: list[str]
    place: str
    has_file: bool = False

    @property
    def cells(self) -> set[str]:
        return {*self.columns, *(FILE_CELLS if self.has_file else [])}


FILE_CELLS = ["id", "kept", "what"]
CROP = ["crop_x", "crop_y"]
SAID_OF_PICTURE = [
    "alt_ko", "alt_en", "is_decorative", "caption_ko", "caption_en", "credit", *CROP,
]  # fmt: skip

# A block of versions that is not named here goes through a conflict as it was sent.
ROWS = {
    "contacts": Rows("contacts", "contacts", ["contact", *ROW], "place"),
    "pictures": Rows("pictures", "pictures", SAID_OF_PICTURE, "place", has_file=True),
    "files": Rows("files", "files", ["title_ko", "title_en"], "place", has_file=True),
}


def as_rows(content: Content) -> Content:
    """The content of a version, its rows with files as the form has them."""
    return {
        name: [_with_file(ROWS[name], row) for row in value]
        if name in ROWS and ROWS[name].has_file
        else value
        for name, value in content.items()
    }


def _with_file(rows: Rows, row: dict[str, Any]) -> dict[str, Any]:
    what = row["name"] if "name" in row else f"{row['width']} × {row['height']}"
    return {"id": row["id"], "kept": "", "what": what} | {name: row[name] for name in rows.columns}


def typed(
    request: HttpRequest, form: forms.ModelForm, theirs: Content, base: Content | None = None
) -> Content:
    """The content that `request` would save; what its form does not hold is as in `theirs`.

    Rows with files, here and in what is given, are as in `as_rows`.
    """
    mine = dict(theirs)
    for field in FIELDS:
        if field.name in theirs and _was_sent(field, form):
            mine[field.name] = _typed_value(field, form)
    for name, rows in ROWS.items():
        if f"{rows.prefix}-TOTAL_FORMS" not in request.POST:
            continue
        if rows.has_file:
            known = [*(base or {}).get(name, []), *theirs.get(name, [])]
            mine[name] = _typed_files(rows, request, {row["id"]: row["what"] for row in known})
        else:
            mine[name] = _typed_rows(rows, request.POST)
    return mine


def added(request: HttpRequest, mine: Content, base: Content) -> Content:
    """The rows of each block of `mine` that were not there when the form was opened."""
    found = {}
    for name, rows in ROWS.items():
        if rows.has_file:
            found[name] = [row for row in mine.get(name, []) if row["id"] is None]
        elif f"{rows.prefix}-TOTAL_FORMS" in request.POST:
            new = _typed_rows(rows, request.POST, only_new=True)
            found[name] = [row for row in new if row not in (base.get(name) or [])]
    return found


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


def _starts(rows: Rows, sent: QueryDict) -> Iterator[str]:
    """What the names of each row that is not deleted begin with, in the order of the places."""
    total = number(sent.get(f"{rows.prefix}-TOTAL_FORMS", "")) or 0
    found = []
    for index in range(min(total, MOST_ROWS)):
        start = f"{rows.prefix}-{index}-"
        if f"{start}DELETE" not in sent:
            place = number(sent.get(start + rows.place, ""))
            found.append((math.inf if place is None else place, start))
    return (start for _place, start in sorted(found, key=lambda pair: pair[0]))


def _typed_rows(rows: Rows, sent: QueryDict, only_new: bool = False) -> list[dict[str, Any]]:
    found = []
    for start in _starts(rows, sent):
        if only_new and sent.get(f"{start}id"):
            continue
        row = {name: clean_line(sent.get(start + name, "")) for name in rows.columns}
        row["contact"] = number(row["contact"])
        if any(row.values()):
            found.append(_printed(row))
    return found


def _typed_files(rows: Rows, request: HttpRequest, known: dict[int, str]) -> list[dict[str, Any]]:
    sent, found = request.POST, []
    for start in _starts(rows, sent):
        row: dict[str, Any] = {"id": number(sent.get(f"{start}id", "")), "kept": "", "what": ""}
        row |= {name: clean_line(sent.get(start + name, "")) for name in rows.columns}
        if "is_decorative" in row:
            row["is_decorative"] = f"{start}is_decorative" in sent
        said = any(value for name, value in row.items() if name not in (*FILE_CELLS, *CROP))
        row |= {name: _point(row[name]) for name in CROP if name in row}
        if row["id"] is not None:
            row["what"] = known.get(row["id"], "")
        elif key := clean_line(sent.get(f"{start}kept", "")):
            upload = Upload.objects.filter(key=key, by=request.user.pk).first()
            row |= {"kept": key, "what": upload.name if upload else ""}
        if said or row["kept"] or row["id"] is not None:
            found.append(row)
    return found


def _point(text: str) -> float | str:
    """A coordinate of a crop point, as typed where it is none."""
    try:
        return float(text or MIDDLE)
    except ValueError:
        return text


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
            build = _files_as_sent if rows.has_file else _rows_as_sent
            sent.update(build(rows, release, content[name]))
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
    return sent | _frame(rows, total, len(there))


def _files_as_sent(rows: Rows, release: Release, wanted: list[dict[str, Any]]) -> dict[str, str]:
    """The rows that there are go unless they are wanted; those without an `id` come."""
    saved = {row["id"] for row in wanted}
    leaving = [
        pk for pk in getattr(release, rows.relation).values_list("pk", flat=True) if pk not in saved
    ]
    placed = sorted(enumerate(wanted, 1), key=lambda pair: pair[1]["id"] is None)
    sent: dict[str, str] = {}
    for index, (place, row) in enumerate(placed, len(leaving)):
        start = f"{rows.prefix}-{index}-"
        sent |= {f"{start}id": str(row["id"] or ""), f"{start}release": str(release.pk)}
        sent |= {f"{start}kept": row["kept"], f"{start}{rows.place}": str(place)}
        sent |= {start + name: str(row[name]) for name in rows.columns if row[name] is not False}
    for index, pk in enumerate(leaving):
        start = f"{rows.prefix}-{index}-"
        sent |= {f"{start}id": str(pk), f"{start}release": str(release.pk), f"{start}DELETE": "on"}
    initial = len(leaving) + sum(row["id"] is not None for row in wanted)
    return sent | _frame(rows, len(leaving) + len(wanted), initial)


def _frame(rows: Rows, total: int, initial: int) -> dict[str, str]:
    return {
        f"{rows.prefix}-TOTAL_FORMS": str(total),
        f"{rows.prefix}-INITIAL_FORMS": str(initial),
        f"{rows.prefix}-MIN_NUM_FORMS": "0",
        f"{rows.prefix}-MAX_NUM_FORMS": str(MOST_ROWS),
    }


# Two people's rows with files


def rebased(
    base: list[dict[str, Any]], theirs: list[dict[str, Any]], mine: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    """`mine` over what is saved now: what was not touched is as in `theirs`.

    A row that is gone from `theirs` stays gone, a new one of `theirs` comes last.
    """
    was = {row["id"]: row for row in base}
    now = {row["id"]: row for row in theirs}
    kept = [row["id"] for row in mine if row["id"] in now]
    # Who moved no row of their own follows the order of the other one.
    if kept == [row["id"] for row in base if row["id"] in kept]:
        kept = [row["id"] for row in theirs if row["id"] in kept]
    order = iter(kept)
    rows = []
    changed = {row["id"]: row for row in mine if row != was.get(row["id"])}
    for row in mine:
        if row["id"] is None:
            rows.append(row)
        elif row["id"] in now:
            pk = next(order)
            rows.append(changed.get(pk, now[pk]))
    return rows + [row for row in theirs if row["id"] not in was and row["id"] not in kept]


def removed(
    base: list[dict[str, Any]], theirs: list[dict[str, Any]], mine: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    """The rows that `mine` changed and `theirs` removed."""
    there = {row["id"] for row in theirs}
    return [
        row for row in mine if row["id"] is not None and row["id"] not in there and row not in base
    ]
