"""What has been published: copies of the store's releases and charges in ``public/``.

Publishing may be repeated: the same store gives the same bytes. What was published is never
answered a second time: at start, a store that is older than ``public/`` takes over from there
what it does not know.
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq

from twin.disk import sync
from twin.domains import Domain
from twin.errors import WijktwinError
from twin.privacy.closed import close_until, closed_until
from twin.privacy.columns import rows
from twin.privacy.ledger import CHARGE, Ledger
from twin.readings import ENVELOPE
from twin.store import Store
from twin.windows import Window

_TIME = ENVELOPE["observed_at"]
RELEASE = pa.schema(
    [
        ("quantity", pa.string()),
        ("day", pa.date32()),
        ("unit", pa.string()),
        ("version", pa.int64()),
        ("window_start", _TIME),
        ("window_end", _TIME),
        ("origin", pa.string()),
        ("value", pa.int64()),
        ("covered", pa.int64()),
        ("capacity", pa.int64()),
        ("sigma", pa.float64()),
        ("rho", pa.float64()),
    ]
)
"""The columns of ``city.release``; the published files have all but the first two."""

LEDGER = "ledger.parquet"


class PublishedFileError(WijktwinError):
    """A published file is not what it was when it was written."""


class Closed(NamedTuple):
    """A quantity's file that must be published again: one a local day."""

    quantity: str
    day: date


def publish(store: Store, public: Path, closed: Iterable[Closed]) -> None:
    """Write the files of the given days, and the ledger, anew from what the store holds.

    The same store gives the same bytes; a reader sees the old file or the new one.
    """
    for item in sorted(set(closed)):
        released = store.query(
            """
            SELECT unit, version, window_start, window_end, origin, value, covered, capacity,
                sigma, rho
            FROM city.release
            WHERE quantity = $quantity AND day = $day
            ORDER BY window_start, origin, unit
            """,
            item._asdict(),
        )
        write_parquet(released, _file(public, item))
    charges = store.query(
        "SELECT * FROM city.charge ORDER BY unit, origin, day, quantity, window_start"
    )
    write_parquet(charges, public / LEDGER)


def unpublished(store: Store, public: Path) -> list[Closed]:
    """Return the files that are missing, or lack windows: a crash may have come in between."""
    days = store.query(
        """
        SELECT quantity, day, count(*) AS rows
        FROM city.release
        GROUP BY quantity, day
        ORDER BY quantity, day
        """
    )
    items = [(Closed(row["quantity"], row["day"]), row["rows"]) for row in rows(days)]
    return [item for item, count in items if _rows_in(_file(public, item)) != count]


def write_parquet(table: pa.Table, path: Path) -> None:
    """Write a Parquet file so that it is there whole or not at all, also after a power cut."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_suffix(".partial")
    pq.write_table(table, temporary, compression="zstd")  # pyright: ignore[reportUnknownMemberType]
    sync(temporary)
    temporary.replace(path)
    sync(path.parent)


def adopt(store: Store, public: Path, domains: Iterable[Domain]) -> int:
    """Take over what ``public/`` says was published and the store does not know; return the windows.

    That is so after an older copy of the store was put back. What was published then counts as
    charged, is not drawn again, and stays as it is.

    Raises
    ------
    PublishedFileError
        A published file cannot be read.
    """
    quantities = {quantity.name: quantity for domain in domains for quantity in domain.quantities}
    releases = [
        _unknown(store, _read(path, RELEASE), _item(path))
        for name in quantities
        for path in _recent_files(store, public, name)
    ]
    unknown = pa.concat_tables([RELEASE.empty_table(), *releases])
    noted = _unknown_charges(store, public)
    ledger = Ledger.read(store, noted)
    for name, origin, window in _drawn(unknown, noted):
        ledger.charge_published(quantities[name], origin, window)
    charges = pa.concat_tables([noted, ledger.new])
    if not unknown.num_rows and not charges.num_rows:
        return 0
    with store.transaction() as cursor:
        store.insert("release", unknown)
        store.insert("charge", charges)
        for name, until in _ends(unknown, charges).items():
            close_until(cursor, name, until)
    return len(_windows(unknown) | _windows(charges))


def _file(public: Path, item: Closed) -> Path:
    return public / "release" / item.quantity / f"{item.day.isoformat()}.parquet"


def _rows_in(path: Path) -> int:
    """Return how many rows a file has; 0 where it is missing or broken."""
    try:
        return pq.read_metadata(path).num_rows  # pyright: ignore[reportUnknownMemberType]
    except (FileNotFoundError, pa.ArrowException):
        return 0


def _item(path: Path) -> Closed:
    return Closed(path.parent.name, date.fromisoformat(path.stem))


def _recent_files(store: Store, public: Path, quantity: str) -> list[Path]:
    """Return the files that may have a window that ends after the store's last one."""
    until = closed_until(store, quantity)
    files = sorted((public / "release" / quantity).glob("????-??-??.parquet"))
    if until is None:
        return files
    first = until.date() - timedelta(days=1)  # local dates are at most a day off UTC's
    return [path for path in files if _item(path).day >= first]


def _read(path: Path, schema: pa.Schema) -> pa.Table:
    try:
        table = pq.read_table(path)  # pyright: ignore[reportUnknownMemberType]
        missing = set(schema.names) - set(table.column_names)
        for name in sorted(missing):
            value = _item(path)._asdict()[name]
            table = table.append_column(name, pa.array([value] * table.num_rows))
        return table.select(schema.names).cast(schema)
    except (pa.ArrowException, KeyError, ValueError) as err:
        raise PublishedFileError(
            f"a published file cannot be read, so what was published is not known: {path} ({err});"
            " put it back from a copy"
        ) from err


def _unknown(store: Store, published: pa.Table, item: Closed) -> pa.Table:
    """Return the published rows of windows that the store knows nothing of."""
    known = store.query(
        """
        SELECT DISTINCT window_start, origin
        FROM city.release
        WHERE quantity = $quantity AND day = $day
        """,
        item._asdict(),
    )
    return published.join(known, keys=["window_start", "origin"], join_type="left anti").select(
        RELEASE.names
    )


def _unknown_charges(store: Store, public: Path) -> pa.Table:
    """Return the published charges that the store does not have."""
    path = public / LEDGER
    if not path.exists():
        return CHARGE.empty_table()
    keys = ["quantity", "origin", "window_start"]
    known = store.query("SELECT quantity, origin, window_start FROM city.charge")
    return _read(path, CHARGE).join(known, keys=keys, join_type="left anti").select(CHARGE.names)


def _drawn(unknown: pa.Table, noted: pa.Table) -> Iterator[tuple[str, str, Window]]:
    """Yield (quantity, origin, window) of published values that no charge is known for."""
    charged = {(row["quantity"], row["origin"], row["window_start"]) for row in noted.to_pylist()}
    drawn = {
        (row["quantity"], row["origin"], Window(row["window_start"], row["window_end"], row["day"]))
        for row in rows(unknown)
        if row["value"] is not None
    }
    for quantity, origin, window in sorted(drawn):
        if (quantity, origin, window.start) not in charged:
            yield quantity, origin, window


def _windows(table: pa.Table) -> set[tuple[str, datetime]]:
    return {(row["quantity"], row["window_start"]) for row in rows(table)}


def _ends(*tables: pa.Table) -> dict[str, datetime]:
    """Return the end of the last window, by quantity."""
    ends: dict[str, datetime] = {}
    for row in (row for table in tables for row in rows(table)):
        ends[row["quantity"]] = max(row["window_end"], ends.get(row["quantity"], row["window_end"]))
    return ends
