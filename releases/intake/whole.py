"""All or nothing: one item of an import in one transaction."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction

from releases.search import index


@contextmanager
def at_once(is_undone: bool = False) -> Iterator[None]:
    """All or nothing, and nothing in any case where it `is_undone`."""
    with transaction.atomic():
        with index.once():
            yield
        transaction.set_rollback(is_undone)
