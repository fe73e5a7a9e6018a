from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from releases import statistics
from releases.archives import RefusedArchive
from releases.intake.files import UnreadableFile, read_text
from releases.intake.pasted import read_pasted
from releases.intake.saving import OUTCOMES, Importer, Outcome, Saved
from releases.management.speaking import in_terminal_language
from releases.takeout import is_takeout
from releases.takeout.reading import Brought, bring_in


class Command(BaseCommand):
    help = (
        "Import releases from text files in the old site's layout, or from a takeout. Each "
        "release is saved whole or not at all; a second run changes nothing. Exit status 1 if "
        "anything was refused."
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
            "--format", choices=["text", "takeout"], help="of the files; recognised if not given"
        )

    def handle(self, *, paths, dry_run, create_missions, overwrite, format, **options):
        with in_terminal_language():
            self.format, self.dry_run = format, dry_run
            importer = Importer(create_missions=create_missions, overwrite=overwrite)
            if dry_run:
                with transaction.atomic():
                    done, problems = self.import_files(paths, importer)
                    transaction.set_rollback(True)
            else:
                done, problems = self.import_files(paths, importer)
                statistics.refresh()
            self.stdout.write(summary(done))
            if dry_run:
                self.stdout.write(_("Nothing was saved: this was a dry run."))
            if problems:
                raise CommandError(
                    ngettext("%d problem: see above.", "%d problems: see above.", problems)
                    % problems
                )

    def import_files(
        self, paths: list[Path], importer: Importer
    ) -> tuple[list[Saved | Brought], int]:
        """Import each file; what was done, and how many things were refused."""
        done, problems = [], 0
        for path in paths:
            if self.format == "takeout" or (not self.format and is_takeout(path)):
                brought, refused = self.import_takeout(path, importer.overwrite)
                done += brought
                problems += refused
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
                problems += 1
                continue
            importer.next_file()
            self.stdout.write(str(path))
            for line in pasted.strays[:1]:
                problems += 1
                self.stderr.write(
                    _("%(path)s, line %(line)d: text above the first headline was not taken.")
                    % {"path": path, "line": line.number}
                )
            for saved in importer.save_all(pasted.releases):
                self.report(path, saved)
                done.append(saved)
                problems += saved.outcome == Outcome.REFUSED
        return done, problems

    def import_takeout(self, path: Path, overwrite: bool) -> tuple[list[Brought], int]:
        """Import a takeout; what was done, and how many things were refused."""
        done: list[Brought] = []
        self.stdout.write(str(path))
        try:
            for brought in bring_in(path, overwrite, self.dry_run):
                done.append(brought)
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
            return done, 1
        return done, sum(brought.outcome == Outcome.REFUSED for brought in done)

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


def summary(done: list[Saved | Brought]) -> str:
    """How many releases met which fate: "5 created, 1 refused"."""
    counts = {outcome: sum(s.outcome == outcome for s in done) for outcome in Outcome}
    told = [f"{count} {OUTCOMES[outcome]}" for outcome, count in counts.items() if count]
    return ", ".join(told) or _("nothing imported")
