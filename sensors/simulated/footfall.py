"""People walking: a random walk over the streets from every place where people appear.

Walkers appear at attractors, stops, homes, parked cars and racks, turn at random at every
junction (rather into lively streets, hardly ever back), and stop somewhere after a few hundred
metres. The expected passages are the solution of that walk, a sum over its steps; what is counted
varies more than chance alone would have it (negative binomial).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from scipy.sparse import csr_array, diags_array

from sensors.simulated.activity import (
    ACTIVITIES,
    BOARDINGS,
    DWELLING_WALKS,
    HOME,
    OTHER_BOARDINGS,
    TRANSIT,
    Curves,
)
from sensors.simulated.events import Event
from sensors.simulated.ground import Ground, Things
from sensors.simulated.local_day import QUARTER_S, LocalDay, curve
from sensors.simulated.luck import Drift, Floats, Ints, Luck, overdispersed
from sensors.simulated.weather import Weather

RANGE_M = 420.0
"""Walkers who set out to walk a length go on beyond it with probability 1/(1 + length/range)."""

MOST_TURNS = 70
WALKS_PER_VISIT = 2.0
WALKERS_PER_CAR = 1.3
WALKERS_PER_BIKE = 1.0
"""People who walk because of one visit (there and on), one parked car, one parked bike (assumed)."""

TURNING_BACK = 0.02
PULL: Mapping[str, float] = MappingProxyType(
    {
        "pedestrian": 5.0,
        "living_street": 1.5,
        "footway": 0.8,
        "path": 0.6,
        "steps": 0.5,
        "cycleway": 0.4,
        "service": 0.35,
        "track": 0.3,
    }
)
"""How strongly a class of street draws walkers at a junction; every other class 1 (assumed)."""

PULL_PER_FRONT = 0.12
"""Added to the pull, as a share, for each shop, café or the like per 100 m (assumed)."""

MOST_FRONTS = 30.0
WITHOUT_CARS = 1.25
"""A street of a class that has cars elsewhere draws more walkers where it has none (assumed)."""

SPREAD_SIZE = 14.0
"""Size of the negative binomial: the smaller, the more the counts vary (assumed)."""

_DRIFT_QUARTERS = 12
_FRONTS = frozenset({"shop", "supermarket", "cafe", "restaurant", "culture", "leisure"})
_ALWAYS_FOR_WALKERS = frozenset({"pedestrian", "footway", "path", "steps", "cycleway", "track"})


@dataclass(frozen=True)
class Walk:
    """A random walk over directed street sides: ``turn`` gives the chance to go from one to another.

    A segment has two of them: the i-th forward and the (n + i)-th backward.
    """

    turn: csr_array
    sides: int

    @classmethod
    def of(cls, ground: Ground) -> "Walk":
        """Lay the walk over a city's streets."""
        streets = ground.streets
        count = len(streets)
        tail = np.concatenate([streets.start, streets.end])
        head = np.concatenate([streets.end, streets.start])
        pull = np.tile(_pull(ground), 2)
        sides = np.arange(2 * count)
        leaves = csr_array((pull, (tail, sides)), shape=(streets.nodes, 2 * count))
        arrives = csr_array((np.ones(2 * count), (sides, head)), shape=(2 * count, streets.nodes))
        onward = csr_array(arrives @ leaves)
        back = csr_array(
            (np.ones(2 * count), (sides, (sides + count) % (2 * count))), shape=onward.shape
        )
        onward = csr_array(onward - onward.multiply(back) * (1 - TURNING_BACK))
        total = np.asarray(onward.sum(axis=1)).ravel()
        goes_on = 1 / (1 + np.tile(streets.length_m, 2) / RANGE_M)
        scale = np.divide(goes_on, total, out=np.zeros_like(total), where=total > 0)
        return cls(csr_array(diags_array(scale) @ onward), 2 * count)

    def passages(self, setting_out: Floats) -> Floats:
        """Return expected passages of every segment, for walkers who set out on segments.

        ``setting_out`` has a row for each segment and may have several columns; half of the
        walkers go either way.
        """
        now = np.concatenate([setting_out, setting_out]) / 2
        total = now.copy()
        step = self.turn.T.tocsr()
        for _ in range(MOST_TURNS):
            now = step @ now
            total += now
        return total[: self.sides // 2] + total[self.sides // 2 :]


def _pull(ground: Ground) -> Floats:
    streets = ground.streets
    pull = np.array([PULL.get(highway, 1.0) for highway in streets.highway])
    has_cars_elsewhere = np.array([way not in _ALWAYS_FOR_WALKERS for way in streets.highway], bool)
    pull = np.where(has_cars_elsewhere & ~streets.drive, pull * WITHOUT_CARS, pull)
    fronts = np.zeros(len(streets))
    for kind, segment in zip(ground.attractors.kind, ground.attractors.segment, strict=True):
        if kind in _FRONTS and segment >= 0:
            fronts[segment] += 1
    per_100_m = np.minimum(100 * fronts / np.maximum(streets.length_m, 20.0), MOST_FRONTS)
    return pull * (1 + PULL_PER_FRONT * per_100_m) * streets.walk


@dataclass(frozen=True)
class _Source:
    """One kind of walkers: when they walk, and the passages of every segment on a weekday."""

    curves: Curves
    passages: Floats


class Footfall:
    """Passages of one city and seed.

    Parameters
    ----------
    cars, bikes
        Cars and bikes parked on a weekday by activity (rows, as in `ACTIVITIES`) and by bay group
        or rack.
    """

    def __init__(self, ground: Ground, luck: Luck, *, cars: Floats, bikes: Floats) -> None:
        self._ground = ground
        self._luck = luck
        self._walk = Walk.of(ground)
        self._sources = self._make_sources(cars, bikes)
        self._per_weekday = np.array([source.passages for source in self._sources])
        self._crowds: dict[str, Floats] = {}

    def expected(self, day: LocalDay, weather: Weather, event: Event | None) -> Floats:
        """Return expected passages by segment and quarter of an hour."""
        hours = QUARTER_S / 3600
        when = np.array(
            [
                curve(source.curves.level(day), day.clock(QUARTER_S)) / source.curves.weekday_total
                for source in self._sources
            ]
        )
        mood = np.repeat(weather.walking, round(1 / hours))[: when.shape[1]]
        result = self._per_weekday.T @ (when * mood * hours)
        if event is not None:
            share = event.per_hour(day, QUARTER_S) * hours
            result += self._crowd(event)[:, None] * (WALKS_PER_VISIT * event.people * share)
        return result

    def counted(self, segments: Ints, expected: Floats, day: LocalDay) -> Ints:
        """Return passages drawn for some segments; ``expected`` has a row for each of them."""
        places: list[int] = segments.tolist()
        keys = [self._ground.streets.keys[at] for at in places]
        quarters = expected.shape[1]
        drift = Drift(self._luck, "crowd", keys, _DRIFT_QUARTERS)
        spread = drift.of(day.number, quarters, day.shifted(-1).steps(QUARTER_S))
        uniforms = self._luck.uniforms("passages", day.number, keys, quarters)
        return overdispersed(uniforms, spread, expected, SPREAD_SIZE)

    def _crowd(self, event: Event) -> Floats:
        if event.host not in self._crowds:
            out = np.zeros((len(self._ground.streets), 1))
            if event.segment >= 0:
                out[event.segment] = 1.0
            self._crowds[event.host] = self._walk.passages(out)[:, 0]
        return self._crowds[event.host]

    def _make_sources(self, cars: Floats, bikes: Floats) -> list[_Source]:
        ground = self._ground
        count = len(ground.streets)
        kinds = np.array(ground.attractors.kind, dtype=object)
        curves: list[Curves] = []
        starts: list[Floats] = []
        for row, (kind, activity) in enumerate(ACTIVITIES.items()):
            people = np.where(kinds == kind, activity.visits * WALKS_PER_VISIT, 0.0)
            start = _on_segments(ground.attractors, people, count)
            start += _on_segments(ground.bays, cars[row] * WALKERS_PER_CAR, count)
            start += _on_segments(ground.racks, bikes[row] * WALKERS_PER_BIKE, count)
            curves.append(activity.curves)
            starts.append(start)
        boardings = np.array([BOARDINGS.get(mode, OTHER_BOARDINGS) for mode in ground.stops.kind])
        curves += [TRANSIT, HOME]
        starts.append(_on_segments(ground.stops, boardings, count))
        starts.append(_on_segments(ground.homes, ground.homes.weight * DWELLING_WALKS, count))
        passages = self._walk.passages(np.array(starts).T).T
        return [_Source(when, row) for when, row in zip(curves, passages, strict=True)]


def _on_segments(things: Things, amount: Floats, count: int) -> Floats:
    placed = things.segment >= 0
    return np.bincount(things.segment[placed], amount[placed], minlength=count).astype(float)
