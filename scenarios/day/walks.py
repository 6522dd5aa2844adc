"""People on foot: along which segments they walk, and when."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from scenarios.day.bikes import Bikes, Stood
from scenarios.day.cars import IN_GARAGE, PARKED, Cars
from scenarios.day.compiled import compiled
from scenarios.day.hourly import in_groups
from scenarios.day.kinds import DAY_S, HOUR_S, HOURS
from scenarios.day.network import Floats, Ints, Walks
from scenarios.day.parking import Parked
from scenarios.day.people import PASSING, STROLLING, TRANSIT, WALK, People
from scenarios.day.rows import taken
from scenarios.day.town import Town


class Spots(NamedTuple):
    """Where legs on foot can end besides the roots: a segment (-1: nowhere) and metres along."""

    segment: Ints
    along_m: Floats


class Passers(NamedTuple):
    """People on foot along each segment, by hour: (segments, hours).

    ``lost`` counts the legs that nobody could walk.
    """

    passages: Floats
    lost: int


_THERE, _ON, _FROM, _BACK = range(4)


class Legs(NamedTuple):
    """Walks one way between a root and a spot, and the hour of the simulated day of each."""

    root: NDArray[np.int32]
    segment: NDArray[np.int32]
    along_m: Floats
    hour: NDArray[np.int8]


def walk(
    town: Town, people: People, cars: Cars, parked: Parked, bikes: Bikes, stood: Stood
) -> Passers:
    """Let everybody walk: to the door and back, on to another shop, home, and through."""
    spots = _spots(town, people, cars, parked, bikes, stood)
    attractors = Spots(town.attractors.segment, town.attractors.along_m)
    legs = _legs(people, spots, attractors)
    order, first = in_groups(legs.root, len(town.roots))
    return _walk(
        taken(legs, order), first, town.walks, town.roots, town.start, town.end, town.length_m
    )


def _spots(
    town: Town, people: People, cars: Cars, parked: Parked, bikes: Bikes, stood: Stood
) -> Spots:
    """Return where each person comes from and goes back to; for walks of residents, where to."""
    spots = Spots(np.full(len(people.key), -1, np.int64), np.zeros(len(people.key)))

    def put(which: NDArray[np.integer], at: NDArray[np.integer], things: Spots) -> None:
        spots.segment[which] = things.segment[at]
        spots.along_m[which] = things.along_m[at]

    def spots_of(name: str) -> Spots:
        things = getattr(town, name)
        return Spots(things.segment, things.along_m)

    strolls, passes = people.purpose == STROLLING, people.purpose == PASSING
    by_transit = people.mode == TRANSIT
    out = np.flatnonzero(strolls & by_transit & (people.thing >= 0))
    put(out, people.thing[out], spots_of("stops"))
    out = np.flatnonzero(strolls & ~by_transit & (people.thing >= 0))
    put(out, people.thing[out], spots_of("attractors"))
    off = np.flatnonzero(by_transit & ~passes & ~strolls)
    put(off, people.end[off], spots_of("stops"))
    on_foot = ((people.mode == WALK) & ~strolls) | passes
    through_gate = np.flatnonzero(on_foot & (people.end >= 0))
    put(through_gate, people.end[through_gate], spots_of("gates_on_foot"))
    for outcome, layer in ((PARKED, "bays"), (IN_GARAGE, "garages")):
        which = np.flatnonzero((cars.person >= 0) & (parked.outcome == outcome))
        put(cars.person[which], parked.bay[which], spots_of(layer))
    in_rack = np.flatnonzero((bikes.person >= 0) & (stood.rack >= 0))
    put(bikes.person[in_rack], stood.rack[in_rack], spots_of("racks"))
    return spots


@compiled
def _legs(people: People, spots: Spots, attractors: Spots) -> Legs:
    """Return all walks: there, on to another attractor and from it, and back."""
    at_root, arrive, stay, purpose = people.root, people.arrive_s, people.stay_s, people.purpose
    onward, onward_s = people.onward, people.onward_s
    spot, spot_m, other, other_m = (
        spots.segment, spots.along_m, attractors.segment, attractors.along_m
    )  # fmt: skip
    most = 4 * len(at_root)
    root, segment = np.empty(most, np.int32), np.empty(most, np.int32)
    along_m, hour = np.empty(most), np.empty(most, np.int8)
    count = 0
    for at in range(len(at_root)):
        if at_root[at] < 0:
            continue
        leaves_s = arrive[at] + stay[at]
        back_s = leaves_s + (onward_s[at] if onward[at] >= 0 and leaves_s < DAY_S else 0.0)
        for leg in range(4):
            is_onward = leg in (_ON, _FROM)
            if is_onward and onward[at] < 0:
                continue
            if leg == _BACK and purpose[at] == PASSING:
                continue
            moment_s = arrive[at] if leg == _THERE else leaves_s if leg == _ON else back_s
            where = other[onward[at]] if is_onward else spot[at]
            if where < 0 or (moment_s >= DAY_S and leg != _THERE):
                continue
            root[count], segment[count] = at_root[at], where
            along_m[count] = other_m[onward[at]] if is_onward else spot_m[at]
            hour[count] = min(int(moment_s / HOUR_S), HOURS - 1)
            count += 1
    return Legs(root[:count], segment[:count], along_m[:count], hour[:count])


@compiled
def _walk(
    legs: Legs,
    first: Ints,
    walks: Walks,
    roots: Ints,
    start: Ints,
    end: Ints,
    length_m: Floats,
) -> Passers:
    """Walk legs, which are in the order of their roots.

    All walks to a root are one tree: whoever begins at a place is counted there, and from the
    farthest place to the nearest the counts are passed on to the next.
    """
    begins, node, far_m = walks.first, walks.node, walks.far_m
    along, following, inward = walks.segment, walks.next, walks.inward
    leg_segment, leg_along_m, leg_hour = legs.segment, legs.along_m, legs.hour
    part, whole = np.zeros((len(length_m), HOURS)), np.zeros((len(length_m), HOURS), np.int32)
    place_of_node = np.full(max(start.max(), end.max()) + 1, -1, np.int64)
    most = np.diff(begins).max() if len(roots) else 0
    count, is_used = np.zeros((most, HOURS), np.int32), np.zeros(most, np.bool_)
    lost = 0
    for root in range(len(roots)):
        if first[root] == first[root + 1]:
            continue
        target, begin = roots[root], begins[root]
        for place in range(begin, begins[root + 1]):
            place_of_node[node[place]] = place
        for leg in range(first[root], first[root + 1]):
            segment, along_m, hour = leg_segment[leg], leg_along_m[leg], leg_hour[leg]
            length = length_m[segment]
            if segment == target:
                part[segment, hour] += abs(along_m - 0.5 * length) / length
                continue
            place, other = place_of_node[start[segment]], place_of_node[end[segment]]
            if place < 0 and other < 0:
                lost += 1
                continue
            back_m = max(length - along_m, 0.0)
            if place < 0 or (other >= 0 and far_m[other] + back_m < far_m[place] + along_m):
                place, along_m = other, back_m
            part[segment, hour] += along_m / length
            part[target, hour] += 0.5
            count[place - begin, hour] += 1
            is_used[place - begin] = True
        for at in range(begin, begins[root + 1]):
            place = inward[at]
            place_of_node[node[place]] = -1
            if is_used[place - begin]:
                after = following[place]
                if after >= 0:
                    is_used[after - begin] = True
                    for hour in range(HOURS):
                        walking = count[place - begin, hour]
                        whole[along[place], hour] += walking
                        count[after - begin, hour] += walking
                count[place - begin] = 0
                is_used[place - begin] = False
    return Passers(part + whole, lost)
