"""What a file of another system holds, and each of its items saved, or only tried."""

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Self, TypeVar

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from releases.archives import Archive
from releases.intake.files import UnreadableFile, read_text
from releases.intake.incoming import IncomingRelease, RefusedRelease
from releases.intake.pasted import read_pasted
from releases.intake.saving import Importer, Saved
from releases.takeout import KIND, is_takeout
from releases.takeout.reading import Brought, bring_in, items_of

from .choices import Choices
from .records import Record

KINDS = {
    "wordpress": gettext_lazy("export of WordPress"),
    "takeout": gettext_lazy("takeout of a newsroom like this one"),
    "text": gettext_lazy("releases as text"),
}

Item = TypeVar("Item")


@dataclass(frozen=True)
class Contents:
    """What a file holds, before anything is done with it."""

    kind: str  # of KINDS
    items: int
    site: str = ""  # the address of the old site
    title: str = ""
    parts: list[tuple[str, str, int]] = field(default_factory=list)  # type, status, how many
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
    return Contents("text", len(_pasted(path)))


def work_through(path: Path, kind: str, choices: Choices, dry: bool) -> Iterator[Record]:
    """Save each item of the file at `path`, and say what became of it; with `dry` keep nothing.

    Raises UnreadableFile, RefusedArchive, OSError; what was saved before stays.
    """
    if kind == "takeout":
        for brought in bring_in(path, choices.overwrite, dry):
            yield _of_takeout(brought)
        return
    importer = Importer(create_missions=choices.create_missions, overwrite=choices.overwrite)
    for release in _pasted(path):
        yield _of_text(_tried(importer.save, release) if dry else importer.save(release))


def _tried(save: Callable[[Item], Saved], item: Item) -> Saved:
    """What `save` would do with `item`: each is undone by itself, so that nobody waits for long."""
    with transaction.atomic():
        saved = save(item)
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


def _of_text(saved: Saved) -> Record:
    return Record(
        kind="release",
        number=0,
        title=saved.title,
        line=saved.line,
        outcome=saved.outcome.value,
        release=saved.release and saved.release.pk,
        remarks=[(remark.line, remark.message) for remark in saved.remarks],
    )


def _of_takeout(brought: Brought) -> Record:
    return Record(
        kind=brought.kind._meta.model_name,
        number=brought.number,
        title=brought.title,
        line=0,
        outcome=brought.outcome.value,
        release=brought.number if brought.kind._meta.model_name == "release" else None,
        remarks=[(0, brought.reason)] if brought.reason else [],
    )
