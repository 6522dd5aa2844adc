"""Streets for SUMO: segments that follow one another without a choice become one road.

SUMO's cars need room between junctions, and many segments end where only a footpath begins.
Junctions where trips begin or end stay.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
from shapely import LineString

KMH_TO_MS = 1 / 3.6
LANES = {"primary": 2, "secondary": 2}
"""Lanes each way by kind of road; others have one."""

Rows = dict[str, Any]
"""Segments by name."""


@dataclass(frozen=True, slots=True)
class Part:
    """A segment as part of an edge: where it begins on the edge, and whether it lies backwards."""

    segment: str
    begin_m: float
    length_m: float
    is_reversed: bool


@dataclass(frozen=True, slots=True)
class Road:
    """Segments between two junctions where a driver has a choice; ``number`` names its edges."""

    number: int
    start: str
    end: str
    line: LineString
    is_forward: bool
    is_backward: bool
    speed_ms: float
    lanes: int
    parts: tuple[Part, ...]

    def edges(self) -> Iterator[tuple[str, str, str, LineString]]:
        """Yield each direction's name, first and last junction, and line."""
        if self.is_forward:
            yield f"{self.number}f", self.start, self.end, self.line
        if self.is_backward:
            yield f"{self.number}b", self.end, self.start, self.line.reverse()


def roads(segments: gpd.GeoDataFrame, kept: Collection[str]) -> list[Road]:
    """Return the roads that the segments make; ``kept`` are junctions that stay whatever they join."""
    of_cars = segments[segments["car_forward"] | segments["car_backward"]]
    rows = {str(row.segment): row for row in of_cars.itertuples()}
    at: dict[str, list[str]] = defaultdict(list)
    for name, row in rows.items():
        at[row.from_junction].append(name)
        at[row.to_junction].append(name)
    through = {
        junction
        for junction, names in at.items()
        if junction not in kept and len(names) == 2 and _alike(rows, names, junction)
    }
    found: list[Road] = []
    left = set(rows)
    ends = [(name, row.from_junction) for name, row in rows.items()]
    ends += [(name, row.to_junction) for name, row in rows.items()]
    ends.sort(key=lambda end: end[1] in through)  # what goes round without any choice comes last
    for name, junction in ends:
        if name in left:
            chain = _chain(rows, at, through, name, junction)
            left -= {each for each, _ in chain}
            found.append(_road(len(found), rows, chain))
    return found


def _alike(rows: Rows, names: list[str], junction: str) -> bool:
    if names[0] == names[1]:
        return False
    first, second = (_seen_from(rows[name], junction) for name in names)
    return first == (second[1], second[0], second[2])


def _seen_from(row: Any, junction: str) -> tuple[bool, bool, float]:
    """Return whether cars may leave the junction along a segment, and come to it; and the speed."""
    both = (bool(row.car_forward), bool(row.car_backward))
    leave, come = both if row.from_junction == junction else both[::-1]
    return leave, come, float(row.speed_kmh)


def _chain(
    rows: Rows, at: dict[str, list[str]], through: set[str], name: str, junction: str
) -> list[tuple[str, bool]]:
    """Return segments from a junction on to the next choice, and which of them lie backwards."""
    chain: list[tuple[str, bool]] = []
    seen: set[str] = set()
    while name not in seen:
        seen.add(name)
        is_reversed = rows[name].from_junction != junction
        chain.append((name, is_reversed))
        junction = rows[name].from_junction if is_reversed else rows[name].to_junction
        if junction not in through:
            break
        name = next(each for each in at[junction] if each != name)
    return chain


def _road(number: int, rows: Rows, chain: list[tuple[str, bool]]) -> Road:
    parts, lines, begin_m = list[Part](), list[LineString](), 0.0
    for name, is_reversed in chain:
        line = rows[name].geometry
        parts.append(Part(name, begin_m, line.length, is_reversed))
        lines.append(line.reverse() if is_reversed else line)
        begin_m += line.length
    first, last = (rows[name] for name in (chain[0][0], chain[-1][0]))
    flags = (bool(first.car_forward), bool(first.car_backward))
    forward, backward = flags[::-1] if chain[0][1] else flags
    return Road(
        number=number,
        start=first.to_junction if chain[0][1] else first.from_junction,
        end=last.from_junction if chain[-1][1] else last.to_junction,
        line=LineString([point for line in lines for point in line.coords]),
        is_forward=forward,
        is_backward=backward,
        speed_ms=float(first.speed_kmh) * KMH_TO_MS,
        lanes=LANES.get(first.highway, 1),
        parts=tuple(parts),
    )
