"""`Town`: a city as the simulated day needs it, plain arrays and shortest paths."""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.spatial import cKDTree

from scenarios.day.compiled import compiled
from scenarios.day.draws import Keys, keys_of, uniforms
from scenarios.day.kinds import FIRST_HOUR, HOURS, KINDS, WEEKDAY, DayKind
from scenarios.day.network import (
    Flags,
    Floats,
    Graph,
    Ints,
    Walks,
    make_graph,
    reverse,
    trees,
    walks_to,
)
from twin.city import City
from twin.layers import BAY_KINDS, LAYER_BY_NAME
from twin.place.frames import flags, geometries, numbers, texts
from twin.rules import Rules

WALK_REACH_M = 1000.0
"""Nobody is taken to walk further within the place."""

GATE_WITHIN_M = 60.0
"""A street that ends this near the edge of the place leads out of it."""

ROUTES = 3
"""Drivers see travel times differently: so many views, each with shortest paths of its own."""

VIEW_LOG_SD = 0.2
"""How far a driver's view of a segment's travel time lies from what it is (assumed)."""

GATE_WEIGHT = {
    "motorway": 20_000.0,
    "trunk": 16_000.0,
    "primary": 12_000.0,
    "secondary": 7_000.0,
    "tertiary": 3_000.0,
    "unclassified": 900.0,
    "residential": 500.0,
}
"""Cars a day on a street that leaves the place, both ways (assumed, by class); others 200."""

STOP_WEIGHT = {"train": 12.0, "metro": 8.0, "tram": 2.0, "bus": 1.0, "ferry": 1.0}
"""How many get off at a stop, against a bus stop (assumed)."""

GUEST_TIME = 1.6
"""Travel time of a car along a bicycle street, against one without bicycles ahead (assumed)."""

PRICE_UNKNOWN_EUR_H = 3.0
GARAGE_EUR_H = 4.0
"""Tariffs where the place does not say what paid bays and garages cost (assumed)."""

PAID_FROM_H, PAID_UNTIL_H = 9.0, 21.0
"""Hours in which paid bays are paid for where no rule says otherwise (assumed; not on Sundays)."""

PRICE_REACH_M = 300.0
"""The tariff that matters to a visitor is that of the bays within this distance."""

ZONE_M = 250.0
"""Drivers know how hard it is to find a space by squares of this size."""

_SUNDAY = 6


class Things(NamedTuple):
    """Rows of one layer: key, segment (-1: none), metres along it, position (m), and size."""

    key: Keys
    segment: Ints
    along_m: Floats
    x_m: Floats
    y_m: Floats
    size: Floats


class Near(NamedTuple):
    """Things within reach of each root, the nearest first: ``first[root]`` to ``first[root+1]``.

    ``thing`` is its position in its layer, ``far_m`` the walk between them.
    """

    first: Ints
    thing: Ints
    far_m: Floats


class Roads(NamedTuple):
    """What a car needs to find its way: arcs, and trees by view, state of closure and gate.

    Nodes are numbered among those that cars use; ``node`` is the town's number of each, ``gate``
    counts in theirs. ``into`` is the arc by which a node is reached from a gate, ``cost_s`` how long it takes;
    ``out`` the arc of ``back`` (the graph turned round) by which a node leads to a gate.
    """

    graph: Graph
    tail: Ints
    back: Graph
    back_tail: Ints
    node: Ints
    x_m: Floats
    y_m: Floats
    is_open: Flags
    into: NDArray[np.int32]
    cost_s: NDArray[np.float32]
    out: NDArray[np.int32]
    state_of_hour: Ints
    gate: Ints
    gate_key: Keys
    weight_in: Floats
    weight_out: Floats


