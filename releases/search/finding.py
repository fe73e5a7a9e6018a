"""A search in the database: whom its words stand for, what it finds, and in what order."""

from collections.abc import Iterable
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

from django.db import connections
from django.db.models import BooleanField, F, Func, Q
from django.db.models.expressions import RawSQL
from django.db.models.lookups import In
from django.utils import timezone

from contacts.models import Mission, PressContact
from contacts.text import clean_line

from . import asking, engine
from .asking import Asked, Expression, Is, Term
from .index import contact_key, mission_key
from .words import FIELDS, REST, tokens

if TYPE_CHECKING:
    from releases.querysets import ReleaseQuerySet


# Of so many the keys are named to the database, which then need not find them anew for each
# question, nor guess how many they are, nor look for them among all releases.
SOME = 3_000  # releases
# The best of so few are told from what the index holds of them, without asking it for each place.
FEW = 100  # releases


class Search:
    """What `text` asks for, and how sure of it the releases are that it is looked for in."""

    most_terms = asking.MOST_TERMS

    def __init__(self, text: str):
        self.text = clean_line(text)
        self.asked: Asked = asking.read(self.text)
        # Nothing holds the words as words of their own: what holds them across two words will do.
        self.is_doubtful = False
        self.is_bounded = False  # `within` has found SOME at most
        self._looked_in: ReleaseQuerySet | None = None  # what `within` has looked for hits in

    @property
    def is_wordless(self) -> bool:
        """Whether something was typed, and no word in it."""
        return bool(self.text) and self.asked.is_empty

    def within(self, releases: "ReleaseQuerySet") -> "ReleaseQuerySet":
        """Those of `releases` that it finds, in the order in which they are.

        Asks the index at once whether it is much that it finds, and where that may be doubtful
        whether there is anything better.
        """
        if not self.text:
            return releases
        if self.asked.is_empty:
            return releases.none()
        releases = self._besides_excluded(releases)
        if not self.asked.terms:
            return releases
        self._looked_in = releases
        found = self._filtered(releases)
        if self.asked.can_be_doubtful and not found.exists():
            self.is_doubtful = True
            found = self._filtered(releases)
        return found

    def _besides_excluded(self, releases: "ReleaseQuerySet") -> "ReleaseQuerySet":
        if not self.asked.excluded:
            return releases
        apart = asking.any_of(self.where(term, FIELDS) for term in self.asked.excluded)
        return releases.exclude(held(apart, connections[releases.db].vendor))

    def _filtered(self, releases: "ReleaseQuerySet") -> "ReleaseQuerySet":
        connection = connections[releases.db]
        everything = asking.all_of(self.where(term, FIELDS) for term in self.asked.terms)
        pks = engine.keys(connection, everything, SOME + 1)
        self.is_bounded = len(pks) <= SOME
        if not pks:
            return releases.none()
        return releases.filter(
            among(pks, connection.vendor)
            if self.is_bounded
            else held(everything, connection.vendor)
        )

    def newest_first(self, found: "ReleaseQuerySet") -> list[int]:
        """The keys of all of `found`, which `within` has given, the newest first."""
        return list(_bare(found))

    def best_of(self, db: str, pks: list[int], start: int, stop: int) -> list[int]:
        """The keys in places `start` to `stop` of `pks`, which `newest_first` has given.

        The best come first, and the newest first among equals; a total order.
        """
        connection, tiers = connections[db], self._tiers
        if len(pks) <= FEW:
            tokens = engine.tokens_of(connection, pks)
            return sorted(pks, key=lambda pk: _place(tokens.get(pk, []), tiers))[start:stop]
        best: list[int] = []
        rest = pks
        for tier in tiers:
            here = set(engine.keys(connection, tier, SOME))
            best += [pk for pk in rest if pk in here]
            rest = [pk for pk in rest if pk not in here]
            if len(best) >= stop:
                break
        return [*best, *rest][start:stop]

    def keys(self, found: "ReleaseQuerySet", start: int, stop: int) -> list[int]:
        """The keys in places `start` to `stop` of `found`, which `within` has given.

        In the order of `best_of`, for any number of them.
        """
        connection = connections[found.db]
        if self._looked_in is None:
            return list(_bare(found)[start:stop])
        # To rank thousands would be to look at each: one tier after the other is enough.
        pks: list[int] = []
        wanted, before = stop - start, start
        releases = _bare(self._looked_in)
        for tier in asking.apart(self._tiers):
            of_tier = releases.filter(held(tier, connection.vendor))
            pks += of_tier[before : before + wanted - len(pks)]
            if len(pks) == wanted:
                break
            before = 0 if pks or not before else before - of_tier.order_by().count()
        return pks

    @property
    def _tiers(self) -> list[Expression]:
        return asking.tiers(self.asked, self.where, self.is_doubtful)

    def where(self, term: Term, fields: str) -> Expression:
        """Where `term` is found in `fields`: in words, or in what a key stands for."""
        parts = [alike.expression(fields, self.is_doubtful) for alike in self.alike(term)]
        if REST in fields:
            named = term.expression(REST, self.is_doubtful)
            parts += [Is(key) for key, words in self._keys if asking.holds(named, words)]
        return asking.any_of(parts)

    def alike(self, term: Term) -> list[Term]:
        """`term`, and where it is a mission's name, the other ones: 멕시코, Mexico."""
        return [term, *self._other_names.get(term.text, ())]

    @cached_property
    def _missions(self) -> list[tuple[int, list[str]]]:
        """The key of each mission and what it is called."""
        missions = Mission.objects.values_list("pk", "name_ko", "name_en", "aliases")
        return [(pk, "\n".join(names).split("\n")) for pk, *names in missions]

    @cached_property
    def _keys(self) -> list[tuple[str, list[str]]]:
        """The key of each mission and of each entry of the directory, and the words it is for."""
        return [
            *((mission_key(pk), _tokens("\n".join(names))) for pk, names in self._missions),
            *((contact_key(pk), _tokens("\n".join(names))) for pk, names in _who_answers()),
        ]

    @cached_property
    def _other_names(self) -> dict[str, list[Term]]:
        """For each name of a mission those that it has besides."""
        found: dict[str, list[Term]] = {}
        for _pk, names in self._missions:
            called = {term.text: term for term in map(_name, names) if term.runs}
            for text in called:
                found.setdefault(text, []).extend(t for t in called.values() if t.text != text)
        return found


