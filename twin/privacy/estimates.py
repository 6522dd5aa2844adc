"""What published figures say, with how sure: pure functions over arrays.

A *level* is what people read: a share of what was covered, or a count scaled to the part that was
not (value × capacity / covered, which assumes that the part not covered is like the rest). All of
it is computed from published values, so none of it says more about anybody than those do.
Values below zero stay below zero here; only what is shown is clipped.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

Z90 = 1.6448536269514722
"""Half-width of a 90 % interval in standard deviations (95th percentile of the normal)."""

OUTLIER = 3.0
"""A figure this many standard deviations from what is usual is believed, not averaged away."""

MIN_WEEKS = 2
"""From so few other weeks on, what is usual at an hour is used."""

MIN_DAYS = 2
"""From so few other days on, what they say of the same hour is used."""

WEEK_DAYS = 7

_FAR_APART = 1e12
_TINY = 1e-18
_HALVINGS = 40


@dataclass(frozen=True, slots=True)
class Levels:
    """Levels with their standard deviations, NaN where nothing was measured."""

    level: Array
    sd: Array

    def interval(self) -> tuple[Array, Array]:
        """Return the bounds of the 90 % interval, unclipped."""
        return self.level - Z90 * self.sd, self.level + Z90 * self.sd


@dataclass(frozen=True, slots=True)
class Usual:
    """Other weeks' levels at an hour of the week: mean, variance between weeks, how many weeks.

    ``between`` is the variance of the truth from week to week, the noise taken off.
    """

    mean: Array
    between: Array
    noise: Array
    weeks: Array

    def levels(self) -> Levels:
        """Return the mean with its standard error, √((between + noise) / weeks)."""
        return Levels(self.mean, np.sqrt((self.between + self.noise) / self.weeks))


def scale(covered: Array, capacity: Array, *, is_share: bool) -> Array:
    """Return what a published value is multiplied with to make it a level; NaN without coverage."""
    with np.errstate(divide="ignore", invalid="ignore"):
        factor = np.where(is_share, 1.0, capacity) / covered
    return np.where(covered > 0, factor, np.nan)


def levels(
    value: Array, covered: Array, capacity: Array, sigma: Array, *, is_share: bool
) -> Levels:
    """Return the level of each published value (NaN: not measured) and its noise.

    >>> one = levels(np.array([60.0]), np.array([100.0]), np.array([120.0]), np.array([10.0]),
    ...              is_share=True)
    >>> one.level.tolist(), one.sd.tolist()
    ([0.6], [0.1])
    """
    factor = scale(covered, capacity, is_share=is_share)
    level = value * factor
    return Levels(level, np.where(np.isnan(level), np.nan, sigma * factor))


def between_weeks(
    spread: Array, noise: Array, weeks: Array, mean: Array, *, is_share: bool
) -> Array:
    """Return the variance of the truth between weeks: (units, hours of the week).

    ``spread`` is the variance of published levels between weeks, which is that of the truth plus
    that of the noise; NaN where there is one week only. A unit's share varies as much at every
    hour. A count varies as chance has it and by a part of its size: mean + φ mean², the variance
    of a negative binomial, with one φ for each unit.
    """
    known = ~np.isnan(spread)
    extra = np.where(known, spread - noise, 0.0)
    if is_share:
        freedom = np.where(known, weeks - 1, 0.0)
        total = np.maximum(freedom.sum(axis=1), 1.0)
        own = (extra * freedom).sum(axis=1) / total
        noisy = (np.where(known, noise, 0.0) * freedom).sum(axis=1) / total
        same = _pooled(own, noisy, freedom.sum(axis=1))
        return np.repeat(same[:, None], mean.shape[1], axis=1)
    size = np.maximum(np.nan_to_num(mean), 0.0)
    squares = np.where(known, size**2, 0.0).sum(axis=1)
    beyond = (extra - np.where(known, size, 0.0)).sum(axis=1)
    factor = np.divide(beyond, squares, out=np.zeros_like(squares), where=squares > 0)
    return size + np.maximum(factor, 0.0)[:, None] * size**2


def _pooled(own: Array, noise: Array, freedom: Array) -> Array:
    """Weigh each unit's variance between weeks with that of all units: a few weeks say little of it.

    The variance of an estimated variance v with f degrees of freedom is 2 v²/f. One standard error
    is added, because an interval that is too narrow does more harm than one that is too wide.
    """
    usable = freedom > 0
    if not usable.any():
        return np.zeros(len(own))
    part = np.sqrt(2 / np.maximum(freedom, 1.0))
    common = 0.0
    for _ in range(2):
        error = ((common + noise) * part) ** 2 + _TINY
        weight = np.where(usable, 1 / error, 0.0)
        common = max(0.0, float((weight * own).sum() / weight.sum()))
    error = ((common + noise) * part) ** 2 + _TINY
    differ = _spread_beyond_noise(
        (own[usable] - common) ** 2, np.ones(int(usable.sum())), error[usable]
    )
    weight = np.where(usable, differ / (differ + error), 0.0)
    return np.maximum(weight * own + (1 - weight) * common, 0.0) + np.sqrt(weight * error)


def alike(mean: Array, error: Array, *, is_share: bool) -> Levels:
    """Return what the other days say of each hour, where days are much like one another.

    Parameters
    ----------
    mean, error
        Means of published levels and the variances that noise gives them: (units, days, hours),
        NaN where nothing is known.

    Returns
    -------
    Levels
        The mean of the other days at the same hour, and the standard deviation with which the
        truth of a day lies about it; NaN without `MIN_DAYS` others. How far days differ (of a
        count: as a part of its size) is pooled over all units and hours: empirical Bayes, by the
        method of Paule and Mandel (1982).
    """
    known = ~np.isnan(mean)
    level, noise = np.where(known, mean, 0.0), np.where(known, error, 0.0)
    others = known.sum(axis=1, keepdims=True) - known
    with np.errstate(divide="ignore", invalid="ignore"):
        about = (level.sum(axis=1, keepdims=True) - level) / others
        about_error = (noise.sum(axis=1, keepdims=True) - noise) / others**2
        size = np.ones(mean.shape) if is_share else np.maximum(about, 0.0)
        enough = known & (others >= MIN_DAYS)
        grows = size**2 * (1 + 1 / others)
        apart = (level - about) ** 2
        differ = _spread_beyond_noise(apart[enough], grows[enough], (noise + about_error)[enough])
        variance = differ * grows + about_error
    return Levels(
        np.where(others >= MIN_DAYS, about, np.nan),
        np.where(others >= MIN_DAYS, np.sqrt(variance), np.nan),
    )


def _spread_beyond_noise(squares: Array, grows: Array, noise: Array) -> float:
    """Return the v ≥ 0 at which ``squares`` are on average as large as v · ``grows`` + ``noise``."""
    usable = grows + noise > 0
    squares, grows, noise = squares[usable], grows[usable], noise[usable]

    def ratio(v: float) -> float:
        total = v * grows + noise
        return float(
            np.mean(np.divide(squares, total, out=np.full_like(total, np.inf), where=total > 0))
        )

    if not len(squares) or ratio(0.0) <= 1:
        return 0.0
    low, high = 0.0, 1.0
    while ratio(high) > 1 and high < _FAR_APART:
        low, high = high, 2 * high
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if ratio(middle) > 1 else (low, middle)
    return high


def with_alike(usual: Usual, others: Levels) -> Usual:
    """Weigh each mean with what days like it say of that hour, by inverse variance.

    Only noise is weighed away: what the weeks really were stays. Where the two lie more than
    `OUTLIER` standard deviations apart, this day of the week is not like the others, and the mean
    stands alone.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        error = usual.noise / usual.weeks
        both = others.sd**2 + error
        weight = others.sd**2 / both
        far = np.abs(usual.mean - others.level) > OUTLIER * np.sqrt(both)
        alone = far | ~(both > 0) | np.isnan(usual.mean)
        mean = weight * usual.mean + (1 - weight) * others.level
    return Usual(
        np.where(alone, usual.mean, mean),
        usual.between,
        np.where(alone, usual.noise, weight * usual.noise),
        usual.weeks,
    )


