"""Who comes, when, for how long, and how: visits to everything in the place, and residents' walks.

A person's luck is keyed by where they come from or go to and a number of their own: more visits
to one shop do not change anybody else.
"""

from math import exp
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from scenarios.day.compiled import compiled
from scenarios.day.draws import Keys, child, chooser, lag, lag_below, uniform
from scenarios.day.kinds import (
    FIRST_HOUR,
    HOME_VISITS,
    HOURS,
    KINDS,
    STROLL,
    THROUGH,
    VAN_PROFILE,
    VAN_STAY_MIN,
    WORK_DAYS,
    WORK_MODES,
    WORK_PROFILE,
    WORK_STAY_MIN,
    DayKind,
)
from scenarios.day.network import Flags, Floats, Ints
from scenarios.day.parameters import NOWHERE_DIFFERENT, Local, Parameters
from scenarios.day.town import Near, Town

WALK, BIKE, TRANSIT, KERB, GARAGE, VAN = range(6)
MODES = ("walk", "bike", "transit", "kerb", "garage", "van")

VISIT, WORK, DELIVERY, HOME_VISIT, EVENT, STROLLING, PASSING = range(7)
PURPOSES = ("visit", "work", "delivery", "home_visit", "event", "stroll", "passing")

BLOCKS = 8
"""Drivers expect how hard it is to park by blocks of three hours."""

STAY_LOG_SD = 0.6
LAST_HOUR_OF_AFTERNOON = 18
PRICE_SHORTENS_FROM_EUR_H = 3.0
KERB_OF_CAR, GARAGE_OF_CAR = 0.6, 0.4
KERB_OF_WORK, GARAGE_OF_WORK = 0.25, 0.75

# What is decided; each with draws of its own.
(_NUMBER, _HOUR, _MINUTE, _STAY, _STAY_2, _MODE, _STOP, _GATE, _GARAGE, _KIND, _SHOP, _ONWARD,
 _ONWARD_KIND, _ONWARD_SHOP, _ONWARD_STAY) = range(100, 115)  # fmt: skip


class Table(NamedTuple):
    """What is common to everybody of a row (kind of destination or purpose)."""

    until: Floats
    """(rows, hours): the share of the day's visits begun when an hour of the simulated day ends."""
    stay_min: Floats
    share: Floats
    """(rows, modes): the weight of each mode, at no cost within the place."""


class Expected(NamedTuple):
    """What drivers expect by zone and block of hours: minutes of search, metres to walk."""

    search_min: Floats
    walk_m: Floats


class People(NamedTuple):
    """Everybody who goes somewhere in the place today, one entry each.

    ``thing`` is the attractor (or the home, for home visits) they come to; ``root`` the number of its
    segment among the town's roots. ``end`` is where they come from and go back to: a stop, a gate
    on foot, a garage, or for strolls the home. ``arrive_s`` counts from the start of the day.
    ``onward`` is an attractor they walk on to, -1 for none, ``onward_s`` how long they stay there.
    """

    key: Keys
    purpose: NDArray[np.int8]
    thing: NDArray[np.int32]
    root: NDArray[np.int32]
    arrive_s: NDArray[np.float64]
    stay_s: NDArray[np.float64]
    mode: NDArray[np.int8]
    end: NDArray[np.int32]
    onward: NDArray[np.int32]
    onward_s: NDArray[np.float64]


def table(day: DayKind, parameters: Parameters) -> Table:
    """Return the table of all rows: the kinds, then home visits, work and deliveries."""
    kinds = [*KINDS.values(), HOME_VISITS]
    profiles = [kind.profile(day) for kind in kinds] + [WORK_PROFILE, VAN_PROFILE]
    weight = np.array([np.roll(profile, -FIRST_HOUR) for profile in profiles])
    hours = (np.arange(HOURS) + FIRST_HOUR) % HOURS
    is_evening = (hours >= LAST_HOUR_OF_AFTERNOON) | (hours < FIRST_HOUR)
    weight[: len(kinds)] *= np.where(is_evening, parameters.evening, 1.0)
    until = np.cumsum(weight, axis=1) / weight.sum(axis=1, keepdims=True)
    stay = [kind.stay_min for kind in kinds] + [WORK_STAY_MIN, VAN_STAY_MIN]
    shares = [_shares((kind.car, kind.bike, kind.transit), parameters, False) for kind in kinds]
    shares += [_shares(WORK_MODES, parameters, True), np.array([0, 0, 0, 0, 0, 1.0])]
    return Table(until, np.array(stay) * parameters.stays, np.array(shares))


