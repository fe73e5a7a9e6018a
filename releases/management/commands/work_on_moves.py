from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from releases.management.speaking import in_terminal_language
from releases.moving_in import working


class Command(BaseCommand):
    help = (
        "Work on what the desk is asked to move in, until nothing is left. The desk starts this "
        "by itself; where another is at work it ends at once."
    )

    def handle(self, **options):
        worked_on = working.work()
        with in_terminal_language():
            self.stdout.write(_("Worked on: %(count)d.") % {"count": worked_on})
