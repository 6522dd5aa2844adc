"""Layers made of a user's own files: the mapped columns, and assumptions for the rest."""

from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pyproj
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from twin.layers import LAYER_BY_NAME
from twin.place.assumptions import Assumptions
from twin.place.attach import attach, where_cars
from twin.place.edges import Edges, Way, edges_of_lines
from twin.place.frames import geometries, is_missing, layer_frame, texts
from twin.place.kerb import Kerb
from twin.place.network import Network
from twin.place.own import OwnRows, clean_key
from twin.place.shapes import (
    Geometries,
    array_of,
    coordinates,
    middles_of,
    parts_and_owners,
    project,
)
from twin.place.street import read_street

_POINT_BAY_M = 5.0
_SHORTEST_BAY_M = 0.5
_HEADING_M = 1.0


@dataclass(frozen=True, slots=True)
class OwnShapes:
    """The rows of one file in the city's CRS; ``inside`` are their positions in the file."""

    rows: OwnRows
    geometries: Geometries
    inside: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.inside)

    def column(self, name: str) -> list[Any]:
        """Return a mapped column, or None for each row if it is not mapped."""
        values = self.rows.columns.get(name)
        return [None if values is None else values[index] for index in self.inside.tolist()]

    def source(self, name: str) -> list[Any]:
        """Return a mapped column as the file has it, before its values were mapped."""
        values = self.rows.source.get(name)
        return [None if values is None else values[index] for index in self.inside.tolist()]

    def keys(self, name: str, prefix: str) -> list[str]:
        """Return the rows' keys: the file's, as far as a key may hold them, else numbers."""
        return [
            f"{prefix}{index + 1}" if is_missing(value) else clean_key(str(value))
            for index, value in zip(self.inside.tolist(), self.column(name), strict=True)
        ]


def to_city(rows: OwnRows, crs: str) -> Geometries:
    """Return a file's geometries in the city's CRS, lines and points of several parts as one."""
    transformer = pyproj.Transformer.from_crs(rows.crs, crs, always_xy=True)
    return project(rows.geometries, transformer)


def own_streets(
    rows: OwnRows, crs: str, assume: Assumptions
) -> tuple[Geometries, NDArray[np.int64], list[Way]]:
    """Return the lines of a file of streets, the position of each one's way, and the ways."""
    lines, way = parts_and_owners(to_city(rows, crs))
    shapes = OwnShapes(rows, rows.geometries, np.arange(len(rows.geometries)))
    keys = shapes.keys("segment", "street-")
    ways: list[Way] = []
    for index, key in enumerate(keys):
        tags = {"highway": "residential"}
        for ours, tag in _STREET_TAGS.items():
            values = rows.columns.get(ours)
            if values is not None and not is_missing(values[index]):
                tags[tag] = str(values[index])
        street = read_street(tags, assume)
        if street is not None:
            ways.append(Way(key, street, Kerb()))
    return lines, way.astype(np.int64), ways


_STREET_TAGS = {
    "highway": "highway",
    "name": "name",
    "oneway": "oneway",
    "speed_kmh": "maxspeed",
    "width_m": "width",
}


def own_edges(rows: OwnRows, crs: str, assume: Assumptions, more: Edges | None) -> Edges:
    """Return the edges of a file of streets, together with ``more`` that they add to."""
    lines, way, ways = own_streets(rows, crs, assume)
    if more is None:
        return edges_of_lines(lines, way, ways)
    return edges_of_lines(
        array_of([*more.lines, *lines]),
        np.concatenate([more.way, way + len(more.ways)]),
        [*more.ways, *ways],
    )


def own_points(layer: str, shapes: OwnShapes, crs: str, assume: Assumptions) -> gpd.GeoDataFrame:
    """Return a layer of points (racks, counters, garages, addresses, attractors)."""
    key = LAYER_BY_NAME[layer].key
    mapped = {name: shapes.column(name) for name in LAYER_BY_NAME[layer].columns}
    defaults = {"capacity": assume.rack_places, "kind": "shop"}
    if layer == "garages":
        defaults["capacity"] = assume.garage_spaces["surface"]
    is_assumed = "capacity" in mapped and "capacity" not in shapes.rows.columns
    rows: list[dict[str, Any]] = []
    for index, point in enumerate(middles_of(shapes.geometries)):
        row = {name: values[index] for name, values in mapped.items()}
        row |= {name: value for name, value in defaults.items() if is_missing(row.get(name))}
        row |= {"segment": "", "along_m": 0.0, "is_assumed": is_assumed, "geometry": point}
        rows.append(row)
    for row, name in zip(rows, shapes.keys(key, f"{key}-"), strict=True):
        row[key] = name
    return layer_frame(layer, rows, crs)


