"""Cars that want to park: of residents and of visitors, where each goes, when and for how long."""

from math import exp
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from scenarios.day import decisions
from scenarios.day.compiled import compiled
from scenarios.day.draws import Keys, children, moment, normal, uniform, uniforms
from scenarios.day.kinds import (
    DAY_S,
    FIRST_HOUR,
    HOUR_S,
    HOURS,
    LEAVING,
    LEAVING_WEEKEND,
    MINUTES,
    WEEKEND,
)
from scenarios.day.network import Flags, Floats, Ints
from scenarios.day.parameters import Local, Parameters
from scenarios.day.people import GARAGE, HOME_VISIT, KERB, VAN, WORK, People
from scenarios.day.rows import in_order, joined, taken
from scenarios.day.town import Town

RESIDENT, VISITOR, WORKER, VAN_DRIVER = range(4)
WHO = ("resident", "visitor", "worker", "van")

PARKED, IN_GARAGE, WRONGLY, GONE = range(4)
OUTCOMES = ("parked", "in a garage", "parked wrongly", "gone elsewhere")

WEEKEND_LEAVING = 0.7
"""Residents' cars that drive away on a day of the weekend, against a weekday (assumed)."""

AWAY_LOG_SD = 0.5
"""Standard deviation of the logarithm of the time that a resident's car is away (assumed)."""

SHORTEST_STAY_S = 60.0
"""No resident's car is taken to stand for a shorter time."""

_RESIDENTS, _BACK = 7, 1
"""What is added to the keys of homes for their cars, and to those of cars that come back."""


class Cars(NamedTuple):
    """Every car that wants to park, in the order in which they arrive.

    ``who`` is one of `WHO`; ``person`` the position in `People` and ``home`` that of the home (-1
    for a visitor's, -1 for a resident's own car); ``garage`` the garage that was chosen beforehand
    (-1: the kerb). ``aim`` is the node driven to (-1: none can be reached), ``is_there`` whether
    the car was in the place when the day began; then ``arrive_s`` is below 0.
    """

    key: Keys
    who: NDArray[np.int8]
    person: NDArray[np.int32]
    home: NDArray[np.int32]
    x_m: Floats
    y_m: Floats
    aim: Ints
    zone: NDArray[np.int32]
    permit_zone: NDArray[np.int32]
    arrive_s: Floats
    stay_s: Floats
    garage: NDArray[np.int32]
    is_there: Flags


def all_cars(town: Town, residents: Cars, people: People) -> Cars:
    """Return every car that wants to park, residents' and visitors', as they arrive."""
    visitors = _visiting_cars(town, people)
    cars = joined([residents, visitors])
    return taken(cars, in_order(cars.arrive_s))


