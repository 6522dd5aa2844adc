"""The public-value scorecard: what changes clearly, for each group, never added up."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import isnan

from scenarios.indicators import GROUPS
from scenarios.shown import Line
from twin.words import Text

SMALL_SHARE = 0.01
SMALL_POINTS = 0.5
"""A change by less than this part of what there is, or so many percentage points, is small."""

MOST_LINES, MOST_OF_GROUP = 6, 2


@dataclass(frozen=True)
class Score:
    """One group: which of its figures clearly become better or worse, or neither of these."""

    title: Text
    better: list[Line]
    worse: list[Line]
    other: list[Line]
    unclear: int
    count: int

    @property
    def verdict(self) -> str:
        """Name the sentence that says it in a word."""
        gains = any(not is_small(line) for line in self.better)
        loses = any(not is_small(line) for line in self.worse)
        if gains or loses:
            return "both" if gains and loses else "gain" if gains else "loss"
        return "hardly" if self.better or self.worse else "unclear"


def is_small(line: Line) -> bool:
    """Whether a change, however clear, makes little difference."""
    size = abs(line.change.middle)
    if line.indicator.unit.en == "%":
        return size < SMALL_POINTS
    return size < SMALL_SHARE * abs(line.before.middle)


def scores(found: Sequence[Line]) -> list[Score]:
    """Return every group with its figures."""
    result: list[Score] = []
    for group, title in GROUPS.items():
        own = [line for line in found if line.indicator.group == group]
        clear = [line for line in own if line.is_clear]
        result.append(
            Score(
                title=title,
                better=[line for line in clear if line.is_good],
                worse=[line for line in clear if line.is_good is False],
                other=[line for line in clear if line.is_good is None],
                unclear=len(own) - len(clear),
                count=len(own),
            )
        )
    return result


def most(found: Sequence[Line]) -> list[Line]:
    """Return the few figures that change clearly and most for their size, a few of each group.

    What is neither better nor worse comes last.
    """
    clear = [line for line in found if line.is_clear and not is_small(line)]
    taken: dict[str, int] = {}
    result: list[Line] = []
    for line in sorted(clear, key=lambda one: (one.is_good is None, -_weight(one))):
        group = line.indicator.group
        taken[group] = taken.get(group, 0) + 1
        if taken[group] <= MOST_OF_GROUP and len(result) < MOST_LINES:
            result.append(line)
    return result


def _weight(line: Line) -> float:
    before = abs(line.before.middle)
    if isnan(before) or before == 0:
        return 1.0
    return min(1.0, abs(line.change.middle) / before)
