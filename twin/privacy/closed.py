"""Until when a quantity's windows are closed: none that ends by then is ever drawn again."""

from datetime import datetime

import duckdb

from twin.store import Store


def closed_until(store: Store, quantity: str) -> datetime | None:
    """Return the moment until which a quantity's windows are closed; None if none ever was."""
    found: datetime | None = store.query(
        "SELECT max(until) AS until FROM city.closed WHERE quantity = $quantity",
        {"quantity": quantity},
    )["until"][0].as_py()
    return found


def close_until(cursor: duckdb.DuckDBPyConnection, quantity: str, until: datetime) -> None:
    """Close a quantity's windows, in the transaction of ``cursor``; what is closed stays so."""
    values = {"quantity": quantity, "until": until}
    cursor.execute("INSERT INTO city.closed VALUES ($quantity, $until)", values)
    cursor.execute(
        """
        DELETE FROM city.closed
        WHERE quantity = $quantity
            AND until < (SELECT max(until) FROM city.closed WHERE quantity = $quantity)
        """,
        {"quantity": quantity},
    )
