from contextlib import ExitStack
from http.client import HTTPException
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from releases.address_check import Ask, Site, follow, in_process, wanted
from releases.intake.files import UnreadableFile
from releases.management.speaking import in_terminal_language


class Command(BaseCommand):
    help = (
        "Ask for each old address that FILE names and say where it leads: an export of WordPress, "
        "a list, one a line, or the old server's log. Exit status 1 if any leads wrong."
    )

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument(
            "--at", metavar="URL", help="ask the newsroom that is served there, not this one"
        )
        parser.add_argument("--wrong", action="store_true", help="name only those that lead wrong")

    def handle(self, *, file, at, wrong, **options):
        with in_terminal_language(), ExitStack() as stack:
            try:
                ask = stack.enter_context(Site(at) if at else in_process())
            except ValueError as error:
                raise CommandError(_("%(address)s is no address.") % {"address": at}) from error
            try:
                number, problems = self.ask_for_each(file, ask, only_wrong=wrong)
            except (OSError, UnreadableFile, HTTPException) as error:
                raise CommandError(str(error)) from error
            asked = ngettext("%d old address asked for.", "%d old addresses asked for.", number)
            self.stdout.write(asked % number)
            if problems:
                raise CommandError(
                    ngettext("%d leads wrong.", "%d lead wrong.", problems) % problems
                )

    def ask_for_each(self, file: Path, ask: Ask, *, only_wrong: bool) -> tuple[int, int]:
        """Ask for each, and say where it leads; how many there were, and how many lead wrong."""
        number = problems = 0
        for asked in wanted(file):
            led = follow(asked, ask)
            number += 1
            problems += bool(led.wrong)
            if led.wrong:
                self.stderr.write(str(led))
            elif not only_wrong:
                self.stdout.write(str(led))
        return number, problems
