"""Visits to everything in the place: how many, when, for how long, and how people come.

What drivers expect of parking decides between the kerb and the best other way alone, so a
visitor is planned once and can choose again when expectations change.
"""

from math import exp
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from scenarios.day import decisions
from scenarios.day.compiled import compiled, inlined
from scenarios.day.draws import (
    Keys,
    child,
    chooser,
    lag,
    lag_below,
    moment,
    normal,
    picked,
    uniform,
)
from scenarios.day.kinds import FIRST_HOUR, HOME_VISITS, HOUR_S, HOURS, KINDS, MINUTES, WORK_DAYS
from scenarios.day.network import Floats, Ints
from scenarios.day.origins import Origins, walk_cost
from scenarios.day.parameters import Local, Parameters
from scenarios.day.people import (
    BIKE,
    BLOCK_H,
    BLOCKS,
    DELIVERY,
    EVENT,
    GARAGE,
    HOME_VISIT,
    KERB,
    PURPOSE_KEYS,
    STAY_LOG_SD,
    TRANSIT,
    VAN,
    VISIT,
    WALK,
    WORK,
    Expected,
    People,
)
from scenarios.day.rows import joined
from scenarios.day.rules import GARAGE_EUR_H
from scenarios.day.table import EVENT_ROW, HOME_ROW, VAN_ROW, WORK_ROW, Table, table
from scenarios.day.town import Town

PRICE_SHORTENS_FROM_EUR_H = 3.0
"""The tariff on top of nothing that counts as a doubling for the stay (assumed)."""

_HOME_DELIVERY = 1
"""What is added to the key of a destination for purposes beside the first ones."""


class Calls(NamedTuple):
    """Visits that are wanted: an entry for each destination and purpose.

    ``wanted`` is how many, ``row`` that of the table, ``thing`` as in `People`, ``place`` the
    position of the destination among attractors and then homes.
    """

    purpose: NDArray[np.int8]
    wanted: Floats
    row: Ints
    key: Keys
    thing: Ints
    root: Ints
    zone: Ints
    place: Ints


class Weights(NamedTuple):
    """What a choice depends on besides the person.

    ``price_eur_h`` and ``kerb_stay`` (places, local hours) are the tariff near a destination and
    the part of a stay that it leaves; ``kerb`` and ``bike`` (zones) are how parts of the place differ.
    """

    price_eur_h: Floats
    kerb_stay: Floats
    kerb: Floats
    bike: Floats
    per_euro_min: float
    garage_per_min: float


class Plans(NamedTuple):
    """Visitors as they come if none parks at the kerb, and what decides whether they do.

    ``late`` is how far the best other way lags, ``kerb_late`` how far the kerb would if it cost no
    time to find a space, ``kerb_stay_s`` the stay there, ``cell`` the entry of `Expected` that
    counts. See `lag`.
    """

    people: People
    late: Floats
    kerb_late: Floats
    kerb_stay_s: Floats
    cell: NDArray[np.int32]


def roots_of(town: Town, segment: Ints) -> Ints:
    """Return the number among roots of each of some segments, -1 where it is none."""
    return np.where(segment >= 0, town.root_of_segment[segment], -1)


def plan_visits(
    town: Town, parameters: Parameters, seed: np.uint64, local: Local, origins: Origins
) -> Plans:
    """Return everybody who comes to an attractor or a home."""
    factors = local.of(town.squares)
    price = np.concatenate([town.price_near_eur_h, town.home_price_near_eur_h])
    dearer = (price + PRICE_SHORTENS_FROM_EUR_H) / PRICE_SHORTENS_FROM_EUR_H
    weights = Weights(
        price_eur_h=price,
        kerb_stay=dearer**-parameters.stay_per_price,
        kerb=factors[:, 1].copy(),
        bike=factors[:, 3].copy(),
        per_euro_min=parameters.per_euro / MINUTES,
        garage_per_min=parameters.per_euro * GARAGE_EUR_H / MINUTES,
    )
    of_day = {"saturday": parameters.saturday, "sunday": parameters.sunday}.get(town.day, 1.0)
    calls = _calls(town, parameters.visits * of_day * factors[town.zone, 0])
    rows = table(town.day, parameters, town.event_hours)
    return _planned(calls, seed, rows, origins, weights)


def choose(plans: Plans, parameters: Parameters, expected: Expected) -> People:
    """Return the visitors of ``plans``, each by the way that is best as far as they know."""
    lost = (
        parameters.per_minute * parameters.search_weight * expected.search_min
        + walk_cost(parameters) * expected.walk_m
    )
    return _chosen(plans, np.exp(lost).ravel())


