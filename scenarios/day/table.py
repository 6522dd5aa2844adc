"""When, for how long and how people come to each kind of destination, for a kind of day."""

from typing import NamedTuple

import numpy as np

from scenarios.day.kinds import (
    FIRST_HOUR,
    HOME_VISITS,
    HOURS,
    KINDS,
    VAN_PROFILE,
    VAN_STAY_MIN,
    WEEKEND,
    WORK_MODES,
    WORK_PROFILE,
    WORK_STAY_MIN,
    DayKind,
)
from scenarios.day.network import Flags, Floats
from scenarios.day.parameters import Parameters

HOME_ROW = len(KINDS)
WORK_ROW, VAN_ROW, EVENT_ROW = HOME_ROW + 1, HOME_ROW + 2, HOME_ROW + 3
"""Rows of a `Table`: the kinds of destination, home visits, work, deliveries, then events."""

MORNING_UNTIL_H = 11
EVENING_FROM_H = 18
NIGHT_FROM_H = 21
EVENT_STAY_MIN = 60.0
EVENT_LIKE = "culture"
"""Visitors of an event stay so long, and come as those of this kind of destination do (assumed)."""

KERB_OF_CAR, GARAGE_OF_CAR = 0.6, 0.4
KERB_OF_WORK, GARAGE_OF_WORK = 0.25, 0.75
"""How those who come by car are divided before anything is known of the place (assumed)."""


class Table(NamedTuple):
    """What is common to everybody of a row.

    ``until`` (rows, hours) is the share of the day's visits begun when an hour of the simulated
    day ends; ``stay_min`` the median stay; ``share`` (rows, modes) the weight of each mode, at no
    cost within the place.
    """

    until: Floats
    stay_min: Floats
    share: Floats


def table(day: DayKind, parameters: Parameters, event_hours: Flags) -> Table:
    """Return the table of a kind of day; ``event_hours`` is (events, local hours)."""
    kinds = [*KINDS.values(), HOME_VISITS]
    profiles = [kind.profile(day) for kind in kinds] + [WORK_PROFILE, VAN_PROFILE]
    weight = np.array([np.roll(profile, -FIRST_HOUR) for profile in profiles])
    morning = parameters.morning * (parameters.weekend_morning if day in WEEKEND else 1.0)
    weight[: len(kinds)] *= shifted(morning, parameters.evening, parameters.night)
    until = np.cumsum(weight, axis=1) / weight.sum(axis=1, keepdims=True)
    stay_min = [kind.stay_min for kind in kinds] + [WORK_STAY_MIN, VAN_STAY_MIN]
    share = [_visiting((kind.car, kind.bike, kind.transit), parameters) for kind in kinds]
    share += [_working(parameters), np.array([0, 0, 0, 0, 0, 1.0])]
    events = len(event_hours)
    during = np.cumsum(np.roll(event_hours, -FIRST_HOUR, axis=1), axis=1).astype(float)
    until_events = during / np.maximum(during[:, -1:], 1.0)
    like = share[list(KINDS).index(EVENT_LIKE)]
    return Table(
        np.concatenate([until, until_events]),
        np.concatenate([np.array(stay_min) * parameters.stays, np.full(events, EVENT_STAY_MIN)]),
        np.array([*share, *[like] * events]),
    )


def shifted(morning: float, evening: float, night: float) -> Floats:
    """Return what each hour of the simulated day is multiplied with: (hours,)."""
    hours = (np.arange(HOURS) + FIRST_HOUR) % HOURS
    is_night = (hours >= NIGHT_FROM_H) | (hours < FIRST_HOUR)
    is_evening = (hours >= EVENING_FROM_H) & (hours < NIGHT_FROM_H)
    is_morning = (hours >= FIRST_HOUR) & (hours < MORNING_UNTIL_H)
    return np.select([is_night, is_evening, is_morning], [night, evening, morning], 1.0)


def _visiting(modes: tuple[float, float, float], parameters: Parameters) -> Floats:
    return _shares(
        modes, parameters, KERB_OF_CAR * parameters.kerb, GARAGE_OF_CAR * parameters.garages
    )


def _working(parameters: Parameters) -> Floats:
    kerb, garage = KERB_OF_WORK * parameters.workers, GARAGE_OF_WORK * parameters.workers
    return _shares(WORK_MODES, parameters, kerb, garage)


def _shares(
    modes: tuple[float, float, float], parameters: Parameters, kerb: float, garage: float
) -> Floats:
    """Return the weight of each of `MODES`."""
    car, bike, transit = modes
    walk = 1.0 - car - bike - transit
    return np.array([walk, bike * parameters.cycling, transit, car * kerb, car * garage, 0.0])
