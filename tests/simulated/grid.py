"""A small made-up city: a grid with a shopping street, homes around it, a tram line and a garage."""

from collections.abc import Callable
from typing import Any

import geopandas as gpd
import pandas as pd
from shapely import LineString, Point, Polygon, box

from twin.city import City
from twin.layers import LAYER_BY_NAME, LAYERS
from twin.place.frames import layer_frame

CRS = "EPSG:28992"
COLUMNS, ROWS = 9, 6
BLOCK_M = 80.0
WEST, SOUTH = 121_000.0, 487_000.0
SHOPPING_ROW = 2

Cut = dict[str, Any]


def at(column: float, row: float) -> tuple[float, float]:
    return WEST + column * BLOCK_M, SOUTH + row * BLOCK_M


def _street(name: str, start: tuple[int, int], end: tuple[int, int], *, shops: bool) -> Cut:
    return {
        "segment": f"s{start[0]}{start[1]}-{end[0]}{end[1]}",
        "from_junction": f"j{start[0]}{start[1]}",
        "to_junction": f"j{end[0]}{end[1]}",
        "name": name,
        "names": [name],
        "highway": "pedestrian" if shops else "residential",
        "car_forward": not shops,
        "car_backward": not shops,
        "bike_forward": True,
        "bike_backward": True,
        "walk": True,
        "speed_kmh": 30.0,
        "width_m": 8.0,
        "length_m": BLOCK_M,
        "is_assumed": False,
        "geometry": LineString([at(*start), at(*end)]),
    }


def _segments() -> list[Cut]:
    rows: list[Cut] = []
    for row in range(ROWS):
        rows += [
            _street(f"Row {row}", (c, row), (c + 1, row), shops=row == SHOPPING_ROW)
            for c in range(COLUMNS - 1)
        ]
    for column in range(COLUMNS):
        rows += [
            _street(f"Column {column}", (column, r), (column, r + 1), shops=False)
            for r in range(ROWS - 1)
        ]
    return rows


def _bays() -> list[Cut]:
    rows: list[Cut] = []
    for segment in _segments():
        if segment["highway"] == "pedestrian":
            continue
        for side, offset in (("left", 3.0), ("right", -3.0)):
            rows.append(
                {
                    "bay": f"{segment['segment']}-{side}",
                    "side": side,
                    "capacity": 8,
                    "kind": "paid" if side == "left" else "public",
                    "price_eur_h": 3.0 if side == "left" else None,
                    "segment": segment["segment"],
                    "along_m": BLOCK_M / 2,
                    "is_assumed": False,
                    "geometry": segment["geometry"].offset_curve(offset),
                }
            )
    return rows


def _points(layer: str, items: list[tuple[tuple[float, float], str, Cut]]) -> list[Cut]:
    key = LAYER_BY_NAME[layer].key
    return [
        {
            key: f"{layer[0]}{number}",
            "name": None,
            "segment": segment,
            "along_m": BLOCK_M / 2,
            "is_assumed": False,
            "geometry": Point(*point),
            **more,
        }
        for number, (point, segment, more) in enumerate(items)
    ]


def _along_shops(offsets: int) -> list[tuple[tuple[float, float], str]]:
    """Return spots along the shopping street with their segments."""
    return [
        (at(c + (n + 0.5) / offsets, SHOPPING_ROW), f"s{c}{SHOPPING_ROW}-{c + 1}{SHOPPING_ROW}")
        for c in range(COLUMNS - 1)
        for n in range(offsets)
    ]


def _attractors() -> list[Cut]:
    kinds = ("shop", "shop", "cafe", "shop", "restaurant", "shop", "shop", "service")
    items = [
        (spot, segment, {"kind": kinds[number % len(kinds)]})
        for number, (spot, segment) in enumerate(_along_shops(6))
    ]
    items += [
        (at(1.5, 0), "s10-20", {"kind": "school"}),
        (at(4.5, 4), "s44-54", {"kind": "supermarket"}),
        (at(6.5, 5), "s65-75", {"kind": "office"}),
        (at(7.5, 3), "s73-83", {"kind": "culture"}),
    ]
    return _points("attractors", items)


