"""DuckDB's extensions, from the installed packages: nothing is downloaded at run time."""

from importlib.resources import as_file, files

import duckdb

from twin.errors import StoreError

CONFIG: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
}
"""Settings under which every connection is opened."""


def load_extension(connection: duckdb.DuckDBPyConnection, name: str) -> None:
    """Load an extension of DuckDB's own version.

    Raises
    ------
    StoreError
        The package that brings it is missing, or is of another version than DuckDB.
    """
    package = f"duckdb_extension_{name}"
    wanted = f"duckdb-extension-{name.replace('_', '-')}=={duckdb.__version__}"
    try:
        found = files(package) / "extensions" / f"v{duckdb.__version__}" / f"{name}.duckdb_extension"
    except ModuleNotFoundError as err:
        raise StoreError(f"DuckDB's extension {name} is not installed: pip install {wanted}") from err
    if not found.is_file():
        raise StoreError(f"DuckDB's extension {name} is of another version: pip install {wanted}")
    with as_file(found) as path:
        connection.load_extension(str(path))
