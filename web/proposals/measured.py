"""What was measured before and after a plan was carried out, beside what was expected of it.

From released figures alone, of the whole place, on days like the one that the plan looked at.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final, NamedTuple

import numpy as np
import pandas as pd
from scipy.special import stdtrit

from scenarios.ensemble import Interval
from scenarios.indicators import BY_NAME, Indicator
from scenarios.scenario import Day
from scenarios.shown import Line, change_in_words
from twin.domains import Quantity
from twin.privacy import estimates
from twin.privacy.columns import floats, texts
from twin.privacy.usual_week import UsualWeek
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
    is_enough: bool
    """Whether enough was measured on both sides to say anything."""

    def words(self, language: Language) -> str:
        """Return the measured change in words, as effects are told."""
        return change_in_words(self.change, self.indicator.unit, language)


def beside(live: Live, day: Day, carried_out_on: date, lines: Sequence[Line]) -> list[Beside]:
    """Return every effect that is measured too; ``lines`` is what is expected of the plan."""
    expected = {line.indicator.name: line for line in lines}
    around = timedelta(weeks=WEEKS)
    found: list[Beside] = []
    for name, indicator, hour in PAIRS:
        if name not in live.reader.quantities or not live.origins(name):
            continue
        quantity, origin = live.reader.quantity(name), live.origins(name)[0]
        before, after = (
            _weeks(live, quantity, origin, day, hour, since, until)
            for since, until in (
                (carried_out_on - around, carried_out_on),
                (carried_out_on + timedelta(days=1), carried_out_on + around),
            )
        )
        found.append(
            _compared(
                BY_NAME[indicator],
                expected.get(indicator),
                live.usual(name, origin) if quantity.is_share else None,
                origin,
                before,
                after,
            )
        )
    return found


def _compared(
    indicator: Indicator,
    expected: Line | None,
    usual: UsualWeek | None,
    origin: Origin,
    before: pd.DataFrame,
    after: pd.DataFrame,
) -> Beside:
    """Compare the weeks before and after, over the units that were measured in enough of both.

    ``usual`` knows the capacities that shares are of; None where levels are numbers.
    """
    often = [
        set(side.columns[side.notna().sum() >= estimates.MIN_WEEKS]) for side in (before, after)
    ]
    units = sorted(often[0] & often[1])
    of = None if usual is None else usual.capacity(units)
    sides = [_whole(side[units], of) for side in (before, after)]
    change = sides[1].mean - sides[0].mean
    error = float(np.hypot(sides[0].error, sides[1].error))
    return Beside(
        indicator,
        expected,
        origin,
        weeks_before=len(before),
        weeks_after=len(after),
        before=sides[0].mean,
        after=sides[1].mean,
        change=Interval(change - error, change, change + error),
        is_enough=bool(units),
    )


class _Whole(NamedTuple):
    """What is measured of the place in a week: the mean of the weeks, and half of its 90 % interval."""

    mean: float
    error: float


def _whole(weeks: pd.DataFrame, of: estimates.Array | None) -> _Whole:
    """Return the level of all units together: a number, or per cents of these capacities.

    The days of one week are alike, so that a week counts as one observation: Student's t over as
    many weeks as there are. A unit that misses a week is taken to have been as in its others.
    """
    if weeks.empty:
        return _Whole(float("nan"), float("nan"))
    filled = weeks.fillna(weeks.mean()).to_numpy(float)
    total = filled.sum(axis=1) if of is None else 100.0 * filled @ of / of.sum()
    count = len(total)
    spread = float(np.std(total, ddof=1)) / np.sqrt(count)
    return _Whole(float(total.mean()), float(stdtrit(count - 1, 0.95)) * float(spread))


def _weeks(
    live: Live,
    quantity: Quantity,
    origin: Origin,
    day: Day,
    hour: int,
    since: date,
    until: date,
) -> pd.DataFrame:
    """Return the mean published level of each unit (columns) in each week (rows), on days like these."""
    start, end = (datetime(d.year, d.month, d.day, tzinfo=live.zone) for d in (since, until))
    figures = live.reader.figures(quantity.name, origin=origin, since=start, until=end)
    value, covered, capacity, sigma = (
        floats(figures, name) for name in ("value", "covered", "capacity", "sigma")
    )
    levels = estimates.levels(value, covered, capacity, sigma, is_share=quantity.is_share)
    starts: list[Any] = figures["window_start"].to_pylist()
    local = [each.astimezone(live.zone) for each in starts]
    hours = quantity.windows.hours
    nearest = min(hours, key=lambda each: abs(each - hour)) if hours else None
    table = pd.DataFrame(
        {
            "week": [f"{each:%G-%V}" for each in local],
            "unit": texts(figures, "unit"),
            "level": levels.level,
        }
    )
    alike = [each.weekday() in _DAYS[day] and nearest in {None, each.hour} for each in local]
    known = table[np.array(alike, bool) & ~np.isnan(levels.level)]
    return known.pivot_table(index="week", columns="unit", values="level", aggfunc="mean")
