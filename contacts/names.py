"""When two spellings are one name."""

import unicodedata


def same_name(name: str) -> str:
    """A key under which spellings of one name agree.

    Case, white space, full-width letters, decomposed Hangul and the shape of an apostrophe
    make no difference; accents do: México is listed as an alias of Mexico.
    """
    folded = unicodedata.normalize("NFKC", name).casefold().replace("’", "'")
    return " ".join(folded.split())
