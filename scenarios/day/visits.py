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
from scenarios.day.compiled import borrowing, compiled, inlined
from scenarios.day.destinations import Destinations
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
from scenarios.day.network import Floats, Ints
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
    """What the choice among ways to come depends on besides the person, the kerb left aside.

    ``bike`` (places) is how parts of the place differ, ``garage_per_min`` (garages) what a minute in
    each lowers the utility.
    """

    bike: Floats
    garage_per_min: Floats


class Kerbside(NamedTuple):
    """What parking at the kerb is worth, (places, local hours), besides the time it takes to find a space.

    ``price_eur_h`` is the tariff near a destination, ``stay`` the part of a stay that it leaves,
    ``wish`` how parts of the place differ. Dearer by a euro lowers the utility by ``per_euro``.
    """

    price_eur_h: Floats
    stay: Floats
    wish: Floats
    per_euro: float


class Visits(NamedTuple):
    """Visitors as they come if none parks at the kerb.

    ``late`` is how far their way lags, ``kerb_late`` how far the kerb would if nothing spoke for
    or against it, ``cell`` the entry of `Expected` that counts; see `lag`. They are ``counts``
    people of each of the ``calls``, one call after the other.
    """

    people: People
    late: Floats
    kerb_late: Floats
    cell: NDArray[np.int32]
    calls: Calls
    counts: Ints
    rows: Table


class Plans(NamedTuple):
    """`Visits` in a town where the kerb has its price: what decides whether they park there.

    ``kerb_late`` is how far the kerb would lag if it cost no time to find a space, ``kerb_stay_s``
    the stay there.
    """

    people: People
    late: Floats
    kerb_late: Floats
    kerb_stay_s: Floats
    cell: NDArray[np.int32]


def plan_visits(
    town: Destinations, parameters: Parameters, seed: np.uint64, local: Local, origins: Origins
) -> Visits:
    """Return everybody who comes to an attractor or a home."""
    x_m = np.concatenate([town.attractors.x_m, town.homes.x_m])
    y_m = np.concatenate([town.attractors.y_m, town.homes.y_m])
    weights = Weights(
        bike=local.at(x_m, y_m, "bikes"),
        garage_per_min=parameters.per_euro * town.garage_price_eur_h / MINUTES,
    )
    of_day = {"saturday": parameters.saturday, "sunday": parameters.sunday}.get(town.day, 1.0)
    calls = calls_of(town, parameters, parameters.visits * of_day)
    return _planned(calls, seed, table(town.day, parameters, town.event_hours), origins, weights)


def at_prices(visits: Visits, town: Town, parameters: Parameters, local: Local) -> Plans:
    """Return the visitors with what the kerb is worth to each at the tariffs of a town."""
    price = np.concatenate([town.price_near_eur_h, town.home_price_near_eur_h])
    dearer = (price + PRICE_SHORTENS_FROM_EUR_H) / PRICE_SHORTENS_FROM_EUR_H
    x_m = np.concatenate([town.attractors.x_m, town.homes.x_m])
    y_m = np.concatenate([town.attractors.y_m, town.homes.y_m])
    kerb, evening = (local.at(x_m, y_m, name) for name in ("kerb", "evening"))
    hours = np.arange(HOURS)
    is_evening = (hours >= EVENING_FROM_H) | (hours < FIRST_HOUR)
    kerbside = Kerbside(
        price_eur_h=price,
        stay=dearer**-parameters.stay_per_price,
        wish=kerb[:, None] * np.where(is_evening, evening[:, None], 1.0),
        per_euro=parameters.per_euro,
    )
    late, stay_s = _at_prices(visits, kerbside)
    return Plans(visits.people, visits.late, late, stay_s, visits.cell)


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
) -> Visits:
    counts, first = how_many(calls, seed)
    total = int(counts.sum())
    visits = Visits(
        nobody(total), np.zeros(total), np.full(total, np.inf), np.empty(total, np.int32),
        calls, counts, rows,
    )  # fmt: skip
    begin = 0
    for at in range(len(calls.key)):
        if counts[at]:
            _plan(visits, begin, counts[at], first[at], at, seed)
            if rows.share[calls.row[at], VAN] == 0:
                _choose_otherwise(visits, begin, counts[at], seed, at, weights, origins)
            begin += counts[at]
    return visits


@borrowing
def _plan(visits: Visits, begin: int, count: int, first: int, at: int, seed: np.uint64) -> None:
    """Plan when the visitors of one call come and how long they stay.

    They are ``count`` people from ``begin`` on, numbered from ``first`` on. Who delivers comes by van, whatever it is worth.
    """
    people, cell, calls, rows = visits.people, visits.cell, visits.calls, visits.rows
    keys, arrive_s, stay_s, kerb_late = (
        people.key, people.arrive_s, people.stay_s, visits.kerb_late
    )  # fmt: skip
    row, zone, purpose = int(calls.row[at]), int(calls.zone[at]), int(calls.purpose[at])
    key, until = calls.key[at], rows.until[row]
    median_min, is_van = rows.stay_min[row], rows.share[row, VAN] > 0
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
            kerb_late[to] = lag(seed, agent, decisions.MODE, np.uint64(KERB))


@compiled
def _at_prices(visits: Visits, kerbside: Kerbside) -> tuple[Floats, Floats]:
    """Return how far the kerb lags for each visitor, and how long each would stay there."""
    calls, counts, share, lags = visits.calls, visits.counts, visits.rows.share, visits.kerb_late
    arrive_s, stay_s = visits.people.arrive_s, visits.people.stay_s
    late, short_s = np.full(len(lags), np.inf), np.zeros(len(lags))
    per_euro_s = kerbside.per_euro / (MINUTES * MINUTES)
    begin = 0
    for at in range(len(counts)):
        row, place = calls.row[at], calls.place[at]
        if counts[at] and share[row, VAN] == 0:
            price, stay, wish = (
                kerbside.price_eur_h[place], kerbside.stay[place], kerbside.wish[place]
            )  # fmt: skip
            for to in range(begin, begin + counts[at]):
                hour = (int(arrive_s[to] / HOUR_S) + FIRST_HOUR) % HOURS
                short_s[to] = stay_s[to] * stay[hour]
                slower = exp(per_euro_s * price[hour] * short_s[to])
                late[to] = lags[to] * slower / (share[row, KERB] * wish[hour])
        begin += counts[at]
    return late, short_s


@borrowing
def _choose_otherwise(
    visits: Visits,
    begin: int,
    count: int,
    seed: np.uint64,
    at: int,
    weights: Weights,
    origins: Origins,
) -> None:
    """Choose the best way to come besides the kerb, and where from, for the visitors of a call."""
    people, calls, rows = visits.people, visits.calls, visits.rows
    keys, stay_s, late_of = people.key, people.stay_s, visits.late
    mode_of, end_of = people.mode, people.end
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
    _choose_ends(people, begin, count, seed, root, origins)


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


@borrowing
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
