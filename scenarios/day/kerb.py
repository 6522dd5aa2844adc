"""The bays along the kerb: who may take which, and which are free."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from scenarios.day import decisions
from scenarios.day.cars import RESIDENT, VAN_DRIVER, WHO
from scenarios.day.compiled import borrowing, inlined
from scenarios.day.draws import uniform
from scenarios.day.kinds import HOUR_S
from scenarios.day.network import Flags, Floats, Ints
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

FOR_PLUG, FOR_CARD = "charging", "disabled"
"""Kinds of bays that are also for whoever has a plug, or a disabled parking card: they take them
first, and permit zones do not matter."""

PLUG_SHARE = 0.08
CARD_SHARE = 0.02
"""Drivers whose car can be charged, and who have a disabled parking card (assumed)."""

PUBLIC_FOR_RESIDENTS = TAKES["public"][RESIDENT]
HAS_PLUG, HAS_CARD = len(WHO), 2 * len(WHO)
SORTS = 4 * len(WHO)
"""Sorts of drivers: one of `WHO`, and `HAS_PLUG` and `HAS_CARD` where they have."""

_NEVER_SO_UNWILLING = 100


class Driver(NamedTuple):
    """What decides which bays a driver takes: one of `WHO`, sort, permit zone (-1: none), and when."""

    who: int
    sort: int
    permit_zone: int
    arrive_s: float
    stay_s: float


class Kerb(NamedTuple):
    """The bays as a search needs them, by group; those of a segment by ``first`` and ``group``.

    ``takes`` is (groups, sorts), ``spaces_on`` (sorts, segments): the spaces along a segment of the
    kinds that each sort of driver takes. ``is_reserved`` is of bays for a plug or a card. Between
    ``shut_from_s`` and ``shut_until_s`` nobody may stand there.
    """

    first: Ints
    group: Ints
    capacity: Ints
    spaces_on: Ints
    segment: Ints
    takes: NDArray[np.int8]
    max_stay_s: Floats
    zone: Ints
    is_reserved: Flags
    shut_from_s: Floats
    shut_until_s: Floats
    x_m: Floats
    y_m: Floats


class Stock(NamedTuple):
    """What is free at a moment, by group and by (sorts, segments), and in each garage."""

    free: Ints
    free_on: Ints
    in_garage: Ints


def kerb_of(town: Town) -> Kerb:
    """Return the kerb of a town."""
    segments = len(town.length_m)
    order = np.argsort(town.bays.segment, kind="stable")
    order = order[town.bays.segment[order] >= 0]
    count = np.bincount(town.bays.segment[order], minlength=segments)
    takes = _takes()[town.bay_kind]
    capacity = town.bays.size.astype(np.int64)
    spaces = np.zeros((SORTS, segments), np.int64)
    for sort in range(SORTS):
        np.add.at(spaces[sort], town.bays.segment[order], (capacity * (takes[:, sort] > 0))[order])
    return Kerb(
        first=np.concatenate([[0], np.cumsum(count)]).astype(np.int64),
        group=order,
        capacity=capacity,
        spaces_on=spaces,
        segment=town.bays.segment,
        takes=takes,
        max_stay_s=town.bay_max_stay_min * 60.0,
        zone=town.bay_zone,
        is_reserved=np.isin(town.bay_kind, [BAY_KINDS.index(FOR_PLUG), BAY_KINDS.index(FOR_CARD)]),
        shut_from_s=town.bay_shut_h[0] * HOUR_S,
        shut_until_s=town.bay_shut_h[1] * HOUR_S,
        x_m=town.bays.x_m,
        y_m=town.bays.y_m,
    )


def _takes() -> NDArray[np.int8]:
    """Return how willingly each sort of driver takes each kind of bay, (kinds, sorts)."""
    takes = np.tile(np.array([TAKES[kind] for kind in BAY_KINDS], np.int8), SORTS // len(WHO))
    sorts = np.arange(SORTS)
    takes[BAY_KINDS.index(FOR_PLUG), sorts & HAS_PLUG > 0] = 1
    takes[BAY_KINDS.index(FOR_CARD), sorts & HAS_CARD > 0] = 1
    return takes


@borrowing
def driver_of(
    seed: np.uint64, key: np.uint64, who: int, permit_zone: int, arrive_s: float, stay_s: float
) -> Driver:
    """Return the driver of a car, with a plug or a card by their own luck."""
    sort = who
    if uniform(seed, key, decisions.PLUG, 0) < PLUG_SHARE:
        sort += HAS_PLUG
    if uniform(seed, key, decisions.CARD, 0) < CARD_SHARE:
        sort += HAS_CARD
    return Driver(who, sort, permit_zone, arrive_s, stay_s)


@inlined
def willing(kerb: Kerb, group: int, driver: Driver) -> int:
    """Return how willingly a driver takes a group of bays: 0 never, else the least first."""
    kind = int(kerb.takes[group, driver.sort])
    leaves_s = driver.arrive_s + driver.stay_s
    if driver.arrive_s < kerb.shut_until_s[group] and leaves_s > kerb.shut_from_s[group]:
        return 0
    if driver.who != RESIDENT and driver.stay_s > kerb.max_stay_s[group]:
        return 0
    if kerb.is_reserved[group]:
        return kind
    if driver.who == RESIDENT:
        is_own = kerb.zone[group] == driver.permit_zone or kind == PUBLIC_FOR_RESIDENTS
        return kind if is_own else 0
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


@borrowing
def take(kerb: Kerb, stock: Stock, group: int, spaces: int) -> None:
    """Take spaces of a group, or give them back where ``spaces`` is below 0."""
    segment = int(kerb.segment[group])
    stock.free[group] -= spaces
    for sort in range(kerb.takes.shape[1]):
        if kerb.takes[group, sort] > 0:
            stock.free_on[sort, segment] -= spaces
