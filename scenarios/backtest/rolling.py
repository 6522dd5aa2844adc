"""Forecasts of recorded series, made again and again on days that lie behind us, and their errors.

At every origin, midnight of a day that was held out, the coming week is forecast from what was
known then, and so it is by the two usual baselines: the same hour last week, and the seasonal
mean, which is the mean of that hour of the week in the whole past. Errors count only where all
three say something and the truth is known, so that they are compared on the same hours.

A value that does not change at all for a day is that of a sensor that is stuck: nobody learns
from it, and nobody is judged by it.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast

import numpy as np
import pandas as pd

from scenarios.errors import HistoryError
from scenarios.forecast import DAY_HOURS, WEEK_HOURS, Array, ForecastModel, forecast

STUCK_HOURS = 24


@dataclass(frozen=True, slots=True)
class Horizon:
    """Which of the coming hours are judged: after ``after``, up to and with ``until``."""

    name: str
    after: int
    until: int


HORIZONS = (
    Horizon("next day", 0, DAY_HOURS),
    Horizon("rest of the week", DAY_HOURS, WEEK_HOURS),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """Mean absolute errors of one series and horizon, in the unit of the series.

    Attributes
    ----------
    hours
        How many hours were forecast and known, over all origins.
    held
        The share of them that lay within the 80 % interval.
    """

    series: str
    horizon: str
    hours: int
    mae: float
    mae_last_week: float
    mae_seasonal_mean: float
    held: float

    @property
    def relative(self) -> float:
        """The error as a part of that of the better baseline."""
        return self.mae / min(self.mae_last_week, self.mae_seasonal_mean)

    @property
    def is_better(self) -> bool:
        """Whether the forecast is better than both baselines."""
        return self.relative < 1


def backtest(
    series: pd.DataFrame,
    *,
    held_out: datetime,
    model: ForecastModel,
    every_days: int = 1,
    progress: Callable[[float], None] = lambda _: None,
) -> list[Score]:
    """Forecast every series from every origin in the part that is held out.

    Parameters
    ----------
    series
        One row per hour by local clock time, without gaps; one column per series, NaN where
        nothing was measured.
    held_out
        The midnight of the first origin.
    every_days
        The days from one origin to the next: not a multiple of seven, so that each day of the week
        comes first.
    progress
        Told the share of the work that is done.

    Returns
    -------
    list of Score
        By series and horizon. A series of which nothing can be judged is left out.
    """
    first = _row(series, held_out)
    scores: list[Score] = []
    for number, name in enumerate(series.columns):
        values = series[name].to_numpy(dtype=float)
        origins = range(first, len(values), every_days * DAY_HOURS)
        judged = [_judge(values, origin, model) for origin in origins]
        table = np.concatenate([np.zeros((0, _FIELDS)), *judged])
        scores += [_score(str(name), one, table) for one in HORIZONS if len(_within(table, one))]
        progress((number + 1) / len(series.columns))
    return scores


def pooled(scores: Sequence[Score], name: str = "all") -> list[Score]:
    """Return, by horizon, the errors over the hours of all series together."""
    found: list[Score] = []
    for horizon in HORIZONS:
        of = [score for score in scores if score.horizon == horizon.name]
        if not of:
            continue
        hours = np.array([score.hours for score in of])
        by_hour = np.array(
            [[one.mae, one.mae_last_week, one.mae_seasonal_mean, one.held] for one in of]
        )
        found.append(_named(name, horizon, int(hours.sum()), hours @ by_hour / hours.sum()))
    return found


def without_stuck(values: Array) -> Array:
    """Return a series with NaN wherever it stays the same for a day or longer.

    >>> stuck = without_stuck(np.array([1.0, 2.0] + 24 * [5.0] + [3.0]))
    >>> np.flatnonzero(np.isfinite(stuck)).tolist()
    [0, 1, 26]
    """
    starts = np.flatnonzero(np.concatenate([[True], values[1:] != values[:-1]]))
    lengths = np.diff(np.concatenate([starts, [len(values)]]))
    return np.where(np.repeat(lengths, lengths) >= STUCK_HOURS, np.nan, values)


def table(scores: Iterable[Score], *, unit: str) -> list[str]:
    """Return the scores as lines of text of the same width."""
    titles = ("series", "horizon", f"ours ({unit})", "last week", "seasonal", "relative", "held")
    rows = [titles, *(_cells(score) for score in scores)]
    widths = [max(len(row[at]) for row in rows) for at in range(len(titles))]
    return [
        "  ".join(
            cell.ljust(width) if at < _TEXTS else cell.rjust(width)
            for at, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        for row in rows
    ]


_TEXTS = 2
_FIELDS = 5
"""What is noted of each hour: how far ahead, three errors, whether the interval held."""


def _row(series: pd.DataFrame, held_out: datetime) -> int:
    hours = cast("pd.DatetimeIndex", series.index)
    expected = pd.date_range(hours[0], periods=len(hours), freq="h")
    if not hours.equals(expected):
        raise HistoryError("a backtest needs a row for every hour, in order")
    if not hours[0] < pd.Timestamp(held_out) <= hours[-1]:
        raise HistoryError(
            f"{held_out:%Y-%m-%d} is not within the series, {hours[0]:%Y-%m-%d} to"
            f" {hours[-1]:%Y-%m-%d}"
        )
    return int(hours.searchsorted(pd.Timestamp(held_out)))


def _judge(values: Array, origin: int, model: ForecastModel) -> Array:
    """Return a row for each hour of the week after an origin that can be judged."""
    past = without_stuck(values[:origin])
    end = min(origin + WEEK_HOURS, len(values))
    around = without_stuck(values[origin - STUCK_HOURS : end + STUCK_HOURS])
    truth = around[STUCK_HOURS : STUCK_HOURS + end - origin]
    try:
        ours = forecast(past, model=model)
    except HistoryError:
        return np.zeros((0, _FIELDS))
    hours = slice(0, len(truth))
    errors = [
        np.abs(said[hours] - truth)
        for said in (ours.expected, past[-WEEK_HOURS:], seasonal_mean(past))
    ]
    is_held = (ours.low[hours] <= truth) & (truth <= ours.high[hours])
    ahead = np.arange(1.0, len(truth) + 1)
    rows = np.column_stack([ahead, *errors, is_held.astype(float)])
    return rows[np.isfinite(rows).all(axis=1)]


def seasonal_mean(past: Array) -> Array:
    """Return the mean of every hour of the week over the whole past, from the next hour on."""
    before = np.full(-len(past) % WEEK_HOURS, np.nan)
    weeks = np.concatenate([before, past]).reshape(-1, WEEK_HOURS)
    count = np.isfinite(weeks).sum(axis=0)
    return np.where(count > 0, np.nansum(weeks, axis=0) / np.maximum(count, 1), np.nan)


def _within(rows: Array, horizon: Horizon) -> Array:
    return rows[(rows[:, 0] > horizon.after) & (rows[:, 0] <= horizon.until)]


def _score(name: str, horizon: Horizon, rows: Array) -> Score:
    within = _within(rows, horizon)
    return _named(name, horizon, len(within), within[:, 1:].mean(axis=0))


def _named(name: str, horizon: Horizon, hours: int, means: Array) -> Score:
    mae, last_week, seasonal, held = means.tolist()
    return Score(
        series=name,
        horizon=horizon.name,
        hours=hours,
        mae=mae,
        mae_last_week=last_week,
        mae_seasonal_mean=seasonal,
        held=held,
    )


def _cells(score: Score) -> tuple[str, ...]:
    errors = (score.mae, score.mae_last_week, score.mae_seasonal_mean)
    return (
        score.series,
        score.horizon,
        *(f"{error:.1f}" for error in errors),
        f"{score.relative:.2f}",
        f"{100 * score.held:.0f} %",
    )
