"""A place's geometry as the map needs it: in degrees, with shapes and points by unit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import cos, radians
from typing import Any

import numpy as np
import pyproj
from shapely import Point
from shapely.geometry.base import BaseGeometry

from twin.domains import Domain
from twin.layers import LAYER_BY_NAME
from twin.privacy.facts import LayerTable, PlaceFacts
from twin.privacy.public import PublicReader
from web.shapes import Coordinates, Shapes, all_moved, distances, inside, moved, shapes

METRES_PER_DEGREE = 111_320.0
"""Length of a degree of latitude, near enough to lay out a map of a neighbourhood."""

STREET_WIDTH_M = {
    "motorway": 14.0,
    "trunk": 13.0,
    "primary": 12.0,
    "secondary": 11.0,
    "tertiary": 9.0,
    "unclassified": 7.0,
    "residential": 7.0,
    "living_street": 6.5,
    "pedestrian": 7.0,
    "service": 4.0,
    "cycleway": 2.5,
}
"""Widths to draw, by OpenStreetMap's ``highway``; whatever is not named is a path."""

PATH_WIDTH_M = 1.8


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit of publication on the map: its name and its shape in degrees (area or point)."""

    unit: str
    name: str | None
    shape: BaseGeometry

    @property
    def middle(self) -> tuple[float, float]:
        """A longitude and latitude inside it."""
        point = self.shape.representative_point()
        return point.x, point.y


@dataclass(frozen=True, slots=True)
class Layers:
    """The geometries that are drawn, in degrees."""

    water: Shapes
    green: Shapes
    buildings: Shapes
    heights_m: Sequence[float]
    streets: Shapes
    keys: Sequence[str]
    widths_m: Sequence[float]
    names: Sequence[str | None]


@dataclass(frozen=True, slots=True)
class Geography:
    """All that the map of a place shows besides figures; ``version`` changes with the place."""

    place: PlaceFacts
    version: str
    boundary: BaseGeometry
    layers: Layers
    units: Mapping[str, Mapping[str, Unit]]
    """Units by domain, and the garages under ``garages``."""
    points: Mapping[str, Sequence[Unit]]
    """What a domain's devices stand on, by domain, where that is a point."""

    @property
    def metres_per_lon(self) -> float:
        """Metres in a degree of longitude here."""
        return METRES_PER_DEGREE * cos(radians(self.place.centre[1]))

    def metres(self, shape: BaseGeometry) -> BaseGeometry:
        """Return a geometry in metres east and south of the north-west corner."""
        return moved(shape, self._metres)

    def all_metres(self, items: Shapes) -> Shapes:
        """Return geometries in metres east and south of the north-west corner."""
        return all_moved(items, self._metres)

    def degrees(self, x_m: float, y_m: float) -> tuple[float, float]:
        """Return longitude and latitude of a position east and south of the north-west corner."""
        west, north = self.place.bbox[0], self.place.bbox[3]
        return west + x_m / self.metres_per_lon, north - y_m / METRES_PER_DEGREE

    def _metres(self, lonlat: Coordinates) -> Coordinates:
        west, north = self.place.bbox[0], self.place.bbox[3]
        return (lonlat - (west, north)) * (self.metres_per_lon, -METRES_PER_DEGREE)

    def units_of(self, domain: str, unit_layer: str) -> Mapping[str, Unit]:
        """Return the units that a quantity of a domain is published for."""
        return self.units.get("garages" if unit_layer == "garages" else domain, {})

    def unit_at(self, domain: str, lon: float, lat: float) -> str | None:
        """Return the unit of a domain in which a position lies, the nearest within 150 m else."""
        units = list(self.units.get(domain, {}).values())
        if not units:
            return None
        areas = self.all_metres(shapes([unit.shape for unit in units]))
        far = distances(areas, self.metres(Point(lon, lat)))
        nearest = int(np.argmin(far))
        return units[nearest].unit if far[nearest] <= NEAR_M else None


NEAR_M = 150.0
"""A position this far outside every unit is not said to be in one."""


def read_geography(reader: PublicReader, domains: Sequence[Domain]) -> Geography:
    """Read what the map needs from the public layers.

    Raises
    ------
    NotReadyError
        No place has been imported yet.
    """
    version = reader.layer_version()
    place = reader.place()
    degrees = _Degrees(reader, place)
    segments = degrees.table("segments")
    buildings = degrees.table("buildings")
    heights = _column(buildings, "height_m", 10.0)
    layers = Layers(
        water=degrees.table("water").geometry,
        green=degrees.table("green").geometry,
        buildings=buildings.geometry,
        heights_m=[float(h or 10.0) for h in heights],
        streets=segments.geometry,
        keys=[str(key) for key in _column(segments, "segment", "")],
        widths_m=[
            STREET_WIDTH_M.get(str(h), PATH_WIDTH_M) for h in _column(segments, "highway", "")
        ],
        names=_column(segments, "name", None),
    )
    points = {
        domain.name: [
            unit
            for layer in dict.fromkeys(sensor.layer for sensor in domain.sensors)
            if layer is not None and LAYER_BY_NAME[layer].shape == "point"
            for unit in degrees.points(layer)
        ]
        for domain in domains
    }
    return Geography(
        place, version, degrees.shape(place.boundary), layers, _units(degrees, domains), points
    )


class _Degrees:
    def __init__(self, reader: PublicReader, place: PlaceFacts) -> None:
        self._reader = reader
        self._place = place
        self._to_degrees = pyproj.Transformer.from_crs(place.crs, "EPSG:4326", always_xy=True)
        segments = self.table("segments")
        keys, names = _column(segments, "segment", ""), _column(segments, "name", None)
        self._streets: dict[str, str | None] = dict(zip(keys, names, strict=True))

    def table(self, layer: str) -> LayerTable:
        """Return a layer in degrees; an empty one where the place has none."""
        if layer not in self._place.layers:
            return LayerTable({}, np.empty(0, object))
        table = self._reader.layer(layer)
        geometry = all_moved(table.geometry, self._transform)
        return LayerTable(table.columns, geometry)

    def shape(self, shape: BaseGeometry) -> BaseGeometry:
        """Return one geometry in degrees."""
        return moved(shape, self._transform)

    def points(self, layer: str) -> list[Unit]:
        """Return a layer's rows as units at a point, called after their street where nameless."""
        table = self.table(layer)
        if not len(table):
            return []
        keys = next(iter(table.columns.values()))
        along = _column(table, "segment", "")
        names = [
            name or self._streets.get(str(segment))
            for name, segment in zip(_column(table, "name", None), along, strict=True)
        ]
        where = inside(table.geometry)
        return [Unit(str(k), n, g) for k, n, g in zip(keys, names, where, strict=True)]

    def _transform(self, xy: Coordinates) -> Coordinates:
        return np.column_stack(self._to_degrees.transform(xy[:, 0], xy[:, 1]))


def _units(degrees: _Degrees, domains: Sequence[Domain]) -> dict[str, dict[str, Unit]]:
    units: dict[str, dict[str, Unit]] = {domain.name: {} for domain in domains}
    cells = degrees.table("cells")
    for index, geometry in enumerate(cells.geometry):
        domain = str(cells.columns["domain"][index])
        unit = Unit(
            str(cells.columns["cell"][index]), _column(cells, "name", None)[index], geometry
        )
        units.setdefault(domain, {})[unit.unit] = unit
    units["garages"] = {unit.unit: unit for unit in degrees.points("garages")}
    return units


def _column(table: LayerTable, name: str, default: Any) -> list[Any]:
    return table.columns.get(name) or [default] * len(table)
