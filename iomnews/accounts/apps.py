from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    """Who gets in at the desk, and what was done to accounts and their rights."""

    name = "iomnews.accounts"
    label = "accounts"
    verbose_name = _("Accounts and signing in")

    def ready(self):
        from . import watching

        watching.connect()
