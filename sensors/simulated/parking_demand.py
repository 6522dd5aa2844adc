"""Where cars want to stand: residents and visitors spread over the kerb by kernel densities."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import cast

import numpy as np
from scipy.sparse import csr_array, diags_array

from sensors.simulated.activity import ACTIVITIES, STAYS
from sensors.simulated.ground import Ground, Streets, Things, nearness, shares
from sensors.simulated.kerb import WAYS
from sensors.simulated.local_day import LocalDay, level_at
from sensors.simulated.luck import Floats, Ints

RESIDENT_REACH_M = 300.0
VISITOR_REACH_M = 500.0
GARAGE_REACH_M = 500.0
"""Reach of the kernels, as the crow flies (assumed)."""

NIGHT_SHARE = 0.68
AFTERNOON_SHARE = 0.80
HOME_AT_14 = 0.65
"""Share of the bays taken at night, by residents, and on a weekday at 14:00, when this share of the
residents' cars is there, in the place as it was imported (assumed)."""

GARAGE_SHARE = 0.45
SUBSCRIBERS = 0.25
"""Visitors at 14:00 and subscribers at night, as shares of a garage's capacity (assumed)."""

SUITS: Mapping[str, tuple[float, float, float, float]] = MappingProxyType(
    {
        "public": (1.0, 1.0, 1.0, 1.0),
        "permit": (1.0, 0.0, 0.0, 0.0),
        "paid": (0.9, 1.0, 1.0, 0.8),
        "loading": (0.0, 0.4, 0.1, 0.0),
        "disabled": (0.3, 0.3, 0.2, 0.2),
        "shared_car": (0.8, 0.0, 0.0, 0.0),
        "charging": (0.6, 0.6, 0.5, 0.5),
        "short_stay": (0.4, 1.2, 0.4, 0.0),
    }
)
"""How well a kind of bay suits residents and short, meal and long visitors; 0: may not (assumed)."""

STAY_MIN = (75.0, 110.0, 330.0)
"""Mean stay of short, meal and long visitors in minutes (assumed)."""

PRICE_SCALE_EUR_H = 22.0
"""A tariff p leaves 1/(1 + p/scale) of the paying parkers, and of their stay: from 4 to 6.60 euro
an hour parkers fall by 9 % and paid hours by 17 %, as evaluated in Amsterdam in 2019."""

LOADING_MIN = 20.0
"""Mean stay in a loading bay in minutes (assumed)."""

_CLASSES = 1 + len(STAYS)
_AFTERNOON_H = 14.0
_MOST = 1e6
_HALVINGS = 50


@dataclass(frozen=True, slots=True)
class ParkingScale:
    """Cars per dwelling, per visitor by car, and per visitor to a garage: fixed for one place."""

    residents: float
    visitors: float
    garage: float


