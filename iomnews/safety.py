"""What a newsroom must not be started with in production: all of it at once, in plain words.

`settings` asks for the environment's faults, `wsgi` for those that only the database knows.
Each function gives sentences for the owner; none, where nothing is amiss.
"""

import logging
import zlib
from collections.abc import Iterable
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from . import demo

logger = logging.getLogger(__name__)

HERE_ALONE = {"localhost", "127.0.0.1", "[::1]"}
HOW = 'python3 -c "import secrets; print(secrets.token_urlsafe(50))"'
LEAST_LENGTH = 50  # characters, as `check --deploy` asks for
# What repeats itself is short when it is packed: 50 random digits take some 45 bytes, a word of
# eight letters, seven times, 19.
LEAST_PACKED = 35  # bytes
# How keys begin that others may know: Django's own, and those that `make run` makes.
KNOWN_BEGINNINGS = ("django-insecure", demo.SECRET_BEGINS)
PLACEHOLDERS = ("changeme", "change-me", "change_me", "replace-me", "your-secret", "insert-")
EXAMPLE = Path(__file__).resolve().parent.parent / ".env.example"


def faults_of_secret(secret: str, example: Path = EXAMPLE) -> list[str]:
    """What makes `secret` no secret; `example` is the file whose text everybody can read."""
    if not secret:
        return [f"SECRET_KEY is not set. Make one: {HOW}"]
    found = []
    if len(secret) < LEAST_LENGTH:
        found.append(f"is shorter than {LEAST_LENGTH} characters")
    if len(zlib.compress(secret.encode(), 9)) < LEAST_PACKED:
        found.append("is too easy to guess: it repeats itself")
    if secret.startswith(demo.SECRET_BEGINS):
        found.append("was made for the demo")
    elif secret.startswith(KNOWN_BEGINNINGS) or any(
        word in secret.lower() for word in PLACEHOLDERS
    ):
        found.append("stands for one that is still to be made")
    elif example.exists() and secret in example.read_text(encoding="utf-8"):
        found.append("stands in .env.example, where everybody can read it")
    return [f"SECRET_KEY {' and '.join(found)}. Make another: {HOW}"] if found else []


def faults_of_hosts(hosts: Iterable[str]) -> list[str]:
    """What is wrong with ALLOWED_HOSTS of a site that is open to others."""
    hosts = list(hosts)
    if not hosts:
        return [
            "ALLOWED_HOSTS is not set. Write the names under which the site is reached: "
            "ALLOWED_HOSTS=news.example.org"
        ]
    # ".example.org" is every name below a domain of one's own; "*", "." and ".org" are anybody's.
    wild = [
        host
        for host in hosts
        if "*" in host or (host.startswith(".") and "." not in host.strip("."))
    ]
    if wild:
        return [
            f"ALLOWED_HOSTS holds {', '.join(wild)}: whoever asks could name the site as they "
            "like, also in links that it sends. Write its own names."
        ]
    return []


def faults_of_switches(
    demo: bool, debug: bool, hosts: Iterable[str], behind_proxy: bool
) -> list[str]:
    """Whether DEMO or DEBUG is on where others can reach the site."""
    on = " and ".join(name for name, is_on in [("DEMO", demo), ("DEBUG", debug)] if is_on)
    if not on:
        return []
    found = []
    if others := sorted(set(hosts) - HERE_ALONE):
        found.append(
            f"{on}=on is for this machine alone, but ALLOWED_HOSTS names {', '.join(others)}. "
            "Turn it off, or leave ALLOWED_HOSTS out."
        )
    if behind_proxy:
        found.append(f"{on}=on is for this machine alone, but BEHIND_PROXY is on. Turn one off.")
    return found


def faults_of_accounts() -> list[str]:
    """The demo account, where its row is left in the database of a site in production."""
    from django.conf import settings
    from django.contrib.auth import get_user_model
    from django.db import DatabaseError

    if settings.DEMO or settings.DEBUG:
        return []
    try:
        is_there = get_user_model().objects.filter(username=demo.NAME).exists()
    except DatabaseError as error:
        # A newsroom whose database is away still shows the pages that it keeps.
        logger.warning("The database was not asked for the demo account: %s", error)
        return []
    return is_there * [
        f"The account “{demo.NAME}” is left from a demo, and everybody knows its password. "
        "Remove it: manage.py demo_account --remove"
    ]


def refuse(faults: list[str]) -> None:
    """Raise ImproperlyConfigured that names every one of `faults`, if there is any."""
    if faults:
        raise ImproperlyConfigured(
            "The newsroom does not start like this:\n" + "\n".join(f"  - {it}" for it in faults)
        )
