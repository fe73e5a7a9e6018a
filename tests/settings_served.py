"""The newsroom as tests serve it where its pages are looked at: as in production, but that nothing
has been collected and that passwords are those of tests."""

from iomnews.settings import *  # noqa: F403
from iomnews.settings import STORAGES

STORAGES = STORAGES | {
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
