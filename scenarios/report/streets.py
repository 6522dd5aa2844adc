"""Streets in the report: which belong to the plan, and how each changes as a whole."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry
from shapely.ops import substring

from scenarios.applying import cities
from scenarios.ensemble import Effects, Interval
from scenarios.indicators import STREETS
from scenarios.scenario import Scenario
from twin.city import City
from twin.place.frames import geometries, texts

Flags = NDArray[np.bool_]

BESIDE_M = 12.0
ON_M = 2.0
LONG_M = 40.0
"""A segment belongs to the plan if its middle part lies as close as `ON_M` to what is changed, or,
if it is so long that it cannot just be crossing there, within `BESIDE_M`: a pavement of the street."""

_MIDDLE = 0.2, 0.8
"""The part of a segment that counts: its ends touch every street at the corner."""

MOST = 5


def footprint(scenario: Scenario, city: City) -> BaseGeometry:
    """Return where a plan changes something, in the city's CRS; empty for a plan without measures."""
    before = cities(scenario, city)
    shapes = [
        measure.footprint(each) for measure, each in zip(scenario.measures, before, strict=False)
    ]
    return shapely.union_all(shapes) if shapes else shapely.Point()


def inside(city: City, area: BaseGeometry) -> Flags:
    """Return which segments belong to an area: those along it, and the nearest to each spot in it."""
    lines = geometries(city.segments)
    if area.is_empty:
        return np.zeros(len(lines), bool)
    middles = np.array([substring(line, *_MIDDLE, normalized=True) for line in lines], object)
    on, beside = (
        np.asarray(shapely.covers(area.buffer(away_m), middles)) for away_m in (ON_M, BESIDE_M)
    )
    own = on | (beside & (np.asarray(city.segments["length_m"], float) >= LONG_M))
    spots = [part for part in shapely.get_parts(area) if part.geom_type != "Polygon"]
    own[shapely.STRtree(lines).nearest([_middle(spot) for spot in spots])] = True
    return own


def _middle(spot: BaseGeometry) -> BaseGeometry:
    return spot.centroid if spot.geom_type == "Point" else spot.interpolate(0.5, normalized=True)


@dataclass(frozen=True, slots=True)
class StreetChange:
    """How a street changes: as a whole, or on average along it for what passes."""

    name: str
    change: Interval
    in_plan: bool
    middle: shapely.Point
    """A point on the segment of the street that changes most."""


def most_changed(
    city: City, effects: Effects, figure: str, is_inside: Flags, count: int = MOST
) -> list[StreetChange]:
    """Return the named streets of which a figure clearly changes most, most first."""
    at = [one.name for one in STREETS].index(figure)
    change = effects.streets_change[:, at, :].astype(float)
    names = texts(city.segments, "name")
    length_m = np.asarray(city.segments["length_m"], float)
    members: dict[str, list[int]] = {}
    for index, name in enumerate(names):
        if name:
            members.setdefault(name, []).append(index)
    found: list[StreetChange] = []
    for name, rows in members.items():
        weight = length_m[rows] / length_m[rows].sum() if STREETS[at].passes else np.ones(len(rows))
        one = Interval.of(change[:, rows] @ weight)
        if one.is_clear:
            middle = _where_most(city, change[:, rows], rows)
            found.append(StreetChange(name, one, bool(is_inside[rows].any()), middle))
    return sorted(found, key=lambda one: (-abs(one.change.middle), one.name))[:count]


def _where_most(city: City, change: NDArray[np.float64], rows: Sequence[int]) -> shapely.Point:
    most = rows[int(np.argmax(np.abs(np.median(change, axis=0))))]
    return geometries(city.segments)[most].interpolate(0.5, normalized=True)


def shares_assumed(city: City, layers: Sequence[str]) -> dict[str, float]:
    """Return, of each layer of which something is assumed, which part."""
    shares: dict[str, float] = {}
    for name in layers:
        flags = np.asarray(city.layers[name]["is_assumed"], bool)
        if flags.any():
            shares[name] = float(flags.mean())
    return shares
