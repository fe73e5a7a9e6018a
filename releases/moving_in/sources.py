"""What the files hold that are moved in: of which kind each is, and how many items it has."""

from collections import Counter
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Self

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from releases.intake.elsewhere import Source, read_posts, source_of
from releases.intake.files import UnreadableFile, read_text
from releases.intake.pasted import Pasted, read_pasted
from releases.intake.wordpress import outline
from releases.takeout import is_takeout
from releases.takeout.reading import items_of

TAKEOUT, TEXT = "takeout", "text"
KINDS = {
    Source.WORDPRESS.value: gettext_lazy("export of WordPress"),
    Source.TABLE.value: gettext_lazy("table of releases (CSV)"),
    Source.FEED.value: gettext_lazy("feed (RSS or Atom)"),
    Source.PAGES.value: gettext_lazy("folder of saved pages"),
    TAKEOUT: gettext_lazy("takeout of a newsroom like this one"),
    TEXT: gettext_lazy("releases as text"),
}


@dataclass(frozen=True)
class Contents:
    """What a file holds, before anything is done with it."""

    kind: str  # of KINDS
    items: int
    site: str = ""  # the address of the old site
    title: str = ""
    terms: list[tuple[str, int]] = field(default_factory=list)  # name, how many posts have it

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def of(cls, stored: dict[str, Any]) -> Self | None:
        return cls(**stored) if stored else None


def kind_of(path: Path) -> str:
    """Which of KINDS is at `path`; text where it can't be told: whoever reads it says what it is.

    Raises OSError.
    """
    if path.is_file() and is_takeout(path):
        return TAKEOUT
    source = source_of(path) if path.exists() else None
    return source.value if source else TEXT


def look_into(path: Path, kind: str = "") -> Contents:
    """What the file at `path` holds, read as `kind` where that is given.

    Raises UnreadableFile, RefusedArchive, OSError.
    """
    kind = kind or kind_of(path)
    if kind == TAKEOUT:
        return Contents(kind, items_of(path))
    if kind == TEXT:
        text = pasted(path)
        return Contents(kind, len(text.releases) + bool(text.strays))
    if kind == Source.WORDPRESS:
        found = outline(path)
        return Contents(
            kind,
            found.items,
            found.address,
            found.title,
            list(found.terms.items()),
        )
    items, terms = 0, Counter()
    for post in read_posts(path, Source(kind), timezone.get_default_timezone()):
        items += 1
        terms.update(set(getattr(post, "terms", ())))
    return Contents(kind, items, terms=list(terms.items()))


def pasted(path: Path) -> Pasted:
    """The releases of a text. Raises UnreadableFile, for one that holds none as well."""
    found = read_pasted(read_text(path))
    if not found.releases:
        raise UnreadableFile(
            path,
            next((line.number for line in found.strays), 1),
            _(
                "this is no export that the newsroom knows, and no release begins here; expected "
                "a line as “(2014/9/9) headline”."
            ),
        )
    return found
