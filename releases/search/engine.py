"""What an index is made of and asked in: PostgreSQL's tsvector under GIN, SQLite's FTS5.

Both hold the same tokens and know no positions: a question is made of "and", "or", tokens and
their beginnings, so that both find the same and neither has to read a text to answer.
"""

import json
from collections.abc import Iterable, Iterator

from django.db.backends.base.base import BaseDatabaseWrapper

from .asking import All, Any, Begins, Besides, Expression, Is

TABLE = "releases_search"

# Tokens lie apart from their rows, so that walking over many rows reads few pages. PostgreSQL
# reckons without what it costs to fetch them, and would rather look at those of every release than
# ask the index: of a function it can be told.
POSTGRESQL = [
    f"CREATE TABLE {TABLE} (release_id bigint PRIMARY KEY, words tsvector NOT NULL)"
    " WITH (toast_tuple_target = 128)",
    f"CREATE FUNCTION {TABLE}_tokens(tsvector) RETURNS tsvector LANGUAGE plpgsql"
    " IMMUTABLE STRICT PARALLEL SAFE COST 200 AS 'BEGIN RETURN $1; END'",
    f"CREATE INDEX {TABLE}_words ON {TABLE} USING gin ({TABLE}_tokens(words))",
    # How often each token occurs, for the planner: of five times as many as it would keep.
    f"ALTER INDEX {TABLE}_words ALTER COLUMN 1 SET STATISTICS 500",
]
# Beginnings of a field's letter and two more are looked up at once; without, what begins with a
# common pair of syllables is gathered from many words. "ascii" takes all that is not ASCII for
# letters, whatever Unicode SQLite knows.
SQLITE = [
    f"CREATE VIRTUAL TABLE {TABLE} USING fts5"
    "(words, detail = none, columnsize = 0, prefix = 3, tokenize = \"ascii tokenchars '|^=-'\")",
]


def create(connection: BaseDatabaseWrapper) -> None:
    """Make the empty index; for its migration."""
    _run(connection, POSTGRESQL if connection.vendor == "postgresql" else SQLITE)


def drop(connection: BaseDatabaseWrapper) -> None:
    """Undo `create`."""
    _run(connection, [f"DROP TABLE {TABLE}"])
    if connection.vendor == "postgresql":
        _run(connection, [f"DROP FUNCTION {TABLE}_tokens(tsvector)"])


def _run(connection: BaseDatabaseWrapper, statements: list[str]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def put(connection: BaseDatabaseWrapper, entries: list[tuple[int, set[str]]]) -> None:
    """Let the index hold `entries`, each a release's key and its tokens, and no older ones."""
    # In one order: two that save the same releases wait for each other instead of locking up.
    rows = sorted((pk, sorted(tokens)) for pk, tokens in entries)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.executemany(
                f"INSERT INTO {TABLE} VALUES (%s, array_to_tsvector(%s::text[]))"  # nosec B608 # our own names
                " ON CONFLICT (release_id) DO UPDATE SET words = excluded.words",
                rows,
            )
            # What is new waits in a list that each search would read.
            cursor.execute(f"SELECT gin_clean_pending_list('{TABLE}_words')")
        else:
            cursor.executemany(
                f"DELETE FROM {TABLE} WHERE rowid = %s",  # nosec B608 # our own names
                [(pk,) for pk, _tokens in rows],
            )
            cursor.executemany(
                f"INSERT INTO {TABLE} (rowid, words) VALUES (%s, %s)",  # nosec B608 # our own names
                [(pk, " ".join(tokens)) for pk, tokens in rows],
            )


def remove(connection: BaseDatabaseWrapper, pks: Iterable[int]) -> None:
    """Let the index hold nothing of the releases `pks`."""
    with connection.cursor() as cursor:
        cursor.executemany(
            f"DELETE FROM {TABLE} WHERE {_key(connection)} = %s",  # nosec B608 # our own names
            [(pk,) for pk in sorted(pks)],
        )


def clear(connection: BaseDatabaseWrapper) -> None:
    """Let the index hold nothing."""
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {TABLE}")  # nosec B608 # our own names


def forget(connection: BaseDatabaseWrapper, token: str) -> None:
    """Take `token` out of every entry."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                f"UPDATE {TABLE} SET words = ts_delete(words, %s)"  # nosec B608 # our own names
                f" WHERE {TABLE}_tokens(words) @@ %s::tsquery",
                [token, f"'{token}'"],
            )
            return
        cursor.execute(f"SELECT rowid, words FROM {TABLE} WHERE {TABLE} MATCH %s", [f'"{token}"'])  # nosec B608 # our own names
        rows = [(pk, set(words.split(" ")) - {token}) for pk, words in cursor.fetchall()]
    put(connection, rows)


def held(connection: BaseDatabaseWrapper, first: int, last: int) -> Iterator[tuple[int, set[str]]]:
    """The entries of the releases with keys from `first` to `last`."""
    for pk, tokens in _entries(connection, "BETWEEN %s AND %s", [first, last]):
        yield pk, set(tokens)


def tokens_of(connection: BaseDatabaseWrapper, pks: list[int]) -> dict[int, list[str]]:
    """The tokens of the releases `pks`, sorted, in the order of `pks`."""
    which = f"IN ({', '.join(['%s'] * len(pks))})"
    found = dict(_entries(connection, which, pks)) if pks else {}
    return {pk: sorted(found[pk]) for pk in pks if pk in found}


def _entries(
    connection: BaseDatabaseWrapper, which: str, parameters: list[int]
) -> list[tuple[int, list[str]]]:
    """The keys and tokens of those releases whose key is `which`."""
    words = "tsvector_to_array(words)" if connection.vendor == "postgresql" else "words"
    key = _key(connection)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {key}, {words} FROM {TABLE} WHERE {key} {which}",  # nosec B608 # our own names
            parameters,
        )
        rows = cursor.fetchall()
    return [(pk, said.split(" ") if isinstance(said, str) else said) for pk, said in rows]


def last_key(connection: BaseDatabaseWrapper) -> int:
    """The highest key in the index, 0 where it is empty."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT max({_key(connection)}) FROM {TABLE}")  # nosec B608 # our own names
        return cursor.fetchone()[0] or 0


