from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.utils.translation import gettext as _

from releases import statistics
from releases.management.speaking import in_terminal_language
from releases.samples import made

LOUD_EVERY = 10_000  # releases


class Command(BaseCommand):
    help = (
        "Make releases with made-up words, for benchmarks and trials. "
        "Refused where neither DEMO nor DEBUG is on, unless --yes insists."
    )

    def add_arguments(self, parser):
        parser.add_argument("number", type=int, metavar="N", help="how many")
        parser.add_argument("--seed", type=int, default=1, help="another seed, other words")
        parser.add_argument(
            "--yes", action="store_true", help="make them even where DEMO and DEBUG are off"
        )

    def handle(self, *, number, seed, yes, **options):
        with in_terminal_language():
            if not (settings.DEMO or settings.DEBUG or yes):
                raise CommandError(
                    _("Made-up releases do not belong here: DEMO and DEBUG are off. Or say --yes.")
                )
            if number < 1:
                raise CommandError(_("Say how many: 1 or more."))
            for done in made.make(number, seed):
                if done % LOUD_EVERY == 0 and done < number:
                    self.stdout.write(_("%(number)d releases …") % {"number": done})
            statistics.refresh()
            if connection.vendor == "postgresql" and not connection.in_atomic_block:
                # Nor need a trial wait for autovacuum, that only comes by once a minute.
                with connection.cursor() as cursor:
                    cursor.execute("VACUUM ANALYZE")
            self.stdout.write(_("%(number)d releases made.") % {"number": number})
