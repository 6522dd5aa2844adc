"""Finding a street, an address or a name, offline; what is found leads to the place on the map."""

from dataclasses import dataclass

from web.pages.view import View
from web.site import Site, address


@dataclass(frozen=True, slots=True)
class Hit:
    """Something found: what it is called, what kind of thing it is, and where it stands."""

    title: str
    kind: str
    lon: float
    lat: float

    @property
    def spot(self) -> str:
        """Its position as an address of a view writes it."""
        return f"{self.lon:.6f},{self.lat:.6f}"


MOST = 8


def find(site: Site, text: str, most: int = MOST) -> list[Hit]:
    """Return what matches, the best first."""
    geography = site.live.geography
    wanted = text.strip().casefold()
    if not wanted:
        return []
    hits: dict[str, Hit] = {}
    for name, line in zip(geography.layers.names, geography.layers.streets, strict=True):
        if name and wanted in name.casefold() and name not in hits:
            middle = line.interpolate(0.5, normalized=True)
            hits[name] = Hit(name, "street", middle.x, middle.y)
    found = sorted(hits.values(), key=lambda h: (not h.title.casefold().startswith(wanted), h.title))
    return found[:most]


def found_links(site: Site, view: View) -> list[tuple[Hit, str]] | None:
    """Return what was searched for with its addresses; None where nothing was."""
    if not view.asked.q:
        return None
    return [
        (hit, address(f"/{view.language}/", show=view.quantity.name, spot=hit.spot))
        for hit in find(site, view.asked.q)
    ]
