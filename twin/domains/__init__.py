"""The domains: what is measured, how it is released, how it is drawn.

The core domains stand in `CORE`; a package from outside adds its own through the entry point
group ``wijktwin.domains`` (each entry a function that returns a `Domain`), and is treated alike.
"""

from collections.abc import Iterable
from importlib.metadata import entry_points

from twin.domains.bikes import bikes
from twin.domains.domain import CellRule, Domain, DomainFactory, Quantity, Sensor
from twin.domains.footfall import footfall
from twin.domains.parking import parking
from twin.errors import DomainError

__all__ = ["CORE", "CellRule", "Domain", "Quantity", "Sensor", "check_domains", "load_domains"]

CORE: tuple[DomainFactory, ...] = (parking, bikes, footfall)
ENTRY_POINTS = "wijktwin.domains"


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
    if faults:
        raise DomainError("domains are declared wrongly", faults)


def _faults(quantity: Quantity) -> Iterable[str]:
    if not quantity.rho_per_day > 0:
        yield f"rho_per_day must be above 0, not {quantity.rho_per_day}"
    if quantity.counts_per_day < 1:
        yield f"counts_per_day must be at least 1, not {quantity.counts_per_day}"
    if not 0 < quantity.min_coverage <= 1:
        yield f"min_coverage must be above 0 and at most 1, not {quantity.min_coverage}"
    if (
        quantity.windows.kind == "snapshot"
        and len(set(quantity.windows.hours)) > quantity.counts_per_day
    ):
        yield "counts_per_day must be at least the number of snapshots"
