"""The reader of what is public: the only way in which the web process reads data.

An in-memory DuckDB is locked to ``public/`` and ``ops/`` of one place, loads every release file
once, and afterwards only those that are new or have changed. Names are checked against the
declared domains and layers, values are bound; no SQL comes from outside this package.
"""

import json
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, NamedTuple

import duckdb
import numpy as np
import pyarrow as pa
import shapely
from numpy.typing import NDArray
from shapely import Geometry

from twin.domains import Domain, Quantity
from twin.errors import NotReadyError, UnknownNameError
from twin.layers import LAYER_BY_NAME
from twin.words import Origin, Text

_ALWAYS = datetime(1970, 1, 1, tzinfo=UTC), datetime(9000, 1, 1, tzinfo=UTC)
_NO_LIMIT = 2**31

STALE_AFTER = timedelta(seconds=60)
"""A status file older than this means that the city process is not running."""

PREFERENCE = (Origin.MEASURED, Origin.RECORDED, Origin.SIMULATED, Origin.ASSUMED)
"""Which origin is shown first where a quantity has several."""


class Period(NamedTuple):
    """One published window, [start, end) in UTC; a snapshot has ``start == end``."""

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class LayerFacts:
    """What is known of a public layer as a whole; ``share_assumed`` is None where it cannot be."""

    name: str
    rows: int
    sources: tuple[str, ...]
    licences: tuple[str, ...]
    attributions: tuple[str, ...]
    share_assumed: float | None


@dataclass(frozen=True, slots=True)
class PlaceFacts:
    """The place as ``place.json`` states it; ``bbox`` is west, south, east, north in degrees."""

    name: str
    title: str
    timezone: str
    crs: str
    bbox: tuple[float, float, float, float]
    centre: tuple[float, float]
    boundary: Geometry
    notes: tuple[str, ...]
    layers: Mapping[str, LayerFacts]

    @property
    def attributions(self) -> tuple[str, ...]:
        """Who must be named wherever the map is shown."""
        named = [one for layer in self.layers.values() for one in layer.attributions]
        return tuple(dict.fromkeys(named))


@dataclass(frozen=True, slots=True)
class LayerTable:
    """The public columns of a layer, with its geometries in the place's CRS."""

    columns: dict[str, list[Any]]
    geometry: NDArray[np.object_]

    def __len__(self) -> int:
        return len(self.geometry)


@dataclass(frozen=True, slots=True)
class Status:
    """What the city process last said of itself."""

    state: str
    message: Text
    progress: float | None
    is_demonstration: bool
    is_running: bool
    updated_at: str
    version: str


