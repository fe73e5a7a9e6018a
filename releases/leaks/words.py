"""Words that stand nowhere else: one for each field of each secret, told apart wherever seen."""

import random
import re
import string
from urllib.parse import quote, unquote

LETTERS = 2  # a code has so many: 676 secrets, and as many fields
ANY = "anything"  # instead of a secret: the word that a field has in all of them
_ESCAPED = re.compile(r"\\u([0-9a-fA-F]{4})")
_SYLLABLES = [chr(number) for number in range(ord("뱛"), ord("뱛") + 26)]


def _code(number: int, letters: str | list[str]) -> str:
    high, low = divmod(number, 26)
    return letters[high] + letters[low]


class Words:
    """Makes the words of one check and finds them again in what is answered.

    A Latin word is `stem`, a code of the secret and a code of the field; so whoever searches for
    its beginning finds all words of a secret, or of all secrets. A Korean one is made alike.
    """

    def __init__(self):
        chance = random.SystemRandom()
        self.stem = "zq" + "".join(chance.choices(string.ascii_lowercase, k=8))
        self.korean_stem = "".join(chance.choices([chr(n) for n in range(0xAC00, 0xD7A4)], k=4))
        self._secrets: list[str] = []
        self._fields: list[str] = []
        written = "({0}{0})({0}{0})".format
        syllable = f"[{_SYLLABLES[0]}-{_SYLLABLES[-1]}]"
        self._latin = re.compile(self.stem + written("[a-z]"))
        self._korean = re.compile(self.korean_stem + written(syllable))
        self._signs = [
            self.stem,
            self.korean_stem,
            quote(self.korean_stem).lower(),
            ascii(self.korean_stem)[1:-1].lower(),
        ]

    def latin(self, secret: str, field: str) -> str:
        """The word of `field` of `secret`, fit for addresses and names of files."""
        return self.of_secret(secret) + self._number(self._fields, field, string.ascii_lowercase)

    def korean(self, secret: str, field: str) -> str:
        """The same in Korean syllables."""
        secret_code = self._number(self._secrets, secret, _SYLLABLES)
        return self.korean_stem + secret_code + self._number(self._fields, field, _SYLLABLES)

    def of_secret(self, secret: str) -> str:
        """What all Latin words of `secret` begin with."""
        return self.stem + self._number(self._secrets, secret, string.ascii_lowercase)

    def text(self, secret: str, field: str) -> str:
        """The word of `field` of `secret`, and the one that the field has in all of them."""
        word = self.korean if field.endswith("_ko") else self.latin
        return f"{word(secret, field)} {word(ANY, field)}"

    def found(self, text: str) -> set[tuple[str, str]]:
        """Secret and field of each word in `text`, however it is escaped there."""
        lower = text.lower()
        if not any(sign in lower for sign in self._signs):
            return set()
        plain = _ESCAPED.sub(lambda escaped: chr(int(escaped[1], 16)), unquote(lower))
        return {
            (
                self._named(self._secrets, found[1], letters),
                self._named(self._fields, found[2], letters),
            )
            for pattern, letters in (
                (self._latin, string.ascii_lowercase),
                (self._korean, "".join(_SYLLABLES)),
            )
            for found in pattern.finditer(plain)
        }

    @staticmethod
    def _number(known: list[str], name: str, letters: str | list[str]) -> str:
        if name not in known:
            known.append(name)
        return _code(known.index(name), letters)

    @staticmethod
    def _named(known: list[str], code: str, letters: str) -> str:
        number = letters.index(code[0]) * 26 + letters.index(code[1])
        return known[number] if number < len(known) else code
