"""Cars: where each one parks, how long it searches, and along which streets it drives.

Drivers behave as in PARKAGENT (Benenson, Martens & Birfir 2008; constants as in matsim-libs): they
look about them on the way, take a space when few are to be expected ahead, and else search around
their destination, accepting a longer walk the longer it takes.
"""

from math import exp, hypot
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from scenarios.day.compiled import compiled
from scenarios.day.draws import Keys, child, children, chooser, lag, lag_below, uniform, uniforms
from scenarios.day.kinds import FIRST_HOUR, HOURS, LEAVING, LEAVING_WEEKEND, THROUGH
from scenarios.day.network import Floats, Ints
from scenarios.day.parameters import Local, Parameters
from scenarios.day.people import DELIVERY, GARAGE, KERB, VAN, WORK, Expected, People
from scenarios.day.town import ROUTES, Town
from twin.layers import BAY_KINDS

DAY_S = 86_400

RESIDENT, VISITOR, WORKER, VAN_DRIVER = range(4)
WHO = ("resident", "visitor", "worker", "van")

PARKED, IN_GARAGE, WRONGLY, GONE = range(4)
OUTCOMES = ("parked", "in a garage", "parked wrongly", "gone elsewhere")

# How willingly each of `WHO` takes each kind of bay: 0 never, else the least is taken first.
_TAKES = {
    "public": (2, 1, 1, 3),
    "permit": (1, 0, 0, 0),
    "paid": (3, 2, 2, 4),
    "loading": (0, 0, 0, 1),
    "disabled": (0, 0, 0, 0),
    "shared_car": (0, 0, 0, 0),
    "charging": (0, 0, 0, 0),
    "short_stay": (0, 1, 0, 2),
}

(_LEAVES, _WHEN, _MINUTE, _AWAY, _AWAY_2, _ORDER, _GATE_IN, _GATE_OUT, _VIEW, _PATIENCE, _PATIENCE_2,
 _STOPS, _WRONG, _PASSES, _BYPASS, _EV, _CARD) = range(200, 217)  # fmt: skip
_TURN = 1000

EV_SHARE = 0.08
CARD_SHARE = 0.02
"""Drivers who can use a charging bay, and who have a disabled parking card (assumed)."""

TOO_FAR_M = 80.0
TURNING_BACK = 20.0
SEARCHED_BEFORE = 4.0
"""A way that leads so much beyond the accepted walk, straight back, or along a segment searched
before is chosen e, 20 and 4 times less often than one that does not (assumed)."""

PATIENCE_LOG_SD = 0.4
AWAY_LOG_SD = 0.5
WEEKEND_LEAVING = 0.7
LEAVING_UNTIL_S = DAY_S

THROUGH_SHARE = 0.6
"""Part of the cars at the edge of the place that only pass through (assumed)."""

BYPASS_PER_MIN = 0.25
BYPASS_DETOUR = 1.6
BYPASS_MIN = 4.0
BYPASS_MS = 9.0
"""Going around the place: its length against the straight line, extra minutes, speed (assumed)."""


class Cars(NamedTuple):
    """Every car that wants to park, in the order in which they arrive.

    ``person`` is the position in `People` (-1 for a resident's own car); ``garage`` the garage that
    was chosen beforehand (-1: the kerb). ``aim`` is the node driven to, ``is_there`` whether the car
    was in the place when the day began.
    """

    key: Keys
    who: NDArray[np.int8]
    person: NDArray[np.int32]
    home: NDArray[np.int32]
    x_m: Floats
    y_m: Floats
    aim: NDArray[np.int32]
    zone: NDArray[np.int32]
    permit_zone: NDArray[np.int32]
    arrive_s: Floats
    stay_s: Floats
    garage: NDArray[np.int32]
    is_there: NDArray[np.bool_]


class Parked(NamedTuple):
    """What became of each car, and where cars drove.

    ``bay`` is the group of bays (or the garage, for those in one; -1 for neither). ``driven`` and
    ``cruised`` are cars along each segment by hour of the simulated day: on their way, and in search.
    """

    outcome: NDArray[np.int8]
    bay: NDArray[np.int32]
    search_s: Floats
    walk_m: Floats
    driven: Floats
    cruised: Floats
    cruised_m: Floats


