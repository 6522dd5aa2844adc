"""The public geography and the devices, as tables of the city store that counting joins."""

from collections.abc import Iterable
from datetime import datetime

import h3
import numpy as np
import pyarrow as pa

from twin.city import City
from twin.layers import LAYER_BY_NAME
from twin.readings import ENVELOPE, Device
from twin.store import Store

OBSERVED_LAYERS = ("bays", "garages", "racks", "counters")
"""The layers that devices watch."""

HEX_RESOLUTION = 10


def hexes_of(city: City, xs: np.ndarray, ys: np.ndarray) -> list[str]:
    """Return the H3 cell of each position given in the city's CRS."""
    lon, lat = city.to_degrees.transform(xs, ys)
    return [h3.latlng_to_cell(float(b), float(a), HEX_RESOLUTION) for a, b in zip(lon, lat, strict=True)]


def write_geography(store: Store, city: City) -> None:
    """Replace what the store knows of the city's things and cells."""
    things = [_things(city, layer) for layer in OBSERVED_LAYERS]
    cells = [
        {"domain": row.domain, "version": int(row.version), "cell": row.cell, "hex": name}
        for row in city.cells.itertuples()
        for name in row.hexes
    ]
    with store.transaction() as cursor:
        cursor.execute("DELETE FROM city.thing")
        cursor.execute("DELETE FROM city.cell_hex")
        for table in things:
            if table.num_rows:
                store.insert("thing", table)
        if cells:
            store.insert("cell_hex", pa.Table.from_pylist(cells))


def write_devices(
    store: Store, registrations: Iterable[tuple[Device, datetime, datetime | None]]
) -> None:
    """Replace what the store knows of the devices and when they were in force."""
    rows = [
        {
            "device": device.device,
            "domain": device.domain,
            "origin": device.origin.value,
            "layer": device.layer,
            "target": device.target,
            "capacity": device.capacity,
            "hex": device.hex,
            "since": since,
            "until": until,
        }
        for device, since, until in registrations
    ]
    with store.transaction() as cursor:
        cursor.execute("DELETE FROM city.device")
        if rows:
            store.insert("device", pa.Table.from_pylist(rows, _DEVICE))


def _things(city: City, layer: str) -> pa.Table:
    frame, key = city.layers[layer], LAYER_BY_NAME[layer].key
    names = [str(name) for name in frame[key]]
    at = [city.position(layer, name) or (0.0, 0.0) for name in names]
    xs, ys = np.array([x for x, _ in at]), np.array([y for _, y in at])
    capacity = frame["capacity"].astype(int).tolist() if "capacity" in frame else [0] * len(frame)
    return pa.table(
        {
            "layer": pa.array([layer] * len(names), pa.string()),
            "target": pa.array(names, pa.string()),
            "capacity": pa.array(capacity, pa.int64()),
            "hex": pa.array(hexes_of(city, xs, ys), pa.string()),
            "x_m": pa.array(xs, pa.float64()),
            "y_m": pa.array(ys, pa.float64()),
        }
    )


_DEVICE = pa.schema(
    [
        ("device", pa.string()),
        ("domain", pa.string()),
        ("origin", pa.string()),
        ("layer", pa.string()),
        ("target", pa.string()),
        ("capacity", pa.int64()),
        ("hex", pa.string()),
        ("since", ENVELOPE["observed_at"]),
        ("until", ENVELOPE["observed_at"]),
    ]
)
