"""Indicators: what a simulated day means to somebody, each with unit, direction and explanation."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

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
    _one("through", "Verkeer dat alleen door de wijk rijdt", "Traffic that only passes through", _CARS, "less", "everybody",
         "auto's op een dag die de wijk in en weer uit rijden zonder te stoppen", "cars a day that drive in and out again without a stop"),
    _one("around", "Verkeer dat om de wijk heen rijdt", "Traffic that goes around", _CARS, "neither", "everybody",
         "auto's op een dag die buitenom gaan, omdat dat vlotter is", "cars a day that go around the place, because that is quicker"),
    _one("co2_kg", "CO₂ van auto's", "CO₂ of cars", "kg", "less", "everybody",
         f"kilometers van auto's × {CO2_KG_KM:g} kg (aangenomen)".replace(".", ","),
         f"kilometres of cars × {CO2_KG_KM:g} kg (assumed)"),
    _one("revenue_eur", "Opbrengst van parkeren op straat", "Earned by parking on the street", "€", "neither", "everybody",
         "wat bezoekers op een dag voor vakken op straat betalen", "what visitors pay for spaces on the street in a day"),
    _one("paid_hours", "Betaalde uren", "Hours paid for", Text("uur", "h"), "neither", "everybody",
         "uren waarvoor op straat wordt betaald", "hours that are paid for on the street"),
    _one("garage_revenue_eur", "Opbrengst van parkeren in garages", "Earned by parking in garages", "€", "neither", "everybody",
         "wat bezoekers op een dag voor plekken in garages betalen", "what visitors pay for places in garages in a day"),
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
    StreetFigure(
        "wrongly",
        Text("Verkeerd geparkeerd om 15 uur", "Parked wrongly at 15:00"),
        _CARS,
        "less",
    ),
    StreetFigure("loose", Text("Losse fietsen om 15 uur", "Loose bikes at 15:00"), _BIKES, "less"),
    StreetFigure("dumped", Text("Gedumpte fietsen", "Dumped bikes"), _BIKES, "less"),
)

HOURLY = ("occupied", "in_garages", "loose", "walked", "driven")
"""Figures of the whole place for every hour of the day, the local hour `FIRST_HOUR` first."""
