"""Rows as JSON can hold them, and back: exactly what is stored, on either database.

Nothing is cleaned, no time is set anew and no signal is sent: whoever writes rows here sees to
the search and to the edition by themselves.
"""

from base64 import b64decode, b64encode
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Field, Model, QuerySet
from django.utils.dateparse import parse_duration
from django.utils.duration import duration_iso_string

BATCH = 500  # rows written at once
NUL, INSTEAD = "\0", "\ufffd"  # PostgreSQL can't hold the one


@contextmanager
def one_state() -> Iterator[None]:
    """Let all that is read inside be of one moment, while others write.

    On SQLite a reader in a transaction sees what was there when it began to read, as long as it
    asks for no right to write.
    """
    connection.ensure_connection()
    if connection.vendor == "postgresql":
        with transaction.atomic(durable=True):
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            yield
        return
    mode, connection.transaction_mode = connection.transaction_mode, "DEFERRED"
    try:
        with transaction.atomic(durable=True):
            yield
    finally:
        connection.transaction_mode = mode


def _moment(value: datetime) -> str:
    return value.astimezone(UTC).isoformat()


# What JSON can't hold, by Django's name for it: how it is written, and read again.
KINDS: dict[str, tuple[Callable[[Any], str], Callable[[str], Any]]] = {
    "DateTimeField": (_moment, datetime.fromisoformat),
    "DateField": (date.isoformat, date.fromisoformat),
    "TimeField": (time.isoformat, time.fromisoformat),
    "DurationField": (duration_iso_string, parse_duration),
    "DecimalField": (str, Decimal),
    "UUIDField": (str, UUID),
    "BinaryField": (lambda value: b64encode(bytes(value)).decode(), b64decode),
}


def columns(model: type[Model]) -> list[Field]:
    """The columns of `model` that hold something of their own."""
    return [field for field in model._meta.concrete_fields if not field.generated]


def names(model: type[Model]) -> list[str]:
    """What those columns are called."""
    return [field.attname for field in columns(model)]


def plain_rows(model: type[Model], rows: QuerySet | None = None) -> Iterator[list[Any]]:
    """Each of `rows` (default all) by its key: its columns, as JSON can hold them."""
    found = model._base_manager.all() if rows is None else rows
    write = [(place, how[0]) for place, how in _kinds(columns(model))]
    values = found.order_by("pk").values_list(*names(model))
    for row in values.iterator(chunk_size=BATCH):
        plain = list(row)
        for place, how in write:
            if plain[place] is not None:
                plain[place] = how(plain[place])
        yield plain


def insert(model: type[Model], rows: Iterable[list[Any]], given: list[str] | None = None) -> int:
    """Write `rows`, each the columns `given` (default all), as `plain_rows` gives them.

    Returns how many texts held what this database can't: it is replaced there by U+FFFD.
    """
    by_name = {field.attname: field for field in columns(model)}
    fields = [by_name[name] for name in given or names(model)]
    quote = connection.ops.quote_name
    sql = "INSERT INTO {} ({}) VALUES ({})".format(  # nosec B608 # our own names
        quote(model._meta.db_table),
        ", ".join(quote(field.column) for field in fields),
        ", ".join(["%s"] * len(fields)),
    )
    read = [(place, how[1]) for place, how in _kinds(fields)]
    mended = 0

    def stored(row: list[Any]) -> list[Any]:
        nonlocal mended
        for place, how in read:
            if row[place] is not None:
                row[place] = how(row[place])
        if connection.vendor == "postgresql":
            for place, value in enumerate(row):
                if isinstance(value, (str, list, dict)):
                    row[place], changed = _fit(value)
                    mended += changed
        return [
            field.get_db_prep_save(value, connection)
            for field, value in zip(fields, row, strict=True)
        ]

    with connection.cursor() as cursor:
        batch: list[list[Any]] = []
        for row in rows:
            batch.append(stored(list(row)))
            if len(batch) == BATCH:
                cursor.executemany(sql, batch)
                batch = []
        if batch:
            cursor.executemany(sql, batch)
    return mended


def values(model: type[Model], row: list[Any]) -> dict[str, Any]:
    """A row that `plain_rows` gave, as Django has it: values by the name of their column."""
    restored = list(row)
    for place, how in _kinds(columns(model)):
        if restored[place] is not None:
            restored[place] = how[1](restored[place])
    return dict(zip(names(model), restored, strict=True))


def _kinds(fields: list[Field]) -> Iterator[tuple[int, tuple]]:
    """Places of columns that JSON can't hold as they are, and how they are written and read."""
    for place, field in enumerate(fields):
        while field.remote_field:
            field = field.target_field
        if how := KINDS.get(field.get_internal_type()):
            yield place, how


def _fit(value: Any) -> tuple[Any, bool]:
    """`value` as PostgreSQL can hold it, and whether something was replaced in it."""
    match value:
        case str():
            fit = value.replace(NUL, INSTEAD)
            if not fit.isascii():
                fit = fit.encode("utf-8", "surrogatepass").decode("utf-8", "replace")
            return fit, fit != value
        case list():
            parts = [_fit(part) for part in value]
            return [part for part, _changed in parts], any(changed for _part, changed in parts)
        case dict():
            pairs = [(_fit(key), _fit(part)) for key, part in value.items()]
            fit = {key: part for (key, _k), (part, _p) in pairs}
            return fit, any(k or p for (_key, k), (_part, p) in pairs)
    return value, False


# Keys that were given once are never given again: what outlives a deleted release, its views or
# its share links, must not become another's.


def last_key(model: type[Model]) -> int:
    """The highest key that the database has given to a row of `model`, be it gone; 0 for none."""
    if not model._meta.auto_field:
        return 0
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            name = _sequence(cursor, model)
            cursor.execute(f"SELECT last_value, is_called FROM {name}")  # nosec B608 # our own name
            value, is_called = cursor.fetchone()
            return value if is_called else 0
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [model._meta.db_table])
        row = cursor.fetchone()
        return row[0] if row else 0


def go_on_after(model: type[Model], key: int = 0) -> None:
    """Give new rows of `model` keys above `key`, above those that are there, and never lower ones.

    PostgreSQL moves its counter at once, whatever becomes of the transaction.
    """
    if not model._meta.auto_field:
        return
    table, column = model._meta.db_table, model._meta.auto_field.column
    quote = connection.ops.quote_name
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT max({quote(column)}) FROM {quote(table)}")  # nosec B608 # our own names
        key = max(key, last_key(model), cursor.fetchone()[0] or 0)
        if not key:
            return
        if connection.vendor == "postgresql":
            cursor.execute("SELECT setval(%s, %s)", [_sequence(cursor, model), key])
            return
        cursor.execute("UPDATE sqlite_sequence SET seq = %s WHERE name = %s", [key, table])
        if not cursor.rowcount:
            cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [table, key])


def _sequence(cursor, model: type[Model]) -> str:
    quote = connection.ops.quote_name
    cursor.execute(
        "SELECT pg_get_serial_sequence(%s, %s)",
        [quote(model._meta.db_table), model._meta.auto_field.column],
    )
    return cursor.fetchone()[0]
