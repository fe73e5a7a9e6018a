"""Queries that Django writes once, to be asked again and again with other values.

To write the SQL of a page's queries takes Django several times as long as the database takes to
answer them (a release's page: 4 ms of 7), and for every reader it would be the same SQL. Here it
is written by the usual querysets, with `Asked` where a value is still to come; what comes back
are the usual objects, `select_related` and `only` included. PostgreSQL keeps its plans as well.
"""

from collections.abc import Callable
from typing import Any

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Expression, Field, Model, QuerySet
from django.db.models.query import get_related_populators
from django.utils.functional import cached_property


class Asked(Expression):
    """Stands in a lookup for the value that a prepared query is asked with by that name."""

    def __init__(self, name: str, output_field: Field):
        super().__init__(output_field=output_field)
        self.name = name

    def as_sql(self, compiler, connection) -> tuple[str, list]:
        return "%s", [self]

    def given(self, values: dict[str, Any], connection: BaseDatabaseWrapper) -> Any:
        """Its value among `values`, as the database takes it."""
        return self.output_field.get_db_prep_value(values[self.name], connection)


class Prepared:
    """The query that `write` gives. Call it with a value for each `Asked` to have its objects."""

    def __init__(self, write: Callable[[], QuerySet]):
        self._write = write

    @cached_property
    def _written(self) -> "_Written":
        # Not at the start: there are no models yet. Should two threads do it, no harm is done.
        return _Written(self._write())

    def __call__(self, **values: Any) -> list[Model]:
        return self._written.objects(values)


class _Written:
    """SQL, and how the rows that it gives become objects: as `ModelIterable` of Django does."""

    def __init__(self, queryset: QuerySet):
        self.db = queryset.db
        compiler = queryset.query.get_compiler(self.db)
        self.sql, self.params = compiler.as_sql()
        of_model = compiler.klass_info["select_fields"]
        self.model = compiler.klass_info["model"]
        self.columns = slice(of_model[0], of_model[-1] + 1)
        self.fields = [column.target.attname for column, *_ in compiler.select[self.columns]]
        self.related = get_related_populators(compiler.klass_info, compiler.select, self.db)
        self.converters = compiler.get_converters([column for column, *_ in compiler.select])

    def objects(self, values: dict[str, Any]) -> list[Model]:
        connection = connections[self.db]
        params = [
            param.given(values, connection) if isinstance(param, Asked) else param
            for param in self.params
        ]
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql" and not connection.queries_logged:
                # Django's own puts the values into the SQL, so that the server would have to
                # read and plan it each time: longer than to answer it. A log wants them there.
                cursor.cursor = connection.Database.Cursor(connection.connection)
            cursor.execute(self.sql, params)
            rows = cursor.fetchall()
        return [self._object(list(row), connection) for row in rows]

    def _object(self, row: list, connection: BaseDatabaseWrapper) -> Model:
        for place, (converters, column) in self.converters.items():
            for convert in converters:
                row[place] = convert(row[place], column, connection)
        made = self.model.from_db(self.db, self.fields, row[self.columns])
        for related in self.related:
            related.populate(row, made)
        return made
