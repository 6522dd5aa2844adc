"""Made worlds to attack: the test knows what was counted, the attacker sees what was published.

A world has many cells that are all alike, each with one thing that is watched: every cell and
window is a trial of its own, because its noise is drawn on its own.
"""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

import geopandas as gpd
import h3
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pyproj
from shapely import LineString, Point, Polygon, box

from sensors.registration import watching
from twin.city import City
from twin.domains import load_domains
from twin.hexes import outline
from twin.layers import LAYER_BY_NAME, LAYERS
from twin.privacy.published import adopt, publish, unpublished
from twin.privacy.release import close_windows
from twin.readings import ENVELOPE, Device
from twin.register import write_devices, write_geography
from twin.store import Store, StoreLocation
from twin.windows import Window
from twin.words import Origin

CRS = "EPSG:28992"
ZONE = ZoneInfo("Europe/Amsterdam")
SINCE = datetime(2026, 1, 11, 23, 0, tzinfo=UTC)
"""Local midnight of a Monday, far from the days on which clocks change."""

CAPACITY = 20
BASE = 7
"""What is counted in every cell without the unit that the attacker is after."""


class Watched(NamedTuple):
    """How a quantity is counted: by devices on a layer's things, or by a scan car (None)."""

    layer: str | None
    kind: str
    column: str
    most: int = CAPACITY


WATCHED = {
    "parking_occupied": Watched("bays", "bays", "occupied"),
    "parking_garage": Watched("garages", "garage", "cars"),
    "parking_seen": Watched(None, "seen", "bay", most=1),
    "bikes_racked": Watched("racks", "rack", "bikes"),
    "bikes_loose": Watched(None, "sighting", "loose"),
    "bikes_dumped": Watched(None, "sighting", "dumped"),
    "footfall_passages": Watched("counters", "passages", "passages"),
}


def domain_of(quantity, **caps):
    """Return a domain with that quantity alone, and other caps where they are given."""
    for domain in load_domains():
        for one in domain.quantities:
            if one.name == quantity:
                capped = replace(one, protects=replace(one.protects, **caps))
                return replace(domain, quantities=(capped,))
    raise KeyError(quantity)


@cache
def wide_city(cells):
    """Return a city of so many cells of one hexagon, with bays, a garage, a rack and a counter in each."""
    radius = 0
    while 3 * radius * (radius + 1) + 1 < cells:
        radius += 1
    names = sorted(h3.grid_disk(h3.latlng_to_cell(52.37, 4.9, 10), radius))[:cells]
    to_metres = pyproj.Transformer.from_crs("EPSG:4326", CRS, always_xy=True)
    shapes = [Polygon(to_metres.itransform(outline(name).exterior.coords)) for name in names]
    along = {"segment": "s0", "along_m": 1.0, "is_assumed": False}
    rows = {layer.name: [] for layer in LAYERS}
    for at, (name, shape) in enumerate(zip(names, shapes, strict=True)):
        x, y = shape.centroid.x, shape.centroid.y
        point = along | {"name": None, "capacity": CAPACITY, "geometry": Point(x, y)}
        line = LineString([(x - 10, y), (x + 10, y)])
        bays = {"side": "left", "kind": "public", "source_kind": None, "price_eur_h": None}
        rows["bays"].append(
            along | bays | {"bay": f"b{at:05}", "capacity": CAPACITY} | {"geometry": line}
        )
        rows["garages"].append({"garage": f"g{at:05}", **point})
        rows["racks"].append({"rack": f"r{at:05}", **point})
        rows["counters"].append({"counter": f"c{at:05}", **point})
        for domain in ("parking", "bikes", "footfall"):
            cell = {"cell": f"{domain}-{at:05}", "domain": domain, "version": 1}
            rows["cells"].append(
                cell | {"hexes": [name], "weight": 1, "name": None, "geometry": shape}
            )
    xs, ys = [s.centroid.x for s in shapes], [s.centroid.y for s in shapes]
    boundary = box(min(xs) - 500, min(ys) - 500, max(xs) + 500, max(ys) + 500)
    layers = {layer.name: _frame(layer, rows[layer.name]) for layer in LAYERS}
    return City(
        name="wide", title="Wide", timezone=ZONE.key, crs=CRS, boundary=boundary, layers=layers
    )


def windows_of(quantity, first_day=0, days=1):
    """Return a quantity's windows of some days, by number from the first."""
    start = SINCE + timedelta(days=first_day)
    end = start + timedelta(days=days)
    found = quantity.windows.between(start - timedelta(days=1), end, ZONE)
    return [window for window in found if start <= window.start < end]


