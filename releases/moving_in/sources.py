"""What a file of another system holds, and each of its items saved, or only tried."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Self

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from releases.archives import Archive
from releases.intake.elsewhere import Source, read_posts, source_of
from releases.intake.files import UnreadableFile, read_text
from releases.intake.incoming import IncomingRelease, RefusedRelease, Remark
from releases.intake.media import media_from
from releases.intake.moving import Moved, Mover, UnknownMission, terms_of
from releases.intake.pasted import read_pasted
from releases.intake.saving import Importer, Saved
from releases.intake.wordpress import outline
from releases.takeout import KIND, is_takeout
from releases.takeout.reading import Brought, bring_in, items_of

from .choices import Choices

KINDS = {
    Source.WORDPRESS.value: gettext_lazy("export of WordPress"),
    Source.TABLE.value: gettext_lazy("table of releases (CSV)"),
    Source.FEED.value: gettext_lazy("feed (RSS or Atom)"),
    Source.PAGES.value: gettext_lazy("folder of saved pages"),
    "takeout": gettext_lazy("takeout of a newsroom like this one"),
    "text": gettext_lazy("releases as text"),
}


class WrongChoice(Exception):
    """What is wanted is not there (any more); the text says what."""


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


def look_into(path: Path) -> Contents:
    """What the file at `path` holds. Raises UnreadableFile, RefusedArchive, OSError."""
    if path.is_file() and is_takeout(path):
        with Archive(path, KIND) as archive:
            return Contents("takeout", items_of(archive))
    source = source_of(path)
    if source == Source.WORDPRESS:
        found = outline(path)
        return Contents(
            source.value,
            found.items,
            found.address,
            found.title,
            list(found.terms.items()),
        )
    if source:
        items, terms = 0, Counter()
        for post in read_posts(path, source, timezone.get_default_timezone()):
            items += 1
            terms.update(set(getattr(post, "terms", ())))
        return Contents(source.value, items, terms=list(terms.items()))
    return Contents("text", len(_pasted(path)))


def work_through(path: Path, kind: str, choices: Choices, dry: bool) -> Iterator[Moved]:
    """Save each item of the file at `path`, and say what became of it; with `dry` keep nothing.

    Raises UnreadableFile, RefusedArchive, WrongChoice, OSError; what was saved before stays.
    """
    if kind in list(Source):
        zone = timezone.get_default_timezone()
        incoming = read_posts(path, Source(kind), zone, with_pages=choices.with_pages)
        yield from _mover(choices, dry).move_all(incoming)
        return
    if kind == "takeout":
        yield from map(_of_takeout, bring_in(path, choices.overwrite, dry))
        return
    importer = Importer(create_missions=choices.create_missions, overwrite=choices.overwrite)
    for release in _pasted(path):
        yield _of_text(_tried(importer, release) if dry else importer.save(release))


def _mover(choices: Choices, dry: bool) -> Mover:
    try:
        media = media_from(str(choices.media_from)) if choices.media else None
        terms = terms_of(choices.missions)
    except NotADirectoryError as error:
        raise WrongChoice(_("the folder %(path)s is not there.") % {"path": error}) from error
    except UnknownMission as error:
        told = _("no mission has the address “%(slug)s” (any more).")
        raise WrongChoice(told % {"slug": error}) from error
    return Mover(
        media,
        terms,
        create_missions=choices.create_missions,
        overwrite=choices.overwrite,
        dry_run=dry,
    )


def _tried(importer: Importer, release: IncomingRelease | RefusedRelease) -> Saved:
    """What `importer` would do with it: each is undone by itself, so that nobody waits for long."""
    with transaction.atomic():
        saved = importer.save(release)
        transaction.set_rollback(True)
    return saved


def _pasted(path: Path) -> list[IncomingRelease | RefusedRelease]:
    pasted = read_pasted(read_text(path))
    if not pasted.releases:
        raise UnreadableFile(
            path,
            next((line.number for line in pasted.strays), 1),
            _("this is no export that the newsroom knows, and no release begins here."),
        )
    return pasted.releases


def _of_text(saved: Saved) -> Moved:
    return Moved(
        saved.outcome,
        "release",
        0,
        saved.title,
        saved.line,
        saved.release.pk if saved.release else None,
        remarks=saved.remarks,
        state=saved.release.state if saved.release else None,
    )


def _of_takeout(brought: Brought) -> Moved:
    kind = brought.kind._meta.model_name
    return Moved(
        brought.outcome,
        kind,
        brought.number,
        brought.title,
        0,
        brought.number if kind == "release" else None,
        remarks=(Remark(0, brought.reason),) if brought.reason else (),
    )
