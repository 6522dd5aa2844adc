"""Made-up but plausible public files: releases, status and devices for any imported place.

The figures are seeded and follow a daily and weekly rhythm; some units are quiet, some silent.
They stand in for the city process, so that the web is tested against files alone.
"""

import json
import math
import os
import zlib
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import geopandas as gpd
import h3
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from twin.domains import Domain, Quantity
from twin.windows import Window

NOW = datetime(2026, 5, 12, 12, 0, tzinfo=UTC)
"""A Tuesday, 14:00 in Amsterdam."""

SCHEMA = pa.schema(
    [
        ("unit", pa.string()),
        ("version", pa.int32()),
        ("window_start", pa.timestamp("us", tz="UTC")),
        ("window_end", pa.timestamp("us", tz="UTC")),
        ("origin", pa.string()),
        ("value", pa.int64()),
        ("covered", pa.int64()),
        ("capacity", pa.int64()),
        ("sigma", pa.float64()),
        ("rho", pa.float64()),
    ]
)


class MadeFigures:
    """Makes figures for one place; the same seed gives the same files."""

    def __init__(
        self,
        directory: Path,
        domains: Sequence[Domain],
        *,
        origin: str = "simulated",
        seed: int = 7,
    ) -> None:
        self.directory = directory
        self.domains = domains
        self.origin = origin
        self.rng = np.random.default_rng(seed)
        self.about = json.loads((directory / "public" / "city" / "place.json").read_text())
        self.zone = ZoneInfo(self.about["timezone"])
        self.units = {q.name: self._units(d, q) for d in domains for q in d.quantities}
        self.level = {(n, u): self.rng.random() for n, units in self.units.items() for u in units}

    def write(
        self, *, now: datetime, days: int = 28, skip: Sequence[str] = ("parking_seen",)
    ) -> None:
        """Write the releases of the last ``days``, and what the city process says of itself."""
        for domain in self.domains:
            for quantity in domain.quantities:
                if quantity.name not in skip:
                    windows = quantity.windows.between(
                        now - timedelta(days=days), now - quantity.grace, self.zone
                    )
                    self._write(quantity, list(windows))
        self.say(now=now)
        self.devices()

    def add(self, quantity: Quantity, rows: list[dict[str, object]], day: str) -> None:
        """Add rows to one day's file, as the city process does: a new file in place of the old."""
        path = self.directory / "public" / "release" / quantity.name / f"{day}.parquet"
        old = pq.read_table(path).to_pylist() if path.exists() else []
        _replace(path, [*old, *rows])

    def row(
        self, quantity: Quantity, unit: str, window: Window, **given: object
    ) -> dict[str, object]:
        """Make one row."""
        capacity = self.units[quantity.name][unit]
        covered = self._covered(unit, window, capacity)
        is_measured = covered > 0 and covered >= quantity.min_coverage * capacity
        noisy = self._truth(quantity, unit, window, covered, capacity) + self.rng.normal(
            0, quantity.sigma
        )
        return {
            "unit": unit,
            "version": 1,
            "window_start": window.start,
            "window_end": window.end,
            "origin": self.origin,
            "value": round(noisy) if is_measured else None,
            "covered": covered,
            "capacity": capacity,
            "sigma": quantity.sigma,
            "rho": quantity.rho_per_window if is_measured else 0.0,
            **given,
        }

    def say(self, *, now: datetime, state: str = "ready", is_demonstration: bool = True) -> None:
        """Write what the city process says of itself."""
        path = self.directory / "ops" / "status.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        said = {
            "state": state,
            "message": {"nl": "De geschiedenis wordt gemaakt", "en": "Making the history"},
            "progress": None if state == "ready" else 0.4,
            "updated_at": now.isoformat(),
            "place": self.about["name"],
            "is_demonstration": is_demonstration,
            "version": "0.1.0",
        }
        new = path.with_suffix(".new")
        new.write_text(json.dumps(said))
        os.utime(new, (now.timestamp(), now.timestamp()))
        new.replace(path)

    def devices(self) -> None:
        """Write the register of devices."""
        rows: list[dict[str, object]] = []
        for domain in self.domains:
            for layer in {s.layer for s in domain.sensors if s.layer}:
                frame = gpd.read_parquet(self.directory / "public" / "city" / f"{layer}.parquet")
                rows += [
                    {
                        "device": f"sim-{key}",
                        "domain": domain.name,
                        "layer": layer,
                        "target": key,
                        "origin": self.origin,
                        "alive": 1.0 - (index % 9 == 0) * 0.5,
                    }
                    for index, key in enumerate(frame.iloc[:, 0].astype(str))
                ]
        pq.write_table(pa.Table.from_pylist(rows), self.directory / "ops" / "devices.parquet")

    def _write(self, quantity: Quantity, windows: Sequence[Window]) -> None:
        days: dict[str, list[dict[str, object]]] = {}
        for window in windows:
            days.setdefault(window.day.isoformat(), []).extend(
                self.row(quantity, unit, window) for unit in sorted(self.units[quantity.name])
            )
        for day, rows in days.items():
            _replace(self.directory / "public" / "release" / quantity.name / f"{day}.parquet", rows)

    def _units(self, domain: Domain, quantity: Quantity) -> dict[str, int]:
        city = self.directory / "public" / "city"
        if quantity.units == "garages":
            garages = gpd.read_parquet(city / "garages.parquet")
            return dict(zip(garages["garage"], garages["capacity"].astype(int), strict=True))
        cells = gpd.read_parquet(city / "cells.parquet")
        cells = cells[cells["domain"] == domain.name]
        if quantity.windows.kind == "hour":
            counters = gpd.read_parquet(city / "counters.parquet").to_crs("EPSG:4326")
            with_counter = {h3.latlng_to_cell(p.y, p.x, 10) for p in counters.geometry}
            return {
                cell: 3600
                for cell, hexes in zip(cells["cell"], cells["hexes"], strict=True)
                if with_counter & set(hexes)
            }
        if quantity.is_share:
            return {
                cell: int(weight)
                for cell, weight in zip(cells["cell"], cells["weight"], strict=True)
                if weight > 0
            }
        return {cell: len(hexes) for cell, hexes in zip(cells["cell"], cells["hexes"], strict=True)}

    def _covered(self, unit: str, window: Window, capacity: int) -> int:
        """Let some devices fall silent, and some only partly, for a while."""
        luck = zlib.crc32(f"{unit} {int(window.start.timestamp()) // 40_000}".encode()) % 41
        if luck == 0:
            return int(capacity * 0.3)
        return int(capacity * 0.8) if luck == 1 else capacity

    def _truth(
        self, quantity: Quantity, unit: str, window: Window, covered: int, capacity: int
    ) -> float:
        local = window.start.astimezone(self.zone)
        hour, weekday, level = local.hour, local.weekday(), self.level[quantity.name, unit]
        if quantity.is_share:
            busy = (
                0.35
                + 0.5 * level
                + 0.12 * math.sin((hour - 9) / 24 * math.tau)
                - 0.1 * (weekday > 4)
            )
            return covered * min(1.0, max(0.0, busy + self.rng.normal(0, 0.03)))
        part = covered / capacity
        if quantity.windows.kind == "hour":
            day = max(0.01, math.sin((hour - 6) / 18 * math.pi)) if hour >= 6 else 0.01
            week = (1, 1, 1, 1, 1.15, 1.35, 0.6)[weekday]
            return part * float(self.rng.poisson(1100 * level**2.5 * day * week))
        most = 30 if quantity.sigma > 2 else 9
        return part * float(self.rng.poisson(most * level**3))


def _replace(path: Path, rows: list[dict[str, object]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".partial")
    pq.write_table(pa.Table.from_pylist(rows, SCHEMA), partial, compression="zstd")
    partial.replace(path)
