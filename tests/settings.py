"""The newsroom under test: its own settings, blind to this machine's .env."""

import os
import tempfile

os.environ["ENV_FILE"] = os.devnull
os.environ["SECRET_KEY"] = "a key for tests that signs nothing of worth, long enough to pass"
os.environ["ALLOWED_HOSTS"] = "localhost,127.0.0.1,[::1]"
os.environ["HTTPS"] = "off"
os.environ["DEMO"] = "off"
os.environ["DEBUG"] = "off"
os.environ["SECOND_FACTOR"] = "off"  # tests of it turn it on
os.environ["PAGE_CACHE_MB"] = "0"  # each page is made anew; tests of the cache turn it on
os.environ["CACHE_URL"] = ""
os.environ["DATABASE_REPLICA_URL"] = ""
os.environ["MEDIA_S3_BUCKET"] = ""
os.environ["SENTRY_DSN"] = ""
os.environ["METRICS"] = "off"
_folder = tempfile.TemporaryDirectory(prefix="newsroom-tests-")  # gone with the last test
os.environ["DATA_DIR"] = _folder.name

from iomnews.settings import *  # noqa: E402, F403
from iomnews.settings import DATA_DIR, DATABASES, STORAGES, TEMPLATES  # noqa: E402

(DATA_DIR / "static").mkdir(exist_ok=True)

# Plain names for static files: nothing has been collected where tests run.
STORAGES = STORAGES | {
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
}


def _no_method(value):
    """A method that a template forgot to call would show its name."""
    assert not callable(value) or hasattr(value, "__html__"), f"{value} is not called"
    return value


TEMPLATES[0]["OPTIONS"]["finalize"] = _no_method
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

# A file, as in production, and not the shared memory that Django would take: only so do
# the live server's threads wait for one another as they will there.
if "sqlite" in DATABASES["default"]["ENGINE"]:
    DATABASES["default"]["TEST"] = {"NAME": DATA_DIR / "test.sqlite3"}
    # It is thrown away, and need not survive a power cut.
    DATABASES["default"]["OPTIONS"]["init_command"] += "PRAGMA synchronous=OFF;"
