"""How do we know? Of every figure: from which data, by which model, how far off, and what it cannot know."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from scenarios.shown import plain
from twin.words import Language, Text
from web.i18n import Words
from web.site import Site

Basis = Literal["measured", "played", "map", "prices"]


@dataclass(frozen=True, slots=True)
class Knowledge:
    """What stands behind a kind of figure; ``quantity`` is the measured one that it is held against."""

    basis: Basis
    title: Text
    cannot: Text
    quantity: str = ""


@dataclass(frozen=True, slots=True)
class Known:
    """The same for one figure on a page, in one language."""

    title: str
    data: str
    model: str
    off: str
    cannot: str


_DATA: Mapping[Basis, Text] = {
    "measured": Text(
        "Sensoren tellen in het gebied eromheen. Per periode komt daar één getal uit, nooit een vak, fiets of mens apart.",
        "Sensors count in the area around. Each period gives one figure for it, never for one space, bike or person.",
    ),
    "played": Text(
        "De kaart (straten, parkeerplekken, rekken, winkels, woningen) en wat gewoon is in Nederlandse steden.",
        "The map (streets, parking spaces, racks, shops, homes) and what is usual in Dutch cities.",
    ),
    "map": Text(
        "De kaart, zoals anderen haar gemaakt hebben. Welke lagen dat zijn, staat bij “Over”.",
        "The map, as others have made it. Which layers those are stands under “About”.",
    ),
    "prices": Text(
        "Een lijst van prijzen die bij de software hoort.",
        "A list of prices that comes with the program.",
    ),
}
_MODEL: Mapping[Basis, Text] = {
    "measured": Text(
        "Geen model. Wel krijgt elk getal een beetje toeval erbij, eenmalig, om mensen te beschermen. Hetzelfde uur in andere weken maakt het getal vaster.",
        "No model. A little chance is added to each figure, once, to protect people. The same hour in other weeks makes the figure steadier.",
    ),
    "played": Text(
        "Een computermodel speelt een dag van iedereen die hier woont, komt en langsgaat. Dat doet het twintig keer, steeds met ander toeval.",
        "A computer model plays a day of everybody who lives here, comes here and passes through. It does so twenty times, each with other chances.",
    ),
    "map": Text(
        "Afstanden over straten en paden, in rechte stukken gemeten.",
        "Distances along streets and paths, measured in straight pieces.",
    ),
    "prices": Text("Aantal maal prijs.", "Number times price."),
}
_OFF: Mapping[Basis, Text] = {
    "measured": Text(
        "De twee getallen waar het tussen ligt: in negen van de tien gevallen klopt dat.",
        "The two figures that it lies between: that holds in nine cases out of ten.",
    ),
    "played": Text(
        "Voor deze wijk is dit nog niet met metingen vergeleken. De spreiding zegt hoe verschillend de gespeelde dagen zijn, niet hoe goed het model is.",
        "For this neighbourhood this has not been compared with measurements yet. The spread says how different the played days are, not how good the model is.",
    ),
    "map": Text(
        "Niet nagemeten. Reken op enkele tientallen meters.",
        "Not measured again. Allow for some tens of metres.",
    ),
    "prices": Text(
        "Niet nagerekend. Een echte offerte kan de helft of het dubbele zijn.",
        "Not checked. A real offer may be half of it, or twice as much.",
    ),
}
_COMPARED = Text(
    "Vergeleken met de cijfers van {since} tot {until}: op dagen die het model niet kende zat het er gemiddeld {off} naast.",
    "Compared with the figures of {since} up to {until}: on days that the model had not seen it was off by {off} on average.",
)
_POINTS = Text("procentpunten", "percentage points")

_KIND_OF_SPACE = Text(
    "Voor wie een vak is: vakken voor laden, vergunninghouders of mensen met een beperking tellen mee. En of het net vandaag anders is.",
    "Whom a space is for: spaces for loading, permit holders or people with a disability count too. And whether today happens to be different.",
)
_YOU = Text(
    "Het weer, werk aan de weg, wat u zelf doet, en hoe mensen in jaren aan een verandering wennen.",
    "The weather, roadworks, what you in particular do, and how people get used to a change over years.",
)
_WHERE = Text(
    "Wat er tussen de sensoren gebeurt, en wat er was toen ze zwegen.",
    "What happens between the sensors, and what there was while they were silent.",
)
_ROUTE = Text(
    "Trappen, drempels, oversteken en hekken die niet op de kaart staan.",
    "Steps, kerbs, crossings and fences that are not on the map.",
)

_PASSERS = Text(
    "Wie het zijn, en of ze iets kopen. Wie twee keer langskomt, telt twee keer.",
    "Who they are, and whether they buy anything. Who passes twice counts twice.",
)

KNOWLEDGE: Mapping[str, Knowledge] = {
    "parking": Knowledge("played", Text("parkeren", "parking"), _KIND_OF_SPACE, "parking_occupied"),
    "driving": Knowledge("played", Text("autoverkeer", "cars"), _YOU),
    "loose": Knowledge("played", Text("losse fietsen", "loose bikes"), _YOU, "bikes_loose"),
    "dumped": Knowledge("played", Text("gedumpte fietsen", "dumped bikes"), _YOU, "bikes_dumped"),
    "racked": Knowledge("played", Text("fietsenrekken", "bicycle stands"), _YOU, "bikes_racked"),
    "people": Knowledge("played", Text("voorbijgangers", "passers-by"), _PASSERS, "footfall_passages"),
    "effects": Knowledge("played", Text("effecten", "effects"), _YOU),
    "cost": Knowledge(
        "prices",
        Text("kosten", "costs"),
        Text("Wat het hier kost: grond, leidingen en aanbesteding verschillen per straat.", "What it costs here: ground, pipes and tenders differ from street to street."),
    ),
    "walk": Knowledge("map", Text("afstand", "distance"), _ROUTE),
    "green": Knowledge(
        "map",
        Text("groen", "green"),
        Text("Hoe mooi of hoe open het is, en bomen die niet op de kaart staan. Gemeten vanaf uw stuk straat, hemelsbreed.", "How pleasant or how open it is, and trees that are not on the map. Measured from your part of the street, as the crow flies."),
    ),
    "view": Knowledge(
        "map",
        Text("uitzicht", "view"),
        Text("Waar uw raam echt zit, bomen, daken en gevels. Gebouwen zijn blokken; veel hoogten zijn aangenomen.", "Where your window really is, trees, roofs and façades. Buildings are blocks; many heights are assumed."),
    ),
    "parking_occupied": Knowledge("measured", Text("parkeren", "parking"), _WHERE),
    "parking_garage": Knowledge("measured", Text("garages", "garages"), _WHERE),
    "bikes_racked": Knowledge("measured", Text("fietsenrekken", "bicycle stands"), _WHERE),
    "bikes_loose": Knowledge("measured", Text("losse fietsen", "loose bikes"), _WHERE),
    "bikes_dumped": Knowledge("measured", Text("gedumpte fietsen", "dumped bikes"), _WHERE),
    "footfall_passages": Knowledge("measured", Text("voorbijgangers", "passers-by"), _PASSERS),
    "measured": Knowledge("measured", Text("meting", "measurement"), _WHERE),
}  # fmt: skip
"""By figure, or by group of like figures; a measured quantity without an entry has that of ``measured``."""

_BIKES = {
    "rack_use": "racked",
    "full_racks": "racked",
    "racked_share": "racked",
    "loose_bikes": "loose",
    "blocked_m": "loose",
    "dumped_bikes": "dumped",
    "loose": "loose",
    "dumped": "dumped",
}
_DRIVING = {"cruising_km", "car_km", "through", "around", "co2_kg", "driven", "cruised"}
_PEOPLE = {"shop_visits", "passers_by", "walked_km", "walked"}
_MODES = {"by_car", "by_bike", "by_transit", "on_foot"}


def subject(figure: str) -> str:
    """Return the entry of `KNOWLEDGE` that holds for an indicator or a figure by street."""
    if figure in _BIKES:
        return _BIKES[figure]
    if figure in _DRIVING:
        return "driving"
    if figure in _PEOPLE:
        return "people"
    return "effects" if figure in _MODES else "parking"


def known(site: Site, words: Words, name: str) -> Known:
    """Say how a figure is known; what was learned of the place says how far the model is off."""
    one = KNOWLEDGE.get(name, KNOWLEDGE["measured"])
    language = words.language
    return Known(
        title=one.title.into(language),
        data=_DATA[one.basis].into(language),
        model=_MODEL[one.basis].into(language),
        off=_off(site, language, one),
        cannot=one.cannot.into(language),
    )


def _off(site: Site, language: Language, one: Knowledge) -> str:
    if one.basis == "played" and site.live.has_place:
        calibration = site.model.calibration
        fits = [fit for fit in calibration.fits if fit.quantity == one.quantity]
        if calibration.fitted and fits:
            quantity = site.live.reader.quantity(one.quantity)
            off = max(fit.rmse_without_noise for fit in fits)
            said = plain(100 * off if quantity.is_share else off, 2, language)
            since, until = calibration.fitted
            unit = _POINTS.into(language) if quantity.is_share else quantity.measure.into(language)
            return _COMPARED.into(language).format(since=since, until=until, off=f"{said} {unit}")
    return _OFF[one.basis].into(language)
