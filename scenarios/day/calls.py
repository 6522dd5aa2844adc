"""Which visits are wanted today: how many to each destination, for what purpose."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from scenarios.day import decisions
from scenarios.day.compiled import compiled
from scenarios.day.destinations import Destinations
from scenarios.day.draws import Keys, uniform
from scenarios.day.kinds import HOME_VISITS, KINDS, WORK_DAYS
from scenarios.day.network import Floats, Ints
from scenarios.day.parameters import Parameters
from scenarios.day.people import DELIVERY, EVENT, HOME_VISIT, VISIT, WORK
from scenarios.day.rivalry import rivalry
from scenarios.day.rows import joined, taken
from scenarios.day.table import EVENT_ROW, HOME_ROW, VAN_ROW, WORK_ROW

_HOME_DELIVERY = 1
"""What is added to the key of a destination for purposes beside the first ones."""


class Calls(NamedTuple):
    """Visits that are wanted: an entry for each destination and purpose.

    Those who go are numbered by ``key``, from ``since`` up to ``until``: of the visitors of one
    attractor, the last may go to another. ``row`` is that of the table, ``thing`` as in `People`,
    ``place`` the position of the destination among attractors and then homes.
    """

    purpose: NDArray[np.int8]
    since: Floats
    until: Floats
    row: Ints
    key: Keys
    thing: Ints
    root: Ints
    zone: Ints
    place: Ints


def roots_of(town: Destinations, segment: Ints) -> Ints:
    """Return the number among roots of each of some segments, -1 where it is none."""
    return np.where(segment >= 0, town.root_of_segment[segment], -1)


def calls_of(town: Destinations, parameters: Parameters, visits: float) -> Calls:
    """Return what is wanted; ``visits`` scales what comes to attractors."""
    kinds, here = list(KINDS.values()), len(town.attractors.key)
    of_kind = np.concatenate([town.attractor_kind, town.closed_kind])
    works = town.day != "sunday"

    def by_kind(values: list[float]) -> Floats:
        return np.array(values)[of_kind]

    level = by_kind([kind.visits * kind.level(town.day) for kind in kinds])
    level = level * by_kind([parameters.shopping if kind.choice else 1.0 for kind in kinds])
    level = level * parameters.of_kinds()[of_kind]
    jobs = by_kind([kind.jobs for kind in kinds]) * WORK_DAYS[town.day]
    vans = by_kind([kind.vans for kind in kinds]) * works
    dwellings = town.homes.size
    guests = dwellings * HOME_VISITS.visits * HOME_VISITS.level(town.day)
    deliveries = dwellings * HOME_VISITS.vans * works
    events = [
        _to_attractors(town, EVENT, visitors, EVENT_ROW + event, town.event_key[event])
        for event, visitors in enumerate(town.event_visitors)
    ]
    return joined(
        [
            *_visits(town, parameters, level * visits),
            _to_attractors(town, WORK, (jobs * visits)[:here], WORK_ROW, 0),
            _to_attractors(town, DELIVERY, vans[:here], VAN_ROW, 0),
            _to_homes(town, HOME_VISIT, guests, HOME_ROW, 0),
            _to_homes(town, DELIVERY, deliveries, VAN_ROW, _HOME_DELIVERY),
            *events,
        ]
    )


def _visits(town: Destinations, parameters: Parameters, wanted: Floats) -> tuple[Calls, Calls]:
    """Return the visitors of each attractor, and those who go there instead of to another."""
    found = rivalry(town, parameters, wanted)
    stay = _to_attractors(town, VISIT, found.stay, town.attractor_kind, 0)
    keys = np.concatenate([town.attractors.key, town.closed.key])
    move = taken(stay, found.to)
    return stay, move._replace(since=found.since, until=found.until, key=keys[found.of])


def _to_attractors(
    town: Destinations, purpose: int, wanted: Floats, row: Ints | int, key_step: int | np.uint64
) -> Calls:
    count = len(town.attractors.key)
    return Calls(
        purpose=np.full(count, purpose, np.int8),
        since=np.zeros(count),
        until=wanted,
        row=np.full(count, row, np.int64),
        key=town.attractors.key + np.uint64(key_step),
        thing=np.arange(count),
        root=roots_of(town, town.attractors.segment),
        zone=town.zone,
        place=np.arange(count),
    )


def _to_homes(town: Destinations, purpose: int, wanted: Floats, row: int, key_step: int) -> Calls:
    count = len(town.homes.key)
    homes = np.arange(count)
    return Calls(
        purpose=np.full(count, purpose, np.int8),
        since=np.zeros(count),
        until=wanted,
        row=np.full(count, row, np.int64),
        key=town.homes.key + np.uint64(key_step),
        thing=-2 - homes if purpose == DELIVERY else homes,
        root=roots_of(town, town.homes.segment),
        zone=town.home_zone_of_search,
        place=len(town.attractors.key) + homes,
    )


@compiled
def how_many(calls: Calls, seed: np.uint64) -> tuple[Ints, Ints]:
    """Return how many people each call brings, up or down by luck, and the number of the first."""
    counts, first = np.zeros(len(calls.key), np.int64), np.zeros(len(calls.key), np.int64)
    for at in range(len(calls.key)):
        if calls.root[at] >= 0:
            u = uniform(seed, calls.key[at], decisions.HOW_MANY, calls.purpose[at])
            first[at] = int(calls.since[at] + u)
            counts[at] = int(calls.until[at] + u) - first[at]
    return counts, first
