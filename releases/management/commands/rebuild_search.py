from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from releases.management.speaking import in_terminal_language
from releases.search import index

LOUD_EVERY = 10_000  # releases


class Command(BaseCommand):
    help = "Write the index of the search anew; the site can be used meanwhile."

    def handle(self, **options):
        with in_terminal_language():
            done, loud = 0, LOUD_EVERY
            for done in index.rebuild():
                if done >= loud:
                    self.stdout.write(_("%(number)d releases …") % {"number": done})
                    loud += LOUD_EVERY
            self.stdout.write(_("%(number)d releases can be found.") % {"number": done})
