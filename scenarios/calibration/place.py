"""Calibrating a place from its public files, from beginning to end."""

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING

from scenarios.calibration.calibrate import (
    MEMBERS,
    calibrate,
)
from scenarios.calibration.calibration import Calibration
from scenarios.calibration.judging import judge
from scenarios.calibration.observations import DAYS, Observations
from scenarios.calibration.prediction import Units
from scenarios.calibration.target import days_with_figures, read_targets, split
from scenarios.day.town import Town
from scenarios.errors import CalibrationError
from scenarios.workers import Workers
from twin.privacy.public import PublicReader
from twin.privacy.public_city import public_city

if TYPE_CHECKING:
    from scenarios.day.kinds import DayKind

LEAST_DAYS = 14
HELD_OUT_DAYS = 7


def calibrate_place(
    reader: PublicReader,
    workers: Workers,
    *,
    members: int = MEMBERS,
    held_out_days: int = HELD_OUT_DAYS,
    seed: int = 1,
    progress: Callable[[str, float], None] = lambda _what, _share: None,
) -> Calibration:
    """Fit a place's parameters to all published days but the last, and judge them by those.

    Raises
    ------
    CalibrationError
        Too few days have been published.
    NotReadyError
        No place has been imported yet.
    """
    city = public_city(reader)
    days = days_with_figures(reader, city.zone)
    if len(days) < LEAST_DAYS:
        raise CalibrationError(
            f"{len(days)} days with figures have been published; {LEAST_DAYS} are needed"
        )
    fitted, held_out = split(days, held_out_days)
    towns: dict[DayKind, Town] = {day: Town.of(city, day) for day in DAYS}

    def observed(period: tuple[date, date]) -> Observations:
        since, until = period
        return Observations.of(read_targets(reader, city.zone, since=since, until=until))

    before = observed(fitted)
    found = calibrate(
        city, towns, before, workers, members=members, seed=seed,
        progress=lambda what, share: progress(what, 0.9 * share),
    )  # fmt: skip
    progress("Judging by the days held out", 0.9)
    shared = workers.share({day: (towns[day], Units.of(city, towns[day])) for day in DAYS})
    fits = judge(workers, shared, found, before, observed(held_out))
    progress("Done", 1.0)
    origins = {origin.value for name in reader.quantities for origin in reader.origins(name)[:1]}
    return Calibration(
        place=city.name,
        ensemble=found.ensemble,
        fitted=(fitted[0].isoformat(), fitted[1].isoformat()),
        held_out=(held_out[0].isoformat(), held_out[1].isoformat()),
        origins=tuple(sorted(origins)),
        fits=fits,
    )
