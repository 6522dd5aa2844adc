"""Closeness and betweenness within walking distance, against NetworkX and sums worked out by hand."""

from itertools import combinations

import networkx as nx
import numpy as np
import pytest

from scenarios.day.centrality import centrality


def edges(graph):
    start, end, length_m = zip(*graph.edges(data="length"), strict=True)
    return np.array(start), np.array(end), np.array(length_m, float), len(graph)


def by_hand(graph, radius_m):
    """Return both measures from all shortest paths of all pairs, as NetworkX finds them."""
    closeness, betweenness = np.zeros(len(graph)), np.zeros(len(graph))
    for one, other in combinations(graph, 2):
        if not nx.has_path(graph, one, other):
            continue
        far = nx.shortest_path_length(graph, one, other, weight="length")
        if far > radius_m:
            continue
        closeness[[one, other]] += 1 / far
        paths = list(nx.all_shortest_paths(graph, one, other, weight="length"))
        for path in paths:
            betweenness[path[1:-1]] += 1 / len(paths)
    return closeness, betweenness


def grid(size, spacing_m=100.0):
    graph = nx.convert_node_labels_to_integers(nx.grid_2d_graph(size, size))
    nx.set_edge_attributes(graph, spacing_m, "length")
    return graph


def scattered(seed, nodes=40):
    """Return a planar-like network of irregular lengths, in a few pieces."""
    graph = nx.random_geometric_graph(nodes, 0.22, seed=seed)
    at = nx.get_node_attributes(graph, "pos")
    for one, other in graph.edges:
        graph.edges[one, other]["length"] = 1000 * float(np.hypot(*np.subtract(at[one], at[other])))
    return graph


@pytest.mark.parametrize("radius_m", [100.0, 250.0, 400.0, 1e6])
def test_a_grid_of_equal_streets_shares_paths_equally(radius_m):
    graph = grid(5)
    found, expected = centrality(*edges(graph), radius_m), by_hand(graph, radius_m)
    for ours, theirs in zip(found, expected, strict=True):
        assert ours == pytest.approx(theirs, rel=1e-9, abs=1e-9)


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("radius_m", [300.0, 800.0, 1e6])
def test_irregular_networks(seed, radius_m):
    graph = scattered(seed)
    found, expected = centrality(*edges(graph), radius_m), by_hand(graph, radius_m)
    for ours, theirs in zip(found, expected, strict=True):
        assert ours == pytest.approx(theirs, rel=1e-9, abs=1e-9)


def test_without_a_limit_it_is_networkx_own_measure():
    graph = scattered(7, nodes=120)
    closeness, betweenness = centrality(*edges(graph), 1e9)
    theirs = nx.betweenness_centrality(graph, weight="length", normalized=False)
    assert betweenness == pytest.approx([theirs[node] for node in range(len(graph))], abs=1e-9)
    theirs = nx.harmonic_centrality(graph, distance="length")
    assert closeness == pytest.approx([theirs[node] for node in range(len(graph))])


def test_parallel_edges_and_loops():
    start, end = np.array([0, 0, 1, 1]), np.array([1, 1, 2, 1])
    closeness, betweenness = centrality(start, end, np.array([10.0, 30.0, 20.0, 5.0]), 3, 100.0)
    assert closeness == pytest.approx([1 / 10 + 1 / 30, 1 / 10 + 1 / 20, 1 / 20 + 1 / 30])
    assert betweenness.tolist() == [0, 1, 0]


def test_nodes_without_edges_lie_alone():
    nothing = np.array([], int), np.array([], int), np.array([])
    closeness, betweenness = centrality(*nothing, 3, 800.0)
    assert closeness.tolist() == betweenness.tolist() == [0, 0, 0]


def test_an_edge_without_length_is_refused():
    with pytest.raises(ValueError, match="an edge of 0 m"):
        centrality(np.array([0]), np.array([1]), np.array([0.0]), 2, 800.0)
