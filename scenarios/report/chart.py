"""Charts of the report as SVG: a figure of the whole place through the day, now and with plans."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil, floor, log10

import numpy as np
from markupsafe import Markup
from numpy.typing import NDArray

from scenarios.day.kinds import FIRST_HOUR, HOURS

Floats = NDArray[np.float64]

WIDTH, HEIGHT = 640, 260
LEFT, RIGHT, TOP, BOTTOM = 64, 12, 12, 34
TICK_EVERY_H = 3

HOURS_OF_DAY: tuple[int, ...] = tuple((FIRST_HOUR + step) % HOURS for step in range(HOURS))
"""The local hour of each entry."""


@dataclass(frozen=True, slots=True)
class Band:
    """A figure by hour over the days played: its middle, and what 8 in 10 lie between."""

    low: Floats
    middle: Floats
    high: Floats

    @classmethod
    def of(cls, values: Floats) -> "Band":
        """Return the band of (pairs, hours)."""
        low, middle, high = np.percentile(values, [10, 50, 90], axis=0)
        return cls(low, middle, high)


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart as a drawing, and the ticks whose labels depend on the language."""

    body: Markup
    x_ticks: tuple[tuple[float, int], ...]
    y_ticks: tuple[tuple[float, float], ...]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT
    base: int = HEIGHT - BOTTOM


def chart(bands: Mapping[str, Band]) -> Chart:
    """Draw how a figure goes through the day: a line in its band for each, by the name of its style."""
    levels = _levels(float(max(band.high.max() for band in bands.values())))
    top = levels[-1]

    def points(values: Floats) -> list[str]:
        return [f"{_x(at)} {_y(value / top)}" for at, value in enumerate(values.tolist())]

    body = ""
    for style, band in bands.items():
        around = "L".join([*points(band.high), *reversed(points(band.low))])
        body += f'<path class="band-{style}" d="M{around}z"/>'
    for style, band in bands.items():
        body += f'<path class="line-{style}" d="M{"L".join(points(band.middle))}"/>'
    x_ticks = [(_x(at), hour) for at, hour in enumerate(HOURS_OF_DAY) if hour % TICK_EVERY_H == 0]
    y_ticks = [(_y(level / top), level) for level in levels]
    return Chart(Markup(body), tuple(x_ticks), tuple(y_ticks))  # noqa: S704 numbers only


def _x(at: int) -> float:
    return round(LEFT + (WIDTH - LEFT - RIGHT) * at / (HOURS - 1), 1)


def _y(share: float) -> float:
    return round(HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * share, 1)


def _levels(most: float) -> Sequence[float]:
    """Return round levels from 0 to one at least as high as the most.

    >>> _levels(830.0)
    [0.0, 200.0, 400.0, 600.0, 800.0, 1000.0]
    """
    if most <= 0:
        return [0.0, 1.0]
    rough = most / 4
    tens = 10.0 ** floor(log10(rough))
    step = next(one * tens for one in (1, 2, 2.5, 5, 10) if one * tens >= rough * 0.8)
    return [step * number for number in range(ceil(most / step) + 1)]
