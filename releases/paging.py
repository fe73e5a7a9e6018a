"""Releases page by page: their keys first, and only those of the page with what it shows."""

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet

from .models import Release
from .queries import Rows, in_their_order


class ReleasePaginator(Paginator):
    """Pages of `releases`, as they are in `rows`. There are `count`, where that is known."""

    def __init__(
        self,
        releases: QuerySet[Release],
        rows: Rows,
        per_page: int,
        count: int | None = None,
    ):
        super().__init__(releases, per_page)
        self.rows = rows
        if count is not None:
            self.count = count

    def page(self, number: int | str) -> Page:
        page = super().page(number)
        page.object_list = in_their_order(page.object_list, self.rows)
        return page
