"""Plain words for what measures are about, in both languages."""

from collections.abc import Sequence

from twin.words import Text

_MANY = 3

BAY_KIND_WORDS: dict[str, Text] = {
    "public": Text("vrij parkeren", "free parking"),
    "permit": Text("parkeren met een vergunning", "parking with a permit"),
    "paid": Text("betaald parkeren", "paid parking"),
    "loading": Text("laden en lossen", "loading and unloading"),
    "disabled": Text("mensen met een gehandicaptenkaart", "people with a disability card"),
    "shared_car": Text("deelauto’s", "shared cars"),
    "charging": Text("het opladen van elektrische auto’s", "charging electric cars"),
    "short_stay": Text("kort parkeren", "a short stay"),
}
"""What each kind of bay is for."""

ATTRACTOR_KIND_WORDS: dict[str, Text] = {
    "shop": Text("een winkel", "a shop"),
    "supermarket": Text("een supermarkt", "a supermarket"),
    "cafe": Text("een café", "a café"),
    "restaurant": Text("een restaurant", "a restaurant"),
    "school": Text("een school", "a school"),
    "office": Text("een kantoor", "an office"),
    "culture": Text("een culturele plek", "a place for culture"),
    "health": Text("een praktijk voor zorg", "a place for health care"),
    "sport": Text("een sportplek", "a place for sports"),
    "hotel": Text("een hotel", "a hotel"),
    "worship": Text("een gebedshuis", "a place of worship"),
    "service": Text("een dienstverlener", "a service"),
    "leisure": Text("een uitgaansplek", "a place to go out"),
}
"""What each kind of attractor is."""

THINGS: dict[str, tuple[str, str]] = {
    "junctions": ("kruispunt", "kruispunten"),
    "segments": ("straatdeel", "straatdelen"),
    "buildings": ("gebouw", "gebouwen"),
    "addresses": ("adres", "adressen"),
    "attractors": ("bestemming", "bestemmingen"),
    "bays": ("rij parkeerplekken", "rijen parkeerplekken"),
    "garages": ("parkeergarage", "parkeergarages"),
    "racks": ("fietsenrek", "fietsenrekken"),
    "counters": ("teller", "tellers"),
    "stops": ("halte", "haltes"),
    "green": ("stuk groen", "stukken groen"),
    "water": ("stuk water", "stukken water"),
    "surfaces": ("stuk bestrating", "stukken bestrating"),
    "cells": ("gebiedje", "gebiedjes"),
}
"""What one thing of a layer is called in Dutch, and several; in English they are its key and name."""

SPACE = Text("parkeerplek", "parking space"), Text("parkeerplekken", "parking spaces")
STANDS = Text("fietsenrekken", "bicycle stands")
RACK_PLACE = Text("fietsplek", "bicycle place"), Text("fietsplekken", "bicycle places")


def counted(count: int, one: Text, many: Text) -> Text:
    """Return a number of things in words.

    >>> counted(1, *SPACE).en, counted(12, *SPACE).nl
    ('1 parking space', '12 parkeerplekken')
    """
    words = one if count == 1 else many
    return Text(f"{count} {words.nl}", f"{count} {words.en}")


def number(value: float, form: str = "g") -> Text:
    """Return a number as it is written in each language.

    >>> number(2.5)
    Text(nl='2,5', en='2.5')
    """
    said = format(value, form)
    return Text(said.replace(".", ","), said)


def are(count: int) -> Text:
    """Return the verb that goes with so many.

    >>> are(1).nl, are(3).en
    ('is', 'are')
    """
    return Text("is", "is") if count == 1 else Text("zijn", "are")


def listed(names: Sequence[str], conjunction: str) -> str:
    """Return names as a person lists them, the first few where there are many.

    >>> listed(["A", "B"], "and"), listed(["A", "B", "C", "D", "E"], "and")
    ('A and B', 'A, B, C and 2 more')
    """
    if len(names) > _MANY:
        more = {"en": "andere"}.get(conjunction, "more")
        return f"{', '.join(names[:_MANY])} {conjunction} {len(names) - _MANY} {more}"
    if len(names) == 1:
        return names[0]
    return f"{', '.join(names[:-1])} {conjunction} {names[-1]}"


def hour(at_h: float) -> str:
    """Return an hour as a clock shows it.

    >>> hour(8.25), hour(24)
    ('8:15', '24:00')
    """
    minutes = round(at_h * 60)
    return f"{minutes // 60}:{minutes % 60:02}"
