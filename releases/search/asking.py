"""What somebody types into the search field -> what is asked of the index; pure, never raises.

난민 iraq          both, anywhere
"이주민 지원"      these words as they stand
-홍수              not this
2014/9/9, 2014-09  a date
"""

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from .words import (
    BODY,
    DATE,
    DOUBTFUL,
    ENDINGS,
    FIELDS,
    GRAM,
    HEADLINE,
    REST,
    SUMMARY,
    Run,
    is_short,
    normalised,
    runs,
    singular,
    written,
)

MOST_TERMS = 20  # what comes after them is left out, and the page says so
MOST_DOUBTFUL = 4  # terms
MOST_GRAMS = 20  # of one word

# One thing that is asked: a quotation, or what stands between spaces.
_ASKED = re.compile(r'(?P<minus>(?<!\S)-(?=[^\s-]))?(?:"(?P<quoted>[^"]*)"?|(?P<plain>[^\s"]+))')
# Signs that hold the parts of one word together: R&D, COVID-19, d'Ivoire.
_HOLDS = re.compile(r"[&'@+.-]")


@dataclass(frozen=True)
class Is:
    """A token that must be there."""

    token: str


@dataclass(frozen=True)
class Begins:
    """What a token must begin with."""

    token: str


@dataclass(frozen=True)
class All:
    of: tuple["Expression", ...]


@dataclass(frozen=True)
class Any:
    of: tuple["Expression", ...]


@dataclass(frozen=True)
class Besides:
    """What `of` asks for and `but` does not."""

    of: "Expression"
    but: "Expression"


Expression = Is | Begins | All | Any | Besides


def all_of(parts: Iterable[Expression]) -> Expression:
    parts = tuple(dict.fromkeys(parts))
    return parts[0] if len(parts) == 1 else All(parts)


def any_of(parts: Iterable[Expression]) -> Expression:
    parts = tuple(dict.fromkeys(parts))
    return parts[0] if len(parts) == 1 else Any(parts)


def holds(expression: Expression, tokens: Sequence[str]) -> bool:
    """Whether a text with `tokens`, which are sorted, is one that `expression` asks for."""
    match expression:
        case All(of):
            return all(holds(part, tokens) for part in of)
        case Any(of):
            return any(holds(part, tokens) for part in of)
        case Begins(beginning):
            return _first_from(beginning, tokens).startswith(beginning)
        case Besides(of, but):
            return holds(of, tokens) and not holds(but, tokens)
        case Is(token):
            return _first_from(token, tokens) == token


def _first_from(token: str, tokens: Sequence[str]) -> str:
    """The first of sorted `tokens` that is not before `token`; "" where all are."""
    place = bisect_left(tokens, token)
    return tokens[place] if place < len(tokens) else ""


@dataclass(frozen=True)
class Term:
    """One thing that must be there: runs that stand together, or a date.

    `quoted`: Latin words are whole.
    """

    runs: tuple[Run, ...] = ()
    date: str = ""
    quoted: bool = False

    @property
    def text(self) -> str:
        return " ".join(run.text for run in self.runs) or self.date

    def expression(self, fields: str = FIELDS, doubtful: bool = False) -> Expression:
        """Where it is found in `fields`; `doubtful`: in what more likely straddles two words."""
        return any_of(self._in(field, doubtful) for field in fields)

    @cached_property
    def can_be_doubtful(self) -> bool:
        """Whether there is a weaker way to find it, for want of a better one."""
        if len(self.runs) != 1:
            return False
        run = self.runs[0]
        return run.kind == "hangul" or (run.kind == "latin" and not self.quoted and is_short(run))

    def _in(self, field: str, doubtful: bool) -> Expression:
        if self.date:
            return Is(f"{field}={self.date}")
        if len(self.runs) == 1:
            return self._word(self.runs[0], field, doubtful)
        pairs = list(zip(self.runs, self.runs[1:], strict=False))
        parts = [_border(a, b, field, self._is_open(b) and b is self.runs[-1]) for a, b in pairs]
        for run in self.runs:
            if run.kind in ("hangul", "ideographs") and len(run.text) > 2:
                parts.append(_grams(run, field, (field, DOUBTFUL[field])))
        return all_of(parts)

    def _is_open(self, run: Run) -> bool:
        """Whether a longer word is found as well, as its beginning."""
        return run.kind in ("hangul", "ideographs") or not (self.quoted or is_short(run))

    def _word(self, run: Run, field: str, doubtful: bool) -> Expression:
        if run.kind in ("latin", "sign"):
            if not self._is_open(run) and not (doubtful and not self.quoted):
                return Is(field + run.text)
            begun: Expression = Begins(field + run.text)
            one = singular(run.text)
            return any_of([begun, Is(field + one)]) if one else begun
        if run.kind == "hangul" and len(run.text) == 1:
            # A syllable by itself is a word: 물 is not asked for in 선물, unless there is no other.
            if not doubtful:
                return Is(f"{field}^{run.text}")
            return any_of(Begins(letter + run.text) for letter in (field, DOUBTFUL[field]))
        return _grams(run, field, (field, DOUBTFUL[field]) if doubtful else (field,))


