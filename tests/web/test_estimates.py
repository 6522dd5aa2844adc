"""What figures say, with how sure: checked against theory and by simulation."""

import numpy as np
import pytest

from twin.privacy import estimates
from twin.privacy.estimates import Levels, Usual


def _usual(mean, between, noise, weeks):
    return Usual(*(np.array([float(v)]) for v in (mean, between, noise, weeks)))


def _now(level, sd):
    return Levels(np.array([float(level)]), np.array([float(sd)]))


def test_a_share_is_of_what_was_covered_and_a_count_is_scaled_to_the_rest():
    value, covered, capacity, sigma = (np.array([v]) for v in (30.0, 50.0, 100.0, 10.0))
    share = estimates.levels(value, covered, capacity, sigma, is_share=True)
    count = estimates.levels(value, covered, capacity, sigma, is_share=False)
    assert (share.level[0], share.sd[0]) == (0.6, 0.2)
    assert (count.level[0], count.sd[0]) == (60.0, 20.0)


def test_what_was_not_measured_stays_so():
    nothing = np.array([np.nan])
    zero, hundred, ten = (np.array([v]) for v in (0.0, 100.0, 10.0))
    own = estimates.levels(nothing, zero, hundred, ten, is_share=True)
    shown = estimates.combined(own, _usual(0.5, 0.01, 0.01, 4))
    assert np.isnan(own.level[0])
    assert np.isnan(shown.level[0])


def test_below_zero_stays_below_zero():
    value, full = np.array([-7.0]), np.array([10.0])
    assert estimates.levels(value, full, full, full, is_share=False).level[0] == -7.0


def test_two_equal_witnesses_meet_halfway():
    shown = estimates.combined(_now(10, 2), _usual(14, 0, 16, 4))
    assert shown.level[0] == pytest.approx(12)
    assert shown.sd[0] == pytest.approx(2**0.5)


def test_a_figure_far_from_usual_stands_alone():
    shown = estimates.combined(_now(100, 2), _usual(14, 0, 16, 4))
    assert (shown.level[0], shown.sd[0]) == (100, 2)


def test_without_other_weeks_a_figure_stands_alone():
    shown = estimates.combined(_now(10, 2), _usual(12, 0, 4, 1))
    assert (shown.level[0], shown.sd[0]) == (10, 2)


def test_a_figure_is_not_counted_as_what_is_usual():
    others = estimates.without(_usual(20, 0, 4, 4), _now(50, 2))
    assert others.weeks[0] == 3
    assert others.mean[0] == pytest.approx(10)


def test_a_sum_is_as_noisy_as_the_root_of_how_many():
    n = 25
    value, sigma, full = np.full(n, 4.0), np.full(n, 3.0), np.full(n, 10.0)
    assert estimates.total(value, full, full, sigma, is_share=False) == pytest.approx((100, 15))
    assert estimates.total(value, full, full, sigma, is_share=True) == pytest.approx((0.4, 0.06))


def test_intervals_hold_the_truth_nine_times_in_ten():
    """Truths that vary between weeks, seen with noise: the interval of each is right in 90 %.

    20,000 draws: the standard error of the share is 0.2 %, and the spread between weeks is
    estimated from 168 hours of four weeks, which costs some more.
    """
    rng = np.random.default_rng(1)
    weeks, slots, sigma = 5, 4000, 10.0
    mean = rng.uniform(20, 200, slots)
    truth = mean + rng.normal(0, 6, (weeks, slots))
    seen = truth + np.rint(rng.normal(0, sigma, (weeks, slots)))
    noise = np.full(slots, sigma**2)
    between = estimates.between_weeks(seen.var(axis=0, ddof=1), noise)
    assert between == pytest.approx(36, rel=0.2)
    usual = Usual(seen.mean(axis=0), np.full(slots, between), noise, np.full(slots, float(weeks)))
    hits = widths = 0.0
    for week in range(weeks):
        now = Levels(seen[week], np.full(slots, sigma))
        low, high = estimates.combined(now, estimates.without(usual, now)).interval()
        hits += ((low <= truth[week]) & (truth[week] <= high)).mean() / weeks
        widths += (high - low).mean() / weeks
    assert hits == pytest.approx(0.9, abs=0.01)
    assert widths < 0.8 * 2 * estimates.Z90 * sigma
