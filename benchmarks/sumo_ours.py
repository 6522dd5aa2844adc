"""The same streets, spaces and trips for the simulated day's cars as for SUMO."""

import time
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import dijkstra

from scenarios.day.cars import VISITOR, Cars
from scenarios.day.draws import children
from scenarios.day.kinds import FIRST_HOUR, HOUR_S
from scenarios.day.parameters import Parameters
from scenarios.day.parking import Parked, park
from scenarios.day.roads import Roads, aims
from scenarios.day.standing import standing
from scenarios.day.streets import Streets
from scenarios.day.town import Town
from scenarios.day.traffic import through
from scenarios.measures.rows import edited
from twin.city import City

Floats = NDArray[np.float64]

TIMES = 7
HOURS_COUNTED = 25
"""Every full hour from midnight to midnight, as SUMO's counts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lived:
    """What the simulated day makes of the trips.

    ``occupied`` is (groups of bays and garages, 25), in the order of ``bays``.
    """

    bays: list[str]
    occupied: Floats
    parked: int
    passed: int
    seconds: float


def live(city: City, bays: pd.DataFrame, trips: pd.DataFrame) -> Lived:
    """Live the day of the trips; see `benchmarks.sumo.simulate` for the columns.

    Everybody may park anywhere, as in SUMO, so that all bays are public. Cars that pass through are
    the simulated day's own, of which there are no fewer. Its time is that of one run, warm.
    """
    town = Town.of(_for_everybody(city, bays))
    cars = _cars(town, city, trips[trips["bay"].notna()])
    nobody = np.zeros(len(town.garages.key), np.int64)
    seconds = []
    for seed in range(TIMES + 1):
        began = time.perf_counter()
        parked = park(town, Parameters(), np.uint64(seed), cars, nobody)
        flow = through(town, np.uint64(seed))
        stands = standing(town, cars, parked)
        seconds.append(time.perf_counter() - began)
    by_hour = np.concatenate([stands.occupied, stands.in_garage])
    hours = (np.arange(HOURS_COUNTED) - FIRST_HOUR) % by_hour.shape[1]
    return Lived(
        bays=[*town.names["bays"], *town.garage_names],
        occupied=by_hour[:, hours],
        parked=_parked(parked),
        passed=flow.passed,
        seconds=float(np.median(seconds[1:])),
    )


def _parked(parked: Parked) -> int:
    return int((parked.bay >= 0).sum())


def _for_everybody(city: City, bays: pd.DataFrame) -> City:
    """Return the city with those bays and garages alone, all of them for everybody."""
    kept = set(bays["bay"])
    public = {"kind": "public", "price_eur_h": None}
    of_bays = {str(bay): public if bay in kept else None for bay in city.bays["bay"]}
    gone = {str(one): None for one in city.garages["garage"] if one not in kept}
    return edited(edited(city, "bays", changed=of_bays), "garages", changed=gone)


def _cars(town: Town, city: City, trips: pd.DataFrame) -> Cars:
    """Return the cars of trips that park, as they arrive."""
    groups, garages = town.names["bays"], town.garage_names
    position = {name: at for at, name in enumerate([*groups, *garages])}
    place = trips["bay"].map(position).to_numpy().astype(np.int64)
    aim = np.concatenate([aims(town.roads, town.bays), aims(town.roads, town.garages)], axis=1)
    aimed = aim[0, place]
    enter_s = trips["enter_s"].to_numpy() - FIRST_HOUR * HOUR_S
    arrive_s = enter_s + _driving_s(town.roads, city, trips["entry"], aimed)
    garage = np.where(place >= len(groups), place - len(groups), -1)
    none = np.full(len(trips), -1, np.int32)
    order = np.argsort(arrive_s, kind="stable")
    return Cars(
        key=children(np.array([1], np.uint64), np.array([len(trips)])),
        who=np.full(len(trips), VISITOR, np.int8),
        person=none,
        home=none,
        x_m=np.concatenate([town.bays.x_m, town.garages.x_m])[place][order],
        y_m=np.concatenate([town.bays.y_m, town.garages.y_m])[place][order],
        aim=aimed[order],
        zone=np.zeros(len(trips), np.int32),
        permit_zone=none,
        arrive_s=arrive_s[order],
        stay_s=trips["stay_s"].to_numpy()[order],
        garage=garage[order].astype(np.int32),
        is_there=np.zeros(len(trips), bool),
    )


def _driving_s(
    roads: Roads, city: City, entries: "pd.Series[str]", aimed: NDArray[np.int64]
) -> Floats:
    """Return how long the way from each entry to each node takes on empty streets."""
    size = len(roads.node)
    arcs = coo_array((roads.graph.cost, (roads.tail, roads.graph.head)), shape=(size, size))
    nodes = Streets.of(city).junctions
    number = {nodes[node]: at for at, node in enumerate(roads.node.tolist())}
    of_entry = {entry: at for at, entry in enumerate(entries.unique())}
    from_node = [number[entry] for entry in of_entry]
    far_s = dijkstra(arcs.tocsr(), indices=from_node)
    return far_s[entries.map(of_entry).to_numpy(), aimed]