class PublicReader:
    """Reads one place's public files; a cursor for each thread.

    Parameters
    ----------
    directory
        The place's directory, with ``public/`` and ``ops/`` in it. Both may appear later.
    """

    def __init__(
        self,
        directory: Path,
        domains: Sequence[Domain],
        *,
        memory_limit: str = "256MB",
        threads: int = 1,
    ) -> None:
        self._public = (directory / "public").resolve()
        self._ops = (directory / "ops").resolve()
        self._quantities = {q.name: q for domain in domains for q in domain.quantities}
        self._connection = _locked(
            (self._public, self._ops), memory_limit=memory_limit, threads=threads
        )
        self._connection.execute(_sql("schema"))
        self._local = threading.local()
        self._refreshing = threading.Lock()
        self._loaded: dict[Path, _Signature] = {}

    @property
    def quantities(self) -> Mapping[str, Quantity]:
        """The quantities that may be asked for."""
        return self._quantities

    def quantity(self, name: str) -> Quantity:
        """Return a declared quantity, or raise UnknownNameError with those that exist."""
        if name not in self._quantities:
            raise UnknownNameError(
                f"there is no quantity {name!r}; there are: {', '.join(sorted(self._quantities))}"
            )
        return self._quantities[name]

    def refresh(self) -> set[str]:
        """Load release files that are new, changed or gone; return the quantities this changes."""
        with self._refreshing:
            found = {
                path: signature
                for name in self._quantities
                for path, signature in self._files(name)
            }
            stale = [path for path in self._loaded if self._loaded[path] != found.get(path)]
            new = [path for path in found if self._loaded.get(path) != found[path]]
            if not stale and not new:
                return set()
            self._load(stale, new)
            self._loaded = found
            return {path.parent.name for path in (*stale, *new)}

    def place(self) -> PlaceFacts:
        """Return the facts of the place; NotReadyError before one has been imported."""
        try:
            facts = json.loads((self._public / "city" / "place.json").read_bytes())
        except FileNotFoundError as err:
            raise NotReadyError("no place has been imported yet") from err
        layers = {
            layer["name"]: LayerFacts(
                name=layer["name"],
                rows=layer["rows"],
                sources=tuple(layer["sources"]),
                licences=tuple(layer["licences"]),
                attributions=tuple(layer["attributions"]),
                share_assumed=layer["share_assumed"],
            )
            for layer in facts["layers"]
        }
        west, south, east, north = facts["bbox"]
        return PlaceFacts(
            name=facts["name"],
            title=facts["title"],
            timezone=facts["timezone"],
            crs=facts["crs"],
            bbox=(west, south, east, north),
            centre=(facts["centre"][0], facts["centre"][1]),
            boundary=shapely.from_wkt(str(facts["boundary"])),
            notes=tuple(facts["notes"]),
            layers=layers,
        )

    def layer(self, name: str) -> LayerTable:
        """Return a public layer: its public columns and geometries, ordered by key.

        Raises
        ------
        UnknownNameError
            There is no public layer of that name in this place.
        """
        public = [layer.name for layer in LAYER_BY_NAME.values() if layer.is_public]
        path = self._public / "city" / f"{name}.parquet"
        if name not in public or not path.exists():
            there = [one for one in public if (self._public / "city" / f"{one}.parquet").exists()]
            raise UnknownNameError(f"there is no layer {name!r}; there are: {', '.join(there)}")
        columns = LAYER_BY_NAME[name].public_columns
        relation = self._cursor().read_parquet(str(path))
        present = [column for column in columns if column in relation.columns]
        wanted = ", ".join(f'"{column}"' for column in present)
        table = relation.project(f"{wanted}, ST_AsWKB(geometry) AS geometry").to_arrow_table()
        table = table.sort_by([(columns[0], "ascending")])  # pyright: ignore[reportUnknownMemberType]
        rows: dict[str, list[Any]] = {column: table[column].to_pylist() for column in present}
        return LayerTable(rows, shapely.from_wkb(np.array(table["geometry"].to_pylist(), object)))

    def layer_version(self) -> str:
        """Return a text that changes when the place is imported again."""
        with suppress(FileNotFoundError):
            stat = (self._public / "city" / "place.json").stat()
            return f"{stat.st_mtime_ns:x}-{stat.st_size:x}"
        return ""

    def origins(self, quantity: str) -> list[Origin]:
        """Return the origins for which a quantity has figures, the one to show first in front."""
        rows = self._query("origins", quantity=self.quantity(quantity).name)["origin"].to_pylist()
        return [origin for origin in PREFERENCE if origin.value in rows]

    def periods(self, quantity: str, origin: Origin) -> list[Period]:
        """Return every published period, oldest first."""
        rows = self._query("periods", quantity=self.quantity(quantity).name, origin=origin.value)
        return [Period(row["window_start"], row["window_end"]) for row in rows.to_pylist()]

    def figures(
        self,
        quantity: str,
        *,
        origin: Origin | None = None,
        unit: str | None = None,
        since: datetime = _ALWAYS[0],
        until: datetime = _ALWAYS[1],
        limit: int = _NO_LIMIT,
    ) -> pa.Table:
        """Return the figures of windows that start in [since, until), in a fixed order.

        Columns: unit, version, window_start, window_end, origin, value (None: not measured),
        covered, capacity, sigma, rho.
        """
        return self._query(
            "figures",
            quantity=self.quantity(quantity).name,
            origin=None if origin is None else origin.value,
            unit=unit,
            since=since,
            until=until,
            limit=limit,
        )

    def at(self, quantity: str, origin: Origin, start: datetime) -> pa.Table:
        """Return the figures of the period that starts at ``start``: one row a unit."""
        return self.figures(
            quantity, origin=origin, since=start, until=start + timedelta(microseconds=1)
        )

    def typical(self, quantity: str, origin: Origin, zone: str) -> pa.Table:
        """Return the typical week, one row a unit and slot (local hour of the week, Monday 0).

        Columns: slot, unit, version, weeks, mean, spread (variance between weeks, None for one
        week) and noise (mean variance of the noise). `twin.privacy.estimates` says what
        the level is of which these are the mean and the variances.
        """
        declared = self.quantity(quantity)
        return self._query(
            "typical",
            quantity=quantity,
            origin=origin.value,
            zone=zone,
            is_share=declared.is_share,
        )

    def status(self, now: datetime) -> Status | None:
        """Return what the city process last said; None if it never said anything."""
        path = self._ops / "status.json"
        try:
            said = json.loads(path.read_bytes())
            written = datetime.fromtimestamp(path.stat().st_mtime, UTC)
        except FileNotFoundError:
            return None
        return Status(
            state=said["state"],
            message=Text(said["message"]["nl"], said["message"]["en"]),
            progress=said.get("progress"),
            is_demonstration=bool(said.get("is_demonstration")),
            is_running=now - written <= STALE_AFTER,
            updated_at=said["updated_at"],
            version=said.get("version", ""),
        )

    def devices(self) -> list[dict[str, Any]]:
        """Return the registered devices and the share of the last day they were alive."""
        path = self._ops / "devices.parquet"
        if not path.exists():
            return []
        columns = "device, domain, layer, target, origin, alive"
        rows = self._cursor().read_parquet(str(path)).project(columns).to_arrow_table()
        in_order = rows.sort_by([("domain", "ascending"), ("device", "ascending")])  # pyright: ignore[reportUnknownMemberType]
        return in_order.to_pylist()

    def close(self) -> None:
        """Close the engine."""
        self._connection.close()

    def _files(self, quantity: str) -> list[tuple[Path, "_Signature"]]:
        found: list[tuple[Path, _Signature]] = []
        folder = self._public / "release" / quantity
        with suppress(FileNotFoundError):
            for path in sorted(folder.glob("*.parquet")):
                stat = path.stat()
                found.append((path, _Signature(stat.st_mtime_ns, stat.st_size, stat.st_ino)))
        return found

    def _load(self, stale: Sequence[Path], new: Sequence[Path]) -> None:
        cursor = self._cursor()
        cursor.execute("BEGIN")
        try:
            for path in stale:
                cursor.execute(_sql("forget"), {"quantity": path.parent.name, "day": _day(path)})
            for path in new:
                cursor.execute(
                    _sql("load"),
                    {"quantity": path.parent.name, "day": _day(path), "path": str(path)},
                )
        except BaseException:
            cursor.execute("ROLLBACK")
            raise
        cursor.execute("COMMIT")

    def _query(self, name: str, **values: object) -> pa.Table:
        return self._cursor().execute(_sql(name), values).to_arrow_table()

    def _cursor(self) -> duckdb.DuckDBPyConnection:
        cursor: duckdb.DuckDBPyConnection | None = getattr(self._local, "cursor", None)
        if cursor is None:
            cursor = self._connection.cursor()
            self._local.cursor = cursor
        return cursor


class _Signature(NamedTuple):
    changed_ns: int
    size: int
    inode: int


def _day(path: Path) -> str:
    return date.fromisoformat(path.stem).isoformat()


@cache
def _sql(name: str) -> str:
    return (files("twin.privacy") / "queries" / f"{name}.sql").read_text("utf-8")


def _locked(
    directories: Sequence[Path], *, memory_limit: str, threads: int
) -> duckdb.DuckDBPyConnection:
    """Open an engine in memory that can read ``directories`` and nothing else."""
    connection = duckdb.connect(
        ":memory:",
        config={
            "threads": threads,
            "memory_limit": memory_limit,
            "autoload_known_extensions": False,
            "autoinstall_known_extensions": False,
            "temp_directory": "",
        },
    )
    connection.execute("SET GLOBAL TimeZone = 'UTC'")
    connection.execute("SET allowed_directories = $1", [[f"{one}/" for one in directories]])
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")
    return connection
