"""Judging a calibration by days that it has not seen."""

import numpy as np
from numpy.typing import NDArray

from scenarios.calibration.calibrate import (
    COUNT_OFFSET,
    SHARE_ERROR,
    Ensemble,
    Observations,
    levels_of,
)
from scenarios.calibration.calibration import Fit
from scenarios.workers import Shared, Workers

Floats = NDArray[np.float64]

JUDGED_BY = 24
"""So many members are lived to judge by."""

JUDGING_SEED = 7_000


def judge(
    workers: Workers, towns: Shared, ensemble: Ensemble, held_out: Observations
) -> tuple[Fit, ...]:
    """Return how far the members are off what was published in the days held out.

    ``towns`` are shared as `scenarios.calibration.calibrate.levels_of` needs them.
    """
    count = min(len(ensemble), JUDGED_BY)
    predicted = np.full((count, len(held_out.value)), np.nan)
    tasks = [
        (towns, ensemble.parameters(member), ensemble.local(member), JUDGING_SEED + member)
        for member in range(count)
    ]
    for member, levels in workers.run(levels_of, tasks):
        predicted[member] = held_out.read(levels)
    quantity = np.array(held_out.quantity)
    return tuple(
        _fit(name, predicted[:, quantity == name], held_out, quantity == name)
        for name in dict.fromkeys(held_out.quantity)
    )


def _fit(name: str, predicted: Floats, held_out: Observations, which: NDArray[np.bool_]) -> Fit:
    observed, error = held_out.value[which], held_out.noise_sd[which]
    known = ~np.isnan(predicted).any(axis=0)
    predicted, observed, error = predicted[:, known], observed[known], error[known]
    luck = np.random.default_rng(JUDGING_SEED)
    noisy = predicted + error * luck.standard_normal(predicted.shape)
    low, high = np.percentile(noisy, [10, 90], axis=0)
    if name not in SHARE_ERROR:
        predicted, observed = np.exp(predicted) - COUNT_OFFSET, np.exp(observed) - COUNT_OFFSET
        low, high = np.exp(low) - COUNT_OFFSET, np.exp(high) - COUNT_OFFSET
    noise = error if name in SHARE_ERROR else error * (COUNT_OFFSET + np.maximum(observed, 0.0))
    off = predicted.mean(axis=0) - observed
    without_noise = max(float((off**2).mean() - (noise**2).mean()), 0.0)
    around = ((observed - observed.mean()) ** 2).sum()
    return Fit(
        quantity=name,
        count=int(known.sum()),
        rmse=float(np.sqrt((off**2).mean())),
        rmse_without_noise=float(np.sqrt(without_noise)),
        bias=float(off.mean()),
        r2=float(1 - (off**2).sum() / around) if around > 0 else float("nan"),
        held=float(((low <= observed) & (observed <= high)).mean()),
    )
