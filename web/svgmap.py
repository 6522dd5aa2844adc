"""The map as SVG: the picture before the bundle loads, without script, without WebGL and in print.

Coordinates are decimetres from the north-west corner, as whole numbers, so that paths stay short.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from shapely import LineString, MultiLineString, Point
from shapely.geometry.base import BaseGeometry

from web.colours import BASES, Base
from web.geography import PATH_WIDTH_M, Geography, Unit
from web.labels import Label
from web.shapes import Shapes, coordinates, pieces, polygons, shapes

UNITS_PER_M = 10
HATCH_M = 14.0
"""Distance between the lines that hatch a place that was not measured."""


@dataclass(frozen=True, slots=True)
class Frame:
    """Width and height of the picture in its own units."""

    width: int
    height: int


def frame(geography: Geography) -> Frame:
    """Return the size of the map of a place."""
    _, south, east, _ = geography.place.bbox
    width, height = _units(geography, Point(east, south))[0].tolist()
    return Frame(width, height)


def ground_svg(geography: Geography) -> str:
    """Draw what lies under the figures: land, water, green."""
    layers = geography.layers
    size = frame(geography)
    body = (
        f'<path class="land" d="{areas(geography, shapes([geography.boundary]))}"/>'
        f'<path class="green" d="{areas(geography, layers.green)}"/>'
    )
    return _svg(size, body, ("land", "green"))


def top_svg(geography: Geography) -> str:
    """Draw what lies over the figures: streets and buildings, see-through."""
    layers = geography.layers
    widths = np.array(layers.widths_m)
    size = frame(geography)
    body = f'<path class="water" d="{areas(geography, layers.water)}"/>'
    body += "".join(
        f'<path class="{"path" if width <= PATH_WIDTH_M else "street"}" stroke-width="'
        f'{round(width * UNITS_PER_M)}" d="{lines(geography, layers.streets[widths == width])}"/>'
        for width in sorted(set(layers.widths_m))
    )
    body += f'<path class="building" d="{areas(geography, layers.buildings)}"/>'
    return _svg(size, body, ("water", "street", "path", "building"))


def unit_path(geography: Geography, unit: Unit) -> str:
    """Return the outline of a unit as path data."""
    return areas(geography, shapes([unit.shape]))


def unit_middle(geography: Geography, unit: Unit) -> tuple[int, int]:
    """Return a point inside a unit."""
    lon, lat = unit.middle
    x, y = _units(geography, Point(lon, lat))[0]
    return int(x), int(y)


def label_position(geography: Geography, label: Label) -> tuple[int, int]:
    """Return where a label stands."""
    x, y = _units(geography, Point(label.lon, label.lat))[0]
    return int(x), int(y)


def hatch(geography: Geography, unit: Unit) -> list[list[list[float]]]:
    """Return the lines that hatch a unit, in degrees: deck.gl has no patterns of its own here."""
    area = geography.metres(unit.shape)
    left, top, right, bottom = area.bounds
    high = bottom - top
    starts = np.arange(np.floor((left - high) / HATCH_M) * HATCH_M, right, HATCH_M)
    cut = area.intersection(
        MultiLineString([LineString([(x, bottom), (x + high, top)]) for x in starts])
    )
    return [
        [[round(v, 6) for v in geography.degrees(x, y)] for x, y in coordinates(piece)]
        for piece in pieces(cut)
        if isinstance(piece, LineString) and piece.length
    ]


def areas(geography: Geography, items: Shapes) -> str:
    """Return path data for areas."""
    return "".join(
        _ring(_units(geography, ring), "z")
        for shape in items
        for part in polygons(shape)
        for ring in (part.exterior, *part.interiors)
    )


def lines(geography: Geography, items: Shapes) -> str:
    """Return path data for lines."""
    return "".join(_ring(_units(geography, line), "") for line in items)


def _units(geography: Geography, shape: BaseGeometry) -> NDArray[np.int64]:
    metres = coordinates(geography.metres(shape))
    return np.rint(metres * UNITS_PER_M).astype(np.int64)


def _ring(points: NDArray[np.int64], end: str) -> str:
    steps = np.diff(points, axis=0)
    moved = steps[(steps != 0).any(axis=1)]
    if not len(moved):
        return ""
    if end:
        moved = moved[:-1]
    run = "".join(f"{x}" + (f"{y}" if y < 0 else f" {y}") + " " for x, y in moved.tolist())
    return f"M{points[0][0]} {points[0][1]}l{run.rstrip()}{end}"


def _svg(size: Frame, body: str, classes: tuple[str, ...]) -> str:
    light, dark = (_rules(BASES[scheme], classes) for scheme in ("light", "dark"))
    style = f"<style>{light}@media(prefers-color-scheme:dark){{{dark}}}</style>"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size.width} {size.height}" '
        f'width="{size.width}" height="{size.height}">{style}{body}</svg>'
    )


def _rules(base: Base, classes: tuple[str, ...]) -> str:
    rules = {
        "land": f".land{{fill:{base.land}}}",
        "green": f".green{{fill:{base.green}}}",
        "water": f".water{{fill:{base.water};fill-opacity:.92}}",
        "street": f".street{{fill:none;stroke:{base.street};stroke-opacity:.8;{_ROUND}}}",
        "path": f".path{{fill:none;stroke:{base.path};stroke-opacity:.45;{_ROUND}}}",
        "building": (
            f".building{{fill:{base.building};fill-opacity:.38;"
            f"stroke:{base.building_edge};stroke-width:6}}"
        ),
    }
    return "".join(rules[name] for name in classes)


_ROUND = "stroke-linecap:round;stroke-linejoin:round"
