from django.apps import AppConfig
from django.contrib.admin import apps as admin_apps


class SiteConfig(AppConfig):
    """The site itself: its commands and checks."""

    name = "iomnews"


class NewsroomAdminConfig(admin_apps.AdminConfig):
    default_site = "iomnews.admin.NewsroomAdminSite"
