"""What the simulated day is calibrated on: published figures, averaged over days of a kind."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import cast
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from scenarios.day.kinds import DayKind
from twin.privacy.columns import floats, texts
from twin.privacy.estimates import levels
from twin.privacy.public import PublicReader

Floats = NDArray[np.float64]

SMALL_COUNT = 10.0
"""Counts that are much smaller than this differ from day to day as if they were this big."""

KIND_OF_WEEKDAY: tuple[DayKind, ...] = (
    "weekday", "weekday", "weekday", "weekday", "friday", "saturday", "sunday")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Target:
    """Mean levels of one quantity on days of one kind: shares or counts, as they are published.

    One entry for each unit and local hour: the mean ``level`` over ``days`` days, and the standard
    deviation ``sd`` of that mean, from noise and from how days differ.
    """

    quantity: str
    day: DayKind
    unit: Sequence[str]
    hour: NDArray[np.int64]
    level: Floats
    sd: Floats
    days: NDArray[np.int64]


def read_targets(
    reader: PublicReader, zone: ZoneInfo, *, since: date, until: date
) -> Mapping[tuple[str, DayKind], Target]:
    """Return the targets of every quantity with figures of local days in [since, until).

    Origins are never mixed: of each quantity only the first of `PREFERENCE` counts.
    """
    targets: dict[tuple[str, DayKind], Target] = {}
    start, end = (datetime.combine(day, time(), zone) for day in (since, until))
    for name, quantity in reader.quantities.items():
        origins = reader.origins(name)
        if not origins:
            continue
        found = reader.figures(name, origin=origins[0], since=start, until=end)
        targets |= _by_day(name, found, zone, is_share=quantity.is_share)
    return targets


def days_with_figures(reader: PublicReader, zone: ZoneInfo) -> list[date]:
    """Return the local days for which anything was published, oldest first."""
    days: set[date] = set()
    for name in reader.quantities:
        for origin in reader.origins(name)[:1]:
            days |= {one.start.astimezone(zone).date() for one in reader.periods(name, origin)}
    return sorted(days)


def _by_day(
    name: str, found: pa.Table, zone: ZoneInfo, *, is_share: bool
) -> dict[tuple[str, DayKind], Target]:
    starts = [cast("datetime", one).astimezone(zone) for one in found["window_start"].to_pylist()]
    values = levels(
        *(floats(found, column) for column in ("value", "covered", "capacity", "sigma")),
        is_share=is_share,
    )
    unit = np.array(texts(found, "unit"), object)
    kind = np.array([KIND_OF_WEEKDAY[one.weekday()] for one in starts], object)
    hour = np.array([one.hour for one in starts], np.int64)
    known = ~np.isnan(values.level)
    targets: dict[tuple[str, DayKind], Target] = {}
    for day in dict.fromkeys(KIND_OF_WEEKDAY):
        chosen = known & (kind == day)
        if chosen.any():
            targets[name, day] = _means(
                name, day, unit[chosen], hour[chosen], values.level[chosen], values.sd[chosen],
                is_share=is_share,
            )  # fmt: skip
    return targets


def _means(
    name: str,
    day: DayKind,
    unit: NDArray[np.object_],
    hour: NDArray[np.int64],
    level: Floats,
    sd: Floats,
    *,
    is_share: bool,
) -> Target:
    names, at = np.unique(unit.astype(str), return_inverse=True)
    cell, group = np.unique(at * 24 + hour, return_inverse=True)
    days = np.bincount(group)
    mean = np.bincount(group, level) / days
    spread = np.bincount(group, (level - mean[group]) ** 2) / np.maximum(days - 1, 1)
    noise = np.bincount(group, sd**2) / days
    # A few days say little of how days differ: all entries together say it better, of a count as a
    # part of its size.
    size = np.ones(len(mean)) if is_share else SMALL_COUNT + np.maximum(mean, 0.0)
    many = days > 1
    pooled = size**2 * (spread / size**2)[many].mean() if many.any() else noise.mean()
    variance = np.maximum(0.5 * (spread + pooled), noise) / days
    return Target(name, day, names[cell // 24].tolist(), cell % 24, mean, np.sqrt(variance), days)


def split(days: Sequence[date], held_out: int) -> tuple[tuple[date, date], tuple[date, date]]:
    """Return the days to calibrate on and the last ``held_out`` to judge by, as [since, until)."""
    last = days[-1] + timedelta(days=1)
    cut = last - timedelta(days=held_out)
    return (days[0], cut), (cut, last)
