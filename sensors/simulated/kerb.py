"""The kerb: bays and the cars in them, taken through one day step by step."""

from bisect import bisect_left, insort
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sensors.simulated.luck import GOLDEN, Floats, Ints, another

TURNS = 10
"""Groups that a driver tries beyond the first before giving up (assumed)."""

WAYS = 64

FREE = 0
RESIDENT = 1
FIRST_VISITOR = 2
"""What a bay's state says: free, a resident's car, or a visitor's (the longer, the higher)."""


@dataclass(frozen=True, slots=True)
class ParkingDay:
    """One day: who stands in every bay and how many cars in every garage, at each step's end.

    ``bays`` is (steps + 1, bays), with row 0 the state at midnight; ``garages`` is
    (steps + 1, garages); ``moments`` is the second in each step at which the cars of a group come
    and go, (steps, groups). ``turned_away`` counts cars for which there was no place at all.
    """

    bays: NDArray[np.int8]
    garages: Ints
    moments: Ints
    turned_away: int


@dataclass(frozen=True, slots=True)
class KerbLaw:
    """What does not change during a run: which bays there are, and where cars go on to.

    Attributes
    ----------
    groups
        The group of every bay.
    first, room
        The first bay of each group, and how many it has.
    pace
        How much faster than others a type of car leaves a bay, (types, bays).
    suits
        Whether residents and visitors may use a group, (types - 1, groups).
    onward, to_garage
        From each group, the groups that a driver goes on to, and the garages nearby: `WAYS` of
        them, all as likely, and each as often as it is likelier than others; or none.
    garage_room
        The places in each garage.
    """

    groups: Ints
    first: Sequence[int]
    room: Sequence[int]
    pace: Floats
    suits: Sequence[Sequence[bool]]
    onward: Sequence[Sequence[int]]
    to_garage: Sequence[Sequence[int]]
    garage_room: Ints


@dataclass(frozen=True, slots=True)
class KerbDay:
    """What one day brings: chances and luck for each step.

    Attributes
    ----------
    leaving, leave_luck
        Chance to leave in a step by type of car (steps, types); a number per bay (steps, bays).
    pick_luck
        Decides which bay a car takes and where it drives on to (steps, groups).
    moments
        As in `ParkingDay`.
    arrivals
        For each step the group and type of every car that arrives, and its number among those.
    garage_in, garage_out
        Cars that arrive in each garage (steps, garages), and the chance to leave one (steps).
    garage_luck
        Rounds the garages' departures (steps, garages).
    """

    leaving: Floats
    leave_luck: NDArray[np.float32]
    pick_luck: Floats
    moments: Ints
    arrivals: Sequence[Sequence[tuple[int, int, int]]]
    garage_in: Ints
    garage_out: Floats
    garage_luck: Floats


class Kerb:
    """The cars in the bays and in the garages."""

    def __init__(self, law: KerbLaw) -> None:
        """Start with every bay free."""
        self._law = law
        self._group_of: list[int] = law.groups.tolist()
        self._who = np.zeros(len(law.groups), np.int8)
        self._pace = np.ones(len(law.groups))
        self._garages = np.zeros(len(law.garage_room), np.int64)
        self._free: list[list[int]] = [[] for _ in range(len(law.room))]
        for bay, group in enumerate(self._group_of):
            self._free[group].append(bay)

    def run(self, day: KerbDay) -> ParkingDay:
        """Live through a day."""
        steps = len(day.leaving)
        bays = np.empty((steps + 1, len(self._who)), np.int8)
        garages = np.empty((steps + 1, len(self._garages)), np.int64)
        bays[0], garages[0] = self._who, self._garages
        turned_away = 0
        for step in range(steps):
            self._leave(day.leaving[step], day.leave_luck[step])
            picks = day.pick_luck[step]
            overflow = [0] * len(self._garages)
            for group, kind, nth in day.arrivals[step]:
                luck = another(float(picks[group]), nth)
                if self._park(kind, group, luck):
                    continue
                near = self._law.to_garage[group]
                if kind == RESIDENT or not near:
                    turned_away += 1
                else:
                    overflow[near[int(luck * WAYS)]] += 1
            turned_away += self._fill_garages(day, step, overflow)
            bays[step + 1], garages[step + 1] = self._who, self._garages
        return ParkingDay(bays, garages, day.moments, turned_away)

    def _leave(self, leaving: Floats, luck: NDArray[np.float32]) -> None:
        for bay in np.flatnonzero(luck < leaving.take(self._who) * self._pace).tolist():
            self._who[bay] = FREE
            insort(self._free[self._group_of[bay]], bay)

    def _park(self, kind: int, group: int, luck: float) -> bool:
        """Take a free bay in the group, or in one that a random drive from it leads to."""
        law = self._law
        may = law.suits[kind - 1]
        for _ in range(TURNS + 1):
            free = self._free[group]
            if free and may[group]:
                aim = law.first[group] + int(luck * law.room[group])
                bay = free.pop(bisect_left(free, aim) % len(free))
                self._who[bay] = kind
                self._pace[bay] = law.pace[kind, bay]
                return True
            ways = law.onward[group]
            if not ways:
                return False
            luck = (luck + GOLDEN) % 1.0
            group = ways[int(luck * WAYS)]
        return False

    def _fill_garages(self, day: KerbDay, step: int, overflow: Sequence[int]) -> int:
        """Let cars leave and enter the garages; return how many found them full."""
        if not len(self._garages):
            return 0
        leave = np.floor(self._garages * day.garage_out[step] + day.garage_luck[step])
        wanted = self._garages - leave.astype(np.int64) + day.garage_in[step] + overflow
        self._garages = np.minimum(wanted, self._law.garage_room)
        return int((wanted - self._garages).sum())
