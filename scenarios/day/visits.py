"""Visits to everything in the place: how many, when, for how long, and how people come.

What drivers expect of parking decides between the kerb and the best other way alone, so a
visitor is planned once and can choose again when expectations change.
"""

from math import exp
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from scenarios.day import decisions
from scenarios.day.calls import Calls, calls_of, how_many
from scenarios.day.compiled import compiled, inlined
from scenarios.day.draws import (
    child,
    chooser,
    lag,
    lag_below,
    moment,
    normal,
    picked,
    uniform,
)
from scenarios.day.kinds import FIRST_HOUR, HOUR_S, HOURS, MINUTES
from scenarios.day.network import Floats
from scenarios.day.origins import Origins, walk_cost
from scenarios.day.parameters import Local, Parameters
from scenarios.day.people import (
    BIKE,
    BLOCK_H,
    BLOCKS,
    GARAGE,
    KERB,
    PURPOSE_KEYS,
    STAY_LOG_SD,
    TRANSIT,
    VAN,
    WALK,
    Expected,
    People,
    nobody,
)
from scenarios.day.table import EVENING_FROM_H, Table, table
from scenarios.day.town import Town

PRICE_SHORTENS_FROM_EUR_H = 3.0
"""The tariff on top of nothing that counts as a doubling for the stay (assumed)."""


class Weights(NamedTuple):
    """What a choice depends on besides the person.

    ``price_eur_h`` and ``kerb_stay`` (places, local hours) are the tariff near a destination and
    the part of a stay that it leaves; ``garage_per_min`` (garages) what a minute in each lowers the
    utility; ``kerb`` (places, local hours) and ``bike`` (places) are how parts of the place differ.
    """

    price_eur_h: Floats
    kerb_stay: Floats
    kerb: Floats
    bike: Floats
    per_euro_min: float
    garage_per_min: Floats


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


def plan_visits(
    town: Town, parameters: Parameters, seed: np.uint64, local: Local, origins: Origins
) -> Plans:
    """Return everybody who comes to an attractor or a home."""
    price = np.concatenate([town.price_near_eur_h, town.home_price_near_eur_h])
    dearer = (price + PRICE_SHORTENS_FROM_EUR_H) / PRICE_SHORTENS_FROM_EUR_H
    x_m = np.concatenate([town.attractors.x_m, town.homes.x_m])
    y_m = np.concatenate([town.attractors.y_m, town.homes.y_m])
    kerb, evening, bike = (local.at(x_m, y_m, name) for name in ("kerb", "evening", "bikes"))
    hours = np.arange(HOURS)
    is_evening = (hours >= EVENING_FROM_H) | (hours < FIRST_HOUR)
    weights = Weights(
        price_eur_h=price,
        kerb_stay=dearer**-parameters.stay_per_price,
        kerb=kerb[:, None] * np.where(is_evening, evening[:, None], 1.0),
        bike=bike,
        per_euro_min=parameters.per_euro / MINUTES,
        garage_per_min=parameters.per_euro * town.garage_price_eur_h / MINUTES,
    )
    of_day = {"saturday": parameters.saturday, "sunday": parameters.sunday}.get(town.day, 1.0)
    calls = calls_of(town, parameters, parameters.visits * of_day)
    rows = table(town.day, parameters, town.event_hours)
    return _planned(calls, seed, rows, origins, weights)


def choose(plans: Plans, parameters: Parameters, expected: Expected) -> People:
    """Return the visitors of ``plans``, each by the way that is best as far as they know."""
    lost = (
        parameters.per_minute * parameters.search_weight * expected.search_min
        + walk_cost(parameters) * expected.walk_m
    )
    return _chosen(plans, np.exp(lost).ravel())


@compiled
def _planned(
    calls: Calls, seed: np.uint64, rows: Table, origins: Origins, weights: Weights
) -> Plans:
    counts, first = how_many(calls, seed)
    total = int(counts.sum())
    plans = Plans(
        nobody(total), np.zeros(total), np.full(total, np.inf), np.zeros(total),
        np.empty(total, np.int32),
    )  # fmt: skip
    begin = 0
    for at in range(len(calls.key)):
        if counts[at]:
            _plan(plans, begin, counts[at], first[at], calls, at, seed, rows, weights)
            if rows.share[calls.row[at], VAN] == 0:
                _choose_otherwise(plans, begin, counts[at], seed, calls, at, rows, weights, origins)
            begin += counts[at]
    return plans


@compiled
def _plan(
    plans: Plans,
    begin: int,
    count: int,
    first: int,
    calls: Calls,
    at: int,
    seed: np.uint64,
    rows: Table,
    weights: Weights,
) -> None:
    """Plan when the visitors of one call come, how long they stay, and what the kerb is worth.

    They are ``count`` people from ``begin`` on, numbered from ``first`` on. Who delivers comes by van, whatever it is worth.
    """
    people, cell = plans.people, plans.cell
    keys, arrive_s, stay_s = people.key, people.arrive_s, people.stay_s
    kerb_late, kerb_stay_s = plans.kerb_late, plans.kerb_stay_s
    row, zone, place = int(calls.row[at]), int(calls.zone[at]), int(calls.place[at])
    purpose, key, until = int(calls.purpose[at]), calls.key[at], rows.until[row]
    price, kerb_stay = weights.price_eur_h[place], weights.kerb_stay[place]
    median_min, is_van = rows.stay_min[row], rows.share[row, VAN] > 0
    kerb = rows.share[row, KERB] * weights.kerb[place]
    people.purpose[begin : begin + count] = purpose
    people.thing[begin : begin + count] = calls.thing[at]
    people.root[begin : begin + count] = calls.root[at]
    people.mode[begin : begin + count] = VAN
    for number in range(count):
        to = begin + number
        agent = child(key, (first + number) * PURPOSE_KEYS + purpose)
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
            kerb_late[to] = late * exp(weights.per_euro_min * price[hour] * short_min) / kerb[hour]
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
    per_min = weights.garage_per_min
    root, share = int(calls.root[at]), rows.share[calls.row[at]]
    on_foot = 1.0 / share[WALK]
    by_bike = origins.bike_burden[root] / (share[BIKE] * weights.bike[calls.place[at]])
    by_transit = origins.transit_burden[root] / share[TRANSIT]
    near, far = origins.garage_first[root], origins.garage_first[root + 1]
    for to in range(begin, begin + count):
        agent = keys[to]
        turn = chooser(seed, agent, decisions.MODE)
        best, mode = _best_of_three(turn, on_foot, by_bike, by_transit)
        turn = chooser(seed, agent, decisions.GARAGE_CHOICE)
        costs, dearer = -1.0, np.inf
        for place in range(near, far):
            garage = int(garages[place])
            if per_min[garage] != costs:  # most garages cost the same
                costs = per_min[garage]
                dearer = exp(costs * stay_s[to] / MINUTES) / share[GARAGE]
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
