"""What published figures give away about a habit: the numbers that residents are told.

Somebody who knows everything but whether one thing was there, and sees all figures, must say of
two neighbourhoods in which of them it was. Gaussian noise of scale σ on a difference of Δ lets
them be right with probability Φ(Δ / (σ√2)), the area under the ROC curve; and ρ = Δ² / 2σ² (Bun &
Steinke 2016), so that is Φ(√ρ). What many figures cost adds up, and so the worst case after many
days is Φ(√(the sum of ρ)). A coin has a half.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from math import ceil, sqrt
from statistics import NormalDist
from zoneinfo import ZoneInfo

from twin.domains import Domain, ProtectedUnit, Quantity
from twin.privacy.ledger import Account, Ledger
from twin.words import Origin

HORIZONS = (1, 7, 30, 90)
"""After how many days of a habit people are told what it gave away."""

_STARTS = (date(2026, 1, 1), date(2026, 1, 2))
"""Days to begin with, an odd and an even one: every other day may be left out."""

_ZONE = ZoneInfo("UTC")
_ROUNDING = 1e-9


@dataclass(frozen=True, slots=True)
class Habit:
    """What the ledger allows to be spent on a unit that is counted in everything it can be.

    ``rho[n - 1]`` is the most that is spent in n days.
    """

    unit: ProtectedUnit
    rho: tuple[float, ...]

    def after(self, days: int) -> float:
        """Return what is spent in so many days at most."""
        return self.rho[days - 1]


def auc(rho: float) -> float:
    """Return the worst-case area under the ROC curve of telling presence from absence.

    >>> round(auc(0.0), 3), round(auc(0.02), 3), round(auc(0.02 * 30), 3)
    (0.5, 0.556, 0.781)
    """
    return NormalDist().cdf(sqrt(rho))


def right_of_100(rho: float) -> int:
    """Return how many of 100 guesses are right at most, rounded up.

    >>> right_of_100(0.0), right_of_100(0.02)
    (50, 56)
    """
    return ceil(100 * auc(rho) - _ROUNDING)


def at_once(rho: float, things: int) -> float:
    """Return what somebody spends who has several things in one figure: together they move it further.

    >>> at_once(0.02, 3)
    0.18
    """
    return rho * things**2


def apart(rho: float, things: int) -> float:
    """Return what somebody spends who has several things, each in another figure.

    >>> apart(0.02, 3)
    0.06
    """
    return rho * things


def habits(domains: Iterable[Domain], *, days: int = max(HORIZONS)) -> list[Habit]:
    """Return what a habit spends, for each protected unit, in the order in which they are declared.

    The ledger itself is run over so many days in which every figure is published that it allows:
    the table and the ledger cannot say different things.
    """
    by_unit: dict[str, list[Quantity]] = defaultdict(list)
    for domain in domains:
        for quantity in domain.quantities:
            by_unit[quantity.protects.name].append(quantity)
    return [Habit(each[0].protects, tuple(_spending(each, days))) for each in by_unit.values()]


def together(found: Sequence[Habit], days: int) -> float:
    """Return what somebody spends who has all of these habits: the sum; what nobody uses is left out."""
    return sum(habit.after(days) for habit in found if habit.unit.is_used)


def _spending(quantities: Sequence[Quantity], days: int) -> list[float]:
    """Return the most that the ledger lets be spent in 1, 2, 3… days, the first of which is its first."""
    by_start = [_spending_from(first, quantities, days) for first in _STARTS]
    return [max(spent) for spent in zip(*by_start, strict=True)]


def _spending_from(first: date, quantities: Sequence[Quantity], days: int) -> list[float]:
    ledger, origin = Ledger(), Origin.MEASURED.value
    start = datetime.combine(first, time(), UTC)
    windows = [
        (window.end, quantity.name, quantity, window)
        for quantity in quantities
        for window in quantity.windows.between(start, start + timedelta(days=days), _ZONE)
    ]
    for _, _, quantity, window in sorted(windows, key=lambda each: each[:2]):
        ledger.charge(quantity, origin, window)
    account = Account(quantities[0].protects.name, origin)
    return [ledger.spent(account, first, first + timedelta(days=n)) for n in range(days)]
