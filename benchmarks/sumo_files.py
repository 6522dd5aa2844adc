"""Streets, bays and trips as SUMO's XML files."""

import xml.etree.ElementTree as ET
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import quoteattr

import geopandas as gpd
import pandas as pd
from shapely import STRtree

from benchmarks.sumo_roads import Road

BAY_M = 6.0
CLEAR_M = 0.2
"""A parking area keeps so far from the ends of its lane; SUMO asks for at least 0.1 m."""

MIN_LANE_M = 2.0
ALONE_FROM = 30
"""A group of so many spaces, or a garage, is a parking area of its own."""


@dataclass(frozen=True, slots=True)
class ParkingArea:
    """Groups of bays that lie along an edge; ``middle`` is a share of the length of its lane."""

    name: str
    bays: tuple[str, ...]
    edge: str
    middle: float
    capacity: int


def write_streets(folder: Path, roads: Sequence[Road], junctions: gpd.GeoDataFrame) -> list[Path]:
    """Write nodes and edges, for ``netconvert``."""
    used = {name for road in roads for name in (road.start, road.end)}
    nodes = (
        _tag("node", id=row.junction, x=f"{row.geometry.x:.2f}", y=f"{row.geometry.y:.2f}")
        for row in junctions[junctions["junction"].isin(used)].itertuples()
    )
    edges = (
        _tag(
            "edge",
            **{"id": name, "from": start, "to": end},
            numLanes=road.lanes,
            speed=f"{road.speed_ms:.2f}",
            shape=" ".join(f"{x:.2f},{y:.2f}" for x, y, *_ in line.coords),
        )
        for road in roads
        for name, start, end, line in road.edges()
    )
    files = [folder / "streets.nod.xml", folder / "streets.edg.xml"]
    _write(files[0], "nodes", nodes)
    _write(files[1], "edges", edges)
    return files


def lane_lengths_m(net: Path) -> dict[str, float]:
    """Return the length of each edge's outermost lane: junctions take some of the street."""
    return {
        edge.get("id", ""): float(lane.get("length", 0))
        for edge in ET.parse(net).getroot().iter("edge")  # noqa: S314 - netconvert wrote it
        if edge.get("function") is None and (lane := edge.find("lane")) is not None
    }


def parking_areas(
    roads: Sequence[Road], bays: pd.DataFrame, lanes: dict[str, float]
) -> list[ParkingArea]:
    """Return the parking areas of groups of bays.

    Cars drive on the right: bays on the right of a segment are reached along it, those on its left
    against it, where that is allowed; else both are reached along the way that is. Where a junction
    has swallowed the street, they are reached from the nearest one that is left.

    Small groups along the same edge become one: a car that finds its area taken when it is already
    on the edge waits there, and with areas of one or two spaces that blocks the street for hours.
    """
    by_segment = {part.segment: (road, part) for road in roads for part in road.parts}
    usable = [road for road in roads if _open(road, lanes)]
    tree = STRtree([road.line for road in usable])
    together: dict[str, list[tuple[str, float, int]]] = defaultdict(list)
    for row in bays[bays["segment"].isin(list(by_segment))].itertuples():
        road, part = by_segment[row.segment]
        along_m = min(row.along_m, part.length_m)
        at_m = part.begin_m + (part.length_m - along_m if part.is_reversed else along_m)
        is_along = (row.side != "left") != part.is_reversed
        if not _open(road, lanes):
            point = road.line.interpolate(at_m)
            road = usable[tree.nearest(point)]
            at_m = road.line.project(point)
        ways = _open(road, lanes)
        way = ways[0] if is_along else ways[-1]
        share = at_m / road.line.length
        edge = f"{road.number}{way}"
        alone = f"{edge}-{row.bay}" if row.capacity >= ALONE_FROM else edge
        middle = share if way == "f" else 1 - share
        together[alone].append((str(row.bay), middle, int(row.capacity)))
    return [
        ParkingArea(
            name=name,
            bays=tuple(bay for bay, _, _ in groups),
            edge=name.partition("-")[0],
            middle=sum(middle for _, middle, _ in groups) / len(groups),
            capacity=sum(capacity for _, _, capacity in groups),
        )
        for name, groups in together.items()
    ]


def _open(road: Road, lanes: dict[str, float]) -> str:
    """Return the ways of a road (f, b or both) of which the network has kept enough."""
    return "".join(way for way in "fb" if lanes.get(f"{road.number}{way}", 0.0) >= MIN_LANE_M)


def write_parking(path: Path, areas: Iterable[ParkingArea], lanes: dict[str, float]) -> None:
    """Write parking areas: cars stand beside the lane, so they may lie closer than they are long."""

    def tag(area: ParkingArea) -> str:
        lane_m = lanes[area.edge]
        length_m = min(area.capacity * BAY_M, lane_m - 2 * CLEAR_M)
        start_m = min(
            max(area.middle * lane_m - length_m / 2, CLEAR_M), lane_m - CLEAR_M - length_m
        )
        return _tag(
            "parkingArea",
            id=area.name,
            lane=f"{area.edge}_0",
            startPos=f"{start_m:.2f}",
            endPos=f"{start_m + length_m:.2f}",
            roadsideCapacity=area.capacity,
        )

    _write(path, "additional", map(tag, areas))


def write_trips(path: Path, trips: pd.DataFrame, areas: Sequence[ParkingArea]) -> None:
    """Write trips; see `benchmarks.sumo.simulate` for the columns. ``bay`` is where one parks."""
    of = {bay: area for area in areas for bay in area.bays}

    def lines() -> Iterator[str]:
        for number, row in enumerate(trips.sort_values("enter_s", kind="stable").itertuples()):
            trip = {"id": number, "depart": f"{row.enter_s:.0f}", "departLane": "best"}
            if isinstance(row.entry, str):
                trip |= {"fromJunction": row.entry, "departSpeed": "max"}
            else:
                trip |= {"from": of[row.bay].edge, "departPos": "stop"}
            trip["toJunction"] = row.exit
            if isinstance(row.bay, str):
                stop = _tag("stop", parkingArea=of[row.bay].name, duration=f"{row.stay_s:.0f}")
                yield _tag("trip", **trip)[:-2] + f">{stop}</trip>"
            else:
                yield _tag("trip", **trip)

    _write(path, "routes", lines())


def _tag(kind: str, **attributes: object) -> str:
    said = " ".join(f"{name}={quoteattr(str(value))}" for name, value in attributes.items())
    return f"<{kind} {said}/>"


def _write(path: Path, root: str, lines: Iterable[str]) -> None:
    path.write_text("\n".join([f"<{root}>", *lines, f"</{root}>"]) + "\n", encoding="utf-8")
