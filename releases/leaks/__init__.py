"""Whether anything that is not public shows to strangers: planted, asked for, and taken away.

Releases in every state that is not public are planted within a transaction that is rolled back,
then every address that the URL configuration knows is asked as a stranger would. What is answered
must hold no word of theirs, and must be what is answered without them. Nothing stays: neither
rows nor files, no view is counted, and no other process sees any of it.
"""

import logging
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from itertools import count

from django.conf import settings
from django.core.cache import caches
from django.core.cache.backends.locmem import LocMemCache
from django.core.files.storage import InMemoryStorage, default_storage
from django.db import transaction
from django.test import override_settings
from django.utils import timezone
from django.utils.translation import gettext as _

from releases import edition, readers, sitemaps
from releases.search.hangul import initials

from .asking import METHODS, Answered, Question, Stranger, Template, asked_with, templates
from .judging import Leak, leaks_in
from .secrets import Planted, Secret, hide, plant, set_stage
from .words import ANY, Words

Asked = dict[Question, Secret | None]


def check() -> list[Leak]:
    """What leaks, with the page cache and without it."""
    with _nothing_stays():
        leaks = _trial(set_stage(Words()))
    found: dict[tuple, Leak] = {}
    for leak in leaks:
        found.setdefault((leak.question[:3], leak.what), leak)
    return list(found.values())


def _trial(planted: Planted) -> list[Leak]:
    """Plant the secrets, ask as long as they are public and once they are not, and without them."""
    words = planted.words
    cached, uncached = Stranger(is_cached=True), Stranger(is_cached=False)
    with transaction.atomic():
        plant(planted)
        edition.watch.forget()
        asked, leaks = _questions(planted, cached)
        read = [
            question
            for question, secret in asked.items()
            if question.method == "GET" and (secret is None or secret.name in CACHED)
        ]
        # Whatever keeps an answer now must not show it later.
        shown = {question: cached.ask(question) for question in read}
        leaks += _unseen(planted, shown, words)
        hide(planted)
        edition.watch.forget()
        kept = {question: cached.ask(question) for question in read}
        hidden = {question: uncached.ask(question) for question in asked}
        transaction.set_rollback(True)
    edition.watch.forget()
    for stranger, answers in ((cached, kept), (uncached, hidden)):
        for question, answered in answers.items():
            absent = stranger.ask(question)
            leaks += leaks_in(question, asked[question], answered, absent, words)
    return leaks


def _unseen(planted: Planted, shown: dict[Question, Answered], words: Words) -> Iterator[Leak]:
    """Secrets that were not even seen while they were public: then the check is blind."""
    seen = set()
    for answered in shown.values():
        seen |= {name for name, field in words.found(answered.text) if field == "title_en"}
    for secret in planted.secrets:
        if secret.name not in seen:
            blind = Question("", "", "", 0)
            yield Leak(
                blind, _("“%(name)s” was not seen while it was public") % {"name": secret.name}
            )


def _questions(planted: Planted, stranger: Stranger) -> tuple[Asked, list[Leak]]:
    """All that is asked, each with the secret whose address it is; and what could not be filled.

    Call it while the secrets are public: an address is asked with those parameters of a query
    that change what it answers.
    """
    asked: Asked = {}
    unfilled = []
    numbers = count(1)

    def add(template: Template, address: str, secret: Secret | None, methods: tuple[str, ...]):
        for method in methods:
            question = Question(method, address, template.language, next(numbers))
            asked[question] = secret

    queries = _queries(planted)
    general = {"section": list(sitemaps.SECTIONS), "token": ["0" * 40]}
    for template in templates():
        is_filled = False
        if template.is_desk:  # where a stranger is sent to log in, wherever they ask
            continue
        for secret in [None, *planted.secrets] if template.parameters else [None]:
            is_main = secret is None or secret.name in MAIN
            values = general | (secret or planted.stage[-1]).values
            for number, address in enumerate(template.filled(values)):
                if number and not is_main:
                    break
                is_filled = True
                all_methods = is_main and not number
                add(template, address, secret, METHODS if all_methods else METHODS[:1])
                if secret is None and not number:
                    for query in _that_matter(stranger, template, address, queries):
                        add(template, query, None, METHODS[:1])
        if not is_filled:
            where = Question("", template.text, template.language, 0)
            unfilled.append(Leak(where, _("no release could be found to fill this address")))
    _cross(planted, add)
    return asked, unfilled


