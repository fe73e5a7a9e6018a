"""Every setting, read once from the environment (and from .env beside manage.py, if there).

`.env.example` explains each name to the owner. With DEMO=on the site runs on this machine
alone, for trying it out; without, it is in production and needs a SECRET_KEY of its own.
"""

import os
import re
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from . import logs, safety

BASE_DIR = Path(__file__).resolve().parent.parent

env = environ.Env()
env.read_env(os.environ.get("ENV_FILE", BASE_DIR / ".env"))


def flag(name: str, default: str = "off") -> bool:
    """Read `name` as "on" or "off"; any other word raises ImproperlyConfigured."""
    value = os.environ.get(name, default)
    if value not in ("on", "off"):
        raise ImproperlyConfigured(f"{name}={value!r}: write on or off")
    return value == "on"


def one_of(name: str, words: Sequence[str], default: str = "") -> str:
    """Read `name` as one of `words`, the first by default; else raise ImproperlyConfigured."""
    value = os.environ.get(name) or default or words[0]
    if value not in words:
        raise ImproperlyConfigured(
            f"{name}={value!r}: write {', '.join(words[:-1])} or {words[-1]}"
        )
    return value


def colour(name: str) -> str:
    """Read `name` as a colour, #rrggbb or empty; else raise ImproperlyConfigured."""
    value = os.environ.get(name, "")
    if value and not re.fullmatch(r"#[0-9a-fA-F]{6}", value):
        raise ImproperlyConfigured(f"{name}={value!r}: write a colour as #14437c")
    return value


def whole_number(name: str, default: int, least: int = 0) -> int:
    """Read `name` as a whole number, `least` or more; else raise ImproperlyConfigured."""
    value = os.environ.get(name) or str(default)
    if not re.fullmatch(r"[0-9]{1,6}", value) or int(value) < least:
        raise ImproperlyConfigured(
            f"{name}={value!r}: write a whole number, {least} or more, as {default}"
        )
    return int(value)


def shared_cache(name: str) -> dict[str, dict]:
    """Read `name` as the address of a Valkey or Redis, for CACHES; {} when it is absent.

    Raises ImproperlyConfigured for any other address, and where its client is not installed. Of the
    pages that are kept there none is worth a wait: who does not answer in a fifth of a second is
    taken for down.
    """
    if not (address := os.environ.get(name, "")):
        return {}
    if not re.match(r"(redis|valkey)s?://|unix://", address):
        # Not what it is: there may be a password in it.
        raise ImproperlyConfigured(f"{name} names no Valkey or Redis: write redis://host:6379/0")
    if find_spec("redis") is None:
        raise ImproperlyConfigured(f"{name} needs `pip install redis`.")
    patience = {"socket_timeout": 0.2, "socket_connect_timeout": 0.2}  # seconds
    return {
        "shared": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": re.sub("^valkey", "redis", address),
            "OPTIONS": patience,
        }
    }


def links(name: str) -> list[dict[str, str]]:
    """Read `name` as links, "이름|Name|https://…; …"; else raise ImproperlyConfigured."""
    found = []
    for link in filter(None, map(str.strip, os.environ.get(name, "").split(";"))):
        parts = [part.strip() for part in link.split("|")]
        if len(parts) != 3 or not parts[2].startswith(("https://", "http://", "/", "mailto:")):
            raise ImproperlyConfigured(f"{name}: {link!r}: write 이름|Name|https://example.org")
        found.append(dict(zip(("ko", "en", "address"), parts, strict=True)))
    return found


# The site

DEMO = flag("DEMO")
DEBUG = flag("DEBUG")
SECRET_KEY = os.environ.get("SECRET_KEY", "")
BEHIND_PROXY = flag("BEHIND_PROXY")
ALLOWED_HOSTS = [host for host in env.list("ALLOWED_HOSTS", default=[]) if host]
if DEMO or DEBUG:
    ALLOWED_HOSTS = ALLOWED_HOSTS or sorted(safety.HERE_ALONE)
    safety.refuse(
        ([] if SECRET_KEY else safety.faults_of_secret(""))
        + safety.faults_of_switches(DEMO, DEBUG, ALLOWED_HOSTS, BEHIND_PROXY)
    )
