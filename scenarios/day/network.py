"""Shortest paths on the streets: car trees to and from the edges of the place, walks to doors."""

from typing import NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from scenarios.day.compiled import compiled, inlined

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]
Number = TypeVar("Number", bound=np.number)


class Graph(NamedTuple):
    """Arcs by the node they leave: those of ``node`` are ``first[node]`` up to ``first[node + 1]``.

    ``head`` is where an arc goes, ``segment`` what it runs along, ``cost`` what it costs.
    """

    first: Ints
    head: Ints
    segment: Ints
    cost: Floats


def make_graph(nodes: int, tail: Ints, head: Ints, segment: Ints, cost: Floats) -> Graph:
    """Return the graph of so many nodes with these arcs, in an order that depends on them alone."""
    order = np.lexsort((segment, head, tail))
    first = np.concatenate([[0], np.cumsum(np.bincount(tail, minlength=nodes))])
    return Graph(first.astype(np.int64), head[order], segment[order], cost[order])


def reverse(graph: Graph) -> Graph:
    """Return the same arcs the other way round."""
    tail = np.repeat(np.arange(len(graph.first) - 1), np.diff(graph.first))
    return make_graph(len(graph.first) - 1, graph.head, tail, graph.segment, graph.cost)


@inlined
def push(heap_cost: Floats, heap_node: Ints, size: int, cost: float, node: int) -> int:
    """Put a node on a binary heap, the cheapest on top. Returns the new size."""
    at = size
    while at > 0:
        above = (at - 1) >> 1
        if heap_cost[above] <= cost:
            break
        heap_cost[at] = heap_cost[above]
        heap_node[at] = heap_node[above]
        at = above
    heap_cost[at] = cost
    heap_node[at] = node
    return size + 1


@inlined
def pop(heap_cost: Floats, heap_node: Ints, size: int) -> int:
    """Take the top off; it must have been read before. Returns the new size."""
    size -= 1
    cost, node = heap_cost[size], heap_node[size]
    at = 0
    while True:
        below = 2 * at + 1
        if below >= size:
            break
        if below + 1 < size and heap_cost[below + 1] < heap_cost[below]:
            below += 1
        if heap_cost[below] >= cost:
            break
        heap_cost[at] = heap_cost[below]
        heap_node[at] = heap_node[below]
        at = below
    heap_cost[at] = cost
    heap_node[at] = node
    return size


@compiled
def trees(graph: Graph, roots: Ints) -> tuple[Floats, Ints]:
    """Return the cost from each root to every node, and the arc by which each is reached.

    Shapes (roots, nodes); infinity and -1 where a node cannot be reached. Of equal paths the one
    found first counts, which the order of arcs decides. Dijkstra (1959), binary heap.
    """
    nodes = len(graph.first) - 1
    cost = np.full((len(roots), nodes), np.inf)
    arc = np.full((len(roots), nodes), -1, np.int64)
    heap_cost = np.empty(len(graph.head) + 1)
    heap_node = np.empty(len(graph.head) + 1, np.int64)
    for row in range(len(roots)):
        cost[row, roots[row]] = 0.0
        size = push(heap_cost, heap_node, 0, 0.0, roots[row])
        while size:
            reached, node = heap_cost[0], heap_node[0]
            size = pop(heap_cost, heap_node, size)
            if reached > cost[row, node]:
                continue
            for each in range(graph.first[node], graph.first[node + 1]):
                further = reached + graph.cost[each]
                if further < cost[row, graph.head[each]]:
                    cost[row, graph.head[each]] = further
                    arc[row, graph.head[each]] = each
                    size = push(heap_cost, heap_node, size, further, graph.head[each])
    return cost, arc


class Walks(NamedTuple):
    """Shortest walks between every node and the middle of some segments (the roots).

    The nodes from which root ``r`` can be reached are ``first[r]`` up to ``first[r + 1]``, in
    the order of their numbers: ``node``, ``far_m`` to the root, the ``segment`` to walk along
    first, and the position ``next`` at which the walk goes on (-1: that segment is the root).
    """

    first: Ints
    node: NDArray[np.int32]
    far_m: NDArray[np.float32]
    segment: NDArray[np.int32]
    next: NDArray[np.int32]