@dataclass(frozen=True, eq=False)
class Town:
    """A city on one kind of day."""

    day: DayKind
    names: dict[str, list[str]]
    node_x_m: Floats
    node_y_m: Floats
    segment_key: Keys
    start: Ints
    end: Ints
    length_m: Floats
    middle_x_m: Floats
    middle_y_m: Floats
    is_car: Flags
    walks_on: Flags
    pavement_m: Floats
    roads: Roads
    roots: Ints
    walks: Walks
    attractors: Things
    attractor_kind: Ints
    homes: Things
    home_cars: Floats
    home_bikes_out: Floats
    bays: Things
    bay_kind: Ints
    bay_zone: Ints
    home_zone: Ints
    bay_price_eur_h: Floats
    bay_paid: Flags
    bay_max_stay_min: Floats
    garages: Things
    racks: Things
    stops: Things
    counters: Things
    gates_on_foot: Things
    root_of_segment: Ints
    shops_near: tuple[Near, ...]
    stops_near: Near
    gates_near: Near
    racks_near: Near
    garages_near: Near
    aim: Ints
    home_aim: Ints
    zone: Ints
    home_zone_of_search: Ints
    squares: Ints
    price_near_eur_h: Floats
    home_price_near_eur_h: Floats
    stop_weight: Floats
    round_d: Floats
    label_d: Floats
    event_visitors: Floats
    event_hours: Flags

    @property
    def segments(self) -> list[str]:
        """The names of the segments, in the order of every array of segments."""
        return self.names["segments"]

    @property
    def zones(self) -> int:
        """The number of squares."""
        return len(self.squares)

    @classmethod
    def of(cls, city: City, day: DayKind = "weekday") -> "Town":
        """Read a city."""
        return _Reading(city, day).town()


_KEPT_WALKS = 6
_walks: OrderedDict[bytes, tuple[Walks, Ints]] = OrderedDict()


