"""What differs between two texts, word by word, and what becomes of two people's changes.

Pure functions of strings and lists. Korean is compared by words with their particles; inside
a changed word the part that stayed is kept apart, so 난민들에게 → 난민들을 marks 에게 and 을.
"""

import re
from collections.abc import Sequence
from difflib import SequenceMatcher
from enum import StrEnum
from typing import Any, NamedTuple

# A paragraph's end is a token of its own; blanks belong to the word before them.
TOKEN = re.compile(r"\n+|[^\s]+[^\S\n]*|[^\S\n]+")
# A number is read as one: 1,000, 10.5, 3천, 1만2천.
NUMBER = re.compile(r"\d(?:[\d십백천만억조]|[.,](?=\d))*")
# Beyond this many pairs of words, or of paragraphs, a changed stretch is shown whole: that is
# what a comparison costs, where many of them are alike.
COMPARED = 4_000_000


class Kind(StrEnum):
    SAME = "same"
    OUT = "out"
    IN = "in"


class Run(NamedTuple):
    """A stretch of text that stayed, went or came."""

    kind: Kind
    text: str

    @property
    def shown(self) -> str:
        """The text, with a sign where nothing but blanks went or came."""
        if self.kind == Kind.SAME or self.text.strip():
            return self.text
        return self.text.replace("\n\n", "¶\n\n") if "\n" in self.text else "␣"


def marked(old: str, new: str) -> list[Run]:
    """`old` and `new` as one text: what stayed, what went, what came; paragraphs by line feeds.

    The runs that are not IN make `old` again, those that are not OUT make `new`.
    """
    runs: list[Run] = []
    if old == new:
        return _joined([Run(Kind.SAME, old)])
    before, after = old.split("\n\n"), new.split("\n\n")
    if len(before) * len(after) > COMPARED:
        return _joined([Run(Kind.OUT, old), Run(Kind.IN, new)])
    for tag, i1, i2, j1, j2 in _matcher(before, after).get_opcodes():
        # What parts a paragraph from the next goes with it, but for the last one.
        left = "\n\n".join(before[i1:i2]) + ("\n\n" if i1 < i2 < len(before) else "")
        right = "\n\n".join(after[j1:j2]) + ("\n\n" if j1 < j2 < len(after) else "")
        if tag == "equal" and left == right:
            runs.append(Run(Kind.SAME, left))
        else:
            runs += _words(left, right)
    return _joined(runs)


def is_changed(runs: Sequence[Run]) -> bool:
    return any(run.kind != Kind.SAME for run in runs)


def _words(old: str, new: str) -> list[Run]:
    before, after = TOKEN.findall(old), TOKEN.findall(new)
    if len(before) * len(after) > COMPARED:
        return [Run(Kind.OUT, old), Run(Kind.IN, new)]
    runs: list[Run] = []
    # The last word of a text is the same with a blank behind it: something may follow it now.
    bare = [[word.strip() or word for word in words] for words in (before, after)]
    for tag, i1, i2, j1, j2 in _matcher(*bare).get_opcodes():
        left, right = before[i1:i2], after[j1:j2]
        if tag == "equal":
            for one, other in zip(left, right, strict=True):
                runs += _letters(one, other)
        elif _goes_on("".join(left), "".join(right)):
            runs += _letters("".join(left), "".join(right))
        elif len(left) == len(right) and all(map(_are_alike, left, right)):
            for one, other in zip(left, right, strict=True):
                runs += _letters(one, other)
        else:
            runs += [Run(Kind.OUT, "".join(left)), Run(Kind.IN, "".join(right))]
    return runs


def _letters(old: str, new: str) -> list[Run]:
    """Two forms of one word: what they share at the beginning and at the end stays.

    No number is cut: of 1,000 → 1,200 nobody reads that 0 became 2.
    """
    start, end = _shared(old, new)
    start, end = (min(_whole_numbers(word, start, end)[i] for word in (old, new)) for i in range(2))
    return [
        Run(Kind.SAME, old[:start]),
        Run(Kind.OUT, old[start : len(old) - end]),
        Run(Kind.IN, new[start : len(new) - end]),
        Run(Kind.SAME, old[len(old) - end :]),
    ]


