"""Names for streets whose source has none, borrowed from what lies beside them."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import replace

import geopandas as gpd
import numpy as np

from twin.layers import LAYER_BY_NAME
from twin.place.frames import as_column, cells, flags, geometries, texts
from twin.place.network import Network
from twin.place.shapes import (
    Floats,
    Geometries,
    coordinates,
    distances_m,
    ends_of,
    halfway,
    pairs_within,
)

_SIDEWALK_M = 18.0
_LEAST_COSINE = float(np.cos(np.radians(25)))


def name_sidewalks(network: Network) -> Network:
    """Give pavements that are drawn apart the names of the street they run along."""
    segments = network.segments
    lines = geometries(segments)
    cars = flags(segments, "car_forward") | flags(segments, "car_backward")
    names = texts(segments, "name")
    is_named = np.array([name is not None for name in names], bool)
    unnamed = np.flatnonzero(network.sidewalk & ~is_named)
    streets = np.flatnonzero(cars & is_named)
    if not len(unnamed) or not len(streets):
        return network
    middles = halfway(lines[unnamed])
    pavement, street = pairs_within(middles, lines[streets], _SIDEWALK_M)
    parallel = np.abs(
        (_headings(lines[unnamed])[pavement] * _headings(lines[streets])[street]).sum(axis=1)
    )
    near_m = distances_m(middles[pavement], lines[streets][street])
    found: dict[int, int] = {}
    for index in np.lexsort((near_m, pavement)).tolist():
        if parallel[index] >= _LEAST_COSINE:
            found.setdefault(int(unnamed[pavement[index]]), int(streets[street[index]]))
    known = cells(segments, "names")
    return _renamed(network, {index: known[near] for index, near in found.items()})


def name_streets(
    network: Network, things: gpd.GeoDataFrame, streets: Sequence[str | None]
) -> Network:
    """Give unnamed segments the street name that most of the things attached to them have."""
    votes: dict[str, Counter[str]] = defaultdict(Counter)
    for segment, street in zip(texts(things, "segment"), streets, strict=True):
        if segment and street:
            votes[segment][street] += 1
    found: dict[int, Sequence[str]] = {}
    keys, names = texts(network.segments, "segment"), texts(network.segments, "name")
    for index, (key, name) in enumerate(zip(keys, names, strict=True)):
        if name is None and key in votes:
            most = max(votes[key].values())
            found[index] = [min(street for street, count in votes[key].items() if count == most)]
    return _renamed(network, found)


def _renamed(network: Network, found: dict[int, Sequence[str]]) -> Network:
    segments = network.segments.copy()
    columns = LAYER_BY_NAME["segments"].columns
    name = texts(segments, "name")
    names = cells(segments, "names")
    for index, new in found.items():
        name[index], names[index] = new[0], new
    segments["name"] = as_column(name, columns["name"])
    segments["names"] = as_column(names, columns["names"])
    return replace(network, segments=segments)


def _headings(lines: Geometries) -> Floats:
    along = coordinates(ends_of(lines, -1)) - coordinates(ends_of(lines, 0))
    return along / np.maximum(np.hypot(*along.T), 1e-9)[:, None]