class _Reading:
    """Reads a city step by step; what several steps need is kept here."""

    def __init__(self, city: City, day: DayKind) -> None:
        self.city = city
        self.day = day
        self.weekday = WEEKDAY[day]
        frame = city.segments
        self.segments = _texts(frame, "segment")
        self.at = {name: index for index, name in enumerate(self.segments)}
        starts, ends = _texts(frame, "from_junction"), _texts(frame, "to_junction")
        nodes = sorted({*starts, *ends})
        self.node_at = {name: index for index, name in enumerate(nodes)}
        self.start = np.array([self.node_at[name] for name in starts], np.int64)
        self.end = np.array([self.node_at[name] for name in ends], np.int64)
        self.length_m = np.maximum(numbers(frame, "length_m"), 0.5)
        self.key = keys_of("segments", self.segments)
        self._place_nodes(len(nodes))
        self.forward, self.backward = flags(frame, "car_forward"), flags(frame, "car_backward")
        self.walk = flags(frame, "walk")
        self.highway = _texts(frame, "highway")

    def _place_nodes(self, count: int) -> None:
        lines = geometries(self.city.segments)
        self.node_x, self.node_y = np.zeros(count), np.zeros(count)
        first, last = shapely.get_point(lines, 0), shapely.get_point(lines, -1)
        for ends, points in ((self.end, last), (self.start, first)):
            self.node_x[ends], self.node_y[ends] = shapely.get_x(points), shapely.get_y(points)
        middle = shapely.line_interpolate_point(lines, 0.5, normalized=True)
        self.middle_x, self.middle_y = shapely.get_x(middle), shapely.get_y(middle)

    def town(self) -> Town:
        """Return it all."""
        attractors, kinds = self._attractors()
        homes = self._homes()
        things = {name: self._things(name) for name in ("garages", "racks", "stops", "counters")}
        bays = self._things("bays")
        walks, roots = self._walk(attractors, homes, things["stops"])
        root_of = np.full(len(self.segments), -1, np.int64)
        root_of[roots] = np.arange(len(roots))
        gates = self._gates_on_foot()
        roads = self._roads()
        near = {
            name: self._near(walks, thing, reach)
            for name, thing, reach in (
                ("stops", things["stops"], 800.0),
                ("gates", gates, 1000.0),
                ("racks", things["racks"], 300.0),
                ("garages", things["garages"], 700.0),
            )
        }
        kind_names = list(KINDS)
        rules = self.city.rules
        squares, zone = _squares(
            np.concatenate([attractors.x_m, homes.x_m]), np.concatenate([attractors.y_m, homes.y_m])
        )
        round_d, label_d = self._rounds(rules)
        visitors, hours = self._events(rules, attractors)
        return Town(
            day=self.day,
            names={
                "segments": self.segments,
                **{
                    name: _texts(self.city.layers[name], LAYER_BY_NAME[name].key)
                    for name in ("bays", "garages", "racks", "counters", "attractors")
                },
                "kinds": kind_names,
            },
            node_x_m=self.node_x,
            node_y_m=self.node_y,
            segment_key=self.key,
            start=self.start,
            end=self.end,
            length_m=self.length_m,
            middle_x_m=self.middle_x,
            middle_y_m=self.middle_y,
            is_car=self.forward | self.backward,
            walks_on=self.walk,
            pavement_m=self._pavements(rules),
            roads=roads,
            roots=roots,
            walks=walks,
            attractors=attractors,
            attractor_kind=kinds,
            homes=homes,
            home_cars=self._home_cars(rules),
            home_bikes_out=self._home_bikes(rules),
            bays=bays,
            bay_kind=np.array(
                [BAY_KINDS.index(kind) for kind in _texts(self.city.bays, "kind")], np.int64
            ),
            bay_zone=self._zones(rules, bays),
            home_zone=self._zones(rules, homes),
            bay_price_eur_h=self._prices(),
            bay_paid=self._paid(rules),
            bay_max_stay_min=self._max_stays(rules),
            garages=things["garages"],
            racks=things["racks"],
            stops=things["stops"],
            counters=things["counters"],
            gates_on_foot=gates,
            root_of_segment=root_of,
            shops_near=self._shops_near(walks, attractors, kinds),
            stops_near=near["stops"],
            gates_near=near["gates"],
            racks_near=near["racks"],
            garages_near=near["garages"],
            aim=self._aims(roads, attractors),
            home_aim=self._aims(roads, homes),
            zone=zone[: len(attractors.key)],
            home_zone_of_search=zone[len(attractors.key) :],
            squares=squares,
            price_near_eur_h=self._price_near(attractors, bays),
            home_price_near_eur_h=self._price_near(homes, bays),
            stop_weight=np.array(
                [STOP_WEIGHT.get(mode, 1.0) for mode in _texts(self.city.stops, "mode")]
            ),
            round_d=round_d,
            label_d=label_d,
            event_visitors=visitors,
            event_hours=hours,
        )

    def _things(self, layer: str, size: str | None = "capacity") -> Things:
        frame = self.city.layers[layer]
        names = _texts(frame, LAYER_BY_NAME[layer].key)
        points = _points(frame)
        has_size = size is not None and size in LAYER_BY_NAME[layer].columns
        segment = np.array([self.at.get(name, -1) for name in _texts(frame, "segment")], np.int64)
        return Things(
            key=keys_of(layer, names),
            segment=segment,
            along_m=np.clip(numbers(frame, "along_m"), 0.0, self._length(segment)),
            x_m=shapely.get_x(points),
            y_m=shapely.get_y(points),
            size=numbers(frame, str(size)) if has_size else np.ones(len(names)),
        )

    def _length(self, segment: Ints) -> Floats:
        return np.where(segment >= 0, self.length_m[segment], 0.0) if len(segment) else np.zeros(0)

    def _attractors(self) -> tuple[Things, Ints]:
        kinds = list(KINDS)
        kind = np.array(
            [kinds.index(one) for one in _texts(self.city.attractors, "kind")], np.int64
        )
        return self._things("attractors", None), kind

    def _homes(self) -> Things:
        return self._things("buildings", "dwellings")

    def _walk(self, attractors: Things, homes: Things, stops: Things) -> tuple[Walks, Ints]:
        """Return the walks to the segments on which anybody has something to do."""
        felt = np.ones(len(self.segments))
        for comfort in self.city.rules.comforts:
            felt[self._which(comfort.segments)] *= comfort.felt
        used = np.concatenate([attractors.segment, homes.segment[homes.size > 0], stops.segment])
        roots = np.unique(used[used >= 0])
        length = self.length_m * felt
        content = blake2b(digest_size=16)
        for part in (self.start, self.end, length, self.walk, roots):
            content.update(np.ascontiguousarray(part).tobytes())
        digest = content.digest()
        if digest not in _walks:
            on = np.flatnonzero(self.walk)
            graph = make_graph(
                len(self.node_x),
                np.concatenate([self.start[on], self.end[on]]),
                np.concatenate([self.end[on], self.start[on]]),
                np.concatenate([on, on]),
                np.concatenate([length[on], length[on]]),
            )
            walks = walks_to(graph, self.start, self.end, length / 2, roots, WALK_REACH_M)
            _walks[digest] = walks, roots
            while len(_walks) > _KEPT_WALKS:
                _walks.popitem(last=False)
        _walks.move_to_end(digest)
        return _walks[digest]

    def _near(self, walks: Walks, things: Things, reach_m: float) -> Near:
        first, thing, offset = _hung(len(self.node_x), things, self.start, self.end, self.length_m)
        return Near(*_within(walks, first, thing, offset, len(things.key), reach_m))

    def _shops_near(self, walks: Walks, attractors: Things, kinds: Ints) -> tuple[Near, ...]:
        near: list[Near] = []
        for number, kind in enumerate(KINDS.values()):
            where = np.flatnonzero(kinds == number) if kind.choice else np.empty(0, np.int64)
            some = Things(*(part[where] for part in attractors))
            found = self._near(walks, some, 800.0)
            near.append(Near(found.first, where[found.thing], found.far_m))
        return tuple(near)

    def _edge_nodes(self, is_used: Flags) -> Ints:
        """Return the nodes at the edge of the place at which a used segment ends."""
        used = np.zeros(len(self.node_x), bool)
        used[self.start[is_used]] = True
        used[self.end[is_used]] = True
        points = shapely.points(self.node_x, self.node_y)
        near = shapely.distance(points, self.city.boundary.exterior) <= GATE_WITHIN_M
        degree = np.bincount(self.start[is_used], minlength=len(used)) + np.bincount(
            self.end[is_used], minlength=len(used)
        )
        ends = used & near & (degree == 1)
        return np.flatnonzero(ends if ends.any() else used & near)

    def _gates_on_foot(self) -> Things:
        nodes = self._edge_nodes(self.walk)
        on = np.flatnonzero(self.walk)
        segment = np.full(len(self.node_x), -1, np.int64)
        along = np.zeros(len(self.node_x))
        segment[self.end[on]] = on
        along[self.end[on]] = self.length_m[on]
        segment[self.start[on]] = on
        along[self.start[on]] = 0.0
        key = uniforms(np.uint64(0), self.key[segment[nodes]], 1)
        return Things(
            key=(key * 2**52).astype(np.uint64),
            segment=segment[nodes],
            along_m=along[nodes],
            x_m=self.node_x[nodes],
            y_m=self.node_y[nodes],
            size=np.ones(len(nodes)),
        )

    def _roads(self) -> Roads:
        on, back = np.flatnonzero(self.forward), np.flatnonzero(self.backward)
        tail = np.concatenate([self.start[on], self.end[back]])
        head = np.concatenate([self.end[on], self.start[back]])
        segment = np.concatenate([on, back])
        speed = np.maximum(numbers(self.city.segments, "speed_kmh"), 5.0) / 3.6
        time_s = self.length_m / speed
        for street in self.city.rules.bicycle_streets:
            time_s[self._which(street.segments)] *= GUEST_TIME
        node = np.unique(np.concatenate([tail, head]))
        tail, head = np.searchsorted(node, tail), np.searchsorted(node, head)
        graph = make_graph(len(node), tail, head, segment, time_s[segment])
        turned = reverse(graph)
        is_open, state_of_hour = self._closures()
        gates, weight_in, weight_out = self._gates()
        names = list(self.node_at)
        gate_key = keys_of("junctions", [names[gate] for gate in gates])
        gates = np.searchsorted(node, gates)
        into = np.full((ROUTES, len(is_open), len(gates), len(node)), -1, np.int32)
        cost = np.full(into.shape, np.inf, np.float32)
        out = np.full(into.shape, -1, np.int32)
        for view in range(ROUTES):
            seen = self._view(view)
            for state in range(len(is_open)):
                for one, arcs in ((graph, into), (turned, out)):
                    passable = np.where(is_open[state][one.segment], one.cost, np.inf)
                    costs = passable * seen[one.segment]
                    found, arc = trees(Graph(one.first, one.head, one.segment, costs), gates)
                    arcs[view, state] = arc
                    if arcs is into:
                        cost[view, state] = found
        return Roads(
            graph=graph,
            tail=np.repeat(np.arange(len(node)), np.diff(graph.first)),
            back=turned,
            back_tail=np.repeat(np.arange(len(node)), np.diff(turned.first)),
            node=node,
            x_m=self.node_x[node],
            y_m=self.node_y[node],
            is_open=is_open,
            into=into,
            cost_s=cost,
            out=out,
            state_of_hour=state_of_hour,
            gate=gates,
            gate_key=gate_key,
            weight_in=weight_in,
            weight_out=weight_out,
        )

    def _view(self, view: int) -> Floats:
        """Return how a driver with this view sees travel times: lognormal, by segment."""
        one = uniforms(np.uint64(view), self.key, 2)
        other = uniforms(np.uint64(view), self.key, 3)
        normal = np.sqrt(-2 * np.log(one)) * np.cos(2 * np.pi * other)
        return np.exp(VIEW_LOG_SD * normal)

    def _closures(self) -> tuple[Flags, Ints]:
        """Return which segments are open in each state, and the state of each hour of the day."""
        states: dict[bytes, int] = {}
        masks: list[Flags] = []
        state_of_hour = np.zeros(HOURS, np.int64)
        for hour in range(HOURS):
            weekday = self.weekday if hour >= FIRST_HOUR else (self.weekday + 1) % 7
            is_open = np.ones(len(self.segments), bool)
            for closure in self.city.rules.closures:
                if closure.hours.hold(weekday, hour + 0.5):
                    is_open[self._which(closure.segments)] = False
            if is_open.tobytes() not in states:
                states[is_open.tobytes()] = len(masks)
                masks.append(is_open)
            state_of_hour[hour] = states[is_open.tobytes()]
        return np.array(masks), state_of_hour

    def _gates(self) -> tuple[Ints, Floats, Floats]:
        is_car = self.forward | self.backward
        nodes = self._edge_nodes(is_car)
        weight = np.array([GATE_WEIGHT.get(one, 200.0) for one in self.highway])
        leaves, enters = np.zeros(len(self.node_x)), np.zeros(len(self.node_x))
        np.add.at(enters, self.start, weight * self.forward)
        np.add.at(enters, self.end, weight * self.backward)
        np.add.at(leaves, self.end, weight * self.forward)
        np.add.at(leaves, self.start, weight * self.backward)
        return nodes, enters[nodes], leaves[nodes]

    def _aims(self, roads: Roads, things: Things) -> Ints:
        """Return the node that a car drives to for each thing, in each state of closure."""
        aims = np.full((len(roads.is_open), len(things.key)), -1, np.int64)
        for state in range(len(roads.is_open)):
            reached = np.isfinite(roads.cost_s[0, state]).any(axis=0)
            left = (roads.out[0, state] >= 0).any(axis=0)
            nodes = np.flatnonzero(reached & left)
            if len(nodes) and len(things.key):
                tree = cKDTree(np.column_stack([roads.x_m[nodes], roads.y_m[nodes]]))
                _, at = tree.query(np.column_stack([things.x_m, things.y_m]))
                aims[state] = nodes[at]
        return aims

    def _which(self, names: Sequence[str]) -> Ints:
        return np.array([self.at[name] for name in names if name in self.at], np.int64)

    def _bays(self, names: Sequence[str]) -> Flags:
        wanted = set(names)
        return np.array([name in wanted for name in _texts(self.city.bays, "bay")], bool)

    def _prices(self) -> Floats:
        price = numbers(self.city.bays, "price_eur_h")
        paid = np.array([kind in {"paid"} for kind in _texts(self.city.bays, "kind")], bool)
        return np.where(np.isnan(price), np.where(paid, PRICE_UNKNOWN_EUR_H, 0.0), price)

    def _paid(self, rules: Rules) -> Flags:
        """Return whether each group of bays has to be paid for, by hour: (hours, groups)."""
        hours = np.arange(HOURS)
        usual = (hours >= PAID_FROM_H) & (hours < PAID_UNTIL_H) & (self.weekday != _SUNDAY)
        paid = np.repeat(usual[:, None], len(self.city.bays), axis=1)
        for rule in rules.paid_hours:
            which = self._bays(rule.bays)
            held = [rule.hours.hold(self.weekday, hour + 0.5) for hour in range(HOURS)]
            paid[:, which] = np.array(held)[:, None]
        return paid

    def _price_near(self, things: Things, bays: Things) -> Floats:
        """Return the mean tariff of the bays near each thing, by hour: (things, hours)."""
        if not len(things.key) or not len(bays.key):
            return np.zeros((len(things.key), HOURS))
        near = cKDTree(np.column_stack([things.x_m, things.y_m])).sparse_distance_matrix(
            cKDTree(np.column_stack([bays.x_m, bays.y_m])), PRICE_REACH_M, output_type="coo_matrix"
        )
        paid = (self._paid(self.city.rules) * self._prices() * bays.size).T
        shape = (len(things.key), len(bays.key))
        touches = csr_array((np.ones(len(near.data)), (near.row, near.col)), shape=shape)
        room = touches @ bays.size
        return np.asarray(touches @ paid) / np.maximum(room, 1.0)[:, None]

    def _max_stays(self, rules: Rules) -> Floats:
        kinds = _texts(self.city.bays, "kind")
        stays = np.array([60.0 if kind == "short_stay" else np.inf for kind in kinds])
        for rule in rules.max_stays:
            stays[self._bays(rule.bays)] = rule.minutes
        return stays

    def _zones(self, rules: Rules, things: Things) -> Ints:
        zone = np.full(len(things.key), -1, np.int64)
        for number, one in enumerate(rules.permit_zones):
            zone[shapely.contains_xy(one.area, things.x_m, things.y_m)] = number
        return zone

    def _home_cars(self, rules: Rules) -> Floats:
        """Return cars on the street per dwelling, as a part of what is usual in the place.

        Rules give numbers of their own, which are negative here to tell them apart.
        """
        cars = np.ones(len(self.city.buildings))
        names = _texts(self.city.buildings, "building")
        for rule in rules.car_ownership:
            wanted = set(rule.buildings)
            which = np.array([name in wanted for name in names], bool)
            cars[which] = -max(rule.cars - rule.own_places, 0.0)
        return cars

    def _home_bikes(self, rules: Rules) -> Floats:
        out = np.ones(len(self.city.buildings))
        names = _texts(self.city.buildings, "building")
        for rule in rules.bike_parking:
            wanted = set(rule.buildings)
            which = np.array([name in wanted for name in names], bool)
            out[which] = 1.0 - rule.share
        return out

    def _pavements(self, rules: Rules) -> Floats:
        """Return the clear width of the pavement along each segment."""
        width = numbers(self.city.segments, "width_m")
        on_foot = ~(self.forward | self.backward)
        clear = np.where(on_foot, width, np.clip(width * 0.25, 1.5, 3.0))
        for rule in rules.pavements:
            clear[self._which(rule.segments)] = rule.clear_m
        return clear

    def _rounds(self, rules: Rules) -> tuple[Floats, Floats]:
        every = np.full(len(self.segments), 14.0)
        label = np.full(len(self.segments), 14.0)
        for rule in reversed(rules.rounds):
            where = (
                np.ones(len(every), bool)
                if rule.area is None
                else shapely.contains_xy(rule.area, self.middle_x, self.middle_y)
            )
            every[where], label[where] = rule.every_d, rule.label_d
        return every, label

    def _events(self, rules: Rules, attractors: Things) -> tuple[Floats, Flags]:
        """Return visitors of events by attractor and event, and the hours of each event."""
        visitors = np.zeros((len(rules.events), len(attractors.key)))
        hours = np.zeros((len(rules.events), HOURS), bool)
        for row, event in enumerate(rules.events):
            hours[row] = [event.hours.hold(self.weekday, hour + 0.5) for hour in range(HOURS)]
            inside = shapely.contains_xy(event.area, attractors.x_m, attractors.y_m)
            if not inside.any() and len(inside):
                middle = event.area.centroid
                far = np.hypot(attractors.x_m - middle.x, attractors.y_m - middle.y)
                inside = far == far.min()
            if hours[row].any() and inside.any():
                visitors[row, inside] = event.visitors / inside.sum()
        return visitors, hours


