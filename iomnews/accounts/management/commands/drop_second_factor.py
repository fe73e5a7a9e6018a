from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from iomnews.accounts import journal, second_factor, sessions
from releases.management.speaking import in_terminal_language


class Command(BaseCommand):
    help = (
        "Take the second factor of an account away, when phone and recovery codes are lost, and "
        "sign it out everywhere. Make sure first that it is its owner who asks."
    )

    def add_arguments(self, parser):
        parser.add_argument("name", help="the account's name")

    def handle(self, *, name: str, **options):
        with in_terminal_language():
            user = get_user_model().objects.filter(username=name).first()
            if user is None:
                raise CommandError(_("There is no account “%(name)s”.") % {"name": name})
            if not second_factor.drop(user):
                raise CommandError(_("“%(name)s” has no second factor.") % {"name": name})
            sessions.end(user)
            journal.write(journal.Kind.FACTOR_DROPPED, about=name)
            self.stdout.write(_("The second factor of “%(name)s” is taken away.") % {"name": name})
