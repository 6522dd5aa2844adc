"""Hexagons merge into groups that hang together, weigh enough and lose nothing."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from twin.place.merging import merge


def grid(weights):
    """Hexagons of a grid of weights: names, neighbours and middles."""
    names = {
        (row, column): f"{row}{column}"
        for row, line in enumerate(weights)
        for column in range(len(line))
    }
    neighbours = {}
    for (row, column), name in names.items():
        shift = 1 if row % 2 else -1
        around = [(row, column - 1), (row, column + 1)]
        around += [(row + up, column + side) for up in (-1, 1) for side in (0, shift)]
        neighbours[name] = sorted(names[each] for each in around if each in names)
    places = {
        name: (100.0 * column + 50 * (row % 2), 86.6 * row) for (row, column), name in names.items()
    }
    return (
        {name: weights[row][column] for (row, column), name in names.items()},
        neighbours,
        places,
    )


def hangs_together(group, neighbours):
    reached, edge = {group[0]}, [group[0]]
    while edge:
        new = set(neighbours[edge.pop()]) & set(group) - reached
        reached |= new
        edge += new
    return reached == set(group)


def test_without_a_weight_to_reach_every_hexagon_is_a_group():
    weights, neighbours, places = grid([[0, 1], [2, 3]])
    assert merge(weights, neighbours, places, 0) == [["00"], ["01"], ["10"], ["11"]]


def test_heavy_hexagons_stay_alone_and_empty_ones_go_with_the_nearest():
    weights, neighbours, places = grid([[9, 0, 0, 0, 0, 9]])
    assert merge(weights, neighbours, places, 5) == [["00", "01", "02"], ["03", "04", "05"]]


def test_a_place_that_cannot_reach_the_weight_is_one_group():
    weights, neighbours, places = grid([[1, 2], [0, 1]])
    assert merge(weights, neighbours, places, 100) == [["00", "01", "10", "11"]]


def test_an_empty_place_is_one_group_per_part():
    weights, neighbours, places = grid([[0, 0, 0]])
    weights["far"], neighbours["far"], places["far"] = 0, [], (9_000.0, 0.0)
    assert merge(weights, neighbours, places, 10) == [["00", "01", "02"], ["far"]]


def test_many_groups_remain_rather_than_few():
    weights, neighbours, places = grid([[5] * 8] * 8)
    groups = merge(weights, neighbours, places, 20)
    assert len(groups) >= 12


WEIGHTS = st.integers(2, 6).flatmap(
    lambda width: st.lists(
        st.lists(st.sampled_from([0, 0, 1, 3, 8, 20]), min_size=width, max_size=width),
        min_size=1,
        max_size=6,
    )
)


@settings(max_examples=150, deadline=None)
@given(WEIGHTS, st.integers(1, 30), st.randoms(use_true_random=False))
def test_groups_cover_everything_hang_together_and_weigh_enough(weights, at_least, luck):
    weight, neighbours, places = grid(weights)
    groups = merge(weight, neighbours, places, at_least)
    assert sorted(each for group in groups for each in group) == sorted(weight)
    assert all(hangs_together(group, neighbours) for group in groups)
    if sum(weight.values()) >= at_least:
        assert all(sum(weight[each] for each in group) >= at_least for group in groups)
    else:
        assert len(groups) == 1
    shuffled = list(weight)
    luck.shuffle(shuffled)
    again = merge({name: weight[name] for name in shuffled}, neighbours, places, at_least)
    assert again == groups


@pytest.mark.parametrize("at_least", [1, 7, 40])
def test_a_group_is_never_lighter_for_being_rounder(at_least):
    weight, neighbours, places = grid([[3, 0, 9, 1], [0, 4, 4, 0], [8, 1, 0, 2], [0, 0, 5, 5]])
    for group in merge(weight, neighbours, places, at_least):
        assert sum(weight[each] for each in group) >= at_least
