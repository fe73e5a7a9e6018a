"""What a stranger asks: every address, for each secret, in every way that could tell of it."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import count
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from releases import sitemaps
from releases.search.hangul import initials

from .asking import (
    METHODS,
    Answered,
    Condition,
    Question,
    Stranger,
    Template,
    asked_with,
    templates,
)
from .judging import Leak
from .secrets import Planted, Secret
from .words import ANY

# Secrets that are asked for by every method, and with what their public copy gave.
MAIN = ("draft", "scheduled", "withdrawn")
# Secrets whose own addresses are asked while they are public as well: that keeps them.
KEPT = (*MAIN, "replaced")
# Instead of a secret. Of the desk: any of it sends a stranger to log in.
GENERAL: dict[str, list[Any]] = {
    "section": list(sitemaps.SECTIONS),
    "token": ["0" * 40],
    "app_label": ["releases", "contacts"],
    "content_type_id": [1],
    "verb": ["publish_now", "comment"],
    "kind": ["txt"],
    "id": [1],
    "key": ["0" * 32],
    "link_pk": [1],
    "url": ["nothing", "releases/nothing/"],
}
REFUSED = (403, 405)  # a method, before anything is looked up
WRONG = ("/{slug}/", "/releases/{pk}x/", "/releases/{pk}/{slug}", "/missions/{slug}.txt")


class Questions:
    """All that is asked. Make it while the secrets are public: only then it shows which ways of
    filling an address lead somewhere, and which parameters of a query it knows."""

    def __init__(self, planted: Planted, stranger: Stranger, only: str):
        self.asked: dict[Question, Secret | None] = {}  # with the secret whose address it is
        self.unfilled: list[Leak] = []
        self._planted, self._stranger = planted, stranger
        self._numbers = count(1)
        for template in templates():
            if only in template.text:
                self._ask_at(template)
        for secret in planted.secrets:
            for address in secret.old_addresses:
                if only in address:
                    self._ask_at_old(address, secret)
        if not only:
            self._ask_for_errors()

    def to_be_kept(self) -> Iterator[Question]:
        """What is asked while the secrets are public."""
        for question, secret in self.asked.items():
            if question.method == "GET" and (secret is None or secret.name in KEPT):
                yield question

    def ask_for_news(self, shown: dict[Question, Answered]) -> None:
        """Ask once more as whoever has a public copy does: whether that still stands."""
        for question, answered in shown.items():
            secret = self.asked[question]
            if "?" in question.address and secret is None:
                continue
            given = dict(answered.headers)
            for name, header in (
                ("HTTP_IF_NONE_MATCH", "ETag"),
                ("HTTP_IF_MODIFIED_SINCE", "Last-Modified"),
            ):
                if header in given:
                    where = (question.address, question.language)
                    self._add("GET", *where, secret, Condition(name, given[header]))

    def _add(
        self,
        method: str,
        address: str,
        language: str,
        secret: Secret | None,
        condition: Condition | None = None,
    ) -> None:
        question = Question(method, address, language, next(self._numbers), condition)
        self.asked[question] = secret

    def _ask_at(self, template: Template) -> None:
        """Ask at one address as it stands, or filled with each secret and with a public release."""
        language, is_general = template.language, GENERAL.keys() >= set(template.parameters)
        for address in template.filled(GENERAL) if is_general else ():
            for method in template.methods:
                self._add(method, address, language, None)
            if not template.is_desk:
                for query in self._that_matter(template, address):
                    self._add("GET", query, language, None)
        if not is_general or "token" in template.parameters:
            self._ask_of_releases(template)

    def _ask_at_old(self, address: str, secret: Secret) -> None:
        """Ask at an address of the site before, as its links and its readers do."""
        for method in METHODS if secret.name in MAIN else ("GET",):
            self._add(method, address, settings.LANGUAGE_CODE, secret)

    def _ask_of_releases(self, template: Template) -> None:
        secrets, newer = self._planted.secrets, self._planted.stage[-1]
        ways = self._leading(template, secrets[0])
        if not ways:
            where = Question("", template.text, template.language, 0)
            self.unfilled.append(Leak(where, _("no release could be found to fill this address")))
            return
        if template.is_desk:
            secrets = secrets[:1]
        else:
            for address in self._filled(template, newer, self._leading(template, newer)):
                for method in template.methods:
                    self._add(method, address, template.language, None)
        acting = [m for m in METHODS if m not in ("GET", "HEAD") and self._acts(template, m, ways)]
        for secret in secrets:
            methods = template.methods if secret.name in MAIN else ("GET", *acting)
            for number, address in enumerate(self._filled(template, secret, ways)):
                for method in methods if not number else ("GET",):
                    self._add(method, address, template.language, secret)
        if "token" in template.parameters:
            self._ask_by_other_links(template, ways)

    def _ask_by_other_links(self, template: Template, ways: list[tuple[int, ...]]) -> None:
        """Ask by links that are over, and for the parts of each secret by the links of another."""
        secrets = self._planted.secrets
        for secret in secrets:
            for tokens in secret.dead_tokens if secret.name in MAIN else ():
                for address in self._filled(template, secret, ways[:1], token=tokens):
                    self._add("GET", address, template.language, secret)
        if len(template.parameters) > 1:
            for secret, other in zip(secrets, secrets[1:] + secrets[:1], strict=True):
                for address in self._filled(template, secret, ways[:1], token=other.tokens):
                    self._add("GET", address, template.language, other)

    def _leading(self, template: Template, secret: Secret) -> list[tuple[int, ...]]:
        """The first way of filling `template` that shows something of `secret`, which is public,
        and the first that leads on to it; without either, the likeliest."""
        shows, leads, likeliest = [], [], []
        for way in template.ways(GENERAL | secret.values):
            for address in self._filled(template, secret, [way]):
                likeliest = likeliest or [way]
                if template.is_desk:
                    return likeliest
                answered = self._tried("GET", address, template.language)
                if answered.status in (200, 204, 405):
                    shows = shows or [way]
                elif answered.status in (301, 302) and not leads:
                    # Links lead to whatever they are asked for, be it there or not.
                    there = dict(answered.headers)["Location"]
                    if self._tried("GET", there, template.language).status == 200:
                        leads = [way]
            if shows and leads:
                break
        return shows + leads or likeliest

    def _filled(
        self, template: Template, secret: Secret, ways: list[tuple[int, ...]], **values: list[Any]
    ) -> Iterator[str]:
        return template.filled(GENERAL | secret.values | values, ways)

    def _acts(self, template: Template, method: str, ways: list[tuple[int, ...]]) -> bool:
        """Whether `method` does anything at a public release."""
        if template.is_desk:
            return False
        (address,) = self._filled(template, self._planted.secrets[0], ways[:1])
        return self._tried(method, address, template.language).status not in REFUSED

    def _that_matter(self, template: Template, address: str) -> Iterator[str]:
        """`address` with those queries whose parameter changes its answer."""
        queries = self._queries()
        one_of_each = {name: value for query in queries for name, value in query.items()}
        plain = self._tried("GET", address, template.language)
        if self._tried("GET", asked_with(address, **one_of_each), template.language) == plain:
            return
        matters: dict[str, bool] = {}
        for query in queries:
            (name,) = query
            asked = asked_with(address, **query)
            if name not in matters:
                matters[name] = self._tried("GET", asked, template.language) != plain
            if matters[name]:
                yield asked

    def _tried(self, method: str, address: str, language: str) -> Answered:
        return self._stranger.ask(Question(method, address, language, 0))

    def _queries(self) -> list[dict[str, str]]:
        """What the listing, the search and the API are asked for besides."""
        words, secret = self._planted.words, self._planted.secrets[0]
        asked = [words.stem, words.korean_stem, initials(words.korean_stem)]
        asked += [words.latin(ANY, field) for field in ("body_en", "contact_name")]
        asked += [words.korean(ANY, "caption_ko"), words.korean(secret.name, "mission_ko")]
        since = timezone.localtime() - timedelta(days=1)
        return [
            *({"q": text} for text in asked),
            {"year": str(secret.release.release_date.year)},
            {"mission": secret.values["slug"][-1]},
            {"month": str(secret.release.release_date.month)},
            {"since": since.isoformat()},
            {"page": "2"},
            {"limit": "1"},
            {"p": str(secret.release.pk)},
        ]

    def _ask_for_errors(self) -> None:
        """Ask for what is not there, in words of a secret: no error page may say more."""
        for secret in self._planted.secrets:
            values = {name: found[0] for name, found in secret.values.items()}
            if secret.name in MAIN:
                for wrong in WRONG:
                    self._add("GET", wrong.format(**values), "ko", secret)
        for address in ("/?year=x", "/?page=99", "/en/?mission=%00", "/api/releases/?q=a&q=b"):
            self._add("GET", address, "ko", None)