def _shares(modes: tuple[float, float, float], parameters: Parameters, is_work: bool) -> Floats:
    car, bike, transit = modes
    kerb, garage = (
        (KERB_OF_WORK * parameters.workers, GARAGE_OF_WORK * parameters.workers)
        if is_work
        else (KERB_OF_CAR * parameters.kerb, GARAGE_OF_CAR * parameters.garages)
    )
    walk = 1.0 - car - bike - transit
    return np.array([walk, bike * parameters.cycling, transit, car * kerb, car * garage, 0.0])


def everybody(
    town: Town,
    parameters: Parameters,
    seed: np.uint64,
    expected: Expected,
    local: Local = NOWHERE_DIFFERENT,
) -> People:
    """Return everybody of one day."""
    rows = table(town.day, parameters)
    kinds = list(KINDS.values())
    of_kind = town.attractor_kind
    level = np.array([kind.visits * kind.level(town.day) for kind in kinds])[of_kind]
    jobs = np.array([kind.jobs for kind in kinds])[of_kind] * WORK_DAYS[town.day]
    vans = np.array([kind.vans for kind in kinds])[of_kind] * (town.day != "sunday")
    home = HOME_VISITS.level(town.day)
    attractor, homes = np.arange(len(of_kind)), np.arange(len(town.homes.key))
    root, home_root = _roots(town, town.attractors.segment), _roots(town, town.homes.segment)
    dwellings = town.homes.size
    home_row = len(kinds)
    factors = local.of(town.squares)
    scale = parameters.visits * factors[town.zone, 0]
    places = _places(town, parameters)
    groups = [
        (VISIT, level * scale, of_kind, town.attractors.key, attractor, root, town.zone,
         town.price_near_eur_h),
        (WORK, jobs * scale, np.full(len(of_kind), home_row + 1), town.attractors.key, attractor,
         root, town.zone, town.price_near_eur_h),
        (DELIVERY, vans, np.full(len(of_kind), home_row + 2), town.attractors.key, attractor, root,
         town.zone, town.price_near_eur_h),
        (HOME_VISIT, dwellings * HOME_VISITS.visits * home, np.full(len(homes), home_row),
         town.homes.key, homes, home_root, town.home_zone_of_search, town.home_price_near_eur_h),
        (DELIVERY, dwellings * HOME_VISITS.vans * (town.day != "sunday"),
         np.full(len(homes), home_row + 2), town.homes.key + np.uint64(1), -homes - 2, home_root,
         town.home_zone_of_search, town.home_price_near_eur_h),
    ]  # fmt: skip
    parts = [
        _visits(purpose, wanted, row.astype(np.int64), key, thing, at, zone, price, rows, seed,
                expected, places, factors, _numbers(parameters))
        for purpose, wanted, row, key, thing, at, zone, price in groups
    ]  # fmt: skip
    for event in range(len(town.event_visitors)):
        parts.append(_event(town, parameters, seed, expected, rows, places, event, root, factors))
    parts.append(_strolls(town, parameters, seed, home_root))
    parts.append(_passing(town, parameters, seed, places))
    people = People(*(np.concatenate(column) for column in zip(*parts, strict=True)))
    return _with_onward(town, parameters, seed, people)


class _Places(NamedTuple):
    """Where people come from: for each root the stops, gates and garages near, with chances."""

    stop_first: Ints
    stop: Ints
    stop_until: Floats
    stop_m: Floats
    gate_first: Ints
    gate: Ints
    gate_until: Floats
    garage_first: Ints
    garage: Ints
    garage_m: Floats
    garage_key: Keys
    rack_m: Floats


