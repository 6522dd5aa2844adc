"""The hand-made neighbourhood with homes, shops and water, and one measure of each kind for it."""

import numpy as np
import pandas as pd
import shapely
from shapely import Point, box
from tiny import CRS, SOUTH, WEST, tiny_city

from scenarios.measures import measure_adapter
from twin.layers import LAYER_BY_NAME, LAYERS
from twin.place.check import check_city
from twin.place.frames import layer_frame, rows_of

KINDS = {"bay-s1": "paid", "bay-s2": "permit", "bay-s4": "paid", "bay-s9": "loading"}
QUAY = ("s0", "s3")


def neighbourhood():
    """Return the tiny city with more in it.

    Segments s0 and s3 are one street, Zuidkade, known as South Quay too; two cafés have one
    name; the north-eastern block is free, but for a pond.
    """
    city = tiny_city()
    frames = {layer.name: rows_of(city.layers[layer.name]) for layer in LAYERS}
    for row in frames["segments"]:
        if row["segment"] in QUAY:
            row |= {"name": "Zuidkade", "names": ["Zuidkade", "South Quay"]}
    for row in frames["bays"]:
        row["kind"] = KINDS.get(row["bay"], "public")
        row["price_eur_h"] = 2.5 if row["kind"] == "paid" else None
    frames["attractors"] = [
        _attractor("a-shop", "shop", "Fietsenwinkel", "s0", 60, 44),
        _attractor("a-cafe-1", "cafe", "De Zon", "s1", 90, 206),
        _attractor("a-cafe-2", "cafe", "De Zon", "s4", 250, 206),
        _attractor("a-school", "school", "De Ark", "s5", 300, 356),
    ]
    frames["buildings"] = [
        _building("b-1", "s0", 80, 70, 40, 60),
        _building("b-2", "s1", 80, 230, 50, 70),
    ]
    frames["water"] = [
        {"water": "pond", "name": None, "kind": "pond", "geometry": area(310, 310, 335, 335)}
    ]
    return city.with_layers(**{name: layer_frame(name, rows, CRS) for name, rows in frames.items()})


def area(west, south, east, north):
    """Return a rectangle, in metres from the south-western corner."""
    return box(WEST + west, SOUTH + south, WEST + east, SOUTH + north)


def drawn(city, shape):
    """Return a shape in metres as GeoJSON."""
    points = shapely.get_coordinates(shape)
    lon, lat = city.to_degrees.transform(points[:, 0], points[:, 1])
    ring = [[round(float(x), 8), round(float(y), 8)] for x, y in zip(lon, lat, strict=True)]
    return {"type": "Polygon", "coordinates": [[*ring[:-1], ring[0]]]}


def lonlat(city, x, y):
    """Return a point in metres from the south-western corner as longitude and latitude."""
    return list(city.to_degrees.transform(WEST + x, SOUTH + y))


