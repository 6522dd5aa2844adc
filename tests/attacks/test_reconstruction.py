"""All tables of several days, put into a linear program, do not tell where the cars were."""

import broken
import numpy as np
import pytest
from chances import accuracy_tolerance, best_accuracy, guess
from scipy.optimize import linprog
from scipy.sparse import csr_array, hstack, identity, kron, vstack
from worlds import BASE, CAPACITY

DAYS = 5


def reconstruct(shown):
    """Return the part of each cell's unknown bay that fits the tables best.

    The worst case: bays stay as they are over the days, and of all but one in each cell the
    attacker knows whether they are occupied. Minimises Σ |figure - Σ bays| with every bay in [0, 1]
    (Dwork, McSherry & Talwar 2007, "The price of privacy and the limits of LP decoding").
    """
    windows, cells = shown.shape
    sums = kron(identity(cells), np.ones((windows, CAPACITY)), format="csr")
    misses = identity(windows * cells, format="csr")
    above = hstack([sums, -misses])
    below = hstack([-sums, -misses])
    figures = shown.T.ravel()
    bays = np.zeros((cells, CAPACITY, 2))
    bays[:, :BASE] = 1
    bays[:, BASE, 1] = 1
    found = linprog(
        np.r_[np.zeros(cells * CAPACITY), np.ones(windows * cells)],
        A_ub=csr_array(vstack([above, below])),
        b_ub=np.r_[figures, -figures],
        bounds=[*map(tuple, bays.reshape(-1, 2)), *[(0, None)] * (windows * cells)],
        method="highs",
    )
    assert found.success, found.message
    return found.x[: cells * CAPACITY].reshape(cells, CAPACITY)[:, BASE]


def least_squares(shown):
    """Return what least squares say of each cell's unknown bay: the best there is in this noise."""
    return shown.mean(axis=0) - BASE


def accuracy(found, trials, cells=None):
    """Return how often a way of reconstructing is right about the bays of the first cells."""
    rng, present = np.random.default_rng(5), trials.present[0, :cells]
    return float((guess(found(trials.shown[:, :cells]), 0.5, rng) == present).mean())


def spent(trials):
    """Return what the ledger says was spent on a bay."""
    return float(trials.world.ledger().rho.sum())


CELLS = 1000


@pytest.fixture
def solved(is_quick):
    """For how many cells the linear program is solved."""
    return 200 if is_quick else CELLS


def test_the_best_reconstruction_is_bounded_by_what_was_spent(toss, solved):
    trials = toss("parking_occupied", cells=CELLS, days=DAYS, habit=True, seed=6)
    assert spent(trials) == pytest.approx(DAYS * 0.02)
    best = best_accuracy(spent(trials))
    assert accuracy(reconstruct, trials, solved) <= best + accuracy_tolerance(solved)
    # No more; and no less, since this is the best test there is:
    assert accuracy(least_squares, trials) == pytest.approx(best, abs=accuracy_tolerance(CELLS))


def test_quieter_noise_is_caught(toss, solved, monkeypatch):
    broken.quieter_noise(monkeypatch, by=10)
    trials = toss("parking_occupied", cells=CELLS, days=DAYS, habit=True, seed=6)
    best = best_accuracy(spent(trials))
    assert accuracy(reconstruct, trials, solved) > best + accuracy_tolerance(solved)
    assert accuracy(least_squares, trials) > best + accuracy_tolerance(CELLS)


def test_a_ledger_that_does_not_charge_is_caught(toss, monkeypatch):
    broken.nothing_is_charged(monkeypatch)
    trials = toss("parking_occupied", cells=CELLS, days=28, habit=True, seed=6)
    best = best_accuracy(spent(trials))
    assert accuracy(least_squares, trials) > best + accuracy_tolerance(CELLS)
