"""Vectorised geometry with types: shapely's own leave these functions partly unknown."""

from collections.abc import Sequence
from typing import Any, cast

import numpy as np
import pyproj
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

Geometries = NDArray[np.object_]
Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Flags = NDArray[np.bool_]

_shapely = cast("Any", shapely)


def array_of(items: Sequence[BaseGeometry]) -> Geometries:
    """Return geometries as an array that the functions here take."""
    result = np.empty(len(items), object)
    result[:] = list(items)
    return result


def lengths_m(shapes: Geometries) -> Floats:
    """Return the length of each shape."""
    return _shapely.length(shapes)


def areas_m2(shapes: Geometries) -> Floats:
    """Return the area of each shape."""
    return _shapely.area(shapes)


def distances_m(shapes: Geometries, others: Geometries | BaseGeometry) -> Floats:
    """Return how far each shape is from its other one, or from the one other."""
    return _shapely.distance(shapes, others)


def points_at(lines: Geometries | BaseGeometry, along_m: Floats | float) -> Geometries:
    """Return the points at distances along lines, or along one line."""
    return _shapely.line_interpolate_point(lines, along_m)


def halfway(lines: Geometries) -> Geometries:
    """Return the point in the middle of each line."""
    return _shapely.line_interpolate_point(lines, 0.5, normalized=True)


def locate(lines: Geometries | BaseGeometry, points: Geometries) -> Floats:
    """Return how far along its line (or the one line) the place nearest to each point is."""
    return _shapely.line_locate_point(lines, points)


def points_of(xy: Floats) -> Geometries:
    """Return points of their x and y."""
    return _shapely.points(xy)


def ends_of(lines: Geometries, end: int) -> Geometries:
    """Return the first (0) or the last (-1) point of each line."""
    return _shapely.get_point(lines, end)


def end_of(line: BaseGeometry, end: int) -> shapely.Point:
    """Return the first (0) or the last (-1) point of a line."""
    return _shapely.get_point(line, end)


def coordinates(shapes: Geometries | BaseGeometry) -> Floats:
    """Return the x and y of all vertices, one row each."""
    return _shapely.get_coordinates(shapes)


def coordinates_and_owners(shapes: Geometries) -> tuple[Floats, Integers]:
    """Return the x and y of all vertices, and the position of the shape that each belongs to."""
    return _shapely.get_coordinates(shapes, return_index=True)


def parts_of(shape: BaseGeometry) -> list[BaseGeometry]:
    """Return the simple parts of a shape."""
    return list(_shapely.get_parts(shape))


def parts_and_owners(shapes: Geometries) -> tuple[Geometries, Integers]:
    """Return the simple parts of all shapes, and the position of the shape each belongs to."""
    return _shapely.get_parts(shapes, return_index=True)


def is_type(shapes: Geometries, *types: str) -> Flags:
    """Tell which shapes are of one of the ``types``, such as LineString."""
    return np.isin(np.array([shape.geom_type for shape in shapes], str), types)


def middles_of(things: Geometries) -> Geometries:
    """Return a point on each thing: halfway a line, well within an area."""
    result: Geometries = _shapely.point_on_surface(things)
    is_line = is_type(things, "LineString")
    result[is_line] = halfway(things[is_line])
    return result


def covered_by(area: BaseGeometry, shapes: Geometries) -> Flags:
    """Tell which shapes lie within an area, its edge included."""
    return _shapely.covers(area, shapes)


def meets(area: BaseGeometry, shapes: Geometries) -> Flags:
    """Tell which shapes have a point in common with an area."""
    return _shapely.intersects(area, shapes)


def is_near(shapes: Geometries, other: BaseGeometry, distance_m: float) -> Flags:
    """Tell which shapes come within a distance of another one."""
    return _shapely.dwithin(shapes, other, distance_m)


def is_valid(shapes: Geometries) -> Flags:
    """Tell which shapes are valid: no area that crosses itself, say."""
    return _shapely.is_valid(shapes)


def cut_out(shapes: Geometries, area: BaseGeometry) -> Geometries:
    """Return the part of each shape within an area."""
    return _shapely.intersection(shapes, area)


def union(shapes: Geometries) -> BaseGeometry:
    """Return all shapes as one."""
    return _shapely.union_all(shapes)


def widened(shapes: Geometries, by_m: float) -> Geometries:
    """Return shapes that are wider on all sides, with sharp corners."""
    return _shapely.buffer(shapes, by_m, join_style="mitre")


def flat(shapes: Geometries) -> Geometries:
    """Return shapes without heights."""
    return _shapely.force_2d(shapes)


def bounds_of(shapes: Geometries) -> tuple[float, float, float, float]:
    """Return the least x and y and the largest x and y of all shapes."""
    west, south, east, north = _shapely.total_bounds(shapes)
    return float(west), float(south), float(east), float(north)


def lines_between(starts: Floats, ends: Floats) -> Geometries:
    """Return the straight lines between points given as x and y."""
    return _shapely.linestrings(np.stack([starts, ends], axis=1))


def project(shapes: Geometries, transformer: pyproj.Transformer) -> Geometries:
    """Return geometries in another CRS."""

    def move(points: Floats) -> Floats:
        x, y = transformer.transform(points[:, 0], points[:, 1])
        return np.column_stack([x, y])

    return _shapely.transform(shapes, move)


def pairs_within(
    shapes: Geometries, others: Geometries, distance_m: float
) -> tuple[Integers, Integers]:
    """Return the positions of all pairs of a shape and another one that come so near."""
    return _shapely.STRtree(others).query(shapes, predicate="dwithin", distance=distance_m)


def pairs_meeting(shapes: Geometries, others: Geometries) -> tuple[Integers, Integers]:
    """Return the positions of all pairs of a shape and another one that meet."""
    return _shapely.STRtree(others).query(shapes, predicate="intersects")


def pairs_nearest(shapes: Geometries, others: Geometries) -> tuple[Integers, Integers]:
    """Return, for each shape, the positions of it and the nearest others, of which may be several."""
    return _shapely.STRtree(others).query_nearest(shapes, all_matches=True)
