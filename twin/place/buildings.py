"""Buildings: what they are used for, how high they are, and how many dwellings they may hold."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

import geopandas as gpd
import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from twin.place.assumptions import Assumptions
from twin.place.frames import layer_frame
from twin.place.osm import OsmObject
from twin.place.shapes import Geometries, areas_m2, array_of, coordinates, middles_of, pairs_meeting
from twin.place.street import read_number

_NEIGHBOURS = 5
_NEIGHBOURHOOD_M = 200
_LIVED_IN_FLOORS = 2

_USES: dict[str, str] = (
    dict.fromkeys(
        [
            "apartments",
            "residential",
            "house",
            "detached",
            "semidetached_house",
            "terrace",
            "dormitory",
            "bungalow",
            "houseboat",
        ],
        "residential",
    )
    | dict.fromkeys(["office", "government", "commercial"], "office")
    | dict.fromkeys(["retail", "supermarket", "kiosk", "shop", "mall"], "retail")
    | dict.fromkeys(["school", "university", "college", "kindergarten"], "school")
    | dict.fromkeys(
        ["church", "chapel", "cathedral", "mosque", "synagogue", "temple", "monastery"], "worship"
    )
    | dict.fromkeys(
        ["museum", "theatre", "cinema", "library", "civic", "public", "arts_centre"], "culture"
    )
    | dict.fromkeys(["hospital", "clinic"], "health")
    | dict.fromkeys(["industrial", "warehouse", "manufacture"], "industrial")
    | dict.fromkeys(
        [
            "roof",
            "shed",
            "garage",
            "garages",
            "carport",
            "utility",
            "service",
            "hut",
            "greenhouse",
            "pavilion",
            "tower",
            "transformer_tower",
            "storage_tank",
            "bridge",
            "ship",
            "train_station",
            "transportation",
            "construction",
            "ruins",
            "bunker",
            "atrium",
            "parking",
        ],
        "other",
    )
    | {"hotel": "hotel"}
)
_NO_BUILDING = frozenset({"no", "entrance"})
_USE_OF_AMENITY = {
    "place_of_worship": "worship",
    "university": "school",
    "school": "school",
    "kindergarten": "school",
    "theatre": "culture",
    "library": "culture",
    "arts_centre": "culture",
    "townhall": "office",
    "courthouse": "office",
    "hospital": "health",
    "parking": "other",
    "marketplace": "retail",
    "fire_station": "office",
    "bank": "office",
}
_USE_OF_LAND = {
    "residential": "residential",
    "commercial": "office",
    "retail": "retail",
    "civil": "office",
    "civic_admin": "office",
    "industrial": "industrial",
    "military": "other",
    "railway": "other",
}


@dataclass(frozen=True, slots=True)
class _Size:
    """Floors and height; None where the tags do not say."""

    floors: float | None
    height_m: float | None


def osm_buildings(objects: Sequence[OsmObject], crs: str, assume: Assumptions) -> gpd.GeoDataFrame:
    """Return the buildings among ``objects``; their dwellings are always an estimate."""
    found = [
        each
        for each in objects
        if each.tags.get("building", "no") not in _NO_BUILDING
        and each.geometry.geom_type in {"Polygon", "MultiPolygon"}
    ]
    if not found:
        return layer_frame("buildings", [], crs)
    shapes = array_of([each.geometry for each in found])
    area_m2 = areas_m2(shapes)
    uses = _uses(found, shapes, _land(objects))
    sizes = [_size(each.tags, assume) for each in found]
    floors = _floors(sizes, uses, shapes, area_m2, assume)
    return layer_frame(
        "buildings",
        [
            {
                "building": each.key,
                "name": each.tags.get("name") or each.tags.get("addr:housename"),
                "use": use,
                "floors": int(level),
                "height_m": round(level * assume.floor_height_m, 1)
                if size.height_m is None
                else size.height_m,
                "dwellings": _dwellings(each.tags, use, level, area, assume),
                "segment": "",
                "along_m": 0.0,
                "is_assumed": size.height_m is None and size.floors is None,
                "geometry": each.geometry,
            }
            for each, use, level, size, area in zip(
                found, uses, floors.tolist(), sizes, area_m2.tolist(), strict=True
            )
        ],
        crs,
    )


def floor_area_m2(
    shapes: Geometries, floors: NDArray[np.float64], uses: Sequence[str | None], assume: Assumptions
) -> NDArray[np.float64]:
    """Return the floor area (m²) in which people may live, by which dwellings are shared out."""
    share = np.array([assume.dwelling_share.get(use or "", 0.0) for use in uses])
    return areas_m2(shapes) * floors * share


def _land(objects: Sequence[OsmObject]) -> list[OsmObject]:
    return [
        each
        for each in objects
        if each.tags.get("landuse") in _USE_OF_LAND and each.geometry.geom_type.endswith("Polygon")
    ]


def _uses(found: Sequence[OsmObject], shapes: Geometries, land: Sequence[OsmObject]) -> list[str]:
    """Return each building's use: its own tags, else the land it stands on, else mixed."""
    uses = [_use_of_tags(each.tags) for each in found]
    if land:
        plots = array_of([each.geometry for each in land])
        inside, plot = pairs_meeting(middles_of(shapes), plots)
        for index, near in zip(inside.tolist(), plot.tolist(), strict=True):
            uses[index] = uses[index] or _USE_OF_LAND[land[int(near)].tags["landuse"]]
    return [use or "mixed" for use in uses]


