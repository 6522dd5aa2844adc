"""Typed ways into shapely: its own types leave some of what it returns unknown."""

from collections.abc import Callable, Sequence
from typing import Any, cast

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

Shapes = NDArray[np.object_]
Coordinates = NDArray[np.float64]

_shapely = cast("Any", shapely)


def shapes(items: list[BaseGeometry]) -> Shapes:
    """Return geometries as an array, which shapely works on at once."""
    array = np.empty(len(items), object)
    array[:] = items
    return array


def coordinates(shape: BaseGeometry) -> Coordinates:
    """Return the coordinates of a geometry, one row a point."""
    return _shapely.get_coordinates(shape)


def moved(shape: BaseGeometry, change: Callable[[Coordinates], Coordinates]) -> BaseGeometry:
    """Return a geometry with changed coordinates."""
    return _shapely.transform(shape, change)


def all_moved(items: Shapes, change: Callable[[Coordinates], Coordinates]) -> Shapes:
    """Return geometries with changed coordinates."""
    return _shapely.transform(items, change)


def distances(items: Shapes, to: BaseGeometry) -> NDArray[np.float64]:
    """Return how far each geometry is from another."""
    return _shapely.distance(items, to)


def inside(items: Shapes) -> Shapes:
    """Return a point on each geometry."""
    return _shapely.point_on_surface(items)


def rounded(shape: BaseGeometry, step: float) -> BaseGeometry:
    """Return a geometry with coordinates that are multiples of ``step``."""
    return _shapely.set_precision(shape, step, mode="pointwise")


def polygons(shape: BaseGeometry) -> list[Polygon]:
    """Return the polygons of an area."""
    if isinstance(shape, Polygon):
        return [shape]
    return list(shape.geoms) if isinstance(shape, MultiPolygon) else []


def merged(lines: Sequence[BaseGeometry]) -> BaseGeometry:
    """Return lines joined where they meet."""
    return _shapely.line_merge(_shapely.union_all(lines))


def pieces(shape: BaseGeometry) -> list[BaseGeometry]:
    """Return the parts of a geometry, itself where it has none."""
    return list(cast("Any", shape).geoms) if hasattr(shape, "geoms") else [shape]
