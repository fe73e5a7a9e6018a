"""What of an answer tells of a secret."""

from collections.abc import Callable
from typing import NamedTuple

from django.utils.translation import gettext as _

from .asking import Answered, Question
from .secrets import REASON, Secret, label_of
from .words import Words


class Leak(NamedTuple):
    """Where something shows, and what it is of which secret."""

    question: Question
    what: str

    def __str__(self) -> str:
        asked = self.question
        condition = f" {asked.condition.name}" if asked.condition else ""
        return f"{asked.method} {asked.address}{condition} ({asked.language}): {self.what}"


def leaks_in(
    question: Question,
    secret: Secret | None,
    hidden: Answered,
    ask: Callable[[Question], Answered],
    words: Words,
) -> list[Leak]:
    """What `hidden`, answered while the secrets are there, tells.

    `ask` answers the same without them. `secret` is the one whose address it is; by a link of its
    own it may be read.
    """
    found = []
    opens = secret is not None and any(token in question.address for token in secret.tokens)
    may_be_read = words.found(question.address)
    if secret and secret.is_gone:
        may_be_read |= {(secret.name, REASON)}
    for name, field in sorted(words.found(hidden.text) - may_be_read):
        if opens and name in (secret.name, "anything"):
            continue
        what = {"field": field, "name": label_of(name)}
        found.append(Leak(question, _("“%(field)s” of “%(name)s”") % what))
    if hidden.status >= 500:
        found.append(Leak(question, _("it fails with %(status)d") % {"status": hidden.status}))
    if secret and (kept := how_it_may_be_kept(hidden, opens)):
        found.append(Leak(question, _("it may be kept: %(header)s") % {"header": kept}))
    if opens or (secret and secret.is_gone and hidden.status in (301, 410)):
        return found
    absent = ask(question)
    if hidden != absent:
        what = _("“%(name)s”") % {"name": label_of(secret.name)} if secret else _("the secrets")
        about = {"what": what, "part": difference(hidden, absent)}
        found.append(Leak(question, _("%(what)s can be told by the answer: %(part)s") % about))
    return found


def how_it_may_be_kept(answered: Answered, is_opened: bool) -> str:
    """The header that lets a cache keep an answer about a secret; "" where none may.

    Without a word a 404, a 410 or a 301 may be kept, and outlive the publication (RFC 9111,
    4.2.2). What a link opens may not be kept at all.
    """
    if not is_opened and answered.status not in (301, 302, 404, 410) or answered.status == 405:
        return ""
    said = dict(answered.headers).get("Cache-Control", "")
    words = {word.strip() for word in said.lower().split(",")}
    if "no-store" in words or ("no-cache" in words and "public" not in words and not is_opened):
        return ""
    return f"Cache-Control: {said}"


def difference(hidden: Answered, absent: Answered) -> str:
    """In what the two are not the same, in a few words."""
    if hidden.status != absent.status:
        return f"{hidden.status} ≠ {absent.status}"
    with_them, without = dict(hidden.headers), dict(absent.headers)
    for name in sorted({*with_them, *without}):
        if name not in ("ETag", "Content-Length") and with_them.get(name) != without.get(name):
            return f"{name}: {with_them.get(name)} ≠ {without.get(name)}"
    pairs = zip(hidden.body.splitlines(), absent.body.splitlines(), strict=False)
    for one, other in pairs:
        if one != other:
            start = next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), 0)
            return (
                f"{one[max(0, start - 20) : start + 60]} ≠ {other[max(0, start - 20) : start + 60]}"
            )
    if hidden.body != absent.body:
        return _("one is longer")
    return "ETag"
