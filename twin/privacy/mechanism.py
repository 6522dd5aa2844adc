"""The noise: a discrete Gaussian on integers, from OpenDP."""

from collections.abc import Sequence
from functools import lru_cache
from typing import cast

from opendp.domains import atom_domain, vector_domain  # pyright: ignore[reportUnknownVariableType]
from opendp.measurements import then_gaussian  # pyright: ignore[reportUnknownVariableType]
from opendp.metrics import l2_distance  # pyright: ignore[reportUnknownVariableType]
from opendp.mod import Measurement, enable_features

enable_features("contrib")


def protect(counts: Sequence[int], sigma: float) -> list[int]:
    """Return each count with discrete Gaussian noise of scale ``sigma`` added, drawn afresh.

    For counts to which one protected unit adds at most 1 in one place, a draw costs
    ρ = 1 / 2σ² in zCDP (Canonne, Kamath & Steinke 2020, "The discrete Gaussian for
    differential privacy").
    """
    if not counts:
        return []
    return cast("list[int]", _gaussian(len(counts), sigma)(list(counts)))


@lru_cache(maxsize=256)
def _gaussian(size: int, sigma: float) -> Measurement:
    space = vector_domain(atom_domain(T=int), size=size), l2_distance(T=float)
    return cast("Measurement", space >> then_gaussian(sigma))
