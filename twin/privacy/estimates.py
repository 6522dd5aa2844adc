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


def between_weeks(spread: Array, noise: Array) -> float:
    """Return the variance of the truth between weeks, pooled over the hours of one unit.

    ``spread`` is the variance of published levels between weeks, which is that of the truth
    plus that of the noise; NaN where there is one week only.
    """
    known = ~np.isnan(spread)
    return max(0.0, float(np.mean((spread - noise)[known]))) if known.any() else 0.0


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
