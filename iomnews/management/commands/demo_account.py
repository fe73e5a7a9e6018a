from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from iomnews import demo
from releases.management.speaking import in_terminal_language


class Command(BaseCommand):
    help = "Make the demo account, or --remove it; to make one is refused where DEMO is off."

    def add_arguments(self, parser):
        parser.add_argument("--remove", action="store_true", help="take the account away")

    def handle(self, *, remove: bool, **options):
        if remove:
            get_user_model().objects.filter(username=demo.NAME).delete()
            return
        if not settings.DEMO:
            with in_terminal_language():
                raise CommandError(
                    _("The demo account is for DEMO=on only. `createsuperuser` makes a real one.")
                )
        users = get_user_model().objects
        if not users.filter(username=demo.NAME).exists():
            users.create_superuser(demo.NAME, password=demo.PASSWORD)
