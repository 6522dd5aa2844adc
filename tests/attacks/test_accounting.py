"""An accountant from outside finds for what the ledger charged what the ledger says."""

from datetime import datetime, time, timedelta

import broken
import numpy as np
import pytest
from dp_accounting import ComposedDpEvent, GaussianDpEvent, SelfComposedDpEvent
from dp_accounting.pld import PLDAccountant
from dp_accounting.rdp import RdpAccountant
from opendp.domains import atom_domain, vector_domain
from opendp.measurements import then_gaussian
from opendp.metrics import l2_distance
from worlds import ZONE

from twin.domains import load_domains
from twin.privacy.ledger import Account, Ledger

DELTA = 1e-6
ORDERS = [1.5, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0]
FIRST = datetime(2026, 1, 1, tzinfo=ZONE)
QUANTITIES = {q.name: q for domain in load_domains() for q in domain.quantities}
UNITS = sorted({q.protects.name for q in QUANTITIES.values()})


def charged(days):
    """Let every quantity close every window of some days; return the ledger and what it drew."""
    ledger, drawn = Ledger(), []
    due = [
        (window.end + quantity.grace, quantity, window)
        for quantity in QUANTITIES.values()
        for window in quantity.windows.between(FIRST, FIRST + timedelta(days=days), ZONE)
        if window.day < (FIRST + timedelta(days=days)).date()
    ]
    for _, quantity, window in sorted(due, key=lambda item: item[0]):
        if ledger.charge(quantity, "measured", window):
            drawn.append((quantity, window.day))
    return ledger, drawn


def counted_in(drawn, unit):
    """Return how many drawn windows of each quantity one unit is counted in at most."""
    per_day = {}
    for quantity, day in drawn:
        if quantity.protects.name == unit:
            per_day[quantity.name, day] = per_day.get((quantity.name, day), 0) + 1
    found = {}
    for (name, _), windows in per_day.items():
        most = min(windows, QUANTITIES[name].counts_per_day)
        found[name] = found.get(name, 0) + most
    return found


def outside(accountant, counted):
    """Compose what was drawn as Gaussian noise on a count that one unit changes by 1."""
    events = [
        SelfComposedDpEvent(GaussianDpEvent(QUANTITIES[name].sigma), windows)
        for name, windows in sorted(counted.items())
    ]
    return accountant.compose(ComposedDpEvent(events))


def spent(ledger, unit, days):
    """Return the ρ that the ledger says was spent on a unit."""
    first = FIRST.date()
    return ledger.spent(Account(unit, "measured"), first, first + timedelta(days=days))


def epsilon_of(rho):
    """Return ε at δ for a ρ: Bun & Steinke 2016, proposition 1.3."""
    return rho + 2 * (rho * np.log(1 / DELTA)) ** 0.5


@pytest.fixture(scope="module", params=[1, 28, 365])
def days(request):
    return request.param


@pytest.fixture(scope="module")
def of_days(days):
    return charged(days)


@pytest.mark.parametrize("unit", UNITS)
def test_what_was_spent_is_what_an_outsider_finds(of_days, days, unit):
    ledger, drawn = of_days
    rho, counted = spent(ledger, unit, days), counted_in(drawn, unit)
    accountant = outside(RdpAccountant(ORDERS), counted)
    # Rényi divergence of order α is α ρ: for the Gaussian, and at most that for the discrete one.
    assert accountant.rdp == pytest.approx([order * rho for order in ORDERS], rel=1e-9)
    by_orders = outside(RdpAccountant(), counted).get_epsilon(DELTA)
    assert 0.5 * epsilon_of(rho) < by_orders <= epsilon_of(rho)


@pytest.mark.parametrize("unit", UNITS)
def test_the_exact_loss_is_less_than_rho_says(of_days, days, unit):
    ledger, drawn = of_days
    accountant = PLDAccountant(value_discretization_interval=1e-3)  # rounded up: still a bound
    exact = outside(accountant, counted_in(drawn, unit)).get_epsilon(DELTA)
    assert 0 < exact <= epsilon_of(spent(ledger, unit, days))


def test_no_unit_s_caps_are_exceeded(of_days, days):
    _, drawn = of_days
    for quantity in QUANTITIES.values():
        unit = quantity.protects
        cap = {1: unit.rho_per_day, 28: unit.rho_per_28_days, 365: unit.rho_per_year}[days]
        orders = outside(RdpAccountant(ORDERS), counted_in(drawn, unit.name)).rdp
        assert orders[0] / ORDERS[0] <= cap * (1 + 1e-9)


@pytest.mark.parametrize("quantity", QUANTITIES.values(), ids=QUANTITIES)
def test_the_mechanism_s_own_claim_is_the_window_s_rho(quantity):
    space = vector_domain(atom_domain(T=int), size=3), l2_distance(T=float)
    measurement = space >> then_gaussian(quantity.sigma)
    assert measurement.map(1.0) == pytest.approx(quantity.rho_per_window, rel=1e-9)


@pytest.mark.parametrize("quantity", QUANTITIES.values(), ids=QUANTITIES)
def test_discrete_noise_has_no_more_divergence_than_rho(quantity):
    sigma = quantity.sigma
    at = np.arange(-round(400 * sigma), round(400 * sigma) + 1)
    log_weight = -(at**2) / (2 * sigma**2)
    log_total = np.logaddexp.reduce(log_weight)
    log_shifted = -((at - 1) ** 2) / (2 * sigma**2)
    for order in ORDERS:
        terms = order * log_shifted + (1 - order) * log_weight - log_total
        divergence = np.logaddexp.reduce(terms) / (order - 1)
        assert divergence <= order * quantity.rho_per_window * (1 + 1e-9) + 1e-12


@pytest.mark.parametrize("unit", UNITS)
def test_a_ledger_that_does_not_charge_is_caught(monkeypatch, unit):
    broken.nothing_is_charged(monkeypatch)
    ledger, drawn = charged(1)
    accountant = outside(RdpAccountant(ORDERS), counted_in(drawn, unit))
    assert accountant.rdp[0] > ORDERS[0] * spent(ledger, unit, 1)


def test_ignored_caps_are_caught(monkeypatch):
    broken.caps_are_ignored(monkeypatch)
    _, drawn = charged(365)
    for unit in {q.protects for q in QUANTITIES.values()}:
        accountant = outside(RdpAccountant(ORDERS), counted_in(drawn, unit.name))
        assert accountant.rdp[0] > ORDERS[0] * unit.rho_per_year * 1.01


def test_the_days_are_whole():
    _, drawn = charged(1)
    assert {day for _, day in drawn} == {datetime.combine(FIRST, time()).date()}
