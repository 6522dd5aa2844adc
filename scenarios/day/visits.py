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

_HOME_DELIVERY, _FIRST_EVENT = 1, 2
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
    calls = _calls(town, parameters.visits * factors[town.zone, 0])
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
        (EVENT, visitors, EVENT_ROW + event, _FIRST_EVENT + event)
        for event, visitors in enumerate(town.event_visitors)
    ]
    parts = [_to_attractors(town, *one) for one in attractors]
    parts += [_to_homes(town, *one) for one in homes]
    parts += [_to_attractors(town, *one) for one in events]
    return joined(parts)


def _to_attractors(
    town: Town, purpose: int, wanted: Floats, row: Ints | int, key_step: int
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
    total = counts.sum()
    people = nobody(int(total))
    late = np.empty(total)
    kerb_late = np.empty(total)
    kerb_stay_s = np.empty(total)
    cell = np.empty(total, np.int32)
    to = 0
    for at in range(len(calls.key)):
        root, row = int(calls.root[at]), int(calls.row[at])
        zone, place = int(calls.zone[at]), int(calls.place[at])
        share = rows.share[row]
        for number in range(counts[at]):
            agent = child(calls.key[at], number * PURPOSE_KEYS + calls.purpose[at])
            begins = moment(rows.until[row], seed, agent, decisions.HOUR, decisions.MINUTE)
            hour = (int(begins) + FIRST_HOUR) % HOURS
            stay_min = rows.stay_min[row] * exp(STAY_LOG_SD * normal(seed, agent, decisions.STAY))
            people.key[to] = agent
            people.purpose[to] = calls.purpose[at]
            people.thing[to] = calls.thing[at]
            people.root[to] = root
            people.arrive_s[to] = begins * HOUR_S
            people.stay_s[to] = stay_min * MINUTES
            cell[to] = zone * BLOCKS + hour // BLOCK_H
            if share[VAN] > 0:
                people.mode[to] = VAN
                late[to], kerb_late[to], kerb_stay_s[to] = 0.0, np.inf, 0.0
            else:
                garage_burden = exp(weights.garage_per_min * stay_min)
                late[to], people.mode[to], people.end[to] = _best_but_kerb(
                    seed, agent, root, share, weights.bike[zone], garage_burden, origins
                )
                short_min = stay_min * weights.kerb_stay[place, hour]
                price = weights.price_eur_h[place, hour]
                kerb_late[to] = (
                    lag(seed, agent, decisions.MODE, np.uint64(KERB))
                    * exp(weights.per_euro_min * price * short_min)
                    / (share[KERB] * weights.kerb[zone])
                )
                kerb_stay_s[to] = short_min * MINUTES
            to += 1
    return Plans(people, late, kerb_late, kerb_stay_s, cell)


@inlined
def _best_but_kerb(
    seed: np.uint64,
    agent: np.uint64,
    root: int,
    share: Floats,
    bike: float,
    garage_burden: float,
    origins: Origins,
) -> tuple[float, int, int]:
    """Return how far the best way to come besides the kerb lags, that mode, and where from."""
    turn = chooser(seed, agent, decisions.MODE)
    mode, end = WALK, -1
    best = lag_below(turn, np.uint64(WALK), 1.0 / share[WALK], np.inf)
    slower = origins.bike_burden[root] / (share[BIKE] * bike)
    late = lag_below(turn, np.uint64(BIKE), slower, best)
    if late < best:
        best, mode = late, BIKE
    slower = origins.transit_burden[root] / share[TRANSIT]
    late = lag_below(turn, np.uint64(TRANSIT), slower, best)
    if late < best:
        best, mode = late, TRANSIT
    turn = chooser(seed, agent, decisions.GARAGE_CHOICE)
    for place in range(origins.garage_first[root], origins.garage_first[root + 1]):
        garage = int(origins.garage[place])
        slower = garage_burden * origins.garage_burden[place] / share[GARAGE]
        late = lag_below(turn, origins.garage_key[garage], slower, best)
        if late < best:
            best, mode, end = late, GARAGE, garage
    if mode == TRANSIT:
        begin, until = origins.stop_first[root], origins.stop_first[root + 1]
        if begin == until:
            mode = WALK
        else:
            u = uniform(seed, agent, decisions.STOP, 0)
            end = int(origins.stop[picked(origins.stop_until, begin, until, u)])
    if mode == WALK:
        begin, until = origins.gate_first[root], origins.gate_first[root + 1]
        if begin < until:
            u = uniform(seed, agent, decisions.FOOT_GATE, 0)
            end = int(origins.gate[picked(origins.gate_until, begin, until, u)])
    return best, mode, end


@compiled
def _chosen(plans: Plans, burden: Floats) -> People:
    """Return the people, those at the kerb for whom it lags least; ``burden`` is by cell."""
    people = plans.people
    stay_s, mode, end = people.stay_s.copy(), people.mode.copy(), people.end.copy()
    for at in range(len(plans.cell)):
        if plans.kerb_late[at] * burden[plans.cell[at]] < plans.late[at]:
            stay_s[at] = plans.kerb_stay_s[at]
            mode[at] = KERB
            end[at] = -1
    return People(
        people.key, people.purpose, people.thing, people.root, people.arrive_s, stay_s, mode, end,
        people.onward, people.onward_s,
    )  # fmt: skip