def _key(connection: BaseDatabaseWrapper) -> str:
    return "release_id" if connection.vendor == "postgresql" else "rowid"


def found(vendor: str, expression: Expression) -> tuple[str, list[str]]:
    """SQL that selects the keys of what `expression` asks for, and its parameters."""
    if vendor == "postgresql":
        # OFFSET 0 lets the index answer as a whole. Else the planner may look at the tokens of
        # one release after the other, which lie apart and take a hundred times as long.
        return (
            f"SELECT release_id FROM {TABLE} WHERE {TABLE}_tokens(words) @@ %s::tsquery OFFSET 0",  # nosec B608 # our own names
            [_tsquery(expression)],
        )
    return f"SELECT rowid FROM {TABLE} WHERE {TABLE} MATCH %s", [_fts5(expression)]  # nosec B608 # our own names


def rows_of(vendor: str, pks: list[int]) -> tuple[str, list[list[int] | str]]:
    """SQL that selects the keys `pks`, a row each, and its one parameter, however many they are."""
    if vendor == "postgresql":
        return "SELECT unnest(%s::bigint[])", [pks]
    return "SELECT value FROM json_each(%s)", [json.dumps(pks)]


def keys(connection: BaseDatabaseWrapper, expression: Expression, most: int) -> list[int]:
    """The keys of what `expression` asks for, in any order, `most` at most."""
    sql, parameters = found(connection.vendor, expression)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM ({sql}) AS found LIMIT {most}", parameters)  # nosec B608 # our own names
        return [pk for (pk,) in cursor.fetchall()]


# A token holds letters, digits and |^=- alone: nothing in it needs escaping within quotes.


def _tsquery(expression: Expression) -> str:
    match expression:
        case All(of):
            return "(" + " & ".join(map(_tsquery, of)) + ")"
        case Any(of):
            return "(" + " | ".join(map(_tsquery, of)) + ")"
        case Besides(of, but):
            return f"({_tsquery(of)} & !{_tsquery(but)})"
        case Begins(beginning):
            return f"'{beginning}':*"
        case Is(token):
            return f"'{token}'"


def _fts5(expression: Expression) -> str:
    match expression:
        case All(of):
            return "(" + " AND ".join(map(_fts5, of)) + ")"
        case Any(of):
            return "(" + " OR ".join(map(_fts5, of)) + ")"
        case Besides(of, but):
            return f"({_fts5(of)} NOT {_fts5(but)})"
        case Begins(beginning):
            return f'"{beginning}"*'
        case Is(token):
            return f'"{token}"'
