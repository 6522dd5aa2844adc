"""A first mapping of a recording onto a place, to be read and changed by a person."""

import re
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from scipy.optimize import linear_sum_assignment

from sensors.errors import MappingError
from sensors.replay.mapping import MappedDevice, Mapping
from sensors.replay.recording import Source, Thing
from twin.layers import LAYER_BY_NAME

if TYPE_CHECKING:
    from twin.city import City

Points = npt.NDArray[np.float64]


def suggest(city: "City", source: Source, path: Path | None = None) -> Mapping:
    """Return a mapping of a recording onto a place.

    Garages are matched by size, the largest with the largest. Counters are matched by where they
    lie, so that neighbours stay neighbours. What is left over on either side is left out.

    Raises
    ------
    MappingError
        The place has nothing that the recording could be shown at.
    """
    things = source.things(path)
    prefix = source.name.partition("-")[0]
    if source.layer is None:
        pairs: list[tuple[Thing, str | None]] = [(thing, None) for thing in things]
    else:
        pairs = _match(city, source.layer, things)
    if not pairs:
        raise MappingError("no mapping can be suggested", [f"{city.title} has no {source.layer}"])
    devices = tuple(
        MappedDevice(
            recorded=thing.name,
            device=f"{prefix}-{_slug(thing.name)}",
            target=target,
            capacity=thing.capacity,
        )
        for thing, target in pairs
    )
    return Mapping(source=source.name, place=city.name, devices=devices)


def _match(city: "City", layer: str, things: list[Thing]) -> list[tuple[Thing, str | None]]:
    frame = city.layers[layer]
    keys = [str(key) for key in frame[LAYER_BY_NAME[layer].key]]
    if not keys:
        return []
    if all(thing.capacity is not None for thing in things):
        sizes = dict(zip(keys, frame["capacity"].astype(int), strict=True))
        largest = sorted(keys, key=lambda key: (-sizes[key], key))
        ranked = sorted(things, key=lambda thing: (-(thing.capacity or 0), thing.name))
        return list(zip(ranked, largest, strict=False))
    recorded = np.array([(thing.lon or 0.0, thing.lat or 0.0) for thing in things])
    here = np.array([city.position(layer, key) for key in keys], dtype=float)
    distance = np.linalg.norm(_scaled(recorded)[:, None] - _scaled(here)[None], axis=2)
    left, right = linear_sum_assignment(distance)
    return [(things[i], keys[j]) for i, j in zip(left.tolist(), right.tolist(), strict=True)]


def _scaled(points: Points) -> Points:
    """Return points moved and scaled to mean 0 and standard deviation 1 each way."""
    spread = points.std(axis=0)
    return (points - points.mean(axis=0)) / np.where(spread > 0, spread, 1.0)


def _slug(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
