"""Queries that Django writes once, to be asked again and again with other values.

To write the SQL of a page's queries takes Django several times as long as the database takes to
answer them (a release's page: 4 ms of 7), and for every reader it would be the same SQL. Here it
is written by the usual querysets, with `Asked` where a value is still to come; what comes back
are the usual objects, `select_related`, `only` and `annotate` included. PostgreSQL keeps
its plans as well.
"""

from collections.abc import Callable
from functools import cache
from typing import Any

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Expression, Field, JSONField, Model, QuerySet
from django.db.models.base import ModelState
from django.db.models.query import get_related_populators
from django.db.models.signals import post_init, pre_init

from . import replica


class Asked(Expression):
    """Stands in a lookup for the value that a prepared query is asked with by that name."""

    def __init__(self, name: str, output_field: Field):
        super().__init__(output_field=output_field)
        self.name = name

    def as_sql(self, compiler, connection) -> tuple[str, list]:
        return "%s", [self]


class Prepared:
    """The query that `write` gives. Call it with a value for each `Asked` to have its objects."""

    def __init__(self, write: Callable[[], QuerySet]):
        self._write = write
        self._written: dict[str, _Written] = {}  # by the database that is asked

    def __call__(self, **values: Any) -> list[Model]:
        source = replica.source()
        if (written := self._written.get(source)) is None:
            # Not at the start: there are no models yet. Should two threads do it, no harm is done.
            written = self._written[source] = _Written(self._write())
        return written.objects(values)


def made(model: type[Model], db: str, fields: list[str], values: list) -> Model:
    """What `model.from_db(db, fields, values)` gives.

    It looks at each other field whether it was asked for: that takes five times as long, and
    there are forty rows on a page.
    """
    if _is_watched(model):
        return model.from_db(db, fields, values)
    one = model.__new__(model)
    one._state = ModelState()
    one._state.adding, one._state.db = False, db
    one.__dict__.update(zip(fields, values, strict=True))
    return one


@cache
def _is_watched(model: type[Model]) -> bool:
    """Whether somebody wants to know of each object that is made."""
    return any(signal.has_listeners(model) for signal in (pre_init, post_init))


class _Written:
    """SQL, and how the rows that it gives become objects: as `ModelIterable` of Django does."""

    def __init__(self, queryset: QuerySet):
        self.db = queryset.db
        compiler = queryset.query.get_compiler(self.db)
        sql, params = compiler.as_sql()
        # By name, for most values stand in several places and are sent once.
        names = [
            param.name if isinstance(param, Asked) else f"_{n}" for n, param in enumerate(params)
        ]
        self.sql = sql.replace("%%", "%%%%") % tuple(f"%({name})s" for name in names)
        given = dict(zip(names, params, strict=True))
        self.asked = {name: of for name, of in given.items() if isinstance(of, Asked)}
        self.fixed = {name: of for name, of in given.items() if not isinstance(of, Asked)}
        of_model = compiler.klass_info["select_fields"]
        self.model = compiler.klass_info["model"]
        self.columns = slice(of_model[0], of_model[-1] + 1)
        self.fields = [column.target.attname for column, *_ in compiler.select[self.columns]]
        # Numbers and times need not be read from text then; JSON would not come as Django wants it.
        fields = [column.field for column, *_ in compiler.select]
        self.is_binary = not any(isinstance(field, JSONField) for field in fields)
        self.related = get_related_populators(compiler.klass_info, compiler.select, self.db)
        self.annotations = list(compiler.annotation_col_map.items())
        self.converters = compiler.get_converters([column for column, *_ in compiler.select])

    def objects(self, values: dict[str, Any]) -> list[Model]:
        connection = connections[self.db]
        params = self.fixed | {
            name: asked.output_field.get_db_prep_value(values[name], connection)
            for name, asked in self.asked.items()
        }
        rows = self._rows(params, connection)
        return [self._object(list(row), connection) for row in rows]

    def _rows(self, params: dict[str, Any], connection: BaseDatabaseWrapper) -> list[tuple]:
        is_watched = connection.queries_logged or connection.execute_wrappers
        if connection.vendor != "postgresql" or is_watched:
            with connection.cursor() as cursor:
                cursor.execute(self.sql, params)
                return cursor.fetchall()
        # Django's own cursor puts the values into the SQL, so that the server would have to read
        # and plan it each time: longer than to answer it. Who watches wants them there.
        connection.close_if_health_check_failed()
        connection.ensure_connection()
        cursor = connection.Database.Cursor(connection.connection)
        with connection.wrap_database_errors:
            cursor.execute(self.sql, params, binary=self.is_binary)
            return cursor.fetchall()

    def _object(self, row: list, connection: BaseDatabaseWrapper) -> Model:
        for place, (converters, column) in self.converters.items():
            for convert in converters:
                row[place] = convert(row[place], column, connection)
        found = made(self.model, self.db, self.fields, row[self.columns])
        for related in self.related:
            related.populate(row, found)
        for name, place in self.annotations:
            setattr(found, name, row[place])
        return found
