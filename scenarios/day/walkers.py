"""People who come on foot anyway: residents' walks, those who pass through, and visits in a row."""

from math import exp
from typing import NamedTuple

import numpy as np

from scenarios.day import decisions
from scenarios.day.calls import roots_of
from scenarios.day.compiled import borrowing, compiled, inlined
from scenarios.day.destinations import Destinations
from scenarios.day.draws import (
    Keys,
    child,
    chooser,
    lag_below,
    moment,
    normal,
    picked,
    uniform,
)
from scenarios.day.kinds import (
    FIRST_HOUR,
    HOUR_S,
    KINDS,
    MINUTES,
    STROLL,
    THROUGH,
    WALKS_WEEKEND,
    WEEKEND,
)
from scenarios.day.nearness import Near
from scenarios.day.network import Floats, Ints
from scenarios.day.origins import STOP_DECAY, Origins
from scenarios.day.parameters import Parameters
from scenarios.day.people import (
    EVENT,
    PASSING,
    PURPOSE_KEYS,
    STAY_LOG_SD,
    STROLLING,
    TRANSIT,
    VISIT,
    WALK,
    WORK,
    People,
    nobody,
)
from scenarios.day.table import shifted

STROLL_KINDS = {"supermarket": 0.34, "shop": 0.28, "cafe": 0.14, "restaurant": 0.1}
TO_STOP = 1.0
"""What residents walk to, and their walks to a stop for each to a destination (assumed)."""

STROLL_STAY_MIN = 30.0
ONWARD_STAY_S = 1200.0
"""Median stays at the end of a resident's walk, and where a visitor walks on to (assumed)."""

ONWARD_KINDS = {"shop": 0.5, "cafe": 0.2, "restaurant": 0.15, "supermarket": 0.15}
ONWARD_REACH_M = 400.0
"""What visitors walk on to, and how far at most (assumed)."""


class Offer(NamedTuple):
    """Attractors among which people choose, by kind.

    ``until`` are the running sums of the chances of kinds. Those of a kind that are near a root
    are ``first[kind, root]`` to ``first[kind, root + 1]``, the nearest first; ``longer`` is how
    far they lag for their distance.
    """

    until: Floats
    first: Ints
    thing: Ints
    far_m: Floats
    longer: Floats
    key: Keys


class Homes(NamedTuple):
    """Where walks begin: how many, by what key, at which root."""

    wanted: Floats
    key: Keys
    root: Ints
    until: Floats


def strolls(town: Destinations, parameters: Parameters, seed: np.uint64) -> People:
    """Return residents who walk to a destination or a stop."""
    homes = Homes(
        wanted=town.homes.size * parameters.strolls * (1 + TO_STOP) * _of_day(town, parameters),
        key=town.homes.key,
        root=roots_of(town, town.homes.segment),
        until=_until(town, STROLL, parameters),
    )
    offer = _offer(town, STROLL_KINDS, parameters.decay, [TO_STOP])
    stops = town.stops_near
    worse = np.exp(STOP_DECAY * parameters.decay * stops.far_m) / town.stop_weight[stops.thing]
    return _strolls(homes, seed, offer, stops, town.stops.key, worse)


def passing(
    town: Destinations, parameters: Parameters, seed: np.uint64, origins: Origins
) -> People:
    """Return people who get off at a stop and walk out of the place, whatever opens or closes."""
    kinds, factor = list(KINDS.values()), parameters.of_kinds().tolist()
    here: list[int] = [*town.attractor_kind[~town.is_new].tolist(), *town.closed_kind.tolist()]
    visits = sum(
        factor[kind]
        * kinds[kind].visits
        * kinds[kind].level(town.day)
        * (1 - kinds[kind].car - kinds[kind].bike)
        for kind in here
    )
    share = town.stop_weight / max(town.stop_weight.sum(), 1.0)
    stops = Homes(
        wanted=share * visits * parameters.visits * parameters.passing * _of_day(town, parameters),
        key=town.stops.key,
        root=roots_of(town, town.stops.segment),
        until=_until(town, THROUGH, parameters),
    )
    return _passing(stops, seed, origins)


def _of_day(town: Destinations, parameters: Parameters) -> float:
    of_day = {"saturday": parameters.walks_saturday, "sunday": parameters.walks_sunday}
    return of_day.get(town.day, 1.0)


def _until(town: Destinations, workday: Floats, parameters: Parameters) -> Floats:
    """Return the share of walks begun when each hour of the simulated day ends."""
    weight = np.roll(WALKS_WEEKEND if town.day in WEEKEND else workday, -FIRST_HOUR)
    weight *= shifted(parameters.walks_morning, parameters.walks_evening, parameters.walks_night)
    return np.cumsum(weight) / weight.sum()


def walk_on(town: Destinations, parameters: Parameters, seed: np.uint64, people: People) -> None:
    """Let some visitors walk on to another shop, café or restaurant: a Huff choice.

    Writes ``onward`` and ``onward_s`` of ``people``.
    """
    offer = _offer(town, ONWARD_KINDS, parameters.decay, [])
    _walk_on(people, parameters.onward, offer, seed)


