from collections.abc import Iterator
from typing import NamedTuple

from contacts.text import clean_text

from .layout import fold


class Line(NamedTuple):
    """One line of a text: its number in the file, from 1, and its folded text."""

    number: int
    text: str

    @classmethod
    def all_of(cls, text: str) -> Iterator["Line"]:
        """Each line of `text`, in NFC, without control characters and spare white space."""
        for number, line in enumerate(clean_text(text).split("\n"), 1):
            yield cls(number, fold(line))


def paragraphs_of(lines: list[Line]) -> list[list[Line]]:
    """The runs of lines between blank ones."""
    paragraphs: list[list[Line]] = [[]]
    for line in lines:
        if line.text:
            paragraphs[-1].append(line)
        elif paragraphs[-1]:
            paragraphs.append([])
    return [paragraph for paragraph in paragraphs if paragraph]
