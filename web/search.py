"""Finding a street, an address or a name, offline: what the page and the API say of what is found."""

from twin.place.search import Hit
from web.i18n import Words

MOST = 8
"""How many are shown."""


def spot(hit: Hit) -> str:
    """Return where a hit stands, as the address of a view writes it."""
    return f"{hit.lon:.6f},{hit.lat:.6f}"


def kind_words(words: Words, kind: str) -> str:
    """Name a kind of thing that can be found."""
    return {
        "street": words.text("street"),
        "address": words.text("address"),
        "stop": words.text("stop"),
        "garage": words.text("garage"),
        "building": words.text("building"),
        "attractor": words.text("shop or service"),
        "green": words.text("park"),
        "water": words.text("water"),
    }.get(kind, "")
