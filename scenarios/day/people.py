"""People who go somewhere in the place: what is known of each, and of the ways they come."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from scenarios.day.compiled import compiled
from scenarios.day.draws import Keys
from scenarios.day.kinds import HOURS
from scenarios.day.network import Floats

WALK, BIKE, TRANSIT, KERB, GARAGE, VAN = range(6)

VISIT, WORK, DELIVERY, HOME_VISIT, EVENT, STROLLING, PASSING = range(7)
PURPOSE_KEYS = 8
"""Keys of people are apart by purpose: room for one more."""

BLOCKS = 8
BLOCK_H = HOURS // BLOCKS
"""Drivers expect how hard it is to park by blocks of three hours."""

STAY_LOG_SD = 0.6
"""Standard deviation of the logarithm of a stay (assumed)."""


class Expected(NamedTuple):
    """What drivers expect by zone and block of hours: minutes of search, metres to walk."""

    search_min: Floats
    walk_m: Floats


class People(NamedTuple):
    """Everybody who goes somewhere in the place today, one entry each.

    ``thing`` is the attractor they come to (the home, for home visits; ``-2 - home`` for deliveries
    to one; for strolls an attractor or a stop, -1 for none; for people who pass a stop); ``root``
    the number of its segment among the town's roots (the home's, for strolls). ``end`` is where
    they come from and go back to: a stop, a gate on foot, a garage, or for strolls the home.
    ``arrive_s`` counts from the start of the day. ``onward`` is an attractor they walk on to, -1
    for none, ``onward_s`` how long they stay there.
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
