"""People on foot: along which segments they walk, and when."""

from typing import NamedTuple

import numpy as np

from scenarios.day.bikes import Bikes, Stood
from scenarios.day.cars import IN_GARAGE, PARKED, Cars, Parked
from scenarios.day.compiled import compiled
from scenarios.day.draws import Keys
from scenarios.day.kinds import HOURS
from scenarios.day.network import Floats, Ints, place_of
from scenarios.day.people import (
    EVENT,
    HOME_VISIT,
    PASSING,
    STROLLING,
    TRANSIT,
    WALK,
    People,
)
from scenarios.day.town import Town

DAY_S = 86_400.0


class Ends(NamedTuple):
    """Where legs on foot can end besides the roots: a segment and metres along it, for each."""

    segment: Ints
    along_m: Floats


class Passers(NamedTuple):
    """People on foot along each segment, by hour: (segments, hours), and legs nobody could walk.

    ``walked_m`` is the length of all legs together.
    """

    passages: Floats
    lost: int
    walked_m: float


def walk(
    town: Town, people: People, cars: Cars, parked: Parked, bikes: Bikes, stood: Stood
) -> Passers:
    """Let everybody walk: to the door and back, on to another shop, home, and through."""
    segment, along = _ends(town, people, cars, parked, bikes, stood)
    passages, lost, walked = _walk(
        people.purpose,
        people.thing,
        people.root,
        people.mode,
        people.arrive_s,
        people.stay_s,
        people.onward,
        people.onward_s,
        segment,
        along,
        Ends(town.attractors.segment, town.attractors.along_m),
        Ends(town.stops.segment, town.stops.along_m),
        town.walks,
        town.roots,
        town.start,
        town.end,
        town.length_m,
    )
    return Passers(passages, lost, walked)


def _ends(
    town: Town, people: People, cars: Cars, parked: Parked, bikes: Bikes, stood: Stood
) -> tuple[Ints, Floats]:
    """Return where each person comes from and goes back to: a segment (-1: nowhere) and metres."""
    segment = np.full(len(people.key), -1, np.int64)
    along = np.zeros(len(people.key))

    def put(which: Ints, at: Ints, thing_segment: Ints, thing_along: Floats) -> None:
        segment[which] = thing_segment[at]
        along[which] = thing_along[at]

    end = people.end.astype(np.int64)
    passing = people.purpose == PASSING
    from_stop = np.flatnonzero((people.mode == TRANSIT) & ~passing & (people.purpose != STROLLING))
    put(from_stop, end[from_stop], town.stops.segment, town.stops.along_m)
    gates = town.gates_on_foot
    from_gate = np.flatnonzero(
        (((people.mode == WALK) & (people.purpose != STROLLING)) | passing) & (end >= 0)
    )
    put(from_gate, end[from_gate], gates.segment, gates.along_m)
    owned = cars.person >= 0
    for outcome, things in ((PARKED, town.bays), (IN_GARAGE, town.garages)):
        which = np.flatnonzero(owned & (parked.outcome == outcome))
        put(cars.person[which].astype(np.int64), parked.bay[which], things.segment, things.along_m)
    in_rack = np.flatnonzero((bikes.person >= 0) & (stood.rack >= 0))
    put(
        bikes.person[in_rack].astype(np.int64),
        stood.rack[in_rack],
        town.racks.segment,
        town.racks.along_m,
    )
    return segment, along


@compiled
def _leg(passages, walks, roots, start, end, length_m, root, segment, along, hour):
    """Add one walk between a root and a spot on a segment; return its length, -1 if there is none."""
    target = roots[root]
    if segment == target:
        half = abs(along - 0.5 * length_m[segment])
        passages[hour, segment] += half / length_m[segment]
        return half
    one = place_of(walks, root, start[segment])
    other = place_of(walks, root, end[segment])
    back = max(length_m[segment] - along, 0.0)
    if one < 0 and other < 0:
        return -1.0
    if other < 0 or (one >= 0 and walks.far_m[one] + along <= walks.far_m[other] + back):
        place, own = one, along
    else:
        place, own = other, back
    passages[hour, segment] += own / length_m[segment]
    far = own
    while walks.next[place] >= 0:
        step = walks.segment[place]
        passages[hour, step] += 1.0
        far += length_m[step]
        place = walks.next[place]
    passages[hour, target] += 0.5
    return far + 0.5 * length_m[target]


@compiled
def _walk(
    purpose, thing, root, mode, arrive_s, stay_s, onward, onward_s, segment, along, attractors,
    stops, walks, roots, start, end, length_m,
):  # fmt: skip
    passages = np.zeros((HOURS, len(length_m)))
    lost = 0
    walked = 0.0
    for at in range(len(purpose)):
        if root[at] < 0:
            continue
        hour = min(int(arrive_s[at] // 3600.0), HOURS - 1)
        leaves = arrive_s[at] + stay_s[at]
        if purpose[at] == STROLLING:
            where, far_along = -1, 0.0
            if thing[at] >= 0 and mode[at] == TRANSIT:
                where, far_along = stops.segment[thing[at]], stops.along_m[thing[at]]
            elif thing[at] >= 0:
                where, far_along = attractors.segment[thing[at]], attractors.along_m[thing[at]]
        else:
            where, far_along = segment[at], along[at]
        if where >= 0:
            far = _leg(
                passages, walks, roots, start, end, length_m, root[at], where, far_along, hour
            )
            if far < 0:
                lost += 1
            else:
                walked += far
        if onward[at] >= 0 and leaves < DAY_S:
            to = onward[at]
            for moment in (leaves, leaves + onward_s[at]):
                if moment < DAY_S:
                    _leg(
                        passages, walks, roots, start, end, length_m, root[at],
                        attractors.segment[to], attractors.along_m[to], int(moment // 3600.0),
                    )  # fmt: skip
            leaves += onward_s[at]
        if where >= 0 and leaves < DAY_S and purpose[at] != PASSING:
            far = _leg(
                passages, walks, roots, start, end, length_m, root[at], where, far_along,
                int(leaves // 3600.0),
            )  # fmt: skip
            if far >= 0:
                walked += far
    return passages.T.copy(), lost, walked


__all__ = ["EVENT", "HOME_VISIT", "Ends", "Keys", "Passers", "walk"]