def _calls(town: Town, visits: Floats) -> Calls:
    """Return what is wanted; ``visits`` scales those to each attractor."""
    kinds, of_kind = list(KINDS.values()), town.attractor_kind
    works = town.day != "sunday"

    def by_kind(values: list[float]) -> Floats:
        return np.array(values)[of_kind]

    level = by_kind([kind.visits * kind.level(town.day) for kind in kinds])
    jobs = by_kind([kind.jobs for kind in kinds]) * WORK_DAYS[town.day]
    vans = by_kind([kind.vans for kind in kinds]) * works
    dwellings = town.homes.size
    guests = dwellings * HOME_VISITS.visits * HOME_VISITS.level(town.day)
    attractors = [
        (VISIT, level * visits, of_kind, 0),
        (WORK, jobs * visits, WORK_ROW, 0),
        (DELIVERY, vans, VAN_ROW, 0),
    ]
    homes = [
        (HOME_VISIT, guests, HOME_ROW, 0),
        (DELIVERY, dwellings * HOME_VISITS.vans * works, VAN_ROW, _HOME_DELIVERY),
    ]
    events = [
        (EVENT, visitors, EVENT_ROW + event, town.event_key[event])
        for event, visitors in enumerate(town.event_visitors)
    ]
    parts = [_to_attractors(town, *one) for one in attractors]
    parts += [_to_homes(town, *one) for one in homes]
    parts += [_to_attractors(town, *one) for one in events]
    return joined(parts)


def _to_attractors(
    town: Town, purpose: int, wanted: Floats, row: Ints | int, key_step: int | np.uint64
) -> Calls:
    count = len(town.attractors.key)
    return Calls(
        purpose=np.full(count, purpose, np.int8),
        wanted=wanted,
        row=np.full(count, row, np.int64),
        key=town.attractors.key + np.uint64(key_step),
        thing=np.arange(count),
        root=roots_of(town, town.attractors.segment),
        zone=town.zone,
        place=np.arange(count),
    )


def _to_homes(town: Town, purpose: int, wanted: Floats, row: int, key_step: int) -> Calls:
    count = len(town.homes.key)
    homes = np.arange(count)
    return Calls(
        purpose=np.full(count, purpose, np.int8),
        wanted=wanted,
        row=np.full(count, row, np.int64),
        key=town.homes.key + np.uint64(key_step),
        thing=-2 - homes if purpose == DELIVERY else homes,
        root=roots_of(town, town.homes.segment),
        zone=town.home_zone_of_search,
        place=len(town.attractors.key) + homes,
    )


@compiled
def _counts(calls: Calls, seed: np.uint64) -> Ints:
    counts = np.zeros(len(calls.key), np.int64)
    for at in range(len(calls.key)):
        if calls.root[at] >= 0 and calls.wanted[at] > 0:
            u = uniform(seed, calls.key[at], decisions.HOW_MANY, calls.purpose[at])
            counts[at] = int(calls.wanted[at] + u)
    return counts


@compiled
def nobody(count: int) -> People:
    """Return so many people of whom nothing is known yet, but that none walks on."""
    return People(
        np.empty(count, np.uint64),
        np.empty(count, np.int8),
        np.full(count, -1, np.int32),
        np.empty(count, np.int32),
        np.empty(count),
        np.zeros(count),
        np.empty(count, np.int8),
        np.full(count, -1, np.int32),
        np.full(count, -1, np.int32),
        np.zeros(count),
    )


@compiled
def _planned(
    calls: Calls, seed: np.uint64, rows: Table, origins: Origins, weights: Weights
) -> Plans:
    counts = _counts(calls, seed)
    total = int(counts.sum())
    plans = Plans(
        nobody(total), np.zeros(total), np.full(total, np.inf), np.zeros(total),
        np.empty(total, np.int32),
    )  # fmt: skip
    begin = 0
    for at in range(len(calls.key)):
        if counts[at]:
            _plan(plans, begin, counts[at], calls, at, seed, rows, weights)
            if rows.share[calls.row[at], VAN] == 0:
                _choose_otherwise(plans, begin, counts[at], seed, calls, at, rows, weights, origins)
            begin += counts[at]
    return plans


@compiled
def _plan(
    plans: Plans,
    begin: int,
    count: int,
    calls: Calls,
    at: int,
    seed: np.uint64,
    rows: Table,
    weights: Weights,
) -> None:
    """Plan when the visitors of one call come, how long they stay, and what the kerb is worth.

    They are ``count`` people from ``begin`` on. Who delivers comes by van, whatever it is worth.
    """
    people, cell = plans.people, plans.cell
    keys, arrive_s, stay_s = people.key, people.arrive_s, people.stay_s
    kerb_late, kerb_stay_s = plans.kerb_late, plans.kerb_stay_s
    row, zone, place = int(calls.row[at]), int(calls.zone[at]), int(calls.place[at])
    purpose, key, until = int(calls.purpose[at]), calls.key[at], rows.until[row]
    price, kerb_stay = weights.price_eur_h[place], weights.kerb_stay[place]
    median_min, is_van = rows.stay_min[row], rows.share[row, VAN] > 0
    kerb = rows.share[row, KERB] * weights.kerb[zone]
    people.purpose[begin : begin + count] = purpose
    people.thing[begin : begin + count] = calls.thing[at]
    people.root[begin : begin + count] = calls.root[at]
    people.mode[begin : begin + count] = VAN
    for number in range(count):
        to = begin + number
        agent = child(key, number * PURPOSE_KEYS + purpose)
        begins = moment(until, seed, agent, decisions.HOUR, decisions.MINUTE)
        hour = (int(begins) + FIRST_HOUR) % HOURS
        stay_min = median_min * exp(STAY_LOG_SD * normal(seed, agent, decisions.STAY))
        keys[to] = agent
        arrive_s[to] = begins * HOUR_S
        stay_s[to] = stay_min * MINUTES
        cell[to] = zone * BLOCKS + hour // BLOCK_H
        if not is_van:
            short_min = stay_min * kerb_stay[hour]
            late = lag(seed, agent, decisions.MODE, np.uint64(KERB))
            kerb_late[to] = late * exp(weights.per_euro_min * price[hour] * short_min) / kerb
            kerb_stay_s[to] = short_min * MINUTES


