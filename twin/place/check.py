"""Checking an imported city: everything that the other packages take for granted."""

from collections.abc import Callable, Iterator
from typing import cast

import geopandas as gpd
import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from twin.city import City
from twin.errors import PlaceError
from twin.layers import ATTRACTOR_KINDS, BAY_KINDS, LAYERS, Column, Layer
from twin.place.frames import cells, flags, geometries, is_missing, numbers, texts
from twin.place.shapes import is_near, is_valid, lengths_m
from twin.place.sources import repeated

_TYPE_OF_KIND: dict[str, Callable[[object], bool]] = {
    "text": lambda value: isinstance(value, str),
    "number": lambda value: isinstance(value, float | int) and bool(np.isfinite(value)),
    "integer": lambda value: isinstance(value, int | np.integer) and not isinstance(value, bool),
    "flag": lambda value: isinstance(value, bool | np.bool_),
    "texts": lambda value: _is_list_of_text(value),
    "hexes": lambda value: _is_list_of_text(value),
}
_SHAPES = {
    "point": {"Point"},
    "line": {"LineString"},
    "area": {"Polygon", "MultiPolygon"},
}
_SHOWN = 3
_ALONG_SLACK_M = 0.01
_EDGE_SLACK_M = 60.0


def check_city(city: City) -> None:
    """Refuse a city that does not keep the promises of `twin.layers`.

    Raises
    ------
    PlaceError
        With everything that is wrong.
    """
    faults = [fault for layer in LAYERS for fault in _layer_faults(city, layer)]
    if not faults:
        faults = [*_network_faults(city), *_attachment_faults(city), *_value_faults(city)]
    if faults:
        raise PlaceError(f"The place {city.name!r} is not sound", faults)


def _is_list_of_text(value: object) -> bool:
    return isinstance(value, list | tuple) and all(
        isinstance(each, str) for each in cast("list[object]", value)
    )


def _layer_faults(city: City, layer: Layer) -> Iterator[str]:
    frame = city.layers.get(layer.name)
    if frame is None:
        yield f"{layer.name}: the layer is missing"
        return
    if str(frame.crs) != city.crs:
        yield f"{layer.name}: is in {frame.crs}, the place in {city.crs}"
    for name, column in layer.columns.items():
        if name not in frame.columns:
            yield f"{layer.name}: column {name} is missing"
        else:
            yield from _column_faults(frame, layer.name, name, column)
    if layer.key in frame.columns:
        twice = repeated([str(key) for key in cells(frame, layer.key)])
        if twice:
            yield f"{layer.name}: {layer.key} {_shown(twice)} occurs more than once"
    yield from _shape_faults(city, frame, layer)


def _column_faults(frame: gpd.GeoDataFrame, layer: str, name: str, column: Column) -> Iterator[str]:
    is_right = _TYPE_OF_KIND[column.kind]
    wrong = [
        value
        for value in cells(frame, name)
        if not (is_right(value) or (column.is_optional and is_missing(value)))
    ]
    if wrong:
        yield f"{layer}: column {name} must hold {column.kind}, has {_shown(wrong)}"


def _shape_faults(city: City, frame: gpd.GeoDataFrame, layer: Layer) -> Iterator[str]:
    shapes = geometries(frame)
    present = np.array([shape is not None and not shape.is_empty for shape in shapes], bool)
    if not present.all():
        yield f"{layer.name}: {int((~present).sum())} rows without a geometry"
    shapes = shapes[present]
    types = {shape.geom_type for shape in shapes} - _SHAPES[layer.shape]
    if types:
        yield f"{layer.name}: must hold a {layer.shape}, has {_shown(sorted(types))}"
    if not is_valid(shapes).all():
        yield f"{layer.name}: has geometries that are not valid"
    if layer.shape == "line" and (lengths_m(shapes) <= 0).any():
        yield f"{layer.name}: has lines without length"
    outside = ~is_near(shapes, city.boundary, _EDGE_SLACK_M)
    if outside.any():
        yield f"{layer.name}: {int(outside.sum())} rows lie outside the boundary"


def _network_faults(city: City) -> Iterator[str]:
    segments = city.layers["segments"]
    if not len(segments):
        yield "segments: there are none"
        return
    junctions = {str(key) for key in cells(city.layers["junctions"], "junction")}
    ends = [texts(segments, "from_junction"), texts(segments, "to_junction")]
    unknown = sorted({str(end) for each in ends for end in each} - junctions)
    if unknown:
        yield f"segments: junction {_shown(unknown)} does not exist"
    if (np.abs(numbers(segments, "length_m") - lengths_m(geometries(segments))) > 1).any():
        yield "segments: length_m is not the length of the line"
    everything = np.ones(len(segments), bool)
    walks = flags(segments, "walk")
    for what, which in (("", everything), (" that people can walk", walks)):
        count = _parts(ends, which)
        if count > 1:
            yield f"segments: the network{what} falls apart into {count} parts"


def _parts(ends: list[list[str | None]], which: NDArray[np.bool_]) -> int:
    if not which.any():
        return 0
    names = np.array([*np.array(ends[0], str)[which], *np.array(ends[1], str)[which]])
    nodes, node = np.unique(names, return_inverse=True)
    half = int(which.sum())
    graph = coo_matrix((np.ones(half), (node[:half], node[half:])), shape=(len(nodes), len(nodes)))
    return int(connected_components(graph, directed=False)[0])


def _attachment_faults(city: City) -> Iterator[str]:
    segments = city.layers["segments"]
    length_m = dict(
        zip(texts(segments, "segment"), numbers(segments, "length_m").tolist(), strict=True)
    )
    for layer in LAYERS:
        if "along_m" not in layer.columns:
            continue
        frame = city.layers[layer.name]
        on = texts(frame, "segment")
        loose = sorted({str(key) for key in on if key not in length_m})
        if loose:
            yield f"{layer.name}: segment {_shown(loose)} does not exist"
        beyond = [
            str(key)
            for key, along_m in zip(on, numbers(frame, "along_m").tolist(), strict=True)
            if key in length_m and not -_ALONG_SLACK_M <= along_m <= length_m[key] + _ALONG_SLACK_M
        ]
        if beyond:
            yield f"{layer.name}: along_m lies beyond segment {_shown(beyond)}"


def _value_faults(city: City) -> Iterator[str]:
    for layer in LAYERS:
        frame = city.layers[layer.name]
        if "capacity" in layer.columns and (numbers(frame, "capacity") < 1).any():
            yield f"{layer.name}: capacity must be at least 1"
    for layer, allowed in (("bays", BAY_KINDS), ("attractors", ATTRACTOR_KINDS)):
        unknown = sorted(set(map(str, cells(city.layers[layer], "kind"))) - set(allowed))
        if unknown:
            yield f"{layer}: kind {_shown(unknown)} is not allowed; allowed: {', '.join(allowed)}"
    sides = set(map(str, cells(city.layers["bays"], "side"))) - {"left", "right"}
    if sides:
        yield f"bays: side must be left or right, has {_shown(sorted(sides))}"


def _shown(values: list[object] | list[str]) -> str:
    more = f" and {len(values) - _SHOWN} more" if len(values) > _SHOWN else ""
    return ", ".join(map(repr, values[:_SHOWN])) + more
