"""The scan car: it drives once a day through all streets and reports the bikes it passes."""

from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from typing import NamedTuple, cast

import numpy as np
import shapely
from scipy.spatial import cKDTree
from shapely import LineString

from sensors.simulated.bikes import STATES
from sensors.simulated.ground import Flags, Streets
from sensors.simulated.local_day import QUARTER_S
from sensors.simulated.luck import Floats, Ints, Luck, key_of
from sensors.simulated.true_day import TrueDay
from twin.city import City
from twin.hexes import hexes_of

STARTS_H, ENDS_H = 10.0, 13.0
SEES_M = 35.0
DETECTS = 0.95
POSITION_ERROR_M = 2.0
"""When it drives (local time), how far it sees, the share of bikes it recognises, and the standard
deviation of the positions it reports (all assumed)."""

REPORTS_EVERY_S = 300
SPACING_M = 10.0
_CAR = (key_of("scan-car"),)


class Sight(NamedTuple):
    """One reading of the car: when (seconds since 1970), which kind, and its own fields as JSON."""

    at_s: int
    kind: str
    tail: str


@dataclass(frozen=True)
class _Route:
    """Points along the drive, and the share of it that is behind the car at each."""

    points: Floats
    share: Floats
    hexes: list[str]

    def nearest(self, x_m: Floats, y_m: Floats) -> tuple[Floats, Ints]:
        """Return how far it is from each place to the route, and the point that is nearest."""
        if not len(x_m):
            return np.zeros(0), np.zeros(0, np.int64)
        found = self._tree.query(np.column_stack([x_m, y_m]))
        return cast("tuple[Floats, Ints]", found)

    @cached_property
    def _tree(self) -> cKDTree:
        return cKDTree(self.points)


class ScanCar:
    """The car of one city: where it drives does not depend on what there is to see."""

    def __init__(self, city: City, streets: Streets, luck: Luck) -> None:
        self._city = city
        self._streets = streets
        self._luck = luck

    def drive(self, day: TrueDay) -> list[list[Sight]]:
        """Return the messages of a day in order, each a list of readings; the last is the survey."""
        local = day.local
        clock = local.clock(QUARTER_S)
        start_s = local.start_s + int(np.searchsorted(clock, STARTS_H)) * QUARTER_S
        length_s = int((ENDS_H - STARTS_H) * 3600)
        route = self._route
        if not len(route.points):
            return []
        sights = self._sightings(day, start_s, length_s - 60)
        messages = [
            list(of_minutes)
            for _, of_minutes in groupby(sights, lambda sight: sight.at_s // REPORTS_EVERY_S)
        ]
        hexes = '","'.join(route.hexes)
        return [*messages, [Sight(start_s + length_s, "survey", f'"hexes":["{hexes}"]')]]

    def _sightings(self, day: TrueDay, start_s: int, length_s: int) -> list[Sight]:
        when = start_s + np.floor(self._route.share * length_s).astype(np.int64)
        quarter = (when - day.local.start_s) // QUARTER_S
        bikes = day.bikes.when(
            self._seen(day.bikes.racks.x_m, day.bikes.racks.y_m, quarter),
            self._seen(day.bikes.spots.x_m, day.bikes.spots.y_m, quarter),
        )
        distance, nearest = self._route.nearest(bikes.x_m, bikes.y_m)
        lots = self._luck.generator("detect", day.local.number, _CAR[0])
        is_seen = (lots.random(len(nearest)) < DETECTS) & (distance < SEES_M)
        error = lots.normal(0.0, POSITION_ERROR_M, (2, len(nearest)))
        x, y = bikes.x_m + error[0], bikes.y_m + error[1]
        is_inside = cast("Flags", shapely.contains_xy(self._city.boundary, x, y))
        lon, lat = self._city.to_degrees.transform(x, y)
        at = np.flatnonzero(is_seen & is_inside)
        at = at[np.argsort(when[nearest[at]], kind="stable")]
        return [
            Sight(
                int(when[nearest[bike]]),
                "sighting",
                f'"lon":{lon[bike]:.6f},"lat":{lat[bike]:.6f},"state":"{STATES[bikes.state[bike]]}"',
            )
            for bike in at.tolist()
        ]

    def _seen(self, x_m: Floats, y_m: Floats, quarter: Ints) -> Ints:
        """Return in which quarter of an hour the car comes by each point."""
        return quarter[self._route.nearest(x_m, y_m)[1]]

    @cached_property
    def _route(self) -> _Route:
        order = drive_through(self._streets)
        parts = [_along(self._streets.lines[segment]) for segment in order]
        points = np.concatenate(parts) if parts else np.zeros((0, 2))
        hexes = set(hexes_of(self._city, points[:, 0], points[:, 1]))
        return _Route(points, np.linspace(0, 1, len(points)), sorted(hexes))


def drive_through(streets: Streets) -> list[int]:
    """Return all segments that cars may use, in an order that mostly goes on where it was.

    A depth-first search over the streets, from the first on; it ignores one-way streets.
    """
    at_node: dict[int, list[int]] = {}
    for segment in np.flatnonzero(streets.drive).tolist():
        for node in (int(streets.start[segment]), int(streets.end[segment])):
            at_node.setdefault(node, []).append(segment)
    order: list[int] = []
    done = np.zeros(len(streets), bool)
    for first in np.flatnonzero(streets.drive).tolist():
        todo = [first]
        while todo:
            segment = todo.pop()
            if done[segment]:
                continue
            done[segment] = True
            order.append(segment)
            for node in (int(streets.start[segment]), int(streets.end[segment])):
                todo += [other for other in at_node[node] if not done[other]]
    return order


def _along(line: LineString) -> Floats:
    """Return points every `SPACING_M` along a line, at least one."""
    stations = np.arange(SPACING_M / 2, max(line.length, SPACING_M), SPACING_M)
    points = [line.interpolate(station) for station in stations.tolist()]
    return np.array([(point.x, point.y) for point in points])