@compiled
def _choose_otherwise(
    plans: Plans,
    begin: int,
    count: int,
    seed: np.uint64,
    calls: Calls,
    at: int,
    rows: Table,
    weights: Weights,
    origins: Origins,
) -> None:
    """Choose the best way to come besides the kerb, and where from, for the visitors of a call."""
    keys, stay_s, late_of = plans.people.key, plans.people.stay_s, plans.late
    mode_of, end_of = plans.people.mode, plans.people.end
    garages, garage_key, burden = origins.garage, origins.garage_key, origins.garage_burden
    root, share = int(calls.root[at]), rows.share[calls.row[at]]
    on_foot = 1.0 / share[WALK]
    by_bike = origins.bike_burden[root] / (share[BIKE] * weights.bike[calls.zone[at]])
    by_transit = origins.transit_burden[root] / share[TRANSIT]
    near, far = origins.garage_first[root], origins.garage_first[root + 1]
    for to in range(begin, begin + count):
        agent = keys[to]
        turn = chooser(seed, agent, decisions.MODE)
        best, mode = _best_of_three(turn, on_foot, by_bike, by_transit)
        dearer = exp(weights.garage_per_min * stay_s[to] / MINUTES) / share[GARAGE]
        turn = chooser(seed, agent, decisions.GARAGE_CHOICE)
        for place in range(near, far):
            garage = int(garages[place])
            late = lag_below(turn, garage_key[garage], dearer * burden[place], best)
            if late < best:
                best, mode, end_of[to] = late, GARAGE, garage
        late_of[to], mode_of[to] = best, mode
    _choose_ends(plans.people, begin, count, seed, root, origins)


@inlined
def _best_of_three(
    turn: np.uint64, on_foot: float, by_bike: float, by_transit: float
) -> tuple[float, int]:
    """Return how far the best of three modes lags, given how slow each is, and which it is."""
    best, mode = lag_below(turn, np.uint64(WALK), on_foot, np.inf), WALK
    late = lag_below(turn, np.uint64(BIKE), by_bike, best)
    if late < best:
        best, mode = late, BIKE
    late = lag_below(turn, np.uint64(TRANSIT), by_transit, best)
    return (late, TRANSIT) if late < best else (best, mode)


@compiled
def _choose_ends(
    people: People, begin: int, count: int, seed: np.uint64, root: int, origins: Origins
) -> None:
    """Choose the stop or the gate from which people come; without a stop they come on foot."""
    keys, modes, ends = people.key, people.mode, people.end
    stops, stop_until = origins.stop, origins.stop_until
    gates, gate_until = origins.gate, origins.gate_until
    stop, stop_end = origins.stop_first[root], origins.stop_first[root + 1]
    gate, gate_end = origins.gate_first[root], origins.gate_first[root + 1]
    for to in range(begin, begin + count):
        if modes[to] == TRANSIT and stop == stop_end:
            modes[to] = WALK
        if modes[to] == TRANSIT:
            u = uniform(seed, keys[to], decisions.STOP, 0)
            ends[to] = stops[picked(stop_until, stop, stop_end, u)]
        elif modes[to] == WALK and gate < gate_end:
            u = uniform(seed, keys[to], decisions.FOOT_GATE, 0)
            ends[to] = gates[picked(gate_until, gate, gate_end, u)]


@compiled
def _chosen(plans: Plans, burden: Floats) -> People:
    """Return the people, those at the kerb for whom it lags least; ``burden`` is by cell."""
    people, cell, late, kerb_late = plans.people, plans.cell, plans.late, plans.kerb_late
    stay_s, mode, end = people.stay_s.copy(), people.mode.copy(), people.end.copy()
    for at in range(len(cell)):
        if kerb_late[at] * burden[cell[at]] < late[at]:
            stay_s[at] = plans.kerb_stay_s[at]
            mode[at] = KERB
            end[at] = -1
    return People(
        people.key, people.purpose, people.thing, people.root, people.arrive_s, stay_s, mode, end,
        people.onward, people.onward_s,
    )  # fmt: skip
