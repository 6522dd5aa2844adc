"""Edges: the street network as its sources draw it, before it is put together."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import Polygon

from twin.place.kerb import Kerb
from twin.place.shapes import (
    Floats,
    Geometries,
    array_of,
    coordinates,
    coordinates_and_owners,
    covered_by,
    end_of,
    ends_of,
    flat,
    lines_between,
    locate,
    meets,
    pairs_within,
    parts_of,
    points_at,
    points_of,
)
from twin.place.street import Street

SNAP_M = 0.5
"""Lines of an own file that end this near another one are taken to meet it."""

_MILLIMETRES = 1000


@dataclass(frozen=True, slots=True)
class Way:
    """What all edges of one way share; ``key`` names it within its source."""

    key: str
    street: Street
    kerb: Kerb


@dataclass(frozen=True, slots=True)
class Edges:
    """Stretches between nodes ``u`` and ``v``; ``way`` is the position of each one's way.

    Lines are in the city's CRS and run from ``u`` to ``v``. A node that is made where the
    boundary cuts an edge has a negative number.
    """

    u: NDArray[np.int64]
    v: NDArray[np.int64]
    lines: Geometries
    way: NDArray[np.int64]
    ways: Sequence[Way]

    def __len__(self) -> int:
        return len(self.u)

    def pick(self, which: NDArray[np.bool_]) -> "Edges":
        """Return the edges for which ``which`` is true."""
        return Edges(self.u[which], self.v[which], self.lines[which], self.way[which], self.ways)


def edges_of_lines(lines: Geometries, way: NDArray[np.int64], ways: Sequence[Way]) -> Edges:
    """Return the edges of lines without nodes: they meet where they share a vertex or an end.

    An end within `SNAP_M` of another line is moved onto it, so that streets drawn to the kerb
    of the next one are still connected.
    """
    joined = _join_ends(flat(lines))
    points, owner = coordinates_and_owners(joined)
    same = (owner[1:] == owner[:-1]) & (points[1:] != points[:-1]).any(axis=1)
    starts, ends = points[:-1][same], points[1:][same]
    _, node = np.unique(
        np.round(np.vstack([starts, ends]) * _MILLIMETRES).astype(np.int64),
        axis=0,
        return_inverse=True,
    )
    node = node.reshape(-1) + 1
    return Edges(
        u=node[: len(starts)],
        v=node[len(starts) :],
        lines=lines_between(starts, ends),
        way=way[owner[:-1][same]],
        ways=ways,
    )


def _join_ends(lines: Geometries) -> Geometries:
    """Move loose ends onto the line they nearly touch, and give that line a vertex there.

    Of two ends that nearly touch, the one of the later line moves.
    """
    result = [coordinates(line) for line in lines]
    inserted: dict[int, list[Floats]] = {}
    close: list[tuple[int, int, int]] = []
    for end in (0, -1):
        mine, other = pairs_within(ends_of(lines, end), lines, SNAP_M)
        close += [(int(index), end, int(near)) for index, near in zip(mine, other, strict=True)]
    for index, end, near in sorted(close):
        point, vertices = result[index][end], result[near]
        apart_m = np.hypot(*(vertices - point).T)
        at = int(apart_m.argmin())
        if index == near or apart_m[at] == 0:
            continue
        is_end = at in {0, len(vertices) - 1}
        if apart_m[at] > SNAP_M:
            foot = points_at(lines[near], locate(lines[near], array_of([shapely.Point(point)])))
            result[index][end] = coordinates(foot)[0]
            inserted.setdefault(near, []).append(result[index][end])
        elif not is_end or near < index:
            result[index][end] = vertices[at]
    for near, extra in inserted.items():
        result[near] = _with_vertices(result[near], np.array(extra))
    return array_of([shapely.LineString(points) for points in result])


def _with_vertices(points: NDArray[np.float64], extra: NDArray[np.float64]) -> NDArray[np.float64]:
    line = shapely.LineString(points)
    everything = np.vstack([points, extra])
    along = locate(line, points_of(everything))
    along[: len(points)] = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(points, axis=0).T))])
    return everything[np.argsort(along, kind="stable")]


def clip_edges(edges: Edges, boundary: Polygon) -> Edges:
    """Return the parts of edges within the boundary; where it cuts one, a node is made."""
    shapely.prepare(boundary)
    inside = covered_by(boundary, edges.lines)
    crossing = np.flatnonzero(~inside & meets(boundary, edges.lines))
    kept = edges.pick(inside)
    u, v, lines, way = (
        kept.u.tolist(),
        kept.v.tolist(),
        kept.lines.tolist(),
        kept.way.tolist(),
    )
    made = 0
    for index in crossing.tolist():
        line = edges.lines[index]
        length = line.length
        for part in parts_of(line.intersection(boundary)):
            if part.geom_type != "LineString" or part.length == 0:
                continue
            ends = [line.project(end_of(part, end)) for end in (0, -1)]
            if ends[0] > ends[1]:
                part, ends = part.reverse(), ends[::-1]
            nodes = [int(edges.u[index]), int(edges.v[index])]
            for side, is_cut in enumerate((ends[0] > 0, ends[1] < length)):
                if is_cut:
                    made -= 1
                    nodes[side] = made
            u.append(nodes[0])
            v.append(nodes[1])
            lines.append(part)
            way.append(int(edges.way[index]))
    return Edges(
        np.array(u, np.int64),
        np.array(v, np.int64),
        array_of(lines),
        np.array(way, np.int64),
        edges.ways,
    )
