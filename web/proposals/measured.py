"""What was measured before and after a plan was carried out, beside what was expected of it.

From released figures alone, of the whole place, on days like the one that the plan looked at.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

import numpy as np
import pyarrow as pa

from scenarios.ensemble import Interval
from scenarios.indicators import BY_NAME, Indicator
from scenarios.scenario import Day
from scenarios.shown import Line, change_in_words
from twin.domains import Quantity
from twin.privacy import estimates
from twin.privacy.columns import floats
from twin.words import Language, Origin
from web.live import Live

PAIRS: Final = (
    ("parking_occupied", "occupied_afternoon", 15),
    ("bikes_loose", "loose_bikes", 15),
    ("bikes_dumped", "dumped_bikes", 15),
)
"""Which released figure is about the same as which effect, and at which local hour."""

WEEKS = 8
"""So many weeks before and after are looked at, at most."""

LEAST_PART = 0.9
"""A period counts when so much of the place was measured in it."""

_DAYS: dict[Day, tuple[int, ...]] = {
    "weekday": (0, 1, 2, 3, 4),
    "friday": (4,),
    "saturday": (5,),
    "sunday": (6,),
}


@dataclass(frozen=True, slots=True)
class Beside:
    """One effect: what was expected, and what was measured before and after."""

    indicator: Indicator
    expected: Line | None
    origin: Origin
    weeks_before: int
    weeks_after: int
    before: float
    after: float
    change: Interval

    @property
    def is_enough(self) -> bool:
        """Whether enough was measured on both sides to say anything."""
        return min(self.weeks_before, self.weeks_after) >= estimates.MIN_WEEKS

    def words(self, language: Language) -> str:
        """Return the measured change in words, as effects are told."""
        return change_in_words(self.change, self.indicator.unit, language)


@dataclass(frozen=True, slots=True)
class _Side:
    """The measured levels of one side, one a period, the noise in each, and in how many weeks."""

    level: estimates.Array
    sd: estimates.Array
    weeks: int

    def mean(self) -> tuple[float, float]:
        """Return the mean and its standard error, which has both the noise and how days differ."""
        count = len(self.level)
        differs = float(np.var(self.level, ddof=1)) if count > 1 else 0.0
        noise = float(np.mean(self.sd**2))
        return float(np.mean(self.level)), float(np.sqrt(max(differs, noise) / count))


def beside(live: Live, day: Day, carried_out_on: date, lines: Sequence[Line]) -> list[Beside]:
    """Return every effect that is measured too; ``lines`` is what is expected of the plan."""
    expected = {line.indicator.name: line for line in lines}
    found: list[Beside] = []
    for name, indicator, hour in PAIRS:
        if name not in live.reader.quantities or not live.origins(name):
            continue
        quantity, origin = live.reader.quantity(name), live.origins(name)[0]
        around = timedelta(weeks=WEEKS)
        sides = [
            _side(live, quantity, origin, day, hour, since, until)
            for since, until in (
                (carried_out_on - around, carried_out_on),
                (carried_out_on + timedelta(days=1), carried_out_on + around),
            )
        ]
        found.append(_beside(BY_NAME[indicator], expected.get(indicator), quantity, origin, *sides))
    return found


def _beside(
    indicator: Indicator,
    expected: Line | None,
    quantity: Quantity,
    origin: Origin,
    before: _Side,
    after: _Side,
) -> Beside:
    times = 100.0 if quantity.is_share else 1.0
    nan = float("nan")
    first, second = (side.mean() if len(side.level) else (nan, nan) for side in (before, after))
    change = times * (second[0] - first[0])
    error = times * estimates.Z90 * float(np.hypot(first[1], second[1]))
    return Beside(
        indicator,
        expected,
        origin,
        before.weeks,
        after.weeks,
        times * first[0],
        times * second[0],
        Interval(change - error, change, change + error),
    )


def _side(
    live: Live,
    quantity: Quantity,
    origin: Origin,
    day: Day,
    hour: int,
    since: date,
    until: date,
) -> _Side:
    """Return what was measured from a local day up to another, on days and at an hour like these."""
    start, end = (datetime(d.year, d.month, d.day, tzinfo=live.zone) for d in (since, until))
    figures = live.reader.figures(quantity.name, origin=origin, since=start, until=end)
    hours = quantity.windows.hours
    nearest = min(hours, key=lambda each: abs(each - hour)) if hours else None
    levels: list[tuple[float, float]] = []
    weeks: set[tuple[int, int]] = set()
    for begin, rows in _by_window(figures):
        local = begin.astimezone(live.zone)
        if local.weekday() not in _DAYS[day] or nearest not in {None, local.hour}:
            continue
        value, covered, capacity, sigma = (
            floats(rows, name) for name in ("value", "covered", "capacity", "sigma")
        )
        measured = capacity[~np.isnan(value)].sum() / max(capacity.sum(), 1.0)
        if measured < LEAST_PART:
            continue
        levels.append(estimates.total(value, covered, capacity, sigma, is_share=quantity.is_share))
        weeks.add(local.isocalendar()[:2])
    both = np.array(levels, float).reshape(-1, 2)
    return _Side(both[:, 0], both[:, 1], len(weeks))


def _by_window(figures: pa.Table) -> list[tuple[datetime, pa.Table]]:
    """Return the rows of each window with its start."""
    starts: list[Any] = figures["window_start"].to_pylist()
    at: dict[datetime, list[int]] = {}
    for row, start in enumerate(starts):
        at.setdefault(start, []).append(row)
    return [(start, figures.take(pa.array(rows))) for start, rows in at.items()]
