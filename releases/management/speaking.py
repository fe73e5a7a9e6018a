"""The language that commands speak."""

import os
from contextlib import AbstractContextManager

from django.utils import translation


def in_terminal_language() -> AbstractContextManager:
    """Speak Korean in a terminal whose locale is Korean, English in any other."""
    locale = next(
        (value for name in ("LC_ALL", "LC_MESSAGES", "LANG") if (value := os.environ.get(name))), ""
    )
    return translation.override("ko" if locale.startswith("ko") else "en")
