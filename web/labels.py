"""Street names on the map: one a street, along its longest stretch, and never over each other."""

from collections import defaultdict
from dataclasses import dataclass
from math import atan2, cos, degrees, radians
from typing import cast

import numpy as np
from shapely import LineString, Polygon, STRtree

from web.geography import Geography
from web.shapes import merged, pieces

ZOOMS = tuple(np.arange(13.0, 19.01, 0.5).tolist())
"""The zoom levels at which a label may begin to show."""

CHARACTER_PX = 7.0
LINE_PX = 20.0
"""Room for a label at the size it is drawn, in pixels."""

MAIN_STREET_M = 6.0
"""Streets at least this wide get their label before narrower ones."""

EQUATOR_M_PER_PX = 156_543.03392
"""Metres a pixel at zoom 0 on the equator, tiles of 256 pixels; deck.gl's are 512."""


@dataclass(frozen=True, slots=True)
class Label:
    """A street's name, where it stands, how it is turned, and the zoom from which it shows."""

    name: str
    lon: float
    lat: float
    angle: float
    zoom: float


def street_labels(geography: Geography) -> list[Label]:
    """Place one label for every street name; main and long streets first."""
    placed: list[Label] = []
    taken: dict[float, list[Polygon]] = {zoom: [] for zoom in ZOOMS}
    for name, line in _lines(geography):
        middle = line.interpolate(0.5, normalized=True)
        before = line.interpolate(0.4, normalized=True)
        after = line.interpolate(0.6, normalized=True)
        angle = _upright(degrees(atan2(before.y - after.y, after.x - before.x)))
        zoom = _first_zoom(geography, taken, name, (middle.x, middle.y), angle, line.length)
        if zoom is not None:
            lon, lat = geography.degrees(middle.x, middle.y)
            placed.append(Label(name, lon, lat, angle, zoom))
    return placed


def metres_per_px(latitude: float, zoom: float) -> float:
    """Return metres a screen pixel at one of deck.gl's zoom levels (512-pixel tiles)."""
    return EQUATOR_M_PER_PX * cos(radians(latitude)) / 2 ** (zoom + 1)


def _lines(geography: Geography) -> list[tuple[str, LineString]]:
    """Return each named street's longest line in metres, the most important street first."""
    streets = geography.all_metres(geography.layers.streets)
    by_name: dict[str, list[LineString]] = defaultdict(list)
    width: dict[str, float] = defaultdict(float)
    for name, line, w in zip(
        geography.layers.names, streets, geography.layers.widths_m, strict=True
    ):
        if name:
            by_name[name].append(line)
            width[name] = max(width[name], w)
    found: list[tuple[bool, float, str, LineString]] = []
    for name, lines in by_name.items():
        joined = merged(lines)
        longest = max(pieces(joined), key=lambda piece: piece.length)
        found.append(
            (width[name] >= MAIN_STREET_M, joined.length, name, cast("LineString", longest))
        )
    found.sort(key=lambda item: (not item[0], -item[1], item[2]))
    return [(name, line) for _, _, name, line in found]


def _first_zoom(
    geography: Geography,
    taken: dict[float, list[Polygon]],
    name: str,
    middle: tuple[float, float],
    angle: float,
    length_m: float,
) -> float | None:
    """Return the lowest zoom from which the label fits at every zoom, and take its room there."""
    first: float | None = None
    boxes: dict[float, Polygon] = {}
    for zoom in reversed(ZOOMS):
        m_per_px = metres_per_px(geography.place.centre[1], zoom)
        wide = CHARACTER_PX * len(name) * m_per_px
        box = _box(middle, wide, LINE_PX * m_per_px, angle)
        if wide > 1.6 * length_m or _hits(taken[zoom], box):
            break
        first, boxes[zoom] = zoom, box
    for zoom, box in boxes.items():
        taken[zoom].append(box)
    return first


def _hits(others: list[Polygon], box: Polygon) -> bool:
    return bool(others) and bool(len(STRtree(others).query(box, predicate="intersects")))


def _box(middle: tuple[float, float], wide: float, high: float, angle: float) -> Polygon:
    turn = radians(-angle)
    along = np.array([np.cos(turn), np.sin(turn)]) * wide / 2
    across = np.array([-np.sin(turn), np.cos(turn)]) * high / 2
    corners = [a * along + b * across for a, b in ((1, 1), (1, -1), (-1, -1), (-1, 1))]
    return Polygon(np.array(middle) + corners)


def _upright(angle: float) -> float:
    """Turn an angle so that the text reads from left to right."""
    return round((angle + 90) % 180 - 90, 1)
