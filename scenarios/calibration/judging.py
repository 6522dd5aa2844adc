"""Judging a calibration by days that it has not seen."""

import numpy as np
from numpy.typing import NDArray

from scenarios.calibration.calibrate import Fitted, levels_of
from scenarios.calibration.calibration import ALL_DAYS, Fit
from scenarios.calibration.observations import SHARE_ERROR, Observations, unstretched
from scenarios.sharing import Shared
from scenarios.workers import Workers

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

JUDGED_BY = 24
"""So many members are lived to judge by."""

JUDGING_SEED = 7_000


def judge(
    workers: Workers, towns: Shared, found: Fitted, fitted: Observations, held_out: Observations
) -> tuple[Fit, ...]:
    """Return how far the members are off what was published in the days held out.

    Of each quantity on all days, and on working days. ``towns`` are shared as
    `scenarios.calibration.calibrate.levels_of` needs them.
    """
    ensemble = found.ensemble
    count = min(len(ensemble), JUDGED_BY)
    predicted = np.full((count, len(held_out.value)), np.nan)
    tasks = [
        (towns, ensemble.parameters(member), ensemble.local(member), JUDGING_SEED + member)
        for member in range(count)
    ]
    for member, levels in workers.run(levels_of, tasks):
        predicted[member] = held_out.read(levels)
    usual = _usual(fitted, held_out)
    known = ~np.isnan(predicted).any(axis=0) & ~np.isnan(usual)
    quantity, day = np.array(held_out.quantity), np.array(held_out.day)
    fits: list[Fit] = []
    for name in dict.fromkeys(held_out.quantity):
        for when in (ALL_DAYS, "weekday"):
            which = known & (quantity == name) & ((day == when) | (when == ALL_DAYS))
            if which.any():
                fits.append(_fit(name, when, predicted, usual, held_out, found, which))
    return tuple(fits)


def _usual(fitted: Observations, held_out: Observations) -> Floats:
    """Return the figure of a typical week for each of those held out; NaN where there is none."""
    names = (fitted.quantity, fitted.day, fitted.unit, fitted.hours)
    value = dict(zip(zip(*names, strict=True), fitted.value.tolist(), strict=True))
    wanted = (held_out.quantity, held_out.day, held_out.unit, held_out.hours)
    return np.array([value.get(one, np.nan) for one in zip(*wanted, strict=True)])


def _fit(
    name: str,
    day: str,
    predicted: Floats,
    usual: Floats,
    held_out: Observations,
    found: Fitted,
    which: Flags,
) -> Fit:
    predicted, usual = predicted[:, which], usual[which]
    observed, error = held_out.value[which], held_out.noise_sd[which]
    own = found.own_error[name]
    luck = np.random.default_rng(JUDGING_SEED)
    noisy = predicted + np.hypot(error, own) * luck.standard_normal(predicted.shape)
    low, high = np.percentile(noisy, [10, 90], axis=0)
    held = float(((low <= observed) & (observed <= high)).mean())
    if name not in SHARE_ERROR:
        error = error * np.exp(observed)
        predicted, usual, observed = (
            unstretched(name, one) for one in (predicted, usual, observed)
        )
    off = np.median(predicted, axis=0) - observed
    around = ((observed - observed.mean()) ** 2).sum()
    rmse, rmse_without_noise = _rmse(off, error)
    usual_rmse, usual_without_noise = _rmse(usual - observed, error)
    return Fit(
        quantity=name,
        day=day,
        count=len(off),
        rmse=rmse,
        rmse_without_noise=rmse_without_noise,
        bias=float(off.mean()),
        r2=float(1 - (off**2).sum() / around) if around > 0 else float("nan"),
        held=held,
        own_error=own,
        usual=usual_rmse,
        usual_without_noise=usual_without_noise,
    )


def _rmse(off: Floats, noise_sd: Floats) -> tuple[float, float]:
    """Return the root mean square, and what it would be without noise."""
    square = float((off**2).mean())
    return float(np.sqrt(square)), float(np.sqrt(max(square - float((noise_sd**2).mean()), 0.0)))