def resident_cars(
    town: Town, parameters: Parameters, seed: np.uint64, local: Local
) -> list[NDArray[np.generic]]:
    """Return the cars of residents: those there when the day begins, then those that come back."""
    usual = town.home_cars >= 0
    per = np.where(usual, town.home_cars * parameters.cars_per_dwelling, -town.home_cars)
    wanted = town.homes.size * per
    wanted = np.where(usual, wanted * local.of(town.squares)[town.home_zone_of_search, 2], wanted)
    counts = np.floor(wanted + uniforms(seed, town.homes.key, 90)).astype(np.int64)
    counts[town.home_aim[0] < 0] = 0
    homes = np.repeat(np.arange(len(counts)), counts)
    keys = children(town.homes.key + np.uint64(7), counts)
    is_weekend = town.day in {"saturday", "sunday"}
    leaving = parameters.leaving * (WEEKEND_LEAVING if is_weekend else 1.0)
    profile = LEAVING_WEEKEND if is_weekend else LEAVING
    until = np.cumsum(np.roll(profile, -FIRST_HOUR))
    leave_s, back_s = _outings(keys, seed, leaving, until, parameters.away_min * 60.0)
    gone = leave_s < DAY_S
    back = gone & (back_s < DAY_S)
    order = uniforms(seed, keys, _ORDER)
    there = len(keys)
    parts = [
        np.concatenate([keys, keys[back] + np.uint64(1)]),
        np.concatenate([homes, homes[back]]),
        np.concatenate([-order, back_s[back]]),
        np.concatenate([np.where(gone, leave_s, DAY_S), np.full(back.sum(), float(DAY_S))]),
        np.arange(there + int(back.sum())) < there,
    ]
    parts[3] = np.maximum(parts[3] - np.maximum(parts[2], 0.0), 60.0)
    return parts


@compiled
def _outings(keys, seed, leaving, until, away_s):
    leave = np.full(len(keys), float(DAY_S))
    back = np.full(len(keys), float(DAY_S))
    for at in range(len(keys)):
        if uniform(seed, keys[at], _LEAVES, 0) < leaving:
            u = uniform(seed, keys[at], _WHEN, 0)
            hour = 0
            while hour < 23 and until[hour] < u:
                hour += 1
            leave[at] = (hour + uniform(seed, keys[at], _MINUTE, 0)) * 3600.0
            back[at] = leave[at] + away_s * exp(AWAY_LOG_SD * _normal(seed, keys[at], _AWAY))
    return leave, back


@compiled
def _normal(seed, agent, decision):
    one = uniform(seed, agent, decision, 0)
    other = uniform(seed, agent, decision, 1)
    return np.sqrt(-2.0 * np.log(one)) * np.cos(2.0 * np.pi * other)


