"""How a driver looks for a space: on the way, then around the destination.

Drivers behave as in PARKAGENT (Benenson, Martens & Birfir 2008; constants as in matsim-libs): they
look about them on the way, take a space when few are to be expected ahead, and else search around
their destination, accepting a longer walk the longer it takes.
"""

from math import exp, log, sqrt
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from scenarios.day import decisions
from scenarios.day.cars import RESIDENT, VAN_DRIVER
from scenarios.day.compiled import borrowing, inlined
from scenarios.day.draws import chooser, normal, taste, uniform
from scenarios.day.kerb import Driver, Kerb, Stock, choice
from scenarios.day.kinds import MINUTES
from scenarios.day.network import Floats, Ints
from scenarios.day.parameters import Parameters

TOO_FAR_M = 80.0
TURNING_BACK = 20.0
SEARCHED_BEFORE = 4.0
"""A way that leads so much beyond the accepted walk, straight back, or along a segment searched
before is chosen e, 20 and 4 times less often than one that does not (assumed)."""

PATIENCE_LOG_SD = 0.4
"""Standard deviation of the logarithm of the time that drivers search (assumed)."""

VAN_PATIENCE_S = 60.0
"""How long somebody who delivers searches before stopping anywhere (assumed)."""

TURN_S = 3.0
"""Driving along a segment in search takes at least so long (assumed)."""

KMH_OF_MS = 3.6


class Habits(NamedTuple):
    """The parameters of a search."""

    observe_m: float
    seek_m: float
    few: float
    many: float
    walk_first_m: float
    walk_more_m_s: float
    walk_most_m: float
    patience_s: float
    patience_home_s: float
    cruise_ms: float
    detour: float
    home_garage: float
    wrongly: float


class Net(NamedTuple):
    """The roads as a search needs them: arcs by the node they leave, and where nodes are."""

    first: Ints
    head: Ints
    segment: Ints
    tail: Ints
    length_m: Floats
    x_m: Floats
    y_m: Floats


class Notes(NamedTuple):
    """What is written down while cars search: see `Parked`; ``searched`` by segment, by whom last.

    ``path`` and ``ahead`` are room for the arcs of a way and the spaces along what is left of it.
    """

    cruised: Floats
    searched: Ints
    path: Ints
    ahead: Floats


class Search(NamedTuple):
    """Where a search is: the node, the segment it came along (-1), and how long it has taken.

    ``found`` is the group of bays it ended at (-1: none), ``cruised_m`` how far it drove.
    """

    found: int
    node: int
    last: int
    spent_s: float
    cruised_m: float


class Driving(NamedTuple):
    """One car in search: its number and key, where its driver goes, and the hour."""

    at: int
    key: np.uint64
    x_m: float
    y_m: float
    hour: int
    is_there: bool


def habits_of(parameters: Parameters) -> Habits:
    """Return the parameters of a search, in metres and seconds."""
    values = (
        parameters.observe_m,
        parameters.seek_m,
        parameters.few_ahead,
        parameters.many_ahead,
        parameters.walk_first_m,
        parameters.walk_more_m_min / MINUTES,
        parameters.walk_most_m,
        parameters.patience_min * MINUTES,
        parameters.patience_home_min * MINUTES,
        parameters.cruise_kmh / KMH_OF_MS,
        parameters.detour,
        parameters.home_garage,
        parameters.wrongly,
    )
    # Whole numbers would be compiled for once more.
    return Habits(*map(float, values))


@inlined
def apart(x_m: float, y_m: float, other_x_m: float, other_y_m: float) -> float:
    """Return the distance between two points, in metres."""
    across, up = x_m - other_x_m, y_m - other_y_m
    return sqrt(across * across + up * up)


@borrowing
def approach(
    seed: np.uint64,
    car: Driving,
    driver: Driver,
    into: NDArray[np.int32],
    aim: int,
    kerb: Kerb,
    stock: Stock,
    net: Net,
    habits: Habits,
    notes: Notes,
) -> Search:
    """Drive from a gate to the aim, and take a space on the way if few are expected ahead.

    ``into`` is the arc by which each node is reached from the gate. Nothing is looked for before the
    part of the way on which drivers observe.
    """
    path, ahead = notes.path, notes.ahead
    segments, tail, length_m = net.segment, net.tail, net.length_m
    spaces_on, free_on = kerb.spaces_on[driver.sort], stock.free_on[driver.sort]
    steps, node = 0, aim
    left_m = 0.0
    ahead[0] = 0.0
    while into[node] >= 0 and left_m <= habits.observe_m:
        arc = int(into[node])
        path[steps] = arc
        segment = segments[arc]
        left_m += length_m[segment]
        ahead[steps + 1] = ahead[steps] + spaces_on[segment]
        steps += 1
        node = int(tail[arc])
    seen, empty, last = 1.0, 1.0, -1
    for step in range(steps - 1, -1, -1):
        segment = int(segments[path[step]])
        left_m -= length_m[segment]
        last = segment
        vacant = free_on[segment]
        seen += spaces_on[segment]
        empty += vacant
        if vacant == 0 or left_m > habits.seek_m:
            continue
        expected = ahead[step] * empty / seen
        stops = (habits.many - expected) / (habits.many - habits.few)
        if stops <= 0.0:
            continue
        if stops >= 1.0 or uniform(seed, car.key, decisions.STOPS, segment) < stops:
            found = choice(kerb, stock.free, segment, driver)
            if found >= 0:
                return Search(found, int(net.head[path[step]]), segment, 0.0, 0.0)
    return Search(-1, aim, last, 0.0, 0.0)