class World:
    """A store with a wide city, and the folder of what it published.

    Counts are arrays of a row for each window and a column for each cell.
    """

    def __init__(self, folder, *, cells, quantity, domain=None):
        self.folder = folder
        self.public = folder / "public"
        self.domain = domain or domain_of(quantity)
        self.quantity = self.domain.quantity(quantity)
        self.city = wide_city(cells)
        self.layer, self.kind, self.column, self.most = WATCHED[quantity]
        layer = self.layer or "bays"
        self.targets = self.city.layers[layer][LAYER_BY_NAME[layer].key].tolist()
        self.store = None
        self.start()

    @property
    def path(self):
        """Where the store is."""
        return self.folder / "city.duckdb"

    @property
    def units(self):
        """The names of the units of publication, in the order of the targets."""
        if self.quantity.units != "cells":
            return self.targets
        return [f"{self.domain.name}-{at:05}" for at in range(len(self.targets))]

    def start(self):
        """Do what the city process does at every start: import, adopt, publish what is missing."""
        self.store = Store.open(
            StoreLocation(path=self.path), crs=CRS, domains=(self.domain,), now=SINCE
        )
        write_geography(self.store, self.city, [self.domain])
        adopt(self.store, self.public, [self.domain])
        write_devices(self.store, [(device, SINCE, None) for device in self.devices])
        publish(self.store, self.public, unpublished(self.store, self.public))

    def stop(self):
        """Close the store."""
        self.store.close()

    @property
    def devices(self):
        """A device for each thing that is watched, or a scan car."""
        if self.layer is None:
            return [Device("scan", self.domain.name, Origin.SIMULATED)]
        return _devices(len(self.targets), self.domain.name, self.layer)

    def windows(self, first_day=0, days=1):
        """Return the quantity's windows of some days, by number from the first."""
        return windows_of(self.quantity, first_day, days)

    def count(self, windows, counts):
        """Store what the devices saw."""
        counts = np.asarray(counts)
        assert counts.shape == (len(windows), len(self.targets))
        assert counts.max() <= self.most
        made = self._readings if self.layer else self._rounds
        self.store.insert(f"{self.domain.name}_reading", made(windows, counts))

    def release(self, windows):
        """Close the windows and publish them."""
        now = windows[-1].end + self.quantity.grace
        closed = close_windows(self.store, [self.domain], zone=ZONE, now=now)
        publish(self.store, self.public, closed)

    def live(self, counts, *, first_day=0, days=1):
        """Count and release the windows of some days; return them."""
        windows = self.windows(first_day, days)
        self.count(windows, counts)
        self.release(windows)
        return windows

    def figures(self):
        """Return the published values as an array, with NaN where there is none."""
        files = sorted((self.public / "release" / self.quantity.name).glob("*.parquet"))
        whole = pa.concat_tables([pq.read_table(file) for file in files])
        whole = whole.sort_by([("window_start", "ascending"), ("unit", "ascending")])
        return whole["value"].to_numpy().astype(float).reshape(-1, len(self.targets))

    def ledger(self):
        """Return the published charges."""
        return pq.read_table(self.public / "ledger.parquet").to_pandas()

    def _readings(self, windows, counts):
        size = counts.size
        at = [_seen_at(window) for window in windows for _ in self.targets]
        column = counts.ravel().tolist()
        values = {
            "device": [d.device for d in self.devices] * len(windows),
            "boot": ["b"] * size,
            "seq": range(1, size + 1),
            "observed_at": at,
            "received_at": at,
            "origin": [Origin.SIMULATED.value] * size,
            "kind": [self.kind] * size,
            "heartbeat": [True] * size,
            "target": self.targets * len(windows),
            "hex": [d.hex for d in self.devices] * len(windows),
        }
        columns = {name: pa.array(values[name], kind) for name, kind in ENVELOPE.items()}
        if self.column == "occupied":
            numbers = {n: list(range(1, n + 1)) for n in set(column)}
            columns["occupied"] = pa.array([numbers[n] for n in column], pa.list_(pa.int64()))
        else:
            columns[self.column] = pa.array(column, pa.int64())
        if self.kind == "passages":
            columns["interval_s"] = pa.array([3600] * size, pa.int64())
        return pa.table(columns)

    def _rounds(self, windows, counts):
        """A round through every hexagon at noon of every day, and what was seen before."""
        cells = self.city.layers["cells"]
        hexes = [one[0] for one in cells.hexes[cells.domain == self.domain.name]]
        kinds, at, where, seen, passed = [], [], [], [], []
        for window, row in zip(windows, counts.tolist(), strict=True):
            spots = [spot for spot, number in enumerate(row) for _ in range(number)]
            noon = window.start + timedelta(hours=12)
            kinds += [self.kind] * len(spots) + ["survey"]
            at += [noon - timedelta(hours=1)] * len(spots) + [noon]
            where += [hexes[spot] for spot in spots] + [None]
            seen += [self.targets[spot] for spot in spots] + [None]
            passed += [None] * len(spots) + [hexes]
        size = len(kinds)
        values = {
            "device": ["scan"] * size,
            "boot": ["b"] * size,
            "seq": range(1, size + 1),
            "observed_at": at,
            "received_at": at,
            "origin": [Origin.SIMULATED.value] * size,
            "kind": kinds,
            "heartbeat": [False] * size,
            "target": [None] * size,
            "hex": where,
        }
        columns = {name: pa.array(values[name], kind) for name, kind in ENVELOPE.items()}
        columns["hexes"] = pa.array(passed, pa.list_(pa.string()))
        if self.kind == "seen":
            columns["bay"] = pa.array(seen, pa.string())
        else:
            columns["state"] = pa.array([seen and self.column for seen in where], pa.string())
        return pa.table(columns)


@cache
def _devices(cells, domain, layer):
    city = wide_city(cells)
    return [
        watching(city, domain, f"d-{target}", Origin.SIMULATED, layer, target)
        for target in city.layers[layer][LAYER_BY_NAME[layer].key]
    ]


def _seen_at(window: Window):
    return window.end if window.end > window.start else window.start - timedelta(minutes=5)


def _frame(layer, rows):
    frame = pd.DataFrame(rows, columns=[*layer.columns, "geometry"])
    return gpd.GeoDataFrame(frame, geometry="geometry", crs=CRS)
