"""Counters of people passing by, at assumed places: where most people are likely to walk."""

from collections import Counter

import geopandas as gpd
import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import dijkstra

from twin.place.assumptions import Assumptions
from twin.place.frames import flags, geometries, layer_frame, numbers, texts
from twin.place.network import Network
from twin.place.shapes import coordinates, distances_m, halfway, pairs_within

_NEAR_ATTRACTORS_M = 60
_SHORTEST_M = 12
_MOST_PER_STREET = 4
_NAMED_BONUS = 2
_SOURCES = 60
_WALK_M = 800
_CROSSING_STREET_M = 60


def assumed_counters(
    network: Network, attractors: gpd.GeoDataFrame, assume: Assumptions
) -> gpd.GeoDataFrame:
    """Return counters in the middle of segments on named streets, busiest first, well apart."""
    segments = network.segments
    lines, length_m = geometries(segments), numbers(segments, "length_m")
    streets = texts(segments, "name")
    middles = halfway(lines)
    fits = flags(segments, "walk") & network.ground & (length_m >= _SHORTEST_M)
    named = np.array([street is not None for street in streets], bool)
    near, _ = pairs_within(middles, geometries(attractors), _NEAR_ATTRACTORS_M)
    attraction = np.bincount(near, minlength=len(lines)).astype(float)
    busy = _rank(attraction) + _rank(_passages(network))
    score = np.where(fits, busy + _NAMED_BONUS * named, -1.0)
    chosen = _spread(score, coordinates(middles), streets, assume)
    keys = texts(segments, "segment")
    rows = [
        {
            "counter": f"counter-{keys[index]}",
            "segment": keys[index],
            "along_m": length_m[index] / 2,
            "is_assumed": True,
            "geometry": middles[index],
        }
        for index in chosen
    ]
    for row, name in zip(rows, _names(chosen, network), strict=True):
        row["name"] = name
    return layer_frame("counters", rows, str(segments.crs))


def _rank(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return where each value stands among all, from 0 to 1; equal values stand equal."""
    return np.searchsorted(np.sort(values), values) / max(len(values), 1)


def _passages(network: Network) -> NDArray[np.float64]:
    """Return how often each segment lies on a shortest walk from a sample of junctions."""
    segments = network.segments
    walks = flags(segments, "walk")
    keys = texts(segments, "from_junction") + texts(segments, "to_junction")
    _, node = np.unique(np.array(keys, dtype=str), return_inverse=True)
    ends: list[int] = node.tolist()
    u, v = ends[: len(segments)], ends[len(segments) :]
    count = max(ends) + 1
    best: dict[tuple[int, int], int] = {}
    length_m = numbers(segments, "length_m")
    longest_first = np.flatnonzero(walks)[np.argsort(-length_m[walks], kind="stable")]
    for index in map(int, longest_first):
        best[min(u[index], v[index]), max(u[index], v[index])] = index
    pairs = np.array(list(best), dtype=int).reshape(-1, 2)
    used = np.array(list(best.values()), dtype=int)
    graph = csr_matrix((length_m[used], (pairs[:, 0], pairs[:, 1])), shape=(count, count))
    sources = np.unique(pairs)[:: max(len(np.unique(pairs)) // _SOURCES, 1)]
    distance_m, before = dijkstra(
        graph, directed=False, indices=sources, limit=_WALK_M, return_predecessors=True
    )
    result = np.zeros(len(segments))
    for far, came_from in zip(distance_m, before, strict=True):
        reached = np.flatnonzero(np.isfinite(far) & (came_from >= 0))
        walkers = np.ones(count)
        for at in reached[np.argsort(-far[reached], kind="stable")].tolist():
            previous = int(came_from[at])
            walkers[previous] += walkers[at]
            result[best[min(at, previous), max(at, previous)]] += walkers[at]
    return result


def _spread(
    score: NDArray[np.float64],
    points: NDArray[np.float64],
    streets: list[str | None],
    assume: Assumptions,
) -> list[int]:
    chosen: list[int] = []
    per_street: Counter[str | None] = Counter()
    for index in map(int, np.argsort(-score, kind="stable")):
        if score[index] < 0 or len(chosen) >= assume.counters:
            break
        apart_m = np.hypot(*(points[chosen] - points[index]).T) if chosen else np.array([np.inf])
        street = streets[index]
        is_new = street is None or per_street[street] < _MOST_PER_STREET
        if is_new and apart_m.min() >= assume.counter_spacing_m:
            chosen.append(index)
            per_street[street] += 1
    return chosen


def _names(chosen: list[int], network: Network) -> list[str | None]:
    """Name each counter after its street and the nearest other one, all different."""
    streets, lines = texts(network.segments, "name"), geometries(network.segments)
    named = [index for index, street in enumerate(streets) if street]
    taken: set[str] = set()
    names: list[str | None] = []
    for index in chosen:
        street = streets[index]
        others = [other for other in named if streets[other] != street]
        if street is None and not others:
            names.append(None)
            continue
        apart_m = distances_m(lines[others], lines[index])
        nearest = np.argsort(apart_m, kind="stable")[: 2 * _MOST_PER_STREET]
        order = [others[int(place)] for place in nearest]
        is_near = len(order) > 0 and apart_m.min() <= _CROSSING_STREET_M
        beside = [str(streets[other]) for other in order] if is_near or street is None else []
        choices = [f"{street} / {other}" if street else other for other in beside] or [str(street)]
        choices += [f"{choices[0]} ({number})" for number in range(2, len(chosen) + 2)]
        name = next(choice for choice in choices if choice not in taken)
        taken.add(name)
        names.append(name)
    return names
