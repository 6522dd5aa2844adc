"""Weather: how warm and how wet each hour of a day is, and what that does to people outside.

All figures are assumed: a temperate climate whose seasons follow from the hemisphere. They are
there to move demand about, not to be right about any place.
"""

from dataclasses import dataclass

import numpy as np

from sensors.simulated.local_day import LocalDay
from sensors.simulated.luck import Drift, Floats, Luck, key_of

MEAN_C = 9.0
SEASON_C = 9.5
SPELL_C = 3.5
DAY_C = 3.0
COLDEST_DAY = 20
"""Day of the year around which the northern winter is coldest."""

_SKY = (key_of("sky"),)
_WET_ABOVE = 1.15
_HEAVY = 1.2
_YEAR_D = 365.25
_SPELL_WEIGHTS = (0.7, 0.5, 0.4, 0.25, 0.2)


@dataclass(frozen=True, slots=True)
class Weather:
    """One day: temperature in °C and rain in mm for each of its hours."""

    temperature_c: Floats
    rain_mm: Floats

    @property
    def walking(self) -> Floats:
        """How many people walk, as a share of a mild dry day, for each hour."""
        return _pleasant(self.temperature_c, 16.0, 0.012) * _dry(self.rain_mm, 0.30)

    @property
    def cycling(self) -> Floats:
        """How many people cycle, as a share of a mild dry day, for each hour."""
        return _pleasant(self.temperature_c, 18.0, 0.02) * _dry(self.rain_mm, 0.30)


class Climate:
    """The weather of every day of one place."""

    def __init__(self, luck: Luck, *, latitude: float) -> None:
        self._is_south = latitude < 0
        self._luck = luck
        self._showers = Drift(luck, "rain", _SKY, 7)

    def on(self, day: LocalDay) -> Weather:
        """Return the weather of a day."""
        hours, before = day.steps(3600), day.shifted(-1).steps(3600)
        clock = day.clock(3600)
        spell = np.linspace(self._spell(day.number), self._spell(day.number + 1), hours)
        season = np.cos(2 * np.pi * (self._day_of_year(day) - COLDEST_DAY) / _YEAR_D)
        temperature = (
            MEAN_C
            - SEASON_C * season
            + SPELL_C * spell
            + DAY_C * np.cos(2 * np.pi * (clock - 15) / 24)
        )
        wet = self._showers.of(day.number, hours, before)[0] - _WET_ABOVE
        return Weather(temperature, np.maximum(wet, 0.0) * _HEAVY)

    def _spell(self, number: int) -> float:
        """Return how much warmer than the season it is around a midnight: spells last days."""
        fresh = [
            self._luck.normals("warmth", number - back, _SKY, 1)[0, 0]
            for back in range(len(_SPELL_WEIGHTS))
        ]
        return float(np.dot(_SPELL_WEIGHTS, fresh))

    def _day_of_year(self, day: LocalDay) -> float:
        number = day.local_date.timetuple().tm_yday
        return number + _YEAR_D / 2 if self._is_south else number


def _pleasant(temperature_c: Floats, best_c: float, per_degree: float) -> Floats:
    """People go out less for each degree away from the best, cold or hot."""
    return np.maximum(1 - per_degree * np.abs(temperature_c - best_c), 0.4)


def _dry(rain_mm: Floats, loss: float) -> Floats:
    """Any rain keeps some people in at once, heavy rain more of them."""
    return 1 - loss * np.minimum(rain_mm * 4, 1.0) - 0.1 * np.minimum(rain_mm, 2.0)
