"""Figures of the whole place through the day: a chart and a table of the same."""

from dataclasses import dataclass

import numpy as np

from scenarios.ensemble import Effects, Interval
from scenarios.indicators import HOURLY
from scenarios.report.chart import HOURS_OF_DAY, Band, Chart, chart
from scenarios.report.speech import Speech

SHOWN = {"occupied": "spaces", "loose": "bikes"}
"""Figures by hour that are shown, and the name of their unit."""


@dataclass(frozen=True, slots=True)
class Through:
    """One chart, what it shows, and its table: hour, now, with the plan, change."""

    name: str
    title: str
    unit: str
    about: str
    chart: Chart
    x_ticks: list[tuple[float, str]]
    y_ticks: list[tuple[float, str]]
    rows: list[tuple[str, str, str, str]]


def charts(effects: Effects, say: Speech) -> list[Through]:
    """Return the charts of a plan."""
    return [_through(name, effects, say) for name in SHOWN]


def _through(name: str, effects: Effects, say: Speech) -> Through:
    at = HOURLY.index(name)
    before, after = effects.hourly_before[:, at, :], effects.hourly_after[:, at, :]
    now, plan = Band.of(before), Band.of(after)
    drawn = chart({"now": now, "with": plan})
    change = after - before
    rows = [
        (
            say.clock(hour),
            say.number(float(now.middle[step])),
            say.number(float(plan.middle[step])),
            say.interval(Interval.of(change[:, step])),
        )
        for step, hour in enumerate(HOURS_OF_DAY)
    ]
    return Through(
        name=name,
        title=say(f"hours_{name}"),
        unit=say(SHOWN[name]),
        about=_about(now, plan, say(SHOWN[name]), say),
        chart=drawn,
        x_ticks=[(x, say.clock(hour)) for x, hour in drawn.x_ticks],
        y_ticks=[(y, say.number(level, 4)) for y, level in drawn.y_ticks],
        rows=rows,
    )


def _about(now: Band, plan: Band, unit: str, say: Speech) -> str:
    ends = [
        say.number(float(value))
        for band in (now, plan)
        for value in (np.min(band.middle), np.max(band.middle))
    ]
    return say(
        "chart_desc",
        first=say.clock(HOURS_OF_DAY[0]),
        last=say.clock(HOURS_OF_DAY[-1]),
        now_low=ends[0],
        now_high=ends[1],
        new_low=ends[2],
        new_high=ends[3],
        unit=unit,
    )
