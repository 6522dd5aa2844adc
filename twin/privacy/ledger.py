"""The ledger: what has been spent on each protected unit, and the caps at which spending ends.

An account is a protected unit and an origin. A window costs what it adds to the account's local
day: a unit that is counted in at most k windows of a day pays for k of them, and the rest of
that day's windows of the same quantity are about other units (a passage is in one hour only).
Days add up, over every 28 and every 365 days.
"""

from collections import defaultdict
from datetime import date
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from twin.domains.domain import ProtectedUnit, Quantity
from twin.readings import ENVELOPE
from twin.store import Store
from twin.windows import Window

MONTH_DAYS = 28
YEAR_DAYS = 365

RARER_FROM = 0.5
"""From this part of a year's cap on, every other day is left out, so that the year is not used up
in its first months."""

ROUNDING = 1e-9

_TIME = ENVELOPE["observed_at"]
CHARGE = pa.schema(
    [
        ("unit", pa.string()),
        ("origin", pa.string()),
        ("day", pa.date32()),
        ("quantity", pa.string()),
        ("window_start", _TIME),
        ("window_end", _TIME),
        ("rho", pa.float64()),
    ]
)
"""The columns of ``city.charge`` and of its public copy."""


class Account(NamedTuple):
    """Whose budget it is: a protected unit's, for figures of one origin."""

    unit: str
    origin: str


class Ledger:
    """What has been spent, by account and local day."""

    def __init__(self) -> None:
        self._spent: dict[Account, dict[date, float]] = defaultdict(lambda: defaultdict(float))
        self._windows: dict[tuple[str, str, date], int] = defaultdict(int)
        self._new: list[dict[str, object]] = []

    @classmethod
    def read(cls, store: Store, more: pa.Table | None = None) -> "Ledger":
        """Read what the store says has been spent, and charges that it does not have yet."""
        ledger = cls()
        kept = store.query(
            """
            SELECT unit, origin, day, quantity, sum(rho) AS rho, count(*) AS windows
            FROM city.charge
            GROUP BY unit, origin, day, quantity
            """
        ).to_pylist()
        for row in [*kept, *(more.to_pylist() if more is not None else ())]:
            ledger._spent[Account(row["unit"], row["origin"])][row["day"]] += row["rho"]
            ledger._windows[row["quantity"], row["origin"], row["day"]] += row.get("windows", 1)
        return ledger

    @property
    def new(self) -> pa.Table:
        """The charges made since it was read: rows for ``city.charge``."""
        return pa.Table.from_pylist(self._new, CHARGE)

    def spent(self, account: Account, first: date, last: date) -> float:
        """Return what was spent from one local day to another, both included."""
        days = self._spent[account]
        return sum(rho for day, rho in days.items() if first <= day <= last)

    def charge(self, quantity: Quantity, origin: str, window: Window) -> bool:
        """Charge a window, unless that would exceed the day's budget or a cap; return whether it did."""
        account = Account(quantity.protects.name, origin)
        cost = self._cost(quantity, origin, window.day)
        if cost and not self._allows(quantity.protects, account, window.day, cost):
            return False
        self._note(quantity, account, window, cost)
        return True

    def charge_published(self, quantity: Quantity, origin: str, window: Window) -> None:
        """Charge a window that has been published already, whatever the caps say."""
        cost = self._cost(quantity, origin, window.day)
        self._note(quantity, Account(quantity.protects.name, origin), window, cost)

    def _cost(self, quantity: Quantity, origin: str, day: date) -> float:
        paid = self._windows[quantity.name, origin, day]
        return quantity.rho_per_window if paid < quantity.counts_per_day else 0.0

    def _allows(self, unit: ProtectedUnit, account: Account, day: date, cost: float) -> bool:
        today = self._spent[account].get(day, 0.0)
        month, year = (self._fullest(account, day, days) for days in (MONTH_DAYS, YEAR_DAYS))
        within = (
            today + cost <= unit.rho_per_day + ROUNDING
            and month + cost <= unit.rho_per_28_days + ROUNDING
            and year + cost <= unit.rho_per_year + ROUNDING
        )
        is_rarer = year > RARER_FROM * unit.rho_per_year and today == 0
        return within and not (is_rarer and day.toordinal() % 2)

    def _fullest(self, account: Account, day: date, days: int) -> float:
        """Return the most that was spent in any span of so many days that this day lies in."""
        spent, first = np.zeros(2 * days - 1), day.toordinal() - days + 1
        for other, rho in self._spent[account].items():
            at = other.toordinal() - first
            if 0 <= at < len(spent):
                spent[at] = rho
        up_to = np.concatenate([[0.0], np.cumsum(spent)])
        return float((up_to[days:] - up_to[:-days]).max())

    def _note(self, quantity: Quantity, account: Account, window: Window, cost: float) -> None:
        self._spent[account][window.day] += cost
        self._windows[quantity.name, account.origin, window.day] += 1
        self._new.append(
            {
                "unit": account.unit,
                "origin": account.origin,
                "day": window.day,
                "quantity": quantity.name,
                "window_start": window.start,
                "window_end": window.end,
                "rho": cost,
            }
        )
