"""What is told of a result: the handful that changes, for whom, and where it moves to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from scenarios.ensemble import Interval
from scenarios.indicators import GROUPS, INDICATORS, StreetFigure
from scenarios.shown import Line, Moved, change_in_words
from twin.words import Language, Text
from web.plans.result import Result

HANDFUL = 6
LEAST_PART = 0.01
"""A change of less than this part of what there is now is not told among the first."""

_MOST_STREETS = 4


@dataclass(frozen=True, slots=True)
class ForGroup:
    """What becomes clearly better and clearly worse for one group of people."""

    title: Text
    better: tuple[Line, ...]
    worse: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Shift:
    """Where a figure goes: how it changes at the plan, and on all other streets; in words."""

    figure: StreetFigure
    here: str
    elsewhere: str
    streets: tuple[tuple[str, str], ...]
    """The streets elsewhere that change most, and how."""


def handful(result: Result) -> list[Line]:
    """Return the clear changes that are largest beside what there is now."""
    clear = [line for line in result.lines if line.is_clear and _part(line) >= LEAST_PART]
    return sorted(clear, key=_part, reverse=True)[:HANDFUL]


def by_group(result: Result) -> list[ForGroup]:
    """Return every group for which something becomes clearly better or worse."""
    found: list[ForGroup] = []
    for name, title in GROUPS.items():
        own = [line for line in result.lines if line.indicator.group == name]
        better = tuple(line for line in own if line.is_good is True and _part(line) >= LEAST_PART)
        worse = tuple(line for line in own if line.is_good is False and _part(line) >= LEAST_PART)
        if better or worse:
            found.append(ForGroup(title, better, worse))
    return found


def parts(result: Result, without: Sequence[Result], shown: Sequence[Line]) -> list[list[Line]]:
    """Return, for each measure, the part of each shown change that would not be there without it.

    ``without`` has the result of the plan without each measure, over the same pairs: what a
    measure adds to the others (leave-one-out), so that parts need not add up to the whole.
    """
    found: list[list[Line]] = []
    for other in without:
        pairs = min(len(result.changes), len(other.changes))
        part = result.changes[:pairs] - other.changes[:pairs]
        found.append(
            [
                replace(line, change=Interval.of(part[:, INDICATORS.index(line.indicator)]))
                for line in shown
            ]
        )
    return found


def shifts(
    moved: Sequence[Moved], names: Mapping[str, str | None], language: Language
) -> list[Shift]:
    """Return the figures that clearly change at the plan, with what happens elsewhere."""
    return [
        Shift(
            one.figure,
            change_in_words(one.inside, one.unit, language),
            change_in_words(one.outside, one.unit, language),
            _streets(one, names, language),
        )
        for one in moved
        if one.inside.is_clear and (one.outside.is_clear or one.most)
    ]


def _streets(
    one: Moved, names: Mapping[str, str | None], language: Language
) -> tuple[tuple[str, str], ...]:
    said: dict[str, str] = {}
    for segment, change in one.most:
        name = names.get(segment)
        if name and name not in said:
            said[name] = change_in_words(change, one.figure.unit, language)
    return tuple(list(said.items())[:_MOST_STREETS])


def _part(line: Line) -> float:
    """Return how large a change is beside what there is now; a share counts as it is."""
    if line.indicator.unit.en == "%":
        return abs(line.change.middle) / 100.0
    return abs(line.change.middle) / max(abs(line.before.middle), abs(line.after.middle), 1e-9)
