"""Where bikes want to stand: at the door, or in a rack if there is one near enough."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from scipy.sparse import csr_array, diags_array

from sensors.simulated.activity import ACTIVITIES, AT_HOME, STAYS, Activity, Curves
from sensors.simulated.ground import Ground, Things, nearness, shares
from sensors.simulated.local_day import LocalDay, level_at
from sensors.simulated.luck import Floats, Ints

RACK_REACH_M = 160.0
"""Nobody walks further from a rack, as the crow flies (assumed)."""

AT_HAND_M = 75.0
AT_HAND_PLACES = 20.0
ENOUGH = 0.5
"""A rack this near draws bikes from the door: one of this many places at the very door brings the
share that would use it to 1/(1 + enough) of its most, two such racks to 2/(2 + enough) (assumed)."""

AT_THE_DOOR = 0.18
"""Share of bikes left at the door whatever racks there are (assumed): racks added in Den Haag stood
empty while the street stayed full."""

RACKS_FILLED = 0.58
LOOSE_PER_PLACE = 0.18
"""Bikes in racks and at doors on a weekday at 14:00, per place in a rack, in the place as it was
imported (assumed)."""

STOP_BIKES: Mapping[str, float] = MappingProxyType(
    {"train": 200.0, "metro": 60.0, "light_rail": 20.0, "ferry": 15.0, "tram": 4.0, "bus": 2.0}
)
OTHER_STOP_BIKES = 2.0
BIKES_PER_DWELLING = 0.25
"""Bikes at stops by mode, and in the street for each dwelling, before scaling (assumed)."""

_STAY_H = (0.8, 1.5, 5.5)
_OPEN_H = 9.0
_AFTERNOON_H = 14.0
_COMMUTE = Curves(
    weekday=((0, 0.3), (6, 0.3), (9, 1.0), (16, 1.0), (19, 0.55), (23, 0.35)),
    saturday=((0, 0.3), (9, 0.35), (13, 0.6), (18, 0.5), (23, 0.35)),
    sunday=((0, 0.3), (10, 0.3), (14, 0.45), (19, 0.4), (23, 0.3)),
)
_PLACES = (
    *ACTIVITIES.values(),
    Activity(0.0, "long", 0.0, 0.0, _COMMUTE),
    Activity(0.0, "long", 0.0, 0.0, AT_HOME),
)
_STOP, _HOME = len(ACTIVITIES), len(ACTIVITIES) + 1


@dataclass(frozen=True, slots=True)
class BikeScale:
    """Bikes per bike that the assumptions count: in racks and at doors; fixed for one place."""

    racks: float
    doors: float


@dataclass(frozen=True)
class BikeDemand:
    """Bikes that want to stand somewhere at a weekday's busiest.

    Attributes
    ----------
    racks
        Bikes by activity (rows) and rack.
    doors
        Bikes left at each spot where people go or live; ``kind`` is each spot's activity.
    """

    scale: BikeScale
    racks: Floats
    doors: Floats
    kind: Ints
    keys: list[int]
    x_m: Floats
    y_m: Floats

    @classmethod
    def of(cls, ground: Ground, scale: BikeScale | None = None) -> "BikeDemand":
        """Spread the demand over a city; without a scale, one that fits this city is made."""
        kind, bikes = _spots(ground)
        places = (ground.attractors, ground.stops, ground.homes)
        points = np.concatenate([place.points for place in places])
        near = nearness(points, ground.racks.points, RACK_REACH_M)
        at_door = AT_THE_DOOR + (1 - AT_THE_DOOR) * (1 - _at_hand(points, ground.racks))
        to_rack = shares(csr_array(near @ diags_array(ground.racks.weight))) if near.nnz else near
        racks = np.zeros((len(_PLACES), len(ground.racks)))
        for row in range(len(_PLACES)):
            racks[row] = to_rack.T @ np.where(kind == row, bikes * (1 - at_door), 0.0)
        doors = bikes * at_door
        scale = scale or _fit(ground, racks, doors, kind)
        return cls(
            scale=scale,
            racks=racks * scale.racks,
            doors=doors * scale.doors,
            kind=kind,
            keys=[key for place in places for key in place.keys],
            x_m=points[:, 0],
            y_m=points[:, 1],
        )

    @property
    def visits(self) -> Floats:
        """Bikes parked in racks on a weekday, by activity (as in `ACTIVITIES`) and rack."""
        turnover = np.array([_OPEN_H / _STAY_H[STAYS.index(a.stay)] for a in ACTIVITIES.values()])
        return self.racks[: len(ACTIVITIES)] * turnover[:, None]

    def in_racks(self, day: LocalDay, step_s: int) -> Floats:
        """Return bikes that want to be in each rack, by rack and step."""
        return self.racks.T @ _presence(day, step_s)

    def at_doors(self, day: LocalDay, step_s: int) -> Floats:
        """Return bikes left at each spot, by spot and step."""
        return self.doors[:, None] * _presence(day, step_s)[self.kind]


def _at_hand(points: Floats, racks: Things) -> Floats:
    """Return the share of those willing to use a rack who have one near enough, for each point."""
    size = np.minimum(racks.weight / AT_HAND_PLACES, 1.0)
    racks_near = nearness(points, racks.points, AT_HAND_M) @ size
    return racks_near / (ENOUGH + racks_near)


def _presence(day: LocalDay, step_s: int) -> Floats:
    return np.array([place.presence(day, step_s) for place in _PLACES])


def _spots(ground: Ground) -> tuple[Ints, Floats]:
    """Return activity and bikes of every attractor, stop and home, in this order."""
    kinds = list(ACTIVITIES)
    of_attractor = [
        kinds.index(kind) if kind in ACTIVITIES else 0 for kind in ground.attractors.kind
    ]
    per_place = [
        activity.visits * activity.by_bike * _STAY_H[STAYS.index(activity.stay)] / _OPEN_H
        for activity in ACTIVITIES.values()
    ]
    kind = [*of_attractor, *[_STOP] * len(ground.stops), *[_HOME] * len(ground.homes)]
    bikes = [
        *(per_place[at] for at in of_attractor),
        *(STOP_BIKES.get(mode, OTHER_STOP_BIKES) for mode in ground.stops.kind),
        *(ground.homes.weight * BIKES_PER_DWELLING),
    ]
    return np.array(kind, np.int64), np.array(bikes, float)


def _fit(ground: Ground, racks: Floats, doors: Floats, kind: Ints) -> BikeScale:
    level = np.array(
        [
            level_at(place.curves.weekday, _AFTERNOON_H) / place.curves.weekday_most
            for place in _PLACES
        ]
    )
    places = float(ground.racks.weight.sum())
    in_racks, at_doors = float((racks.T @ level).sum()), float((doors * level[kind]).sum())
    return BikeScale(
        racks=RACKS_FILLED * places / in_racks if in_racks > 0 else 1.0,
        doors=LOOSE_PER_PLACE * places / at_doors if places > 0 and at_doors > 0 else 1.0,
    )
