"""Room at the kerb for more spaces: what junctions and other bays leave free."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import shapely
from shapely import LineString

from scenarios.measures.rows import rows_by_key
from scenarios.measures.streets import KERB, Streets, streets_of
from scenarios.measures.where import Where
from twin.city import City
from twin.place.assumptions import ASSUMPTIONS
from twin.place.bays import kerb_line
from twin.place.frames import Row

Orientation = Literal["parallel", "diagonal", "perpendicular"]
Side = Literal["left", "right"]

SPACE_M: dict[Orientation, float] = {
    "parallel": ASSUMPTIONS.bay_parallel_m,
    "diagonal": ASSUMPTIONS.bay_diagonal_m,
    "perpendicular": ASSUMPTIONS.bay_perpendicular_m,
}
"""Kerb length (m) of one space; the same as importing a place assumes."""

_SLACK_M = 1e-6


@dataclass(frozen=True, slots=True)
class Gap:
    """A free part of one side of a segment, and where in it spaces should preferably be."""

    segment: str
    side: Side
    start_m: float
    end_m: float
    wanted_m: float | None

    @property
    def off_m(self) -> float:
        """How far it is from where spaces should be."""
        if self.wanted_m is None:
            return 0.0
        return max(self.start_m - self.wanted_m, self.wanted_m - self.end_m, 0.0)

    def holds(self, space_m: float) -> int:
        """Return how many spaces there is room for."""
        return int((self.end_m - self.start_m + _SLACK_M) / space_m)

    def span(self, length_m: float) -> tuple[float, float]:
        """Return the part to be taken when so much is needed."""
        if self.wanted_m is None:
            return self.start_m, self.start_m + length_m
        start_m = min(max(self.wanted_m - length_m / 2, self.start_m), self.end_m - length_m)
        return start_m, start_m + length_m


def gaps(city: City, where: Where, side: Side | None) -> list[Gap]:
    """Return the free parts of the kerbs that are meant, nearest to the spot first if it is one."""
    streets = streets_of(city)
    rows = rows_by_key(city, "bays").values()
    clear_m = ASSUMPTIONS.junction_clearance_m
    found: list[Gap] = []
    for stretch in where.stretches(city, KERB):
        line = streets.line(stretch.segment)
        wanted_m, first_m, last_m = None, stretch.start_m, stretch.end_m
        if stretch.is_spot:
            wanted_m, first_m, last_m = stretch.start_m, 0.0, line.length
        for each in ("right", "left") if side is None else (side,):
            beside = [
                row for row in rows if (row["segment"], row["side"]) == (stretch.segment, each)
            ]
            start_m, end_m = max(first_m, clear_m), min(last_m, line.length - clear_m)
            found += [
                Gap(stretch.segment, each, a_m, b_m, wanted_m)
                for a_m, b_m in _free(start_m, end_m, beside, line)
            ]
    return sorted(found, key=lambda gap: gap.off_m)


def room(city: City, where: Where, side: Side | None, orientation: Orientation) -> int:
    """Return how many spaces there is room for."""
    return sum(gap.holds(SPACE_M[orientation]) for gap in gaps(city, where, side))


def new_groups(
    city: City, where: Where, side: Side | None, orientation: Orientation, count: int
) -> Iterator[Row]:
    """Yield the rows of new groups of bays, without their key, kind and price."""
    streets = streets_of(city)
    space_m = SPACE_M[orientation]
    for gap in gaps(city, where, side):
        here = min(count, gap.holds(space_m))
        if here:
            start_m, end_m = gap.span(here * space_m)
            yield {
                "side": gap.side,
                "capacity": here,
                "segment": gap.segment,
                "along_m": (start_m + end_m) / 2,
                "source_kind": None,
                "is_assumed": False,
                "geometry": beside(streets, gap.segment, gap.side, start_m, end_m),
            }
        count -= here


def beside(
    streets: Streets, segment: str, side: Side, start_m: float, end_m: float, out_m: float = 0.0
) -> LineString:
    """Return the kerb of a segment between two distances along it, ``out_m`` further out."""
    half_m = float(streets.width_m[streets.position[segment]]) / 2 + out_m
    offset_m = half_m if side == "left" else -half_m
    return kerb_line(streets.line(segment), start_m, end_m, offset_m)


def _free(
    start_m: float, end_m: float, bays: Sequence[Row], line: LineString
) -> Iterator[tuple[float, float]]:
    for taken_m in sorted(sorted(_ends(row["geometry"], line)) for row in bays):
        if taken_m[0] > start_m:
            yield start_m, min(taken_m[0], end_m)
        start_m = max(start_m, taken_m[1])
        if start_m >= end_m:
            return
    if end_m > start_m:
        yield start_m, end_m


def _ends(bay: LineString, line: LineString) -> list[float]:
    return [float(line.project(shapely.Point(bay.coords[end]))) for end in (0, -1)]
