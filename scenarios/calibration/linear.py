"""Fitting by straight lines: how figures follow from parameters near the members, and what that says.

The simulated day is a black box with luck in it. Lines through an ensemble of days (ridge
regression) say how each figure depends on each parameter hereabouts, and Bayes' rule for lines and
normal errors has an exact answer. Done again around that answer, this is the iterated posterior
linearisation of García-Fernández, Svensson and Särkkä (2015).
"""

from collections.abc import Sequence
from typing import NamedTuple, cast

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

PENALTIES = (0.3, 1.0, 3.0, 10.0, 30.0, 100.0, 300.0)
"""Ridge penalties that are tried; generalised cross-validation chooses for each figure."""

_HALVINGS = 40


class Lines(NamedTuple):
    """Figures near a point: ``level`` (figures,) there, and ``slope`` (parameters, figures)."""

    middle: Floats
    level: Floats
    slope: Floats


class Posterior(NamedTuple):
    """What is known of the parameters: normal, with this mean and covariance."""

    mean: Floats
    covariance: Floats

    def draws(self, count: int, luck: np.random.Generator) -> Floats:
        """Return so many draws, (count, parameters)."""
        values, vectors = np.linalg.eigh(self.covariance)
        root = vectors * np.sqrt(np.maximum(values, 0.0))
        return self.mean + luck.standard_normal((count, len(self.mean))) @ root.T


def lines(
    rounds: Sequence[tuple[Floats, Floats]], relevant: Floats, sign: Floats, spread: Floats
) -> Lines:
    """Draw lines through what members lead to.

    Parameters
    ----------
    rounds
        Of each round its members (members, parameters), and what each of them leads to (members,
        figures). They go through the middle of the last; how steep they are is what all rounds say,
        each about its own middle.
    relevant
        (parameters, figures), 0 to 1: how strongly a figure might depend on a parameter; where 0, it
        does not.
    sign
        (parameters, figures): 1 where a figure cannot fall if a parameter rises, -1 where it cannot
        rise, 0 where nobody knows. What luck says against it is not believed.
    spread
        (parameters,): prior standard deviations, the scale on which slopes are taken to be alike.
    """
    middle, level = (part.mean(axis=0) for part in rounds[-1])
    apart, off = (
        np.concatenate([part - part.mean(axis=0) for part in parts])
        for parts in zip(*rounds, strict=True)
    )
    slope = np.zeros(relevant.shape)
    kinds, of_kind = np.unique(relevant, axis=1, return_inverse=True)
    for kind in range(kinds.shape[1]):
        which = np.flatnonzero(of_kind == kind)
        used = kinds[:, kind] > 0
        scale = kinds[used, kind] / spread[used]
        found = _ridge(apart[:, used] * scale, off[:, which])
        slope[np.ix_(used, which)] = scale[:, None] * found
    return Lines(middle, level, np.where(sign * slope < 0, 0.0, slope))


def _ridge(x: Floats, y: Floats) -> Floats:
    """Return the coefficients of each column of ``y`` on ``x``: (columns of x, columns of y)."""
    if not x.shape[1]:
        return np.zeros((0, y.shape[1]))
    u, s, vt = np.linalg.svd(x, full_matrices=False)
    along = u.T @ y
    outside = (y**2).sum(axis=0) - (along**2).sum(axis=0)
    best = np.full(y.shape[1], np.inf)
    result = np.zeros((x.shape[1], y.shape[1]))
    for penalty in PENALTIES:
        kept = s**2 / (s**2 + penalty)
        missed = outside + (((1 - kept)[:, None] * along) ** 2).sum(axis=0)
        score = missed / (len(x) - 1 - kept.sum()) ** 2
        better = score < best
        best[better] = score[better]
        result[:, better] = vt.T @ ((s / (s**2 + penalty))[:, None] * along[:, better])
    return result


def posterior(found: Lines, observed: Floats, error_sd: Floats, spread: Floats) -> Posterior:
    """Return what figures say of parameters whose priors are normal about 0.

    Parameters
    ----------
    observed, error_sd
        (figures,): what was seen and its error.
    spread
        (parameters,): prior standard deviations.
    """
    weighed = found.slope / error_sd
    precision = np.diag(spread**-2.0) + weighed @ weighed.T
    covariance = cast("Floats", np.linalg.inv(precision))
    off = observed - found.level + found.middle @ found.slope
    return Posterior(covariance @ (weighed @ (off / error_sd)), covariance)


def model_error(
    found: Lines, known: Posterior, observed: Floats, noise_sd: Floats, error_sd: Floats
) -> float:
    """Return the standard deviation of what neither noise nor any parameter explains.

    With it, squares of what is left over are on average as large as their variance (Paule and
    Mandel 1982); parameters that were fitted count as figures that are not there, as in a
    regression's residual variance. All figures are of one quantity.
    """
    left = observed - found.level - (known.mean - found.middle) @ found.slope
    explained = np.einsum("pf,pq,qf->f", found.slope, known.covariance, found.slope) / error_sd**2
    freedom = max(len(left) - float(explained.sum()), 1.0)
    low, high = 0.0, float(np.sqrt((left**2).sum() / freedom))
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        is_small = (left**2 / (noise_sd**2 + middle**2)).sum() > freedom
        low, high = (middle, high) if is_small else (low, middle)
    return high
