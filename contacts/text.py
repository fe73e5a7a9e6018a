"""The one gate through which words enter: a name, a line, a plain text.

The fields clean in `pre_save`, so that a form, an import, the shell and `bulk_create` all store
the same thing; only `.update()` goes round them. HTML has a gate of its own,
`releases.fields`, on the same ground. It stands with `contacts` because both apps use it and
`releases` may import `contacts`.
"""

import re
import unicodedata
from collections.abc import Callable

from django.db import models

LINE_END = re.compile("\r\n?|[\x0b\x0c]")
# Characters that neither print nor are fit for a database: C0 but tab and line feed, DEL, C1,
# lone surrogates, byte order marks and non-characters. And those that nobody types, that texts
# copied from pages hold, and that would hide a word from a search: soft hyphens, zero-width
# spaces.
UNPRINTABLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u200b\ud800-\udfff\ufdd0-\ufdef\ufeff\ufffe\uffff]"
)
# Of no use in one line. In a text the word joiner is the mark `intake.layout.PLAIN`; joiners
# change how letters of Arabic and Indian scripts and pictures are drawn, and nothing elsewhere.
IDLE = re.compile(
    "\u2060|(?<![\u0600-\u10ff\u1700-\u18af\u200c\u200d\u2190-\u27bf\ufe0f\U00010000-\U0010ffff])"
    "[\u200c\u200d]+"
)
# Overrides that would turn round the text that follows them on the page.
DIRECTION_OVERRIDES = re.compile("[\u202a-\u202e\u2066-\u2069]")


def clean_text(value: str) -> str:
    """`value` in NFC with plain line feeds and nothing unprintable in it."""
    return unicodedata.normalize("NFC", printable(value))


def printable(value: str) -> str:
    """`value` with plain line feeds and nothing in it that is not seen or turns text round."""
    return DIRECTION_OVERRIDES.sub("", UNPRINTABLE.sub("", LINE_END.sub("\n", value)))


def clean_line(value: str) -> str:
    """`value` as one line: clean, without idle characters, white space as single spaces."""
    return " ".join(clean_text(IDLE.sub("", value)).split())


class CleanField:
    """A text field whose values go through `gate`, in a form and wherever they are saved."""

    gate: Callable[[str], str]

    def clean(self, value, model_instance):
        return super().clean(self.gate(value), model_instance)

    def pre_save(self, model_instance, add):
        value = super().pre_save(model_instance, add)
        if isinstance(value, str):
            value = self.gate(value)
            setattr(model_instance, self.attname, value)
        return value


class LineField(CleanField, models.CharField):
    """One line of plain text."""

    gate = staticmethod(clean_line)


class PlainTextField(CleanField, models.TextField):
    """Plain text of any number of lines."""

    gate = staticmethod(clean_text)
