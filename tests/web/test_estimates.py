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
    noise, known = np.full(slots, sigma**2), np.full(slots, float(weeks))
    spread = seen.var(axis=0, ddof=1)
    between = estimates.between_weeks(
        spread[None], noise[None], known[None], seen.mean(axis=0)[None], is_share=True
    )[0]
    assert between == pytest.approx(36, rel=0.2)
    usual = Usual(seen.mean(axis=0), between, noise, known)
    hits = widths = 0.0
    for week in range(weeks):
        now = Levels(seen[week], np.full(slots, sigma))
        low, high = estimates.combined(now, estimates.without(usual, now)).interval()
        hits += ((low <= truth[week]) & (truth[week] <= high)).mean() / weeks
        widths += (high - low).mean() / weeks
    assert hits == pytest.approx(0.9, abs=0.01)
    assert widths < 0.8 * 2 * estimates.Z90 * sigma


def _weeks_of_shares(rng, *, sigma, apart, weeks=4, units=12, hours=4):
    """Return the true mean week, (units, 7, hours), and its weeks as published."""
    usual = rng.uniform(0.5, 0.9, (units, 1, hours)) + rng.normal(0, apart, (units, 7, hours))
    truth = usual + rng.normal(0, 0.03, (weeks, units, 7, hours))
    return truth.mean(axis=0), truth + rng.normal(0, sigma, truth.shape)


def _weighed(seen, sigma):
    mean, weeks = seen.mean(axis=0)[:, :5], float(len(seen))
    error = np.full(mean.shape, sigma**2 / weeks)
    others = estimates.alike(mean, error, is_share=True)
    usual = Usual(mean, np.zeros(mean.shape), error * weeks, np.full(mean.shape, weeks))
    return estimates.with_alike(usual, others)


@pytest.mark.parametrize(("apart", "at_most"), [(0.0, 0.65), (0.03, 0.8), (0.5, 1.01)])
def test_days_that_are_alike_help_one_another(apart, at_most):
    """The error of workdays alike falls to little over 1/√5; where they differ, nothing is lost.

    The mean of 20 draws has a standard error of 1 %.
    """
    rng = np.random.default_rng(3)
    gain = []
    for _ in range(20):
        truth, seen = _weeks_of_shares(rng, sigma=0.1, apart=apart)
        plain = seen.mean(axis=0)[:, :5] - truth[:, :5]
        weighed = _weighed(seen, 0.1).mean - truth[:, :5]
        gain.append(np.sqrt((weighed**2).mean() / (plain**2).mean()))
    assert np.mean(gain) < at_most


def test_the_error_after_weighing_is_what_it_says():
    """The mean of 40 draws of 240 hours: a standard error of 1 %; the pooled spread costs more."""
    rng = np.random.default_rng(4)
    ratio = []
    for _ in range(40):
        truth, seen = _weeks_of_shares(rng, sigma=0.1, apart=0.02)
        found = _weighed(seen, 0.1)
        ratio.append(((found.mean - truth[:, :5]) ** 2).mean() / (found.noise / 4).mean())
    assert np.mean(ratio) == pytest.approx(1, abs=0.15)


def test_a_day_unlike_the_others_stands_alone():
    mean = np.full((20, 5, 24), 0.5)
    mean += np.random.default_rng(5).normal(0, 0.01, mean.shape)
    mean[3, 2, 10] = 0.9
    error = np.full(mean.shape, 0.01**2)
    others = estimates.alike(mean, error, is_share=True)
    usual = Usual(mean, np.zeros(mean.shape), 4 * error, np.full(mean.shape, 4.0))
    found = estimates.with_alike(usual, others)
    assert found.mean[3, 2, 10] == 0.9
    assert found.noise[3, 2, 10] == 4 * error[3, 2, 10]
    assert found.mean[4].std() < 0.8 * mean[4].std()


def test_without_other_days_a_mean_stands_alone():
    mean, error = np.full((1, 5, 1), np.nan), np.full((1, 5, 1), np.nan)
    mean[0, :2, 0], error[0, :2, 0] = (10, 20), 4
    others = estimates.alike(mean, error, is_share=False)
    assert np.isnan(others.level).sum() == 2
    usual = Usual(mean, np.zeros(mean.shape), error, np.ones(mean.shape))
    found = estimates.with_alike(usual, others)
    assert found.mean[0, :2, 0].tolist() == [10, 20]
    assert np.isnan(found.mean[0, 2:, 0]).all()