@dataclass(frozen=True)
class ParkingDemand:
    """Demand for each bay group (and garage), before anybody finds a place full.

    Attributes
    ----------
    residents
        Cars of residents that have each group as their home, a whole number.
    visits
        Visitors' cars a weekday, a row for each activity (as in `ACTIVITIES`).
    garage_visits
        The same for garages.
    suits
        Whether bays of a group may be used, a row for each of residents and `STAYS`.
    price
        The share of paying parkers, and of their stay, that the tariff leaves.
    onward, to_garage
        Where a car that finds no bay in a group goes on to: other groups, or garages.
    """

    scale: ParkingScale
    residents: Ints
    visits: Floats
    garage_visits: Floats
    suits: Floats
    price: Floats
    onward: list[list[int]]
    to_garage: list[list[int]]

    @classmethod
    def of(cls, ground: Ground, scale: ParkingScale | None = None) -> "ParkingDemand":
        """Spread the demand over a city; without a scale, one that fits this city is made."""
        suits = _suits(ground)
        room = suits * ground.bays.weight
        price = 1 / (1 + ground.price_eur_h / PRICE_SCALE_EUR_H)
        residents = _spread(
            ground.homes, ground.bays, RESIDENT_REACH_M, room[0], ground.homes.weight
        )
        visits = _visits(ground, ground.bays, room[1:], VISITOR_REACH_M)
        garages = _visits(
            ground, ground.garages, np.tile(ground.garages.weight, (len(STAYS), 1)), GARAGE_REACH_M
        )
        scale = scale or _fit(ground, room, residents, visits, garages)
        return cls(
            scale=scale,
            residents=_rounded(residents * scale.residents),
            visits=visits * scale.visitors * price,
            garage_visits=garages * scale.garage,
            suits=suits,
            price=price,
            onward=_onward(ground, suits),
            to_garage=_to_garage(ground),
        )

    def arrivals(self, day: LocalDay, step_s: int) -> Floats:
        """Return expected visitors' cars by stay, group and step."""
        return _by_stay(self.visits, day, step_s)

    def garage_arrivals(self, day: LocalDay, step_s: int) -> Floats:
        """Return expected cars by stay, garage and step."""
        return _by_stay(self.garage_visits, day, step_s)


def _suits(ground: Ground) -> Floats:
    """A bay on a street without cars suits nobody: no car gets there."""
    bays = ground.bays
    suits = np.array([SUITS.get(kind, SUITS["public"]) for kind in bays.kind]).reshape(-1, _CLASSES)
    has_street = bays.segment >= 0
    reached = np.ones(len(bays))
    reached[has_street] = ground.streets.drive[bays.segment[has_street]]
    return suits.T * reached


def _spread(
    sources: Things, targets: Things, reach_m: float, room: Floats, amount: Floats
) -> Floats:
    """Spread amounts over targets by nearness and room; where none is near, look thrice as far."""
    total = np.zeros(len(targets))
    left = amount.astype(float)
    for reach in (reach_m, 3 * reach_m):
        near = nearness(sources.points, targets.points, reach)
        share = shares(csr_array(near @ diags_array(room)) if len(targets) else near)
        total += share.T @ left
        left = np.where(np.asarray(share.sum(axis=1)).ravel() > 0, 0.0, left)
    return total


def _visits(ground: Ground, targets: Things, room: Floats, reach_m: float) -> Floats:
    attractors = ground.attractors
    kinds = np.array(attractors.kind, dtype=object)
    rows: list[Floats] = []
    for kind, activity in ACTIVITIES.items():
        amount = np.where(kinds == kind, activity.visits * activity.by_car, 0.0)
        rows.append(_spread(attractors, targets, reach_m, room[STAYS.index(activity.stay)], amount))
    return np.array(rows)


def _by_stay(visits: Floats, day: LocalDay, step_s: int) -> Floats:
    result = np.zeros((len(STAYS), visits.shape[1], day.steps(step_s)))
    for row, activity in zip(visits, ACTIVITIES.values(), strict=True):
        when = activity.per_hour(day, step_s) * step_s / 3600
        result[STAYS.index(activity.stay)] += row[:, None] * when
    return result


def _fit(
    ground: Ground, room: Floats, residents: Floats, visits: Floats, garages: Floats
) -> ParkingScale:
    """Fit the scale so that the place as it is fills to the assumed shares."""
    room_for_residents = np.minimum(room[0], ground.bays.weight)
    room_for_all = np.minimum(room.max(axis=0), ground.bays.weight)
    per_dwelling = fill(residents, room_for_residents, NIGHT_SHARE)
    at_home = HOME_AT_14 * per_dwelling * residents
    return ParkingScale(
        residents=per_dwelling,
        visitors=fill(_standing(visits), room_for_all, AFTERNOON_SHARE, there=at_home),
        garage=fill(_standing(garages), ground.garages.weight, GARAGE_SHARE),
    )


