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

from twin.disk import sync
from twin.domains.domain import Domain
from twin.errors import StoreError, StoreInUseError
from twin.extensions import CONFIG, load_extension

_MIGRATION = re.compile(r"^(\d{4})_[a-z_]+\.sql$")
_LAKE = "ducklake:"
_SERVER = re.compile(r"^[a-z]+:")
_CLEAN_LAKE = """
CALL ducklake_rewrite_data_files('city', delete_threshold => 0);
CALL ducklake_expire_snapshots('city', older_than => now());
CALL ducklake_cleanup_old_files('city', cleanup_all => true);
"""


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
            return f"ATTACH {_quote(str(self.path))} AS city"
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
                location.file.parent.mkdir(parents=True, exist_ok=True)
                _rewritten(location.file).unlink(missing_ok=True)
            connection.execute(location.attach)
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
        """Write the store anew, so that nothing of what was deleted is left in its files.

        DELETE and CHECKPOINT leave the bytes where they were. Everybody else waits meanwhile. A
        DuckLake's catalogue on a server is that server's to clean up (VACUUM FULL in PostgreSQL).
        """
        with self._using:
            if self._location.catalogue is not None:
                for table in self._tables_of_readings():
                    self._make_anew(table)
                self._connection.execute(_CLEAN_LAKE)
            self._connection.execute("DETACH city")
            try:
                if (path := self._location.file) is not None:
                    self._copy_anew(path)
            finally:
                self._connection.execute(self._location.attach)

    def _tables_of_readings(self) -> list[str]:
        found = self.query(
            """
            SELECT table_name
            FROM information_schema.tables
            WHERE table_catalog = 'city'
                AND (ends_with(table_name, '_reading') OR table_name IN ('recent', 'rejected'))
            """
        ).to_pylist()
        return [str(row["table_name"]) for row in found]

    def _make_anew(self, table: str) -> None:
        """Put a DuckLake's table in another's place: its catalogue never forgets a table's extremes."""
        columns = self.query(
            """
            SELECT column_name, data_type, is_nullable = 'NO' AS is_needed
            FROM information_schema.columns
            WHERE table_catalog = 'city' AND table_name = $table
            ORDER BY ordinal_position
            """,
            {"table": table},
        ).to_pylist()
        declared = ", ".join(
            f"{column['column_name']} {column['data_type']}"
            + (" NOT NULL" if column["is_needed"] else "")
            for column in columns
        )
        with self.transaction() as run:
            run.execute(f"ALTER TABLE city.{table} RENAME TO {table}_before")
            run.execute(f"CREATE TABLE city.{table} ({declared})")
            run.execute(f"INSERT INTO city.{table} SELECT * FROM city.{table}_before")  # noqa: S608
            run.execute(f"DROP TABLE city.{table}_before")

    def _copy_anew(self, path: Path) -> None:
        new, run = _rewritten(path), self._connection.execute
        new.unlink(missing_ok=True)
        run(f"ATTACH {_quote(str(path))} AS before")
        run(f"ATTACH {_quote(str(new))} AS after")
        run("COPY FROM DATABASE before TO after")
        run("DETACH before")
        run("DETACH after")
        if _log_of(new).exists() or _log_of(path).exists():
            raise StoreError(f"the store was not rewritten: {path} or its copy has a log left")
        sync(new)
        new.replace(path)
        sync(path.parent)

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


def _rewritten(path: Path) -> Path:
    return path.with_name(f"{path.name}.rewritten")


def _log_of(path: Path) -> Path:
    """Return where DuckDB keeps what is not in the file yet."""
    return path.with_name(f"{path.name}.wal")


def _numbered(folder: Traversable) -> list[tuple[int, Traversable]]:
    found = [
        (match, script) for script in folder.iterdir() if (match := _MIGRATION.match(script.name))
    ]
    return sorted(((int(match[1]), script) for match, script in found), key=lambda pair: pair[0])


def _quote(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