def test_a_count_varies_as_chance_has_it_and_by_a_part_of_its_size():
    """Negative binomial counts with φ = 0.04 seen with noise; 2,000 hours of 6 weeks."""
    rng = np.random.default_rng(6)
    mean = np.repeat([2.0, 20.0, 400.0, 1000.0], 500)
    truth = rng.poisson(mean * rng.gamma(25, 1 / 25, (6, len(mean))))
    seen = truth + rng.normal(0, 5, truth.shape)
    known = [np.full((1, len(mean)), one) for one in (25.0, 6.0)]
    between = estimates.between_weeks(
        seen.var(axis=0, ddof=1)[None], *known, seen.mean(axis=0)[None], is_share=False
    )[0]
    for size in (20, 400, 1000):
        expected = size + 0.04 * size**2
        assert between[mean == size].mean() == pytest.approx(expected, rel=0.15)
    assert (between >= 0).all()


def test_how_shares_vary_is_rather_told_too_large_than_too_small():
    """Two kinds of units seen with much noise: of most, the estimate is at least what is true."""
    rng = np.random.default_rng(7)
    sd = np.repeat([0.02, 0.08], 100)
    truth = rng.normal(0.7, np.tile(sd[:, None], (4, 1, 28)))
    seen = truth + rng.normal(0, 0.09, truth.shape)
    known = [np.full((200, 28), one) for one in (0.09**2, 4.0)]
    between = estimates.between_weeks(
        seen.var(axis=0, ddof=1), *known, seen.mean(axis=0), is_share=True
    )[:, 0]
    assert (between >= sd**2)[:100].mean() > 0.8
    assert (between >= sd**2)[100:].mean() > 0.55
    assert np.sqrt(between[:100].mean()) < 0.7 * np.sqrt(between[100:].mean())
    assert np.sqrt(between[100:].mean()) < 0.09


def test_a_week_is_the_mean_of_its_days_and_says_what_the_missing_ones_cost():
    level, noise, days = np.array([10.0, 12.0]), np.array([7.0, 7.0]), np.array([7.0, 5.0])
    steady = estimates.weekly(level, noise, np.array([7.0, 7.0]), days)
    assert steady.level.tolist() == [10, 12]
    assert steady.sd == pytest.approx([1.0, np.sqrt(7 / 5)])
    lively = estimates.weekly(level, noise, np.array([12.0, 12.0]), days)
    assert lively.sd == pytest.approx([1.0, np.sqrt(7 / 5 + 5 * (1 / 5 - 1 / 7))])


def test_a_week_of_one_day_is_told_with_its_noise():
    nothing = np.array([np.nan])
    one = estimates.weekly(np.array([3.0]), np.array([4.0]), nothing, np.array([1.0]))
    assert (one.level[0], one.sd[0]) == (3, 2)


def test_intervals_of_weeks_hold_the_truth_nine_times_in_ten():
    """4,000 weeks, some with days missing: the standard error of the share is 0.5 %."""
    rng = np.random.default_rng(8)
    truth = rng.uniform(0, 40, (4000, 1)) + rng.normal(0, 3, (4000, 7))
    is_measured = rng.random(truth.shape) < rng.choice([1.0, 0.6], (4000, 1))
    is_measured[:, 0] = True
    seen = np.where(is_measured, truth + rng.normal(0, 2, truth.shape), np.nan)
    days = is_measured.sum(axis=1).astype(float)
    spread = np.array(
        [np.nanvar(w, ddof=1) if n > 1 else np.nan for w, n in zip(seen, days, strict=True)]
    )
    found = estimates.weekly(np.nanmean(seen, axis=1), np.full(4000, 4.0), spread, days)
    low, high = found.interval()
    inside = (low <= truth.mean(axis=1)) & (truth.mean(axis=1) <= high)
    assert inside.mean() == pytest.approx(0.9, abs=0.015)
