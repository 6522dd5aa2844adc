"""Cars along each street: on their way to a space and from it, and those that only pass through."""

from math import exp
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from scenarios.day import decisions
from scenarios.day.compiled import borrowing, compiled, inlined
from scenarios.day.draws import Keys, child, lag, picked, uniform
from scenarios.day.hourly import in_groups
from scenarios.day.kinds import DAY_S, FIRST_HOUR, HOUR_S, HOURS, MINUTES, THROUGH
from scenarios.day.network import Floats, Ints
from scenarios.day.roads import ROUTES, Roads
from scenarios.day.town import Town

GATE_ATTEMPTS = 6
"""So often a gate is drawn by weight before any from which there is a way will do."""

THROUGH_SHARE = 0.6
"""Part of the cars at the edge of the place that only pass through (assumed)."""

THROUGH_REACH_M = 400.0
"""Gates this far apart attract two thirds of the through traffic that far ones would (assumed)."""

BYPASS_PER_MIN = 0.25
BYPASS_DETOUR = 1.6
BYPASS_MIN = 4.0
BYPASS_MS = 9.0
"""Utility lost per minute; and going around the place: its length against the straight line, extra
minutes, speed (assumed)."""


class Gates(NamedTuple):
    """Where cars come in and leave: nodes, and running sums of how likely each is."""

    node: Ints
    until_in: Floats
    until_out: Floats


class _Through(NamedTuple):
    """Through traffic by gate.

    ``wanted`` is how many come in; ``until`` (gates, gates) how likely each is to leave by each,
    ``around_min`` how long it takes to go around the place to it; ``hour_until`` is when.
    """

    wanted: Floats
    until: Floats
    around_min: Floats
    hour_until: Floats


class Trips(NamedTuple):
    """Ways driven: number of the tree (-1: no trip), node at its end, hour of the simulated day."""

    tree: NDArray[np.int32]
    node: NDArray[np.int32]
    hour: NDArray[np.int32]


class Flow(NamedTuple):
    """Cars that pass through, (segments, hours), how many do, and how many go around instead."""

    driven: Floats
    passed: int
    around: int


def gates_of(roads: Roads) -> Gates:
    """Return the gates of the roads."""
    return Gates(
        roads.gate,
        np.cumsum(roads.weight_in) / max(roads.weight_in.sum(), 1.0),
        np.cumsum(roads.weight_out) / max(roads.weight_out.sum(), 1.0),
    )


@borrowing
def gate_between(
    seed: np.uint64,
    key: np.uint64,
    decision: int,
    until: Floats,
    arc: NDArray[np.int32],
    gate_node: Ints,
    node: int,
) -> int:
    """Return a gate by weight, of those with a way between it and a node; -1 for none.

    ``arc`` is (gates, nodes): -1 where there is no way.
    """
    count = len(until)
    if count == 0:
        return -1
    for attempt in range(GATE_ATTEMPTS):
        gate = picked(until, 0, count, uniform(seed, key, decision, attempt))
        if arc[gate, node] >= 0 or gate_node[gate] == node:
            return gate
    for gate in range(count):
        if arc[gate, node] >= 0 or gate_node[gate] == node:
            return gate
    return -1


def to_and_from(
    seed: np.uint64,
    keys: Keys,
    nodes: tuple[NDArray[np.int32], NDArray[np.int32]],
    times_s: tuple[Floats, Floats],
    roads: Roads,
    segments: int,
) -> Floats:
    """Return cars along each segment by hour, (segments, hours), on their way in and out.

    ``nodes`` are where each car's way in ends and its way out begins, -1 for neither; ``times_s``
    when it drives each. Nobody drives after the end of the day.
    """
    gates = gates_of(roads)
    trips_in, trips_out = _to_and_from(seed, keys, *nodes, *times_s, roads, gates)
    driven = np.zeros((HOURS, segments))
    _drive(driven, trips_in, roads.into, roads.graph.segment, roads.tail)
    _drive(driven, trips_out, roads.out, roads.back.segment, roads.back_tail)
    return driven.T.copy()


