"""What of an answer tells of a secret."""

from typing import NamedTuple

from django.utils.translation import gettext as _

from .asking import Answered, Question
from .secrets import REASON, Secret
from .words import Words


class Leak(NamedTuple):
    """Where something shows, and what it is of which secret."""

    question: Question
    what: str

    def __str__(self) -> str:
        asked = self.question
        return f"{asked.method} {asked.address} ({asked.language}): {self.what}"


def leaks_in(
    question: Question,
    secret: Secret | None,
    hidden: Answered,
    absent: Answered,
    words: Words,
) -> list[Leak]:
    """What `hidden`, answered while the secrets are there, tells.

    `absent` is what was answered to the same without them. `secret` is the one whose address it
    is; by a link of its own it may be read.
    """
    found = []
    opens = secret is not None and any(token in question.address for token in secret.tokens)
    may_be_read = words.found(question.address)
    if secret and secret.is_gone:
        may_be_read |= {(secret.name, REASON)}
    for name, field in sorted(words.found(hidden.text) - may_be_read):
        if opens and name in (secret.name, "anything"):
            continue
        found.append(
            Leak(question, _("“%(field)s” of “%(name)s”") % {"field": field, "name": name})
        )
    if hidden.status >= 500:
        found.append(Leak(question, _("it fails with %(status)d") % {"status": hidden.status}))
    if opens or (secret and secret.is_gone and hidden.status in (301, 410)):
        return found
    if hidden != absent:
        what = _("“%(name)s”") % {"name": secret.name} if secret else _("the secrets")
        about = {"what": what, "part": difference(hidden, absent)}
        found.append(Leak(question, _("%(what)s can be told by the answer: %(part)s") % about))
    return found


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