def _buildings() -> list[Cut]:
    rows: list[Cut] = []
    for column in range(COLUMNS - 1):
        for row in range(ROWS - 1):
            for half in (0, 1):
                west, south = at(column + 0.12, row + 0.12 + 0.42 * half)
                rows.append(
                    {
                        "building": f"b{column}{row}{half}",
                        "name": None,
                        "use": "residential",
                        "height_m": 12.0,
                        "floors": 4,
                        "dwellings": 24,
                        "segment": f"s{column}{row + half}-{column + 1}{row + half}",
                        "along_m": BLOCK_M / 2,
                        "is_assumed": False,
                        "geometry": box(west, south, west + 55, south + 22),
                    }
                )
    return rows


def _small_layers() -> dict[str, list[Cut]]:
    racks = [(spot, segment, {"capacity": 20}) for spot, segment in _along_shops(2)[::3]]
    racks += [
        (at(4.5, 3.05), "s43-53", {"capacity": 24}),
        (at(1.5, 0.05), "s10-20", {"capacity": 40}),
    ]
    counters = [(spot, segment, {}) for spot, segment in _along_shops(1)[::2]]
    counters += [(at(2, 0.5), "s20-21", {}), (at(6.5, 4), "s64-74", {}), (at(8, 4.5), "s84-85", {})]
    stops = [
        (at(4, SHOPPING_ROW - 0.5), f"s4{SHOPPING_ROW - 1}-4{SHOPPING_ROW}", {"mode": "tram"}),
        (at(8, 1.5), "s81-82", {"mode": "bus"}),
    ]
    return {
        "attractors": _attractors(),
        "racks": _points("racks", racks),
        "counters": _points("counters", counters),
        "stops": _points("stops", stops),
        "garages": _points("garages", [(at(3.5, 3), "s33-43", {"capacity": 120})]),
        "bays": _bays(),
        "segments": _segments(),
        "buildings": _buildings(),
        "junctions": [
            {"junction": f"j{c}{r}", "geometry": Point(*at(c, r))}
            for c in range(COLUMNS)
            for r in range(ROWS)
        ],
    }


def make_city() -> City:
    rows = _small_layers()
    west, south = at(-0.5, -0.5)
    east, north = at(COLUMNS - 0.5, ROWS - 0.5)
    return City(
        name="grid",
        title="A grid",
        timezone="Europe/Amsterdam",
        crs=CRS,
        boundary=Polygon([(west, south), (east, south), (east, north), (west, north)]),
        layers={
            layer.name: layer_frame(layer.name, rows.get(layer.name, []), CRS) for layer in LAYERS
        },
    )


Change = Callable[[gpd.GeoDataFrame], gpd.GeoDataFrame]


def changed(city: City, layer: str, change: Change) -> City:
    """Return the city with one layer replaced by what ``change`` makes of a copy of it."""
    return city.with_layers(**{layer: change(city.layers[layer].copy()).reset_index(drop=True)})


def with_racks(city: City, spots: list[tuple[float, float]], capacity: int) -> City:
    """Return the city with a rack more at each spot of the shopping street."""
    rows = [
        {
            "rack": f"new-{number}",
            "name": None,
            "capacity": capacity,
            "segment": f"s{int(column)}{SHOPPING_ROW}-{int(column) + 1}{SHOPPING_ROW}",
            "along_m": BLOCK_M / 2,
            "is_assumed": False,
            "geometry": Point(*at(column, row)),
        }
        for number, (column, row) in enumerate(spots)
    ]
    new = layer_frame("racks", rows, CRS)
    return changed(city, "racks", lambda racks: pd.concat([racks, new], ignore_index=True))