def _places(town: Town, parameters: Parameters) -> _Places:
    stops, gates, garages, racks = (
        town.stops_near, town.gates_near, town.garages_near, town.racks_near)  # fmt: skip
    stop_until, stop_m = _chances(stops, town.stop_weight, parameters.decay * 2)
    gate_until, _ = _chances(gates, town.gates_on_foot.size, parameters.decay)
    return _Places(
        stop_first=stops.first,
        stop=stops.thing,
        stop_until=stop_until,
        stop_m=stop_m,
        gate_first=gates.first,
        gate=gates.thing,
        gate_until=gate_until,
        garage_first=garages.first,
        garage=garages.thing,
        garage_m=garages.far_m,
        garage_key=town.garages.key,
        rack_m=_nearest(racks.first, racks.far_m),
    )


@compiled
def _chances(near: Near, weight: Floats, decay: float) -> tuple[Floats, Floats]:
    """Return the running sums of chances within each root, and the mean distance."""
    until = np.empty(len(near.thing))
    mean = np.zeros(len(near.first) - 1)
    for root in range(len(near.first) - 1):
        total, weighted = 0.0, 0.0
        for at in range(near.first[root], near.first[root + 1]):
            one = weight[near.thing[at]] * exp(-decay * near.far_m[at])
            total += one
            weighted += one * near.far_m[at]
            until[at] = total
        for at in range(near.first[root], near.first[root + 1]):
            until[at] /= total
        mean[root] = weighted / total if total > 0 else 1000.0
    return until, mean


@compiled
def _nearest(first: Ints, far_m: Floats) -> Floats:
    result = np.full(len(first) - 1, 300.0)
    for root in range(len(result)):
        for at in range(first[root], first[root + 1]):
            result[root] = min(result[root], far_m[at])
    return result


class _Numbers(NamedTuple):
    """The parameters that the draws below need."""

    decay: float
    per_minute: float
    per_euro: float
    search_weight: float
    walk_weight: float
    walk_m_min: float
    stay_per_price: float
    garage_eur_h: float


def _numbers(parameters: Parameters) -> _Numbers:
    from scenarios.day.town import GARAGE_EUR_H

    return _Numbers(
        parameters.decay,
        parameters.per_minute,
        parameters.per_euro,
        parameters.search_weight,
        parameters.walk_weight,
        parameters.walk_m_min,
        parameters.stay_per_price,
        GARAGE_EUR_H,
    )


def _roots(town: Town, segment: Ints) -> Ints:
    return np.where(segment >= 0, town.root_of_segment[segment], -1)


@compiled
def _normal(seed, agent, decision):
    one = uniform(seed, agent, decision, 0)
    other = uniform(seed, agent, decision, 1)
    return np.sqrt(-2.0 * np.log(one)) * np.cos(2.0 * np.pi * other)


@compiled
def _picked(until, begin, end, u):
    low, high = begin, end
    while low < high:
        middle = (low + high) >> 1
        if until[middle] < u:
            low = middle + 1
        else:
            high = middle
    return min(low, end - 1)


@compiled
def _moment(until, u, minute):
    hour = 0
    while hour < 23 and until[hour] < u:
        hour += 1
    return (hour + minute) * 3600.0


