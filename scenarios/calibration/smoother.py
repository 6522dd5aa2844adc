"""The ensemble smoother with multiple data assimilation (Emerick & Reynolds 2013).

An ensemble of parameter draws is moved, a few times over, towards what was observed, by as much
as its own spread and the errors of the observations allow. What remains spread is what the
observations do not tell.
"""

from typing import cast

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def updated(
    members: Floats,
    predicted: Floats,
    observed: Floats,
    error_sd: Floats,
    relevant: Floats,
    doubt: Floats,
    inflation: float,
    luck: np.random.Generator,
) -> Floats:
    """Return the members after one assimilation.

    Parameters
    ----------
    members
        (members, parameters), on a scale on which the prior is normal.
    predicted
        (members, observations): what each member leads to.
    observed, error_sd
        (observations,): what was seen and its error.
    relevant
        (parameters, observations), 0 to 1: which observation may say anything of which parameter.
    doubt
        (parameters,): how many times what luck gives a squared correlation must be to be believed
        at all. Among many parameters some seem to matter by luck alone.
    inflation
        The errors' variance is multiplied by this; over all assimilations 1/inflation sums to 1.

    Notes
    -----
    The gain is worked out among the members (Woodbury), then each of its entries is multiplied by
    ``relevant`` and by how much of the correlation behind it is not luck. Among n members a squared
    correlation is 1/n by luck alone.
    """
    count = len(members)
    from_mean = members - members.mean(axis=0)
    spread = predicted - predicted.mean(axis=0)
    error = np.sqrt(inflation) * error_sd
    scaled = spread / (error * np.sqrt(count - 1))
    within = cast("Floats", np.linalg.solve(np.eye(count) + scaled @ scaled.T, scaled))
    gain = from_mean.T @ within / (error * np.sqrt(count - 1))
    sizes = np.outer(from_mean.std(axis=0), spread.std(axis=0))
    together = from_mean.T @ spread / count
    squared = np.divide(together, sizes, out=np.zeros_like(together), where=sizes > 0) ** 2
    real = np.clip(1 - doubt[:, None] / (count * np.maximum(squared, 1e-12)), 0.0, 1.0)
    perturbed = observed + error * luck.standard_normal(predicted.shape)
    return members + (perturbed - predicted) @ (gain * real * relevant).T
