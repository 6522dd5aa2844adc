"""Where people walk: shortest walks to every segment on which anybody has something to do."""

from typing import NamedTuple

import numpy as np

from scenarios.day.draws import uniforms
from scenarios.day.network import Floats, Ints, Walks, make_graph, walks_to
from scenarios.day.streets import Streets
from scenarios.day.things import Things
from scenarios.kept import Kept, content_of
from twin.city import City

WALK_REACH_M = 1000.0
"""Nobody is taken to walk further within the place."""

_KEPT_WALKS = 6
_GATE_DRAW = 1


class Footways(NamedTuple):
    """Walks, the segments that are their roots, and the number of each segment among these (-1).

    ``content`` is different for different walks.
    """

    content: bytes
    walks: Walks
    roots: Ints
    root_of_segment: Ints


_walks: Kept[Walks] = Kept(_KEPT_WALKS)


def footways(city: City, streets: Streets, *with_doors: Ints) -> Footways:
    """Return the walks to the segments in ``with_doors`` (-1 is no segment)."""
    used = np.concatenate(with_doors)
    roots = np.unique(used[used >= 0])
    felt_m = _felt_lengths(city, streets)
    content = content_of(streets.start, streets.end, felt_m, streets.is_walked, roots)
    walks = _walks.get(content, lambda: _walks_along(streets, felt_m, roots))
    root_of_segment = np.full(len(streets.names), -1, np.int64)
    root_of_segment[roots] = np.arange(len(roots))
    return Footways(content, walks, roots, root_of_segment)


def _felt_lengths(city: City, streets: Streets) -> Floats:
    felt = np.ones(len(streets.names))
    for comfort in city.rules.comforts:
        felt[streets.which(comfort.segments)] *= comfort.felt
    return streets.length_m * felt


def _walks_along(streets: Streets, length_m: Floats, roots: Ints) -> Walks:
    on = np.flatnonzero(streets.is_walked)
    graph = make_graph(
        len(streets.node_x_m),
        np.concatenate([streets.start[on], streets.end[on]]),
        np.concatenate([streets.end[on], streets.start[on]]),
        np.concatenate([on, on]),
        np.concatenate([length_m[on], length_m[on]]),
    )
    return walks_to(graph, streets.start, streets.end, length_m / 2, roots, WALK_REACH_M)


def gates_on_foot(city: City, streets: Streets) -> Things:
    """Return where people walk into and out of the place: ends of segments at its edge."""
    nodes = streets.edge_nodes(city, streets.is_walked)
    on = np.flatnonzero(streets.is_walked)
    segment = np.full(len(streets.node_x_m), -1, np.int64)
    along_m = np.zeros(len(streets.node_x_m))
    segment[streets.end[on]] = on
    along_m[streets.end[on]] = streets.length_m[on]
    segment[streets.start[on]] = on
    along_m[streets.start[on]] = 0.0
    key = uniforms(np.uint64(0), streets.key[segment[nodes]], _GATE_DRAW)
    return Things(
        key=(key * 2**52).astype(np.uint64),
        segment=segment[nodes],
        along_m=along_m[nodes],
        x_m=streets.node_x_m[nodes],
        y_m=streets.node_y_m[nodes],
        size=np.ones(len(nodes)),
    )
