"""DuckDB's extensions, from the installed packages: nothing is downloaded at run time."""

from collections.abc import Iterable
from importlib.resources import as_file, files

import duckdb

from twin.errors import StoreError

CONFIG: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
}
"""Settings under which every connection is opened."""


def check_extensions(names: Iterable[str]) -> str:
    """Load extensions into an engine of its own, and return DuckDB's version.

    Raises
    ------
    StoreError
        One of them does not load; the message says which.
    """
    with duckdb.connect(config=CONFIG) as connection:
        for name in names:
            try:
                load_extension(connection, name)
            except duckdb.Error as err:
                raise StoreError(f"DuckDB's extension {name} does not load: {err}") from err
    return duckdb.__version__


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
        found = (
            files(package) / "extensions" / f"v{duckdb.__version__}" / f"{name}.duckdb_extension"
        )
    except ModuleNotFoundError as err:
        raise StoreError(
            f"DuckDB's extension {name} is not installed: pip install {wanted}"
        ) from err
    if not found.is_file():
        raise StoreError(f"DuckDB's extension {name} is of another version: pip install {wanted}")
    with as_file(found) as path:
        connection.load_extension(str(path))
