"""Bikes: in a rack, loose on the pavement, or left behind until a round takes them away."""

from math import exp
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from scenarios.day.compiled import compiled
from scenarios.day.draws import Keys, children, uniform, uniforms
from scenarios.day.kinds import FIRST_HOUR, HOURS, LEAVING
from scenarios.day.network import Floats, Ints
from scenarios.day.parameters import Parameters
from scenarios.day.people import BIKE, People
from scenarios.day.town import Town

DAY_S = 86_400.0

RACKED, LOOSE = range(2)

RIDING_OUT = 0.55
"""Part of residents' bikes in the street that ride out on a day (assumed)."""

RACK_LOG_SD = 0.5
SHORT_STAY_S = 1800.0
CARGO_SHARE = 0.06
CARGO_PLACES = 3
"""Part of the bikes that are too big for one place, and the places such a bike takes (FACTS of
fleets: 5 % rising to 16 %; a cargo bike may take three)."""

HORIZON_D = 90
"""No bike is taken to have stood in the street for longer."""

FETCHED_D = 45.0
"""Mean time after which somebody takes a bike that was left behind, without any round (assumed)."""

(_WHEN, _MINUTE, _RIDES, _BACK, _TOLERANCE, _TOLERANCE_2, _CARELESS, _CARGO, _SQUEEZE, _LEFT,
 _FETCHED, _PHASE) = range(300, 312)  # fmt: skip


class Bikes(NamedTuple):
    """Every bike that stands in the street for a while, in the order in which they arrive."""

    key: Keys
    person: NDArray[np.int32]
    home: NDArray[np.int32]
    root: NDArray[np.int32]
    arrive_s: Floats
    stay_s: Floats


class Stood(NamedTuple):
    """What became of each bike: in which rack it stands (-1: loose), and how far from the door.

    ``racked`` is (racks, hours) and ``loose`` (segments, hours): bikes at the start of each hour.
    """

    rack: NDArray[np.int32]
    walk_m: Floats
    racked: Floats
    loose: Floats


def all_bikes(town: Town, parameters: Parameters, seed: np.uint64, people: People) -> Bikes:
    """Return the bikes of visitors, and those that residents keep in the street."""
    wanted = town.homes.size * town.home_bikes_out * parameters.home_bikes
    counts = np.floor(wanted + uniforms(seed, town.homes.key, 91)).astype(np.int64)
    segment = town.homes.segment
    home_root = np.where(segment >= 0, town.root_of_segment[segment], -1)
    counts[home_root < 0] = 0
    home = np.repeat(np.arange(len(counts)), counts)
    keys = children(town.homes.key + np.uint64(11), counts)
    until = np.cumsum(np.roll(LEAVING, -FIRST_HOUR))
    out_s, back_s = _rides(keys, seed, until)
    back = back_s < DAY_S
    by_bike = np.flatnonzero(people.mode == BIKE)
    bikes = Bikes(
        key=np.concatenate([keys, keys[back] + np.uint64(1), people.key[by_bike]]),
        person=np.concatenate([np.full(len(keys) + back.sum(), -1), by_bike]).astype(np.int32),
        home=np.concatenate([home, home[back], np.full(len(by_bike), -1)]).astype(np.int32),
        root=np.concatenate([home_root[home], home_root[home[back]], people.root[by_bike]]).astype(
            np.int32
        ),
        arrive_s=np.concatenate([np.full(len(keys), -1.0), back_s[back], people.arrive_s[by_bike]]),
        stay_s=np.concatenate([out_s + 1.0, np.full(back.sum(), DAY_S), people.stay_s[by_bike]]),
    )
    order = np.lexsort((bikes.key, bikes.arrive_s))
    return Bikes(*(column[order] for column in bikes))


@compiled
def _rides(keys, seed, until):
    out = np.full(len(keys), DAY_S + 1.0)
    back = np.full(len(keys), DAY_S + 1.0)
    for at in range(len(keys)):
        if uniform(seed, keys[at], _RIDES, 0) < RIDING_OUT:
            u = uniform(seed, keys[at], _WHEN, 0)
            hour = 0
            while hour < HOURS - 1 and until[hour] < u:
                hour += 1
            out[at] = (hour + uniform(seed, keys[at], _MINUTE, 0)) * 3600.0
            back[at] = out[at] + 3600.0 * (1.0 + 9.0 * uniform(seed, keys[at], _BACK, 0))
    return out, back


