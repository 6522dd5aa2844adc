"""The words of the report, each in both languages, and numbers with their unit."""

from collections.abc import Mapping
from datetime import date
from math import isnan

from scenarios.ensemble import Interval
from scenarios.scenario import Words
from scenarios.shown import UNKNOWN, plain, signed
from twin.words import Language, Text

NBSP = "\N{NO-BREAK SPACE}"

DAYS: Mapping[str, Text] = {
    "weekday": Text("een werkdag", "a weekday"),
    "friday": Text("een vrijdag met koopavond", "a Friday with shops open in the evening"),
    "saturday": Text("een zaterdag", "a Saturday"),
    "sunday": Text("een zondag", "a Sunday"),
}

LAYERS: Mapping[str, Text] = {
    "bays": Text("parkeervakken", "parking spaces"),
    "garages": Text("garages (hoeveel plekken)", "garages (how many places)"),
    "racks": Text("fietsenrekken (hoeveel plekken)", "bicycle stands (how many places)"),
    "attractors": Text("bestemmingen", "destinations"),
    "buildings": Text("gebouwen (hoogte of woningen)", "buildings (height or dwellings)"),
    "segments": Text("straten (breedte of snelheid)", "streets (width or speed)"),
}
"""Layers of which a part may be assumed."""

QUANTITIES: Mapping[str, tuple[Text, Text]] = {
    "parking_occupied": (
        Text("Bezette parkeervakken", "Parking spaces taken"),
        Text("procentpunt", "percentage points"),
    ),
    "parking_garage": (
        Text("Bezette plekken in garages", "Places taken in garages"),
        Text("procentpunt", "percentage points"),
    ),
    "bikes_racked": (
        Text("Bezette plekken in fietsenrekken", "Places taken in bicycle stands"),
        Text("procentpunt", "percentage points"),
    ),
    "bikes_loose": (Text("Los gestalde fietsen", "Loose bikes"), Text("fietsen", "bikes")),
    "bikes_dumped": (Text("Gedumpte fietsen", "Dumped bikes"), Text("fietsen", "bikes")),
    "footfall_passages": (
        Text("Voorbijgangers bij een teller, in een uur", "Passers-by at a counter, in an hour"),
        Text("mensen", "people"),
    ),
}
"""What a calibration is judged by, and the unit of its errors."""

ORIGINS: Mapping[str, Text] = {
    "measured": Text("gemeten", "measured"),
    "recorded": Text("eerder opgenomen", "recorded earlier"),
    "simulated": Text("nagebootst", "simulated"),
    "assumed": Text("aangenomen", "assumed"),
}


def written(text: Words | str, language: Language) -> str:
    """Return what a plan says of itself, in one language."""
    if isinstance(text, str):
        return text
    return text.nl if language == "nl" else text.en


def amount(value: float, unit: Text, language: Language, digits: int = 3) -> str:
    """Return a level with its unit.

    >>> amount(1234.5, Text("€", "€"), "nl").replace(NBSP, " ")
    '€ 1.230'
    >>> amount(float("nan"), Text("km", "km"), "en")
    'cannot be said'
    """
    if isnan(value):
        return UNKNOWN.into(language)
    said = plain(value, digits, language)
    name = unit.into(language)
    return f"{name}{NBSP}{said}" if name == "€" else f"{said}{NBSP}{name}"


def interval(change: Interval, language: Language) -> str:
    """Return a change with, in brackets, what 8 in 10 lie between; no unit.

    >>> interval(Interval(-3, -2, 0), "en")
    '\u22122.0 (\u22123.0 to 0)'
    """
    if isnan(change.low):
        return UNKNOWN.into(language)
    low, middle, high = (
        signed(value, 2, language) for value in (change.low, change.middle, change.high)
    )
    if low == high == "0":
        return "0"
    return f"{middle} ({low} {'tot' if language == 'nl' else 'to'} {high})"


def clock(hour: int, language: Language) -> str:
    """Return an hour of the day.

    >>> clock(15, "nl").replace(NBSP, " "), clock(15, "en")
    ('15 uur', '15:00')
    """
    return f"{hour}{NBSP}uur" if language == "nl" else f"{hour}:00"


def day(at: date, language: Language) -> str:
    """Return a day as it is written.

    >>> day(date(2026, 3, 1), "nl"), day(date(2026, 3, 1), "en")
    ('1 maart 2026', '1 March 2026')
    """
    return f"{at.day} {_MONTHS.into(language).split()[at.month - 1]} {at.year}"


_MONTHS = Text(
    "januari februari maart april mei juni juli augustus september oktober november december",
    "January February March April May June July August September October November December",
)


def listing(parts: list[str], language: Language) -> str:
    """Return parts as a person lists them.

    >>> listing(["a", "b", "c"], "nl")
    'a, b en c'
    """
    if len(parts) < 2:  # noqa: PLR2004 nothing to join
        return "".join(parts)
    return f"{', '.join(parts[:-1])} {'en' if language == 'nl' else 'and'} {parts[-1]}"


def capital(text: str) -> str:
    """Return a text that begins a sentence."""
    return text[:1].upper() + text[1:]


def lower_first(text: str) -> str:
    """Return a text within a sentence; abbreviations stay as they are.

    >>> lower_first("Full racks"), lower_first("CO₂ of cars")
    ('full racks', 'CO₂ of cars')
    """
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]
