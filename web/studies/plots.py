"""Plots of variants as points with their intervals: a trade-off of two figures, and a sweep of one."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor, isnan, log10

from scenarios.ensemble import Interval

WIDTH, HEIGHT = 640, 400
LEFT, RIGHT, TOP, BOTTOM = 78, 24, 18, 52
TICKS = 5


@dataclass(frozen=True, slots=True)
class Dot:
    """A variant in a plot: its number, its middle, and the ends of its intervals."""

    label: str
    x: float
    y: float
    x_low: float
    x_high: float
    y_low: float
    y_high: float


@dataclass(frozen=True, slots=True)
class Plot:
    """A plot, laid out; a template draws it."""

    dots: tuple[Dot, ...]
    x_ticks: tuple[tuple[float, float], ...]
    y_ticks: tuple[tuple[float, float], ...]
    x_zero: float | None
    y_zero: float | None
    line: str
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT
    top: int = TOP
    base: int = HEIGHT - BOTTOM


def lay_out(
    points: Sequence[tuple[str, Interval, Interval]], *, is_joined: bool = False
) -> Plot | None:
    """Lay out points of a label and two intervals, across and up; None without any."""
    known = [one for one in points if not isnan(one[1].middle) and not isnan(one[2].middle)]
    if not known:
        return None
    x_scale = _Scale.of([one[1] for one in known], LEFT, WIDTH - RIGHT)
    y_scale = _Scale.of([one[2] for one in known], HEIGHT - BOTTOM, TOP)
    dots = tuple(
        Dot(
            label,
            *(x_scale.at(x.middle), y_scale.at(y.middle)),
            *(x_scale.at(x.low), x_scale.at(x.high)),
            *(y_scale.at(y.low), y_scale.at(y.high)),
        )
        for label, x, y in known
    )
    line = "M" + "L".join(f"{one.x} {one.y}" for one in dots) if is_joined else ""
    return Plot(dots, x_scale.ticks, y_scale.ticks, x_scale.zero, y_scale.zero, line)


@dataclass(frozen=True, slots=True)
class _Scale:
    low: float
    high: float
    step: float
    first: int
    last: int

    @classmethod
    def of(cls, values: Sequence[Interval], first: int, last: int) -> "_Scale":
        low = min(0.0, *(one.low for one in values), *(one.middle for one in values))
        high = max(0.0, *(one.high for one in values), *(one.middle for one in values))
        if low == high:
            high = low + 1.0
        step = _step((high - low) / TICKS)
        return cls(floor(low / step) * step, ceil(high / step) * step, step, first, last)

    def at(self, value: float) -> float:
        share = (value - self.low) / (self.high - self.low)
        return round(self.first + (self.last - self.first) * share, 1)

    @property
    def ticks(self) -> tuple[tuple[float, float], ...]:
        count = round((self.high - self.low) / self.step)
        levels = [round(self.low + number * self.step, 9) for number in range(count + 1)]
        return tuple((self.at(level), level) for level in levels)

    @property
    def zero(self) -> float | None:
        return self.at(0.0) if self.low < 0 < self.high else None


def _step(rough: float) -> float:
    """Return a round step at least so large.

    >>> _step(0.7), _step(34.0)
    (1.0, 50.0)
    """
    tens = 10.0 ** floor(log10(rough))
    return next(one * tens for one in (1.0, 2.0, 2.5, 5.0, 10.0) if one * tens >= rough)
