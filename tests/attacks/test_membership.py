"""Was the unit in this window? Nobody can tell better than the ρ of the window allows."""

from statistics import NormalDist

import broken
import numpy as np
import pytest
from chances import COMPARISONS, FALSE_ALARM, auc, auc_tolerance, best_auc, limits
from dp_accounting import GaussianDpEvent, get_epsilon_gaussian
from dp_accounting.rdp import RdpAccountant
from worlds import BASE, WATCHED, domain_of

DELTA = 1e-6
OTHERS = {
    "parking_garage": 4,
    "bikes_racked": 1,
    "bikes_loose": 1,
    "bikes_dumped": 1,
    "footfall_passages": 24,
}
"""Quantities that are attacked with fewer worlds, and how many windows a day they have."""


def claimed_epsilon(rho):
    """Return the ε that dp-accounting gives for Gaussian noise of that ρ."""
    accountant = RdpAccountant()
    accountant.compose(GaussianDpEvent((2 * rho) ** -0.5))
    return accountant.get_epsilon(DELTA)


def shares(shown, present):
    """Yield, for thresholds fixed beforehand, limits of how often either kind of world is above."""
    for threshold in range(BASE - 20, BASE + 22, 2):
        above = shown > threshold
        yield (
            limits(int(above[present].sum()), int(present.sum()), FALSE_ALARM / COMPARISONS),
            limits(int(above[~present].sum()), int((~present).sum()), FALSE_ALARM / COMPARISONS),
        )


def audited_epsilon(shown, present):
    """Return the ε that the attack proves: P(A) ≤ exp(ε) P(B) + δ, both ways round."""
    found = [0.0]
    for (low_1, high_1), (low_0, high_0) in shares(shown, present):
        for low, high in ((low_1, high_0), (low_0, high_1), (1 - high_0, 1 - low_1)):
            if low > DELTA:
                found.append(np.log((low - DELTA) / high))
    return max(found)


def audited_gaussian_epsilon(shown, present):
    """Return the ε that the attack proves where the noise is known to be Gaussian.

    Any test's curve lies under that of two Gaussians 1/σ apart (Nasr et al. 2023, "Tight auditing
    of differentially private machine learning"), so that the limits of one point bound 1/σ.
    """
    inverse = NormalDist().inv_cdf
    apart = max(
        inverse(low) - inverse(high)
        for (low, _), (_, high) in shares(shown, present)
        if low > 0 and high < 1
    )
    return get_epsilon_gaussian(1 / apart, DELTA) if apart > 0 else 0.0


def test_presence_shows_no_more_than_the_window_s_rho(trials, is_quick):
    rho = trials.world.quantity.rho_per_window
    measured = auc(trials.shown, trials.present)
    tolerance = auc_tolerance(best_auc(rho), trials.present)
    assert is_quick or tolerance <= 0.01
    assert measured == pytest.approx(best_auc(rho), abs=tolerance)  # no more; and no less: it tries


@pytest.mark.parametrize("quantity", OTHERS)
def test_the_same_holds_for_other_quantities(toss, quantity, is_quick):
    cells, windows = (400, 12) if is_quick else (1000 if WATCHED[quantity].layer else 400, 24)
    days = max(1, windows // OTHERS[quantity])
    trials = toss(quantity, cells=cells, days=days, seed=2)
    area = best_auc(trials.world.quantity.rho_per_window)
    measured = auc(trials.shown, trials.present)
    assert measured == pytest.approx(area, abs=auc_tolerance(area, trials.present))


def test_no_more_epsilon_can_be_proved_than_is_claimed(trials):
    claimed = claimed_epsilon(trials.world.quantity.rho_per_window)
    assert audited_epsilon(trials.shown, trials.present) <= claimed
    tight = get_epsilon_gaussian(trials.world.quantity.sigma, DELTA)
    assert tight <= claimed
    assert audited_gaussian_epsilon(trials.shown, trials.present) <= tight


def test_a_bay_counted_twice_is_caught(toss, size, tmp_path, is_quick):
    domain = broken.counted_twice(domain_of("parking_occupied"), tmp_path)
    trials = toss("parking_occupied", cells=size.cells, days=size.days, domain=domain)
    rho = trials.world.quantity.rho_per_window
    area = best_auc(rho)
    assert auc(trials.shown, trials.present) > area + auc_tolerance(area, trials.present)
    shown = trials.shown - BASE  # so that the thresholds are in the middle again
    tight = get_epsilon_gaussian(trials.world.quantity.sigma, DELTA)
    assert is_quick or audited_gaussian_epsilon(shown, trials.present) > tight


def test_quieter_noise_is_caught(toss, size, monkeypatch):
    broken.quieter_noise(monkeypatch, by=10)
    trials = toss("parking_occupied", cells=size.cells, days=size.days // 4)
    rho = trials.world.quantity.rho_per_window
    area = best_auc(rho)
    assert auc(trials.shown, trials.present) > area + auc_tolerance(area, trials.present)
    assert audited_epsilon(trials.shown, trials.present) > claimed_epsilon(rho)
