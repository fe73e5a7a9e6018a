"""How many public releases there are: of each mission, year and month, and in all.

To count a hundred thousand takes a twentieth of a second and more, so it is done once for each
edition and process, from an index alone, and every page takes its numbers from there.
"""

from collections import Counter, defaultdict
from collections.abc import Callable

from django.db.models import Count
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from . import replica
from .kept import OnceAnEdition
from .models import Release


class Census:
    """The public releases of one edition, counted by mission, year and month."""

    def __init__(self, counted: Counter[tuple[int | None, int, int]]):
        self.by_mission: Counter[int] = Counter()  # by the key of the mission
        self.by_month: Counter[tuple[int, int]] = Counter()  # by year and month
        self._of_mission: dict[int, Counter[tuple[int, int]]] = defaultdict(Counter)
        for (mission, year, month), number in counted.items():
            self.by_month[year, month] += number
            if mission is not None:
                self.by_mission[mission] += number
                self._of_mission[mission][year, month] += number
        self.years = sorted({year for year, _month in self.by_month}, reverse=True)
        self._is_replicated = replica.is_read()
        self._shown: dict[tuple[str, str | None], SafeString] = {}

    def shown(self, name: str, make: Callable[[], SafeString]) -> SafeString:
        """What `make` gives, made once for each `name` and language: a page tells its numbers.

        It may depend on nothing but the edition and the language.
        """
        key = (name, get_language())
        if key not in self._shown:
            # A page of an edition before this one may be reading from a replica without it.
            with replica.reading(self._is_replicated):
                self._shown[key] = make()
        return self._shown[key]

    def count(
        self, mission: int | None = None, year: int | None = None, month: int | None = None
    ) -> int:
        """How many fit all that is given; `mission` is its key."""
        months = self.by_month if mission is None else self._of_mission.get(mission, {})
        return sum(
            number
            for (its_year, its_month), number in months.items()
            if year in (None, its_year) and month in (None, its_month)
        )


def _count() -> Census:
    # By day, as the index has them: to ask for years and months would be slower.
    days = Release.objects.public().order_by().values_list("mission_id", "release_date")
    counted: Counter[tuple[int | None, int, int]] = Counter()
    for mission, day, number in days.annotate(Count("pk")).iterator():
        counted[mission, day.year, day.month] += number
    return Census(counted)


census = OnceAnEdition(_count)  # of the present edition
