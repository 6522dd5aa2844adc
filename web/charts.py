"""A place's figures over time as SVG: drawn on the server, so that it prints and needs no script."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

WIDTH, HEIGHT = 640, 240
LEFT, RIGHT, TOP, BOTTOM = 66, 8, 12, 34


@dataclass(frozen=True, slots=True)
class Point:
    """One period in a chart; ``level`` is None where it was not measured."""

    label: str
    title: str
    level: float | None
    low: float
    high: float
    usual: float | None
    is_chosen: bool = False
    has_tick: bool = False


@dataclass(frozen=True, slots=True)
class Bar:
    """One period, laid out: x and width, the interval's ends, and what it says."""

    x: float
    width: float
    y: float
    y_low: float
    y_high: float
    title: str
    is_measured: bool
    is_chosen: bool
    state: Literal["about", "silent"]


@dataclass(frozen=True, slots=True)
class Tick:
    """A mark on an axis."""

    at: float
    label: str


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart, laid out; a template draws it."""

    bars: tuple[Bar, ...]
    usual: str
    x_ticks: tuple[Tick, ...]
    y_ticks: tuple[Tick, ...]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT
    top: int = TOP
    base: int = HEIGHT - BOTTOM


def lay_out(points: Sequence[Point], *, top: float, y_labels: Sequence[tuple[float, str]]) -> Chart:
    """Lay out a chart of periods, each with its interval, and a line for what is usual."""
    wide = (WIDTH - LEFT - RIGHT) / max(1, len(points))

    def y(level: float) -> float:
        return round(HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * min(1.0, max(0.0, level / top)), 1)

    bars: list[Bar] = []
    ticks: list[Tick] = []
    runs: list[list[str]] = [[]]
    for index, point in enumerate(points):
        x = LEFT + index * wide
        middle = round(x + wide / 2, 1)
        bars.append(
            Bar(
                x=round(x, 1),
                width=round(wide, 1),
                y=y(point.level or 0.0),
                y_low=y(point.low),
                y_high=y(point.high),
                title=point.title,
                is_measured=point.level is not None,
                is_chosen=point.is_chosen,
                state="silent" if point.level is None else "about",
            )
        )
        if point.has_tick:
            ticks.append(Tick(middle, point.label))
        if point.usual is None:
            runs.append([])
        else:
            runs[-1].append(f"{middle} {y(point.usual)}")
    usual = "".join("M" + "L".join(run) for run in runs if len(run) > 1)
    return Chart(
        tuple(bars), usual, tuple(ticks), tuple(Tick(y(level), text) for level, text in y_labels)
    )
