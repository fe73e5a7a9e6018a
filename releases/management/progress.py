"""How far a command has come, for whoever watches it on a terminal."""

import time
from collections.abc import Callable
from typing import TextIO

from django.utils.translation import gettext as _

EVERY = 0.2  # seconds
WIDTH = 30  # characters of the bar
BACK = "\r\x1b[K"  # to the beginning of the line, and empty it


class Progress:
    """A bar with the time that is left, on a terminal; nothing anywhere else.

    `total` steps there are. Call `hide` before anything else is written.
    """

    def __init__(self, stream: TextIO, total: int, clock: Callable[[], float] = time.monotonic):
        self.stream, self.total, self.clock = stream, total, clock
        self.done, self.begun, self._shown_at = 0, clock(), 0.0
        self.is_shown = total > 0 and stream.isatty()

    def step(self) -> None:
        """One more is done."""
        self.done += 1
        now = self.clock()
        if self.is_shown and now - self._shown_at >= EVERY:
            self._shown_at = now
            self.stream.write(BACK + self.line(now))
            self.stream.flush()

    def hide(self) -> None:
        if self.is_shown:
            self.stream.write(BACK)
            self.stream.flush()

    def line(self, now: float) -> str:
        """The bar: "[#####.....] 120/240, 0:35 left"."""
        done = min(self.done, self.total)
        full = WIDTH * done // self.total
        left = (now - self.begun) / max(1, done) * (self.total - done)
        minutes, seconds = divmod(round(left), 60)
        numbers = {
            "done": done,
            "total": self.total,
            "left": f"{minutes}:{seconds:02d}",
            "bar": "#" * full + "." * (WIDTH - full),
        }
        return _("[%(bar)s] %(done)d of %(total)d, %(left)s left") % numbers