def _use_of_tags(tags: Mapping[str, str]) -> str | None:
    if tags["building"] in _USES:
        return _USES[tags["building"]]
    if tags.get("amenity") in _USE_OF_AMENITY:
        return _USE_OF_AMENITY[tags["amenity"]]
    if tags.get("tourism") in {"hotel", "hostel"}:
        return "hotel"
    if tags.get("tourism") in {"museum", "gallery"}:
        return "culture"
    if "shop" in tags:
        return "retail"
    return "office" if "office" in tags else None


def _size(tags: Mapping[str, str], assume: Assumptions) -> _Size:
    floors = read_number(tags.get("building:levels"))
    height_m = read_number(tags.get("height") or tags.get("building:height"))
    if height_m and not floors:
        floors = max(round(height_m / assume.floor_height_m), 1)
    return _Size(floors or None, height_m or None)


def _floors(
    sizes: Sequence[_Size],
    uses: Sequence[str],
    shapes: Geometries,
    area_m2: NDArray[np.float64],
    assume: Assumptions,
) -> NDArray[np.float64]:
    """Return floors: as tagged, else as the nearest tagged buildings have, else by use."""
    floors = np.array([np.nan if size.floors is None else size.floors for size in sizes])
    known = ~np.isnan(floors)
    points = coordinates(middles_of(shapes))
    large = known & (area_m2 >= assume.small_building_m2)
    by_use = np.array([assume.floors.get(use, 2.0) for use in uses])
    likely = by_use.copy()
    if large.any():
        count = min(_NEIGHBOURS, int(large.sum()))
        tree = cast("Any", cKDTree(points[large]))
        distance_m, near = tree.query(points, k=[*range(1, count + 1)])
        is_near: NDArray[np.bool_] = distance_m <= _NEIGHBOURHOOD_M
        near_floors = np.where(is_near, floors[large][near], np.nan)
        has_near = is_near.any(axis=1)
        likely[has_near] = np.nanmedian(near_floors[has_near], axis=1)
    likely[(area_m2 < assume.small_building_m2) | (np.array(uses) == "other")] = 1
    return np.maximum(np.round(np.where(known, floors, likely)), 1)


def _dwellings(
    tags: Mapping[str, str], use: str, floors: float, area_m2: float, assume: Assumptions
) -> int:
    counted = read_number(tags.get("building:flats"))
    if counted is not None:
        return int(counted)
    share = assume.dwelling_share.get(use, 0.0)
    if use == "residential" and floors <= _LIVED_IN_FLOORS and area_m2 >= assume.small_building_m2:
        share = 1.0
    if area_m2 < assume.small_building_m2 and use != "residential":
        return 0
    return round(area_m2 * floors * share / assume.dwelling_floor_m2)
