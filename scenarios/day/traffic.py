"""Cars along each street: on their way to a space and from it, and those that only pass through."""

from math import exp
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from scenarios.day import decisions
from scenarios.day.compiled import compiled
from scenarios.day.draws import Keys, child, lag, picked, uniform
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


@compiled
def gate_between(
    seed: np.uint64,
    key: np.uint64,
    decision: int,
    until: Floats,
    arc: NDArray[np.int32],
    gates: Gates,
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
        if arc[gate, node] >= 0 or gates.node[gate] == node:
            return gate
    for gate in range(count):
        if arc[gate, node] >= 0 or gates.node[gate] == node:
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
    return _to_and_from(seed, keys, *nodes, *times_s, roads, gates_of(roads), segments)


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
    segments: int,
) -> Floats:
    driven = np.zeros((HOURS, segments))
    for at in range(len(keys)):
        key, stops, leaves = keys[at], int(stop[at]), int(leave[at])
        view = int(uniform(seed, key, decisions.VIEW, 0) * ROUTES)
        if stops >= 0:
            hour = min(int(arrive_s[at] / HOUR_S), HOURS - 1)
            into = roads.into[view, roads.state_of_hour[(hour + FIRST_HOUR) % HOURS]]
            gate = gate_between(seed, key, decisions.GATE_IN, gates.until_in, into, gates, stops)
            _drive(driven[hour], into[gate], stops, roads.graph.segment, roads.tail)
        if leaves >= 0 and leave_s[at] < DAY_S:
            hour = int(leave_s[at] / HOUR_S)
            out = roads.out[view, roads.state_of_hour[(hour + FIRST_HOUR) % HOURS]]
            gate = gate_between(seed, key, decisions.GATE_OUT, gates.until_out, out, gates, leaves)
            if gate >= 0:
                _drive(driven[hour], out[gate], leaves, roads.back.segment, roads.back_tail)
    return driven.T.copy()


@compiled
def _drive(driven: Floats, arcs: NDArray[np.int32], node: int, segment: Ints, tail: Ints) -> None:
    """Add a car to every segment between a node and the root of a tree of ``arcs``."""
    while arcs[node] >= 0:
        arc = int(arcs[node])
        driven[segment[arc]] += 1.0
        node = int(tail[arc])


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
    return _through(seed, traffic, roads, len(town.length_m))


@compiled
def _through(seed: np.uint64, traffic: _Through, roads: Roads, segments: int) -> Flow:
    driven = np.zeros((HOURS, segments))
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
                passed += 1
                into = roads.into[view, state, gate]
                _drive(driven[hour], into, node, roads.graph.segment, roads.tail)
            else:
                around += 1
    return Flow(driven.T.copy(), passed, around)
