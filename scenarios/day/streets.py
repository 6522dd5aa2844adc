"""The segments and junctions of a city, as plain arrays."""

from collections.abc import Iterable
from dataclasses import dataclass

import geopandas as gpd
import numpy as np

from scenarios.day.draws import Keys, keys_of
from scenarios.day.network import Flags, Floats, Ints
from scenarios.kept import once
from twin.city import City
from twin.place.frames import flags, geometries, numbers, texts
from twin.place.shapes import coordinates, distances_m, ends_of, halfway, points_of

SHORTEST_M = 0.5
"""No segment is taken to be shorter, so that every way along one costs something."""

SLOWEST_KMH = 5.0
"""No car is taken to drive slower along a segment."""

GATE_WITHIN_M = 60.0
"""A street that ends this near the edge of the place leads out of it."""


@dataclass(frozen=True, eq=False)
class Streets:
    """Segments, each with the junctions (nodes) at which it starts and ends.

    ``at`` is the position of each segment by name. ``is_forward`` and ``is_backward`` say in which
    directions cars may drive, ``is_walked`` whether people walk along it.
    """

    names: list[str]
    at: dict[str, int]
    key: Keys
    start: Ints
    end: Ints
    length_m: Floats
    middle_x_m: Floats
    middle_y_m: Floats
    junctions: list[str]
    node_x_m: Floats
    node_y_m: Floats
    is_forward: Flags
    is_backward: Flags
    is_walked: Flags
    highway: list[str]
    speed_ms: Floats
    width_m: Floats

    @classmethod
    def of(cls, city: City) -> "Streets":
        """Read a city's segments."""
        return _streets(city.segments)

    @property
    def is_car(self) -> Flags:
        """Whether cars may drive along each segment in any direction."""
        return self.is_forward | self.is_backward

    def which(self, names: Iterable[str]) -> Ints:
        """Return the positions of the segments with these names; others do not matter."""
        return np.array([self.at[name] for name in names if name in self.at], np.int64)

    def edge_nodes(self, city: City, is_used: Flags) -> Ints:
        """Return the nodes at the edge of the place at which a used segment ends."""
        used = np.zeros(len(self.node_x_m), bool)
        used[self.start[is_used]] = True
        used[self.end[is_used]] = True
        points = points_of(np.column_stack([self.node_x_m, self.node_y_m]))
        near = distances_m(points, city.boundary.exterior) <= GATE_WITHIN_M
        degree = np.bincount(self.start[is_used], minlength=len(used)) + np.bincount(
            self.end[is_used], minlength=len(used)
        )
        ends = used & near & (degree == 1)
        return np.flatnonzero(ends if ends.any() else used & near)


@once
def _streets(frame: gpd.GeoDataFrame) -> Streets:
    """Read segments."""
    column = {
        name: [value or "" for value in texts(frame, name)]
        for name in ("segment", "from_junction", "to_junction", "highway")
    }
    junctions = sorted({*column["from_junction"], *column["to_junction"]})
    node_at = {name: index for index, name in enumerate(junctions)}
    start = np.array([node_at[name] for name in column["from_junction"]], np.int64)
    end = np.array([node_at[name] for name in column["to_junction"]], np.int64)
    lines = geometries(frame)
    node_x_m, node_y_m = np.zeros(len(junctions)), np.zeros(len(junctions))
    for nodes, which in ((end, -1), (start, 0)):
        node_x_m[nodes], node_y_m[nodes] = coordinates(ends_of(lines, which)).T
    middle_x_m, middle_y_m = coordinates(halfway(lines)).T
    return Streets(
        names=column["segment"],
        at={name: index for index, name in enumerate(column["segment"])},
        key=keys_of("segments", column["segment"]),
        start=start,
        end=end,
        length_m=np.maximum(numbers(frame, "length_m"), SHORTEST_M),
        middle_x_m=middle_x_m,
        middle_y_m=middle_y_m,
        junctions=junctions,
        node_x_m=node_x_m,
        node_y_m=node_y_m,
        is_forward=flags(frame, "car_forward").copy(),
        is_backward=flags(frame, "car_backward").copy(),
        is_walked=flags(frame, "walk").copy(),
        highway=column["highway"],
        speed_ms=np.maximum(numbers(frame, "speed_kmh"), SLOWEST_KMH) / 3.6,
        width_m=numbers(frame, "width_m").copy(),
    )
