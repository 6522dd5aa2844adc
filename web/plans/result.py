"""What a plan does, summed up over its pairs of days: small enough to keep for many plans."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scenarios.ensemble import FEW_RUNS, Pair
from scenarios.indicators import STREETS
from scenarios.shown import Line, Moved, displaced, lines
from scenarios.study import Study

Floats = NDArray[np.float32]

STANDING = [at for at, one in enumerate(STREETS) if not one.passes]
"""Positions in `STREETS` of what stands somewhere, and may be summed over segments."""

MOST_STANDING = 255
"""Of one figure no more than so many are counted on a segment."""


@dataclass(frozen=True)
class Result:
    """The effects of a plan.

    ``changes`` are (pairs, indicators), in the order of `INDICATORS` and of the members.
    ``before`` and ``change`` are (figures, segments): medians over the pairs, in the order of
    `STREETS` and of the city's segments; ``low`` and ``high`` are the 10th and 90th percentile
    of the change, ``before_low`` and ``before_high`` those of what there is without the plan.
    ``stands_before`` and ``stands_after`` are (pairs, figures, segments): what stands on each
    segment in each pair, for the figures at `STANDING`.
    """

    runs: int
    changes: NDArray[np.float64]
    lines: tuple[Line, ...]
    moved: tuple[Moved, ...]
    before: Floats
    change: Floats
    low: Floats
    high: Floats
    before_low: Floats
    before_high: Floats
    stands_before: NDArray[np.uint8]
    stands_after: NDArray[np.uint8]

    @property
    def is_first(self) -> bool:
        """Whether these are so few pairs that they are a first impression."""
        return self.runs < FEW_RUNS

    @classmethod
    def of(cls, study: Study, pairs: Sequence[Pair]) -> "Result":
        """Sum up the effects over the pairs so far."""
        effects = study.effects(list(pairs))
        low, change, high = np.percentile(effects.streets_change, [10, 50, 90], axis=0)
        before_low, before, before_high = np.percentile(
            effects.streets_before, [10, 50, 90], axis=0
        )
        stands = effects.streets_before[:, STANDING]
        return cls(
            runs=len(effects),
            changes=effects.change,
            lines=tuple(lines(effects)),
            moved=tuple(displaced(effects, study.is_inside(), study.length_m)),
            before=before.astype(np.float32),
            change=change.astype(np.float32),
            low=low.astype(np.float32),
            high=high.astype(np.float32),
            before_low=before_low.astype(np.float32),
            before_high=before_high.astype(np.float32),
            stands_before=_counts(stands),
            stands_after=_counts(stands + effects.streets_change[:, STANDING]),
        )

    def street(self, figure: str) -> int:
        """Return the position of a figure by street."""
        return [one.name for one in STREETS].index(figure)


def _counts(values: Floats) -> NDArray[np.uint8]:
    return np.clip(np.rint(values), 0, MOST_STANDING).astype(np.uint8)
