"""A search in the database: whom its words stand for, what it finds, and in what order."""

from collections.abc import Iterable
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

from django.db import connections
from django.db.models import Case, Q, SmallIntegerField, Value, When
from django.db.models.expressions import RawSQL
from django.utils import timezone

from contacts.models import Mission, PressContact
from contacts.text import clean_line

from . import asking, engine
from .asking import Asked, Expression, Is, Term
from .index import contact_key, mission_key
from .words import FIELDS, REST, tokens

if TYPE_CHECKING:
    from releases.querysets import ReleaseQuerySet


class Search:
    """What `text` asks for, and how sure of it the releases are that it is looked for in."""

    def __init__(self, text: str):
        self.text = clean_line(text)
        self.asked: Asked = asking.read(self.text)
        # Nothing holds the words as words of their own: what holds them across two words will do.
        self.is_doubtful = False

    def within(self, releases: "ReleaseQuerySet") -> "ReleaseQuerySet":
        """Those of `releases` that it finds, in the order in which they are.

        Asks the database once where there may be a doubtful hit and no better one.
        """
        if not self.text:
            return releases
        if self.asked.is_empty:
            return releases.none()
        vendor = connections[releases.db].vendor
        if self.asked.excluded:
            apart = asking.any_of(self.where(term, FIELDS) for term in self.asked.excluded)
            releases = releases.exclude(_held(apart, vendor))
        if not self.asked.terms:
            return releases
        found = releases.filter(_held(self._everything(), vendor))
        if self.asked.can_be_doubtful and not found.exists():
            self.is_doubtful = True
            found = releases.filter(_held(self._everything(), vendor))
        return found

    def ranked(self, found: "ReleaseQuerySet") -> "ReleaseQuerySet":
        """What `within` has found, best first and newest first among equals; a total order."""
        if not self.asked.terms:
            return found.newest_first()
        vendor = connections[found.db].vendor
        better = asking.tiers(self.asked, self.where, self.is_doubtful)[:-1]
        tier = Case(
            *(When(_held(tier, vendor), then=Value(n)) for n, tier in enumerate(better)),
            default=Value(len(better)),
            output_field=SmallIntegerField(),
        )
        order = ("-publish_at", "-release_date", "-pk")
        return found.order_by(tier, *order) if better else found.order_by(*order)

    def where(self, term: Term, fields: str) -> Expression:
        """Where `term` is found in `fields`: in words, or in what a key stands for."""
        expression = term.expression(fields, self.is_doubtful)
        if REST not in fields:
            return expression
        named = term.expression(REST, self.is_doubtful)
        keys = (key for key, words in self._names if asking.holds(named, words))
        return asking.any_of([expression, *map(Is, keys)])

    def _everything(self) -> Expression:
        return asking.all_of(self.where(term, FIELDS) for term in self.asked.terms)

    @cached_property
    def _names(self) -> list[tuple[str, frozenset[str]]]:
        """Tokens of what each mission and each entry of the directory is called, by its key."""
        missions = Mission.objects.values_list("pk", "name_ko", "name_en", "aliases")
        named = [(mission_key(pk), _tokens("\n".join(names))) for pk, *names in missions]
        return named + [(contact_key(pk), _tokens("\n".join(n))) for pk, n in _who_answers()]


def _who_answers() -> Iterable[tuple[int, list[str]]]:
    """Each press contact with the names by which their releases show them today."""
    today = timezone.localdate()
    people = {
        pk: (name, left_on, successor)
        for pk, name, left_on, successor in PressContact.objects.values_list(
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


@lru_cache(maxsize=20_000)
def _tokens(names: str) -> frozenset[str]:
    return frozenset(tokens(names, REST))


def _held(expression: Expression, vendor: str) -> Q:
    sql, parameters = engine.found(vendor, expression)
    return Q(pk__in=RawSQL(sql, parameters))
