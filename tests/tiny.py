"""A hand-made neighbourhood of four streets, small enough to know by heart."""

import geopandas as gpd
import h3
import pandas as pd
import pyproj
from shapely import LineString, Point, Polygon, box

from sensors.registration import watching
from twin.city import City
from twin.layers import LAYER_BY_NAME, LAYERS
from twin.readings import Device
from twin.words import Origin

CRS = "EPSG:28992"
WEST, SOUTH = 121_000.0, 487_000.0
SIZE_M = 400.0
BAYS_PER_GROUP = 10


def tiny_city() -> City:
    """Return a square of 400 m with 12 segments, 12 bay groups, 2 racks, 2 counters, 1 garage."""
    boundary = box(WEST, SOUTH, WEST + SIZE_M, SOUTH + SIZE_M)
    junctions = {
        f"j{i}{j}": Point(WEST + 50 + 150 * i, SOUTH + 50 + 150 * j)
        for i in range(3)
        for j in range(3)
    }
    segments = _segments(junctions)
    rows = {
        "junctions": [{"junction": name, "geometry": at} for name, at in junctions.items()],
        "segments": segments,
        "bays": [_bay(segment) for segment in segments],
        "racks": [
            {
                "rack": f"rack-{i}",
                "name": None,
                "capacity": 40,
                "is_assumed": False,
                **_at(segments[i]),
            }
            for i in (0, 7)
        ],
        "counters": [
            {"counter": f"counter-{i}", "name": None, "is_assumed": True, **_at(segments[i])}
            for i in (1, 8)
        ],
        "garages": [
            {
                "garage": "garage-1",
                "name": "P1",
                "capacity": 200,
                "is_assumed": False,
                **_at(segments[3]),
            }
        ],
        "cells": [
            *_cells(boundary, "parking"),
            *_cells(boundary, "bikes"),
            *_cells(boundary, "footfall"),
        ],
    }
    return City(
        name="tiny",
        title="Tiny",
        timezone="Europe/Amsterdam",
        crs=CRS,
        boundary=boundary,
        layers={layer.name: _frame(layer, rows.get(layer.name, [])) for layer in LAYERS},
    )


def _frame(layer, rows):
    columns = [*layer.columns, "geometry"]
    frame = pd.DataFrame(rows, columns=columns)
    return gpd.GeoDataFrame(frame, geometry="geometry", crs=CRS)


def _segments(junctions):
    pairs = [(f"j{i}{j}", f"j{i + 1}{j}") for i in range(2) for j in range(3)]
    pairs += [(f"j{i}{j}", f"j{i}{j + 1}") for i in range(3) for j in range(2)]
    return [
        {
            "segment": f"s{number}",
            "from_junction": a,
            "to_junction": b,
            "name": f"Straat {number}",
            "names": [f"Straat {number}"],
            "highway": "residential",
            "car_forward": True,
            "car_backward": True,
            "bike_forward": True,
            "bike_backward": True,
            "walk": True,
            "speed_kmh": 30.0,
            "width_m": 6.0,
            "length_m": 150.0,
            "is_assumed": False,
            "geometry": LineString([junctions[a], junctions[b]]),
        }
        for number, (a, b) in enumerate(pairs)
    ]


def _bay(segment):
    line = segment["geometry"].offset_curve(3.0)
    return {
        "bay": f"bay-{segment['segment']}",
        "side": "left",
        "capacity": BAYS_PER_GROUP,
        "kind": "public",
        "source_kind": None,
        "price_eur_h": None,
        "segment": segment["segment"],
        "along_m": 75.0,
        "is_assumed": False,
        "geometry": line,
    }


def _at(segment):
    return {
        "segment": segment["segment"],
        "along_m": 75.0,
        "geometry": segment["geometry"].interpolate(75.0),
    }


def _cells(boundary, domain):
    to_degrees = pyproj.Transformer.from_crs(CRS, "EPSG:4326", always_xy=True)
    to_metres = pyproj.Transformer.from_crs("EPSG:4326", CRS, always_xy=True)
    hexes = set()
    for i in range(81):
        for j in range(81):
            lon, lat = to_degrees.transform(WEST + 5.0 * i, SOUTH + 5.0 * j)
            hexes.add(h3.latlng_to_cell(lat, lon, 10))
    for name in sorted(hexes):
        ring = [to_metres.transform(lon, lat) for lat, lon in h3.cell_to_boundary(name)]
        yield {
            "cell": f"{domain}-1-{name}",
            "domain": domain,
            "version": 1,
            "hexes": [name],
            "weight": 1,
            "name": None,
            "geometry": Polygon(ring).intersection(boundary),
        }


def tiny_devices(city: City) -> dict[str, Device]:
    """Return one simulated device for each bay group, garage, rack and counter, and two scan cars."""
    made = [
        watching(city, domain, f"{layer}-{target}", Origin.SIMULATED, layer, target)
        for domain, layer in (
            ("parking", "bays"),
            ("parking", "garages"),
            ("bikes", "racks"),
            ("footfall", "counters"),
        )
        for target in city.layers[layer][LAYER_BY_NAME[layer].key]
    ]
    made += [
        Device("scan-parking", "parking", Origin.SIMULATED),
        Device("scan-bikes", "bikes", Origin.SIMULATED),
    ]
    return {device.device: device for device in made}
