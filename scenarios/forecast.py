"""Forecasts of one hourly series, a counter's passages or a garage's occupancy, from its past alone.

A typical week, corrected by what has been unlike it lately::

    forecast = typical + level · shape + remainder + last week + last hour

- *typical*: the mean of each hour of the week, recent weeks weighing more;
- *level*: how far the last days were above or below typical as a whole, dying out by the day.
  Passages rise and fall in proportion (the shape is the typical week), cars in a garage by as many
  at any hour (the shape is 1);
- *remainder*: what recent days had at an hour beyond that, dying out by the day;
- *last week*: a part of how far the same hour was off a week before;
- *last hour*: what the last hour had beyond level and remainder, dying out by the hour.

Passages are handled as square roots, whose spread hardly depends on their size. The interval
comes from the errors that the same forecasts would have made in the last weeks, hour by hour and
day by day. Nothing is known of holidays, weather or events.

Days are counted back from the end of the past, so that any hour may be the first to be forecast.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.signal import lfilter

from scenarios.errors import HistoryError

Array = NDArray[np.float64]

DAY_HOURS = 24
WEEK_DAYS = 7
WEEK_HOURS = DAY_HOURS * WEEK_DAYS

MIN_WEEKS = 4
"""So many weeks must lie behind: two for the typical week, two for how far one is off."""

MIN_MEASURED = 0.5
"""At least so much of the last weeks must have been measured."""

MAX_WEEKS = 60
"""What is older is not looked at."""

ERROR_DAYS = 56
"""The interval comes from the forecasts of so many last days."""

OUTSIDE = 0.1
"""The share of the truth that may lie below the interval, and above it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ForecastModel:
    """How fast the past is forgotten, and how much of what was unlike it is expected to last.

    ``level`` and ``remainder`` are the parts expected on the first day; each further day multiplies
    them by their ``_per_day``. The last hour is expected whole in the next, and each further hour
    multiplies it by ``last_hour_per_hour``.
    """

    is_count: bool
    typical_half_life_weeks: float
    level_half_life_days: float
    level: float
    level_per_day: float
    remainder_half_life_days: float
    remainder: float
    remainder_per_day: float
    last_week: float
    last_hour_per_hour: float


COUNTS = ForecastModel(
    is_count=True,
    typical_half_life_weeks=16,
    level_half_life_days=1,
    level=0.9,
    level_per_day=0.96,
    remainder_half_life_days=3,
    remainder=0.65,
    remainder_per_day=0.96,
    last_week=0.1,
    last_hour_per_hour=0.7,
)
"""Passages: least squares on Auckland's counters from 2019 to June 2022, rounded."""

LEVELS = ForecastModel(
    is_count=False,
    typical_half_life_weeks=4,
    level_half_life_days=1,
    level=0.6,
    level_per_day=0.88,
    remainder_half_life_days=3,
    remainder=0.6,
    remainder_per_day=0.75,
    last_week=0.25,
    last_hour_per_hour=0.9,
)
"""Occupancy: least squares on Aarhus's garages from May to 14 August 2014, rounded."""


@dataclass(frozen=True, slots=True)
class Forecast:
    """What is expected in each coming hour, and the bounds of its 80 % interval.

    NaN where an hour of the week was never measured.
    """

    expected: Array
    low: Array
    high: Array


