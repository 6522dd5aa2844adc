"""The other layers that an OpenStreetMap extract has: addresses, stands, garages, stops, land."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import geopandas as gpd

from twin.place.assumptions import Assumptions
from twin.place.frames import layer_frame
from twin.place.osm import OsmObject, Tags
from twin.place.shapes import array_of, middles_of
from twin.place.street import read_number

_CLOSED = frozenset({"private", "no", "employees"})
_KERB_PARKING = frozenset(
    ["street_side", "lane", "inline", "on_kerb", "half_on_kerb", "shoulder", "layby", "lay_by"]
)
_SAME_GARAGE_M = 600
_MOST_RACK_PLACES = 5_000

_GREEN: dict[str, dict[str, str]] = {
    "leisure": {"park": "park", "garden": "garden", "nature_reserve": "nature", "pitch": "sport"}
    | {"playground": "play", "dog_park": "park"},
    "landuse": {"grass": "grass", "meadow": "grass", "village_green": "grass", "forest": "wood"}
    | {"cemetery": "cemetery", "allotments": "garden", "recreation_ground": "park"}
    | {"flowerbed": "garden", "orchard": "garden"},
    "natural": {"wood": "wood", "scrub": "scrub", "grassland": "grass", "heath": "scrub"},
}
_WATER: dict[str, dict[str, str]] = {
    "natural": {"water": "water", "bay": "sea", "wetland": "wetland"},
    "landuse": {"basin": "basin", "reservoir": "basin", "pond": "pond"},
    "waterway": {"dock": "dock", "riverbank": "river"},
}
_AREAS = frozenset({"Polygon", "MultiPolygon"})


def osm_addresses(objects: Sequence[OsmObject], crs: str) -> gpd.GeoDataFrame:
    """Return one address per object that has one, shops and entrances included."""
    return _points(
        "addresses",
        [each for each in objects if "addr:housenumber" in each.tags or "addr:street" in each.tags],
        crs,
        lambda each: {
            "address": each.key,
            "street": each.tags.get("addr:street") or each.tags.get("addr:place"),
            "number": each.tags.get("addr:housenumber"),
            "postcode": each.tags.get("addr:postcode"),
        },
    )


def osm_racks(objects: Sequence[OsmObject], crs: str, assume: Assumptions) -> gpd.GeoDataFrame:
    """Return bicycle stands; places counted from the area or assumed where nobody counted."""

    def row(each: OsmObject) -> dict[str, Any]:
        counted = read_number(each.tags.get("capacity"))
        likely = each.geometry.area / assume.rack_area_m2 or assume.rack_places
        capacity = counted if counted and counted <= _MOST_RACK_PLACES else likely
        return {
            "rack": each.key,
            "name": each.tags.get("name"),
            "capacity": max(int(capacity), 1),
            "is_assumed": counted is None,
        }

    stands = [
        each
        for each in objects
        if each.tags.get("amenity") == "bicycle_parking" and each.tags.get("access") not in _CLOSED
    ]
    return _points("racks", stands, crs, row)


def osm_garages(objects: Sequence[OsmObject], crs: str, assume: Assumptions) -> gpd.GeoDataFrame:
    """Return off-street car parks that are open to the public, each name once."""

    def row(each: OsmObject) -> dict[str, Any]:
        capacity, is_assumed = _garage_capacity(each, assume)
        return {
            "garage": each.key,
            "name": each.tags.get("name"),
            "capacity": capacity,
            "is_assumed": is_assumed,
        }

    parks = [
        each
        for each in objects
        if _is_public_parking(each.tags)
        and each.tags.get("parking") not in _KERB_PARKING
        and _garage_capacity(each, assume)[0] >= assume.garage_least_spaces
    ]
    return _points("garages", _each_name_once(parks), crs, row)


def osm_drawn_bays(objects: Sequence[OsmObject], crs: str, assume: Assumptions) -> gpd.GeoDataFrame:
    """Return bays that are drawn as things of their own: beside a street, and small car parks."""
    rows: list[dict[str, Any]] = []
    for each in objects:
        if not _is_public_parking(each.tags):
            continue
        is_kerb = each.tags.get("parking") in _KERB_PARKING
        capacity, is_assumed = (
            _drawn_capacity(each, assume) if is_kerb else _garage_capacity(each, assume)
        )
        if is_kerb or capacity < assume.garage_least_spaces:
            condition = each.tags.get("parking:condition:area") or each.tags.get(
                "parking:condition"
            )
            is_paid = each.tags.get("fee") == "yes" or condition == "ticket"
            rows.append(
                {
                    "bay": each.key,
                    "capacity": capacity,
                    "kind": "paid" if is_paid else "public",
                    "source_kind": condition,
                    "is_assumed": is_assumed,
                    "side": "right",
                    "segment": "",
                    "along_m": 0.0,
                    "geometry": each.geometry,
                }
            )
    return layer_frame("bays", rows, crs)


def _is_public_parking(tags: Tags) -> bool:
    return (
        tags.get("amenity") == "parking"
        and tags.get("access") not in _CLOSED
        and tags.get("parking:condition:area") != "private"
    )


def _drawn_capacity(each: OsmObject, assume: Assumptions) -> tuple[int, bool]:
    counted = read_number(each.tags.get("capacity"))
    likely = each.geometry.area / assume.bay_area_m2
    return max(int(counted or likely), 1), not counted


def osm_stops(objects: Sequence[OsmObject], crs: str) -> gpd.GeoDataFrame:
    """Return the stops of public transport; a platform that is also a stop counts once."""
    stops = [each for each in objects if _stop_mode(each.tags) is not None]
    return _points(
        "stops",
        stops,
        crs,
        lambda each: {
            "stop": each.key,
            "name": each.tags.get("name"),
            "mode": _stop_mode(each.tags),
        },
    )


def osm_green(objects: Sequence[OsmObject], crs: str) -> gpd.GeoDataFrame:
    """Return parks, grass and other green."""
    return _areas("green", _GREEN, objects, crs)


def osm_water(objects: Sequence[OsmObject], crs: str) -> gpd.GeoDataFrame:
    """Return water that is drawn as areas."""
    return _areas("water", _WATER, objects, crs)


def _points(
    layer: str,
    objects: Sequence[OsmObject],
    crs: str,
    row: Callable[[OsmObject], dict[str, Any]],
) -> gpd.GeoDataFrame:
    points = middles_of(array_of([each.geometry for each in objects]))
    return layer_frame(
        layer,
        [
            {"segment": "", "along_m": 0.0, **row(each), "geometry": point}
            for each, point in zip(objects, points, strict=True)
        ],
        crs,
    )


def _areas(
    layer: str,
    kinds: Mapping[str, Mapping[str, str]],
    objects: Sequence[OsmObject],
    crs: str,
) -> gpd.GeoDataFrame:
    rows: list[dict[str, Any]] = []
    for each in objects:
        kind = _kind(each.tags, kinds)
        if kind is not None and each.geometry.geom_type in _AREAS:
            rows.append(
                {
                    layer: each.key,
                    "name": each.tags.get("name"),
                    "kind": kind,
                    "geometry": each.geometry,
                }
            )
    return layer_frame(layer, rows, crs)


def _kind(tags: Mapping[str, str], kinds: Mapping[str, Mapping[str, str]]) -> str | None:
    for key, table in kinds.items():
        if tags.get(key) in table:
            return table[tags[key]]
    return None


def _garage_capacity(each: OsmObject, assume: Assumptions) -> tuple[int, bool]:
    counted = read_number(each.tags.get("capacity"))
    if counted:
        return int(counted), False
    kind = each.tags.get("parking", "underground" if "name" in each.tags else "surface")
    if not each.geometry.area:
        return int(assume.garage_spaces.get(kind, assume.garage_spaces["surface"])), True
    floors = read_number(each.tags.get("parking:levels")) or assume.garage_floors.get(kind, 1)
    return max(int(each.geometry.area * floors / assume.garage_area_m2), 1), True


def _each_name_once(parks: Sequence[OsmObject]) -> list[OsmObject]:
    """Drop further entrances: parks of the same name near one another, the largest stays."""
    kept: list[OsmObject] = []
    for each in sorted(parks, key=lambda park: (-park.geometry.area, park.key)):
        name = _bare_name(each)
        is_known = name is not None and any(
            _bare_name(other) == name and other.geometry.distance(each.geometry) <= _SAME_GARAGE_M
            for other in kept
        )
        if not is_known:
            kept.append(each)
    return sorted(kept, key=lambda park: park.key)


def _bare_name(park: OsmObject) -> str | None:
    """Return a car park's name without the sign before it: "P-Kluuvi" is Kluuvi."""
    name = park.tags.get("name")
    return None if name is None else name.removeprefix("P-").removeprefix("P ").strip().lower()


def _stop_mode(tags: Tags) -> str | None:
    if tags.get("railway") == "tram_stop":
        return "tram"
    if tags.get("railway") in {"station", "halt", "subway_entrance"}:
        is_metro = tags.get("station") == "subway" or tags.get("subway") == "yes"
        return "metro" if is_metro or tags["railway"] == "subway_entrance" else "train"
    if tags.get("highway") == "bus_stop" or tags.get("amenity") == "bus_station":
        return "bus"
    return "ferry" if tags.get("amenity") == "ferry_terminal" else None