else:
    safety.refuse(safety.faults_of_secret(SECRET_KEY) + safety.faults_of_hosts(ALLOWED_HOSTS))
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
SITE_NAME = env.str("SITE_NAME", default="iomnews")
# Where journalists write when the person that a release names has left.
NEWSROOM_EMAIL = env.str("NEWSROOM_EMAIL", default="")

# What stands at the foot of each page: a sentence in each language, and links as
# "이름|Name|https://…", parted by semicolons.
FOOTER_TEXT = {
    "ko": env.str("FOOTER_TEXT_KO", default=""),
    "en": env.str("FOOTER_TEXT_EN", default=""),
}
FOOTER_LINKS = links("FOOTER_LINKS")
# The colour of links and buttons, as #14437c; empty for the newsroom's own.
SITE_COLOUR = colour("SITE_COLOUR")
# on: visitors get a page that says the newsroom is being worked on; the desk stays open.
MAINTENANCE = flag("MAINTENANCE")

# From "publish now" to the public: as long as that can be undone; 0 publishes at once.
PUBLISH_GRACE = whole_number("PUBLISH_GRACE", default=60)  # seconds

# Views. Of more readings of a release from one address within an hour none is counted; an
# office or a phone company may send many readers from one.
READINGS_PER_ADDRESS = whole_number("READINGS_PER_ADDRESS", default=300, least=1)
# Names of robots beside those in releases/robot_names.txt.
ROBOTS = env.list("ROBOTS", default=[])

# Files that the site writes: the database, when it is SQLite, pictures and files of releases,
# and collected static files.
DATA_DIR = Path(env.str("DATA_DIR", default=str(BASE_DIR / "var")))
DATA_DIR.mkdir(parents=True, exist_ok=True)
# Where `manage.py backup` writes unless it is told where.
BACKUP_DIR = Path(env.str("BACKUP_DIR", default=str(DATA_DIR / "backups")))
# How many of them it leaves there, 0 all; and for whom it encrypts, "" for nobody.
BACKUP_KEEP = whole_number("BACKUP_KEEP", default=0)
BACKUP_ENCRYPT_TO = env.str("BACKUP_ENCRYPT_TO", default="")

INSTALLED_APPS = [
    "iomnews.apps.NewsroomAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.sitemaps",
    "django.contrib.staticfiles",
    "csp",
    "django_filters",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_prose_editor",
    "contacts",
    "releases",
    "iomnews.accounts",
    "iomnews.apps.SiteConfig",
]

MIDDLEWARE = [
    "iomnews.pages.PageCacheMiddleware",
    "iomnews.logs.middleware",
    "iomnews.health.middleware",
    "iomnews.headers.protective_headers",
    "iomnews.headers.PolicyMiddleware",
    "iomnews.middleware.open_api",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "iomnews.middleware.outlives_nothing",
    "iomnews.middleware.asked_again",
    "django.middleware.gzip.GZipMiddleware",
    "iomnews.middleware.ConditionalMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "iomnews.middleware.AddressLanguageMiddleware",
    "iomnews.middleware.bounded_body",
    "iomnews.middleware.maintenance",
    "iomnews.middleware.BusyDatabaseMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "iomnews.middleware.DeskMessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "iomnews.urls"
WSGI_APPLICATION = "iomnews.wsgi.application"

TEMPLATES = [
    {
        # Several times as fast as Django's, which is what a page that is made costs most of.
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [BASE_DIR / "templates/public"],
        "OPTIONS": {
            "environment": "iomnews.templating.environment",
            "context_processors": ["iomnews.context.site", "iomnews.context.language"],
        },
    },
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates", BASE_DIR / "docs"],  # the desk shows docs/guide
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "iomnews.context.site",
            ],
        },
    },
]