def _grams(run: Run, field: str, letters: tuple[str, ...]) -> Expression:
    """Where `run` of two syllables or more stands in one word; `letters` of its first gram."""
    word = run.text
    if len(word) < GRAM:
        return any_of(Begins(letter + word) for letter in letters)
    parts: list[Expression] = [any_of(Is(letter + word[:GRAM]) for letter in letters)]
    places = list(range(1, len(word) - GRAM + 1))
    for i in places[:MOST_GRAMS] + places[-1:]:
        gram = word[i : i + GRAM]
        parts.append(any_of(Is(letter + gram) for letter in (field, DOUBTFUL[field])))
    return all_of(parts)


def _border(before: Run, after: Run, field: str, is_open: bool) -> Expression:
    pair = f"{field}|{before.tail}|{after.head}"
    return Begins(pair) if is_open else Is(pair)


@dataclass(frozen=True)
class Asked:
    """A search: what must be there and what must not."""

    terms: tuple[Term, ...] = ()
    excluded: tuple[Term, ...] = ()
    left_out: int = 0  # terms beyond MOST_TERMS

    @property
    def is_empty(self) -> bool:
        """Whether nothing was asked that a text could hold: punctuation alone, say."""
        return not (self.terms or self.excluded)

    @property
    def can_be_doubtful(self) -> bool:
        """Whether there is a weaker way to find it; for many words it would cost too much."""
        return len(self.terms) <= MOST_DOUBTFUL and any(term.can_be_doubtful for term in self.terms)


def name(text: str) -> Term:
    """`text` as a term of its own: the name of a mission."""
    return Term(tuple(Run(r.kind, r.text, 0, 0) for r in runs(normalised(text))), quoted=True)


def read(text: str) -> Asked:
    """What `text` asks for."""
    terms: dict[Term, None] = {}
    excluded: dict[Term, None] = {}
    for asked in _ASKED.finditer(_with_dates_apart(normalised(text))):
        into = excluded if asked["minus"] else terms
        into.update(dict.fromkeys(_terms(asked)))
    excluded = {term: None for term in excluded if term not in terms}
    kept = list(terms)[:MOST_TERMS]
    apart = list(excluded)[: MOST_TERMS - len(kept)]
    return Asked(tuple(kept), tuple(apart), len(terms) + len(excluded) - len(kept) - len(apart))


def _with_dates_apart(text: str) -> str:
    """`text` with each date in one piece: "2014년 9월" as 2014-09."""

    def apart(match: re.Match) -> str:
        date = written(match)
        return f" {date} " if date and "-" not in text[: match.start()][-1:] else match[0]

    quoted = text.split('"')
    quoted[::2] = [DATE.sub(apart, part) for part in quoted[::2]]
    return '"'.join(quoted)


def _terms(asked: re.Match) -> Iterable[Term]:
    if (plain := asked["plain"]) is None:
        together = tuple(Run(r.kind, r.text, 0, 0) for r in runs(asked["quoted"]))
        return [Term(together, quoted=True)] if together else []
    if (date := DATE.match(plain)) and (day := written(date)):
        return [Term(date=day), *_words(plain[date.end() :])]
    return _words(plain)


def _words(plain: str) -> list[Term]:
    """Terms of what was typed without a space: a run each, but for those that belong together."""
    groups: list[list[Run]] = []
    end = -1
    for run in runs(plain):
        between = plain[end : run.start] if groups else ""
        bare = Run(run.kind, run.text, 0, 0)
        if groups and not between and run.kind == "hangul" and run.text in ENDINGS:
            pass  # UN과: a particle is no part of the name before it
        elif groups and _HOLDS.fullmatch(between):
            groups[-1].append(bare)
        else:
            groups.append([bare])
        end = run.end
    return [Term(tuple(group)) for group in groups]


# Ranking


def tiers(
    asked: Asked, where: Callable[[Term, str], Expression], doubtful: bool = False
) -> list[Expression]:
    """What is asked for, best places first; a release stands in the first that holds it.

    `where(term, fields)` is the expression of a term. Headline comes before summary, summary
    before text. Of several words one may be that of the mission, a contact or a date without
    making a hit in the headline any worse. Together the tiers are everything that is asked for.
    """
    terms = asked.terms

    def every(fields: str) -> Expression:
        return all_of(where(term, fields) for term in terms)

    def some(fields: str) -> Expression:
        return any_of(where(term, fields) for term in terms)

    if doubtful:
        return [every(FIELDS)]
    if len(terms) == 1:
        return [every(HEADLINE), every(SUMMARY), every(BODY), every(REST)]
    return [
        all_of([every(HEADLINE + REST), some(HEADLINE)]),
        all_of([every(HEADLINE + SUMMARY + REST), some(HEADLINE + SUMMARY)]),
        all_of([every(FIELDS), some(HEADLINE)]),
        all_of([every(FIELDS), some(HEADLINE + SUMMARY + BODY)]),
        every(REST),
    ]


def apart(tiers: list[Expression]) -> list[Expression]:
    """`tiers`, each without what stands in one before it."""
    return tiers[:1] + [Besides(tier, any_of(tiers[:n])) for n, tier in enumerate(tiers) if n]
