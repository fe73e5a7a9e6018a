"""What a search has found: counted up to a bound, and page by page, best first."""

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.utils.functional import cached_property

from ..queries import Rows, rows_of
from .finding import FEW, Search

# Counting and paging stop here: nobody reads on, and more words find better.
MOST_FOUND = 10_000  # releases


class FoundPaginator(Paginator):
    """Pages of those of `releases` that `search` finds, `found`, as they are in `rows`.

    A page ranks keys and fetches the rows of its own alone, so a deep one costs little more.
    """

    def __init__(
        self, search: Search, found: QuerySet, releases: QuerySet, rows: Rows, per_page: int
    ):
        super().__init__(found, per_page)
        self.search, self.releases, self.rows = search, releases, rows

    @cached_property
    def _few(self) -> list[int]:
        """The keys of all that is found, best first, where that is little."""
        return self.search.keys(self.releases, self.object_list, 0, FEW)

    @cached_property
    def _counted(self) -> int:
        if self.search.is_rare:
            return len(self._few)
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
        if self.search.is_rare:
            pks = self._few[start:stop]
        else:
            pks = self.search.keys(self.releases, self.object_list, start, stop)
        rows = rows_of(pks, self.rows)
        # One of them may have been taken back in between.
        return self._get_page([rows[pk] for pk in pks if pk in rows], number, self)
