"""Releases page by page: their keys first, and only those of the page with what it shows."""

from bisect import bisect_right, insort
from datetime import UTC, date, datetime

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet

from .kept import OnceAnEdition
from .models import Release
from .queries import PAGE_SIZE, Place, Rows, in_their_order, public_releases_from

STRIDE = 1_000  # releases that are passed over at most to find where a page begins
BEHIND_ALL = Place(datetime.min.replace(tzinfo=UTC), date.min, 0)


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


class PublicPages(Paginator):
    """Pages of the public releases, newest first, or of those of one mission; there are `count`.

    A page far back costs as much as the first one, once it is known where it begins.
    """

    def __init__(self, count: int, mission: int | None = None):
        super().__init__((), PAGE_SIZE)
        self.count, self.mission = count, mission

    def page(self, number: int | str) -> Page:
        number = self.validate_number(number)
        place = way(self.mission).before((number - 1) * self.per_page)
        return self._get_page(public_releases_from(place, self.mission), number, self)


class Way:
    """Where one stands in the public releases of an edition, newest first, after so many."""

    def __init__(self, mission: int | None):
        releases = Release.objects.public().newest_first()
        self._releases = releases if mission is None else releases.filter(mission=mission)
        self._places: list[tuple[int, Place]] = []  # by how many are passed

    def before(self, number: int) -> Place | None:
        """The place of the last of the `number` newest; None at the very beginning.

        One query for each STRIDE from a place that is known, none where it is known itself.
        Where there are fewer it is behind all of them.
        """
        places = self._places.copy()  # others may be adding to it
        known = bisect_right(places, number, key=lambda place: place[0])
        passed, place = places[known - 1] if known else (0, None)
        while passed < number:
            step = min(STRIDE, number - passed)
            rest = self._releases if place is None else self._releases.older_than(place)
            columns = rest.values_list(*Place._fields)[step - 1 : step]
            if not (found := columns.first()):
                return BEHIND_ALL
            passed, place = passed + step, Place(*found)
            insort(self._places, (passed, place))
        return place


way = OnceAnEdition(Way)
