"""Where cars stand at the start of each hour."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from scenarios.day.cars import IN_GARAGE, PARKED, WRONGLY, Cars
from scenarios.day.hourly import by_hour
from scenarios.day.kinds import DAY_S
from scenarios.day.network import Flags, Floats
from scenarios.day.parking import Parked
from scenarios.day.town import Town


class Standing(NamedTuple):
    """Cars at the start of each hour: (groups, hours), (garages, hours), (segments, hours)."""

    occupied: Floats
    in_garage: Floats
    wrongly: Floats


def standing(town: Town, cars: Cars, parked: Parked) -> Standing:
    """Return where cars stand; those parked wrongly at the segment nearest to where they go."""
    start_s = np.maximum(cars.arrive_s, 0.0)
    end_s = np.minimum(start_s + parked.search_s + cars.stay_s, DAY_S)
    is_wrong = parked.outcome == WRONGLY

    def count(which: Flags, where: NDArray[np.int32], places: int) -> Floats:
        return by_hour(where, start_s[which], end_s[which], places)

    at_kerb, inside = parked.outcome == PARKED, parked.outcome == IN_GARAGE
    return Standing(
        count(at_kerb, parked.bay[at_kerb], len(town.bays.key)),
        count(inside, parked.bay[inside], len(town.garages.key)),
        count(is_wrong, _segments_near(town, cars, is_wrong), len(town.length_m)),
    )


def _segments_near(town: Town, cars: Cars, which: Flags) -> NDArray[np.int32]:
    if not which.any():
        return np.empty(0, np.int32)
    tree = cKDTree(np.column_stack([town.middle_x_m, town.middle_y_m]))
    _, segment = tree.query(np.column_stack([cars.x_m[which], cars.y_m[which]]))
    return np.asarray(segment, np.int32)
