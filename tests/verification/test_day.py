"""The simulated day beside answers that are known from theory, from other programs or by heart."""

from math import exp

import networkx as nx
import numpy as np
import pytest
from scipy.stats import kstest

from scenarios.day.draws import chooser, key_of, lag_below, uniforms
from scenarios.day.network import make_graph, place_of, trees, walks_to

pytestmark = pytest.mark.slow
"""The hot loops are compiled first, which takes longer than everything else."""

SEED = np.uint64(5)


def random_graph(seed, nodes=60, arcs=240):
    luck = np.random.default_rng(seed)
    tail, head = luck.integers(0, nodes, (2, arcs))
    cost = luck.uniform(1, 100, arcs)
    graph = make_graph(nodes, tail, head, np.arange(arcs), cost)
    there = nx.MultiDiGraph()
    there.add_nodes_from(range(nodes))
    there.add_weighted_edges_from(zip(tail.tolist(), head.tolist(), cost.tolist(), strict=True))
    return graph, there


@pytest.mark.parametrize("seed", range(5))
def test_car_trees_are_shortest_paths(seed):
    graph, there = random_graph(seed)
    cost, arc = trees(graph, np.arange(10))
    tail = np.repeat(np.arange(len(graph.first) - 1), np.diff(graph.first))
    for root in range(10):
        exact = nx.single_source_dijkstra_path_length(there, root)
        assert np.allclose(cost[root], [exact.get(node, np.inf) for node in range(len(cost[root]))])
        for node in exact:
            if node != root:
                before = tail[arc[root, node]]
                assert graph.head[arc[root, node]] == node
                assert np.isclose(
                    cost[root, node], cost[root, before] + graph.cost[arc[root, node]]
                )


@pytest.mark.parametrize("seed", range(5))
def test_walks_to_the_middle_of_a_segment_are_shortest_and_can_be_followed(seed):
    luck = np.random.default_rng(seed)
    nodes, segments, reach = 40, 90, 120.0
    start, end = luck.integers(0, nodes, (2, segments))
    length = luck.uniform(5, 60, segments)
    both = np.arange(segments)
    graph = make_graph(
        nodes,
        np.concatenate([start, end]),
        np.concatenate([end, start]),
        np.concatenate([both, both]),
        np.concatenate([length, length]),
    )
    roots = np.unique(luck.integers(0, segments, 12))
    walks = walks_to(graph, start, end, length / 2, roots, reach)
    for row, root in enumerate(roots):
        there = nx.MultiGraph()
        there.add_nodes_from([*range(nodes), "door"])
        there.add_weighted_edges_from(zip(start.tolist(), end.tolist(), length, strict=True))
        there.add_edge("door", int(start[root]), weight=length[root] / 2)
        there.add_edge("door", int(end[root]), weight=length[root] / 2)
        exact = nx.single_source_dijkstra_path_length(there, "door", cutoff=reach)
        for node in range(nodes):
            place = place_of(walks, row, node)
            if node not in exact:
                assert place < 0
                continue
            assert np.isclose(walks.far_m[place], exact[node], rtol=1e-5)
            followed = 0.0
            while walks.next[place] >= 0:
                followed += length[walks.segment[place]]
                place = walks.next[place]
            assert walks.segment[place] == root
            assert np.isclose(followed + length[root] / 2, exact[node], rtol=1e-5)


def test_draws_are_uniform_and_depend_on_every_part_of_their_key():
    agents = np.array([key_of(f"agent-{number}") for number in range(20_000)], np.uint64)
    draws = uniforms(SEED, agents, 3)
    assert kstest(draws, "uniform").pvalue > 0.001
    for other in (uniforms(SEED, agents, 4), uniforms(np.uint64(6), agents, 3)):
        assert kstest(other, "uniform").pvalue > 0.001
        assert abs(np.corrcoef(draws, other)[0, 1]) < 0.03  # four standard errors of 0


def shares(utilities, choosers=40_000):
    names = [np.uint64(key_of(f"alternative-{number}")) for number in range(len(utilities))]
    slower = [exp(-utility) for utility in utilities]
    chosen = np.zeros(len(utilities))
    choices = []
    for number in range(choosers):
        key = np.uint64(chooser(SEED, np.uint64(key_of(f"person-{number}")), 1))
        best, which = np.inf, -1
        for at, name in enumerate(names):
            late = lag_below(key, name, slower[at], best)
            if late < best:
                best, which = late, at
        chosen[which] += 1
        choices.append(which)
    return chosen / choosers, choices


def test_choices_are_those_of_a_logit():
    utilities = [0.0, 0.7, -1.0]
    weight = np.exp(utilities)
    found, _ = shares(utilities)
    assert np.allclose(found, weight / weight.sum(), atol=4 * 0.5 / 200)  # four standard errors


def test_an_alternative_that_goes_moves_only_those_who_had_chosen_it():
    _, with_all = shares([0.0, 0.7, -1.0, 0.3], 5_000)
    _, without_last = shares([0.0, 0.7, -1.0], 5_000)
    assert all(one == other for one, other in zip(with_all, without_last, strict=True) if one != 3)


def test_equal_shops_at_equal_distance_share_equally():
    found, _ = shares([-0.5, -0.5, -0.5, -0.5])
    assert np.allclose(found, 0.25, atol=4 * 0.43 / 200)
