"""Effects in words and tables: what is shown of them to people, in both languages."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import floor, isnan, log10

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from scenarios.ensemble import Effects, Interval
from scenarios.indicators import INDICATORS, STREETS, Indicator, StreetFigure
from twin.words import Language, Text

NO_EFFECT = Text("geen duidelijk effect", "no clear effect")
NOTHING = Text("verandert niet", "does not change")
UNKNOWN = Text("niet te zeggen", "cannot be said")
_MORE = Text("meer", "more")
_LESS = Text("minder", "less")
_FEWER = Text("minder", "fewer")
_HIGHER = Text("hoger", "higher")
_LOWER = Text("lager", "lower")
_POINTS = Text("procentpunt", "percentage points")
_PROBABLY = Text("waarschijnlijk", "probably")
_ABOUT = Text("ongeveer", "about")
_TO = Text("tot", "to")

_COUNTED = {"cars", "bikes", "people", "racks"}
"""Units of which there are more or fewer, and not more or less."""

KM = Text("km", "km")


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
        """Return the change in words: "probably 10 to 25 fewer cars", or that there is none."""
        return change_in_words(self.change, self.indicator.unit, language)


def change_in_words(change: Interval, unit: Text, language: Language) -> str:
    """Return a change as a person says it.

    >>> change_in_words(Interval(-25, -20, -10), Text("auto's", "cars"), "en")
    'probably 10 to 25 fewer cars'
    >>> change_in_words(Interval(1.25, 2, 3.5), Text("%", "%"), "nl")
    'waarschijnlijk 1,2 tot 3,5 procentpunt hoger'
    >>> change_in_words(Interval(-1, 1, 2), Text("km", "km"), "en")
    'no clear effect'
    """
    if isnan(change.low):
        return UNKNOWN.into(language)
    if change.low == change.high == 0:
        return NOTHING.into(language)
    if not change.is_clear:
        return NO_EFFECT.into(language)
    least, most = sorted((abs(change.low), abs(change.high)))
    ends = [plain(least, 2, language), plain(most, 2, language)]
    euros = "€\N{NO-BREAK SPACE}" if unit.en == "€" else ""
    if ends[0] == ends[1]:
        amount = f"{_ABOUT.into(language)} {euros}{ends[1]}"
    else:
        amount = f"{euros}{ends[0]} {_TO.into(language)} {euros}{ends[1]}"
    return f"{_PROBABLY.into(language)} {amount}{_which_way(change, unit, language)}"


def _which_way(change: Interval, unit: Text, language: Language) -> str:
    is_less = change.middle < 0
    if unit.en == "€":
        return f" {(_LESS if is_less else _MORE).into(language)}"
    if unit.en == "%":
        return f" {_POINTS.into(language)} {(_LOWER if is_less else _HIGHER).into(language)}"
    if language == "en" and unit.en in _COUNTED:
        return f" {(_FEWER if is_less else _MORE).en} {unit.en}"
    return f" {unit.into(language)} {(_LESS if is_less else _MORE).into(language)}"


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


def rounded(value: float, digits: int = 2, language: Language = "en") -> str:
    """Return a number with so many digits that mean something.

    >>> rounded(1234.5), rounded(0.0456), rounded(0.0)
    ('1,200', '0.046', '0')
    >>> rounded(1234.5, 5, "nl")
    '1.234,5'
    """
    if isnan(value):
        return "–"
    if value == 0:
        return "0"
    places = digits - 1 - floor(log10(abs(value)))
    text = f"{round(value, places):,.{max(places, 0)}f}"
    return text.translate(_DUTCH) if language == "nl" else text


_DUTCH = str.maketrans(",.", ".,")


def plain(value: float, digits: int = 3, language: Language = "en") -> str:
    """Return a number as a person writes it: without zeros behind the point.

    >>> plain(12.0), plain(12.34, 3, "nl"), plain(1234.5, 6, "nl")
    ('12', '12,3', '1.234,5')
    """
    text, point = rounded(value, digits, language), "," if language == "nl" else "."
    return text.rstrip("0").rstrip(point) if point in text else text


def signed(value: float, digits: int = 2, language: Language = "en") -> str:
    """Return a change as a number with its sign.

    >>> signed(-1234.5, 3, "nl"), signed(2.0), signed(0.0)
    ('\u22121.230', '+2.0', '0')
    """
    sign = "+" if value > 0 else "\N{MINUS SIGN}" if value < 0 else ""
    return f"{sign}{rounded(abs(value), digits, language)}"


def table(effects: Effects, language: Language = "en") -> pd.DataFrame:
    """Return every indicator as a row: its levels, and its change in numbers and in words."""
    names = Text(
        "effect|eenheid|nu|met plan|verandering|van|tot|in woorden",
        "effect|unit|now|with plan|change|from|to|in words",
    )
    columns = names.into(language).split("|")
    rows = [
        (
            line.indicator.title.into(language),
            line.indicator.unit.into(language),
            line.before.middle,
            line.after.middle,
            line.change.middle,
            line.change.low,
            line.change.high,
            line.words(language),
        )
        for line in lines(effects)
    ]
    data = dict(zip(columns, zip(*rows, strict=True), strict=True))
    return pd.DataFrame(data).set_index(columns[0])


@dataclass(frozen=True, slots=True)
class Moved:
    """Where a figure goes: its change within the plan's footprint, and on all other streets.

    Of what passes, such as cars a day, the kilometres are summed, as one car passes many segments.
    """

    figure: StreetFigure
    unit: Text
    inside: Interval
    outside: Interval
    most: tuple[tuple[str, Interval], ...]
    """The segments outside that change most, clearly ones only, in the unit of the figure."""


def displaced(
    effects: Effects, is_inside: NDArray[np.bool_], length_m: NDArray[np.float64]
) -> Iterator[Moved]:
    """Yield, for every figure by street, where it goes: the waterbed."""
    for at, figure in enumerate(STREETS):
        change = effects.streets_change[:, at, :].astype(float)
        summed = change * length_m / 1000.0 if figure.passes else change
        low, middle, high = np.percentile(change, [10, 50, 90], axis=0)
        clear = ((low > 0) | (high < 0)) & ~is_inside
        order = np.argsort(-np.abs(middle) * clear, kind="stable")[:5]
        yield Moved(
            figure,
            KM if figure.passes else figure.unit,
            Interval.of(summed[:, is_inside].sum(axis=1)),
            Interval.of(summed[:, ~is_inside].sum(axis=1)),
            tuple(
                (
                    str(effects.segments[int(one)]),
                    Interval(float(low[one]), float(middle[one]), float(high[one])),
                )
                for one in order
                if clear[one]
            ),
        )