class _Reached(NamedTuple):
    """What is known of each node while one root's walks are found.

    ``cost`` to the root, the node to go on to (``back``) and the segment to it (``along``);
    ``done`` has the nodes that were reached.
    """

    cost: Floats
    back: Ints
    along: Ints
    done: Ints


@compiled
def walks_to(
    graph: Graph, start: Ints, end: Ints, half_m: Floats, roots: Ints, reach_m: float
) -> Walks:
    """Return the walks to the roots that are no longer than ``reach_m``.

    ``start``, ``end`` and ``half_m`` are the nodes and half the length of every segment; the graph
    is that of people on foot, the same in both directions.
    """
    nodes = len(graph.first) - 1
    reached = _Reached(
        np.full(nodes, np.inf),
        np.empty(nodes, np.int64),
        np.empty(nodes, np.int64),
        np.empty(nodes, np.int64),
    )
    place = np.empty(nodes, np.int64)
    heap_cost = np.empty(len(graph.head) + 2)
    heap_node = np.empty(len(graph.head) + 2, np.int64)
    first = np.zeros(len(roots) + 1, np.int64)
    room = 1024 + 256 * len(roots)
    node = np.empty(room, np.int32)
    far_m = np.empty(room, np.float32)
    segment = np.empty(room, np.int32)
    following = np.empty(room, np.int32)
    for row in range(len(roots)):
        root = int(roots[row])
        ends, half = (int(start[root]), int(end[root])), float(half_m[root])
        count = _reach(graph, root, ends, half, reach_m, reached, heap_cost, heap_node)
        begin = first[row]
        if begin + count > room:
            room = 2 * room + count
            node, far_m = grown(node, begin, room), grown(far_m, begin, room)
            segment, following = grown(segment, begin, room), grown(following, begin, room)
        in_order = np.sort(reached.done[:count])
        for at in range(count):
            place[in_order[at]] = begin + at
        for at in range(count):
            one = in_order[at]
            node[begin + at] = one
            far_m[begin + at] = reached.cost[one]
            segment[begin + at] = reached.along[one]
            following[begin + at] = -1 if reached.back[one] < 0 else place[reached.back[one]]
        for at in range(count):
            reached.cost[in_order[at]] = np.inf
        first[row + 1] = begin + count
    total = first[len(roots)]
    return Walks(
        first,
        node[:total].copy(),
        far_m[:total].copy(),
        segment[:total].copy(),
        following[:total].copy(),
    )


@compiled
def _reach(
    graph: Graph,
    root: int,
    ends: tuple[int, int],
    half_m: float,
    reach_m: float,
    reached: _Reached,
    heap_cost: Floats,
    heap_node: Ints,
) -> int:
    """Find the walks to one root; returns how many nodes were reached. Dijkstra (1959)."""
    cost = reached.cost
    size, count = 0, 0
    for node in ends:
        if half_m < cost[node]:
            cost[node] = half_m
            reached.back[node] = -1
            reached.along[node] = root
            size = push(heap_cost, heap_node, size, half_m, node)
    while size:
        far, node = heap_cost[0], heap_node[0]
        size = pop(heap_cost, heap_node, size)
        if far > cost[node]:
            continue
        reached.done[count] = node
        count += 1
        for each in range(graph.first[node], graph.first[node + 1]):
            further, head = far + graph.cost[each], graph.head[each]
            if further <= reach_m and further < cost[head]:
                cost[head] = further
                reached.back[head] = node
                reached.along[head] = graph.segment[each]
                size = push(heap_cost, heap_node, size, further, head)
    return count


@compiled
def grown(values: NDArray[Number], used: int, room: int) -> NDArray[Number]:
    """Return an array with more room that begins with what was used."""
    larger = np.empty(room, values.dtype)
    larger[:used] = values[:used]
    return larger


@inlined
def place_of(walks: Walks, root: int, node: int) -> int:
    """Return where a node is among those that reach a root; -1 if it does not."""
    low, high = walks.first[root], walks.first[root + 1]
    end = high
    while low < high:
        middle = (low + high) >> 1
        if walks.node[middle] < node:
            low = middle + 1
        else:
            high = middle
    return low if low < end and walks.node[low] == node else -1
