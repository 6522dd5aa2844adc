"""Bikes: in a rack, loose on the pavement, or left behind until a round takes them away."""

from math import ceil, exp, log
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from scenarios.day import decisions
from scenarios.day.calls import roots_of
from scenarios.day.compiled import compiled
from scenarios.day.draws import Keys, children, chooser, moment, normal, taste, uniform, uniforms
from scenarios.day.hourly import by_hour
from scenarios.day.kinds import DAY_S, FIRST_HOUR, HOUR_S, LEAVING
from scenarios.day.nearness import Near
from scenarios.day.network import Floats
from scenarios.day.parameters import Local, Parameters
from scenarios.day.people import BIKE, People
from scenarios.day.rows import taken
from scenarios.day.town import Town

RIDING_OUT = 0.55
"""Part of residents' bikes in the street that ride out on a day (assumed)."""

RIDE_LEAST_H, RIDE_SPREAD_H = 1.0, 9.0
"""A resident's bike is away for the first at least, and up to the second longer (assumed)."""

RACK_LOG_SD = 0.5
"""Standard deviation of the logarithm of how far a rack may be (assumed)."""

CARGO_PLACES = 3
"""Places that a cargo bike takes."""

HORIZON_D = 90
"""No bike is taken to have stood in the street for longer."""

FETCHED_D = 45.0
"""Mean time after which somebody takes a bike that was left behind, without any round (assumed)."""

MOST_LEFT = 40
"""No more bikes are left along one segment on one day."""

_RESIDENTS, _BACK = 11, 1
"""What is added to the keys of homes for their bikes, and to those of bikes that come back."""

SECONDS = int(DAY_S)


class Bikes(NamedTuple):
    """Every bike that stands in the street for a while, in the order in which they arrive.

    ``person`` is the position in `People` and ``home`` that of the home (-1 where it is not of
    one), ``root`` the number among roots of the segment that its rider goes to.
    """

    key: Keys
    person: NDArray[np.int32]
    home: NDArray[np.int32]
    root: NDArray[np.int32]
    arrive_s: Floats
    stay_s: Floats


class Stood(NamedTuple):
    """What became of each bike: in which rack it stands (-1: loose), and how far from the door.

    ``racked`` is (racks, hours) and ``loose`` (segments, hours): bikes at the start of each hour,
    those that nobody uses included in ``racked``.
    """

    rack: NDArray[np.int32]
    walk_m: Floats
    racked: Floats
    loose: Floats


def all_bikes(
    town: Town, parameters: Parameters, seed: np.uint64, people: People, local: Local
) -> Bikes:
    """Return the bikes of visitors, and those that residents keep in the street."""
    more = local.at(town.homes.x_m, town.homes.y_m, "bikes")
    wanted = town.homes.size * town.home_bikes_out * parameters.home_bikes * more
    luck = uniforms(seed, town.homes.key, decisions.RESIDENT_BIKES)
    counts = np.floor(wanted + luck).astype(np.int64)
    home_root = roots_of(town, town.homes.segment)
    counts[home_root < 0] = 0
    home = np.repeat(np.arange(len(counts)), counts)
    keys = children(town.homes.key + np.uint64(_RESIDENTS), counts)
    out_s, back_s = _rides(keys, seed, np.cumsum(np.roll(LEAVING, -FIRST_HOUR)))
    is_back = back_s < DAY_S
    back = int(is_back.sum())
    by_bike = np.flatnonzero(people.mode == BIKE)
    bikes = Bikes(
        key=np.concatenate([keys, keys[is_back] + np.uint64(_BACK), people.key[by_bike]]),
        person=np.concatenate([np.full(len(keys) + back, -1), by_bike]).astype(np.int32),
        home=np.concatenate([home, home[is_back], np.full(len(by_bike), -1)]).astype(np.int32),
        root=np.concatenate(
            [home_root[home], home_root[home[is_back]], people.root[by_bike]]
        ).astype(np.int32),
        arrive_s=np.concatenate(
            [np.full(len(keys), -1.0), back_s[is_back], people.arrive_s[by_bike]]
        ),
        stay_s=np.concatenate([out_s + 1.0, np.full(back, DAY_S), people.stay_s[by_bike]]),
    )
    order = np.lexsort((bikes.key, bikes.arrive_s))
    return taken(bikes, order)


@compiled
def _rides(keys: Keys, seed: np.uint64, until: Floats) -> tuple[Floats, Floats]:
    """Return when each bike rides out and is back; after the end of the day if it does not."""
    out_s = np.full(len(keys), DAY_S + 1.0)
    back_s = np.full(len(keys), DAY_S + 1.0)
    for at in range(len(keys)):
        if uniform(seed, keys[at], decisions.RIDES, 0) < RIDING_OUT:
            leaves = moment(until, seed, keys[at], decisions.RIDES_HOUR, decisions.RIDES_MINUTE)
            away = uniform(seed, keys[at], decisions.RIDES_BACK, 0)
            out_s[at] = leaves * HOUR_S
            back_s[at] = out_s[at] + HOUR_S * (RIDE_LEAST_H + RIDE_SPREAD_H * away)
    return out_s, back_s


class _Racks(NamedTuple):
    """Racks by root, their keys, the places in each, and the places taken at a moment."""

    key: Keys
    near: Near
    places: Floats
    taken: Floats


class _Habits(NamedTuple):
    """The parameters of standing a bike; ``rack_m`` is by root."""

    rack_m: Floats
    careless: float
    full: float
    squeezing: float
    cargo: float


