"""The usable network: segments between junctions, connected, without zero lengths."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from twin.place.chains import Step, walk_chains
from twin.place.edges import Edges
from twin.place.frames import Row, flags, layer_frame, texts
from twin.place.kerb import Kerb
from twin.place.shapes import coordinates, end_of, lengths_m
from twin.place.street import Street

_SHORTEST_M = 0.05
_CUT_OFF = "{count} stretches of street ({length_m:.0f} m) are cut off from the rest and dropped"
_NO_DRIVE = "{count} stretches of street cannot be driven to: no cars there"


@dataclass(frozen=True, slots=True)
class KerbPiece:
    """A part of a segment along which the kerbs do not change, seen along the segment.

    ``share`` is its part of its way's length: a capacity is counted for a whole way.
    """

    segment: int
    start_m: float
    end_m: float
    kerb: Kerb
    share: float


@dataclass(frozen=True, slots=True)
class Network:
    """Segments and junctions as layers, with what the layers do not keep.

    Attributes
    ----------
    ground
        Whether things can be attached to a segment: it is not in a tunnel.
    sidewalk
        Whether it is a pavement drawn beside its street.
    pieces
        The kerbs, in the order of the segments.
    """

    segments: gpd.GeoDataFrame
    junctions: gpd.GeoDataFrame
    ground: NDArray[np.bool_]
    sidewalk: NDArray[np.bool_]
    pieces: list[KerbPiece]
    notes: list[str]


def build_network(edges: Edges, crs: str, *, node_letter: str = "n") -> Network:
    """Put edges together to a connected network of segments, each between two junctions."""
    notes: list[str] = []
    edges = _without_points(edges)
    edges, streets = _connected(edges, notes)
    chains = walk_chains(edges.u.tolist(), edges.v.tolist(), streets)
    rows = [_segment_row(chain, edges, streets, node_letter) for chain in chains]
    _name_segments(rows, chains, edges)
    way_m = np.bincount(edges.way, weights=lengths_m(edges.lines)).astype(float)
    pieces = [
        piece for index, chain in enumerate(chains) for piece in _pieces(index, chain, edges, way_m)
    ]
    return Network(
        segments=layer_frame("segments", rows, crs),
        junctions=_junctions(rows, crs),
        ground=np.array([row["is_ground"] for row in rows], bool),
        sidewalk=np.array([row["is_sidewalk"] for row in rows], bool),
        pieces=pieces,
        notes=notes,
    )


def open_to_people(network: Network, segments: Sequence[str | None]) -> Network:
    """Let people walk along the named segments: who parks there gets out there."""
    opened = network.segments.copy()
    walks = flags(opened, "walk")
    named = np.isin(np.array(texts(opened, "segment"), dtype=str), list(filter(None, segments)))
    ends = [np.array(texts(opened, f"{end}_junction"), dtype=str) for end in ("from", "to")]
    # From where people already walk, step by step, so that nobody is let into a dead tunnel.
    while True:
        reached = np.concatenate([each[walks] for each in ends])
        more = named & ~walks & (np.isin(ends[0], reached) | np.isin(ends[1], reached))
        if not more.any():
            break
        walks = walks | more
    opened["walk"] = walks
    return replace(network, segments=opened)


def _without_points(edges: Edges) -> Edges:
    """Merge nodes that are joined by an edge of next to no length, and drop such edges."""
    short = lengths_m(edges.lines) < _SHORTEST_M
    if short.any():
        merged: dict[int, int] = {}
        for one, other in zip(edges.u[short].tolist(), edges.v[short].tolist(), strict=True):
            merged[_root(merged, max(one, other))] = _root(merged, min(one, other))
        edges = Edges(
            np.array([_root(merged, node) for node in edges.u.tolist()], np.int64),
            np.array([_root(merged, node) for node in edges.v.tolist()], np.int64),
            edges.lines,
            edges.way,
            edges.ways,
        )
    return edges.pick(~short & (edges.u != edges.v))


def _root(merged: dict[int, int], node: int) -> int:
    while merged.get(node, node) != node:
        node = merged[node]
    return node


def _connected(edges: Edges, notes: list[str]) -> tuple[Edges, list[Street]]:
    """Keep what is connected to the largest part that people can walk, and cars to each other.

    Without anywhere to walk, the largest part of all counts.
    """
    walks = np.array([way.street.walk for way in edges.ways], bool)[edges.way]
    everything = np.ones(len(edges), bool)
    core = _largest_part(edges, walks if walks.any() else everything)
    kept = _reached_from(edges, core)
    dropped = edges.pick(~kept)
    edges, core = edges.pick(kept), core[kept]
    streets = [edges.ways[int(way)].street for way in edges.way]
    drives = _largest_part(edges, np.array([street.has_cars for street in streets], bool))
    _take_away(streets, core, drives, notes)
    usable = np.array([street.is_usable for street in streets], bool)
    # What hung on a stretch that nobody can use any more is cut off as well.
    usable[usable] = _reached_from(edges.pick(usable), core[usable])
    lost = np.concatenate([dropped.lines, edges.lines[~usable]])
    if len(lost):
        notes.append(_CUT_OFF.format(count=len(lost), length_m=float(lengths_m(lost).sum())))
    kept_streets = [street for street, is_kept in zip(streets, usable, strict=True) if is_kept]
    return edges.pick(usable), kept_streets


def _reached_from(edges: Edges, core: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Tell which edges are connected to the core in any way."""
    if not core.any():
        return core
    parts = _parts(edges, np.ones(len(edges), bool))
    return parts == parts[core.argmax()]


