"""Published figures as one vector: what a simulated day is compared with."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scenarios.calibration.target import Target
from scenarios.day.kinds import DayKind

Floats = NDArray[np.float64]

DAYS: tuple[DayKind, ...] = ("weekday", "saturday", "sunday")
"""The kinds of day calibrated on; a Friday differs from a weekday by its shopping evening only."""

SHARE_ERROR: Mapping[str, float] = {
    "parking_occupied": 0.03,
    "parking_garage": 0.06,
    "bikes_racked": 0.08,
}
COUNT_ERROR = 0.15
"""How far the simulated day may be off for reasons of its own, before residuals say more: shares, and
parts of counts."""

SMALL_COUNT: Mapping[str, float] = {
    "bikes_loose": 10.0,
    "bikes_dumped": 10.0,
    "footfall_passages": 50.0,
}
OTHER_SMALL_COUNT = 10.0
"""Counts much smaller than this are off by numbers, those much bigger by parts (assumed)."""

BLOCK_H = 3


@dataclass(frozen=True)
class Observations:
    """Targets as one vector, on the scales on which errors are about normal.

    ``noise_sd`` is that of the published means.
    """

    quantity: list[str]
    day: list[DayKind]
    unit: list[str]
    hours: list[tuple[int, ...]]
    value: Floats
    noise_sd: Floats

    @classmethod
    def of(cls, targets: Mapping[tuple[str, DayKind], Target]) -> "Observations":
        """Put the targets of `DAYS` in a row."""
        rows: list[tuple[str, DayKind, str, tuple[int, ...], float, float]] = []
        for (quantity, day), target in targets.items():
            if day in DAYS:
                rows += _rows(quantity, day, target)
        return cls(
            [row[0] for row in rows],
            [row[1] for row in rows],
            [row[2] for row in rows],
            [row[3] for row in rows],
            np.array([row[4] for row in rows]),
            np.array([row[5] for row in rows]),
        )

    def error_sd(self, own: Mapping[str, float]) -> Floats:
        """Return how far a simulated day may be off: noise, and its ``own`` error by quantity.

        Its own errors are much alike for all figures of a unit, so that n of them say only as much
        as √n that were not: each counts for its part.
        """
        alike = Counter(zip(self.quantity, self.unit, strict=True))
        of_unit = [alike[one] for one in zip(self.quantity, self.unit, strict=True)]
        error = np.array([own[quantity] for quantity in self.quantity])
        return np.sqrt(self.noise_sd**2 + error**2 * np.sqrt(of_unit))

    def read(self, levels: Mapping[DayKind, Mapping[str, tuple[list[str], Floats]]]) -> Floats:
        """Return what a simulation says of each: NaN where it says nothing."""
        result = np.full(len(self.value), np.nan)
        index = {
            (day, quantity): {unit: at for at, unit in enumerate(units)}
            for day, by_quantity in levels.items()
            for quantity, (units, _) in by_quantity.items()
        }
        for at, (quantity, day, unit, hours) in enumerate(
            zip(self.quantity, self.day, self.unit, self.hours, strict=True)
        ):
            row = index.get((day, quantity), {}).get(unit)
            if row is not None:
                level = float(levels[day][quantity][1][row, list(hours)].mean())
                result[at] = level if quantity in SHARE_ERROR else stretched(quantity, level)
        return result


def stretched(quantity: str, level: float) -> float:
    """Return a count on a scale on which its error is about the same whatever its size."""
    return float(np.log(SMALL_COUNT.get(quantity, OTHER_SMALL_COUNT) + max(level, 0.0)))


def unstretched(quantity: str, value: Floats) -> Floats:
    """Return counts from their values on that scale."""
    return np.exp(value) - SMALL_COUNT.get(quantity, OTHER_SMALL_COUNT)


def _rows(
    quantity: str, day: DayKind, target: Target
) -> list[tuple[str, DayKind, str, tuple[int, ...], float, float]]:
    rows: list[tuple[str, DayKind, str, tuple[int, ...], float, float]] = []
    if quantity in SHARE_ERROR:
        for unit, hour, level, sd in zip(
            target.unit, target.hour.tolist(), target.level, target.sd, strict=True
        ):
            rows.append((quantity, day, unit, (hour,), float(level), float(sd)))
        return rows
    block = target.hour // BLOCK_H
    units = np.array(target.unit, object)
    for unit in dict.fromkeys(target.unit):
        for number in np.unique(block[units == unit]):
            chosen = (units == unit) & (block == number)
            level = float(target.level[chosen].mean())
            sd = float(np.sqrt((target.sd[chosen] ** 2).sum()) / chosen.sum())
            size = SMALL_COUNT.get(quantity, OTHER_SMALL_COUNT) + max(level, 0.0)
            hours = tuple(int(hour) for hour in target.hour[chosen])
            rows.append((quantity, day, unit, hours, stretched(quantity, level), sd / size))
    return rows