# Secrets that are asked for by every method, and in unlikely ways as well.
MAIN = ("draft", "withdrawn")
# Secrets whose own addresses are asked through the page cache as well.
CACHED = ("withdrawn", "replaced")


def _that_matter(
    stranger: Stranger, template: Template, address: str, queries: list[dict[str, str]]
) -> Iterator[str]:
    """`address` with those of `queries` whose parameter changes its answer."""
    plain = stranger.ask(Question("GET", address, template.language, 0))
    matters: dict[str, bool] = {}
    for query in queries:
        (name,) = query
        asked = asked_with(address, **query)
        if name not in matters:
            matters[name] = stranger.ask(Question("GET", asked, template.language, 0)) != plain
        if matters[name]:
            yield asked


def _cross(planted: Planted, add: Callable) -> None:
    """Ask for the parts of each secret by the links of another."""
    for template in templates():
        if "token" not in template.parameters or len(template.parameters) < 2:
            continue
        others = planted.secrets[1:] + planted.secrets[:1]
        for secret, other in zip(planted.secrets, others, strict=True):
            for address in template.filled(secret.values | {"token": other.tokens}):
                add(template, address, other, ("GET",))


def _queries(planted: Planted) -> list[dict[str, str]]:
    """What the listing, the search and the API are asked for besides."""
    words = planted.words
    asked = [{"q": words.stem}, {"q": words.korean_stem}, {"q": initials(words.korean_stem)}]
    asked += [{"q": words.latin(ANY, field)} for field in ("title_en", "body_en", "contact_name")]
    asked += [{"q": words.korean(ANY, field)} for field in ("title_ko", "caption_ko")]
    for secret in planted.secrets:
        if secret.name in MAIN:
            asked.append({"q": words.korean(secret.name, "mission_ko")})
            asked.append({"year": str(secret.release.release_date.year)})
            asked.append({"mission": secret.values["slug"][1]})
    since = timezone.localtime() - timedelta(days=1)
    asked += [{"page": "2"}, {"limit": "1"}, {"since": since.isoformat()}, {"month": "2"}]
    return [*asked, {"p": str(planted.secrets[0].release.pk)}]


class _Overlay(InMemoryStorage):
    """Files that are written stay in memory; others are read where they lie."""

    def __init__(self, real):
        super().__init__()
        self._real = real

    def _open(self, name, mode="rb"):
        if super().exists(name):
            return super()._open(name, mode)
        return self._real.open(name, mode)

    def exists(self, name):
        return super().exists(name) or self._real.exists(name)


@contextmanager
def _nothing_stays() -> Iterator[None]:
    """Take away whatever is done inside, on disk, in caches and in the database."""
    with ExitStack() as stack:
        default_storage.exists("")  # so that it is set up
        real = default_storage._wrapped
        stack.callback(setattr, default_storage, "_wrapped", real)
        default_storage._wrapped = _Overlay(real)
        stack.callback(logging.disable, logging.root.manager.disable)
        logging.disable(logging.CRITICAL)
        hosts = [*settings.ALLOWED_HOSTS, "testserver"]
        stack.enter_context(override_settings(ALLOWED_HOSTS=hosts, MAINTENANCE=False))
        # Keys that are made in here are taken away: this process must not go on with them.
        ring = readers.ring
        stack.callback(setattr, ring, "_keys", ring._keys)
        stack.callback(setattr, ring, "_swept", ring._swept)
        ring._keys = {}
        stack.callback(edition.watch.forget)
        for alias in settings.CACHES:
            stack.callback(caches.__setitem__, alias, caches[alias])
            own = LocMemCache(f"leak check {alias}", {"OPTIONS": {"MAX_ENTRIES": 10**6}})
            stack.callback(own.clear)
            caches[alias] = own
        stack.enter_context(transaction.atomic())
        yield
        transaction.set_rollback(True)
