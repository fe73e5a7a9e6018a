"""A release and all that belongs to it as JSON can hold it, to be written and to be compared."""

from collections.abc import Iterable
from types import SimpleNamespace
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Field, Model, QuerySet

from contacts.text import CleanField
from releases import plain_rows, versions
from releases.fields import ExcerptField
from releases.models import (
    Attachment,
    Correction,
    OldAddress,
    Picture,
    Release,
    ReleaseContact,
    Version,
)

Record = dict[str, Any]


def is_derived(field: Field) -> bool:
    """Whether saving works out what the column `field` holds."""
    return isinstance(field, ExcerptField)


# What belongs to a release, in the order in which it is written back.
PARTS: dict[str, type[Model]] = {
    "contacts": ReleaseContact,
    "pictures": Picture,
    "files": Attachment,
    "versions": Version,
    "corrections": Correction,
    "old_addresses": OldAddress,
}
# Columns that name an account: the archive says how it is called.
BY = {"author_id": "author", "saved_by_id": "saved_by", "by_id": "by"}
# Columns that are worked out from others, here and anywhere else.
DERIVED = [field.attname for field in plain_rows.columns(Release) if is_derived(field)]
VIEWS = {"total": 0, "imported": 0}  # of a release that nobody has read


class People:
    """What accounts are called, and which accounts are called so; each is looked up once."""

    def __init__(self):
        model = get_user_model()
        pairs = list(model.objects.values_list("pk", model.USERNAME_FIELD))
        self.names, self.keys = dict(pairs), {name: pk for pk, name in pairs}


def rows_of(model: type[Model], people: People, rows: QuerySet) -> Iterable[Record]:
    """Each of `rows` by its key: its columns by name."""
    names = [BY.get(name, name) for name in plain_rows.names(model)]
    for row in plain_rows.plain_rows(model, rows):
        record = dict(zip(names, row, strict=True))
        for name in BY.values():
            if name in record:
                record[name] = people.names.get(record[name])
        for name in ("release_id", *DERIVED):
            record.pop(name, None)
        yield record


def records(pks: list[int], people: People) -> dict[int, Record]:
    """The releases `pks` and all that belongs to them; a query for each part."""
    found: dict[int, Record] = {
        row["id"]: {"release": row, **{name: [] for name in PARTS}, "views": dict(VIEWS)}
        for row in rows_of(Release, people, Release.objects.filter(pk__in=pks))
    }
    for name, model in PARTS.items():
        of = model._base_manager.filter(release__in=pks)
        whose = dict(of.values_list("pk", "release_id"))
        for row in rows_of(model, people, of):
            found[whose[row["id"]]][name].append(row)
    counters = Release.objects.filter(pk__in=pks, counter__isnull=False)
    for pk, total, imported in counters.values_list("pk", "counter__total", "counter__imported"):
        found[pk]["views"] = {"total": total, "imported": imported}
    return found


def row_from(model: type[Model], record: Record, people: People, **more: Any) -> list[Any]:
    """The columns of `model` that `record` holds, through the gates that all words go through.

    Accounts are those of this newsroom that are called the same. Raises KeyError where one lacks.
    """
    row: dict[str, Any] = {}
    for field in plain_rows.columns(model):
        name = BY.get(field.attname, field.attname)
        if is_derived(field):
            row[name] = field.pre_save(SimpleNamespace(**row), add=True)
            continue
        value = more[name] if name in more else _value(record, field, name)
        if name in BY.values():
            value = people.keys.get(value)
        if isinstance(field, CleanField) and isinstance(value, str):
            value = field.gate(value)
        if model is Version and name == "content":
            value = _clean_content(value)
        row[name] = value
    return list(row.values())


def _value(record: Record, field: Field, name: str) -> Any:
    """What `record` says; of a column that came later, what it is where nobody says."""
    if name not in record and (field.has_default() or field.null or field.blank):
        return field.get_default()
    return record[name]


def _clean_content(content: Record) -> Record:
    clean = dict(content)
    for field in versions.FIELDS:
        value = clean.get(field.name)
        if isinstance(field.column, CleanField) and isinstance(value, str):
            clean[field.name] = field.column.gate(value)
    return clean
