"""One simulated day of a town: everything coupled, from nothing but arrays and a seed."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scenarios.day.bikes import Bikes, Stood, all_bikes, dumped, stand
from scenarios.day.cars import (
    DAY_S,
    IN_GARAGE,
    PARKED,
    WRONGLY,
    Cars,
    Parked,
    all_cars,
    expectations,
    park,
    through,
)
from scenarios.day.compiled import compiled
from scenarios.day.kinds import FIRST_HOUR, HOURS
from scenarios.day.network import Floats, Ints
from scenarios.day.parameters import NOWHERE_DIFFERENT, Local, Parameters
from scenarios.day.people import BLOCKS, Expected, People, everybody
from scenarios.day.town import Town
from scenarios.day.walks import Passers, walk

ROUNDS = 2
"""How often the day is lived: drivers choose again, knowing how hard it was to park."""

FIRST_SEARCH_MIN, FIRST_WALK_M = 1.5, 150.0
"""What drivers expect before the first round (assumed)."""

SUBSCRIBERS_BY_DAY = 0.5
"""Part of the subscribers of a garage who are there between 8 and 18 on a weekday (assumed)."""


@dataclass(frozen=True, eq=False)
class Day:
    """What happened on one day. Hours count from the local hour `FIRST_HOUR`.

    Attributes
    ----------
    occupied
        Cars at each group of bays at the start of each hour, (groups, hours).
    in_garage
        Cars in each garage at the start of each hour, subscribers included, (garages, hours).
    wrongly
        Cars parked wrongly for visits along each segment at the start of each hour.
    through
        Cars along each segment by hour that only pass through; ``passed`` and ``around`` say how
        many did, and how many went around the place.
    """

    people: People
    cars: Cars
    parked: Parked
    bikes: Bikes
    stood: Stood
    dumped: Floats
    passers: Passers
    through: Floats
    passed: int
    around: int
    occupied: Floats
    in_garage: Floats
    wrongly: Floats
    expected: Expected


def clock(hour: int) -> int:
    """Return the position of a local hour in arrays by hour.

    >>> clock(3), clock(2)
    (0, 23)
    """
    return (hour - FIRST_HOUR) % HOURS


def simulate(
    town: Town,
    parameters: Parameters,
    seed: int,
    *,
    local: Local = NOWHERE_DIFFERENT,
    expected: Expected | None = None,
) -> Day:
    """Live one day.

    Parameters
    ----------
    seed
        The luck of the day. Everything else being equal, the same seed gives the same day.
    local
        How parts of the place differ from the whole.
    expected
        What drivers expect of parking. Given, they keep to it, whatever happens: how many come by
        car is then held fixed.
    """
    luck = np.uint64(seed)
    shape = (max(town.zones, 1), BLOCKS)
    believed = expected or Expected(np.full(shape, FIRST_SEARCH_MIN), np.full(shape, FIRST_WALK_M))
    subscribers = np.floor(town.garages.size * parameters.subscribers).astype(np.int64)
    for living in range(1 if expected else ROUNDS):
        if living:
            believed = expectations(town, cars, parked, believed, BLOCKS)  # noqa: F821
        people = everybody(town, parameters, luck, believed, local)
        cars = all_cars(town, parameters, luck, people, local)
        parked = park(town, parameters, luck, cars, subscribers)
    bikes = all_bikes(town, parameters, luck, people)
    stood = stand(town, parameters, luck, bikes)
    flow, passed, around = through(town, luck)
    occupied, in_garage, wrongly = _standing(
        cars, parked, len(town.bays.key), len(town.garages.key), town.middle_x_m, town.middle_y_m
    )
    return Day(
        people=people,
        cars=cars,
        parked=parked,
        bikes=bikes,
        stood=stood,
        dumped=dumped(town, parameters, luck, bikes),
        passers=walk(town, people, cars, parked, bikes, stood),
        through=flow,
        passed=passed,
        around=around,
        occupied=occupied,
        in_garage=in_garage + _subscribed(town, subscribers),
        wrongly=wrongly,
        expected=believed,
    )


def _subscribed(town: Town, subscribers: Ints) -> Floats:
    """Return the subscribers in each garage by hour."""
    hour = (np.arange(HOURS) + FIRST_HOUR) % HOURS
    is_away = (hour >= 8) & (hour < 18) & (town.day in {"weekday", "friday"})
    return subscribers[:, None] * np.where(is_away, SUBSCRIBERS_BY_DAY, 1.0)


def _standing(
    cars: Cars, parked: Parked, groups: int, garages: int, x_m: Floats, y_m: Floats
) -> tuple[Floats, Floats, Floats]:
    start = np.maximum(cars.arrive_s, 0.0)
    end = np.minimum(start + parked.search_s + cars.stay_s, DAY_S)
    at_kerb = parked.outcome == PARKED
    inside = parked.outcome == IN_GARAGE
    wrong = parked.outcome == WRONGLY
    segment = np.zeros(len(start), np.int64)
    if wrong.any():
        from scipy.spatial import cKDTree

        _, segment[wrong] = cKDTree(np.column_stack([x_m, y_m])).query(
            np.column_stack([cars.x_m[wrong], cars.y_m[wrong]])
        )
    return (
        _by_hour(parked.bay[at_kerb], start[at_kerb], end[at_kerb], groups),
        _by_hour(parked.bay[inside], start[inside], end[inside], garages),
        _by_hour(segment[wrong].astype(np.int32), start[wrong], end[wrong], len(x_m)),
    )


@compiled
def _by_hour(where: NDArray[np.int32], start: Floats, end: Floats, count: int) -> Floats:
    """Return how many are at each place at the start of each hour (just after, for hour 0)."""
    result = np.zeros((count, HOURS))
    for at in range(len(where)):
        hour = int(np.ceil(start[at] / 3600.0))
        while hour < HOURS and hour * 3600.0 < end[at]:
            result[where[at], hour] += 1.0
            hour += 1
    return result
