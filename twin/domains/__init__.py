"""The domains: what is measured, how it is released, how it is drawn.

The core domains stand in `CORE`; a package from outside adds its own through the entry point
group ``wijktwin.domains`` (each entry a function that returns a `Domain`), and is treated alike.
"""

from collections.abc import Iterable
from datetime import timedelta
from importlib.metadata import entry_points
from math import inf

from twin.domains.bikes import bikes
from twin.domains.domain import (
    CellRule,
    Domain,
    DomainFactory,
    ProtectedUnit,
    Quantity,
    Sensor,
)
from twin.domains.footfall import footfall
from twin.domains.parking import parking
from twin.errors import DomainError

__all__ = [
    "CORE",
    "CellRule",
    "Domain",
    "ProtectedUnit",
    "Quantity",
    "Sensor",
    "check_domains",
    "load_domains",
]

CORE: tuple[DomainFactory, ...] = (parking, bikes, footfall)
ENTRY_POINTS = "wijktwin.domains"
HOURS_A_DAY = 24


def load_domains() -> tuple[Domain, ...]:
    """Return the core domains and those that installed packages bring.

    Raises
    ------
    DomainError
        A domain from outside is declared wrongly; every fault is named.
    """
    outside = [
        entry.load() for entry in sorted(entry_points(group=ENTRY_POINTS), key=lambda e: e.name)
    ]
    domains = tuple(make() for make in (*CORE, *outside))
    check_domains(domains)
    return domains


def check_domains(domains: Iterable[Domain]) -> None:
    """Raise DomainError with every fault in how the domains are declared."""
    faults: list[str] = []
    names: set[str] = set()
    units: dict[str, ProtectedUnit] = {}
    for domain in domains:
        if not domain.name.isidentifier() or not domain.name.islower():
            faults.append(f"{domain.name!r} is not a lower-case identifier")
        for name in (domain.name, *(quantity.name for quantity in domain.quantities)):
            if name in names:
                faults.append(f"the name {name!r} is used twice")
            names.add(name)
        faults += [
            f"{quantity.name}: {what}"
            for quantity in domain.quantities
            for what in _faults(quantity)
        ]
        for unit in dict.fromkeys(quantity.protects for quantity in domain.quantities):
            if units.setdefault(unit.name, unit) != unit:
                faults.append(f"the protected unit {unit.name!r} is declared twice")
            faults += [f"{unit.name}: {what}" for what in _unit_faults(unit)]
        if domain.cells.at_least < 0:
            faults.append(f"{domain.name}: cells need at_least 0 or more")
    if faults:
        raise DomainError("domains are declared wrongly", faults)


def _unit_faults(unit: ProtectedUnit) -> Iterable[str]:
    if not unit.name.isidentifier() or not unit.name.islower():
        yield "its name must be a lower-case identifier"
    caps = (unit.rho_per_day, unit.rho_per_28_days, unit.rho_per_year)
    if not all(0 < cap < inf for cap in caps):
        yield f"budgets must be above 0 and finite, not {', '.join(map(str, caps))}"
    if unit.rho_per_28_days < unit.rho_per_day:
        yield f"the cap of 28 days, {caps[1]}, is below a day's, {caps[0]}"
    if unit.rho_per_year < unit.rho_per_28_days:
        yield f"the cap of a year, {caps[2]}, is below that of 28 days, {caps[1]}"


def _faults(quantity: Quantity) -> Iterable[str]:
    if not 0 < quantity.rho_per_day < inf:
        yield f"rho_per_day must be above 0 and finite, not {quantity.rho_per_day}"
    if quantity.rho_per_day > quantity.protects.rho_per_day:
        yield (
            f"rho_per_day {quantity.rho_per_day} is above what may be spent on"
            f" a {quantity.protects.name}, {quantity.protects.rho_per_day}"
        )
    if quantity.grace < timedelta(0):
        yield f"grace must not be negative, not {quantity.grace}"
    if quantity.counts_per_day < 1:
        yield f"counts_per_day must be at least 1, not {quantity.counts_per_day}"
    if not 0 < quantity.min_coverage <= 1:
        yield f"min_coverage must be above 0 and at most 1, not {quantity.min_coverage}"
    if quantity.has_weeks and (quantity.is_share or quantity.windows.kind != "day"):
        yield "has_weeks is for counts of a day only"
    yield from _window_faults(quantity)


def _window_faults(quantity: Quantity) -> Iterable[str]:
    hours = quantity.windows.hours
    if quantity.windows.kind != "snapshot":
        if hours:
            yield "hours are for snapshots only"
        return
    if not hours or not all(0 <= hour < HOURS_A_DAY for hour in hours):
        yield f"snapshots need hours from 0 to 23, not {hours}"
    if len(set(hours)) < len(hours):
        yield f"windows overlap: an hour is named twice in {hours}"
    if len(hours) > quantity.counts_per_day:
        yield "counts_per_day must be at least the number of snapshots"