def forecast(past: Array, *, hours: int = WEEK_HOURS, model: ForecastModel = COUNTS) -> Forecast:
    """Forecast the hours that follow an hourly series.

    Parameters
    ----------
    past
        One value per hour, the latest last; NaN where nothing was measured.
    hours
        How many hours to forecast, at most the 168 of a week.

    Raises
    ------
    HistoryError
        Less than four weeks, or half of the last four weeks not measured.
    ValueError
        ``hours`` is not within a week.

    Examples
    --------
    >>> week = np.arange(168.0)
    >>> coming = forecast(np.tile(week, 5), hours=24)
    >>> coming.expected[:3].round(6).tolist(), coming.high[:3].round(6).tolist()
    ([0.0, 1.0, 2.0], [0.0, 1.0, 2.0])
    """
    if not 1 <= hours <= WEEK_HOURS:
        raise ValueError(f"a forecast of {hours} hours: 1 to {WEEK_HOURS} are possible")
    days = _days(past)
    learned = _learn(np.sqrt(days) if model.is_count else days, model)
    parts = [_day(learned, lead, model) for lead in range(1, -(-hours // DAY_HOURS) + 1)]
    expected, low, high = np.array(parts).transpose(1, 0, 2).reshape(3, -1)[:, :hours]
    return Forecast(*(_back(each, model) for each in (expected, low, high)))


def _days(past: Array) -> Array:
    """Return whole weeks of days of 24 hours that end where the past ends."""
    recent = past[-MIN_WEEKS * WEEK_HOURS :]
    if len(recent) < MIN_WEEKS * WEEK_HOURS:
        raise HistoryError(
            f"{len(past)} hours are too few to forecast from: {MIN_WEEKS * WEEK_HOURS} are needed"
        )
    if (measured := float(np.isfinite(recent).mean())) < MIN_MEASURED:
        raise HistoryError(
            f"{100 * measured:.0f} % of the last {MIN_WEEKS} weeks was measured:"
            f" {100 * MIN_MEASURED:.0f} % is needed"
        )
    past = past[-MAX_WEEKS * WEEK_HOURS :].astype(float)
    before = np.full(-len(past) % WEEK_HOURS, np.nan)
    return np.concatenate([before, past]).reshape(-1, DAY_HOURS)


@dataclass(frozen=True, slots=True)
class _Learned:
    """Everything that forecasts need, by day and hour; the typical week reaches a week further.

    What stands at a day was known at its end, and the typical week before it began.
    """

    days: Array
    typical: Array
    shape: Array
    off: Array
    level: Array
    remainder: Array
    last_hour: Array


def _learn(days: Array, model: ForecastModel) -> _Learned:
    typical = _typical(days, model.typical_half_life_weeks)
    shape = typical if model.is_count else np.ones_like(typical)
    off = days - typical[: len(days)]
    is_known = np.isfinite(off)
    off = np.where(is_known, off, 0.0)
    own = np.where(is_known, shape[: len(days)], 0.0)
    size = (own**2).sum(axis=1)
    own_level = (off * own).sum(axis=1) / np.where(size > 0, size, 1.0)
    level = _smooth(own_level, model.level_half_life_days)
    remainder = _smooth(off - own_level[:, None] * own, model.remainder_half_life_days)
    beyond = off - model.level * level[:, None] * own - model.remainder * remainder
    return _Learned(
        days=days,
        typical=typical,
        shape=shape,
        off=off,
        level=level,
        remainder=remainder,
        last_hour=np.where(is_known, beyond, 0.0)[:, -1],
    )


def _typical(days: Array, half_life_weeks: float) -> Array:
    """Return the weighted mean of each hour of the week over the weeks before, and one more week."""
    weeks = np.concatenate([np.zeros((1, WEEK_HOURS)), days.reshape(-1, WEEK_HOURS)])
    is_known = np.isfinite(weeks)
    is_known[0] = False
    kept = 0.5 ** (1 / half_life_weeks)
    total = lfilter([1], [1, -kept], is_known.astype(float), axis=0)
    summed = lfilter([1], [1, -kept], np.where(is_known, weeks, 0.0), axis=0)
    mean = np.where(total > 0, summed / np.where(total > 0, total, 1.0), np.nan)
    return mean.reshape(-1, DAY_HOURS)


def _smooth(values: Array, half_life_days: float) -> Array:
    """Return the exponentially weighted mean up to each day; before the first day there was 0."""
    kept = 0.5 ** (1 / half_life_days)
    return lfilter([1 - kept], [1, -kept], values, axis=0)


def _day(learned: _Learned, lead: int, model: ForecastModel) -> tuple[Array, Array, Array]:
    """Return what is expected on the ``lead``-th day, and its interval."""
    end = len(learned.days)
    first = max(end - ERROR_DAYS, WEEK_DAYS)
    days = np.append(np.arange(first, end), end - 1 + lead)
    said = _expected(learned, days, lead, model)
    low, high = _bounds(learned.days[first:] - said[:-1])
    expected = said[-1]
    return expected, expected + np.minimum(low, 0.0), expected + np.maximum(high, 0.0)


def _expected(learned: _Learned, day: NDArray[np.int64], lead: int, model: ForecastModel) -> Array:
    """Return what was, or is, expected on days by somebody who knew all up to ``lead`` days before."""
    known, ahead = day - lead, lead - 1
    level = model.level * model.level_per_day**ahead * learned.level[known]
    expected = (
        learned.typical[day]
        + level[:, None] * learned.shape[day]
        + model.remainder * model.remainder_per_day**ahead * learned.remainder[known]
        + model.last_week * learned.off[day - WEEK_DAYS]
    )
    fading = model.last_hour_per_hour ** (ahead * DAY_HOURS + np.arange(DAY_HOURS))
    return expected + learned.last_hour[known, None] * fading


def _bounds(errors: Array) -> tuple[Array, Array]:
    """Return, by hour, the errors below and above which one of ``OUTSIDE`` lies; NaN is no error.

    Of n errors the next one lies below the k-th smallest with probability k / (n + 1).
    """
    ordered = np.sort(errors, axis=0)
    count = np.isfinite(errors).sum(axis=0)
    low = np.clip(OUTSIDE * (count + 1) - 1, 0, np.maximum(count - 1, 0))
    high = np.maximum(count - 1, 0) - low
    return _at(ordered, low), _at(ordered, high)


def _at(ordered: Array, rank: Array) -> Array:
    """Return each column's value at a rank that may lie between two rows."""
    below = np.floor(rank).astype(int)
    above = np.ceil(rank).astype(int)
    hour = np.arange(DAY_HOURS)
    part = rank - below
    return (1 - part) * ordered[below, hour] + part * ordered[above, hour]


def _back(values: Array, model: ForecastModel) -> Array:
    positive = np.maximum(values, 0.0)
    return positive**2 if model.is_count else positive
