"""Maps of the report as SVG: streets coloured by how a figure changes, without script.

Coordinates are half metres from the north-west corner, as whole numbers, so that paths stay short.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import floor, log10
from typing import Any

import numpy as np
import shapely
from markupsafe import Markup
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from scenarios.report.streets import StreetChange
from twin.city import City
from twin.place.frames import geometries

Floats = NDArray[np.float64]

UNITS_PER_M = 2
DETAIL_M = 1.0
EDGE_M = 20.0
AROUND_M = 12.0
STEPS = 3
"""Steps of a change either way: more than the figures can tell apart would be false precision."""

_SMALLEST = 0.1
_ROUND = (1, 2, 5)


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the legend: a style and the sizes of the changes in it; no end for the last."""

    style: str
    is_less: bool
    low: float
    high: float | None


@dataclass(frozen=True, slots=True)
class ChangeMap:
    """The streets that change clearly, as a drawing and the steps that occur in it."""

    body: Markup
    steps: tuple[Step, ...]


@dataclass(frozen=True)
class Sheet:
    """The paper on which a place is drawn."""

    city: City

    @property
    def view(self) -> str:
        """Left, top, width and height in the drawing's units, as SVG has them."""
        return " ".join(map(str, self._view))

    @property
    def _view(self) -> tuple[int, int, int, int]:
        west, south, east, north = self.city.boundary.bounds
        edge = round(EDGE_M * UNITS_PER_M)
        wide, high = round((east - west) * UNITS_PER_M), round((north - south) * UNITS_PER_M)
        return -edge, -edge, wide + 2 * edge, high + 2 * edge

    def ground(self) -> Markup:
        """Draw what lies under the figures: land, green, water, buildings, streets."""
        city = self.city
        body = f'<path class="land" d="{self.path([city.boundary])}"/>'
        for layer in ("green", "water", "buildings"):
            body += f'<path class="{layer}" d="{self.path(self._cut(geometries(city.layers[layer])))}"/>'
        body += f'<path class="street" d="{self.path(geometries(city.segments))}"/>'
        return Markup(body)  # noqa: S704 numbers only

    def outline(self, area: BaseGeometry) -> Markup:
        """Draw around where a plan changes something."""
        around = shapely.simplify(area.buffer(AROUND_M), DETAIL_M)
        return Markup(f'<path class="plan" d="{self.path(self._cut([around]))}"/>')  # noqa: S704

    def changes(
        self, low: Floats, middle: Floats, high: Floats, edges: Sequence[float] | None = None
    ) -> ChangeMap:
        """Draw the segments that change clearly; ``edges`` are where each step begins."""
        size = np.abs(middle) * ((low > 0) | (high < 0))
        edges = limits(size) if edges is None else edges
        lines = geometries(self.city.segments)
        body, steps = "", list[Step]()
        for is_less in (True, False):
            for number in range(len(edges)):
                end = edges[number + 1] if number + 1 < len(edges) else np.inf
                chosen = (size >= edges[number]) & (size < end) & ((middle < 0) == is_less)
                if chosen.any():
                    style = f"{'less' if is_less else 'more'}{number + 1}"
                    body += f'<path class="change {style}" d="{self.path(lines[chosen])}"/>'
                    last = None if np.isinf(end) else float(end)
                    steps.append(Step(style, is_less, float(edges[number]), last))
        return ChangeMap(Markup(body), tuple(steps))  # noqa: S704 numbers only

    def numbers(self, streets: Sequence[StreetChange]) -> Markup:
        """Draw the numbers of streets, as their table has them."""
        wide = self._view[2]
        radius = max(12, wide // 42)
        body = ""
        for number, street in enumerate(streets, start=1):
            x, y = self._units(np.array([[street.middle.x, street.middle.y]]))[0].tolist()
            body += (
                f'<circle class="mark" cx="{x}" cy="{y}" r="{radius}"/>'
                f'<text class="mark-text" x="{x}" y="{y}" dy=".36em" font-size="{round(radius * 1.3)}">'
                f"{number}</text>"
            )
        return Markup(body)  # noqa: S704 numbers only

    def path(self, shapes: Iterable[BaseGeometry]) -> str:
        """Return shapes as path data."""
        drawn: list[str] = []
        for shape in shapes:
            thin: Any = shapely.simplify(shape, DETAIL_M)
            for part in shapely.get_parts(thin):
                if part.geom_type == "Polygon":
                    drawn += [self._run(ring, "z") for ring in (part.exterior, *part.interiors)]
                elif part.geom_type == "LineString":
                    drawn.append(self._run(part, ""))
        return "".join(drawn)

    def _cut(self, shapes: Iterable[BaseGeometry]) -> list[BaseGeometry]:
        inside = [shapely.intersection(shape, self.city.boundary) for shape in shapes]
        return [shape for shape in inside if not shape.is_empty]

    def _units(self, points: Floats) -> NDArray[np.int64]:
        west, _, _, north = self.city.boundary.bounds
        return np.rint((points - [west, north]) * [UNITS_PER_M, -UNITS_PER_M]).astype(np.int64)

    def _run(self, line: Any, end: str) -> str:
        points = self._units(shapely.get_coordinates(line))
        steps = np.diff(points, axis=0)
        steps = steps[(steps != 0).any(axis=1)]
        steps = steps[:-1] if end else steps
        if not len(steps):
            return ""
        moves = " ".join(f"{x}" + (f"{y}" if y < 0 else f" {y}") for x, y in steps.tolist())
        return f"M{points[0][0]} {points[0][1]}l{moves}{end}"


def limits(sizes: Floats) -> list[float]:
    """Return where each step begins: round numbers, about a tenth and a third of a large change.

    >>> limits(np.array([0.0, 4.0, 130.0, 180.0]))
    [10.0, 50.0, 100.0]
    """
    changed = sizes[sizes > _SMALLEST]
    if not len(changed):
        return []
    top = float(np.percentile(changed, 95)) * 0.6
    return [max(_below(top / part), _SMALLEST) for part in (10.0, 2.0, 1.0)]


def _below(value: float) -> float:
    tens = 10.0 ** floor(log10(value))
    return max(one * tens for one in _ROUND if one * tens <= value * (1 + 1e-9))
