"""Indicators: what a simulated day means to somebody, each with unit, direction and explanation."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.spatial import cKDTree

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
from scenarios.day.day import Day, clock
from scenarios.day.kinds import FIRST_HOUR, HOURS, KINDS
from scenarios.day.network import Floats
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
from scenarios.day.town import Town
from twin.words import Text

Better = Literal["less", "more", "neither"]
Group = Literal["residents", "visitors", "shopkeepers", "cyclists", "short_walkers", "everybody"]

GROUPS: Mapping[Group, Text] = {
    "residents": Text("bewoners met een vergunning", "residents with a permit"),
    "visitors": Text("bezoekers", "visitors"),
    "shopkeepers": Text("winkeliers", "shopkeepers"),
    "cyclists": Text("fietsers", "cyclists"),
    "short_walkers": Text("mensen die niet ver kunnen lopen", "people who cannot walk far"),
    "everybody": Text("iedereen", "everybody"),
}

CO2_KG_KM = 0.15
"""CO₂ of an average passenger car in town, from its exhaust (assumed, of the order of the fleet
average that statistics report)."""

BLOCKED_BELOW_M = 1.5
BIKE_WIDTH_M, BIKE_LENGTH_M = 0.65, 1.8
"""A loose bike takes this much of the clear width of a pavement, along this length (assumed)."""

PRESSURE_M = 100.0
SHORT_WALK_M = 150.0
RACK_FULL = 0.8


@dataclass(frozen=True, slots=True)
class Indicator:
    """One number that matters to somebody."""

    name: str
    title: Text
    unit: Text
    better: Better
    group: Group
    meaning: Text


def _one(
    name: str,
    nl: str,
    en: str,
    unit: str | Text,
    better: Better,
    group: Group,
    nl_is: str,
    en_is: str,
) -> Indicator:
    units = unit if isinstance(unit, Text) else Text(unit, unit)
    return Indicator(name, Text(nl, en), units, better, group, Text(nl_is, en_is))


_BIKES = Text("fietsen", "bikes")
_CARS = Text("auto's", "cars")
_PEOPLE = Text("mensen", "people")

INDICATORS: tuple[Indicator, ...] = (
    _one("occupied_night", "Vakken bezet, nacht", "Spaces taken, night", "%", "less", "residents",
         "deel van de parkeervakken dat om 3 uur bezet is", "share of the parking spaces taken at 3:00"),
    _one("occupied_morning", "Vakken bezet, ochtend", "Spaces taken, morning", "%", "less", "everybody",
         "deel van de parkeervakken dat om 10 uur bezet is", "share of the parking spaces taken at 10:00"),
    _one("occupied_afternoon", "Vakken bezet, middag", "Spaces taken, afternoon", "%", "less", "visitors",
         "deel van de parkeervakken dat om 15 uur bezet is", "share of the parking spaces taken at 15:00"),
    _one("occupied_evening", "Vakken bezet, avond", "Spaces taken, evening", "%", "less", "residents",
         "deel van de parkeervakken dat om 20 uur bezet is", "share of the parking spaces taken at 20:00"),
    _one("pressure_night", "Parkeerdruk bij huis, nacht", "Parking pressure near home, night", "%", "less", "residents",
         "bezette vakken binnen 100 m van een woning, gemiddeld over woningen, om 3 uur",
         "spaces taken within 100 m of a dwelling, the mean over dwellings, at 3:00"),
    _one("pressure_evening", "Parkeerdruk bij huis, avond", "Parking pressure near home, evening", "%", "less", "residents",
         "bezette vakken binnen 100 m van een woning, gemiddeld over woningen, om 20 uur",
         "spaces taken within 100 m of a dwelling, the mean over dwellings, at 20:00"),
    _one("search_residents", "Zoeken naar een vak, bewoners", "Search for a space, residents", "min", "less", "residents",
         "hoe lang een bewoner die thuiskomt rondrijdt voor een vak", "how long a resident who comes home drives around for a space"),
    _one("search_visitors", "Zoeken naar een vak, bezoekers", "Search for a space, visitors", "min", "less", "visitors",
         "hoe lang een bezoeker rondrijdt voor een vak op straat", "how long a visitor drives around for a space on the street"),
    _one("walk_residents", "Lopen van auto naar huis", "Walk from car to home", "m", "less", "residents",
         "hoe ver de auto van een bewoner van huis staat", "how far from home a resident's car stands"),
    _one("walk_visitors", "Lopen van auto naar doel", "Walk from car to destination", "m", "less", "visitors",
         "hoe ver een bezoeker loopt vanaf vak of garage", "how far a visitor walks from a space or garage"),
    _one("near_cars", "Auto vlak bij het doel", "Car close to the destination", "%", "more", "short_walkers",
         "deel van de bezoekers met een auto dat hoogstens 150 m hoeft te lopen",
         "share of visitors by car who need not walk more than 150 m"),
    _one("not_found_residents", "Bewoners zonder plek", "Residents without a space", _CARS, "less", "residents",
         "auto's van bewoners die nergens in de buurt een plek vinden", "residents' cars that find no space anywhere near"),
    _one("not_found_visitors", "Bezoekers zonder plek", "Visitors without a space", _CARS, "less", "visitors",
         "bezoekers die onverrichter zake wegrijden", "visitors who drive off without having parked"),
    _one("wrongly", "Verkeerd geparkeerd", "Parked wrongly", _CARS, "less", "everybody",
         "auto's en bestelbussen die buiten een vak staan", "cars and vans that stand outside a space"),
    _one("in_garages", "In garages", "In garages", _CARS, "neither", "visitors",
         "bezoekers die in een garage parkeren", "visitors who park in a garage"),
    _one("cruising_km", "Rondrijden om een plek", "Driving around for a space", "km", "less", "everybody",
         "kilometers die auto's zoekend rijden", "kilometres that cars drive in search"),
    _one("car_km", "Autoverkeer in de wijk", "Car traffic in the neighbourhood", "km", "less", "everybody",
         "kilometers van alle auto's binnen de wijk", "kilometres of all cars within the neighbourhood"),
    _one("co2_kg", "CO₂ van auto's", "CO₂ of cars", "kg", "less", "everybody",
         f"kilometers van auto's × {CO2_KG_KM:g} kg (aangenomen)".replace(".", ","),
         f"kilometres of cars × {CO2_KG_KM:g} kg (assumed)"),
    _one("revenue_eur", "Opbrengst van parkeren op straat", "Earned by parking on the street", "€", "neither", "everybody",
         "wat bezoekers op een dag voor vakken op straat betalen", "what visitors pay for spaces on the street in a day"),
    _one("paid_hours", "Betaalde uren", "Hours paid for", Text("uur", "h"), "neither", "everybody",
         "uren waarvoor op straat wordt betaald", "hours that are paid for on the street"),
    _one("rack_use", "Rekken bezet", "Racks taken", "%", "neither", "cyclists",
         "deel van de plekken in rekken dat om 15 uur bezet is", "share of the places in racks taken at 15:00"),
    _one("full_racks", "Volle rekken", "Full racks", Text("rekken", "racks"), "less", "cyclists",
         "rekken die om 15 uur voor 80 % of meer bezet zijn", "racks of which 80 % or more is taken at 15:00"),
    _one("racked_share", "Fietsen in een rek", "Bikes in a rack", "%", "more", "cyclists",
         "deel van de fietsen op straat dat om 15 uur in een rek staat", "share of the bikes in the street that stand in a rack at 15:00"),
    _one("loose_bikes", "Los gestalde fietsen", "Loose bikes", _BIKES, "less", "short_walkers",
         "fietsen die om 15 uur buiten een rek staan", "bikes that stand outside a rack at 15:00"),
    _one("dumped_bikes", "Gedumpte fietsen", "Dumped bikes", _BIKES, "less", "everybody",
         "fietsen die niemand meer gebruikt", "bikes that nobody uses any more"),
    _one("blocked_m", "Stoep versperd", "Pavement blocked", "m", "less", "short_walkers",
         "stoep waar naast losse fietsen minder dan 1,5 m over is, om 15 uur",
         "pavement with less than 1.5 m left beside loose bikes, at 15:00"),
    _one("shop_visits", "Bezoek aan winkels en horeca", "Visits to shops and cafés", _PEOPLE, "more", "shopkeepers",
         "bezoeken aan winkels, supermarkten, cafés en restaurants op een dag", "visits to shops, supermarkets, cafés and restaurants in a day"),
    _one("passers_by", "Voorbijgangers bij winkels", "Passers-by at shops", _PEOPLE, "more", "shopkeepers",
         "mensen die op een dag langs een winkel of café lopen, gemiddeld per zaak", "people who walk past a shop or café in a day, the mean over them"),
    _one("walked_km", "Gelopen in de wijk", "Walked in the neighbourhood", "km", "neither", "everybody",
         "kilometers die mensen in de wijk lopen", "kilometres that people walk in the neighbourhood"),
    _one("by_car", "Bezoek met de auto", "Visits by car", "%", "neither", "visitors",
         "deel van de bezoekers dat met de auto komt", "share of visitors who come by car"),
    _one("by_bike", "Bezoek met de fiets", "Visits by bike", "%", "neither", "visitors",
         "deel van de bezoekers dat met de fiets komt", "share of visitors who come by bike"),
    _one("by_transit", "Bezoek met het OV", "Visits by public transport", "%", "neither", "visitors",
         "deel van de bezoekers dat met het openbaar vervoer komt", "share of visitors who come by public transport"),
    _one("on_foot", "Bezoek te voet", "Visits on foot", "%", "neither", "visitors",
         "deel van de bezoekers dat lopend de wijk in komt", "share of visitors who walk into the neighbourhood"),
)  # fmt: skip
BY_NAME: Mapping[str, Indicator] = {one.name: one for one in INDICATORS}


@dataclass(frozen=True, slots=True)
class StreetFigure:
    """One figure for every segment: what it counts, and whether that passes or stands there.

    What passes may not be summed over segments: it is the same on one after another.
    """

    name: str
    title: Text
    unit: Text
    better: Better
    passes: bool = False


STREETS: tuple[StreetFigure, ...] = (
    StreetFigure("parked_night", Text("Geparkeerd, nacht", "Parked, night"), _CARS, "less"),
    StreetFigure(
        "parked_afternoon", Text("Geparkeerd, middag", "Parked, afternoon"), _CARS, "less"
    ),
    StreetFigure("parked_evening", Text("Geparkeerd, avond", "Parked, evening"), _CARS, "less"),
    StreetFigure("driven", Text("Auto's per dag", "Cars a day"), _CARS, "less", passes=True),
    StreetFigure(
        "cruised",
        Text("Zoekende auto's per dag", "Cars in search a day"),
        _CARS,
        "less",
        passes=True,
    ),
    StreetFigure(
        "walked",
        Text("Voorbijgangers per dag", "Passers-by a day"),
        _PEOPLE,
        "more",
        passes=True,
    ),
    StreetFigure("loose", Text("Losse fietsen om 15 uur", "Loose bikes at 15:00"), _BIKES, "less"),
    StreetFigure("dumped", Text("Gedumpte fietsen", "Dumped bikes"), _BIKES, "less"),
)

HOURLY = ("occupied", "in_garages", "loose", "walked", "driven")
"""Figures of the whole place for every hour of the day, the local hour `FIRST_HOUR` first."""


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
    near = _touching(town)
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


def _touching(town: Town) -> csr_array:
    """Return which bays lie within 100 m on foot of which homes, 1.25 times as the crow flies."""
    shape = (len(town.homes.key), len(town.bays.key))
    if 0 in shape:
        return csr_array(shape)
    homes = np.column_stack([town.homes.x_m, town.homes.y_m])
    bays = np.column_stack([town.bays.x_m, town.bays.y_m])
    near = cKDTree(homes).sparse_distance_matrix(
        cKDTree(bays), PRESSURE_M / 1.25, output_type="coo_matrix"
    )
    return csr_array((np.ones(len(near.data)), (near.row, near.col)), shape=shape)


def _revenue(town: Town, day: Day) -> dict[str, float]:
    cars, parked = day.cars, day.parked
    pays = (parked.outcome == PARKED) & (cars.who != RESIDENT) & (cars.who != VAN_DRIVER)
    bay = parked.bay[pays]
    start = np.maximum(cars.arrive_s[pays], 0.0) + parked.search_s[pays]
    end = np.minimum(start + cars.stay_s[pays], HOURS * 3600.0)
    paid_h = np.zeros(len(bay))
    for hour in range(HOURS):
        local = (hour + FIRST_HOUR) % HOURS
        here = np.clip(
            np.minimum(end, (hour + 1) * 3600.0) - np.maximum(start, hour * 3600.0), 0, None
        )
        paid_h += town.bay_paid[local, bay] * here / 3600.0
    priced = town.bay_price_eur_h[bay]
    return {
        "revenue_eur": float((paid_h * priced).sum()),
        "paid_hours": float(paid_h[priced > 0].sum()),
    }


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
    to_shop = np.isin(people.purpose, [VISIT, EVENT]) & ~turned_away
    visits = int(is_shop[people.thing[to_shop]].sum()) + int((people.onward >= 0).sum())
    strolls = (people.purpose == STROLLING) & (people.mode == WALK) & (people.thing >= 0)
    visits += int(is_shop[people.thing[strolls]].sum())
    segment = town.attractors.segment[is_shop]
    comes = np.isin(people.purpose, [VISIT, WORK, HOME_VISIT, EVENT]) & ~turned_away
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
        "loose": day.stood.loose[:, clock(15)],
        "dumped": day.dumped,
    }