def _take_away(
    streets: list[Street],
    core: NDArray[np.bool_],
    drives: NDArray[np.bool_],
    notes: list[str],
) -> None:
    """Take walking and driving away from stretches that nobody can walk or drive to."""
    lost = 0
    for index, street in enumerate(streets):
        if street.walk and not core[index]:
            street = replace(street, walk=False)
        if street.has_cars and not drives[index]:
            street = replace(street, car_forward=False, car_backward=False)
            lost += 1
        streets[index] = street
    if lost:
        notes.append(_NO_DRIVE.format(count=lost))


def _parts(edges: Edges, which: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Return the number of the connected part that each edge lies in; -1 for edges left out."""
    nodes, ends = np.unique(np.concatenate([edges.u, edges.v]), return_inverse=True)
    u, v = ends[: len(edges)], ends[len(edges) :]
    graph = coo_matrix(
        (np.ones(int(which.sum())), (u[which], v[which])), shape=(len(nodes), len(nodes))
    )
    _, label = connected_components(graph, directed=False)
    return np.where(which, label[u], -1).astype(np.int64)


def _largest_part(edges: Edges, which: NDArray[np.bool_]) -> NDArray[np.bool_]:
    if not which.any():
        return which
    parts = _parts(edges, which)
    length_m = np.bincount(parts[which], weights=lengths_m(edges.lines[which]))
    return parts == length_m.argmax()


def _segment_row(
    chain: list[Step], edges: Edges, streets: Sequence[Street], node_letter: str
) -> dict[str, object]:
    first, last = chain[0], chain[-1]
    street = streets[first.edge]
    street = street.reversed() if first.is_reversed else street
    lines = [edges.lines[step.edge] for step in chain]
    lengths_m = np.array([line.length for line in lines])
    widths_m = np.array([streets[step.edge].width_m for step in chain])
    start = edges.v[first.edge] if first.is_reversed else edges.u[first.edge]
    end = edges.u[last.edge] if last.is_reversed else edges.v[last.edge]
    line = _joined(
        [
            line.reverse() if step.is_reversed else line
            for line, step in zip(lines, chain, strict=True)
        ]
    )
    return {
        "from_junction": _junction_key(int(start), node_letter),
        "to_junction": _junction_key(int(end), node_letter),
        "name": street.names[0] if street.names else None,
        "names": street.names,
        "highway": street.highway,
        "car_forward": street.car_forward,
        "car_backward": street.car_backward,
        "bike_forward": street.bike_forward,
        "bike_backward": street.bike_backward,
        "walk": street.walk,
        "speed_kmh": street.speed_kmh,
        "width_m": round(float(np.average(widths_m, weights=lengths_m)), 2),
        "length_m": float(line.length),
        "is_assumed": any(streets[step.edge].is_assumed for step in chain),
        "is_ground": street.is_ground,
        "is_sidewalk": street.is_sidewalk,
        "geometry": line,
    }


def _joined(lines: list[shapely.LineString]) -> shapely.LineString:
    points = np.vstack([coordinates(line) for line in lines])
    is_new = np.concatenate([[True], (points[1:] != points[:-1]).any(axis=1)])
    return shapely.LineString(points[is_new])


def _junction_key(node: int, letter: str) -> str:
    return f"{letter}{node}" if node >= 0 else f"edge{-node}"


def _name_segments(rows: list[dict[str, object]], chains: list[list[Step]], edges: Edges) -> None:
    """Name each segment after the way it begins on, counted along that way."""
    count: dict[str, int] = {}
    for row, chain in zip(rows, chains, strict=True):
        key = edges.ways[int(edges.way[chain[0].edge])].key
        count[key] = count.get(key, 0) + 1
        row["segment"] = f"{key}-{count[key]}"


def _pieces(
    segment: int, chain: list[Step], edges: Edges, way_m: NDArray[np.float64]
) -> list[KerbPiece]:
    """Return the kerbs of a segment, stretches of one way taken together."""
    pieces: list[KerbPiece] = []
    before: tuple[int, bool] | None = None
    at_m = start_m = 0.0
    for step in chain:
        way = int(edges.way[step.edge])
        is_same = before == (way, step.is_reversed)
        start_m = start_m if is_same else at_m
        at_m += edges.lines[step.edge].length
        kerb = edges.ways[way].kerb
        piece = KerbPiece(
            segment=segment,
            start_m=start_m,
            end_m=at_m,
            kerb=kerb.reversed() if step.is_reversed else kerb,
            share=float((at_m - start_m) / way_m[way]),
        )
        pieces[-1:] = [piece] if is_same else [*pieces[-1:], piece]
        before = (way, step.is_reversed)
    return pieces


def _junctions(rows: Sequence[Row], crs: str) -> gpd.GeoDataFrame:
    points: dict[str, shapely.Point] = {}
    for row in rows:
        points.setdefault(str(row["from_junction"]), end_of(row["geometry"], 0))
        points.setdefault(str(row["to_junction"]), end_of(row["geometry"], -1))
    return layer_frame(
        "junctions",
        [{"junction": key, "geometry": point} for key, point in points.items()],
        crs,
    )
