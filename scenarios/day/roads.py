"""Where cars drive: shortest ways between every node and the edges of the place."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from scenarios.day.draws import Keys, keys_of, uniforms
from scenarios.day.kinds import FIRST_HOUR, HOURS
from scenarios.day.network import Flags, Floats, Graph, Ints, make_graph, reverse, trees
from scenarios.day.streets import Streets
from scenarios.day.things import Things
from scenarios.kept import Kept, content_of
from twin.city import City

ROUTES = 3
"""Drivers see travel times differently: so many views, each with shortest paths of its own."""

VIEW_LOG_SD = 0.2
"""How far a driver's view of a segment's travel time lies from what it is (assumed)."""

GATE_WEIGHT = {
    "motorway": 20_000.0,
    "trunk": 16_000.0,
    "primary": 12_000.0,
    "secondary": 7_000.0,
    "tertiary": 3_000.0,
    "unclassified": 900.0,
    "residential": 500.0,
}
OTHER_GATE_WEIGHT = 200.0
"""Cars a day on a street that leaves the place, both ways (assumed, by class)."""

GUEST_TIME = 1.6
"""Travel time of a car along a bicycle street, against one without bicycles ahead (assumed)."""

WEEK_D = 7
HALF_HOUR = 0.5
"""A rule holds for an hour if it holds in the middle of it."""

_KEPT_STATES = 8
_VIEW_DRAWS = (2, 3)


class Ways(NamedTuple):
    """Shortest ways by view and gate, in one state of closure; -1 where there is no way.

    ``into`` (views, gates, nodes) is the arc by which a node is reached from a gate, ``cost_s`` how
    long it takes; ``out`` the arc of the graph turned round by which a node leads to a gate.
    """

    into: NDArray[np.int32]
    cost_s: NDArray[np.float32]
    out: NDArray[np.int32]


class Roads(NamedTuple):
    """What a car needs to find its way: arcs, and trees by view, state of closure and gate.

    Nodes are numbered among those that cars use; ``node`` is the town's number of each, ``gate``
    counts in theirs. ``into``, ``cost_s`` and ``out`` are as in `Ways`, (views, states, gates,
    nodes); ``out`` has arcs of ``back``, the graph turned round. ``is_open`` is (states, segments),
    ``state_of_hour`` by local hour.
    """

    graph: Graph
    tail: Ints
    back: Graph
    back_tail: Ints
    node: Ints
    x_m: Floats
    y_m: Floats
    is_open: Flags
    into: NDArray[np.int32]
    cost_s: NDArray[np.float32]
    out: NDArray[np.int32]
    state_of_hour: Ints
    gate: Ints
    gate_key: Keys
    weight_in: Floats
    weight_out: Floats


_ways: Kept[Ways] = Kept(_KEPT_STATES)


def roads_of(city: City, streets: Streets, weekday: int) -> Roads:
    """Return the roads of a city on a day of the week (Monday is 0)."""
    on, back = np.flatnonzero(streets.is_forward), np.flatnonzero(streets.is_backward)
    tail = np.concatenate([streets.start[on], streets.end[back]])
    head = np.concatenate([streets.end[on], streets.start[back]])
    segment = np.concatenate([on, back])
    time_s = _travel_times(city, streets)
    node = np.unique(np.concatenate([tail, head]))
    graph = make_graph(
        len(node),
        np.searchsorted(node, tail),
        np.searchsorted(node, head),
        segment,
        time_s[segment],
    )
    turned = reverse(graph)
    is_open, state_of_hour = _closures(city, streets, weekday)
    gates, weight_in, weight_out = _gates(city, streets)
    gate = np.searchsorted(node, gates)
    seen = np.array([_view(view, streets.key) for view in range(ROUTES)])
    states = [_ways_in(graph, turned, gate, one, seen) for one in is_open]
    return Roads(
        graph=graph,
        tail=np.repeat(np.arange(len(node)), np.diff(graph.first)),
        back=turned,
        back_tail=np.repeat(np.arange(len(node)), np.diff(turned.first)),
        node=node,
        x_m=streets.node_x_m[node],
        y_m=streets.node_y_m[node],
        is_open=is_open,
        into=np.stack([ways.into for ways in states], axis=1),
        cost_s=np.stack([ways.cost_s for ways in states], axis=1),
        out=np.stack([ways.out for ways in states], axis=1),
        state_of_hour=state_of_hour,
        gate=gate,
        gate_key=keys_of("junctions", [streets.junctions[gate] for gate in gates]),
        weight_in=weight_in,
        weight_out=weight_out,
    )


def aims(roads: Roads, things: Things) -> Ints:
    """Return the node that a car drives to for each thing, (states, things); -1 for none."""
    result = np.full((len(roads.is_open), len(things.key)), -1, np.int64)
    for state in range(len(roads.is_open)):
        reached = np.isfinite(roads.cost_s[0, state]).any(axis=0)
        left = (roads.out[0, state] >= 0).any(axis=0)
        nodes = np.flatnonzero(reached & left)
        if len(nodes) and len(things.key):
            tree = cKDTree(np.column_stack([roads.x_m[nodes], roads.y_m[nodes]]))
            _, at = tree.query(np.column_stack([things.x_m, things.y_m]))
            result[state] = nodes[at]
    return result


def _travel_times(city: City, streets: Streets) -> Floats:
    time_s = streets.length_m / streets.speed_ms
    for street in city.rules.bicycle_streets:
        time_s[streets.which(street.segments)] *= GUEST_TIME
    return time_s


def _ways_in(graph: Graph, turned: Graph, gate: Ints, is_open: Flags, seen: Floats) -> Ways:
    """Return the ways while some segments are open; ``seen`` is (views, segments)."""
    content = content_of(*graph, gate, is_open, seen)
    return _ways.get(content, lambda: _shortest(graph, turned, gate, is_open, seen))


def _shortest(graph: Graph, turned: Graph, gate: Ints, is_open: Flags, seen: Floats) -> Ways:
    shape = (len(seen), len(gate), len(graph.first) - 1)
    ways = Ways(np.empty(shape, np.int32), np.empty(shape, np.float32), np.empty(shape, np.int32))
    for view, times in enumerate(seen):
        ways.cost_s[view], ways.into[view] = trees(_as_seen(graph, is_open, times), gate)
        _, ways.out[view] = trees(_as_seen(turned, is_open, times), gate)
    return ways


def _as_seen(graph: Graph, is_open: Flags, view: Floats) -> Graph:
    passable_s = np.where(is_open[graph.segment], graph.cost, np.inf)
    return graph._replace(cost=passable_s * view[graph.segment])


def _view(view: int, keys: Keys) -> Floats:
    """Return how a driver with this view sees travel times: lognormal, by segment."""
    one, other = (uniforms(np.uint64(view), keys, draw) for draw in _VIEW_DRAWS)
    standard_normal = np.sqrt(-2 * np.log(one)) * np.cos(2 * np.pi * other)
    return np.exp(VIEW_LOG_SD * standard_normal)


def _closures(city: City, streets: Streets, weekday: int) -> tuple[Flags, Ints]:
    """Return which segments are open in each state, and the state of each local hour."""
    states: dict[bytes, int] = {}
    masks: list[Flags] = []
    state_of_hour = np.zeros(HOURS, np.int64)
    for hour in range(HOURS):
        today = weekday if hour >= FIRST_HOUR else (weekday + 1) % WEEK_D
        is_open = np.ones(len(streets.names), bool)
        for closure in city.rules.closures:
            if closure.hours.hold(today, hour + HALF_HOUR):
                is_open[streets.which(closure.segments)] = False
        if is_open.tobytes() not in states:
            states[is_open.tobytes()] = len(masks)
            masks.append(is_open)
        state_of_hour[hour] = states[is_open.tobytes()]
    return np.array(masks), state_of_hour


def _gates(city: City, streets: Streets) -> tuple[Ints, Floats, Floats]:
    """Return the nodes at which cars come in and leave, and how many do each a day."""
    nodes = streets.edge_nodes(city, streets.is_car)
    weight = np.array([GATE_WEIGHT.get(one, OTHER_GATE_WEIGHT) for one in streets.highway])
    leaves, enters = np.zeros(len(streets.node_x_m)), np.zeros(len(streets.node_x_m))
    np.add.at(enters, streets.start, weight * streets.is_forward)
    np.add.at(enters, streets.end, weight * streets.is_backward)
    np.add.at(leaves, streets.end, weight * streets.is_forward)
    np.add.at(leaves, streets.start, weight * streets.is_backward)
    return nodes, enters[nodes], leaves[nodes]
