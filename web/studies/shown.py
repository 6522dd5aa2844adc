"""What the page of a study shows of its results: tables, small maps, charts through the day, plots."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from markupsafe import Markup

from scenarios.comparison import Held
from scenarios.ensemble import Interval
from scenarios.indicators import BY_NAME, GROUPS, HOURLY, STREETS, Indicator
from scenarios.report.chart import HOURS_OF_DAY, Band, Chart, chart
from scenarios.report.map import Sheet, Step, limits
from scenarios.shown import Line
from twin.words import Text
from web.studies.plots import Plot, lay_out
from web.studies.summary import Summary

STYLES = 8
"""So many lines can be told apart in one chart."""


@dataclass(frozen=True, slots=True)
class Row:
    """An indicator: how it is now, and its change by each variant."""

    indicator: Indicator
    now: Interval
    cells: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """The rows of a group of people: those that change clearly somewhere, and the others."""

    title: Text
    clear: tuple[Row, ...]
    other: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Maps:
    """Small maps with one scale: what lies under all, and the drawing of each variant."""

    view: str
    ground: Markup
    steps: tuple[Step, ...]
    bodies: tuple[Markup, ...]


@dataclass(frozen=True, slots=True)
class Day:
    """A chart through the day, and its rows: an hour, now, and each variant."""

    chart: Chart
    shown: int
    rows: tuple[tuple[int, tuple[float, ...]], ...]


@dataclass(frozen=True, slots=True)
class Swept:
    """A range of values: what it is of, and a plot of one indicator over it."""

    over: str
    plot: Plot | None


def groups(found: Sequence[Summary]) -> list[Group]:
    """Return the table of all variants, by group of people."""
    rows = [
        Row(of_one[0].indicator, of_one[0].before, of_one)
        for of_one in zip(*(one.lines for one in found), strict=True)
    ]
    result: list[Group] = []
    for name, title in GROUPS.items():
        own = [row for row in rows if row.indicator.group == name]
        clear = [row for row in own if any(line.is_clear for line in row.cells)]
        other = [row for row in own if row not in clear]
        result.append(Group(title, tuple(clear), tuple(other)))
    return result


def maps(sheet: Sheet, ground: Markup, found: Sequence[Summary], figure: str) -> Maps:
    """Return the small maps of a figure by street."""
    at = [one.name for one in STREETS].index(figure)
    changes = [
        (one.low[at].astype(float), one.middle[at].astype(float), one.high[at].astype(float))
        for one in found
    ]
    sizes = [np.abs(middle) * ((low > 0) | (high < 0)) for low, middle, high in changes]
    edges = limits(np.concatenate(sizes))
    drawn = [sheet.changes(low, middle, high, edges) for low, middle, high in changes]
    steps = {step.style: step for one in drawn for step in one.steps}
    ordered = tuple(steps[style] for style in sorted(steps))
    return Maps(sheet.view, ground, ordered, tuple(one.body for one in drawn))


def through_day(found: Sequence[Summary], figure: str) -> Day:
    """Return how a figure of the whole place goes through the day, now and with the first variants."""
    at = HOURLY.index(figure)
    shown = found[:STYLES]
    bands: dict[str, Band] = {"now": shown[0].now[at]}
    bands |= {f"v{number}": one.then[at] for number, one in enumerate(shown, start=1)}
    rows = tuple(
        (hour, tuple(float(band.middle[step]) for band in bands.values()))
        for step, hour in enumerate(HOURS_OF_DAY)
    )
    return Day(chart(bands), len(shown), rows)


def trade_off(found: Sequence[Summary], x: str, y: str) -> Plot | None:
    """Return variants as points of the changes of two indicators."""
    return lay_out(
        [
            (str(number), one.line(x).change, one.line(y).change)
            for number, one in enumerate(found, start=1)
        ]
    )


def sweeps(found: Sequence[Summary], indicator: str) -> list[Swept]:
    """Return a plot for every range of values among the variants."""
    by_name: dict[str, list[tuple[str, Interval, Interval]]] = {}
    for number, one in enumerate(found, start=1):
        if one.variant.sweep and one.variant.value is not None:
            value = one.variant.value
            point = (str(number), Interval(value, value, value), one.line(indicator).change)
            by_name.setdefault(one.variant.sweep, []).append(point)
    return [
        Swept(over, lay_out(sorted(points, key=lambda one: one[1].middle), is_joined=True))
        for over, points in by_name.items()
    ]


def held(by_future: Sequence[Sequence[Summary]]) -> list[list[Held]]:
    """Return, for each variant, the indicators whose change is clear in some future."""
    return [
        [
            Held(of_one)
            for of_one in zip(*(one.lines for one in of_variant), strict=True)
            if any(line.is_clear for line in of_one)
        ]
        for of_variant in zip(*by_future, strict=True)
    ]


def telling(found: Sequence[Summary]) -> tuple[str, str]:
    """Return two indicators whose changes are largest beside what there is now, of two groups."""
    sizes: dict[str, float] = {}
    for one in found:
        for line in one.lines:
            if line.is_clear and line.indicator.better != "neither":
                base = abs(line.before.middle) or 1.0
                part = abs(line.change.middle) / base
                sizes[line.indicator.name] = max(sizes.get(line.indicator.name, 0.0), part)
    ranked = sorted(sizes, key=lambda name: -sizes[name])
    first = ranked[0] if ranked else "walk_visitors"
    others = [name for name in ranked if BY_NAME[name].group != BY_NAME[first].group]
    return first, others[0] if others else "loose_bikes" if first != "loose_bikes" else "car_km"