def fill(wanted: Floats, room: Floats, share: float, *, there: Floats | None = None) -> float:
    """Return the factor by which ``wanted`` fills that share of all room.

    Some places are wanted more than they can hold, so that the others must hold more: what is
    wanted, w for each unit of room, fills w/(1 + w⁸)^⅛ of it, a smooth least of w and 1.
    """
    there = np.zeros_like(room) if there is None else there
    useful = room > 0
    total = share * room.sum()
    low, high = 0.0, 1.0

    def filled(factor: float) -> float:
        each = (there + factor * wanted)[useful] / room[useful]
        return float((room[useful] * each / (1 + each**8) ** 0.125).sum())

    if not wanted[useful].sum() > 0:
        return 0.0
    while filled(high) < total and high < _MOST:
        high *= 2
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if filled(middle) < total else (low, middle)
    return high


def _standing(visits: Floats) -> Floats:
    """Visitors' cars that stand on a weekday afternoon if all find a place: arrivals times stay."""
    total = np.zeros(visits.shape[1])
    for row, activity in zip(visits, ACTIVITIES.values(), strict=True):
        curves = activity.curves
        per_hour = level_at(curves.weekday, _AFTERNOON_H) / curves.weekday_total
        total += row * per_hour * STAY_MIN[STAYS.index(activity.stay)] / 60
    return total


def _rounded(amounts: Floats) -> Ints:
    """Round so that running totals stay right."""
    return np.diff(np.floor(np.cumsum(amounts) + 0.5), prepend=0.0).astype(np.int64)


def _onward(ground: Ground, suits: Floats) -> list[list[int]]:
    """Return where a car drives on to: groups within three segments, by the number of ways there.

    The shares are those of a walk that chooses at random at every junction: diffusion.
    """
    at = _of_bays(ground)
    ways = at @ _three_steps(ground.streets) @ at.T
    ways = csr_array(ways @ diags_array((suits.max(axis=0) > 0).astype(float)))
    ways.setdiag(0)
    return _ways(ways)


def _to_garage(ground: Ground) -> list[list[int]]:
    """Return which garages visitors turn to from each group, by nearness and size."""
    near = nearness(ground.bays.points, ground.garages.points, 2 * GARAGE_REACH_M)
    return _ways(csr_array(near @ diags_array(ground.garages.weight)) if near.nnz else near)


def _ways(weights: csr_array) -> list[list[int]]:
    """Return for each row `WAYS` columns, each as often as its weight has it, or none."""
    weights.eliminate_zeros()
    spots = (np.arange(WAYS) + 0.5) / WAYS
    result: list[list[int]] = []
    for row in range(weights.shape[0]):
        mine = slice(weights.indptr[row], weights.indptr[row + 1])
        order = np.argsort(-weights.data[mine], kind="stable")
        share = np.cumsum(weights.data[mine][order])
        if len(share):
            at = cast("Ints", np.searchsorted(share, spots * share[-1]))
            result.append(weights.indices[mine][order][at].tolist())
        else:
            result.append([])
    return result


def _of_bays(ground: Ground) -> csr_array:
    segment = ground.bays.segment
    rows = np.flatnonzero(segment >= 0)
    return csr_array(
        (np.ones(len(rows)), (rows, segment[rows])), shape=(len(segment), len(ground.streets))
    )


def _three_steps(streets: Streets) -> csr_array:
    """Return the chance to be on a segment after none, one, two or three random turns, added up."""
    count = len(streets)
    segment = np.tile(np.arange(count), 2)
    node = np.concatenate([streets.start, streets.end])
    drive = np.tile(streets.drive, 2).astype(float)
    touch = csr_array((drive, (segment, node)), shape=(count, streets.nodes))
    step = csr_array(touch @ touch.T)
    step.setdiag(0)
    turn = shares(step)
    twice = turn @ turn
    same = diags_array(streets.drive.astype(float)).tocsr()
    return csr_array(same + turn + twice + twice @ turn)
