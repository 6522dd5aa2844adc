"""How often an attacker may be right, and how far chance may carry a measurement away from that.

The noise cannot be seeded, so a tolerance must be wide enough that chance alone passes it less than
once in a million runs. A run makes fewer than 100 comparisons; each gets a false alarm of 10⁻⁸,
which by the union bound leaves 10⁻⁶ for all of them, whether they are independent or not.
"""

from statistics import NormalDist

import numpy as np
from scipy.stats import beta, rankdata

COMPARISONS = 100
FALSE_ALARM = 1e-6 / COMPARISONS
Z = NormalDist().inv_cdf(1 - FALSE_ALARM)
"""So many standard errors a measurement may be off: 5.6."""

phi = NormalDist().cdf


def best_accuracy(rho):
    """Return how often the best guess of v against v + 1 is right, where both are as likely.

    In Gaussian noise the best test asks on which side of v + ½ the figure is: right with
    probability Φ(1 / 2σ), and ρ = 1 / 2σ². Figures that add up to ρ give Φ(√(ρ / 2)).
    """
    return phi((rho / 2) ** 0.5)


def best_auc(rho):
    """Return the area under the best test's curve: Φ(1 / σ√2) = Φ(√ρ)."""
    return phi(rho**0.5)


def accuracy_tolerance(trials):
    """Return how far a share of right guesses may be off by chance (variance at most ¼)."""
    return Z * 0.5 / trials**0.5


def guess(scores, threshold, rng):
    """Return whether each score says that the unit is there; a tie is decided by a coin."""
    scores = np.asarray(scores)
    coin = rng.random(scores.shape) < 0.5
    return np.where(scores == threshold, coin, scores > threshold)


def auc(scores, present):
    """Return how often a world with the unit scores higher than one without, ties as half."""
    scores, present = np.ravel(scores), np.ravel(present)
    ranks = rankdata(scores)
    n = int(present.sum())
    return (ranks[present].sum() - n * (n + 1) / 2) / (n * (len(scores) - n))


def auc_tolerance(area, present):
    """Return how far a measured area may be off by chance (Hanley & McNeil 1982, equation 2)."""
    present = np.ravel(present)
    n, m = int(present.sum()), int((~present).sum())
    q1, q2 = area / (2 - area), 2 * area**2 / (1 + area)
    variance = (area * (1 - area) + (n - 1) * (q1 - area**2) + (m - 1) * (q2 - area**2)) / (n * m)
    return Z * variance**0.5


def limits(hits, trials, false_alarm=FALSE_ALARM):
    """Return the Clopper-Pearson limits of a share, each wrong with that probability at most."""
    low = float(beta.ppf(false_alarm, hits, trials - hits + 1)) if hits else 0.0
    high = float(beta.ppf(1 - false_alarm, hits + 1, trials - hits)) if hits < trials else 1.0
    return low, high
