from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.utils.translation import gettext as _

from releases import leaks
from releases.management.speaking import in_terminal_language

NAMED = 50  # leaks; the rest are counted


class Command(BaseCommand):
    help = "Plant secret releases, ask every public address, take them away; 1 if any shows."

    def add_arguments(self, parser):
        parser.add_argument(
            "--only",
            default="",
            metavar="PART",
            help="Ask only addresses that hold it, as in /releases/{pk}/{slug}/.",
        )

    def handle(self, *, only: str, **options):
        with in_terminal_language():
            if connection.vendor == "sqlite":
                # The one writer that SQLite lets in is the check.
                self.stdout.write(
                    _("Nobody can save while this runs: a quarter of a minute or so.")
                )
                self.stdout.flush()
            found = leaks.check(only)
            for leak in found[:NAMED]:
                self.stdout.write(str(leak))
            if found:
                raise CommandError(_("%(number)d leaks.") % {"number": len(found)})
            self.stdout.write(_("No secret shows at any public address."))
