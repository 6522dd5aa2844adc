"""Dwellings counted per area or per point, shared out over buildings."""

import geopandas as gpd
import numpy as np
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from twin.place.assumptions import Assumptions
from twin.place.buildings import floor_area_m2
from twin.place.frames import geometries, numbers, texts
from twin.place.shapes import Geometries, covered_by, distances_m, is_type, middles_of

_NEAR_M = 40


def share_out(
    buildings: gpd.GeoDataFrame, shapes: Geometries, counts: list[float], assume: Assumptions
) -> tuple[gpd.GeoDataFrame, int]:
    """Give buildings the dwellings of the areas (or near the points) that were counted.

    Within an area they are shared out by the floor area that people may live in. Buildings
    outside every area keep what they have. Returned too: how many dwellings found no building.
    """
    dwellings = numbers(buildings, "dwellings").copy()
    assumed = np.array(buildings["is_assumed"], bool)
    weights = _weights(buildings, assume)
    middles = middles_of(geometries(buildings))
    is_point = is_type(shapes, "Point", "MultiPoint")
    homeless = 0
    given = np.zeros(len(dwellings), bool)
    shares = np.zeros(len(dwellings))
    for shape, count, is_one in zip(shapes, counts, is_point.tolist(), strict=True):
        within = _within(shape, middles, geometries(buildings), is_point=is_one)
        if not within.any():
            homeless += int(count)
            continue
        shares[within] += round_to(count, weights[within])
        given |= within
        assumed |= within & (not is_one)
    result = buildings.copy()
    result["dwellings"] = np.where(given, shares, dwellings).astype(np.int64)
    result["is_assumed"] = assumed
    return result, homeless


def round_to(total: float, weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """Share a whole number out by weight; the parts are whole and add up to it.

    What rounding down leaves goes to the largest remainders (Hamilton's method).
    """
    if weights.sum() <= 0:
        weights = np.ones(len(weights))
    exact = int(total) * weights / weights.sum()
    parts = np.floor(exact)
    left = int(total) - int(parts.sum())
    parts[np.argsort(-(exact - parts), kind="stable")[:left]] += 1
    return parts


def _weights(buildings: gpd.GeoDataFrame, assume: Assumptions) -> NDArray[np.float64]:
    weights = floor_area_m2(
        geometries(buildings), numbers(buildings, "floors"), texts(buildings, "use"), assume
    )
    return np.maximum(weights, numbers(buildings, "dwellings"))


def _within(
    shape: BaseGeometry, middles: Geometries, footprints: Geometries, *, is_point: bool
) -> NDArray[np.bool_]:
    if not is_point:
        return covered_by(shape, middles)
    distance_m = distances_m(footprints, shape)
    return (distance_m == distance_m.min()) & (distance_m <= _NEAR_M)
