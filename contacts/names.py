"""When two spellings are one name."""

import re
import unicodedata

# Soft hyphens, zero-width spaces and joiners: what a page hides and a paste brings along.
_INVISIBLE = re.compile("[\u00ad\u034f\u200b-\u200f\u2060\ufeff]")
_APOSTROPHE = re.compile("[’‘ʼ`´]")


def same_name(name: str) -> str:
    """A key under which spellings of one name agree; the key of a key is itself.

    Case, white space, full-width letters, decomposed Hangul and the shape of an apostrophe
    make no difference, nor does what cannot be seen; accents do: México is listed as an
    alias of Mexico.
    """
    folded = _APOSTROPHE.sub("'", _INVISIBLE.sub("", name))
    # Folding the case of a full-width or compatibility letter may leave one to fold again.
    for _pass in range(3):
        folded = unicodedata.normalize("NFKC", folded).casefold()
    return " ".join(_APOSTROPHE.sub("'", folded).split())
