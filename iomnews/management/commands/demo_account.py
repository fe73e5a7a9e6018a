from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from iomnews import demo
from releases.management.speaking import in_terminal_language


class Command(BaseCommand):
    help = "Make the demo account; refused where DEMO is off."

    def handle(self, **options):
        if not settings.DEMO:
            with in_terminal_language():
                raise CommandError(
                    _("The demo account is for DEMO=on only. `createsuperuser` makes a real one.")
                )
        users = get_user_model().objects
        if not users.filter(username=demo.NAME).exists():
            users.create_superuser(demo.NAME, password=demo.PASSWORD)