def stand(town: Town, parameters: Parameters, seed: np.uint64, bikes: Bikes, local: Local) -> Stood:
    """Let every bike find a rack, or stand loose."""
    orphans = parameters.orphans * town.racks.size
    middle_x_m, middle_y_m = town.middle_x_m[town.roots], town.middle_y_m[town.roots]
    rack, walk_m = _stand(
        seed,
        bikes,
        _Racks(town.racks.key, town.racks_near, town.racks.size, orphans.copy()),
        _Habits(
            parameters.rack_m * local.at(middle_x_m, middle_y_m, "racks"),
            parameters.careless,
            parameters.rack_full,
            parameters.squeezing,
            parameters.cargo_bikes,
        ),
    )
    start_s = np.maximum(bikes.arrive_s, 0.0)
    end_s = np.minimum(start_s + bikes.stay_s, DAY_S)
    is_loose = rack < 0
    segment = town.roots[bikes.root[is_loose]].astype(np.int32)
    racked = by_hour(rack[~is_loose], start_s[~is_loose], end_s[~is_loose], len(orphans))
    loose = by_hour(segment, start_s[is_loose], end_s[is_loose], len(town.length_m))
    return Stood(rack, walk_m, racked + orphans[:, None], loose)


@compiled
def _stand(
    seed: np.uint64, bikes: Bikes, racks: _Racks, habits: _Habits
) -> tuple[NDArray[np.int32], Floats]:
    """Return the rack in which each bike stands (-1: none), and how far it is."""
    count = len(bikes.key)
    weight = np.ones(count)
    rack = np.full(count, -1, np.int32)
    walk_m = np.zeros(count)
    leaving_first = np.full(SECONDS + 2, -1, np.int32)
    leaving_next = np.full(count, -1, np.int32)
    clock = 0
    for at in range(count):
        key = bikes.key[at]
        now = max(bikes.arrive_s[at], 0.0)
        while clock <= now and clock <= SECONDS:
            leaver = int(leaving_first[clock])
            while leaver >= 0:
                racks.taken[rack[leaver]] -= weight[leaver]
                leaver = int(leaving_next[leaver])
            clock += 1
        if uniform(seed, key, decisions.CARGO, 0) < habits.cargo:
            weight[at] = CARGO_PLACES
        if uniform(seed, key, decisions.CARELESS, 0) < habits.careless:
            continue
        rack[at], walk_m[at] = _rack(
            seed, key, float(weight[at]), int(bikes.root[at]), racks, habits
        )
        if rack[at] >= 0:
            racks.taken[rack[at]] += weight[at]
            ends = max(int(min(now + bikes.stay_s[at], DAY_S)), clock)
            leaving_next[at] = leaving_first[ends]
            leaving_first[ends] = at
    return rack, walk_m


@compiled
def _rack(
    seed: np.uint64, key: np.uint64, weight: float, root: int, racks: _Racks, habits: _Habits
) -> tuple[int, float]:
    """Return the nearest rack within tolerance that has room and does not put off; -1 for none."""
    near, rack_m = racks.near, habits.rack_m[root]
    turn = chooser(seed, key, decisions.SQUEEZE)
    longer = exp(RACK_LOG_SD * normal(seed, key, decisions.TOLERANCE))
    for place in range(near.first[root], near.first[root + 1]):
        if near.far_m[place] > rack_m * longer:
            break
        one = int(near.thing[place])
        after, places = racks.taken[one] + weight, racks.places[one]
        if after > places:
            continue
        feels_full = after > habits.full * places
        if feels_full and taste(turn, racks.key[one]) >= habits.squeezing:
            continue
        return one, float(near.far_m[place])
    return -1, 0.0


def dumped(town: Town, parameters: Parameters, seed: np.uint64, bikes: Bikes) -> Floats:
    """Return the bikes left behind that stand along each segment.

    Each day some of the bikes that are parked are left for good. One is labelled at the first
    round after that, and taken away at the first round after the label has hung long enough,
    unless somebody fetches it before.
    """
    per_segment = np.zeros(len(town.length_m))
    parked = np.bincount(bikes.root, minlength=len(town.roots))
    per_segment[town.roots] = parked * parameters.left_behind
    return _dumped(seed, town.segment_key, per_segment, town.round_d, town.label_d)


@compiled
def _dumped(
    seed: np.uint64, key: Keys, per_day: Floats, every_d: Floats, label_d: Floats
) -> Floats:
    result = np.zeros(len(per_day))
    for at in range(len(per_day)):
        if per_day[at] <= 0:
            continue
        phase = uniform(seed, key[at], decisions.PHASE, 0)
        hangs_d = ceil(label_d[at] / every_d[at]) * every_d[at]
        for age in range(HORIZON_D):
            since_round = (age + phase * every_d[at]) % every_d[at]
            if age - since_round >= hangs_d and label_d[at] >= 0:
                continue
            left = _poisson(float(per_day[at]), uniform(seed, key[at], decisions.LEFT, age))
            for number in range(left):
                luck = age * (MOST_LEFT + 1) + number
                u = uniform(seed, key[at], decisions.FETCHED, luck)
                if -FETCHED_D * log(u) > age:
                    result[at] += 1.0
    return result


@compiled
def _poisson(mean: float, u: float) -> int:
    """Return the number up to `MOST_LEFT` whose distribution function reaches ``u`` first."""
    chance = exp(-mean)
    total, number = chance, 0
    while u > total and number < MOST_LEFT:
        number += 1
        chance *= mean / number
        total += chance
    return number
