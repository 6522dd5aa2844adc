"""The city store: one ATTACH, opened by the city process only.

The store is a DuckDB file or a DuckLake; the SQL runs on both, so it keeps to what both can
do: no primary keys, no indexes, no tables made at run time other than by numbered migrations.
"""

import re
import threading
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Self

import duckdb
import pyarrow as pa

from twin.domains.domain import Domain
from twin.errors import StoreError, StoreInUseError
from twin.extensions import CONFIG, load_extension
from twin.rewriting import FORMAT, OWNER_ONLY, half_written, rewrite_file, rewrite_lake

_MIGRATION = re.compile(r"^(\d{4})_[a-z_]+\.sql$")
_LAKE = "ducklake:"
_SERVER = re.compile(r"^[a-z]+:")


@dataclass(frozen=True, slots=True)
class StoreLocation:
    """Where the store is: a file, or a DuckLake catalogue with the folder of its data.

    ``catalogue`` is what follows ``ducklake:`` in DuckDB's ATTACH.
    """

    path: Path | None = None
    catalogue: str | None = None
    data_path: str | None = None

    @classmethod
    def parse(cls, text: str) -> "StoreLocation":
        """Read ``city.duckdb`` or ``ducklake:CATALOGUE?data_path=FOLDER``.

        >>> StoreLocation.parse("ducklake:cat.ducklake?data_path=files/").data_path
        'files/'
        """
        if not text.startswith(_LAKE):
            return cls(path=Path(text))
        catalogue, _, data_path = text.removeprefix(_LAKE).partition("?data_path=")
        return cls(catalogue=catalogue, data_path=data_path or None)

    @property
    def file(self) -> Path | None:
        """The DuckDB file that is the store or a DuckLake's catalogue; None if that is on a server."""
        if self.catalogue is None or _SERVER.match(self.catalogue):
            return self.path
        return Path(self.catalogue)

    @property
    def attach(self) -> str:
        """The ATTACH statement."""
        if self.path is not None:
            return f"ATTACH {_quote(str(self.path))} AS city {FORMAT}"
        options = f" (DATA_PATH {_quote(self.data_path)})" if self.data_path else ""
        return f"ATTACH {_quote(_LAKE + str(self.catalogue))} AS city{options}"


class Store:
    """An open city store; any thread may use it, one at a time."""

    def __init__(
        self, connection: duckdb.DuckDBPyConnection, location: StoreLocation, crs: str
    ) -> None:
        self._connection = connection
        self._location = location
        self._using = threading.RLock()
        self.crs = crs

    @classmethod
    def open(
        cls, location: StoreLocation, *, crs: str, domains: tuple[Domain, ...], now: datetime
    ) -> "Store":
        """Open the store, making it and bringing its tables up to date where needed.

        Raises
        ------
        StoreInUseError
            Another process has it open.
        StoreError
            It cannot be opened, or a migration failed.
        """
        connection = duckdb.connect(config=CONFIG)
        try:
            load_extension(connection, "spatial")
            connection.execute("SET GLOBAL geometry_always_xy = true")
            connection.execute("SET GLOBAL TimeZone = 'UTC'")
            connection.execute("SET memory_limit = '1GB'")
            connection.execute("SET threads = 2")
            if location.catalogue is not None:
                load_extension(connection, "ducklake")
            if location.file is not None:
                location.file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                half_written(location.file).unlink(missing_ok=True)
            connection.execute(location.attach)
            if location.file is not None:
                location.file.chmod(OWNER_ONLY)
            store = cls(connection, location, crs)
            store._migrate(domains, now)
        except duckdb.IOException as err:
            connection.close()
            if "lock" in str(err).lower():
                raise StoreInUseError(
                    f"another process has the store open: {location.path}"
                ) from err
            raise StoreError(f"the store cannot be opened: {err}") from err
        except duckdb.Error as err:
            connection.close()
            raise StoreError(f"the store cannot be opened: {err}") from err
        return store

    @contextmanager
    def transaction(self) -> Generator[duckdb.DuckDBPyConnection]:
        """Run a block in one transaction: all of it or nothing."""
        with self._using:
            self._connection.execute("BEGIN TRANSACTION")
            try:
                yield self._connection
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise
            self._connection.execute("COMMIT")

    def insert(self, table: str, rows: pa.Table) -> None:
        """Append rows to ``city.<table>``; columns ``x_m`` and ``y_m`` become ``geom``.

        Every geometry goes in here, with the city's CRS on it, because DuckLake forgets a
        column's CRS and would take any.
        """
        plain = [name for name in rows.column_names if name not in {"x_m", "y_m"}]
        into, of = ", ".join(plain), ", ".join(plain)
        if "x_m" in rows.column_names:
            into += ", geom"
            of += (
                ", CASE WHEN x_m IS NULL THEN NULL"
                f" ELSE ST_SetCRS(ST_Point(x_m, y_m), {_quote(self.crs)}) END"
            )
        with self._using:
            self._connection.register("incoming", rows)
            try:
                self._connection.execute(
                    f"INSERT INTO city.{table} ({into}) SELECT {of} FROM incoming"  # noqa: S608
                )
            finally:
                self._connection.unregister("incoming")

    def query(self, sql: str | Traversable, values: Mapping[str, object] | None = None) -> pa.Table:
        """Run a query and return its rows."""
        text = sql if isinstance(sql, str) else sql.read_text()
        used = {name: value for name, value in (values or {}).items() if f"${name}" in text}
        with self._using:
            return self._connection.execute(text, used).to_arrow_table()

    def checkpoint(self) -> None:
        """Write what is in the log into the store itself."""
        with self._using:
            self._connection.execute("CHECKPOINT city")

    def rewrite(self) -> None:
        """Write the store anew, so that what was deleted is gone; everybody else waits meanwhile.

        Raises
        ------
        StoreError
            It could not be written, for want of room on the disk, say; the old one is as it was.
        """
        location = self._location
        with self._using:
            try:
                if location.path is not None:
                    rewrite_file(self._connection, location.path, location.attach)
                else:
                    rewrite_lake(self._connection, location.file, location.attach)
            except duckdb.Error as err:
                raise StoreError(f"the store could not be written anew: {err}") from err

    def close(self) -> None:
        """Close the store."""
        self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _migrate(self, domains: tuple[Domain, ...], now: datetime) -> None:
        self._connection.execute(
            "CREATE TABLE IF NOT EXISTS city.migration"
            " (owner VARCHAR, number BIGINT, name VARCHAR, applied_at TIMESTAMPTZ)"
        )
        applied = {
            (str(owner), int(number))
            for owner, number in self._connection.execute(
                "SELECT owner, number FROM city.migration"
            ).fetchall()
        }
        owners = [("twin", files("twin") / "migrations")]
        owners += [(domain.name, domain.migrations) for domain in domains]
        for owner, folder in owners:
            for number, script in _numbered(folder):
                if (owner, number) in applied:
                    continue
                with self.transaction() as cursor:
                    cursor.execute(script.read_text().replace("{crs}", self.crs))
                    cursor.execute(
                        "INSERT INTO city.migration VALUES ($owner, $number, $name, $now)",
                        {"owner": owner, "number": number, "name": script.name, "now": now},
                    )
        self.checkpoint()


def _numbered(folder: Traversable) -> list[tuple[int, Traversable]]:
    found = [
        (match, script) for script in folder.iterdir() if (match := _MIGRATION.match(script.name))
    ]
    return sorted(((int(match[1]), script) for match, script in found), key=lambda pair: pair[0])


def _quote(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
