"""`Town`: a city as the simulated day needs it, plain arrays and shortest paths."""

from dataclasses import dataclass, fields
from typing import Any, NamedTuple, cast

import numpy as np

from scenarios.day import rules
from scenarios.day.destinations import Destinations
from scenarios.day.draws import Keys
from scenarios.day.footways import footways, gates_on_foot
from scenarios.day.kinds import KINDS, WEEKDAY, DayKind
from scenarios.day.nearness import (
    GARAGES_REACH_M,
    GATES_REACH_M,
    RACKS_REACH_M,
    STOPS_REACH_M,
    nearness,
    shops_near,
)
from scenarios.day.network import Flags, Floats, Ints, Walks
from scenarios.day.roads import Roads, aims, roads_of
from scenarios.day.squares import squares_at
from scenarios.day.streets import Streets
from scenarios.day.things import Things, names_of, things_of, words
from twin.city import City

STOP_WEIGHT = {"train": 12.0, "metro": 8.0, "tram": 2.0, "bus": 1.0, "ferry": 1.0}
"""How many get off at a stop, against a bus stop (assumed)."""

ZONE_M = 250.0
"""Drivers know how hard it is to find a space by squares of this size."""

_NAMED = ("bays", "racks", "counters", "attractors")


@dataclass(frozen=True, eq=False)
class Town(Destinations):
    """A city on one kind of day: every array that the day needs, and nothing else.

    Attributes
    ----------
    names
        The names of the rows of some layers, and of the kinds of attractors, in their order here.
    roots
        The segments on which anybody has something to do; `walks` lead to their middles.
    is_new, closed, closed_kind
        Which attractors were opened, and those that were closed.
    home_cars
        Cars on the street per dwelling, as a part of the usual; a number of its own if negative.
    bay_paid
        Whether the tariff of each group of bays is due, (local hours, groups).
    bay_shut_h
        From and until which hour of the day nobody may stand in each group of bays, (2, groups).
    shops_near
        By kind of attractor; empty for kinds that nobody chooses among.
    aim, home_aim
        The node of `roads` that cars drive to, (states of closure, things).
    zone, home_zone_of_search
        The number among `squares` of the square in which each attractor and home lies.
    price_near_eur_h, home_price_near_eur_h
        The mean tariff of the bays near each, (things, local hours).
    event_hours
        When each event is on, (events, local hours).
    """

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
    pavement_m: Floats
    roads: Roads
    roots: Ints
    walks: Walks
    home_cars: Floats
    home_bikes_out: Floats
    bays: Things
    bay_kind: Ints
    bay_zone: Ints
    home_zone: Ints
    bay_price_eur_h: Floats
    bay_paid: Flags
    bay_max_stay_min: Floats
    bay_shut_h: Floats
    racks: Things
    counters: Things
    aim: Ints
    home_aim: Ints
    squares: Ints
    price_near_eur_h: Floats
    home_price_near_eur_h: Floats
    round_d: Floats
    label_d: Floats

    def __post_init__(self) -> None:
        # Compiled functions have one version for each layout of arrays. A town that was sent to
        # another process has plain ones, so every town has, and no version is compiled twice.
        for one in fields(self):
            object.__setattr__(self, one.name, _plain(getattr(self, one.name)))

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
        streets = Streets.of(city)
        things = _Read.of(city, streets)
        attractors, homes, bays = things.attractors, things.homes, things.bays
        kinds = list(KINDS)
        kind = np.array([kinds.index(one) for one in words(city.attractors, "kind")], np.int64)
        ways = footways(
            city,
            streets,
            attractors.segment,
            homes.segment[homes.size > 0],
            things.stops.segment,
        )
        gates = gates_on_foot(city, streets)
        roads = roads_of(city, streets, WEEKDAY[day])
        bay_rules = rules.bays_of(city, bays, WEEKDAY[day])
        squares, zone = _squares(
            np.concatenate([attractors.x_m, homes.x_m]), np.concatenate([attractors.y_m, homes.y_m])
        )
        round_d, label_d = rules.removal_rounds(city, streets)
        events = rules.events_of(city, attractors, WEEKDAY[day])
        modes = words(city.stops, "mode")
        return cls(
            day=day,
            names={
                "segments": streets.names,
                **{layer: names_of(city, layer) for layer in _NAMED},
                "kinds": kinds,
            },
            node_x_m=streets.node_x_m,
            node_y_m=streets.node_y_m,
            segment_key=streets.key,
            start=streets.start,
            end=streets.end,
            length_m=streets.length_m,
            middle_x_m=streets.middle_x_m,
            middle_y_m=streets.middle_y_m,
            is_car=streets.is_car,
            pavement_m=rules.pavements(city, streets),
            roads=roads,
            roots=ways.roots,
            walks=ways.walks,
            garage_names=names_of(city, "garages"),
            attractors=attractors,
            attractor_kind=kind,
            is_new=rules.newly_opened(city),
            closed=rules.closed_attractors(city),
            closed_kind=np.array([kinds.index(one.kind) for one in city.rules.closed], np.int64),
            homes=homes,
            home_cars=rules.cars_at_home(city),
            home_bikes_out=rules.bikes_outside(city),
            bays=bays,
            bay_kind=bay_rules.kind,
            bay_zone=bay_rules.zone,
            home_zone=rules.permit_zones(city, homes),
            bay_price_eur_h=bay_rules.price_eur_h,
            bay_paid=bay_rules.is_paid,
            bay_max_stay_min=bay_rules.max_stay_min,
            bay_shut_h=bay_rules.shut_h,
            garages=things.garages,
            garage_price_eur_h=rules.garage_prices(city),
            racks=things.racks,
            stops=things.stops,
            counters=things.counters,
            gates_on_foot=gates,
            root_of_segment=ways.root_of_segment,
            shops_near=shops_near(ways, streets, attractors, kind),
            stops_near=nearness(ways, streets, things.stops, STOPS_REACH_M),
            gates_near=nearness(ways, streets, gates, GATES_REACH_M),
            racks_near=nearness(ways, streets, things.racks, RACKS_REACH_M),
            garages_near=nearness(ways, streets, things.garages, GARAGES_REACH_M),
            aim=aims(roads, attractors),
            home_aim=aims(roads, homes),
            zone=zone[: len(attractors.key)],
            home_zone_of_search=zone[len(attractors.key) :],
            squares=squares,
            price_near_eur_h=rules.prices_near(attractors, bays, bay_rules),
            home_price_near_eur_h=rules.prices_near(homes, bays, bay_rules),
            stop_weight=np.array([STOP_WEIGHT.get(mode, 1.0) for mode in modes]),
            round_d=round_d,
            label_d=label_d,
            event_key=events.key,
            event_visitors=events.visitors,
            event_hours=events.is_on,
        )


