"""Streets in the report: how each changes as a whole."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from scenarios.ensemble import Effects, Interval
from scenarios.indicators import STREETS
from twin.city import City
from twin.place.frames import geometries, texts

Flags = NDArray[np.bool_]

MOST = 5


@dataclass(frozen=True, slots=True)
class StreetChange:
    """How a street changes: as a whole, or on average along it for what passes.

    ``is_here`` says whether most of it lies near what the plan changes.
    """

    name: str
    change: Interval
    is_here: bool
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
            found.append(
                StreetChange(
                    name,
                    one,
                    bool(is_inside[rows] @ length_m[rows] > 0.5 * length_m[rows].sum()),
                    middle,
                )
            )
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
