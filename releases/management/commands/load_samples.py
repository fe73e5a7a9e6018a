from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from releases import samples
from releases.management.speaking import in_terminal_language


class Command(BaseCommand):
    help = "Fill an empty newsroom with sample releases; one with anything in it is left alone."

    def handle(self, **options):
        with in_terminal_language():
            if number := samples.load():
                self.stdout.write(_("%(number)d sample releases loaded.") % {"number": number})
            else:
                self.stdout.write(_("The newsroom is not empty: no samples loaded."))