class _Read(NamedTuple):
    attractors: Things
    homes: Things
    bays: Things
    garages: Things
    racks: Things
    stops: Things
    counters: Things

    @classmethod
    def of(cls, city: City, streets: Streets) -> "_Read":
        """Read the layers in which something stands."""
        return cls(
            attractors=things_of(city, "attractors", streets, size=None),
            homes=things_of(city, "buildings", streets, size="dwellings"),
            bays=things_of(city, "bays", streets),
            garages=things_of(city, "garages", streets),
            racks=things_of(city, "racks", streets),
            stops=things_of(city, "stops", streets),
            counters=things_of(city, "counters", streets),
        )


def _squares(x_m: Floats, y_m: Floats) -> tuple[Ints, Ints]:
    """Return the squares in which anything lies, and the position of each thing's among them."""
    squares, at = np.unique(squares_at(x_m, y_m, ZONE_M), return_inverse=True)
    return squares, at.astype(np.int64)


def _plain(value: Any) -> Any:
    """Return arrays, and tuples of them, as compiled functions know them: in C order, writable."""
    if isinstance(value, np.ndarray):
        array = cast("Any", value)
        flags = array.flags
        is_plain = flags.c_contiguous and flags.writeable and flags.aligned
        return array if is_plain else np.array(array, order="C")
    if isinstance(value, tuple):
        parts = [_plain(part) for part in cast("tuple[Any, ...]", value)]
        kind = type(cast("tuple[Any, ...]", value))
        return kind(*parts) if hasattr(kind, "_fields") else tuple(parts)
    return value
