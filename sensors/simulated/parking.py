"""Parked cars: a birth-death process in every bay, in steps of five minutes.

Cars arrive at rates that `sensors.simulated.parking_demand` spreads over the kerb, and leave at a
rate that depends on why they came. A car that finds its group of bays full drives on at random
over the streets (diffusion), and after some turns gives up: a visitor tries the nearest garage,
a resident comes back later.

The process has a memory of days, and yet a day must come out the same whichever days were looked
at before. So it starts anew at a fixed midnight every `BLOCK_D` days, from the state that
`SETTLING_D` days of running lead to, with the very luck of those days. By then little is left of
how it was started, and the seam between two blocks hardly shows.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sensors.simulated.activity import STAYS
from sensors.simulated.events import Event
from sensors.simulated.ground import Ground, nearness, shares
from sensors.simulated.kerb import FIRST_VISITOR, RESIDENT, Kerb, KerbDay, KerbLaw, ParkingDay
from sensors.simulated.local_day import STEP_S, LocalDay, Points, Rhythm, curve
from sensors.simulated.luck import Floats, Ints, Luck, poisson, whole
from sensors.simulated.parking_demand import LOADING_MIN, STAY_MIN, SUBSCRIBERS, ParkingDemand

BLOCK_D = 14
SETTLING_D = 7

EVENT_BY_CAR = 0.05
EVENT_REACH_M = 350.0
DAY_SPREAD = 0.06
"""Standard deviation of how many visitors a day brings, as a share (assumed)."""

_AWAY_AT_MIDNIGHT = 0.06
_KEPT_DAYS = 4
_STEPS_PER_HOUR = 3600 // STEP_S
_LOTS = 1 + len(STAYS) + 2
_WORKDAY: Points = ((0, 0.6), (6, 0.05), (11, 0.1), (14, 0.2), (16, 0.5), (18, 0.9), (21, 0.8))
_CLOSING: Points = ((0, 3.0), (6, 1.0), (17, 1.0), (20, 1.6), (23, 2.5))
_LEAVING: dict[Rhythm, Points] = {
    "weekday": (
        *((0, 0.004), (5, 0.01), (7, 0.09), (8.5, 0.13), (10, 0.05)),
        *((16, 0.04), (19, 0.05), (22, 0.01)),
    ),
    "saturday": ((0, 0.004), (7, 0.01), (10, 0.09), (13, 0.09), (17, 0.05), (20, 0.04), (23, 0.01)),
    "sunday": ((0, 0.004), (8, 0.01), (11, 0.08), (14, 0.07), (18, 0.03), (22, 0.006)),
}
_COMING: dict[Rhythm, Points] = {
    "weekday": (
        *((0, 0.25), (3, 0.03), (7, 0.03), (10, 0.07), (15, 0.14)),
        *((17, 0.35), (19, 0.4), (22, 0.4)),
    ),
    "saturday": ((0, 0.3), (3, 0.08), (8, 0.03), (12, 0.12), (16, 0.25), (20, 0.25), (23, 0.35)),
    "sunday": ((0, 0.3), (3, 0.08), (8, 0.02), (12, 0.1), (16, 0.3), (20, 0.4), (23, 0.35)),
}
"""Chances per hour that a resident's car leaves, and that one that is away comes back; chances per
hour that a worker leaves, and how much faster other visitors leave late (all assumed)."""


class _At(NamedTuple):
    block: int
    number: int
    kerb: Kerb


class Parking:
    """The parked cars of one city and seed, day by day."""

    def __init__(
        self,
        ground: Ground,
        demand: ParkingDemand,
        luck: Luck,
        event_on: Callable[[LocalDay], Event | None],
    ) -> None:
        capacity = ground.bays.weight.astype(np.int64)
        self.first: Ints = np.concatenate([[0], np.cumsum(capacity)])
        self._ground = ground
        self._demand = demand
        self._luck = luck
        self._event_on = event_on
        self._law = self._make_law(np.repeat(np.arange(len(capacity)), capacity))
        self._at: _At | None = None
        self._days: dict[int, ParkingDay] = {}

    def on(self, day: LocalDay) -> ParkingDay:
        """Return a day; those between it and the last one, or its block's start, are run too."""
        if day.number in self._days:
            return self._days[day.number]
        block = day.number // BLOCK_D
        at = self._at
        if at is not None and at.block == block and at.number < day.number:
            kerb, back = at.kerb, day.number - at.number - 1
        else:
            kerb, back = Kerb(self._law), day.number - block * BLOCK_D + SETTLING_D
        for before in range(back, -1, -1):
            result = kerb.run(self._brings(day.shifted(-before)))
            if day.number - before >= block * BLOCK_D:
                self._keep(day.number - before, result)
        self._at = _At(block, day.number, kerb)
        return self._days[day.number]

    def _keep(self, number: int, result: ParkingDay) -> None:
        self._days[number] = result
        for old in list(self._days)[:-_KEPT_DAYS]:
            del self._days[old]

    def _make_law(self, groups: Ints) -> KerbLaw:
        demand, bays = self._demand, self._ground.bays
        pace = np.ones((FIRST_VISITOR + len(STAYS), len(groups)))
        pace[FIRST_VISITOR:] = 1 / demand.price[groups]
        loading = np.array([kind == "loading" for kind in bays.kind], bool)[groups]
        pace[FIRST_VISITOR:, loading] = STAY_MIN[0] / LOADING_MIN
        return KerbLaw(
            groups=groups,
            first=self.first.tolist(),
            room=np.diff(self.first).tolist(),
            pace=pace,
            suits=(demand.suits > 0).tolist(),
            onward=demand.onward,
            to_garage=demand.to_garage,
            garage_room=self._ground.garages.weight.astype(np.int64),
        )

    def _brings(self, day: LocalDay) -> KerbDay:
        steps = day.steps()
        lots, leave_luck = self._lots(day)
        expected = np.concatenate([self._residents(day), self._visitors(day)])
        garage_lots = self._luck.uniforms(
            "garage", day.number, self._ground.garages.keys, 2 * steps
        )
        return KerbDay(
            leaving=self._leaving(day),
            leave_luck=leave_luck,
            pick_luck=np.ascontiguousarray(lots[-2].T),
            moments=1 + np.floor(lots[-1].T * (STEP_S - 1)).astype(np.int64),
            arrivals=_by_step(poisson(lots[: len(expected)], expected)),
            garage_in=whole(self._garage_in(day), garage_lots[:, :steps].T),
            garage_out=self._garage_out(day),
            garage_luck=garage_lots[:, steps:].T,
        )

    def _lots(self, day: LocalDay) -> tuple[Floats, NDArray[np.float32]]:
        """Return the luck of a day: (purposes, groups, steps), and to leave, (steps, bays)."""
        steps, keys = day.steps(), self._ground.bays.keys
        lots = np.empty((len(keys), _LOTS, steps))
        leave = np.empty((len(self._law.groups), steps), np.float32)
        for at, key in enumerate(keys):
            numbers = self._luck.generator("kerb", day.number, key)
            numbers.random(out=lots[at])
            numbers.random(out=leave[self.first[at] : self.first[at + 1]], dtype=np.float32)
        return lots.transpose(1, 0, 2), np.ascontiguousarray(leave.T)

    def _leaving(self, day: LocalDay) -> Floats:
        """Return the chance to leave in a step: nobody, residents, short, meal and long visitors."""
        clock = day.clock()
        closing = curve(_CLOSING, clock)
        per_hour = [
            np.zeros(len(clock)),
            curve(_LEAVING[day.rhythm], clock),
            closing * 60 / STAY_MIN[0],
            closing * 60 / STAY_MIN[1],
            curve(_WORKDAY, clock),
        ]
        return 1 - np.exp(-np.array(per_hour).T / _STEPS_PER_HOUR)

    def _residents(self, day: LocalDay) -> Floats:
        """Return the residents' cars expected to come home, (1, groups, steps).

        The share that is away follows from the chances to leave and to come back.
        """
        clock = day.clock()
        leaving = curve(_LEAVING[day.rhythm], clock) / _STEPS_PER_HOUR
        coming = curve(_COMING[day.rhythm], clock) / _STEPS_PER_HOUR
        away = np.empty(len(clock))
        share = _AWAY_AT_MIDNIGHT
        for step in range(len(clock)):
            away[step] = share
            share += leaving[step] * (1 - share) - coming[step] * share
        return (self._demand.residents[:, None] * (coming * away))[None]

    def _visitors(self, day: LocalDay) -> Floats:
        """Return expected arrivals by stay, group and step."""
        busy = 1 + DAY_SPREAD * self._luck.normals("busy", day.number, (0,), 1)[0, 0]
        expected = self._demand.arrivals(day, STEP_S) * busy
        event = self._event_on(day)
        if event is not None:
            spot = np.array([[event.x_m, event.y_m]])
            near = shares(nearness(spot, self._ground.bays.points, EVENT_REACH_M)).toarray()[0]
            cars = event.people * EVENT_BY_CAR * event.per_hour(day, STEP_S) / _STEPS_PER_HOUR
            expected[STAYS.index("meal")] += near[:, None] * cars
        return expected

    def _garage_in(self, day: LocalDay) -> Floats:
        """Return expected cars into each garage by step: visitors, and subscribers in the evening."""
        visitors = self._demand.garage_arrivals(day, STEP_S).sum(axis=0)
        evening = curve(((0, 0.3), (4, 0), (14, 0.2), (18, 1), (22, 0.5)), day.clock())
        places = self._ground.garages.weight * SUBSCRIBERS * _SUBSCRIBERS_PER_HOUR
        return (visitors + places[:, None] * evening / _STEPS_PER_HOUR).T

    def _garage_out(self, day: LocalDay) -> Floats:
        levels: Points = (
            (0, 0.25),
            (3, 0.02),
            (6, 0.05),
            (8, 0.35),
            (12, 0.5),
            (18, 0.6),
            (22, 0.5),
        )
        return 1 - np.exp(-curve(levels, day.clock()) / _STEPS_PER_HOUR)


_SUBSCRIBERS_PER_HOUR = 0.15
_MANY = 20


def _by_step(counts: Ints) -> list[list[tuple[int, int, int]]]:
    """Turn counts (types, groups, steps) into a list of (group, type, number) for each step."""
    result: list[list[tuple[int, int, int]]] = [[] for _ in range(counts.shape[2])]
    found: list[list[int]] = np.argwhere(counts).tolist()
    for kind, group, step in found:
        for nth in range(counts[kind, group, step]):
            result[step].append((group, RESIDENT + kind, kind * _MANY + nth))
    return result
