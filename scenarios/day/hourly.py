"""Counting by hour of the simulated day, and putting in groups what is counted together."""

from math import ceil

import numpy as np
from numpy.typing import NDArray

from scenarios.day.compiled import compiled
from scenarios.day.kinds import HOUR_S, HOURS
from scenarios.day.network import Floats, Ints


@compiled
def by_hour(where: NDArray[np.int32], start_s: Floats, end_s: Floats, places: int) -> Floats:
    """Return how many are at each place at the start of each hour (just after, for hour 0)."""
    result = np.zeros((places, HOURS))
    for at in range(len(where)):
        hour = ceil(float(start_s[at]) / HOUR_S)
        while hour < HOURS and hour * HOUR_S < end_s[at]:
            result[where[at], hour] += 1.0
            hour += 1
    return result


@compiled
def in_groups(group: NDArray[np.int32], groups: int) -> tuple[NDArray[np.int32], Ints]:
    """Return positions in the order of their groups, and where those of each group begin.

    What is in group -1 is left out.
    """
    first = np.zeros(groups + 1, np.int64)
    for at in range(len(group)):
        if group[at] >= 0:
            first[group[at] + 1] += 1
    first = np.cumsum(first)
    to = first.copy()
    order = np.empty(first[groups], np.int32)
    for at in range(len(group)):
        if group[at] >= 0:
            order[to[group[at]]] = at
            to[group[at]] += 1
    return order, first