def _offer(town: Destinations, kinds: dict[str, float], decay: float, others: list[float]) -> Offer:
    """Return what people choose among; ``others`` are the chances of what else they might do."""
    names = list(KINDS)
    near = [town.shops_near[names.index(kind)] for kind in kinds]
    weights = np.array([*kinds.values(), *others])
    begin = np.cumsum([0] + [len(one.thing) for one in near[:-1]])
    far_m = np.concatenate([one.far_m for one in near])
    return Offer(
        until=np.cumsum(weights) / weights.sum(),
        first=np.array([one.first for one in near]) + begin[:, None],
        thing=np.concatenate([one.thing for one in near]),
        far_m=far_m,
        longer=np.exp(decay * far_m),
        key=town.attractors.key,
    )


@compiled
def _how_many(homes: Homes, seed: np.uint64, purpose: int) -> Ints:
    counts = np.zeros(len(homes.key), np.int64)
    for at in range(len(homes.key)):
        if homes.root[at] >= 0:
            u = uniform(seed, homes.key[at], decisions.HOW_MANY, purpose)
            counts[at] = int(homes.wanted[at] + u)
    return counts


@compiled
def _strolls(
    homes: Homes, seed: np.uint64, offer: Offer, stops: Near, stop_key: Keys, worse: Floats
) -> People:
    counts = _how_many(homes, seed, STROLLING)
    people = nobody(int(counts.sum()))
    to = 0
    for at in range(len(homes.key)):
        root = int(homes.root[at])
        for number in range(counts[at]):
            agent = child(homes.key[at], number * PURPOSE_KEYS + STROLLING)
            u = uniform(seed, agent, decisions.KIND, 0)
            kind = picked(offer.until, 0, len(offer.until), u)
            if kind < len(offer.first):
                turn = chooser(seed, agent, decisions.SHOP)
                people.thing[to] = _shop(turn, offer, kind, root, -1, np.inf)
                people.mode[to] = WALK
            else:
                turn = chooser(seed, agent, decisions.STOP)
                people.thing[to] = _stop(turn, stops, stop_key, worse, root)
                people.mode[to] = TRANSIT
            people.key[to] = agent
            people.purpose[to] = STROLLING
            people.root[to] = root
            people.end[to] = at
            begins = moment(homes.until, seed, agent, decisions.HOUR, decisions.MINUTE)
            people.arrive_s[to] = begins * HOUR_S
            longer = exp(STAY_LOG_SD * normal(seed, agent, decisions.STAY))
            people.stay_s[to] = STROLL_STAY_MIN * MINUTES * longer
            to += 1
    return people


@inlined
def _shop(turn: np.uint64, offer: Offer, kind: int, root: int, but: int, reach_m: float) -> int:
    """Return the attractor chosen among those near a root, other than ``but``; -1 for none."""
    far_m, things, keys, longer = offer.far_m, offer.thing, offer.key, offer.longer
    best, chosen = np.inf, -1
    for place in range(offer.first[kind, root], offer.first[kind, root + 1]):
        if far_m[place] > reach_m:
            break
        thing = int(things[place])
        if thing == but:
            continue
        late = lag_below(turn, keys[thing], longer[place], best)
        if late < best:
            best, chosen = late, thing
    return chosen


@inlined
def _stop(turn: np.uint64, stops: Near, stop_key: Keys, worse: Floats, root: int) -> int:
    """Return the stop chosen among those near a root; -1 for none."""
    things = stops.thing
    best, chosen = np.inf, -1
    for place in range(stops.first[root], stops.first[root + 1]):
        stop = int(things[place])
        late = lag_below(turn, stop_key[stop], worse[place], best)
        if late < best:
            best, chosen = late, stop
    return chosen


@compiled
def _passing(stops: Homes, seed: np.uint64, origins: Origins) -> People:
    counts = _how_many(stops, seed, PASSING)
    for at in range(len(counts)):
        root = stops.root[at]
        if root >= 0 and origins.gate_first[root] == origins.gate_first[root + 1]:
            counts[at] = 0
    people = nobody(int(counts.sum()))
    to = 0
    for at in range(len(stops.key)):
        root = int(stops.root[at])
        for number in range(counts[at]):
            agent = child(stops.key[at], number * PURPOSE_KEYS + PASSING)
            people.key[to] = agent
            people.purpose[to] = PASSING
            people.thing[to] = at
            people.root[to] = root
            people.mode[to] = TRANSIT
            begin, until = int(origins.gate_first[root]), int(origins.gate_first[root + 1])
            u = uniform(seed, agent, decisions.FOOT_GATE, 0)
            people.end[to] = origins.gate[picked(origins.gate_until, begin, until, u)]
            begins = moment(stops.until, seed, agent, decisions.HOUR, decisions.MINUTE)
            people.arrive_s[to] = begins * HOUR_S
            to += 1
    return people


@borrowing
def _walk_on(people: People, chance: float, offer: Offer, seed: np.uint64) -> None:
    for at in range(len(people.key)):
        purpose, agent = people.purpose[at], people.key[at]
        if purpose not in (VISIT, WORK, EVENT):
            continue
        if uniform(seed, agent, decisions.ONWARD, 0) >= chance:
            continue
        u = uniform(seed, agent, decisions.ONWARD_KIND, 0)
        kind = picked(offer.until, 0, len(offer.until), u)
        turn = chooser(seed, agent, decisions.ONWARD_SHOP)
        people.onward[at] = _shop(
            turn, offer, kind, int(people.root[at]), int(people.thing[at]), ONWARD_REACH_M
        )
        longer = exp(STAY_LOG_SD * normal(seed, agent, decisions.ONWARD_STAY))
        people.onward_s[at] = ONWARD_STAY_S * longer
