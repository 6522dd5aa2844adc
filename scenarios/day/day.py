"""One simulated day of a town: everything coupled, from nothing but arrays and a seed."""

from dataclasses import dataclass

import numpy as np

from scenarios.day.bikes import Bikes, Stood, all_bikes, dumped, stand
from scenarios.day.cars import Cars, all_cars, resident_cars
from scenarios.day.kinds import FIRST_HOUR, HOURS, WEEKEND
from scenarios.day.network import Floats, Ints
from scenarios.day.parameters import NOWHERE_DIFFERENT, Local, Parameters
from scenarios.day.parking import Parked, expectations, park
from scenarios.day.people import BLOCKS, Expected, People
from scenarios.day.population import Memory, everybody, intend
from scenarios.day.standing import standing
from scenarios.day.town import Town
from scenarios.day.traffic import through
from scenarios.day.walks import Passers, walk

ROUNDS = 2
"""How often the day is lived: drivers choose again, knowing how hard it was to park."""

FIRST_SEARCH_MIN, FIRST_WALK_M = 1.5, 150.0
"""What drivers expect before the first round (assumed)."""

SUBSCRIBERS_BY_DAY = 0.5
WORK_FROM_H, WORK_UNTIL_H = 8, 18
"""Part of the subscribers of a garage who are there between these hours of a weekday (assumed)."""


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
    memory: Memory | None = None,
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
    memory
        What everybody meant to do on days that were lived before: it changes nothing but how long
        this takes.
    """
    luck = np.uint64(seed)
    subscribers = np.floor(town.garages.size * parameters.subscribers).astype(np.int64)
    intended = intend(town, parameters, luck, local, memory)
    residents = resident_cars(town, parameters, luck, local)
    believed = expected or _first_expectations(town)
    for _ in range(0 if expected else ROUNDS - 1):
        people = everybody(intended, parameters, believed)
        cars = all_cars(town, residents, people)
        parked = park(town, parameters, luck, cars, subscribers, has_flows=False)
        believed = expectations(cars, parked, believed)
    people = everybody(intended, parameters, believed)
    cars = all_cars(town, residents, people)
    parked = park(town, parameters, luck, cars, subscribers)
    bikes = all_bikes(town, parameters, luck, people, local)
    stood = stand(town, parameters, luck, bikes, local)
    flow = through(town, luck)
    stands = standing(town, cars, parked)
    return Day(
        people=people,
        cars=cars,
        parked=parked,
        bikes=bikes,
        stood=stood,
        dumped=dumped(town, parameters, luck, bikes),
        passers=walk(town, people, cars, parked, bikes, stood),
        through=flow.driven,
        passed=flow.passed,
        around=flow.around,
        occupied=stands.occupied,
        in_garage=stands.in_garage + _subscribed(town, subscribers),
        wrongly=stands.wrongly,
        expected=believed,
    )


def _first_expectations(town: Town) -> Expected:
    shape = (max(town.zones, 1), BLOCKS)
    return Expected(np.full(shape, FIRST_SEARCH_MIN), np.full(shape, FIRST_WALK_M))


def _subscribed(town: Town, subscribers: Ints) -> Floats:
    """Return the subscribers in each garage by hour."""
    hour = (np.arange(HOURS) + FIRST_HOUR) % HOURS
    is_away = (hour >= WORK_FROM_H) & (hour < WORK_UNTIL_H) & (town.day not in WEEKEND)
    return subscribers[:, None].astype(float) * np.where(is_away, SUBSCRIBERS_BY_DAY, 1.0)
