"""Cells: the fixed units of publication, hexagons merged until they are big enough."""

from collections.abc import Mapping, Sequence

import geopandas as gpd
import h3
import numpy as np
import shapely
from shapely import Polygon
from shapely.geometry.base import BaseGeometry

from twin.city import City
from twin.domains.domain import CellRule
from twin.place.attach import middles_of
from twin.place.edges import project
from twin.place.frames import array_of, geometries, layer_frame, numbers, texts
from twin.place.merging import merge

RESOLUTION = 10
"""H3 resolution of the hexagons: about 15,000 m² each."""

_NAMES = 2


def build_cells(city: City, domain_name: str, rule: CellRule, version: int = 1) -> gpd.GeoDataFrame:
    """Return the cells of a domain: together they cover the place and none overlap.

    Hexagons merge with their neighbours until each cell weighs ``rule.at_least``. The result
    depends only on the place and the rule.
    """
    shapes = _hexagons(city)
    weights = _weights(city, rule, list(shapes))
    places = {name: (shape.centroid.x, shape.centroid.y) for name, shape in shapes.items()}
    groups = merge(weights, _neighbours(shapes), places, rule.at_least)
    areas = [_clipped([shapes[each] for each in group], city.boundary) for group in groups]
    names = _names(city, areas)
    rows = [
        {
            "cell": f"{domain_name}-{version}-{group[0]}",
            "domain": domain_name,
            "version": version,
            "hexes": group,
            "weight": sum(weights[each] for each in group),
            "name": name,
            "geometry": area,
        }
        for group, area, name in zip(groups, areas, names, strict=True)
    ]
    return layer_frame("cells", rows, city.crs)


def _hexagons(city: City) -> dict[str, Polygon]:
    """Return the hexagons that touch the place, as shapes in the city's CRS, sorted by name."""
    degrees = project(array_of([city.boundary]), city.to_degrees)[0]
    outline = h3.LatLngPoly(
        [(lat, lon) for lon, lat in degrees.exterior.coords],
        *([(lat, lon) for lon, lat in ring.coords] for ring in degrees.interiors),
    )
    names = sorted(h3.h3shape_to_cells_experimental(outline, RESOLUTION, contain="overlap"))
    shapes = array_of(
        [shapely.Polygon([(lon, lat) for lat, lon in h3.cell_to_boundary(name)]) for name in names]
    )
    inside = project(shapes, city.to_metres)
    return {
        name: shape
        for name, shape in zip(names, inside, strict=True)
        if shapely.intersection(shape, city.boundary).area > 0
    }


def hexes_of(city: City, points: Sequence[shapely.Point]) -> list[str]:
    """Return the name of the hexagon in which each point lies."""
    degrees = project(array_of(points), city.to_degrees)
    return [h3.latlng_to_cell(point.y, point.x, RESOLUTION) for point in degrees]


def _weights(city: City, rule: CellRule, names: list[str]) -> dict[str, int]:
    weights = dict.fromkeys(names, 0)
    if rule.layer is None:
        return weights
    layer = city.layers[rule.layer]
    amounts = (
        numbers(layer, "capacity").astype(int).tolist()
        if "capacity" in layer.columns
        else [1] * len(layer)
    )
    middles = list(middles_of(geometries(layer)))
    for name, amount in zip(hexes_of(city, middles), amounts, strict=True):
        if name in weights:
            weights[name] += amount
    return weights


def _neighbours(shapes: Mapping[str, Polygon]) -> dict[str, list[str]]:
    return {
        name: sorted(near for near in h3.grid_disk(name, 1) if near != name and near in shapes)
        for name in shapes
    }


def _clipped(shapes: Sequence[Polygon], boundary: Polygon) -> BaseGeometry:
    # Hexagons are joined a hair wider than they are, so that rounding leaves no slits.
    joined = shapely.union_all(shapely.buffer(array_of(shapes), 0.01, join_style="mitre"))
    return shapely.intersection(shapely.buffer(joined, -0.01, join_style="mitre"), boundary)


def _names(city: City, areas: Sequence[BaseGeometry]) -> list[str | None]:
    """Name each cell after the streets that are longest in it, or after the nearest one."""
    segments = city.layers["segments"]
    streets, lines = texts(segments, "name"), geometries(segments)
    named = np.array([name is not None for name in streets], bool)
    tree = shapely.STRtree(lines)
    cars = numbers(segments, "car_forward") + numbers(segments, "car_backward") > 0
    found: list[list[str]] = []
    for area in areas:
        near = tree.query(area, predicate="intersects")
        near = near[named[near]]
        inside_m = shapely.length(shapely.intersection(lines[near], area)) * (1 + cars[near])
        length_m: dict[str, float] = {}
        for index, metres in zip(near.tolist(), inside_m.tolist(), strict=True):
            street = str(streets[index])
            length_m[street] = length_m.get(street, 0.0) + metres
        if not length_m and named.any():
            nearest = shapely.distance(lines[named], area.centroid).argmin()
            length_m[str(streets[np.flatnonzero(named)[nearest]])] = 0.0
        found.append(sorted(length_m, key=lambda street: (-length_m[street], street)))
    return _told_apart(found)


def _told_apart(found: Sequence[Sequence[str]]) -> list[str | None]:
    """Return one name per list of streets; a name already taken takes in a further street."""
    taken: set[str] = set()
    names: list[str | None] = []
    for streets in found:
        if not streets:
            names.append(None)
            continue
        choices = [" / ".join(streets[:_NAMES])]
        choices += [f"{streets[0]} / {other}" for other in streets[_NAMES:]]
        choices += [f"{choices[0]} ({number})" for number in range(2, len(found) + 2)]
        name = next(choice for choice in choices if choice not in taken)
        taken.add(name)
        names.append(name)
    return names
