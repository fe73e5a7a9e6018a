from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class ReleasesConfig(AppConfig):
    name = "releases"
    verbose_name = _("Press releases")

    def ready(self):
        from . import edition, roles, statistics
        from .search import following

        # After the permissions, which Django makes in a receiver of its own.
        post_migrate.connect(roles.keep_in_step, sender=self, dispatch_uid="roles")
        post_migrate.connect(statistics.refresh, sender=self, dispatch_uid="statistics")
        edition.connect()
        following.connect()
