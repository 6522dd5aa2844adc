"""The bays along the kerb: who may take which, and which are free."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from scenarios.day.cars import RESIDENT, VAN_DRIVER, WHO
from scenarios.day.compiled import compiled, inlined
from scenarios.day.network import Floats, Ints
from scenarios.day.town import Town
from twin.layers import BAY_KINDS

TAKES = {
    "public": (2, 1, 1, 3),
    "permit": (1, 0, 0, 0),
    "paid": (3, 2, 2, 4),
    "loading": (0, 0, 0, 1),
    "disabled": (0, 0, 0, 0),
    "shared_car": (0, 0, 0, 0),
    "charging": (0, 0, 0, 0),
    "short_stay": (0, 1, 0, 2),
}
"""How willingly each of `WHO` takes each kind of bay: 0 never, else the least is taken first."""

EVERYBODY_S = 2
_NEVER_SO_UNWILLING = 100


class Driver(NamedTuple):
    """What decides which bays a driver takes: one of `WHO`, permit zone (-1: none) and stay."""

    who: int
    permit_zone: int
    stay_s: float


class Kerb(NamedTuple):
    """The bays as a search needs them, by group; those of a segment by ``first`` and ``group``.

    ``takes`` is (groups, who), ``spaces_on`` (who, segments): the spaces along a segment of the
    kinds that each of `WHO` takes.
    """

    first: Ints
    group: Ints
    capacity: Ints
    spaces_on: Ints
    segment: Ints
    takes: NDArray[np.int8]
    max_stay_s: Floats
    zone: Ints
    x_m: Floats
    y_m: Floats


class Stock(NamedTuple):
    """What is free at a moment, by group and by (who, segments), and in each garage."""

    free: Ints
    free_on: Ints
    in_garage: Ints


def kerb_of(town: Town) -> Kerb:
    """Return the kerb of a town."""
    segments = len(town.length_m)
    order = np.argsort(town.bays.segment, kind="stable")
    order = order[town.bays.segment[order] >= 0]
    count = np.bincount(town.bays.segment[order], minlength=segments)
    takes = np.array([TAKES[kind] for kind in BAY_KINDS], np.int8)[town.bay_kind]
    capacity = town.bays.size.astype(np.int64)
    spaces = np.zeros((len(WHO), segments), np.int64)
    for who in range(len(WHO)):
        np.add.at(spaces[who], town.bays.segment[order], (capacity * (takes[:, who] > 0))[order])
    return Kerb(
        first=np.concatenate([[0], np.cumsum(count)]).astype(np.int64),
        group=order,
        capacity=capacity,
        spaces_on=spaces,
        segment=town.bays.segment,
        takes=takes,
        max_stay_s=town.bay_max_stay_min * 60.0,
        zone=town.bay_zone,
        x_m=town.bays.x_m,
        y_m=town.bays.y_m,
    )


@inlined
def willing(kerb: Kerb, group: int, driver: Driver) -> int:
    """Return how willingly a driver takes a group of bays: 0 never, else the least first."""
    kind = int(kerb.takes[group, driver.who])
    if driver.who == RESIDENT:
        is_own = kerb.zone[group] == driver.permit_zone or kind == EVERYBODY_S
        return kind if is_own else 0
    if driver.stay_s > kerb.max_stay_s[group]:
        return 0
    return kind if kerb.zone[group] < 0 or driver.who == VAN_DRIVER else 0


@inlined
def choice(kerb: Kerb, free: Ints, segment: int, driver: Driver) -> int:
    """Return the group of bays on a segment that a driver takes; -1 if none is free."""
    chosen, best = -1, _NEVER_SO_UNWILLING
    for at in range(kerb.first[segment], kerb.first[segment + 1]):
        group = int(kerb.group[at])
        if free[group] > 0:
            liked = willing(kerb, group, driver)
            if 0 < liked < best:
                best, chosen = liked, group
    return chosen


@compiled
def take(kerb: Kerb, stock: Stock, group: int, spaces: int) -> None:
    """Take spaces of a group, or give them back where ``spaces`` is below 0."""
    segment = int(kerb.segment[group])
    stock.free[group] -= spaces
    for who in range(kerb.takes.shape[1]):
        if kerb.takes[group, who] > 0:
            stock.free_on[who, segment] -= spaces
