"""The public geography and the devices, as tables of the city store that counting joins."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import numpy as np
import pyarrow as pa

from twin.city import City
from twin.domains.domain import Domain
from twin.errors import StoreError
from twin.hexes import hexes_of
from twin.layers import LAYER_BY_NAME
from twin.place.frames import numbers, rows_of, texts
from twin.readings import ENVELOPE, Device
from twin.store import Store

Cells = Mapping[tuple[str, int], frozenset[tuple[str, str]]]
"""By domain and version: each cell with each of its hexagons."""


def write_geography(store: Store, city: City, domains: Sequence[Domain]) -> None:
    """Replace what the store knows of the city's things and cells.

    Raises
    ------
    StoreError
        A domain has other cells than those for which figures have been released: a closed
        window is never computed again under others.
    """
    cells = _cells_of(city)
    _must_match(store, cells, domains)
    rows = [
        {"domain": domain, "version": version, "cell": cell, "hex": name}
        for (domain, version), pairs in sorted(cells.items())
        for cell, name in sorted(pairs)
    ]
    with store.transaction() as cursor:
        cursor.execute("DELETE FROM city.thing")
        cursor.execute("DELETE FROM city.cell_hex")
        for layer in sorted(_observed(domains)):
            store.insert("thing", _things(city, layer))
        store.insert("cell_hex", pa.Table.from_pylist(rows, _CELL_HEX))


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
        store.insert("device", pa.Table.from_pylist(rows, _DEVICE))


def _observed(domains: Iterable[Domain]) -> set[str]:
    """Return the layers that devices watch or name."""
    sensors = [sensor for domain in domains for sensor in domain.sensors]
    watched = {sensor.layer for sensor in sensors if sensor.layer is not None}
    return watched | {layer for sensor in sensors for layer in sensor.reading.refers_to.values()}


def _things(city: City, layer: str) -> pa.Table:
    frame = city.layers[layer]
    names = [str(name) for name in texts(frame, LAYER_BY_NAME[layer].key)]
    at = [city.position(layer, name) or (0.0, 0.0) for name in names]
    xs, ys = np.array([x for x, _ in at], float), np.array([y for _, y in at], float)
    has_capacity = "capacity" in LAYER_BY_NAME[layer].columns
    capacity = numbers(frame, "capacity") if has_capacity else np.zeros(len(names))
    return pa.table(
        {
            "layer": pa.array([layer] * len(names), pa.string()),
            "target": pa.array(names, pa.string()),
            "capacity": pa.array(capacity.astype(np.int64), pa.int64()),
            "hex": pa.array(hexes_of(city, xs, ys), pa.string()),
            "x_m": pa.array(xs, pa.float64()),
            "y_m": pa.array(ys, pa.float64()),
        }
    )


def _cells_of(city: City) -> Cells:
    return _grouped(
        {**row, "hex": name} for row in rows_of(city.layers["cells"]) for name in row["hexes"]
    )


def _grouped(rows: Iterable[Mapping[str, Any]]) -> Cells:
    found: dict[tuple[str, int], set[tuple[str, str]]] = defaultdict(set)
    for row in rows:
        found[str(row["domain"]), int(row["version"])].add((str(row["cell"]), str(row["hex"])))
    return {key: frozenset(pairs) for key, pairs in found.items()}


def _must_match(store: Store, cells: Cells, domains: Iterable[Domain]) -> None:
    closed = set(store.query("SELECT quantity FROM city.closed")["quantity"].to_pylist())
    known = _grouped(
        store.query("SELECT domain, version, cell, hex FROM city.cell_hex").to_pylist()
    )
    released = {d.name for d in domains if any(q.name in closed for q in d.quantities)}
    for (domain, version), pairs in known.items():
        if domain in released and cells.get((domain, version)) != pairs:
            raise StoreError(
                f"the store has released {domain} figures for other cells than this place has:"
                " use the place they belong to, or start with an empty store"
            )


_CELL_HEX = pa.schema(
    [
        ("domain", pa.string()),
        ("version", pa.int64()),
        ("cell", pa.string()),
        ("hex", pa.string()),
    ]
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
