"""Effects in words and tables: what is shown of them to people, in both languages."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import floor, isnan, log10

import numpy as np

from scenarios.ensemble import Effects, Interval
from scenarios.indicators import INDICATORS, STREETS, Indicator
from twin.words import Language, Text

NO_EFFECT = Text("geen duidelijk effect", "no clear effect")
NOTHING = Text("verandert niet", "does not change")
UNKNOWN = Text("niet te zeggen", "cannot be said")
_MORE = Text("meer", "more")
_LESS = Text("minder", "less")
_PROBABLY = Text("waarschijnlijk", "probably")
_TO = Text("tot", "to")


@dataclass(frozen=True, slots=True)
class Line:
    """One indicator of a plan: before, after and change, each as an interval over the pairs."""

    indicator: Indicator
    before: Interval
    after: Interval
    change: Interval

    @property
    def is_clear(self) -> bool:
        """Whether the change is in one direction in nine of ten pairs."""
        return self.change.is_clear

    @property
    def is_good(self) -> bool | None:
        """Whether a clear change is for the better; None if it is not clear, or neither."""
        if not self.is_clear or self.indicator.better == "neither":
            return None
        return (self.change.middle < 0) == (self.indicator.better == "less")

    def words(self, language: Language) -> str:
        """Return the change in words: "probably 10 to 25 fewer", or that there is none."""
        low, high = self.change.low, self.change.high
        if isnan(low):
            return UNKNOWN.into(language)
        if low == high == 0:
            return NOTHING.into(language)
        if not self.is_clear:
            return NO_EFFECT.into(language)
        least, most = sorted((abs(low), abs(high)))
        less = _LESS if self.change.middle < 0 else _MORE
        return (
            f"{_PROBABLY.into(language)} {rounded(least)} {_TO.into(language)} {rounded(most)}"
            f" {self.indicator.unit.into(language)} {less.into(language)}"
        )


def lines(effects: Effects) -> list[Line]:
    """Return a line for every indicator."""
    return [
        Line(
            indicator,
            Interval.of(effects.before[:, at]),
            Interval.of(effects.after[:, at]),
            Interval.of(effects.change[:, at]),
        )
        for at, indicator in enumerate(INDICATORS)
    ]


def rounded(value: float, digits: int = 2) -> str:
    """Return a number with so many digits that mean something.

    >>> rounded(1234.5), rounded(0.0456), rounded(0.0)
    ('1,200', '0.046', '0')
    """
    if isnan(value):
        return "–"
    if value == 0:
        return "0"
    places = digits - 1 - floor(log10(abs(value)))
    return f"{round(value, places):,.{max(places, 0)}f}"


@dataclass(frozen=True, slots=True)
class Moved:
    """Where a figure goes: its change within the plan's footprint, and on all other streets."""

    figure: Text
    unit: Text
    inside: Interval
    outside: Interval
    most: tuple[tuple[str, Interval], ...]
    """The segments outside that change most, clearly ones only."""


def displaced(
    effects: Effects, is_inside: np.ndarray[tuple[int], np.dtype[np.bool_]]
) -> Iterator[Moved]:
    """Yield, for every figure by street, where it goes: the waterbed."""
    for at, figure in enumerate(STREETS):
        change = effects.streets_change[:, at, :].astype(float)
        low, middle, high = np.percentile(change, [10, 50, 90], axis=0)
        clear = ((low > 0) | (high < 0)) & ~is_inside
        order = np.argsort(-np.abs(middle) * clear, kind="stable")[:5]
        yield Moved(
            figure.title,
            figure.unit,
            Interval.of(change[:, is_inside].sum(axis=1)),
            Interval.of(change[:, ~is_inside].sum(axis=1)),
            tuple(
                (
                    str(effects.segments[int(one)]),
                    Interval(float(low[one]), float(middle[one]), float(high[one])),
                )
                for one in order
                if clear[one]
            ),
        )