def stand(town: Town, parameters: Parameters, seed: np.uint64, bikes: Bikes) -> Stood:
    """Let every bike find a rack, or stand loose."""
    return Stood(
        *_stand(
            seed,
            bikes,
            town.racks_near,
            town.racks.size,
            town.racks.key,
            town.roots,
            len(town.length_m),
            parameters.rack_m,
            parameters.careless,
            parameters.orphans,
            parameters.rack_full,
            parameters.squeezing,
        )
    )


@compiled
def _stand(
    seed, bikes, near, places, rack_key, roots, segments, rack_m, careless, orphans, full, squeezing
):
    count = len(bikes.key)
    racks = len(places)
    taken = orphans * places
    weight = np.ones(count)
    rack = np.full(count, -1, np.int32)
    walk_m = np.zeros(count)
    racked = np.zeros((racks, HOURS))
    loose = np.zeros((segments, HOURS))
    seconds = int(DAY_S) + 2
    leaving_first = np.full(seconds, -1, np.int32)
    leaving_next = np.full(count, -1, np.int32)
    clock = 0
    for at in range(count):
        key, root = bikes.key[at], bikes.root[at]
        now = max(bikes.arrive_s[at], 0.0)
        while clock <= now and clock < seconds:
            leaver = leaving_first[clock]
            while leaver >= 0:
                taken[rack[leaver]] -= weight[leaver]
                leaver = leaving_next[leaver]
            clock += 1
        if uniform(seed, key, _CARGO, 0) < CARGO_SHARE:
            weight[at] = CARGO_PLACES
        looks = bikes.stay_s[at] > SHORT_STAY_S or uniform(seed, key, _CARELESS, 0) >= careless
        ends = min(now + bikes.stay_s[at], DAY_S)
        if looks:
            tolerance = rack_m * exp(RACK_LOG_SD * _normal(seed, key, _TOLERANCE))
            for place in range(near.first[root], near.first[root + 1]):
                if near.far_m[place] > tolerance:
                    break
                one = near.thing[place]
                after = taken[one] + weight[at]
                if after > places[one]:
                    continue
                feels_full = after > full * places[one]
                if feels_full and uniform(seed, key, _SQUEEZE, one) >= squeezing:
                    continue
                rack[at] = one
                taken[one] = after
                walk_m[at] = near.far_m[place]
                leaving_next[at] = leaving_first[int(ends)]
                leaving_first[int(ends)] = at
                break
        hour = int(np.ceil(now / 3600.0))
        while hour < HOURS and hour * 3600.0 < ends:
            if rack[at] >= 0:
                racked[rack[at], hour] += 1.0
            else:
                loose[roots[root], hour] += 1.0
            hour += 1
    for one in range(racks):
        for hour in range(HOURS):
            racked[one, hour] += orphans * places[one]
    return rack, walk_m, racked, loose


@compiled
def _normal(seed, agent, decision):
    one = uniform(seed, agent, decision, 0)
    other = uniform(seed, agent, decision, 1)
    return np.sqrt(-2.0 * np.log(one)) * np.cos(2.0 * np.pi * other)


def dumped(town: Town, parameters: Parameters, seed: np.uint64, bikes: Bikes) -> Floats:
    """Return the bikes left behind that stand along each segment.

    Each day some of the bikes that are parked are left for good. One is labelled at the first
    round after that, and taken away at the first round after the label has hung long enough,
    unless somebody fetches it before.
    """
    segments = len(town.length_m)
    parked = np.bincount(bikes.root, minlength=len(town.roots)) * parameters.left_behind
    per_segment = np.zeros(segments)
    per_segment[town.roots] = parked
    return _dumped(
        seed, town.segment_key, per_segment, town.round_d, town.label_d, HORIZON_D, FETCHED_D
    )


@compiled
def _dumped(seed, key, per_day, every_d, label_d, horizon, fetched_d):
    result = np.zeros(len(per_day))
    for at in range(len(per_day)):
        if per_day[at] <= 0:
            continue
        phase = uniform(seed, key[at], _PHASE, 0)
        for age in range(horizon):
            u = uniform(seed, key[at], _LEFT, age)
            chance = exp(-per_day[at])
            total, left = chance, 0
            while u > total and left < 40:
                left += 1
                chance *= per_day[at] / left
                total += chance
            for number in range(left):
                since_round = (age + phase * every_d[at]) % every_d[at]
                labelled = age - since_round
                rounds = np.ceil(label_d[at] / every_d[at]) * every_d[at]
                if labelled >= rounds and label_d[at] >= 0:
                    continue
                fetched = -fetched_d * np.log(uniform(seed, key[at], _FETCHED, age * 41 + number))
                if fetched > age:
                    result[at] += 1.0
    return result


__all__ = ["Bikes", "Ints", "Stood", "all_bikes", "dumped", "stand"]
