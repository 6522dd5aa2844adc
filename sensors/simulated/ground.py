"""The ground: a city's layers as plain arrays, and how near things on it are to one another."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import cast

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.spatial import cKDTree
from shapely import LineString

from sensors.simulated.luck import Floats, Ints, key_of
from twin.city import City
from twin.layers import LAYER_BY_NAME
from twin.place.frames import flags, geometries, numbers, texts

Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Things:
    """Some rows of one layer: where each is (m), what kind it is, and what it weighs.

    ``keys`` are the 64-bit keys of the names; ``segment`` is the position of each one's segment,
    -1 where it has none. ``weight`` is the capacity, the dwellings, or 1.
    """

    names: Sequence[str]
    keys: Sequence[int]
    x_m: Floats
    y_m: Floats
    segment: Ints
    kind: Sequence[str]
    weight: Floats

    def __len__(self) -> int:
        return len(self.names)

    @cached_property
    def points(self) -> Floats:
        """Positions, one row each."""
        return np.column_stack([self.x_m, self.y_m])

    @cached_property
    def index(self) -> dict[str, int]:
        """Position of each name."""
        return {name: at for at, name in enumerate(self.names)}


@dataclass(frozen=True)
class Streets:
    """The segments: between which nodes, how long, of which class, and who may use them."""

    names: Sequence[str]
    keys: Sequence[int]
    start: Ints
    end: Ints
    nodes: int
    length_m: Floats
    highway: Sequence[str]
    drive: Flags
    walk: Flags
    lines: Sequence[LineString]

    def __len__(self) -> int:
        return len(self.names)

    @cached_property
    def index(self) -> dict[str, int]:
        """Position of each name."""
        return {name: at for at, name in enumerate(self.names)}


@dataclass(frozen=True)
class Ground:
    """Everything the true day needs to know of a city."""

    streets: Streets
    bays: Things
    price_eur_h: Floats
    garages: Things
    racks: Things
    counters: Things
    stops: Things
    attractors: Things
    homes: Things

    @classmethod
    def of(cls, city: City) -> "Ground":
        """Read a city."""
        streets = _streets(city)
        return cls(
            streets=streets,
            bays=_things(city, "bays", streets, kind="kind", weight="capacity"),
            price_eur_h=np.nan_to_num(numbers(city.bays, "price_eur_h")),
            garages=_things(city, "garages", streets, weight="capacity"),
            racks=_things(city, "racks", streets, weight="capacity"),
            counters=_things(city, "counters", streets),
            stops=_things(city, "stops", streets, kind="mode"),
            attractors=_things(city, "attractors", streets, kind="kind"),
            homes=_homes(city, streets),
        )


def nearness(one: Floats, other: Floats, reach_m: float) -> csr_array:
    """Return how near points are to one another: a quartic kernel, 1 at the spot, 0 at the reach.

    One row for each of ``one``, one column for each of ``other``; Silverman (1986), section 4.2.
    """
    shape = (len(one), len(other))
    if 0 in shape:
        return csr_array(shape)
    pairs = cKDTree(one).sparse_distance_matrix(cKDTree(other), reach_m, output_type="coo_matrix")
    near = (1 - (pairs.data / reach_m) ** 2) ** 2
    return csr_array((near, (pairs.row, pairs.col)), shape=shape)


def shares(near: csr_array) -> csr_array:
    """Scale rows to sum to 1; a row of nothing stays nothing."""
    total = np.asarray(near.sum(axis=1)).ravel()
    scale = np.divide(1.0, total, out=np.zeros_like(total), where=total > 0)
    return csr_array(near.multiply(scale[:, None]))


def _streets(city: City) -> Streets:
    frame = city.segments
    names = _names(frame, "segment")
    starts, ends = _names(frame, "from_junction"), _names(frame, "to_junction")
    node = {name: at for at, name in enumerate(dict.fromkeys([*starts, *ends]))}
    return Streets(
        names=names,
        keys=[key_of(name) for name in names],
        start=np.array([node[name] for name in starts], np.int64),
        end=np.array([node[name] for name in ends], np.int64),
        nodes=len(node),
        length_m=numbers(frame, "length_m"),
        highway=_names(frame, "highway"),
        drive=flags(frame, "car_forward") | flags(frame, "car_backward"),
        walk=flags(frame, "walk"),
        lines=cast("Sequence[LineString]", geometries(frame)),
    )


def _things(
    city: City, layer: str, streets: Streets, *, kind: str | None = None, weight: str | None = None
) -> Things:
    frame = city.layers[layer]
    names = _names(frame, LAYER_BY_NAME[layer].key)
    positions = [city.position(layer, name) for name in names]
    points = np.array([at for at in positions if at is not None], float).reshape(-1, 2)
    return Things(
        names=names,
        keys=[key_of(f"{layer}/{name}") for name in names],
        x_m=points[:, 0],
        y_m=points[:, 1],
        segment=np.array(
            [streets.index.get(name or "", -1) for name in texts(frame, "segment")], np.int64
        ),
        kind=_names(frame, kind) if kind else [""] * len(names),
        weight=numbers(frame, weight) if weight else np.ones(len(names)),
    )


def _homes(city: City, streets: Streets) -> Things:
    """Buildings with dwellings; where a place has none at all, people live along its streets."""
    buildings = _things(city, "buildings", streets, weight="dwellings")
    if buildings.weight.sum() > 0:
        return _pick(buildings, np.flatnonzero(buildings.weight > 0))
    middles = [line.interpolate(0.5, normalized=True) for line in streets.lines]
    along = Things(
        names=streets.names,
        keys=streets.keys,
        x_m=np.array([middle.x for middle in middles]),
        y_m=np.array([middle.y for middle in middles]),
        segment=np.arange(len(streets)),
        kind=[""] * len(streets),
        weight=streets.length_m / METRES_PER_DWELLING,
    )
    return _pick(along, np.flatnonzero(streets.drive))


METRES_PER_DWELLING = 8.0
"""Street length per dwelling where a place has no buildings (assumed)."""


def _pick(things: Things, at: Ints) -> Things:
    places: list[int] = at.tolist()
    return Things(
        names=[things.names[place] for place in places],
        keys=[things.keys[place] for place in places],
        x_m=things.x_m[at],
        y_m=things.y_m[at],
        segment=things.segment[at],
        kind=[things.kind[place] for place in places],
        weight=things.weight[at],
    )


def _names(frame: object, column: str) -> list[str]:
    return [name or "" for name in texts(frame, column)]  # pyright: ignore[reportArgumentType]