def resident_cars(town: Town, parameters: Parameters, seed: np.uint64, local: Local) -> Cars:
    """Return the cars of residents: those there when the day begins, then those that come back."""
    counts = _how_many(town, parameters, seed, local)
    home = np.repeat(np.arange(len(counts)), counts)
    keys = children(town.homes.key + np.uint64(_RESIDENTS), counts)
    is_weekend = town.day in WEEKEND
    leaving = parameters.leaving * (WEEKEND_LEAVING if is_weekend else 1.0)
    until = np.cumsum(np.roll(LEAVING_WEEKEND if is_weekend else LEAVING, -FIRST_HOUR))
    leave_s, back_s = _outings(keys, seed, leaving, until, parameters.away_min * MINUTES)
    is_back = (leave_s < DAY_S) & (back_s < DAY_S)
    line = uniforms(seed, keys, decisions.PLACE_IN_LINE)
    first_stay_s = np.maximum(leave_s, SHORTEST_STAY_S)
    last_stay_s = np.maximum(DAY_S - back_s[is_back], SHORTEST_STAY_S)
    home = np.concatenate([home, home[is_back]])
    arrive_s = np.concatenate([-line, back_s[is_back]])
    state = town.roads.state_of_hour[
        ((np.maximum(arrive_s, 0) // HOUR_S).astype(np.int64) + FIRST_HOUR) % HOURS
    ]
    none = np.full(len(home), -1, np.int32)
    return Cars(
        key=np.concatenate([keys, keys[is_back] + np.uint64(_BACK)]),
        who=np.full(len(home), RESIDENT, np.int8),
        person=none,
        home=home.astype(np.int32),
        x_m=town.homes.x_m[home],
        y_m=town.homes.y_m[home],
        aim=town.home_aim[state, home],
        zone=town.home_zone_of_search[home].astype(np.int32),
        permit_zone=town.home_zone[home].astype(np.int32),
        arrive_s=arrive_s,
        stay_s=np.concatenate([first_stay_s, last_stay_s]),
        garage=none,
        is_there=np.arange(len(home)) < len(keys),
    )


def _how_many(town: Town, parameters: Parameters, seed: np.uint64, local: Local) -> Ints:
    """Return the cars in the street of each home's residents."""
    is_usual = town.home_cars >= 0
    factor = local.at(town.homes.x_m, town.homes.y_m, "residents")
    usual = town.homes.size * (town.home_cars * parameters.cars_per_dwelling) * factor
    wanted = np.where(is_usual, usual, town.homes.size * -town.home_cars)
    luck = uniforms(seed, town.homes.key, decisions.RESIDENT_CARS)
    counts = np.floor(wanted + luck).astype(np.int64)
    counts[town.home_aim[0] < 0] = 0
    return counts


@compiled
def _outings(
    keys: Keys, seed: np.uint64, leaving: float, until: Floats, away_s: float
) -> tuple[Floats, Floats]:
    """Return when each car leaves and is back; the end of the day if it does not."""
    leave_s = np.full(len(keys), DAY_S)
    back_s = np.full(len(keys), DAY_S)
    for at in range(len(keys)):
        if uniform(seed, keys[at], decisions.LEAVES, 0) < leaving:
            leaves = moment(until, seed, keys[at], decisions.LEAVES_HOUR, decisions.LEAVES_MINUTE)
            longer = exp(AWAY_LOG_SD * normal(seed, keys[at], decisions.AWAY))
            leave_s[at] = leaves * HOUR_S
            back_s[at] = leave_s[at] + away_s * longer
    return leave_s, back_s


def _visiting_cars(town: Town, people: People) -> Cars:
    """Return the cars of visitors, workers and vans, in the order of people."""
    person = np.flatnonzero((people.mode == KERB) | (people.mode == GARAGE) | (people.mode == VAN))
    thing = people.thing[person].astype(np.int64)
    mode, purpose = people.mode[person], people.purpose[person]
    is_home = (purpose == HOME_VISIT) | (thing < -1)
    # A destination's position among attractors and then homes.
    place = np.where(thing < -1, -2 - thing, thing) + is_home * len(town.attractors.key)
    arrive_s = people.arrive_s[person]
    state = town.roads.state_of_hour[((arrive_s // HOUR_S).astype(np.int64) + FIRST_HOUR) % HOURS]
    aim = np.concatenate([town.aim, town.home_aim], axis=1)
    zone = np.concatenate([town.zone, town.home_zone_of_search])
    none = np.full(len(person), -1, np.int32)
    return Cars(
        key=people.key[person],
        who=_drivers(mode, purpose),
        person=person.astype(np.int32),
        home=none,
        x_m=np.concatenate([town.attractors.x_m, town.homes.x_m])[place],
        y_m=np.concatenate([town.attractors.y_m, town.homes.y_m])[place],
        aim=aim[state, place],
        zone=zone[place].astype(np.int32),
        permit_zone=none,
        arrive_s=arrive_s,
        stay_s=people.stay_s[person],
        garage=np.where(mode == GARAGE, people.end[person], -1).astype(np.int32),
        is_there=np.zeros(len(person), bool),
    )


def _drivers(mode: NDArray[np.int8], purpose: NDArray[np.int8]) -> NDArray[np.int8]:
    works = np.where(purpose == WORK, WORKER, VISITOR)
    return np.where(mode == VAN, VAN_DRIVER, works).astype(np.int8)
