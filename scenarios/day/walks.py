"""People on foot: along which segments they walk, and when."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from scenarios.day.bikes import Bikes, Stood
from scenarios.day.cars import IN_GARAGE, PARKED, Cars
from scenarios.day.compiled import borrowing, compiled, inlined
from scenarios.day.kinds import DAY_S, HOUR_S, HOURS
from scenarios.day.network import Floats, Ints, Walks
from scenarios.day.parking import Parked
from scenarios.day.people import PASSING, STROLLING, TRANSIT, WALK, People
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
    """Walks one way between a root and a spot, and the hour of the simulated day of each.

    Those of a root are ``first[root]`` to ``first[root + 1]``.
    """

    first: Ints
    segment: NDArray[np.int32]
    along_m: Floats
    hour: NDArray[np.int8]


class _Streets(NamedTuple):
    start: Ints
    end: Ints
    length_m: Floats


class _Tree(NamedTuple):
    """Room for the walks to one root, and for who walks them.

    ``at`` is by node: its position among those that reach the root (-1: it does not), by which
    ``far_m``, ``segment`` and ``next`` are as in `Walks`. ``row`` is the position at which it is among
    those in use (-1: it is not). Those in use are in ``used``: chains of nodes that follow each other, up
    to one of a chain before; each chain begins at ``chain``. ``walkers`` (in use, hours) come by each.
    """

    at: NDArray[np.int32]
    far_m: NDArray[np.float32]
    segment: NDArray[np.int32]
    next: NDArray[np.int32]
    row: NDArray[np.int32]
    used: NDArray[np.int32]
    chain: NDArray[np.int32]
    walkers: NDArray[np.int32]


class _Notes(NamedTuple):
    """Passages by segment and hour: parts of segments that are walked, and halves of them."""

    parts: Floats
    halves: NDArray[np.int32]


def walk(
    town: Town, people: People, cars: Cars, parked: Parked, bikes: Bikes, stood: Stood
) -> Passers:
    """Let everybody walk: to the door and back, on to another shop, home, and through."""
    spots = _spots(town, people, cars, parked, bikes, stood)
    attractors = Spots(town.attractors.segment, town.attractors.along_m)
    legs = _legs(people, spots, attractors, len(town.roots))
    shape = len(town.length_m), HOURS
    notes = _Notes(np.zeros(shape), np.zeros(shape, np.int32))
    streets = _Streets(town.start, town.end, town.length_m)
    lost = _walk(legs, town.walks, town.roots, streets, _room(town), notes)
    return Passers(notes.parts + 0.5 * notes.halves, lost)


def _room(town: Town) -> _Tree:
    most = int(np.diff(town.walks.first).max(initial=0))
    return _Tree(
        at=np.full(len(town.node_x_m), -1, np.int32),
        far_m=np.empty(most, np.float32),
        segment=np.empty(most, np.int32),
        next=np.empty(most, np.int32),
        row=np.full(most, -1, np.int32),
        used=np.empty(most, np.int32),
        chain=np.empty(most + 1, np.int32),
        walkers=np.zeros((most, HOURS), np.int32),
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
def _legs(people: People, spots: Spots, attractors: Spots, roots: int) -> Legs:
    """Return all walks: there, on to another attractor and from it, and back."""
    at_root, onward = people.root, people.onward
    spot, spot_m, other, other_m = (
        spots.segment, spots.along_m, attractors.segment, attractors.along_m
    )  # fmt: skip
    hours = _hours(people, spot, other)
    first = np.zeros(roots + 1, np.int64)
    for at in range(len(at_root)):
        for leg in range(4):
            if hours[at, leg] >= 0:
                first[at_root[at] + 1] += 1
    first = np.cumsum(first)
    to = first.copy()
    count = first[roots]
    segment, along_m, hour = np.empty(count, np.int32), np.empty(count), np.empty(count, np.int8)
    for at in range(len(at_root)):
        for leg in range(4):
            if hours[at, leg] < 0:
                continue
            put, is_onward = to[at_root[at]], leg in (_ON, _FROM)
            segment[put] = other[onward[at]] if is_onward else spot[at]
            along_m[put] = other_m[onward[at]] if is_onward else spot_m[at]
            hour[put] = hours[at, leg]
            to[at_root[at]] += 1
    return Legs(first, segment, along_m, hour)


@compiled
def _hours(people: People, spot: Ints, other: Ints) -> NDArray[np.int8]:
    """Return the hour of each leg of everybody, -1 where it is not walked: (people, legs)."""
    at_root, arrive, stay, purpose = people.root, people.arrive_s, people.stay_s, people.purpose
    onward, onward_s = people.onward, people.onward_s
    hours = np.full((len(at_root), 4), -1, np.int8)
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
            hours[at, leg] = min(int(moment_s / HOUR_S), HOURS - 1)
    return hours


@borrowing
def _walk(
    legs: Legs, walks: Walks, roots: Ints, streets: _Streets, tree: _Tree, notes: _Notes
) -> int:
    """Walk all legs, root by root; returns how many nobody could walk.

    Who walks along the same way in the same hour is counted together: as water runs down a tree.
    """
    lost = 0
    for root in range(len(roots)):
        if legs.first[root] == legs.first[root + 1]:
            continue
        begin, until = walks.first[root], walks.first[root + 1]
        for place in range(begin, until):
            tree.at[walks.node[place]] = place - begin
        _copy(walks, begin, until, tree)
        chains, stranded = _set_out(legs, root, roots[root], streets, tree, notes)
        _run_down(chains, roots[root], tree, notes)
        lost += stranded
        for place in range(begin, until):
            tree.at[walks.node[place]] = -1
    return lost


@borrowing
def _copy(walks: Walks, begin: int, until: int, tree: _Tree) -> None:
    """Copy the walks to one root, so that they are at hand: they are used in no order."""
    for place in range(begin, until):
        tree.far_m[place - begin] = walks.far_m[place]
    for place in range(begin, until):
        tree.segment[place - begin] = walks.segment[place]
    for place in range(begin, until):
        tree.next[place - begin] = walks.next[place] - begin


@borrowing
def _set_out(
    legs: Legs, root: int, target: int, streets: _Streets, tree: _Tree, notes: _Notes
) -> tuple[int, int]:
    """Bring whoever walks to or from a root to a node of its tree.

    Returns the number of chains in use, and of legs that nobody could walk.
    """
    parts, length_m, far_m, row = notes.parts, streets.length_m, tree.far_m, tree.row
    used, chains, lost = 0, 0, 0
    for leg in range(legs.first[root], legs.first[root + 1]):
        segment, along_m, hour = legs.segment[leg], legs.along_m[leg], legs.hour[leg]
        length = length_m[segment]
        if segment == target:
            parts[segment, hour] += abs(along_m - 0.5 * length) / length
            continue
        at, other = tree.at[streets.start[segment]], tree.at[streets.end[segment]]
        if at < 0 and other < 0:
            lost += 1
            continue
        back_m = max(length - along_m, 0.0)
        if at < 0 or (other >= 0 and far_m[other] + back_m < far_m[at] + along_m):
            at, along_m = other, back_m
        parts[segment, hour] += along_m / length
        if row[at] < 0:
            tree.chain[chains] = used
            chains += 1
            after = at
            while after >= 0 and row[after] < 0:
                row[after] = used
                tree.used[used] = after
                used += 1
                after = tree.next[after]
        tree.walkers[row[at], hour] += 1
    tree.chain[chains] = used
    return chains, lost


@borrowing
def _run_down(chains: int, target: int, tree: _Tree, notes: _Notes) -> None:
    """Let everybody walk to the root; the tree is empty afterwards."""
    for chain in range(chains - 1, -1, -1):
        for row in range(tree.chain[chain], tree.chain[chain + 1]):
            at = tree.used[row]
            after = tree.next[at]
            walkers = tree.walkers[row]
            if after >= 0:
                _add(notes.halves[tree.segment[at]], walkers, 2)
                _add(tree.walkers[tree.row[after]], walkers, 1)
            else:
                _add(notes.halves[target], walkers, 1)
            walkers[:] = 0
    for row in range(tree.chain[chains]):
        tree.row[tree.used[row]] = -1


@inlined
def _add(to: NDArray[np.int32], walkers: NDArray[np.int32], times: int) -> None:
    # Not up to `HOURS`: loops of a known few steps are taken apart, and not vectorised.
    for hour in range(len(walkers)):
        to[hour] += times * walkers[hour]