def all_cars(
    town: Town, parameters: Parameters, seed: np.uint64, people: People, local: Local
) -> Cars:
    """Return every car that wants to park, residents' and visitors'."""
    key, home, arrive, stay, is_there = resident_cars(town, parameters, seed, local)
    by_car = np.flatnonzero((people.mode == KERB) | (people.mode == GARAGE) | (people.mode == VAN))
    thing = people.thing[by_car].astype(np.int64)
    at_home = (people.purpose[by_car] == 3) | (thing < -1)
    thing = np.where(thing < -1, -thing - 2, thing)
    mode, purpose = people.mode[by_car], people.purpose[by_car]
    when = people.arrive_s[by_car]
    hour = (when // 3600).astype(np.int64)
    state = town.roads.state_of_hour[(hour + FIRST_HOUR) % HOURS]
    first_state = town.roads.state_of_hour[(np.maximum(arrive, 0) // 3600).astype(np.int64) % HOURS]
    who = np.where(mode == VAN, VAN_DRIVER, np.where(purpose == WORK, WORKER, VISITOR))
    none = np.full(len(key), -1)

    def both(of_home: NDArray[np.generic], of_attractor: NDArray[np.generic]) -> Floats:
        own = of_home[home]
        other = np.where(
            at_home,
            of_home[np.where(at_home, thing, 0)] if len(of_home) else 0,
            of_attractor[np.where(at_home, 0, thing)] if len(of_attractor) else 0,
        )
        return np.concatenate([own, other])

    aims = np.concatenate(
        [
            town.home_aim[first_state, home],
            np.where(
                at_home,
                town.home_aim[state, np.where(at_home, thing, 0)] if len(town.homes.key) else -1,
                town.aim[state, np.where(at_home, 0, thing)] if len(town.attractors.key) else -1,
            ),
        ]
    )
    cars = Cars(
        key=np.concatenate([key, people.key[by_car]]),
        who=np.concatenate([np.full(len(key), RESIDENT), who]).astype(np.int8),
        person=np.concatenate([none, by_car]).astype(np.int32),
        home=np.concatenate([home, np.full(len(by_car), -1)]).astype(np.int32),
        x_m=both(town.homes.x_m, town.attractors.x_m),
        y_m=both(town.homes.y_m, town.attractors.y_m),
        aim=aims.astype(np.int32),
        zone=both(town.home_zone_of_search, town.zone).astype(np.int32),
        permit_zone=np.concatenate([town.home_zone[home], np.full(len(by_car), -1)]).astype(
            np.int32
        ),
        arrive_s=np.concatenate([arrive, when]),
        stay_s=np.concatenate([stay, people.stay_s[by_car]]),
        garage=np.concatenate([none, np.where(mode == GARAGE, people.end[by_car], -1)]).astype(
            np.int32
        ),
        is_there=np.concatenate([is_there, np.zeros(len(by_car), bool)]),
    )
    order = np.lexsort((cars.key, cars.arrive_s))
    return Cars(*(column[order] for column in cars))


class _Kerb(NamedTuple):
    """The bays as the search needs them: by segment, who takes which, and when.

    ``spaces_on`` is (who, segments): the spaces along a segment of the kinds each of `WHO` takes.
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


def _kerb(town: Town) -> _Kerb:
    segments = len(town.length_m)
    order = np.argsort(town.bays.segment, kind="stable")
    order = order[town.bays.segment[order] >= 0]
    first = np.concatenate(
        [[0], np.cumsum(np.bincount(town.bays.segment[order], minlength=segments))]
    )
    takes = np.array([_TAKES[kind] for kind in BAY_KINDS], np.int8)[town.bay_kind]
    capacity = town.bays.size.astype(np.int64)
    spaces = [
        np.bincount(town.bays.segment[order], (capacity * taken)[order], minlength=segments)
        for taken in (takes > 0).T
    ]
    return _Kerb(
        first=first.astype(np.int64),
        group=order,
        capacity=capacity,
        spaces_on=np.array(spaces).astype(np.int64),
        segment=town.bays.segment,
        takes=takes,
        max_stay_s=town.bay_max_stay_min * 60.0,
        zone=town.bay_zone,
        x_m=town.bays.x_m,
        y_m=town.bays.y_m,
    )


class _Habits(NamedTuple):
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
    wrongly: float


def _habits(parameters: Parameters) -> _Habits:
    return _Habits(
        parameters.observe_m,
        parameters.seek_m,
        parameters.few_ahead,
        parameters.many_ahead,
        parameters.walk_first_m,
        parameters.walk_more_m_min / 60.0,
        parameters.walk_most_m,
        parameters.patience_min * 60.0,
        parameters.patience_home_min * 60.0,
        parameters.cruise_kmh / 3.6,
        parameters.detour,
        parameters.wrongly,
    )


def park(
    town: Town, parameters: Parameters, seed: np.uint64, cars: Cars, subscribers: Ints
) -> Parked:
    """Let every car search and park.

    Parameters
    ----------
    subscribers
        Places of each garage that those who subscribe take at most.
    """
    roads = town.roads
    room = np.maximum(town.garages.size.astype(np.int64) - subscribers, 0)
    weight_in = np.cumsum(roads.weight_in) / max(roads.weight_in.sum(), 1.0)
    weight_out = np.cumsum(roads.weight_out) / max(roads.weight_out.sum(), 1.0)
    return Parked(
        *_park(
            seed,
            cars,
            _kerb(town),
            room,
            town.garages.x_m,
            town.garages.y_m,
            roads,
            weight_in,
            weight_out,
            town.length_m,
            town.middle_x_m,
            town.middle_y_m,
            roads.x_m,
            roads.y_m,
            _habits(parameters),
        )
    )


@compiled
def _preference(kerb, group, who, permit_zone, stay_s, has_plug, has_card):
    """Return how willingly a driver takes a group of bays: 0 never, else the least first."""
    kind = kerb.takes[group, who]
    if kind == 0:
        return 0
    if stay_s > kerb.max_stay_s[group] and who != RESIDENT:
        return 0
    if who == RESIDENT and kerb.zone[group] != permit_zone and kind != 2:
        return 0
    if who != RESIDENT and kerb.zone[group] >= 0 and who != VAN_DRIVER:
        return 0
    return kind


@compiled
def _choice(kerb, free, segment, who, permit_zone, stay_s, has_plug, has_card):
    """Return the group of bays on a segment that a driver takes, -1 if none is free."""
    chosen, best = -1, 100
    for at in range(kerb.first[segment], kerb.first[segment + 1]):
        group = kerb.group[at]
        if free[group] > 0:
            liked = _preference(kerb, group, who, permit_zone, stay_s, has_plug, has_card)
            if 0 < liked < best:
                best = liked
                chosen = group
    return chosen


@compiled
def _taken(free, free_on, takes, segment, group, change):
    free[group] += change
    for who in range(takes.shape[1]):
        if takes[group, who] > 0:
            free_on[who, segment] += change


@compiled
def _gate(seed, key, decision, until, arc, gate_node, node):
    """Return a gate by weight, of those with a way between it and a node; -1 for none.

    ``arc`` is (gates, nodes): -1 where there is no way.
    """
    for attempt in range(6):
        u = uniform(seed, key, decision, attempt)
        gate = 0
        while gate < len(until) - 1 and until[gate] < u:
            gate += 1
        if len(until) and (arc[gate, node] >= 0 or gate_node[gate] == node):
            return gate
    for gate in range(len(until)):
        if arc[gate, node] >= 0 or gate_node[gate] == node:
            return gate
    return -1


@compiled
def _park(
    seed, cars, kerb, room, garage_x, garage_y, roads, until_in, until_out, length_m, middle_x,
    middle_y, node_x, node_y, habits,
):  # fmt: skip
    count = len(cars.key)
    segments = len(length_m)
    free = kerb.capacity.copy()
    free_on = kerb.spaces_on.copy()
    garage_free = room.copy()
    outcome = np.full(count, GONE, np.int8)
    bay = np.full(count, -1, np.int32)
    search_s = np.zeros(count)
    walk_m = np.zeros(count)
    cruised_m = np.zeros(count)
    driven = np.zeros((HOURS, segments))
    cruised = np.zeros((HOURS, segments))
    leaving_first = np.full(DAY_S + 2, -1, np.int32)
    leaving_next = np.full(count, -1, np.int32)
    clock = 0
    path = np.empty(len(node_x) + 1, np.int64)
    ahead = np.empty(len(node_x) + 2)
    searched = np.full(segments, -1, np.int64)
    for at in range(count):
        key, who = cars.key[at], cars.who[at]
        now = max(cars.arrive_s[at], 0.0)
        while clock <= now and clock <= DAY_S:
            leaver = leaving_first[clock]
            while leaver >= 0:
                if outcome[leaver] == PARKED:
                    group = bay[leaver]
                    _taken(free, free_on, kerb.takes, kerb.segment[group], group, 1)
                elif outcome[leaver] == IN_GARAGE:
                    garage_free[bay[leaver]] += 1
                leaver = leaving_next[leaver]
            clock += 1
        hour = min(int(now // 3600.0), HOURS - 1)
        state = roads.state_of_hour[(hour + FIRST_HOUR) % HOURS]
        view = int(uniform(seed, key, _VIEW, 0) * ROUTES)
        aim = cars.aim[at]
        x, y = cars.x_m[at], cars.y_m[at]
        permit_zone, stay_s = cars.permit_zone[at], cars.stay_s[at]
        plug = uniform(seed, key, _EV, 0) < EV_SHARE
        card = uniform(seed, key, _CARD, 0) < CARD_SHARE
        found = -1
        spent_s = 0.0
        drives_in = not cars.is_there[at]
        node = aim
        last = -1
        if aim < 0:
            outcome[at] = GONE
            continue
        if drives_in:
            gate = _gate(seed, key, _GATE_IN, until_in, roads.into[view, state], roads.gate, aim)
            if gate < 0:
                outcome[at] = GONE
                continue
            steps = 0
            back = aim
            while roads.into[view, state, gate, back] >= 0:
                arc = roads.into[view, state, gate, back]
                path[steps] = arc
                steps += 1
                back = roads.tail[arc]
            if cars.garage[at] >= 0:
                for step in range(steps):
                    driven[hour, roads.graph.segment[path[step]]] += 1.0
            else:
                # `ahead[s]`: spaces from step s (counted from the aim) on to the aim.
                left_m = 0.0
                ahead[0] = 0.0
                for step in range(steps):
                    segment = roads.graph.segment[path[step]]
                    left_m += length_m[segment]
                    ahead[step + 1] = ahead[step] + kerb.spaces_on[who, segment]
                seen, empty = 1.0, 1.0
                for step in range(steps - 1, -1, -1):
                    segment = roads.graph.segment[path[step]]
                    driven[hour, segment] += 1.0
                    left_m -= length_m[segment]
                    last = segment
                    if left_m > habits.observe_m:
                        continue
                    seen += kerb.spaces_on[who, segment]
                    vacant = free_on[who, segment]
                    empty += vacant
                    if vacant == 0 or left_m > habits.seek_m:
                        continue
                    expected = ahead[step] * empty / seen
                    stop = (habits.many - expected) / (habits.many - habits.few)
                    if stop >= 1.0 or (stop > 0.0 and uniform(seed, key, _STOPS, segment) < stop):
                        found = _choice(kerb, free, segment, who, permit_zone, stay_s, plug, card)
                        if found >= 0:
                            node = roads.graph.head[path[step]]
                            break
        garage = cars.garage[at]
        if garage >= 0:
            if garage_free[garage] > 0:
                garage_free[garage] -= 1
                outcome[at] = IN_GARAGE
                bay[at] = garage
            else:
                spent_s = 120.0
        if outcome[at] != IN_GARAGE and found < 0:
            patience = habits.patience_home_s if who == RESIDENT else habits.patience_s
            patience *= exp(PATIENCE_LOG_SD * _normal(seed, key, _PATIENCE))
            if who == VAN_DRIVER:
                patience = 60.0
            nth = 0
            if cars.is_there[at]:
                patience = max(patience, habits.patience_home_s)
            while spent_s < patience:
                accepted = min(
                    habits.walk_first_m + habits.walk_more_m_s * spent_s, habits.walk_most_m
                )
                best, arc = np.inf, -1
                turn = chooser(seed, key, _TURN + nth)
                for each in range(roads.graph.first[node], roads.graph.first[node + 1]):
                    segment = roads.graph.segment[each]
                    if not roads.is_open[state, segment]:
                        continue
                    head = roads.graph.head[each]
                    far = hypot(node_x[head] - x, node_y[head] - y) * habits.detour
                    slower = exp((far - accepted) / TOO_FAR_M) if far > accepted else 1.0
                    if segment == last:
                        slower *= TURNING_BACK
                    elif searched[segment] == at:
                        slower *= SEARCHED_BEFORE
                    late = lag_below(turn, np.uint64(segment), slower, best)
                    if late < best:
                        best = late
                        arc = each
                if arc < 0:
                    break
                segment = roads.graph.segment[arc]
                spent_s += max(length_m[segment] / habits.cruise_ms, 3.0)
                if not cars.is_there[at]:
                    cruised[hour, segment] += 1.0
                    cruised_m[at] += length_m[segment]
                node = roads.graph.head[arc]
                last = segment
                searched[segment] = at
                nth += 1
                accepted = min(
                    habits.walk_first_m + habits.walk_more_m_s * spent_s, habits.walk_most_m
                )
                if free_on[who, segment] == 0:
                    continue
                group = _choice(kerb, free, segment, who, permit_zone, stay_s, plug, card)
                if group >= 0:
                    walk = hypot(kerb.x_m[group] - x, kerb.y_m[group] - y) * habits.detour
                    if walk <= accepted:
                        found = group
                        break
            search_s[at] = spent_s
        if found >= 0:
            outcome[at] = PARKED
            bay[at] = found
            _taken(free, free_on, kerb.takes, kerb.segment[found], found, -1)
            walk_m[at] = hypot(kerb.x_m[found] - x, kerb.y_m[found] - y) * habits.detour
        elif outcome[at] == IN_GARAGE:
            walk_m[at] = hypot(garage_x[garage] - x, garage_y[garage] - y) * habits.detour
        else:
            if who != VAN_DRIVER and not cars.is_there[at]:
                best = np.inf
                for each in range(len(garage_free)):
                    far = hypot(garage_x[each] - x, garage_y[each] - y) * habits.detour
                    if garage_free[each] > 0 and far < best and far <= 1.5 * habits.walk_most_m:
                        best = far
                        bay[at] = each
                if bay[at] >= 0:
                    outcome[at] = IN_GARAGE
                    garage_free[bay[at]] -= 1
                    walk_m[at] = best
            if outcome[at] == GONE:
                is_wrong = uniform(seed, key, _WRONG, 0) < habits.wrongly
                if is_wrong or who == VAN_DRIVER:
                    outcome[at] = WRONGLY
        if outcome[at] != GONE:
            ends = int(min(now + spent_s + stay_s, DAY_S + 1.0))
            leaving_next[at] = leaving_first[ends]
            leaving_first[ends] = at
            if ends < DAY_S:
                _drive_out(seed, key, roads, until_out, view, node, ends, driven)
    return outcome, bay, search_s, walk_m, driven.T.copy(), cruised.T.copy(), cruised_m


@compiled
def _drive_out(seed, key, roads, until_out, view, node, ends, driven):
    hour = min(int(ends // 3600), HOURS - 1)
    state = roads.state_of_hour[(hour + FIRST_HOUR) % HOURS]
    gate = _gate(seed, key, _GATE_OUT, until_out, roads.out[view, state], roads.gate, node)
    if gate < 0:
        return
    while roads.out[view, state, gate, node] >= 0:
        arc = roads.out[view, state, gate, node]
        driven[hour, roads.back.segment[arc]] += 1.0
        node = roads.back_tail[arc]


def through(town: Town, seed: np.uint64) -> tuple[Floats, int, int]:
    """Return cars along each segment by hour that only pass through, how many, how many go around."""
    roads = town.roads
    wanted = roads.weight_in * THROUGH_SHARE / 2
    until = np.cumsum(np.roll(THROUGH, -FIRST_HOUR))
    x, y = roads.x_m[roads.gate], roads.y_m[roads.gate]
    apart = np.hypot(x[:, None] - x, y[:, None] - y)
    pull = roads.weight_out * (1 - np.exp(-apart / 400.0))
    total = np.maximum(pull.sum(axis=1, keepdims=True), 1e-9)
    key = roads.gate_key
    return _through(
        seed, key, wanted, np.cumsum(pull, axis=1) / total, until, apart, roads,
        len(town.length_m),
    )  # fmt: skip


@compiled
def _through(seed, key, wanted, until_out, until, apart, roads, segments):
    driven = np.zeros((HOURS, segments))
    passed, around = 0, 0
    for gate in range(len(wanted)):
        for number in range(int(wanted[gate] + 0.5)):
            agent = child(key[gate], number)
            u = uniform(seed, agent, _GATE_OUT, 0)
            other = 0
            while other < len(until_out) - 1 and until_out[gate, other] < u:
                other += 1
            if other == gate:
                continue
            u = uniform(seed, agent, _WHEN, 0)
            hour = 0
            while hour < HOURS - 1 and until[hour] < u:
                hour += 1
            state = roads.state_of_hour[(hour + FIRST_HOUR) % HOURS]
            view = int(uniform(seed, agent, _VIEW, 0) * ROUTES)
            to = roads.gate[other]
            cost_min = roads.cost_s[view, state, gate, to] / 60.0
            detour_min = apart[gate, other] * BYPASS_DETOUR / BYPASS_MS / 60.0 + BYPASS_MIN
            stays = lag(seed, agent, _BYPASS, np.uint64(0)) * exp(BYPASS_PER_MIN * cost_min)
            goes = lag(seed, agent, _BYPASS, np.uint64(1)) * exp(BYPASS_PER_MIN * detour_min)
            if not stays < goes:
                around += 1
                continue
            passed += 1
            node = to
            while roads.into[view, state, gate, node] >= 0:
                arc = roads.into[view, state, gate, node]
                driven[hour, roads.graph.segment[arc]] += 1.0
                node = roads.tail[arc]
    return driven.T.copy(), passed, around


def expectations(town: Town, cars: Cars, parked: Parked, before: Expected, blocks: int) -> Expected:
    """Return what drivers come to expect of a zone and hours, from what happened to them.

    Each mean is weighed with what was expected before, as if that were ten more cars.
    """
    looked = (cars.garage < 0) & ~cars.is_there
    hour = (np.clip(cars.arrive_s[looked] // 3600, 0, HOURS - 1).astype(int) + FIRST_HOUR) % HOURS
    block = hour // (HOURS // blocks)
    cell = cars.zone[looked] * blocks + block
    shape = before.search_min.shape
    count = np.bincount(cell, minlength=shape[0] * shape[1]).reshape(shape)

    def mean(values: Floats, prior: Floats) -> Floats:
        total = np.bincount(cell, values[looked], minlength=shape[0] * shape[1]).reshape(shape)
        return (total + 10 * prior) / (count + 10)

    return Expected(
        mean(parked.search_s / 60.0, before.search_min), mean(parked.walk_m, before.walk_m)
    )


__all__ = ["DELIVERY", "Cars", "Parked", "all_cars", "expectations", "park", "through"]
