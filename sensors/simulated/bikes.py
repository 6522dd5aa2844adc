"""Bikes: in racks, loose, and dumped.

The bikes that want a rack wander about their mean and come back to it. What a rack cannot hold
stands loose beside it; others are left loose at the door anyway. Now and then one is left behind
for good, and stays until the round that takes it away. No state is carried from day to day: the
wandering and the rounds are such that a day follows from the luck of the days just before it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np

from sensors.simulated.bike_demand import BikeDemand
from sensors.simulated.ground import Ground, Things, nearness
from sensors.simulated.local_day import QUARTER_S, LocalDay
from sensors.simulated.luck import Drift, Floats, Ints, Luck, poisson
from sensors.simulated.weather import Weather

BikeState = Literal["racked", "loose", "dumped"]
STATES: tuple[BikeState, ...] = ("racked", "loose", "dumped")

ORPHANS = 0.12
"""Places of a rack taken by bikes nobody uses; counts in Amsterdam found 15 % of the bikes."""

CRAMMED = 1.12
"""A full rack holds this many bikes per place: some are squeezed in or lean against it (assumed)."""

TAKEN_ON = 0.75
TAKEN_M = 220.0
"""Share of the bikes that find a rack full and are taken on, and how far at most (assumed)."""

VARIANCE = 1.3
"""Variance of the bikes that want a rack, per bike (assumed)."""

DUMPED_PER_BIKE_DAY = 0.004
"""Chance that a bike left at a door is left for good, per bike and day (assumed)."""

LABELLED_D = 14
ROUND_D = 7
"""A bike goes with the weekly round once it has stood this long: two weeks to three in all."""

_DRIFT_QUARTERS = 24
_LUCK_D = 64
_SLOTS = 48
_AROUND_M = {"racked": 1.5, "loose": 7.0, "dumped": 9.0}
_SECTOR_M = 250.0


@dataclass(frozen=True)
class Standing:
    """Bikes with their states (positions in `STATES`) and positions (m)."""

    state: Ints
    x_m: Floats
    y_m: Floats

    def count(self, state: BikeState) -> int:
        """Return how many are in a state."""
        return int((self.state == STATES.index(state)).sum())


@dataclass(frozen=True)
class BikesDay:
    """One day, in quarters of an hour: bikes in and beside each rack, and at each spot.

    Attributes
    ----------
    racked, beside
        (racks, quarters)
    loose
        Bikes loose at the spots, (spots, quarters).
    dumped
        The spot of every dumped bike.
    """

    racked: Ints
    beside: Ints
    loose: Ints
    dumped: Ints
    racks: "Spots"
    spots: "Spots"

    def at(self, quarter: int) -> Standing:
        """Return all bikes as they stand in one quarter of an hour."""
        return self.when(
            np.full(len(self.racked), quarter, np.int64),
            np.full(len(self.loose), quarter, np.int64),
        )

    def when(self, of_rack: Ints, of_spot: Ints) -> Standing:
        """Return all bikes, those at each rack and spot as they stand in a quarter of its own."""
        racks, spots = np.arange(len(of_rack)), np.arange(len(of_spot))
        dumped = np.bincount(self.dumped, minlength=len(of_spot))
        parts = [
            self.racks.spread(self.racked[racks, of_rack], "racked"),
            self.racks.spread(self.beside[racks, of_rack], "loose"),
            self.spots.spread(self.loose[spots, of_spot], "loose"),
            self.spots.spread(dumped, "dumped"),
        ]
        return Standing(
            state=np.concatenate([np.full(len(x), state) for state, x, _ in parts]),
            x_m=np.concatenate([x for _, x, _ in parts]),
            y_m=np.concatenate([y for _, _, y in parts]),
        )


@dataclass(frozen=True)
class Spots:
    """Points at which bikes stand, each bike with a slot of its own around the point."""

    keys: Sequence[int]
    x_m: Floats
    y_m: Floats
    luck: Luck

    @cached_property
    def _slots(self) -> Floats:
        around = self.luck.normals("slot", 0, self.keys, 2 * _SLOTS)
        return np.clip(around.reshape(-1, _SLOTS, 2), -2.5, 2.5)

    def spread(self, counts: Ints, state: BikeState) -> tuple[int, Floats, Floats]:
        """Return the state's number and the positions of so many bikes at each point."""
        at = np.repeat(np.arange(len(counts)), counts)
        nth = np.arange(len(at)) - np.repeat(np.cumsum(counts) - counts, counts)
        first = STATES.index(state) * 16
        offset = self._slots[at, (first + nth) % _SLOTS] * _AROUND_M[state]
        return STATES.index(state), self.x_m[at] + offset[:, 0], self.y_m[at] + offset[:, 1]


