"""Text that exists in Korean, in English or in both.

A model keeps plain columns, `name_ko` and `name_en`; `name = Bilingual("name")` reads them
together: the reader's language first, else the other one. What comes back knows its own
language, so that a page can mark a part written in another (WCAG 2.2, 3.1.2).
"""

import re
from collections.abc import Callable
from contextvars import ContextVar
from functools import wraps
from typing import Any

from django.utils.translation import get_language

LANGUAGES = ("ko", "en")

HANGUL = re.compile("[\u1100-\u11ff\u3131-\u318e\uac00-\ud7a3]")
LETTER = re.compile(r"[^\W\d_]")
# A Hangul syllable says about as much as three Latin letters, and a Korean headline is
# often full of Latin names, so a text is Korean well before half of its letters are.
KOREAN_SHARE = 0.2


class Text(str):
    """A string that knows its language: `lang` is "ko" or "en"."""

    lang: str

    def __new__(cls, value: str, lang: str):
        text = super().__new__(cls, value)
        text.lang = lang
        return text


# The language of a page all of whose parts are in one: see `in_one_language`.
_of_page: ContextVar[str | None] = ContextVar("of_page", default=None)


def reader_language() -> str:
    """The language of the page being made: "ko" or "en"."""
    return _of_page.get() or ("en" if (get_language() or "ko").startswith("en") else "ko")


def in_one_language(view: Callable[..., Any]) -> Callable[..., Any]:
    """Let `view` read in the language of its request alone, whatever it activates meanwhile.

    Django finds the language in a tenth of the time that a page takes to make, being asked
    sixty times; this remembers it.
    """

    @wraps(view)
    def answer(*args: Any, **kwargs: Any) -> Any:
        token = _of_page.set(reader_language())
        try:
            return view(*args, **kwargs)
        finally:
            _of_page.reset(token)

    return answer


def reading_order() -> tuple[str, str]:
    """The languages in the order in which this reader wants them."""
    return ("en", "ko") if reader_language() == "en" else ("ko", "en")


def language_of(text: str) -> str:
    """Tell by its letters whether `text` is written in Korean ("ko") or English ("en")."""
    letters = LETTER.findall(text)
    hangul = HANGUL.findall(text)
    return "ko" if hangul and len(hangul) >= KOREAN_SHARE * len(letters) else "en"


class Bilingual:
    """Read the columns `<name>_ko` and `<name>_en` as one `Text`, empty if both are."""

    def __init__(self, name: str):
        self.name = name

    def __get__(self, instance, owner=None):
        if instance is None:
            return self
        for lang in reading_order():
            if value := getattr(instance, f"{self.name}_{lang}"):
                return Text(value, lang)
        return Text("", reader_language())
