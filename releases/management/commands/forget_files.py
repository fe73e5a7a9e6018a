from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from releases import storing
from releases.management.speaking import in_terminal_language


class Command(BaseCommand):
    help = "Delete pictures and files that no release and no version names any more."

    def handle(self, **options):
        with in_terminal_language():
            self.stdout.write(_("%(number)d files deleted.") % {"number": storing.forget_unnamed()})
