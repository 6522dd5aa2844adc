"""The sea: OpenStreetMap draws its shore as lines with the water on the right-hand side."""

from collections.abc import Sequence

import shapely
from shapely import Polygon
from shapely.ops import polygonize

from twin.place.osm import OsmObject
from twin.place.shapes import array_of, coordinates, parts_of, union

_BESIDE_M = 0.5
_GAP_M = 60.0


def sea(objects: Sequence[OsmObject], boundary: Polygon) -> list[Polygon]:
    """Return the parts of a place that are sea, by the coastlines that cross it."""
    shores = [
        each.geometry.intersection(boundary)
        for each in objects
        if each.tags.get("natural") == "coastline" and each.geometry.geom_type == "LineString"
    ]
    lines = [
        line
        for shore in shores
        for line in parts_of(shore)
        if isinstance(line, shapely.LineString) and line.length > _BESIDE_M
    ]
    if not lines:
        return []
    edge = union(array_of([boundary.exterior, *(_to_edge(line, boundary) for line in lines)]))
    faces = list(polygonize(edge))
    wet = [_right_of(line) for line in lines]
    dry = [_left_of(line) for line in lines]
    return [face for face in faces if sum(map(face.contains, wet)) > sum(map(face.contains, dry))]


def _to_edge(line: shapely.LineString, boundary: Polygon) -> shapely.LineString:
    """Lengthen a coastline to the boundary where the extract was cut off just before it."""
    points = coordinates(line).tolist()
    for end, at in ((0, 0), (-1, len(points) + 1)):
        tip = shapely.Point(points[end])
        foot = boundary.exterior.interpolate(boundary.exterior.project(tip))
        if 0 < tip.distance(foot) <= _GAP_M:
            # A little further, so that the two surely cross.
            x, y = foot.x, foot.y
            points.insert(at, [x + (x - tip.x) * 0.01, y + (y - tip.y) * 0.01])
    return shapely.LineString(points)


def _right_of(line: shapely.LineString) -> shapely.Point:
    return _beside(line, -_BESIDE_M)


def _left_of(line: shapely.LineString) -> shapely.Point:
    return _beside(line, _BESIDE_M)


def _beside(line: shapely.LineString, offset_m: float) -> shapely.Point:
    middle = line.length / 2
    before = line.interpolate(middle - _BESIDE_M / 2)
    after = line.interpolate(middle + _BESIDE_M / 2)
    ahead_x, ahead_y = after.x - before.x, after.y - before.y
    length = (ahead_x**2 + ahead_y**2) ** 0.5
    return shapely.Point(
        (before.x + after.x) / 2 - ahead_y / length * offset_m,
        (before.y + after.y) / 2 + ahead_x / length * offset_m,
    )