@compiled
def _visits(
    purpose, wanted, row, key, thing, root, zone, price, rows, seed, expected, places,
    factors, numbers,
):  # fmt: skip
    total = 0
    counts = np.zeros(len(key), np.int64)
    for at in range(len(key)):
        if root[at] >= 0 and wanted[at] > 0:
            counts[at] = int(wanted[at] + uniform(seed, key[at], _NUMBER, purpose))
            total += counts[at]
    keys = np.empty(total, np.uint64)
    purposes = np.full(total, purpose, np.int8)
    things = np.empty(total, np.int32)
    at_root = np.empty(total, np.int32)
    arrive = np.empty(total)
    stay = np.empty(total)
    mode = np.empty(total, np.int8)
    end = np.full(total, -1, np.int32)
    onward = np.full(total, -1, np.int32)
    onward_s = np.zeros(total)
    to = 0
    walk_cost = numbers.per_minute * numbers.walk_weight / numbers.walk_m_min
    bike, transit = np.exp(-walk_cost * places.rack_m), np.exp(-walk_cost * places.stop_m)
    by_garage = np.exp(-walk_cost * places.garage_m)
    kerb_cost = (
        -numbers.per_minute * numbers.search_weight * expected.search_min
        - walk_cost * expected.walk_m
    )
    for at in range(len(key)):
        where = root[at]
        for number in range(counts[at]):
            agent = child(key[at], number * 8 + purpose)
            line = row[at]
            moment = _moment(
                rows.until[line],
                uniform(seed, agent, _HOUR, 0),
                uniform(seed, agent, _MINUTE, 0),
            )
            hour = (int(moment // 3600.0) + FIRST_HOUR) % HOURS
            minutes = rows.stay_min[line] * exp(STAY_LOG_SD * _normal(seed, agent, _STAY))
            tariff = price[at, hour]
            dear = ((tariff + PRICE_SHORTENS_FROM_EUR_H) / PRICE_SHORTENS_FROM_EUR_H) ** (
                -numbers.stay_per_price
            )
            block = hour // 3
            share = rows.share[line]
            chosen = VAN
            if share[VAN] == 0.0:
                kerb = (
                    share[KERB]
                    * factors[zone[at], 1]
                    * exp(
                        kerb_cost[zone[at], block]
                        - numbers.per_euro * tariff * minutes * dear / 60.0
                    )
                )
                chosen = WALK
                best = lag(seed, agent, _MODE, np.uint64(WALK)) / share[WALK]
                late = lag(seed, agent, _MODE, np.uint64(BIKE)) / (
                    share[BIKE] * bike[where] * factors[zone[at], 3]
                )
                if late < best:
                    best = late
                    chosen = BIKE
                late = lag(seed, agent, _MODE, np.uint64(TRANSIT)) / (
                    share[TRANSIT] * transit[where]
                )
                if late < best:
                    best = late
                    chosen = TRANSIT
                late = lag(seed, agent, _MODE, np.uint64(KERB)) / kerb
                if late < best:
                    best = late
                    chosen = KERB
                begin, stop = places.garage_first[where], places.garage_first[where + 1]
                if begin < stop:
                    base = share[GARAGE] * exp(
                        -numbers.per_euro * numbers.garage_eur_h * minutes / 60.0
                    )
                    for place in range(begin, stop):
                        garage = places.garage[place]
                        late = lag(seed, agent, _GARAGE, places.garage_key[garage]) / (
                            base * by_garage[place]
                        )
                        if late < best:
                            best = late
                            chosen = GARAGE
                            end[to] = garage
                if chosen == TRANSIT:
                    begin, stop = places.stop_first[where], places.stop_first[where + 1]
                    if begin == stop:
                        chosen = WALK
                    else:
                        end[to] = places.stop[
                            _picked(places.stop_until, begin, stop, uniform(seed, agent, _STOP, 0))
                        ]
                if chosen == WALK:
                    begin, stop = places.gate_first[where], places.gate_first[where + 1]
                    if begin < stop:
                        end[to] = places.gate[
                            _picked(places.gate_until, begin, stop, uniform(seed, agent, _GATE, 0))
                        ]
            if chosen == KERB:
                minutes *= dear
            keys[to] = agent
            things[to] = thing[at]
            at_root[to] = where
            arrive[to] = moment
            stay[to] = minutes * 60.0
            mode[to] = chosen
            to += 1
    return keys, purposes, things, at_root, arrive, stay, mode, end, onward, onward_s


def _event(
    town: Town,
    parameters: Parameters,
    seed: np.uint64,
    expected: Expected,
    rows: Table,
    places: _Places,
    event: int,
    root: Ints,
    factors: Floats,
) -> tuple[NDArray[np.generic], ...]:
    """Return the visitors of a market or a street party, who come in its hours."""
    hours = np.roll(town.event_hours[event], -FIRST_HOUR).astype(float)
    culture = list(KINDS).index("culture")
    until = rows.until.copy()
    until[culture] = np.cumsum(hours) / max(hours.sum(), 1.0)
    stay = rows.stay_min.copy()
    stay[culture] = 60.0
    own = Table(until, stay, rows.share)
    return _visits(
        EVENT,
        town.event_visitors[event],
        np.full(len(root), culture),
        town.attractors.key + np.uint64(2 + event),
        np.arange(len(root)),
        root,
        town.zone,
        town.price_near_eur_h,
        own,
        seed,
        expected,
        places,
        factors,
        _numbers(parameters),
    )


_STROLL_KINDS = {"supermarket": 0.34, "shop": 0.28, "cafe": 0.14, "restaurant": 0.1}
_TO_STOP = 1.0
"""Walks of residents to a stop, for each walk to a destination (assumed)."""


def _strolls(
    town: Town, parameters: Parameters, seed: np.uint64, home_root: Ints
) -> tuple[NDArray[np.generic], ...]:
    names = list(KINDS)
    kinds = np.array([names.index(one) for one in _STROLL_KINDS])
    weights = np.array([*_STROLL_KINDS.values(), _TO_STOP])
    until = np.cumsum(weights) / weights.sum()
    when = np.cumsum(np.roll(STROLL, -FIRST_HOUR))
    shops = [town.shops_near[kind] for kind in kinds]
    first = np.array([one.first for one in shops])
    begin = np.concatenate([[0], np.cumsum([len(one.thing) for one in shops])])
    thing = np.concatenate([one.thing for one in shops])
    far = np.concatenate([one.far_m for one in shops])
    return _walks_of_residents(
        town.homes.size * parameters.strolls * (1 + _TO_STOP), town.homes.key, home_root, until,
        when, first, begin, thing, far, town.attractors.key, town.stops_near, town.stops.key,
        town.stop_weight, parameters.decay, seed, STAY_LOG_SD, 30.0 * 60.0,
    )  # fmt: skip


@compiled
def _walks_of_residents(
    wanted, key, root, until, when, first, begin, thing, far, shop_key, stops, stop_key,
    stop_weight, decay, seed, log_sd, stay_s,
):  # fmt: skip
    total = 0
    counts = np.zeros(len(key), np.int64)
    for at in range(len(key)):
        if root[at] >= 0:
            counts[at] = int(wanted[at] + uniform(seed, key[at], _NUMBER, STROLLING))
            total += counts[at]
    keys = np.empty(total, np.uint64)
    purposes = np.full(total, STROLLING, np.int8)
    things = np.full(total, -1, np.int32)
    at_root = np.empty(total, np.int32)
    arrive = np.empty(total)
    stay = np.empty(total)
    mode = np.full(total, WALK, np.int8)
    end = np.full(total, -1, np.int32)
    onward = np.full(total, -1, np.int32)
    onward_s = np.zeros(total)
    longer = np.exp(decay * far)
    worse = np.exp(2.0 * decay * stops.far_m) / stop_weight[stops.thing]
    to = 0
    for at in range(len(key)):
        for number in range(counts[at]):
            agent = child(key[at], number * 8 + STROLLING)
            u = uniform(seed, agent, _KIND, 0)
            kind = 0
            while kind < len(until) - 1 and until[kind] < u:
                kind += 1
            best = np.inf
            key_of_shop = chooser(seed, agent, _SHOP)
            key_of_stop = chooser(seed, agent, _STOP)
            if kind < len(first):
                lo = begin[kind] + first[kind, root[at]]
                hi = begin[kind] + first[kind, root[at] + 1]
                for place in range(lo, hi):
                    late = lag_below(key_of_shop, shop_key[thing[place]], longer[place], best)
                    if late < best:
                        best = late
                        things[to] = thing[place]
            else:
                mode[to] = TRANSIT
                for place in range(stops.first[root[at]], stops.first[root[at] + 1]):
                    stop = stops.thing[place]
                    late = lag_below(key_of_stop, stop_key[stop], worse[place], best)
                    if late < best:
                        best = late
                        things[to] = stop
            keys[to] = agent
            at_root[to] = root[at]
            end[to] = at
            arrive[to] = _moment(
                when, uniform(seed, agent, _HOUR, 0), uniform(seed, agent, _MINUTE, 0)
            )
            stay[to] = stay_s * exp(log_sd * _normal(seed, agent, _STAY))
            to += 1
    return keys, purposes, things, at_root, arrive, stay, mode, end, onward, onward_s


def _passing(
    town: Town, parameters: Parameters, seed: np.uint64, places: _Places
) -> tuple[NDArray[np.generic], ...]:
    """Return people who get off at a stop and walk out of the place, or the other way round."""
    kinds = list(KINDS.values())
    visits = sum(
        kinds[kind].visits * kinds[kind].level(town.day) * (1 - kinds[kind].car - kinds[kind].bike)
        for kind in town.attractor_kind
    )
    share = town.stop_weight / max(town.stop_weight.sum(), 1.0)
    root = _roots(town, town.stops.segment)
    when = np.cumsum(np.roll(THROUGH, -FIRST_HOUR))
    return _passers(
        share * visits * parameters.visits * parameters.passing, town.stops.key, root, when,
        places, seed,
    )  # fmt: skip


@compiled
def _passers(wanted, key, root, when, places, seed):
    total = 0
    counts = np.zeros(len(key), np.int64)
    for at in range(len(key)):
        if root[at] >= 0 and places.gate_first[root[at]] < places.gate_first[root[at] + 1]:
            counts[at] = int(wanted[at] + uniform(seed, key[at], _NUMBER, PASSING))
            total += counts[at]
    keys = np.empty(total, np.uint64)
    purposes = np.full(total, PASSING, np.int8)
    things = np.empty(total, np.int32)
    at_root = np.empty(total, np.int32)
    arrive = np.empty(total)
    stay = np.zeros(total)
    mode = np.full(total, TRANSIT, np.int8)
    end = np.empty(total, np.int32)
    onward = np.full(total, -1, np.int32)
    onward_s = np.zeros(total)
    to = 0
    for at in range(len(key)):
        for number in range(counts[at]):
            agent = child(key[at], number * 8 + PASSING)
            keys[to] = agent
            things[to] = at
            at_root[to] = root[at]
            begin, stop = places.gate_first[root[at]], places.gate_first[root[at] + 1]
            end[to] = places.gate[
                _picked(places.gate_until, begin, stop, uniform(seed, agent, _GATE, 0))
            ]
            arrive[to] = _moment(
                when, uniform(seed, agent, _HOUR, 0), uniform(seed, agent, _MINUTE, 0)
            )
            to += 1
    return keys, purposes, things, at_root, arrive, stay, mode, end, onward, onward_s


_ONWARD_KINDS = {"shop": 0.5, "cafe": 0.2, "restaurant": 0.15, "supermarket": 0.15}
ONWARD_REACH_M = 400.0
"""Nobody walks on to another destination further than this (assumed)."""


def _with_onward(town: Town, parameters: Parameters, seed: np.uint64, people: People) -> People:
    """Let some visitors walk on to another shop, café or restaurant: a Huff choice."""
    names = list(KINDS)
    shops = [town.shops_near[names.index(kind)] for kind in _ONWARD_KINDS]
    weights = np.array(list(_ONWARD_KINDS.values()))
    _walk_on(
        people,
        parameters.onward,
        np.cumsum(weights) / weights.sum(),
        np.array([one.first for one in shops]),
        np.concatenate([[0], np.cumsum([len(one.thing) for one in shops])]),
        np.concatenate([one.thing for one in shops]),
        np.concatenate([one.far_m for one in shops]),
        town.attractors.key,
        parameters.decay,
        seed,
    )
    return people


@compiled
def _walk_on(people, chance, until, first, begin, thing, far, shop_key, decay, seed):
    longer = np.exp(decay * far)
    for at in range(len(people.key)):
        purpose = people.purpose[at]
        if purpose not in (VISIT, WORK, EVENT) or people.mode[at] == VAN:
            continue
        agent = people.key[at]
        if uniform(seed, agent, _ONWARD, 0) >= chance:
            continue
        u = uniform(seed, agent, _ONWARD_KIND, 0)
        kind = 0
        while kind < len(until) - 1 and until[kind] < u:
            kind += 1
        best = np.inf
        key = chooser(seed, agent, _ONWARD_SHOP)
        root = people.root[at]
        for place in range(begin[kind] + first[kind, root], begin[kind] + first[kind, root + 1]):
            if far[place] > ONWARD_REACH_M:
                break
            if thing[place] == people.thing[at]:
                continue
            late = lag_below(key, shop_key[thing[place]], longer[place], best)
            if late < best:
                best = late
                people.onward[at] = thing[place]
        people.onward_s[at] = 1200.0 * exp(STAY_LOG_SD * _normal(seed, agent, _ONWARD_STAY))


__all__ = ["Expected", "Flags", "People", "Table", "everybody", "table"]