def weekly(level: Array, noise: Array, spread: Array, days: Array) -> Levels:
    """Return the mean level of weeks, of one unit, from the days on which it was measured.

    Parameters
    ----------
    level, noise, spread, days
        For each week: the mean of its days' levels, the mean variance of their noise, the variance
        between its days (NaN for one day), and how many days there are.

    Notes
    -----
    The variance is noise/days, and for the days that are missing that of the truth between days
    times (1/days - 1/7): the mean of a sample from a week of seven (Cochran 1977, section 2.6).
    """
    known = ~np.isnan(spread)
    freedom = (days - 1)[known]
    pooled = (
        float(((spread - noise)[known] * freedom).sum() / freedom.sum()) if known.any() else 0.0
    )
    missing = np.maximum(1 / days - 1 / WEEK_DAYS, 0.0)
    return Levels(level, np.sqrt(noise / days + max(0.0, pooled) * missing))


def without(usual: Usual, now: Levels) -> Usual:
    """Return what is usual without the figure itself, so that it is not counted twice."""
    seen = ~np.isnan(now.level)
    weeks = usual.weeks - seen
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = np.where(
            seen, (usual.mean * usual.weeks - np.nan_to_num(now.level)) / weeks, usual.mean
        )
    return Usual(mean, usual.between, usual.noise, weeks)


def combined(now: Levels, usual: Usual) -> Levels:
    """Weigh each figure with what other weeks say of its hour, by inverse variance.

    What is usual predicts this period with variance between·(1 + 1/weeks) + noise/weeks. A
    figure that lies more than `OUTLIER` standard deviations off that prediction stands alone,
    as does one without enough other weeks. What was not measured stays so.
    """
    weeks = np.maximum(usual.weeks, 1)
    prior = usual.between * (1 + 1 / weeks) + usual.noise / weeks
    own = now.sd**2
    with np.errstate(divide="ignore", invalid="ignore"):
        weight = prior / (prior + own)
        level = weight * now.level + (1 - weight) * usual.mean
        sd = np.sqrt(weight * own)
        far = np.abs(now.level - usual.mean) > OUTLIER * np.sqrt(prior + own)
    alone = far | (usual.weeks < MIN_WEEKS) | np.isnan(level)
    return Levels(np.where(alone, now.level, level), np.where(alone, now.sd, sd))


def total(
    value: Array, covered: Array, capacity: Array, sigma: Array, *, is_share: bool
) -> tuple[float, float]:
    """Return the level of several units together and its noise: sums of published values.

    The noise of a sum of n equal parts is √n times that of one. Units that were not measured
    do not take part.
    """
    seen = ~np.isnan(value) & (covered > 0)
    if not seen.any():
        return float("nan"), float("nan")
    if is_share:
        whole = float(covered[seen].sum())
        return float(value[seen].sum()) / whole, float(np.sqrt((sigma[seen] ** 2).sum())) / whole
    parts = levels(value[seen], covered[seen], capacity[seen], sigma[seen], is_share=False)
    return float(parts.level.sum()), float(np.sqrt((parts.sd**2).sum()))
