"""Where a plan changes something, as the map draws it."""

from collections.abc import Iterator, Sequence
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from scenarios.measures import Measure
from twin.city import City
from twin.place.shapes import array_of, project

_EVERYWHERE = 0.4
"""A change that covers more than this part of the place is not drawn: it is everywhere."""

_TOLERANCE_M = 1.0


def plan_shapes(measures: Sequence[Measure], before: Sequence[City]) -> list[dict[str, Any]]:
    """Return the spots (``at``) and lines or outlines (``path``) of measures, in degrees.

    Each has the id of its measure, so that what stands at a spot can be moved.
    ``before`` has the city as it is before each measure.
    """
    found: list[dict[str, Any]] = []
    for measure, city in zip(measures, before, strict=False):
        shape = measure.footprint(city)
        if shape.is_empty or shape.area > _EVERYWHERE * city.boundary.area:
            continue
        simple = shapely.simplify(shape, _TOLERANCE_M)
        degrees: BaseGeometry = project(array_of([simple]), city.to_degrees)[0]
        found += [{**shape, "measure": measure.id} for shape in _drawn(degrees)]
    return found


def _drawn(shape: BaseGeometry) -> Iterator[dict[str, Any]]:
    for part in shapely.get_parts(shape).tolist():
        if part.geom_type == "Point":
            yield {"at": _rounded(part)[0]}
        elif part.geom_type == "Polygon":
            yield {"path": _rounded(part.exterior)}
        else:
            yield {"path": _rounded(part)}


def _rounded(shape: BaseGeometry) -> list[list[float]]:
    return shapely.get_coordinates(shape).round(6).tolist()