def own_surfaces(shapes: OwnShapes, crs: str) -> gpd.GeoDataFrame:
    """Return road surfaces: what lies where, by kind."""
    return layer_frame(
        "surfaces",
        [
            {"surface": key, "kind": kind or "surface", "geometry": shape}
            for key, kind, shape in zip(
                shapes.keys("surface", "surface-"),
                shapes.column("kind"),
                shapes.geometries,
                strict=True,
            )
        ],
        crs,
    )


def own_buildings(shapes: OwnShapes, crs: str, assume: Assumptions) -> gpd.GeoDataFrame:
    """Return buildings; height, floors and dwellings are assumed where the file has none."""
    rows: list[dict[str, Any]] = []
    columns = ("building", "name", "use", "height_m", "floors", "dwellings")
    values = [shapes.column(name) for name in columns]
    keys = shapes.keys("building", "building-")
    for key, shape, row in zip(keys, shapes.geometries, zip(*values, strict=True), strict=True):
        _, name, use, height_m, floors, dwellings = row
        use = use or "mixed"
        known_floors = not is_missing(floors)
        if not known_floors:
            floors = (
                assume.floors.get(use, 2)
                if is_missing(height_m)
                else max(round(height_m / assume.floor_height_m), 1)
            )
        likely = shape.area * floors * assume.dwelling_share.get(use, 0) / assume.dwelling_floor_m2
        rows.append(
            {
                "building": key,
                "name": name,
                "use": use,
                "floors": int(floors),
                "height_m": floors * assume.floor_height_m if is_missing(height_m) else height_m,
                "dwellings": round(likely) if is_missing(dwellings) else int(dwellings),
                "segment": "",
                "along_m": 0.0,
                "is_assumed": is_missing(dwellings) or (is_missing(height_m) and not known_floors),
                "geometry": shape,
            }
        )
    return layer_frame("buildings", rows, crs)


def own_bays(shapes: OwnShapes, network: Network, assume: Assumptions) -> gpd.GeoDataFrame:
    """Return the bays of a file as lines beside the street they lie on."""
    capacity, price = shapes.column("capacity"), shapes.column("price_eur_h")
    kind, source_kind = shapes.column("kind"), shapes.source("kind")
    rows: list[dict[str, Any]] = [
        {
            "bay": key,
            "side": "right",
            "capacity": _likely_bays(shape, assume) if is_missing(counted) else int(counted),
            "kind": kind[index] or "public",
            "source_kind": source_kind[index],
            "price_eur_h": price[index],
            "segment": "",
            "along_m": 0.0,
            "is_assumed": is_missing(counted),
            "geometry": shape,
        }
        for index, (key, shape, counted) in enumerate(
            zip(shapes.keys("bay", "bay-"), shapes.geometries, capacity, strict=True)
        )
    ]
    return bays_beside_streets(layer_frame("bays", rows, str(network.segments.crs)), network)


def bays_beside_streets(bays: gpd.GeoDataFrame, network: Network) -> gpd.GeoDataFrame:
    """Turn bays of any shape into lines beside their street: where they are, parallel to it."""
    lines = geometries(network.segments)
    shapes = geometries(bays)
    segment, along_m = attach(shapes, lines, where_cars(network))
    keys = texts(network.segments, "segment")
    beside = [
        _beside(shape, line, at_m)
        for shape, line, at_m in zip(shapes, lines[segment], along_m.tolist(), strict=True)
    ]
    bays = bays.set_geometry([line for line, _ in beside], crs=bays.crs)
    bays["side"] = [side for _, side in beside]
    bays["segment"] = [keys[near] for near in segment.tolist()]
    bays["along_m"] = along_m
    return bays


def _likely_bays(shape: BaseGeometry, assume: Assumptions) -> int:
    count = shape.area / assume.bay_area_m2 or shape.length / assume.bay_parallel_m
    return max(round(count), 1)


def _beside(
    shape: BaseGeometry, line: shapely.LineString, at_m: float
) -> tuple[shapely.LineString, str]:
    """Return the line through a bay's middle along its street, as long as the bay, and its side."""
    before = np.array(line.interpolate(max(at_m - _HEADING_M, 0)).coords[0])
    after = np.array(line.interpolate(min(at_m + _HEADING_M, line.length)).coords[0])
    ahead = (after - before) / np.hypot(*(after - before))
    foot = np.array(line.interpolate(at_m).coords[0])
    middle = coordinates(middles_of(array_of([shape])))[0]
    reach = (coordinates(shape) - middle) @ ahead
    if np.ptp(reach) < _SHORTEST_BAY_M:  # a point, or a line across the street
        reach = np.array([-_POINT_BAY_M / 2, _POINT_BAY_M / 2])
    away = middle - foot
    side = "left" if ahead[0] * away[1] - ahead[1] * away[0] > 0 else "right"
    return shapely.LineString([middle + reach.min() * ahead, middle + reach.max() * ahead]), side
