import sys
from collections import Counter
from contextlib import ExitStack
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import Error, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from releases import statistics
from releases.archives import RefusedArchive
from releases.intake.elsewhere import Source, read_posts, source_of
from releases.intake.files import UnreadableFile, read_text
from releases.intake.mapping import read_mapping
from releases.intake.media import media_from
from releases.intake.moving import ADDRESS, Moved, Mover, UnknownMission, terms_of
from releases.intake.pasted import read_pasted
from releases.intake.report import ENDINGS, Report, Tally, line_of, told
from releases.intake.saving import OUTCOMES, Importer, Outcome, Saved
from releases.intake.wordpress import Exports, outline
from releases.management.progress import Progress
from releases.management.speaking import in_terminal_language
from releases.takeout import is_takeout
from releases.takeout.reading import bring_in

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
            choices=["text", "takeout", *Source],
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
        posts.add_argument(
            "--report",
            type=Path,
            metavar="FILE",
            help="write what became of each item to FILE.txt, FILE.json or FILE.html",
        )

    def handle(self, *, paths, dry_run, create_missions, overwrite, format, **options):
        with in_terminal_language():
            self.format, self.dry_run = format, dry_run
            self.done: Counter[Outcome] = Counter()
            self.problems = 0
            importer = Importer(create_missions=create_missions, overwrite=overwrite)
            sources = {path: self.source_of(path) for path in paths}
            exports = {path: source for path, source in sources.items() if source}
            others = [path for path, source in sources.items() if not source]
            if options["report"] and not exports:
                raise CommandError(_("--report is for exports of other sites."))
            with ExitStack() as stack:
                if exports:
                    mover = self.mover(options, create_missions, overwrite)
                    report = self.report_to(options["report"])
                    if report:
                        stack.enter_context(report)
                if dry_run and others:
                    with transaction.atomic():
                        self.import_files(others, importer)
                        transaction.set_rollback(True)
                elif others:
                    self.import_files(others, importer)
                if exports:
                    self.import_exports(exports, mover, options["with_pages"], report)
            if not dry_run:
                statistics.refresh()
            if others:
                self.stdout.write(told(self.done) or _("nothing imported"))
            if dry_run:
                self.stdout.write(_("Nothing was saved: this was a dry run."))
            if self.problems:
                raise CommandError(
                    ngettext("%d problem: see above.", "%d problems: see above.", self.problems)
                    % self.problems
                )

    def source_of(self, path: Path) -> Source | None:
        """As what `path` is to be read, where it is neither text nor a takeout."""
        if self.format:
            return Source(self.format) if self.format in set(Source) else None
        try:
            return source_of(path)
        except OSError:
            return None  # whoever reads it says what is amiss

    # Exports of other sites

    def mover(self, options: dict, create_missions: bool, overwrite: bool) -> Mover:
        media, terms = None, {}
        try:
            if options["media_from"]:
                media = media_from(options["media_from"])
            if options["map"]:
                terms = terms_of(read_mapping(options["map"]))
        except NotADirectoryError as error:
            raise CommandError(_("%(path)s is no folder.") % {"path": error}) from error
        except UnreadableFile as error:
            raise CommandError(str(error)) from error
        except UnknownMission as error:
            told = _("%(path)s: no mission has the address “%(slug)s”.")
            raise CommandError(told % {"path": options["map"], "slug": error}) from error
        return Mover(
            media,
            terms,
            create_missions=create_missions,
            overwrite=overwrite,
            dry_run=self.dry_run,
        )

    def report_to(self, path: Path | None) -> Report | None:
        if path is None:
            return None
        if path.suffix not in ENDINGS:
            endings = ", ".join(ENDINGS)
            raise CommandError(_("A report ends in one of %(endings)s.") % {"endings": endings})
        if not path.absolute().parent.is_dir():
            raise CommandError(_("%(path)s is no folder.") % {"path": path.absolute().parent})
        return Report(path)

    def import_exports(
        self,
        paths: dict[Path, Source],
        mover: Mover,
        with_pages: bool,
        report: Report | None,
    ) -> None:
        tally = Tally()
        zone = timezone.get_default_timezone()
        exports = Exports(path for path, source in paths.items() if source == Source.WORDPRESS)
        for path, source in paths.items():
            self.stdout.write(str(path))
            try:
                posts = read_posts(path, source, zone, with_pages=with_pages, exports=exports)
                progress = self.progress(path, source)
                for moved in mover.move_all(posts):
                    tally.add(moved)
                    if report:
                        report.add(moved)
                    self.say(moved, progress)
            except UnreadableFile as error:
                self.stderr.write(str(error))
                self.problems += 1
            except Error as error:
                reason = _("the database failed: %(error)s. What is saved stays; run it again.")
                raise CommandError(reason % {"error": error}) from error
        self.problems += tally.refused
        if mover.unknown_terms:
            most = mover.unknown_terms.most_common(MOST_TERMS)
            terms = ", ".join(f"{term} ({count})" for term, count in most)
            said = _("Categories and tags that stand for no mission (--map says which do): %s")
            self.stdout.write(said % terms)
        for line in tally.lines():
            self.stdout.write(line)
        if report:
            report.finish(tally)

    def progress(self, path: Path, source: Source) -> Progress:
        # To count them takes a pass over the file: only for whoever watches.
        is_counted = source == Source.WORDPRESS and sys.stderr.isatty()
        return Progress(sys.stderr, outline(path).items if is_counted else 0)

    def say(self, moved: Moved, progress: Progress) -> None:
        if moved.kind != ADDRESS:
            progress.hide()
            stream = self.stderr if moved.outcome == Outcome.REFUSED else self.stdout
            stream.write(f"  {line_of(moved)}")
            for remark in moved.remarks:
                stream.write(f"    {remark.message}")
        progress.step()

    # Text and takeouts

    def import_files(self, paths: list[Path], importer: Importer) -> None:
        """Import each file, and count what was done."""
        for path in paths:
            if self.format == "takeout" or (not self.format and is_takeout(path)):
                self.import_takeout(path, importer.overwrite)
                continue
            try:
                pasted = read_pasted(read_text(path))
                if not pasted.releases:
                    raise UnreadableFile(
                        path,
                        next((line.number for line in pasted.strays), 1),
                        _("no release begins here; expected a line as “(2014/9/9) headline”."),
                    )
            except UnreadableFile as error:
                self.stderr.write(str(error))
                self.problems += 1
                continue
            importer.next_file()
            self.stdout.write(str(path))
            for line in pasted.strays[:1]:
                self.problems += 1
                self.stderr.write(
                    _("%(path)s, line %(line)d: text above the first headline was not taken.")
                    % {"path": path, "line": line.number}
                )
            for saved in importer.save_all(pasted.releases):
                self.report(path, saved)
                self.count(saved.outcome)

    def count(self, outcome: Outcome) -> None:
        self.done[outcome] += 1
        self.problems += outcome == Outcome.REFUSED

    def import_takeout(self, path: Path, overwrite: bool) -> None:
        """Import a takeout, and count what was done."""
        self.stdout.write(str(path))
        try:
            for brought in bring_in(path, overwrite, self.dry_run):
                self.count(brought.outcome)
                refused = brought.outcome == Outcome.REFUSED
                (self.stderr if refused else self.stdout).write(
                    _("  %(kind)s %(number)d: %(outcome)s: %(title)s")
                    % {
                        "kind": brought.kind._meta.verbose_name,
                        "number": brought.number,
                        "outcome": OUTCOMES[brought.outcome],
                        "title": brought.title,
                    }
                )
                if brought.reason:
                    self.stderr.write(f"    {brought.reason}")
        except RefusedArchive as error:
            self.stderr.write(str(error))
            self.problems += 1

    def report(self, path: Path, saved: Saved) -> None:
        self.stdout.write(
            _("  line %(line)d: %(outcome)s: %(title)s")
            % {"line": saved.line, "outcome": OUTCOMES[saved.outcome], "title": saved.title}
        )
        stream = self.stderr if saved.outcome == Outcome.REFUSED else self.stdout
        for remark in saved.remarks:
            stream.write(
                _("    %(path)s, line %(line)d: %(message)s")
                % {"path": path, "line": remark.line, "message": remark.message}
            )
