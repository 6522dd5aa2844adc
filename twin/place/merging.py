"""Merging neighbouring hexagons until each group is big enough, in compact shapes."""

import math
from collections.abc import Mapping, Sequence

Neighbours = Mapping[str, Sequence[str]]
Places = Mapping[str, tuple[float, float]]

_ROUNDS = 8
_DIRECTIONS = 12


def merge(
    weights: Mapping[str, int], neighbours: Neighbours, places: Places, at_least: int
) -> list[list[str]]:
    """Return groups of neighbouring hexagons that each weigh ``at_least``.

    A hexagon without weight goes with the nearest one that has some. The lightest group then
    joins a neighbour, again and again, light and near ones first; a group that came out twice
    as heavy as needed is cut in two where it can be; at last hexagons move between groups
    where that makes the shapes more compact. A part of the place that cannot reach the weight
    stays one group. ``places`` are the hexagons' middles. The result does not depend on the
    order of the input.
    """
    if at_least <= 0:
        return [[each] for each in sorted(weights)]
    group_of = _around_weights(weights, neighbours)
    members: dict[str, list[str]] = {}
    for each, group in sorted(group_of.items()):
        members.setdefault(group, []).append(each)
    _join_light(members, group_of, weights, neighbours, places, at_least)
    _cut_heavy(members, group_of, weights, neighbours, places, at_least)
    _round_off(members, group_of, weights, neighbours, places, at_least)
    return sorted(sorted(group) for group in members.values())


def _around_weights(weights: Mapping[str, int], neighbours: Neighbours) -> dict[str, str]:
    """Give every hexagon to the nearest one with weight, step by step outward."""
    group_of = {each: each for each in sorted(weights) if weights[each] > 0}
    edge = list(group_of)
    while edge:
        reached: dict[str, str] = {}
        for each in edge:
            for near in neighbours[each]:
                if near not in group_of:
                    reached.setdefault(near, group_of[each])
        group_of |= reached
        edge = sorted(reached)
    # Parts of the place without any weight: each is one group, named after its first hexagon.
    for each in sorted(weights):
        if each not in group_of:
            part = [each]
            group_of[each] = each
            for here in part:
                for near in neighbours[here]:
                    if near not in group_of:
                        group_of[near] = each
                        part.append(near)
    return group_of


def _join_light(
    members: dict[str, list[str]],
    group_of: dict[str, str],
    weights: Mapping[str, int],
    neighbours: Neighbours,
    places: Places,
    at_least: int,
) -> None:
    weight = {group: sum(weights[each] for each in group_) for group, group_ in members.items()}
    waiting = {group for group in members if weight[group] < at_least}
    while waiting:
        lightest = min(waiting, key=lambda group: (weight[group], group))
        around = _around(members[lightest], group_of, neighbours)
        if not around:
            waiting.discard(lightest)
            continue
        target = min(
            around,
            key=lambda other: (
                _spread(members[lightest] + members[other], weights, places)
                * (1 + weight[other] / at_least),
                other,
            ),
        )
        for each in members[lightest]:
            group_of[each] = target
        members[target] += members.pop(lightest)
        weight[target] += weight.pop(lightest)
        waiting.discard(lightest)
        if weight[target] >= at_least:
            waiting.discard(target)


def _cut_heavy(
    members: dict[str, list[str]],
    group_of: dict[str, str],
    weights: Mapping[str, int],
    neighbours: Neighbours,
    places: Places,
    at_least: int,
) -> None:
    waiting = sorted(members)
    while waiting:
        group = waiting.pop()
        parts = _halves(members[group], weights, neighbours, places, at_least)
        if parts is None:
            continue
        del members[group]
        for part in parts:
            name = min(part)
            members[name] = part
            group_of.update(dict.fromkeys(part, name))
            waiting.append(name)


def _halves(
    group: list[str],
    weights: Mapping[str, int],
    neighbours: Neighbours,
    places: Places,
    at_least: int,
) -> tuple[list[str], list[str]] | None:
    """Return the most compact cut of a group along a straight line, both parts heavy enough."""
    total = sum(weights[each] for each in group)
    if total < 2 * at_least:
        return None
    best: tuple[float, list[str], list[str]] | None = None
    for step in range(_DIRECTIONS):
        angle = math.pi * step / _DIRECTIONS
        ahead = (math.cos(angle), math.sin(angle))
        ordered = sorted(
            group,
            key=lambda each: (
                round(places[each][0] * ahead[0] + places[each][1] * ahead[1], 3),
                each,
            ),
        )
        weight = 0
        for count, each in enumerate(ordered[:-1], start=1):
            weight += weights[each]
            one, other = ordered[:count], ordered[count:]
            if min(weight, total - weight) < at_least:
                continue
            spread = _spread(one, weights, places) + _spread(other, weights, places)
            is_better = best is None or spread < best[0]
            if is_better and _is_whole(one, neighbours) and _is_whole(other, neighbours):
                best = (spread, one, other)
    return None if best is None else (best[1], best[2])


def _round_off(
    members: dict[str, list[str]],
    group_of: dict[str, str],
    weights: Mapping[str, int],
    neighbours: Neighbours,
    places: Places,
    at_least: int,
) -> None:
    """Move hexagons at the edge of a group to a neighbour to which they are nearer."""
    weight = {group: sum(weights[each] for each in group_) for group, group_ in members.items()}
    for _ in range(_ROUNDS):
        middles = {group: _middle(each, weights, places) for group, each in members.items()}
        moved = False
        for each in sorted(group_of):
            mine = group_of[each]
            if weight[mine] - weights[each] < at_least or len(members[mine]) == 1:
                continue
            choices = sorted({group_of[near] for near in neighbours[each]})
            best = min(choices, key=lambda group: (_apart(places[each], middles[group]), group))
            rest = [other for other in members[mine] if other != each]
            if best != mine and _is_whole(rest, neighbours):
                members[mine] = rest
                members[best].append(each)
                weight[mine] -= weights[each]
                weight[best] += weights[each]
                group_of[each] = best
                moved = True
        if not moved:
            return


def _around(group: Sequence[str], group_of: Mapping[str, str], neighbours: Neighbours) -> set[str]:
    mine = group_of[group[0]]
    return {group_of[near] for each in group for near in neighbours[each]} - {mine}


def _middle(
    group: Sequence[str], weights: Mapping[str, int], places: Places
) -> tuple[float, float]:
    """Return the middle of a group, where its weight is; empty hexagons count a little."""
    total = sum(weights[each] + 1 for each in group)
    return (
        sum((weights[each] + 1) * places[each][0] for each in group) / total,
        sum((weights[each] + 1) * places[each][1] for each in group) / total,
    )


def _spread(group: Sequence[str], weights: Mapping[str, int], places: Places) -> float:
    """Return the mean distance of a group's hexagons from its middle."""
    middle = _middle(group, weights, places)
    return sum(_apart(places[each], middle) for each in group) / len(group)


def _apart(one: tuple[float, float], other: tuple[float, float]) -> float:
    return ((one[0] - other[0]) ** 2 + (one[1] - other[1]) ** 2) ** 0.5


def _is_whole(group: Sequence[str], neighbours: Neighbours) -> bool:
    """Whether a group hangs together."""
    left = set(group)
    edge = [left.pop()]
    while edge:
        for near in neighbours[edge.pop()]:
            if near in left:
                left.discard(near)
                edge.append(near)
    return not left
