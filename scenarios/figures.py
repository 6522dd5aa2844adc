"""Figures: what one simulated day comes to, for every indicator, street and hour."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from scenarios.day.cars import (
    GONE,
    IN_GARAGE,
    PARKED,
    RESIDENT,
    VAN_DRIVER,
    VISITOR,
    WORKER,
    WRONGLY,
)
from scenarios.day.compiled import compiled
from scenarios.day.day import Day, clock
from scenarios.day.kinds import FIRST_HOUR, HOUR_S, HOURS, KINDS
from scenarios.day.network import Flags, Floats
from scenarios.day.people import (
    BIKE,
    EVENT,
    GARAGE,
    HOME_VISIT,
    KERB,
    STROLLING,
    TRANSIT,
    VISIT,
    WALK,
    WORK,
)
from scenarios.day.things import within
from scenarios.day.town import Town
from scenarios.indicators import CO2_KG_KM, INDICATORS, STREETS
from scenarios.kept import Kept, content_of

BLOCKED_BELOW_M = 1.5
BIKE_WIDTH_M, BIKE_LENGTH_M = 0.65, 1.8
"""A loose bike takes this much of the clear width of a pavement, along this length (assumed)."""

PRESSURE_M = 100.0
"""Parking pressure is that of the bays so near on foot, as Dutch cities count it."""

CROW_FLIES = 1.25
"""A walk, as a multiple of the distance as the crow flies (assumed)."""

SHORT_WALK_M = 150.0
RACK_FULL = 0.8


@dataclass(frozen=True, eq=False)
class Figures:
    """What one simulated day comes to.

    Attributes
    ----------
    totals
        One number for each of `INDICATORS`; NaN where there is nothing to count.
    streets
        (figures, segments): in the order of `STREETS` and of the town's segments.
    hourly
        (figures, hours): in the order of `HOURLY`.
    """

    totals: Floats
    streets: NDArray[np.float32]
    hourly: Floats


_KEPT_PLACES = 8

_near: Kept[csr_array] = Kept(_KEPT_PLACES)


def figures(town: Town, day: Day) -> Figures:
    """Return what a day comes to."""
    streets = _streets(town, day)
    totals = (
        _parking(town, day) | _cars(town, day) | _bikes(town, day) | _people(town, day, streets)
    )
    return Figures(
        totals=np.array([totals[one.name] for one in INDICATORS]),
        streets=np.array([streets[one.name] for one in STREETS], np.float32),
        hourly=np.array(
            [
                day.occupied.sum(axis=0),
                day.in_garage.sum(axis=0),
                day.stood.loose.sum(axis=0),
                day.passers.passages.T @ town.length_m / 1000.0,
                (day.parked.driven + day.parked.cruised + day.through).T @ town.length_m / 1000.0,
            ]
        ),
    )


def _share(part: float, whole: float) -> float:
    return 100.0 * part / whole if whole > 0 else float("nan")


def _mean(values: Floats) -> float:
    return float(values.mean()) if len(values) else float("nan")


def _parking(town: Town, day: Day) -> dict[str, float]:
    room = float(town.bays.size.sum())
    at = {"night": 3, "morning": 10, "afternoon": 15, "evening": 20}
    taken = {
        f"occupied_{name}": _share(float(day.occupied[:, clock(hour)].sum()), room)
        for name, hour in at.items()
    }
    return taken | _pressure(town, day) | _revenue(town, day)


def _pressure(town: Town, day: Day) -> dict[str, float]:
    """Return the mean over dwellings of the share taken of the bays within 100 m as one walks."""
    homes, bays = town.homes, town.bays
    near = _near.get(
        content_of(homes.x_m, homes.y_m, bays.x_m, bays.y_m),
        lambda: within(homes, bays, PRESSURE_M / CROW_FLIES),
    )
    weight = town.homes.size
    room = near @ town.bays.size
    lived = (room > 0) & (weight > 0)
    if not lived.any():
        return {"pressure_night": float("nan"), "pressure_evening": float("nan")}
    result: dict[str, float] = {}
    for name, hour in (("pressure_night", 3), ("pressure_evening", 20)):
        taken = near @ day.occupied[:, clock(hour)]
        share = taken[lived] / room[lived]
        result[name] = 100.0 * float(np.average(share, weights=weight[lived]))
    return result


def _revenue(town: Town, day: Day) -> dict[str, float]:
    cars, parked = day.cars, day.parked
    start_s = np.maximum(cars.arrive_s, 0.0) + parked.search_s
    end_s = np.minimum(start_s + cars.stay_s, HOURS * 3600.0)
    pays = (parked.outcome == PARKED) & (cars.who != RESIDENT) & (cars.who != VAN_DRIVER)
    bay, start, end = parked.bay[pays], start_s[pays], end_s[pays]
    inside = (parked.outcome == IN_GARAGE) & (cars.who != RESIDENT)
    inside_h = np.clip(end_s - start_s, 0, None)[inside] / 3600.0
    paid_h = _paid_hours(bay, start, end, town.bay_paid)
    priced = town.bay_price_eur_h[bay]
    return {
        "revenue_eur": float((paid_h * priced).sum()),
        "paid_hours": float(paid_h[priced > 0].sum()),
        "garage_revenue_eur": float((inside_h * town.garage_price_eur_h[parked.bay[inside]]).sum()),
    }


@compiled
def _paid_hours(bay: NDArray[np.int32], start_s: Floats, end_s: Floats, is_paid: Flags) -> Floats:
    """Return for how long each car stands while its bay is to be paid for; see `Town.bay_paid`."""
    paid_h = np.zeros(len(bay))
    for at in range(len(bay)):
        for hour in range(int(start_s[at] / HOUR_S), HOURS):
            begins_s = hour * HOUR_S
            if begins_s >= end_s[at]:
                break
            if is_paid[(hour + FIRST_HOUR) % HOURS, bay[at]]:
                here_s = min(end_s[at], begins_s + HOUR_S) - max(start_s[at], begins_s)
                paid_h[at] += here_s / HOUR_S
    return paid_h


def _cars(town: Town, day: Day) -> dict[str, float]:
    cars, parked = day.cars, day.parked
    comes = ~cars.is_there
    resident = cars.who == RESIDENT
    visitor = (cars.who == VISITOR) | (cars.who == WORKER)
    at_kerb = cars.garage < 0
    stands = (parked.outcome == PARKED) | (parked.outcome == IN_GARAGE)
    near = stands & (parked.walk_m <= SHORT_WALK_M)
    km = town.length_m / 1000.0
    cruised = float(parked.cruised_m.sum()) / 1000.0
    driven = float((parked.driven + day.through).sum(axis=1) @ km) + cruised
    return {
        "search_residents": _mean(parked.search_s[resident & comes] / 60.0),
        "search_visitors": _mean(parked.search_s[visitor & at_kerb] / 60.0),
        "walk_residents": _mean(parked.walk_m[resident & stands]),
        "walk_visitors": _mean(parked.walk_m[visitor & stands]),
        "near_cars": _share(float((near & visitor).sum()), float(visitor.sum())),
        "not_found_residents": float((resident & (parked.outcome == GONE)).sum()),
        "not_found_visitors": float((visitor & (parked.outcome == GONE)).sum()),
        "wrongly": float((parked.outcome == WRONGLY).sum()),
        "in_garages": float((parked.outcome == IN_GARAGE).sum()),
        "cruising_km": cruised,
        "car_km": driven,
        "through": float(day.passed),
        "around": float(day.around),
        "co2_kg": driven * CO2_KG_KM,
    }


def _bikes(town: Town, day: Day) -> dict[str, float]:
    at = clock(15)
    racked, loose = day.stood.racked[:, at], day.stood.loose[:, at]
    size = town.racks.size
    whole = float(racked.sum() + loose.sum())
    blocks = town.pavement_m - BIKE_WIDTH_M < BLOCKED_BELOW_M
    blocked = np.minimum((loose + day.dumped) * BIKE_LENGTH_M, town.length_m) * blocks
    return {
        "rack_use": _share(float(racked.sum()), float(size.sum())),
        "full_racks": float((racked >= RACK_FULL * size).sum()),
        "racked_share": _share(float(racked.sum()), whole),
        "loose_bikes": float(loose.sum()),
        "dumped_bikes": float(day.dumped.sum()),
        "blocked_m": float(blocked.sum()),
    }


_SHOPPING = [number for number, kind in enumerate(KINDS) if KINDS[kind].choice]


def _people(town: Town, day: Day, streets: Mapping[str, Floats]) -> dict[str, float]:
    people = day.people
    turned_away = np.zeros(len(people.key), bool)
    owned = day.cars.person >= 0
    turned_away[day.cars.person[owned & (day.parked.outcome == GONE)]] = True
    is_shop = np.isin(town.attractor_kind, _SHOPPING)
    purpose = people.purpose
    to_shop = ((purpose == VISIT) | (purpose == EVENT)) & ~turned_away
    visits = int(is_shop[people.thing[to_shop]].sum()) + int((people.onward >= 0).sum())
    strolls = (purpose == STROLLING) & (people.mode == WALK) & (people.thing >= 0)
    visits += int(is_shop[people.thing[strolls]].sum())
    segment = town.attractors.segment[is_shop]
    comes = to_shop | (((purpose == WORK) | (purpose == HOME_VISIT)) & ~turned_away)
    modes = np.bincount(people.mode[comes], minlength=6)
    whole = float(modes.sum())
    return {
        "shop_visits": float(visits),
        "passers_by": _mean(streets["walked"][segment[segment >= 0]]),
        "walked_km": float(day.passers.passages.sum(axis=1) @ town.length_m) / 1000.0,
        "by_car": _share(float(modes[KERB] + modes[GARAGE]), whole),
        "by_bike": _share(float(modes[BIKE]), whole),
        "by_transit": _share(float(modes[TRANSIT]), whole),
        "on_foot": _share(float(modes[WALK]), whole),
    }


def _streets(town: Town, day: Day) -> dict[str, Floats]:
    segments = len(town.length_m)

    def parked(hour: int) -> Floats:
        here = town.bays.segment >= 0
        return np.bincount(
            town.bays.segment[here], day.occupied[here, clock(hour)], minlength=segments
        ).astype(float)

    return {
        "parked_night": parked(3),
        "parked_afternoon": parked(15),
        "parked_evening": parked(20),
        "driven": (day.parked.driven + day.parked.cruised + day.through).sum(axis=1),
        "cruised": day.parked.cruised.sum(axis=1),
        "walked": day.passers.passages.sum(axis=1),
        "wrongly": day.wrongly[:, clock(15)],
        "loose": day.stood.loose[:, clock(15)],
        "dumped": day.dumped,
    }
