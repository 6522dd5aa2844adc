"""The reader of what is public: the only way in which the web process reads data.

An in-memory DuckDB is locked to ``public/`` and ``ops/`` of one place, loads every release file
once, and afterwards only those that are new or have changed. Names are checked against the
declared domains and layers, values are bound; no SQL comes from outside this package.
"""

import json
import logging
import threading
from collections.abc import Hashable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, NamedTuple

import duckdb
import numpy as np
import pyarrow as pa
import shapely

from twin.domains import Domain, Quantity
from twin.errors import NotReadyError, UnknownNameError, WijktwinError
from twin.layers import LAYER_BY_NAME
from twin.privacy import estimates, sensor_register
from twin.privacy.columns import floats, rows, texts
from twin.privacy.facts import LayerTable, Period, PlaceFacts, Spent, Status
from twin.privacy.ledger import MONTH_DAYS, YEAR_DAYS
from twin.privacy.published import LEDGER
from twin.privacy.sensor_register import SensorRegister, read_sensor_register
from twin.words import Origin

_log = logging.getLogger(__name__)

_ALWAYS = datetime(1970, 1, 1, tzinfo=UTC), datetime(9000, 1, 1, tzinfo=UTC)
_NO_LIMIT = 2**31

STALE_AFTER = timedelta(seconds=60)
"""A status file older than this means that the city process is not running."""

PREFERENCE = (Origin.MEASURED, Origin.RECORDED, Origin.SIMULATED, Origin.ASSUMED)
"""Which origin is shown first where a quantity has several."""