def independent(city):
    """Return, by kind, a measure that has nothing to do with any of the others."""
    return {
        "remove_bays": {"where": {"street": "Straat 2"}, "count": 4},
        "add_bays": {"where": {"segments": ["s5"]}, "count": 3, "side": "right"},
        "convert_bays": {"where": {"bays": ["bay-s5"]}, "to": "loading", "count": 2},
        "tariff": {
            "where": {"street": "Straat 1"},
            "price_eur_h": 4.0,
            "when": {"from_h": 9, "until_h": 21, "days": ["mon", "tue", "wed", "thu", "fri"]},
        },
        "max_stay": {"where": {"bays": ["bay-s4"]}, "minutes": 60},
        "permit_zone": {"name": "Noord", "where": {"area": drawn(city, area(40, 210, 190, 345))}},
        "open_garage": {"where": {"at": lonlat(city, 350, 100)}, "capacity": 300, "name": "P2"},
        "resize_garage": {"garage": "P1", "capacity": 250},
        "garage_tariff": {"garage": "P1", "price_eur_h": 2.5},
        "close_street": {
            "where": {"street": "Straat 7"},
            "when": {"from_h": 8.25, "until_h": 8.75, "days": ["mon"]},
        },
        "one_way": {"where": {"segments": ["s6"]}, "direction": "north"},
        "bicycle_street": {"where": {"street": "South Quay"}},
        "add_racks": {"where": {"street": "zuidkade"}, "places": 30},
        "move_racks": {"where": {"racks": ["rack-7"]}, "to": {"segments": ["s9"]}, "places": 15},
        "remove_racks": {"where": {"at": lonlat(city, 125, 55)}, "places": 10},
        "removal_round": {"every_d": 14, "label_d": 7, "where": {"street": "Straat 8"}},
        "open_attractor": {"where": {"street": "Straat 9"}, "attractor_kind": "cafe"},
        "close_attractor": {"attractor": "Fietsenwinkel"},
        "event": {
            "name": "Markt",
            "where": {"area": drawn(city, area(340, 40, 360, 210))},
            "when": {"from_h": 9, "until_h": 17, "days": ["sat"]},
            "visitors": 1500,
        },
        "new_housing": {
            "footprint_area": drawn(city, area(240, 240, 280, 300)),
            "dwellings": 80,
            "floors": 5,
        },
        "mobility_hub": {
            "where": {"segments": ["s8"]},
            "shared_cars": 3,
            "rack_places": 20,
            "removed_bays": 2,
        },
        "benches_and_green": {
            "where": {"segments": ["s11"]},
            "benches": 2,
            "trees": 3,
            "green_m2": 40,
        },
        "widen_pavement": {
            "where": {"segments": ["s7"]},
            "by_m": 1.0,
            "clear_m": 2.8,
            "takes": "bays",
            "side": "left",
        },
    }


def measure(kind, content, name=""):
    """Read one measure as a scenario file has it."""
    return measure_adapter().validate_python({"kind": kind, "id": name, **content})


def faults_of(city, kind, content):
    """Return what is wrong with a measure, as one reads it in a file."""
    return said(measure(kind, content).faults(city))


def said(faults):
    """Return faults as one reads them in a file; each is said in Dutch too."""
    found = list(faults)
    for fault in found:
        assert fault.message.nl not in {"", fault.message.en}
    return [str(fault) for fault in found]


def done(city, kind, **content):
    """Return the city with a measure, which must have no faults there and leave it sound."""
    made = measure(kind, content, "m1")
    assert list(made.faults(city)) == []
    changed = made.apply(city)
    check_city(changed)
    return changed


def canonical(city):
    """Return everything in a city, rows by key and rules in any order, to compare with another."""
    layers = {}
    for layer in LAYERS:
        frame = city.layers[layer.name]
        rows = sorted(rows_of(frame), key=lambda row: str(row[layer.key]))
        layers[layer.name] = [{name: _plain(value) for name, value in row.items()} for row in rows]
    rules = {
        name: sorted(map(repr, getattr(city.rules, name)))
        for name in city.rules.__dataclass_fields__
    }
    return layers, rules


def capacity(city, layer="bays", **wanted):
    """Return the capacity of a layer's rows that have some values."""
    frame = city.layers[layer]
    for name, value in wanted.items():
        frame = frame[frame[name] == value]
    return int(frame["capacity"].sum())


def row(city, layer, key):
    """Return one row of a layer."""
    return next(r for r in rows_of(city.layers[layer]) if r[LAYER_BY_NAME[layer].key] == key)


def _plain(value):
    if hasattr(value, "geom_type"):
        return shapely.to_wkt(value, rounding_precision=6)
    if isinstance(value, float | np.floating):
        return None if pd.isna(value) else round(float(value), 6)
    return list(value) if isinstance(value, list | tuple | np.ndarray) else value


def _attractor(key, kind, name, segment, x, y):
    return {
        "attractor": key,
        "kind": kind,
        "name": name,
        "segment": segment,
        "along_m": 40.0,
        "is_assumed": False,
        "geometry": Point(WEST + x, SOUTH + y),
    }


def _building(key, segment, west, south, width, depth):
    return {
        "building": key,
        "name": None,
        "use": "residential",
        "height_m": 12.0,
        "floors": 4,
        "dwellings": 30,
        "segment": segment,
        "along_m": 50.0,
        "is_assumed": False,
        "geometry": area(west, south, west + width, south + depth),
    }
