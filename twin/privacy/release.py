"""The release job: closes windows, draws their noise once, and publishes the result.

A window is closed when it and its grace have passed. One transaction then stores the noisy
values and the charge; `publish` copies stored values to ``public/`` and may be repeated.
"""

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.parquet as pq

from twin.domains import Domain, Quantity
from twin.privacy.mechanism import protect
from twin.readings import ENVELOPE
from twin.store import Store
from twin.windows import Window

CELL_VERSION = 1

_TIME = ENVELOPE["observed_at"]
_RELEASE = pa.schema(
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
_CHARGE = pa.schema(
    [
        ("quantity", pa.string()),
        ("origin", pa.string()),
        ("window_start", _TIME),
        ("rho", pa.float64()),
    ]
)


@dataclass(frozen=True, slots=True)
class Closed:
    """A quantity's files that must be published again: one a local day."""

    quantity: str
    day: date


def close_windows(
    store: Store, domains: Iterable[Domain], *, zone: ZoneInfo, now: datetime
) -> list[Closed]:
    """Close every window whose grace has passed; return the files this changes.

    A closed window is never computed again: what comes later is too late.
    """
    changed: list[Closed] = []
    for domain in domains:
        for quantity in domain.quantities:
            start = _closed_until(store, domain, quantity)
            if start is None:
                continue
            windows = list(quantity.windows.between(start, now - quantity.grace, zone))
            if windows:
                changed += _close(store, quantity, windows)
    return changed


def closed_until(store: Store, domains: Iterable[Domain]) -> dict[str, datetime]:
    """Return, by domain, the moment from which on no window is closed yet."""
    moments: dict[str, datetime] = {
        row["quantity"]: row["until"]
        for row in store.query("SELECT quantity, until FROM city.closed").to_pylist()
    }
    return {
        domain.name: max(found)
        for domain in domains
        if (found := [moments[q.name] for q in domain.quantities if q.name in moments])
    }


def count_exactly(store: Store, quantity: Quantity, window: Window) -> pa.Table:
    """Return what a window really holds, before any noise: see `Quantity.count`."""
    values = {"window_start": window.start, "window_end": window.end, "version": CELL_VERSION}
    return store.query(quantity.count, values | dict(quantity.bound))


def publish(store: Store, public: Path, closed: Iterable[Closed]) -> None:
    """Write the files of the given days anew from what the store holds.

    The same store gives the same bytes; a reader sees the old file or the new one.
    """
    for item in sorted(set(closed), key=lambda item: (item.quantity, item.day)):
        rows = store.query(
            """
            SELECT unit, version, window_start, window_end, origin, value, covered, capacity,
                sigma, rho
            FROM city.release
            WHERE quantity = $quantity AND day = $day
            ORDER BY window_start, origin, unit
            """,
            {"quantity": item.quantity, "day": item.day},
        )
        write_parquet(rows, public / "release" / item.quantity / f"{item.day.isoformat()}.parquet")


def unpublished(store: Store, public: Path) -> list[Closed]:
    """Return the files that are missing, and each quantity's last, which a crash may have left behind."""
    rows = store.query(
        """
        SELECT quantity, day, day = max(day) OVER (PARTITION BY quantity) AS is_last
        FROM (SELECT DISTINCT quantity, day FROM city.release)
        ORDER BY quantity, day
        """
    ).to_pylist()
    return [
        Closed(row["quantity"], row["day"])
        for row in rows
        if row["is_last"]
        or not (public / "release" / row["quantity"] / f"{row['day'].isoformat()}.parquet").exists()
    ]


def write_parquet(rows: pa.Table, path: Path) -> None:
    """Write a Parquet file so that it is there whole or not at all, also after a power cut."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_suffix(".partial")
    pq.write_table(rows, temporary, compression="zstd")  # pyright: ignore[reportUnknownMemberType]
    with temporary.open("rb") as written:
        os.fsync(written.fileno())
    temporary.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _closed_until(store: Store, domain: Domain, quantity: Quantity) -> datetime | None:
    """Return the moment until which windows are closed; None if there are no devices yet."""
    until: datetime | None = store.query(
        "SELECT max(until) AS until FROM city.closed WHERE quantity = $quantity",
        {"quantity": quantity.name},
    )["until"][0].as_py()
    if until is not None:
        return until
    since: datetime | None = store.query(
        "SELECT min(since) AS since FROM city.device WHERE domain = $domain",
        {"domain": domain.name},
    )["since"][0].as_py()
    return since


def _close(store: Store, quantity: Quantity, windows: Sequence[Window]) -> list[Closed]:
    releases: list[pa.Table] = []
    charges: list[dict[str, object]] = []
    for window in windows:
        counted = count_exactly(store, quantity, window)
        if counted.num_rows:
            released, origins = _draw(quantity, window, counted)
            releases.append(released)
            charges += [_charge(quantity, origin, window) for origin in origins]
    with store.transaction() as cursor:
        if releases:
            store.insert("release", pa.concat_tables(releases))
        if charges:
            store.insert("charge", pa.Table.from_pylist(charges, _CHARGE))
        cursor.execute(
            "DELETE FROM city.closed WHERE quantity = $quantity", {"quantity": quantity.name}
        )
        cursor.execute(
            "INSERT INTO city.closed VALUES ($quantity, $until)",
            {"quantity": quantity.name, "until": windows[-1].end},
        )
    days = {window.day for window in windows} if releases else set[date]()
    return [Closed(quantity.name, day) for day in sorted(days)]


def _draw(quantity: Quantity, window: Window, counted: pa.Table) -> tuple[pa.Table, list[str]]:
    """Draw the noise of one window; return its rows and the origins that were charged."""
    rows = sorted(counted.to_pylist(), key=lambda row: (row["origin"], row["unit"]))
    measured = [
        row["covered"] > 0 and row["covered"] >= quantity.min_coverage * row["capacity"]
        for row in rows
    ]
    noisy = iter(
        protect(
            [row["value"] for row, is_measured in zip(rows, measured, strict=True) if is_measured],
            quantity.sigma,
        )
    )
    released = [
        {
            "quantity": quantity.name,
            "day": window.day,
            "unit": row["unit"],
            "version": CELL_VERSION,
            "window_start": window.start,
            "window_end": window.end,
            "origin": row["origin"],
            "value": next(noisy) if is_measured else None,
            "covered": row["covered"],
            "capacity": row["capacity"],
            "sigma": quantity.sigma,
            "rho": _rho(quantity) if is_measured else 0.0,
        }
        for row, is_measured in zip(rows, measured, strict=True)
    ]
    charged = sorted({row["origin"] for row, yes in zip(rows, measured, strict=True) if yes})
    return pa.Table.from_pylist(released, _RELEASE), charged


def _charge(quantity: Quantity, origin: str, window: Window) -> dict[str, object]:
    return {
        "quantity": quantity.name,
        "origin": origin,
        "window_start": window.start,
        "rho": _rho(quantity),
    }


def _rho(quantity: Quantity) -> float:
    """What one window costs: the day's budget over the windows that share it."""
    return quantity.rho_per_day / quantity.counts_per_day
