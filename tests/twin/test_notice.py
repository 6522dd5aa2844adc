"""What residents are told that a habit gives away is what the ledger lets be spent."""

from dataclasses import replace
from math import sqrt
from statistics import NormalDist

import numpy as np
import pytest

from twin.domains import load_domains
from twin.privacy.notice import (
    HORIZONS,
    apart,
    at_once,
    auc,
    habits,
    right_of_100,
    together,
)

DOMAINS = load_domains()
HABITS = {habit.unit.name: habit for habit in habits(DOMAINS)}


def with_caps(**caps):
    """The footfall domain alone, its passages with other caps."""
    footfall = DOMAINS[-1]
    quantities = tuple(
        replace(quantity, protects=replace(quantity.protects, **caps))
        for quantity in footfall.quantities
    )
    return [replace(footfall, quantities=quantities)]


def test_the_area_under_the_curve_is_that_of_gaussian_noise():
    sigma, draws = 5.0, 400_000
    rng = np.random.default_rng(1)
    absent, present = rng.normal(0, sigma, draws), rng.normal(1, sigma, draws)
    assert auc(1 / (2 * sigma**2)) == pytest.approx(np.mean(present > absent), abs=0.003)
    assert auc(0.02) == pytest.approx(0.5562, abs=5e-5)


@pytest.mark.parametrize("unit", ["bay", "garage_place", "bicycle", "passage"])
@pytest.mark.parametrize(("days", "right"), [(1, 56), (7, 65), (30, 79), (90, 92)])
def test_a_habit_after_each_of_the_four_times(unit, days, right):
    assert HABITS[unit].after(days) == pytest.approx(0.02 * days)
    assert right_of_100(HABITS[unit].after(days)) == right


def test_there_is_a_habit_for_each_unit_that_a_figure_protects():
    assert set(HABITS) == {q.protects.name for d in DOMAINS for q in d.quantities}
    assert all(habit.unit.habit is not None for habit in HABITS.values())


def test_who_does_everything_spends_the_sum_without_what_nobody_uses():
    for days in HORIZONS:
        assert together(list(HABITS.values()), days) == pytest.approx(4 * 0.02 * days)


def test_several_things_at_once_cost_their_square_and_apart_their_number():
    assert at_once(0.02, 3) == pytest.approx(9 * 0.02)
    assert apart(0.02, 3) == pytest.approx(3 * 0.02)
    shift, sigma = 3, 1 / sqrt(2 * 0.02)
    assert auc(at_once(0.02, 3)) == pytest.approx(NormalDist().cdf(shift / (sigma * sqrt(2))))


def test_a_cap_of_28_days_ends_what_a_habit_gives_away_until_days_are_behind_it():
    (habit,) = habits(with_caps(rho_per_28_days=0.2))
    assert habit.after(10) == habit.after(28) == pytest.approx(0.2)
    assert habit.after(30) == pytest.approx(0.24)
    assert habit.after(90) == pytest.approx(0.2 * 3 + 0.02 * 6)


def test_half_of_a_year_s_cap_makes_days_rarer_and_all_of_it_ends_them():
    (habit,) = habits(with_caps(rho_per_year=0.4), days=200)
    assert habit.after(10) == pytest.approx(0.2)
    assert habit.after(20) == pytest.approx(0.3, abs=0.021)
    assert habit.after(200) == pytest.approx(0.4)


def test_at_most_is_rounded_up_never_down():
    for rho in np.linspace(0, 8, 200):
        assert right_of_100(float(rho)) >= 100 * auc(float(rho)) - 1e-6
