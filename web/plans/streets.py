"""Figures of a plan by street, as the map and its legend show them."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scenarios.indicators import STREETS, StreetFigure
from web.plans.result import Result
from web.scene import COUNT_BREAKS, nice

FIGURES = {one.name: one for one in STREETS}
FIRST = "parked_afternoon"

SCALES = {
    "parked_night": "parking",
    "parked_afternoon": "parking",
    "parked_evening": "parking",
    "driven": "teal",
    "cruised": "parking",
    "walked": "footfall",
    "wrongly": "parking",
    "loose": "bikes",
    "dumped": "bikes",
}
_STEPS = (0.15, 0.5)
"""Where a change becomes a darker colour, as parts of the largest changes."""

_TOP = 98.0


@dataclass(frozen=True, slots=True)
class Shown:
    """One figure: where its colours change, for levels and for changes."""

    figure: StreetFigure
    breaks: tuple[float, ...]
    steps: tuple[float, ...]
    change: NDArray[np.int8]
    """For each segment -3 (much less) to 3 (much more); 0 where there is no clear change."""


def shown(result: Result, name: str) -> Shown:
    """Return how a figure is drawn; `FIRST` where there is none of that name."""
    at = result.street(name)
    before, change = result.before[at], result.change[at]
    clear = (result.low[at] > 0) | (result.high[at] < 0)
    there = before[before > 0]
    top = float(np.percentile(there, _TOP)) if len(there) else 1.0
    breaks: list[float] = []
    for part in COUNT_BREAKS:
        breaks.append(max(nice(part * top), breaks[-1] * 1.5 if breaks else 0.5))
    moved = np.abs(change[clear])
    most = float(np.percentile(moved, _TOP)) if len(moved) else 1.0
    steps = tuple(max(nice(part * most), 0.1) for part in _STEPS)
    level = np.zeros(len(change), np.int8)
    for edge in (0.0, *steps):
        level[clear & (change >= edge) & (change > 0)] += 1
        level[clear & (-change >= edge) & (change < 0)] -= 1
    return Shown(FIGURES[name], tuple(breaks), steps, level)


def street_values(result: Result, name: str) -> dict[str, Any]:
    """Return what the map draws a figure from: the level now, and what changes, by segment.

    ``now`` is in the order of the city's segments; ``at`` are the positions of segments that
    change in at least one of ten pairs, with ``change``, ``low`` and ``high`` for each.
    """
    at = result.street(name)
    one = shown(result, name)
    moved = np.flatnonzero(
        (result.low[at] != 0) | (result.high[at] != 0) | (result.change[at] != 0)
    )
    return {
        "figure": name,
        "runs": result.runs,
        "breaks": one.breaks,
        "steps": one.steps,
        "now": _short(result.before[at]),
        "at": moved.tolist(),
        "change": _short(result.change[at][moved]),
        "low": _short(result.low[at][moved]),
        "high": _short(result.high[at][moved]),
    }


def _short(values: NDArray[np.float32]) -> list[float | int]:
    """Return numbers with one decimal below 10, and none above: more would say nothing."""
    return [
        round(value) if abs(value) >= 10 or value == round(value) else round(value, 1)  # noqa: PLR2004 as said
        for value in values.tolist()
    ]
