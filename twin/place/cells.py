"""Cells: the fixed units of publication, hexagons merged until they are big enough."""

from collections.abc import Mapping, Sequence

import geopandas as gpd
import numpy as np
from shapely import Polygon
from shapely.geometry.base import BaseGeometry

from twin.city import City
from twin.domains.domain import CellRule
from twin.hexes import hexes_of, hexes_over, neighbours, outline
from twin.place.frames import geometries, layer_frame, numbers, stack, texts
from twin.place.merging import merge
from twin.place.shapes import (
    array_of,
    coordinates,
    cut_out,
    distances_m,
    lengths_m,
    middles_of,
    pairs_meeting,
    project,
    union,
    widened,
)

_NAMES = 2
_SLIT_M = 0.01


def add_cells(city: City, rules: Mapping[str, CellRule]) -> City:
    """Return the city with cells for the domains that have none yet; the others' stay as they are."""
    cells = city.layers["cells"]
    there = set(texts(cells, "domain"))
    new = [build_cells(city, name, rule) for name, rule in rules.items() if name not in there]
    return city.with_layers(cells=stack([cells, *new])) if new else city


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
    names = hexes_over(degrees)
    inside = project(array_of([outline(name) for name in names]), city.to_metres)
    return {
        name: shape
        for name, shape in zip(names, inside, strict=True)
        if shape.intersection(city.boundary).area > 0
    }


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
    middles = middles_of(geometries(layer))
    hexes = hexes_of(city, *coordinates(middles).T)
    for name, amount in zip(hexes, amounts, strict=True):
        if name in weights:
            weights[name] += amount
    return weights


def _neighbours(shapes: Mapping[str, Polygon]) -> dict[str, list[str]]:
    return {name: [near for near in neighbours(name) if near in shapes] for name in shapes}


def _clipped(shapes: Sequence[Polygon], boundary: Polygon) -> BaseGeometry:
    # Hexagons are joined a hair wider than they are, so that rounding leaves no slits.
    joined = union(widened(array_of(shapes), _SLIT_M))
    return joined.buffer(-_SLIT_M, join_style="mitre").intersection(boundary)


def _names(city: City, areas: Sequence[BaseGeometry]) -> list[str | None]:
    """Name each cell after the streets that are longest in it, or after the nearest one."""
    segments = city.layers["segments"]
    streets, lines = texts(segments, "name"), geometries(segments)
    named = np.array([name is not None for name in streets], bool)
    cars = numbers(segments, "car_forward") + numbers(segments, "car_backward") > 0
    found: list[list[str]] = []
    in_area, crossing = pairs_meeting(array_of(areas), lines)
    for number, area in enumerate(areas):
        near = crossing[(in_area == number) & named[crossing]]
        inside_m = lengths_m(cut_out(lines[near], area)) * (1 + cars[near])
        length_m: dict[str, float] = {}
        for index, metres in zip(near.tolist(), inside_m.tolist(), strict=True):
            street = str(streets[int(index)])
            length_m[street] = length_m.get(street, 0.0) + metres
        if not length_m and named.any():
            nearest = distances_m(lines[named], area.centroid).argmin()
            length_m[str(streets[int(np.flatnonzero(named)[nearest])])] = 0.0
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
