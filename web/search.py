"""Finding a street, an address or a name, offline; what is found leads to the place on the map."""

from twin.place.search import Hit
from web.i18n import Words
from web.pages.view import View
from web.site import Site, address

MOST = 8


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


def found_links(site: Site, view: View) -> list[tuple[Hit, str, str]] | None:
    """Return what was searched for, its kind and its address; None where nothing was."""
    if not view.asked.q:
        return None
    words = site.pages.words(view.language)
    return [
        (
            hit,
            kind_words(words, hit.kind),
            address(f"/{view.language}/", show=view.quantity.name, spot=spot(hit)),
        )
        for hit in site.live.search.find(view.asked.q, MOST)
    ]
