"""People on foot: along which segments they walk, and when."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from scenarios.day.bikes import Bikes, Stood
from scenarios.day.cars import IN_GARAGE, PARKED, Cars
from scenarios.day.compiled import compiled, inlined
from scenarios.day.hourly import in_groups
from scenarios.day.kinds import DAY_S, HOUR_S, HOURS
from scenarios.day.network import Floats, Ints, Walks
from scenarios.day.parking import Parked
from scenarios.day.people import PASSING, STROLLING, TRANSIT, WALK, People
from scenarios.day.town import Town


class Spots(NamedTuple):
    """Where legs on foot can end besides the roots: a segment (-1: nowhere) and metres along it."""

    segment: Ints
    along_m: Floats


class Passers(NamedTuple):
    """People on foot along each segment, by hour: (segments, hours).

    ``lost`` counts those who could not walk to where they go.
    """

    passages: Floats
    lost: int


class _Lanes(NamedTuple):
    """What a walk needs: trees, their roots, and the segments with their ends and lengths.

    ``place`` is where each node is among those that reach the root at hand, -1 if it does not.
    """

    walks: Walks
    roots: Ints
    start: Ints
    end: Ints
    length_m: Floats
    place: Ints


class _Leg(NamedTuple):
    """A walk: the segment of its spot (-1: there is no walk), the part of it that is walked, and
    the position among `Walks` at which the walk goes on (-1: the segment is the root)."""

    segment: int
    part: float
    place: int


def walk(
    town: Town, people: People, cars: Cars, parked: Parked, bikes: Bikes, stood: Stood
) -> Passers:
    """Let everybody walk: to the door and back, on to another shop, home, and through."""
    nowhere = np.full(len(town.node_x_m), -1, np.int64)
    lanes = _Lanes(town.walks, town.roots, town.start, town.end, town.length_m, nowhere)
    spots = _spots(town, people, cars, parked, bikes, stood)
    attractors = Spots(town.attractors.segment, town.attractors.along_m)
    return _walk(people, in_groups(people.root, len(town.roots)), spots, attractors, lanes)


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
def _walk(
    people: People,
    by_root: tuple[NDArray[np.int32], Ints],
    spots: Spots,
    attractors: Spots,
    lanes: _Lanes,
) -> Passers:
    """Let people walk root by root, so that the walks to one root stay at hand."""
    order, first = by_root
    passages = np.zeros((HOURS, len(lanes.length_m)))
    lost = 0
    node = lanes.walks.node
    for root in range(len(lanes.roots)):
        begin, until = lanes.walks.first[root], lanes.walks.first[root + 1]
        for place in range(begin, until):
            lanes.place[node[place]] = place
        for row in range(first[root], first[root + 1]):
            at = order[row]
            arrive_s = people.arrive_s[at]
            leave_s = arrive_s + people.stay_s[at]
            leg = _leg(lanes, root, int(spots.segment[at]), float(spots.along_m[at]))
            if leg.segment >= 0:
                _pass(passages, lanes, root, leg, min(int(arrive_s / HOUR_S), HOURS - 1))
            elif spots.segment[at] >= 0:
                lost += 1
            onward = people.onward[at]
            if onward >= 0 and leave_s < DAY_S:
                back_s = leave_s + people.onward_s[at]
                there = _leg(
                    lanes, root, int(attractors.segment[onward]), float(attractors.along_m[onward])
                )
                _pass(passages, lanes, root, there, int(leave_s / HOUR_S))
                if back_s < DAY_S:
                    _pass(passages, lanes, root, there, int(back_s / HOUR_S))
                leave_s = back_s
            if leg.segment >= 0 and leave_s < DAY_S and people.purpose[at] != PASSING:
                _pass(passages, lanes, root, leg, int(leave_s / HOUR_S))
        for place in range(begin, until):
            lanes.place[node[place]] = -1
    return Passers(passages.T.copy(), lost)


@inlined
def _leg(lanes: _Lanes, root: int, segment: int, along_m: float) -> _Leg:
    """Return the walk between a root and a spot on a segment."""
    if segment < 0:
        return _Leg(-1, 0.0, -1)
    walks, length_m = lanes.walks, lanes.length_m[segment]
    if segment == lanes.roots[root]:
        return _Leg(segment, abs(along_m - 0.5 * length_m) / length_m, -1)
    one, other = int(lanes.place[lanes.start[segment]]), int(lanes.place[lanes.end[segment]])
    back_m = max(length_m - along_m, 0.0)
    if one < 0 and other < 0:
        return _Leg(-1, 0.0, -1)
    if other < 0 or (one >= 0 and walks.far_m[one] + along_m <= walks.far_m[other] + back_m):
        return _Leg(segment, along_m / length_m, one)
    return _Leg(segment, back_m / length_m, other)


@inlined
def _pass(passages: Floats, lanes: _Lanes, root: int, leg: _Leg, hour: int) -> None:
    """Add somebody who walks a leg to every segment of it; half the root's own."""
    if leg.segment < 0:
        return
    passages[hour, leg.segment] += leg.part
    place = leg.place
    if place < 0:
        return
    following = lanes.walks.next[place]
    while following >= 0:
        passages[hour, lanes.walks.segment[place]] += 1.0
        place = following
        following = lanes.walks.next[place]
    passages[hour, lanes.roots[root]] += 0.5
