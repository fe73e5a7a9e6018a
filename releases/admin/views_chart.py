"""How often something was read, as bars of an SVG; what they say in words stands beside them."""

from collections.abc import Sequence
from dataclasses import dataclass

from releases.reading_report import Bar

SLOT, WIDTH, HEIGHT = 10, 8, 100  # units of the picture, which is stretched over its room


@dataclass(frozen=True)
class Drawn:
    """One bar: its place in the picture, and the part of the period that it stands for."""

    x: int
    y: float
    height: float
    bar: Bar


@dataclass(frozen=True)
class Chart:
    """`top` is the number at the upper edge of the picture, `middle` half of it if it is one."""

    bars: list[Drawn]
    top: int
    width: int = WIDTH
    picture_height: int = HEIGHT

    @property
    def picture_width(self) -> int:
        return SLOT * len(self.bars)

    @property
    def middle(self) -> int | None:
        return None if self.top % 2 else self.top // 2


def drawn(bars: Sequence[Bar]) -> Chart:
    top = round_number_above(max((bar.counts.count for bar in bars), default=0))
    return Chart(
        [
            Drawn(
                place * SLOT + (SLOT - WIDTH) // 2,
                round(HEIGHT - HEIGHT * bar.counts.count / top, 2),
                round(HEIGHT * bar.counts.count / top, 2),
                bar,
            )
            for place, bar in enumerate(bars)
        ],
        top,
    )


def round_number_above(number: int) -> int:
    """The least of 2, 4, 10, 20, 40, 100 … that is not below `number`."""
    power = 1
    while True:
        for digit in (2, 4, 10):
            if number <= digit * power:
                return digit * power
        power *= 10
