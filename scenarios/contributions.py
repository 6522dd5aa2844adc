"""Which measure did what: the part of each measure in the effect of all of them together."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import factorial
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from scenarios.ensemble import Interval
from scenarios.errors import ScenarioError
from scenarios.indicators import INDICATORS
from scenarios.study import Study
from scenarios.workers import Workers

Floats = NDArray[np.float64]
Subset = frozenset[int]

MOST_FOR_SHAPLEY = 4
"""With more measures than this there are too many subsets, and each is left out in turn instead."""

Method = Literal["shapley", "leave_one_out"]


@dataclass(frozen=True)
class Contributions:
    """The part of each measure in the change of every indicator.

    With ``shapley`` the parts add up to the whole, pair by pair: each is what the measure adds, averaged
    over all orders in which the measures may come (Shapley 1953). With ``leave_one_out`` each is what
    the plan would lose without it; what is left over is how they work on one another.

    ``parts`` is (measures, pairs, indicators).
    """

    method: Method
    measures: Sequence[str]
    parts: Floats
    whole: Floats

    def of(self, measure: str, indicator: str) -> Interval:
        """Return a measure's part in the change of an indicator."""
        names = [one.name for one in INDICATORS]
        return Interval.of(self.parts[self.measures.index(measure), :, names.index(indicator)])


def contributions(
    study: Study, workers: Workers, progress: Callable[[int, int], None] = lambda _done, _of: None
) -> Contributions:
    """Run the subsets of a plan's measures and return what each contributes.

    Raises
    ------
    ScenarioError
        A measure of the plan cannot be carried out without another, so that it has no part of its own.
    """
    measures = study.scenario.measures
    ids = [measure.id for measure in measures]
    method: Method = "shapley" if len(measures) <= MOST_FOR_SHAPLEY else "leave_one_out"
    parts_of = {subset: _part(study, subset) for subset in _subsets(len(measures), method)}
    change: dict[Subset, Floats] = {}
    for done, (subset, part) in enumerate(parts_of.items()):
        change[subset] = part.run(workers).change if subset else np.zeros(1)
        progress(done + 1, len(parts_of))
    everything = frozenset(range(len(measures)))
    parts = [
        _shapley(one, len(measures), change)
        if method == "shapley"
        else change[everything] - change[everything - {one}]
        for one in range(len(measures))
    ]
    return Contributions(method, ids, np.array(parts), change[everything])


def _subsets(count: int, method: Method) -> Iterator[Subset]:
    if method == "leave_one_out":
        everything = frozenset(range(count))
        yield everything
        yield from (everything - {one} for one in range(count))
        return
    for size in range(count + 1):
        yield from map(frozenset, combinations(range(count), size))


def _part(study: Study, subset: Subset) -> Study:
    """Return the study of some of the plan's measures."""
    kept = tuple(study.scenario.measures[one] for one in sorted(subset))
    part = study.scenario.model_copy(update={"measures": kept})
    try:
        return study.of_variant(part)
    except ScenarioError as err:
        gone = [
            measure.id for at, measure in enumerate(study.scenario.measures) if at not in subset
        ]
        raise ScenarioError(
            f"What each measure does cannot be told apart: without {', '.join(gone)} the rest"
            " cannot be carried out",
            err.found,
        ) from err


def _shapley(one: int, count: int, change: Mapping[Subset, Floats]) -> Floats:
    others = [other for other in range(count) if other != one]
    total = np.zeros(1)
    for size in range(count):
        weight = factorial(size) * factorial(count - size - 1) / factorial(count)
        for before in map(frozenset, combinations(others, size)):
            total = total + weight * (change[before | {one}] - change[before])
    return total
