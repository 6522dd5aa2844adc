"""The streets of a city as measures look for them: by name, by key, in an area, near a point."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import cast

import geopandas as gpd
import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from twin.city import City
from twin.place.frames import cells, flags, geometries, numbers, texts
from twin.place.shapes import (
    Flags,
    array_of,
    coordinates,
    distances_m,
    lengths_m,
    locate,
    meets,
    parts_of,
    points_of,
    union,
)
from twin.words import Text

NEAR_M = 50.0
"""How far a street may be from a point that is said to be on it."""

_SHORTEST_PART_M = 1.0
_MOST = 0.5


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of a segment, by distance along it; where both ends are one, a spot."""

    segment: str
    start_m: float
    end_m: float

    @property
    def length_m(self) -> float:
        """How long it is."""
        return self.end_m - self.start_m

    @property
    def is_spot(self) -> bool:
        """Whether it is a spot, without length."""
        return self.start_m == self.end_m


@dataclass(frozen=True, slots=True)
class Suitable:
    """Which segments a measure can be about, and what is said of those."""

    what: Text
    flags: Callable[[City], Flags]


def _drives(city: City) -> Flags:
    segments = city.layers["segments"]
    return flags(segments, "car_forward") | flags(segments, "car_backward")


CARS = Suitable(Text("waar auto’s rijden", "where cars drive"), _drives)
PEOPLE = Suitable(
    Text("waar mensen lopen", "where people walk"),
    lambda city: flags(city.layers["segments"], "walk"),
)
KERB = Suitable(
    Text("waar auto’s rijden en mensen lopen", "where cars drive and people walk"),
    lambda city: _drives(city) & flags(city.layers["segments"], "walk"),
)


NO_STREET_FOR_CARS = Text(
    "hier ligt geen straat voor auto’s, of maar een klein deel ervan",
    "no street for cars lies here for the most part",
)


def having(layer: str, what: Text, kinds: Iterable[str] | None = None) -> Suitable:
    """Return the segments on which something of a layer is (of some kinds, if it has those)."""

    def has(city: City) -> Flags:
        frame = city.layers[layer]
        on = texts(frame, "segment")
        if kinds is not None:
            of = set(kinds)
            on = [key for key, kind in zip(on, texts(frame, "kind"), strict=True) if kind in of]
        position = streets_of(city).position
        result = np.zeros(len(position), bool)
        result[[position[key] for key in on if key in position]] = True
        return result

    return Suitable(Text(f"met {what.nl}", f"with {what.en}"), has)


class Streets:
    """The segments of a city as arrays, and ways to find some of them."""

    def __init__(self, segments: gpd.GeoDataFrame) -> None:
        self.keys = [str(key) for key in texts(segments, "segment")]
        self.lines = geometries(segments)
        self.name = texts(segments, "name")
        self.names: list[list[str]] = [list(names) for names in cells(segments, "names")]
        self.width_m = numbers(segments, "width_m")
        self.position = {key: index for index, key in enumerate(self.keys)}

    def called(self, street: str) -> list[int]:
        """Return the positions of all segments of a street, by any of its names."""
        return self._by_name.get(_folded(street), [])

    @cached_property
    def all_names(self) -> list[str]:
        """The names of all streets."""
        names = {name for names in self.names for name in names}
        return sorted(names | {name for name in self.name if name})

    @cached_property
    def _by_name(self) -> dict[str, list[int]]:
        found: dict[str, list[int]] = {}
        for index, names in enumerate(self.names):
            for name in {_folded(each) for each in (*names, self.name[index] or "")}:
                found.setdefault(name, []).append(index)
        return found

    def line(self, segment: str) -> shapely.LineString:
        """Return the line of a segment."""
        return cast("shapely.LineString", self.lines[self.position[segment]])

    def stretches_in(self, area: BaseGeometry, which: Flags) -> list[Stretch]:
        """Return the parts of segments that lie in an area."""
        found: list[Stretch] = []
        for index in np.flatnonzero(which & meets(area, self.lines)).tolist():
            line = self.lines[index]
            for part in parts_of(line.intersection(area)):
                ends = points_of(coordinates(part)[[0, -1]])
                start_m, end_m = sorted(locate(line, ends).tolist())
                if end_m - start_m >= _SHORTEST_PART_M:
                    found.append(Stretch(self.keys[index], start_m, end_m))
        return found

    def nearest(self, point: shapely.Point, which: Flags) -> tuple[Stretch, float] | None:
        """Return the spot on the nearest segment, and how far off it is."""
        candidates = np.flatnonzero(which)
        if not len(candidates):
            return None
        off_m = distances_m(self.lines[candidates], point)
        index = int(candidates[int(np.argmin(off_m))])
        along_m = float(self.lines[index].project(point))
        return Stretch(self.keys[index], along_m, along_m), float(off_m.min())

    def named_near(self, point: shapely.Point) -> str | None:
        """Return the name of the nearest street that has one."""
        near = self.nearest(point, np.array([name is not None for name in self.name], bool))
        return None if near is None else self.name[self.position[near[0].segment]]

    def whole(self, index: int) -> Stretch:
        """Return all of a segment."""
        return Stretch(self.keys[index], 0.0, float(self.lines[index].length))

    def mostly_in(self, area: BaseGeometry, which: Flags) -> list[str]:
        """Return the segments of which at least half lies in an area."""
        positions = np.flatnonzero(which & meets(area, self.lines))
        lines = self.lines[positions]
        inside_m = lengths_m(array_of([line.intersection(area) for line in lines]))
        most = inside_m >= _MOST * lengths_m(lines)
        return [self.keys[index] for index in positions[most].tolist()]


def streets_of(city: City) -> Streets:
    """Return the streets of a city; cities that share their segments share them."""
    return _streets(_Same(city.layers["segments"]))


class _Same:
    """A frame that equals itself only, so that what is made of it can be remembered."""

    def __init__(self, frame: gpd.GeoDataFrame) -> None:
        self.frame = frame

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.frame is self.frame

    def __hash__(self) -> int:
        return id(self.frame)


@lru_cache(maxsize=8)
def _streets(segments: _Same) -> Streets:
    return Streets(segments.frame)


def _folded(name: str) -> str:
    return " ".join(name.split()).casefold()


def shape_of_segments(city: City, segments: Iterable[str]) -> BaseGeometry:
    """Return the lines of segments as one shape."""
    streets = streets_of(city)
    return union(array_of([streets.line(segment) for segment in segments]))