def _who_answers() -> Iterable[tuple[int, list[str]]]:
    """Each press contact with the names by which their releases show them today."""
    today = timezone.localdate()
    people = {
        pk: (name, left_on, successor)
        for pk, name, left_on, successor in PressContact.objects.order_by().values_list(
            "pk", "name", "left_on", "successor"
        )
    }
    for pk, (name, left_on, successor) in people.items():
        names, seen = [name], {pk}
        while left_on and left_on < today and successor in people and successor not in seen:
            seen.add(successor)
            name, left_on, successor = people[successor]
            names.append(name)
        yield pk, names


@lru_cache(maxsize=2_000)
def _name(text: str) -> Term:
    return asking.name(text)


def _place(tokens: list[str], tiers: list[Expression]) -> int:
    """Which of `tiers` is the first that holds a release with `tokens`."""
    return next((n for n, tier in enumerate(tiers) if asking.holds(tier, tokens)), len(tiers))


def _bare(releases: "ReleaseQuerySet") -> "ReleaseQuerySet":
    """The keys of `releases`, newest first."""
    bare = releases.select_related(None).prefetch_related(None)
    return bare.newest_first().values_list("pk", flat=True)


@lru_cache(maxsize=20_000)
def _tokens(names: str) -> list[str]:
    return sorted(tokens(names, REST))


def among(pks: list[int], vendor: str) -> Q:
    """The condition that a key is one of `pks`, which may be thousands."""
    sql, parameters = engine.rows_of(vendor, pks)
    return Q(In(F("pk"), RawSQL(sql, parameters)))  # nosec B611 # values are parameters


def held(expression: Expression, vendor: str) -> Q:
    """The condition that the index holds what `expression` asks for."""
    sql, parameters = engine.found(vendor, expression)
    condition = In(F("pk"), RawSQL(sql, parameters))  # nosec B611 # values are parameters
    if vendor == "postgresql":
        # A plain IN becomes a join, and one that looks for the first of many hits compares each
        # release with each hit: 20 s where the newest releases of 100,000 have none. Like this
        # the hits are found once, and each release is looked up among them.
        condition = Func(
            condition, template="(%(expressions)s) IS TRUE", output_field=BooleanField()
        )
    return Q(condition)
