from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from releases.management.speaking import in_terminal_language
from releases.search import index

NAMED = 20  # releases; the rest are counted


class Command(BaseCommand):
    help = "Say which releases the index of the search does not hold as they are; 1 if any."

    def handle(self, **options):
        with in_terminal_language():
            number = 0
            for number, pk in enumerate(index.out_of_step(), 1):
                if number <= NAMED:
                    self.stdout.write(_("out of step: release %(pk)d") % {"pk": pk})
            if number:
                raise CommandError(
                    _("%(number)d out of step; rebuild_search mends them.") % {"number": number}
                )
            self.stdout.write(_("The index holds every release as it is."))
