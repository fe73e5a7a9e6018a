import sys
from contextlib import ExitStack
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import Error
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from releases import statistics
from releases.archives import RefusedArchive
from releases.intake.elsewhere import Source
from releases.intake.files import UnreadableFile
from releases.intake.incoming import Remark
from releases.intake.mapping import read_mapping
from releases.intake.moved import ADDRESS, Moved
from releases.intake.report import ENDINGS, Report, Tally, line_of
from releases.intake.saving import Outcome
from releases.management.progress import Progress
from releases.management.speaking import in_terminal_language
from releases.moving_in import sources
from releases.moving_in.choices import Choices
from releases.moving_in.door import Door, WrongChoice

MOST_TERMS = 40  # that are named; a report has them all


class Command(BaseCommand):
    help = (
        "Import releases from text files in the old site's layout, from an export of WordPress, a "
        "table, a feed or a folder of saved pages, or from a takeout. Each release is saved "
        "whole or not at all; a second run changes nothing, and goes on where one was cut off. "
        "Exit status 1 if anything was refused."
    )

    def add_arguments(self, parser):
        parser.add_argument("paths", nargs="+", type=Path, metavar="PATH")
        parser.add_argument(
            "--dry-run", action="store_true", help="report what would be done, and do nothing"
        )
        parser.add_argument(
            "--create-missions",
            action="store_true",
            help="found a mission for each place that none goes by",
        )
        parser.add_argument(
            "--overwrite",
            action="store_true",
            help="take the file's text even for releases that were edited here since",
        )
        parser.add_argument(
            "--format",
            choices=[sources.TEXT, sources.TAKEOUT, *Source],
            help="of the files; recognised if not given",
        )
        posts = parser.add_argument_group("of other sites")
        posts.add_argument(
            "--media-from",
            metavar="DIR|URL",
            help="a copy of wp-content/uploads, or where it is served, for pictures and files",
        )
        posts.add_argument(
            "--map",
            type=Path,
            metavar="FILE",
            help="CSV or JSON: which mission (its address, or nothing) a category stands for",
        )
        posts.add_argument("--with-pages", action="store_true", help="take pages as releases too")
        parser.add_argument(
            "--report",
            type=Path,
            metavar="FILE",
            help="write what became of each item to FILE.txt, FILE.json or FILE.html",
        )

    def handle(self, *, paths, dry_run, format, report, **options):
        with in_terminal_language(), ExitStack() as stack:
            door, tally = self.door(options, dry_run), Tally()
            written = self.report_to(report)
            if written:
                stack.enter_context(written)
            kinds = {path: format or kind_of(path) for path in paths}
            door.expect(path for path, kind in kinds.items() if kind == Source.WORDPRESS)
            unread = [
                path for path in paths if not self.bring_in(path, kinds[path], door, tally, written)
            ]
            if not dry_run:
                statistics.refresh()
            self.sum_up(door, tally)
            if written:
                written.finish(tally)
            if dry_run:
                self.stdout.write(_("Nothing was saved: this was a dry run."))
            if problems := len(unread) + tally.refused:
                raise CommandError(
                    ngettext("%d problem: see above.", "%d problems: see above.", problems)
                    % problems
                )

    def door(self, options: dict, dry_run: bool) -> Door:
        """The way in, as the options have it."""
        media = options["media_from"] or ""
        if media and not media.lower().startswith(("http://", "https://")):
            media = str(Path(media).absolute())
        try:
            missions = read_mapping(options["map"]) if options["map"] else {}
            choices = Choices(
                missions=missions,
                with_pages=options["with_pages"],
                create_missions=options["create_missions"],
                overwrite=options["overwrite"],
                media=media,
            )
            return Door(choices, dry_run)
        except (UnreadableFile, WrongChoice) as error:
            raise CommandError(str(error)) from error

    def report_to(self, path: Path | None) -> Report | None:
        if path is None:
            return None
        if path.suffix not in ENDINGS:
            endings = ", ".join(ENDINGS)
            raise CommandError(_("A report ends in one of %(endings)s.") % {"endings": endings})
        if not path.absolute().parent.is_dir():
            raise CommandError(_("%(path)s is no folder.") % {"path": path.absolute().parent})
        return Report(path)

    def bring_in(
        self, path: Path, kind: str, door: Door, tally: Tally, report: Report | None
    ) -> bool:
        """Bring in what is at `path`, tell of each item, and say whether it could be read."""
        self.stdout.write(str(path))
        try:
            kind = kind or sources.kind_of(path)
            # To count them takes a pass over the file: only for whoever watches.
            total = sources.look_into(path, kind).items if sys.stderr.isatty() else 0
            progress = Progress(sys.stderr, total)
            for moved in door.bring_in(path, kind):
                tally.add(moved)
                if report:
                    report.add(moved)
                if moved.kind != ADDRESS or moved.outcome == Outcome.REFUSED:
                    self.say(path, moved, progress)
        except (UnreadableFile, RefusedArchive) as error:
            self.stderr.write(str(error))
            return False
        except OSError as error:
            told = _("a file could not be read or written: %(error)s.") % {"error": error}
            self.stderr.write(told)
            return False
        except Error as error:
            reason = _("the database failed: %(error)s. What is saved stays; run it again.")
            raise CommandError(reason % {"error": error}) from error
        return True

    def say(self, path: Path, moved: Moved, progress: Progress) -> None:
        progress.hide()
        stream = self.stderr if moved.outcome == Outcome.REFUSED else self.stdout
        stream.write(f"  {line_of(moved)}")
        for remark in moved.remarks:
            stream.write(f"    {_remark_of(path, moved, remark)}")
        if moved.kind != ADDRESS:
            progress.step()

    def sum_up(self, door: Door, tally: Tally) -> None:
        """Say what became of all items."""
        if door.unknown_terms:
            most = door.unknown_terms.most_common(MOST_TERMS)
            terms = ", ".join(f"{term} ({count})" for term, count in most)
            said = _("Categories and tags that stand for no mission (--map says which do): %s")
            self.stdout.write(said % terms)
        for line in tally.lines():
            self.stdout.write(line)


def _remark_of(path: Path, moved: Moved, remark: Remark) -> str:
    """A remark on an item; what has no number is found by its line."""
    if moved.number or not remark.line:
        return remark.message
    about = {"path": path, "line": remark.line, "message": remark.message}
    return _("%(path)s, line %(line)d: %(message)s") % about


def kind_of(path: Path) -> str:
    """Of which kind `path` is, "" where that can't be read: whoever brings it in says why."""
    try:
        return sources.kind_of(path)
    except OSError:
        return ""
