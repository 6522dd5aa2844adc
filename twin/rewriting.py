"""Writing a store anew: what was deleted is then in none of its files.

DELETE and CHECKPOINT leave the bytes where they were, in a DuckDB file as in a DuckLake.
"""

from pathlib import Path

import duckdb

from twin.disk import sync
from twin.errors import StoreError

FORMAT = "(STORAGE_VERSION 'v1.5.0')"
"""How a store's file is made: in the format that DuckDB takes by default, geometry forgets its CRS."""

OWNER_ONLY = 0o600
"""Who may open the store's file: nobody but the user that the city process runs as."""

_CLEAN_LAKE = """
CALL ducklake_rewrite_data_files('city', delete_threshold => 0);
CALL ducklake_expire_snapshots('city', older_than => now());
CALL ducklake_cleanup_old_files('city', cleanup_all => true);
"""


def half_written(path: Path) -> Path:
    """Return where a file is written anew; what is left there after a crash is of no use."""
    return path.with_name(f"{path.name}.rewritten")


def rewrite_file(connection: duckdb.DuckDBPyConnection, path: Path, attach: str) -> None:
    """Write a DuckDB file, attached as ``city``, anew.

    Table by table: COPY FROM DATABASE forgets the CRS of geometry columns.
    """
    run = connection.execute
    _start(connection, path)
    for table in _tables(connection):
        run(f"CREATE TABLE after.{table} ({_columns(connection, table)})")
        run(f"INSERT INTO after.{table} SELECT * FROM city.{table}")  # noqa: S608
    run("DETACH city")
    _replace(connection, path, attach)


def rewrite_lake(
    connection: duckdb.DuckDBPyConnection, catalogue: Path | None, attach: str
) -> None:
    """Write a DuckLake, attached as ``city``, anew: its files, and its catalogue if that is a file.

    Tables of readings are put in each other's place, as a catalogue never forgets a table's
    lowest and highest values. A catalogue on a server is that server's to clean up.
    """
    run = connection.execute
    for table in _tables(connection):
        if table.endswith("_reading") or table in {"recent", "rejected"}:
            columns = _columns(connection, table)
            run("BEGIN TRANSACTION")
            run(f"ALTER TABLE city.{table} RENAME TO {table}_before")
            run(f"CREATE TABLE city.{table} ({columns})")
            run(f"INSERT INTO city.{table} SELECT * FROM city.{table}_before")  # noqa: S608
            run(f"DROP TABLE city.{table}_before")
            run("COMMIT")
    run(_CLEAN_LAKE)
    if catalogue is None:
        return
    run("DETACH city")
    _start(connection, catalogue)
    run(f"ATTACH '{_escaped(catalogue)}' AS before")
    run("COPY FROM DATABASE before TO after")
    run("DETACH before")
    _replace(connection, catalogue, attach)


def _start(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    half_written(path).unlink(missing_ok=True)
    connection.execute(f"ATTACH '{_escaped(half_written(path))}' AS after {FORMAT}")


def _replace(connection: duckdb.DuckDBPyConnection, path: Path, attach: str) -> None:
    """Put the new file, attached as ``after``, in the place of the old one, and attach that."""
    new = half_written(path)
    connection.execute("DETACH after")
    try:
        if any(log.exists() for log in (_log_of(new), _log_of(path))):
            raise StoreError(f"the store was not rewritten: {path} or its copy has a log left")
        new.chmod(OWNER_ONLY)
        sync(new)
        new.replace(path)
        sync(path.parent)
    finally:
        connection.execute(attach)


def _tables(connection: duckdb.DuckDBPyConnection) -> list[str]:
    found = connection.execute(
        "SELECT table_name FROM information_schema.tables"
        " WHERE table_catalog = 'city' ORDER BY table_name"
    ).fetchall()
    return [str(name) for (name,) in found]


def _columns(connection: duckdb.DuckDBPyConnection, table: str) -> str:
    """Return the columns of a table as CREATE TABLE declares them."""
    found = connection.execute(
        "SELECT column_name, data_type, is_nullable FROM information_schema.columns"
        " WHERE table_catalog = 'city' AND table_name = $table ORDER BY ordinal_position",
        {"table": table},
    ).fetchall()
    return ", ".join(
        f"{name} {kind}{' NOT NULL' if is_nullable == 'NO' else ''}"
        for name, kind, is_nullable in found
    )


def _log_of(path: Path) -> Path:
    """Return where DuckDB keeps what is not in the file yet."""
    return path.with_name(f"{path.name}.wal")


def _escaped(path: Path) -> str:
    return str(path).replace("'", "''")