@borrowing
def _patience_s(seed: np.uint64, car: Driving, who: int, habits: Habits) -> float:
    if who == VAN_DRIVER:
        return VAN_PATIENCE_S
    median_s = habits.patience_home_s if who == RESIDENT else habits.patience_s
    patience_s = median_s * exp(PATIENCE_LOG_SD * normal(seed, car.key, decisions.PATIENCE))
    return max(patience_s, habits.patience_home_s) if car.is_there else patience_s


@borrowing
def look_around(
    seed: np.uint64,
    car: Driving,
    driver: Driver,
    search: Search,
    kerb: Kerb,
    stock: Stock,
    net: Net,
    is_open: NDArray[np.bool_],
    habits: Habits,
    notes: Notes,
) -> Search:
    """Search around the aim, segment by segment, until a space is found or patience is lost."""
    heads, segments, length_m, searched = net.head, net.segment, net.length_m, notes.searched
    free_on, cruised = stock.free_on[driver.sort], notes.cruised[car.hour]
    patience_s = _patience_s(seed, car, driver.who, habits)
    node, last, spent_s, cruised_m = search.node, search.last, search.spent_s, 0.0
    turn = decisions.TURN
    while spent_s < patience_s:
        accepted_m = _accepted_m(habits, spent_s)
        luck = chooser(seed, car.key, turn)
        arc = _way_on(luck, node, last, accepted_m, car, net, is_open, habits, searched)
        if arc < 0:
            break
        last, node = int(segments[arc]), int(heads[arc])
        spent_s += max(length_m[last] / habits.cruise_ms, TURN_S)
        if not car.is_there:
            cruised[last] += 1.0
            cruised_m += length_m[last]
        searched[last] = car.at
        turn += 1
        if free_on[last] == 0:
            continue
        group = choice(kerb, stock.free, last, driver)
        if group < 0:
            continue
        walk_m = apart(kerb.x_m[group], kerb.y_m[group], car.x_m, car.y_m) * habits.detour
        if walk_m <= _accepted_m(habits, spent_s):
            return Search(group, node, last, spent_s, cruised_m)
    return Search(-1, node, last, spent_s, cruised_m)


@inlined
def _way_on(
    luck: np.uint64,
    node: int,
    last: int,
    accepted_m: float,
    car: Driving,
    net: Net,
    is_open: NDArray[np.bool_],
    habits: Habits,
    searched: Ints,
) -> int:
    """Return the arc by which a search goes on; -1 if none is open.

    Ways that lead beyond the accepted walk, straight back, or were searched before are taken less often.
    """
    begin, until = net.first[node], net.first[node + 1]
    if until == begin + 1:
        return begin if is_open[net.segment[begin]] else -1
    within_m2 = (accepted_m / habits.detour) ** 2
    best, best_slower, arc = 0.0, np.inf, -1
    for each in range(begin, until):
        segment = net.segment[each]
        if not is_open[segment]:
            continue
        u = taste(luck, np.uint64(segment))
        is_again = searched[segment] == car.at
        slower = TURNING_BACK if segment == last else SEARCHED_BEFORE if is_again else 1.0
        if u <= best and slower >= best_slower:
            continue
        head = net.head[each]
        across, up = net.x_m[head] - car.x_m, net.y_m[head] - car.y_m
        far_m2 = across * across + up * up
        if far_m2 > within_m2:
            slower *= exp((sqrt(far_m2) * habits.detour - accepted_m) / TOO_FAR_M)
        if _lags_less(u, slower, best, best_slower):
            best, best_slower, arc = u, slower, each
    return arc


@inlined
def _lags_less(u: float, slower: float, other: float, other_slower: float) -> bool:
    """Return whether -log(u) * slower is the less of two: mostly without a logarithm. See `lag`."""
    if u <= other and slower >= other_slower:
        return False
    if u >= other and slower <= other_slower:
        return True
    return log(u) * slower > log(other) * other_slower


@inlined
def _accepted_m(habits: Habits, spent_s: float) -> float:
    """Return the walk that is accepted after so long a search."""
    return min(habits.walk_first_m + habits.walk_more_m_s * spent_s, habits.walk_most_m)