class Bikes:
    """The bikes of one city and seed, day by day."""

    def __init__(self, ground: Ground, demand: BikeDemand, luck: Luck) -> None:
        self._demand = demand
        self._luck = luck
        self._racks: Things = ground.racks
        self._rack_spots = Spots(ground.racks.keys, ground.racks.x_m, ground.racks.y_m, luck)
        self._door_spots = Spots(demand.keys, demand.x_m, demand.y_m, luck)
        self._drift = Drift(luck, "bikes", ground.racks.keys, _DRIFT_QUARTERS)
        self._near = nearness(ground.racks.points, ground.racks.points, TAKEN_M)
        self._room = np.floor(ground.racks.weight * CRAMMED)
        sector = np.floor(demand.x_m / _SECTOR_M) * 3 + np.floor(demand.y_m / _SECTOR_M) * 5
        self._round = sector.astype(np.int64) % ROUND_D
        self._lots: dict[int, Floats] = {}

    def on(self, day: LocalDay, weather: Weather) -> BikesDay:
        """Return a day."""
        quarters = day.steps(QUARTER_S)
        cycling = np.repeat(weather.cycling, 3600 // QUARTER_S)[:quarters]
        mean = self._demand.in_racks(day, QUARTER_S) * cycling
        drift = self._drift.of(day.number, quarters, day.shifted(-1).steps(QUARTER_S))
        wanted = mean + np.sqrt(VARIANCE * mean) * drift + ORPHANS * self._racks.weight[:, None]
        racked, beside = self._settle(np.maximum(np.rint(wanted), 0.0))
        lots = self._luck.uniforms("loose", day.number, self._demand.keys, 1)
        loose = poisson(lots, self._demand.at_doors(day, QUARTER_S) * cycling)
        return BikesDay(
            racked=racked.astype(np.int64),
            beside=beside.astype(np.int64),
            loose=loose,
            dumped=self._dumped(day.number),
            racks=self._rack_spots,
            spots=self._door_spots,
        )

    def _settle(self, wanted: Floats) -> tuple[Floats, Floats]:
        """Put bikes into racks; of those that do not fit, some are taken to another rack nearby."""
        racked = np.minimum(wanted, self._room[:, None])
        beside, free = wanted - racked, self._room[:, None] - racked
        pull = self._near @ free
        sent = np.divide(beside * TAKEN_ON, pull, out=np.zeros_like(pull), where=pull > 0)
        offered = free * (self._near.T @ sent)
        taken = np.floor(np.minimum(free, offered))
        kept = np.divide(taken, offered, out=np.zeros_like(taken), where=offered > 0)
        moved = sent * (self._near @ (free * kept))
        return racked + taken, np.rint(beside - moved)

    def _dumped(self, number: int) -> Ints:
        """Return the spots of the bikes left behind and not yet taken away, oldest first."""
        found: list[Ints] = []
        chance = self._demand.doors * DUMPED_PER_BIKE_DAY
        for age in range(LABELLED_D + ROUND_D, -1, -1):
            left = number - age
            due = left + LABELLED_D
            due = due + (self._round - due) % ROUND_D
            found.append(np.flatnonzero((self._lot(left) < chance) & (number < due)))
        return np.concatenate(found)

    def _lot(self, number: int) -> Floats:
        block = number // _LUCK_D
        if block not in self._lots:
            self._lots[block] = self._luck.uniforms("dumped", block, self._demand.keys, _LUCK_D)
        return self._lots[block][:, number % _LUCK_D]
