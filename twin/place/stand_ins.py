"""Stand-ins where no source has a layer at all: homes, destinations and bicycle stands.

They are put at even distances along the streets, say ``is_assumed``, and are only there so that
a what-if has somebody who goes somewhere.
"""

from collections.abc import Mapping

import geopandas as gpd
import numpy as np
import shapely

from twin.place.assumptions import Assumptions
from twin.place.attach import where_people
from twin.place.bays import kerb_line
from twin.place.frames import geometries, layer_frame, numbers, texts
from twin.place.network import Network
from twin.place.shapes import points_at

HOME_USE = "home_stand_in"
"""Use of a footprint that stands for dwellings and is no real building: not to be drawn as one."""

_HOME_SIDE_M = 6.0
_SET_BACK_M = 8.0
_ATTRACTOR_STREETS = frozenset(
    ["residential", "living_street", "unclassified", "tertiary", "secondary", "pedestrian"]
)
_RACK_STREETS = frozenset(
    ["residential", "living_street", "unclassified", "tertiary", "pedestrian"]
)
# One round of destinations, in an order that mixes them along a street.
_ROUND = ("shop", "cafe", "office", "restaurant", "service", "shop", "supermarket", "school")


def homes(network: Network, boundary: shapely.Polygon, assume: Assumptions) -> gpd.GeoDataFrame:
    """Return footprints along the streets with the dwellings that are assumed to be there."""
    rows: list[dict[str, object]] = []
    for index, along_m, part_m, highway in _places(
        network, assume.dwellings_per_100_m, assume.home_every_m
    ):
        dwellings = assume.dwellings_per_100_m[highway] * part_m / 100
        rows.extend(_pair_of_homes(network, index, along_m, dwellings, boundary))
    return layer_frame("buildings", rows, str(network.segments.crs))


def destinations(network: Network, assume: Assumptions) -> gpd.GeoDataFrame:
    """Return destinations of mixed kinds at even distances along the streets."""
    streets = dict.fromkeys(_ATTRACTOR_STREETS, 1.0)
    places = _places(network, streets, assume.attractor_every_m)
    keys, lines = texts(network.segments, "segment"), geometries(network.segments)
    return layer_frame(
        "attractors",
        [
            {
                "attractor": f"assumed-{number}",
                "kind": _ROUND[number % len(_ROUND)],
                "segment": keys[index],
                "along_m": along_m,
                "is_assumed": True,
                "geometry": points_at(lines[index], along_m),
            }
            for number, (index, along_m, _, _) in enumerate(places)
        ],
        str(network.segments.crs),
    )


def racks(network: Network, assume: Assumptions) -> gpd.GeoDataFrame:
    """Return bicycle stands at even distances along the streets."""
    streets = dict.fromkeys(_RACK_STREETS, 1.0)
    keys, lines = texts(network.segments, "segment"), geometries(network.segments)
    return layer_frame(
        "racks",
        [
            {
                "rack": f"assumed-{number}",
                "capacity": int(assume.rack_places),
                "segment": keys[index],
                "along_m": along_m,
                "is_assumed": True,
                "geometry": points_at(lines[index], along_m),
            }
            for number, (index, along_m, _, _) in enumerate(
                _places(network, streets, assume.rack_every_m)
            )
        ],
        str(network.segments.crs),
    )


def _places(
    network: Network, streets: Mapping[str, float], every_m: float
) -> list[tuple[int, float, float, str]]:
    """Return evenly spread places: segment, distance along it, the length it stands for, class.

    The distance runs on from segment to segment, so that many short ones count as one long one.
    """
    highway = texts(network.segments, "highway")
    length_m = numbers(network.segments, "length_m")
    fits = where_people(network) & np.isin(np.array(highway, dtype=str), list(streets))
    places: list[tuple[int, float, float, str]] = []
    since_m = every_m / 2
    for index in np.flatnonzero(fits).tolist():
        next_m = every_m - since_m
        while next_m <= length_m[index]:
            places.append((index, next_m, every_m, str(highway[index])))
            next_m += every_m
        since_m = every_m - (next_m - float(length_m[index]))
    return places


def _pair_of_homes(
    network: Network, index: int, along_m: float, dwellings: float, boundary: shapely.Polygon
) -> list[dict[str, object]]:
    """Return a footprint on each side of the street, its half of the dwellings in each."""
    line = geometries(network.segments)[index]
    key = texts(network.segments, "segment")[index]
    width_m = float(numbers(network.segments, "width_m")[index])
    start_m = min(max(along_m, 0.1), line.length - 0.1)
    rows: list[dict[str, object]] = []
    for side, sign, count in (
        ("L", 1, int(np.ceil(dwellings / 2))),
        ("R", -1, int(np.floor(dwellings / 2))),
    ):
        offset_m = sign * (width_m / 2 + _SET_BACK_M)
        middle = kerb_line(line, start_m - 0.05, start_m + 0.05, offset_m).centroid
        footprint = middle.buffer(_HOME_SIDE_M / 2, cap_style="square")
        if count and boundary.contains(footprint):
            rows.append(
                {
                    "building": f"home-{key}-{round(along_m)}{side}",
                    "use": HOME_USE,
                    "height_m": 1.0,
                    "floors": 1,
                    "dwellings": count,
                    "segment": key,
                    "along_m": along_m,
                    "is_assumed": True,
                    "geometry": footprint,
                }
            )
    return rows
