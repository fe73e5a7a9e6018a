"""What the database knows of its own tables, to choose the right index."""

from django.db import connection

LOOKED_AT = 1_000  # rows of each index: some milliseconds, however many there are


def refresh(**_signal) -> None:
    """Let SQLite look at its tables anew; PostgreSQL does so by itself (autovacuum).

    Without numbers of its own SQLite takes the wrong index once there is much to read.
    """
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA analysis_limit = {LOOKED_AT}")
            cursor.execute("ANALYZE")
