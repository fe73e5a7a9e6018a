from django.apps import AppConfig
from django.conf import settings
from django.contrib.admin import apps as admin_apps

from . import reports


class SiteConfig(AppConfig):
    """The site itself: its commands and checks."""

    name = "iomnews"

    def ready(self):
        if settings.SENTRY_DSN:
            reports.start(settings.SENTRY_DSN)
        if "shared" in settings.CACHES:
            from . import announcing  # once there are models

            announcing.connect()


class NewsroomAdminConfig(admin_apps.AdminConfig):
    default_site = "iomnews.admin.NewsroomAdminSite"