@compiled
def _to_and_from(
    seed: np.uint64,
    keys: Keys,
    stop: NDArray[np.int32],
    leave: NDArray[np.int32],
    arrive_s: Floats,
    leave_s: Floats,
    roads: Roads,
    gates: Gates,
) -> tuple[Trips, Trips]:
    trips_in, trips_out = _trips(len(keys)), _trips(len(keys))
    for at in range(len(keys)):
        key, stops, leaves = keys[at], int(stop[at]), int(leave[at])
        view = int(uniform(seed, key, decisions.VIEW, 0) * ROUTES)
        if stops >= 0:
            hour = min(int(arrive_s[at] / HOUR_S), HOURS - 1)
            state = int(roads.state_of_hour[(hour + FIRST_HOUR) % HOURS])
            arcs = roads.into[view, state]
            gate = gate_between(
                seed, key, decisions.GATE_IN, gates.until_in, arcs, gates.node, stops
            )
            _note(trips_in, at, _tree(roads.into, view, state, gate), stops, hour)
        if leaves >= 0 and leave_s[at] < DAY_S:
            hour = int(leave_s[at] / HOUR_S)
            state = int(roads.state_of_hour[(hour + FIRST_HOUR) % HOURS])
            arcs = roads.out[view, state]
            gate = gate_between(
                seed, key, decisions.GATE_OUT, gates.until_out, arcs, gates.node, leaves
            )
            if gate >= 0:
                _note(trips_out, at, _tree(roads.out, view, state, gate), leaves, hour)
    return trips_in, trips_out


@compiled
def _trips(count: int) -> Trips:
    """Return room for so many trips; none of them is one yet."""
    return Trips(np.full(count, -1, np.int32), np.empty(count, np.int32), np.empty(count, np.int32))


@inlined
def _note(trips: Trips, at: int, tree: int, node: int, hour: int) -> None:
    trips.tree[at] = tree
    trips.node[at] = node
    trips.hour[at] = hour


@inlined
def _tree(arcs: NDArray[np.int32], view: int, state: int, gate: int) -> int:
    """Return the number of a tree of ``arcs`` (views, states, gates, nodes)."""
    return (view * arcs.shape[1] + state) * arcs.shape[2] + gate


@compiled
def _drive(
    driven: Floats, trips: Trips, arcs: NDArray[np.int32], segment: Ints, tail: Ints
) -> None:
    """Add a car to every segment between the node of each trip and the root of its tree.

    Tree by tree, so that each stays at hand.
    """
    trees = arcs.reshape((-1, arcs.shape[3]))
    order, first = in_groups(trips.tree, len(trees))
    for tree in range(len(trees)):
        for row in range(first[tree], first[tree + 1]):
            node, hour = int(trips.node[order[row]]), trips.hour[order[row]]
            arc = trees[tree, node]
            while arc >= 0:
                driven[hour, segment[arc]] += 1.0
                arc = trees[tree, tail[arc]]


def through(town: Town, seed: np.uint64) -> Flow:
    """Return the cars that only pass through."""
    roads = town.roads
    x_m, y_m = roads.x_m[roads.gate], roads.y_m[roads.gate]
    apart_m = np.hypot(x_m[:, None] - x_m, y_m[:, None] - y_m)
    pull = roads.weight_out * (1 - np.exp(-apart_m / THROUGH_REACH_M))
    total = np.maximum(pull.sum(axis=1, keepdims=True), 1e-9)
    traffic = _Through(
        wanted=roads.weight_in * THROUGH_SHARE / 2,
        until=np.cumsum(pull, axis=1) / total,
        around_min=apart_m * BYPASS_DETOUR / BYPASS_MS / MINUTES + BYPASS_MIN,
        hour_until=np.cumsum(np.roll(THROUGH, -FIRST_HOUR)),
    )
    trips, passed, around = _through(seed, traffic, roads)
    driven = np.zeros((HOURS, len(town.length_m)))
    _drive(driven, trips, roads.into, roads.graph.segment, roads.tail)
    return Flow(driven.T.copy(), passed, around)


@compiled
def _through(seed: np.uint64, traffic: _Through, roads: Roads) -> tuple[Trips, int, int]:
    """Return the trips through the place, how many there are, and how many go around."""
    trips = _trips(int((traffic.wanted + 0.5).sum()))
    passed, around = 0, 0
    gates = len(traffic.wanted)
    for gate in range(gates):
        for number in range(int(traffic.wanted[gate] + 0.5)):
            agent = child(roads.gate_key[gate], number)
            u = uniform(seed, agent, decisions.GATE_OUT, 0)
            other = picked(traffic.until[gate], 0, gates, u)
            if other == gate:
                continue
            u = uniform(seed, agent, decisions.THROUGH_HOUR, 0)
            hour = picked(traffic.hour_until, 0, HOURS, u)
            state = roads.state_of_hour[(hour + FIRST_HOUR) % HOURS]
            view = int(uniform(seed, agent, decisions.VIEW, 0) * ROUTES)
            node = int(roads.gate[other])
            through_min = roads.cost_s[view, state, gate, node] / MINUTES
            around_min = traffic.around_min[gate, other]
            stays = lag(seed, agent, decisions.BYPASS, np.uint64(0))
            goes = lag(seed, agent, decisions.BYPASS, np.uint64(1))
            if stays * exp(BYPASS_PER_MIN * (through_min - around_min)) < goes:
                _note(trips, passed, _tree(roads.into, view, state, gate), node, hour)
                passed += 1
            else:
                around += 1
    return trips, passed, around
