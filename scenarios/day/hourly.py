"""Counting by hour of the simulated day."""

from math import ceil

import numpy as np
from numpy.typing import NDArray

from scenarios.day.compiled import compiled
from scenarios.day.kinds import HOUR_S, HOURS
from scenarios.day.network import Floats


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
