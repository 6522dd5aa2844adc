"""A street's last week beside the week before and what is usual there, from published figures."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa

from twin.domains import Quantity
from twin.place.search import Hit
from twin.privacy import estimates
from twin.privacy.columns import floats
from twin.privacy.estimates import Array
from twin.words import Origin
from web.geography import Unit
from web.live import Live
from web.moments import slot_of
from web.scene import CLEARLY_COUNT, CLEARLY_SHARE

WEEK_DAYS = 7
LEAST_PART = 0.5
"""A week of which less than this part was measured is not told."""


@dataclass(frozen=True, slots=True)
class Mean:
    """A mean over a week with its standard error."""

    level: float
    sd: float

    @property
    def low(self) -> float:
        """The lower end of the 90 % interval, not below 0."""
        return max(0.0, self.level - estimates.Z90 * self.sd)

    @property
    def high(self) -> float:
        """The upper end of the 90 % interval."""
        return self.level + estimates.Z90 * self.sd


@dataclass(frozen=True, slots=True)
class StreetFigure:
    """One quantity in the area around a street: the week, and whether it clearly differs.

    ``than_before`` and ``than_usual`` are 1 (clearly more), -1 (clearly less), 0 (about the
    same), or None where there is nothing to compare with.
    """

    quantity: Quantity
    origin: Origin
    unit: Unit
    mean: Mean
    than_before: int | None
    than_usual: int | None
    hours: tuple[float | None, ...]
    """The mean of each hour of the day over the workdays of the week; None: not measured."""


def street_hit(live: Live, name: str) -> Hit | None:
    """Return the street of that name, None where there is none."""
    return next((hit for hit in live.search.find(name, 8) if hit.kind == "street"), None)


def last_week(live: Live) -> date | None:
    """Return the day after the last seven whole days with figures; None without figures."""
    ends = [
        live.periods(quantity.name, origin)[-1].end.astimezone(live.zone)
        for domain in live.domains
        for quantity in live.shown_quantities(domain)
        for origin in live.origins(quantity.name)[:1]
        if live.periods(quantity.name, origin)
    ]
    return max(ends).date() if ends else None


def street_week(live: Live, lon: float, lat: float, end: date) -> list[StreetFigure]:
    """Return what is known of the seven days before ``end`` around a spot, one figure a domain."""
    found: list[StreetFigure] = []
    for domain in live.domains:
        for quantity in live.shown_quantities(domain):
            if quantity.units == "garages":
                continue
            unit = live.geography.unit_at(domain.name, lon, lat)
            origins = live.origins(quantity.name)
            if unit is None or not origins:
                continue
            figure = _figure(live, quantity, origins[0], unit, end)
            if figure is not None:
                found.append(figure)
                break
    return found


def _figure(
    live: Live, quantity: Quantity, origin: Origin, unit: str, end: date
) -> StreetFigure | None:
    domain = live.domain(quantity.name).name
    this = _week(live, quantity, origin, unit, end)
    if this is None:
        return None
    mean = this.mean()
    before = _week(live, quantity, origin, unit, end - timedelta(days=WEEK_DAYS))
    usual = live.usual(quantity.name, origin)
    found = [usual.shown(slot, [unit]) for slot in this.slots]
    weeks = np.array([one.weeks[0] for one in found])
    than_usual = None
    if (weeks >= estimates.MIN_WEEKS).all():
        expected = float(np.mean([one.mean[0] for one in found]))
        varies = [
            one.between[0] * (1 + 1 / one.weeks[0]) + one.noise[0] / one.weeks[0] for one in found
        ]
        error = float(np.sqrt(np.sum(varies))) / len(found)
        than_usual = _compared(quantity, mean, Mean(expected, error))
    return StreetFigure(
        quantity,
        origin,
        live.geography.units_of(domain, quantity.units)[unit],
        mean,
        None if before is None else _compared(quantity, mean, before.mean()),
        than_usual,
        this.hours(),
    )


@dataclass(frozen=True, slots=True)
class _Week:
    """The measured levels of a week, each with the noise in it and its hour of the week."""

    level: Array
    sd: Array
    slots: Sequence[int]

    def mean(self) -> Mean:
        """Return the mean; its error is that of the noise."""
        count = len(self.level)
        return Mean(float(self.level.mean()), float(np.sqrt((self.sd**2).sum())) / count)

    def hours(self) -> tuple[float | None, ...]:
        """Return the mean of each hour of the day over the workdays."""
        slots = np.array(self.slots)
        found: list[float | None] = []
        for hour in range(24):
            here = (slots % 24 == hour) & (slots < 5 * 24)
            found.append(max(0.0, float(self.level[here].mean())) if here.any() else None)
        return tuple(found)


def _week(live: Live, quantity: Quantity, origin: Origin, unit: str, end: date) -> _Week | None:
    since, until = (_midnight(day, live.zone) for day in (end - timedelta(days=WEEK_DAYS), end))
    figures = live.reader.figures(quantity.name, origin=origin, unit=unit, since=since, until=until)
    if not figures.num_rows:
        return None
    value, covered, capacity, sigma = (
        floats(figures, name) for name in ("value", "covered", "capacity", "sigma")
    )
    levels = estimates.levels(value, covered, capacity, sigma, is_share=quantity.is_share)
    known = ~np.isnan(levels.level)
    if known.mean() < LEAST_PART:
        return None
    starts = _starts(figures)
    slots = [slot_of(start, live.zone) for start, there in zip(starts, known, strict=True) if there]
    return _Week(levels.level[known], levels.sd[known], slots)


def _starts(figures: pa.Table) -> list[datetime]:
    found: list[Any] = figures["window_start"].to_pylist()
    return found


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=zone)


def _compared(quantity: Quantity, now: Mean, other: Mean) -> int:
    """Return whether a mean is clearly more (1) or less (-1) than another."""
    least = CLEARLY_SHARE if quantity.is_share else CLEARLY_COUNT * abs(other.level)
    gap = max(estimates.Z90 * float(np.hypot(now.sd, other.sd)), least)
    difference = now.level - other.level
    return 0 if abs(difference) <= gap else 1 if difference > 0 else -1
