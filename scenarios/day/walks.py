"""People on foot: along which segments they walk, and when."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from scenarios.day.bikes import Bikes, Stood
from scenarios.day.cars import IN_GARAGE, PARKED, Cars
from scenarios.day.compiled import compiled
from scenarios.day.kinds import DAY_S, HOUR_S, HOURS
from scenarios.day.network import Floats, Ints, Walks, place_of
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
    """What a walk needs: trees, their roots, and the segments with their ends and lengths."""

    walks: Walks
    roots: Ints
    start: Ints
    end: Ints
    length_m: Floats


class _Flow(NamedTuple):
    """Passages along segments, and people who are at a node on their way to one root, by hour.

    Nodes are numbered from the first that reaches the root; only where ``is_used`` is anybody.
    """

    passages: Floats
    load: Floats
    is_used: NDArray[np.bool_]


def walk(
    town: Town, people: People, cars: Cars, parked: Parked, bikes: Bikes, stood: Stood
) -> Passers:
    """Let everybody walk: to the door and back, on to another shop, home, and through."""
    lanes = _Lanes(town.walks, town.roots, town.start, town.end, town.length_m)
    spots = _spots(town, people, cars, parked, bikes, stood)
    attractors = Spots(town.attractors.segment, town.attractors.along_m)
    return _walk(people, _by_root(people.root, len(town.roots)), spots, attractors, lanes)


def _by_root(root: NDArray[np.int32], roots: int) -> tuple[Ints, Ints]:
    """Return people in the order of their roots, and where those of each root begin."""
    some = np.flatnonzero(root >= 0)
    order = some[np.argsort(root[some].astype(np.int32), kind="stable")]
    count = np.bincount(root[some], minlength=roots)
    return order, np.concatenate([[0], np.cumsum(count)]).astype(np.int64)


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
    people: People, by_root: tuple[Ints, Ints], spots: Spots, attractors: Spots, lanes: _Lanes
) -> Passers:
    order, first = by_root
    most = 0
    for root in range(len(lanes.roots)):
        most = max(most, lanes.walks.first[root + 1] - lanes.walks.first[root])
    flow = _Flow(
        np.zeros((len(lanes.length_m), HOURS)), np.zeros((most, HOURS)), np.zeros(most, np.bool_)
    )
    lost = 0
    for root in range(len(lanes.roots)):
        for row in range(first[root], first[root + 1]):
            at = int(order[row])
            arrive_s, purpose = people.arrive_s[at], people.purpose[at]
            leave_s = arrive_s + people.stay_s[at]
            segment, along_m = int(spots.segment[at]), float(spots.along_m[at])
            if segment >= 0:
                hour = min(int(arrive_s / HOUR_S), HOURS - 1)
                if not _leg(flow, lanes, root, segment, along_m, hour):
                    lost += 1
            onward = int(people.onward[at])
            if onward >= 0 and leave_s < DAY_S:
                next_segment = int(attractors.segment[onward])
                next_m = float(attractors.along_m[onward])
                _leg(flow, lanes, root, next_segment, next_m, int(leave_s / HOUR_S))
                leave_s += people.onward_s[at]
                if leave_s < DAY_S:
                    _leg(flow, lanes, root, next_segment, next_m, int(leave_s / HOUR_S))
            if segment >= 0 and leave_s < DAY_S and purpose != PASSING:
                hour = int(leave_s / HOUR_S)
                _leg(flow, lanes, root, segment, along_m, hour)
        _to_root(flow, lanes, root)
    return Passers(flow.passages, lost)


@compiled
def _leg(flow: _Flow, lanes: _Lanes, root: int, segment: int, along_m: float, hour: int) -> bool:
    """Add one walk between a root and a spot on a segment; return whether there is one."""
    walks, target, length_m = lanes.walks, lanes.roots[root], lanes.length_m[segment]
    if segment == target:
        flow.passages[segment, hour] += abs(along_m - 0.5 * length_m) / length_m
        return True
    one = place_of(walks, root, lanes.start[segment])
    other = place_of(walks, root, lanes.end[segment])
    back_m = max(length_m - along_m, 0.0)
    if one < 0 and other < 0:
        return False
    if other < 0 or (one >= 0 and walks.far_m[one] + along_m <= walks.far_m[other] + back_m):
        place, own_m = one, along_m
    else:
        place, own_m = other, back_m
    flow.passages[segment, hour] += own_m / length_m
    node = place - walks.first[root]
    flow.load[node, hour] += 1.0
    flow.is_used[node] = True
    return True


@compiled
def _to_root(flow: _Flow, lanes: _Lanes, root: int) -> None:
    """Let everybody walk from the nodes at which they are to a root, the farthest first."""
    walks, begin = lanes.walks, lanes.walks.first[root]
    for at in range(walks.first[root + 1] - 1, begin - 1, -1):
        place = walks.order[at]
        node = place - begin
        if not flow.is_used[node]:
            continue
        following = walks.next[place]
        if following < 0:
            for hour in range(HOURS):
                flow.passages[lanes.roots[root], hour] += 0.5 * flow.load[node, hour]
        else:
            segment = walks.segment[place]
            for hour in range(HOURS):
                flow.passages[segment, hour] += flow.load[node, hour]
                flow.load[following - begin, hour] += flow.load[node, hour]
            flow.is_used[following - begin] = True
        for hour in range(HOURS):
            flow.load[node, hour] = 0.0
        flow.is_used[node] = False
