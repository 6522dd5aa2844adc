"""The ledger never lets a day, 28 days or a year spend more than a unit's caps."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from twin.domains import load_domains
from twin.privacy.ledger import Account, Ledger
from twin.windows import Window

FIRST = date(2026, 1, 1)
PARKING, BIKES, FOOTFALL = load_domains()
OCCUPIED = PARKING.quantity("parking_occupied")
SEEN = PARKING.quantity("parking_seen")
PASSAGES = FOOTFALL.quantity("footfall_passages")
BAY = Account("bay", "simulated")


def at(day, hour=0):
    start = datetime.combine(FIRST + timedelta(days=day), time(hour), UTC)
    return Window(start, start + timedelta(hours=1), FIRST + timedelta(days=day))


def capped(quantity, **caps):
    return replace(quantity, protects=replace(quantity.protects, **caps))


def test_a_day_s_windows_cost_what_the_policy_says():
    ledger = Ledger()
    assert all(ledger.charge(OCCUPIED, "simulated", at(0, hour)) for hour in (3, 10, 15, 20))
    assert ledger.spent(BAY, FIRST, FIRST) == pytest.approx(0.02)


def test_a_passage_is_in_one_hour_so_the_day_s_hours_cost_what_one_does():
    ledger = Ledger()
    assert all(ledger.charge(PASSAGES, "simulated", at(0, hour)) for hour in range(24))
    assert ledger.spent(Account("passage", "simulated"), FIRST, FIRST) == pytest.approx(0.02)
    assert ledger.new["rho"].to_pylist() == [0.02, *[0.0] * 23]


def test_quantities_that_may_count_the_same_bay_share_its_day():
    ledger = Ledger()
    for hour in (3, 10, 15, 20):
        ledger.charge(OCCUPIED, "simulated", at(0, hour))
    assert not ledger.charge(SEEN, "simulated", at(0))
    assert ledger.charge(SEEN, "simulated", at(1))
    assert not ledger.charge(OCCUPIED, "simulated", at(1, 3))
    assert ledger.charge(OCCUPIED, "recorded", at(1, 3))


def test_the_cap_of_28_days_ends_spending_until_days_are_behind_it():
    quantity, ledger = capped(SEEN, rho_per_28_days=0.1), Ledger()
    allowed = [ledger.charge(quantity, "measured", at(day)) for day in range(40)]
    assert allowed == [day % 28 < 5 for day in range(40)]


def test_figures_become_rarer_before_the_year_is_used_up():
    quantity, ledger = capped(SEEN, rho_per_year=5.0), Ledger()
    allowed = [ledger.charge(quantity, "measured", at(day)) for day in range(800)]
    assert all(allowed[:125])
    for first in range(435):
        year = allowed[first : first + 365]
        assert 0.02 * sum(year) <= 5.0 + 1e-9
    for first in range(799):
        assert any(allowed[first : first + 2])


@settings(max_examples=60, deadline=None)
@given(
    days=st.lists(st.tuples(st.integers(0, 60), st.booleans()), max_size=150),
    cap=st.sampled_from([0.02, 0.05, 0.1, 0.3]),
    year=st.sampled_from([0.3, 0.6, 5.0]),
)
def test_no_order_of_closing_exceeds_a_cap(days, cap, year):
    caps = {"rho_per_28_days": cap, "rho_per_year": year}
    quantities = [capped(OCCUPIED, **caps), capped(SEEN, **caps)]
    ledger = Ledger()
    spent = dict.fromkeys(range(-30, 100), 0.0)
    for day, which in days:
        before = ledger.spent(BAY, FIRST + timedelta(days=day), FIRST + timedelta(days=day))
        if ledger.charge(quantities[which], "simulated", at(day)):
            after = ledger.spent(BAY, FIRST + timedelta(days=day), FIRST + timedelta(days=day))
            spent[day] += after - before
    assert all(rho <= 0.02 + 1e-9 for rho in spent.values())
    assert all(
        sum(spent[day] for day in range(first, first + 28)) <= cap + 1e-9
        for first in range(-30, 72)
    )
    assert sum(spent.values()) <= year + 1e-9
