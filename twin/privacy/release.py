"""The release job: closes windows, and draws their noise once.

A window is closed when it and its grace have passed. One transaction then stores the noisy
values and what they cost; `twin.privacy.published` copies both to ``public/``.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

import pyarrow as pa

from twin.domains import Domain, Quantity
from twin.privacy.closed import close_until, closed_until
from twin.privacy.ledger import Ledger
from twin.privacy.mechanism import protect
from twin.privacy.published import RELEASE, Closed
from twin.store import Store
from twin.windows import Window

CELL_VERSION = 1


@dataclass(slots=True)
class _Drawn:
    """What closing windows leads to, before it is stored."""

    releases: list[pa.Table] = field(default_factory=list[pa.Table])
    until: dict[str, datetime] = field(default_factory=dict[str, datetime])
    changed: dict[Closed, None] = field(default_factory=dict[Closed, None])


def close_windows(
    store: Store, domains: Iterable[Domain], *, zone: ZoneInfo, now: datetime
) -> list[Closed]:
    """Close every window whose grace has passed; return the files this changes.

    A closed window is never computed again: what comes later is too late. Windows are closed in
    the order in which they were due, also when several are due at once.
    """
    due = _due(store, domains, zone, now)
    if not due:
        return []
    ledger, drawn = Ledger.read(store), _Drawn()
    for quantity, window in due:
        counted = count_exactly(store, quantity, window)
        if counted.num_rows:
            drawn.releases.append(_draw(quantity, window, counted, ledger))
            drawn.changed[Closed(quantity.name, window.day)] = None
        drawn.until[quantity.name] = window.end
    _store(store, drawn, ledger)
    return list(drawn.changed)


def _due(
    store: Store, domains: Iterable[Domain], zone: ZoneInfo, now: datetime
) -> list[tuple[Quantity, Window]]:
    """Return the windows to close, in the order in which they were due."""
    due: list[tuple[datetime, Quantity, Window]] = []
    for domain in domains:
        for quantity in domain.quantities:
            start = _start(store, domain, quantity)
            if start is not None:
                due += [
                    (window.end + quantity.grace, quantity, window)
                    for window in quantity.windows.between(start, now - quantity.grace, zone)
                ]
    due.sort(key=lambda item: item[0])
    return [(quantity, window) for _, quantity, window in due]


def _store(store: Store, drawn: _Drawn, ledger: Ledger) -> None:
    """Store values, charges and how far windows are closed: all of it or nothing."""
    with store.transaction() as cursor:
        if drawn.releases:
            store.insert("release", pa.concat_tables(drawn.releases))
            store.insert("charge", ledger.new)
        for quantity, until in drawn.until.items():
            close_until(cursor, quantity, until)


def leave_out(store: Store, domains: Iterable[Domain], *, until: datetime) -> None:
    """Close every window that ends by ``until`` without drawing anything."""
    with store.transaction() as cursor:
        for domain in domains:
            for quantity in domain.quantities:
                close_until(cursor, quantity.name, until)


def closed_by_domain(store: Store, domains: Iterable[Domain]) -> dict[str, datetime]:
    """Return, by domain, the moment from which on no window is closed yet."""
    found = {
        domain.name: [
            until
            for quantity in domain.quantities
            if (until := closed_until(store, quantity.name)) is not None
        ]
        for domain in domains
    }
    return {name: max(moments) for name, moments in found.items() if moments}


def count_exactly(store: Store, quantity: Quantity, window: Window) -> pa.Table:
    """Return what a window really holds, before any noise: see `Quantity.count`."""
    values = {"window_start": window.start, "window_end": window.end, "version": CELL_VERSION}
    return store.query(quantity.count, values | dict(quantity.bound))


def _start(store: Store, domain: Domain, quantity: Quantity) -> datetime | None:
    """Return the moment after which windows are to be closed; None if there are no devices yet."""
    until = closed_until(store, quantity.name)
    if until is not None:
        return until
    since: datetime | None = store.query(
        "SELECT min(since) AS since FROM city.device WHERE domain = $domain",
        {"domain": domain.name},
    )["since"][0].as_py()
    return since


def _draw(quantity: Quantity, window: Window, counted: pa.Table, ledger: Ledger) -> pa.Table:
    """Draw the noise of one window, for the origins whose budget allows it; return its rows."""
    rows = sorted(counted.to_pylist(), key=lambda row: (row["origin"], row["unit"]))
    measured = {row["origin"] for row in rows if _is_measured(quantity, row)}
    allowed = {one for one in sorted(measured) if ledger.charge(quantity, one, window)}
    shown = [row["origin"] in allowed and _is_measured(quantity, row) for row in rows]
    exact = [row["value"] for row, is_shown in zip(rows, shown, strict=True) if is_shown]
    noisy = iter(protect(exact, quantity.sigma))
    return pa.Table.from_pylist(
        [
            {
                "quantity": quantity.name,
                "day": window.day,
                "unit": row["unit"],
                "version": CELL_VERSION,
                "window_start": window.start,
                "window_end": window.end,
                "origin": row["origin"],
                "value": next(noisy) if is_shown else None,
                "covered": row["covered"],
                "capacity": row["capacity"],
                "sigma": quantity.sigma,
                "rho": quantity.rho_per_window if is_shown else 0.0,
            }
            for row, is_shown in zip(rows, shown, strict=True)
        ],
        RELEASE,
    )


def _is_measured(quantity: Quantity, row: dict[str, int]) -> bool:
    """Whether enough of a unit was covered: decided from coverage, never from what was counted."""
    return row["covered"] > 0 and row["covered"] >= quantity.min_coverage * row["capacity"]