def _goes_on(old: str, new: str) -> bool:
    """Whether one of the two is the other with something behind its last word."""
    shorter, longer = sorted((old, new), key=len)
    return longer.startswith(shorter) and not longer[len(shorter)].isalnum()


def _are_alike(old: str, new: str) -> bool:
    """Whether two words share so much that marking their difference reads well."""
    start, end = _shared(old.strip(), new.strip())
    return (start + end) * 2 >= min(len(old.strip()), len(new.strip())) > 1


def _shared(old: str, new: str) -> tuple[int, int]:
    most = min(len(old), len(new))
    start = next((i for i in range(most) if old[i] != new[i]), most)
    rest = most - start
    end = next((i for i in range(rest) if old[-1 - i] != new[-1 - i]), rest)
    return start, end


def _whole_numbers(word: str, start: int, end: int) -> tuple[int, int]:
    """`start` and `end`, counted from the two ends of `word`, moved out of its numbers."""
    stop = len(word) - end
    for number in NUMBER.finditer(word):
        if number.start() < start < number.end():
            start = number.start()
        if number.start() < stop < number.end():
            end = len(word) - number.end()
    return start, end


def _joined(runs: list[Run]) -> list[Run]:
    """Neighbours of one kind as one; what came stands behind what went."""
    joined: list[Run] = []
    pending = {Kind.OUT: "", Kind.IN: ""}

    def flush():
        joined.extend(Run(kind, text) for kind, text in pending.items() if text)
        pending.update({Kind.OUT: "", Kind.IN: ""})

    for run in filter(lambda run: run.text, runs):
        if run.kind != Kind.SAME:
            pending[run.kind] += run.text
            continue
        flush()
        if joined and joined[-1].kind == Kind.SAME:
            joined[-1] = Run(Kind.SAME, joined[-1].text + run.text)
        else:
            joined.append(run)
    flush()
    return joined


def _matcher(old: Sequence, new: Sequence) -> SequenceMatcher:
    return SequenceMatcher(None, old, new, autojunk=False)


class Side(StrEnum):
    """Whose words a field gets when two people have saved."""

    THEIRS = "theirs"
    MINE = "mine"
    BOTH = "both"  # they cannot both stand: somebody has to choose


def side(base: Any, theirs: Any, mine: Any) -> Side:
    """Which of two values follows from the one that both were made from."""
    if mine in (base, theirs):
        return Side.THEIRS
    return Side.MINE if theirs == base else Side.BOTH


def merge(
    base: dict[str, Any], theirs: dict[str, Any], mine: dict[str, Any]
) -> tuple[dict[str, Any], list[str]]:
    """Both people's changes together, and the names of the fields that somebody must choose.

    A field that only one of them changed is as they left it. One that both changed is as it
    is in `mine` until it has been chosen.
    """
    merged, open_ = {}, []
    for name in theirs:
        chosen = side(base.get(name), theirs[name], mine.get(name, theirs[name]))
        if chosen == Side.BOTH:
            open_.append(name)
        merged[name] = theirs[name] if chosen == Side.THEIRS else mine[name]
    return merged, open_


def merged_blocks(base: list[str], theirs: list[str], mine: list[str]) -> list[str] | None:
    """The paragraphs of both, None where they changed the same ones (or touch), or are too many."""
    if len(base) * max(len(theirs), len(mine)) > COMPARED:
        return None
    edits = [
        (i1, i2, changed[j1:j2])
        for changed in (theirs, mine)
        for tag, i1, i2, j1, j2 in _matcher(base, changed).get_opcodes()
        if tag != "equal"
    ]
    edits.sort(key=lambda edit: edit[:2])
    merged, done = [], 0
    last: tuple | None = None
    for edit in edits:
        start, end, words = edit
        if edit == last:
            continue  # both made the same change
        if last is not None and start <= last[1]:
            return None
        merged += base[done:start] + words
        done, last = end, edit
    return merged + base[done:]
