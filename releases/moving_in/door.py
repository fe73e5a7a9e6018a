"""The one way in: each item of a file saved, or only tried, whatever kind of file that is."""

from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from releases.intake.columns import words_on_page
from releases.intake.elsewhere import Source, read_posts
from releases.intake.files import read_text
from releases.intake.incoming import IncomingRelease, RefusedRelease, Remark
from releases.intake.lines import Line
from releases.intake.media import media_from
from releases.intake.moved import ADDRESS, Moved
from releases.intake.moving import Mover
from releases.intake.post_missions import UnknownMission, terms_of
from releases.intake.posts import Words
from releases.intake.saving import Importer, Outcome, Saved
from releases.intake.text_words import counted_lines
from releases.intake.wordpress import Exports
from releases.models import OldAddress, Release
from releases.takeout.reading import Brought, bring_in

from . import sources
from .choices import Choices

MOST_QUOTED = 80  # characters


class WrongChoice(Exception):
    """What is wanted is not there (any more); the text says what."""


class Door:
    """Brings in what files hold, one file after the other, by what is wanted of them.

    With `dry` it says what would become of each item and keeps nothing; each is undone by itself,
    so that nobody waits for long. Raises WrongChoice.
    """

    def __init__(self, choices: Choices, dry: bool = False):
        self.choices, self.dry = choices, dry
        self._mover = _mover(choices, dry)
        self._importer = Importer(choices.create_missions, choices.overwrite, dry)
        self._exports: Exports | None = None

    @property
    def unknown_terms(self) -> Counter[str]:
        """Names of categories and tags without a mission, and how many posts had each."""
        return self._mover.unknown_terms

    def expect(self, exports: Iterable[Path]) -> None:
        """Exports of WordPress that come together: those of one site know each other's pictures."""
        self._exports = Exports(exports)

    def bring_in(self, path: Path, kind: str) -> Iterator[Moved]:
        """Save each item of the file at `path`, one of `kind`, and say what became of it.

        Raises UnreadableFile, RefusedArchive, OSError; what was saved before stays.
        """
        if kind == sources.TAKEOUT:
            return map(self._of_takeout, bring_in(path, self.choices.overwrite, self.dry))
        if kind == sources.TEXT:
            return self._texts(path)
        zone, with_pages = timezone.get_default_timezone(), self.choices.with_pages
        posts = read_posts(path, Source(kind), zone, with_pages=with_pages, exports=self._exports)
        return self._mover.move_all(posts)

    def _texts(self, path: Path) -> Iterator[Moved]:
        pasted = sources.pasted(path)
        self._importer.next_file()
        for line in pasted.strays[:1]:
            remark = Remark(line.number, _("text above the first headline was not taken."))
            text = line.text[:MOST_QUOTED]
            yield Moved(Outcome.REFUSED, "release", 0, text, line.number, remarks=(remark,))
        lines = [line.text for line in Line.all_of(read_text(path))]
        for read in pasted.releases:
            yield self._of_text(read, self._importer.save(read), lines)

    def _of_text(
        self, read: IncomingRelease | RefusedRelease, saved: Saved, lines: list[str]
    ) -> Moved:
        release = saved.release
        words = counted_lines(read, lines) if isinstance(read, IncomingRelease) else None
        # In a dry run what it would have made is gone with its number.
        is_here = release and release.pk and (saved.outcome == Outcome.UNCHANGED or not self.dry)
        return Moved(
            saved.outcome,
            "release",
            0,
            saved.title,
            saved.line,
            release.pk if is_here else None,
            release.get_absolute_url(settings.LANGUAGE_CODE) if is_here else "",
            remarks=saved.remarks,
            words=words,
            here=_words_here(release, words),
            state=release.state if release else None,
        )

    def _of_takeout(self, brought: Brought) -> Moved:
        is_release = brought.kind is Release
        is_here = is_release and (brought.outcome == Outcome.UNCHANGED or not self.dry)
        return Moved(
            brought.outcome,
            ADDRESS if brought.kind is OldAddress else brought.kind._meta.model_name,
            brought.number,
            brought.title,
            0,
            brought.number if is_release else None,
            brought.address if is_here else "",
            remarks=(Remark(0, brought.reason),) if brought.reason else (),
            words=Words(brought.words, min(brought.words, brought.here)) if brought.words else None,
            here=brought.here,
            state=brought.state,
        )


def _words_here(release: Release | None, words: Words | None) -> int:
    if release is None or words is None:
        return 0
    # What a dry run has found unchanged in another file was never made.
    return words_on_page(release) if release.pk else words.page


def _mover(choices: Choices, dry: bool) -> Mover:
    try:
        media = media_from(str(choices.media_from)) if choices.media else None
        terms = terms_of(choices.missions)
    except NotADirectoryError as error:
        raise WrongChoice(_("%(path)s is no folder.") % {"path": error}) from error
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
