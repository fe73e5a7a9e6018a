"""Ways on for somebody whose search has found nothing."""

import re
from typing import NamedTuple

from django.http import QueryDict

from .pages import MOST_FOUND

MOST_WORDS = 6  # that are tried without
_PIECES = re.compile(r'-?"[^"]*"?|\S+')


class WayOn(NamedTuple):
    """A question with one thing less, and how many releases fit it."""

    left_out: str  # the name of a filter: "q", "mission", "year" or "month"
    word: str  # where one word of the search is left out, else ""
    query: str
    number: int

    @property
    def shown(self) -> int:
        return min(self.number, MOST_FOUND)

    @property
    def is_more(self) -> bool:
        return self.number > MOST_FOUND


def ways_on(listing) -> list[WayOn]:
    """What `listing`, a filter of releases, would show with one filter or word less.

    Those that would show nothing either are left out. One count each.
    """
    asked = {name: listing.data[name] for name in listing.form.changed_data}
    ways = []
    for name in asked:
        if len(asked) > 1:
            ways.append((name, "", {key: value for key, value in asked.items() if key != name}))
    pieces = _PIECES.findall(listing.search.text)
    for i, piece in enumerate(pieces[:MOST_WORDS]):
        if len(pieces) > 1:
            rest = " ".join(pieces[:i] + pieces[i + 1 :])
            ways.append(("q", piece, asked | {"q": rest}))
    found = []
    for name, word, query in ways:
        fits = type(listing)(query, queryset=listing.queryset, request=listing.request).qs
        number = fits.order_by().values("pk")[: MOST_FOUND + 1].count()
        if number:
            data = QueryDict(mutable=True)
            data.update(query)
            found.append(WayOn(name, word, data.urlencode(), number))
    return found
