"""A fixed habit shows over the days as much as the ledger says was spent, and no more."""

from datetime import timedelta

import broken
import numpy as np
import pytest
from chances import auc, auc_tolerance, best_auc
from worlds import SINCE, ZONE, domain_of

DAYS = 90
CAP = 0.03
"""A cap over 28 days that allows 3 of them."""


def attack(trials, days):
    """Return the area for guessing the habit from each stretch of so many days, and what it cost.

    With noise of one scale, the sum of the figures is the best that one can look at.
    """
    ledger, first = trials.world.ledger(), SINCE.astimezone(ZONE).date()
    on = ledger["day"]
    per_day = len(trials.shown) // DAYS
    scores, present, spent = [], [], set()
    for start in range(0, DAYS - days + 1, days):
        part = slice(per_day * start, per_day * (start + days))
        scores.append(np.nansum(trials.shown[part], axis=0))
        present.append(trials.present[0])
        since, until = first + timedelta(days=start), first + timedelta(days=start + days)
        spent.add(round(ledger["rho"][(on >= since) & (on < until)].sum(), 9))
    (rho,) = spent
    present = np.array(present)
    return auc(np.array(scores), present), rho, present


def excess(trials, days):
    """Return how far the area is over what was paid for, in units of what chance may do."""
    area, rho, present = attack(trials, days)
    return (area - best_auc(rho)) / auc_tolerance(best_auc(rho), present)


@pytest.fixture(scope="module")
def cells(is_quick):
    return 200 if is_quick else 1000


@pytest.fixture(scope="module")
def habit(toss, cells):
    return toss("bikes_racked", cells=cells, days=DAYS, habit=True, seed=7)


@pytest.mark.parametrize("days", [7, 30, 90])
def test_a_habit_shows_as_much_as_was_spent(habit, days):
    _, rho, _ = attack(habit, days)
    assert rho == pytest.approx(0.01 * days)
    assert abs(excess(habit, days)) <= 1  # no more; and no less, since it is the best test


def test_a_passage_at_the_same_hour_every_day_shows_what_its_days_cost(toss, is_quick):
    cells, days = (200, 3) if is_quick else (500, 7)
    trials = toss("footfall_passages", cells=cells, days=days, habit=True, seed=8)
    rho = trials.world.ledger()["rho"].sum()
    assert rho == pytest.approx(0.02 * days)
    at_eight, present = trials.shown[8::24].sum(axis=0), trials.present[0]
    area = best_auc(rho)
    assert auc(at_eight, present) == pytest.approx(area, abs=auc_tolerance(area, present))


@pytest.fixture(scope="module")
def capped():
    """A policy whose cap over 28 days ends spending after 3."""
    return domain_of("bikes_racked", rho_per_28_days=CAP)


def test_a_cap_ends_what_a_habit_shows(toss, cells, capped):
    trials = toss("bikes_racked", cells=cells, days=DAYS, habit=True, seed=9, domain=capped)
    assert np.isnan(trials.shown[3:28]).all()
    _, rho, _ = attack(trials, DAYS)
    assert rho == pytest.approx(4 * CAP)
    assert abs(excess(trials, DAYS)) <= 1


def test_the_year_s_cap_ends_what_a_habit_shows(toss, cells):
    domain = domain_of("bikes_racked", rho_per_year=0.2)
    trials = toss("bikes_racked", cells=cells, days=DAYS, habit=True, seed=9, domain=domain)
    _, rho, _ = attack(trials, DAYS)
    assert rho == pytest.approx(0.2)
    assert abs(excess(trials, DAYS)) <= 1


def test_ignored_caps_are_caught(toss, cells, capped, monkeypatch):
    broken.caps_are_ignored(monkeypatch)
    trials = toss("bikes_racked", cells=cells, days=DAYS, habit=True, seed=9, domain=capped)
    area, rho, present = attack(trials, DAYS)
    assert rho > 4 * CAP
    assert area > best_auc(4 * CAP) + auc_tolerance(best_auc(4 * CAP), present)


@pytest.mark.parametrize("days", [30, 90])
def test_a_ledger_that_does_not_charge_is_caught(toss, cells, monkeypatch, days):
    broken.nothing_is_charged(monkeypatch)
    trials = toss("bikes_racked", cells=cells, days=DAYS, habit=True, seed=7)
    assert excess(trials, days) > 1


def test_quieter_noise_is_caught(toss, cells, monkeypatch):
    broken.quieter_noise(monkeypatch, by=3)
    trials = toss("bikes_racked", cells=cells, days=DAYS, habit=True, seed=7)
    assert all(excess(trials, days) > 1 for days in (7, 30))