@compiled
def _hung(nodes, things, start, end, length_m):
    """Return the things by the nodes at the ends of their segments, with the way from there."""
    count = np.zeros(nodes + 1, np.int64)
    for at in range(len(things.segment)):
        segment = things.segment[at]
        if segment >= 0:
            count[start[segment] + 1] += 1
            count[end[segment] + 1] += 1
    first = np.cumsum(count)
    room = first.copy()
    thing = np.empty(first[-1], np.int64)
    offset = np.empty(first[-1])
    for at in range(len(things.segment)):
        segment = things.segment[at]
        if segment >= 0:
            along = things.along_m[at]
            thing[room[start[segment]]] = at
            offset[room[start[segment]]] = along
            room[start[segment]] += 1
            thing[room[end[segment]]] = at
            offset[room[end[segment]]] = max(length_m[segment] - along, 0.0)
            room[end[segment]] += 1
    return first, thing, offset


@compiled
def _within(walks, first, thing, offset, things, reach_m):
    """Return, for each root, the things within reach and how far they are."""
    best = np.full(things, np.inf)
    found = np.empty(things, np.int64)
    roots = len(walks.first) - 1
    out_first = np.zeros(roots + 1, np.int64)
    room = 1024
    out_thing = np.empty(room, np.int64)
    out_far = np.empty(room)
    for root in range(roots):
        count = 0
        for place in range(walks.first[root], walks.first[root + 1]):
            node, far = walks.node[place], float(walks.far_m[place])
            for each in range(first[node], first[node + 1]):
                further = far + offset[each]
                if further <= reach_m and further < best[thing[each]]:
                    if best[thing[each]] == np.inf:
                        found[count] = thing[each]
                        count += 1
                    best[thing[each]] = further
        begin = out_first[root]
        if begin + count > room:
            room = 2 * room + count
            larger = np.empty(room, np.int64)
            larger[:begin] = out_thing[:begin]
            out_thing = larger
            wider = np.empty(room)
            wider[:begin] = out_far[:begin]
            out_far = wider
        in_order = np.argsort(best[found[:count]])
        for at in range(count):
            out_thing[begin + at] = found[in_order[at]]
            out_far[begin + at] = best[found[in_order[at]]]
        for at in range(count):
            best[found[at]] = np.inf
        out_first[root + 1] = begin + count
    return out_first, out_thing[: out_first[roots]].copy(), out_far[: out_first[roots]].copy()


def _squares(x_m: Floats, y_m: Floats) -> tuple[Ints, Ints]:
    """Return the squares in which anything lies, and the position of each thing's among them."""
    column, row = np.floor(x_m / ZONE_M), np.floor(y_m / ZONE_M)
    squares, at = np.unique((column * 1_000_003 + row).astype(np.int64), return_inverse=True)
    return squares, at.astype(np.int64)


def _points(frame: object) -> NDArray[np.object_]:
    shapes = geometries(frame)  # pyright: ignore[reportArgumentType]
    if not len(shapes):
        return shapes
    is_line = shapely.get_type_id(shapes) == 1
    points = shapely.point_on_surface(shapes)
    points[is_line] = shapely.line_interpolate_point(shapes[is_line], 0.5, normalized=True)
    return points


def _texts(frame: object, column: str) -> list[str]:
    return [value or "" for value in texts(frame, column)]  # pyright: ignore[reportArgumentType]