class PublicFilesError(WijktwinError):
    """A public file cannot be read: it is not what it should be."""


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
        self._domains = tuple(domains)
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
        return PlaceFacts.read(facts)

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
        values: dict[str, list[Any]] = {column: table[column].to_pylist() for column in present}
        return LayerTable(values, shapely.from_wkb(np.array(table["geometry"].to_pylist(), object)))

    def layer_version(self) -> str:
        """Return a text that changes when the place is imported again."""
        with suppress(FileNotFoundError):
            stat = (self._public / "city" / "place.json").stat()
            return f"{stat.st_mtime_ns:x}-{stat.st_size:x}"
        return ""

    def origins(self, quantity: str) -> list[Origin]:
        """Return the origins for which a quantity has figures, the one to show first in front."""
        there = texts(self._query("origins", quantity=self.quantity(quantity).name), "origin")
        return [origin for origin in PREFERENCE if origin.value in there]

    def periods(self, quantity: str, origin: Origin) -> list[Period]:
        """Return every published period, oldest first."""
        found = self._query("periods", quantity=self.quantity(quantity).name, origin=origin.value)
        return [Period(*row.values()) for row in rows(found)]

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
        week), noise (mean variance of the noise) and capacity. `twin.privacy.estimates` says what
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

    def weekly(self, quantity: str, origin: Origin, zone: str) -> pa.Table:
        """Return the mean level of every week, one row a unit and week, ordered by both.

        Columns: unit, version, week (its Monday's local date), level, days (on how many
        it was measured) and sd. See `twin.privacy.estimates.weekly`.
        """
        found = self._query(
            "weekly",
            quantity=quantity,
            origin=origin.value,
            zone=zone,
            is_share=self.quantity(quantity).is_share,
        )
        units = np.array(texts(found, "unit"))
        columns = [floats(found, name) for name in ("level", "noise", "spread", "days")]
        sd = np.zeros(len(units))
        for unit in set(units.tolist()):
            of_unit = units == unit
            sd[of_unit] = estimates.weekly(*(column[of_unit] for column in columns)).sd
        return found.select(["unit", "version", "week", "level", "days"]).append_column(
            "sd", pa.array(sd)
        )

    def status(self, now: datetime) -> Status | None:
        """Return what the city process last said; None if it said nothing, or nothing that can be read."""
        path = self._ops / "status.json"
        try:
            said = json.loads(path.read_bytes())
            written = datetime.fromtimestamp(path.stat().st_mtime, UTC)
            return Status.read(said, is_running=now - written <= STALE_AFTER)
        except FileNotFoundError:
            return None
        except (ValueError, KeyError, TypeError):
            _log.exception("what the city process says of itself cannot be read")
            return None

    def devices(self) -> list[dict[str, Any]]:
        """Return the registered devices and the share of the last day they were alive."""
        columns = ("domain", "device", "layer", "target", "origin", "alive")
        return self._of_ops("devices", columns, in_order=2)

    def refusals(self) -> list[dict[str, Any]]:
        """Return the refusals by whole day, domain, reason and field: at least so many."""
        columns = ("day", "domain", "reason", "field", "at_least")
        return self._of_ops("rejected", columns, in_order=4)

    def lateness(self) -> list[dict[str, Any]]:
        """Return by whole day and domain which share of the heartbeats came in how late."""
        columns = ("day", "domain", "heartbeats", "in_time", "within_hour")
        return self._of_ops("lateness", columns, in_order=2)

    def storage(self) -> dict[str, Any] | None:
        """Return the oldest day of which readings are there, and how much room there is; None if unknown."""
        found = self._of_ops("storage", ("oldest", "room", "written"), in_order=1)
        return found[0] if found else None

    def ledger(self) -> list[Spent]:
        """Return what was spent by account, by name; empty before anything was published.

        Raises
        ------
        PublicFilesError
            The published ledger cannot be read.
        """
        path = self._public / LEDGER
        if not path.exists():
            return []
        try:
            found = self._query(
                "ledger", path=str(path), month_days=MONTH_DAYS, year_days=YEAR_DAYS
            )
        except duckdb.Error as err:
            raise PublicFilesError(f"the ledger cannot be read: {err}") from err
        return [Spent(**row) for row in rows(found)]

    def sensor_register(self) -> SensorRegister:
        """Return who is behind the sensors, as far as that has been filled in.

        Raises
        ------
        RegisterError
            What has been filled in is not right; every fault is named.
        """
        try:
            content = (self._public / sensor_register.FILE).read_bytes()
        except FileNotFoundError:
            return SensorRegister()
        return read_sensor_register(content, self._domains)

    def notice_version(self) -> Hashable:
        """Return what changes with the ledger, the devices and who is behind them."""
        paths = (
            self._public / LEDGER,
            self._public / sensor_register.FILE,
            self._ops / "devices.parquet",
        )
        return tuple(_signature(path) for path in paths)

    def close(self) -> None:
        """Close the engine."""
        self._connection.close()

    def _of_ops(self, name: str, columns: Sequence[str], *, in_order: int) -> list[dict[str, Any]]:
        """Return the rows of a file of ``ops/``, by their first columns; none before it was written."""
        path = self._ops / f"{name}.parquet"
        try:
            table = self._cursor().read_parquet(str(path)).project(", ".join(columns))
            found = table.to_arrow_table()
        except duckdb.Error:
            if path.exists():
                _log.exception("%s cannot be read", path.name)
            return []
        return rows(found.sort_by([(column, "ascending") for column in columns[:in_order]]))  # pyright: ignore[reportUnknownMemberType]

    def _files(self, quantity: str) -> Iterator[tuple[Path, "_Signature"]]:
        """Yield the quantity's files that are named after a day, and what changes with them."""
        for path in sorted((self._public / "release" / quantity).glob("????-??-??.parquet")):
            with suppress(FileNotFoundError, ValueError):
                date.fromisoformat(path.stem)
                stat = path.stat()
                yield path, _Signature(stat.st_mtime_ns, stat.st_size, stat.st_ino)

    def _load(self, stale: Sequence[Path], new: Sequence[Path]) -> None:
        cursor = self._cursor()
        cursor.execute("BEGIN")
        try:
            for path in stale:
                cursor.execute(_sql("forget"), {"quantity": path.parent.name, "day": path.stem})
            for path in new:
                cursor.execute(
                    _sql("load"),
                    {"quantity": path.parent.name, "day": path.stem, "path": str(path)},
                )
            cursor.execute("COMMIT")
        except duckdb.Error as err:
            cursor.execute("ROLLBACK")
            raise PublicFilesError(f"a file of figures cannot be read: {err}") from err

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


def _signature(path: Path) -> _Signature | None:
    with suppress(FileNotFoundError):
        stat = path.stat()
        return _Signature(stat.st_mtime_ns, stat.st_size, stat.st_ino)
    return None


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
