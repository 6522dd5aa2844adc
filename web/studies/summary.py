"""What a page shows of a variant: intervals of all figures, small enough to keep for many variants."""

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from scenarios.future import Future
from scenarios.indicators import HOURLY
from scenarios.prices import Cost
from scenarios.report.chart import Band
from scenarios.shown import Line, lines
from web.studies.results import Found, effects_file, is_outdated, read
from web.studies.study import KeptStudy, Variant
from web.studies.workbench import Workbench

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Summary:
    """A variant in a future. ``low``, ``middle`` and ``high`` are (figures, segments): its changes."""

    variant: Variant
    future: Future | None
    cost: Cost
    lines: tuple[Line, ...]
    low: Floats
    middle: Floats
    high: Floats
    now: tuple[Band, ...]
    then: tuple[Band, ...]
    is_outdated: bool

    def line(self, indicator: str) -> Line:
        """Return the line of an indicator."""
        return next(one for one in self.lines if one.indicator.name == indicator)


def summaries(bench: Workbench, kept: KeptStudy, future: Future | None) -> list[Summary]:
    """Return every variant in one future.

    Raises
    ------
    ScenarioError
        A plan can no longer be carried out: the place has changed since.
    EffectsError
        Results are gone, or do not fit the place any more.
    """
    return [summary(bench, kept, one, future) for one in kept.variants]


def summary(bench: Workbench, kept: KeptStudy, variant: Variant, future: Future | None) -> Summary:
    """Return one variant in one future; errors as of `summaries`."""
    folder = bench.studies.folder(kept.id)
    path = effects_file(folder, kept, variant, future)
    changed = path.stat().st_mtime_ns if path.exists() else 0
    key = (bench.model.version, str(path), changed)
    found = bench.kept.get(
        key, lambda: _summed(read(bench.model, kept, variant, future, folder), path)
    )
    return replace(found, variant=variant)


def _summed(found: Found, path: Path) -> Summary:
    effects = found.effects
    low, middle, high = np.percentile(effects.streets_change, [10, 50, 90], axis=0)
    return Summary(
        variant=found.variant,
        future=found.future,
        cost=found.study.cost,
        lines=tuple(lines(effects)),
        low=low.astype(np.float32),
        middle=middle.astype(np.float32),
        high=high.astype(np.float32),
        now=tuple(Band.of(effects.hourly_before[:, at, :]) for at in range(len(HOURLY))),
        then=tuple(Band.of(effects.hourly_after[:, at, :]) for at in range(len(HOURLY))),
        is_outdated=is_outdated(path, found.study),
    )