# Data

DATABASES = {"default": env.db_url("DATABASE_URL", default=f"sqlite:///{DATA_DIR}/db.sqlite3")}
DATABASE = DATABASES["default"]
if DATABASE["ENGINE"] == "django.db.backends.sqlite3":
    # Readers and a writer side by side; writers queue for 5 s instead of failing at once.
    # To open the file anew for each request would take longer than to count a reading.
    DATABASE["CONN_MAX_AGE"] = None
    DATABASE["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 5,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
else:
    DATABASE["ENGINE"] = "iomnews.postgresql"
    # A connection a thread, so the server needs `processes x threads` of them.
    DATABASE["CONN_MAX_AGE"], DATABASE["CONN_HEALTH_CHECKS"] = None, True
    DATABASE.setdefault("OPTIONS", {}).setdefault("prepare_threshold", 2)  # see releases.prepared
    # A machine that is gone says nothing: without these a thread would wait a quarter of an hour
    # for what it sent, and two hours for an answer. Where both are one machine they mean nothing.
    NOTICED = {"connect_timeout": 5, "tcp_user_timeout": 5_000}  # seconds, milliseconds
    NOTICED |= {"keepalives_idle": 5, "keepalives_interval": 2}  # seconds
    DATABASE["OPTIONS"] = NOTICED | DATABASE["OPTIONS"]
# A copy that follows DATABASE_URL and serves public pages; see releases.replica.
if env.str("DATABASE_REPLICA_URL", default=""):
    REPLICA = env.db_url("DATABASE_REPLICA_URL")
    engines = DATABASE["ENGINE"], REPLICA["ENGINE"]
    if engines != ("iomnews.postgresql", "django.db.backends.postgresql"):
        raise ImproperlyConfigured("DATABASE_REPLICA_URL is for PostgreSQL: DATABASE_URL as well.")
    DATABASES["replica"] = DATABASE | REPLICA | {"ENGINE": "iomnews.postgresql"}
    # Whoever made the page is not to wait long for a machine that is gone: the primary is there.
    REPLICA_OPTIONS = {"connect_timeout": 2, "tcp_user_timeout": 2_000}  # seconds, milliseconds
    DATABASES["replica"]["OPTIONS"] = (
        DATABASE["OPTIONS"] | REPLICA_OPTIONS | REPLICA.get("OPTIONS", {})
    )
    DATABASE_ROUTERS = ["releases.replica.Router"]
    MIDDLEWARE.append("releases.replica.FallBackMiddleware")
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Kept pages: in the memory of each process, and with CACHE_URL in what all share as well.

PAGE_CACHE_MB = whole_number("PAGE_CACHE_MB", default=64)
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
    "pages": {
        "BACKEND": "iomnews.stores.BoundedCache",
        "LOCATION": "pages",
        "OPTIONS": {"max_bytes": PAGE_CACHE_MB * 2**20},
    },
    **shared_cache("CACHE_URL"),
}

# People

AUTHENTICATION_BACKENDS = ["iomnews.backends.NoDemoAccountInProduction"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
AUTH_PASSWORD_VALIDATORS.append(
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},  # characters
    }
)
# Who must have a second factor, a code from a phone beside the password: "editors", who may
# publish (superusers too), "everyone" at the desk, or nobody: "off". Whoever wants one has one.
SECOND_FACTOR = one_of(
    "SECOND_FACTOR", ["editors", "everyone", "off"], "off" if DEMO or DEBUG else "editors"
)
OTP_TOTP_ISSUER = SITE_NAME
# How long it is kept who signed in and who changed whose rights.
ACCOUNT_LOG_DAYS = whole_number("ACCOUNT_LOG_DAYS", default=365, least=1)
LOGIN_URL = "admin:login"

# Language and time: Korean at /, English at /en/; days are days in Seoul.

