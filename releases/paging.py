"""Releases page by page, without a look at the texts of those before the page.

Of some that are filtered the keys come first, and then those of the page with what it shows; the
public ones are read on from where the page begins.
"""

from bisect import bisect_right, insort
from datetime import UTC, date, datetime

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet

from . import replica
from .kept import OnceAnEdition
from .models import Release
from .queries import PAGE_SIZE, Place, Rows, in_their_order, public_releases_from

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

    A page far back costs as much as the first one, but for the first time in an edition: then the
    database passes over those before it in an index.
    """

    def __init__(self, count: int, mission: int | None = None):
        super().__init__((), PAGE_SIZE)
        self.count, self.mission = count, mission

    def page(self, number: int | str) -> Page:
        number = self.validate_number(number)
        place = way(self.mission).before((number - 1) * self.per_page)
        return self._get_page(public_releases_from(place, self.mission), number, self)


class Way:
    """Where one stands in the public releases of an edition, newest first, after so many.

    It reads from the database that it was made of, which holds that edition.
    """

    def __init__(self, mission: int | None):
        releases = Release.objects.public().newest_first()
        self._releases = releases if mission is None else releases.filter(mission=mission)
        self._is_replicated = replica.is_read()
        self._places: list[tuple[int, Place]] = []  # by how many are passed

    def before(self, number: int) -> Place | None:
        """The place of the last of the `number` newest; None at the very beginning.

        One query, of an index alone, from the nearest place that is known; none where it is that.
        Where there are fewer it is behind all of them.
        """
        places = self._places.copy()  # others may be adding to it
        known = bisect_right(places, number, key=lambda place: place[0])
        passed, place = places[known - 1] if known else (0, None)
        if passed == number:
            return place
        with replica.reading(self._is_replicated):
            rest = self._releases.all() if place is None else self._releases.older_than(place)
            last = rest.values_list(*Place._fields)[number - passed - 1 : number - passed]
            found = next(iter(last), None)
        if not found:
            return BEHIND_ALL
        insort(self._places, (number, Place(*found)))
        return Place(*found)


way = OnceAnEdition(Way)
