"""How well nodes of a network of footpaths lie, as far as people walk: closeness and betweenness."""

import numpy as np

from scenarios.day.compiled import compiled
from scenarios.day.network import Floats, Graph, Ints, make_graph, pop, push

SAME = 1e-9
"""Paths whose lengths differ by less, as a share, are equally long."""


def centrality(
    start: Ints, end: Ints, length_m: Floats, n_nodes: int, radius_m: float
) -> tuple[Floats, Floats]:
    """Return the harmonic closeness and the betweenness of every node within a walking distance.

    Closeness is the sum of 1 / distance (1/m) over the nodes within ``radius_m``. Betweenness counts
    the shortest paths between others, no longer than ``radius_m``, that lead through a node; where
    several are equally long, each counts for its part. Each pair counts once.

    Brandes (2001), with Dijkstra's search ended at the radius.

    Parameters
    ----------
    start, end, length_m
        The two nodes of every edge, which can be walked both ways, and its length, above 0.

    Examples
    --------
    >>> street = np.array([0, 1]), np.array([1, 2]), np.array([100.0, 50.0])
    >>> closeness, betweenness = centrality(*street, 3, 800.0)
    >>> closeness.round(4).tolist(), betweenness.tolist()
    ([0.0167, 0.03, 0.0267], [0.0, 1.0, 0.0])
    """
    if len(length_m) and not length_m.min() > 0:
        raise ValueError(f"an edge of {length_m.min():g} m: lengths must be above 0")
    graph = make_graph(
        n_nodes,
        np.concatenate([start, end]),
        np.concatenate([end, start]),
        np.tile(np.arange(len(start)), 2),
        np.concatenate([length_m, length_m]),
    )
    return _centrality(graph, float(radius_m))


@compiled
def _centrality(graph: Graph, radius_m: float) -> tuple[Floats, Floats]:
    nodes = len(graph.first) - 1
    closeness, betweenness = np.zeros(nodes), np.zeros(nodes)
    far = np.full(nodes, np.inf)
    paths, through = np.zeros(nodes), np.zeros(nodes)
    order = np.empty(nodes, np.int64)
    heap_cost = np.empty(len(graph.head) + 1)
    heap_node = np.empty(len(graph.head) + 1, np.int64)
    for source in range(nodes):
        reached = _reach(graph, source, radius_m, far, order, heap_cost, heap_node)
        paths[source] = 1.0
        for at in range(reached):
            _hand_on(graph, order[at], far, paths)
        for at in range(reached - 1, 0, -1):
            node = order[at]
            closeness[source] += 1.0 / far[node]
            betweenness[node] += _gather(graph, node, far, paths, through) / 2
        for at in range(reached):
            far[order[at]] = np.inf
            paths[order[at]] = 0.0
            through[order[at]] = 0.0
    return closeness, betweenness


@compiled
def _reach(
    graph: Graph,
    source: int,
    radius_m: float,
    far: Floats,
    order: Ints,
    heap_cost: Floats,
    heap_node: Ints,
) -> int:
    """Fill ``far`` and the order in which nodes are reached; return how many are."""
    far[source] = 0.0
    size, reached = push(heap_cost, heap_node, 0, 0.0, source), 0
    while size:
        here, node = heap_cost[0], heap_node[0]
        size = pop(heap_cost, heap_node, size)
        if here > far[node]:
            continue
        order[reached] = node
        reached += 1
        for arc in range(graph.first[node], graph.first[node + 1]):
            further = here + graph.cost[arc]
            if further <= radius_m and further < far[graph.head[arc]]:
                far[graph.head[arc]] = further
                size = push(heap_cost, heap_node, size, further, graph.head[arc])
    return reached


@compiled
def _hand_on(graph: Graph, node: int, far: Floats, paths: Floats) -> None:
    """Add a node's number of shortest paths to the nodes that are reached over it."""
    for arc in range(graph.first[node], graph.first[node + 1]):
        head = int(graph.head[arc])
        if far[head] < np.inf and _is_next(far[node] + graph.cost[arc], far[head]):
            paths[head] += paths[node]


@compiled
def _gather(graph: Graph, node: int, far: Floats, paths: Floats, through: Floats) -> float:
    """Return the share of paths that lead on through a node: of all that are reached over it."""
    for arc in range(graph.first[node], graph.first[node + 1]):
        head = int(graph.head[arc])
        if far[head] < np.inf and _is_next(far[node] + graph.cost[arc], far[head]):
            through[node] += paths[node] / paths[head] * (1.0 + through[head])
    return through[node]


@compiled
def _is_next(further: float, far: float) -> bool:
    return abs(further - far) <= SAME * far
