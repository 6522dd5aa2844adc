"""Attaching things to the street they stand on."""

from collections.abc import Sequence

import geopandas as gpd
import numpy as np
from numpy.typing import NDArray

from twin.place.frames import flags, geometries, texts
from twin.place.network import Network
from twin.place.shapes import Geometries, distances_m, locate, middles_of, pairs_nearest


def attach(
    things: Geometries, lines: Geometries, suitable: NDArray[np.bool_]
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return, for each thing, the position of its nearest suitable line and how far along it is.

    Where a thing meets several lines, the one nearest to its middle counts.
    """
    candidates = np.flatnonzero(suitable)
    near = lines[candidates]
    thing, line = pairs_nearest(things, near)
    middles = middles_of(things)
    distance = distances_m(near[line], middles[thing])
    order = np.lexsort((line, distance, thing))
    _, first = np.unique(thing[order], return_index=True)
    chosen = line[order][first]
    segment = candidates[chosen]
    return segment, locate(lines[segment], middles)


def attached(
    frame: gpd.GeoDataFrame, network: Network, suitable: NDArray[np.bool_]
) -> gpd.GeoDataFrame:
    """Return a layer with ``segment`` and ``along_m`` filled in."""
    frame = frame.copy()
    if not len(frame):
        return frame
    segment, along_m = attach(geometries(frame), geometries(network.segments), suitable)
    keys = np.array(texts(network.segments, "segment"), dtype=object)
    frame["segment"] = keys[segment].astype(str)
    frame["along_m"] = along_m
    return frame


def where_cars(network: Network) -> NDArray[np.bool_]:
    """Return the segments beside which a car can be parked, or all that cars use if there are none."""
    cars = flags(network.segments, "car_forward") | flags(network.segments, "car_backward")
    return _first_of([cars & network.ground, cars], len(cars))


def where_people(network: Network) -> NDArray[np.bool_]:
    """Return the segments to which a door or a stand can open: walked, and not in a tunnel."""
    walks = flags(network.segments, "walk")
    return _first_of([walks & network.ground, walks], len(walks))


def _first_of(choices: Sequence[NDArray[np.bool_]], count: int) -> NDArray[np.bool_]:
    return next((choice for choice in choices if choice.any()), np.ones(count, bool))
