"""Kerb bays: from the parking tags of a street and its length, or from stated assumptions."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from twin.place.assumptions import Assumptions
from twin.place.frames import flags, geometries, layer_frame, numbers, texts
from twin.place.kerb import SIDES, KerbSide, Side
from twin.place.network import KerbPiece, Network
from twin.place.shapes import coordinates, locate, points_at, points_of

_MAY_HAVE_BAYS = frozenset({"residential", "living_street", "tertiary", "unclassified"})
_BOTH_SIDES = frozenset({"residential", "living_street"})
_JUNCTION_ARMS = 3
_LINE_STEP_M = 5.0


@dataclass(frozen=True, slots=True)
class _Stretch:
    """Part of a kerb with the same kind of bays; ``capacity`` is None where nobody counted."""

    segment: int
    side: Side
    start_m: float
    end_m: float
    kerb: KerbSide
    capacity: float | None
    is_assumed: bool

    def continues(self, other: "_Stretch") -> bool:
        """Whether ``other`` goes on where this one ends, with the same kind of bays."""
        mine, its = self.kerb, other.kerb
        return (
            self.side == other.side
            and self.end_m == other.start_m
            and (mine.kind, mine.orientation, self.capacity is None)
            == (its.kind, its.orientation, other.capacity is None)
        )


def make_bays(network: Network, assume: Assumptions) -> gpd.GeoDataFrame:
    """Return the bay groups of all streets: one row per stretch of one side of a segment."""
    streets = _Streets(network, assume)
    stretches = _tagged(network.pieces, streets)
    usual = _usual_kind(stretches)
    stretches += _assumed(network.pieces, streets, usual)
    rows: list[dict[str, object]] = []
    for stretch in _merged(stretches):
        capacity = _capacity(stretch, streets, assume)
        if capacity >= 1:
            rows.append(_row(stretch, capacity, streets))
    _number_rows(rows)
    return layer_frame("bays", rows, str(network.segments.crs))


class _Streets:
    """The segments as arrays, and where on each of them parking may begin and end."""

    def __init__(self, network: Network, assume: Assumptions) -> None:
        segments = network.segments
        self.key = texts(segments, "segment")
        self.highway = texts(segments, "highway")
        self.lines = geometries(segments)
        self.width_m = numbers(segments, "width_m")
        self.length_m = numbers(segments, "length_m")
        self.cars = flags(segments, "car_forward") | flags(segments, "car_backward")
        self.can_park = self.cars & network.ground
        start_m, end_m = self._clearances(network, assume)
        self.first_m, self.last_m = start_m, self.length_m - end_m

    def _clearances(
        self, network: Network, assume: Assumptions
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        ends = [texts(network.segments, f"{end}_junction") for end in ("from", "to")]
        streets: Counter[str | None] = Counter()
        driveways: Counter[str | None] = Counter()
        paths: Counter[str | None] = Counter()
        for junctions in ends:
            for index, junction in enumerate(junctions):
                if not self.cars[index]:
                    paths[junction] += 1
                elif self.highway[index] == "service":
                    driveways[junction] += 1
                else:
                    streets[junction] += 1

        def clearance_m(junction: str | None) -> float:
            if streets[junction] >= _JUNCTION_ARMS:
                return assume.junction_clearance_m
            if paths[junction]:
                return assume.crossing_clearance_m
            return assume.driveway_clearance_m if driveways[junction] else 0.0

        start_m, end_m = (np.array([clearance_m(junction) for junction in ends_]) for ends_ in ends)
        return start_m, end_m


def _tagged(pieces: Sequence[KerbPiece], streets: _Streets) -> list[_Stretch]:
    found: list[_Stretch] = []
    for piece in pieces:
        if not streets.can_park[piece.segment]:
            continue
        for side in SIDES:
            kerb = piece.kerb.on(side)
            if kerb.state == "bays":
                counted = None if kerb.capacity is None else kerb.capacity * piece.share
                found.append(
                    _Stretch(
                        piece.segment,
                        side,
                        piece.start_m,
                        piece.end_m,
                        kerb,
                        counted,
                        is_assumed=False,
                    )
                )
    return found


def _assumed(pieces: Sequence[KerbPiece], streets: _Streets, kind: str) -> list[_Stretch]:
    """Return stretches on streets where parking is likely and nobody noted anything about it."""
    found: list[_Stretch] = []
    for piece in pieces:
        highway = streets.highway[piece.segment]
        if not (
            piece.kerb.is_unknown and streets.can_park[piece.segment] and highway in _MAY_HAVE_BAYS
        ):
            continue
        sides: tuple[Side, ...] = ("left", "right") if highway in _BOTH_SIDES else ("right",)
        found.extend(
            _Stretch(
                piece.segment,
                side,
                piece.start_m,
                piece.end_m,
                KerbSide(state="bays", kind=kind),
                None,
                is_assumed=True,
            )
            for side in sides
        )
    return found


def _usual_kind(stretches: Sequence[_Stretch]) -> str:
    """Return the kind of the longest kerb with tags: what is likely where there are none."""
    length_m: Counter[str] = Counter()
    for stretch in stretches:
        length_m[stretch.kerb.kind] += int(stretch.end_m - stretch.start_m)
    return length_m.most_common(1)[0][0] if length_m else "public"


def _merged(stretches: Sequence[_Stretch]) -> list[_Stretch]:
    ordered = sorted(stretches, key=lambda each: (each.segment, each.side, each.start_m))
    merged: list[_Stretch] = []
    for stretch in ordered:
        if merged and merged[-1].segment == stretch.segment and merged[-1].continues(stretch):
            before = merged.pop()
            counted = (
                None
                if before.capacity is None or stretch.capacity is None
                else before.capacity + stretch.capacity
            )
            stretch = _Stretch(
                stretch.segment,
                stretch.side,
                before.start_m,
                stretch.end_m,
                before.kerb,
                counted,
                is_assumed=before.is_assumed or stretch.is_assumed,
            )
        merged.append(stretch)
    return merged


def _span(stretch: _Stretch, streets: _Streets) -> tuple[float, float]:
    """Return the part of a stretch that is clear of junctions and crossings."""
    if stretch.capacity is not None:
        return stretch.start_m, stretch.end_m
    return (
        max(stretch.start_m, float(streets.first_m[stretch.segment])),
        min(stretch.end_m, float(streets.last_m[stretch.segment])),
    )


def _capacity(stretch: _Stretch, streets: _Streets, assume: Assumptions) -> int:
    if stretch.capacity is not None:
        return round(stretch.capacity)
    space_m = {
        "parallel": assume.bay_parallel_m,
        "diagonal": assume.bay_diagonal_m,
        "perpendicular": assume.bay_perpendicular_m,
    }[stretch.kerb.orientation]
    share = assume.untagged_usable_share if stretch.is_assumed else assume.kerb_usable_share
    start_m, end_m = _span(stretch, streets)
    return int(max(end_m - start_m, 0) * share / space_m)


def _row(stretch: _Stretch, capacity: int, streets: _Streets) -> dict[str, object]:
    start_m, end_m = _span(stretch, streets)
    index = stretch.segment
    offset_m = streets.width_m[index] / 2 * (1 if stretch.side == "left" else -1)
    return {
        "side": stretch.side,
        "capacity": capacity,
        "kind": stretch.kerb.kind,
        "source_kind": stretch.kerb.source_kind,
        "price_eur_h": stretch.kerb.price_eur_h,
        "segment": streets.key[index],
        "along_m": (start_m + end_m) / 2,
        "is_assumed": stretch.is_assumed,
        "geometry": kerb_line(streets.lines[index], start_m, end_m, offset_m),
    }


def _number_rows(rows: list[dict[str, object]]) -> None:
    """Name each group after its segment and side, counted along the segment."""
    count: Counter[str] = Counter()
    for row in rows:
        stem = f"{row['segment']}-{str(row['side'])[0].upper()}"
        count[stem] += 1
        row["bay"] = f"{stem}{count[stem]}"


def kerb_line(
    line: shapely.LineString, start_m: float, end_m: float, offset_m: float
) -> shapely.LineString:
    """Return the line beside ``line`` between two distances along it; left is positive.

    It is drawn from points set aside at right angles, every few metres and at each bend, so
    that it never has gaps or loops of its own.
    """
    bends = [
        at_m
        for at_m in locate(line, points_of(coordinates(line))).tolist()
        if start_m < at_m < end_m
    ]
    steps = max(int((end_m - start_m) / _LINE_STEP_M), 1)
    along_m = np.unique([*np.linspace(start_m, end_m, steps + 1), *bends])
    around_m = 0.5
    before = coordinates(points_at(line, np.maximum(along_m - around_m, 0)))
    after = coordinates(points_at(line, np.minimum(along_m + around_m, line.length)))
    points = coordinates(points_at(line, along_m))
    ahead = after - before
    normal = np.column_stack([-ahead[:, 1], ahead[:, 0]]) / np.hypot(*ahead.T)[:, None]
    return shapely.LineString(points + offset_m * normal)
