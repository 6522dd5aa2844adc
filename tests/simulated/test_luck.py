import numpy as np
import pytest
from scipy import stats

from sensors.simulated.luck import Drift, Luck, key_of, overdispersed, poisson

KEYS = [key_of("one"), key_of("two")]


def test_luck_does_not_depend_on_what_was_drawn_before():
    luck = Luck(7)
    first = luck.uniforms("rain", 10, KEYS, 5)
    luck.normals("other", 3, KEYS, 1000)
    assert np.array_equal(luck.uniforms("rain", 10, KEYS, 5), first)
    assert np.array_equal(luck.uniforms("rain", 10, KEYS[::-1], 5)[::-1], first)
    for other in (Luck(8).uniforms("rain", 10, KEYS, 5), luck.uniforms("rain", 11, KEYS, 5)):
        assert not np.any(other == first)


def test_the_generator_that_is_set_to_a_place_is_one_made_for_it():
    luck = Luck(1)
    luck.uniforms("x", 1, KEYS, 3)
    key = np.array([key_of("1/y"), KEYS[0]], np.uint64)
    fresh = np.random.Generator(np.random.Philox(key=key, counter=[0, 0, 0, 5]))
    assert np.array_equal(luck.generator("y", 5, KEYS[0]).random(9), fresh.random(9))


@pytest.mark.parametrize("mean", [0.0, 0.02, 1.5, 30.0, 55.0, 900.0])
def test_poisson_counts_are_the_quantiles(mean):
    uniforms = np.linspace(1e-6, 1 - 1e-6, 997)
    counts = poisson(uniforms, np.full(uniforms.shape, mean))
    assert np.array_equal(counts, stats.poisson.ppf(uniforms, mean).clip(0))


def test_overdispersed_counts_have_the_variance_they_should():
    numbers = np.random.default_rng(1)
    counts = overdispersed(
        numbers.random(200_000), numbers.standard_normal(200_000), np.full(200_000, 50.0), 14.0
    )
    # four standard errors of the mean and of the variance of 200,000 such counts
    assert counts.mean() == pytest.approx(50, abs=0.15)
    assert counts.var() == pytest.approx(50 + 50**2 / 14, rel=0.02)


def test_drift_is_standard_normal_wanders_and_goes_on_over_midnight():
    drift = Drift(Luck(3), "bikes", list(range(400)), 24)
    days = np.concatenate([drift.of(day, 96, 96) for day in (100, 101)], axis=1)
    assert days.mean() == pytest.approx(0, abs=0.03)
    assert days.std() == pytest.approx(1, abs=0.03)
    steps = np.corrcoef(days[:, :-1].ravel(), days[:, 1:].ravel())[0, 1]
    over_midnight = np.corrcoef(days[:, 95], days[:, 96])[0, 1]
    assert steps > 0.8
    assert over_midnight == pytest.approx(steps, abs=0.1)
