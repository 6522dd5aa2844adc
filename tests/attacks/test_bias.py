"""Figures are right on average, at zero too: nothing is cut off where people do not look."""

import broken
import numpy as np
import pytest
from chances import FALSE_ALARM
from worlds import World

from twin.privacy import release

SIGMA = 5.0
CHUNK = 10_000
ERRORS = 3
"""So many standard errors the mean of a million draws may be off, …"""

ROUNDS = 7
"""… and if it is off by more, it must be so in that many rounds on the same side to count as bias.

By chance a round is off to one side with probability 0.00135, all of them with 0.00135⁷, for each
of three values and two sides: far less than 10⁻⁸.
"""


def errors(value, draws):
    """Return how many standard errors the mean of so many draws is off."""
    drawn = [release.protect([value] * CHUNK, SIGMA) for _ in range(draws // CHUNK)]
    return float((np.mean(drawn) - value) / (SIGMA / draws**0.5))


def is_biased(value, draws):
    """Whether the mean is off to one side, again and again."""
    sides = set()
    for _ in range(ROUNDS):
        off = errors(value, draws)
        sides.add(np.sign(off))
        if abs(off) <= ERRORS or len(sides) > 1:
            return False
    return True


@pytest.fixture
def draws(is_quick):
    return 20_000 if is_quick else 1_000_000


@pytest.mark.parametrize("value", [0, 1, 100])
def test_the_mean_is_the_count(value, draws):
    assert 6 * 0.00135**ROUNDS < FALSE_ALARM
    assert not is_biased(value, draws)


@pytest.mark.parametrize("value", [0, 1])
def test_clipping_is_caught(value, monkeypatch):
    broken.clipped_noise(monkeypatch)
    assert is_biased(value, CHUNK)


def published(folder):
    """Return the figures of cells in which nothing was counted."""
    world = World(folder, cells=100, quantity="parking_occupied")
    world.live(np.zeros((8, 100), int), days=2)
    world.stop()
    return world.figures()


def test_figures_below_zero_are_published(tmp_path, monkeypatch):
    # Of 800 figures about 380 are below zero; fewer than 250 in one run of 10¹⁸.
    assert (published(tmp_path / "real") < 0).sum() > 250
    broken.clipped_noise(monkeypatch)
    assert (published(tmp_path / "broken") < 0).sum() == 0
