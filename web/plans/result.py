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


@dataclass(frozen=True)
class Result:
    """The effects of a plan.

    ``changes`` are (pairs, indicators), in the order of `INDICATORS` and of the members.
    ``before`` and ``change`` are (figures, segments): medians over the pairs, in the order of
    `STREETS` and of the city's segments; ``low`` and ``high`` are the 10th and 90th percentile
    of the change.
    """

    runs: int
    changes: NDArray[np.float64]
    lines: tuple[Line, ...]
    moved: tuple[Moved, ...]
    before: Floats
    change: Floats
    low: Floats
    high: Floats

    @property
    def is_first(self) -> bool:
        """Whether these are so few pairs that they are a first impression."""
        return self.runs < FEW_RUNS

    @classmethod
    def of(cls, study: Study, pairs: Sequence[Pair]) -> "Result":
        """Sum up the effects over the pairs so far."""
        effects = study.effects(list(pairs))
        low, change, high = np.percentile(effects.streets_change, [10, 50, 90], axis=0)
        return cls(
            runs=len(effects),
            changes=effects.change,
            lines=tuple(lines(effects)),
            moved=tuple(displaced(effects, study.is_inside(), study.length_m)),
            before=np.median(effects.streets_before, axis=0).astype(np.float32),
            change=change.astype(np.float32),
            low=low.astype(np.float32),
            high=high.astype(np.float32),
        )

    def street(self, figure: str) -> int:
        """Return the position of a figure by street."""
        return [one.name for one in STREETS].index(figure)