LANGUAGE_CODE = "ko"
LANGUAGES = [("ko", _("Korean")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Asia/Seoul"
USE_TZ = True

# Static files

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static", ("guide", BASE_DIR / "docs/guide/pictures")]
STATIC_ROOT = Path(env.str("STATIC_ROOT", default=str(DATA_DIR / "static")))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "iomnews.static_files.StaticFiles"},
}

# Pictures and files of releases. No address leads there but the views of `releases.media`.

MEDIA_ROOT = DATA_DIR / "media"
# In a bucket of an S3-compatible storage instead, which many hosts can share.
MEDIA_S3 = {
    "bucket_name": env.str("MEDIA_S3_BUCKET", default=""),
    "location": env.str("MEDIA_S3_FOLDER", default=""),
    "endpoint_url": env.str("MEDIA_S3_ENDPOINT", default="") or None,
    "region_name": env.str("MEDIA_S3_REGION", default="") or None,
    "access_key": env.str("MEDIA_S3_ACCESS_KEY", default="") or None,
    "secret_key": env.str("MEDIA_S3_SECRET_KEY", default="") or None,
}
if MEDIA_S3["bucket_name"]:
    if find_spec("storages") is None or find_spec("boto3") is None:
        raise ImproperlyConfigured("MEDIA_S3_BUCKET needs `pip install django-storages[s3]`.")
    STORAGES["default"] = {"BACKEND": "iomnews.object_storage.MediaStorage", "OPTIONS": MEDIA_S3}

# Where its owner puts exports of another system and copies of its pictures, for the desk to move
# in from, where they are too large to be sent; and what was sent, with what came of it.
MOVING_DIR = Path(env.str("MOVING_DIR", default=str(DATA_DIR / "moving")))
MOVES_DIR = DATA_DIR / "moves"

# Safety. HTTPS=off is for a site that is only reached over plain HTTP, such as the demo.

HTTPS = flag("HTTPS", default="off" if DEMO or DEBUG else "on")
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
# Browsers take a cookie of such a name from this very host alone, and over HTTPS (RFC 6265bis).
COOKIE_PREFIX = "__Host-" if HTTPS else ""
SESSION_COOKIE_NAME = COOKIE_PREFIX + "sessionid"
CSRF_COOKIE_NAME = COOKIE_PREFIX + "csrftoken"
# How many proxies of ours a request passes: the last so many names in X-Forwarded-For are true.
PROXIES = whole_number("PROXIES", default=1) if BEHIND_PROXY else 0
if BEHIND_PROXY:
    # Only where a proxy of ours sets this header and drops what clients send under its name.
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "iomnews.errors.csrf_failure"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "frame-src": [SELF],  # the desk's preview
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

# What may be sent at once, in bytes: a form without its files, and all of it: a picture or a
# file has 20 MB at most, and several may be sent together.
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1000
DATA_UPLOAD_MAX_NUMBER_FILES = 100
MOST_SENT = 128 * 2**20

# The site's own record, on stderr.

LOGGING = logs.configuration(one_of("LOG_FORMAT", logs.FORMATS))

# Where faults are reported to; "" to nobody.
SENTRY_DSN = env.str("SENTRY_DSN", default="")

# Numbers for Prometheus, to whoever has the token.
METRICS = flag("METRICS")
METRICS_TOKEN = env.str("METRICS_TOKEN", default="")
if METRICS:
    if len(METRICS_TOKEN) < 20:
        raise ImproperlyConfigured("METRICS=on needs a METRICS_TOKEN of 20 characters or more.")
    if find_spec("prometheus_client") is None:
        raise ImproperlyConfigured("METRICS=on needs `pip install prometheus-client`.")
    # Its own name for where processes put their numbers; read when it is first loaded.
    os.environ.setdefault("PROMETHEUS_MULTIPROC_DIR", str(DATA_DIR / "metrics"))
    Path(os.environ["PROMETHEUS_MULTIPROC_DIR"]).mkdir(parents=True, exist_ok=True)
    MIDDLEWARE[0] = "iomnews.metrics.MeasuredPages"
    MIDDLEWARE.insert(1, "iomnews.metrics.middleware")
