"""What a search has found: counted up to a bound, and page by page, best first."""

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.utils.functional import cached_property

from ..queries import Rows, rows_of
from .finding import Search

# Counting and paging stop here: nobody reads on, and more words find better.
MOST_FOUND = 10_000  # releases


class FoundPaginator(Paginator):
    """Pages of what `search` has `found`, as it is in `rows`.

    A page ranks keys and fetches the rows of its own alone, so a deep one costs little more.
    """

    def __init__(self, search: Search, found: QuerySet, rows: Rows, per_page: int):
        super().__init__(found, per_page)
        self.search, self.rows = search, rows

    @cached_property
    def _all(self) -> list[int]:
        """The keys of all that is found, newest first, where that is bounded."""
        return self.search.newest_first(self.object_list)

    @cached_property
    def _counted(self) -> int:
        if self.search.is_bounded:
            return len(self._all)
        return self.object_list.order_by().values("pk")[: MOST_FOUND + 1].count()

    @property
    def count(self) -> int:
        return min(self._counted, MOST_FOUND)

    @property
    def is_more(self) -> bool:
        """Whether there are more than are counted."""
        return self._counted > MOST_FOUND

    def page(self, number: int | str) -> Page:
        number = self.validate_number(number)
        start = (number - 1) * self.per_page
        stop = min(start + self.per_page, self.count)
        if self.search.is_bounded:
            pks = self.search.best_of(self.object_list.db, self._all, start, stop)
        else:
            pks = self.search.keys(self.object_list, start, stop)
        rows = rows_of(pks, self.rows)
        # One of them may have been taken back in between.
        return self._get_page([rows[pk] for pk in pks if pk in rows], number, self)
