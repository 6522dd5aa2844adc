"""Where each car parks: the day of all cars, in the order in which they arrive."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from scenarios.day import decisions
from scenarios.day.cars import (
    GONE,
    IN_GARAGE,
    PARKED,
    RESIDENT,
    VAN_DRIVER,
    WRONGLY,
    Cars,
)
from scenarios.day.compiled import borrowing
from scenarios.day.draws import uniform
from scenarios.day.kerb import Kerb, Stock, driver_of, kerb_of, take
from scenarios.day.kinds import DAY_S, FIRST_HOUR, HOUR_S, HOURS, MINUTES
from scenarios.day.network import Floats, Ints
from scenarios.day.parameters import Parameters
from scenarios.day.people import BLOCK_H, Expected
from scenarios.day.roads import ROUTES, Roads
from scenarios.day.search import (
    Driving,
    Habits,
    Net,
    Notes,
    Search,
    apart,
    approach,
    habits_of,
    look_around,
)
from scenarios.day.town import Town
from scenarios.day.traffic import Gates, gate_between, gates_of, to_and_from

GARAGE_FULL_S = 120.0
"""What it costs to find a garage full (assumed)."""

FALL_BACK_WALK = 1.5
"""Who finds nothing takes a garage up to so many times the longest accepted walk away (assumed)."""

PRIOR_CARS = 10
"""What was expected before weighs as much as what happened to so many cars (assumed)."""

SECONDS = int(DAY_S)


class Parked(NamedTuple):
    """What became of each car, and where cars drove.

    ``bay`` is the group of bays (or the garage, for those in one; -1 for neither). ``stop`` is the
    node that a car drove straight to, ``leave`` that from which it drives away (-1: it never
    drove). ``driven`` and ``cruised`` are cars along each segment by hour of the simulated day,
    (segments, hours): on their way, and in search.
    """

    outcome: NDArray[np.int8]
    bay: NDArray[np.int32]
    search_s: Floats
    walk_m: Floats
    stop: NDArray[np.int32]
    leave: NDArray[np.int32]
    driven: Floats
    cruised: Floats
    cruised_m: Floats


class _Garages(NamedTuple):
    x_m: Floats
    y_m: Floats


class _Place(NamedTuple):
    """Where cars drive and park, and what is free."""

    kerb: Kerb
    stock: Stock
    garages: _Garages
    net: Net
    roads: Roads
    gates: Gates


class _Leaving(NamedTuple):
    """Cars by the second in which they leave: the first, and after each car the following (-1)."""

    first: NDArray[np.int32]
    following: NDArray[np.int32]


def park(
    town: Town,
    parameters: Parameters,
    seed: np.uint64,
    cars: Cars,
    subscribers: Ints,
    *,
    has_flows: bool = True,
) -> Parked:
    """Let every car search and park.

    Parameters
    ----------
    subscribers
        Places of each garage that those who subscribe take at most.
    has_flows
        Whether ``driven`` is wanted; it is 0 otherwise.
    """
    roads, kerb = town.roads, kerb_of(town)
    room = np.maximum(town.garages.size.astype(np.int64) - subscribers, 0)
    graph = roads.graph
    net = Net(
        graph.first, graph.head, graph.segment, roads.tail, town.length_m, roads.x_m, roads.y_m
    )
    stock = Stock(kerb.capacity.copy(), kerb.spaces_on.copy(), room)
    count, segments, nodes = len(cars.key), len(town.length_m), len(roads.x_m)
    parked = _nowhere(count, segments)
    notes = Notes(
        cruised=parked.cruised,
        searched=np.full(segments, -1, np.int64),
        path=np.empty(nodes + 1, np.int64),
        ahead=np.empty(nodes + 2),
    )
    leaving = _Leaving(np.full(SECONDS + 2, -1, np.int32), np.full(count, -1, np.int32))
    garages = _Garages(town.garages.x_m, town.garages.y_m)
    place = _Place(kerb, stock, garages, net, roads, gates_of(roads))
    order = np.flatnonzero(cars.aim >= 0)
    _park(seed, order, cars, place, habits_of(parameters), notes, leaving, parked)
    parked = parked._replace(cruised=parked.cruised.T.copy())
    if not has_flows:
        return parked
    leave_s = np.maximum(cars.arrive_s, 0.0) + parked.search_s + cars.stay_s
    leave = np.where(parked.outcome == GONE, -1, parked.leave).astype(np.int32)
    driven = to_and_from(
        seed, cars.key, (parked.stop, leave), (cars.arrive_s, leave_s), roads, segments
    )
    return parked._replace(driven=driven)


def expectations(cars: Cars, parked: Parked, before: Expected) -> Expected:
    """Return what drivers come to expect of a zone and hours, from what happened to them.

    Each mean is weighed with what was expected before, as if that were `PRIOR_CARS` more cars.
    """
    looked = (cars.garage < 0) & ~cars.is_there
    hour = np.clip(cars.arrive_s[looked] // HOUR_S, 0, HOURS - 1).astype(np.int64)
    shape = before.search_min.shape
    cell = cars.zone[looked] * shape[1] + (hour + FIRST_HOUR) % HOURS // BLOCK_H
    count = np.bincount(cell, minlength=shape[0] * shape[1]).reshape(shape)

    def mean(values: Floats, prior: Floats) -> Floats:
        total = np.bincount(cell, values[looked], minlength=shape[0] * shape[1]).reshape(shape)
        return (total + PRIOR_CARS * prior) / (count + PRIOR_CARS)

    return Expected(
        mean(parked.search_s / MINUTES, before.search_min), mean(parked.walk_m, before.walk_m)
    )


def _nowhere(count: int, segments: int) -> Parked:
    """Return what became of so many cars before any has come."""
    return Parked(
        outcome=np.full(count, GONE, np.int8),
        bay=np.full(count, -1, np.int32),
        search_s=np.zeros(count),
        walk_m=np.zeros(count),
        stop=np.full(count, -1, np.int32),
        leave=np.full(count, -1, np.int32),
        driven=np.zeros((segments, HOURS)),
        cruised=np.zeros((HOURS, segments)),
        cruised_m=np.zeros(count),
    )


@borrowing
def _park(
    seed: np.uint64,
    order: Ints,
    cars: Cars,
    place: _Place,
    habits: Habits,
    notes: Notes,
    leaving: _Leaving,
    parked: Parked,
) -> None:
    """Let cars park in this order, and write in ``parked`` what becomes of each."""
    kerb, stock, garages, net, roads, gates = place
    clock = 0
    for number in range(len(order)):
        at = int(order[number])
        key, aim, garage = cars.key[at], cars.aim[at], cars.garage[at]
        now = max(float(cars.arrive_s[at]), 0.0)
        while clock <= now and clock <= SECONDS:
            if leaving.first[clock] >= 0:
                _let_leave(leaving, clock, parked.outcome, parked.bay, kerb, stock)
            clock += 1
        hour = min(int(now / HOUR_S), HOURS - 1)
        state = roads.state_of_hour[(hour + FIRST_HOUR) % HOURS]
        car = Driving(int(at), key, cars.x_m[at], cars.y_m[at], hour, cars.is_there[at])
        driver = driver_of(
            seed, key, int(cars.who[at]), int(cars.permit_zone[at]), now, float(cars.stay_s[at])
        )
        search = Search(-1, aim, -1, 0.0, 0.0)
        if not car.is_there:
            into = roads.into[int(uniform(seed, key, decisions.VIEW, 0) * ROUTES), state]
            gate = gate_between(seed, key, decisions.GATE_IN, gates.until_in, into, gates.node, aim)
            if gate < 0:
                continue
            if garage < 0:
                search = approach(
                    seed, car, driver, into[gate], aim, kerb, stock, net, habits, notes
                )
            parked.stop[at] = search.node
        if garage >= 0 and stock.in_garage[garage] == 0:
            search, garage = Search(-1, aim, -1, GARAGE_FULL_S, 0.0), -1
        if garage < 0 and search.found < 0:
            is_open = roads.is_open[state]
            search = look_around(
                seed, car, driver, search, kerb, stock, net, is_open, habits, notes
            )
        parked.search_s[at], parked.cruised_m[at] = search.spent_s, search.cruised_m
        parked.outcome[at], parked.bay[at], parked.walk_m[at] = _settled(
            seed, car, driver.who, garage, search.found, kerb, stock, garages, habits
        )
        if parked.outcome[at] != GONE:
            parked.leave[at] = search.node
            # Whoever leaves in the second in which they came leaves in the next.
            ends = max(int(min(now + search.spent_s + driver.stay_s, DAY_S + 1.0)), clock)
            leaving.following[at] = leaving.first[ends]
            leaving.first[ends] = at


@borrowing
def _let_leave(
    leaving: _Leaving,
    second: int,
    outcome: NDArray[np.int8],
    bay: NDArray[np.int32],
    kerb: Kerb,
    stock: Stock,
) -> None:
    """Give back the spaces of the cars that leave in a second."""
    car = leaving.first[second]
    while car >= 0:
        if outcome[car] == PARKED:
            take(kerb, stock, int(bay[car]), -1)
        elif outcome[car] == IN_GARAGE:
            stock.in_garage[bay[car]] += 1
        car = leaving.following[car]


@borrowing
def _settled(
    seed: np.uint64,
    car: Driving,
    who: int,
    garage: int,
    found: int,
    kerb: Kerb,
    stock: Stock,
    garages: _Garages,
    habits: Habits,
) -> tuple[int, int, float]:
    """Return outcome, group or garage, and walk: of a garage chosen, a group found, or neither."""
    if garage >= 0:
        stock.in_garage[garage] -= 1
        walk_m = apart(garages.x_m[garage], garages.y_m[garage], car.x_m, car.y_m)
        return IN_GARAGE, garage, walk_m * habits.detour
    if found >= 0:
        take(kerb, stock, found, 1)
        walk_m = apart(kerb.x_m[found], kerb.y_m[found], car.x_m, car.y_m)
        return PARKED, found, walk_m * habits.detour
    return _otherwise(seed, car, who, stock.in_garage, garages, habits)


@borrowing
def _otherwise(
    seed: np.uint64,
    car: Driving,
    who: int,
    in_garage: Ints,
    garages: _Garages,
    habits: Habits,
) -> tuple[int, int, float]:
    """Return outcome, garage and walk of a car that found no space: a garage, wrongly, or gone."""
    best, garage = np.inf, -1
    pays = who != RESIDENT or uniform(seed, car.key, decisions.PAYS, 0) < habits.home_garage
    if pays and who != VAN_DRIVER and not car.is_there:
        for each in range(len(in_garage)):
            far_m = apart(garages.x_m[each], garages.y_m[each], car.x_m, car.y_m) * habits.detour
            is_near = far_m <= FALL_BACK_WALK * habits.walk_most_m
            if in_garage[each] > 0 and is_near and far_m < best:
                best, garage = far_m, each
    if garage >= 0:
        in_garage[garage] -= 1
        return IN_GARAGE, garage, best
    is_wrong = uniform(seed, car.key, decisions.WRONGLY, 0) < habits.wrongly
    return (WRONGLY if is_wrong or who == VAN_DRIVER else GONE), -1, 0.0
