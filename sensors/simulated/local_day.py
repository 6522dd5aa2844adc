"""Local days, as people live them: in steps from midnight to midnight, 23 or 25 hours included."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from types import MappingProxyType
from typing import Literal
from zoneinfo import ZoneInfo

import numpy as np

from sensors.simulated.luck import Floats

STEP_S = 300
"""Length of one step of the true day, in seconds."""

QUARTER_S = 900

Rhythm = Literal["weekday", "saturday", "sunday"]
_SATURDAY = 5
_SUNDAY = 6
_HOLIDAYS = frozenset({(1, 1), (12, 25), (12, 26)})

Points = tuple[tuple[float, float], ...]
"""A curve over the day: (local hour, level) pairs, joined by straight lines, the night included."""


@dataclass(frozen=True)
class LocalDay:
    """One date in one time zone; ``start_s`` and ``end_s`` are its midnights in seconds since 1970."""

    local_date: date
    zone: ZoneInfo
    start_s: int
    end_s: int

    @classmethod
    def of(cls, day: date, zone: ZoneInfo) -> "LocalDay":
        """Return the day of a date."""
        return cls(day, zone, _midnight(day, zone), _midnight(day + timedelta(days=1), zone))

    @classmethod
    def containing(cls, at_s: float, zone: ZoneInfo) -> "LocalDay":
        """Return the day in which a moment (seconds since 1970) falls."""
        return cls.of(datetime.fromtimestamp(at_s, zone).date(), zone)

    def shifted(self, days: int) -> "LocalDay":
        """Return the day that many days later."""
        return LocalDay.of(self.local_date + timedelta(days=days), self.zone)

    @property
    def number(self) -> int:
        """The day's number in the calendar (its proleptic Gregorian ordinal)."""
        return self.local_date.toordinal()

    @property
    def rhythm(self) -> Rhythm:
        """How people spend the day; a few holidays are spent like Sundays (assumed)."""
        if (
            self.local_date.month,
            self.local_date.day,
        ) in _HOLIDAYS or self.local_date.weekday() == _SUNDAY:
            return "sunday"
        return "saturday" if self.local_date.weekday() == _SATURDAY else "weekday"

    def steps(self, step_s: int = STEP_S) -> int:
        """Return how many steps the day has."""
        return (self.end_s - self.start_s) // step_s

    def clock(self, step_s: int = STEP_S) -> Floats:
        """Return what a clock on the wall says in the middle of each step, in hours."""
        return self._clocks[step_s]

    @cached_property
    def _clocks(self) -> Mapping[int, Floats]:
        return MappingProxyType({s: self._clock(s) for s in (STEP_S, QUARTER_S, 3600)})

    def _clock(self, step_s: int) -> Floats:
        middles = [self.start_s + (n + 0.5) * step_s for n in range(self.steps(step_s))]
        locals_ = [datetime.fromtimestamp(middle, self.zone) for middle in middles]
        return np.array([at.hour + at.minute / 60 + at.second / 3600 for at in locals_])


def curve(points: Points, clock: Floats) -> Floats:
    """Return a curve's level at hours of the day."""
    hours = np.array([hour for hour, _ in points], float)
    levels = np.array([level for _, level in points], float)
    return np.interp(clock, hours, levels, period=24.0)


def level_at(points: Points, hour: float) -> float:
    """Return a curve's level at one hour of the day."""
    return float(curve(points, np.array([hour]))[0])


def _midnight(day: date, zone: ZoneInfo) -> int:
    return int(datetime.combine(day, time(), zone).astimezone(UTC).timestamp())
