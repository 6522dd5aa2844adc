"""Things along the streets, as plain arrays: bays, garages, racks, attractors, homes, stops."""

from typing import NamedTuple

import geopandas as gpd
import numpy as np
from scipy.sparse import csr_array
from scipy.spatial import cKDTree

from scenarios.day.draws import Keys, keys_of
from scenarios.day.network import Floats, Ints
from scenarios.day.streets import Streets
from scenarios.kept import once
from twin.city import City
from twin.layers import LAYER_BY_NAME
from twin.place.frames import geometries, numbers, texts
from twin.place.shapes import coordinates, middles_of


class Things(NamedTuple):
    """Rows of one layer: key, segment (-1: none), metres along it, position (m), and size."""

    key: Keys
    segment: Ints
    along_m: Floats
    x_m: Floats
    y_m: Floats
    size: Floats


def things_of(city: City, layer: str, streets: Streets, *, size: str | None = "capacity") -> Things:
    """Return the rows of a layer; what has no size in column ``size`` has size 1."""
    return _things(city.layers[layer], layer, streets, size or "")


@once
def _things(frame: gpd.GeoDataFrame, layer: str, streets: Streets, size: str) -> Things:
    names = words(frame, LAYER_BY_NAME[layer].key)
    points = coordinates(middles_of(geometries(frame)))
    has_size = size in LAYER_BY_NAME[layer].columns
    segment = np.array([streets.at.get(name, -1) for name in words(frame, "segment")], np.int64)
    return Things(
        key=keys_of(layer, names),
        segment=segment,
        along_m=np.clip(numbers(frame, "along_m"), 0.0, _length(streets, segment)),
        x_m=points[:, 0],
        y_m=points[:, 1],
        size=numbers(frame, size).copy() if has_size else np.ones(len(names)),
    )


def within(these: Things, others: Things, reach_m: float) -> csr_array:
    """Return which of the others lie within reach as the crow flies: (these, others), 1 or 0."""
    shape = (len(these.key), len(others.key))
    if 0 in shape:
        return csr_array(shape)
    near = cKDTree(np.column_stack([these.x_m, these.y_m])).sparse_distance_matrix(
        cKDTree(np.column_stack([others.x_m, others.y_m])), reach_m, output_type="coo_matrix"
    )
    return csr_array((np.ones(len(near.data)), (near.row, near.col)), shape=shape)


def names_of(city: City, layer: str) -> list[str]:
    """Return the names of the rows of a layer, in their order."""
    return words(city.layers[layer], LAYER_BY_NAME[layer].key)


def words(frame: gpd.GeoDataFrame, column: str) -> list[str]:
    """Return a column of text, empty text where there is none."""
    return [value or "" for value in texts(frame, column)]


def _length(streets: Streets, segment: Ints) -> Floats:
    if not len(segment):
        return np.zeros(0)
    return np.where(segment >= 0, streets.length_m[segment], 0.0)
